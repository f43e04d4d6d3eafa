//! From a question to its answer: sending until it is answered or given up, storing what came
//! before anything reads it, then reading it.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::book::Spent;
use super::door::Model;
use super::endpoint::Endpoint;
use super::spend::Reservation;
use super::status::{self, Verdict};
use super::transport::{Break, HttpFailure, Transport};
use super::{Failure, Kind, Level, Question, Reason, Reply, Usage};
use super::{reading, repair, request, schema};

/// Raw answers, by the key of their question.
pub(super) const ANSWERS: &str = "answer";
/// The level an endpoint takes, by base URL and model.
pub(super) const LEVELS: &str = "model_level";

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
pub(super) struct Stored {
    kind: Kind,
    level: Level,
    /// The estimate of the prompt's tokens.
    estimate: u64,
    /// What was reserved for it, in millionths.
    reserved: u64,
    raw: Value,
}

/// A question on its way.
struct Sending<'a> {
    question: &'a Question,
    key: &'a str,
    estimate: u64,
    /// `None` where no price is known.
    reserved: Option<u64>,
    level: Level,
    /// It was sent, or sent back, before.
    again: bool,
}

impl Model {
    /// Sends the question until it is answered or given up, and stores the raw answer.
    pub(super) async fn fetch(&self, question: &Question, key: &str) -> Result<Stored, Failure> {
        let Some(transport) = &self.transport else {
            return Err(self.plan(question)?);
        };
        let bytes = request::bytes(question);
        let estimate = request::tokens(bytes);
        self.check_size(question, estimate)?;
        let (level_key, known) = self.level(question.kind)?;
        let mut sending = Sending {
            question,
            key,
            estimate,
            reserved: self.reservation(question, bytes),
            level: known,
            again: !question.turns.is_empty(),
        };
        let mut attempt = 1;
        loop {
            let failure = match self.once(transport, &sending).await? {
                Ok(stored) => {
                    if stored.level != known {
                        self.store.put(LEVELS, &level_key, &stored.level)?;
                    }
                    return Ok(stored);
                }
                Err(failure) => failure,
            };
            sending.again = true;
            let (verdict, report) = status::judge(&failure);
            match (verdict, lower(sending.level)) {
                (Verdict::StepDown, Some(next)) => sending.level = next,
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

    /// Sends the question once, within the limits, and settles what that cost.
    async fn once(
        &self,
        transport: &Transport,
        sending: &Sending<'_>,
    ) -> Result<Result<Stored, HttpFailure>, Failure> {
        let question = sending.question;
        let most = sending.estimate + u64::from(question.max_output);
        let pass = self.gate.enter(most).await?;
        let model = &self.endpoint.target(question.kind).name;
        let reservation = self.spend.reserve(sending.key, model, sending.reserved).await?;
        self.count(|a| {
            a.calls += 1;
            a.asked_again += u64::from(sending.again);
        });
        let body = request::body(question, &self.endpoint, sending.level);
        match transport.send(&body).await.and_then(open_answer) {
            Ok(raw) => {
                if let Some(usage) = reading::usage(&raw) {
                    self.gate.took(&pass, usage.input + usage.output);
                }
                let stored = Stored {
                    kind: question.kind,
                    level: sending.level,
                    estimate: sending.estimate,
                    reserved: sending.reserved.unwrap_or(0),
                    raw,
                };
                self.keep(sending.key, &stored, reservation)?;
                tracing::debug!(kind = ?question.kind, level = ?sending.level, "the model answered");
                Ok(Ok(stored))
            }
            Err(failure) => {
                // A request whose answer got lost may have been billed: it counts in full.
                let lost = matches!(failure.at, Break::Timeout | Break::Cut);
                if lost {
                    reservation.lose()?;
                    self.pay(sending.reserved);
                } else {
                    reservation.settle(&Spent::refused())?;
                }
                tracing::debug!(kind = ?question.kind, level = ?sending.level, %failure, "no answer");
                Ok(Err(failure))
            }
        }
    }

    pub(super) fn check_size(&self, question: &Question, estimate: u64) -> Result<(), Failure> {
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
    fn reservation(&self, question: &Question, bytes: usize) -> Option<u64> {
        let schema = question.schema.to_string().len();
        let most = Usage {
            input: (bytes + 2 * schema) as u64 / 2 + 64,
            cached: 0,
            output: u64::from(question.max_output),
        };
        let price = self.endpoint.target(question.kind).price;
        price.map(|p| p.cost(most))
    }

    pub(super) fn level(&self, kind: Kind) -> Result<(String, Level), Failure> {
        let name = &self.endpoint.target(kind).name;
        let key = format!("{} {name}", self.endpoint.base_url);
        let known = self.store.get(LEVELS, &key)?;
        // What the endpoint refused once is not tried again; what its owner rules out, neither.
        Ok((key, known.unwrap_or(self.endpoint.output).max(self.endpoint.output)))
    }

    /// Stores the raw answer before anything reads it, then settles what it cost.
    fn keep(
        &self,
        key: &str,
        stored: &Stored,
        reservation: Reservation<'_>,
    ) -> Result<(), Failure> {
        self.store.put_durably(ANSWERS, key, stored)?;
        let spent = spent_on(&self.endpoint, stored);
        reservation.settle(&spent)?;
        self.pay(spent.cost().map(|_| spent.micros));
        self.count(|a| match reading::usage(&stored.raw) {
            Some(usage) => {
                a.input_tokens += usage.input;
                a.cached_tokens += usage.cached;
                a.output_tokens += usage.output;
            }
            None => a.untold += 1,
        });
        Ok(())
    }

    /// Waits before one more try. A throttle closes the gate for all tasks.
    async fn wait(&self, failure: &Failure, key: &str, attempt: u32) {
        // An endpoint that says “at once” and throttles again is not hammered.
        let asked = failure.retry_after.filter(|time| attempt == 1 || !time.is_zero());
        let time = asked.unwrap_or_else(|| backoff(key, attempt));
        let time = time.min(WAIT_CAP);
        if failure.reason == Reason::Throttled {
            self.gate.close_for(time);
        } else {
            self.gate.sleep(time).await;
        }
    }

    /// Reads a stored answer: how it ended, whether all was read, its JSON, its shape.
    pub(super) fn read(
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
            unusable(Reason::NotJson, "the answer is not one JSON object".to_owned())
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
}

/// An error that came as a success is a failure with the status it names; so is JSON that is no
/// answer of the protocol. Neither is stored.
pub(super) fn open_answer(raw: Value) -> Result<Value, HttpFailure> {
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

/// What a stored answer took; without usage it cost all that was reserved.
pub(super) fn spent_on(endpoint: &Endpoint, stored: &Stored) -> Spent {
    let usage = reading::usage(&stored.raw);
    let price = endpoint.target(stored.kind).price;
    let cost = price.map(|price| usage.map_or(stored.reserved, |u| price.cost(u)));
    Spent::answered(usage, cost)
}

pub(super) fn lower(level: Level) -> Option<Level> {
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
