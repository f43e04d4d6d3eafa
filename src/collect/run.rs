//! Asking a source and reading its answer: the one place of this room that calls.

use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::source::Request;
use super::{Listing, Source};
use crate::net::{Client, Effort};
use crate::store::read_capped;

/// How a source did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceStatus {
    /// It was read.
    Ok,
    /// It was read, but some of it could not be.
    Partial,
    /// It answered and lists nothing.
    Silent,
    /// Nothing could be read.
    Failed,
}

/// What became of one source.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SourceResult {
    /// The source's name.
    pub name: String,
    /// How it did.
    pub status: SourceStatus,
    /// A code of a closed list where it did not do well: a reason of [`crate::net::Reason`],
    /// or `bad_source`, `file`, `not_a_feed`, `lines`, `no_items`.
    pub reason: Option<String>,
    /// What happened, for people.
    pub detail: Option<String>,
    /// What it lists, in its order.
    pub listings: Vec<Listing>,
    /// When it answered: the first sight of what it lists. Of a file: when it was read, in a replay
    /// the recording's date. `None` for a failure, and for a file with `--offline`.
    pub at: Option<Timestamp>,
    /// Bytes of the answer after decoding.
    pub bytes: u64,
    /// Milliseconds on the network.
    pub ms: u64,
    /// Requests sent, redirects and further tries included.
    pub attempts: u32,
}

/// The most bytes of a file.
const FILE_CAP: u64 = 10_000_000;

struct Given {
    url: String,
    content_type: Option<String>,
    body: Vec<u8>,
    at: Option<Timestamp>,
    effort: Effort,
}

/// Asks `source` and reads its answer; files are relative to `base_dir`. Never fails as a whole:
/// what went wrong is in the result.
pub async fn collect(client: &Client, source: &Source, base_dir: &Path) -> SourceResult {
    let given = match source.request() {
        Err(detail) => return failed(source, "bad_source", detail, Effort::default()),
        Ok(Request::File(path)) => match read_file(&base_dir.join(&path)) {
            Ok(body) => Given {
                url: path.to_string_lossy().into_owned(),
                content_type: None,
                body,
                at: client.now(),
                effort: Effort::default(),
            },
            Err(detail) => return failed(source, "file", detail, Effort::default()),
        },
        Ok(Request::Url(url, want)) => match client.get(&url, want).await {
            Ok(answer) => Given {
                url: answer.url,
                content_type: answer.content_type,
                body: answer.body,
                at: Some(answer.at),
                effort: answer.effort,
            },
            Err(f) => return failed(source, f.reason.code(), f.to_string(), f.effort),
        },
    };
    judge(source, given)
}

fn judge(source: &Source, given: Given) -> SourceResult {
    let read = source.read(&given.url, given.content_type.as_deref(), &given.body);
    let reading = match read {
        Ok(reading) => reading,
        Err(detail) => {
            let mut result = failed(source, "not_a_feed", detail, given.effort);
            result.bytes = given.body.len() as u64;
            return result;
        }
    };
    let (status, reason) = match (reading.listings.is_empty(), reading.problems.is_empty()) {
        (false, true) => (SourceStatus::Ok, None),
        (false, false) => (SourceStatus::Partial, Some("lines")),
        (true, false) => (SourceStatus::Failed, Some("lines")),
        (true, true) => (SourceStatus::Silent, Some("no_items")),
    };
    SourceResult {
        name: source.name().to_owned(),
        status,
        reason: reason.map(Into::into),
        detail: (!reading.problems.is_empty()).then(|| reading.problems.join("; ")),
        listings: reading.listings,
        at: given.at,
        bytes: given.body.len() as u64,
        ms: given.effort.ms,
        attempts: given.effort.requests,
    }
}

fn failed(source: &Source, reason: &str, detail: String, effort: Effort) -> SourceResult {
    SourceResult {
        name: source.name().to_owned(),
        status: SourceStatus::Failed,
        reason: Some(reason.to_owned()),
        detail: Some(detail),
        listings: Vec::new(),
        at: None,
        bytes: effort.bytes,
        ms: effort.ms,
        attempts: effort.requests,
    }
}

fn read_file(path: &Path) -> Result<Vec<u8>, String> {
    read_capped(path, FILE_CAP).map_err(|e| e.to_string())
}
