//! The one way to ask a URL: redirects, tries, pace and recording around a transport.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use tokio::time::Instant;
use url::Url;

use super::live::{Live, SetupError};
use super::pace::Pace;
use super::resolve::{Lookup, SystemLookup};
use super::transport::{Exchange, Fault, Offline, Transport};
use super::warc::{RecordedAnswer, Recorder, Recording, RecordingError};
use super::{Answer, Effort, Failure, Options, Reason, Want};

/// Where a live client takes the time of an answer from.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Redirects that are followed.
const MOST_HOPS: usize = 10;
/// Times a URL is asked at most.
const MOST_TRIES: u32 = 3;
/// One request with its redirects, waiting out of politeness not counted.
const WHOLE: Duration = Duration::from_secs(30);
/// The longest `Retry-After` that is waited for; a host that asks for more is left alone.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// Asks URLs: live, from a recording, or not at all. Cheap to clone.
#[derive(Clone)]
pub struct Client {
    transport: Arc<dyn Transport>,
    /// Politeness and further tries; `None` where nothing is asked over the network.
    pace: Option<Arc<Pace>>,
    recorder: Arc<Mutex<Option<Recorder>>>,
}

/// How far one request has come.
struct Walk {
    asked: String,
    hops: Vec<String>,
    effort: Effort,
    left: Duration,
    tries: u32,
}

impl Client {
    /// A client of the open web. `clock` dates the answers; with a `recorder` each answer is
    /// recorded too (call [`Client::finish_recording`] at the end).
    ///
    /// # Errors
    /// An entry of `net.allow` that is no `host:port`, or TLS that cannot be set up.
    pub fn live(
        options: &Options,
        clock: Clock,
        recorder: Option<Recorder>,
    ) -> Result<Self, SetupError> {
        Self::live_with(options, clock, recorder, Arc::new(SystemLookup))
    }

    /// As [`Client::live`], with another resolver of names.
    ///
    /// # Errors
    /// As [`Client::live`].
    pub fn live_with(
        options: &Options,
        clock: Clock,
        recorder: Option<Recorder>,
        lookup: Arc<dyn Lookup>,
    ) -> Result<Self, SetupError> {
        let live = Live::new(options, clock, lookup)?;
        Ok(Self::over(Arc::new(live), Some(Arc::new(Pace::new())), recorder))
    }

    /// A client that answers from a recording alone: `.warc` or `.warc.gz`.
    ///
    /// # Errors
    /// The file cannot be read, or holds no recording.
    pub fn replay(path: &Path) -> Result<Self, RecordingError> {
        let recording = Recording::open(path)?;
        if let Some(what) = recording.cut_off() {
            tracing::warn!("{}: {what}; what stands before it is used", path.display());
        }
        Ok(Self::over(Arc::new(recording), None, None))
    }

    /// A client that refuses every request with [`Reason::Offline`].
    pub fn offline() -> Self {
        Self::over(Arc::new(Offline), None, None)
    }

    fn over(
        transport: Arc<dyn Transport>,
        pace: Option<Arc<Pace>>,
        recorder: Option<Recorder>,
    ) -> Self {
        Self { transport, pace, recorder: Arc::new(Mutex::new(recorder)) }
    }

    /// Asks `url` and follows redirects.
    ///
    /// # Errors
    /// A [`Failure`] with its reason: the guard, the connection, a limit, the status, an empty body.
    pub async fn get(&self, url: &str, want: Want) -> Result<Answer, Failure> {
        let mut walk = Walk {
            asked: url.to_owned(),
            hops: Vec::new(),
            effort: Effort::default(),
            left: WHOLE,
            tries: 0,
        };
        match self.walk(&mut walk, want).await {
            Ok((at, exchange)) => Ok(Answer {
                asked: walk.asked,
                url: at.into(),
                status: exchange.status,
                content_type: exchange.header("content-type").map(Into::into),
                body: exchange.body,
                hops: walk.hops,
                at: exchange.at,
                effort: walk.effort,
            }),
            Err(fault) => Err(Failure {
                url: walk.asked,
                reason: fault.reason,
                detail: fault.detail,
                status: fault.status,
                effort: walk.effort,
            }),
        }
    }

    async fn walk(&self, walk: &mut Walk, want: Want) -> Result<(Url, Exchange), Fault> {
        let mut url = parse(&walk.asked, None)?;
        loop {
            if walk.hops.iter().any(|hop| hop == url.as_str()) {
                return Err(Fault::new(
                    Reason::Redirects,
                    format!("redirects in a circle at {url}"),
                ));
            }
            if walk.hops.len() > MOST_HOPS {
                let detail = format!("more than {MOST_HOPS} redirects, the last to {url}");
                return Err(Fault::new(Reason::Redirects, detail));
            }
            walk.hops.push(url.as_str().to_owned());
            let exchange = self.ask(walk, &url, want).await?;
            match redirect(&exchange) {
                Some(target) => url = parse(target, Some(&url))?,
                None => return judge(exchange).map(|exchange| (url, exchange)),
            }
        }
    }

    /// One hop, asked again where that may help; what it settles on is recorded.
    async fn ask(&self, walk: &mut Walk, url: &Url, want: Want) -> Result<Exchange, Fault> {
        let host = url.host_str().unwrap_or("").trim_end_matches('.');
        loop {
            let mut turn = match &self.pace {
                Some(pace) => Some(pace.turn(host).await),
                None => None,
            };
            let began = Instant::now();
            let result = if walk.left.is_zero() {
                Err(timed_out())
            } else {
                let once = self.transport.once(url, want, walk.left);
                tokio::time::timeout(walk.left, once).await.unwrap_or_else(|_| Err(timed_out()))
            };
            walk.spent(began.elapsed(), &result);
            let pause = again(&result, walk.tries);
            if let (Some(turn), Some(pause)) = (turn.as_mut(), pause)
                && pause <= LONGEST_PAUSE
                && walk.tries < MOST_TRIES
            {
                turn.pause_for(pause);
                walk.left = WHOLE;
                continue;
            }
            if let Ok(exchange) = &result {
                self.record(url, exchange);
            }
            return result;
        }
    }

    /// An answer that cannot be recorded ends the recording; [`Client::finish_recording`] says so.
    fn record(&self, url: &Url, exchange: &Exchange) {
        let mut recorder = self.recorder.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(open) = recorder.as_mut() {
            open.add_or_fail(&RecordedAnswer {
                url: url.as_str().to_owned(),
                status: exchange.status,
                headers: exchange.headers.clone(),
                body: exchange.body.clone(),
                at: exchange.at,
            });
        }
    }

    /// When what is read now counts as seen: live the clock's time, in a replay the date of the
    /// recording's latest answer, offline `None`.
    pub fn now(&self) -> Option<Timestamp> {
        self.transport.now()
    }

    /// Writes the recording under its name. Does nothing where none is made.
    ///
    /// # Errors
    /// It could not be written, now or when an answer came in.
    pub fn finish_recording(&self) -> Result<(), RecordingError> {
        let open = self.recorder.lock().unwrap_or_else(PoisonError::into_inner).take();
        open.map_or(Ok(()), Recorder::finish)
    }
}

impl Walk {
    fn spent(&mut self, time: Duration, result: &Result<Exchange, Fault>) {
        self.left = self.left.saturating_sub(time);
        self.tries += 1;
        self.effort.requests += 1;
        self.effort.ms += u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        self.effort.bytes = result.as_ref().map_or(0, |exchange| exchange.wire);
    }
}

fn timed_out() -> Fault {
    Fault::new(Reason::Timeout, format!("no complete answer within {} s", WHOLE.as_secs()))
}

/// Reads `text` as a URL of the web, relative to `base`, without its fragment.
fn parse(text: &str, base: Option<&Url>) -> Result<Url, Fault> {
    let bad = |why: String| Fault::new(Reason::BadUrl, format!("`{text}` {why}"));
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
    Ok(url)
}

fn redirect(exchange: &Exchange) -> Option<&str> {
    matches!(exchange.status, 301 | 302 | 303 | 307 | 308)
        .then(|| exchange.header("location"))
        .flatten()
        .filter(|target| !target.is_empty())
}

/// How long to wait before asking again; `None` where it would not help.
fn again(result: &Result<Exchange, Fault>, tries: u32) -> Option<Duration> {
    let own = Duration::from_secs(2 * u64::from(tries));
    match result {
        Err(fault) => (fault.reason == Reason::Connect).then_some(own),
        Ok(exchange) if exchange.status == 429 || exchange.status >= 500 || throttles(exchange) => {
            Some(retry_after(exchange).unwrap_or(own))
        }
        Ok(_) => None,
    }
}

fn retry_after(exchange: &Exchange) -> Option<Duration> {
    let text = exchange.header("retry-after")?;
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    let until = DateTimeParser::new().parse_timestamp(text).ok()?;
    let seconds = until.duration_since(exchange.at).as_secs();
    Some(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
}

/// arXiv says so with status 200.
fn throttles(exchange: &Exchange) -> bool {
    exchange.body.len() < 64 && exchange.body.trim_ascii().starts_with(b"Rate exceeded")
}

/// The reason of a status, and of a body that says nothing.
fn judge(exchange: Exchange) -> Result<Exchange, Fault> {
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
    let pause = retry_after(&exchange).filter(|p| *p > LONGEST_PAUSE);
    let later =
        pause.map_or(String::new(), |p| format!("; it asks to come back in {} s", p.as_secs()));
    let detail = format!("status {}: {words}{later}", exchange.status);
    Err(Fault { reason, detail, status: Some(exchange.status) })
}

#[cfg(test)]
#[path = "client_tests.rs"]
mod tests;
