//! Which articles report the same event, without a model.
//!
//! Vocabulary alone does not tell an event from its topic: two columns on one company share more
//! words than two reports of one announcement. So three things are asked in turn:
//!
//! 1. [`candidates`]: whose words are near enough to be worth a look (an inverted index);
//! 2. [`evidence`]: what a pair shares beyond vocabulary — the title, the lead, names, quoted
//!    words — and what speaks against it: more than 72 hours between them, a daily report that
//!    repeats its phrases with other numbers;
//! 3. [`link`]: stories grow by average evidence, and no pair within one may fall below a floor
//!    (complete rather than single linkage: A like B and B like C do not make A and C one).
//!
//! Stories in ideographs and stories in letters share hardly a word: [`across`] joins them by
//! names in Latin letters, numbers, dates and links.
//!
//! What it cannot see: a follow-up within hours that repeats the lead of the first report, and
//! two reports of one event that share neither a word of their titles nor their lead.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::text::Moment;

mod across;
mod bonds;
mod candidates;
mod evidence;
mod link;
mod profile;

use evidence::{Corpus, IMPOSSIBLE};
use profile::Profile;

/// Two articles further apart than this report different events, or an event and its
/// aftermath.
const WINDOW_HOURS: f64 = 72.0;

/// The evidence of a pair that is told to be on one event.
const SURE: f64 = 6.0;

/// Evidence this near to even odds may be wrong.
const DOUBT: f64 = 1.2;

/// The most pairs that are called doubtful, of each kind.
const MOST_DOUBTFUL: usize = 30;

/// How often stories are grown at most.
const ROUNDS: usize = 3;

/// A story of so many articles changes what counts as common.
const LARGE: usize = 5;

/// One article, as clustering sees it.
#[derive(Clone, Copy, Debug)]
pub struct Item<'a> {
    /// The candidate's id.
    pub id: &'a str,
    /// The title; may be empty.
    pub title: &'a str,
    /// The article's text.
    pub text: &'a str,
    /// When it was published; an undated one is near every date.
    pub published: Option<Moment>,
    /// Its URL; may be empty.
    pub url: &'a str,
    /// The URLs its body links to, without social media.
    pub links: &'a [&'a str],
}

/// What is known of pairs whatever the rules say, by [`pair_of`] their ids: they report one event,
/// or they do not.
pub type Told = BTreeMap<(String, String), bool>;

/// The two ids of a pair in the order that [`Told`] is keyed by.
pub fn pair_of(a: &str, b: &str) -> (String, String) {
    let (first, second) = if a <= b { (a, b) } else { (b, a) };
    (first.to_owned(), second.to_owned())
}

/// Why an article belongs to its story: the other article of it with the most evidence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bond {
    /// The article's candidate.
    pub id: String,
    /// The other's.
    pub with: String,
    /// What they share, the weightiest first: `title`, `lead`, `text`, `names`, `figures`, `quotes`;
    /// `across_languages` for names, figures and links of two scripts; `told` where a model or a
    /// link decided.
    pub by: Vec<String>,
    /// The evidence; 0 is even odds.
    pub evidence: f64,
}

/// What clustering yields.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Clustering {
    /// The story id of each item, in the order of the items.
    pub stories: Vec<String>,
    /// A bond for each article that is not alone, by id.
    pub bonds: Vec<Bond>,
    /// Pairs that the rules are of two minds about, the most doubtful first.
    pub doubtful: Vec<(String, String)>,
}

/// The story id of each item, in the order of `items`: the id of the story's first candidate
/// (earliest published, undated ones last, then by id). The order of `items` changes nothing.
pub fn cluster(items: &[Item<'_>]) -> Vec<String> {
    cluster_told(items, &Told::new()).stories
}

/// As [`cluster`], where some pairs are `told`; with the reasons, and what is doubtful.
pub fn cluster_told(items: &[Item<'_>], told: &Told) -> Clustering {
    let mut profiles: Vec<Profile<'_>> =
        items.iter().enumerate().map(|(at, item)| Profile::new(item, at)).collect();
    profiles.sort_by(Profile::order);
    let verdicts = Verdicts::of(&profiles, told);
    let grown = grow(&profiles, &verdicts);
    let joined = across::join(&profiles, grown.stories.clone(), &verdicts);
    let name = |at: usize| profiles[at].id.to_owned();
    let mut stories = vec![String::new(); items.len()];
    for story in &joined.stories {
        let first = story.iter().min().map_or("", |i| profiles[*i].id);
        for member in story {
            stories[profiles[*member].position] = first.to_owned();
        }
    }
    let mut doubtful = grown.doubtful(&verdicts);
    doubtful.extend(joined.doubtful);
    Clustering {
        stories,
        bonds: bonds::bonds(&joined.stories, &grown, &verdicts, &name),
        doubtful: doubtful.into_iter().map(|(a, b)| (name(a), name(b))).collect(),
    }
}

/// What is told of pairs of profiles, by their places.
#[derive(Debug, Default)]
struct Verdicts(BTreeMap<(usize, usize), bool>);

impl Verdicts {
    fn of(profiles: &[Profile<'_>], told: &Told) -> Self {
        let places: BTreeMap<&str, usize> =
            profiles.iter().enumerate().map(|(at, p)| (p.id, at)).collect();
        let at = |id: &String| places.get(id.as_str()).copied();
        let pairs = told.iter().filter_map(|((a, b), same)| {
            let (a, b) = (at(a)?, at(b)?);
            (a != b).then_some(((a.min(b), a.max(b)), *same))
        });
        Self(pairs.collect())
    }

    fn get(&self, a: usize, b: usize) -> Option<bool> {
        self.0.get(&(a.min(b), a.max(b))).copied()
    }

    /// The evidence of a pair: what is told, else what the rules find.
    fn evidence(&self, a: usize, b: usize, rules: impl FnOnce() -> f64) -> f64 {
        match self.get(a, b) {
            Some(true) => SURE,
            Some(false) => IMPOSSIBLE,
            None => rules(),
        }
    }
}

/// Stories within each script, and what they were grown from.
struct Grown<'p> {
    corpus: Corpus<'p>,
    seeds: Vec<(usize, usize, f64)>,
    stories: Vec<Vec<usize>>,
}

impl Grown<'_> {
    /// Pairs near even odds: of each two stories the strongest, and within small stories the pair
    /// that alone holds them together.
    fn doubtful(&self, verdicts: &Verdicts) -> Vec<(usize, usize)> {
        let mut story_of = BTreeMap::new();
        for (at, story) in self.stories.iter().enumerate() {
            story_of.extend(story.iter().map(|member| (*member, at)));
        }
        let mut strongest: BTreeMap<(usize, usize), (f64, usize, usize)> = BTreeMap::new();
        for (a, b, value) in self.seeds.iter().filter(|(_, _, v)| *v > IMPOSSIBLE) {
            let (x, y) = (story_of.get(a), story_of.get(b));
            let (Some(x), Some(y)) = (x, y) else { continue };
            let held = strongest.entry((*x.min(y), *x.max(y))).or_insert((*value, *a, *b));
            if *value > held.0 {
                *held = (*value, *a, *b);
            }
        }
        let mut out: Vec<(f64, usize, usize)> =
            strongest.into_values().filter(|(v, ..)| v.abs() <= DOUBT).collect();
        out.sort_by(|x, y| x.0.abs().total_cmp(&y.0.abs()).then((x.1, x.2).cmp(&(y.1, y.2))));
        let open = out.into_iter().filter(|(_, a, b)| verdicts.get(*a, *b).is_none());
        open.take(MOST_DOUBTFUL).map(|(_, a, b)| (a, b)).collect()
    }
}

/// Stories within each script. What is rare is asked again once the first stories stand, since a
/// word that forty reports of one event share is not a common word.
fn grow<'p>(profiles: &'p [Profile<'p>], verdicts: &Verdicts) -> Grown<'p> {
    let mut corpus = Corpus::weigh(profiles);
    let of = |corpus: &Corpus<'p>, a, b| verdicts.evidence(a, b, || corpus.evidence(a, b));
    let same = |(pair, _): &(&(usize, usize), &bool)| {
        profiles[pair.0].ideographs == profiles[pair.1].ideographs
    };
    let told = verdicts.0.iter().filter(same).map(|(pair, _)| *pair);
    let pairs: BTreeSet<(usize, usize)> =
        candidates::pairs(&corpus.articles).into_iter().chain(told).collect();
    let mut seeds: Vec<(usize, usize, f64)> =
        pairs.into_iter().map(|(a, b)| (a, b, of(&corpus, a, b))).collect();
    let mut stories = link::stories(profiles.len(), &seeds, |a, b| of(&corpus, a, b));
    let mut touched = BTreeSet::new();
    for _ in 1..ROUNDS {
        let large: Vec<&Vec<usize>> = stories.iter().filter(|s| s.len() >= LARGE).collect();
        touched.extend(large.iter().flat_map(|s| s.iter().copied()));
        let beside = |(a, b, _): &(usize, usize, f64)| touched.contains(a) || touched.contains(b);
        let partners: BTreeSet<usize> =
            seeds.iter().filter(|s| beside(s)).flat_map(|s| [s.0, s.1]).collect();
        if partners.is_empty() {
            break;
        }
        corpus.reweigh(&partners.iter().copied().collect::<Vec<_>>(), &large);
        for (a, b, value) in &mut seeds {
            if partners.contains(a) || partners.contains(b) {
                *value = of(&corpus, *a, *b);
            }
        }
        let next = link::stories(profiles.len(), &seeds, |a, b| of(&corpus, a, b));
        if next == stories {
            break;
        }
        stories = next;
    }
    Grown { corpus, seeds, stories }
}

/// Hours between two profiles; nothing where one is undated.
fn hours(a: &Profile<'_>, b: &Profile<'_>) -> f64 {
    match (a.published, b.published) {
        (Some(x), Some(y)) => x.hours_apart(&y),
        _ => 0.0,
    }
}
