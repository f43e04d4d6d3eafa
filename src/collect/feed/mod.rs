//! RSS, Atom and JSON Feed, read tolerantly and by ourselves.
//!
//! Bytes → text ([`crate::text::charset`]) → tokens → a tree an item → listings. Nothing outside
//! the bytes is opened, no declared entity can multiply, every damaged feed gives the items that
//! can be read. What it refuses: to invent a date, a link or an id that the feed does not give.

mod entity;
mod html;
mod item;
mod json;
mod markup;
mod name;
mod person;
mod repair;
mod token;
mod tree;
mod walk;

pub(super) use entity::{Declared, resolve};
pub(super) use token::{Token, Tokens, attributes};

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use url::Url;

use super::source::{Reading, Request, Rules, url_or_path};
use super::{Authority, Listing};
use crate::text::charset;

/// `kind = "feed"`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeedSource {
    name: String,
    url: Option<String>,
    path: Option<PathBuf>,
    #[serde(default)]
    authority: Authority,
    /// The most entries of an issue that it may lead.
    max_entries: Option<usize>,
}

impl Rules for FeedSource {
    fn name(&self) -> &str {
        &self.name
    }

    fn authority(&self) -> Authority {
        self.authority
    }

    fn max_entries(&self) -> Option<usize> {
        self.max_entries
    }

    fn request(&self) -> Result<Request, String> {
        url_or_path(&self.name, self.url.as_deref(), self.path.as_ref())
    }

    fn read(&self, url: &str, content_type: Option<&str>, body: &[u8]) -> Result<Reading, String> {
        let feed = parse_feed(url, content_type, body).map_err(|e| e.to_string())?;
        Ok(Reading { listings: feed.items, ..Reading::default() })
    }
}

/// The format of a feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeedKind {
    /// RSS 0.9x or 2.0.
    Rss,
    /// RSS 0.90 or 1.0, an RDF document.
    Rdf,
    /// Atom.
    Atom,
    /// JSON Feed.
    Json,
}

/// What a feed holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Feed {
    /// Its format.
    pub kind: FeedKind,
    /// Its title as plain text; may be empty.
    pub title: String,
    /// Its items, in order.
    pub items: Vec<Listing>,
}

/// Why bytes are no feed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FeedError {
    /// Nothing but white space.
    #[error("the answer is empty")]
    Empty,
    /// Neither RSS nor Atom nor JSON Feed.
    #[error("{0}")]
    NotAFeed(String),
}

/// Reads a feed. `url` is the base of relative links, `content_type` the HTTP header's value.
///
/// Titles, snippets and authors are plain text on one line. Contents are HTML with absolute links,
/// not sanitised. The same bytes always give the same feed.
///
/// # Errors
/// [`FeedError`] where the bytes are no feed at all; a damaged feed gives the items that can be
/// read.
pub fn parse_feed(url: &str, content_type: Option<&str>, body: &[u8]) -> Result<Feed, FeedError> {
    let text = charset::decode(body, content_type);
    let text =
        text.trim_start_matches(|c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}');
    if text.is_empty() {
        return Err(FeedError::Empty);
    }
    let base = Url::parse(url).ok();
    if text.starts_with(['{', '[']) {
        return json::read(text, base);
    }
    walk::read(text, base)
}
