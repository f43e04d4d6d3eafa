//! What was spent on an issue, model by model: the record that is stored, and what of it people are
//! shown.
//!
//! Bucket `spend`, one record an issue and currency.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Usage;
use crate::store::{Store, StoreError};

pub(super) const BUCKET: &str = "spend";

/// What one model was asked for one issue, over all its runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Spent {
    /// Requests sent.
    pub calls: u64,
    /// Tokens of prompts, cached ones included.
    pub input_tokens: u64,
    /// Tokens of prompts that the endpoint had cached.
    pub cached_tokens: u64,
    /// Tokens of answers, thinking included.
    pub output_tokens: u64,
    /// Answers whose tokens are not known: the endpoint did not tell, or the answer was lost.
    pub untold: u64,
    /// Answers that were paid for without a price in the configuration: `micros` leaves them out.
    pub unpriced: u64,
    /// What is known of their cost, in millionths of the currency.
    pub micros: u64,
}

impl Spent {
    /// One call that was answered; `cost` is `None` where no price is known.
    pub(super) fn answered(usage: Option<Usage>, cost: Option<u64>) -> Self {
        let told = usage.unwrap_or_default();
        Self {
            calls: 1,
            input_tokens: told.input,
            cached_tokens: told.cached,
            output_tokens: told.output,
            untold: u64::from(usage.is_none()),
            unpriced: u64::from(cost.is_none()),
            micros: cost.unwrap_or(0),
        }
    }

    /// One call that was refused: it costs nothing.
    pub(super) fn refused() -> Self {
        Self { calls: 1, ..Self::default() }
    }

    /// Adds what another call, model or issue took.
    pub fn add(&mut self, other: &Self) {
        self.calls += other.calls;
        self.input_tokens += other.input_tokens;
        self.cached_tokens += other.cached_tokens;
        self.output_tokens += other.output_tokens;
        self.untold += other.untold;
        self.unpriced += other.unpriced;
        self.micros += other.micros;
    }

    /// What it cost, in units of the currency; `None` where a price is not known.
    pub fn cost(&self) -> Option<f64> {
        (self.unpriced == 0).then_some(self.micros as f64 / 1e6)
    }
}

/// A question that was sent and is not settled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Open {
    /// The model that was asked.
    pub(super) model: String,
    /// What it may cost at most; `None` where no price is known.
    pub(super) most: Option<u64>,
}

impl Open {
    /// The question as a call whose answer was lost: it may have been billed and counts in full.
    pub(super) fn lost(&self) -> Spent {
        Spent::answered(None, self.most)
    }
}

/// The record in the store.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Book {
    /// Millionths spent in all.
    pub(super) spent: u64,
    /// Questions sent and not yet settled.
    pub(super) open: BTreeMap<String, Open>,
    /// The same by model.
    #[serde(default)]
    pub(super) models: BTreeMap<String, Spent>,
}

impl Book {
    pub(super) fn enter(&mut self, model: &str, spent: &Spent) {
        self.spent += spent.micros;
        self.models.entry(model.to_owned()).or_default().add(spent);
    }

    /// What is held for the questions on their way, in millionths.
    pub(super) fn held(&self) -> u64 {
        self.open.values().filter_map(|o| o.most).sum()
    }
}

/// What one issue cost so far, in one currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssueCost {
    /// The issue, as the door was opened for it (`EDITION/ISSUE`).
    pub issue: String,
    /// The currency.
    pub currency: String,
    /// What was asked, by the model's name.
    pub models: BTreeMap<String, Spent>,
    /// Calls under way, or broken off by a run that died: these count as spent, in full, once the
    /// next run opens the issue.
    pub open_calls: usize,
    /// What is held for them at most, in millionths.
    pub held_micros: u64,
}

/// What all issues cost, ordered by issue.
///
/// # Errors
/// What the disk refuses.
pub fn costs(store: &Store) -> Result<Vec<IssueCost>, StoreError> {
    let books: Vec<(String, Book)> = store.scan(BUCKET, "")?;
    let each = books.into_iter().map(|(key, book)| {
        let (issue, currency) = key.rsplit_once('/').unwrap_or((&key, ""));
        IssueCost {
            issue: issue.to_owned(),
            currency: currency.to_owned(),
            open_calls: book.open.len(),
            held_micros: book.held(),
            models: book.models,
        }
    });
    Ok(each.collect())
}
