//! From a model's answer to an entry: what it must show, what is taken out, what is sent back.
//! Pure.

use serde::Deserialize;
use serde_json::{Value, json};

use super::clean::prose;
use super::limits::Limits;
use super::material::Material;
use super::model::Dropped;
use super::overlap;
use super::quote;
use super::{Detail, Entry, KeyPoint};
use crate::text::{Document, Language, language, sentence};
use crate::verify::{Claim, Evidence, Finding, Origin};

#[derive(Deserialize)]
struct Answer {
    title: String,
    summary: Vec<Item>,
    key_points: Vec<Point>,
}

#[derive(Deserialize)]
struct Point {
    heading: String,
    details: Vec<PointDetail>,
}

#[derive(Deserialize)]
struct PointDetail {
    lead: String,
    #[serde(flatten)]
    item: Item,
}

#[derive(Deserialize)]
struct Item {
    text: String,
    sentences: Vec<String>,
    quote: String,
}

/// The schema of an answer.
pub(crate) fn schema() -> Value {
    let item = |lead: bool| {
        let mut properties = serde_json::Map::new();
        if lead {
            properties.insert("lead".to_owned(), json!({"type": "string"}));
        }
        properties.insert("text".to_owned(), json!({"type": "string"}));
        properties.insert(
            "sentences".to_owned(),
            json!({"type": "array", "items": {"type": "string"}}),
        );
        properties.insert("quote".to_owned(), json!({"type": "string"}));
        object(Value::Object(properties))
    };
    object(json!({
        "title": {"type": "string"},
        "summary": {"type": "array", "items": item(false)},
        "key_points": {"type": "array", "items": object(json!({
            "heading": {"type": "string"},
            "details": {"type": "array", "items": item(true)},
        }))},
    }))
}

/// An object of which every property is required, and no other allowed.
pub(crate) fn object(properties: Value) -> Value {
    let names: Vec<&String> = properties
        .as_object()
        .into_iter()
        .flat_map(|p| p.keys())
        .collect();
    json!({
        "type": "object",
        "required": names,
        "properties": properties,
        "additionalProperties": false,
    })
}

/// What an answer gives: the part of it that can be proved, and what is wrong with the rest.
pub(crate) struct Read {
    /// `None` where no summary sentence shows what it rests on.
    pub(crate) entry: Option<Entry>,
    pub(crate) dropped: Vec<Dropped>,
    /// In words for the model.
    pub(crate) complaints: Vec<String>,
}

/// Reads `answer` against what the model was shown.
pub(crate) fn read(
    answer: &Value,
    story: &str,
    material: &Material<'_>,
    wanted: &Language,
) -> Read {
    let mut reader = Reader {
        material,
        wanted,
        limits: Limits::of(wanted),
        dropped: Vec::new(),
        complaints: Vec::new(),
    };
    let entry = match Answer::deserialize(answer) {
        Ok(answer) => reader.entry(answer, story),
        Err(error) => {
            reader
                .complaints
                .push(format!("the answer does not follow the schema: {error}"));
            None
        }
    };
    Read {
        entry,
        dropped: reader.dropped,
        complaints: reader.complaints,
    }
}

struct Reader<'a> {
    material: &'a Material<'a>,
    wanted: &'a Language,
    limits: Limits,
    dropped: Vec<Dropped>,
    complaints: Vec<String>,
}

impl Reader<'_> {
    fn entry(&mut self, answer: Answer, story: &str) -> Option<Entry> {
        let title = self.words("title", &answer.title);
        self.complaints.extend(self.limits.title(&title));
        self.complaints.extend(
            self.limits
                .counts(answer.summary.len(), answer.key_points.len()),
        );
        let mut summary = Vec::new();
        for (i, item) in answer.summary.iter().enumerate() {
            if let Some(claim) = self.claim(&format!("summary[{i}]"), item) {
                summary.extend(split(claim, self.wanted));
            }
        }
        let mut key_points = Vec::new();
        for (i, point) in answer.key_points.iter().enumerate() {
            key_points.extend(self.key_point(&format!("key_points[{i}]"), point));
        }
        if summary.is_empty() || title.is_empty() {
            return None;
        }
        Some(Entry {
            story: story.to_owned(),
            title,
            summary,
            key_points,
            highlight: None,
            writer: Origin::Model,
        })
    }

    fn key_point(&mut self, at: &str, point: &Point) -> Option<KeyPoint> {
        let heading = self.words(&format!("{at}.heading"), &point.heading);
        if point.details.is_empty() {
            self.complain(at, "has no details");
        }
        let mut details = Vec::new();
        for (i, detail) in point.details.iter().enumerate() {
            let at = format!("{at}.details[{i}]");
            let lead = self.words(&format!("{at}.lead"), &detail.lead);
            let Some(claim) = self.claim(&at, &detail.item) else {
                continue;
            };
            if let Some(long) = self.limits.detail(&claim.text) {
                self.complain(&at, &long);
            }
            let claim = ended(claim, self.wanted);
            details.push(Detail {
                lead: lead.trim_end_matches(['：', ':']).to_owned(),
                claim,
            });
        }
        let whole = !heading.is_empty() && !details.is_empty();
        whole.then_some(KeyPoint { heading, details })
    }

    /// A title, heading or lead: words without evidence.
    fn words(&mut self, at: &str, text: &str) -> String {
        let (text, findings) = prose(text);
        self.flagged(at, &findings);
        if text.is_empty() {
            self.complain(at, "is empty");
        }
        text
    }

    /// A claim that shows what it rests on; otherwise it is left out and named.
    fn claim(&mut self, at: &str, item: &Item) -> Option<Claim> {
        let (text, findings) = prose(&item.text);
        self.flagged(at, &findings);
        if text.is_empty() {
            self.complain(at, "is empty");
            return None;
        }
        let evidence = match self.evidence(at, item) {
            Ok(evidence) => evidence,
            Err(why) => {
                self.complain(at, &why);
                self.dropped.push(Dropped { text, why });
                return None;
            }
        };
        self.check_language(at, &text);
        self.check_overlap(at, &text, &evidence);
        Some(Claim {
            text,
            origin: Some(Origin::Model),
            evidence: Some(evidence),
            findings: (!findings.is_empty()).then_some(findings),
        })
    }

    /// The sentences a claim cites, the one with its quote first.
    fn evidence(&mut self, at: &str, item: &Item) -> Result<Vec<Evidence>, String> {
        let mut cited = Vec::new();
        for id in &item.sentences {
            match self.material.find(id) {
                Some(found) if !cited.contains(&found) => cited.push(found),
                Some(_) => {}
                None => self.complain(at, &format!("cites `{id}`, which does not exist")),
            }
        }
        if cited.is_empty() {
            return Err("cites no sentence that exists".to_owned());
        }
        let quoted = |(article, index): &(&crate::extract::Article, usize)| {
            quote::find(article.document.sentence_text(*index), &item.quote).map(str::to_owned)
        };
        // A quote that stands in a sentence next to the cited ones is as good, once it is cited.
        let all: Vec<_> = cited
            .iter()
            .copied()
            .chain(self.material.sentences())
            .collect();
        let Some((home, words)) = all.iter().find_map(|s| Some((*s, quoted(s)?))) else {
            return Err(format!(
                "its quote `{}` stands letter for letter in no sentence",
                item.quote.chars().take(60).collect::<String>()
            ));
        };
        let mut evidence = vec![evidence_of(home, words)];
        for other in cited.into_iter().filter(|c| *c != home) {
            let words = quote::opening(other.0.document.sentence_text(other.1));
            evidence.push(evidence_of(other, words));
        }
        Ok(evidence)
    }

    fn check_language(&mut self, at: &str, text: &str) {
        if let Some(found) = language::detect(text)
            && !found.same_as(self.wanted)
        {
            let name = crate::model::language_name(&self.wanted.0);
            self.complain(at, &format!("is not written in {name}"));
        }
    }

    fn check_overlap(&mut self, at: &str, text: &str, evidence: &[Evidence]) {
        let own = self.material.shown.iter().filter(|s| {
            let language = s.article.language.as_ref();
            let same = language.is_some_and(|l| l.same_as(self.wanted));
            same && evidence.iter().any(|e| e.article == s.article.id)
        });
        let source: Vec<&str> = own.map(|s| s.article.document.text()).collect();
        if !source.is_empty()
            && overlap::share(text, &source.join("\n")).is_some_and(|s| s < overlap::LEAST)
        {
            self.complain(at, "hardly shares a word with the article it cites");
        }
    }

    fn flagged(&mut self, at: &str, findings: &[Finding]) {
        for finding in findings {
            let what = format!(
                "holds `{}`; write plain prose without links or markup",
                finding.text
            );
            self.complain(at, &what);
        }
    }

    fn complain(&mut self, at: &str, what: &str) {
        self.complaints.push(format!("`{at}` {what}"));
    }
}

fn evidence_of((article, index): (&crate::extract::Article, usize), quote: String) -> Evidence {
    Evidence {
        article: article.id.clone(),
        sentence: Document::id_of(index),
        quote,
    }
}

/// One claim a sentence, each with the same evidence, each ended by a full stop: joining the
/// summary and splitting it again are inverses.
fn split(claim: Claim, wanted: &Language) -> Vec<Claim> {
    let ranges = sentence::split(&claim.text);
    let mut findings = claim.findings.clone();
    ranges
        .into_iter()
        .map(|r| {
            let one = Claim {
                text: claim.text[r].to_owned(),
                findings: findings.take(),
                ..claim.clone()
            };
            ended(one, wanted)
        })
        .collect()
}

fn ended(mut claim: Claim, wanted: &Language) -> Claim {
    const ENDS: [char; 8] = ['。', '！', '？', '…', '.', '!', '?', '”'];
    let text = claim.text.trim_end_matches(['；', ';', '，', ',']);
    let closed = text.ends_with(ENDS);
    claim.text = match (closed, wanted.is_chinese()) {
        (true, _) => text.to_owned(),
        (false, true) => format!("{text}。"),
        (false, false) => format!("{text}."),
    };
    claim
}
