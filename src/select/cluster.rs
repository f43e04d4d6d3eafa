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

use std::collections::BTreeSet;

use crate::text::Moment;

mod across;
mod candidates;
mod evidence;
mod link;
mod profile;

use evidence::Corpus;
use profile::Profile;

/// Two articles further apart than this report different events, or an event and its
/// aftermath.
const WINDOW_HOURS: f64 = 72.0;

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

/// The story id of each item, in the order of `items`: the id of the story's first candidate
/// (earliest published, undated ones last, then by id). The order of `items` changes nothing.
pub fn cluster(items: &[Item<'_>]) -> Vec<String> {
    let mut profiles: Vec<Profile<'_>> =
        items.iter().enumerate().map(|(at, item)| Profile::new(item, at)).collect();
    profiles.sort_by(Profile::order);
    let stories = across::join(&profiles, grow(&profiles));
    let mut out = vec![String::new(); items.len()];
    for story in stories {
        let first = story.iter().min().map_or("", |i| profiles[*i].id);
        for member in story {
            out[profiles[member].position] = first.to_owned();
        }
    }
    out
}

/// Stories within each script. What is rare is asked again once the first stories stand, since a
/// word that forty reports of one event share is not a common word.
fn grow(profiles: &[Profile<'_>]) -> Vec<Vec<usize>> {
    let mut corpus = Corpus::weigh(profiles);
    let mut seeds: Vec<(usize, usize, f64)> = candidates::pairs(&corpus.articles)
        .into_iter()
        .map(|(a, b)| (a, b, corpus.evidence(a, b)))
        .collect();
    let mut stories = link::stories(profiles.len(), &seeds, |a, b| corpus.evidence(a, b));
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
                *value = corpus.evidence(*a, *b);
            }
        }
        let next = link::stories(profiles.len(), &seeds, |a, b| corpus.evidence(a, b));
        if next == stories {
            break;
        }
        stories = next;
    }
    stories
}

/// Hours between two profiles; nothing where one is undated.
fn hours(a: &Profile<'_>, b: &Profile<'_>) -> f64 {
    match (a.published, b.published) {
        (Some(x), Some(y)) => x.hours_apart(&y),
        _ => 0.0,
    }
}
