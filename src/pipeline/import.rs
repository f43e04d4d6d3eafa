//! An older issue's Markdown → an earlier issue: what it carried is not drafted again.
//!
//! No article of it is stored: its stories are found again by the link of each entry, by title, and
//! by the likeness of the entry's prose.

use serde::Serialize;

use super::earlier::{EarlierEntry, EarlierIssue, remember, remembered};
use crate::collect::canonical::canonical;
use crate::compose::{Edition, IssueEntry};
use crate::format::{self, Problem, Severity, join_claims};
use crate::store::{Store, StoreError};
use crate::text::hash::short_id;

/// A file that cannot be taken in.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// It is not in the format: its errors, in the order of its lines.
    #[error("{}", told(.0))]
    Format(Vec<Problem>),
    /// The disk refuses.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn told(problems: &[Problem]) -> String {
    let lines: Vec<String> = problems
        .iter()
        .map(|p| format!("line {}: expected {}, found {}", p.line, p.expected, p.found))
        .collect();
    lines.join("\n")
}

/// What became of a file. A closed list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Taken {
    /// It is an earlier issue now.
    New,
    /// It was taken in before, with just these entries.
    Already,
    /// It was taken in before with other entries; these stand in their place.
    Replaced,
    /// An issue of these days was approved here, which knows more: nothing was changed.
    Approved,
}

/// An issue that was read from a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Imported {
    /// Its name.
    pub issue: String,
    /// The edition's title in the file.
    pub title: String,
    /// Titles and source links of its entries.
    pub entries: Vec<(String, String)>,
    /// What became of it.
    pub taken: Taken,
}

/// Reads an issue's Markdown without taking it in.
///
/// # Errors
/// All that is not in the format.
fn read(markdown: &str) -> Result<crate::compose::Issue, ImportError> {
    let mut problems = format::check(markdown);
    problems.retain(|p| p.severity == Severity::Error);
    if !problems.is_empty() {
        return Err(ImportError::Format(problems));
    }
    format::parse(markdown).map(|parsed| parsed.issue).map_err(|e| {
        let severity = Severity::Error;
        let (line, expected, found) = (e.line, e.expected, e.found);
        ImportError::Format(vec![Problem { line, severity, expected, found }])
    })
}

/// Whether an issue's Markdown could be taken in.
///
/// # Errors
/// All that is not in the format.
pub fn check_import(markdown: &str) -> Result<(), ImportError> {
    read(markdown).map(|_| ())
}

/// Takes an issue's Markdown in as an earlier issue of `edition`; its days are those of its title.
///
/// # Errors
/// It is not in the format, or the disk refuses; nothing is changed then.
pub fn import(store: &Store, edition: &Edition, markdown: &str) -> Result<Imported, ImportError> {
    let issue = read(markdown)?;
    let entries: Vec<&IssueEntry> = issue.sections.iter().flat_map(|s| &s.entries).collect();
    let window = &issue.window;
    let name = format!("{}_{}", window.from, window.to);
    let key = format!("{}/{name}", edition.id);
    let earlier = EarlierIssue {
        from: window.from.clone(),
        to: window.to.clone(),
        imported: true,
        entries: entries.iter().map(|e| entry(e)).collect(),
    };
    let taken = match remembered(store, &key)? {
        None => Taken::New,
        Some(before) if !before.imported => Taken::Approved,
        Some(before) if before == earlier => Taken::Already,
        Some(_) => Taken::Replaced,
    };
    if matches!(taken, Taken::New | Taken::Replaced) {
        remember(store, &key, &earlier)?;
    }
    let shown = entries.iter().map(|e| (e.title.clone(), e.link.url.clone())).collect();
    Ok(Imported { issue: name, title: issue.edition.title, entries: shown, taken })
}

fn entry(entry: &IssueEntry) -> EarlierEntry {
    let details = entry.key_points.iter().flat_map(|p| &p.details).map(|d| &d.claim.text);
    let summary = join_claims(&entry.summary);
    let prose: Vec<&str> = std::iter::once(&summary).chain(details).map(String::as_str).collect();
    EarlierEntry {
        title: entry.title.clone(),
        candidates: canonical(&entry.link.url).map(|url| short_id(&url)).into_iter().collect(),
        text: prose.join("\n"),
        summary,
        date: entry.date.clone(),
        ..EarlierEntry::default()
    }
}
