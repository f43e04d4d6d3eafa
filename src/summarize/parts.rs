//! Long articles: what has room is shown whole, the rest is read in parts on borders of paragraphs,
//! and shown by the sentences that matter, which keep their ids.
//!
//! Nothing is left out silently: a part that cannot be read, and a sentence that is too large for
//! any part, are a [`Cut`].

use std::collections::BTreeSet;
use std::ops::Range;

use futures_util::future::join_all;
use serde::Deserialize;
use serde_json::{Value, json};

use super::material::{ARTICLES, Material, Shown};
use super::model::{Cut, Edition, Gap, InParts, room, template_gap};
use super::shape::object;
use super::{material, quote};
use crate::extract::Article;
use crate::model::{
    Checked, Failure, Kind, Model, Prompt, Question, Reason, Unsettled, fence, language_name,
};
use crate::text::Document;

/// The fewest sentences a part may be asked for.
const FEWEST: usize = 3;

/// What a story's articles come to.
pub(super) struct Reading<'a> {
    pub(super) material: Material<'a>,
    pub(super) in_parts: Vec<InParts>,
    pub(super) cut: Vec<Cut>,
}

/// Reads long articles.
pub(super) struct Reader<'a> {
    model: &'a Model,
    prompt: &'a Prompt,
    system: String,
}

/// A part of an article, and what may be named of it.
struct Part<'a> {
    article: &'a Article,
    /// Which article of the story: 1 for `a1`.
    n: usize,
    sentences: Range<usize>,
    /// Which part of how many, from 1.
    place: (usize, usize),
    /// The most bytes the sentences that are named of it may take.
    bytes: usize,
}

#[derive(Deserialize)]
struct Named {
    id: String,
    quote: String,
}

impl<'a> Reader<'a> {
    pub(super) fn new(
        model: &'a Model,
        prompt: &'a Prompt,
        edition: &Edition<'_>,
    ) -> Result<Self, Gap> {
        let data = json!({
            "edition": edition.title,
            "about": edition.about,
            "language": language_name(edition.language),
        });
        let system = prompt.system(&data).map_err(|e| template_gap(&e))?;
        Ok(Self { model, prompt, system })
    }

    /// What of `articles` is shown in `bytes`.
    ///
    /// # Errors
    /// A [`Gap`] where the endpoint gives no answers, or nothing of them can be shown.
    pub(super) async fn read<'b>(
        &self,
        articles: &[&'b Article],
        bytes: usize,
    ) -> Result<Reading<'b>, Gap> {
        let articles = &articles[..articles.len().min(ARTICLES)];
        let sizes: Vec<usize> = articles.iter().map(|a| material::whole_size(a)).collect();
        let shares = material::shares(&sizes, bytes);
        let mut shown = Vec::new();
        let (mut in_parts, mut cut) = (Vec::new(), Vec::new());
        for (i, article) in articles.iter().enumerate() {
            if shares[i] == sizes[i] {
                shown.push(Shown::whole(article));
                continue;
            }
            let (sentences, account, read) = self.long(article, i + 1, shares[i]).await?;
            if read < account.of {
                cut.push(Cut { article: article.id.clone(), read, of: account.of });
            }
            in_parts.push(account);
            shown.push(Shown { article, sentences });
        }
        let material = Material { shown };
        if material.sentences().next().is_none() {
            return Err(nothing_shown(&in_parts, &cut));
        }
        Ok(Reading { material, in_parts, cut })
    }

    /// The sentences of a long article that matter, as many as `bytes` hold, and how many were read.
    async fn long(
        &self,
        article: &Article,
        n: usize,
        bytes: usize,
    ) -> Result<(Vec<usize>, InParts, usize), Gap> {
        let frame = self.system.len() + self.user("", (1, 1), 1)?.len();
        let room = room(self.model, frame).saturating_sub(material::frame_of(article));
        let ranges = material::parts(&article.document, room);
        let count = ranges.len();
        let each = bytes.saturating_sub(material::frame_of(article)) / count.max(1);
        let parts = ranges.into_iter().enumerate().map(|(i, sentences)| {
            let place = (i + 1, count);
            Part { article, n, sentences, place, bytes: each }
        });
        let parts: Vec<Part<'_>> = parts.collect();
        let answers = join_all(parts.iter().map(|part| self.ask(part))).await;
        let (mut chosen, mut named, mut read) = (BTreeSet::new(), 0, 0);
        for (part, answer) in parts.iter().zip(answers) {
            let Some(sentences) = answer? else { continue };
            read += part.sentences.len();
            named += sentences.len();
            chosen.extend(part.with_room(&sentences));
        }
        let account = InParts {
            article: article.id.clone(),
            parts: count,
            named,
            shown: chosen.len(),
            of: article.document.sentences().len(),
        };
        Ok((chosen.into_iter().collect(), account, read))
    }

    /// The sentences of a part that matter, the most important first; `None` where the model gives
    /// no answer to just this part.
    async fn ask(&self, part: &Part<'_>) -> Result<Option<Vec<usize>>, Gap> {
        let text = material::numbered(part.article, part.n, part.sentences.clone());
        let most = part.most();
        let question = Question {
            kind: Kind::Part,
            version: self.prompt.version().to_owned(),
            system: self.system.clone(),
            user: self.user(&fence(&text, self.prompt.version()), part.place, most)?,
            schema_name: "digest_part".to_owned(),
            schema: schema(),
            list: None,
            max_output: self.model.max_output(),
            turns: Vec::new(),
        };
        match self.model.settle(question, |value| part.check(value, most)).await {
            Ok(settled) => Ok(Some(settled.value)),
            Err(Unsettled::Failed(failure)) if !is_of_this_part(&failure) => Err(Gap::of(failure)),
            Err(_) => Ok(None),
        }
    }

    fn user(&self, text: &str, (part, parts): (usize, usize), most: usize) -> Result<String, Gap> {
        let data = json!({"part": part, "parts": parts, "most": most, "text": text});
        self.prompt.user(&data).map_err(|e| template_gap(&e))
    }
}

/// Whether another part may fare better.
fn is_of_this_part(failure: &Failure) -> bool {
    use Reason::{Declined, Filtered, PromptCut, TooLong};
    failure.can_be_mended() || matches!(failure.reason, Declined | Filtered | PromptCut | TooLong)
}

fn nothing_shown(in_parts: &[InParts], cut: &[Cut]) -> Gap {
    let parts: usize = in_parts.iter().map(|p| p.parts).sum();
    if parts == 0 || cut.iter().any(|c| c.read == 0) {
        let detail = "no part of the articles could be read beside the prompt";
        return Gap::of(Failure::new(Reason::TooLong, detail));
    }
    let detail = format!(
        "the model named no sentence that matters in the {parts} parts of the article; choose \
         another model, or write this one by hand"
    );
    Gap::because("unproved", detail)
}

fn schema() -> Value {
    object(json!({
        "sentences": {"type": "array", "items": object(json!({
            "id": {"type": "string"},
            "quote": {"type": "string"},
        }))},
    }))
}

impl Part<'_> {
    fn size(&self, sentence: usize) -> usize {
        material::size_of(&self.article.document, sentence)
    }

    /// How many sentences of a usual length have room.
    fn most(&self) -> usize {
        let whole: usize = self.sentences.clone().map(|i| self.size(i)).sum();
        let usual = whole / self.sentences.len().max(1);
        (self.bytes / usual.max(1)).clamp(FEWEST, self.sentences.len().max(FEWEST))
    }

    /// The index of a sentence of this part by its id.
    fn find(&self, id: &str) -> Option<usize> {
        let (article, sentence) = id.trim().trim_matches(['[', ']']).split_once('.')?;
        let index = self.article.document.index_of(sentence)?;
        (article == format!("a{}", self.n) && self.sentences.contains(&index)).then_some(index)
    }

    /// What an answer names: a sentence counts where it exists and is quoted.
    fn check(&self, answer: &Value, most: usize) -> Checked<Vec<usize>> {
        let list = answer.get("sentences").and_then(Value::as_array);
        let mut named: Vec<usize> = Vec::new();
        let mut complaints = Vec::new();
        for item in list.into_iter().flatten().filter_map(|i| Named::deserialize(i).ok()) {
            let Some(index) = self.find(&item.id) else {
                complaints.push(format!("`{}` is no sentence of this part", item.id));
                continue;
            };
            if quote::find(self.article.document.sentence_text(index), &item.quote).is_none() {
                let id = Document::id_of(index);
                complaints.push(format!("the quote of `{id}` does not stand in it"));
            } else if !named.contains(&index) {
                named.push(index);
            }
        }
        if named.len() > most {
            let count = named.len();
            complaints.push(format!(
                "{count} sentences are named, at most {most} have room: keep those that matter most"
            ));
        }
        Checked { value: Some(named), complaints }
    }

    /// As many of the sentences, in their order, as there is room for.
    fn with_room(&self, sentences: &[usize]) -> Vec<usize> {
        let mut left = self.bytes;
        let mut out = Vec::new();
        for index in sentences {
            let size = self.size(*index);
            if size <= left {
                left -= size;
                out.push(*index);
            }
        }
        out
    }
}
