//! Which candidates are the same text: the same page, the same words, or a re-post of them.

use serde::{Deserialize, Serialize};

use crate::collect::Authority;
use crate::text::Moment;

/// What is compared.
#[derive(Clone, Copy, Debug)]
pub struct Item<'a> {
    /// The candidate's id.
    pub id: &'a str,
    /// The canonical URL; empty where there is none.
    pub canonical: &'a str,
    /// The article's text.
    pub text: &'a str,
    /// The highest authority among its sources.
    pub authority: Authority,
    /// When it was published.
    pub published: Option<Moment>,
}

/// How a duplicate was found. A closed list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Likeness {
    /// The same canonical URL.
    SameUrl,
    /// The same text.
    SameText,
    /// The same text with another byline, head or tail.
    Repost,
}

/// A candidate that another one stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duplicate {
    /// The candidate that goes.
    pub id: String,
    /// The candidate that stays; never a duplicate itself.
    pub of: String,
    /// How it was found.
    pub likeness: Likeness,
}

/// The duplicates among `items`, by id.
pub fn duplicates(items: &[Item<'_>]) -> Vec<Duplicate> {
    let _ = items;
    unimplemented!()
}
