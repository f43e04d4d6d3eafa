//! The types of an issue: what `issue.json` holds.
//!
//! Every field that Markdown may lack has a default, so that an `issue.json` of a person's own
//! need not write it. Keys that are not known are ignored.

use serde::{Deserialize, Serialize};

use crate::select::primary::PageKind;
use crate::verify::{Claim, Evidence, Finding, Origin};

/// Which edition an issue belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edition {
    /// The id of the configuration; empty after `parse`, since Markdown does not carry it.
    #[serde(default)]
    pub id: String,
    /// The title.
    pub title: String,
    /// The language as a BCP 47 tag.
    #[serde(default)]
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
    #[serde(default)]
    pub label: String,
    /// The headline.
    #[serde(default)]
    pub headline: String,
    /// One or two sentences.
    pub text: String,
    /// The story it speaks of.
    #[serde(default)]
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
    /// The words that are linked; the language's word where they are empty.
    #[serde(default)]
    pub text: String,
    /// Where they lead.
    pub url: String,
}

/// A detail under a key point.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssueDetail {
    /// The bold lead; empty where there is none.
    #[serde(default, deserialize_with = "null_is_empty")]
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
    #[serde(default)]
    pub details: Vec<IssueDetail>,
}

/// An entry of the issue.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssueEntry {
    /// The story's id.
    #[serde(default)]
    pub story: Option<String>,
    /// The title.
    pub title: String,
    /// The source link.
    pub link: TextLink,
    /// The article's own date, `YYYY-MM-DD`; empty where there is none.
    #[serde(default, deserialize_with = "null_is_empty")]
    pub date: String,
    /// The summary, a claim a sentence. `format::join_claims` gives it back.
    #[serde(default)]
    pub summary: Vec<Claim>,
    /// Key points; none in a short entry.
    #[serde(default)]
    pub key_points: Vec<IssueKeyPoint>,
    /// Related papers.
    #[serde(default)]
    pub papers: Vec<TextLink>,
    /// The pages that it was written from, the leading report first, then the most authoritative.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<EntrySource>,
    /// Marks of a draft: `extractive`, `late`, `undated`, `continuing …`, `missing …`.
    #[serde(default)]
    pub marks: Vec<String>,
    /// What does not hold up in title, headings and leads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub findings: Option<Vec<Finding>>,
}

/// A page that an entry was written from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntrySource {
    /// Its URL, as it was listed or linked; empty where it stops working within days.
    pub url: String,
    /// Its title.
    #[serde(default)]
    pub title: String,
    /// How authoritative it is: the maker's own, the paper, the code, a report.
    #[serde(default)]
    pub kind: Option<PageKind>,
    /// The id of its article, as evidence names it.
    #[serde(default)]
    pub article: String,
    /// No source listed it: a report links to it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub linked: bool,
}

/// A section of the issue.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssueSection {
    /// The title without its number.
    pub title: String,
    /// Whether this is the draft's `🆕` heading: entries that a re-run found after the editor
    /// began. It has no number, and its title is the language's word.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub waiting: bool,
    /// Entries in rank order; an empty section says that it is empty.
    #[serde(default)]
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
    #[serde(default)]
    pub source: String,
}

/// A group of further reading.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadingGroup {
    /// The label that groups it.
    pub group: String,
    /// Its items.
    #[serde(default)]
    pub items: Vec<ReadingItem>,
}

/// A block of the editor's own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FreeText {
    /// The anchor it stands after; `format` lists them.
    pub after: String,
    /// Its text, byte for byte.
    pub text: String,
}

/// A block that an editor wrote in their own Markdown where the template would print the same
/// content otherwise: it is printed as it was written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verbatim {
    /// The anchor of the block.
    pub at: String,
    /// What the template prints there. Once the content has changed, the editor's form is dropped.
    pub printed: String,
    /// What the editor wrote.
    pub written: String,
}

/// A whole issue: what `issue.json` holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issue {
    /// The edition.
    pub edition: Edition,
    /// The template's words, by name.
    #[serde(default)]
    pub words: std::collections::BTreeMap<String, String>,
    /// The window.
    pub window: Window,
    /// The highlights, in rank order.
    #[serde(default)]
    pub highlights: Vec<HighlightLine>,
    /// The sections, in order.
    pub sections: Vec<IssueSection>,
    /// Further reading.
    #[serde(default)]
    pub further_reading: Vec<ReadingGroup>,
    /// The editor's own blocks.
    #[serde(default)]
    pub free: Vec<FreeText>,
    /// Blocks in an editor's own Markdown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub verbatim: Vec<Verbatim>,
}

impl IssueSection {
    /// A section without entries.
    pub fn titled(title: String) -> Self {
        Self { title, ..Self::default() }
    }
}

/// Reads `null` as the empty text.
fn null_is_empty<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.unwrap_or_default())
}
