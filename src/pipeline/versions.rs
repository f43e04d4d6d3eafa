//! The versions of a draft that the program replaced, and the way back to one of them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::RunError;
use super::decisions::Decisions;
use super::files::DraftRecord;
use crate::store::{Store, kept, read_text};

/// Replaced versions, keyed `EDITION/ISSUE/NUMBER`.
const VERSIONS: &str = "version";

/// Why the program wrote over a draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// A run wrote a draft that nobody had edited.
    Run,
    /// A run merged into an edited draft.
    Merge,
    /// The editor brought a candidate in.
    Include,
    /// The editor took an entry out.
    Exclude,
    /// The editor went back to another version.
    Undo,
}

impl Why {
    /// In words.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Run => "a run wrote a new draft",
            Self::Merge => "a run merged a new draft into yours",
            Self::Include => "an entry was brought in",
            Self::Exclude => "an entry was taken out",
            Self::Undo => "you went back to another version",
        }
    }
}

/// A version that was replaced.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Version {
    /// The hash of its text, which is kept.
    pub(super) markdown: String,
    /// The hash of its structure, which is kept.
    pub(super) json: Option<String>,
    /// What was known of it.
    pub(super) record: DraftRecord,
    /// The hash of the text that took its place.
    pub(super) replaced_by: String,
    /// Why.
    pub(super) why: Why,
    /// When.
    pub(super) at: Timestamp,
    /// What the editor had decided until then; of what was brought in or taken out alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) decisions: Option<Decisions>,
    /// The hash of the account as it was then, which is kept; as `decisions`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) report: Option<String>,
}

/// A version that was replaced, as a person is shown it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct VersionRow {
    /// Its number, from 1.
    pub number: usize,
    /// The hash of its text.
    pub sha256: String,
    /// When it was replaced.
    pub at: Timestamp,
    /// Why it was replaced.
    pub why: Why,
}

/// A way back that there is not.
#[derive(Debug, thiserror::Error)]
pub enum UndoError {
    /// Nothing was replaced yet.
    #[error("{0} has no earlier version: nothing was written over yet")]
    None(String),
    /// There is no version of that number.
    #[error("{0} has no version {1}; `digestgen undo --list` shows them")]
    Unknown(String, usize),
    /// The kept text is gone.
    #[error("version {0} is no longer kept under .digestgen/kept; restore that folder")]
    Gone(usize),
    /// The draft was changed at this very moment.
    #[error("the draft was changed while it was being replaced; run `digestgen undo` again")]
    Changed,
    /// The disk refuses, or a bug of ours.
    #[error(transparent)]
    Run(#[from] RunError),
}

/// Keeps a version that is about to be replaced.
pub(super) fn push(store: &Store, key: &str, version: &Version) -> Result<(), RunError> {
    let all: Vec<(String, Version)> = store.scan(VERSIONS, &format!("{key}/"))?;
    // A crash between this and the write leaves the version that is still there: not twice.
    if all.last().is_some_and(|(_, last)| {
        last.markdown == version.markdown && last.replaced_by == version.replaced_by
    }) {
        return Ok(());
    }
    Ok(store.put_durably(VERSIONS, &format!("{key}/{:06}", all.len() + 1), version)?)
}

/// The versions of a draft that were replaced, the first first.
///
/// # Errors
/// The state cannot be read.
pub fn versions(store: &Store, edition: &str, issue: &str) -> Result<Vec<VersionRow>, RunError> {
    let all: Vec<(String, Version)> = store.scan(VERSIONS, &format!("{edition}/{issue}/"))?;
    let rows = all.into_iter().enumerate().map(|(at, (_, v))| VersionRow {
        number: at + 1,
        sha256: v.markdown,
        at: v.at,
        why: v.why,
    });
    Ok(rows.collect())
}

/// The text of a version, by its number.
///
/// # Errors
/// There is none.
pub fn version_text(
    store: &Store,
    edition: &str,
    issue: &str,
    number: usize,
) -> Result<String, UndoError> {
    let (version, _) = find(store, edition, issue, Some(number))?;
    let text = read_text(&kept(store.dir(), &version.markdown)).map_err(RunError::from)?;
    text.ok_or(UndoError::Gone(number))
}

pub(super) fn find(
    store: &Store,
    edition: &str,
    issue: &str,
    number: Option<usize>,
) -> Result<(Version, usize), UndoError> {
    let all: Vec<(String, Version)> =
        store.scan(VERSIONS, &format!("{edition}/{issue}/")).map_err(RunError::from)?;
    let wanted = number.unwrap_or(all.len());
    let at = wanted.checked_sub(1).ok_or_else(|| UndoError::None(issue.to_owned()))?;
    let unknown = || UndoError::Unknown(issue.to_owned(), wanted);
    let (_, version) = all.into_iter().nth(at).ok_or_else(unknown)?;
    Ok((version, wanted))
}

/// The version with the text `markdown` that `replaced_by` took the place of: the last such.
pub(super) fn replaced(
    store: &Store,
    key: &str,
    markdown: &str,
    replaced_by: &str,
) -> Result<Option<Version>, RunError> {
    let all: Vec<(String, Version)> = store.scan(VERSIONS, &format!("{key}/"))?;
    let is_it = |v: &Version| v.markdown == markdown && v.replaced_by == replaced_by;
    Ok(all.into_iter().map(|(_, v)| v).rfind(is_it))
}

/// The versions of the draft `key` from `number` on, in the order in which they were replaced.
pub(super) fn replaced_from(
    store: &Store,
    key: &str,
    number: usize,
) -> Result<Vec<Version>, RunError> {
    let all: Vec<(String, Version)> = store.scan(VERSIONS, &format!("{key}/"))?;
    Ok(all.into_iter().skip(number.saturating_sub(1)).map(|(_, v)| v).collect())
}
