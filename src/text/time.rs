//! A point in time as a source gives it: an instant with an offset, or only a day.

use std::fmt;

use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// When something was published, as exactly as is known.
///
/// Its text form, also in JSON, is RFC 3339 (`2026-01-03T09:30:00+08:00`) or a bare day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Moment {
    /// A calendar day of which no more is known.
    Day(Date),
    /// An instant, with the offset in which it was written.
    Instant {
        /// The instant.
        at: Timestamp,
        /// The offset from UTC that the source wrote.
        offset: Offset,
    },
}

impl Moment {
    /// An instant written in UTC.
    pub fn utc(at: Timestamp) -> Self {
        Self::Instant { at, offset: Offset::UTC }
    }

    /// Reads RFC 3339 or a bare `YYYY-MM-DD`; anything else is `None`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Ok(at) = text.parse::<Timestamp>() {
            let offset = offset_of(text).unwrap_or(Offset::UTC);
            return Some(Self::Instant { at, offset });
        }
        if text.len() == 10 { text.parse::<Date>().ok().map(Self::Day) } else { None }
    }

    /// The calendar day in `zone`. A bare day is that day everywhere.
    pub fn day_in(&self, zone: &TimeZone) -> Date {
        match self {
            Self::Day(day) => *day,
            Self::Instant { at, .. } => zone.to_datetime(*at).date(),
        }
    }

    /// The day as the source wrote it, in its own offset.
    pub fn own_day(&self) -> Date {
        match self {
            Self::Day(day) => *day,
            Self::Instant { at, offset } => offset.to_datetime(*at).date(),
        }
    }

    /// An instant to order by: a bare day counts as its noon in UTC.
    pub fn order_key(&self) -> Timestamp {
        match self {
            Self::Instant { at, .. } => *at,
            Self::Day(day) => {
                TimeZone::UTC.to_timestamp(day.at(12, 0, 0, 0)).unwrap_or(Timestamp::UNIX_EPOCH)
            }
        }
    }

    /// Hours between two moments, never negative.
    pub fn hours_apart(&self, other: &Self) -> f64 {
        let gap: SignedDuration = self.order_key().duration_since(other.order_key());
        gap.as_secs_f64().abs() / 3600.0
    }
}

/// The numeric offset at the end of an RFC 3339 text.
fn offset_of(text: &str) -> Option<Offset> {
    let tail = text.get(text.len().checked_sub(6)?..)?;
    let sign = match tail.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let hours: i32 = tail.get(1..3)?.parse().ok()?;
    let minutes: i32 = tail.get(4..6)?.parse().ok()?;
    Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok()
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => write!(f, "{day}"),
            Self::Instant { at, offset } if *offset == Offset::UTC => write!(f, "{at}"),
            Self::Instant { at, offset } => write!(f, "{}", at.display_with_offset(*offset)),
        }
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| {
            serde::de::Error::custom(format!("`{text}` is neither RFC 3339 nor a day YYYY-MM-DD"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trips_with_its_offset() {
        for text in ["2026-01-03T09:30:00+08:00", "2026-01-03T01:30:00Z", "2026-01-03"] {
            assert_eq!(Moment::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Moment::parse("yesterday"), None);
    }

    #[test]
    fn days_by_zone() {
        let late = Moment::parse("2026-01-02T23:30:00Z").unwrap();
        let shanghai = TimeZone::fixed(Offset::constant(8));
        assert_eq!(late.day_in(&shanghai).to_string(), "2026-01-03");
        assert_eq!(late.own_day().to_string(), "2026-01-02");
        assert_eq!(
            Moment::parse("2026-01-02").unwrap().day_in(&shanghai).to_string(),
            "2026-01-02"
        );
    }
}
