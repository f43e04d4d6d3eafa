//! Times of day.

use std::ops::Range;

use super::calendar::{numeral, skip_space};
use super::unit::starts_with;
use super::{Fact, Found};
use crate::text::number;

/// A time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// The hour as written.
    pub hour: u8,
    /// The minute; 0 where none is said.
    pub minute: u8,
    /// Whether morning or afternoon is said: the hour of 24 is then known.
    pub known: bool,
}

/// `5.30` before `am` or `pm`: hour, minute, end.
fn british(chars: &[char], at: usize) -> Option<(u8, u8, usize)> {
    let hour = number::digits(chars, at)?.value.trunc();
    let dot = (at + 1..at + 3).find(|i| chars.get(*i) == Some(&'.'))?;
    let minute = number::digits(chars, dot + 1).filter(|m| m.end == dot + 3 && m.value < 60.0)?;
    let (word, _) = number::word(chars, skip_space(chars, minute.end));
    matches!(word.as_str(), "am" | "pm" | "a" | "p").then_some((
        hour as u8,
        minute.value as u8,
        minute.end,
    ))
}

/// A time of day: `6 p.m.`, `6:30pm`, `18:30`, `18点`, `下午6点半`, `8时10分`.
pub(super) fn clock(chars: &[char], at: usize) -> Option<Found> {
    let n = numeral(chars, at).filter(|n| n.value <= 24.0 && n.scale == 1.0)?;
    let dotted = british(chars, at);
    let hour = dotted.map_or(n.value, |(hour, ..)| f64::from(hour)) as u8;
    let found = |span: Range<usize>, hour: u8, minute: u8, known: bool| {
        Some(Found { span, fact: Fact::Clock(Clock { hour, minute, known }) })
    };
    if n.value.fract() != 0.0 && dotted.is_none() {
        return None;
    }
    let (mut minute, mut end) = dotted.map_or((0, n.end), |(_, minute, end)| (minute, end));
    let colon = chars.get(end) == Some(&':') && !n.spelled;
    if colon {
        let m = number::digits(chars, end + 1).filter(|m| m.end == end + 3 && m.value < 60.0)?;
        minute = m.value as u8;
        end = m.end;
        if chars.get(end) == Some(&':') {
            return None;
        }
    }
    let (word, after) = number::word(chars, skip_space(chars, end));
    let half = match word.as_str() {
        "am" | "pm" => Some((word == "pm", after)),
        "a" | "p" => starts_with(chars, after, ".m").map(|e| (word == "p", e)),
        _ => None,
    };
    if let Some((afternoon, end)) = half {
        let end = end + usize::from(chars.get(end) == Some(&'.'));
        let hour = if afternoon { hour % 12 + 12 } else { hour % 12 };
        return found(at..end, hour, minute, true);
    }
    if colon {
        return found(at..end, hour, minute, false);
    }
    let mark = skip_space(chars, end);
    let hours = starts_with(chars, mark, "点钟")
        .or_else(|| starts_with(chars, mark, "点").or_else(|| starts_with(chars, mark, "时")))?;
    let next = chars.get(hours).copied().unwrap_or(' ');
    if "间代刻期段候而".contains(next) && next != '刻' {
        return None;
    }
    end = hours;
    if next == '半' {
        minute = 30;
        end += 1;
    } else if let Some(m) = numeral(chars, skip_space(chars, hours))
        .filter(|m| m.value < 60.0 && m.value.fract() == 0.0)
        && chars.get(skip_space(chars, m.end)) == Some(&'分')
    {
        minute = m.value as u8;
        end = skip_space(chars, m.end) + 1;
    }
    let before: String = chars[at.saturating_sub(3)..at].iter().collect();
    let later = ["下午", "傍晚", "晚上", "晚间", "晚", "当晚", "昨晚", "中午"]
        .iter()
        .any(|w| before.trim_end().ends_with(w));
    let early = ["上午", "早上", "早晨", "凌晨", "清晨", "早", "晨"]
        .iter()
        .any(|w| before.trim_end().ends_with(w));
    // 一点 alone is “a little”.
    if n.spelled
        && !later
        && !early
        && end == hours
        && !matches!(next, '整' | '钟')
        && chars.get(hours - 1) != Some(&'钟')
    {
        return None;
    }
    let hour = if later && (1..12).contains(&hour) { hour + 12 } else { hour };
    found(at..end, hour, minute, later || early || hour > 12)
}
