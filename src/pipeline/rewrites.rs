//! Claims that the model rewrote at an editor's word and the editor took: what they rest on must
//! survive the way through Markdown, as the machine's own claims do. They stand in the state, where
//! no hand changes them; an approval pins them with the rest of the structure.

use serde::{Deserialize, Serialize};

use crate::compose::{HighlightLine, Issue, IssueEntry, IssueSection, TextLink};
use crate::store::{Store, StoreError};
use crate::verify::Claim;

/// Rewritten claims, keyed `EDITION/ISSUE`.
const REWRITES: &str = "rewrite";

/// A claim that was rewritten.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Rewritten {
    /// The source link of its entry; `None` of a line of the highlights.
    pub(super) link: Option<String>,
    /// The claim.
    pub(super) claim: Claim,
    /// The version of the prompt.
    pub(super) prompt: String,
    /// The model.
    pub(super) model: String,
}

/// All of an issue.
pub(super) fn load(store: &Store, key: &str) -> Result<Vec<Rewritten>, StoreError> {
    Ok(store.get(REWRITES, key)?.unwrap_or_default())
}

/// Keeps one; it is on the disk when this returns.
pub(super) fn add(store: &Store, key: &str, rewritten: Rewritten) -> Result<(), StoreError> {
    let mut all = load(store, key)?;
    if !all.contains(&rewritten) {
        all.push(rewritten);
        store.put_durably(REWRITES, key, &all)?;
    }
    Ok(())
}

/// The rewritten claims in the form in which provenance is looked up; `None` where there are none.
pub(super) fn as_issue(store: &Store, key: &str) -> Result<Option<Issue>, StoreError> {
    let all = load(store, key)?;
    if all.is_empty() {
        return Ok(None);
    }
    let mut issue = Issue { sections: vec![IssueSection::default()], ..Issue::default() };
    for Rewritten { link, claim, .. } in all {
        match link {
            Some(url) => issue.sections[0].entries.push(IssueEntry {
                link: TextLink { text: String::new(), url },
                summary: vec![claim],
                ..IssueEntry::default()
            }),
            None => issue.highlights.push(HighlightLine {
                text: claim.text,
                origin: claim.origin,
                evidence: claim.evidence,
                findings: claim.findings,
                ..HighlightLine::default()
            }),
        }
    }
    Ok(Some(issue))
}
