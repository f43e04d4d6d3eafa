//! Parts of a whole: fractions, tenths, halves.

use super::scan::plain;
use super::slack::slack;
use super::unit::{self, Unit};
use super::{Fact, Found, Quantity, Slack};
use crate::text::number;

/// 百分之二十, 三分之一, 1/3, 千分之五, 三成, 三成半.
pub(super) fn fraction(chars: &[char], at: usize, out: &mut Vec<Found>) -> Option<usize> {
    let mut push = |value: f64, step: f64, end: usize, unit: Unit, spelled: bool| {
        let found = Quantity {
            value,
            step,
            unit,
            spelled,
            counted: true,
            // 1/8决赛 is the name of a round, not a part of anything.
            slack: match unit::starts_with(chars, end, "决赛") {
                Some(_) => Slack::Vague,
                None => slack(chars, at, end),
            },
            ..plain(value)
        };
        out.push(Found { span: at..end, fact: Fact::Quantity(found) });
        Some(end)
    };
    let of = |whole: f64, end: usize| {
        let n = number::digits(chars, end).or_else(|| number::chinese(chars, end))?;
        Some((n.value / whole * 100.0, n.step / whole * 100.0, n.end))
    };
    if let Some((value, step, end)) =
        unit::starts_with(chars, at, "百分之").and_then(|e| of(100.0, e))
    {
        return push(value, step, end, Unit::Percent, false);
    }
    if let Some((value, step, end)) =
        unit::starts_with(chars, at, "千分之").and_then(|e| of(1000.0, e))
    {
        return push(value, step, end, Unit::Percent, false);
    }
    let n = number::chinese(chars, at).or_else(|| number::digits(chars, at))?;
    if let Some((value, _, end)) =
        unit::starts_with(chars, n.end, "分之").and_then(|e| of(n.value, e))
    {
        return push(value, 1.0, end, Unit::Percent, true);
    }
    let next = |i: usize| chars.get(i).copied().unwrap_or(' ');
    if !n.spelled && next(n.end) == '/' && n.scale == 1.0 {
        let d = number::digits(chars, n.end + 1)?;
        if n.value < d.value && d.value <= 100.0 && next(d.end) != '/' {
            return push(n.value / d.value * 100.0, 1.0, d.end, Unit::Percent, false);
        }
    }
    let tenths = next(n.end) == '成'
        && n.value <= 10.0
        && !"为了立都本员功果就效长年交人品绩分熟不型".contains(next(n.end + 1));
    if tenths {
        let half = next(n.end + 1) == '半';
        let value = n.value * 10.0 + if half { 5.0 } else { 0.0 };
        return push(value, 10.0, n.end + 1 + usize::from(half), Unit::Percent, false);
    }
    None
}

/// 一半, 半年, 半小时, 翻一番, 过半.
pub(super) fn halves(chars: &[char], at: usize) -> Option<Found> {
    let found = |end, quantity| Some(Found { span: at..end, fact: Fact::Quantity(quantity) });
    if let Some(end) = unit::starts_with(chars, at, "十分") {
        // “Very”, hardly ever ten points.
        return found(end, Quantity { spelled: true, ..plain(10.0) });
    }
    if let Some(end) = unit::starts_with(chars, at, "一半") {
        return found(end, Quantity { unit: Unit::Percent, spelled: true, ..plain(50.0) });
    }
    if let Some(end) = unit::starts_with(chars, at, "翻一番")
        .or_else(|| unit::starts_with(chars, at, "翻番"))
        .or_else(|| unit::starts_with(chars, at, "翻倍"))
    {
        return found(
            end,
            Quantity { unit: Unit::Times, spelled: true, counted: true, ..plain(2.0) },
        );
    }
    let end = unit::starts_with(chars, at, "半")?;
    let from = end + usize::from(chars.get(end) == Some(&'个'));
    let (unit, end) = unit::suffix(chars, from).or_else(|| unit::suffix(chars, end))?;
    matches!(unit, Unit::Measure(..)).then(|| Found {
        span: at..end,
        fact: Fact::Quantity(Quantity {
            unit,
            step: 0.5,
            spelled: true,
            counted: true,
            ..plain(0.5)
        }),
    })
}
