//! Triage by a model: which articles the edition wants, where they belong, how much they matter.
//!
//! Articles go out in batches with ids of their own; an answer is matched by id and by the words of
//! the title that it repeats, so that no two articles exchange their judgements. What is missing or
//! wrong is asked again alone, and what is still missing then is reported as not judged. Nothing
//! gets a default. A judgement is remembered, so that a later batch of other articles does not pay
//! for it again.

use std::collections::BTreeMap;

use futures_util::{StreamExt, stream};
use serde::{Deserialize, Serialize};

mod asking;

use asking::Asking;

use super::Section;
use super::named::batches;
use crate::model::{Failure, Model, Prompts};
use crate::template::TemplateError;

/// An article as the triage sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The candidate's id.
    pub id: String,
    /// The title.
    pub title: String,
    /// The first sentences.
    pub lead: Vec<String>,
    /// The name of the source that listed it.
    pub source: String,
}

/// What the edition wants.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// The edition's title.
    pub title: &'a str,
    /// The language that reasons are written in, as a BCP 47 tag.
    pub language: &'a str,
    /// What the edition is about.
    pub about: &'a str,
    /// Its sections; one at least.
    pub sections: &'a [Section],
    /// Its labels; where there are none, a model chooses its own words.
    pub labels: &'a [String],
}

/// Why an article was kept or rejected. A closed list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// Kept: progress of a technique, model, system or practice.
    Progress,
    /// Kept: a release of a model, tool or product.
    Release,
    /// Kept: a paper or a result of research.
    Research,
    /// Rejected: prices, funding, valuations, earnings, user numbers, mergers.
    Finance,
    /// Rejected: opinion without new facts or sources.
    Opinion,
    /// Rejected: claims that no one answers for.
    Untraceable,
    /// Rejected: a round-up, ranking or hot list that adds nothing.
    Roundup,
    /// Rejected: an advertisement, an event, a job.
    Promotion,
    /// Rejected: not what the edition is about.
    OffTopic,
}

/// A model's judgement of one article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    /// Whether the edition wants it.
    pub keep: bool,
    /// Why.
    pub reason: Code,
    /// Why, in a sentence.
    pub detail: String,
    /// The id of its section.
    pub section: String,
    /// Its label.
    pub label: String,
    /// 1 (incremental) to 5 (a new paradigm).
    pub impact: u8,
    /// 1 (niche) to 5 (nearly everyone in the field).
    pub scope: u8,
}

/// An article without a judgement, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unjudged {
    /// `missing`, `swapped`, `invalid`, `prompt`, or the code of the failure.
    pub reason: String,
    /// What happened, for people.
    pub detail: String,
    /// The failure of the model, where there was one.
    pub failure: Option<Box<Failure>>,
}

impl Code {
    const ALL: [Self; 9] = [
        Self::Progress,
        Self::Release,
        Self::Research,
        Self::Finance,
        Self::Opinion,
        Self::Untraceable,
        Self::Roundup,
        Self::Promotion,
        Self::OffTopic,
    ];

    /// Whether it is a reason to keep.
    pub fn keeps(self) -> bool {
        matches!(self, Self::Progress | Self::Release | Self::Research)
    }

    /// The code, as it stands in reports.
    pub fn code(self) -> &'static str {
        match self {
            Self::Progress => "progress",
            Self::Release => "release",
            Self::Research => "research",
            Self::Finance => "finance",
            Self::Opinion => "opinion",
            Self::Untraceable => "untraceable",
            Self::Roundup => "roundup",
            Self::Promotion => "promotion",
            Self::OffTopic => "off_topic",
        }
    }
}

/// How many articles one question has.
const BATCH: usize = 12;
/// Batches under way at one time; the door limits what is really sent.
const UNDER_WAY: usize = 8;

/// Renders the prompt with sample material, so that a file that names what is not there is found
/// out before anything is paid for.
///
/// # Errors
/// What is wrong with it.
pub fn try_prompt(prompts: &Prompts, line: &Line<'_>) -> Result<(), TemplateError> {
    prompts.triage().system(&asking::shared(line))?;
    prompts.triage().user(&serde_json::json!({"articles": "A"})).map(|_| ())
}

/// Judges `items`, each by its id. One without a judgement has an [`Unjudged`].
pub async fn judge(
    model: &Model,
    prompts: &Prompts,
    items: &[Item],
    line: &Line<'_>,
) -> BTreeMap<String, Result<Judged, Unjudged>> {
    let asking = match Asking::new(model, prompts.triage(), line) {
        Ok(asking) => asking,
        Err(unjudged) => return all(items.iter(), &unjudged),
    };
    // In order of id, so that the same articles make the same questions, whatever came first.
    let sorted: BTreeMap<&str, &Item> = items.iter().map(|i| (i.id.as_str(), i)).collect();
    let mut out = BTreeMap::new();
    let mut open = Vec::new();
    for (id, item) in sorted {
        match asking.recall(item) {
            Ok(Some(judged)) => {
                out.insert(id.to_owned(), Ok(judged));
            }
            Ok(None) => open.push(item),
            Err(failure) => {
                out.insert(id.to_owned(), Err(Unjudged::of(failure)));
            }
        }
    }
    let (alone, together): (Vec<&Item>, Vec<&Item>) =
        open.into_iter().partition(|item| asking.was_alone(item));
    // Made before the stream: a closure inside it would bind the run to one task.
    let questions: Vec<_> = batches(together, BATCH, |item| asking::name(item))
        .into_iter()
        .chain(alone.into_iter().map(|item| vec![item]))
        .map(|batch| asking.batch(batch))
        .collect();
    let mut answers = stream::iter(questions).buffer_unordered(UNDER_WAY);
    while let Some(answer) = answers.next().await {
        out.extend(answer);
    }
    out
}

fn all<'a>(
    items: impl Iterator<Item = &'a Item>,
    unjudged: &Unjudged,
) -> BTreeMap<String, Result<Judged, Unjudged>> {
    items.map(|i| (i.id.clone(), Err(unjudged.clone()))).collect()
}

impl Unjudged {
    pub(super) fn of(failure: Failure) -> Self {
        Self {
            reason: failure.reason.code().to_owned(),
            detail: failure.to_string(),
            failure: Some(Box::new(failure)),
        }
    }

    pub(super) fn because(reason: &str, detail: String) -> Self {
        Self { reason: reason.to_owned(), detail, failure: None }
    }
}
