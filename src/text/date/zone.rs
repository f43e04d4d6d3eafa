//! Zones as feeds write them.

use std::sync::LazyLock;

use jiff::tz::Offset;
use regex::Regex;

/// What follows a time of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Zone {
    /// Nothing.
    None,
    /// A known distance from UTC.
    Known(Offset),
    /// Something that may mean several zones or none.
    Unknown,
}

static OFFSET: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^\s*(?i:gmt|utc|ut|z)?\s*([+-])\s?(\d{1,2})(?::?(\d{2}))?\b").ok()
});

/// Abbreviations with minutes from UTC. RFC 822 fixes the American ones; `IST` is left out, for
/// India, Israel and Ireland use it.
const NAMES: &[(&str, i32)] = &[
    ("z", 0),
    ("ut", 0),
    ("utc", 0),
    ("gmt", 0),
    ("wet", 0),
    ("west", 60),
    ("bst", 60),
    ("cet", 60),
    ("mez", 60),
    ("met", 60),
    ("mest", 120),
    ("cest", 120),
    ("mesz", 120),
    ("eet", 120),
    ("eest", 180),
    ("msk", 180),
    ("hkt", 480),
    ("sgt", 480),
    ("awst", 480),
    ("jst", 540),
    ("kst", 540),
    ("aest", 600),
    ("aedt", 660),
    ("nzst", 720),
    ("nzdt", 780),
    ("ast", -240),
    ("adt", -180),
    ("edt", -240),
    ("est", -300),
    ("et", -300),
    ("cdt", -300),
    ("cst", -360),
    ("ct", -360),
    ("mdt", -360),
    ("mst", -420),
    ("mt", -420),
    ("pdt", -420),
    ("pst", -480),
    ("pt", -480),
    ("北京时间", 480),
];

/// The zone in what follows a time of the day.
pub(super) fn read(tail: &str) -> Zone {
    split(tail).0
}

/// The zone at the start of `tail`, and what follows it.
pub(super) fn split(tail: &str) -> (Zone, &str) {
    let tail = tail.trim_start();
    let found = OFFSET.as_ref().and_then(|pattern| pattern.captures(tail));
    if let Some(found) = found {
        let part = |i: usize| found.get(i).and_then(|g| g.as_str().parse::<i32>().ok());
        let minutes = part(2).unwrap_or(0) * 60 + part(3).unwrap_or(0);
        let sign = if &found[1] == "-" { -1 } else { 1 };
        let possible = minutes <= 14 * 60 && part(3).unwrap_or(0) < 60;
        let offset = Offset::from_seconds(sign * minutes * 60).ok();
        let rest = &tail[found.get(0).map_or(0, |all| all.end())..];
        return match offset.filter(|_| possible) {
            Some(offset) => (Zone::Known(offset), rest),
            None => (Zone::Unknown, rest),
        };
    }
    let end = tail.find(|c: char| !c.is_alphabetic()).unwrap_or(tail.len());
    let (word, rest) = tail.split_at(end);
    if word.is_empty() {
        return (Zone::None, tail);
    }
    let lower = word.to_lowercase();
    // A year behind the zone is the form of Java's dates, in which China's `CST` is as likely.
    let ambiguous = lower == "cst" && rest.trim_start().starts_with(|c: char| c.is_ascii_digit());
    let known = NAMES
        .iter()
        .find(|(name, _)| *name == lower && !ambiguous)
        .and_then(|(_, minutes)| Offset::from_seconds(minutes * 60).ok());
    match known {
        Some(offset) => (Zone::Known(offset), rest),
        None => (Zone::Unknown, tail),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_and_names() {
        let minutes = |text: &str| match read(text) {
            Zone::Known(offset) => Some(offset.seconds() / 60),
            _ => None,
        };
        for (text, want) in [
            ("+0800", 480),
            (" +08:00", 480),
            ("GMT+8", 480),
            ("UTC-03:30", -210),
            ("-0000", 0),
            ("Z", 0),
            (" PDT", -420),
        ] {
            assert_eq!(minutes(text), Some(want), "{text}");
        }
        for text in ["", "+2500", "XYZ", "CST 2026", "Asia/Shanghai"] {
            assert_eq!(minutes(text), None, "{text}");
        }
    }
}
