//! What is asked, and what comes back.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The kinds of question. A kind has one prompt file, and may have a model of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Which articles the edition wants.
    Triage,
    /// Whether two articles report the same event.
    SameEvent,
    /// The entry of one story.
    Entry,
    /// Which sentences of a part of a long article matter.
    Part,
    /// The highlights of an issue.
    Highlights,
    /// One sentence, written anew.
    Rewrite,
    /// Whether a claim follows from its source.
    Judge,
}

/// One exchange after the first: an answer, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// What the model answered, as it wrote it.
    pub answer: String,
    /// What to do better.
    pub feedback: String,
}

/// One question to a model.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// The kind.
    pub kind: Kind,
    /// The hash of the prompt file it was made with.
    pub version: String,
    /// The shared prefix: the same bytes for every question of a kind and edition.
    pub system: String,
    /// What this question is about.
    pub user: String,
    /// The schema's name, letters and underscores.
    pub schema_name: String,
    /// The JSON Schema of the answer: an object at the root, every property required,
    /// `additionalProperties: false`, no lengths, patterns or formats.
    pub schema: Value,
    /// The list of the answer whose items stand each for themselves: one that does not follow the
    /// schema is taken away, not the answer refused. Who asked finds it missing by its id.
    pub list: Option<&'static str>,
    /// The most tokens the answer may have, thinking included.
    pub max_output: u32,
    /// Earlier answers and what was wrong with them.
    pub turns: Vec<Turn>,
}

/// How an endpoint is told to answer in JSON. The first that it takes is remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// `response_format: json_schema`, strict.
    JsonSchema,
    /// `response_format: json_object`, the schema in the prompt.
    JsonObject,
    /// No `response_format`, the schema in the prompt.
    Plain,
}

/// What an answer used, as far as the endpoint says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Tokens of the prompt, cached ones included.
    pub input: u64,
    /// Those of them that the endpoint had cached.
    pub cached: u64,
    /// Tokens of the answer, thinking included.
    pub output: u64,
}

/// An answer that follows its question's schema.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    /// The answer.
    pub value: Value,
    /// The same as the model wrote it.
    pub text: String,
    /// What it used; `None` where the endpoint does not say.
    pub usage: Option<Usage>,
    /// It was stored by an earlier run or call, and cost nothing now.
    pub from_store: bool,
    /// Its JSON had to be repaired.
    pub repaired: bool,
    /// The level it was asked at.
    pub level: Level,
}

/// What one run asked and paid; it stands in `report.json`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Requests sent.
    pub calls: u64,
    /// Those of them that were sent because an earlier one failed or was sent back.
    pub asked_again: u64,
    /// Answers that the store had.
    pub from_store: u64,
    /// Tokens of prompts, cached ones included.
    pub input_tokens: u64,
    /// Tokens of prompts that the endpoint had cached.
    pub cached_tokens: u64,
    /// Tokens of answers, thinking included.
    pub output_tokens: u64,
    /// Answers whose usage the endpoint did not tell: the tokens above leave them out.
    #[serde(default)]
    pub untold: u64,
    /// What this run spent, in millionths of `currency`; `None` where a price is not known. In JSON
    /// it is `cost`, in units of the currency.
    #[serde(rename = "cost", with = "units")]
    pub cost_micros: Option<u64>,
    /// The currency of the price.
    pub currency: String,
}

impl Account {
    /// What this run spent, in units of the currency; `None` where a price is not known.
    pub fn cost(&self) -> Option<f64> {
        self.cost_micros.map(|micros| micros as f64 / 1e6)
    }
}

/// Millionths of a currency as they stand in JSON: in whole units.
mod units {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[allow(clippy::ref_option, reason = "serde hands a reference to the field")]
    pub(super) fn serialize<S: Serializer>(micros: &Option<u64>, to: S) -> Result<S::Ok, S::Error> {
        micros.map(|m| m as f64 / 1e6).serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u64>, D::Error> {
        let units: Option<f64> = Option::deserialize(from)?;
        Ok(units.map(|u| (u * 1e6).round().max(0.0) as u64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_keeps_its_cost_through_json() {
        for cost_micros in [None, Some(0), Some(1_234_567)] {
            let account = Account { cost_micros, calls: 2, ..Account::default() };
            let json = serde_json::to_value(&account).unwrap();
            assert_eq!(json["cost"].as_f64(), account.cost());
            assert_eq!(serde_json::from_value::<Account>(json).unwrap(), account);
        }
    }
}
