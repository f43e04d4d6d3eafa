//! The way back to a version of a draft: the text with its structure, and what the editor had decided.

use std::collections::BTreeSet;
use std::path::Path;

use jiff::Timestamp;

use super::RunError;
use super::decisions::Decisions;
use super::files::{DRAFTS, DraftRecord, Files, hash_of};
use super::report::Report;
use super::versions::{UndoError, Version, Why, find, push, replaced_from};
use crate::store::{Store, keep_version, kept, read_text, write_atomic};
use crate::text::hash::sha256_hex;

/// What the editor had decided about some candidates, and their rows of the account.
pub(super) struct Decided {
    decisions: Decisions,
    report: Option<Report>,
    candidates: BTreeSet<String>,
}

impl Decided {
    /// As it was when `version` was replaced, of `candidates`; `None` where the step decided nothing.
    pub(super) fn of(
        store: &Store,
        version: &Version,
        candidates: BTreeSet<String>,
    ) -> Result<Option<Self>, RunError> {
        let Some(decisions) = version.decisions.clone() else { return Ok(None) };
        let text = match &version.report {
            Some(hash) => read_text(&kept(store.dir(), hash))?,
            None => None,
        };
        let report = text.and_then(|text| serde_json::from_str(&text).ok());
        Ok(Some(Self { decisions, report, candidates }))
    }

    fn restore(self, files: &Files<'_>) -> Result<(), RunError> {
        let mut decisions = Decisions::load(files.store, &files.key)?;
        decisions.take_back(&self.decisions, &self.candidates);
        decisions.save(files.store, &files.key)?;
        // A damaged account does not stand in the way: the next run writes it anew.
        if let (Some(before), Ok(mut report)) = (self.report, Report::load(files)) {
            report.put_back(&before, &self.candidates);
            report.save_to(files)?;
        }
        Ok(())
    }
}

/// Goes back to version `number`, or to the last one that was replaced. What stands there now is
/// kept as a version itself: a second undo brings it back. What was brought in or taken out since is
/// as it was then. Gives the number it went back to.
///
/// # Errors
/// There is no such version, or the disk refuses.
pub fn undo(
    files: (&Store, &Path, &str, &str),
    number: Option<usize>,
    now: Timestamp,
) -> Result<usize, UndoError> {
    let (store, dir, edition, issue) = files;
    let (version, number) = find(store, edition, issue, number)?;
    let files = Files::new(store, dir, edition, issue);
    let text = read_text(&kept(store.dir(), &version.markdown)).map_err(RunError::from)?;
    let text = text.ok_or(UndoError::Gone(number))?;
    let expected = hash_of(&files.path()).map_err(RunError::from)?;
    let decided = decided_until(&files, number)?;
    put_back(&files, version, &text, expected, (decided, now))?;
    Ok(number)
}

/// What was decided when version `number` was replaced, of all that is decided otherwise now.
fn decided_until(files: &Files<'_>, number: usize) -> Result<Option<Decided>, RunError> {
    let since = replaced_from(files.store, &files.key, number)?;
    let Some(first) = since.iter().find(|v| v.decisions.is_some()) else { return Ok(None) };
    let now = Decisions::load(files.store, &files.key)?;
    let before = first.decisions.clone().unwrap_or_default();
    let mut candidates = now.differs(&before);
    // The whole story of what came or went is concerned, as far as a draft knew it.
    let present: DraftRecord = files.store.get(DRAFTS, &files.key)?.unwrap_or_default();
    let stories = since.iter().flat_map(|v| v.record.stories.values());
    for story in stories.chain(present.stories.values()) {
        if !story.candidates.is_disjoint(&candidates) {
            candidates.extend(story.candidates.iter().cloned());
        }
    }
    if candidates.is_empty() { Ok(None) } else { Decided::of(files.store, first, candidates) }
}

/// Writes `text`, which is that of `version` or made from it, with the structure that belongs to it,
/// over the file with the hash `expected`; and puts back what was decided.
pub(super) fn put_back(
    files: &Files<'_>,
    version: Version,
    text: &str,
    expected: Option<String>,
    (decided, now): (Option<Decided>, Timestamp),
) -> Result<(), UndoError> {
    let (store, state) = (files.store, files.store.dir());
    let json = match &version.json {
        Some(hash) => read_text(&kept(state, hash)).map_err(RunError::from)?,
        None => None,
    };
    let path = files.path();
    let present = keep_version(state, &path).map_err(RunError::from)?;
    if present.as_ref().map(|p| &p.sha256) != expected.as_ref() {
        return Err(UndoError::Changed);
    }
    if let Some(present) = &present {
        let json_now =
            keep_version(state, &files.folder.join("issue.json")).map_err(RunError::from)?;
        let record = files.record(&present.sha256)?.unwrap_or_default();
        let (mut decisions, mut report) = (None, None);
        if decided.is_some() {
            decisions = Some(Decisions::load(store, &files.key).map_err(RunError::from)?);
            let path = files.folder.join("report.json");
            report = keep_version(state, &path).map_err(RunError::from)?.map(|k| k.sha256);
        }
        push(
            store,
            &files.key,
            &Version {
                markdown: present.sha256.clone(),
                json: json_now.map(|k| k.sha256),
                record: DraftRecord { next: None, ..record },
                replaced_by: sha256_hex(text.as_bytes()),
                why: Why::Undo,
                at: now,
                decisions,
                report,
            },
        )?;
    }
    if hash_of(&path).map_err(RunError::from)? != expected {
        return Err(UndoError::Changed);
    }
    // What the text belongs to is noted first: a text without its record would look like an edit.
    let record = DraftRecord { markdown: version.markdown, ..version.record };
    let ours = DraftRecord { markdown: sha256_hex(text.as_bytes()), ..record.clone() };
    let mut intent: DraftRecord =
        store.get(DRAFTS, &files.key).map_err(RunError::from)?.unwrap_or_default();
    intent.next = Some(Box::new(ours));
    store.put_durably(DRAFTS, &files.key, &intent).map_err(RunError::from)?;
    // Before the text: a run after a crash in between then drafts by what is decided again.
    if let Some(decided) = decided {
        decided.restore(files)?;
    }
    write_atomic(&path, text.as_bytes()).map_err(RunError::from)?;
    if let Some(json) = json {
        files.replace("issue.json", json.as_bytes())?;
    }
    Ok(store.put_durably(DRAFTS, &files.key, &record).map_err(RunError::from)?)
}
