//! The highlights of an issue, written by a model in one call for all finished entries.
//!
//! An answer is matched by the id it was asked for. An id that is missing, or whose text does not
//! speak of its own entry, is asked again alone, then reported as a gap. A highlight is remembered
//! with its entry, so that a change in one entry neither pays for nor rewrites those of the others.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::answer::ended;
use super::clean::prose;
use super::limits::Limits;
use super::model::{Edition, Gap, template_gap};
use super::shape::object;
use super::{Entry, Highlight};
use crate::model::{Failure, Kind, Model, Prompt, Prompts, Question, fence, language_name};
use crate::text::{Document, Language, sentence};
use crate::verify::{self, Claim, Evidence, FindingKind, Origin, Severity, SourceText};

/// The most sentences of a claim's evidence that a highlight carries on.
const EVIDENCE: usize = 6;

#[derive(Deserialize)]
struct Item {
    id: String,
    headline: String,
    text: String,
    claims: Vec<String>,
}

/// Writes a highlight for each of `entries`, by story id. An entry that gets none has a [`Gap`].
pub async fn write(
    model: &Model,
    prompts: &Prompts,
    edition: &Edition<'_>,
    entries: &[&Entry],
) -> BTreeMap<String, Result<Highlight, Gap>> {
    let asking = Asking { model, prompt: prompts.highlights(), edition };
    let mut out = BTreeMap::new();
    let (mut together, mut alone) = (Vec::new(), Vec::new());
    for entry in entries {
        match asking.recall(entry) {
            Ok(Some(highlight)) => {
                out.insert(entry.story.clone(), Ok(highlight));
            }
            Ok(None) if asking.was_alone(entry) => alone.push(*entry),
            Ok(None) => together.push(*entry),
            Err(gap) => {
                out.insert(entry.story.clone(), Err(gap));
            }
        }
    }
    if !together.is_empty() {
        let (answers, again) = asking.batch(&together).await;
        out.extend(answers);
        alone.extend(again);
    }
    for entry in alone {
        let answer = asking.ask(&[entry]).await;
        out.extend(asking.noted(&[entry], answer, &[]));
    }
    out
}

fn alone_key(of: &str) -> String {
    format!("alone\n{of}")
}

/// Whether a failure of the whole may be the fault of one entry or of the size.
fn worth_asking_alone(failure: &Failure) -> bool {
    use crate::model::Reason;
    failure.can_be_mended()
        || matches!(
            failure.reason,
            Reason::TooLong | Reason::Filtered | Reason::Declined | Reason::PromptCut
        )
}

/// What the prompt is told.
pub(super) fn data(edition: &Edition<'_>, entries: &str) -> Value {
    let limits = Limits::of(&Language(edition.language.to_owned()));
    json!({
        "edition": edition.title,
        "about": edition.about,
        "language": language_name(edition.language),
        "title_limit": limits.title_words(),
        "text_limit": limits.highlight_words(),
        "entries": entries,
    })
}

struct Asking<'a> {
    model: &'a Model,
    prompt: &'a Prompt,
    edition: &'a Edition<'a>,
}

impl Asking<'_> {
    /// One question for all of `entries`, and those that have to be asked again alone.
    async fn batch<'e>(
        &self,
        entries: &[&'e Entry],
    ) -> (BTreeMap<String, Result<Highlight, Gap>>, Vec<&'e Entry>) {
        let answers = self.ask(entries).await;
        let is_open = |entry: &&&Entry| match answers.get(&entry.story) {
            Some(Err(gap)) => gap.failure.as_deref().is_none_or(worth_asking_alone),
            _ => false,
        };
        let alone: Vec<&Entry> = match entries.len() {
            0 | 1 => Vec::new(),
            _ => entries.iter().filter(is_open).copied().collect(),
        };
        (self.noted(entries, answers, &alone), alone)
    }

    async fn ask(&self, entries: &[&Entry]) -> BTreeMap<String, Result<Highlight, Gap>> {
        let failed = |gap: Gap| {
            let each = entries.iter().map(|e| (e.story.clone(), Err(gap.clone())));
            each.collect()
        };
        let question = match self.question(entries) {
            Ok(question) => question,
            Err(gap) => return failed(gap),
        };
        let reply = match self.model.ask(&question).await {
            Ok(reply) => reply,
            Err(failure) => return failed(Gap::of(failure)),
        };
        let items = items(&reply.value);
        let each = entries.iter().enumerate().map(|(i, entry)| {
            let id = format!("e{}", i + 1);
            let made = match items.get(&id) {
                Some(item) => self.accept(item, &id, entry),
                None => {
                    let detail = "the model's answer leaves this entry out".to_owned();
                    Err(Gap::because("missing", detail))
                }
            };
            (entry.story.clone(), made)
        });
        each.collect()
    }

    /// Remembers all that one answer gave, and which entries will be asked alone, at once: a run
    /// that goes on after a crash puts the same questions. Where the store refuses, that is the
    /// answer.
    fn noted(
        &self,
        entries: &[&Entry],
        answers: BTreeMap<String, Result<Highlight, Gap>>,
        alone: &[&Entry],
    ) -> BTreeMap<String, Result<Highlight, Gap>> {
        let note = || {
            let mut notes: Vec<(String, Value)> = Vec::new();
            for entry in entries {
                if let Some(Ok(highlight)) = answers.get(&entry.story) {
                    notes.push((self.depends(entry)?, json!(highlight)));
                }
            }
            for entry in alone {
                notes.push((alone_key(&self.depends(entry)?), json!(true)));
            }
            self.model.remember_all(Kind::Highlights, &notes).map_err(Gap::of)
        };
        match note() {
            Ok(()) => answers,
            Err(gap) => entries.iter().map(|e| (e.story.clone(), Err(gap.clone()))).collect(),
        }
    }

    /// Whether an earlier run asked for `entry` alone: that answer is stored, and a question with
    /// others would be paid for again.
    fn was_alone(&self, entry: &Entry) -> bool {
        let asked = self.depends(entry).and_then(|of| {
            self.model.recall::<bool>(Kind::Highlights, &alone_key(&of)).map_err(Gap::of)
        });
        matches!(asked, Ok(Some(true)))
    }

    /// All that the highlight of `entry` depends on, beside the model.
    fn depends(&self, entry: &Entry) -> Result<String, Gap> {
        let system = self.question(&[entry])?.system;
        let evidence: Vec<_> = claims(entry).map(|c| &c.evidence).collect();
        let evidence = json!(evidence).to_string();
        Ok([self.prompt.version(), &system, &listed(&[entry]), &evidence].join("\n"))
    }

    fn recall(&self, entry: &Entry) -> Result<Option<Highlight>, Gap> {
        let of = self.depends(entry)?;
        self.model.recall(Kind::Highlights, &of).map_err(Gap::of)
    }

    fn question(&self, entries: &[&Entry]) -> Result<Question, Gap> {
        let version = self.prompt.version();
        let data = data(self.edition, &fence(&listed(entries), version));
        let mend = |e| template_gap(&e);
        Ok(Question {
            kind: Kind::Highlights,
            version: version.to_owned(),
            system: self.prompt.system(&data).map_err(mend)?,
            user: self.prompt.user(&data).map_err(mend)?,
            schema_name: "digest_highlights".to_owned(),
            schema: schema(),
            list: Some("highlights"),
            max_output: self.model.max_output(),
            turns: Vec::new(),
        })
    }

    /// The highlight of `entry`, if it is its own and shows what it rests on.
    fn accept(&self, item: &Item, id: &str, entry: &Entry) -> Result<Highlight, Gap> {
        let invalid = |detail: &str| Gap::because("invalid", detail.to_owned());
        let (headline, _) = prose(&item.headline);
        let (text, findings) = prose(&item.text);
        if headline.is_empty() || text.is_empty() {
            return Err(invalid("the model's highlight has no headline or no text"));
        }
        if headline == entry.title {
            return Err(invalid("the model's headline repeats the entry's title"));
        }
        if sentence::split(&text).len() > 2 {
            return Err(invalid("the model's highlight has more than two sentences"));
        }
        let evidence = self.evidence(item, id, entry);
        if evidence.is_empty() {
            return Err(invalid("the model's highlight names no claim of its entry"));
        }
        if let Some(why) = self.beyond(&headline, &text, entry) {
            return Err(Gap::because("invalid", why));
        }
        let claim = Claim {
            text,
            origin: Some(Origin::Model),
            evidence: Some(evidence),
            findings: (!findings.is_empty()).then_some(findings),
        };
        Ok(Highlight { headline, claim: ended(claim, &Language(self.edition.language.to_owned())) })
    }

    /// What a highlight says that its entry does not: the first red finding against the entry's
    /// own words. It is of another entry, or made up.
    fn beyond(&self, headline: &str, text: &str, entry: &Entry) -> Option<String> {
        let language = Language(self.edition.language.to_owned());
        let own: Vec<&str> = claims(entry).map(|c| c.text.as_str()).collect();
        let document = Document::from_text(&own.join("\n"));
        let source = SourceText {
            article: &entry.story,
            title: &entry.title,
            document: &document,
            published: None,
            language: Some(&language),
        };
        let claim = Claim { text: text.to_owned(), ..Claim::default() };
        let options = verify::Options { language: Some(language.clone()) };
        let mut findings = verify::check(&claim, &[source], &options);
        findings.extend(verify::check_text(headline, &[source]));
        let red = findings
            .into_iter()
            .find(|f| f.severity == Severity::Red && f.kind != FindingKind::Evidence)?;
        Some(format!("the model's highlight goes beyond its entry: `{}`, {}", red.text, red.note))
    }

    fn evidence(&self, item: &Item, id: &str, entry: &Entry) -> Vec<Evidence> {
        let all: Vec<&Claim> = claims(entry).collect();
        let mut out: Vec<Evidence> = Vec::new();
        for named in &item.claims {
            let named = named.trim().trim_matches(['[', ']']);
            let index = named
                .strip_prefix(id)
                .and_then(|rest| rest.strip_prefix(".c"))
                .and_then(|n| n.parse::<usize>().ok())
                .and_then(|n| n.checked_sub(1));
            let claim = index.and_then(|i| all.get(i));
            for evidence in claim.into_iter().flat_map(|c| c.evidence.iter().flatten()) {
                if !out.contains(evidence) && out.len() < EVIDENCE {
                    out.push(evidence.clone());
                }
            }
        }
        out
    }
}

/// The claims of an entry, in the order in which they are numbered.
fn claims(entry: &Entry) -> impl Iterator<Item = &Claim> {
    let details = entry.key_points.iter().flat_map(|p| &p.details);
    entry.summary.iter().chain(details.map(|d| &d.claim))
}

fn listed(entries: &[&Entry]) -> String {
    let mut out = String::new();
    for (i, entry) in entries.iter().enumerate() {
        let id = format!("e{}", i + 1);
        out.push_str(&format!("[{id}] {}\n", entry.title));
        for (j, claim) in claims(entry).enumerate() {
            out.push_str(&format!("[{id}.c{}] {}\n", j + 1, claim.text));
        }
        out.push('\n');
    }
    out
}

/// Items by id; of two with the same id, and of ids that were not asked for, none is taken.
fn items(answer: &Value) -> BTreeMap<String, Item> {
    let list = answer.get("highlights").and_then(Value::as_array);
    let mut out: BTreeMap<String, Option<Item>> = BTreeMap::new();
    for item in list.into_iter().flatten() {
        if let Ok(item) = Item::deserialize(item) {
            out.entry(item.id.clone()).and_modify(|twice| *twice = None).or_insert(Some(item));
        }
    }
    out.into_iter().filter_map(|(id, item)| Some((id, item?))).collect()
}

fn schema() -> Value {
    object(json!({
        "highlights": {"type": "array", "items": object(json!({
            "id": {"type": "string"},
            "headline": {"type": "string"},
            "text": {"type": "string"},
            "claims": {"type": "array", "items": {"type": "string"}},
        }))},
    }))
}
