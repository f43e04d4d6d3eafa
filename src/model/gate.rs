//! The gate that every request passes: how many at one time, how many a minute, and whether the
//! endpoint is to be left alone.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};

use super::clock::Clock;
use super::{Failure, Options};

const MINUTE: Duration = Duration::from_secs(60);

/// A request that passed.
struct Passed {
    number: u64,
    at: Duration,
    tokens: u64,
}

/// Leave to send one request. The seat is free again when it is dropped.
#[derive(Debug)]
pub(crate) struct Pass<'a> {
    number: u64,
    _seat: Option<SemaphorePermit<'a>>,
}

/// What the gate knows.
#[derive(Default)]
struct State {
    /// What passed in the last minute.
    passed: VecDeque<Passed>,
    /// How many passed in all.
    count: u64,
    /// No request before this time.
    closed_until: Duration,
    /// The failure that ended all calls of the run.
    broken: Option<Failure>,
}

/// One gate for all requests of a run.
pub(crate) struct Gate {
    clock: Arc<dyn Clock>,
    seats: Semaphore,
    rpm: Option<u32>,
    tpm: Option<u64>,
    state: Mutex<State>,
}

impl Gate {
    pub(crate) fn new(options: &Options, clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            seats: Semaphore::new(options.concurrency),
            rpm: options.rpm,
            tpm: options.tpm,
            state: Mutex::default(),
        }
    }

    /// Waits until a request that may take `tokens`, answer included, may be sent.
    ///
    /// # Errors
    /// The failure that ended all calls of the run.
    pub(crate) async fn enter(&self, tokens: u64) -> Result<Pass<'_>, Failure> {
        let seat = self.seats.acquire().await.ok();
        loop {
            let (wait, number) = {
                let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
                if let Some(failure) = &state.broken {
                    return Err(failure.clone());
                }
                let now = self.clock.now();
                let wait = self.wait(&mut state, now, tokens);
                if wait.is_zero() {
                    state.count += 1;
                    let (number, at) = (state.count, now);
                    state.passed.push_back(Passed { number, at, tokens });
                }
                (wait, state.count)
            };
            if wait.is_zero() {
                let _seat = seat;
                return Ok(Pass { number, _seat });
            }
            self.clock.sleep(wait).await;
        }
    }

    /// Puts what a request really took in the place of what it might have taken.
    pub(crate) fn took(&self, pass: &Pass<'_>, tokens: u64) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let mut passed = state.passed.iter_mut();
        if let Some(passed) = passed.find(|p| p.number == pass.number) {
            passed.tokens = tokens;
        }
    }

    /// How long a request of `tokens` must wait yet. One that is larger than a minute's tokens
    /// passes alone.
    fn wait(&self, state: &mut State, now: Duration, tokens: u64) -> Duration {
        while state.passed.front().is_some_and(|p| p.at + MINUTE <= now) {
            state.passed.pop_front();
        }
        let mut until = state.closed_until;
        let count = state.passed.len();
        if let Some(rpm) = self.rpm
            && count >= rpm as usize
            && let Some(passed) = state.passed.get(count - rpm as usize)
        {
            until = until.max(passed.at + MINUTE);
        }
        if let Some(tpm) = self.tpm {
            let mut sum: u64 = state.passed.iter().map(|p| p.tokens).sum();
            for passed in &state.passed {
                if sum + tokens <= tpm {
                    break;
                }
                until = until.max(passed.at + MINUTE);
                sum -= passed.tokens;
            }
        }
        until.saturating_sub(now)
    }

    /// Leaves the endpoint alone for `time`, for all tasks.
    pub(crate) fn close_for(&self, time: Duration) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.closed_until = state.closed_until.max(self.clock.now() + time);
    }

    /// Ends all calls of the run; the first failure stays.
    pub(crate) fn break_with(&self, failure: &Failure) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.broken.get_or_insert_with(|| failure.clone());
    }

    /// The time that is waited by.
    pub(crate) fn now(&self) -> Duration {
        self.clock.now()
    }

    /// Waits for one task alone.
    pub(crate) async fn sleep(&self, time: Duration) {
        self.clock.sleep(time).await;
    }
}

#[cfg(test)]
mod tests {
    use std::pin::Pin;

    use super::*;
    use crate::model::Reason;

    /// A clock that passes only by being waited on.
    #[derive(Default)]
    struct Still(Mutex<Duration>);

    impl Clock for Still {
        fn now(&self) -> Duration {
            *self.0.lock().unwrap()
        }

        fn sleep(&self, time: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
            *self.0.lock().unwrap() += time;
            Box::pin(std::future::ready(()))
        }
    }

    fn gate(rpm: Option<u32>, tpm: Option<u64>) -> Gate {
        let options = Options { rpm, tpm, ..Options::default() };
        Gate::new(&options, Arc::new(Still::default()))
    }

    async fn times(gate: &Gate, tokens: &[u64]) -> Vec<u64> {
        let mut out = Vec::new();
        for n in tokens {
            drop(gate.enter(*n).await.unwrap());
            out.push(gate.clock.now().as_secs());
        }
        out
    }

    #[tokio::test]
    async fn requests_at_one_time() {
        let options = Options { concurrency: 2, ..Options::default() };
        let gate = Gate::new(&options, Arc::new(Still::default()));
        let (one, two) = (gate.enter(1).await.unwrap(), gate.enter(1).await.unwrap());
        let mut third = std::pin::pin!(gate.enter(1));
        assert!(futures_util::poll!(&mut third).is_pending());
        drop(one);
        third.await.unwrap();
        drop(two);
    }

    #[tokio::test]
    async fn requests_a_minute() {
        let gate = gate(Some(2), None);
        assert_eq!(times(&gate, &[1; 5]).await, [0, 0, 60, 60, 120]);
    }

    #[tokio::test]
    async fn tokens_a_minute_and_a_giant_alone() {
        let gate = gate(None, Some(100));
        assert_eq!(times(&gate, &[60, 40, 60, 500, 10]).await, [0, 0, 60, 120, 180]);
    }

    #[tokio::test]
    async fn what_was_not_taken_is_free_again() {
        let gate = gate(None, Some(100));
        let pass = gate.enter(90).await.unwrap();
        gate.took(&pass, 20);
        drop(pass);
        assert_eq!(times(&gate, &[80, 10]).await, [0, 60]);
    }

    #[tokio::test]
    async fn a_throttle_pauses_all_and_a_refusal_ends_all() {
        let gate = gate(None, None);
        gate.close_for(Duration::from_secs(7));
        gate.close_for(Duration::from_secs(3));
        assert_eq!(times(&gate, &[1, 1]).await, [7, 7]);
        gate.break_with(&Failure::new(Reason::Key, "no"));
        gate.break_with(&Failure::new(Reason::Quota, "later"));
        assert_eq!(gate.enter(1).await.unwrap_err().reason, Reason::Key);
    }
}
