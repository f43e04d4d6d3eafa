//! Draft → Approved: what a person approved, and what they changed. Pure.
//!
//! Only an [`Approved`] can be published, and only [`Approval::admit`] makes one: of a text whose
//! hash is the approved one.

pub mod edit;
mod loose;
mod merge;
mod provenance;
pub mod queue;
pub mod record;
pub mod sides;
mod texts;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::compose::Issue;
use crate::format::{self, FormatError, Parsed};
use crate::text::hash::sha256_hex;
use crate::verify::{Claim, Finding, Severity};

pub use merge::{
    Candidates, Conflict, Decided, Machine, Merged, TakenOut, Unmergeable, extend, merge, take_out,
    unlist,
};
use record::{Accepted, AcceptedFinding};

pub use loose::loose_ends;
pub use provenance::{carry, entry_key, findings_of, highlight_of, key_of_url};
pub use texts::{Checked, articles_of, checked_texts};

/// The record that a person approved one exact text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// The SHA-256 of the text's bytes.
    pub sha256: String,
    /// The SHA-256 of its structure with the evidence that was shown.
    pub structure: String,
    /// When it was approved.
    pub at: Timestamp,
    /// Red and amber findings that were open then.
    pub open: OpenFindings,
}

/// How many findings of machine-written claims are open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenFindings {
    /// The source does not say it.
    pub red: usize,
    /// To be looked at.
    pub amber: usize,
}

/// A text that must not be published.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The text is not in the format.
    #[error("the draft is not in the format: {0}; mend that line, `digestgen check` shows all")]
    Format(FormatError),
    /// Entries wait for a place.
    #[error("{0} entries still wait under the heading for new entries; move or delete them first")]
    Waiting(usize),
    /// Nobody approved it.
    #[error("it is not approved; read it, then run `digestgen approve`")]
    NotApproved,
    /// It was changed after it was approved.
    #[error("it was changed after it was approved; run `digestgen approve` again")]
    Changed,
    /// What it rests on was changed after it was approved.
    #[error("issue.json was changed after it was approved; run `digestgen approve` again")]
    Evidence,
    /// The program's own record of what it wrote is gone or was changed by hand.
    #[error("{0} is missing or was changed by hand; run `digestgen run` again to write it anew")]
    Machine(&'static str),
}

/// A text that a person approved, with its structure.
#[derive(Clone, Debug)]
pub struct Approved {
    markdown: String,
    issue: Issue,
    sha256: String,
}

impl Approved {
    /// The Markdown to publish: the approved text without the marks of a draft.
    pub fn markdown(&self) -> &str {
        &self.markdown
    }

    /// The structure of the approved text, with the machine's evidence where its words stand.
    pub fn issue(&self) -> &Issue {
        &self.issue
    }

    /// The hash under which it was approved.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }
}

/// What a person is shown before they approve, and what the approval is of.
#[derive(Clone, Debug, PartialEq)]
pub struct Examination {
    /// The structure of the text, with the machine's evidence where its words stand.
    pub issue: Issue,
    /// Findings that are open, with the words they are about.
    pub findings: Vec<(String, Finding)>,
    /// Their number.
    pub open: OpenFindings,
    /// Findings that a person accepted.
    pub accepted: Vec<AcceptedFinding>,
}

/// Reads a draft as it stands in the editor's file. `machine` is what the program wrote: the issue,
/// and the one beside an edited draft. What was `accepted` is decided, not open.
///
/// # Errors
/// What stands in the way of an approval.
pub fn examine(
    markdown: &str,
    machine: &[Issue],
    accepted: &Accepted,
) -> Result<Examination, Refusal> {
    let parsed = format::parse(markdown).map_err(Refusal::Format)?;
    if let Some(refusal) = obstacle(markdown, &parsed) {
        return Err(refusal);
    }
    let issue = carry(parsed.issue, machine);
    let (mut findings, mut decided) = (Vec::new(), Vec::new());
    for text in checked_texts(&issue) {
        for finding in &text.findings {
            match accepted.of(&text.text, finding, &text.sources) {
                None => findings.push((text.text.clone(), finding.clone())),
                Some(by) => decided.push(AcceptedFinding {
                    claim: text.text.clone(),
                    finding: finding.into(),
                    who: by.who.clone(),
                    reason: by.reason,
                }),
            }
        }
    }
    let count = |s| findings.iter().filter(|(_, f)| f.severity == s).count();
    let open = OpenFindings { red: count(Severity::Red), amber: count(Severity::Amber) };
    Ok(Examination { issue, findings, open, accepted: decided })
}

/// What of a text itself stands in the way of an approval; `parsed` is what was read of it.
pub fn obstacle(markdown: &str, parsed: &Parsed) -> Option<Refusal> {
    if let Some(p) = format::first_error(markdown, parsed) {
        let (line, expected, found) = (p.line, p.expected, p.found);
        return Some(Refusal::Format(FormatError { line, expected, found }));
    }
    let waiting = format::waiting_entries(markdown);
    (waiting > 0).then_some(Refusal::Waiting(waiting))
}

impl Examination {
    /// The hash of the structure with its evidence.
    fn hash(&self) -> String {
        // A structure of strings, numbers and lists always has a JSON form; one that had none would
        // match no approval.
        sha256_hex(&serde_json::to_vec(&self.issue).unwrap_or_default())
    }
}

/// Records that a person approves `markdown` at the instant `at`.
///
/// # Errors
/// What stands in the way.
pub fn approve(
    markdown: &str,
    machine: &[Issue],
    accepted: &Accepted,
    at: Timestamp,
) -> Result<(Approval, Examination), Refusal> {
    let examination = examine(markdown, machine, accepted)?;
    let approval = Approval {
        sha256: sha256_hex(markdown.as_bytes()),
        structure: examination.hash(),
        at,
        open: examination.open,
    };
    Ok((approval, examination))
}

impl Approval {
    /// Lets `markdown` through to publishing if it is exactly what was approved, and rests on
    /// exactly the evidence that was shown then.
    ///
    /// # Errors
    /// Why not; nothing may be published then.
    pub fn admit(
        approval: Option<&Self>,
        markdown: &str,
        machine: &[Issue],
    ) -> Result<Approved, Refusal> {
        let approval = approval.ok_or(Refusal::NotApproved)?;
        let sha256 = sha256_hex(markdown.as_bytes());
        if sha256 != approval.sha256 {
            return Err(Refusal::Changed);
        }
        let examination = examine(markdown, machine, &Accepted::default())?;
        if examination.hash() != approval.structure {
            return Err(Refusal::Evidence);
        }
        let mut issue = examination.issue;
        for entry in issue.sections.iter_mut().flat_map(|s| &mut s.entries) {
            entry.marks.clear();
        }
        Ok(Approved { markdown: format::strip_draft_marks(markdown), issue, sha256 })
    }
}

/// All claims of an issue: summaries, then details, entry by entry.
pub(crate) fn claims(issue: &Issue) -> impl Iterator<Item = &Claim> {
    issue.sections.iter().flat_map(|s| &s.entries).flat_map(|entry| {
        let details = entry.key_points.iter().flat_map(|p| &p.details).map(|d| &d.claim);
        entry.summary.iter().chain(details)
    })
}
