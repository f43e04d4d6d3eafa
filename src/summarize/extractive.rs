//! The writer that needs no model: an entry of the article's own sentences, word for word.
//!
//! It cannot translate, paraphrase or make up a heading, and refuses to try: an article in
//! another language than the edition's is a gap, an article without headings of its own gets a
//! short entry, one with little to say a short summary. Nothing is cut within a sentence; what
//! may fall away is a dateline in front of it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Detail, Entry, Highlight, KeyPoint};
use crate::extract::{Article, TextOrigin, Verdict};
use crate::text::{Document, Language, hash, language};
use crate::verify::{Claim, Evidence, Origin};

mod boilerplate;
mod headline;
mod points;
mod rank;
mod unit;

use unit::{Script, Text};

/// How much the extractive writer takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// Sentences of a summary, at most.
    pub summary_sentences: usize,
    /// Key points of an entry, at most.
    pub key_points: usize,
    /// Details under a key point, at most.
    pub details: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { summary_sentences: 3, key_points: 5, details: 2 }
    }
}

/// Why the extractive writer cannot write an entry. A closed list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Gap {
    /// The article is not in the edition's language: a model can translate, this writer cannot.
    #[error("the article is in `{0}`, not in the edition's language; it waits for a model")]
    OtherLanguage(String),
    /// No whole sentence is fit to be printed.
    #[error("the article has no whole sentence that could be printed")]
    NoSentence,
}

/// Writes an entry for the story `story_id` from `article`, in the edition's `language`.
///
/// Summary: the first sentence of the body, then the sentences that score best against each
/// other's redundancy, in the order of the text. Key points: three or more under the article's
/// own headings or leading clauses, else none. The highlight's sentence is another than the
/// summary's first where a good one exists. A standfirst that the lead repeats is told once.
///
/// # Errors
/// [`Gap`] where the article gives no honest entry.
pub fn write(
    story_id: &str,
    article: &Article,
    language: &Language,
    options: &Options,
) -> Result<Entry, Gap> {
    let own = article.language.clone().or_else(|| language::detect(article.document.text()));
    if let Some(own) = own.filter(|own| !own.same_as(language)) {
        return Err(Gap::OtherLanguage(own.primary()));
    }
    let text = Text::read(&article.document, &article.title, Script::of(language));
    let ranked = rank::rank(&text);
    let (chosen, key_points) = arrange(&text, &ranked, options);
    let Some(first) = chosen.first() else {
        return Err(Gap::NoSentence);
    };
    let claim = |range: &points::Passage| claim(&article.id, &article.document, range);
    let title = headline::title(&article.title, &text, *first);
    let telling = headline::sentence(&text, &ranked, *first);
    Ok(Entry {
        story: story_id.to_owned(),
        highlight: Some(Highlight {
            headline: headline::headline(&title, &text, *first, telling),
            claim: claim(&text.passage(telling)),
        }),
        title,
        summary: chosen.iter().map(|u| claim(&text.passage(*u))).collect(),
        key_points: key_points
            .into_iter()
            .map(|point| KeyPoint {
                heading: point.heading,
                details: point
                    .details
                    .into_iter()
                    .map(|(lead, passage)| Detail { lead, claim: claim(&passage) })
                    .collect(),
            })
            .collect(),
        writer: Origin::Extractive,
    })
}

/// The units of the summary and the key points. Where the summary would take from a section the
/// sentence that its heading needs, the key points choose first.
fn arrange(
    text: &Text<'_>,
    ranked: &rank::Ranked,
    options: &Options,
) -> (Vec<usize>, Vec<points::Point>) {
    let most = options.summary_sentences;
    let chosen = rank::summary(text, ranked, most, &BTreeSet::new());
    let said = |units: &[usize]| -> BTreeSet<usize> {
        let repeats = |u: &usize| units.iter().any(|c| c == u || ranked.repeats(*u, *c));
        (0..text.units.len()).filter(repeats).collect()
    };
    let key_points = points::collect(text, ranked, &said(&chosen), options);
    if !key_points.is_empty() {
        return (chosen, key_points);
    }
    let key_points = points::collect(text, ranked, &said(&chosen[..chosen.len().min(1)]), options);
    let printed = |u: &usize| {
        let start = text.units[*u].range.start;
        key_points.iter().flat_map(|p| &p.details).any(|(_, passage)| passage.contains(&start))
    };
    let taken: BTreeSet<usize> = (0..text.units.len()).filter(printed).collect();
    (rank::summary(text, ranked, most, &taken), key_points)
}

/// Two sentences of the article, word for word and in its own language, for a story that waits
/// for a model; fewer where there are no more.
pub fn lead_quotes(article: &Article) -> Vec<String> {
    let own = article.language.clone().or_else(|| language::detect(article.document.text()));
    let script = own.as_ref().map_or(Script::Words, Script::of);
    let text = Text::read(&article.document, &article.title, script);
    let ranked = rank::rank(&text);
    let chosen = rank::summary(&text, &ranked, 2, &BTreeSet::new());
    chosen.into_iter().map(|u| text.units[u].text.to_owned()).collect()
}

/// `digestgen stage summarize`: `id, title, text` in; `id, title, summary, key_points` out. The
/// language is the text's own.
///
/// # Errors
/// What is wrong with the line, for people.
pub fn stage(line: Value) -> Result<Value, String> {
    #[derive(Deserialize)]
    struct Line {
        id: Value,
        #[serde(default)]
        title: String,
        text: String,
    }
    let line: Line = serde_json::from_value(line).map_err(|e| e.to_string())?;
    let document = Document::from_text(&line.text);
    let language =
        language::detect(&line.text).ok_or("the text is too short to tell its language")?;
    let article = Article {
        id: hash::short_id(document.text()),
        url: String::new(),
        verdict: Verdict::Article,
        title: line.title,
        byline: None,
        site: None,
        published: None,
        language: Some(language.clone()),
        document,
        links: Vec::new(),
        origin: TextOrigin::Feed,
        way: "stage".to_owned(),
    };
    let entry = match write("", &article, &language, &Options::default()) {
        Ok(entry) => entry,
        // No sentence is fit to be printed: less, never filler.
        Err(Gap::NoSentence) => {
            let title = article.title;
            return Ok(json!({ "id": line.id, "title": title, "summary": [], "key_points": [] }));
        }
        Err(other) => return Err(other.to_string()),
    };
    let texts = |claims: &[Claim]| claims.iter().map(|c| c.text.clone()).collect::<Vec<_>>();
    let points: Vec<Value> = entry
        .key_points
        .iter()
        .map(|p| {
            let details = p.details.iter();
            let details = details.map(|d| json!({ "lead": d.lead, "text": d.claim.text }));
            json!({ "heading": p.heading, "details": details.collect::<Vec<_>>() })
        })
        .collect();
    Ok(json!({
        "id": line.id,
        "title": entry.title,
        "summary": texts(&entry.summary),
        "key_points": points,
    }))
}

/// Characters of a sentence that serve as its quote.
const QUOTE: usize = 60;

/// A claim that prints `passage` and rests on each of its sentences.
fn claim(article: &str, document: &Document, passage: &points::Passage) -> Claim {
    let evidence = document
        .sentences()
        .iter()
        .enumerate()
        .filter_map(|(index, sentence)| {
            let start = sentence.range.start.max(passage.start);
            let end = sentence.range.end.min(passage.end);
            let words = document.text().get(start..end)?.trim();
            (!words.is_empty()).then(|| Evidence {
                article: article.to_owned(),
                sentence: Document::id_of(index),
                quote: words.chars().take(QUOTE).collect::<String>().trim_end().to_owned(),
            })
        })
        .collect();
    Claim {
        text: document.text().get(passage.clone()).unwrap_or_default().trim().to_owned(),
        origin: Some(Origin::Extractive),
        evidence: Some(evidence),
        findings: None,
    }
}
