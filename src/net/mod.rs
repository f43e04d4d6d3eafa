//! The door to the open web: guarded, capped, recorded. All fetching goes through here.
//!
//! A [`Client`] is one of three: live, a replay of a recording, or offline. Whichever it is, an
//! answer that can be read is an [`Answer`] and everything else a [`Failure`] with a code of a
//! closed list. It refuses other schemes than http and https, private addresses by any spelling,
//! bodies over the cap and bodies without end, and what a site's robots.txt forbids.

mod answer;
mod cache;
mod client;
mod coding;
mod guard;
mod limits;
mod live;
mod pace;
mod permit;
mod resolve;
mod retry_after;
mod robots;
mod transport;
mod walk;
pub mod warc;
#[cfg(test)]
mod bomb_tests;
#[cfg(test)]
mod web_tests;

pub use client::{Client, Clock};
pub use live::SetupError;
pub use resolve::{Lookup, SystemLookup};
pub use warc::{RecordedAnswer, Recorder, RecordingError, write_recording};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// `[net]` of the configuration.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// Exact `host:port` pairs that the guard lets through although their address is private.
    pub allow: Vec<String>,
    /// An address or URL of the digest's owner, sent in the `User-Agent` so that a site can
    /// reach them. Nothing is made up where there is none.
    pub contact: Option<String>,
}

/// What is asked for; it sets the cap on the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Want {
    /// A feed or another list of a source: at most 10 MB after decoding.
    Feed,
    /// An interface that its owner offers to programs under terms of its own, such as arXiv's API.
    /// Those terms count there, not the robots.txt, which is for crawlers; else as a feed.
    Api,
    /// An article's page: at most 5 MB after decoding.
    Page,
}

impl Want {
    /// The most bytes a body may have after decoding.
    pub fn cap(self) -> usize {
        match self {
            Self::Feed | Self::Api => 10_000_000,
            Self::Page => 5_000_000,
        }
    }
}

/// What asking a URL cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effort {
    /// Requests that were sent, redirect hops and further tries included.
    pub requests: u32,
    /// Bytes of the last body as sent, before decoding.
    pub bytes: u64,
    /// Milliseconds on the network; waiting out of politeness is not counted.
    pub ms: u64,
}

/// What a URL answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The URL that was asked for.
    pub asked: String,
    /// The URL that answered, after redirects.
    pub url: String,
    /// The HTTP status.
    pub status: u16,
    /// The `Content-Type` header as sent.
    pub content_type: Option<String>,
    /// The body after content decoding.
    #[serde(skip)]
    pub body: Vec<u8>,
    /// Each URL on the way, the first the one asked for, the last the one that answered.
    pub hops: Vec<String>,
    /// When it answered; in a replay the date of the record.
    pub at: Timestamp,
    /// What it cost.
    #[serde(default)]
    pub effort: Effort,
}

/// Why a URL gave no answer that can be read. A closed list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Not `http` or `https`, or not a URL.
    BadUrl,
    /// The guard refused a private or special address.
    PrivateAddress,
    /// The name did not resolve.
    Dns,
    /// No connection.
    Connect,
    /// TLS failed.
    Tls,
    /// A time limit passed.
    Timeout,
    /// The body is larger than the cap.
    TooLarge,
    /// More than ten redirects, or a loop.
    Redirects,
    /// The connection broke, or the encoding is damaged.
    Broken,
    /// 401, 403, 451 or a like refusal.
    Refused,
    /// The site's robots.txt forbids it, or could not be had.
    Robots,
    /// 404 or 410.
    Gone,
    /// 429, or a throttle in another form.
    Throttled,
    /// 5xx.
    ServerError,
    /// Another status that is no success.
    Status,
    /// The body is empty.
    Empty,
    /// The body is of a kind that nothing here reads (a PDF, an image).
    MediaType,
    /// The recording has no answer for this URL.
    NotRecorded,
    /// `--offline`, and nothing is stored.
    Offline,
}

/// A URL that could not be fetched.
#[derive(Clone, Debug, thiserror::Error, Serialize, Deserialize)]
#[error("{url}: {detail}")]
pub struct Failure {
    /// The URL asked for.
    pub url: String,
    /// The code.
    pub reason: Reason,
    /// What happened, for people, with what to do about it where something can be done.
    pub detail: String,
    /// The HTTP status where there was one.
    pub status: Option<u16>,
    /// What it cost.
    #[serde(default)]
    pub effort: Effort,
}

impl Reason {
    /// The code as reports write it: `private_address`.
    pub fn code(self) -> &'static str {
        match self {
            Self::BadUrl => "bad_url",
            Self::PrivateAddress => "private_address",
            Self::Dns => "dns",
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Timeout => "timeout",
            Self::TooLarge => "too_large",
            Self::Redirects => "redirects",
            Self::Broken => "broken",
            Self::Refused => "refused",
            Self::Robots => "robots",
            Self::Gone => "gone",
            Self::Throttled => "throttled",
            Self::ServerError => "server_error",
            Self::Status => "status",
            Self::Empty => "empty",
            Self::MediaType => "media_type",
            Self::NotRecorded => "not_recorded",
            Self::Offline => "offline",
        }
    }
}
