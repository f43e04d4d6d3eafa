//! Quotations: what stands between quotation marks must stand in a source.

use super::{Finding, FindingKind, Severity, SourceText};
use crate::text::quotation;
use crate::text::{Language, language};

/// From this length on (in characters) words between quotation marks are speech, not a term.
const SPEECH: usize = 12;

/// Checks the quotations of `text`. In a source's own language speech that is not there is red, a
/// short term amber; where no source is in the claim's language, speech is amber, since a
/// translation cannot be looked up.
pub fn check(text: &str, sources: &[SourceText<'_>]) -> Vec<Finding> {
    let quotes = quotation::find(text);
    if quotes.is_empty() || sources.is_empty() {
        return Vec::new();
    }
    let chars: Vec<char> = text.chars().collect();
    let letters: Vec<String> = sources
        .iter()
        .map(|s| quotation::letters(s.title) + &quotation::letters(s.document.text()))
        .collect();
    let same = is_same_language(text, sources);
    quotes
        .into_iter()
        .filter_map(|span| {
            let words: String = chars[span.clone()].iter().collect();
            if letters.iter().any(|source| quotation::is_quoted(&words, source)) {
                return None;
            }
            let speech = span.len() >= SPEECH || is_attributed(&chars, span.start);
            let severity = match (speech, same) {
                (true, true) => Severity::Red,
                (false, false) => return None,
                _ => Severity::Amber,
            };
            let note = if same {
                "no source has these words"
            } else {
                "a translated quotation: it cannot be looked up"
            };
            let span = [span.start, span.end];
            Some(Finding {
                severity,
                kind: FindingKind::Quote,
                span,
                text: words,
                note: note.to_owned(),
            })
        })
        .collect()
}

/// Whether somebody is said to speak right before the quotation: `他说：“`, `said, "`.
fn is_attributed(chars: &[char], start: usize) -> bool {
    let before: String = chars[start.saturating_sub(12)..start.saturating_sub(1)].iter().collect();
    let before = before.trim_end();
    let colon = before.ends_with(['：', ':', '，', ',']);
    let before = before.trim_end_matches(['：', ':', '，', ',']);
    let verbs = [
        "说", "说道", "表示", "指出", "强调", "坦言", "写道", "回应", "said", "says", "wrote",
        "added", "told",
    ];
    colon && verbs.iter().any(|v| before.ends_with(v))
}

/// Whether some source is in the language of `text`.
pub(super) fn is_same_language(text: &str, sources: &[SourceText<'_>]) -> bool {
    let own = language::detect(text);
    sources.iter().any(|s| {
        let source: Option<Language> =
            s.language.cloned().or_else(|| language::detect(s.document.text()));
        match (&own, &source) {
            (Some(a), Some(b)) => {
                a.is_chinese() == b.is_chinese()
                    && (a.is_chinese() || s.language.is_none() || a.same_as(b) || text.len() < 60)
            }
            _ => false,
        }
    })
}
