//! Whose words are whose: carries evidence over from the machine's issue to the editor's text.

use std::collections::HashMap;

use super::claims;
use crate::collect::canonical::canonical;
use crate::compose::{HighlightLine, Issue, IssueEntry};
use crate::verify::{Claim, Finding, Origin};

/// Gives the entries and claims of `parsed` (read from Markdown, which carries no evidence) the
/// story, origin, evidence and findings that `machine` has for the same words. Words that the
/// machine did not write are the editor's: no evidence, no findings.
pub fn carry(mut parsed: Issue, machine: Option<&Issue>) -> Issue {
    let empty = Issue::default();
    let machine = machine.unwrap_or(&empty);
    parsed.edition.id.clone_from(&machine.edition.id);
    let written: HashMap<&str, &Claim> = claims(machine).map(|c| (c.text.as_str(), c)).collect();
    let entries: Vec<&IssueEntry> = machine.sections.iter().flat_map(|s| &s.entries).collect();
    for entry in parsed.sections.iter_mut().flat_map(|s| &mut s.entries) {
        entry.story = entries.iter().find(|m| same_entry(m, entry)).and_then(|m| m.story.clone());
        for claim in &mut entry.summary {
            carry_claim(claim, &written);
        }
        for detail in entry.key_points.iter_mut().flat_map(|p| &mut p.details) {
            carry_claim(&mut detail.claim, &written);
        }
    }
    let lines: HashMap<&str, &HighlightLine> =
        machine.highlights.iter().map(|h| (h.text.as_str(), h)).collect();
    for line in &mut parsed.highlights {
        match lines.get(line.text.as_str()) {
            Some(m) if m.headline == line.headline => *line = (*m).clone(),
            Some(m) => {
                line.story.clone_from(&m.story);
                line.origin = m.origin;
                line.evidence.clone_from(&m.evidence);
                line.findings.clone_from(&m.findings);
            }
            None => {
                line.origin = Some(Origin::Editor);
                line.evidence = Some(Vec::new());
                line.findings = Some(Vec::new());
            }
        }
    }
    parsed
}

/// An entry is the same by its source link, else by its title.
fn same_entry(a: &IssueEntry, b: &IssueEntry) -> bool {
    match (canonical(&a.link.url), canonical(&b.link.url)) {
        (Some(x), Some(y)) if x == y => true,
        _ => a.title == b.title,
    }
}

fn carry_claim(claim: &mut Claim, written: &HashMap<&str, &Claim>) {
    match written.get(claim.text.as_str()) {
        Some(machine) => *claim = (*machine).clone(),
        None => {
            claim.origin = Some(Origin::Editor);
            claim.evidence = Some(Vec::new());
            claim.findings = Some(Vec::new());
        }
    }
}

/// All findings of an issue with the words they are about, the highlights first.
pub fn findings_of(issue: &Issue) -> Vec<(String, Finding)> {
    let lines = issue.highlights.iter().map(|h| (&h.text, &h.findings));
    let claims = claims(issue).map(|c| (&c.text, &c.findings));
    let entries = issue.sections.iter().flat_map(|s| &s.entries);
    let titles = entries.map(|e| (&e.title, &e.findings));
    lines
        .chain(titles)
        .chain(claims)
        .flat_map(|(text, findings)| {
            findings.iter().flatten().map(move |f| (text.clone(), f.clone()))
        })
        .collect()
}
