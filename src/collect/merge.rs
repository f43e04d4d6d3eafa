//! Listings → Candidates: one identity, one candidate, whatever the order of arrival.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::canonical::canonical;
use super::{Authority, Candidate, Listing};
use crate::text::Moment;
use crate::text::hash::short_id;

/// A listing and when it was first stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Listed {
    /// What the source listed.
    pub listing: Listing,
    /// When it was first stored; in a replay the date of the source's answer.
    pub first_seen: Timestamp,
}

/// The listings of one source.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// The source's name.
    pub source: String,
    /// The scope of its own ids: [`super::Source::scope`].
    pub scope: String,
    /// The source's authority.
    pub authority: Authority,
    /// What it listed, in any order.
    pub listings: Vec<Listed>,
}

/// The id of the candidate that `listing` becomes: [`short_id`] of its canonical URL; of its guid
/// where it has no URL; of title and date where it has neither.
///
/// A guid that is no URI or UUID (`17`, say) and a title are unique within their feed at most, so
/// they are hashed with `scope`.
pub fn candidate_id(listing: &Listing, scope: &str) -> String {
    if let Some(url) = listing.url.as_deref().and_then(canonical) {
        return short_id(&url);
    }
    match listing.guid.as_deref().map(str::trim).filter(|g| !g.is_empty()) {
        Some(guid) if guid.contains(':') || guid.len() >= 32 => short_id(&format!("guid\n{guid}")),
        Some(guid) => short_id(&format!("guid\n{scope}\n{guid}")),
        None => {
            let date = listing.published.map(|p| p.to_string()).unwrap_or_default();
            short_id(&format!("title\n{scope}\n{}\n{date}", listing.title.trim()))
        }
    }
}

/// The candidates of `groups`, which stand in the order of the configuration; ordered by id.
///
/// Of several listings of one candidate the first source's words are taken, the earliest instant,
/// the longest article and the highest authority. Nothing depends on the order of the listings.
pub fn merge(groups: &[Group]) -> Vec<Candidate> {
    let mut by_id: BTreeMap<String, Vec<(usize, &Listed)>> = BTreeMap::new();
    for (rank, group) in groups.iter().enumerate() {
        for listed in &group.listings {
            let id = candidate_id(&listed.listing, &group.scope);
            by_id.entry(id).or_default().push((rank, listed));
        }
    }
    by_id
        .into_iter()
        .map(|(id, mut all)| {
            all.sort_by(order);
            join(id, &all, groups)
        })
        .collect()
}

/// Configuration first, then a total order on what was listed.
fn order(a: &(usize, &Listed), b: &(usize, &Listed)) -> Ordering {
    let key = |l: &Listed| {
        let dated = l.listing.published.map(|p| p.order_key());
        (dated.is_none(), dated, l.listing.title.clone(), l.listing.url.clone())
    };
    let rest = |l: &Listed| {
        (l.listing.snippet.clone(), l.listing.author.clone(), l.listing.content.clone())
    };
    a.0.cmp(&b.0).then_with(|| key(a.1).cmp(&key(b.1))).then_with(|| rest(a.1).cmp(&rest(b.1)))
}

fn join(id: String, all: &[(usize, &Listed)], groups: &[Group]) -> Candidate {
    let listings = || all.iter().map(|(_, l)| &l.listing);
    let words = |f: fn(&Listing) -> &str| {
        listings().map(f).find(|t| !t.trim().is_empty()).unwrap_or("").to_owned()
    };
    let url = words(|l| l.url.as_deref().unwrap_or(""));
    let mut ranks: Vec<usize> = all.iter().map(|(rank, _)| *rank).collect();
    ranks.dedup();
    let mut sources: Vec<String> = Vec::new();
    for rank in &ranks {
        if !sources.contains(&groups[*rank].source) {
            sources.push(groups[*rank].source.clone());
        }
    }
    Candidate {
        id,
        canonical: canonical(&url).unwrap_or_default(),
        url,
        title: words(|l| &l.title),
        published: earliest(listings().filter_map(|l| l.published)),
        changed: listings()
            .filter_map(|l| l.changed)
            .max_by_key(|m| (m.order_key(), m.to_string())),
        first_seen: all.iter().map(|(_, l)| l.first_seen).min().unwrap_or(Timestamp::UNIX_EPOCH),
        sources,
        authority: ranks.iter().map(|r| groups[*r].authority).max().unwrap_or_default(),
        author: Some(words(|l| l.author.as_deref().unwrap_or(""))).filter(|a| !a.is_empty()),
        snippet: words(|l| &l.snippet),
        content: longest(listings().filter_map(|l| l.content.as_ref())),
        whole: listings().any(|l| l.whole && l.content.is_some()),
    }
}

/// The earliest instant; where there is none, the earliest day. A bare day says less than an
/// instant of another source, so it never wins over one.
fn earliest(moments: impl Iterator<Item = Moment>) -> Option<Moment> {
    moments.min_by_key(|m| (matches!(m, Moment::Day(_)), m.order_key(), m.to_string()))
}

/// The longest article; of equally long ones the first in order of their bytes.
fn longest<'a>(contents: impl Iterator<Item = &'a String>) -> Option<String> {
    contents.max_by(|a, b| a.len().cmp(&b.len()).then_with(|| b.cmp(a))).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(
        url: Option<&str>,
        guid: Option<&str>,
        title: &str,
        published: Option<&str>,
    ) -> Listed {
        Listed {
            listing: Listing {
                url: url.map(Into::into),
                guid: guid.map(Into::into),
                title: title.into(),
                published: published.map(|p| Moment::parse(p).unwrap()),
                changed: None,
                whole: false,
                author: None,
                snippet: String::new(),
                content: None,
            },
            first_seen: "2026-01-05T00:00:00Z".parse().unwrap(),
        }
    }

    fn group(source: &str, authority: Authority, listings: Vec<Listed>) -> Group {
        Group {
            source: source.into(),
            scope: format!("https://{source}.example/"),
            authority,
            listings,
        }
    }

    #[test]
    fn one_url_in_two_feeds_is_one_candidate() {
        let a = listed(
            Some("https://n.example/a?utm_source=x"),
            Some("1"),
            "First words",
            Some("2026-01-03"),
        );
        let b =
            listed(Some("http://n.example/a"), None, "Other words", Some("2026-01-03T09:00:00Z"));
        let c = listed(Some("https://n.example/c"), None, "Other", None);
        let mut groups = vec![
            group("one", Authority::Media, vec![a, c]),
            group("two", Authority::Official, vec![b]),
        ];
        let got = merge(&groups);
        assert_eq!(got.len(), 2);
        let joined = got.iter().find(|c| c.sources.len() == 2).unwrap();
        assert_eq!(joined.sources, ["one", "two"]);
        assert_eq!(joined.title, "First words");
        assert_eq!(joined.url, "https://n.example/a?utm_source=x");
        assert_eq!(joined.authority, Authority::Official);
        assert_eq!(joined.published, Moment::parse("2026-01-03T09:00:00Z"));
        groups[0].listings.reverse();
        assert_eq!(merge(&groups), got);
    }

    #[test]
    fn ids_without_a_url() {
        let id = |l: &Listed, scope: &str| candidate_id(&l.listing, scope);
        let uuid = listed(None, Some("urn:uuid:1225c695"), "t", None);
        assert_eq!(id(&uuid, "a"), id(&uuid, "b"));
        let number = listed(None, Some("17"), "t", None);
        assert_ne!(id(&number, "a"), id(&number, "b"));
        let bare = listed(None, None, "t", Some("2026-01-03"));
        assert_ne!(id(&bare, "a"), id(&bare, "b"));
        assert_ne!(id(&bare, "a"), id(&listed(None, None, "t", Some("2026-01-04")), "a"));
        let linked = listed(Some("https://n.example/a"), Some("17"), "t", None);
        assert_eq!(id(&linked, "a"), short_id("https://n.example/a"));
    }
}
