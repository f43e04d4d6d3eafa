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

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde::Serialize;

use super::edit::Target;
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
    /// Other places that say the same: what is decided on the text is decided on them too.
    pub also: Vec<Target>,
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

/// What needs a decision of `texts`, which stand in the order of the issue. `rate` gives the risk of
/// a text, as [`risk`] does.
pub fn queue(
    texts: &[Checked],
    accepted: &Accepted,
    mut rate: impl FnMut(&Checked) -> Rated,
) -> Queue {
    let mut items: Vec<Item> = Vec::new();
    let mut quiet: Vec<(usize, &Checked, Rated)> = Vec::new();
    for (n, text) in texts.iter().enumerate() {
        let findings = weigh(text, accepted);
        let open = |s| findings.iter().any(|w| w.accepted.is_none() && w.finding.severity == s);
        let why = match (open(Severity::Red), open(Severity::Amber)) {
            (true, _) => Why::Red,
            (false, true) => Why::Amber,
            (false, false) if findings.is_empty() && is_offered(text) => {
                let rated = rate(text);
                if rated.0 >= RISK {
                    quiet.push((n, text, rated));
                }
                continue;
            }
            (false, false) => continue,
        };
        items.push(Item { findings, ..Item::of(text, why) });
    }
    let mut items = once_each(items);
    items.sort_by_key(|i| i.why);
    items.extend(riskiest(quiet));
    let forced = items.iter().filter(|i| i.forced).count();
    Queue { items, forced }
}

/// Whether `other` says again what `text` says: the same words about the same entry by the same
/// writer, as a line of the highlights may. What is decided on one is decided on both.
pub fn is_twin(text: &Checked, other: &Checked) -> bool {
    text.at != other.at
        && text.about.is_some()
        && text.about == other.about
        && text.is_machine() == other.is_machine()
        && text.text.trim_end() == other.text.trim_end()
}

/// One item for texts that say the same, where the others have no open finding of their own: that
/// of the entry's own text.
fn once_each(items: Vec<Item>) -> Vec<Item> {
    let mut places: HashMap<(String, String), Vec<usize>> = HashMap::new();
    let mut out: Vec<Option<Item>> = Vec::new();
    for item in items {
        let words = item.text.text.trim_end().to_owned();
        let key = item.text.about.clone().map(|about| (about, words));
        let own = key.map(|key| places.entry(key).or_default());
        let n = out.len();
        let twin = own.as_ref().and_then(|own| {
            own.iter().copied().find(|at| out[*at].as_ref().is_some_and(|i| i.covers(&item)))
        });
        let twin = twin.and_then(|at| out[at].take().map(|first| (at, first)));
        match twin {
            Some((at, first)) => out[at] = Some(first.with(item)),
            None => {
                if let Some(own) = own {
                    own.push(n);
                }
                out.push(Some(item));
            }
        }
    }
    out.into_iter().flatten().collect()
}

impl Item {
    fn of(text: &Checked, why: Why) -> Self {
        Self {
            text: text.clone(),
            also: Vec::new(),
            why,
            forced: why == Why::Red && text.is_machine(),
            findings: Vec::new(),
            risk: 0.0,
            risks: Vec::new(),
        }
    }

    /// Where its text stands, and where it stands again.
    pub fn places(&self) -> impl Iterator<Item = &Target> {
        std::iter::once(&self.text.at).chain(&self.also)
    }

    /// Whether `at` is one of those places.
    pub fn is_at(&self, at: &Target) -> bool {
        self.places().any(|p| p == at)
    }

    /// Whether a decision on this text is one on `other` too.
    fn covers(&self, other: &Self) -> bool {
        let open = |w: &&Weighed| w.accepted.is_none();
        let has = |w: &Weighed| {
            self.findings.iter().any(|own| {
                own.accepted.is_none()
                    && own.finding.kind == w.finding.kind
                    && own.finding.text == w.finding.text
            })
        };
        self.why == other.why
            && is_twin(&self.text, &other.text)
            && other.findings.iter().filter(open).all(has)
    }

    /// This item and `other`, which it covers, as one: that of an entry's own text before a line of
    /// the highlights.
    fn with(self, other: Self) -> Self {
        let (mut first, second) = match (&self.text.at.entry, &other.text.at.entry) {
            (None, Some(_)) if other.covers(&self) => (other, self),
            _ => (self, other),
        };
        first.also.push(second.text.at);
        first.also.extend(second.also);
        first
    }
}

/// Lines of the highlights say again what entries say, and are left to them.
fn is_offered(text: &Checked) -> bool {
    matches!(text.at.field, Field::Sentence { .. } | Field::Detail { .. })
}

/// The riskiest of each entry, in the order of the issue.
fn riskiest(mut quiet: Vec<(usize, &Checked, Rated)>) -> Vec<Item> {
    quiet.sort_by(|a, b| b.2.0.total_cmp(&a.2.0).then(a.0.cmp(&b.0)));
    let mut of_entry: HashMap<Option<&String>, usize> = HashMap::new();
    quiet.retain(|(_, text, _)| {
        let own = of_entry.entry(text.about.as_ref()).or_default();
        *own += 1;
        *own <= RISKY
    });
    quiet.sort_by_key(|(n, ..)| *n);
    let item = |(_, text, (risk, risks))| Item { risk, risks, ..Item::of(text, Why::Risky) };
    quiet.into_iter().map(item).collect()
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

/// A claim's risk, and what makes it.
pub type Rated = (f64, Vec<Risk>);

/// The risk of a claim, and what makes it. `articles` are those behind its evidence, by id.
pub fn risk(text: &Checked, articles: &BTreeMap<String, Arc<Article>>) -> Rated {
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
fn from_evidence(text: &Checked, articles: &BTreeMap<String, Arc<Article>>) -> Option<(Risk, f64)> {
    let sentences: Vec<&str> = text
        .evidence
        .iter()
        .filter_map(|e| {
            let article = articles.get(&e.article)?;
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
