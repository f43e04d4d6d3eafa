//! Every text of an issue that may carry findings, each with its field: claims, and the titles,
//! headings, leads and headlines that carry no evidence.

use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use super::edit::Target;
use super::provenance::{entry_key, highlight_of, stands_in};
use crate::compose::{Issue, IssueEntry};
use crate::format::Field;
use crate::verify::{Claim, Evidence, Finding, Origin};

/// A text of an issue with what is known of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Checked {
    /// Where it stands.
    pub at: Target,
    /// The entry it is about: the entry's key; of a line of the highlights, that of its entry.
    pub about: Option<String>,
    /// The text.
    pub text: String,
    /// Who wrote it. `None` of a heading, whose writer nobody noted: its findings are the machine's.
    pub origin: Option<Origin>,
    /// What it rests on.
    pub evidence: Vec<Evidence>,
    /// What does not hold up.
    pub findings: Vec<Finding>,
    /// The articles behind it, by the hash of their text, sorted.
    pub sources: Vec<String>,
}

impl Checked {
    /// Whether a program wrote it.
    pub fn is_machine(&self) -> bool {
        self.origin != Some(Origin::Editor)
    }
}

/// The texts of `issue`, in its order: highlights, then entry by entry. `issue` is one that
/// [`super::carry`] gave provenance to.
pub fn checked_texts(issue: &Issue) -> Vec<Checked> {
    let mut out = Vec::new();
    let entries: Vec<&IssueEntry> = issue.sections.iter().flat_map(|s| &s.entries).collect();
    let owners = highlight_of(issue);
    for (n, line) in issue.highlights.iter().enumerate() {
        let owner =
            entries.iter().zip(&owners).find(|(_, of)| **of == Some(n)).map(|(entry, _)| *entry);
        let about = owner.map(entry_key);
        let target = |field| Target { entry: None, field };
        let claim = Claim {
            text: line.text.clone(),
            origin: line.origin,
            evidence: line.evidence.clone(),
            findings: line.findings.clone(),
        };
        let mut headline =
            bare(target(Field::HighlightHeadline { line: n + 1 }), &line.headline, owner);
        headline.about.clone_from(&about);
        out.push(headline);
        let mut claim = of_claim(target(Field::HighlightText { line: n + 1 }), &claim, owner);
        claim.about = about;
        out.push(claim);
    }
    for entry in entries {
        out.extend(of_entry(entry));
    }
    assign_heading_findings(&mut out, issue);
    out
}

fn of_entry(entry: &IssueEntry) -> Vec<Checked> {
    let key = entry_key(entry);
    let target = |field| Target { entry: Some(key.clone()), field };
    let mut out = vec![bare(target(Field::Title), &entry.title, Some(entry))];
    for (n, claim) in entry.summary.iter().enumerate() {
        out.push(of_claim(target(Field::Sentence { sentence: n + 1 }), claim, Some(entry)));
    }
    for (p, point) in entry.key_points.iter().enumerate() {
        let point_at = p + 1;
        out.push(bare(target(Field::Heading { point: point_at }), &point.heading, Some(entry)));
        for (d, detail) in point.details.iter().enumerate() {
            let (point, detail_at) = (point_at, d + 1);
            let lead = target(Field::Lead { point, detail: detail_at });
            out.push(bare(lead, &detail.lead, Some(entry)));
            let at = target(Field::Detail { point, detail: detail_at });
            out.push(of_claim(at, &detail.claim, Some(entry)));
        }
    }
    out
}

fn bare(at: Target, text: &str, entry: Option<&IssueEntry>) -> Checked {
    Checked {
        about: entry.map(entry_key),
        at,
        text: text.to_owned(),
        origin: None,
        evidence: Vec::new(),
        findings: Vec::new(),
        sources: entry.map(articles_of).unwrap_or_default(),
    }
}

fn of_claim(at: Target, claim: &Claim, entry: Option<&IssueEntry>) -> Checked {
    let evidence = claim.evidence.clone().unwrap_or_default();
    let own: BTreeSet<String> = evidence.iter().map(|e| e.article.clone()).collect();
    let sources = match own.is_empty() {
        true => entry.map(articles_of).unwrap_or_default(),
        false => own.into_iter().collect(),
    };
    Checked {
        about: entry.map(entry_key),
        at,
        text: claim.text.clone(),
        origin: claim.origin,
        evidence,
        findings: claim.findings.clone().unwrap_or_default(),
        sources,
    }
}

/// The articles that the claims of an entry rest on, sorted.
pub fn articles_of(entry: &IssueEntry) -> Vec<String> {
    let details = entry.key_points.iter().flat_map(|p| &p.details).map(|d| &d.claim);
    let claims = entry.summary.iter().chain(details);
    let ids: BTreeSet<String> =
        claims.flat_map(|c| c.evidence.iter().flatten()).map(|e| e.article.clone()).collect();
    ids.into_iter().collect()
}

/// Findings on headings are kept with the entry; each goes to the first text of the entry whose
/// words it names.
fn assign_heading_findings(out: &mut [Checked], issue: &Issue) {
    let mut own: HashMap<String, Vec<usize>> = HashMap::new();
    for (n, text) in out.iter().enumerate().filter(|(_, t)| is_bare(t.at.field)) {
        if let Some(key) = &text.about {
            own.entry(key.clone()).or_default().push(n);
        }
    }
    for entry in issue.sections.iter().flat_map(|s| &s.entries) {
        let Some(found) = entry.findings.as_ref().filter(|f| !f.is_empty()) else { continue };
        let texts = own.get(&entry_key(entry)).map(Vec::as_slice).unwrap_or_default();
        for finding in found {
            let names = |n: &&usize| {
                stands_in(finding, &out[**n].text) && !out[**n].findings.contains(finding)
            };
            // none of them has the words: shown with the title, since none may be lost
            let title = |n: &&usize| out[**n].at.field == Field::Title;
            let at = texts.iter().find(names).or_else(|| texts.iter().find(title));
            if let Some(text) = at.copied() {
                out[text].findings.push(finding.clone());
            }
        }
    }
}

/// Texts that carry no evidence.
fn is_bare(field: Field) -> bool {
    matches!(
        field,
        Field::Title | Field::Heading { .. } | Field::Lead { .. } | Field::HighlightHeadline { .. }
    )
}
