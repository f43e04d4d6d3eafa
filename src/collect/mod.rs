//! Source → Candidates: what the configured sources list.
//!
//! A kind of source is one file with plain functions (which URL to ask, how to read the answer)
//! and one line in the table of kinds (`source.rs`); it never calls anything itself. [`collect`]
//! is the only function here that does. What it refuses: to fail as a whole, to open anything that
//! an answer names but the next part of the same list on the same site, to give an item another id
//! at the next parse.

pub mod arxiv;
pub mod canonical;
pub mod feed;
mod github;
mod links;
mod merge;
mod page;
mod run;
mod sitemap;
mod source;
pub mod stage;
pub mod window;

pub use feed::{Feed, FeedError, FeedKind, parse_feed};
pub use merge::{Group, Listed, candidate_id, merge};
pub use run::{SourceResult, SourceStatus, collect};
pub use source::{Reading, Request, Rules, Source};
pub use stage::stage;
pub use window::{Placement, Window};

use serde::{Deserialize, Serialize};

use crate::text::Moment;

/// How much a source's word weighs.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Authority {
    /// Social media and re-posts.
    Social,
    /// A medium that reports.
    #[default]
    Media,
    /// A paper, an author, a research institution.
    Research,
    /// The maker's own site.
    Official,
}

/// Something one source listed, as read from one answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Listing {
    /// The URL as listed, made absolute; `None` for an item that carries no link.
    pub url: Option<String>,
    /// The item's own id where the source gives one.
    pub guid: Option<String>,
    /// Title as plain text; may be empty.
    pub title: String,
    /// When the source says it was published.
    pub published: Option<Moment>,
    /// When the source says it last changed: it was published no later than that.
    #[serde(default)]
    pub changed: Option<Moment>,
    /// Author as plain text.
    pub author: Option<String>,
    /// A short description as plain text; may be empty.
    pub snippet: String,
    /// The article itself as HTML where the feed carries it.
    pub content: Option<String>,
    /// The content is all that its page would say, so the page need not be asked for.
    #[serde(default)]
    pub whole: bool,
}

/// One thing that may become part of an issue: a listing, or several of the same canonical URL.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// First 16 hex digits of the SHA-256 of the canonical URL (of the guid where there is no
    /// URL): the same at every parse.
    pub id: String,
    /// The URL as listed, to be shown; empty where there is none.
    pub url: String,
    /// The canonical URL, for identity only; empty where there is none.
    pub canonical: String,
    /// Title as listed; may be empty.
    pub title: String,
    /// When the source says it was published; `None` is undated.
    pub published: Option<Moment>,
    /// The latest change that a source tells: it was published no later than that.
    #[serde(default)]
    pub changed: Option<Moment>,
    /// When it was first stored, as an instant: the date of an undated item without a page date.
    pub first_seen: jiff::Timestamp,
    /// Names of the sources that list it, in the order of the configuration.
    pub sources: Vec<String>,
    /// The highest authority among its sources.
    pub authority: Authority,
    /// Author as listed.
    pub author: Option<String>,
    /// Description as listed.
    pub snippet: String,
    /// The article as HTML where a feed carries it.
    pub content: Option<String>,
    /// The content is all that its page would say, so the page need not be asked for.
    #[serde(default)]
    pub whole: bool,
}
