//! The door itself: from a question to a reply, by the store or by the endpoint.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use secrecy::SecretString;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::asking::{ANSWERS, Stored, spent_on};
use super::book::Spent;
use super::clock::{Clock, TokioClock};
use super::endpoint::Endpoint;
use super::gate::Gate;
use super::plan::{Notebook, Planned};
use super::spend::Spend;
use super::transport::Transport;
use super::{Account, Failure, Kind, ModelError, Options, Question, Reply, request};
use crate::store::{Store, StoreError};
use crate::text::hash::sha256_hex;

/// What rooms made of answers, by keys of their own.
const NOTES: &str = "model_note";

/// The way to the language models of one run. Cheap to share, safe to use from many tasks.
pub struct Model {
    pub(super) endpoint: Endpoint,
    pub(super) options: Options,
    /// `None` where nothing is sent.
    pub(super) transport: Option<Transport>,
    pub(super) store: Arc<Store>,
    pub(super) gate: Gate,
    pub(super) spend: Spend,
    /// Where questions are noted that are only planned.
    pub(super) notebook: Option<Notebook>,
    account: Mutex<Account>,
    /// Questions on their way, so that two tasks with the same question pay once.
    flights: Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>,
}

impl Model {
    /// Sets the door up for one issue (`issue` is its id in the book of what was spent). Nothing is
    /// sent.
    ///
    /// # Errors
    /// Wrong options, a key that cannot be sent, or a store that refuses.
    pub fn new(
        options: Options,
        key: SecretString,
        store: Arc<Store>,
        issue: &str,
    ) -> Result<Self, ModelError> {
        Self::with_clock(options, key, store, issue, Arc::new(TokioClock::start()))
    }

    /// As [`Model::new`], with another clock to wait by.
    ///
    /// # Errors
    /// As [`Model::new`].
    pub fn with_clock(
        options: Options,
        key: SecretString,
        store: Arc<Store>,
        issue: &str,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, ModelError> {
        let endpoint = options.endpoint()?;
        let transport = Transport::new(&options, &endpoint, key)?;
        Self::build(options, endpoint, Some(transport), store, issue, clock)
    }

    /// A door that uses stored answers alone and needs no key: what is not stored is
    /// [`Reason::Offline`].
    ///
    /// # Errors
    /// Wrong options, or a store that refuses.
    pub fn offline(options: Options, store: Arc<Store>, issue: &str) -> Result<Self, ModelError> {
        let endpoint = options.endpoint()?;
        let clock = Arc::new(TokioClock::start());
        Self::build(options, endpoint, None, store, issue, clock)
    }

    pub(super) fn build(
        options: Options,
        endpoint: Endpoint,
        transport: Option<Transport>,
        store: Arc<Store>,
        issue: &str,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, ModelError> {
        let paid = |key: &str| -> Result<Option<Spent>, StoreError> {
            let stored: Option<Stored> = store.get(ANSWERS, key)?;
            Ok(stored.map(|s| spent_on(&endpoint, &s)))
        };
        let spend = Spend::open(store.clone(), issue, &options.currency, options.max_cost, paid)?;
        let account = Account {
            cost_micros: Some(0),
            currency: options.currency.clone(),
            ..Account::default()
        };
        Ok(Self {
            gate: Gate::new(&options, clock),
            endpoint,
            options,
            transport,
            store,
            spend,
            notebook: None,
            account: Mutex::new(account),
            flights: Mutex::default(),
        })
    }

    /// The reply to a question: from the store where it was answered before, else from the
    /// endpoint.
    ///
    /// # Errors
    /// A [`Failure`], with its reason and what to do.
    pub async fn ask(&self, question: &Question) -> Result<Reply, Failure> {
        let key = request::key(question, &self.endpoint);
        let flight = self.flight(&key);
        let result = {
            let _alone = flight.lock().await;
            match self.store.get::<Stored>(ANSWERS, &key)? {
                Some(stored) => {
                    self.count(|a| a.from_store += 1);
                    if let Some(notebook) = &self.notebook {
                        notebook.note(question.kind, &Planned { stored: 1, ..Planned::default() });
                    }
                    self.read(question, &key, &stored, true)
                }
                None => match self.fetch(question, &key).await {
                    Ok(stored) => self.read(question, &key, &stored, false),
                    Err(failure) => Err(failure),
                },
            }
        };
        self.landed(&key);
        result
    }

    /// What this run asked and paid so far.
    pub fn account(&self) -> Account {
        self.account.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What the issue cost over all its runs, in millionths of the currency. What was asked without
    /// a price is not in it.
    pub fn issue_micros(&self) -> u64 {
        self.spend.spent()
    }

    /// How many tokens of text a question of this kind may have, with a fifth kept back for what
    /// the estimate misses.
    pub fn room(&self, kind: Kind, max_output: u32) -> usize {
        let context = self.endpoint.target(kind).context as usize;
        (context * 4 / 5).saturating_sub(max_output as usize)
    }

    /// About how many tokens `text` has.
    pub fn estimate(text: &str) -> usize {
        usize::try_from(request::tokens(text.len())).unwrap_or(usize::MAX)
    }

    /// The most tokens of one answer, as configured.
    pub fn max_output(&self) -> u32 {
        self.options.max_output
    }

    /// Whether claims are to be judged.
    pub fn has_judge(&self) -> bool {
        self.options.judge.is_some()
    }

    /// What [`Model::remember`] kept under the same name.
    ///
    /// # Errors
    /// A store that refuses.
    pub fn recall<T: DeserializeOwned>(&self, kind: Kind, of: &str) -> Result<Option<T>, Failure> {
        Ok(self.store.get(NOTES, &self.note_key(kind, of))?)
    }

    /// Keeps what a room made of an answer of this kind and its model, under all that it depends on
    /// (`of`), for answers that speak of several things at once.
    ///
    /// # Errors
    /// A store that refuses.
    pub fn remember<T: Serialize>(&self, kind: Kind, of: &str, value: &T) -> Result<(), Failure> {
        Ok(self.store.put(NOTES, &self.note_key(kind, of), value)?)
    }

    /// Keeps several things as [`Model::remember`] does: all or none. What one answer said of
    /// several is kept so, lest a crash in between makes another question of the rest.
    ///
    /// # Errors
    /// A store that refuses.
    pub fn remember_all<T: Serialize>(
        &self,
        kind: Kind,
        notes: &[(String, T)],
    ) -> Result<(), Failure> {
        let keyed = notes.iter().map(|(of, value)| (self.note_key(kind, of), value));
        Ok(self.store.put_all(NOTES, keyed)?)
    }

    fn note_key(&self, kind: Kind, of: &str) -> String {
        let name = &self.endpoint.target(kind).name;
        let host = &self.endpoint.host;
        sha256_hex(format!("{kind:?}\n{host}\n{name}\n{of}").as_bytes())
    }

    pub(super) fn count(&self, change: impl FnOnce(&mut Account)) {
        change(&mut self.account.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Adds to what the run paid; without a price (`None`) the sum is unknown from then on.
    pub(super) fn pay(&self, cost: Option<u64>) {
        self.count(|a| a.cost_micros = a.cost_micros.zip(cost).map(|(sum, c)| sum + c));
    }

    fn flight(&self, key: &str) -> Arc<tokio::sync::Mutex<()>> {
        let mut flights = self.flights.lock().unwrap_or_else(PoisonError::into_inner);
        flights.entry(key.to_owned()).or_default().clone()
    }

    /// Forgets the lock of a question that no other task waits for.
    fn landed(&self, key: &str) {
        let mut flights = self.flights.lock().unwrap_or_else(PoisonError::into_inner);
        // One is the map's, one the caller's that has just ended.
        if flights.get(key).is_some_and(|f| Arc::strong_count(f) <= 2) {
            flights.remove(key);
        }
    }
}
