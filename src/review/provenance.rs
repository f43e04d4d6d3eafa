//! Whose words are whose: carries evidence over from the machine's issue to the editor's text.

use std::collections::{BTreeSet, HashMap};

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
    let known = Known::of(&entries);
    for entry in parsed.sections.iter_mut().flat_map(|s| &mut s.entries) {
        let own = known.same(entry);
        entry.story = own.iter().find_map(|m| m.story.clone());
        entry.sources =
            own.iter().map(|m| m.sources.clone()).find(|s| !s.is_empty()).unwrap_or_default();
        entry.findings = Some(heading_findings(entry, &own));
        let here = by_text(own.into_iter());
        let details = entry.key_points.iter_mut().flat_map(|p| &mut p.details);
        for claim in entry.summary.iter_mut().chain(details.map(|d| &mut d.claim)) {
            // white space at its end belongs to the place where it stands
            let words = claim.text.trim_end();
            match here.get(words).or_else(|| anywhere.get(words)) {
                Some(written) => {
                    let text = std::mem::take(&mut claim.text);
                    *claim = Claim { text, ..(*written).clone() };
                }
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

/// The findings on title, headings, leads and headline whose words still stand there. A headline
/// stands elsewhere, so a finding on none of the machine's own texts is one on it: it stays.
fn heading_findings(entry: &IssueEntry, own: &[&IssueEntry]) -> Vec<Finding> {
    let now = headings(entry);
    let mut out: Vec<Finding> = Vec::new();
    for machine in own {
        let then = headings(machine);
        for finding in machine.findings.iter().flatten() {
            let mut on = then.iter().filter(|t| stands_in(finding, t)).peekable();
            let stands = on.peek().is_none() || on.any(|t| now.contains(t));
            if stands && !out.contains(finding) {
                out.push(finding.clone());
            }
        }
    }
    out
}

/// Title, headings and leads.
fn headings(entry: &IssueEntry) -> Vec<&str> {
    let points = entry.key_points.iter();
    let inner = points.flat_map(|p| {
        let leads = p.details.iter().map(|d| d.lead.as_str());
        std::iter::once(p.heading.as_str()).chain(leads)
    });
    std::iter::once(entry.title.as_str()).chain(inner).collect()
}

/// Whether the words of a finding stand where it says in `text`.
pub(super) fn stands_in(finding: &Finding, text: &str) -> bool {
    let [start, end] = finding.span;
    let words = text.chars().skip(start).take(end.saturating_sub(start));
    !finding.text.is_empty() && words.eq(finding.text.chars())
}

/// For each entry, in the order of the issue, the index of its line in the highlights: by the story;
/// where as many lines as entries are left, in their order.
pub fn highlight_of(issue: &Issue) -> Vec<Option<usize>> {
    let entries: Vec<&IssueEntry> = issue.sections.iter().flat_map(|s| &s.entries).collect();
    let of = |e: &IssueEntry| {
        issue.highlights.iter().position(|h| h.story.is_some() && h.story == e.story)
    };
    let mut out: Vec<Option<usize>> = entries.iter().map(|e| of(e)).collect();
    let left: Vec<usize> =
        (0..issue.highlights.len()).filter(|n| !out.contains(&Some(*n))).collect();
    let open: Vec<usize> = (0..out.len()).filter(|n| out[*n].is_none()).collect();
    if left.len() == open.len() {
        open.into_iter().zip(left).for_each(|(entry, line)| out[entry] = Some(line));
    }
    out
}

/// The claims of some entries by their text.
fn by_text<'a>(entries: impl Iterator<Item = &'a IssueEntry>) -> HashMap<&'a str, &'a Claim> {
    let claims = entries.flat_map(|entry| {
        let details = entry.key_points.iter().flat_map(|p| &p.details).map(|d| &d.claim);
        entry.summary.iter().chain(details)
    });
    claims.map(|c| (c.text.trim_end(), c)).collect()
}

/// The name of an entry while others edit: its source link in canonical form.
pub fn entry_key(entry: &IssueEntry) -> String {
    key_of_url(&entry.link.url)
}

/// [`entry_key`] of an entry with this source link.
pub fn key_of_url(url: &str) -> String {
    canonical(url).unwrap_or_else(|| url.trim().to_owned())
}

/// Entries to be known again: an entry is the same by its source link, or by its title.
struct Known<'a> {
    entries: &'a [&'a IssueEntry],
    by_link: HashMap<String, Vec<usize>>,
    by_title: HashMap<&'a str, Vec<usize>>,
}

impl<'a> Known<'a> {
    fn of(entries: &'a [&'a IssueEntry]) -> Self {
        let mut by_link: HashMap<String, Vec<usize>> = HashMap::new();
        let mut by_title: HashMap<&str, Vec<usize>> = HashMap::new();
        for (n, entry) in entries.iter().enumerate() {
            if let Some(link) = canonical(&entry.link.url) {
                by_link.entry(link).or_default().push(n);
            }
            by_title.entry(&entry.title).or_default().push(n);
        }
        Self { entries, by_link, by_title }
    }

    /// Those that are the same as `entry`, in their order.
    fn same(&self, entry: &IssueEntry) -> Vec<&'a IssueEntry> {
        let linked = canonical(&entry.link.url).and_then(|link| self.by_link.get(&link));
        let titled = self.by_title.get(entry.title.as_str());
        let all: BTreeSet<usize> = linked.into_iter().chain(titled).flatten().copied().collect();
        all.into_iter().map(|n| self.entries[n]).collect()
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
