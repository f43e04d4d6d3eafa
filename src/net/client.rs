//! The one way to ask a URL: redirects, tries, pace and recording around a transport.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::{Instant, timeout};
use url::Url;

use super::answer::{again, asked_pause, judge, parse, redirect, throttles};
use super::cache::{Cache, Found, Stale};
use super::limits::Limits;
use super::live::{Live, SetupError};
use super::pace::{Pace, Turn};
use super::permit::{Permission, Permissions};
use super::resolve::{Lookup, SystemLookup};
use super::transport::{Ask, Exchange, Fault, Offline, Transport};
use super::walk::{Walk, timed_out};
use super::warc::{RecordedAnswer, Recorder, Recording, RecordingError};
use super::{Answer, Failure, Options, Reason, Want};
use crate::store::Store;

/// Where a live client takes the time of an answer from.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Redirects of a robots.txt that are followed (RFC 9309, 2.3.1.2).
const MOST_ROBOTS_HOPS: usize = 5;
/// Times a URL is asked at most.
const MOST_TRIES: u32 = 3;

/// Asks URLs: live, from a recording, or not at all. Cheap to clone.
#[derive(Clone)]
pub struct Client {
    transport: Arc<dyn Transport>,
    limits: Limits,
    /// Politeness and further tries; `None` where nothing is asked over the network.
    pace: Option<Arc<Pace>>,
    /// What the hosts' robots.txt permit; `None` where nothing is asked at all.
    permissions: Option<Arc<Permissions>>,
    cache: Option<Cache>,
    recorder: Arc<Mutex<Option<Recorder>>>,
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
        Self::live_within(Limits::default(), options, clock, recorder, lookup)
    }

    /// As [`Client::live_with`], within other limits.
    pub(super) fn live_within(
        limits: Limits,
        options: &Options,
        clock: Clock,
        recorder: Option<Recorder>,
        lookup: Arc<dyn Lookup>,
    ) -> Result<Self, SetupError> {
        let live = Live::new(options, clock, lookup, limits)?;
        Ok(Self::over(Arc::new(live), Some(limits), recorder))
    }

    /// This client with the private HTTP cache of `store`: lists are asked for only where a stored
    /// answer is too old, and then for news alone. A client that records, replays or is offline
    /// stays without it: a recording holds whole answers.
    #[must_use]
    pub fn with_cache(mut self, store: Arc<Store>) -> Self {
        let records = self.recorder.lock().unwrap_or_else(PoisonError::into_inner).is_some();
        self.cache = (self.pace.is_some() && !records).then(|| Cache::new(store));
        self
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
        Self { permissions: None, ..Self::over(Arc::new(Offline), None, None) }
    }

    /// `limits` are those of the network, `None` where it is not asked.
    fn over(
        transport: Arc<dyn Transport>,
        limits: Option<Limits>,
        recorder: Option<Recorder>,
    ) -> Self {
        Self {
            transport,
            limits: limits.unwrap_or_default(),
            pace: limits.map(|l| Arc::new(Pace::new(l.gap, l.pause))),
            permissions: Some(Arc::default()),
            cache: None,
            recorder: Arc::new(Mutex::new(recorder)),
        }
    }

    /// Asks `url` and follows redirects.
    ///
    /// # Errors
    /// A [`Failure`] with its reason: the guard, the connection, a limit, the status, an empty body.
    pub async fn get(&self, url: &str, want: Want) -> Result<Answer, Failure> {
        let mut walk = Walk::new(url, self.limits.whole);
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
            walk.step(&url)?;
            let exchange = self.hop(walk, &url, want).await?;
            match redirect(&exchange) {
                Some(target) => url = parse(target, Some(&url))?,
                None => return judge(exchange, &self.limits).map(|exchange| (url, exchange)),
            }
        }
    }

    /// One URL: from the cache where its answer still holds, else where the host permits it.
    async fn hop(&self, walk: &mut Walk, url: &Url, want: Want) -> Result<Exchange, Fault> {
        let cache = self.cache.as_ref().filter(|_| want != Want::Page);
        let stored = match (cache, self.now()) {
            (Some(cache), Some(now)) => cache.find(url, now),
            _ => Found::Nothing,
        };
        let stale = match stored {
            Found::Fresh(exchange) => return Ok(exchange),
            Found::Stale(stale) => Some(*stale),
            Found::Nothing => None,
        };
        let own_terms = want == Want::Api && walk.hops.len() == 1;
        if !own_terms {
            self.permit(url).await?;
        }
        match cache {
            None => self.ask(walk, Ask::whole(url, want)).await,
            Some(cache) => self.ask_for_news(cache, stale, walk, Ask::whole(url, want)).await,
        }
    }

    /// Asks for what is new against a stored answer, and keeps what comes.
    async fn ask_for_news(
        &self,
        cache: &Cache,
        stale: Option<Stale>,
        walk: &mut Walk,
        ask: Ask<'_>,
    ) -> Result<Exchange, Fault> {
        let conditions = stale.as_ref().map(|s| s.conditions.clone()).unwrap_or_default();
        let mut exchange = self.ask(walk, Ask { conditions: &conditions, ..ask }).await?;
        if let (Some(stale), 304) = (stale, exchange.status) {
            match cache.confirm(ask.url, stale, &exchange) {
                Ok(Some(confirmed)) => return Ok(confirmed),
                Ok(None) => {}
                Err(error) => tracing::warn!("{} is asked for anew: {error}", ask.url),
            }
            exchange = self.ask(walk, ask).await?;
        }
        let says_something = !exchange.body.trim_ascii().is_empty() && !throttles(&exchange);
        if exchange.status == 200
            && says_something
            && let Err(error) = cache.keep(ask.url, &exchange)
        {
            tracing::warn!("the answer of {} is not cached: {error}", ask.url);
        }
        Ok(exchange)
    }

    /// Whether the host permits `url`; its robots.txt is asked for the first time.
    async fn permit(&self, url: &Url) -> Result<(), Fault> {
        let Some(permissions) = &self.permissions else {
            return Ok(());
        };
        let permission = permissions.of(url);
        permission.get_or_init(|| self.ask_robots(url)).await.check(url)
    }

    async fn ask_robots(&self, url: &Url) -> Permission {
        let Ok(robots) = url.join("/robots.txt") else {
            return Permission::everything();
        };
        let mut walk = Walk::new(robots.as_str(), self.limits.robots);
        let mut at = robots.clone();
        for _ in 0..=MOST_ROBOTS_HOPS {
            let exchange = match self.ask(&mut walk, Ask::robots(&at)).await {
                Ok(exchange) => exchange,
                // A recording that has none permits everything.
                Err(_) if self.pace.is_none() => return Permission::everything(),
                Err(fault) => return Permission::unanswered(&robots, fault),
            };
            match redirect(&exchange).map(|target| parse(target, Some(&at))) {
                None => return Permission::answered(&robots, &exchange),
                Some(Ok(target)) if target != at && target != robots => at = target,
                Some(_) => break,
            }
        }
        Permission::everything()
    }

    /// One request, sent again where that may help; what it settles on is recorded.
    async fn ask(&self, walk: &mut Walk, ask: Ask<'_>) -> Result<Exchange, Fault> {
        loop {
            let mut turn = match &self.pace {
                Some(pace) => Some(pace.turn(&host(ask.url)).await.map_err(|closed| {
                    let wait = closed.0.as_secs();
                    let detail = format!("the host asked to be left alone for {wait} s more");
                    Fault::new(Reason::Throttled, detail)
                })?),
                None => None,
            };
            let began = Instant::now();
            let result = self.once(walk, ask, turn.as_mut()).await;
            // A recording is no network: two replays say the same.
            let took = self.pace.as_ref().map_or(Duration::ZERO, |_| began.elapsed());
            walk.spent(took, &result);
            if let Some(turn) = turn.as_mut()
                && self.try_again(walk.tries, took, turn, &result)
            {
                (walk.tries, walk.left) = (walk.tries + 1, walk.whole);
                continue;
            }
            if let Ok(exchange) = &result {
                self.record(ask.url, exchange);
            }
            return result;
        }
    }

    /// One try; after a while it no longer keeps others from being sent.
    async fn once(
        &self,
        walk: &Walk,
        ask: Ask<'_>,
        turn: Option<&mut Turn>,
    ) -> Result<Exchange, Fault> {
        if walk.left.is_zero() {
            return Err(timed_out(walk.whole));
        }
        let quick = walk.left.min(self.limits.slow);
        let mut once = self.transport.once(ask);
        if let Ok(result) = timeout(quick, &mut once).await {
            return result;
        }
        if let Some(turn) = turn {
            turn.step_aside();
        }
        let result = timeout(walk.left.saturating_sub(quick), once).await;
        result.unwrap_or_else(|_| Err(timed_out(walk.whole)))
    }

    /// Whether there is another try, after the pause that the host is given now.
    fn try_again(
        &self,
        tries: u32,
        took: Duration,
        turn: &mut Turn,
        result: &Result<Exchange, Fault>,
    ) -> bool {
        if let Some(pause) = result.as_ref().ok().and_then(asked_pause) {
            turn.pause_for(pause);
        }
        let Some(pause) = again(result, tries, &self.limits) else {
            return false;
        };
        // A host that lets connections run into their limit is not waited for three times.
        let hopeless = result.is_err() && took > self.limits.connect / 2 && tries > 1;
        if pause > self.limits.pause || tries >= MOST_TRIES || hopeless {
            return false;
        }
        turn.pause_for(pause);
        true
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

/// How a host is named among those that are asked one request at a time. A special port is a host
/// of its own: the services of one machine have nothing to do with each other.
fn host(url: &Url) -> String {
    let name = url.host_str().unwrap_or("").trim_end_matches('.');
    url.port().map_or(name.to_owned(), |port| format!("{name}:{port}"))
}

#[cfg(test)]
#[path = "client_tests.rs"]
mod tests;
