//! Claims that the model rewrote at an editor's word and the editor took: what they rest on must
//! survive the way through Markdown, as the machine's own claims do. They stand in the state, where
//! no hand changes them; an approval pins them with the rest of the structure.

use serde::{Deserialize, Serialize};

use crate::compose::{HighlightLine, Issue, IssueEntry, IssueSection, TextLink};
use crate::store::{Store, StoreError};
use crate::verify::{Claim, Origin};

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

/// Entries as they stood before an editor changed them, keyed `EDITION/ISSUE`.
const TOUCHED: &str = "touched";

/// Keeps what is known of an entry that an editor is about to change: a later run forgets words that
/// no longer stand in the draft, and they may come back. What the editor wrote is left out.
pub(super) fn keep(store: &Store, key: &str, entry: &IssueEntry) -> Result<(), StoreError> {
    let mut entry = entry.clone();
    let machines = |c: &Claim| c.origin.is_some_and(|o| o != Origin::Editor);
    entry.summary.retain(machines);
    entry.key_points.iter_mut().for_each(|p| p.details.retain(|d| machines(&d.claim)));
    let mut all: Vec<IssueEntry> = store.get(TOUCHED, key)?.unwrap_or_default();
    if !all.contains(&entry) {
        all.push(entry);
        store.put_durably(TOUCHED, key, &all)?;
    }
    Ok(())
}

/// The entries that were kept, as an issue of `edition`; `None` where there are none.
pub(super) fn touched(
    store: &Store,
    key: &str,
    edition: &str,
) -> Result<Option<Issue>, StoreError> {
    let entries: Vec<IssueEntry> = store.get(TOUCHED, key)?.unwrap_or_default();
    if entries.is_empty() {
        return Ok(None);
    }
    let mut issue = Issue { sections: vec![IssueSection::default()], ..Issue::default() };
    edition.clone_into(&mut issue.edition.id);
    issue.sections[0].entries = entries;
    Ok(Some(issue))
}

/// All that is kept of an issue here, as bytes: they change whenever it does.
pub(super) fn bytes(store: &Store, key: &str) -> Result<Vec<u8>, StoreError> {
    let mut all = store.get_bytes(REWRITES, key)?.unwrap_or_default();
    all.push(0);
    all.extend(store.get_bytes(TOUCHED, key)?.unwrap_or_default());
    Ok(all)
}
