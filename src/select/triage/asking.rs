//! One question of the triage: how a batch is put, and what of its answer is taken.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::named::{HOW, Name, Named, in_order, named};
use super::{Code, Item, Judged, Line, Unjudged, all};
use crate::model::{Failure, Kind, Model, Prompt, Question, Reason, fence, language_name};
use crate::text::invisible;

/// How many bytes of an article's first sentences are shown.
const LEAD: usize = 900;

/// What all questions of one triage share.
pub(super) struct Asking<'a> {
    model: &'a Model,
    prompt: &'a Prompt,
    line: &'a Line<'a>,
    system: String,
}

impl<'a> Asking<'a> {
    pub(super) fn new(
        model: &'a Model,
        prompt: &'a Prompt,
        line: &'a Line<'a>,
    ) -> Result<Self, Unjudged> {
        let system = prompt
            .system(&shared(line))
            .map_err(|e| Unjudged::because("prompt", format!("{e}; mend prompts/triage.md")))?;
        Ok(Self { model, prompt, line, system })
    }

    /// All that a judgement of `item` depends on, beside the model.
    fn depends(&self, item: &Item) -> String {
        [self.prompt.version(), &self.system, &shown("", item)].join("\n")
    }

    pub(super) fn recall(&self, item: &Item) -> Result<Option<Judged>, Failure> {
        self.model.recall(Kind::Triage, &self.depends(item))
    }

    /// Whether an earlier run asked for `item` alone: its answer is stored, and a batch with it
    /// would be paid for again.
    pub(super) fn was_alone(&self, item: &Item) -> bool {
        let asked = self.model.recall::<bool>(Kind::Triage, &self.alone_key(item));
        matches!(asked, Ok(Some(true)))
    }

    fn alone_key(&self, item: &Item) -> String {
        format!("alone\n{}", self.depends(item))
    }

    /// A batch, then alone what it did not answer.
    pub(super) async fn batch(
        &self,
        items: Vec<&Item>,
    ) -> BTreeMap<String, Result<Judged, Unjudged>> {
        let mut out = self.ask(&items).await;
        let alone = |item: &&&Item| match out.get(&item.id) {
            Some(Err(unjudged)) => unjudged.failure.as_deref().is_none_or(worth_asking_alone),
            _ => false,
        };
        let alone: Vec<&Item> = match items.len() {
            0 | 1 => Vec::new(),
            _ => items.iter().filter(alone).copied().collect(),
        };
        if let Err(failure) = self.note(&items, &out, &alone) {
            return all(items.into_iter(), &Unjudged::of(failure));
        }
        for item in alone {
            let mut answer = self.ask(&[item]).await;
            if let Err(failure) = self.note(&[item], &answer, &[]) {
                answer = all(std::iter::once(item), &Unjudged::of(failure));
            }
            out.extend(answer);
        }
        out
    }

    /// Remembers all that a batch's answer said, and what will be asked alone, at once: a run that
    /// goes on after a crash puts the same questions.
    fn note(
        &self,
        items: &[&Item],
        answers: &BTreeMap<String, Result<Judged, Unjudged>>,
        alone: &[&Item],
    ) -> Result<(), Failure> {
        let judged = items.iter().filter_map(|item| match answers.get(&item.id) {
            Some(Ok(judged)) => Some((self.depends(item), json!(judged))),
            _ => None,
        });
        let alone = alone.iter().map(|item| (self.alone_key(item), json!(true)));
        let notes: Vec<(String, Value)> = judged.chain(alone).collect();
        self.model.remember_all(Kind::Triage, &notes)
    }

    async fn ask(&self, items: &[&Item]) -> BTreeMap<String, Result<Judged, Unjudged>> {
        let failed = |unjudged: &Unjudged| all(items.iter().copied(), unjudged);
        let question = match self.question(items) {
            Ok(question) => question,
            Err(unjudged) => return failed(&unjudged),
        };
        let reply = match self.model.ask(&question).await {
            Ok(reply) => reply,
            Err(failure) => return failed(&Unjudged::of(failure)),
        };
        let answers = Answers::read(&reply.value, items);
        let each = items.iter().enumerate().map(|(i, item)| {
            let judged = answers.of(i).and_then(|answer| self.accept(answer));
            (item.id.clone(), judged)
        });
        each.collect()
    }

    fn question(&self, items: &[&Item]) -> Result<Question, Unjudged> {
        let version = self.prompt.version();
        let listed: Vec<String> =
            items.iter().enumerate().map(|(i, item)| shown(&local(i), item)).collect();
        let articles = fence(&listed.join("\n\n"), version);
        let user = self
            .prompt
            .user(&json!({"articles": articles}))
            .map_err(|e| Unjudged::because("prompt", format!("{e}; mend prompts/triage.md")))?;
        Ok(Question {
            kind: Kind::Triage,
            version: version.to_owned(),
            system: self.system.clone(),
            user,
            schema_name: "digest_triage".to_owned(),
            schema: self.schema(),
            list: Some("articles"),
            max_output: self.model.max_output(),
            turns: Vec::new(),
        })
    }

    fn schema(&self) -> Value {
        let codes = Code::ALL.map(Code::code);
        let sections: Vec<&str> = self.line.sections.iter().map(|s| s.id.as_str()).collect();
        let mut label = json!({"type": "string"});
        if !self.line.labels.is_empty() {
            label["enum"] = json!(self.line.labels);
        }
        let mut section = json!({"type": "string"});
        if !sections.is_empty() {
            section["enum"] = json!(sections);
        }
        let grade = json!({"type": "integer", "enum": [1, 2, 3, 4, 5]});
        let properties = json!({
            "id": {"type": "string"},
            "title": {"type": "string"},
            "keep": {"type": "boolean"},
            "reason": {"type": "string", "enum": codes},
            "detail": {"type": "string"},
            "section": section,
            "label": label,
            "impact": grade,
            "scope": grade,
        });
        let names: Vec<&String> =
            properties.as_object().into_iter().flat_map(|p| p.keys()).collect();
        let one = json!({
            "type": "object",
            "required": names,
            "properties": properties,
            "additionalProperties": false,
        });
        json!({
            "type": "object",
            "required": ["articles"],
            "properties": {"articles": {"type": "array", "items": one}},
            "additionalProperties": false,
        })
    }

    /// The judgement of `item`, if it keeps to the lists.
    fn accept(&self, answer: &Value) -> Result<Judged, Unjudged> {
        let invalid = |why: String| Unjudged::because("invalid", why);
        let mut judged = Judged::deserialize(answer)
            .map_err(|e| invalid(format!("the model's judgement cannot be read: {e}")))?;
        if judged.keep != judged.reason.keeps() {
            let why = format!(
                "the model says keep = {} for the reason `{}`",
                judged.keep,
                judged.reason.code()
            );
            return Err(invalid(why));
        }
        if ![judged.impact, judged.scope].iter().all(|g| (1..=5).contains(g)) {
            return Err(invalid("the model's grades are not 1 to 5".to_owned()));
        }
        judged.detail = plain(&judged.detail, 200);
        judged.label = plain(&judged.label, 20);
        let listed = |list: &[String]| list.is_empty() || list.contains(&judged.label);
        let sections = self.line.sections;
        if !sections.iter().any(|s| s.id == judged.section) || !listed(self.line.labels) {
            let why = format!(
                "the model chose section `{}` and label `{}`, which the edition does not have",
                plain(&judged.section, 40),
                judged.label
            );
            return Err(invalid(why));
        }
        if judged.label.is_empty() {
            return Err(invalid("the model gave no label".to_owned()));
        }
        Ok(judged)
    }
}

/// What the unchanging part of the prompt is told.
pub(super) fn shared(line: &Line<'_>) -> Value {
    json!({
        "edition": line.title,
        "about": line.about,
        "language": language_name(line.language),
        "sections": line.sections,
        "labels": line.labels,
        "title": HOW,
    })
}

/// Whether a failure of a batch may be the fault of one article or of the size.
fn worth_asking_alone(failure: &Failure) -> bool {
    failure.can_be_mended()
        || matches!(
            failure.reason,
            Reason::TooLong | Reason::Filtered | Reason::Declined | Reason::PromptCut
        )
}

fn local(index: usize) -> String {
    format!("c{}", index + 1)
}

/// One article as the model sees it.
fn shown(id: &str, item: &Item) -> String {
    let lead = plain(&item.lead.join(" "), usize::MAX);
    let end = lead.char_indices().map(|(i, c)| i + c.len_utf8());
    let end = end.take_while(|end| *end <= LEAD).last().unwrap_or(0);
    format!(
        "[{id}] source: {}\ntitle: {}\n{}",
        plain(&item.source, 80),
        plain(&item.title, 300),
        &lead[..end]
    )
}

/// Text on one line without what no reader sees, at most `most` characters.
fn plain(text: &str, most: usize) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    invisible::strip(&words.join(" ")).chars().take(most).collect()
}

/// What an article is called: by its title, else by how it begins.
pub(super) fn name(item: &Item) -> Name {
    let named = if item.title.trim().is_empty() { item.lead.first() } else { Some(&item.title) };
    Name::new(&[named.map_or("", String::as_str)])
}

/// The judgements of one answer, by the place of the article in the question.
struct Answers<'a> {
    names: Vec<Name>,
    /// `None` where two bear one id: neither is taken.
    by_place: BTreeMap<usize, Option<&'a Value>>,
    in_order: bool,
}

impl<'a> Answers<'a> {
    fn read(answer: &'a Value, items: &[&Item]) -> Self {
        let list = answer.get("articles").and_then(Value::as_array);
        let mut by_place: BTreeMap<usize, Option<&Value>> = BTreeMap::new();
        let mut places = Vec::new();
        for one in list.into_iter().flatten() {
            let id = one.get("id").and_then(Value::as_str).unwrap_or("");
            let id = id.trim().trim_matches(['[', ']']);
            if let Some(place) = (0..items.len()).find(|i| local(*i) == id) {
                places.push(place);
                by_place.entry(place).and_modify(|twice| *twice = None).or_insert(Some(one));
            }
        }
        let names = items.iter().map(|item| name(item)).collect();
        Self { names, by_place, in_order: in_order(&places) }
    }

    /// The judgement of the article at `place`, if there is one and it speaks of no other.
    fn of(&self, place: usize) -> Result<&'a Value, Unjudged> {
        let Some(answer) = self.by_place.get(&place).copied().flatten() else {
            let why = "the model's answer leaves this article out, or breaks the schema";
            return Err(Unjudged::because("missing", why.to_owned()));
        };
        let words = answer.get("title").and_then(Value::as_str).unwrap_or("");
        let taken = match named(&self.names, place, &[words]) {
            // Alone, it is of no other.
            _ if self.names.len() == 1 => true,
            Named::Own => true,
            Named::Nothing => self.in_order,
            Named::Other(_) | Named::Several => false,
        };
        if taken {
            return Ok(answer);
        }
        let why = format!(
            "the model's answer for this article repeats a title that is not its own: `{}`",
            plain(words, 80)
        );
        Err(Unjudged::because("swapped", why))
    }
}
