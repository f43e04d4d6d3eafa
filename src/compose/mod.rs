//! Arranges entries into an issue. Pure.

use serde::{Deserialize, Serialize};

use crate::verify::{Claim, Evidence, Finding, Origin};

/// Which edition an issue belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edition {
    /// The id of the configuration; empty after `parse`, since Markdown does not carry it.
    pub id: String,
    /// The title.
    pub title: String,
    /// The language as a BCP 47 tag.
    pub language: String,
}

/// The days an issue covers, both included, as `YYYY-MM-DD`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// The first day.
    pub from: String,
    /// The last day.
    pub to: String,
}

/// A line of the highlights.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HighlightLine {
    /// The label.
    pub label: String,
    /// The headline.
    pub headline: String,
    /// One or two sentences.
    pub text: String,
    /// The story it speaks of.
    pub story: Option<String>,
    /// Who wrote it.
    #[serde(default)]
    pub origin: Option<Origin>,
    /// What it rests on.
    #[serde(default)]
    pub evidence: Option<Vec<Evidence>>,
    /// What does not hold up.
    #[serde(default)]
    pub findings: Option<Vec<Finding>>,
}

/// A link with its text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextLink {
    /// The words that are linked.
    pub text: String,
    /// Where they lead.
    pub url: String,
}

/// A detail under a key point.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssueDetail {
    /// The bold lead; empty where there is none.
    pub lead: String,
    /// The prose.
    pub claim: Claim,
}

/// A key point of an entry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssueKeyPoint {
    /// The heading.
    pub heading: String,
    /// Its details.
    pub details: Vec<IssueDetail>,
}

/// An entry of the issue.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssueEntry {
    /// The story's id.
    pub story: Option<String>,
    /// The title.
    pub title: String,
    /// The source link.
    pub link: TextLink,
    /// The article's own date, `YYYY-MM-DD`; empty where there is none.
    pub date: String,
    /// The summary, a claim a sentence. Joining their texts gives the summary back.
    pub summary: Vec<Claim>,
    /// Key points; none in a short entry.
    pub key_points: Vec<IssueKeyPoint>,
    /// Related papers.
    pub papers: Vec<TextLink>,
    /// Marks of a draft: `extractive`, `late`, `undated`, `continuing …`, `missing …`.
    pub marks: Vec<String>,
}

/// A section of the issue.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssueSection {
    /// The title without its number.
    pub title: String,
    /// Entries in rank order; an empty section says that it is empty.
    pub entries: Vec<IssueEntry>,
}

/// An item of further reading.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadingItem {
    /// The title.
    pub title: String,
    /// Where it leads.
    pub url: String,
    /// `arXiv`, `GitHub`, the site's name.
    pub source: String,
}

/// A group of further reading.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadingGroup {
    /// The label that groups it.
    pub group: String,
    /// Its items.
    pub items: Vec<ReadingItem>,
}

/// A block of the editor's own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FreeText {
    /// The place it stands after.
    pub after: String,
    /// Its text, byte for byte.
    pub text: String,
}

/// A whole issue: what `issue.json` holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issue {
    /// The edition.
    pub edition: Edition,
    /// The template's words, by name.
    pub words: std::collections::BTreeMap<String, String>,
    /// The window.
    pub window: Window,
    /// The highlights, in rank order.
    pub highlights: Vec<HighlightLine>,
    /// The sections, in order.
    pub sections: Vec<IssueSection>,
    /// Further reading.
    pub further_reading: Vec<ReadingGroup>,
    /// The editor's own blocks.
    pub free: Vec<FreeText>,
}
