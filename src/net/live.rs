//! The open web over HTTP: guarded, with limits, no proxy, no cookie, no redirect of its own.

use std::error::Error;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, HeaderMap, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{ClientBuilder, Response};
use tokio::time::Instant;
use url::Url;

use super::client::Clock;
use super::coding::{self, CodingError};
use super::guard::{self, Guard, Verdict};
use super::limits::Limits;
use super::resolve::{Judged, Lookup, ResolveError};
use super::transport::{Ask, Exchange, Fault, Transport};
use super::warc::too_large;
use super::{Options, Reason};

/// Bytes that are read of an answer that is no success: nobody reads them but the recording.
const ASIDE: usize = 64 * 1024;

/// Why no live client could be made.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct SetupError(String);

/// The live transport. What the guard allows as an exception goes through a client of its own,
/// whose resolver does not judge; no other URL ever reaches that one.
pub(super) struct Live {
    guard: Guard,
    public: reqwest::Client,
    allowed: reqwest::Client,
    clock: Clock,
    limits: Limits,
}

/// Fewer bytes than this in [`Limits::trickle`] are no answer that will ever be whole.
const LEAST: usize = 100;

/// A body as far as it was read.
enum Body {
    Whole(Vec<u8>),
    Cut(Vec<u8>),
    Trickles,
}

impl Live {
    pub(super) fn new(
        options: &Options,
        clock: Clock,
        lookup: Arc<dyn Lookup>,
        limits: Limits,
    ) -> Result<Self, SetupError> {
        // A provider that is installed already serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let build = |judge| {
            let resolver = Judged { lookup: Arc::clone(&lookup), judge };
            builder(options.contact.as_deref(), limits)
                .dns_resolver(Arc::new(resolver))
                .build()
                .map_err(|e| SetupError(format!("the HTTP client cannot be set up: {}", chain(&e))))
        };
        Ok(Self {
            guard: Guard::new(&options.allow).map_err(SetupError)?,
            public: build(true)?,
            allowed: build(false)?,
            clock,
            limits,
        })
    }

    async fn ask(&self, ask: Ask<'_>) -> Result<Exchange, Fault> {
        let url = ask.url;
        let client = match self.guard.judge(url) {
            Verdict::Public => &self.public,
            Verdict::Allowed => &self.allowed,
            Verdict::Refused(why) => return Err(Fault::new(Reason::PrivateAddress, why)),
        };
        let mut request = client.get(url.clone());
        for (name, value) in ask.conditions {
            request = request.header(name, value);
        }
        let response = request.send().await.map_err(|e| fault(&e, url))?;
        let status = response.status();
        let at = (self.clock)();
        let headers = headers(response.headers());
        let coded = super::transport::header(&headers, "content-encoding").unwrap_or("").to_owned();
        let (cap, cut) = if status.is_success() { (ask.cap, ask.cut) } else { (ASIDE, true) };
        let body = body(response, cap, self.limits.trickle).await.map_err(|e| fault(&e, url))?;
        let (raw, whole) = match body {
            Body::Whole(raw) => (raw, true),
            Body::Cut(raw) => (raw, false),
            Body::Trickles if !status.is_success() => (Vec::new(), false),
            Body::Trickles => return Err(trickles(self.limits.trickle)),
        };
        let wire = raw.len() as u64;
        let decoded = match (cut, whole) {
            (true, _) => coding::decode_start(&coded, raw, cap),
            (false, true) => coding::decode(&coded, raw, cap),
            (false, false) => Err(CodingError::TooLarge),
        };
        let body = match decoded {
            Ok(body) => body,
            // The body of a refusal or a redirect is of no use to anyone.
            Err(_) if !status.is_success() => Vec::new(),
            Err(error) => {
                let fault = undecoded(error, cap);
                return Err(Fault { status: Some(status.as_u16()), ..fault });
            }
        };
        Ok(Exchange { status: status.as_u16(), headers, body, wire, at })
    }
}

impl Transport for Live {
    fn once<'a>(&'a self, ask: Ask<'a>) -> BoxFuture<'a, Result<Exchange, Fault>> {
        Box::pin(self.ask(ask))
    }

    fn now(&self) -> Option<jiff::Timestamp> {
        Some((self.clock)())
    }
}

fn builder(contact: Option<&str>, limits: Limits) -> ClientBuilder {
    let mut headers = HeaderMap::new();
    let accept = "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,\
                  application/feed+json;q=0.9,application/xml;q=0.9,*/*;q=0.5";
    headers.insert(ACCEPT, HeaderValue::from_static(accept));
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip, br, deflate"));
    // Bodies are decoded here (`coding.rs`), by the same code as those of recordings.
    reqwest::Client::builder()
        .default_headers(headers)
        .user_agent(user_agent(contact))
        .redirect(Policy::none())
        .no_proxy()
        .no_gzip()
        .no_brotli()
        .no_deflate()
        .referer(false)
        .connect_timeout(limits.connect)
        .read_timeout(limits.idle)
}

fn user_agent(contact: Option<&str>) -> String {
    let name = format!("digestgen/{}", env!("CARGO_PKG_VERSION"));
    let plain: String = contact.unwrap_or("").chars().filter(char::is_ascii_graphic).collect();
    if plain.is_empty() { name } else { format!("{name} (+{plain})") }
}

fn headers(map: &HeaderMap) -> Vec<(String, String)> {
    let text = |v: &HeaderValue| String::from_utf8_lossy(v.as_bytes()).into_owned();
    map.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect()
}

/// The body up to `cap` bytes.
async fn body(mut response: Response, cap: usize, trickle: Duration) -> reqwest::Result<Body> {
    let began = Instant::now();
    let mut out = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        let room = cap - out.len();
        if chunk.len() > room {
            out.extend_from_slice(&chunk[..room]);
            return Ok(Body::Cut(out));
        }
        out.extend_from_slice(&chunk);
        if out.len() < LEAST && began.elapsed() > trickle {
            return Ok(Body::Trickles);
        }
    }
    Ok(Body::Whole(out))
}

fn trickles(time: Duration) -> Fault {
    let seconds = time.as_secs_f32();
    let detail = format!("the body trickles: fewer than {LEAST} bytes in {seconds} s");
    Fault::new(Reason::Timeout, detail)
}

fn undecoded(error: CodingError, cap: usize) -> Fault {
    match error {
        CodingError::TooLarge => too_large(cap),
        CodingError::Damaged(e) => Fault::new(Reason::Broken, format!("the body is damaged: {e}")),
        CodingError::Unknown(name) => {
            Fault::new(Reason::Broken, format!("the coding `{name}` of the body is unknown"))
        }
    }
}

/// What an error of the HTTP client means; the causes speak before its own words.
fn fault(error: &reqwest::Error, url: &Url) -> Fault {
    for cause in causes(error) {
        if let Some(found) = cause.downcast_ref::<ResolveError>() {
            return unresolved(found, url);
        }
        let inner = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        let tls = inner.is_some_and(|e| e.is::<rustls::Error>()) || cause.is::<rustls::Error>();
        if tls {
            return Fault::new(Reason::Tls, format!("no secure connection: {cause}"));
        }
    }
    let (reason, words) = match error {
        e if e.is_timeout() && e.is_connect() => (Reason::Connect, "no connection in time"),
        e if e.is_timeout() => (Reason::Timeout, "the host fell silent"),
        e if e.is_connect() => (Reason::Connect, "no connection"),
        _ => (Reason::Broken, "the answer broke off or is no HTTP"),
    };
    Fault::new(reason, format!("{words}: {}", chain(error)))
}

fn unresolved(error: &ResolveError, url: &Url) -> Fault {
    match error {
        ResolveError::NoName(..) => Fault::new(Reason::Dns, error.to_string()),
        ResolveError::Special { kind, .. } => {
            Fault::new(Reason::PrivateAddress, guard::refusal(url, &error.to_string(), kind))
        }
    }
}

fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |e: &&'a (dyn Error + 'static)| (*e).source())
}

/// The causes of an error in one line, without the URL that its first words repeat.
fn chain(error: &reqwest::Error) -> String {
    let words: Vec<String> = causes(error).skip(1).map(ToString::to_string).collect();
    if words.is_empty() { error.to_string() } else { words.join(": ") }
}

#[cfg(test)]
#[path = "live_tests.rs"]
mod tests;
