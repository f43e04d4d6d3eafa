//! Recordings of the web as WARC files, ours and other tools'.
//!
//! Reading takes what warcio, wget and browsertrix write and skips what it does not need; writing
//! gives one gzip member a record, ordered by URL, so that the same answers give the same bytes.
//! Nothing of a request is ever written, and no cookie.

mod http;
mod read;
mod record;
mod write;

use jiff::Timestamp;

pub use read::Recording;
pub(super) use read::too_large;
pub use write::{Recorder, write_recording};

/// Why a recording could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct RecordingError(pub(super) String);

impl RecordingError {
    fn of(path: &std::path::Path, what: &str, error: impl std::fmt::Display) -> Self {
        Self(format!("{}: {what}: {error}", path.display()))
    }
}

/// One answer as a recording holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedAnswer {
    /// The URL that answered.
    pub url: String,
    /// The HTTP status.
    pub status: u16,
    /// The headers in order; those that speak of the wire (codings, lengths) are left out when it
    /// is written, as are cookies.
    pub headers: Vec<(String, String)>,
    /// The body after decoding.
    pub body: Vec<u8>,
    /// When it answered.
    pub at: Timestamp,
}

#[cfg(test)]
mod tests;
