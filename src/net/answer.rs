//! What an answer means: a redirect, a reason to ask again, a success, or none.

use std::time::Duration;

use url::Url;

use super::limits::Limits;
use super::transport::{Exchange, Fault};
use super::{Reason, retry_after};

/// The longest URL that is asked, in bytes: longer than what servers and browsers agree on.
const LONGEST_URL: usize = 8_000;

/// Reads `text` as a URL of the web, relative to `base`, without its fragment.
pub(super) fn parse(text: &str, base: Option<&Url>) -> Result<Url, Fault> {
    let bad = |why: String| {
        let start: String = text.chars().take(200).collect();
        let more = if start.len() < text.len() { "…" } else { "" };
        Fault::new(Reason::BadUrl, format!("`{start}{more}` {why}"))
    };
    let mut url = Url::options()
        .base_url(base)
        .parse(text.trim())
        .map_err(|e| bad(format!("is no URL: {e}")))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(bad("is neither http nor https".into()));
    }
    url.set_fragment(None);
    // Nothing is to be sent that a listing chose as a name and a password.
    if !url.username().is_empty() || url.password().is_some() {
        return Err(bad("carries a user name or a password".into()));
    }
    if url.as_str().len() > LONGEST_URL {
        return Err(bad(format!("is longer than {LONGEST_URL} bytes")));
    }
    Ok(url)
}

/// Where a redirect leads.
pub(super) fn redirect(exchange: &Exchange) -> Option<&str> {
    matches!(exchange.status, 301 | 302 | 303 | 307 | 308)
        .then(|| exchange.header("location"))
        .flatten()
        .filter(|target| !target.is_empty())
}

/// How long to wait before asking again after `tries` tries; `None` where it would not help.
pub(super) fn again(
    result: &Result<Exchange, Fault>,
    tries: u32,
    limits: &Limits,
) -> Option<Duration> {
    let own = limits.retry * tries;
    match result {
        Err(fault) => (fault.reason == Reason::Connect).then_some(own),
        Ok(exchange) if exchange.status == 429 || exchange.status >= 500 || throttles(exchange) => {
            Some(asked_pause(exchange).unwrap_or(own))
        }
        Ok(_) => None,
    }
}

/// The pause that a host asks for.
pub(super) fn asked_pause(exchange: &Exchange) -> Option<Duration> {
    if exchange.status == 429 || exchange.status >= 500 || throttles(exchange) {
        return retry_after::parse(exchange.header("retry-after")?, exchange.at);
    }
    None
}

/// arXiv says so with status 200.
pub(super) fn throttles(exchange: &Exchange) -> bool {
    exchange.body.len() < 64 && exchange.body.trim_ascii().starts_with(b"Rate exceeded")
}

/// The reason of a status, and of a body that says nothing.
pub(super) fn judge(exchange: Exchange, limits: &Limits) -> Result<Exchange, Fault> {
    let (reason, words) = match exchange.status {
        200..=299 if throttles(&exchange) => {
            (Reason::Throttled, "the host asks for fewer requests")
        }
        200..=299 if exchange.body.trim_ascii().is_empty() => (Reason::Empty, "the body is empty"),
        200..=299 => return Ok(exchange),
        401 | 402 | 403 | 407 | 451 => (Reason::Refused, "the host refuses it"),
        404 | 410 => (Reason::Gone, "it is not there (any more)"),
        408 => (Reason::Timeout, "the host gave up waiting"),
        429 => (Reason::Throttled, "the host asks for fewer requests"),
        500.. => (Reason::ServerError, "the host is in trouble"),
        _ => (Reason::Status, "no answer that can be read"),
    };
    let pause = asked_pause(&exchange).filter(|p| *p > limits.pause);
    let later = pause.map_or(String::new(), |p| {
        format!("; it asks to come back in {} s, run again then", p.as_secs())
    });
    let detail = format!("status {}: {words}{later}", exchange.status);
    Err(Fault { reason, detail, status: Some(exchange.status) })
}
