//! Names in Latin letters: amber where no source has them.
//!
//! A name that was translated into or out of Chinese characters cannot be looked up, so only
//! Latin letters that stay Latin are compared, and nothing here is red.

use std::ops::Range;

use super::{Finding, FindingKind, Severity, SourceText};
use crate::text::name::{self, Vocabulary};
use crate::text::quantity::{self, Fact, Found};

/// Fewer Latin letters in the sources than this: they may well write names otherwise.
const LATIN: usize = 12;

/// Checks the Latin names of `text`.
pub fn check(text: &str, sources: &[SourceText<'_>]) -> Vec<Finding> {
    // GW behind a number is a unit.
    let measured = quantity::scan(text);
    let within = |n: &Range<usize>| {
        let holds = |f: &Found| f.span.start <= n.start && n.end <= f.span.end;
        measured.iter().any(|f| holds(f) && matches!(f.fact, Fact::Quantity(_)))
    };
    let names: Vec<Range<usize>> = name::latin(text).into_iter().filter(|n| !within(n)).collect();
    let han = text.chars().any(crate::text::quotation::is_cjk);
    let latin: usize = sources
        .iter()
        .map(|s| s.document.text().bytes().filter(u8::is_ascii_alphabetic).count())
        .sum();
    // An English claim on a Chinese source names everybody anew.
    let rewritten = !han
        && sources.iter().all(|s| s.document.text().chars().any(crate::text::quotation::is_cjk));
    if names.is_empty() || latin < LATIN && !han || rewritten {
        return Vec::new();
    }
    let mut words = Vocabulary::default();
    for source in sources {
        words.add(source.title);
        words.add(source.document.text());
    }
    let chars: Vec<char> = text.chars().collect();
    names
        .into_iter()
        .filter_map(|span| {
            let name: String = chars[span.clone()].iter().collect();
            (!words.has(&name)).then(|| Finding {
                severity: Severity::Amber,
                kind: FindingKind::Name,
                span: [span.start, span.end],
                text: name,
                note: "no source has this name in Latin letters".to_owned(),
            })
        })
        .collect()
}
