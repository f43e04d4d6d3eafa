//! Articles → Stories: which articles are one event, which events matter, and the account of
//! every candidate.

pub mod outcome;
pub mod duplicate;
pub mod cluster;
pub mod rules;
pub mod rank;
pub mod quota;
pub mod primary;
mod named;
pub mod same_event;
pub mod triage;
mod settle;
mod stage;

pub use outcome::{Kind, Outcome};
pub use settle::{Readable, Selection, doubtful, narrowed, select, select_told};
pub use stage::stage;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::text::{Language, Moment};

/// Which of a story's pages an entry links to: `link_to` of the edition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkTo {
    /// The best report in the edition's language.
    #[default]
    Report,
    /// The most authoritative page: the maker's own, the paper, the code, then media.
    Primary,
}

/// What of the edition's configuration decides which stories come into an issue, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// The language that is written.
    pub language: Language,
    /// How many stories get an entry.
    pub entries: usize,
    /// What the edition is about, for triage by a model.
    pub about: String,
    /// Terms that speak for an article, for triage by rules.
    pub keep: Vec<String>,
    /// Terms that speak against it.
    pub reject: Vec<String>,
    /// Labels to choose from; without any the section's title serves.
    pub labels: Vec<String>,
    /// The sections, in the order of the issue; may be empty.
    pub sections: Vec<Section>,
    /// Which page an entry links to.
    pub link_to: LinkTo,
    /// What impact, scope and heat weigh in a score of a model.
    pub weights: rank::Weights,
    /// By source the most entries that it may lead; a source without a quota is not in it.
    pub source_quotas: BTreeMap<String, usize>,
}

/// A section of the edition: `[[edition.sections]]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
    /// The most entries that it may have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_entries: Option<usize>,
}

impl Options {
    /// The options of an edition that names nothing but its language: ten entries, no terms, no
    /// sections.
    pub fn new(language: Language) -> Self {
        Self {
            language,
            entries: 10,
            about: String::new(),
            keep: Vec::new(),
            reject: Vec::new(),
            labels: Vec::new(),
            sections: Vec::new(),
            link_to: LinkTo::Report,
            weights: rank::Weights::default(),
            source_quotas: BTreeMap::new(),
        }
    }
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
    /// All its articles, the one that is shown and written from first. The first
    /// [`rank::FEEDING`] feed the entry.
    pub members: Vec<Member>,
    /// Where the entry's source link leads.
    pub link: rank::SourceLink,
    /// How many independent outlets report it.
    pub outlets: usize,
    /// The id of its section.
    pub section: String,
    /// Its label in the edition's language.
    pub label: String,
    /// The score it is ranked by, from 1 to 5, and what it is made of.
    pub score: f64,
    /// The parts of the score.
    pub parts: rank::Parts,
    /// Who gave section, label and score.
    pub decided_by: DecidedBy,
    /// The date shown: the lead article's own.
    pub published: Option<Moment>,
    /// All its candidates were published before the window.
    pub late: bool,
    /// No source and no page dates it.
    pub undated: bool,
    /// The sources that list its leading article, in the order of the configuration.
    pub sources: Vec<String>,
    /// The most authoritative page on it, where that is another than the report that leads it.
    pub primary: Option<primary::SourcePage>,
    /// How its articles were found to be on one event.
    #[serde(default)]
    pub bonds: Vec<cluster::Bond>,
    /// What an earlier issue said of it, where it goes on.
    pub continues: Option<Continues>,
}

/// An entry of an earlier issue that a story goes on from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Continues {
    /// The issue's name.
    pub issue: String,
    /// The last day of its window, `YYYY-MM-DD`.
    pub day: String,
    /// The entry's title.
    pub title: String,
    /// Its summary; may be empty.
    pub summary: String,
    /// What is new since then, in the words of the new articles.
    pub news: Vec<String>,
}
