//! The record of decisions: one line of `review.jsonl` each, append-only. Pure.
//!
//! What is in a line is what a person decided, with what they saw: both texts, the finding, the
//! hashes of the source articles and of the draft before and after. Later runs read it to know
//! which findings were accepted and what was read; prompts and models are tested against it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::OpenFindings;
use super::edit::{Edit, Target};
use crate::verify::{Evidence, Finding, FindingKind};

/// What was decided. A closed list; a line of a later version reads as `other`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// A text was replaced.
    Edit,
    /// A claim or another part of an entry was taken out.
    Drop,
    /// An entry, or a line of the highlights, was moved.
    Move,
    /// An entry was taken out.
    Delete,
    /// An entry was put in again.
    Restore,
    /// A finding was accepted: the claim stays as it is.
    Accept,
    /// A text was replaced by the model's proposal.
    Rewrite,
    /// A candidate was brought in.
    Include,
    /// An entry's candidates were put out.
    Exclude,
    /// A decision was taken back.
    Undo,
    /// The draft was approved.
    Approve,
    /// Claims were read.
    Read,
    /// Something a later version decides.
    #[default]
    #[serde(other)]
    Other,
}

/// Why a finding was accepted. A closed list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Another source than the entry's articles says it.
    SourceElsewhere,
    /// The number is rounded.
    Rounding,
    /// The editor checked it.
    Checked,
}

/// A finding as far as it is remembered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingSeen {
    /// What it is about.
    pub kind: FindingKind,
    /// The words of the claim: half-open, in Unicode code points.
    pub span: [usize; 2],
    /// Those words.
    pub text: String,
}

impl From<&Finding> for FindingSeen {
    fn from(f: &Finding) -> Self {
        Self { kind: f.kind, span: f.span, text: f.text.clone() }
    }
}

/// A line of `review.jsonl`. Every key but the first three may be missing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Decision {
    /// When.
    pub at: Timestamp,
    /// Who, as the system names them.
    pub who: String,
    /// What.
    pub what: What,
    /// The field it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<Target>,
    /// The text before; of an accepted finding the claim's text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// The text after; of a deleted entry the title of its section.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// The edit that was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edit: Option<Edit>,
    /// The finding that was accepted, or was the instruction to rewrite.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finding: Option<FindingSeen>,
    /// The findings that were open on the text before.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
    /// What the text before rested on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// Why, in the person's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The source articles, by the hash of their text.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
    /// The version of the prompt that the text before was written with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompt: Option<String>,
    /// The model that wrote the text before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The SHA-256 of the draft before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub draft_before: Option<String>,
    /// The SHA-256 of the draft after; of an approval the approved one.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub draft: String,
    /// The lines, counted from 1, that are taken back.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub undoes: Vec<usize>,
    /// The claims that were read, by their text.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<String>,
    /// Of an approval: the findings that were open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open: Option<OpenFindings>,
    /// Of an approval: the findings that had been accepted, with the claims they are on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub accepted: Vec<AcceptedFinding>,
}

/// An accepted finding that an approval names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AcceptedFinding {
    /// The claim's text.
    pub claim: String,
    /// The finding.
    pub finding: FindingSeen,
    /// Who accepted it.
    pub who: String,
    /// Why.
    pub reason: Option<Reason>,
}

/// The record as it was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// The decisions with their line, counted from 1.
    pub lines: Vec<(usize, Decision)>,
    /// Lines that could not be read: torn by a crash, or changed by hand.
    pub unreadable: Vec<usize>,
}

impl Record {
    /// Reads `review.jsonl`. A line that cannot be read is counted and left out: an acceptance in
    /// it holds no more, which is the safe side.
    pub fn read(text: &str) -> Self {
        let mut record = Self::default();
        for (n, line) in text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
            match serde_json::from_str(line) {
                Ok(decision) => record.lines.push((n + 1, decision)),
                Err(_) => record.unreadable.push(n + 1),
            }
        }
        record
    }

    /// The decisions that were not taken back.
    pub fn standing(&self) -> impl Iterator<Item = &(usize, Decision)> {
        let undone: BTreeSet<usize> =
            self.lines.iter().flat_map(|(_, d)| d.undoes.iter().copied()).collect();
        self.lines.iter().filter(move |(n, d)| d.what != What::Undo && !undone.contains(n))
    }

    /// The accepted findings that were not taken back.
    pub fn accepted(&self) -> Accepted {
        let mut accepted = Accepted::default();
        for (_, decision) in self.standing().filter(|(_, d)| d.what == What::Accept) {
            let claim = decision.before.clone().unwrap_or_default();
            accepted.by_claim.entry(claim).or_default().push(decision.clone());
        }
        accepted
    }

    /// The texts that were marked as read.
    pub fn read_claims(&self) -> BTreeSet<&str> {
        let reads = self.standing().filter(|(_, d)| d.what == What::Read);
        reads.flat_map(|(_, d)| d.claims.iter().map(String::as_str)).collect()
    }

    /// The last decision that can be taken back: one edit, one candidate that came or went, or the
    /// findings that were accepted together on one text, wherever it stands.
    pub fn last_to_undo(&self) -> Vec<&(usize, Decision)> {
        // a candidate that was put out without standing in the draft changed nothing there
        let changed = |d: &Decision| d.draft_before.as_ref().is_some_and(|b| *b != d.draft);
        let can = |d: &Decision| {
            d.edit.is_some()
                || d.what == What::Accept
                || matches!(d.what, What::Include | What::Exclude) && changed(d)
        };
        let all: Vec<&(usize, Decision)> = self.standing().filter(|(_, d)| can(d)).collect();
        let Some((_, last)) = all.last() else { return Vec::new() };
        let together = |d: &Decision| {
            d.what == What::Accept
                && last.what == What::Accept
                && d.at == last.at
                && d.before.as_deref().map(str::trim_end)
                    == last.before.as_deref().map(str::trim_end)
        };
        let first = all.iter().rposition(|(_, d)| !together(d)).map_or(0, |n| n + 1);
        all[first.min(all.len() - 1)..].to_vec()
    }
}

/// The findings that a person accepted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Accepted {
    by_claim: BTreeMap<String, Vec<Decision>>,
}

impl Accepted {
    /// The decision that accepts `finding` on the text `claim`: the same text, the same finding
    /// (kind and words), and source articles with the same text.
    pub fn of(&self, claim: &str, finding: &Finding, sources: &[String]) -> Option<&Decision> {
        let decisions = self.by_claim.get(claim)?;
        let mut own = sources.to_vec();
        own.sort();
        own.dedup();
        decisions.iter().rev().find(|d| {
            let same = d
                .finding
                .as_ref()
                .is_some_and(|f| f.kind == finding.kind && f.text == finding.text);
            same && d.sources == own
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::Severity;

    fn finding(text: &str) -> Finding {
        Finding {
            severity: Severity::Red,
            kind: FindingKind::Number,
            span: [0, 2],
            text: text.into(),
            note: String::new(),
        }
    }

    #[test]
    fn old_and_torn_lines_are_read_past() {
        let old = "{\"at\":\"2026-01-05T08:00:00Z\",\"who\":\"a\",\"what\":\"approve\",\
                   \"draft\":\"ab\",\"open\":{\"red\":1,\"amber\":0}}\n\
                   {\"at\":\"2026-01-05T08:00:00Z\",\"who\":\"a\",\"what\":\"publish_now\"}\n{\"at\":\"20";
        let record = Record::read(old);
        assert_eq!(record.lines[0].1.open, Some(OpenFindings { red: 1, amber: 0 }));
        assert_eq!(record.lines[1].1.what, What::Other);
        assert_eq!(record.unreadable, [3]);
    }

    #[test]
    fn an_accepted_finding_holds_for_the_same_text_finding_and_source() {
        let accept = Decision {
            what: What::Accept,
            before: Some("成本降38%。".into()),
            finding: Some((&finding("38%")).into()),
            sources: vec!["a1".into(), "b2".into()],
            ..Decision::default()
        };
        let line = serde_json::to_string(&accept).unwrap();
        let undo = serde_json::to_string(&Decision {
            what: What::Undo,
            undoes: vec![1],
            ..Decision::default()
        });
        let accepted = Record::read(&line).accepted();
        let sources = |ids: &[&str]| ids.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
        let own = sources(&["b2", "a1", "a1"]);
        assert!(accepted.of("成本降38%。", &finding("38%"), &own).is_some());
        assert!(accepted.of("成本降39%。", &finding("38%"), &own).is_none());
        assert!(accepted.of("成本降38%。", &finding("8%"), &own).is_none());
        assert!(accepted.of("成本降38%。", &finding("38%"), &sources(&["a1"])).is_none());
        let taken_back = Record::read(&format!("{line}\n{}\n", undo.unwrap()));
        let accepted = taken_back.accepted();
        assert!(accepted.of("成本降38%。", &finding("38%"), &own).is_none());
        assert!(taken_back.last_to_undo().is_empty());
    }
}
