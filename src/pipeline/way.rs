//! The whole way of one candidate, from the store and the account of a run.

use jiff::Timestamp;
use serde::Serialize;

use super::gather::source_key;
use super::listed::LISTINGS;
use super::reading::{Reading, stored_reading};
use super::report::{CandidateRow, Report};
use super::{LinkedRow, RunError};
use crate::collect::Listed;
use crate::collect::canonical::canonical;
use crate::config::Config;
use crate::select::Kind;
use crate::store::Store;
use crate::text::Moment;
use crate::text::hash::short_id;

/// That a source listed it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ListedBy {
    /// The source's name.
    pub source: String,
    /// When it was first seen there.
    pub first_seen: Timestamp,
    /// When the source says it was published.
    pub published: Option<Moment>,
    /// Its title there.
    pub title: String,
    /// Its URL there.
    pub url: Option<String>,
}

/// What was read of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Read {
    /// `article`, or why there is none: a verdict or a reason of the network.
    pub verdict: String,
    /// The same for people; empty where it was read.
    pub detail: String,
    /// Which way of extraction gave the text.
    pub way: String,
    /// Characters of the text.
    pub characters: usize,
    /// Its sentences.
    pub sentences: usize,
    /// Its language.
    pub language: Option<String>,
    /// The page's own date.
    pub published: Option<Moment>,
}

/// The way of one address through a digest.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Way {
    /// The candidate's id.
    pub id: String,
    /// Which sources listed it, in the order of the configuration.
    pub listed: Vec<ListedBy>,
    /// What was read; `None` where nothing was tried.
    pub read: Option<Read>,
    /// Its row in the account; `None` where it is no candidate of the issue.
    pub candidate: Option<CandidateRow>,
    /// The other candidates of its story: title, URL and outcome.
    pub same_story: Vec<(String, String, Kind)>,
    /// The last entry by rank: its title, rank and score. What ranks lower found no room.
    pub last_entry: Option<(String, usize, f64)>,
    /// That a report links it, where it was tried as a primary source.
    pub linked: Option<LinkedRow>,
    /// Of what is no candidate the candidate with the nearest address.
    pub nearest: Option<String>,
}

/// The way of `asked`, an address in any of its spellings or a candidate's id, through the issue of
/// `report`.
///
/// # Errors
/// What the disk refuses.
pub fn way(store: &Store, config: &Config, report: &Report, asked: &str) -> Result<Way, RunError> {
    let canonical = canonical(asked);
    let id = canonical.as_deref().map_or_else(|| asked.to_owned(), short_id);
    let of_row = |row: &&CandidateRow| row.id == id || row.url == asked;
    let candidate = report.candidates.iter().find(of_row).cloned();
    let id = candidate.as_ref().map_or(id, |row| row.id.clone());
    let mut listed = Vec::new();
    for source in &config.sources {
        let found: Option<Listed> = store.get(LISTINGS, &format!("{}/{id}", source_key(source)))?;
        listed.extend(found.map(|l| ListedBy {
            source: source.name().to_owned(),
            first_seen: l.first_seen,
            published: l.listing.published,
            title: l.listing.title,
            url: l.listing.url,
        }));
    }
    let story = candidate.as_ref().and_then(|c| c.story.clone());
    let of_story = report.candidates.iter().filter(|c| story.is_some() && c.story == story);
    let same_story = of_story
        .filter(|c| c.id != id)
        .map(|c| (c.title.clone(), c.url.clone(), c.outcome))
        .collect();
    let entries = report.candidates.iter().filter(|c| c.outcome == Kind::Entry);
    let last = entries.filter_map(|c| Some((c.title.clone(), c.rank?, c.score?)));
    let nearest = match (&candidate, &canonical) {
        (None, Some(url)) => nearest(url, report),
        _ => None,
    };
    Ok(Way {
        read: stored_reading(store, &id)?.map(read),
        linked: report.linked.iter().find(|l| l.page.candidate == id).cloned(),
        last_entry: last.max_by_key(|(_, rank, _)| *rank),
        id,
        listed,
        candidate,
        same_story,
        nearest,
    })
}

fn read(reading: Reading) -> Read {
    match reading {
        Reading::Unreadable { reason, detail } => Read {
            verdict: reason,
            detail,
            way: String::new(),
            characters: 0,
            sentences: 0,
            language: None,
            published: None,
        },
        Reading::Read(article) => Read {
            verdict: article.verdict.code().to_owned(),
            detail: String::new(),
            way: article.way.clone(),
            characters: article.document.text().chars().count(),
            sentences: article.document.sentences().len(),
            language: article.language.as_ref().map(|l| l.0.clone()),
            published: article.published,
        },
    }
}

/// The candidate whose address has most of its beginning in common with `url`, on the same host.
fn nearest(url: &str, report: &Report) -> Option<String> {
    let host = |u: &str| u.split('/').nth(2).map(str::to_owned);
    let common = |u: &str| u.chars().zip(url.chars()).take_while(|(a, b)| a == b).count();
    let all = report.candidates.iter().filter_map(|c| Some((canonical(&c.url)?, c)));
    let same_host = all.filter(|(u, _)| host(u) == host(url));
    let best =
        same_host.max_by(|(a, x), (b, y)| common(a).cmp(&common(b)).then_with(|| y.id.cmp(&x.id)));
    best.map(|(_, c)| c.url.clone())
}
