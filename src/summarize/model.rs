//! Entries written by a model.

use crate::model::Failure;
use super::Entry;

/// What the writer must know of the edition.
#[derive(Clone, Copy, Debug)]
pub struct Edition<'a> {
    /// Its title.
    pub title: &'a str,
    /// What it is about.
    pub about: &'a str,
    /// The language that is written, as a BCP 47 tag.
    pub language: &'a str,
}

/// What an earlier issue said of the story.
#[derive(Clone, Copy, Debug)]
pub struct Earlier<'a> {
    /// The last day of its window, `YYYY-MM-DD`.
    pub day: &'a str,
    /// The entry's title.
    pub title: &'a str,
    /// Its summary.
    pub summary: &'a str,
}

/// An article of which not all was shown to the model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// The article's id.
    pub article: String,
    /// How many of its sentences were shown.
    pub shown: usize,
    /// How many it has.
    pub of: usize,
}

/// Words of a model's answer that were left out, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dropped {
    /// The words.
    pub text: String,
    /// Why.
    pub why: String,
}

/// An entry, and what its editor should know of how it came about.
#[derive(Clone, Debug, PartialEq)]
pub struct Written {
    /// The entry.
    pub entry: Entry,
    /// Articles of which not all was read.
    pub cut: Vec<Cut>,
    /// Claims of the answer that show no sentence they rest on.
    pub dropped: Vec<Dropped>,
    /// What the format asks for and the answer still lacks.
    pub warnings: Vec<String>,
}

/// A story or highlight that could not be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// `missing`, `unproved`, `no_article`, or the code of the failure.
    pub reason: String,
    /// What happened, for people, with what to do.
    pub detail: String,
    /// The failure of the model, where there was one.
    pub failure: Option<Failure>,
}
