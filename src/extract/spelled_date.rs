//! Reading dates as pages spell them: ISO, English, Chinese, seconds since 1970. What can be read in
//! two ways is not read.

use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use regex::Regex;

use crate::text::Moment;

/// A day of this age of the web.
pub(crate) fn day(year: &str, month: &str, day: &str) -> Option<Date> {
    let year: i16 = year.parse().ok()?;
    if !(1990..=2099).contains(&year) {
        return None;
    }
    Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()
}

struct Patterns {
    iso: Regex,
    english: Regex,
    english_day_first: Regex,
    slashed: Regex,
    clock: Regex,
}

static PATTERNS: LazyLock<Option<Patterns>> = LazyLock::new(|| {
    const MONTH: &str = "(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*";
    Some(Patterns {
        iso: Regex::new(r"((?:20|19)\d\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?:\s*日)?").ok()?,
        english: Regex::new(&format!(r"(?i)\b{MONTH}\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+((?:20|19)\d\d)")).ok()?,
        english_day_first: Regex::new(&format!(r"(?i)\b(\d{{1,2}})(?:st|nd|rd|th)?(?:\s+|-)(?:of\s+)?{MONTH}\.?,?(?:\s+|-)((?:20|19)\d\d)")).ok()?,
        slashed: Regex::new(r"\b(\d{1,2})/(\d{1,2})/((?:20|19)\d\d)\b").ok()?,
        clock: Regex::new(r"(?i)^[\sT,|]*(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*(Z\b|UTC|GMT|[+-]\d\d:?\d\d|[+-]\d\d\b)?").ok()?,
    })
});

/// Reads a date that makes up a value: of an attribute, a meta tag, JSON.
pub(crate) fn parse(value: &str) -> Option<Moment> {
    let value = value.trim();
    if value.len() > 80 {
        return None;
    }
    if let Ok(number) = value.parse::<i64>() {
        return match value.len() {
            10 => from_epoch(number),
            13 => from_epoch(number / 1000),
            8 => day(&value[..4], &value[4..6], &value[6..]).map(Moment::Day),
            _ => None,
        };
    }
    in_text(value)
}

fn from_epoch(seconds: i64) -> Option<Moment> {
    Timestamp::from_second(seconds).ok().filter(|_| seconds > 631_152_000).map(Moment::utc)
}

/// The first date inside a text, with its time where time and offset follow.
pub(crate) fn in_text(text: &str) -> Option<Moment> {
    let patterns = PATTERNS.as_ref()?;
    let iso = patterns
        .iso
        .captures(text)
        .and_then(|c| Some((c.get(0)?.start(), c.get(0)?.end(), day(&c[1], &c[2], &c[3])?)));
    let english = patterns.english.captures(text).and_then(|c| {
        Some((c.get(0)?.start(), c.get(0)?.end(), day(&c[3], month(&c[1])?, &c[2])?))
    });
    let day_first = patterns.english_day_first.captures(text).and_then(|c| {
        Some((c.get(0)?.start(), c.get(0)?.end(), day(&c[3], month(&c[2])?, &c[1])?))
    });
    // 03/04/2026 is March to some and April to others: read only where it can be but one.
    let slashed = patterns.slashed.captures(text).and_then(|c| {
        let (a, b): (u8, u8) = (c[1].parse().ok()?, c[2].parse().ok()?);
        let date = if a > 12 {
            day(&c[3], &c[2], &c[1])
        } else if b > 12 || a == b {
            day(&c[3], &c[1], &c[2])
        } else {
            None
        };
        Some((c.get(0)?.start(), c.get(0)?.end(), date?))
    });
    let (_, end, date) =
        [iso, english, day_first, slashed].into_iter().flatten().min_by_key(|(s, ..)| *s)?;
    Some(with_clock(date, &text[end..], patterns).unwrap_or(Moment::Day(date)))
}

fn with_clock(date: Date, rest: &str, patterns: &Patterns) -> Option<Moment> {
    let clock = patterns.clock.captures(rest)?;
    let zone = clock.get(4)?.as_str();
    let part = |i: usize| clock.get(i).and_then(|m| m.as_str().parse::<i8>().ok()).unwrap_or(0);
    let offset = offset(zone)?;
    let time = jiff::civil::Time::new(part(1), part(2), part(3).min(59), 0).ok()?;
    let at = offset.to_timestamp(date.to_datetime(time)).ok()?;
    Some(Moment::Instant { at, offset })
}

fn offset(zone: &str) -> Option<Offset> {
    let sign = match zone.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return Some(Offset::UTC),
    };
    let digits: String = zone.chars().filter(char::is_ascii_digit).collect();
    let hours: i32 = digits.get(..2)?.parse().ok()?;
    let minutes: i32 = digits.get(2..4).and_then(|m| m.parse().ok()).unwrap_or(0);
    Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok()
}

fn month(name: &str) -> Option<&'static str> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    const NUMBERS: [&str; 12] = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"];
    let lower = name.to_ascii_lowercase();
    MONTHS.iter().position(|m| lower.starts_with(m)).map(|i| NUMBERS[i])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings() {
        for (text, want) in [
            ("2026-01-03T09:30:00+08:00", "2026-01-03T09:30:00+08:00"),
            ("2026-01-03T09:30:00.123+0800", "2026-01-03T09:30:00+08:00"),
            ("2026-01-03T01:30:00Z", "2026-01-03T01:30:00Z"),
            ("2026-01-03 09:30", "2026-01-03"),
            ("2026年1月3日 09:30", "2026-01-03"),
            ("Sat, 03 Jan 2026 01:30:00 GMT", "2026-01-03T01:30:00Z"),
            ("January 3rd, 2026", "2026-01-03"),
            ("Jan. 3, 2026, 9:30 a.m.", "2026-01-03"),
            ("20260103", "2026-01-03"),
            ("1767403800", "2026-01-03T01:30:00Z"),
            ("13/01/2026", "2026-01-13"),
        ] {
            assert_eq!(parse(text).unwrap().to_string(), want, "{text}");
        }
        for text in ["yesterday", "03/04/2026", "2026-13-41", "v2026"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
