//! How long things may take; tests shorten them.

use std::time::Duration;

/// The times of a client.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// A connection, TLS included.
    pub(super) connect: Duration,
    /// Silence, before the head of an answer as within its body.
    pub(super) idle: Duration,
    /// A body that trickles: less than a hundred bytes in this time.
    pub(super) trickle: Duration,
    /// One request with its redirects, waiting out of politeness not counted.
    pub(super) whole: Duration,
    /// A host's robots.txt with its redirects: less, because a page waits for it, and more than a
    /// connection, whose own limit says better what went wrong.
    pub(super) robots: Duration,
    /// After this time a request no longer keeps others from being sent.
    pub(super) slow: Duration,
    /// Between two requests to a host; arXiv gets three times that.
    pub(super) gap: Duration,
    /// After the first failed connection; after the second one twice that.
    pub(super) retry: Duration,
    /// The longest `Retry-After` that is waited for; a host that asks for more is left alone.
    pub(super) pause: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            idle: Duration::from_secs(15),
            trickle: Duration::from_secs(10),
            whole: Duration::from_secs(30),
            robots: Duration::from_secs(12),
            slow: Duration::from_secs(5),
            gap: Duration::from_secs(1),
            retry: Duration::from_secs(2),
            pause: Duration::from_secs(60),
        }
    }
}
