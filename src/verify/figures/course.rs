//! From where to where: `由 19.8% 降到 16.1%`, `from 3.2 to 4.1 hours`, `$12, down from $15`.
//!
//! Both numbers may be right and their order wrong. Only where claim and source both say a course
//! outright, and the source says the opposite one and never this one, is that a finding; verbs are
//! not read.

use std::ops::Range;

use super::agree::{figures_agree, units_match};
use super::said::Figures;
use crate::text::quantity::{Fact, Found, Quantity, Unit};

/// From the first number to the second.
pub(super) type Course = (Quantity, Quantity);

/// How far before its first number a course is opened, and how far apart its numbers are, in
/// characters.
const OPENING: usize = 14;
const BETWEEN: usize = 40;

/// The courses that `chars` says outright, with the span of both numbers. Numbers in words that
/// stand between them (`降到最后一个月的 71%`, `per million tokens`) do not part them.
pub(super) fn courses(chars: &[char], found: &[Found]) -> Vec<(Range<usize>, Course)> {
    let numbers = |words: bool| -> Vec<(&Range<usize>, &Quantity)> {
        // A bare scale (per million tokens) is no end of a course.
        let fits = |q: &Quantity| !q.spelled || words && q.value < 1000.0;
        let quantity = |f: &'_ Found| matches!(&f.fact, Fact::Quantity(q) if fits(q));
        let found = found.iter().filter(|f| quantity(f));
        found
            .filter_map(|f| match &f.fact {
                Fact::Quantity(q) => Some((&f.span, q)),
                _ => None,
            })
            .collect()
    };
    let (all, digits) = (numbers(true), numbers(false));
    let pairs = all.windows(2).chain(digits.windows(2));
    let mut out: Vec<(Range<usize>, Course)> =
        pairs.filter_map(|pair| course(chars, pair[0], pair[1])).collect();
    out.sort_by_key(|(span, _)| (span.start, span.end));
    out.dedup_by(|a, b| a.0 == b.0);
    out
}

fn course(
    chars: &[char],
    (a_span, a): (&Range<usize>, &Quantity),
    (b_span, b): (&Range<usize>, &Quantity),
) -> Option<(Range<usize>, Course)> {
    let span = a_span.start..b_span.end;
    if a.value == b.value || !(a.unit == b.unit || Unit::Plain == a.unit) {
        return None;
    }
    let between = chars.get(a_span.end..b_span.start).filter(|c| c.len() <= BETWEEN)?;
    let between: String = between.iter().collect::<String>().to_lowercase();
    let opening = opening(&chars[..a_span.start]);
    // The first number takes the second's unit: from 5.0 to 5.2 seconds.
    let from = Quantity { unit: b.unit, ..*a };
    if opens(&opening) && leads_on(&between) {
        return Some((span, (from, *b)));
    }
    looks_back(&between).then_some((span, (*b, from)))
}

/// What stands before a number in its own clause.
fn opening(before: &[char]) -> String {
    let start = before.len().saturating_sub(OPENING);
    let clause = before[start..].iter().rev().take_while(|c| !"，。；：、,;:()（）".contains(**c));
    let mut clause: Vec<char> = clause.copied().collect();
    clause.reverse();
    clause.into_iter().collect::<String>().to_lowercase()
}

fn opens(opening: &str) -> bool {
    let word = opening.split(|c: char| !c.is_ascii_alphabetic()).any(|w| w == "from");
    opening.contains(['由', '从']) || word
}

/// Whether what stands between two numbers leads from the first to the second.
fn leads_on(between: &str) -> bool {
    let closed = between.contains(['，', '。', '；', '、', ';']) || between.contains(". ");
    let word = between.split(|c: char| !c.is_ascii_alphabetic()).any(|w| w == "to");
    !closed && (between.contains(['到', '至', '为']) || word)
}

/// Whether what stands between two numbers says that the second was first.
fn looks_back(between: &str) -> bool {
    ["up from", "down from", "compared with", "compared to", "instead of"]
        .iter()
        .any(|words| between.trim_end_matches([' ', '$', '€', '£']).ends_with(words))
}

/// Whether the sources say the opposite course and never this one.
pub(super) fn is_reversed((from, to): &Course, figures: &Figures) -> bool {
    let same = |claim: &Quantity, said: &Quantity| {
        units_match(claim.unit, said.unit) && figures_agree(claim, said.value)
    };
    let said = |a: &Quantity, b: &Quantity| {
        figures.courses.iter().any(|(from, to)| same(a, from) && same(b, to))
    };
    said(to, from) && !said(from, to)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::quantity::scan;

    fn values(text: &str) -> Vec<(f64, f64)> {
        let chars: Vec<char> = text.chars().collect();
        courses(&chars, &scan(text)).into_iter().map(|(_, (a, b))| (a.value, b.value)).collect()
    }

    #[test]
    fn a_course_is_said_outright() {
        assert_eq!(values("死亡率由19.8%降到16.1%"), [(19.8, 16.1)]);
        assert_eq!(values("每百万 token 由 12 元降到 4 元"), [(12.0, 4.0)]);
        assert_eq!(values("The time rose from 3.2 hours to 4.1 hours."), [(3.2, 4.1)]);
        assert_eq!(
            values("It costs $12 per million output tokens, down from $15."),
            [(15.0, 12.0)]
        );
        assert_eq!(values("从第一个月的94%降到最后一个月的71%"), [(94.0, 71.0)]);
        assert_eq!(values("It takes 31 tool calls instead of 47."), [(47.0, 31.0)]);
        assert_eq!(values("误差为133.6，数值模式为152.8"), []);
        assert_eq!(values("样本从1979年到2019年"), []);
    }
}
