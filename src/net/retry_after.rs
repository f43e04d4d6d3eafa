//! How long a host asks to be left alone: `Retry-After` (RFC 9110, 10.2.3) as it is written.

use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::rfc2822::DateTimeParser;
use jiff::fmt::strtime;
use jiff::tz::TimeZone;

/// The longest wait that is believed.
const LONGEST: Duration = Duration::from_secs(86_400);

/// The wait that `text` asks for at the moment `at`, at most a day; `None` where it says nothing.
///
/// It reads seconds (fractions round up; a negative number or a date in the past is no wait) and
/// the three spellings of an HTTP date. Of a list (a field that was sent twice) the longest counts.
pub(super) fn parse(text: &str, at: Timestamp) -> Option<Duration> {
    let text = text.trim().trim_matches('"');
    if let Some(wait) = date(text).map(|until| until.duration_since(at).as_secs()) {
        return Some(Duration::from_secs(u64::try_from(wait).unwrap_or(0)).min(LONGEST));
    }
    text.split(',').filter_map(|part| seconds(part.trim())).max()
}

fn seconds(text: &str) -> Option<Duration> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let plain = digits.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if !plain || !digits.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    // Through a floating number, because any count of digits is a number of that kind.
    let seconds: f64 = digits.parse().ok()?;
    if text.starts_with('-') {
        return Some(Duration::ZERO);
    }
    Some(Duration::try_from_secs_f64(seconds.ceil()).unwrap_or(LONGEST).min(LONGEST))
}

/// IMF-fixdate, RFC 850 and asctime. A weekday that does not fit its date is passed over.
fn date(text: &str) -> Option<Timestamp> {
    if let Ok(until) = DateTimeParser::new().relaxed_weekday(true).parse_timestamp(text) {
        return Some(until);
    }
    let bare = match text.split_once(',') {
        Some((_, rest)) => rest.trim().trim_end_matches("GMT").trim(),
        None => text.split_once(' ')?.1.trim(),
    };
    let formats = ["%d %b %Y %H:%M:%S", "%d-%b-%y %H:%M:%S", "%b %e %H:%M:%S %Y"];
    formats.iter().find_map(|format| {
        let civil: DateTime = strtime::parse(format, bare).ok()?.to_datetime().ok()?;
        // The last day of the year 9999, which means never, is beyond the timestamps there are.
        Some(TimeZone::UTC.to_timestamp(civil).unwrap_or(Timestamp::MAX))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling() {
        let at: Timestamp = "2026-01-03T00:00:00Z".parse().unwrap();
        for (text, wait) in [
            ("7", Some(7)),
            (" 120 ", Some(120)),
            ("1.2", Some(2)),
            ("+5", Some(5)),
            ("-1", Some(0)),
            ("0", Some(0)),
            ("5, 9", Some(9)),
            ("Sat, 03 Jan 2026 00:00:30 GMT", Some(30)),
            ("Mon, 03 Jan 2026 00:00:30 GMT", Some(30)),
            ("Saturday, 03-Jan-26 00:00:31 GMT", Some(31)),
            ("Sat Jan  3 00:00:32 2026", Some(32)),
            ("Fri, 02 Jan 2026 00:00:30 GMT", Some(0)),
            ("Fri, 31 Dec 9999 23:59:59 GMT", Some(86_400)),
            ("999999999999999999999999999999", Some(86_400)),
            ("18446744073709551615", Some(86_400)),
            ("soon", None),
            ("", None),
            ("1e9", None),
            ("..", None),
            ("120 seconds", None),
            ("inf", None),
            ("NaN", None),
        ] {
            let found = parse(text, at).map(|wait| wait.as_secs());
            assert_eq!(found, wait, "{text:?}");
        }
    }
}
