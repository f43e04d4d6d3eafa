//! The gate that every request passes: how many at one time, how many a minute, and whether the
//! endpoint is to be left alone.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};

use super::clock::Clock;
use super::{Failure, Options};

const MINUTE: Duration = Duration::from_secs(60);

/// What the gate knows.
#[derive(Default)]
struct State {
    /// What passed in the last minute: when, and how many tokens.
    passed: VecDeque<(Duration, u64)>,
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

    /// Waits until a request of about `tokens` may be sent. The seat is held until it is dropped.
    ///
    /// # Errors
    /// The failure that ended all calls of the run.
    pub(crate) async fn enter(&self, tokens: u64) -> Result<Option<SemaphorePermit<'_>>, Failure> {
        let seat = self.seats.acquire().await.ok();
        loop {
            let wait = {
                let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
                if let Some(failure) = &state.broken {
                    return Err(failure.clone());
                }
                let now = self.clock.now();
                let wait = self.wait(&mut state, now, tokens);
                if wait.is_zero() {
                    state.passed.push_back((now, tokens));
                }
                wait
            };
            if wait.is_zero() {
                return Ok(seat);
            }
            self.clock.sleep(wait).await;
        }
    }

    /// How long a request of `tokens` must wait yet. One that is larger than a minute's tokens
    /// passes alone.
    fn wait(&self, state: &mut State, now: Duration, tokens: u64) -> Duration {
        while state
            .passed
            .front()
            .is_some_and(|(t, _)| *t + MINUTE <= now)
        {
            state.passed.pop_front();
        }
        let mut until = state.closed_until;
        let count = state.passed.len();
        if let Some(rpm) = self.rpm
            && count >= rpm as usize
            && let Some((t, _)) = state.passed.get(count - rpm as usize)
        {
            until = until.max(*t + MINUTE);
        }
        if let Some(tpm) = self.tpm {
            let mut sum: u64 = state.passed.iter().map(|(_, n)| n).sum();
            for (t, n) in &state.passed {
                if sum + tokens <= tpm {
                    break;
                }
                until = until.max(*t + MINUTE);
                sum -= n;
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

    /// Waits for one task alone.
    pub(crate) async fn sleep(&self, time: Duration) {
        self.clock.sleep(time).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Reason;
    use crate::model::clock::TokioClock;

    fn gate(rpm: Option<u32>, tpm: Option<u64>) -> Gate {
        let options = Options {
            rpm,
            tpm,
            ..Options::default()
        };
        Gate::new(&options, Arc::new(TokioClock::start()))
    }

    async fn times(gate: &Gate, tokens: &[u64]) -> Vec<u64> {
        let mut out = Vec::new();
        for n in tokens {
            drop(gate.enter(*n).await.unwrap());
            out.push(gate.clock.now().as_secs());
        }
        out
    }

    #[tokio::test(start_paused = true)]
    async fn requests_a_minute() {
        let gate = gate(Some(2), None);
        assert_eq!(times(&gate, &[1; 5]).await, [0, 0, 60, 60, 120]);
    }

    #[tokio::test(start_paused = true)]
    async fn tokens_a_minute_and_a_giant_alone() {
        let gate = gate(None, Some(100));
        assert_eq!(
            times(&gate, &[60, 40, 60, 500, 10]).await,
            [0, 0, 60, 120, 180]
        );
    }

    #[tokio::test(start_paused = true)]
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
