//! Where every candidate ended: exactly one outcome each, and the totals add up.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::DecidedBy;

/// The kinds of outcome. A closed list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Leads an entry of the issue.
    Entry,
    /// Another source of an entry's story.
    Merged,
    /// Stands in further reading.
    FurtherReading,
    /// Ranked below what the issue has room for.
    BelowCut,
    /// Not what the edition is about, or nothing that an issue could link.
    Rejected,
    /// The same text as another candidate.
    Duplicate,
    /// An earlier issue carried the story.
    Covered,
    /// The editor took it out.
    Excluded,
    /// No readable article.
    Unreadable,
    /// Written in another language; waits for a model.
    NeedsModel,
    /// The budget ended before its turn.
    Pending,
    /// It could not be written.
    Failed,
}

impl Kind {
    /// All kinds, in the order in which a report tells them.
    pub const ALL: [Self; 12] = [
        Self::Entry,
        Self::Merged,
        Self::FurtherReading,
        Self::BelowCut,
        Self::Rejected,
        Self::Duplicate,
        Self::Covered,
        Self::Excluded,
        Self::Unreadable,
        Self::NeedsModel,
        Self::Pending,
        Self::Failed,
    ];

    /// The code, as it stands in reports.
    pub fn code(self) -> &'static str {
        match self {
            Self::Entry => "entry",
            Self::Merged => "merged",
            Self::FurtherReading => "further_reading",
            Self::BelowCut => "below_cut",
            Self::Rejected => "rejected",
            Self::Duplicate => "duplicate",
            Self::Covered => "covered",
            Self::Excluded => "excluded",
            Self::Unreadable => "unreadable",
            Self::NeedsModel => "needs_model",
            Self::Pending => "pending",
            Self::Failed => "failed",
        }
    }
}

/// Where one candidate ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// The kind.
    pub kind: Kind,
    /// A code of a closed list for the kind (`lead`, `reject_term`, a verdict, a network reason …).
    pub reason: String,
    /// A sentence for people, in English; may be empty.
    pub detail: String,
    /// Who decided.
    pub decided_by: DecidedBy,
    /// The story it belongs to, where it came so far.
    pub story: Option<String>,
}

/// A candidate without an outcome, or with two: a bug of ours that fails the run.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum LedgerError {
    /// A candidate got a second outcome.
    #[error("candidate {0} ended twice: {1:?} and {2:?}")]
    Twice(String, Kind, Kind),
    /// A candidate got none.
    #[error("candidates without an outcome: {0:?}")]
    Missing(Vec<String>),
    /// An outcome names no candidate of this run.
    #[error("outcomes without a candidate: {0:?}")]
    Unknown(Vec<String>),
}

/// The account of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ledger {
    outcomes: BTreeMap<String, Outcome>,
}

impl Ledger {
    /// Enters the one outcome of `candidate`.
    pub fn enter(&mut self, candidate: &str, outcome: Outcome) -> Result<(), LedgerError> {
        if let Some(first) = self.outcomes.get(candidate) {
            return Err(LedgerError::Twice(candidate.to_owned(), first.kind, outcome.kind));
        }
        self.outcomes.insert(candidate.to_owned(), outcome);
        Ok(())
    }

    /// The outcome of `candidate`.
    pub fn get(&self, candidate: &str) -> Option<&Outcome> {
        self.outcomes.get(candidate)
    }

    /// Candidates with their outcomes, by id.
    pub fn iter(&self) -> impl Iterator<Item = (&String, &Outcome)> {
        self.outcomes.iter()
    }

    /// Checks that exactly `candidates` have an outcome, and counts each kind.
    pub fn close<'a>(
        &self,
        candidates: impl IntoIterator<Item = &'a str>,
    ) -> Result<BTreeMap<Kind, usize>, LedgerError> {
        let wanted: std::collections::BTreeSet<&str> = candidates.into_iter().collect();
        let missing: Vec<String> = wanted
            .iter()
            .filter(|c| !self.outcomes.contains_key(**c))
            .map(|c| (*c).to_owned())
            .collect();
        if !missing.is_empty() {
            return Err(LedgerError::Missing(missing));
        }
        let unknown: Vec<String> =
            self.outcomes.keys().filter(|c| !wanted.contains(c.as_str())).cloned().collect();
        if !unknown.is_empty() {
            return Err(LedgerError::Unknown(unknown));
        }
        let mut totals = BTreeMap::new();
        for outcome in self.outcomes.values() {
            *totals.entry(outcome.kind).or_insert(0) += 1;
        }
        Ok(totals)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(kind: Kind) -> Outcome {
        Outcome {
            kind,
            reason: "lead".into(),
            detail: String::new(),
            decided_by: DecidedBy::Rule,
            story: None,
        }
    }

    #[test]
    fn each_candidate_ends_once() {
        let mut ledger = Ledger::default();
        ledger.enter("a", outcome(Kind::Entry)).unwrap();
        assert!(matches!(ledger.enter("a", outcome(Kind::Merged)), Err(LedgerError::Twice(..))));
        assert_eq!(ledger.close(["a", "b"]), Err(LedgerError::Missing(vec!["b".into()])));
        assert_eq!(ledger.close([]), Err(LedgerError::Unknown(vec!["a".into()])));
        ledger.enter("b", outcome(Kind::Rejected)).unwrap();
        assert_eq!(ledger.close(["a", "b"]).unwrap()[&Kind::Rejected], 1);
    }
}
