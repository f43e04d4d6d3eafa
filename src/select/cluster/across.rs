//! Stories in ideographs and in letters that are one: they share no words, but names left in
//! Latin letters, numbers, dates and links.
//!
//! The anchors of a whole story are pooled first: one report spells the name in Latin letters,
//! another keeps the decisive number. A pair must choose each other, and what it shares must be
//! rare as well as a good part of what the poorer story has; a name that every story of the day
//! mentions proves nothing.

use std::collections::{BTreeMap, BTreeSet};

use crate::text::similarity::{Term, TermMap};

use super::evidence::LEAST_CORPUS;
use super::profile::Profile;
use super::{MOST_DOUBTFUL, Verdicts, WINDOW_HOURS, hours};

/// A rarity from which an anchor says something; 1 is an anchor that one story alone has.
const RARE: f64 = 0.55;

/// The least sum of rare shared anchors.
const LEAST_SHARED: f64 = 1.6;

/// The least part of the poorer story's anchors that the other has too.
const LEAST_COVERED: f64 = 0.35;

/// What a link from one story to the other's page counts.
const LINKED: f64 = 2.0;

/// What it counts that two stories are told to be one.
const TOLD: f64 = 100.0;

/// What one story can be recognised by.
#[derive(Debug, Default)]
struct Pool {
    anchors: BTreeSet<Term>,
    urls: BTreeSet<Term>,
    links: BTreeSet<Term>,
    ideographs: bool,
}

impl Pool {
    fn of(profiles: &[Profile<'_>], story: &[usize]) -> Self {
        let mut pool = Self::default();
        for member in story {
            let p = &profiles[*member];
            pool.ideographs = p.ideographs;
            pool.anchors.extend(p.anchors.names.iter().chain(&p.figures));
            pool.urls.extend(p.url);
            pool.links.extend(&p.links);
        }
        pool
    }
}

/// What joining yields.
pub(super) struct Joined {
    /// The stories; members in order.
    pub(super) stories: Vec<Vec<usize>>,
    /// Pairs that share something rare and were not joined, by their first members; those with most
    /// in common first.
    pub(super) doubtful: Vec<(usize, usize)>,
}

/// `stories` with those joined that report one event in two scripts.
pub(super) fn join(
    profiles: &[Profile<'_>],
    stories: Vec<Vec<usize>>,
    verdicts: &Verdicts,
) -> Joined {
    let pools: Vec<Pool> = stories.iter().map(|s| Pool::of(profiles, s)).collect();
    if pools.iter().all(|p| p.ideographs) || pools.iter().all(|p| !p.ideographs) {
        return Joined { stories, doubtful: Vec::new() };
    }
    let rarity = rarities(&pools);
    let near = |a: usize, b: usize| {
        stories[a]
            .iter()
            .all(|x| stories[b].iter().all(|y| hours(&profiles[*x], &profiles[*y]) <= WINDOW_HOURS))
    };
    let mut best: BTreeMap<usize, (f64, usize)> = BTreeMap::new();
    let mut doubtful: Vec<(f64, usize, usize)> = Vec::new();
    let told = told_pairs(&stories, verdicts);
    let met = meetings(&pools, &rarity).into_iter().chain(told.keys().copied());
    for (a, b) in met.collect::<BTreeSet<_>>() {
        let common = Common::of(&pools[a], &pools[b], &rarity);
        let strength = match told.get(&(a, b)) {
            Some(true) => Some(TOLD + common.shared),
            Some(false) => None,
            None => common.strength().filter(|_| near(a, b)),
        };
        if !told.contains_key(&(a, b)) && common.is_doubtful() && near(a, b) {
            doubtful.push((common.shared, a, b));
        }
        let Some(strength) = strength else { continue };
        for (one, other) in [(a, b), (b, a)] {
            let held = best.entry(one).or_insert((strength, other));
            if (strength, std::cmp::Reverse(other)) > (held.0, std::cmp::Reverse(held.1)) {
                *held = (strength, other);
            }
        }
    }
    let chosen = |one: usize| best.get(&one).map(|(_, other)| *other);
    doubtful.sort_by(|x, y| y.0.total_cmp(&x.0).then((x.1, x.2).cmp(&(y.1, y.2))));
    let doubtful = doubtful.into_iter().take(MOST_DOUBTFUL);
    let doubtful = doubtful.map(|(_, a, b)| (stories[a][0], stories[b][0])).collect();
    let mut stories = stories;
    for a in 0..stories.len() {
        if let Some(b) = chosen(a)
            && a < b
            && chosen(b) == Some(a)
        {
            let mut other = std::mem::take(&mut stories[b]);
            stories[a].append(&mut other);
            stories[a].sort_unstable();
        }
    }
    stories.retain(|s| !s.is_empty());
    Joined { stories, doubtful }
}

/// What is told of stories through their members; one pair that is not on one event parts them.
fn told_pairs(stories: &[Vec<usize>], verdicts: &Verdicts) -> BTreeMap<(usize, usize), bool> {
    let mut story_of = BTreeMap::new();
    for (at, story) in stories.iter().enumerate() {
        story_of.extend(story.iter().map(|member| (*member, at)));
    }
    let mut out = BTreeMap::new();
    for ((x, y), same) in &verdicts.0 {
        if let (Some(a), Some(b)) = (story_of.get(x), story_of.get(y))
            && a != b
        {
            let held = out.entry((*a.min(b), *a.max(b))).or_insert(*same);
            *held &= same;
        }
    }
    out
}

/// How rare each anchor is among the stories, from 0 to 1.
fn rarities(pools: &[Pool]) -> TermMap<f64> {
    let mut counts: TermMap<f64> = TermMap::default();
    for anchor in pools.iter().flat_map(|p| &p.anchors) {
        *counts.entry(*anchor).or_default() += 1.0;
    }
    let n = (pools.len() as f64).max(LEAST_CORPUS);
    for count in counts.values_mut() {
        *count = (n / *count).ln_1p() / n.ln_1p();
    }
    counts
}

/// Pairs of an ideographic and a lettered story that share a rare anchor or a link; in order.
fn meetings(pools: &[Pool], rarity: &TermMap<f64>) -> BTreeSet<(usize, usize)> {
    let mut places: BTreeMap<Term, Vec<usize>> = BTreeMap::new();
    for (at, pool) in pools.iter().enumerate() {
        let rare = pool.anchors.iter().filter(|a| rarity.get(a).is_some_and(|r| *r >= RARE));
        for key in rare.chain(&pool.urls).chain(&pool.links) {
            places.entry(*key).or_default().push(at);
        }
    }
    let mut out = BTreeSet::new();
    for list in places.values() {
        for (i, a) in list.iter().enumerate() {
            for b in &list[i + 1..] {
                if pools[*a].ideographs != pools[*b].ideographs {
                    out.insert((*a.min(b), *a.max(b)));
                }
            }
        }
    }
    out
}

/// What two stories have in common.
struct Common {
    linked: usize,
    shared: f64,
    rare: f64,
    distinct: usize,
    covered: f64,
}

impl Common {
    fn of(a: &Pool, b: &Pool, rarity: &TermMap<f64>) -> Self {
        let of = |t: &Term| rarity.get(t).copied().unwrap_or(0.0);
        let linked = a.links.intersection(&b.urls).count() + b.links.intersection(&a.urls).count();
        let (mut shared, mut rare, mut distinct) = (0.0, 0.0, 0);
        for anchor in a.anchors.intersection(&b.anchors) {
            shared += of(anchor);
            if of(anchor) >= RARE {
                rare += of(anchor);
                distinct += 1;
            }
        }
        let whole = |p: &Pool| p.anchors.iter().map(of).sum::<f64>();
        let covered = shared / whole(a).min(whole(b)).max(f64::MIN_POSITIVE);
        Self { linked, shared, rare, distinct, covered }
    }

    /// How strongly two stories are one; `None` where they are not.
    fn strength(&self) -> Option<f64> {
        if self.linked > 0 && self.rare > 0.0 {
            return Some(LINKED + self.shared);
        }
        (self.distinct >= 2 && self.rare >= LEAST_SHARED && self.covered >= LEAST_COVERED)
            .then(|| self.shared * self.covered.sqrt())
    }

    /// They are not found to be one, and share half of what would make them.
    fn is_doubtful(&self) -> bool {
        self.strength().is_none()
            && self.rare >= LEAST_SHARED / 2.0
            && self.covered >= LEAST_COVERED / 2.0
    }
}
