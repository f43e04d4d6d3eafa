//! Story → Entry: what the issue says about an event.

pub mod highlights;
pub mod judge;
pub mod model;
pub mod rewrite;
mod answer;
mod clean;
mod limits;
mod material;
mod parts;
mod quote;
mod shape;

use serde::{Deserialize, Serialize};

use crate::verify::{Claim, Origin};

pub mod extractive;

/// A detail under a key point.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detail {
    /// The bold lead; empty where there is none.
    pub lead: String,
    /// The prose: one or more sentences.
    pub claim: Claim,
}

/// A key point of an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyPoint {
    /// The bold heading.
    pub heading: String,
    /// At least one detail.
    pub details: Vec<Detail>,
}

/// A line of the highlights.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Highlight {
    /// A headline of its own.
    pub headline: String,
    /// One or two sentences.
    pub claim: Claim,
}

/// What the issue says about one story.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The story's id.
    pub story: String,
    /// The title.
    pub title: String,
    /// The summary, a claim a sentence.
    pub summary: Vec<Claim>,
    /// Key points; none in a short entry.
    pub key_points: Vec<KeyPoint>,
    /// Its line in the highlights; `None` where there is none to be had.
    pub highlight: Option<Highlight>,
    /// Who wrote it.
    pub writer: Origin,
}
