//! A numeral with what stands around it: currency, unit, half, approximation.

use super::part::{fraction, halves};
use super::scan::plain;
use super::slack::slack;
use super::unit::{self, Unit};
use super::{Fact, Found, Quantity, Slack};
use crate::text::number::{self, Numeral};

/// Number words, ordinals and multiples in English.
pub(super) fn english(chars: &[char], at: usize, out: &mut Vec<Found>) -> usize {
    let (word, end) = number::word(chars, at);
    let whole = !chars.get(end).is_some_and(char::is_ascii_digit);
    if word.is_empty() || !whole {
        return end.max(at + 1);
    }
    // a year and a half
    if let Some((found, after)) = and_a_half(chars, at, &word, end) {
        out.push(found);
        return after;
    }
    if let Some(n) = number::english(chars, at) {
        return quantity(chars, at, n, out);
    }
    let multiple = match word.as_str() {
        "double" | "doubled" | "doubles" | "doubling" | "twice" | "twofold" => Some(2.0),
        "triple" | "tripled" | "triples" | "tripling" | "thrice" | "threefold" => Some(3.0),
        "quadruple" | "quadrupled" | "fourfold" => Some(4.0),
        "halved" | "halve" | "halves" | "halving" => Some(0.5),
        _ => word
            .strip_suffix("fold")
            .and_then(|n| number::english(&n.chars().collect::<Vec<_>>(), 0))
            .map(|n| n.value),
    };
    if let Some(value) = multiple {
        let found = Quantity { unit: Unit::Times, spelled: true, counted: true, ..plain(value) };
        out.push(Found { span: at..end, fact: Fact::Quantity(found) });
        return end;
    }
    if let Some(value) = number::english_ordinal(&word) {
        let found = Quantity { spelled: true, counted: true, ..plain(value) };
        out.push(Found { span: at..end, fact: Fact::Quantity(found) });
    }
    end
}

fn and_a_half(chars: &[char], at: usize, word: &str, end: usize) -> Option<(Found, usize)> {
    if !matches!(word, "a" | "an" | "one") {
        return None;
    }
    let (unit, after) = unit::suffix(chars, end)?;
    let after = unit::starts_with(chars, after, " and a half")?;
    let quantity = Quantity { unit, step: 0.5, spelled: true, counted: true, ..plain(1.5) };
    Some((Found { span: at..after, fact: Fact::Quantity(quantity) }, after))
}

pub(super) fn chinese_or_digits(chars: &[char], at: usize, out: &mut Vec<Found>) -> usize {
    if let Some(end) = fraction(chars, at, out) {
        return end;
    }
    if let Some(found) = halves(chars, at) {
        let end = found.span.end;
        out.push(found);
        return end;
    }
    let numeral = number::digits(chars, at).or_else(|| number::chinese(chars, at));
    match numeral {
        Some(n) => quantity(chars, at, n, out),
        None => at + 1,
    }
}

/// Words after a Chinese numeral that show it to be a count.
const MEASURES: &str = "个名位人次家项条件部场届级层度台辆架座只张份款种类篇株头艘枚颗起例户组支队批期集章节轮点分页字道步代杯";

/// A numeral with what stands around it: currency, unit, half, approximation.
fn quantity(chars: &[char], start: usize, n: Numeral, out: &mut Vec<Found>) -> usize {
    let (mut at, mut end) = (start, n.end);
    let (mut value, mut step) = (n.value, n.step);
    let mut unit = Unit::Plain;
    if let Some((currency, from)) = unit::prefix(chars, start) {
        unit = Unit::Money(currency);
        at = from;
    }
    let gap = usize::from(chars.get(end) == Some(&' '));
    let more = matches!(chars.get(end + gap), Some('多' | '余' | '+' | '几'));
    end += if more { 1 + gap } else { 0 };
    if more && let Some((factor, after)) = bare_scale(chars, end) {
        value *= factor;
        step *= factor;
        end = after;
    }
    // 两个半小时, 一年半, 一个半月
    if let Some(half) = unit::starts_with(chars, end, "个半") {
        value += 0.5;
        step = 0.5;
        end = half;
    }
    if n.fraction && unit == Unit::Plain {
        let found = Quantity {
            value: value * 100.0,
            unit: Unit::Percent,
            spelled: true,
            slack: slack(chars, at, end),
            ..plain(0.0)
        };
        out.push(Found { span: at..end, fact: Fact::Quantity(found) });
        // Half an hour is a duration as well as a half.
        if let Some((u, e)) = unit::suffix(chars, end) {
            out.push(Found {
                span: at..e,
                fact: Fact::Quantity(Quantity {
                    unit: u,
                    spelled: true,
                    counted: true,
                    ..plain(value)
                }),
            });
        }
        return end;
    }
    let mut counted = n.scale > 1.0 || step >= 1e4;
    let mut measured = false;
    let (ending, after) = number::word(chars, end);
    let nth = !n.spelled && matches!(ending.as_str(), "st" | "nd" | "rd" | "th");
    if nth {
        end = after;
        counted = true;
    } else if let Some((found, after)) = unit::suffix(chars, end) {
        unit = if unit == Unit::Plain || matches!((unit, found), (Unit::Money(_), Unit::Money(_))) {
            found
        } else {
            unit
        };
        end = after;
        counted = true;
        if matches!(found, Unit::Measure(..)) && chars.get(end) == Some(&'半') {
            value += 0.5;
            step = 0.5;
            end += 1;
        }
    } else if let Some((currency, after)) = unit::cents(chars, end) {
        unit = Unit::Money(currency);
        value /= 100.0;
        step /= 100.0;
        end = after;
        counted = true;
    } else if chars.get(end).is_some_and(|c| MEASURES.contains(*c)) {
        counted = true;
        measured = true;
    }
    let ordinal = at > 0 && chars[at - 1] == '第';
    let letter = n.scale > 1.0
        && chars.get(n.end - 1).is_some_and(char::is_ascii_alphabetic)
        && chars.get(n.end.wrapping_sub(2)).is_some_and(char::is_ascii_digit);
    let quantity = Quantity {
        value,
        other: letter.then_some(value / n.scale),
        step,
        unit,
        slack: if more { Slack::Over } else { slack(chars, at, end) },
        spelled: n.spelled,
        ordinal: ordinal || nth,
        counted: counted || ordinal,
        measured,
    };
    out.push(Found { span: at - usize::from(ordinal)..end, fact: Fact::Quantity(quantity) });
    end
}

/// 10多万, 3000余亿: a scale behind 多 or 余.
fn bare_scale(chars: &[char], at: usize) -> Option<(f64, usize)> {
    [("万亿", 1e12), ("亿", 1e8), ("万", 1e4), ("千", 1e3), ("百", 1e2)]
        .iter()
        .find_map(|(word, factor)| unit::starts_with(chars, at, word).map(|end| (*factor, end)))
}
