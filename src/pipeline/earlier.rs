//! Earlier issues: what approved and imported issues of the same edition carried.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Run;
use super::reading::{ARTICLES, stored_article};
use crate::extract::Article;
use crate::store::{Store, StoreError};

/// Earlier issues, keyed `EDITION/ISSUE`.
const EARLIER: &str = "earlier";

/// How many days before this window an issue may have ended for its events to be looked for: two
/// reports further apart than three days are two events ([`crate::select::cluster`]). Links and
/// titles are looked for in all issues.
const DAYS_OF_EVENTS: i64 = 14;

/// What one earlier issue carried.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct EarlierIssue {
    /// The first day of its window.
    pub(super) from: String,
    /// The last day.
    pub(super) to: String,
    /// It was read from a file, not approved here.
    #[serde(default)]
    pub(super) imported: bool,
    /// Its entries.
    pub(super) entries: Vec<EarlierEntry>,
}

/// One entry of an earlier issue.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct EarlierEntry {
    /// The title.
    pub(super) title: String,
    /// Ids of the candidates of its story, and of its source link.
    pub(super) candidates: BTreeSet<String>,
    /// The id of the article it was written from.
    pub(super) article: Option<String>,
    /// The summary as it was approved.
    #[serde(default)]
    pub(super) summary: String,
    /// The prose of an imported entry, in the place of the article that is not stored.
    #[serde(default)]
    pub(super) text: String,
    /// The date that the entry shows; empty where it shows none.
    #[serde(default)]
    pub(super) date: String,
    /// It was drafted, and the editor left it out of what they approved: it does not come back.
    #[serde(default)]
    pub(super) left_out: bool,
}

/// An entry of an earlier issue, with its articles.
pub(super) struct Carried {
    /// The issue's name.
    pub(super) issue: String,
    /// The last day of its window.
    pub(super) day: String,
    /// The entry.
    pub(super) entry: EarlierEntry,
    /// Its articles as far as they are stored, the one that it was written from first; none of an
    /// issue that ended long before.
    pub(super) articles: Vec<Article>,
    /// Whether its event is looked for.
    pub(super) recent: bool,
}

/// Remembers an earlier issue.
pub(super) fn remember(store: &Store, key: &str, issue: &EarlierIssue) -> Result<(), StoreError> {
    store.put(EARLIER, key, issue)
}

/// What is remembered of an issue.
pub(super) fn remembered(store: &Store, key: &str) -> Result<Option<EarlierIssue>, StoreError> {
    store.get(EARLIER, key)
}

/// The entries of earlier issues of the edition whose window starts before this one's: the latest
/// issues first, and in each what stood in it before what was left out.
pub(super) fn carried(run: &Run<'_>) -> Result<Vec<Carried>, StoreError> {
    let prefix = format!("{}/", run.config.edition.id);
    let from = run.window.from.to_string();
    let least = run.window.from.saturating_sub(jiff::Span::new().days(DAYS_OF_EVENTS)).to_string();
    let mut all: Vec<(String, EarlierIssue)> = run.store.scan(EARLIER, &prefix)?;
    all.retain(|(_, issue)| issue.from < from);
    all.sort_by(|a, b| b.1.from.cmp(&a.1.from).then_with(|| b.0.cmp(&a.0)));
    let mut out = Vec::new();
    for (key, mut issue) in all {
        let name = key.strip_prefix(&prefix).unwrap_or(&key).to_owned();
        issue.entries.sort_by_key(|e| e.left_out);
        let recent = issue.to >= least;
        for entry in issue.entries {
            let articles = if recent { articles(run.store, &entry)? } else { Vec::new() };
            out.push(Carried {
                issue: name.clone(),
                day: issue.to.clone(),
                entry,
                articles,
                recent,
            });
        }
    }
    Ok(out)
}

/// The stored articles of an entry, the one that it was written from first.
fn articles(store: &Store, entry: &EarlierEntry) -> Result<Vec<Article>, StoreError> {
    let mut out: Vec<Article> = Vec::new();
    if let Some(id) = &entry.article {
        out.extend(store.get::<Article>(ARTICLES, id)?);
    }
    for candidate in &entry.candidates {
        let article = stored_article(store, candidate)?;
        out.extend(article.filter(|a| out.iter().all(|o| o.id != a.id)));
    }
    Ok(out)
}

/// The last day that an earlier issue of `edition` covers.
///
/// # Errors
/// What the disk refuses.
pub fn last_day(store: &Store, edition: &str) -> Result<Option<String>, StoreError> {
    let all: Vec<(String, EarlierIssue)> = store.scan(EARLIER, &format!("{edition}/"))?;
    Ok(all.into_iter().map(|(_, issue)| issue.to).max())
}
