//! How much speaks for two articles reporting the same event.
//!
//! A linear score whose weights were fitted (logistic regression, then rounded) to pairs of
//! English reports judged by hand; Chinese pairs share more of everything and are served by the
//! same weights. Zero is even odds.

use std::collections::HashMap;

use crate::text::similarity::{self, Sparse, Term};

use super::profile::Profile;
use super::{WINDOW_HOURS, hours};

/// What makes a pair impossible, whatever it shares.
pub(super) const IMPOSSIBLE: f64 = -100.0;

/// Even odds lie here before the features are counted.
const BIAS: f64 = -6.9;

/// A collection smaller than this tells little of which words are rare; it is taken for one of
/// this size.
pub(super) const LEAST_CORPUS: f64 = 100.0;

/// Hours that cost nothing; each further hour makes a follow-up more likely.
const FRESH_HOURS: f64 = 24.0;
const COST_OF_HOUR: f64 = 0.015;

/// How common each term, name and quotation is among the articles compared.
#[derive(Debug)]
pub(super) struct Corpus {
    size: f64,
    terms: HashMap<Term, u32>,
    names: HashMap<Term, u32>,
}

impl Corpus {
    /// Counts `profiles`, and gives their vectors weights: (1 + ln tf) · ln(1 + N/df).
    pub(super) fn weigh(profiles: &mut [Profile<'_>]) -> Self {
        let mut corpus = Self {
            size: (profiles.len() as f64).max(LEAST_CORPUS),
            terms: HashMap::new(),
            names: HashMap::new(),
        };
        for p in profiles.iter() {
            for (t, _) in &p.body.entries {
                *corpus.terms.entry(*t).or_default() += 1;
            }
            for t in &p.anchors.names {
                *corpus.names.entry(*t).or_default() += 1;
            }
        }
        for p in profiles.iter_mut() {
            for vector in [&mut p.body, &mut p.lead, &mut p.title] {
                vector.reweigh(|t, n| (1.0 + n.ln()) * corpus.rarity(&corpus.terms, t) as f32);
            }
        }
        corpus
    }

    fn rarity(&self, counts: &HashMap<Term, u32>, term: Term) -> f64 {
        let df = counts.get(&term).copied().unwrap_or(1).max(1);
        (self.size / f64::from(df)).ln_1p()
    }

    /// The evidence that `a` and `b` report one event; 0 is even odds, [`IMPOSSIBLE`] a veto.
    pub(super) fn evidence(&self, a: &Profile<'_>, b: &Profile<'_>) -> f64 {
        let apart = hours(a, b);
        if apart > WINDOW_HOURS || a.ideographs != b.ideographs || is_template(a, b) {
            return IMPOSSIBLE;
        }
        let body = a.body.cosine(&b.body);
        let lead = a.lead.cosine(&b.lead);
        let title = a.title.cosine(&b.title);
        let (lead_low, lead_high) = ordered(
            self.covered(&a.lead, &b.body),
            self.covered(&b.lead, &a.body),
        );
        let (title_low, title_high) = ordered(
            self.covered(&a.title, &b.body),
            self.covered(&b.title, &a.body),
        );
        let quotes = similarity::shared(&a.anchors.quotes, &b.anchors.quotes) as f64;
        BIAS + 1.6 * body
            + 3.1 * lead
            + 3.2 * title
            + 1.2 * lead_low
            + 1.0 * lead_high
            + 3.6 * title_low
            + 1.5 * title_high
            + 1.3 * self.names_shared(a, b)
            + 1.8 * (quotes / 10.0).min(1.0)
            - COST_OF_HOUR * (apart - FRESH_HOURS).max(0.0)
    }

    /// The part of what `part` says, by rarity, that `whole` has too.
    fn covered(&self, part: &Sparse, whole: &Sparse) -> f64 {
        let (mut all, mut found, mut at) = (0.0, 0.0, 0);
        for (term, _) in &part.entries {
            let weight = self.rarity(&self.terms, *term);
            all += weight;
            while whole.entries.get(at).is_some_and(|e| e.0 < *term) {
                at += 1;
            }
            if whole.entries.get(at).is_some_and(|e| e.0 == *term) {
                found += weight;
            }
        }
        if all > 0.0 { found / all } else { 0.0 }
    }

    /// The part of the names of the article with fewer that the other has too, by rarity. A text
    /// with hardly any names counts as one with five.
    fn names_shared(&self, a: &Profile<'_>, b: &Profile<'_>) -> f64 {
        let sum = |names: &[Term]| {
            names
                .iter()
                .map(|t| self.rarity(&self.names, *t))
                .sum::<f64>()
        };
        let both: Vec<Term> = a
            .anchors
            .names
            .iter()
            .filter(|t| b.anchors.names.binary_search(t).is_ok())
            .copied()
            .collect();
        let least = 4.0 * self.size.ln_1p();
        sum(&both) / sum(&a.anchors.names).min(sum(&b.anchors.names)).max(least)
    }
}

fn ordered(x: f64, y: f64) -> (f64, f64) {
    if x <= y { (x, y) } else { (y, x) }
}

/// Whether both repeat the phrases of one form with other numbers: the daily weather, market or
/// results report. Two reports of one event in much the same words share their numbers.
fn is_template(a: &Profile<'_>, b: &Profile<'_>) -> bool {
    let fewer = a.figures.len().min(b.figures.len());
    fewer >= 3
        && similarity::shared(&a.figures, &b.figures) * 3 < fewer
        && similarity::containment(&a.phrases, &b.phrases) >= 0.3
}
