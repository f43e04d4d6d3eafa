//! Doubtful pairs of articles, asked of a model: do both report the same event?
//!
//! Only pairs on which the rules are of two minds are asked, in batches with ids of their own; an
//! answer is matched by id, one with a repeated id is not taken. A verdict is remembered by the
//! texts of its pair. Without a verdict what the rules say stands: a model that fails costs a better
//! answer and nothing else.

use std::collections::BTreeMap;

use futures_util::{StreamExt, stream};
use serde_json::{Value, json};

use super::cluster::{Told, pair_of};
use super::triage::Unjudged;
use crate::model::{Kind, Model, Prompt, Prompts, Question, fence};
use crate::text::invisible;

/// An article as the model sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// The candidate's id.
    pub id: String,
    /// Its date; may be empty.
    pub published: String,
    /// Its title.
    pub title: String,
    /// Its first sentences.
    pub lead: String,
}

/// What came of the questions.
#[derive(Debug, Default)]
pub struct Answered {
    /// The verdicts.
    pub told: Told,
    /// Pairs without one.
    pub unanswered: usize,
    /// What went wrong first.
    pub trouble: Option<Unjudged>,
}

/// How many pairs one question has.
const BATCH: usize = 10;
/// Batches under way at one time; the door limits what is really sent.
const UNDER_WAY: usize = 4;
/// How many characters of an article's first sentences are shown.
const LEAD: usize = 400;

/// The verdicts on `pairs`; those that are not known are asked where `asking`. The order of the pairs
/// changes nothing.
pub async fn ask(
    model: &Model,
    prompts: &Prompts,
    edition: &str,
    pairs: &[(Side, Side)],
    asking: bool,
) -> Answered {
    let prompt = prompts.same_event();
    let mut sorted: Vec<(String, &(Side, Side))> =
        pairs.iter().map(|pair| (shown(pair), pair)).collect();
    sorted.sort_by_key(|(_, pair)| pair_of(&pair.0.id, &pair.1.id));
    let mut out = Answered::default();
    let mut open = Vec::new();
    for (text, pair) in sorted {
        match model.recall::<bool>(Kind::SameEvent, &key(prompt, &text)) {
            Ok(Some(same)) => {
                out.told.insert(pair_of(&pair.0.id, &pair.1.id), same);
            }
            Ok(None) => open.push((text, pair)),
            Err(failure) => out.fail(Unjudged::of(failure), 1),
        }
    }
    if !asking {
        out.unanswered += open.len();
        return out;
    }
    let asked: Vec<_> =
        open.chunks(BATCH).map(|batch| one_batch(model, prompt, edition, batch.to_vec())).collect();
    let mut answers = stream::iter(asked).buffered(UNDER_WAY);
    while let Some((size, answer)) = answers.next().await {
        match answer {
            Ok(told) => {
                out.unanswered += size - told.len();
                out.told.extend(told);
            }
            Err(trouble) => out.fail(trouble, size),
        }
    }
    out
}

impl Answered {
    fn fail(&mut self, trouble: Unjudged, pairs: usize) {
        self.unanswered += pairs;
        self.trouble.get_or_insert(trouble);
    }
}

fn key(prompt: &Prompt, text: &str) -> String {
    format!("{}\n{text}", prompt.version())
}

async fn one_batch(
    model: &Model,
    prompt: &Prompt,
    edition: &str,
    batch: Vec<(String, &(Side, Side))>,
) -> (usize, Result<Told, Unjudged>) {
    (batch.len(), batch_answer(model, prompt, edition, &batch).await)
}

async fn batch_answer(
    model: &Model,
    prompt: &Prompt,
    edition: &str,
    batch: &[(String, &(Side, Side))],
) -> Result<Told, Unjudged> {
    let broken = |e: crate::template::TemplateError| {
        Unjudged::because("prompt", format!("{e}; mend prompts/same_event.md"))
    };
    let listed: Vec<String> =
        batch.iter().enumerate().map(|(i, (text, _))| format!("[{}]\n{text}", local(i))).collect();
    let version = prompt.version();
    let question = Question {
        kind: Kind::SameEvent,
        version: version.to_owned(),
        system: prompt.system(&json!({ "edition": edition })).map_err(broken)?,
        user: prompt
            .user(&json!({"pairs": fence(&listed.join("\n\n"), version)}))
            .map_err(broken)?,
        schema_name: "digest_same_event".to_owned(),
        schema: schema(),
        list: Some("pairs"),
        max_output: model.max_output(),
        turns: Vec::new(),
    };
    let reply = model.ask(&question).await.map_err(Unjudged::of)?;
    let answers = by_id(&reply.value);
    let mut told = Told::new();
    for (i, (text, pair)) in batch.iter().enumerate() {
        if let Some(same) = answers.get(&local(i)).copied().flatten() {
            model.remember(Kind::SameEvent, &key(prompt, text), &same).map_err(Unjudged::of)?;
            told.insert(pair_of(&pair.0.id, &pair.1.id), same);
        }
    }
    Ok(told)
}

fn local(index: usize) -> String {
    format!("p{}", index + 1)
}

/// Both articles, in the order of their texts, so that a pair is one question in either order.
fn shown((a, b): &(Side, Side)) -> String {
    let one = |side: &Side| {
        let line = |text: &str, most: usize| -> String {
            let words: Vec<&str> = text.split_whitespace().collect();
            invisible::strip(&words.join(" ")).chars().take(most).collect()
        };
        format!("{} {}\n{}", side.published, line(&side.title, 300), line(&side.lead, LEAD))
    };
    let mut both = [one(a), one(b)];
    both.sort();
    format!("1: {}\n2: {}", both[0], both[1])
}

fn schema() -> Value {
    let one = json!({
        "type": "object",
        "required": ["id", "same"],
        "properties": {"id": {"type": "string"}, "same": {"type": "boolean"}},
        "additionalProperties": false,
    });
    json!({
        "type": "object",
        "required": ["pairs"],
        "properties": {"pairs": {"type": "array", "items": one}},
        "additionalProperties": false,
    })
}

/// Verdicts by id. Of two with the same id none is taken.
fn by_id(answer: &Value) -> BTreeMap<String, Option<bool>> {
    let mut out: BTreeMap<String, Option<bool>> = BTreeMap::new();
    for one in answer.get("pairs").and_then(Value::as_array).into_iter().flatten() {
        if let Some(id) = one.get("id").and_then(Value::as_str) {
            let id = id.trim().trim_matches(['[', ']']).to_owned();
            let same = one.get("same").and_then(Value::as_bool);
            out.entry(id).and_modify(|twice| *twice = None).or_insert(same);
        }
    }
    out
}
