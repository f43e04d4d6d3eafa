//! The whole of selection by rules: duplicates, judgements, stories, ranking.

use std::collections::BTreeMap;

use super::rules::Judgement;
use super::{Options, Outcome, Story};
use crate::collect::Candidate;
use crate::extract::Article;

/// A candidate whose article could be read.
#[derive(Clone, Copy, Debug)]
pub struct Readable<'a> {
    /// The candidate.
    pub candidate: &'a Candidate,
    /// Its article.
    pub article: &'a Article,
    /// It was published before the window.
    pub late: bool,
    /// Neither source nor page dates it.
    pub undated: bool,
}

/// What selection yields. Every candidate handed in is in exactly one place: member of one story,
/// or in `outcomes`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Selection {
    /// All kept stories, best first; the pipeline decides where the cut is.
    pub stories: Vec<Story>,
    /// Rejected candidates and duplicates, by candidate id.
    pub outcomes: BTreeMap<String, Outcome>,
}

/// Selects among `articles`: duplicates, judgements, stories, ranking. A candidate that
/// `judgements` does not name is judged by rules.
pub fn select(
    articles: &[Readable<'_>],
    options: &Options,
    judgements: &BTreeMap<String, Judgement>,
) -> Selection {
    let _ = (articles, options, judgements);
    unimplemented!()
}
