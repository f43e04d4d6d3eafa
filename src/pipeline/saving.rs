//! Draft → files: writes `issue.md` and `issue.json`; into a draft that an editor changed it merges.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::decisions::Decisions;
use super::draft::Draft;
use super::files::{
    Base, Change, DRAFTS, DraftRecord, Files, Standing, StoryRecord, candidates_of, json_of,
    structure,
};
use super::versions::Why;
use super::{Run, RunError};
use crate::format::render_with;
use crate::review::{Conflict, Decided, Machine, Merged, extend, merge};
use crate::store::read_text;
use crate::text::hash::sha256_hex;

/// What became of the files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Saved {
    /// The draft was written.
    Written(PathBuf),
    /// The draft on the disk is just this one; nothing was touched.
    Unchanged(PathBuf),
    /// The new draft was merged into an edited one.
    Merged {
        /// The editor's file.
        path: PathBuf,
        /// What the merge did.
        merged: Box<Merged>,
        /// Titles of entries that are no longer chosen and were kept.
        kept: Vec<String>,
        /// The whole new draft, where both sides changed a field.
        new: Option<PathBuf>,
    },
    /// A person approved the draft, or it cannot be merged: it was left, and the new one stands
    /// beside it.
    Beside {
        /// The editor's file.
        edited: PathBuf,
        /// The new draft.
        new: PathBuf,
        /// Why.
        why: String,
    },
}

impl Saved {
    /// What a person must do about it.
    pub(super) fn gaps(&self) -> Vec<String> {
        match self {
            Self::Written(_) | Self::Unchanged(_) => Vec::new(),
            Self::Beside { edited, new, why } => vec![format!(
                "{} {why} and was not touched; compare it with {} and take over what you want",
                edited.display(),
                new.display()
            )],
            Self::Merged { merged, new, .. } => {
                let place = new.as_ref().map(|n| n.display().to_string()).unwrap_or_default();
                let told = merged.conflicts.iter().map(|c| {
                    let of = if c.entry.is_empty() { "" } else { " of " };
                    format!(
                        "the {}{of}{} was changed by you and by this run; yours stands, the new \
                         one is in {place}",
                        c.field, c.entry
                    )
                });
                told.collect()
            }
        }
    }

    /// What both sides changed.
    pub(super) fn conflicts(&self) -> &[Conflict] {
        match self {
            Self::Merged { merged, .. } => &merged.conflicts,
            _ => &[],
        }
    }

    /// What an editor should know.
    pub(super) fn notes(&self) -> Vec<String> {
        match self {
            Self::Merged { kept, .. } => kept
                .iter()
                .map(|title| format!("“{title}” is no longer chosen; it stays until you delete it"))
                .collect(),
            _ => Vec::new(),
        }
    }
}

/// Writes the draft; into one that a person changed it is merged.
pub(super) fn save(run: &Run<'_>, draft: &Draft, decisions: &Decisions) -> Result<Saved, RunError> {
    let files = Files::of(run);
    let path = files.path();
    let before = read_text(&path)?;
    let hash = before.as_ref().map(|text| sha256_hex(text.as_bytes()));
    let own = sha256_hex(draft.markdown.as_bytes());
    let standing = files.standing()?;
    let edited = |why: &str| beside(&files, draft, why);
    match (before, hash, standing) {
        (None, ..) => written(run, &files, draft, None),
        (_, Some(hash), _) if files.is_approved(&hash)? && hash != own => edited("was approved"),
        (_, Some(hash), None) if hash != own => edited("was there before the first draft"),
        (_, Some(hash), Some(Standing { record, base: None, .. })) if hash != own => {
            match record.markdown == hash {
                true => written(run, &files, draft, Some(hash)),
                false => edited(
                    "was edited, and what was written before it is no longer kept under .digestgen",
                ),
            }
        }
        (_, Some(hash), Some(Standing { text, record, base: Some(base) })) => {
            if record.base.as_ref().is_some_and(|b| b.markdown == hash) {
                return written(run, &files, draft, Some(hash));
            }
            merged(run, &files, draft, decisions, (hash, text, record, base))
        }
        (_, hash, _) => written(run, &files, draft, hash),
    }
}

/// Writes the draft as it is.
fn written(
    run: &Run<'_>,
    files: &Files<'_>,
    draft: &Draft,
    before: Option<String>,
) -> Result<Saved, RunError> {
    let unchanged = before.as_deref() == Some(&sha256_hex(draft.markdown.as_bytes()));
    let stories = draft.stories.clone();
    let base = Base {
        text: draft.markdown.clone(),
        issue: draft.issue.clone(),
        stories: candidates_of(&stories),
    };
    let change = Change {
        before,
        text: draft.markdown.clone(),
        issue: draft.issue.clone(),
        base,
        stories,
        why: Why::Run,
        at: run.now,
    };
    match files.commit(change)? {
        true if unchanged => Ok(Saved::Unchanged(files.path())),
        true => Ok(Saved::Written(files.path())),
        false => beside(files, draft, "was changed while the run worked"),
    }
}

/// Merges the draft into an edited one.
fn merged(
    run: &Run<'_>,
    files: &Files<'_>,
    draft: &Draft,
    decisions: &Decisions,
    (hash, text, record, base): (String, String, DraftRecord, Base),
) -> Result<Saved, RunError> {
    let stories: BTreeMap<String, StoryRecord> =
        record.stories.into_iter().chain(draft.stories.clone()).collect();
    let all = candidates_of(&stories);
    let base = Base { stories: all.clone(), ..base };
    let new = Machine { text: &draft.markdown, issue: &draft.issue, stories: &all };
    let (issue, kept) = match extend(&base.machine(), &text, &new) {
        Ok(extended) => extended,
        Err(why) => return beside(files, draft, &format!("cannot be merged ({why})")),
    };
    let extended = Base { text: render_with(run.template, &issue)?, issue, stories: all };
    let (removed, included) = (decisions.removed_candidates(), decisions.included_ids());
    let decided = Decided { removed: &removed, included: &included };
    let merged = match merge(&base.machine(), &text, &extended.machine(), &decided) {
        Ok(merged) => merged,
        Err(why) => return beside(files, draft, &format!("cannot be merged ({why})")),
    };
    let mut decisions = decisions.clone();
    decisions.note(&merged.gone, &merged.back, &stories);
    decisions.save(files.store, &files.key)?;
    let issue = structure(files, &merged.text, &extended.issue)?;
    let untouched = merged.text == text;
    let change = Change {
        before: Some(hash),
        text: merged.text.clone(),
        issue,
        base: extended,
        stories,
        why: Why::Merge,
        at: run.now,
    };
    if !files.commit(change)? {
        return beside(files, draft, "was changed while the run worked");
    }
    if untouched && merged.conflicts.is_empty() && kept.is_empty() {
        return Ok(Saved::Unchanged(files.path()));
    }
    let new = if merged.conflicts.is_empty() { None } else { Some(note_beside(files, draft)?) };
    Ok(Saved::Merged { path: files.path(), merged: Box::new(merged), kept, new })
}

/// Puts the whole new draft beside, and notes it: an editor may take over words from it.
fn note_beside(files: &Files<'_>, draft: &Draft) -> Result<PathBuf, RunError> {
    let new = files.put_beside(&draft.markdown, &draft.issue)?;
    let record: Option<DraftRecord> = files.store.get(DRAFTS, &files.key)?;
    let mut record = record.unwrap_or_default();
    record.new_json = Some(sha256_hex(&json_of(&draft.issue)?));
    files.store.put(DRAFTS, &files.key, &record)?;
    Ok(new)
}

/// Leaves an edited draft as it is and writes the new one beside it.
fn beside(files: &Files<'_>, draft: &Draft, why: &str) -> Result<Saved, RunError> {
    let json = json_of(&draft.issue)?;
    let old: Option<DraftRecord> = files.store.get(DRAFTS, &files.key)?;
    let new = files.put_beside(&draft.markdown, &draft.issue)?;
    if old.is_none() {
        // The file was there before our first draft: this is the only account of what we wrote.
        files.replace("issue.json", &json)?;
    }
    let hash = sha256_hex(&json);
    // The stories of both are known: the editor may take over from the new one.
    let mut record =
        old.unwrap_or_else(|| DraftRecord { json: hash.clone(), ..DraftRecord::default() });
    record.new_json = Some(hash);
    record.stories.extend(draft.stories.clone());
    files.store.put(DRAFTS, &files.key, &record)?;
    Ok(Saved::Beside { edited: files.path(), new, why: why.to_owned() })
}
