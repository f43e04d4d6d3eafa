//! Politeness: one request at a time and a pause between them for each host, many hosts at once.
//!
//! It waits on tokio's clock alone, so tests run through hours without sleeping.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex as Lock, OwnedMutexGuard, OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until};

/// Requests under way at once, over all hosts; those that turn out slow are not counted.
const AT_ONCE: usize = 8;

/// Hosts that are remembered before those that are idle are forgotten.
const REMEMBERED: usize = 1024;

/// The queues of all hosts.
#[derive(Debug)]
pub(super) struct Pace {
    hosts: Mutex<HashMap<String, Arc<Lock<Instant>>>>,
    all: Arc<Semaphore>,
    gap: Duration,
    longest: Duration,
}

/// The right to send one request; the host's pause begins when it ends.
#[derive(Debug)]
pub(super) struct Turn {
    not_before: OwnedMutexGuard<Instant>,
    pause: Duration,
    permit: Option<OwnedSemaphorePermit>,
}

/// A host that asked to be left alone for so long that nobody waits for it.
#[derive(Debug)]
pub(super) struct Closed(pub(super) Duration);

impl Pace {
    /// A second between two requests would be `gap`; `longest` is the longest pause of a host that
    /// is waited for.
    pub(super) fn new(gap: Duration, longest: Duration) -> Self {
        Self { hosts: Mutex::default(), all: Arc::new(Semaphore::new(AT_ONCE)), gap, longest }
    }

    /// Waits until `host` (a name, or `name:port` where the port is a special one) may be asked.
    /// A waiting request takes no place from other hosts.
    ///
    /// # Errors
    /// The host is [`Closed`].
    pub(super) async fn turn(&self, host: &str) -> Result<Turn, Closed> {
        let not_before = self.queue(host).lock_owned().await;
        let wait = not_before.saturating_duration_since(Instant::now());
        if wait > self.longest {
            return Err(Closed(wait));
        }
        sleep_until(*not_before).await;
        let permit = Arc::clone(&self.all).acquire_owned().await.ok();
        Ok(Turn { not_before, pause: self.gap * times(host), permit })
    }

    fn queue(&self, host: &str) -> Arc<Lock<Instant>> {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        if hosts.len() >= REMEMBERED {
            let now = Instant::now();
            hosts.retain(|_, queue| {
                Arc::strong_count(queue) > 1 || queue.try_lock().is_ok_and(|until| *until > now)
            });
        }
        let fresh = || Arc::new(Lock::new(Instant::now()));
        Arc::clone(hosts.entry(host.to_owned()).or_insert_with(fresh))
    }
}

impl Turn {
    /// Makes the host's pause at least `pause`: it asked for that.
    pub(super) fn pause_for(&mut self, pause: Duration) {
        self.pause = self.pause.max(pause);
    }

    /// Lets another host's request be sent although this one is not done: it is a slow one.
    pub(super) fn step_aside(&mut self) {
        self.permit = None;
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        *self.not_before = Instant::now() + self.pause;
    }
}

/// How many times the usual pause a host gets; arXiv asks for three seconds.
fn times(host: &str) -> u32 {
    if host == "arxiv.org" || host.ends_with(".arxiv.org") { 3 } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pace() -> Pace {
        Pace::new(Duration::from_secs(1), Duration::from_secs(60))
    }

    async fn ask(pace: &Pace, host: &str, seconds: u64) -> Duration {
        let began = Instant::now();
        let turn = pace.turn(host).await.unwrap();
        let waited = began.elapsed();
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        drop(turn);
        waited
    }

    #[tokio::test(start_paused = true)]
    async fn one_at_a_time_and_a_pause() {
        let pace = pace();
        let (a, b, other) =
            tokio::join!(ask(&pace, "a", 2), ask(&pace, "a", 1), ask(&pace, "b", 1));
        assert_eq!((a.as_secs(), b.as_secs(), other.as_secs()), (0, 3, 0));
        ask(&pace, "export.arxiv.org", 0).await;
        assert_eq!(ask(&pace, "export.arxiv.org", 0).await.as_secs(), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn eight_hosts_at_once() {
        let pace = pace();
        let hosts: Vec<String> = (0..9).map(|n| format!("h{n}")).collect();
        let waits = futures_util::future::join_all(hosts.iter().map(|h| ask(&pace, h, 5))).await;
        assert_eq!(waits.iter().filter(|w| w.as_secs() >= 5).count(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_host_that_asks_for_more_gets_it() {
        let pace = pace();
        let mut turn = pace.turn("a").await.unwrap();
        turn.pause_for(Duration::from_secs(20));
        drop(turn);
        assert_eq!(ask(&pace, "a", 0).await.as_secs(), 20);
        let mut turn = pace.turn("a").await.unwrap();
        turn.pause_for(Duration::from_secs(3600));
        drop(turn);
        assert!(pace.turn("a").await.unwrap_err().0 > Duration::from_secs(3590));
        assert_eq!(ask(&pace, "b", 0).await.as_secs(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn slow_requests_do_not_hold_up_others() {
        let pace = pace();
        let mut slow = Vec::new();
        for n in 0..20 {
            let mut turn = pace.turn(&format!("slow{n}")).await.unwrap();
            turn.step_aside();
            slow.push(turn);
        }
        assert_eq!(ask(&pace, "quick", 0).await.as_secs(), 0);
    }
}
