//! Prose must be prose: no URL, e-mail address, phone number, HTML or Markdown.

use super::{Finding, FindingKind, Severity, SourceText};
use crate::text::markup::{self, Mark};

/// Finds links and markup. A host name alone is a name where a source has it (`Booking.example`),
/// else a link.
pub fn check(text: &str, sources: &[SourceText<'_>]) -> Vec<Finding> {
    markup::find(text)
        .into_iter()
        .filter(|(mark, range)| *mark != Mark::Host || !said(&text[range.clone()], sources))
        .map(|(mark, range)| {
            let (kind, note) = describe(mark);
            Finding {
                severity: Severity::Red,
                kind,
                span: super::code_points(text, &range),
                text: text[range].to_owned(),
                note: note.to_owned(),
            }
        })
        .collect()
}

fn said(host: &str, sources: &[SourceText<'_>]) -> bool {
    let host = host.to_lowercase();
    sources.iter().any(|s| {
        s.title.to_lowercase().contains(&host) || s.document.text().to_lowercase().contains(&host)
    })
}

fn describe(mark: Mark) -> (FindingKind, &'static str) {
    match mark {
        Mark::Url => {
            (FindingKind::Link, "a URL in prose: links are set by the program, never written")
        }
        Mark::Host => (FindingKind::Link, "a host name that no source has"),
        Mark::Email => (FindingKind::Link, "an e-mail address in prose"),
        Mark::Phone => (FindingKind::Link, "a phone number in prose"),
        Mark::Html => (FindingKind::Markup, "HTML in prose"),
        Mark::Markdown => (FindingKind::Markup, "Markdown in prose"),
    }
}
