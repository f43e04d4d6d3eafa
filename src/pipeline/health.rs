//! How each source has been doing, over months: a bounded history of visits, and the trouble that
//! a person must hear of once, when it begins.
//!
//! It refuses to judge what it has not seen: a source is called quiet only by days that its own
//! listings show, and never at its first visit.

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use super::gather::source_key;
use crate::collect::{Request, Source, SourceResult, SourceStatus};
use crate::store::{Store, StoreError};

/// How sources have been doing, by source.
const HEALTH: &str = "source";
/// Visits that are remembered.
const MOST_VISITS: usize = 60;
/// Days with items that are remembered: more than the weeks that are looked at.
const MOST_DAYS: usize = 70;
/// Weeks back that show what is usual on a weekday, and how many of them must have had something.
const WEEKS: i64 = 4;
const USUAL: usize = 3;
/// Days after the newest item among which a missed one is looked for.
const LOOKED_AT: usize = 35;

/// One time a source was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// When.
    pub at: Timestamp,
    /// How it did.
    pub status: SourceStatus,
    /// Items listed.
    pub items: usize,
    /// Those of them that were never listed before.
    pub fresh: usize,
    /// The day of the newest item listed, in the edition's time zone; `None` where none is dated.
    pub newest: Option<Date>,
}

/// Something a person should look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// When it was first noticed.
    pub since: Timestamp,
    /// A reason of [`SourceResult::reason`], or `old_items`.
    pub reason: String,
    /// What happened, for people.
    pub detail: String,
    /// The commands that have told of it.
    #[serde(default)]
    told: Told,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Told {
    run: bool,
    collect: bool,
}

/// Who asks the sources. Each tells of a trouble once: the timer's words may be read by nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asker {
    /// `digestgen run`.
    Run,
    /// `digestgen collect`.
    Collect,
    /// `digestgen sources --probe`: a person looks, so that nothing counts as told.
    Probe,
}

impl Trouble {
    /// It only lists old items; else it gives nothing at all.
    fn is_quiet(&self) -> bool {
        self.reason == OLD_ITEMS
    }

    /// Whether `asker` has not told of it yet.
    pub(super) fn begins_for(&self, asker: Asker) -> bool {
        match asker {
            Asker::Run => !self.told.run,
            Asker::Collect => !self.told.collect,
            Asker::Probe => true,
        }
    }
}

const OLD_ITEMS: &str = "old_items";

/// How a source has been doing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Health {
    /// When it last listed something.
    pub last_success: Option<Timestamp>,
    /// What is wrong with it now.
    pub trouble: Option<Trouble>,
    /// The last visits, oldest first; at most 60.
    pub visits: Vec<Visit>,
    /// How many items it listed for each day, in the edition's time zone; the last 70 such days.
    pub days: BTreeMap<Date, usize>,
}

impl Health {
    /// The median of the items listed at the visits that listed something.
    pub fn usual_items(&self) -> Option<usize> {
        let mut items: Vec<usize> =
            self.visits.iter().map(|v| v.items).filter(|n| *n > 0).collect();
        items.sort_unstable();
        items.get(items.len() / 2).copied()
    }

    /// Counts new items by their day. Days that lie ahead are mistakes, and count for nothing.
    fn count(&mut self, days: &[Date], today: Date) {
        let ahead = today.saturating_add(1.days());
        days.iter().filter(|d| **d <= ahead).for_each(|d| *self.days.entry(*d).or_insert(0) += 1);
        while self.days.len() > MOST_DAYS {
            self.days.pop_first();
        }
    }

    /// Enters a visit and judges what is wrong, if anything.
    fn enter(&mut self, visit: Visit, found: Option<Trouble>) {
        let seen_before = self.visits.iter().any(|v| v.items > 0);
        let found = found.map(|mut trouble| {
            match &self.trouble {
                // The trouble goes on; its words are today's.
                Some(old) if old.is_quiet() == trouble.is_quiet() => {
                    trouble.since = old.since;
                    trouble.told = old.told;
                }
                // A source that came with old items never began to be quiet.
                _ if trouble.is_quiet() && !seen_before => {
                    trouble.told = Told { run: true, collect: true };
                }
                _ => {}
            }
            trouble
        });
        if visit.items > 0 {
            self.last_success = Some(visit.at);
        }
        self.trouble = found;
        self.visits.push(visit);
        let surplus = self.visits.len().saturating_sub(MOST_VISITS);
        self.visits.drain(..surplus);
    }
}

/// What one visit showed, beside its result.
pub(super) struct Seen<'a> {
    /// When the source answered; where it did not, when it was asked.
    pub(super) at: Timestamp,
    /// The day that is in the edition's time zone.
    pub(super) today: Date,
    /// The days of the items that were never listed before, in that zone.
    pub(super) fresh_days: &'a [Date],
    /// The day of the newest item of this answer.
    pub(super) newest: Option<Date>,
}

/// Stores a visit; gives the trouble the source is in.
pub(super) fn enter(
    store: &Store,
    source: &Source,
    result: &SourceResult,
    seen: &Seen<'_>,
) -> Result<Option<Trouble>, StoreError> {
    let key = source_key(source);
    let mut health: Health = store.get(HEALTH, &key)?.unwrap_or_default();
    let visit = Visit {
        at: seen.at,
        status: result.status,
        items: result.listings.len(),
        fresh: seen.fresh_days.len(),
        newest: seen.newest,
    };
    health.count(seen.fresh_days, seen.today);
    let trouble = trouble_of(source, result, seen, &health.days);
    health.enter(visit, trouble);
    store.put(HEALTH, &key, &health)?;
    Ok(health.trouble)
}

fn trouble_of(
    source: &Source,
    result: &SourceResult,
    seen: &Seen<'_>,
    days: &BTreeMap<Date, usize>,
) -> Option<Trouble> {
    let trouble = |reason: &str, detail: String| {
        Some(Trouble { since: seen.at, reason: reason.into(), detail, told: Told::default() })
    };
    if matches!(result.status, SourceStatus::Failed | SourceStatus::Silent) {
        let reason = result.reason.as_deref().unwrap_or("no_items");
        let detail = result.detail.clone();
        return trouble(reason, detail.unwrap_or_else(|| "it answered, but lists nothing".into()));
    }
    // What a person writes by hand has no weekdays.
    if matches!(source.request(), Ok(Request::File(_))) {
        return None;
    }
    let (newest, missed) = first_missed(days, seen.today)?;
    let detail = format!(
        "only old items: the newest is of {newest}, and on a {} it usually has something new",
        weekday(missed)
    );
    trouble(OLD_ITEMS, detail)
}

/// The newest day with an item, and the first whole day after it on which the source usually has
/// something: on three of the same weekdays of the four weeks before.
fn first_missed(days: &BTreeMap<Date, usize>, today: Date) -> Option<(Date, Date)> {
    let newest = *days.range(..=today).next_back()?.0;
    let usual = |day: &Date| {
        let weeks = (1..=WEEKS).filter(|w| {
            let before = day.saturating_sub((7 * w).days());
            days.get(&before).is_some_and(|n| *n > 0)
        });
        weeks.count() >= USUAL
    };
    let after = newest.series(1.days()).skip(1).take(LOOKED_AT).take_while(|day| *day < today);
    after.into_iter().find(usual).map(|missed| (newest, missed))
}

fn weekday(day: Date) -> &'static str {
    match day.weekday() {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

/// Notes that `asker` has told of the trouble of these sources.
pub(super) fn told<'a>(
    store: &Store,
    asker: Asker,
    sources: impl Iterator<Item = &'a Source>,
) -> Result<(), StoreError> {
    for source in sources {
        let key = source_key(source);
        let Some(mut health) = store.get::<Health>(HEALTH, &key)? else { continue };
        if let Some(trouble) = &mut health.trouble {
            match asker {
                Asker::Run => trouble.told.run = true,
                Asker::Collect => trouble.told.collect = true,
                Asker::Probe => continue,
            }
            store.put(HEALTH, &key, &health)?;
        }
    }
    Ok(())
}

/// How a source has been doing, as far as is stored.
///
/// # Errors
/// What the disk refuses.
pub fn health(store: &Store, source: &Source) -> Result<Health, StoreError> {
    Ok(store.get(HEALTH, &source_key(source))?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    /// Items on each of `weekdays` from `from` to `to`.
    fn calendar(from: &str, to: &str, weekdays: &[Weekday]) -> BTreeMap<Date, usize> {
        let days = day(from).series(1.days()).take_while(|d| *d <= day(to));
        days.filter(|d| weekdays.contains(&d.weekday())).map(|d| (d, 2)).collect()
    }

    const WORKDAYS: [Weekday; 5] =
        [Weekday::Monday, Weekday::Tuesday, Weekday::Wednesday, Weekday::Thursday, Weekday::Friday];

    #[test]
    fn a_day_that_usually_has_something_is_missed_once_it_is_over() {
        // 2026-01-02 is a Friday.
        let days = calendar("2025-12-01", "2026-01-02", &WORKDAYS);
        assert_eq!(first_missed(&days, day("2026-01-05")), None, "a weekend, and Monday goes on");
        let missed = Some((day("2026-01-02"), day("2026-01-05")));
        assert_eq!(first_missed(&days, day("2026-01-06")), missed);
        assert_eq!(first_missed(&days, day("2026-03-01")), missed, "it stays the same day");
        let weekly = calendar("2025-12-01", "2026-01-02", &[Weekday::Tuesday]);
        assert_eq!(first_missed(&weekly, day("2026-01-06")), None);
        assert!(first_missed(&weekly, day("2026-01-07")).is_some());
    }

    #[test]
    fn too_little_is_known_of_a_new_source() {
        let days = calendar("2025-12-22", "2026-01-02", &WORKDAYS);
        assert_eq!(first_missed(&days, day("2026-01-10")), None);
        assert_eq!(first_missed(&BTreeMap::new(), day("2026-01-10")), None);
        let future = BTreeMap::from([(day("2099-01-01"), 1)]);
        assert_eq!(first_missed(&future, day("2026-01-10")), None);
    }

    fn visit(items: usize) -> Visit {
        Visit {
            at: "2026-01-05T00:00:00Z".parse().unwrap(),
            status: SourceStatus::Ok,
            items,
            fresh: 0,
            newest: None,
        }
    }

    fn quiet() -> Option<Trouble> {
        let since = "2026-01-05T00:00:00Z".parse().unwrap();
        let detail = String::new();
        Some(Trouble { since, reason: OLD_ITEMS.into(), detail, told: Told::default() })
    }

    #[test]
    fn history_is_bounded_and_gives_the_usual_number() {
        let mut health = Health::default();
        (0..100).for_each(|n| health.enter(visit(n), None));
        assert_eq!(health.visits.len(), MOST_VISITS);
        assert_eq!(health.usual_items(), Some(70));
        assert_eq!(Health::default().usual_items(), None);
        let days: Vec<Date> = day("2025-01-01").series(1.days()).take(400).collect();
        health.count(&days, day("2025-12-31"));
        assert_eq!(health.days.len(), MOST_DAYS);
        let last = health.days.last_key_value();
        assert_eq!(last, Some((&day("2026-01-01"), &1)), "what lies ahead counts for nothing");
    }

    #[test]
    fn quiet_begins_only_where_something_was_seen_before() {
        let mut new = Health::default();
        new.enter(visit(3), quiet());
        assert!(!new.trouble.as_ref().unwrap().begins_for(Asker::Run));
        let mut known = Health::default();
        known.enter(visit(3), None);
        known.enter(visit(3), quiet());
        assert!(known.trouble.as_ref().unwrap().begins_for(Asker::Run));
        known.trouble.as_mut().unwrap().told.run = true;
        known.enter(visit(3), quiet());
        assert!(!known.trouble.as_ref().unwrap().begins_for(Asker::Run));
        assert!(known.trouble.as_ref().unwrap().begins_for(Asker::Collect));
        known.enter(visit(3), None);
        known.enter(visit(3), quiet());
        assert!(known.trouble.as_ref().unwrap().begins_for(Asker::Run), "it recovered between");
    }
}
