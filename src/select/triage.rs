//! Triage by a model: which articles the edition wants, where they belong, how much they matter.
//!
//! Articles go out in batches with ids of their own; an answer is matched by id, what is missing
//! or wrong is asked again alone, and what is still missing then is reported as not judged. Nothing
//! gets a default. A judgement is remembered, so that a later batch of other articles does not pay
//! for it again.

use serde::{Deserialize, Serialize};

use super::Section;
use crate::model::Failure;

/// An article as the triage sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The candidate's id.
    pub id: String,
    /// The title.
    pub title: String,
    /// The first sentences.
    pub lead: Vec<String>,
    /// The name of the source that listed it.
    pub source: String,
}

/// What the edition wants.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// The edition's title.
    pub title: &'a str,
    /// The language that reasons are written in, as a BCP 47 tag.
    pub language: &'a str,
    /// What the edition is about.
    pub about: &'a str,
    /// Its sections; one at least.
    pub sections: &'a [Section],
    /// Its labels; where there are none, a model chooses its own words.
    pub labels: &'a [String],
}

/// Why an article was kept or rejected. A closed list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// Kept: progress of a technique, model, system or practice.
    Progress,
    /// Kept: a release of a model, tool or product.
    Release,
    /// Kept: a paper or a result of research.
    Research,
    /// Rejected: prices, funding, valuations, earnings, user numbers, mergers.
    Finance,
    /// Rejected: opinion without new facts or sources.
    Opinion,
    /// Rejected: claims that no one answers for.
    Untraceable,
    /// Rejected: a round-up, ranking or hot list that adds nothing.
    Roundup,
    /// Rejected: an advertisement, an event, a job.
    Promotion,
    /// Rejected: not what the edition is about.
    OffTopic,
}

/// A model's judgement of one article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    /// Whether the edition wants it.
    pub keep: bool,
    /// Why.
    pub reason: Code,
    /// Why, in a sentence.
    pub detail: String,
    /// The id of its section.
    pub section: String,
    /// Its label.
    pub label: String,
    /// 1 (incremental) to 5 (a new paradigm).
    pub impact: u8,
    /// 1 (niche) to 5 (nearly everyone in the field).
    pub scope: u8,
}

/// An article without a judgement, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unjudged {
    /// `missing`, `invalid`, or the code of the failure.
    pub reason: String,
    /// What happened, for people.
    pub detail: String,
    /// The failure of the model, where there was one.
    pub failure: Option<Failure>,
}
