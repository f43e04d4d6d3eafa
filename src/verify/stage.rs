//! `digestgen stage verify`: one JSON line in, one out.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Claim, Evidence, Options, SourceText, check};
use crate::text::{Document, Moment};

#[derive(Deserialize)]
struct Line {
    id: Value,
    source: String,
    claim: String,
    published: Option<String>,
    evidence: Option<Vec<Cited>>,
}

#[derive(Deserialize)]
struct Cited {
    sentence: String,
    quote: String,
}

/// Checks `claim` against `source` (plain text, a paragraph a line); `published` and `evidence`
/// are optional. The claim's language is not checked: a line names none.
///
/// # Errors
/// What is wrong with the line, for people.
pub fn stage(line: Value) -> Result<Value, String> {
    let line: Line = serde_json::from_value(line).map_err(|e| e.to_string())?;
    let published = match line.published.as_deref() {
        None => None,
        Some(text) => Some(Moment::parse(text).ok_or_else(|| {
            format!("published: `{text}` is neither RFC 3339 nor a day YYYY-MM-DD")
        })?),
    };
    let document = Document::from_text(&line.source);
    let source = SourceText { published, ..SourceText::new("source", &document) };
    let evidence = line.evidence.map(|cited| {
        let one =
            |c: Cited| Evidence { article: "source".into(), sentence: c.sentence, quote: c.quote };
        cited.into_iter().map(one).collect()
    });
    let claim = Claim { text: line.claim, origin: None, evidence, findings: None };
    let findings = check(&claim, &[source], &Options::default());
    Ok(json!({ "id": line.id, "findings": findings }))
}
