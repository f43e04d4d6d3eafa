//! Triage by rules: whether an article is the edition's topic, and which section and label it
//! gets, from the configured terms alone.

use serde::{Deserialize, Serialize};

use super::{DecidedBy, Options};
use crate::text::Document;

/// Why an article is kept or rejected. A closed list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// A term of `keep` stands in it.
    KeepTerm,
    /// No configured term speaks against it.
    NothingAgainst,
    /// A term of `reject` is prominent in it, and nothing outweighs that.
    RejectTerm,
    /// A model kept it.
    ModelKeep,
    /// A model rejected it.
    ModelReject,
}

/// What the triage knows of an article's worth.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Merit {
    /// How strongly the terms of `keep` speak for it, from 1 (none does) to 5.
    Topic(f64),
    /// A model's scores, each from 1 to 5.
    Model {
        /// How far it moves things.
        impact: u8,
        /// For how many it matters.
        scope: u8,
    },
}

/// What the triage says of one article.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Judgement {
    /// Whether it is the edition's topic.
    pub keep: bool,
    /// Why.
    pub reason: Reason,
    /// The configured terms that decided, the weightiest first.
    pub terms: Vec<String>,
    /// The id of its section; empty where the edition has no sections.
    pub section: String,
    /// Its label; empty where the edition has neither labels nor sections.
    pub label: String,
    /// What it is worth.
    pub merit: Merit,
    /// Who judged.
    pub decided_by: DecidedBy,
}

/// Judges one article by the terms of `options`.
pub fn judge(title: &str, document: &Document, options: &Options) -> Judgement {
    let _ = (title, document, options);
    unimplemented!()
}
