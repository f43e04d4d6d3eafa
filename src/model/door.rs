//! The door itself: from a question to a reply, by the store or by the endpoint.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use secrecy::SecretString;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::clock::{Clock, TokioClock};
use super::gate::Gate;
use super::options::Endpoint;
use super::spend::Spend;
use super::status::{self, Verdict};
use super::transport::{Break, HttpFailure, Transport};
use super::{Account, Failure, Kind, Level, ModelError, Options, Question, Reason, Reply, Usage};
use super::{reading, repair, request, schema};
use crate::store::{Store, StoreError};
use crate::text::hash::sha256_hex;

/// Raw answers, by the key of their question.
const ANSWERS: &str = "answer";
/// The level an endpoint takes, by base URL and model.
const LEVELS: &str = "model_level";
/// What rooms made of answers, by keys of their own.
const NOTES: &str = "model_note";

/// How often one question is sent at most.
const ATTEMPTS: u32 = 5;
/// The longest wait before one more try, whatever the endpoint asks for.
const WAIT_CAP: Duration = Duration::from_secs(60);
/// Fewer tokens than this share of the estimate: the server did not read it all.
const READ_SHARE: f64 = 0.4;
/// Below this many tokens the estimate says too little to judge by.
const READ_FROM: u64 = 1500;

/// An answer as it is stored.
#[derive(Serialize, Deserialize)]
struct Stored {
    kind: Kind,
    level: Level,
    /// The estimate of the prompt's tokens, and what was reserved.
    estimate: u64,
    reserved: u64,
    raw: Value,
}

/// The way to the language models of one run. Cheap to share, safe to use from many tasks.
pub struct Model {
    endpoint: Endpoint,
    options: Options,
    /// `None` in offline mode.
    transport: Option<Transport>,
    store: Arc<Store>,
    gate: Gate,
    spend: Spend,
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

    fn build(
        options: Options,
        endpoint: Endpoint,
        transport: Option<Transport>,
        store: Arc<Store>,
        issue: &str,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, ModelError> {
        let paid = |key: &str| -> Result<Option<u64>, StoreError> {
            let stored: Option<Stored> = store.get(ANSWERS, key)?;
            Ok(stored.map(|s| cost_of(&endpoint, &s)))
        };
        let spend = Spend::open(
            store.clone(),
            issue,
            &options.currency,
            options.max_cost,
            paid,
        )?;
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
        self.account
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
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

    fn note_key(&self, kind: Kind, of: &str) -> String {
        let name = &self.endpoint.target(kind).name;
        let host = &self.endpoint.host;
        sha256_hex(format!("{kind:?}\n{host}\n{name}\n{of}").as_bytes())
    }

    /// Sends the question until it is answered or given up, and stores the raw answer.
    async fn fetch(&self, question: &Question, key: &str) -> Result<Stored, Failure> {
        let Some(transport) = &self.transport else {
            let detail = "no answer to this question is stored";
            return Err(Failure::new(Reason::Offline, detail));
        };
        let bytes = request::bytes(question);
        let estimate = request::tokens(bytes);
        self.check_size(question, estimate)?;
        let reserved = self.reservation(question, bytes);
        let (level_key, known) = self.level(question.kind)?;
        let (mut level, mut attempt, mut again) = (known, 1, !question.turns.is_empty());
        loop {
            let sent = {
                let _seat = self.gate.enter(estimate).await?;
                self.spend.reserve(key, reserved)?;
                self.count(|a| {
                    a.calls += 1;
                    a.asked_again += u64::from(again);
                });
                let body = request::body(question, &self.endpoint, level);
                transport.send(&body).await.and_then(open_answer)
            };
            let failure = match sent {
                Ok(raw) => {
                    if level != known {
                        self.store.put(LEVELS, &level_key, &level)?;
                    }
                    let kind = question.kind;
                    return self.keep(
                        key,
                        Stored {
                            kind,
                            level,
                            estimate,
                            reserved,
                            raw,
                        },
                    );
                }
                Err(failure) => failure,
            };
            self.settle_failed(question.kind, key, &failure, reserved)?;
            again = true;
            let (verdict, report) = status::judge(&failure);
            match (verdict, lower(level)) {
                (Verdict::StepDown, Some(next)) => level = next,
                (Verdict::Again, _) if attempt < ATTEMPTS => {
                    self.wait(&report, key, attempt).await;
                    attempt += 1;
                }
                (Verdict::Stop, _) => {
                    self.gate.break_with(&report);
                    return Err(report);
                }
                _ => return Err(report),
            }
        }
    }

    fn check_size(&self, question: &Question, estimate: u64) -> Result<(), Failure> {
        let context = u64::from(self.endpoint.target(question.kind).context);
        if estimate + u64::from(question.max_output) <= context {
            return Ok(());
        }
        let detail = format!(
            "about {estimate} tokens and an answer of up to {} do not fit into {context}",
            question.max_output
        );
        Err(Failure::new(Reason::TooLong, detail))
    }

    /// The most a question may cost: half a token a byte is more than any tokenizer makes of
    /// Chinese or English.
    fn reservation(&self, question: &Question, bytes: usize) -> u64 {
        let schema = question.schema.to_string().len();
        let most = Usage {
            input: (bytes + 2 * schema) as u64 / 2 + 64,
            cached: 0,
            output: u64::from(question.max_output),
        };
        let price = self.endpoint.target(question.kind).price;
        price.map_or(0, |p| p.cost(most))
    }

    fn level(&self, kind: Kind) -> Result<(String, Level), Failure> {
        let name = &self.endpoint.target(kind).name;
        let key = format!("{} {name}", self.endpoint.base_url);
        let known = self.store.get(LEVELS, &key)?;
        Ok((key, known.unwrap_or(Level::JsonSchema)))
    }

    /// Stores the raw answer before anything reads it, then settles what it cost.
    fn keep(&self, key: &str, stored: Stored) -> Result<Stored, Failure> {
        self.store.put(ANSWERS, key, &stored)?;
        let cost = cost_of(&self.endpoint, &stored);
        self.spend.settle(key, cost)?;
        self.pay(stored.kind, cost);
        self.count(|a| match reading::usage(&stored.raw) {
            Some(usage) => {
                a.input_tokens += usage.input;
                a.cached_tokens += usage.cached;
                a.output_tokens += usage.output;
            }
            None => a.untold += 1,
        });
        Ok(stored)
    }

    /// A request whose answer got lost may have been billed: it counts in full.
    fn settle_failed(
        &self,
        kind: Kind,
        key: &str,
        failure: &HttpFailure,
        reserved: u64,
    ) -> Result<(), Failure> {
        let lost = matches!(failure.at, Break::Timeout | Break::Cut);
        let cost = if lost { reserved } else { 0 };
        self.spend.settle(key, cost)?;
        if lost {
            self.pay(kind, cost);
        }
        Ok(())
    }

    /// Waits before one more try. A throttle closes the gate for all tasks.
    async fn wait(&self, failure: &Failure, key: &str, attempt: u32) {
        let time = failure.retry_after.unwrap_or_else(|| backoff(key, attempt));
        let time = time.min(WAIT_CAP);
        if failure.reason == Reason::Throttled {
            self.gate.close_for(time);
        } else {
            self.gate.sleep(time).await;
        }
    }

    /// Reads a stored answer: how it ended, whether all was read, its JSON, its shape.
    fn read(
        &self,
        question: &Question,
        key: &str,
        stored: &Stored,
        from_store: bool,
    ) -> Result<Reply, Failure> {
        let words = reading::words(&stored.raw)?;
        if let Some(usage) = words.usage
            && stored.estimate >= READ_FROM
            && (usage.input as f64) < stored.estimate as f64 * READ_SHARE
        {
            // Kept, it would be refused for ever, also when the server is set right.
            self.store.remove(ANSWERS, key)?;
            let detail = format!(
                "it read {} tokens of about {}: the server cut the question silently",
                usage.input, stored.estimate
            );
            return Err(Failure::new(Reason::PromptCut, detail));
        }
        let unusable = |reason, detail: String| Failure {
            answer: Some(words.text.clone()),
            ..Failure::new(reason, detail)
        };
        let (value, repaired) = repair::object(&words.text).ok_or_else(|| {
            unusable(
                Reason::NotJson,
                "the answer is not one JSON object".to_owned(),
            )
        })?;
        let value = schema::check(value, &question.schema, question.list)
            .map_err(|complaint| unusable(Reason::Schema, complaint))?;
        Ok(Reply {
            value,
            usage: words.usage,
            text: words.text,
            from_store,
            repaired,
            level: stored.level,
        })
    }

    fn count(&self, change: impl FnOnce(&mut Account)) {
        change(&mut self.account.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Adds to what the run paid; without a price the sum is unknown from then on.
    fn pay(&self, kind: Kind, cost: u64) {
        let known = self.endpoint.target(kind).price.is_some();
        self.count(|a| a.cost_micros = a.cost_micros.filter(|_| known).map(|c| c + cost));
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

/// An error that came as a success is a failure with the status it names.
fn open_answer(raw: Value) -> Result<Value, HttpFailure> {
    match reading::hidden_status(&raw) {
        None => Ok(raw),
        Some(status) => Err(HttpFailure {
            at: Break::Answered,
            status,
            retry_after: None,
            request_id: None,
            body: raw.to_string(),
        }),
    }
}

/// What a stored answer cost; without usage, all that was reserved.
fn cost_of(endpoint: &Endpoint, stored: &Stored) -> u64 {
    let price = endpoint.target(stored.kind).price;
    match (price, reading::usage(&stored.raw)) {
        (None, _) => 0,
        (Some(price), Some(usage)) => price.cost(usage),
        (Some(_), None) => stored.reserved,
    }
}

fn lower(level: Level) -> Option<Level> {
    match level {
        Level::JsonSchema => Some(Level::JsonObject),
        Level::JsonObject => Some(Level::Plain),
        Level::Plain => None,
    }
}

/// Doubles from one second, less up to a half that differs from question to question, so that tasks
/// do not come back all at once.
fn backoff(key: &str, attempt: u32) -> Duration {
    let digits = key.get(..4).unwrap_or("0");
    let spread = f64::from(u16::from_str_radix(digits, 16).unwrap_or(0)) / 131_072.0;
    let whole = f64::from(1u32 << (attempt - 1).min(6));
    Duration::from_secs_f64(whole * (1.0 - spread))
}
