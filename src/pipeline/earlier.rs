//! Earlier issues: what approved issues of the same edition carried.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Run;
use super::reading::ARTICLES;
use crate::extract::Article;
use crate::store::{Store, StoreError};

/// Approved issues, keyed `EDITION/ISSUE`.
const EARLIER: &str = "earlier";

/// What one approved issue carried.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct EarlierIssue {
    /// The first day of its window.
    pub(super) from: String,
    /// The last day.
    pub(super) to: String,
    /// Its entries.
    pub(super) entries: Vec<EarlierEntry>,
}

/// One entry of an approved issue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct EarlierEntry {
    /// The title.
    pub(super) title: String,
    /// Ids of the candidates of its story, and of its source link.
    pub(super) candidates: BTreeSet<String>,
    /// The id of the article it was written from.
    pub(super) article: Option<String>,
}

/// An entry of an earlier issue, with its article.
pub(super) struct Carried {
    /// The issue's name.
    pub(super) issue: String,
    /// The entry.
    pub(super) entry: EarlierEntry,
    /// Its article, where it is stored.
    pub(super) article: Option<Article>,
}

/// Remembers an approved issue.
pub(super) fn remember(store: &Store, key: &str, issue: &EarlierIssue) -> Result<(), StoreError> {
    store.put(EARLIER, key, issue)
}

/// The entries of approved issues of the edition whose window starts before this one's, the
/// latest issues first.
pub(super) fn carried(run: &Run<'_>) -> Result<Vec<Carried>, StoreError> {
    let prefix = format!("{}/", run.config.edition.id);
    let from = run.window.from.to_string();
    let mut all: Vec<(String, EarlierIssue)> = run.store.scan(EARLIER, &prefix)?;
    all.retain(|(_, issue)| issue.from < from);
    all.sort_by(|a, b| b.1.from.cmp(&a.1.from).then_with(|| b.0.cmp(&a.0)));
    let mut out = Vec::new();
    for (key, issue) in all {
        let name = key.strip_prefix(&prefix).unwrap_or(&key).to_owned();
        for entry in issue.entries {
            let article = match &entry.article {
                Some(id) => run.store.get(ARTICLES, id)?,
                None => None,
            };
            out.push(Carried { issue: name.clone(), entry, article });
        }
    }
    Ok(out)
}

/// The last day that an approved issue of `edition` covers.
///
/// # Errors
/// What the disk refuses.
pub fn last_day(store: &Store, edition: &str) -> Result<Option<String>, StoreError> {
    let all: Vec<(String, EarlierIssue)> = store.scan(EARLIER, &format!("{edition}/"))?;
    Ok(all.into_iter().map(|(_, issue)| issue.to).max())
}
