//! What sources listed, kept so that the days of an issue are found without reading a year of it.
//!
//! A listing is stored under its source and candidate. Beside it stands its day, in UTC: that of its
//! date, or, where the source gives none, that on which it was first seen. The days are asked with a
//! margin, since an edition has a time zone; what then falls where, [`collect::Window`] decides by
//! the listing itself. A day that is out of date finds a listing for nothing, and does no harm.

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::tz::TimeZone;

use crate::collect::{Listed, Window};
use crate::store::{Store, StoreError};

/// What sources listed, keyed `SOURCE/CANDIDATE`.
pub(super) const LISTINGS: &str = "listing";
/// The days of listings, keyed `SOURCE/d/DAY/CANDIDATE`, of undated ones `SOURCE/u/DAY/CANDIDATE`;
/// and `SOURCE/=` where all that was ever listed has its day here.
const DAYS: &str = "listing_day";
/// The days around a window that a day in another time zone may be.
const MARGIN: i64 = 2;

/// Stores listings by their keys, their days first: a listing without its day would not be found.
pub(super) fn keep<'a>(
    store: &Store,
    source: &str,
    listings: impl IntoIterator<Item = (&'a String, &'a Listed)>,
) -> Result<(), StoreError> {
    let listings: Vec<(&String, &Listed)> = listings.into_iter().collect();
    if listings.is_empty() {
        return Ok(());
    }
    let days = listings.iter().filter_map(|(key, listed)| day_key(source, key, listed));
    store.put_all(DAYS, days.map(|key| (key, &())))?;
    store.put_all(LISTINGS, listings.into_iter().map(|(key, listed)| (key.clone(), listed)))
}

fn day_key(source: &str, key: &str, listed: &Listed) -> Option<String> {
    let id = key.strip_prefix(source)?.strip_prefix('/')?;
    Some(match &listed.listing.published {
        Some(moment) => format!("{source}/d/{}/{id}", moment.day_in(&TimeZone::UTC)),
        None => format!("{source}/u/{}/{id}", TimeZone::UTC.to_datetime(listed.first_seen).date()),
    })
}

/// For each of `sources` all that it listed of the candidates that any of them listed in or around
/// the window, and of those in `asked`.
pub(super) fn around(
    store: &Store,
    sources: &[String],
    window: &Window,
    late_days: u32,
    asked: impl IntoIterator<Item = String>,
) -> Result<Vec<Vec<Listed>>, StoreError> {
    let first = window.from.saturating_sub((i64::from(late_days) + MARGIN).days());
    let last = window.to.saturating_add(MARGIN.days());
    let mut wanted: BTreeSet<String> = asked.into_iter().collect();
    for source in sources {
        index(store, source)?;
        // The page of an undated one decides, and may be younger than its listing.
        let dated = (format!("{source}/d/{first}/"), format!("{source}/d/{last}0"));
        let undated = (format!("{source}/u/{first}/"), format!("{source}/v"));
        for (from, to) in [dated, undated] {
            let keys = store.keys_between(DAYS, &from, &to)?;
            wanted.extend(keys.iter().filter_map(|k| Some(k.rsplit_once('/')?.1.to_owned())));
        }
    }
    let of = |source: &String| {
        let found = wanted.iter().map(|id| store.get(LISTINGS, &format!("{source}/{id}")));
        found.filter_map(Result::transpose).collect()
    };
    sources.iter().map(of).collect()
}

/// Notes the days of what was listed before days were noted.
fn index(store: &Store, source: &str) -> Result<(), StoreError> {
    let done = format!("{source}/=");
    if store.get::<()>(DAYS, &done)?.is_some() {
        return Ok(());
    }
    let all: Vec<(String, Listed)> = store.scan(LISTINGS, &format!("{source}/"))?;
    let days = all.iter().filter_map(|(key, listed)| day_key(source, key, listed));
    store.put_all(DAYS, days.chain([done]).map(|key| (key, &())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::Listing;
    use crate::text::Moment;

    fn listed(title: &str, published: Option<&str>, first_seen: &str) -> Listed {
        let listing = Listing {
            url: None,
            guid: None,
            title: title.into(),
            published: published.map(|p| Moment::parse(p).unwrap()),
            changed: None,
            author: None,
            snippet: String::new(),
            content: None,
            whole: false,
        };
        Listed { listing, first_seen: first_seen.parse().unwrap() }
    }

    #[test]
    fn a_window_finds_its_days_of_all_sources_and_what_was_asked_for() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path()).unwrap();
        let seen = "2026-01-01T00:00:00Z";
        let old = listed("old", Some("2025-06-01T00:00:00Z"), seen);
        // One was listed before days were noted.
        store.put(LISTINGS, "a/in", &listed("in", Some("2026-01-03T23:30:00Z"), seen)).unwrap();
        store.put(LISTINGS, "a/old", &old).unwrap();
        let rest = [
            ("b/in", listed("in of another", Some("2025-12-01T00:00:00Z"), seen)),
            ("b/late", listed("late", Some("2026-01-01"), seen)),
            ("b/future", listed("future", Some("2027-01-01"), seen)),
            ("b/undated", listed("undated", None, "2026-02-01T00:00:00Z")),
            ("b/long-known", listed("long known", None, "2025-11-01T00:00:00Z")),
            ("b/asked", old.clone()),
        ]
        .map(|(key, listed)| (key.to_owned(), listed));
        keep(&store, "b", rest.iter().map(|(key, listed)| (key, listed))).unwrap();
        let window = Window {
            from: "2026-01-03".parse().unwrap(),
            to: "2026-01-04".parse().unwrap(),
            zone: TimeZone::get("Asia/Shanghai").unwrap(),
        };
        let sources = ["a".to_owned(), "b".to_owned()];
        let found = || around(&store, &sources, &window, 3, ["asked".to_owned()]).unwrap();
        let titles: Vec<Vec<String>> =
            found().into_iter().map(|l| l.into_iter().map(|l| l.listing.title).collect()).collect();
        assert_eq!(titles, [vec!["in"], vec!["old", "in of another", "late", "undated"]]);
        // A date that changed is found by its new day.
        let moved = [("a/old".to_owned(), listed("moved", Some("2026-01-04"), seen))];
        keep(&store, "a", moved.iter().map(|(key, listed)| (key, listed))).unwrap();
        assert_eq!(found()[0].len(), 2);
    }
}
