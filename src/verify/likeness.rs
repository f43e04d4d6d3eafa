//! Is the claim in the edition's language, and is it about its own article at all?

use std::collections::BTreeSet;

use super::{Claim, Finding, FindingKind, Options, Severity, SourceText, quotes};
use crate::text::language;
use crate::text::quotation::is_cjk;

/// Fewer terms than this say nothing about likeness.
const TERMS: usize = 8;
/// Shares below which a claim is doubtful, and of another article. Faithful English summaries
/// share 0.64 to 0.88 of their words with their article, one of a neighbour's article 0.07. Pairs
/// of Chinese characters are shared less: a free but faithful sentence may keep a fifth.
const WORDS: (f64, f64) = (0.3, 0.15);
const PAIRS: (f64, f64) = (0.12, 0.05);

/// A claim in another script than the edition's is red, one in another language of the same
/// script amber, since short texts are easily mistaken.
pub fn language(text: &str, options: &Options) -> Option<Finding> {
    let wanted = options.language.as_ref()?;
    let found = language::detect(text).filter(|found| !found.same_as(wanted))?;
    let scripts = ["zh", "ja", "ko"];
    let other =
        scripts.contains(&wanted.primary().as_str()) || scripts.contains(&found.primary().as_str());
    let long = text.chars().filter(|c| c.is_alphabetic()).count() >= 60;
    let severity = if other { Severity::Red } else { Severity::Amber };
    let note =
        format!("this reads as `{}`; the edition is in `{}`", found.primary(), wanted.primary());
    (other || long).then(|| whole(text, severity, FindingKind::Language, note))
}

/// A claim that hardly shares a word with the articles that it names as evidence (with all
/// sources where it names none). Only within one language.
pub fn overlap(claim: &Claim, sources: &[SourceText<'_>]) -> Option<Finding> {
    let named: BTreeSet<&str> =
        claim.evidence.iter().flatten().map(|e| e.article.as_str()).collect();
    let own: Vec<SourceText<'_>> =
        sources.iter().filter(|s| named.is_empty() || named.contains(s.article)).copied().collect();
    if own.is_empty() || !quotes::is_same_language(&claim.text, &own) {
        return None;
    }
    let terms = terms(&claim.text);
    if terms.len() < TERMS {
        return None;
    }
    let said: BTreeSet<String> = own
        .iter()
        .flat_map(|s| self::terms(s.document.text()).into_iter().chain(self::terms(s.title)))
        .collect();
    let share = terms.iter().filter(|t| said.contains(*t)).count() as f64 / terms.len() as f64;
    let (doubtful, foreign) = if claim.text.chars().any(is_cjk) { PAIRS } else { WORDS };
    let severity = if share < foreign { Severity::Red } else { Severity::Amber };
    let note = format!("shares {:.0} % of its words with its article", share * 100.0);
    (share < doubtful).then(|| whole(&claim.text, severity, FindingKind::Overlap, note))
}

fn whole(text: &str, severity: Severity, kind: FindingKind, note: String) -> Finding {
    Finding { severity, kind, span: [0, text.chars().count()], text: text.to_owned(), note }
}

/// Pairs of neighbouring Chinese characters and Latin words of four letters and more, cut to
/// their first six.
fn terms(text: &str) -> BTreeSet<String> {
    let (mut out, mut word, mut han) = (BTreeSet::new(), String::new(), None::<char>);
    for c in text.chars().flat_map(char::to_lowercase).chain([' ']) {
        let cjk = is_cjk(c) && c.is_alphabetic();
        if c.is_alphanumeric() && !cjk {
            word.push(c);
        } else if !word.is_empty() {
            let long = word.chars().count() >= 4;
            let stem: String = std::mem::take(&mut word).chars().take(6).collect();
            out.extend(long.then_some(stem));
        }
        out.extend(han.filter(|_| cjk).map(|before| format!("{before}{c}")));
        han = cjk.then_some(c);
    }
    out
}
