//! Checks a claim against the numbered sentences it rests on. Pure.

use serde::{Deserialize, Serialize};

/// What a claim rests on: a sentence of an article, and a short verbatim quote of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The article's id.
    pub article: String,
    /// The sentence's id (`s3`).
    pub sentence: String,
    /// Words of that sentence, letter for letter.
    pub quote: String,
}

/// Who wrote a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// A language model.
    Model,
    /// Taken from the article word for word.
    Extractive,
    /// The editor.
    Editor,
}

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// To be looked at.
    Amber,
    /// The source does not say it.
    Red,
}

/// What a finding is about. A closed list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// A number that the source does not have.
    Number,
    /// A number whose unit disagrees.
    Unit,
    /// A date that the source does not have.
    Date,
    /// An identifier (GPT-4o, GB200) that the source does not have.
    Identifier,
    /// A quotation that the source does not have.
    Quote,
    /// A name that the source does not have.
    Name,
    /// Evidence that does not exist, or whose quote is not verbatim.
    Evidence,
    /// A URL, e-mail address or phone number in prose.
    Link,
    /// Markup in prose.
    Markup,
    /// The claim is not in the edition's language.
    Language,
    /// The claim hardly shares words with its own article.
    Overlap,
}

/// A claim that does not hold up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// How grave.
    pub severity: Severity,
    /// What it is about.
    pub kind: FindingKind,
    /// The words of the claim: half-open, in Unicode code points.
    pub span: [usize; 2],
    /// Those words.
    pub text: String,
    /// What the source says, for people.
    pub note: String,
}

/// One sentence of an issue, with what it rests on. Origin, evidence and findings are `None`
/// where they are not known: Markdown does not carry them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// The sentence.
    pub text: String,
    /// Who wrote it.
    pub origin: Option<Origin>,
    /// What it rests on.
    pub evidence: Option<Vec<Evidence>>,
    /// What does not hold up.
    pub findings: Option<Vec<Finding>>,
}
