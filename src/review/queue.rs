//! What needs a decision, in order. Pure.
//!
//! First the texts with unresolved findings, red before amber, each once however many findings it
//! has; then, entry by entry, the riskiest texts without any. Rules cannot see swapped roles, wrong
//! verbs and lost negations, so those are offered by how easily they could hide one. **Forced** is
//! only a red finding on what a machine wrote: an approval waits for it. The rest is offered.
//!
//! # The risk of a claim
//!
//! The sum of what is in it. The weights are a judgement, not a measurement: they put the claims
//! first in which one wrong word turns the meaning round.
//!
//! | what | weight |
//! |---|---|
//! | two names or more and a verb that links them: roles may be swapped | 2 |
//! | a comparison (比, 高于, than, versus) | 1.5 |
//! | evidence in another language | 1.5 |
//! | a negation (不, 未, not, without) | 1 |
//! | numbers | 0.5 each, at most 1.5 |
//! | an attribution (据, 称, said) | 0.5 |
//! | few words shared with its sentences, in the same language | 2 × (0.6 − share), from 0 |
//!
//! Words that were taken from the article letter for letter have none, nor has an editor's text.

use serde::Serialize;

use super::record::{Accepted, Decision};
use super::sides::{share, words};
use super::texts::Checked;
use crate::extract::Article;
use crate::format::Field;
use crate::text::{language, name, quantity};
use crate::verify::{Finding, Origin, Severity};

/// The most texts without findings that are offered of one entry, and the risk they must have.
const RISKY: usize = 3;
const RISK: f64 = 1.5;

/// A finding with what was decided on it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Weighed {
    /// The finding.
    pub finding: Finding,
    /// Who accepted it and why; `None`: it is open.
    pub accepted: Option<Decision>,
}

/// Why a text is in the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// An open red finding.
    Red,
    /// An open amber finding.
    Amber,
    /// No finding, but much that could be wrong unseen.
    Risky,
}

/// What makes a claim risky. A closed list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Risk {
    /// Several names and a verb that links them.
    Roles,
    /// A comparison.
    Comparison,
    /// Evidence in another language.
    OtherLanguage,
    /// A negation.
    Negation,
    /// Numbers.
    Numbers,
    /// An attribution.
    Attribution,
    /// Few words shared with its sentences.
    Unlike,
}

/// One decision.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Item {
    /// The text.
    pub text: Checked,
    /// Why it is here.
    pub why: Why,
    /// An approval waits for it.
    pub forced: bool,
    /// All its findings.
    pub findings: Vec<Weighed>,
    /// Its risk.
    pub risk: f64,
    /// What makes it risky.
    pub risks: Vec<Risk>,
}

/// What needs a decision.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Queue {
    /// The decisions, in order.
    pub items: Vec<Item>,
    /// How many an approval waits for.
    pub forced: usize,
}

/// Weighs the findings of one text against what was accepted.
pub fn weigh(text: &Checked, accepted: &Accepted) -> Vec<Weighed> {
    let one = |finding: &Finding| Weighed {
        accepted: accepted.of(&text.text, finding, &text.sources).cloned(),
        finding: finding.clone(),
    };
    text.findings.iter().map(one).collect()
}

/// What needs a decision of `texts`, which stand in the order of the issue. `articles` are those
/// behind the evidence.
pub fn queue(texts: &[Checked], accepted: &Accepted, articles: &[&Article]) -> Queue {
    let mut items: Vec<Item> = Vec::new();
    let mut quiet: Vec<Item> = Vec::new();
    for text in texts {
        let findings = weigh(text, accepted);
        let open = |s| findings.iter().any(|w| w.accepted.is_none() && w.finding.severity == s);
        let why = match (open(Severity::Red), open(Severity::Amber)) {
            (true, _) => Why::Red,
            (false, true) => Why::Amber,
            (false, false) => Why::Risky,
        };
        let forced = why == Why::Red && text.is_machine();
        let mut item =
            Item { text: text.clone(), why, forced, findings, risk: 0.0, risks: Vec::new() };
        if why != Why::Risky {
            items.push(item);
        } else if item.findings.is_empty() {
            (item.risk, item.risks) = risk(text, articles);
            quiet.push(item);
        }
    }
    items.sort_by_key(|i| i.why);
    items.extend(riskiest(quiet));
    let forced = items.iter().filter(|i| i.forced).count();
    Queue { items, forced }
}

/// The riskiest of each entry, in the order of the issue. Lines of the highlights say again what
/// entries say, and are left to them.
fn riskiest(quiet: Vec<Item>) -> Vec<Item> {
    let mut keep: Vec<(usize, Item)> = Vec::new();
    let candidates = quiet.into_iter().enumerate().filter(|(_, i)| {
        i.risk >= RISK && matches!(i.text.at.field, Field::Sentence { .. } | Field::Detail { .. })
    });
    let mut by_risk: Vec<(usize, Item)> = candidates.collect();
    by_risk.sort_by(|a, b| b.1.risk.total_cmp(&a.1.risk).then(a.0.cmp(&b.0)));
    for (n, item) in by_risk {
        let own = keep.iter().filter(|(_, k)| k.text.about == item.text.about).count();
        if own < RISKY {
            keep.push((n, item));
        }
    }
    keep.sort_by_key(|(n, _)| *n);
    keep.into_iter().map(|(_, item)| item).collect()
}

const COMPARING: &[&str] = &[
    "比",
    "高于",
    "低于",
    "超过",
    "优于",
    "胜过",
    "不及",
    "than",
    "versus",
    "compared",
    "outperform",
    "exceed",
    "ahead of",
];
const NEGATING: &[&str] = &[
    "不", "未", "没有", "无法", "否认", "not", "no", "never", "without", "cannot", "denied", "n't",
];
const ATTRIBUTING: &[&str] =
    &["据", "称", "表示", "认为", "指出", "according", "said", "says", "claims", "reported"];
const LINKING: &[&str] = &[
    "收购", "击败", "起诉", "指控", "投资", "授权", "供应", "取代", "合作", "超越", "基于", "给",
    "向", "由", "被", "将", "acquire", "beat", "sue", "accuse", "invest", "license", "suppl",
    "replace", "defeat", "bought", "sold", "partner", "based on", "from", "to", "by",
];

/// The risk of a claim, and what makes it.
pub fn risk(text: &Checked, articles: &[&Article]) -> (f64, Vec<Risk>) {
    if text.origin != Some(Origin::Model) {
        return (0.0, Vec::new());
    }
    let mut found: Vec<(Risk, f64)> = Vec::new();
    let lower = text.text.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|w| says(&lower, w));
    let names = name::latin(&text.text);
    // words of one name follow each other
    let apart = names.windows(2).filter(|w| w[1].start > w[0].end + 1).count();
    if !names.is_empty() && apart > 0 && has(LINKING) {
        found.push((Risk::Roles, 2.0));
    }
    if has(COMPARING) {
        found.push((Risk::Comparison, 1.5));
    }
    if has(NEGATING) {
        found.push((Risk::Negation, 1.0));
    }
    if has(ATTRIBUTING) {
        found.push((Risk::Attribution, 0.5));
    }
    let mut spans: Vec<_> = quantity::scan(&text.text).into_iter().map(|f| f.span.start).collect();
    spans.dedup();
    if !spans.is_empty() {
        found.push((Risk::Numbers, (spans.len() as f64 * 0.5).min(1.5)));
    }
    found.extend(from_evidence(text, articles));
    (found.iter().map(|f| f.1).sum(), found.into_iter().map(|f| f.0).collect())
}

/// What the sentences it rests on add to a claim's risk.
fn from_evidence(text: &Checked, articles: &[&Article]) -> Option<(Risk, f64)> {
    let sentences: Vec<&str> = text
        .evidence
        .iter()
        .filter_map(|e| {
            let article = articles.iter().find(|a| a.id == e.article)?;
            Some(article.document.sentence_text(article.document.index_of(&e.sentence)?))
        })
        .collect();
    if sentences.is_empty() {
        return None;
    }
    let said = sentences.join("\n");
    let other = match (language::detect(&text.text), language::detect(&said)) {
        (Some(own), Some(source)) => own.is_chinese() != source.is_chinese(),
        _ => false,
    };
    if other {
        return Some((Risk::OtherLanguage, 1.5));
    }
    let share = share(&words(&text.text), &words(&said));
    (share < 0.6).then_some((Risk::Unlike, 2.0 * (0.6 - share)))
}

/// Whether `lower` says `word`: Chinese anywhere, an English word at a word's start, short ones as
/// whole words.
fn says(lower: &str, word: &str) -> bool {
    if !word.is_ascii() || word.starts_with('n') && word.contains('\'') {
        return lower.contains(word);
    }
    lower.match_indices(word).any(|(at, _)| {
        let letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
        let starts = !letter(lower[..at].chars().next_back());
        starts && (word.len() > 4 || !letter(lower[at + word.len()..].chars().next()))
    })
}

#[cfg(test)]
#[path = "queue_tests.rs"]
mod tests;
