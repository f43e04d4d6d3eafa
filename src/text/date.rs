//! Dates as feeds and pages of lists write them: RFC 822, RFC 3339 and what people make of them.
//!
//! A date that does not exist is no date. A time without a known zone is given as its day only:
//! whoever guessed the zone could be a day off.

mod month;
mod zone;

use std::sync::LazyLock;

use jiff::civil::{Date, DateTime, Time};
use jiff::{Timestamp, ToSpan};
use regex::{Captures, Regex};

use self::zone::Zone;
use super::Moment;

/// No date is longer, in bytes.
const LONGEST: usize = 160;

struct Patterns {
    year_first: Regex,
    basic: Regex,
    ordinal: Regex,
    month_only: Regex,
    day_first: Regex,
    time: Regex,
    time_in_words: Regex,
    basic_time: Regex,
    numbered_month: Regex,
    word: Regex,
    number: Regex,
}

// The patterns are constants, so a failure to compile one shows in the first test.
static PATTERNS: LazyLock<Option<Patterns>> = LazyLock::new(|| Patterns::compile().ok());

impl Patterns {
    fn compile() -> Result<Self, regex::Error> {
        Ok(Self {
            year_first: Regex::new(
                r"(\d{4})\s*[-/.年년]\s*(\d{1,2})\s*[-/.月월]\s*(\d{1,2})(?:\s*[日일]|\b|[Tt])",
            )?,
            basic: Regex::new(r"^(\d{4})(\d{2})(\d{2})(?:[Tt ]?(\d{2})(\d{2})(\d{2})?)?(\D.*)?$")?,
            ordinal: Regex::new(r"^(\d{4})-?(\d{3})(?:[Tt].*)?$")?,
            month_only: Regex::new(r"^(\d{4})(?:\s*[-/年년]\s*(\d{1,2})\s*[月월]?)?$")?,
            day_first: Regex::new(r"\b(\d{1,2})([-/.])(\d{1,2})[-/.](\d{4})\b")?,
            time: Regex::new(
                r"(?i)(上午|下午|晚上|오전|오후)?\s*\b[Tt]?(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?(?:\s*([ap])\.?m\b\.?)?",
            )?,
            time_in_words: Regex::new(
                r"(上午|下午|晚上|오전|오후)?\s*(\d{1,2})\s*[时時点點시]\s*(?:(\d{1,2})\s*[分분])?(?:\s*(\d{1,2})\s*[秒초])?",
            )?,
            basic_time: Regex::new(r"^[Tt]?(\d{2})(\d{2})(\d{2})?(?:\.\d+)?([Zz]|[+-].*)?$")?,
            numbered_month: Regex::new(r"(\d{1,2})月")?,
            word: Regex::new(r"\p{L}+")?,
            number: Regex::new(r"\d+")?,
        })
    }
}

/// Reads a date; `None` where there is none or it cannot exist. ISO 8601's reduced forms (`2026`,
/// `2026-01`) are their first day.
pub fn read(text: &str) -> Option<Moment> {
    let patterns = PATTERNS.as_ref()?;
    let text = text.trim();
    if text.is_empty() || text.len() > LONGEST {
        return None;
    }
    let text: String = text.chars().map(plain_width).collect();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let moment = epoch(&text).or_else(|| {
        let parts = patterns
            .basic(&text)
            .or_else(|| patterns.ordinal(&text))
            .or_else(|| patterns.month_only(&text))
            .or_else(|| patterns.numeric(&text))
            .or_else(|| patterns.in_words(&text))?;
        parts.moment()
    })?;
    // Zero is what programs write for "unknown".
    let unknown = moment.own_day().year() < 1000 || moment == Moment::utc(Timestamp::UNIX_EPOCH);
    (!unknown).then_some(moment)
}

/// Full-width digits and punctuation as their plain forms.
fn plain_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{2212}' => '-',
        c => c,
    }
}

/// Seconds or milliseconds since 1970, ten or thirteen digits.
fn epoch(text: &str) -> Option<Moment> {
    let number: i64 = text.parse().ok().filter(|n| *n > 0)?;
    let at = match text.len() {
        10 => Timestamp::from_second(number),
        13 => Timestamp::from_millisecond(number),
        _ => return None,
    };
    at.ok().map(Moment::utc)
}

/// What was found of a date.
struct Parts {
    day: Date,
    time: Option<(Time, bool)>,
    zone: Zone,
}

impl Parts {
    fn moment(&self) -> Option<Moment> {
        let (Some((time, next_day)), Zone::Known(offset)) = (self.time, self.zone) else {
            return Some(Moment::Day(self.day));
        };
        let day = match next_day {
            true => self.day.checked_add(1.day()).ok()?,
            false => self.day,
        };
        let at = offset.to_timestamp(DateTime::from_parts(day, time)).ok()?;
        Some(Moment::Instant { at, offset })
    }
}

/// Group `index` of `found` as a number.
fn number<T: std::str::FromStr>(found: &Captures<'_>, index: usize) -> Option<T> {
    found.get(index)?.as_str().parse().ok()
}

/// A time of the day, and whether it is the midnight at the day's end. `None` where it cannot be.
fn clock(hour: i8, minute: i8, second: i8, half: &str) -> Option<(Time, bool)> {
    let afternoon = matches!(half, "p" | "P" | "下午" | "晚上" | "오후");
    let morning = matches!(half, "a" | "A" | "上午" | "오전");
    let hour = match hour {
        12 if morning => 0,
        1..=11 if afternoon => hour + 12,
        24 if minute == 0 && second == 0 => return Some((Time::midnight(), true)),
        _ => hour,
    };
    // A leap second is the second before it.
    let second = if second == 60 { 59 } else { second };
    Some((Time::new(hour, minute, second, 0).ok()?, false))
}

impl Patterns {
    /// The time of the day and the zone in `rest`, which follows a date.
    fn time_of(&self, rest: &str) -> (Option<(Time, bool)>, Zone) {
        if let Some(found) = self.basic_time.captures(rest.trim()) {
            let second = number(&found, 3).unwrap_or(0);
            let time =
                number(&found, 1).zip(number(&found, 2)).and_then(|(h, m)| clock(h, m, second, ""));
            return (time, zone::read(found.get(4).map_or("", |z| z.as_str())));
        }
        let Some((found, tail)) = self.find_time(rest) else {
            return (None, Zone::None);
        };
        (found, zone::read(tail))
    }

    /// The first time of the day in `text` and what follows it.
    fn find_time<'t>(&self, text: &'t str) -> Option<(Option<(Time, bool)>, &'t str)> {
        let found = self.time.captures(text).or_else(|| self.time_in_words.captures(text))?;
        let half = found.get(1).or_else(|| found.get(5)).map_or("", |h| h.as_str());
        let minute = number(&found, 3).unwrap_or(0);
        let second = number(&found, 4).unwrap_or(0);
        let time = number(&found, 2).and_then(|h| clock(h, minute, second, half));
        Some((time, &text[found.get(0)?.end()..]))
    }

    /// `20260103`, `20260103T100000Z`, `20260103100000`.
    fn basic(&self, text: &str) -> Option<Parts> {
        let found = self.basic.captures(text)?;
        let day = Date::new(number(&found, 1)?, number(&found, 2)?, number(&found, 3)?).ok()?;
        let time = number(&found, 4)
            .zip(number(&found, 5))
            .and_then(|(h, m)| clock(h, m, number(&found, 6).unwrap_or(0), ""));
        let rest = found.get(7).map_or("", |r| r.as_str());
        if found.get(4).is_none() {
            let (time, zone) = self.time_of(rest);
            return Some(Parts { day, time, zone });
        }
        let zone = zone::read(rest);
        Some(Parts { day, time, zone })
    }

    /// `2026-003`, the third day of the year.
    fn ordinal(&self, text: &str) -> Option<Parts> {
        let found = self.ordinal.captures(text)?;
        let first = Date::new(number(&found, 1)?, 1, 1).ok()?;
        let of_year: i32 = number(&found, 2)?;
        let day = first.checked_add((of_year - 1).days()).ok()?;
        let same_year = of_year > 0 && day.year() == first.year();
        same_year.then_some(Parts { day, time: None, zone: Zone::None })
    }

    /// `2026`, `2026-01`.
    fn month_only(&self, text: &str) -> Option<Parts> {
        let found = self.month_only.captures(text)?;
        let month = match found.get(2) {
            Some(_) => number(&found, 2)?,
            None => 1,
        };
        let day = Date::new(number(&found, 1)?, month, 1).ok()?;
        Some(Parts { day, time: None, zone: Zone::None })
    }

    /// Dates in digits: the year first, or last where the order of day and month is certain.
    fn numeric(&self, text: &str) -> Option<Parts> {
        let (day, end) = if let Some(found) = self.year_first.captures(text) {
            let day = Date::new(number(&found, 1)?, number(&found, 2)?, number(&found, 3)?);
            let all = found.get(0)?;
            let t = usize::from(all.as_str().ends_with(['T', 't']));
            (day.ok()?, all.end() - t)
        } else {
            let found = self.day_first.captures(text)?;
            let (a, b): (i8, i8) = (number(&found, 1)?, number(&found, 3)?);
            let day_leads = &found[2] == "." || a > 12 || a == b;
            let (day, month) = match (day_leads, b > 12) {
                (true, _) => (a, b),
                (false, true) => (b, a),
                (false, false) => return None,
            };
            let day = Date::new(number(&found, 4)?, month, day).ok()?;
            (day, found.get(0)?.end())
        };
        let (time, zone) = self.time_of(&text[end..]);
        Some(Parts { day, time, zone })
    }

    /// Dates with the month's name: RFC 822, asctime, `January 3, 2026`, `周六, 03 一月 2026`.
    fn in_words(&self, text: &str) -> Option<Parts> {
        let text = self.numbered_month.replace_all(text, |found: &Captures<'_>| {
            let name = number(found, 1).and_then(month::english);
            name.map_or_else(|| found[0].to_owned(), |n| format!(" {n} "))
        });
        let (time, head, tail) = match self.time.find(&text) {
            Some(at) => {
                let (time, tail) = self.find_time(&text)?;
                (time, &text[..at.start()], tail)
            }
            None => (None, &*text, ""),
        };
        let (zone, tail) = zone::split(tail);
        let mut month = None;
        for word in self.word.find_iter(head).chain(self.word.find_iter(tail)) {
            month = month::number(word.as_str()).or(month);
        }
        let digits = self.number.find_iter(head).chain(self.number.find_iter(tail));
        let numbers: Vec<&str> = digits.map(|d| d.as_str()).collect();
        let (day, year) = match numbers[..] {
            [year, day] if year.len() == 4 => (day, year),
            [day, year] => (day, year),
            _ => return None,
        };
        let full = |year: i16| match (year_digits(numbers[0], numbers[1]), year) {
            (4, y) => Some(y),
            (2, y @ 0..90) => Some(2000 + y),
            (2, y) => Some(1900 + y),
            _ => None,
        };
        let year = full(year.parse().ok()?)?;
        let day = Date::new(year, month?, day.parse().ok()?).ok()?;
        Some(Parts { day, time, zone })
    }
}

/// How many digits the year has, of two numbers of which one is the day.
fn year_digits(first: &str, second: &str) -> usize {
    if first.len() == 4 { 4 } else { second.len() }
}

#[cfg(test)]
mod tests {
    use super::read;

    fn utc(text: &str) -> String {
        match read(text) {
            None => "none".into(),
            Some(crate::text::Moment::Day(day)) => day.to_string(),
            Some(crate::text::Moment::Instant { at, .. }) => at.to_string(),
        }
    }

    #[test]
    fn instants() {
        for text in [
            "Sat, 03 Jan 2026 10:00:00 +0800",
            "Sat, 03 Jan 2026 02:00:00 GMT",
            "Sat, 03 Jan 2026 02:00 UT",
            "3 Jan 26 02:00:00 Z",
            "Fri, 02 Jan 2026 21:00:00 EST",
            "Saturday, January 3, 2026 10:00 AM GMT+8",
            "Sat Jan 03 2026 10:00:00 GMT+0800 (中国标准时间)",
            "Sat Jan  3 02:00:00 UTC 2026",
            "Sat Jan 03 10:00:00 +0800 2026",
            "周六, 03 一月 2026 10:00:00 +0800",
            "周六, 03 1月 2026 10:00:00 +0800",
            "sam., 03 janv. 2026 03:00:00 +0100",
            "2026-01-03T10:00:00+08:00",
            "2026-01-03T02:00:00Z",
            "2026-01-03t02:00:00.000z",
            "2026-01-03 02:00:00 UTC",
            "2026-01-03 10:00:00 +08:00",
            "2026-1-3T10:00:00+0800",
            "20260103T020000Z",
            "2026/01/03 10:00 +08",
            "2026年1月3日 10时00分 +0800",
            "1767405600",
            "1767405600000",
        ] {
            assert_eq!(utc(text), "2026-01-03T02:00:00Z", "{text}");
        }
        assert_eq!(utc("2026-01-03T24:00:00Z"), "2026-01-04T00:00:00Z");
        assert_eq!(utc("Sat, 03 Jan 2026 23:59:60 GMT"), "2026-01-03T23:59:59Z");
        assert_eq!(utc("Sat, 03 Jan 2026 12:30 am GMT"), "2026-01-03T00:30:00Z");
        assert_eq!(utc("Sat, 03 Jan 2026 下午 2:30 GMT"), "2026-01-03T14:30:00Z");
    }

    #[test]
    fn days() {
        for text in [
            "2026-01-03",
            "2026/01/03 10:00",
            "2026.1.3",
            "20260103",
            "2026-003",
            "2026年1月3日",
            "2026 年 01 月 03 日 下午3:20",
            "2026년 01월 03일 오후 01:31:15",
            "03 Jan 2026",
            "Sat, 3 January 2026",
            "Jan 3rd, 2026",
            "03-Jan-2026 10:00:00",
            "03.01.2026",
            "2026-01-03T10:00:00",
            "2026-01-03T25:10:00Z",
            "Sat, 03 Jan 2026 10:00:00 XYZ",
            "Sat Jan 03 10:00:00 CST 2026",
            "２０２６-０１-０３",
        ] {
            assert_eq!(utc(text), "2026-01-03", "{text}");
        }
        assert_eq!(utc("31/12/2025"), "2025-12-31");
        assert_eq!(utc("12/31/2025 10:00"), "2025-12-31");
    }

    #[test]
    fn no_dates() {
        for text in [
            "",
            "soon",
            "2026-02-30",
            "Wed, 31 Feb 2026 10:00:00 GMT",
            "0000-00-00 00:00:00",
            "0001-01-01T00:00:00Z",
            "Thu, 01 Jan 1970 00:00:00 GMT",
            "01/02/2026",
            "13/13/2026",
            "2026-13",
            "2026-400",
            "99",
            "Sat, 99999 Jan 2026",
            "mer, 16 nov",
        ] {
            assert_eq!(utc(text), "none", "{text}");
        }
    }
}
