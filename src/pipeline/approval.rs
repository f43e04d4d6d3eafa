//! Draft → Approved: takes a draft's files, and keeps the record.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::Timestamp;

use super::decisions::Decisions;
use super::earlier::{self, EarlierEntry, EarlierIssue};
use super::files::{DRAFTS, DraftRecord};
use super::issue_folder;
use super::rewrites;
use crate::collect::canonical::canonical;
use crate::compose::Issue;
use crate::format::join_claims;
use crate::review::record::{Decision, Record, What};
use crate::review::{self, Approval, Examination, Refusal};
use crate::store::{Store, StoreError, append_line, keep_version, kept, read_text};
use crate::text::hash::{sha256_hex, short_id};

/// Approvals, keyed `EDITION/ISSUE`.
pub(super) const APPROVALS: &str = "approval";

/// An approval that cannot be given.
#[derive(Debug, thiserror::Error)]
pub enum ApprovalError {
    /// There is no draft.
    #[error("there is no draft {0}; run `digestgen run` first")]
    NoDraft(String),
    /// The text stands in the way.
    #[error("{issue}: {refusal}")]
    Refused {
        /// The draft.
        issue: String,
        /// Why.
        refusal: Refusal,
    },
    /// The disk refuses.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// `issue.json` was changed by hand or is damaged.
    #[error("{0}: {1}; run `digestgen run` again to write it anew")]
    Json(String, serde_json::Error),
}

/// A draft as it stands on the disk, ready to be approved or published.
#[derive(Debug)]
pub struct Approving {
    /// Its text: the editor's file.
    pub markdown: String,
    /// What the program wrote: its own draft, the issue, the one beside an edited draft, and what
    /// was rewritten at the desk.
    pub machine: Vec<Issue>,
    /// The last approval.
    pub approval: Option<Approval>,
    /// The text that was approved last.
    pub approved_text: Option<String>,
    /// What was decided so far.
    pub record: Record,
    key: String,
}

/// Reads the draft `issue` of `edition`.
///
/// # Errors
/// There is none, or it cannot be read.
pub fn load_for_approval(
    store: &Store,
    dir: &Path,
    edition: &str,
    issue: &str,
) -> Result<Approving, ApprovalError> {
    let folder = issue_folder(dir, edition, issue);
    let markdown = read_text(&folder.join("issue.md"))?
        .ok_or_else(|| ApprovalError::NoDraft(folder.display().to_string()))?;
    let key = format!("{edition}/{issue}");
    let record: Option<DraftRecord> = store.get(DRAFTS, &key)?;
    // Words that left the draft and come back are known by these alone; what is newer comes later.
    let mut machine: Vec<Issue> = own_draft(store, record.as_ref())?.into_iter().collect();
    machine.extend(rewrites::touched(store, &key, edition)?);
    machine.extend(machine_issues(&folder, issue, record.as_ref())?);
    machine.extend(rewrites::as_issue(store, &key)?);
    let approval: Option<Approval> = store.get(APPROVALS, &key)?;
    let approved_text = match &approval {
        Some(approval) => read_text(&store.dir().join("kept").join(&approval.sha256))?,
        None => None,
    };
    let record = read_record(&folder)?;
    Ok(Approving { markdown, machine, approval, approved_text, record, key })
}

impl Approving {
    /// What a person is shown before they approve.
    ///
    /// # Errors
    /// What stands in the way of an approval.
    pub fn examine(&self) -> Result<Examination, ApprovalError> {
        review::examine(&self.markdown, &self.machine, &self.record.accepted())
            .map_err(|refusal| self.refused(refusal))
    }

    /// Lets the text through to publishing.
    ///
    /// # Errors
    /// It is not exactly what was approved.
    pub fn admit(&self) -> Result<review::Approved, ApprovalError> {
        Approval::admit(self.approval.as_ref(), &self.markdown, &self.machine)
            .map_err(|refusal| self.refused(refusal))
    }

    /// Whether exactly this text, with its evidence, is approved.
    pub fn is_approved(&self) -> bool {
        let sha256 = sha256_hex(self.markdown.as_bytes());
        self.approval.as_ref().is_some_and(|a| a.sha256 == sha256) && self.admit().is_ok()
    }

    fn refused(&self, refusal: Refusal) -> ApprovalError {
        ApprovalError::Refused { issue: self.key.clone(), refusal }
    }
}

/// Reads `review.jsonl`; where there is none, nothing was decided.
pub(super) fn read_record(folder: &Path) -> Result<Record, StoreError> {
    Ok(Record::read(&read_text(&folder.join("review.jsonl"))?.unwrap_or_default()))
}

/// Adds a line to `review.jsonl`.
pub(super) fn write_record(folder: &Path, decision: &Decision) -> Result<(), ApprovalError> {
    let path = folder.join("review.jsonl");
    let line = serde_json::to_string(decision)
        .map_err(|e| ApprovalError::Json(path.display().to_string(), e))?;
    Ok(append_line(&path, &line)?)
}

/// Approves exactly the text that was loaded. `who` is the person, as the system names them.
///
/// # Errors
/// What stands in the way; nothing is recorded then.
pub fn approve(
    store: &Store,
    dir: &Path,
    edition: &str,
    issue: &str,
    approving: &Approving,
    who: &str,
    now: Timestamp,
) -> Result<Approval, ApprovalError> {
    let (approval, examination) =
        review::approve(&approving.markdown, &approving.machine, &approving.record.accepted(), now)
            .map_err(|refusal| approving.refused(refusal))?;
    let folder = issue_folder(dir, edition, issue);
    // A question may have been open for long: what is approved is what was shown, or nothing.
    if read_text(&folder.join("issue.md"))?.as_deref() != Some(approving.markdown.as_str()) {
        return Err(approving.refused(Refusal::Changed));
    }
    keep_version(store.dir(), &folder.join("issue.md"))?;
    let key = format!("{edition}/{issue}");
    let record: Option<DraftRecord> = store.get(DRAFTS, &key)?;
    store.put(APPROVALS, &key, &approval)?;
    let decisions = Decisions::load(store, &key)?;
    let carried = carried_by(&examination.issue, record.as_ref(), &decisions);
    earlier::remember(store, &key, &carried)?;
    let decision = Decision {
        at: now,
        who: who.to_owned(),
        what: What::Approve,
        draft: approval.sha256.clone(),
        open: Some(approval.open),
        accepted: examination.accepted,
        ..Decision::default()
    };
    write_record(&folder, &decision)?;
    Ok(approval)
}

/// The program's own draft, without an editor's changes, where it is kept unharmed; the files beside
/// the text are required, this one only adds to them.
fn own_draft(store: &Store, record: Option<&DraftRecord>) -> Result<Option<Issue>, ApprovalError> {
    let Some(base) = record.and_then(|r| r.base.as_ref()) else { return Ok(None) };
    let json = read_text(&kept(store.dir(), &base.json))?;
    let json = json.filter(|json| sha256_hex(json.as_bytes()) == base.json);
    let parse = |json: String| {
        serde_json::from_str(&json).map_err(|e| ApprovalError::Json(base.json.clone(), e))
    };
    json.map(parse).transpose()
}

/// What the program wrote, checked against its own record.
fn machine_issues(
    folder: &Path,
    issue: &str,
    record: Option<&DraftRecord>,
) -> Result<Vec<Issue>, ApprovalError> {
    let refused =
        |name| ApprovalError::Refused { issue: issue.to_owned(), refusal: Refusal::Machine(name) };
    let record = record.ok_or_else(|| refused("issue.json"))?;
    let mut issues = Vec::new();
    for (name, hash) in record.json_files() {
        let path = folder.join(name);
        let json = read_text(&path)?.filter(|json| sha256_hex(json.as_bytes()) == *hash);
        let json = json.ok_or_else(|| refused(name))?;
        let issue = serde_json::from_str(&json)
            .map_err(|e| ApprovalError::Json(path.display().to_string(), e))?;
        issues.push(issue);
    }
    Ok(issues)
}

/// What the approved issue carries, for later runs. A story that was drafted and is not in the
/// approved text was decided by the editor too: it does not come back.
fn carried_by(issue: &Issue, record: Option<&DraftRecord>, decisions: &Decisions) -> EarlierIssue {
    let none = BTreeMap::new();
    let stories = record.map_or(&none, |r| &r.stories);
    let removed = decisions.removed.iter().map(|(id, r)| (id, &r.story));
    let mut left: BTreeMap<&String, _> = removed.chain(stories).collect();
    let mut entries: Vec<EarlierEntry> = Vec::new();
    for entry in issue.sections.iter().flat_map(|s| &s.entries) {
        let story = entry.story.as_ref().and_then(|id| left.remove(id));
        let mut candidates: BTreeSet<String> =
            story.map(|s| s.candidates.clone()).unwrap_or_default();
        candidates.extend(canonical(&entry.link.url).map(|url| short_id(&url)));
        let article = story.and_then(|s| s.article.clone());
        entries.push(EarlierEntry {
            title: entry.title.clone(),
            candidates,
            article,
            summary: join_claims(&entry.summary),
            date: entry.date.clone(),
            ..EarlierEntry::default()
        });
    }
    entries.extend(left.into_values().map(|s| EarlierEntry {
        title: s.title.clone(),
        candidates: s.candidates.clone(),
        article: s.article.clone(),
        left_out: true,
        ..EarlierEntry::default()
    }));
    let (from, to) = (issue.window.from.clone(), issue.window.to.clone());
    EarlierIssue { from, to, imported: false, entries }
}
