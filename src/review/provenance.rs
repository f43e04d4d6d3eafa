//! Whose words are whose: carries evidence over from the machine's issue to the editor's text.

use std::collections::HashMap;

use super::claims;
use crate::collect::canonical::canonical;
use crate::compose::{HighlightLine, Issue, IssueEntry};
use crate::verify::{Claim, Finding, Origin};

/// Gives the entries and claims of `parsed` (read from Markdown, which carries no evidence) the
/// story, origin, evidence and findings that `machine` has for the same words: those of the same
/// entry first, then those of any. Words that the machine did not write are the editor's: no
/// evidence, no findings.
pub fn carry(mut parsed: Issue, machine: &[Issue]) -> Issue {
    if let Some(first) = machine.first() {
        parsed.edition.id.clone_from(&first.edition.id);
    }
    let entries: Vec<&IssueEntry> =
        machine.iter().flat_map(|m| &m.sections).flat_map(|s| &s.entries).collect();
    let anywhere = by_text(entries.iter().copied());
    for entry in parsed.sections.iter_mut().flat_map(|s| &mut s.entries) {
        let own: Vec<&IssueEntry> =
            entries.iter().copied().filter(|m| same_entry(m, entry)).collect();
        entry.story = own.iter().find_map(|m| m.story.clone());
        entry.sources =
            own.iter().map(|m| m.sources.clone()).find(|s| !s.is_empty()).unwrap_or_default();
        entry.findings = own
            .iter()
            .find(|m| m.title == entry.title)
            .and_then(|m| m.findings.clone())
            .or_else(|| Some(Vec::new()));
        let here = by_text(own.into_iter());
        let details = entry.key_points.iter_mut().flat_map(|p| &mut p.details);
        for claim in entry.summary.iter_mut().chain(details.map(|d| &mut d.claim)) {
            match here.get(claim.text.as_str()).or_else(|| anywhere.get(claim.text.as_str())) {
                Some(written) => *claim = (*written).clone(),
                None => {
                    claim.origin = Some(Origin::Editor);
                    claim.evidence = Some(Vec::new());
                    claim.findings = Some(Vec::new());
                }
            }
        }
    }
    let lines: HashMap<&str, &HighlightLine> =
        machine.iter().flat_map(|m| &m.highlights).map(|h| (h.text.as_str(), h)).collect();
    for line in &mut parsed.highlights {
        match lines.get(line.text.as_str()) {
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

/// The claims of some entries by their text.
fn by_text<'a>(entries: impl Iterator<Item = &'a IssueEntry>) -> HashMap<&'a str, &'a Claim> {
    let claims = entries.flat_map(|entry| {
        let details = entry.key_points.iter().flat_map(|p| &p.details).map(|d| &d.claim);
        entry.summary.iter().chain(details)
    });
    claims.map(|c| (c.text.as_str(), c)).collect()
}

/// An entry is the same by its source link, else by its title.
fn same_entry(a: &IssueEntry, b: &IssueEntry) -> bool {
    match (canonical(&a.link.url), canonical(&b.link.url)) {
        (Some(x), Some(y)) if x == y => true,
        _ => a.title == b.title,
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
