//! When two quantities are the same: units, rounding, conversion within a family.

use super::said::Figures;
use super::{FindingKind, Problem, Severity};
use crate::text::quantity::{Currency, Family, Quantity, Slack, Unit};

pub(super) fn quantity_problem(q: &Quantity, figures: &Figures) -> Option<Problem> {
    if !is_checked(q) {
        return None;
    }
    let candidates = &figures.quantities;
    let agreeing: Vec<&Quantity> =
        candidates.iter().filter(|s| units_agree(q, s) && values_agree(q, s)).collect();
    let proved = |s: &&Quantity| q.unit == Unit::Plain || s.unit != Unit::Plain;
    if agreeing.iter().any(proved) || converted(q, figures) {
        return None;
    }
    let same_digits = || candidates.iter().filter(|s| s.unit != Unit::Plain && values_agree(q, s));
    if q.unit != Unit::Plain
        && let Some(other) = same_digits().find(|s| are_kin(q.unit, s.unit))
    {
        return Some(other_unit(q, other));
    }
    // The number stands there without a unit: in a table, or with a noun that is not known.
    if !agreeing.is_empty() {
        return None;
    }
    let counts = |s: &&Quantity| is_count(s) && q.unit != Unit::Plain;
    let other = candidates
        .iter()
        .filter(|s| values_agree(q, s))
        .find(|s| counts(s) || s.unit != Unit::Plain && (q.unit != Unit::Plain || is_count(q)));
    if let Some(other) = other {
        return Some(other_unit(q, other));
    }
    let kind = FindingKind::Number;
    Some((Severity::Red, kind, "the source does not have this number".to_owned()))
}

/// A number that the source has with another unit. Of one family that is another amount (71 TB
/// where the source has 71 GB), and red; of another class it is amber.
fn other_unit(q: &Quantity, other: &Quantity) -> Problem {
    let family = matches!((q.unit, other.unit), (Unit::Measure(a, _), Unit::Measure(b, _)) if is_one_family(a, b));
    let severity = if family { Severity::Red } else { Severity::Amber };
    (severity, FindingKind::Unit, format!("the source has this number as {}", describe(other.unit)))
}

fn is_one_family(a: Family, b: Family) -> bool {
    let time = |f| matches!(f, Family::Time | Family::Months);
    a == b || time(a) && time(b)
}

/// Whether one of two units excludes the other for one number, though it stands elsewhere without
/// any: measures of one family, currencies, and shares, points and multiples.
fn are_kin(a: Unit, b: Unit) -> bool {
    let relative = |u| matches!(u, Unit::Percent | Unit::Points | Unit::Times);
    match (a, b) {
        (Unit::Measure(a, _), Unit::Measure(b, _)) => is_one_family(a, b),
        (Unit::Money(a), Unit::Money(b)) => !a.agrees(b),
        (a, b) => a != b && relative(a) && relative(b),
    }
}

/// A count with its measure word (25个): no share and no measure.
fn is_count(q: &Quantity) -> bool {
    q.unit == Unit::Plain && q.measured
}

/// Numbers that are no claim: vague ones, spelled-out small counts, words that hold a numeral.
fn is_checked(q: &Quantity) -> bool {
    let half = q.spelled && (q.value == 50.0 && q.unit == Unit::Percent || q.value == 0.5);
    let count = matches!(q.unit, Unit::Plain | Unit::Measure(Family::Time | Family::Months, _));
    let small = q.spelled && q.value <= 5.0 && q.value.fract() == 0.0 && count;
    let word = q.spelled && !q.counted;
    q.slack != Slack::Vague && !half && !small && !word
}

/// Whether two units are the same.
pub(super) fn units_match(a: Unit, b: Unit) -> bool {
    same_unit(a, b) && (a == Unit::Plain) == (b == Unit::Plain)
}

/// Whether the claim's number is `value`, rounded as it is written.
pub(super) fn figures_agree(claim: &Quantity, value: f64) -> bool {
    agrees(claim.value, claim, value)
}

/// Whether two quantities may measure the same thing. A count with its measure word is neither a
/// share nor money nor data.
fn units_agree(claim: &Quantity, source: &Quantity) -> bool {
    let class = |u| {
        matches!(u, Unit::Percent | Unit::Points | Unit::Times | Unit::Money(_))
            || matches!(u, Unit::Measure(Family::Data | Family::Power | Family::Energy, _))
    };
    let counted = |a: &Quantity, b: &Quantity| is_count(a) && class(b.unit);
    !counted(claim, source) && !counted(source, claim) && same_unit(claim.unit, source.unit)
}

fn same_unit(claim: Unit, source: Unit) -> bool {
    match (claim, source) {
        (Unit::Plain, _) | (_, Unit::Plain) => true,
        (Unit::Money(a), Unit::Money(b)) => a.agrees(b),
        (Unit::Measure(a, x), Unit::Measure(b, y)) => a == b && x == y,
        (Unit::Percent, Unit::Points) | (Unit::Points, Unit::Percent) => false,
        (a, b) => a == b,
    }
}

/// The same amount in another unit of its family: 300 ms and 0.3 s, a half and 50 %, 2× and 200 %.
fn converted(q: &Quantity, figures: &Figures) -> bool {
    let as_claim = |s: &Quantity| -> Option<f64> {
        match (q.unit, s.unit) {
            (Unit::Measure(a, x), Unit::Measure(b, y)) if a == b => Some(s.value * y / x),
            (Unit::Measure(Family::Time, x), Unit::Measure(Family::Months, y)) => {
                Some(s.value * y * 30.4375 * 86_400.0 / x)
            }
            (Unit::Times, Unit::Percent) => Some(s.value / 100.0),
            (Unit::Percent, Unit::Times) if s.value >= 1.0 => Some(s.value * 100.0),
            (Unit::Times | Unit::Percent, Unit::Plain) => None,
            _ => None,
        }
    };
    let scaled = |s: &Quantity, value: f64| Quantity { value, other: None, step: s.step, ..*s };
    figures.quantities.iter().any(|s| as_claim(s).is_some_and(|v| values_agree(q, &scaled(s, v))))
        // Two times as much is a rise of 100 %, and the other way round.
        || q.unit == Unit::Percent && figures.quantities.iter().any(|s| s.unit == Unit::Times && near(q.value, (s.value - 1.0) * 100.0, 0.5))
        || q.unit == Unit::Times && figures.quantities.iter().any(|s| s.unit == Unit::Percent && near(q.value, s.value / 100.0 + 1.0, 0.005))
}

fn near(a: f64, b: f64, by: f64) -> bool {
    (a - b).abs() <= by
}

/// Whether some reading of the claim's number is some reading of the source's, rounded.
fn values_agree(claim: &Quantity, source: &Quantity) -> bool {
    let agrees = |claim: &Quantity| {
        let sources = std::iter::once(source.value).chain(source.other);
        sources.into_iter().any(|s| agrees(claim.value, claim, s))
    };
    // Another reading is as exact as its own size lets it be.
    let other = claim.other.map(|value| {
        let step = claim.step * (value / claim.value).abs();
        Quantity { value, other: None, step, ..*claim }
    });
    agrees(claim) || other.is_some_and(|o| agrees(&o))
}

fn agrees(claim: f64, as_written: &Quantity, source: f64) -> bool {
    let size = claim.abs();
    let gap = source - claim;
    // What was rounded away: half of the last digit, and little of the whole.
    let rounding = (as_written.step / 2.0).min(size * 0.025) + size * 1e-9;
    if gap.abs() <= rounding {
        return true;
    }
    // A round number said with `about` may be off by its last digit; an exact one may not.
    let round = as_written.step > 1.0 || claim.fract() != 0.0;
    if !round {
        return false;
    }
    match as_written.slack {
        Slack::About => gap.abs() <= as_written.step.min(size * 0.1),
        Slack::Over => (0.0..as_written.step.min(size * 0.3)).contains(&gap),
        Slack::Under => (0.0..as_written.step.min(size * 0.15)).contains(&-gap),
        Slack::Exact | Slack::Vague => false,
    }
}

fn describe(unit: Unit) -> &'static str {
    match unit {
        Unit::Plain => "a count",
        Unit::Percent => "per cent",
        Unit::Points => "percentage points",
        Unit::Times => "a multiple",
        Unit::Money(Currency::Yuan) => "yuan",
        Unit::Money(Currency::Dollar | Currency::Usd) => "dollars",
        Unit::Money(_) => "another currency",
        Unit::Measure(..) => "another measure",
    }
}
