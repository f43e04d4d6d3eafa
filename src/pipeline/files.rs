//! The files of one draft and the record of what was written into them: read, and replaced so that
//! nothing of an editor's is lost.
//!
//! The order holds at every crash: what will be written is noted first, then the text is written,
//! then the rest; a text whose hash was noted is one of ours.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::approval::APPROVALS;
use super::decisions::Decisions;
use super::versions::{self, Why};
use super::{Run, RunError, issue_folder};
use crate::compose::Issue;
use crate::format;
use crate::review::{Approval, Candidates, Machine, carry};
use crate::store::{
    Store, StoreError, holds, keep_bytes, keep_version, kept, read_text, remove_file, write_atomic,
};
use crate::text::hash::sha256_hex;

/// Drafts as last written, keyed `EDITION/ISSUE`.
pub(super) const DRAFTS: &str = "draft";

/// What was last written for a draft.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct DraftRecord {
    /// The hash of `issue.md` as written; with an editor's changes where they were merged.
    pub(super) markdown: String,
    /// The hash of `issue.json` as written.
    pub(super) json: String,
    /// The hash of `issue.new.json` where the new draft stands beside an edited one.
    pub(super) new_json: Option<String>,
    /// The program's own draft without an editor's changes: the base of the next merge.
    #[serde(default)]
    pub(super) base: Option<BaseRecord>,
    /// What was about to be written: ours too, if the process died there.
    #[serde(default)]
    pub(super) next: Option<Box<DraftRecord>>,
    /// The stories that got an entry.
    pub(super) stories: BTreeMap<String, StoryRecord>,
}

/// Where the program's own draft is kept: hashes of its text and of its structure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct BaseRecord {
    /// The text's.
    pub(super) markdown: String,
    /// The structure's.
    pub(super) json: String,
}

/// A story that got an entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct StoryRecord {
    /// Its title.
    pub(super) title: String,
    /// The ids of its candidates.
    pub(super) candidates: BTreeSet<String>,
    /// The article its entry was written from first.
    pub(super) article: Option<String>,
    /// The score it was ranked by.
    #[serde(default)]
    pub(super) score: f64,
}

impl DraftRecord {
    /// The names of the program's own files, and the hashes of what it wrote into them.
    pub(super) fn json_files(&self) -> impl Iterator<Item = (&'static str, &String)> {
        let new = self.new_json.as_ref().map(|hash| ("issue.new.json", hash));
        std::iter::once(("issue.json", &self.json)).chain(new)
    }
}

/// The files of one draft.
pub(super) struct Files<'a> {
    /// The state.
    pub(super) store: &'a Store,
    /// The issue's folder.
    pub(super) folder: PathBuf,
    /// The issue's key.
    pub(super) key: String,
}

/// A draft as it stands on the disk.
pub(super) struct Standing {
    /// The text.
    pub(super) text: String,
    /// What was last written.
    pub(super) record: DraftRecord,
    /// The program's own draft that the text was made from.
    pub(super) base: Option<Base>,
}

/// The program's own draft.
pub(super) struct Base {
    /// Its text.
    pub(super) text: String,
    /// Its structure.
    pub(super) issue: Issue,
    /// The candidates of its stories.
    pub(super) stories: Candidates,
}

impl Base {
    pub(super) fn machine(&self) -> Machine<'_> {
        Machine { text: &self.text, issue: &self.issue, stories: &self.stories }
    }
}

/// What shall be written.
pub(super) struct Change {
    /// The hash of the text that stands there now; `None` where there is none.
    pub(super) before: Option<String>,
    /// The text.
    pub(super) text: String,
    /// The structure of the text, with its evidence.
    pub(super) issue: Issue,
    /// The program's own draft.
    pub(super) base: Base,
    /// The stories of both.
    pub(super) stories: BTreeMap<String, StoryRecord>,
    /// Why it is written.
    pub(super) why: Why,
    /// When.
    pub(super) at: Timestamp,
}

impl<'a> Files<'a> {
    pub(super) fn of(run: &Run<'a>) -> Self {
        let folder = issue_folder(run.dir, &run.config.edition.id, &run.issue());
        Self { store: run.store, folder, key: run.key() }
    }

    pub(super) fn new(store: &'a Store, dir: &Path, edition: &str, issue: &str) -> Self {
        let folder = issue_folder(dir, edition, issue);
        Self { store, folder, key: format!("{edition}/{issue}") }
    }

    /// `issue.md`.
    pub(super) fn path(&self) -> PathBuf {
        self.folder.join("issue.md")
    }

    /// What was last written: also what was being written when the process died.
    pub(super) fn record(&self, hash: &str) -> Result<Option<DraftRecord>, RunError> {
        let record: Option<DraftRecord> = self.store.get(DRAFTS, &self.key)?;
        Ok(record.map(|record| match record.next {
            Some(next) if next.markdown == hash => *next,
            next => DraftRecord { next, ..record },
        }))
    }

    /// The draft as it stands; `None` where there is none, or none of ours.
    pub(super) fn standing(&self) -> Result<Option<Standing>, RunError> {
        let Some(text) = read_text(&self.path())? else { return Ok(None) };
        let Some(record) = self.record(&sha256_hex(text.as_bytes()))? else { return Ok(None) };
        let base = self.base(&record)?;
        Ok(Some(Standing { text, record, base }))
    }

    /// The text of the program's own draft that `hash`, the hash of the file's text, was made from;
    /// `None` where it is not kept.
    pub(super) fn base_text(&self, hash: &str) -> Result<Option<String>, RunError> {
        let base = self.record(hash)?.and_then(|r| r.base);
        Ok(match base {
            Some(base) => read_text(&kept(self.store.dir(), &base.markdown))?,
            None => None,
        })
    }

    /// The program's own draft, where it is kept.
    fn base(&self, record: &DraftRecord) -> Result<Option<Base>, RunError> {
        let Some(base) = &record.base else { return Ok(None) };
        let read = |hash: &str| read_text(&kept(self.store.dir(), hash));
        let (Some(text), Some(json)) = (read(&base.markdown)?, read(&base.json)?) else {
            return Ok(None);
        };
        let issue = serde_json::from_str(&json)
            .map_err(|e| RunError::Internal(format!("kept draft {}: {e}", base.json)))?;
        let stories = candidates_of(&record.stories);
        Ok(Some(Base { text, issue, stories }))
    }

    /// Whether a person approved the text with this hash: it is theirs then.
    pub(super) fn is_approved(&self, hash: &str) -> Result<bool, StoreError> {
        let approval: Option<Approval> = self.store.get(APPROVALS, &self.key)?;
        Ok(approval.is_some_and(|a| a.sha256 == hash))
    }

    /// Writes a change of the draft; gives `false`, and touches neither text nor structure, where
    /// the text is no longer the one that the change was made for.
    pub(super) fn commit(&self, change: Change) -> Result<bool, RunError> {
        let path = self.path();
        let json = json_of(&change.issue)?;
        let base_json = json_of(&change.base.issue)?;
        let record = DraftRecord {
            markdown: sha256_hex(change.text.as_bytes()),
            json: sha256_hex(&json),
            new_json: None,
            base: Some(BaseRecord {
                markdown: keep_bytes(self.store.dir(), change.base.text.as_bytes())?.sha256,
                json: keep_bytes(self.store.dir(), &base_json)?.sha256,
            }),
            next: None,
            stories: change.stories,
        };
        let old = match &change.before {
            Some(hash) => self.record(hash)?,
            None => None,
        };
        let rewritten = change.before.as_ref() != Some(&record.markdown);
        if rewritten {
            let mut intent = old.clone().unwrap_or_default();
            intent.next = Some(Box::new(record.clone()));
            self.store.put_durably(DRAFTS, &self.key, &intent)?;
            let before = keep_version(self.store.dir(), &path)?.map(|k| k.sha256);
            if before != change.before {
                return Ok(false);
            }
            if let (Some(before), Some(old)) = (before, old) {
                let issue = keep_version(self.store.dir(), &self.folder.join("issue.json"))?;
                // A single candidate that came or went can be taken back with all that hangs on it.
                let single = matches!(change.why, Why::Include | Why::Exclude);
                let (decisions, report) = if single {
                    let report = self.folder.join("report.json");
                    let report = keep_version(self.store.dir(), &report)?.map(|k| k.sha256);
                    (Some(Decisions::load(self.store, &self.key)?), report)
                } else {
                    (None, None)
                };
                let version = versions::Version {
                    markdown: before,
                    json: issue.map(|k| k.sha256),
                    record: DraftRecord { next: None, ..old },
                    replaced_by: record.markdown.clone(),
                    why: change.why,
                    at: change.at,
                    decisions,
                    report,
                };
                versions::push(self.store, &self.key, &version)?;
            }
            if hash_of(&path)? != change.before {
                return Ok(false);
            }
            write_atomic(&path, change.text.as_bytes())?;
        }
        self.replace("issue.json", &json)?;
        for name in ["issue.new.md", "issue.new.json"] {
            // What stood beside an edited draft is out of date now; it stays among the kept
            // versions.
            keep_version(self.store.dir(), &self.folder.join(name))?;
            remove_file(&self.folder.join(name))?;
        }
        self.store.put(DRAFTS, &self.key, &record)?;
        Ok(true)
    }

    /// Writes the whole new draft beside the editor's.
    pub(super) fn put_beside(&self, text: &str, issue: &Issue) -> Result<PathBuf, RunError> {
        self.replace("issue.new.json", &json_of(issue)?)?;
        self.replace("issue.new.md", text.as_bytes())?;
        Ok(self.folder.join("issue.new.md"))
    }

    /// Replaces a file of ours where its bytes differ; what it replaces is kept.
    pub(super) fn replace(&self, name: &str, bytes: &[u8]) -> Result<(), RunError> {
        let path = self.folder.join(name);
        if holds(&path, bytes) {
            return Ok(());
        }
        keep_version(self.store.dir(), &path)?;
        Ok(write_atomic(&path, bytes)?)
    }
}

/// The structure of a text with the evidence of the new draft, and of what stood there before.
pub(super) fn structure(files: &Files<'_>, text: &str, machine: &Issue) -> Result<Issue, RunError> {
    let parsed = format::parse(text)
        .map_err(|e| RunError::Internal(format!("the merged draft cannot be read: {e}")))?;
    let mut all = vec![machine.clone()];
    if let Some(json) = read_text(&files.folder.join("issue.json"))? {
        // One that was changed by hand is refused at the approval; here it gives no evidence.
        let record: Option<DraftRecord> = files.store.get(DRAFTS, &files.key)?;
        let hash = sha256_hex(json.as_bytes());
        // After a crash it may be the one that was being written.
        let is_ours = |r: &DraftRecord| {
            r.json == hash || r.next.as_ref().is_some_and(|next| next.json == hash)
        };
        if record.as_ref().is_some_and(is_ours) {
            all.extend(serde_json::from_str::<Issue>(&json).ok());
        }
    }
    Ok(carry(parsed.issue, &all))
}

/// The candidates of each story.
pub(super) fn candidates_of(stories: &BTreeMap<String, StoryRecord>) -> Candidates {
    stories.iter().map(|(id, s)| (id.clone(), s.candidates.clone())).collect()
}

/// `issue.json`.
pub(super) fn json_of(issue: &Issue) -> Result<Vec<u8>, RunError> {
    let mut json = serde_json::to_vec_pretty(issue)
        .map_err(|e| RunError::Internal(format!("issue.json: {e}")))?;
    json.push(b'\n');
    Ok(json)
}

/// The hash of a file's text; `None` where there is none.
pub(super) fn hash_of(path: &Path) -> Result<Option<String>, StoreError> {
    Ok(read_text(path)?.map(|text| sha256_hex(text.as_bytes())))
}
