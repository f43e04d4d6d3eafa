//! Approved → Receipts: carries out the publish targets.
//!
//! A target is one file here that plans [`Step`]s; [`carry_out`] is the one place that does them.
//! The intent is stored first, the receipt after, and what has a receipt is not done again.

mod folder;

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::review::Approved;
use crate::store::{Store, StoreError, holds, write_folder};
use crate::text::hash::{sha256_hex, short_id};

/// `[[publish]]` of the configuration, told apart by its `kind`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Target {
    /// A folder on this machine.
    Folder(folder::Options),
}

/// One thing to do for a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Write files into a folder: all of them, or none where the folder is new.
    WriteFolder {
        /// The folder.
        folder: PathBuf,
        /// Names and bytes.
        files: Vec<(String, Vec<u8>)>,
    },
}

impl Step {
    /// What the step does, for people.
    pub fn describe(&self) -> String {
        match self {
            Self::WriteFolder { folder, files } => {
                let names: Vec<String> =
                    files.iter().map(|(name, b)| format!("{name} ({} bytes)", b.len())).collect();
                format!("write {} into {}", names.join(" and "), folder.display())
            }
        }
    }

    /// Whether the world already is as the step would make it.
    fn is_done(&self) -> bool {
        match self {
            Self::WriteFolder { folder, files } => {
                files.iter().all(|(name, bytes)| holds(&folder.join(name), bytes))
            }
        }
    }
}

/// That an approved text reached a target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The steps, as [`Step::describe`] tells them.
    pub steps: Vec<String>,
    /// The hash of the approved text.
    pub approved: String,
    /// The hash of all that was written.
    pub content: String,
    /// When.
    pub at: Timestamp,
}

/// What became of one target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The receipt, new or old.
    pub receipt: Receipt,
    /// It was delivered before; nothing was done now.
    pub already: bool,
}

/// The bucket of receipts, keyed by edition, issue and target.
pub const RECEIPTS: &str = "receipt";
/// The bucket of intents, keyed as the receipts.
pub const INTENTS: &str = "intent";

/// Plans the steps of `target` for one approved issue. `edition` and `issue` name its folder.
///
/// # Errors
/// Where the issue cannot be written as JSON.
pub fn plan(
    target: &Target,
    approved: &Approved,
    edition: &str,
    issue: &str,
    base: &Path,
) -> Result<Vec<Step>, serde_json::Error> {
    match target {
        Target::Folder(options) => folder::plan(options, approved, edition, issue, base),
    }
}

/// Carries out `steps`, unless a receipt says that just this was done and it still stands.
///
/// # Errors
/// What the disk refuses; the intent stays stored and a later call does the steps again.
pub fn carry_out(
    store: &Store,
    target: &Target,
    edition: &str,
    issue: &str,
    approved: &Approved,
    steps: &[Step],
    now: Timestamp,
) -> Result<Delivery, StoreError> {
    let key = format!("{edition}/{issue}/{}", short_id(&format!("{target:?}")));
    let content = content_hash(steps);
    if let Some(receipt) = store.get::<Receipt>(RECEIPTS, &key)?
        && receipt.content == content
        && steps.iter().all(Step::is_done)
    {
        return Ok(Delivery { receipt, already: true });
    }
    let receipt = Receipt {
        steps: steps.iter().map(Step::describe).collect(),
        approved: approved.sha256().to_owned(),
        content,
        at: now,
    };
    store.put(INTENTS, &key, &receipt)?;
    for step in steps {
        match step {
            Step::WriteFolder { folder, files } => write_folder(folder, files)?,
        }
    }
    store.put(RECEIPTS, &key, &receipt)?;
    store.remove(INTENTS, &key)?;
    Ok(Delivery { receipt, already: false })
}

fn content_hash(steps: &[Step]) -> String {
    let mut all = Vec::new();
    for step in steps {
        match step {
            Step::WriteFolder { folder, files } => {
                all.extend_from_slice(folder.to_string_lossy().as_bytes());
                for (name, bytes) in files {
                    all.extend_from_slice(format!("\0{name}\0{}\0", sha256_hex(bytes)).as_bytes());
                }
            }
        }
    }
    sha256_hex(&all)
}
