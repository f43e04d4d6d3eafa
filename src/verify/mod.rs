//! Checks a claim against the numbered sentences it rests on. Pure.
//!
//! What is checked: that the evidence exists and its quote is verbatim; that every number, unit,
//! date, identifier, quotation and Latin name of the claim stands in its sources; that the prose
//! holds no link and no markup, is in the edition's language and shares words with its article.
//! Numbers and names are looked for in the whole of the articles (title and text), not only in
//! the sentence that is cited: a claim may put two sentences together.
//!
//! What rules cannot see: swapped roles, wrong verbs, a lost negation. This room refuses to guess
//! at them, and it never corrects a claim.

use serde::{Deserialize, Serialize};

use crate::text::{Document, Language, Moment};

pub mod evidence;
pub mod figures;
pub mod likeness;
pub mod names;
pub mod prose;
pub mod quotes;
pub mod stage;

pub use figures::Figures;
pub use stage::stage;

/// An article that a claim may rest on.
#[derive(Clone, Copy, Debug)]
pub struct SourceText<'a> {
    /// The article's id, as evidence names it.
    pub article: &'a str,
    /// Its title; its numbers and names count as said.
    pub title: &'a str,
    /// Its text.
    pub document: &'a Document,
    /// When it was published: relative dates (“yesterday”, “本月12日”) resolve against it.
    pub published: Option<Moment>,
    /// Its language; detected where `None`.
    pub language: Option<&'a Language>,
}

impl<'a> SourceText<'a> {
    /// An article of which the text alone is known.
    pub fn new(article: &'a str, document: &'a Document) -> Self {
        Self { article, title: "", document, published: None, language: None }
    }
}

/// How a claim is checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The language the claim must be in; not checked where `None`.
    pub language: Option<Language>,
}

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
    /// A judge model doubts that the cited sentences say it: never more than amber. It is not found
    /// here but beside the writers.
    Judge,
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

/// Checks one claim: its prose, then its evidence. Findings come in the order of their spans.
///
/// A claim without evidence is checked against the sources all the same; where the evidence is
/// missing and the origin is not an editor's, that is a finding of its own. What an editor wrote
/// is the editor's: findings on it inform (amber) and never block.
pub fn check(claim: &Claim, sources: &[SourceText<'_>], options: &Options) -> Vec<Finding> {
    check_with(claim, sources, &Figures::read(sources), options)
}

/// As [`check`], with the figures of `sources` read once for many claims.
pub fn check_with(
    claim: &Claim,
    sources: &[SourceText<'_>],
    figures: &Figures,
    options: &Options,
) -> Vec<Finding> {
    let mut findings = check_text_with(&claim.text, sources, figures);
    findings.extend(evidence::check(claim, sources));
    findings.extend(likeness::language(&claim.text, options));
    findings.extend(likeness::overlap(claim, sources));
    if claim.origin == Some(Origin::Editor) {
        findings.iter_mut().for_each(|f| f.severity = Severity::Amber);
    }
    sort(&mut findings);
    findings
}

/// Checks a title, a heading or a lead: text that carries no evidence, but whose numbers, names
/// and markup must hold all the same.
pub fn check_text(text: &str, sources: &[SourceText<'_>]) -> Vec<Finding> {
    check_text_with(text, sources, &Figures::read(sources))
}

/// As [`check_text`], with the figures of `sources` read once for many texts.
pub fn check_text_with(text: &str, sources: &[SourceText<'_>], figures: &Figures) -> Vec<Finding> {
    let mut findings = prose::check(text, sources);
    let mut rest = figures::check(text, figures);
    rest.extend(quotes::check(text, sources));
    rest.extend(names::check(text, sources));
    findings.extend(outside(rest, &findings));
    sort(&mut findings);
    findings
}

/// The findings that do not lie within a link or markup, which is reported as a whole.
fn outside(findings: Vec<Finding>, prose: &[Finding]) -> Vec<Finding> {
    let free = |f: &Finding| prose.iter().all(|p| f.span[1] <= p.span[0] || p.span[1] <= f.span[0]);
    findings.into_iter().filter(free).collect()
}

fn sort(findings: &mut Vec<Finding>) {
    findings.sort_by_key(|f| (f.span, f.kind as u8));
    findings.dedup();
}

/// A byte range of `text` as a half-open span of code points.
fn code_points(text: &str, range: &std::ops::Range<usize>) -> [usize; 2] {
    let start = text[..range.start].chars().count();
    [start, start + text[range.clone()].chars().count()]
}
