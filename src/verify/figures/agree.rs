//! When two quantities are the same: units, rounding, conversion within a family.

use super::said::Figures;
use super::{FindingKind, Problem, Severity};
use crate::text::quantity::{Currency, Family, Quantity, Slack, Unit};

pub(super) fn quantity_problem(q: &Quantity, figures: &Figures) -> Option<Problem> {
    if !is_checked(q) {
        return None;
    }
    let candidates = &figures.quantities;
    if candidates.iter().any(|s| units_agree(q.unit, s.unit) && values_agree(q, s))
        || converted(q, figures)
    {
        return None;
    }
    let other = candidates.iter().find(|s| values_agree(q, s));
    if let Some(other) = other.filter(|s| s.unit != Unit::Plain && q.unit != Unit::Plain) {
        return Some((
            Severity::Amber,
            FindingKind::Unit,
            format!("the source has this number as {}", describe(other.unit)),
        ));
    }
    let kind = FindingKind::Number;
    Some((Severity::Red, kind, "the source does not have this number".to_owned()))
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
    units_agree(a, b) && (a == Unit::Plain) == (b == Unit::Plain)
}

/// Whether the claim's number is `value`, rounded as it is written.
pub(super) fn figures_agree(claim: &Quantity, value: f64) -> bool {
    agrees(claim.value, claim, value)
}

/// Whether two units may measure the same thing.
fn units_agree(claim: Unit, source: Unit) -> bool {
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
        || q.unit == Unit::Times && figures.quantities.iter().any(|s| s.unit == Unit::Percent && near(q.value, s.value / 100.0 + 1.0, 0.01))
}

fn near(a: f64, b: f64, by: f64) -> bool {
    (a - b).abs() <= by
}

/// Whether some reading of the claim's number is some reading of the source's, rounded.
fn values_agree(claim: &Quantity, source: &Quantity) -> bool {
    let claims = std::iter::once(claim.value).chain(claim.other);
    claims.into_iter().any(|c| {
        let sources = std::iter::once(source.value).chain(source.other);
        sources.into_iter().any(|s| agrees(c, claim, s))
    })
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
