//! What comes back at the desk: the last step is taken back, and a deleted entry stands again.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::acts::Applied;
use super::deleted::Deleted;
use super::view::View;
use super::{Desk, DeskError};
use crate::collect::canonical::canonical;
use crate::format::Field;
use crate::pipeline::approval::{Approving, write_record};
use crate::pipeline::files::DraftRecord;
use crate::pipeline::undo::{self, Decided};
use crate::pipeline::versions;
use crate::review::edit::{self, Edit, LineSpot, Spot, Target};
use crate::review::record::{Decision, What};
use crate::store::{kept, read_text};
use crate::text::hash::{sha256_hex, short_id};

impl Desk {
    /// Takes back the last step that was made at the desk: an edit, an acceptance, a candidate that
    /// was brought in or taken out. Where the file is still what the step wrote, the earlier bytes
    /// come back exactly; else only what it changed.
    ///
    /// # Errors
    /// [`DeskError::NothingToUndo`]; a conflict where the place was changed since.
    pub fn undo(&self, who: &str, now: Timestamp) -> Result<Applied, DeskError> {
        let _guard = self.guard();
        let _lock = self.lock()?;
        let draft = self.load()?;
        let last = draft.record.last_to_undo();
        let Some((_, newest)) = last.last() else { return Err(DeskError::NothingToUndo) };
        let decision = Decision {
            at: now,
            who: who.to_owned(),
            what: What::Undo,
            target: newest.target.clone(),
            before: newest.after.clone(),
            after: newest.before.clone(),
            undoes: last.iter().map(|(n, _)| *n).collect(),
            ..Decision::default()
        };
        let version = sha256_hex(draft.markdown.as_bytes());
        let Some(before) = &newest.draft_before else {
            let decision = Decision { draft: version.clone(), ..decision };
            write_record(&self.files().folder, &decision)?;
            return Ok(Applied { version, changed: false });
        };
        let (before, after) = (self.kept(before)?, self.kept(&newest.draft)?);
        let text = edit::revert(&before, &after, &draft.markdown)?;
        if matches!(newest.what, What::Include | What::Exclude) {
            return self.put_back(newest, &draft, &text, decision, now);
        }
        self.write(&draft.markdown, &text, decision)
    }

    fn kept(&self, sha256: &str) -> Result<String, DeskError> {
        let text = read_text(&kept(self.store.dir(), sha256))?;
        text.ok_or_else(|| DeskError::NotKept(sha256.chars().take(12).collect()))
    }

    /// Takes back that a candidate came or went: the text with the structure, the decisions and the
    /// account that belonged to it.
    fn put_back(
        &self,
        step: &Decision,
        draft: &Approving,
        text: &str,
        decision: Decision,
        now: Timestamp,
    ) -> Result<Applied, DeskError> {
        let (files, key) = (self.files(), format!("{}/{}", self.edition, self.issue));
        let before = step.draft_before.clone().unwrap_or_default();
        let version = versions::replaced(&self.store, &key, &before, &step.draft)?;
        let version =
            version.ok_or_else(|| DeskError::NotKept(before.chars().take(12).collect()))?;
        let stands = sha256_hex(draft.markdown.as_bytes());
        let record = files.record(&stands)?.unwrap_or_default();
        let ids = concerned(step, [&version.record, &record]);
        let decided = Decided::of(&self.store, &version, ids)?;
        undo::put_back(&files, version, text, Some(stands.clone()), (decided, now))?;
        let version = sha256_hex(text.as_bytes());
        let draft_before = Some(stands);
        let decision = Decision { draft_before, draft: version.clone(), ..decision };
        write_record(&files.folder, &decision)?;
        Ok(Applied { version, changed: true })
    }

    /// Puts the deleted entry `key` in again, at the end of its section, with its line of the
    /// highlights where it had one.
    ///
    /// # Errors
    /// [`DeskError::Gone`]: there is no such entry to bring back; or as [`Desk::apply`].
    pub fn bring_back(&self, key: &str, who: &str, now: Timestamp) -> Result<Applied, DeskError> {
        let view = self.view()?;
        let deleted = view.deleted.iter().find(|d| d.key == key).ok_or(DeskError::Gone)?;
        let own = view.issue.sections.iter().find(|s| s.title == deleted.section);
        let section = own.or(view.issue.sections.first()).ok_or(DeskError::Gone)?.title.clone();
        let mut rows = view.entries.iter().filter(|e| e.section == section);
        let to = Spot { after: rows.next_back().map(|e| e.key.clone()), section };
        let highlight = line_spot(&view, deleted, &to);
        self.apply(&Edit::Restore { text: deleted.text.clone(), to, highlight }, who, now)
    }
}

/// The candidates that a step was about: its own, and those of its story.
fn concerned(step: &Decision, records: [&DraftRecord; 2]) -> BTreeSet<String> {
    let key = step.target.as_ref().and_then(|t| t.entry.clone()).unwrap_or_default();
    let id = short_id(&canonical(&key).unwrap_or(key));
    let stories = records.into_iter().flat_map(|r| r.stories.values());
    let own = stories.filter(|s| s.candidates.contains(&id));
    own.flat_map(|s| s.candidates.clone()).chain([id.clone()]).collect()
}

/// Where the line of a deleted entry goes: after the line of the entry that will stand before it.
/// `None` where it had none, or where it still stands.
fn line_spot(view: &View, deleted: &Deleted, to: &Spot) -> Option<LineSpot> {
    let text = deleted.highlight.clone()?;
    let line = |n: usize| {
        let at = Target { entry: None, field: Field::HighlightLine { line: n } };
        view.pieces.iter().find(|p| p.at == at).map(|p| p.text.clone())
    };
    let stands =
        (1..=view.issue.highlights.len()).filter_map(line).any(|l| l.trim() == text.trim());
    if stands {
        return None;
    }
    let section = view.issue.sections.iter().position(|s| s.title == to.section)?;
    let upto = view.issue.sections.iter().take(section + 1).map(|s| s.entries.len()).sum();
    let before = view.entries.iter().take(upto).rev().find_map(|e| e.highlight);
    Some(LineSpot { text, after: before.and_then(line) })
}
