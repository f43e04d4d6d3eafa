//! Why a question has no answer, and what to do about it.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::store::{Fault, StoreError};

/// A model that cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// The `[model]` table is wrong.
    #[error("[model] {field}: {detail}")]
    Options {
        /// The key.
        field: &'static str,
        /// What is wrong and what to do.
        detail: String,
    },
    /// The API key cannot be sent.
    #[error("the key in {env} {detail}")]
    Key {
        /// The environment variable it comes from.
        env: String,
        /// What is wrong and what to do; never the key.
        detail: &'static str,
    },
    /// The HTTP client cannot be made.
    #[error("no HTTP client for the model: {0}; this is a fault of the system's TLS setup")]
    Client(String),
    /// What was spent so far cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why there is no answer. A closed list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The next call could pass `max_cost`.
    Budget,
    /// `--offline`, and no answer is stored.
    Offline,
    /// 401 or 403: the key is refused.
    Key,
    /// The account has no money or quota left.
    Quota,
    /// 429, after all waiting.
    Throttled,
    /// No connection, after all waiting.
    Connect,
    /// No answer in time, after all waiting.
    Timeout,
    /// The connection broke, after all waiting.
    Cut,
    /// 408, 409 or 5xx, after all waiting.
    Server,
    /// 404: no such model or path.
    NotFound,
    /// The question is larger than the model reads.
    TooLong,
    /// Another status that is no success.
    Refused,
    /// A body that is no JSON, or no answer of this protocol.
    NotAnAnswer,
    /// The answer reached its limit before its end.
    Length,
    /// A content filter stopped it.
    Filtered,
    /// The model declined.
    Declined,
    /// An answer without words.
    Blank,
    /// The answer is no JSON, even after repair.
    NotJson,
    /// The answer's JSON does not follow the schema.
    Schema,
    /// The endpoint read far less than it was sent.
    PromptCut,
    /// The store refused.
    Store,
}

impl Reason {
    /// The code, as it stands in reports.
    pub fn code(self) -> &'static str {
        match self {
            Self::Budget => "budget",
            Self::Offline => "offline",
            Self::Key => "key",
            Self::Quota => "quota",
            Self::Throttled => "throttled",
            Self::Connect => "connect",
            Self::Timeout => "timeout",
            Self::Cut => "cut",
            Self::Server => "server",
            Self::NotFound => "not_found",
            Self::TooLong => "too_long",
            Self::Refused => "refused",
            Self::NotAnAnswer => "not_an_answer",
            Self::Length => "length",
            Self::Filtered => "filtered",
            Self::Declined => "declined",
            Self::Blank => "blank",
            Self::NotJson => "not_json",
            Self::Schema => "schema",
            Self::PromptCut => "prompt_cut",
            Self::Store => "store",
        }
    }

    /// What a person can do.
    pub fn remedy(self) -> &'static str {
        match self {
            Self::Budget => "raise [model] max_cost and run again: what was paid for is kept",
            Self::Offline => "run again without --offline",
            Self::Key => "check the key and the rights of its account, then run again",
            Self::Quota => "top up the account or raise its quota, then run again",
            Self::Throttled => "lower [model] rpm, tpm or concurrency, or run again later",
            Self::Connect => "check [model] base_url and the network, then run again",
            Self::Timeout => "raise [model] timeout, or run again later",
            Self::Cut | Self::Server => "run again later: what was answered is kept",
            Self::NotFound => "check [model] name and base_url",
            Self::TooLong => "set [model] context to what the model reads, or choose another",
            Self::Refused => "see what the endpoint says; its quirks are keys of [model]",
            Self::NotAnAnswer => "check that [model] base_url speaks the OpenAI protocol",
            Self::Length => "raise [model] max_output, or turn thinking down with extra_body",
            Self::Filtered | Self::Declined => "choose another model, or write this one by hand",
            Self::Blank | Self::NotJson | Self::Schema => "choose a model that answers in JSON",
            Self::PromptCut => "raise the server's context size, or set [model] context to it",
            Self::Store => "see the store's message",
        }
    }
}

/// A question without an answer: what happened, what the endpoint said, what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The code.
    pub reason: Reason,
    /// What happened, with the first words of what the endpoint said; never a key.
    pub detail: String,
    /// The HTTP status where there was one.
    pub status: Option<u16>,
    /// How long the endpoint asked to wait, before our cap.
    pub retry_after: Option<Duration>,
    /// The endpoint's id of the request, for its support.
    pub request_id: Option<String>,
    /// What the model wrote, where it wrote something that cannot be used.
    pub answer: Option<String>,
    /// What the store refused, where it did.
    pub store: Option<Fault>,
}

impl Failure {
    /// A failure with nothing but its reason and a sentence.
    pub fn new(reason: Reason, detail: impl Into<String>) -> Self {
        Self {
            reason,
            detail: detail.into(),
            status: None,
            retry_after: None,
            request_id: None,
            answer: None,
            store: None,
        }
    }

    /// Whether every further call of the run would fail alike, for a cause its owner must mend:
    /// a refused key, no quota. The run stops with exit code 2.
    pub fn is_fatal(&self) -> bool {
        matches!(self.reason, Reason::Key | Reason::Quota)
    }

    /// Whether the ceiling was reached (exit code 5).
    pub fn is_budget(&self) -> bool {
        self.reason == Reason::Budget
    }

    /// Whether asking once more, with what was wrong, may give a usable answer.
    pub fn can_be_mended(&self) -> bool {
        matches!(self.reason, Reason::Length | Reason::Blank | Reason::NotJson | Reason::Schema)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the model gave no answer ({}): ", self.reason.code())?;
        if let Some(status) = self.status {
            write!(f, "HTTP {status}, ")?;
        }
        f.write_str(&self.detail)?;
        if let Some(id) = &self.request_id {
            write!(f, " (request {id})")?;
        }
        write!(f, "; {}", self.reason.remedy())
    }
}

impl std::error::Error for Failure {}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self { store: Some(error.fault), ..Self::new(Reason::Store, error.to_string()) }
    }
}
