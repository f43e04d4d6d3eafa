//! What an issue cost, over all its runs, and the ceiling it may not pass.
//!
//! The book holds what is settled, and what is reserved for questions on their way. A reservation
//! that a crashed run left behind counts as spent, unless its answer was stored. Amounts are whole
//! millionths of the currency, rounded up.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

use super::book::{BUCKET, Book, Open, Spent};
use super::{Failure, Price, Reason, Usage};
use crate::store::{Store, StoreError};

/// The book of one issue.
pub(crate) struct Spend {
    store: Arc<Store>,
    key: String,
    ceiling: Option<u64>,
    currency: String,
    book: Mutex<Book>,
    settled: Notify,
}

/// What is held for one question on its way. A question that is broken off counts in full.
pub(crate) struct Reservation<'a> {
    spend: &'a Spend,
    question: String,
    held: Open,
    open: bool,
}

impl Reservation<'_> {
    /// Puts what the question cost in the place of its reservation.
    pub(crate) fn settle(mut self, cost: &Spent) -> Result<(), StoreError> {
        self.open = false;
        self.spend.settle(&self.question, &self.held.model, cost)
    }

    /// Counts the question in full: it may have been billed although its answer is lost.
    pub(crate) fn lose(self) -> Result<(), StoreError> {
        let lost = self.held.lost();
        self.settle(&lost)
    }
}

impl Drop for Reservation<'_> {
    fn drop(&mut self) {
        if self.open {
            // If this fails, the intent stays in the store and counts at the next opening.
            let _ = self.spend.settle(&self.question, &self.held.model, &self.held.lost());
        }
    }
}

impl Spend {
    /// Opens the book. `paid` tells what an answer that is stored took, by its key.
    pub(crate) fn open(
        store: Arc<Store>,
        issue: &str,
        currency: &str,
        max_cost: Option<f64>,
        paid: impl Fn(&str) -> Result<Option<Spent>, StoreError>,
    ) -> Result<Self, StoreError> {
        let key = format!("{issue}/{currency}");
        let mut book: Book = store.get(BUCKET, &key)?.unwrap_or_default();
        if !book.open.is_empty() {
            for (question, open) in std::mem::take(&mut book.open) {
                let spent = paid(&question)?.unwrap_or_else(|| open.lost());
                book.enter(&open.model, &spent);
            }
            store.put(BUCKET, &key, &book)?;
        }
        Ok(Self {
            store,
            key,
            ceiling: max_cost.map(micros),
            currency: currency.to_owned(),
            book: Mutex::new(book),
            settled: Notify::new(),
        })
    }

    /// Reserves `most` (`None` where no price is known) for `question` to `model` and stores the intent, before anything is sent. Where only
    /// the reservations of other questions are in the way, it waits for them to be settled.
    ///
    /// # Errors
    /// [`Reason::Budget`] where the ceiling would be passed.
    pub(crate) async fn reserve(
        &self,
        question: &str,
        model: &str,
        most: Option<u64>,
    ) -> Result<Reservation<'_>, Failure> {
        let held = Open { model: model.to_owned(), most };
        loop {
            let mut settled = std::pin::pin!(self.settled.notified());
            // Before the look at the book, so that no settling in between is missed.
            settled.as_mut().enable();
            if self.enter(question, &held)? {
                let question = question.to_owned();
                return Ok(Reservation { spend: self, question, held, open: true });
            }
            settled.await;
        }
    }

    /// Enters the intent; `false` where it must wait for another question.
    fn enter(&self, question: &str, asked: &Open) -> Result<bool, Failure> {
        let mut book = self.book.lock().unwrap_or_else(PoisonError::into_inner);
        let (held, amount) = (book.held(), asked.most.unwrap_or(0));
        if let Some(ceiling) = self.ceiling {
            if book.spent + amount > ceiling {
                return Err(self.refusal(amount, book.spent, ceiling));
            }
            if book.spent + held + amount > ceiling {
                return Ok(false);
            }
        }
        book.open.insert(question.to_owned(), asked.clone());
        self.store.put(BUCKET, &self.key, &*book)?;
        Ok(true)
    }

    fn refusal(&self, amount: u64, spent: u64, ceiling: u64) -> Failure {
        let unit = |micros: u64| micros as f64 / 1e6;
        let detail = format!(
            "the next question may cost {:.4} {cur}, and {:.4} of {:.4} {cur} are spent",
            unit(amount),
            unit(spent),
            unit(ceiling),
            cur = self.currency,
        );
        Failure::new(Reason::Budget, detail)
    }

    fn settle(&self, question: &str, model: &str, spent: &Spent) -> Result<(), StoreError> {
        let mut book = self.book.lock().unwrap_or_else(PoisonError::into_inner);
        book.open.remove(question);
        book.enter(model, spent);
        let written = self.store.put(BUCKET, &self.key, &*book);
        self.settled.notify_waiters();
        written
    }

    /// The most the issue may cost, in millionths.
    pub(crate) fn ceiling(&self) -> Option<u64> {
        self.ceiling
    }

    /// What the issue cost so far, in millionths.
    pub(crate) fn spent(&self) -> u64 {
        let book = self.book.lock().unwrap_or_else(PoisonError::into_inner);
        book.spent
    }
}

/// An amount in millionths.
fn micros(amount: f64) -> u64 {
    (amount * 1e6).round().max(0.0) as u64
}

impl Price {
    /// What `usage` costs, in millionths, rounded up.
    pub(crate) fn cost(&self, usage: Usage) -> u64 {
        let cached = usage.cached.min(usage.input);
        let cached_price = self.cached_input.unwrap_or(self.input);
        let sum = [
            (usage.input - cached, self.input),
            (cached, cached_price),
            (usage.output, self.output),
        ]
        .iter()
        .map(|(tokens, price)| u128::from(*tokens) * u128::from(micros(*price)))
        .sum::<u128>();
        u64::try_from(sum.div_ceil(u128::from(self.per.max(1)))).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRICE: Price =
        Price { input: 0.25, cached_input: Some(0.025), output: 2.0, per: 1_000_000 };

    #[test]
    fn cost_is_exact_and_rounded_up() {
        let usage = Usage { input: 10_000, cached: 4_000, output: 500 };
        assert_eq!(PRICE.cost(usage), 1500 + 100 + 1000);
        let one = Usage { input: 1, ..Usage::default() };
        assert_eq!(PRICE.cost(one), 1);
    }

    fn open(store: &Arc<Store>, paid: Option<u64>) -> Spend {
        let paid = paid.map(cost);
        Spend::open(store.clone(), "e/i", "USD", Some(0.001), |_| Ok(paid)).unwrap()
    }

    fn cost(micros: u64) -> Spent {
        Spent::answered(Some(Usage { input: 7, cached: 2, output: 3 }), Some(micros))
    }

    #[tokio::test]
    async fn a_crash_counts_as_spent_and_the_ceiling_holds_over_runs() {
        let dir = tempfile::tempdir().unwrap();
        let store = Arc::new(Store::open(dir.path()).unwrap());
        let first = open(&store, None);
        first.reserve("a", "m", Some(400)).await.unwrap().settle(&cost(100)).unwrap();
        // A process that is killed drops nothing.
        std::mem::forget(first.reserve("b", "m", Some(700)).await.unwrap());
        let held = &crate::model::costs(&store).unwrap()[0];
        assert_eq!((held.open_calls, held.held_micros), (1, 700));
        let second = open(&store, None);
        assert_eq!(second.spent(), 800);
        assert!(second.reserve("c", "n", Some(201)).await.is_err_and(|f| f.is_budget()));
        std::mem::forget(second.reserve("c", "n", Some(200)).await.unwrap());
        assert_eq!(open(&store, Some(5)).spent(), 805);
        let told = crate::model::costs(&store).unwrap().pop().unwrap();
        assert_eq!((told.issue.as_str(), told.currency.as_str()), ("e/i", "USD"));
        let m = told.models["m"];
        assert_eq!((m.calls, m.untold, m.input_tokens, m.micros), (2, 1, 7, 800));
        assert_eq!(told.models["n"].cost(), Some(0.000_005));
    }

    #[tokio::test]
    async fn without_a_price_calls_are_counted_and_the_cost_is_unknown() {
        let dir = tempfile::tempdir().unwrap();
        let store = Arc::new(Store::open(dir.path()).unwrap());
        let spend = Spend::open(store.clone(), "e/i", "USD", None, |_| Ok(None)).unwrap();
        spend.reserve("a", "m", None).await.unwrap().settle(&Spent::refused()).unwrap();
        assert_eq!(crate::model::costs(&store).unwrap()[0].models["m"].cost(), Some(0.0));
        drop(spend.reserve("b", "m", None).await.unwrap());
        let m = crate::model::costs(&store).unwrap()[0].models["m"];
        assert_eq!((m.calls, m.unpriced, m.cost()), (2, 1, None));
    }

    #[tokio::test]
    async fn what_others_hold_is_waited_for() {
        let dir = tempfile::tempdir().unwrap();
        let store = Arc::new(Store::open(dir.path()).unwrap());
        let spend = open(&store, None);
        let held = spend.reserve("a", "m", Some(900)).await.unwrap();
        let mut waiting = std::pin::pin!(spend.reserve("b", "m", Some(500)));
        assert!(futures_util::poll!(&mut waiting).is_pending());
        held.settle(&cost(300)).unwrap();
        drop(waiting.await.unwrap());
        assert_eq!(spend.spent(), 800);
    }
}
