//! What an editor does at the desk. Each act is a line of `review.jsonl`.

use std::sync::{MutexGuard, PoisonError};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Desk, DeskError};
use crate::pipeline::approval::{self, Approving, write_record};
use crate::pipeline::files::hash_of;
use crate::pipeline::rewrites;
use crate::review::edit::{self, Edit, Target};
use crate::review::queue::{Item, is_twin, queue};
use crate::review::record::{Accepted, Decision, FindingSeen, Reason, What};
use crate::review::{Approval, Checked, entry_key};
use crate::store::{Lock, keep_bytes, keep_version, lock, write_atomic};
use crate::text::hash::sha256_hex;
use crate::verify::Finding;

/// What an edit made of the draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Applied {
    /// The SHA-256 of the text as it stands now.
    pub version: String,
    /// Whether the file was written.
    pub changed: bool,
}

/// Findings of one text that a person accepts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acceptance {
    /// The text's place.
    pub at: Target,
    /// The text as the person saw it.
    pub text: String,
    /// The findings; none: all that are open on it.
    #[serde(default)]
    pub findings: Vec<FindingSeen>,
    /// Why.
    pub reason: Reason,
    /// Why, in the person's words.
    #[serde(default)]
    pub note: Option<String>,
}

impl Desk {
    /// Makes one edit.
    ///
    /// # Errors
    /// [`DeskError::Edit`]: a conflict with both texts, or a refusal; or the disk. The draft is then
    /// as it was.
    pub fn apply(&self, edit: &Edit, who: &str, now: Timestamp) -> Result<Applied, DeskError> {
        self.apply_as(edit, what_of(edit), who, now, None)
    }

    /// What is decided on `at` with the words `base` is decided on the other places of the same item
    /// of the queue too: gives those places.
    ///
    /// # Errors
    /// The draft cannot be read.
    pub fn twins(&self, at: &Target, base: &str) -> Result<Vec<Target>, DeskError> {
        let view = self.view()?;
        let same = |i: &&Item| i.text.text.trim_end() == base.trim_end() && i.is_at(at);
        let item = view.queue.items.iter().find(same);
        Ok(item.map(|i| i.places().filter(|p| *p != at).cloned().collect()).unwrap_or_default())
    }

    /// Makes one edit that is recorded as `what`, with the finding it answers.
    pub(super) fn apply_as(
        &self,
        edit: &Edit,
        what: What,
        who: &str,
        now: Timestamp,
        finding: Option<FindingSeen>,
    ) -> Result<Applied, DeskError> {
        let _guard = self.guard();
        let _lock = self.lock()?;
        let draft = self.load()?;
        let text = edit::apply(&draft.markdown, edit)?;
        if text == draft.markdown {
            let version = sha256_hex(text.as_bytes());
            return Ok(Applied { version, changed: false });
        }
        let mut decision = self.decision(edit, what, &draft)?;
        decision.finding = finding;
        self.write(&draft.markdown, &text, Decision { at: now, who: who.to_owned(), ..decision })
    }

    /// Replaces the draft's text `before` by `after`, and records it.
    pub(super) fn write(
        &self,
        before: &str,
        after: &str,
        mut decision: Decision,
    ) -> Result<Applied, DeskError> {
        let path = self.files().path();
        let expected = sha256_hex(before.as_bytes());
        // both are kept: what was replaced, and what the edit wrote, to take it back later
        let now = keep_version(self.store.dir(), &path)?.map(|k| k.sha256);
        let version = keep_bytes(self.store.dir(), after.as_bytes())?.sha256;
        if now.as_ref() != Some(&expected) || hash_of(&path)?.as_ref() != Some(&expected) {
            return Err(DeskError::Changed);
        }
        write_atomic(&path, after.as_bytes())?;
        decision.draft_before = Some(expected);
        decision.draft.clone_from(&version);
        write_record(&self.files().folder, &decision)?;
        Ok(Applied { version, changed: true })
    }

    /// What is recorded of an edit: the text before with its provenance, which is kept for the entry.
    fn decision(&self, edit: &Edit, what: What, draft: &Approving) -> Result<Decision, DeskError> {
        let (target, before, after) = told(edit);
        let mut decision = Decision {
            what,
            target: target.clone(),
            before,
            after,
            edit: Some(edit.clone()),
            ..Decision::default()
        };
        let known = self.known(draft)?;
        let key = target.as_ref().and_then(|t| t.entry.as_ref());
        for section in &known.issue.sections {
            for entry in section.entries.iter().filter(|e| key == Some(&entry_key(e))) {
                let issue = format!("{}/{}", self.edition, self.issue);
                rewrites::keep(&self.store, &issue, entry)?;
                if let Edit::Delete { .. } = edit {
                    decision.after = Some(section.title.clone());
                }
            }
        }
        let Some(text) = known
            .texts
            .into_iter()
            .find(|t| Some(&t.at) == target.as_ref() && Some(&t.text) == decision.before.as_ref())
        else {
            return Ok(decision);
        };
        if text.origin == Some(crate::verify::Origin::Model) || text.origin.is_none() {
            (decision.model, decision.prompt) = self.writer(&text.text)?;
        }
        decision.findings = text.findings;
        decision.evidence = text.evidence;
        decision.sources = text.sources;
        Ok(decision)
    }

    /// Accepts findings: their text stays as it is. So does a text that says the same: a line of the
    /// highlights that repeats the sentence, or the sentence itself.
    ///
    /// # Errors
    /// [`DeskError::Gone`]: the draft no longer has that text with those findings.
    pub fn accept(
        &self,
        acceptance: &Acceptance,
        who: &str,
        now: Timestamp,
    ) -> Result<usize, DeskError> {
        let _guard = self.guard();
        let draft = self.load()?;
        let accepted = draft.record.accepted();
        let texts = self.known(&draft)?.texts;
        let same = |t: &&Checked| t.at == acceptance.at && t.text == acceptance.text;
        let text = texts.iter().find(same).ok_or(DeskError::Gone)?;
        let open: Vec<FindingSeen> = text
            .findings
            .iter()
            .filter(|f| accepted.of(&text.text, f, &text.sources).is_none())
            .map(FindingSeen::from)
            .collect();
        let wanted = match acceptance.findings.is_empty() {
            true => open,
            false => acceptance.findings.clone(),
        };
        let has = |f: &FindingSeen| text.findings.iter().any(|o| FindingSeen::from(o) == *f);
        if wanted.is_empty() || !wanted.iter().all(has) {
            return Err(DeskError::Gone);
        }
        let version = sha256_hex(draft.markdown.as_bytes());
        let decision = |text: &Checked, finding: &FindingSeen| Decision {
            at: now,
            who: who.to_owned(),
            what: What::Accept,
            target: Some(text.at.clone()),
            before: Some(text.text.clone()),
            finding: Some(finding.clone()),
            evidence: text.evidence.clone(),
            reason: Some(acceptance.reason),
            note: acceptance.note.clone().filter(|n| !n.trim().is_empty()),
            sources: text.sources.clone(),
            draft: version.clone(),
            ..Decision::default()
        };
        for finding in &wanted {
            write_record(&self.files().folder, &decision(text, finding))?;
            for twin in texts.iter().filter(|t| is_twin(text, t)) {
                // With the same words on the same sources the first line holds for both.
                let same = twin.text == text.text && twin.sources == text.sources;
                let is_it = |f: &&Finding| f.kind == finding.kind && f.text == finding.text;
                if let Some(own) = twin.findings.iter().find(is_it).filter(|_| !same) {
                    write_record(&self.files().folder, &decision(twin, &own.into()))?;
                }
            }
        }
        Ok(wanted.len())
    }

    /// Marks texts as read.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn mark_read(
        &self,
        claims: Vec<String>,
        who: &str,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let _guard = self.guard();
        let record = approval::read_record(&self.files().folder)?;
        let read = record.read_claims();
        let claims: Vec<String> =
            claims.into_iter().filter(|c| !read.contains(c.as_str())).collect();
        if claims.is_empty() {
            return Ok(());
        }
        let decision = Decision {
            at: now,
            who: who.to_owned(),
            what: What::Read,
            claims,
            ..Decision::default()
        };
        Ok(write_record(&self.files().folder, &decision)?)
    }

    /// Approves exactly the text with the hash `version`.
    ///
    /// # Errors
    /// [`DeskError::Changed`]: another text stands there; [`DeskError::Unresolved`]: red findings
    /// of machine-written claims are open; what else stands in the way.
    pub fn approve(&self, version: &str, who: &str, now: Timestamp) -> Result<Approval, DeskError> {
        let _guard = self.guard();
        let _lock = self.lock()?;
        let draft = self.load()?;
        if sha256_hex(draft.markdown.as_bytes()) != version {
            return Err(DeskError::Changed);
        }
        let forced = self.forced(&draft, &draft.record.accepted())?;
        if forced > 0 {
            return Err(DeskError::Unresolved(forced));
        }
        let (edition, issue) = (&self.edition, &self.issue);
        Ok(approval::approve(&self.store, &self.dir, edition, issue, &draft, who, now)?)
    }

    /// How many decisions an approval waits for.
    fn forced(&self, draft: &Approving, accepted: &Accepted) -> Result<usize, DeskError> {
        // What is only risky forces nothing.
        Ok(queue(&self.known(draft)?.texts, accepted, |_| (0.0, Vec::new())).forced)
    }

    pub(super) fn guard(&self) -> MutexGuard<'_, ()> {
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The draft's lock, as `run` takes it.
    pub(super) fn lock(&self) -> Result<Lock, DeskError> {
        Ok(lock(self.store.dir(), &format!("draft-{}", self.edition), &self.holder)?)
    }
}

fn what_of(edit: &Edit) -> What {
    match edit {
        Edit::Replace { .. } => What::Edit,
        Edit::Drop { .. } => What::Drop,
        Edit::Delete { .. } => What::Delete,
        Edit::Move { .. } | Edit::MoveHighlight { .. } => What::Move,
        Edit::Restore { .. } => What::Restore,
        Edit::Add { .. } => What::Edit,
        Edit::Together { edits } => edits.first().map_or(What::Other, what_of),
    }
}

/// The field of an edit and its text before and after; of a move the places.
fn told(edit: &Edit) -> (Option<Target>, Option<String>, Option<String>) {
    use crate::format::Field;
    let entry = |key: &String| Some(Target { entry: Some(key.clone()), field: Field::Entry });
    match edit {
        Edit::Replace { at, base, text } => {
            (Some(at.clone()), Some(base.clone()), Some(text.clone()))
        }
        Edit::Drop { at, base } => (Some(at.clone()), Some(base.clone()), None),
        Edit::Delete { entry: key, base, .. } => (entry(key), Some(base.clone()), None),
        Edit::Move { entry: key, from, to } => {
            (entry(key), Some(from.section.clone()), Some(to.section.clone()))
        }
        Edit::Restore { text, .. } => (None, None, Some(text.clone())),
        Edit::MoveHighlight { base, .. } => (None, Some(base.clone()), Some(base.clone())),
        Edit::Add { after, text, .. } => (Some(after.clone()), None, Some(text.clone())),
        Edit::Together { edits } => edits.first().map_or((None, None, None), told),
    }
}
