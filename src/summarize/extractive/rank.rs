//! Which units say most: directed centrality, position, likeness to the title, facts; and a
//! choice among them that does not say one thing twice (maximal marginal relevance).

use std::collections::{BTreeMap, BTreeSet};

use super::unit::{Script, Text};

/// Weight of each part of a score; each part is scaled to 0..=1 within its article.
const CENTRALITY: f64 = 1.5;
const POSITION: f64 = 0.6;
const TITLE: f64 = 0.5;
const FACTS: f64 = 0.1;
const BREVITY: f64 = 1.5;
/// What likeness to an earlier unit takes from centrality: a sentence that repeats is no centre
/// (the directed form of centrality of Zheng and Lapata, 2019).
const BACKWARD: f64 = -0.3;
/// What likeness to what is already chosen takes from a score.
const REDUNDANCY: f64 = 0.7;
/// The share of a unit's terms from which on another one repeats it, and the fewest terms that tell.
const REPEATED: f64 = 0.75;
const FEWEST_TERMS: usize = 5;
/// Units compared with each other; longer articles have said their news by then.
const COMPARED: usize = 120;

/// Scores and likeness of an article's units.
#[derive(Debug)]
pub(super) struct Ranked {
    /// The score of each unit; `None` where it is not fit to be printed.
    pub(super) scores: Vec<Option<f64>>,
    /// How much each unit shares with the title, 0..=1.
    pub(super) title: Vec<f64>,
    vectors: Vec<BTreeMap<String, f64>>,
}

impl Ranked {
    /// Cosine likeness of two units, 0..=1.
    pub(super) fn likeness(&self, a: usize, b: usize) -> f64 {
        let (a, b) = (&self.vectors[a], &self.vectors[b]);
        a.iter().filter_map(|(term, x)| b.get(term).map(|y| x * y)).sum()
    }

    /// Whether one of two units says again what the other says: nearly all of the shorter one's
    /// terms, as a standfirst and the lead below it do.
    pub(super) fn repeats(&self, a: usize, b: usize) -> bool {
        let (a, b) = (&self.vectors[a], &self.vectors[b]);
        let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
        let shared = short.keys().filter(|term| long.contains_key(*term)).count();
        short.len() >= FEWEST_TERMS && shared as f64 >= REPEATED * short.len() as f64
    }

    /// Likeness to the nearest of `others`.
    fn nearest(&self, unit: usize, others: &[usize]) -> f64 {
        others.iter().map(|o| self.likeness(unit, *o)).fold(0.0, f64::max)
    }
}

/// Scores every unit of `text` that is fit to be printed.
pub(super) fn rank(text: &Text<'_>) -> Ranked {
    let terms: Vec<Vec<String>> = text.units.iter().map(|u| terms(u.text, text.script)).collect();
    let vectors = vectors(&terms);
    let title_terms: BTreeSet<String> = self::terms(text.title, text.script).into_iter().collect();
    let title = terms.iter().map(|t| shared(t, &title_terms)).collect();
    let mut ranked = Ranked { scores: vec![None; text.units.len()], title, vectors };
    let fit: Vec<usize> =
        (0..text.units.len()).filter(|u| text.units[*u].fit).take(COMPARED).collect();
    let central = scaled(&fit.iter().map(|u| centrality(&ranked, &fit, *u)).collect::<Vec<_>>());
    let facts = scaled(&fit.iter().map(|u| facts(text.units[*u].text) as f64).collect::<Vec<_>>());
    let brevity: Vec<f64> = fit.iter().map(|u| brevity(text.length(*u), text.script)).collect();
    let overlap = scaled(&fit.iter().map(|u| ranked.title[*u]).collect::<Vec<_>>());
    for (order, unit) in fit.iter().enumerate() {
        let position = 1.0 / (1.0 + order as f64 / 3.0);
        ranked.scores[*unit] = Some(
            CENTRALITY * central[order]
                + POSITION * position
                + TITLE * overlap[order]
                + FACTS * facts[order]
                + BREVITY * brevity[order],
        );
    }
    ranked
}

fn centrality(ranked: &Ranked, fit: &[usize], unit: usize) -> f64 {
    fit.iter()
        .filter(|other| **other != unit)
        .map(|other| {
            let weight = if *other > unit { 1.0 } else { BACKWARD };
            weight * ranked.likeness(unit, *other)
        })
        .sum()
}

/// 1 up to the length of an easy sentence, then falling to 0 at three times that.
fn brevity(length: usize, script: Script) -> f64 {
    let easy = script.pick(40.0, 20.0);
    (1.0 - (length as f64 - easy) / (2.0 * easy)).clamp(0.0, 1.0)
}

/// Values scaled to 0..=1; all 0 where they are all the same.
fn scaled(values: &[f64]) -> Vec<f64> {
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let width = high - low;
    values.iter().map(|v| if width > 0.0 { (v - low) / width } else { 0.0 }).collect()
}

/// The units of a summary in the order of the text: the first fit one, the best of the rest, and
/// what continues from there: the two that say most stand first.
/// A unit that leans on another comes with it or not at all; one that is `taken` stays where it is.
pub(super) fn summary(
    text: &Text<'_>,
    ranked: &Ranked,
    most: usize,
    taken: &BTreeSet<usize>,
) -> Vec<usize> {
    let Some(first) = text.units.iter().position(|u| u.fit) else {
        return Vec::new();
    };
    let budget = text.script.pick(260, 130);
    let mut chosen = vec![first];
    let mut length = text.length(first);
    while chosen.len() < most.max(1) {
        let next = (first + 1..text.units.len())
            .filter(|u| !taken.contains(u))
            .filter(|u| {
                !chosen.contains(u)
                    && (chosen.len() < 2 || *u > chosen[1])
                    && length + text.length(*u) <= budget
            })
            .filter(|u| chosen.iter().all(|c| !ranked.repeats(*u, *c)))
            .filter(|u| !text.units[*u].leans || text.comes_next(*u) && chosen.contains(&(u - 1)))
            .filter_map(|u| {
                ranked.scores[u].map(|s| (u, s - REDUNDANCY * ranked.nearest(u, &chosen)))
            })
            .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
        let Some((unit, _)) = next else { break };
        length += text.length(unit);
        chosen.push(unit);
    }
    chosen.sort_unstable();
    chosen
}

/// Unit vectors of terms weighed by how rare they are within the article.
fn vectors(terms: &[Vec<String>]) -> Vec<BTreeMap<String, f64>> {
    let mut spread: BTreeMap<&str, f64> = BTreeMap::new();
    for unit in terms {
        for term in unit.iter().map(String::as_str).collect::<BTreeSet<_>>() {
            *spread.entry(term).or_default() += 1.0;
        }
    }
    let total = terms.len() as f64;
    terms
        .iter()
        .map(|unit| {
            let mut vector: BTreeMap<String, f64> = BTreeMap::new();
            for term in unit {
                let rarity = (1.0 + total / spread.get(term.as_str()).copied().unwrap_or(1.0)).ln();
                *vector.entry(term.clone()).or_default() += rarity;
            }
            let norm = vector.values().map(|x| x * x).sum::<f64>().sqrt();
            vector.values_mut().for_each(|x| *x /= norm.max(f64::MIN_POSITIVE));
            vector
        })
        .collect()
}

/// The share of the title's terms that a unit holds.
fn shared(unit: &[String], title: &BTreeSet<String>) -> f64 {
    if title.is_empty() {
        return 0.0;
    }
    let unit: BTreeSet<&String> = unit.iter().collect();
    title.iter().filter(|t| unit.contains(t)).count() as f64 / title.len() as f64
}

/// Numbers, Latin names within Chinese, capitalised words within a sentence, quotations: what
/// makes a sentence concrete. At most 6.
pub(super) fn facts(text: &str) -> usize {
    let (mut count, mut in_digits, mut in_name, mut before) = (0, false, false, '.');
    for c in text.chars() {
        count += usize::from(c.is_ascii_digit() && !in_digits);
        in_digits = c.is_ascii_digit() || in_digits && matches!(c, '.' | ',' | '%');
        let starts = c.is_uppercase() && !before.is_alphanumeric() && !".!?\"“".contains(before);
        count += usize::from(starts && !in_name);
        in_name = c.is_alphanumeric() && (in_name || c.is_uppercase());
        count += usize::from(matches!(c, '“' | '「' | '《'));
        if !c.is_whitespace() || !".!?\"“".contains(before) {
            before = c;
        }
    }
    count.min(6)
}

/// The terms of `text`: pairs of neighbouring Han characters and Latin words and numbers, or
/// English words without the commonest ones and without their endings.
pub(super) fn terms(text: &str, script: Script) -> Vec<String> {
    let (mut out, mut word, mut han) = (Vec::new(), String::new(), None::<char>);
    for c in text.chars().flat_map(char::to_lowercase).chain(std::iter::once(' ')) {
        let is_han = ('\u{3400}'..='\u{9fff}').contains(&c);
        if c.is_alphanumeric() && !is_han {
            word.push(c);
            han = None;
            continue;
        }
        if !word.is_empty() {
            let done = std::mem::take(&mut word);
            match script {
                Script::Characters => out.push(done),
                Script::Words => out.extend(content_word(&done)),
            }
        }
        if is_han {
            out.extend(han.map(|before| format!("{before}{c}")));
            han = Some(c);
        } else {
            han = None;
        }
    }
    out
}

const COMMON: &[&str] = &[
    "a", "about", "above", "after", "again", "all", "also", "am", "an", "and", "any", "are", "as",
    "at", "be", "because", "been", "before", "being", "between", "both", "but", "by", "can",
    "could", "did", "do", "does", "down", "during", "each", "few", "for", "from", "had", "has",
    "have", "he", "her", "here", "him", "his", "how", "i", "if", "in", "into", "is", "it", "its",
    "just", "like", "may", "me", "more", "most", "my", "no", "not", "now", "of", "off", "on",
    "one", "only", "or", "other", "our", "out", "over", "own", "s", "said", "same", "say", "says",
    "she", "should", "so", "some", "such", "t", "than", "that", "the", "their", "them", "then",
    "there", "these", "they", "this", "those", "through", "to", "too", "under", "until", "up",
    "us", "very", "was", "we", "were", "what", "when", "where", "which", "while", "who", "why",
    "will", "with", "would", "you", "your",
];

/// A word without its ending, unless it is one of the commonest.
fn content_word(word: &str) -> Option<String> {
    if COMMON.contains(&word) {
        return None;
    }
    let cut = ["ing", "ed", "es", "s"]
        .iter()
        .find_map(|ending| word.strip_suffix(ending).filter(|stem| stem.len() > 3));
    Some(cut.unwrap_or(word).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_by_script() {
        assert_eq!(
            terms("微光发布LLM 3", Script::Characters),
            ["微光", "光发", "发布", "llm", "3"]
        );
        assert_eq!(terms("The labs released models", Script::Words), ["labs", "releas", "model"]);
    }

    #[test]
    fn facts_are_counted() {
        assert_eq!(facts("The lab said so."), 0);
        assert!(facts("The lab in Harbour City cut costs by 40%.") >= 2);
        assert!(facts("微光研究院用 LLM 将成本降低40%。") >= 2);
    }
}
