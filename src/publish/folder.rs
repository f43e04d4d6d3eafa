//! `kind = "folder"`: the approved issue as files in a folder.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::Step;
use crate::review::Approved;

/// Options of the folder target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// The folder, relative to the digest's. An issue goes to `PATH/EDITION/FROM_TO/`.
    pub path: PathBuf,
}

/// Plans `issue.md` and `issue.json`.
pub(super) fn plan(
    options: &Options,
    approved: &Approved,
    edition: &str,
    issue: &str,
    base: &Path,
) -> Result<Vec<Step>, serde_json::Error> {
    let mut json = serde_json::to_vec_pretty(approved.issue())?;
    json.push(b'\n');
    Ok(vec![Step::WriteFolder {
        folder: base.join(&options.path).join(edition).join(issue),
        files: vec![
            ("issue.md".to_owned(), approved.markdown().as_bytes().to_vec()),
            ("issue.json".to_owned(), json),
        ],
    }])
}
