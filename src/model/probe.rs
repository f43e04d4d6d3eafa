//! One tiny question that tells what an endpoint can do: the level of structured output it takes,
//! how long it needs, what it costs.
//!
//! It passes neither gate nor ceiling, and no issue pays for it: a person asks for it.

use std::time::Duration;

use serde_json::json;

use super::asking::{LEVELS, lower, open_answer};
use super::status::{self, Verdict};
use super::{Failure, Kind, Level, Model, Question, Reason, Usage};
use super::{reading, repair, request, schema};

/// The most tokens of an answer: enough for a model that thinks before it says a word.
const MOST_OUTPUT: u32 = 1000;
/// The longest wait for one more try.
const WAIT: Duration = Duration::from_secs(10);

/// What a probe found.
#[derive(Clone, Debug, PartialEq)]
pub struct Probed {
    /// The model that was asked.
    pub model: String,
    /// The level at which it answered.
    pub level: Level,
    /// What is wrong with the answer; `None` where it follows the schema.
    pub complaint: Option<String>,
    /// Levels that the endpoint refused.
    pub refused: Vec<Level>,
    /// Requests sent.
    pub calls: u32,
    /// How long the answer took.
    pub time: Duration,
    /// What it used; `None` where the endpoint does not say.
    pub usage: Option<Usage>,
    /// What it cost, in millionths of the currency; `None` where price or usage is not known.
    pub cost_micros: Option<u64>,
}

impl Model {
    /// Asks the model for a kind of question one tiny question, from the highest level down. A
    /// level that is answered well is remembered.
    ///
    /// # Errors
    /// A [`Failure`] where no level is answered.
    pub async fn probe(&self, kind: Kind) -> Result<Probed, Failure> {
        let Some(transport) = &self.transport else {
            return Err(Failure::new(Reason::Offline, "the endpoint was not asked"));
        };
        let question = question(kind, self.max_output().min(MOST_OUTPUT));
        let (key, _) = self.level(kind)?;
        let mut level = self.endpoint.output;
        let (mut refused, mut calls, mut again) = (Vec::new(), 0, true);
        loop {
            let start = self.gate.now();
            calls += 1;
            let body = request::body(&question, &self.endpoint, level);
            let failure = match transport.send(&body).await.and_then(open_answer) {
                Err(failure) => failure,
                Ok(raw) => {
                    let complaint = complaint(&question, &raw);
                    if complaint.is_none() {
                        self.store.put(LEVELS, &key, &level)?;
                    }
                    let usage = reading::usage(&raw);
                    return Ok(Probed {
                        model: self.name_for(kind).to_owned(),
                        level,
                        complaint,
                        refused,
                        calls,
                        time: self.gate.now().saturating_sub(start),
                        usage,
                        cost_micros: usage.and_then(|u| self.cost_of(kind, u)),
                    });
                }
            };
            let (verdict, report) = status::judge(&failure);
            match (verdict, lower(level)) {
                (Verdict::StepDown, Some(next)) => {
                    refused.push(level);
                    level = next;
                }
                (Verdict::Again, _) if again => {
                    again = false;
                    let wait = report.retry_after.unwrap_or(Duration::from_secs(1));
                    self.gate.sleep(wait.min(WAIT)).await;
                }
                _ => return Err(report),
            }
        }
    }
}

fn question(kind: Kind, max_output: u32) -> Question {
    Question {
        kind,
        version: "probe".to_owned(),
        system: "You answer with one JSON object.".to_owned(),
        user: "Answer with the property `ok`, which is true.".to_owned(),
        schema_name: "digest_probe".to_owned(),
        schema: json!({
            "type": "object",
            "required": ["ok"],
            "properties": {"ok": {"type": "boolean"}},
            "additionalProperties": false,
        }),
        list: None,
        max_output,
        turns: Vec::new(),
    }
}

/// What is wrong with an answer, if anything.
fn complaint(question: &Question, raw: &serde_json::Value) -> Option<String> {
    let words = match reading::words(raw) {
        Ok(words) => words,
        Err(failure) => return Some(failure.detail),
    };
    let Some((value, _)) = repair::object(&words.text) else {
        return Some("the answer is not one JSON object".to_owned());
    };
    schema::check(value, &question.schema, None).err()
}
