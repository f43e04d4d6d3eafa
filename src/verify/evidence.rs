//! Does the evidence exist, and is its quote verbatim?

use super::{Claim, Evidence, Finding, FindingKind, Origin, Severity, SourceText};
use crate::text::Document;
use crate::text::quotation::is_verbatim;

/// Checks what a claim says it rests on. The span of a finding is the whole claim.
///
/// A model's or an extractive claim without evidence is red; an editor's, or one of unknown
/// origin, need not have any.
pub fn check(claim: &Claim, sources: &[SourceText<'_>]) -> Vec<Finding> {
    let evidence = claim.evidence.as_deref().unwrap_or_default();
    if evidence.is_empty() {
        let owed = matches!(claim.origin, Some(Origin::Model | Origin::Extractive));
        let missing =
            || finding(claim, Severity::Red, "no sentence is named that it rests on".into());
        return owed.then(missing).into_iter().collect();
    }
    evidence
        .iter()
        .filter_map(|e| problem(e, sources))
        .map(|(severity, note)| finding(claim, severity, note))
        .collect()
}

fn problem(evidence: &Evidence, sources: &[SourceText<'_>]) -> Option<(Severity, String)> {
    let Evidence { article, sentence, quote } = evidence;
    let Some(source) = sources.iter().find(|s| s.article == article) else {
        return Some((Severity::Red, format!("article {article} is not one of its story")));
    };
    let document = source.document;
    let Some(index) = document.index_of(sentence) else {
        let note = format!(
            "{sentence} is no sentence of the article: it has {}",
            document.sentences().len()
        );
        return Some((Severity::Red, note));
    };
    if quote.trim().is_empty() {
        return Some((Severity::Red, format!("no words of {sentence} are quoted")));
    }
    if is_verbatim(quote, document.sentence_text(index)) {
        return None;
    }
    if let Some(id) = elsewhere(quote, document) {
        return Some((Severity::Amber, format!("“{quote}” stands in {id}, not in {sentence}")));
    }
    Some((
        Severity::Red,
        format!("“{quote}” is not in {sentence}: {}", document.sentence_text(index)),
    ))
}

/// The sentence that does hold the quote.
fn elsewhere(quote: &str, document: &Document) -> Option<String> {
    (0..document.sentences().len())
        .find(|i| is_verbatim(quote, document.sentence_text(*i)))
        .map(Document::id_of)
}

fn finding(claim: &Claim, severity: Severity, note: String) -> Finding {
    let span = [0, claim.text.chars().count()];
    Finding { severity, kind: FindingKind::Evidence, span, text: claim.text.clone(), note }
}
