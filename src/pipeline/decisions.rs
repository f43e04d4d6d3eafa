//! What the editor decided about an issue outside its text: which stories stay out, which
//! candidates are in.
//!
//! A deletion in the draft is a decision too. It is read off the file before each run, so that a
//! deleted entry is neither written again nor paid for again.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::files::{Files, StoryRecord};
use super::{Run, RunError};
use crate::collect::Listing;
use crate::review::{Candidates, Decided, merge};
use crate::store::{Store, StoreError};

/// Decisions, keyed `EDITION/ISSUE`.
const DECISIONS: &str = "decision";

/// The editor's decisions about one issue.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Decisions {
    /// Stories that stay out, by id.
    pub(super) removed: BTreeMap<String, Removed>,
    /// Candidates that are in, by id.
    pub(super) included: BTreeMap<String, Included>,
}

/// A story that stays out, with all its candidates, until it is brought back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Removed {
    /// The story.
    pub(super) story: StoryRecord,
    /// How it was taken out.
    pub(super) how: How,
}

/// How an entry was taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum How {
    /// Deleted from the draft.
    Deleted,
    /// By `digestgen exclude`.
    Excluded,
}

impl How {
    /// The reason code of its outcome.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Deleted => "deleted",
            Self::Excluded => "excluded",
        }
    }
}

/// A candidate that is in whatever the rules say.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Included {
    /// What stands in the place of a source's listing.
    pub(super) listing: Listing,
    /// When the editor asked for it.
    pub(super) at: Timestamp,
}

impl Decisions {
    /// The decisions about the issue `key`.
    pub(super) fn load(store: &Store, key: &str) -> Result<Self, StoreError> {
        Ok(store.get(DECISIONS, key)?.unwrap_or_default())
    }

    /// Keeps them; they are on the disk when this returns.
    pub(super) fn save(&self, store: &Store, key: &str) -> Result<(), StoreError> {
        store.put_durably(DECISIONS, key, self)
    }

    /// The stories that stay out, with their candidates.
    pub(super) fn removed_candidates(&self) -> Candidates {
        let removed = self.removed.iter();
        removed.map(|(id, r)| (id.clone(), r.story.candidates.clone())).collect()
    }

    /// The ids of candidates that are in.
    pub(super) fn included_ids(&self) -> BTreeSet<String> {
        self.included.keys().cloned().collect()
    }

    /// How the story with these candidates was taken out.
    pub(super) fn how_removed<'a>(
        &self,
        story: &str,
        candidates: impl IntoIterator<Item = &'a str>,
    ) -> Option<How> {
        if let Some(removed) = self.removed.get(story) {
            return Some(removed.how);
        }
        let mut candidates = candidates.into_iter();
        candidates.find_map(|c| {
            let by = self.removed.values().find(|r| r.story.candidates.contains(c));
            by.map(|r| r.how)
        })
    }

    /// The candidates about which `other` decides otherwise.
    pub(super) fn differs(&self, other: &Self) -> BTreeSet<String> {
        let (a, b) = (self.included_ids(), other.included_ids());
        let mut out: BTreeSet<String> = a.symmetric_difference(&b).cloned().collect();
        for (one, two) in [(self, other), (other, self)] {
            let only = one.removed.iter().filter(|(id, _)| !two.removed.contains_key(*id));
            out.extend(only.flat_map(|(_, r)| r.story.candidates.iter().cloned()));
        }
        out
    }

    /// Takes back what was decided about the candidates `ids`: it is again as it was `before`.
    pub(super) fn take_back(&mut self, before: &Self, ids: &BTreeSet<String>) {
        let about = |r: &Removed| !r.story.candidates.is_disjoint(ids);
        self.removed.retain(|_, r| !about(r));
        let removed = before.removed.iter().filter(|(_, r)| about(r));
        self.removed.extend(removed.map(|(id, r)| (id.clone(), r.clone())));
        self.included.retain(|id, _| !ids.contains(id));
        let included = before.included.iter().filter(|(id, _)| ids.contains(*id));
        self.included.extend(included.map(|(id, i)| (id.clone(), i.clone())));
    }

    /// Notes which stories the file no longer holds, and which it holds again.
    pub(super) fn note(
        &mut self,
        gone: &BTreeSet<String>,
        back: &BTreeSet<String>,
        stories: &BTreeMap<String, StoryRecord>,
    ) {
        for id in gone {
            if let (Some(story), false) = (stories.get(id), self.removed.contains_key(id)) {
                let removed = Removed { story: story.clone(), how: How::Deleted };
                self.removed.insert(id.clone(), removed);
            }
        }
        self.removed.retain(|id, _| !back.contains(id));
    }
}

/// Reads off the draft what the editor deleted or brought back since, and keeps it.
pub(super) fn read_off(run: &Run<'_>) -> Result<Decisions, RunError> {
    let key = run.key();
    let decisions = as_they_stand(run)?;
    if decisions != Decisions::load(run.store, &key)? {
        decisions.save(run.store, &key)?;
    }
    Ok(decisions)
}

/// The decisions with what the editor deleted or brought back in the draft since; nothing is kept.
pub(super) fn as_they_stand(run: &Run<'_>) -> Result<Decisions, RunError> {
    let files = Files::of(run);
    let mut decisions = Decisions::load(run.store, &run.key())?;
    let Some(standing) = files.standing()? else { return Ok(decisions) };
    let Some(base) = &standing.base else { return Ok(decisions) };
    let (removed, included) = (decisions.removed_candidates(), decisions.included_ids());
    let decided = Decided { removed: &removed, included: &included };
    // A file that cannot be read decides nothing.
    if let Ok(read) = merge(&base.machine(), &standing.text, &base.machine(), &decided) {
        decisions.note(&read.gone, &read.back, &standing.record.stories);
    }
    Ok(decisions)
}
