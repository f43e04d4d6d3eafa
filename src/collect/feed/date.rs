//! Dates as feeds write them.

use std::sync::LazyLock;

use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use regex::{Captures, Regex};

use crate::text::Moment;

const CLOCK: &str =
    r"(?:(?P<h>\d{1,2}):(?P<m>\d{2})(?::(?P<s>\d{2})(?:[.,]\d+)?)?\s*(?P<ap>[AaPp][Mm])?)?";
const ZONE: &str = r"(?P<z>Z|[+-]\d{1,2}:?\d{2}|[+-]\d{2}|[A-Za-z]{1,5})?";

/// The forms, in the order in which they are tried.
static FORMS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let day_month = r"^(?:[A-Za-z]+\.?,?\s*)?(?P<d>\d{1,2})[\s-]+(?P<mon>[A-Za-z]{3,9})\.?[\s,-]+(?P<y>\d{4}|\d{2})";
    [
        format!(r"^(?P<y>\d{{4}})\s*[-/.年]\s*(?P<mo>\d{{1,2}})\s*[-/.月]\s*(?P<d>\d{{1,2}})日?[T,\s]*{CLOCK}\s*{ZONE}"),
        format!(r"{day_month}[,\s]*{CLOCK}\s*{ZONE}"),
        format!(r"^(?:[A-Za-z]+,?\s+)?(?P<mon>[A-Za-z]{{3,9}})\.?\s+(?P<d>\d{{1,2}}),?\s+(?P<y>\d{{4}})[,\s]*{CLOCK}\s*{ZONE}"),
        format!(r"^[A-Za-z]{{3}}\s+(?P<mon>[A-Za-z]{{3}})\s+(?P<d>\d{{1,2}})\s+{CLOCK}\s*{ZONE}\s*(?P<y>\d{{4}})"),
        r"^(?P<y>\d{4})(?P<mo>\d{2})(?P<d>\d{2})$".to_owned(),
    ]
    .iter()
    .filter_map(|form| Regex::new(form).ok())
    .collect()
});

/// Reads a date. One without a known zone is the bare day that is written: nobody knows more. An
/// impossible one (30 February) is none.
pub(super) fn parse(text: &str) -> Option<Moment> {
    let text = text.trim();
    if let Some(moment) = Moment::parse(text) {
        return Some(moment);
    }
    let found = FORMS.iter().find_map(|form| form.captures(text))?;
    moment(&found)
}

fn moment(found: &Captures<'_>) -> Option<Moment> {
    let number = |name: &str| {
        found
            .name(name)
            .and_then(|m| m.as_str().parse::<i64>().ok())
    };
    let month = match found.name("mon") {
        Some(name) => month(name.as_str())?,
        None => number("mo")?,
    };
    let year = match number("y")? {
        y @ 0..=69 => y + 2000,
        y @ 70..=99 => y + 1900,
        y => y,
    };
    let day = Date::new(
        i16::try_from(year).ok()?,
        i8::try_from(month).ok()?,
        i8::try_from(number("d")?).ok()?,
    )
    .ok()?;
    let offset = found.name("z").and_then(|z| zone(z.as_str()));
    let (Some(hour), Some(minute), Some(offset)) = (number("h"), number("m"), offset) else {
        return Some(Moment::Day(day));
    };
    let hour = match found.name("ap").map(|m| m.as_str().to_ascii_lowercase()) {
        Some(half) if half == "pm" && hour < 12 => hour + 12,
        Some(half) if half == "am" && hour == 12 => 0,
        _ => hour,
    };
    if hour > 24 || minute > 59 {
        return Some(Moment::Day(day));
    }
    let seconds = hour * 3600 + minute * 60 + number("s").unwrap_or(0);
    let midnight: Timestamp = offset.to_timestamp(day.at(0, 0, 0, 0)).ok()?;
    let at = midnight
        .checked_add(SignedDuration::from_secs(seconds))
        .ok()?;
    Some(Moment::Instant { at, offset })
}

fn month(name: &str) -> Option<i64> {
    const NAMES: &str = "janfebmaraprmayjunjulaugsepoctnovdec";
    let short = name.get(..3)?.to_ascii_lowercase();
    let at = NAMES.match_indices(&short).find(|(at, _)| at % 3 == 0)?.0;
    i64::try_from(at / 3 + 1).ok()
}

/// The offset of a zone as RFC 822 and common names have it. `CST` is none: it is Chicago's as
/// well as China's.
fn zone(name: &str) -> Option<Offset> {
    let hours = |h: i32| Offset::from_seconds(h * 3600).ok();
    if name.starts_with(['+', '-']) {
        let digits: String = name.chars().filter(char::is_ascii_digit).collect();
        let digits = if digits.len() == 3 {
            format!("0{digits}")
        } else {
            format!("{digits:0<4}")
        };
        let (h, m): (i32, i32) = (
            digits.get(..2)?.parse().ok()?,
            digits.get(2..)?.parse().ok()?,
        );
        let sign = if name.starts_with('-') { -1 } else { 1 };
        return Offset::from_seconds(sign * (h * 3600 + m * 60)).ok();
    }
    match name.to_ascii_uppercase().as_str() {
        "Z" | "GMT" | "UTC" | "UT" | "WET" => hours(0),
        "BST" | "CET" | "WEST" => hours(1),
        "CEST" | "EET" => hours(2),
        "MSK" | "EEST" => hours(3),
        "HKT" | "SGT" => hours(8),
        "JST" | "KST" => hours(9),
        "EDT" => hours(-4),
        "EST" | "CDT" => hours(-5),
        "MDT" => hours(-6),
        "MST" | "PDT" => hours(-7),
        "PST" => hours(-8),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        for (text, expected) in [
            (
                "Sat, 03 Jan 2026 09:30:00 +0800",
                "2026-01-03T09:30:00+08:00",
            ),
            ("3 Jan 26 09:30 GMT", "2026-01-03T09:30:00Z"),
            (
                "Saturday, 3 January 2026 9:30:00 PM EST",
                "2026-01-03T21:30:00-05:00",
            ),
            ("Sat Jan  3 09:30:00 GMT 2026", "2026-01-03T09:30:00Z"),
            ("Sat Jan 03 09:30:00 CST 2026", "2026-01-03"),
            ("January 3, 2026", "2026-01-03"),
            ("2026-01-03T09:30+08:00", "2026-01-03T09:30:00+08:00"),
            ("2026-01-03 09:30:00", "2026-01-03"),
            ("2026/1/3 09:30:00 +0800", "2026-01-03T09:30:00+08:00"),
            ("2026年1月3日 09:30", "2026-01-03"),
            ("Sat, 03 Jan 2026 24:00:00 GMT", "2026-01-04T00:00:00Z"),
            ("20260103", "2026-01-03"),
        ] {
            assert_eq!(
                parse(text).map(|m| m.to_string()).as_deref(),
                Some(expected),
                "{text}"
            );
        }
        for text in [
            "",
            "yesterday",
            "Mon, 30 Feb 2026 09:30:00 GMT",
            "2026-13-01",
            "0000-00-00",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
