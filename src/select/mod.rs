//! Articles → Stories: which articles are one event, which events matter, and the account of
//! every candidate.

pub mod outcome;
pub mod triage;

use serde::{Deserialize, Serialize};

use crate::text::Moment;

/// A section of the edition: `[[edition.sections]]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Identifier, for triage and overrides.
    pub id: String,
    /// Title as printed.
    pub title: String,
    /// What belongs here, for triage by a model.
    #[serde(default)]
    pub about: String,
    /// Terms that speak for this section, for triage by rules.
    #[serde(default)]
    pub keep: Vec<String>,
    /// Terms that speak against it.
    #[serde(default)]
    pub reject: Vec<String>,
}

/// Who judged a story.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecidedBy {
    /// A rule of the program or the configuration.
    Rule,
    /// A language model.
    Model,
    /// The editor.
    Editor,
}

/// One article of a story.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Member {
    /// Its candidate's id.
    pub candidate: String,
    /// Its article's id.
    pub article: String,
}

/// One event: the articles on it, and where it stands in the issue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Story {
    /// The id of its first candidate.
    pub id: String,
    /// The title of the article that leads it.
    pub title: String,
    /// Its articles, the one that is shown and written from first.
    pub members: Vec<Member>,
    /// The id of its section.
    pub section: String,
    /// Its label in the edition's language.
    pub label: String,
    /// The score it is ranked by.
    pub score: f64,
    /// Who gave section, label and score.
    pub decided_by: DecidedBy,
    /// The date shown: the lead article's own.
    pub published: Option<Moment>,
    /// All its candidates were published before the window.
    pub late: bool,
    /// No source and no page dates it.
    pub undated: bool,
}
