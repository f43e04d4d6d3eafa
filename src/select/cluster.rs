//! Which articles report the same event, without a model.

use crate::text::{Language, Moment};

/// One article, as clustering sees it.
#[derive(Clone, Copy, Debug)]
pub struct Item<'a> {
    /// The candidate's id.
    pub id: &'a str,
    /// The title; may be empty.
    pub title: &'a str,
    /// The article's text.
    pub text: &'a str,
    /// When it was published.
    pub published: Option<Moment>,
    /// The language of the text; detected where it is `None`.
    pub language: Option<&'a Language>,
    /// Its URL; may be empty.
    pub url: &'a str,
    /// The URLs its body links to, without social media.
    pub links: &'a [&'a str],
}

/// The story id of each item, in the order of `items`: the id of the story's first candidate
/// (earliest published, undated ones last, then by id).
pub fn cluster(items: &[Item<'_>]) -> Vec<String> {
    let _ = items;
    unimplemented!()
}
