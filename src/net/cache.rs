//! A private HTTP cache (RFC 9111) of what sources list, over the store.
//!
//! Only lists are cached: a page that was read is stored by its article and never asked for again.
//! No lifetime is guessed: a host that says nothing is asked again at every run.

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode};
use http_cache_semantics::{AfterResponse, BeforeRequest, CacheOptions, CachePolicy};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use super::transport::Exchange;
use crate::store::{Store, StoreError};

/// What lists answered, by URL: one line of JSON, a line feed, the body.
const BUCKET: &str = "cache";

/// The header fields that decide about an entry or are read from it. Others are not stored: a
/// cookie is nobody's business.
const KEPT: &[&str] = &[
    "age",
    "cache-control",
    "content-type",
    "date",
    "etag",
    "expires",
    "last-modified",
    "pragma",
    "vary",
];

/// The longest lifetime that is believed. A feed that is served with one of a year, as whole sites
/// are by mistake, would hide its news for a year.
const LONGEST: &str = "max-age=3600";

/// Entries that are kept, the latest: a source whose URL has a date in it adds one a day.
const MOST: u32 = 1_000;

/// Seconds of an `Age` header that can be true.
const OLDEST: u64 = 10 * 365 * 86_400;

/// The cache.
#[derive(Clone)]
pub(super) struct Cache(Arc<Store>);

/// An entry that must be asked for again.
pub(super) struct Stale {
    policy: CachePolicy,
    body: Vec<u8>,
    /// The header fields that ask the host for news only; none where the entry has no validator.
    pub(super) conditions: Vec<(String, String)>,
}

/// What the cache has for a URL.
pub(super) enum Found {
    /// The answer as it was; no request is needed.
    Fresh(Exchange),
    /// An answer that may still be the right one.
    Stale(Box<Stale>),
    /// None.
    Nothing,
}

#[derive(Serialize, Deserialize)]
struct Head {
    policy: CachePolicy,
    at: Timestamp,
}

impl Cache {
    /// The cache in `store`, without the entries that are too many.
    pub(super) fn new(store: Arc<Store>) -> Self {
        if let Err(error) = store.trim(BUCKET, MOST) {
            tracing::warn!("the cache keeps its old entries: {error}");
        }
        Self(store)
    }

    /// What is stored for `url` at the moment `now`. An entry that cannot be read is none: it costs
    /// a request and is replaced.
    pub(super) fn find(&self, url: &Url, now: Timestamp) -> Found {
        let record = match self.0.get_bytes(BUCKET, url.as_str()) {
            Ok(Some(record)) => record,
            Ok(None) => return Found::Nothing,
            Err(error) => {
                tracing::warn!("the cached answer of {url} is asked for anew: {error}");
                return Found::Nothing;
            }
        };
        let (Some((head, body)), Ok(time)) = (split(&record), now.try_into()) else {
            return Found::Nothing;
        };
        match head.policy.before_request(&request(), time) {
            // An entry from the future was written under another clock: nobody knows its age.
            BeforeRequest::Fresh(parts) if head.at <= now => Found::Fresh(Exchange {
                status: parts.status.as_u16(),
                headers: pairs(&parts.headers),
                body,
                wire: 0,
                at: head.at,
            }),
            BeforeRequest::Fresh(_) => Found::Nothing,
            BeforeRequest::Stale { request, .. } => {
                let condition = |name: &str| {
                    let value = request.headers.get(name)?.to_str().ok()?;
                    Some((name.to_owned(), value.to_owned()))
                };
                let names = ["if-none-match", "if-modified-since"];
                let conditions = names.into_iter().filter_map(condition).collect();
                Found::Stale(Box::new(Stale { policy: head.policy, body, conditions }))
            }
        }
    }

    /// Keeps an answer with status 200 where it may be kept and is of use later; forgets what it
    /// takes the place of.
    ///
    /// # Errors
    /// What the disk refuses.
    pub(super) fn keep(&self, url: &Url, exchange: &Exchange) -> Result<(), StoreError> {
        match policy(exchange) {
            Some(policy) => self.put(url, policy, exchange.at, &exchange.body),
            None => self.0.remove(BUCKET, url.as_str()).map(|_| ()),
        }
    }

    /// The stored answer that a 304 confirms, with the header fields it brings; `None` where the
    /// 304 speaks of another one.
    ///
    /// # Errors
    /// What the disk refuses.
    pub(super) fn confirm(
        &self,
        url: &Url,
        stale: Stale,
        not_modified: &Exchange,
    ) -> Result<Option<Exchange>, StoreError> {
        let mut headers = kept(&not_modified.headers);
        // Many hosts leave their validators out of a 304: it answers the ones that were sent.
        if !headers.contains_key("etag") && !headers.contains_key("last-modified") {
            for (condition, name) in
                [("if-none-match", "etag"), ("if-modified-since", "last-modified")]
            {
                let sent = stale.conditions.iter().find(|(sent, _)| sent == condition);
                if let Some(value) = sent.and_then(|(_, v)| HeaderValue::from_str(v).ok()) {
                    headers.insert(HeaderName::from_static(name), value);
                }
            }
        }
        let at = not_modified.at;
        let Ok(time) = at.try_into() else {
            return Ok(None);
        };
        let answer = response(StatusCode::NOT_MODIFIED, headers);
        match stale.policy.after_response(&request(), &answer, time) {
            AfterResponse::Modified(..) => Ok(None),
            AfterResponse::NotModified(policy, parts) => {
                self.put(url, policy, at, &stale.body)?;
                Ok(Some(Exchange {
                    status: parts.status.as_u16(),
                    headers: pairs(&parts.headers),
                    body: stale.body,
                    wire: not_modified.wire,
                    at,
                }))
            }
        }
    }

    fn put(
        &self,
        url: &Url,
        policy: CachePolicy,
        at: Timestamp,
        body: &[u8],
    ) -> Result<(), StoreError> {
        // A head that cannot be written would be read as none.
        let mut record = serde_json::to_vec(&Head { policy, at }).unwrap_or_default();
        record.push(b'\n');
        record.extend_from_slice(body);
        self.0.put_bytes(BUCKET, url.as_str(), &record)
    }
}

fn split(record: &[u8]) -> Option<(Head, Vec<u8>)> {
    let end = record.iter().position(|b| *b == b'\n')?;
    let head = serde_json::from_slice(&record[..end]).ok()?;
    Some((head, record[end + 1..].to_vec()))
}

/// A request as the cache sees it: they are all alike, the URL is the entry's key.
fn request() -> Request<()> {
    let mut request = Request::new(());
    request.headers_mut().insert("cache-control", HeaderValue::from_static(LONGEST));
    request
}

fn response(status: StatusCode, headers: HeaderMap) -> Response<()> {
    let mut response = Response::new(());
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

/// When an answer may be used again; `None` where it must not be kept, or would be of no use.
fn policy(exchange: &Exchange) -> Option<CachePolicy> {
    let options = CacheOptions {
        shared: false,
        cache_heuristic: 0.0,
        immutable_min_time_to_live: Duration::ZERO,
        ignore_cargo_cult: false,
    };
    let answer = response(StatusCode::OK, kept(&exchange.headers));
    let time = exchange.at.try_into().ok()?;
    let policy = CachePolicy::new_options(&request(), &answer, time, options);
    let has = |name| exchange.header(name).is_some_and(|value| !value.is_empty());
    let of_use = has("etag") || has("last-modified") || !policy.time_to_live(time).is_zero();
    (policy.is_storable() && of_use).then_some(policy)
}

/// The fields that are kept, as the policy reads them: its directives are lower case, and an age
/// of eternities makes it panic.
fn kept(headers: &[(String, String)]) -> HeaderMap {
    let mut out = HeaderMap::new();
    for (name, value) in headers {
        let Some(name) = KEPT.iter().find(|kept| name.eq_ignore_ascii_case(kept)) else {
            continue;
        };
        let value = match *name {
            "cache-control" | "pragma" => value.to_ascii_lowercase(),
            "age" if value.trim().parse().is_ok_and(|age: u64| age > OLDEST) => OLDEST.to_string(),
            _ => value.clone(),
        };
        if let Ok(value) = HeaderValue::from_str(value.trim()) {
            out.append(HeaderName::from_static(name), value);
        }
    }
    out
}

fn pairs(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect()
}

#[cfg(test)]
#[path = "cache_tests.rs"]
mod tests;
