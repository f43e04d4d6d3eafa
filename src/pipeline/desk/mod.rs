//! The editor's desk: one issue, what is known of it, and what an editor does to it. The review
//! page and the terminal work through it.
//!
//! The file is the truth. Every call reads it anew, so what any text editor changed is there; an
//! edit is made on the bytes that stand there, and what it replaces is kept. The lock of the draft
//! is held while it is written, never while a person thinks.

mod acts;
mod back;
mod candidates;
mod cases;
mod deleted;
mod rewrite;
mod view;

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::approval::{APPROVALS, ApprovalError, Approving, load_for_approval};
use super::files::{DRAFTS, Files};
use super::rewrites;
use super::{IncludeError, RunError, UndoError};
use crate::config::Config;
use crate::extract::Article;
use crate::review::edit::EditError;
use crate::review::queue::Rated;
use crate::store::{Store, StoreError};
use crate::summarize::model::Gap;
use crate::text::Language;
use crate::text::hash::sha256_hex;
use crate::verify::{Evidence, Finding, Origin};

pub use acts::{Acceptance, Applied};
pub use cases::{Case, Seen};
pub use deleted::Deleted;
pub use rewrite::{Proposal, Wish};
pub use view::{ApprovalState, Damage, EntryRow, Recheck, UndoOffer, View};

/// What cannot be done at the desk; the draft is as it was.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// The edit: a conflict with both texts, or a refusal.
    #[error(transparent)]
    Edit(#[from] EditError),
    /// The draft cannot be read or approved.
    #[error(transparent)]
    Approval(#[from] ApprovalError),
    /// The disk refuses, or another run writes.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Another failure of the wiring.
    #[error(transparent)]
    Run(#[from] RunError),
    /// A candidate cannot be brought in or taken out.
    #[error(transparent)]
    Include(#[from] IncludeError),
    /// A version cannot be put back.
    #[error(transparent)]
    Undo(#[from] UndoError),
    /// The draft is no longer the one that was shown.
    #[error("the draft was changed in the meantime; look at it again")]
    Changed,
    /// What the decision is about is not there any more.
    #[error("this text or finding is not in the draft any more; load the page again")]
    Gone,
    /// There is nothing to take back.
    #[error("there is nothing to take back")]
    NothingToUndo,
    /// The text before or after an edit is no longer kept.
    #[error("version {0} is no longer kept under .digestgen/kept; restore that folder")]
    NotKept(String),
    /// Red findings of machine-written claims are open.
    #[error("{0} claims with red findings are not decided; accept, edit or drop each first")]
    Unresolved(usize),
    /// The model gave no usable sentence.
    #[error("{}", .0.detail)]
    Rewrite(Box<Gap>),
}

/// The desk for one issue. It may be kept and shared; it holds no state of the draft: what it
/// remembers is named by hashes of what it was made of.
pub struct Desk {
    edition: String,
    language: Language,
    dir: PathBuf,
    store: Arc<Store>,
    issue: String,
    /// The name of the model that is configured.
    model: Option<String>,
    /// How the holder of the lock is described to others.
    holder: String,
    /// One writer at a time in this process too; reading needs none.
    writing: Mutex<()>,
    /// Articles by id; an id is the hash of the text, so none ever changes.
    articles: Mutex<BTreeMap<String, Arc<Article>>>,
    /// The last view with the stamp of what it was made of: the same files are not read twice.
    last_view: Mutex<Option<(String, Arc<View>)>>,
    /// What editors' texts were found to be, by the hash of the text and its articles.
    checked: Mutex<HashMap<String, Vec<Finding>>>,
    /// The risk of texts, by the text.
    rated: Mutex<HashMap<String, Rating>>,
}

/// The risk of a text, with what it hangs on beside its words.
struct Rating {
    evidence: Vec<Evidence>,
    origin: Option<Origin>,
    rated: Rated,
}

impl Desk {
    /// The desk for the issue with this folder name. `holder` describes this process to others who
    /// find the draft locked.
    ///
    /// # Errors
    /// There is no such draft, or it cannot be read.
    pub fn open(
        config: &Config,
        dir: &Path,
        store: Arc<Store>,
        issue: &str,
        holder: &str,
    ) -> Result<Self, DeskError> {
        let desk = Self {
            edition: config.edition.id.clone(),
            language: config.language().clone(),
            dir: dir.to_owned(),
            store,
            issue: issue.to_owned(),
            model: config.model.as_ref().map(|m| m.name.clone()),
            holder: holder.to_owned(),
            writing: Mutex::new(()),
            articles: Mutex::new(BTreeMap::new()),
            last_view: Mutex::new(None),
            checked: Mutex::new(HashMap::new()),
            rated: Mutex::new(HashMap::new()),
        };
        desk.load()?;
        Ok(desk)
    }

    /// The issue's folder name.
    pub fn issue(&self) -> &str {
        &self.issue
    }

    /// The edition's language.
    pub fn language(&self) -> &Language {
        &self.language
    }

    /// The SHA-256 of `issue.md` as it stands: to see whether anything changed.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn version(&self) -> Result<Option<String>, DeskError> {
        Ok(super::files::hash_of(&self.files().path())?)
    }

    /// What changes whenever [`Desk::view`] would give something else: hashes of the draft, of the
    /// record of decisions, of the report, and of what the state holds of the issue.
    ///
    /// # Errors
    /// They cannot be read.
    pub fn stamp(&self) -> Result<String, DeskError> {
        let folder = self.files().folder;
        let mut parts = Vec::new();
        for name in ["issue.md", "issue.json", "review.jsonl", "report.json"] {
            let hash = super::files::hash_of(&folder.join(name))?;
            parts.push(hash.map_or_else(String::new, |h| h.chars().take(16).collect()));
        }
        let key = format!("{}/{}", self.edition, self.issue);
        let mut state = rewrites::bytes(&self.store, &key)?;
        for bucket in [DRAFTS, APPROVALS] {
            state.push(0);
            state.extend(self.store.get_bytes(bucket, &key)?.unwrap_or_default());
        }
        parts.push(sha256_hex(&state).chars().take(16).collect());
        Ok(parts.join("-"))
    }

    fn files(&self) -> Files<'_> {
        Files::new(&self.store, &self.dir, &self.edition, &self.issue)
    }

    fn load(&self) -> Result<Approving, DeskError> {
        Ok(load_for_approval(&self.store, &self.dir, &self.edition, &self.issue)?)
    }

    /// The articles with these ids, as far as they are stored.
    fn articles<'a>(
        &self,
        ids: impl IntoIterator<Item = &'a String>,
    ) -> Result<Vec<Arc<Article>>, DeskError> {
        let mut known = self.articles.lock().unwrap_or_else(PoisonError::into_inner);
        let mut out = Vec::new();
        for id in ids {
            if !known.contains_key(id) {
                let stored: Option<Article> = self.store.get(super::reading::ARTICLES, id)?;
                let Some(article) = stored else { continue };
                known.insert(id.clone(), Arc::new(article));
            }
            out.extend(known.get(id).cloned());
        }
        Ok(out)
    }
}
