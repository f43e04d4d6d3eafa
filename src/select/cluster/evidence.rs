//! How much speaks for two articles reporting the same event.
//!
//! A linear score. The weights for scripts with letters were fitted (logistic regression, then
//! rounded) to pairs of English reports judged by hand; those for ideographs were set between
//! Chinese reports of one event and reports of one company on different events. Zero is even
//! odds.

use std::collections::HashMap;

use crate::text::similarity::{self, Sparse, Term};

use super::profile::Profile;
use super::{WINDOW_HOURS, hours};

/// What makes a pair impossible, whatever it shares.
pub(super) const IMPOSSIBLE: f64 = -100.0;

/// What each feature counts.
struct Weights {
    /// Even odds lie where the features make up for this.
    bias: f64,
    /// Cosine of the texts, of the leads, of the titles; the part of a lead that the other text
    /// has, the lower and the higher; the same of the titles; the part of the names, ten shingles
    /// of quoted words, the part of the numbers and dates.
    features: [f64; 10],
}

/// Titles of English reports share words where the event is one, and those of a topic do not.
const LETTERS: Weights = Weights {
    bias: -7.6,
    features: [1.7, 3.8, 3.6, 1.1, 0.8, 3.9, 1.7, 1.5, 1.8, 1.4],
};

/// Chinese titles are worded freely, names seldom stand in Latin letters; but texts on different
/// events share few 2- and 3-grams, and figures stay.
const IDEOGRAPHS: Weights = Weights {
    bias: -4.9,
    features: [6.0, 4.0, 2.0, 1.2, 1.0, 2.0, 1.0, 1.0, 1.5, 2.0],
};

/// The number of anchors that a text is taken to have at least.
const LEAST_ANCHORS: f64 = 4.0;

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
    figures: HashMap<Term, u32>,
}

impl Corpus {
    /// Counts `profiles`, and gives their vectors weights: (1 + ln tf) · ln(1 + N/df).
    pub(super) fn weigh(profiles: &mut [Profile<'_>]) -> Self {
        let mut corpus = Self {
            size: (profiles.len() as f64).max(LEAST_CORPUS),
            terms: HashMap::new(),
            names: HashMap::new(),
            figures: HashMap::new(),
        };
        for p in profiles.iter() {
            for (t, _) in &p.body.entries {
                *corpus.terms.entry(*t).or_default() += 1;
            }
            for t in &p.anchors.names {
                *corpus.names.entry(*t).or_default() += 1;
            }
            for t in &p.figures {
                *corpus.figures.entry(*t).or_default() += 1;
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
        let features = self.features(a, b);
        let weights = if a.ideographs { &IDEOGRAPHS } else { &LETTERS };
        let sum: f64 = features
            .iter()
            .zip(weights.features)
            .map(|(f, w)| f * w)
            .sum();
        weights.bias + sum - COST_OF_HOUR * (apart - FRESH_HOURS).max(0.0)
    }

    /// What a pair shares, each part from 0 to 1, in the order of [`Weights::features`].
    fn features(&self, a: &Profile<'_>, b: &Profile<'_>) -> [f64; 10] {
        let (lead_low, lead_high) = ordered(
            self.covered(&a.lead, &b.body),
            self.covered(&b.lead, &a.body),
        );
        let (title_low, title_high) = ordered(
            self.covered(&a.title, &b.body),
            self.covered(&b.title, &a.body),
        );
        let quotes = similarity::shared(&a.anchors.quotes, &b.anchors.quotes) as f64;
        [
            a.body.cosine(&b.body),
            a.lead.cosine(&b.lead),
            a.title.cosine(&b.title),
            lead_low,
            lead_high,
            title_low,
            title_high,
            self.common(&self.names, &a.anchors.names, &b.anchors.names),
            (quotes / 10.0).min(1.0),
            self.common(&self.figures, &a.figures, &b.figures),
        ]
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

    /// The part of the anchors of the article with fewer that the other has too, by rarity. Hardly
    /// any anchors count as four: one shared name proves little.
    fn common(&self, counts: &HashMap<Term, u32>, a: &[Term], b: &[Term]) -> f64 {
        let of = |anchors: &[Term]| anchors.iter().map(|t| self.rarity(counts, *t)).sum::<f64>();
        let both: f64 = a
            .iter()
            .filter(|t| b.binary_search(t).is_ok())
            .map(|t| self.rarity(counts, *t))
            .sum();
        both / of(a).min(of(b)).max(LEAST_ANCHORS * self.size.ln_1p())
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
