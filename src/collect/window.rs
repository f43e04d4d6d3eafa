//! Which days an issue covers, and where a candidate falls.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::Candidate;
use crate::text::Moment;

/// The days of an issue in the edition's time zone, both ends included.
#[derive(Clone, Debug)]
pub struct Window {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// The edition's time zone.
    pub zone: TimeZone,
}

/// Where a candidate falls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placement {
    /// Inside the window.
    In,
    /// Up to `late_days` before it: a candidate where no earlier issue had it.
    Late,
    /// No candidate: counted for its source only.
    Outside,
    /// No source dates it: its page's date decides ([`Window::place_moment`]), else the day it
    /// was first stored ([`Window::place_first_seen`]).
    Undated,
}

impl Window {
    /// Places a candidate by its listing date alone. An undated one that was stored or last changed
    /// before anything this issue may carry is outside, because its page cannot be younger.
    pub fn place(&self, candidate: &Candidate, late_days: u32) -> Placement {
        match &candidate.published {
            Some(moment) => self.place_moment(moment, late_days),
            None => {
                let too_early = |day: Date| {
                    day < self.from && self.place_day(day, late_days) == Placement::Outside
                };
                // A bare day is a day of a zone that is not known: it may be the next one here.
                let changed = candidate.changed.is_some_and(|moment| match moment {
                    Moment::Day(day) => too_early(day.saturating_add(1.day())),
                    instant => too_early(instant.day_in(&self.zone)),
                });
                let stored = too_early(self.day_of(candidate.first_seen));
                if changed || stored { Placement::Outside } else { Placement::Undated }
            }
        }
    }

    /// Places a date: of a listing, or of the page of an undated one.
    pub fn place_moment(&self, moment: &Moment, late_days: u32) -> Placement {
        self.place_day(moment.day_in(&self.zone), late_days)
    }

    /// Places an undated candidate whose page has no date either.
    pub fn place_first_seen(&self, first_seen: Timestamp, late_days: u32) -> Placement {
        self.place_day(self.day_of(first_seen), late_days)
    }

    fn place_day(&self, day: Date, late_days: u32) -> Placement {
        let earliest = self.from.saturating_sub(i64::from(late_days).days());
        if day < earliest || day > self.to {
            Placement::Outside
        } else if day < self.from {
            Placement::Late
        } else {
            Placement::In
        }
    }

    fn day_of(&self, at: Timestamp) -> Date {
        self.zone.to_datetime(at).date()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window() -> Window {
        Window {
            from: "2026-01-03".parse().unwrap(),
            to: "2026-01-04".parse().unwrap(),
            zone: TimeZone::get("Asia/Shanghai").unwrap(),
        }
    }

    fn candidate(published: Option<&str>, first_seen: &str) -> Candidate {
        Candidate {
            id: "x".into(),
            url: String::new(),
            canonical: String::new(),
            title: "t".into(),
            published: published.map(|p| Moment::parse(p).unwrap()),
            changed: None,
            whole: false,
            first_seen: first_seen.parse().unwrap(),
            sources: vec![],
            authority: Default::default(),
            author: None,
            snippet: String::new(),
            content: None,
        }
    }

    #[test]
    fn the_edition_s_zone_decides() {
        let seen = "2026-01-05T00:00:00Z";
        for (published, expected) in [
            ("2026-01-02T15:59:59Z", Placement::Late),
            ("2026-01-02T16:00:00Z", Placement::In),
            ("2026-01-04T15:59:59Z", Placement::In),
            ("2026-01-04T16:00:00Z", Placement::Outside),
            ("2025-12-31", Placement::Late),
            ("2025-12-30", Placement::Outside),
            ("2099-01-01", Placement::Outside),
        ] {
            assert_eq!(
                window().place(&candidate(Some(published), seen), 3),
                expected,
                "{published}"
            );
        }
        assert_eq!(window().place(&candidate(Some("2026-01-02"), seen), 0), Placement::Outside);
    }

    #[test]
    fn undated_waits_for_its_page_unless_it_was_stored_too_early() {
        let early = candidate(None, "2025-12-01T00:00:00Z");
        assert_eq!(window().place(&early, 3), Placement::Outside);
        let mut changed = candidate(None, "2026-01-05T00:00:00Z");
        for (at, placement) in [
            ("2025-12-29", Placement::Outside),
            ("2025-12-30", Placement::Undated),
            ("2025-12-30T15:59:59Z", Placement::Outside),
            ("2025-12-30T16:00:00Z", Placement::Undated),
            ("2026-02-01", Placement::Undated),
        ] {
            changed.changed = Moment::parse(at);
            assert_eq!(window().place(&changed, 3), placement, "{at}");
        }
        let later = candidate(None, "2026-01-09T00:00:00Z");
        assert_eq!(window().place(&later, 3), Placement::Undated);
        assert_eq!(window().place_first_seen(later.first_seen, 3), Placement::Outside);
    }
}
