//! Entry → Findings: what the checks find in an entry, and what of it a model is told.

use super::Run;
use crate::extract::Article;
use crate::summarize::{Entry, Highlight};
use crate::verify::{self, Claim, Figures, Finding, Severity, SourceText};

/// Checks every claim of an entry against the articles it was written from; gives the findings on
/// its title, headline, headings and leads.
pub(super) fn check(run: &Run<'_>, articles: &[&Article], entry: &mut Entry) -> Vec<Finding> {
    let sources: Vec<SourceText<'_>> = articles
        .iter()
        .map(|a| SourceText {
            article: &a.id,
            document: &a.document,
            title: &a.title,
            published: a.published,
            language: a.language.as_ref(),
        })
        .collect();
    let figures = Figures::read(&sources);
    let options = verify::Options { language: Some(run.config.language().clone()) };
    let check = |claim: &mut Claim| {
        let mut found = claim.findings.take().unwrap_or_default();
        for finding in verify::check_with(claim, &sources, &figures, &options) {
            if !found.contains(&finding) {
                found.push(finding);
            }
        }
        claim.findings = Some(found);
    };
    entry.summary.iter_mut().for_each(check);
    entry.key_points.iter_mut().flat_map(|p| &mut p.details).for_each(|d| check(&mut d.claim));
    if let Some(Highlight { claim, .. }) = &mut entry.highlight {
        check(claim);
    }
    let texts = headings(entry);
    texts.iter().flat_map(|text| verify::check_text_with(text, &sources, &figures)).collect()
}

/// What a model is told of its entry: each red finding, as the instruction to mend it.
pub(super) fn complaints(on_headings: &[Finding], entry: &Entry) -> Vec<String> {
    let details = entry.key_points.iter().flat_map(|p| &p.details).map(|d| &d.claim);
    let on_claims = entry.summary.iter().chain(details).flat_map(|c| c.findings.iter().flatten());
    on_headings
        .iter()
        .chain(on_claims)
        .filter(|f| f.severity == Severity::Red)
        .map(|f| format!("“{}”: {}", f.text, f.note))
        .collect()
}

/// Title, headings, leads and headline: words without evidence.
fn headings(entry: &Entry) -> Vec<String> {
    let headline = entry.highlight.iter().map(|h| h.headline.clone());
    let points = entry.key_points.iter().flat_map(|p| {
        let leads = p.details.iter().map(|d| d.lead.clone());
        std::iter::once(p.heading.clone()).chain(leads)
    });
    std::iter::once(entry.title.clone()).chain(headline).chain(points).collect()
}
