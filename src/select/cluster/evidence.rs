//! How much speaks for two articles reporting the same event.
//!
//! A linear score. The weights for scripts with letters were fitted (logistic regression, then
//! rounded) to pairs of English reports judged by hand; those for ideographs were set between
//! Chinese reports of one event and reports of one company on different events. Zero is even
//! odds.

use crate::text::similarity::{self, Sparse, Term, TermMap};

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
    /// A text of fewer different terms than the first gets the whole [`RELIEF`], one of the second
    /// and more gets none.
    short: [f64; 2],
}

/// Titles of English reports share words where the event is one, and those of a topic do not.
const LETTERS: Weights = Weights {
    bias: -7.6,
    features: [1.7, 3.8, 3.6, 1.1, 0.8, 3.9, 1.7, 1.5, 1.8, 1.4],
    short: [60.0, 110.0],
};

/// Chinese titles are worded freely, names seldom stand in Latin letters; but texts on different
/// events share few 2- and 3-grams, and figures stay.
const IDEOGRAPHS: Weights = Weights {
    bias: -4.6,
    features: [6.0, 4.0, 2.0, 1.2, 1.0, 2.0, 1.0, 1.0, 1.5, 2.0],
    short: [200.0, 400.0],
};

impl Weights {
    /// What is not asked of a pair since its shorter text cannot have it.
    fn relief(&self, x: &Profile<'_>, y: &Profile<'_>) -> f64 {
        let [short, long] = self.short;
        let terms = x.body.entries.len().min(y.body.entries.len()) as f64;
        RELIEF * ((long - terms) / (long - short)).clamp(0.0, 1.0)
    }
}

/// The number of anchors that a text is taken to have at least.
const LEAST_ANCHORS: f64 = 4.0;

/// A collection smaller than this tells little of which words are rare; it is taken for one of
/// this size.
pub(super) const LEAST_CORPUS: f64 = 100.0;

/// Hours that cost nothing; each further hour makes a follow-up more likely.
const FRESH_HOURS: f64 = 24.0;
const COST_OF_HOUR: f64 = 0.015;

/// How much less evidence is asked of a short text: it has fewer names, figures and quoted words to
/// share. Set on short English reports of January 2024 and held against such of November 2023: more
/// changes nothing there or here.
const RELIEF: f64 = 0.7;

/// A round-up touches many events and reports none of them.
const COST_OF_ROUND_UP: f64 = 1.5;

/// How common each term and anchor is among the articles compared.
#[derive(Debug, Default)]
struct Counts {
    size: f64,
    terms: TermMap<u32>,
    anchors: TermMap<u32>,
}

impl Counts {
    fn of(profiles: &[Profile<'_>]) -> Self {
        let mut counts =
            Self { size: (profiles.len() as f64).max(LEAST_CORPUS), ..Self::default() };
        for p in profiles {
            counts.add(p);
        }
        counts
    }

    fn add(&mut self, p: &Profile<'_>) {
        for (term, _) in &p.body.entries {
            *self.terms.entry(*term).or_default() += 1;
        }
        for anchor in p.anchors.names.iter().chain(&p.figures) {
            *self.anchors.entry(*anchor).or_default() += 1;
        }
    }

    /// What is to be taken off the counts so that each of `stories` counts as one article.
    fn surplus(profiles: &[Profile<'_>], stories: &[&Vec<usize>]) -> Self {
        let mut surplus = Self::default();
        for story in stories {
            let mut within = Self::default();
            for member in *story {
                within.add(&profiles[*member]);
            }
            for (sum, own) in
                [(&mut surplus.terms, within.terms), (&mut surplus.anchors, within.anchors)]
            {
                for (term, n) in own.into_iter().filter(|(_, n)| *n > 1) {
                    *sum.entry(term).or_default() += n - 1;
                }
            }
        }
        surplus
    }

    /// ln(1 + N/df).
    fn rarity(&self, df: u32) -> f32 {
        (self.size / f64::from(df.max(1))).ln_1p() as f32
    }
}

/// Terms with their rarity, sorted by term.
#[derive(Debug, Default)]
pub(super) struct Rare {
    entries: Vec<(Term, f32)>,
    sum: f64,
}

impl Rare {
    fn of(terms: impl Iterator<Item = Term>, rarity: impl Fn(Term) -> f32) -> Self {
        let entries: Vec<(Term, f32)> = terms.map(|t| (t, rarity(t))).collect();
        let sum = entries.iter().map(|(_, w)| f64::from(*w)).sum();
        Self { entries, sum }
    }

    /// What `other` has of it too, in rarity.
    fn shared<T>(&self, other: &[T], term: impl Fn(&T) -> Term) -> f64 {
        let (mut found, mut at) = (0.0, 0);
        for (mine, weight) in &self.entries {
            while other.get(at).is_some_and(|o| term(o) < *mine) {
                at += 1;
            }
            if other.get(at).is_some_and(|o| term(o) == *mine) {
                found += f64::from(*weight);
            }
        }
        found
    }

    /// The part of it, by rarity, that `text` has too.
    fn covered(&self, text: &Sparse) -> f64 {
        if self.sum > 0.0 { self.shared(&text.entries, |e| e.0) / self.sum } else { 0.0 }
    }
}

/// One article, and what its terms and anchors weigh among the others.
#[derive(Debug)]
pub(super) struct Weighed<'p> {
    /// The article.
    pub(super) profile: &'p Profile<'p>,
    /// Its vectors, weighed by (1 + ln tf) · ln(1 + N/df).
    pub(super) body: Sparse,
    pub(super) lead: Sparse,
    title: Sparse,
    lead_terms: Rare,
    title_terms: Rare,
    names: Rare,
    figures: Rare,
}

fn weighed<'p>(profile: &'p Profile<'p>, counts: &Counts, surplus: &Counts) -> Weighed<'p> {
    let of = |map: &TermMap<u32>, t: Term| map.get(&t).copied().unwrap_or(0);
    let term = |t: Term| counts.rarity(of(&counts.terms, t) - of(&surplus.terms, t));
    let anchor = |t: Term| counts.rarity(of(&counts.anchors, t) - of(&surplus.anchors, t));
    let rare = |v: &Sparse| Rare::of(v.entries.iter().map(|e| e.0), term);
    let vector = |v: &Sparse| v.reweighed(|t, n| (1.0 + n.ln()) * term(t));
    Weighed {
        profile,
        body: vector(&profile.body),
        lead: vector(&profile.lead),
        title: vector(&profile.title),
        lead_terms: rare(&profile.lead),
        title_terms: rare(&profile.title),
        names: Rare::of(profile.anchors.names.iter().copied(), anchor),
        figures: Rare::of(profile.figures.iter().copied(), anchor),
    }
}

/// The articles compared.
#[derive(Debug)]
pub(super) struct Corpus<'p> {
    /// The articles, in the order of the profiles.
    pub(super) articles: Vec<Weighed<'p>>,
    profiles: &'p [Profile<'p>],
    counts: Counts,
    /// The least sum of anchors that a text is taken to have.
    least_anchors: f64,
}

impl<'p> Corpus<'p> {
    /// Weighs `profiles` by how rare their terms and anchors are.
    pub(super) fn weigh(profiles: &'p [Profile<'p>]) -> Self {
        let counts = Counts::of(profiles);
        let none = Counts::default();
        Self {
            articles: profiles.iter().map(|p| weighed(p, &counts, &none)).collect(),
            profiles,
            least_anchors: LEAST_ANCHORS * counts.size.ln_1p(),
            counts,
        }
    }

    /// Weighs `articles` anew, each of `stories` counted as one: a word that forty reports of one
    /// event share is not a common word.
    pub(super) fn reweigh(&mut self, articles: &[usize], stories: &[&Vec<usize>]) {
        let surplus = Counts::surplus(self.profiles, stories);
        for at in articles {
            self.articles[*at] = weighed(&self.profiles[*at], &self.counts, &surplus);
        }
    }

    /// The evidence that two articles report one event; 0 is even odds, [`IMPOSSIBLE`] a veto.
    pub(super) fn evidence(&self, a: usize, b: usize) -> f64 {
        let (a, b) = (&self.articles[a], &self.articles[b]);
        let (x, y) = (a.profile, b.profile);
        let apart = hours(x, y);
        if apart > WINDOW_HOURS || x.ideographs != y.ideographs || is_template(x, y) {
            return IMPOSSIBLE;
        }
        let weights = if x.ideographs { &IDEOGRAPHS } else { &LETTERS };
        let features = self.features(a, b);
        let sum: f64 = features.iter().zip(weights.features).map(|(f, w)| f * w).sum();
        let round_up = if x.round_up || y.round_up { COST_OF_ROUND_UP } else { 0.0 };
        weights.bias + weights.relief(x, y) + sum
            - COST_OF_HOUR * (apart - FRESH_HOURS).max(0.0)
            - round_up
    }

    /// What each kind of likeness adds to the evidence of a pair.
    pub(super) fn parts(&self, a: usize, b: usize) -> Vec<(&'static str, f64)> {
        const KINDS: [&str; 10] = [
            "text", "lead", "title", "lead", "lead", "title", "title", "names", "quotes", "figures",
        ];
        let (a, b) = (&self.articles[a], &self.articles[b]);
        let weights = if a.profile.ideographs { &IDEOGRAPHS } else { &LETTERS };
        let mut out: Vec<(&'static str, f64)> = Vec::new();
        for ((kind, feature), weight) in KINDS.iter().zip(self.features(a, b)).zip(weights.features)
        {
            match out.iter_mut().find(|(k, _)| k == kind) {
                Some((_, sum)) => *sum += feature * weight,
                None => out.push((kind, feature * weight)),
            }
        }
        out
    }

    /// What a pair shares, each part from 0 to 1, in the order of [`Weights::features`].
    fn features(&self, a: &Weighed<'p>, b: &Weighed<'p>) -> [f64; 10] {
        let covered = |x: &Rare, y: &Rare| ordered(x.covered(&b.body), y.covered(&a.body));
        let (lead_low, lead_high) = covered(&a.lead_terms, &b.lead_terms);
        let (title_low, title_high) = covered(&a.title_terms, &b.title_terms);
        let (mine, theirs) = (&a.profile.anchors, &b.profile.anchors);
        let quotes = similarity::shared(&mine.quotes, &theirs.quotes) as f64;
        [
            a.body.cosine(&b.body),
            a.lead.cosine(&b.lead),
            a.title.cosine(&b.title),
            lead_low,
            lead_high,
            title_low,
            title_high,
            self.common(&a.names, &b.names),
            (quotes / 10.0).min(1.0),
            self.common(&a.figures, &b.figures),
        ]
    }

    /// The part of the anchors of the article with fewer that the other has too, by rarity. Hardly
    /// any anchors count as four: one shared name proves little.
    fn common(&self, a: &Rare, b: &Rare) -> f64 {
        a.shared(&b.entries, |e| e.0) / a.sum.min(b.sum).max(self.least_anchors)
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
