//! How far one request has come: its hops, its time, its tries.

use std::time::Duration;

use url::Url;

use super::transport::{Exchange, Fault};
use super::{Effort, Reason};

/// Redirects that are followed.
const MOST_HOPS: usize = 10;

/// How far one request has come.
pub(super) struct Walk {
    pub(super) asked: String,
    pub(super) hops: Vec<String>,
    pub(super) effort: Effort,
    /// The time for each try with its redirects, and what is left of it.
    pub(super) whole: Duration,
    pub(super) left: Duration,
    /// Times that what did not work was tried, over all its redirects.
    pub(super) tries: u32,
}

impl Walk {
    pub(super) fn new(url: &str, whole: Duration) -> Self {
        let (asked, hops, effort) = (url.to_owned(), Vec::new(), Effort::default());
        Self { asked, hops, effort, whole, left: whole, tries: 1 }
    }

    /// Goes on to `url`: a circle or too long a chain ends here.
    pub(super) fn step(&mut self, url: &Url) -> Result<(), Fault> {
        if self.hops.iter().any(|hop| hop == url.as_str()) {
            let detail = format!("redirects in a circle at {url}");
            return Err(Fault::new(Reason::Redirects, detail));
        }
        if self.hops.len() > MOST_HOPS {
            let detail = format!("more than {MOST_HOPS} redirects, the last to {url}");
            return Err(Fault::new(Reason::Redirects, detail));
        }
        self.hops.push(url.as_str().to_owned());
        Ok(())
    }

    /// Counts one request.
    pub(super) fn spent(&mut self, time: Duration, result: &Result<Exchange, Fault>) {
        self.left = self.left.saturating_sub(time);
        self.effort.requests += 1;
        self.effort.ms += u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        self.effort.bytes = result.as_ref().map_or(0, |exchange| exchange.wire);
    }
}

/// The fault of a walk that has no time left.
pub(super) fn timed_out(limit: Duration) -> Fault {
    Fault::new(Reason::Timeout, format!("no complete answer within {} s", limit.as_secs_f32()))
}
