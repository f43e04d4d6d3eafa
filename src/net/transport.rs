//! One request and its answer, whichever way it is had: the seam between what a client does
//! (redirects, tries, pace, recording) and how one URL is asked.

use futures_util::future::BoxFuture;
use jiff::Timestamp;
use url::Url;

use super::{Reason, Want, robots};

/// One request as it is to be sent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ask<'a> {
    /// http or https, without a fragment.
    pub(super) url: &'a Url,
    /// The most bytes of the body after decoding.
    pub(super) cap: usize,
    /// A body over the cap is cut there; else it is refused.
    pub(super) cut: bool,
    /// Header fields that ask for news only: `If-None-Match`, `If-Modified-Since`.
    pub(super) conditions: &'a [(String, String)],
}

impl<'a> Ask<'a> {
    /// A page or a list, whatever is known of it already.
    pub(super) fn whole(url: &'a Url, want: Want) -> Self {
        Self { url, cap: want.cap(), cut: false, conditions: &[] }
    }

    /// A robots.txt, of which the beginning serves.
    pub(super) fn robots(url: &'a Url) -> Self {
        Self { url, cap: robots::CAP, cut: true, conditions: &[] }
    }
}

/// What one request gave: any status, no redirect followed.
#[derive(Clone, Debug)]
pub(super) struct Exchange {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    /// After content decoding.
    pub(super) body: Vec<u8>,
    /// Bytes of the body as sent.
    pub(super) wire: u64,
    pub(super) at: Timestamp,
}

impl Exchange {
    /// The first header called `name`, whatever its case.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        header(&self.headers, name)
    }
}

/// The first of `headers` called `name`, whatever its case.
pub(super) fn header<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.trim())
}

/// Why a request gave no answer.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    pub(super) reason: Reason,
    pub(super) detail: String,
    pub(super) status: Option<u16>,
}

impl Fault {
    pub(super) fn new(reason: Reason, detail: impl Into<String>) -> Self {
        Self { reason, detail: detail.into(), status: None }
    }
}

/// A way to ask one URL once.
pub(super) trait Transport: Send + Sync {
    /// Sends one request.
    fn once<'a>(&'a self, ask: Ask<'a>) -> BoxFuture<'a, Result<Exchange, Fault>>;

    /// The time as this way of asking knows it; `None` where it knows none.
    fn now(&self) -> Option<Timestamp> {
        None
    }
}

/// Refuses everything: `--offline`.
pub(super) struct Offline;

impl Transport for Offline {
    fn once<'a>(&'a self, _ask: Ask<'a>) -> BoxFuture<'a, Result<Exchange, Fault>> {
        let fault = Fault::new(Reason::Offline, "not asked, because of --offline");
        Box::pin(std::future::ready(Err(fault)))
    }
}
