//! Numbers, units, dates, times and identifiers of a claim against what its sources say.
//!
//! A figure is supported when some reading of it agrees with some reading of a figure anywhere in
//! the sources, within the rounding that it was written with. A date is supported by dates only.

use std::ops::Range;

use super::{Finding, FindingKind, Severity};
use crate::text::quantity::{Clock, Date, Fact, Found, Quantity, Unit, scan};

mod agree;
mod pair;
mod course;
mod tables;
mod versions;
mod said;
mod derived;

use agree::quantity_problem;
use course::{courses, is_reversed};
use derived::{Words, is_reckoned, reckoned_from};
use pair::{pair_is_said, pairs};
pub use said::Figures;
use said::names;

/// Checks the figures of `text`. Spans are in code points.
pub fn check(text: &str, figures: &Figures) -> Vec<Finding> {
    let chars: Vec<char> = text.chars().collect();
    let found = scan(text);
    let scores = pairs(&chars, &found, true);
    let within =
        |f: &Found| scores.iter().any(|(s, _)| s.start <= f.span.start && f.span.end <= s.end);
    let borne: Vec<Quantity> = found
        .iter()
        .filter_map(|f| match f.fact {
            Fact::Quantity(q) if quantity_problem(&q, figures).is_none() => Some(q),
            _ => None,
        })
        .collect();
    let versions = versions::wrong(&chars, text, &found, figures);
    let named =
        |f: &Found| versions.iter().any(|(s, _)| s.start <= f.span.start && f.span.start < s.end);
    let single = found
        .iter()
        .filter(|f| !within(f) && !named(f) && !is_list_number(&chars, f))
        .filter_map(|f| {
            let (severity, kind, note) = problem(&f.fact, &chars[f.span.clone()], figures)?;
            let Fact::Quantity(q) = &f.fact else {
                return Some(finding(&chars, f.span.clone(), severity, kind, note));
            };
            let words = Words::around(&chars, &f.span);
            if is_reckoned(q, &borne, &words) {
                return None;
            }
            let from = (kind == FindingKind::Number)
                .then(|| reckoned_from(q, &borne, figures, &words))
                .flatten();
            let (severity, note) = from.map_or((severity, note), |n| (Severity::Amber, n));
            Some(finding(&chars, f.span.clone(), severity, kind, note))
        });
    let paired =
        scores.iter().filter(|(_, pair)| !pair_is_said(*pair, figures)).map(|(span, _)| {
            let note = "the source does not have these two numbers together".to_owned();
            finding(&chars, span.clone(), Severity::Red, FindingKind::Number, note)
        });
    let reversed = courses(&chars, &found).into_iter().filter(|(_, c)| is_reversed(c, figures));
    let reversed = reversed.map(|(span, _)| {
        let note = "the source says the opposite: from the second number to the first".to_owned();
        finding(&chars, span, Severity::Red, FindingKind::Number, note)
    });
    let misnamed = versions.iter().map(|(span, note)| {
        let kind = FindingKind::Identifier;
        finding(&chars, span.clone(), Severity::Red, kind, note.clone())
    });
    single.chain(paired).chain(reversed).chain(misnamed).collect()
}

fn finding(
    chars: &[char],
    span: Range<usize>,
    severity: Severity,
    kind: FindingKind,
    note: String,
) -> Finding {
    let text = chars[span.clone()].iter().collect();
    Finding { severity, kind, span: [span.start, span.end], text, note }
}

/// `1.` or `(2)` at the very start of the text.
fn is_list_number(chars: &[char], found: &Found) -> bool {
    let before = chars[..found.span.start].iter().all(|c| "（( ".contains(*c));
    let after = chars.get(found.span.end).is_some_and(|c| "、.．)）".contains(*c));
    before
        && after
        && matches!(found.fact, Fact::Quantity(q) if q.unit == Unit::Plain && q.value < 100.0)
}

type Problem = (Severity, FindingKind, String);

fn problem(fact: &Fact, words: &[char], figures: &Figures) -> Option<Problem> {
    let red = |kind, note: String| Some((Severity::Red, kind, note));
    match fact {
        Fact::Quantity(q) => quantity_problem(q, figures),
        Fact::Date(date) => date_problem(*date, figures),
        Fact::Quarter(q) => {
            let said = figures.quarters.contains(q);
            if said {
                None
            } else {
                red(FindingKind::Date, "the source names no such quarter".into())
            }
        }
        Fact::Decade(d) => {
            let same = |x: &i32| *x == *d || *x % 100 == *d || *d % 100 == *x;
            let within = figures.years.iter().any(|y| y - y.rem_euclid(10) == *d);
            if figures.decades.iter().any(same) || within {
                None
            } else {
                red(FindingKind::Date, "the source names no such decade".into())
            }
        }
        Fact::Century(c) => {
            let within =
                figures.years.iter().chain(&figures.decades).any(|y| (y - 1) / 100 + 1 == *c);
            if figures.centuries.contains(c) || within {
                None
            } else {
                red(FindingKind::Date, "the source names no such century".into())
            }
        }
        Fact::Clock(clock) => clock_problem(*clock, words, figures),
        Fact::Identifier => {
            let identifier: String = words.iter().collect();
            if names(&figures.tokens, &identifier) {
                None
            } else {
                red(FindingKind::Identifier, "the source does not have this name".into())
            }
        }
        Fact::Relative(_) => None,
    }
}

fn clock_problem(clock: Clock, words: &[char], figures: &Figures) -> Option<Problem> {
    let same = |c: &Clock| {
        let hour = c.hour % 24 == clock.hour % 24
            || !(c.known && clock.known) && c.hour % 12 == clock.hour % 12;
        hour && c.minute == clock.minute
    };
    let score = words.contains(&':') || words.contains(&'：');
    // 3:2 is a score: its two numbers are checked by themselves.
    (!score && !figures.clocks.iter().any(same))
        .then(|| (Severity::Red, FindingKind::Date, "the source names no such time".to_owned()))
}

fn date_problem(date: Date, figures: &Figures) -> Option<Problem> {
    let red = |note: &str| Some((Severity::Red, FindingKind::Date, note.to_owned()));
    if date.year.is_some_and(|y| !figures.years.contains(&y)) {
        return red("the source does not have this year");
    }
    let agrees = |a: Option<u8>, b: Option<u8>| a.is_none() || b.is_none() || a == b;
    if let Some(day) = date.day {
        let said = figures.dates.iter().any(|d| {
            d.day == Some(day)
                && agrees(date.month, d.month)
                && (d.year.is_none() || date.year.is_none() || d.year == date.year)
        });
        return if said { None } else { red("the source does not have this date") };
    }
    if date.month.is_some_and(|m| !figures.months.contains(&m)) {
        return red("the source does not have this month");
    }
    // A month that the source has in other years alone.
    let Date { year: Some(year), month: Some(month), .. } = date else {
        return None;
    };
    let mut same = figures.dates.iter().filter(|d| d.month == Some(month)).peekable();
    let other = same.peek().is_some() && same.all(|d| d.year.is_some_and(|y| y != year));
    if other { red("the source has this month in another year") } else { None }
}
