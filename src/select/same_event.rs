//! Doubtful pairs of articles, asked of a model: do both report the same event?
//!
//! Only pairs on which the rules are of two minds are asked, in batches with ids of their own; an
//! answer is matched by id and by the words of the titles that it repeats. One with a repeated id,
//! or that speaks of another pair, is not taken. A verdict is remembered by the texts of its pair. Without a verdict what the rules say stands: a model that fails costs a better
//! answer and nothing else.

use std::collections::BTreeMap;

use futures_util::{StreamExt, stream};
use serde_json::{Value, json};

use super::cluster::{Told, pair_of};
use super::named::{HOW, Name, Named, batches, in_order, named};
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
    let asked: Vec<_> = batches(open, BATCH, |(_, pair)| name(pair))
        .into_iter()
        .map(|batch| one_batch(model, prompt, edition, batch))
        .collect();
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
        system: prompt.system(&shared(edition)).map_err(broken)?,
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
    let answers = by_place(&reply.value, batch);
    let mut told = Told::new();
    for (i, (text, pair)) in batch.iter().enumerate() {
        if let Some(same) = answers.get(&i).copied().flatten() {
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
        "required": ["id", "first", "second", "same"],
        "properties": {
            "id": {"type": "string"},
            "first": {"type": "string"},
            "second": {"type": "string"},
            "same": {"type": "boolean"},
        },
        "additionalProperties": false,
    });
    json!({
        "type": "object",
        "required": ["pairs"],
        "properties": {"pairs": {"type": "array", "items": one}},
        "additionalProperties": false,
    })
}

/// What the unchanging part of the prompt is told.
fn shared(edition: &str) -> Value {
    json!({ "edition": edition, "title": HOW })
}

fn name((a, b): &(Side, Side)) -> Name {
    Name::new(&[&a.title, &b.title])
}

/// Verdicts by the place of their pair in the question. Of two with the same id none is taken, nor
/// one that speaks of another pair.
fn by_place(answer: &Value, batch: &[(String, &(Side, Side))]) -> BTreeMap<usize, Option<bool>> {
    let names: Vec<Name> = batch.iter().map(|(_, pair)| name(pair)).collect();
    let list = answer.get("pairs").and_then(Value::as_array).into_iter().flatten();
    let placed: Vec<(usize, &Value)> = list
        .filter_map(|one| {
            let id = one.get("id")?.as_str()?.trim().trim_matches(['[', ']']);
            Some(((0..batch.len()).find(|i| local(*i) == id)?, one))
        })
        .collect();
    let places: Vec<usize> = placed.iter().map(|(place, _)| *place).collect();
    let in_order = in_order(&places);
    let mut out: BTreeMap<usize, Option<bool>> = BTreeMap::new();
    for (place, one) in placed {
        let words = ["first", "second"].map(|s| one.get(s).and_then(Value::as_str).unwrap_or(""));
        let own = match named(&names, place, &words) {
            _ if names.len() == 1 => true,
            Named::Own => true,
            Named::Nothing => in_order,
            Named::Other(_) | Named::Several => false,
        };
        let same = one.get("same").and_then(Value::as_bool).filter(|_| own);
        out.entry(place).and_modify(|twice| *twice = None).or_insert(same);
    }
    out
}
