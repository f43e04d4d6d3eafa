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
/// With fewer bytes for its sentences an article is not worth a call.
const LEAST: usize = 400;

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
    /// About how many bytes the sentences that are named of it may take.
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
        let system = prompt.system(&shared(edition)).map_err(|e| template_gap(&e))?;
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
            if shares[i] < material::frame_of(article) + LEAST {
                let of = article.document.sentences().len();
                cut.push(Cut { article: article.id.clone(), read: 0, of });
                shown.push(Shown { article, sentences: Vec::new() });
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
        let bytes = bytes.saturating_sub(material::frame_of(article));
        let parts = ranges.into_iter().enumerate().map(|(i, sentences)| {
            let place = (i + 1, count);
            Part { article, n, sentences, place, bytes: bytes / count }
        });
        let parts: Vec<Part<'_>> = parts.collect();
        let answers = join_all(parts.iter().map(|part| self.ask(part))).await;
        let (mut named, mut read) = (Vec::new(), 0);
        for (part, answer) in parts.iter().zip(answers) {
            let Some(sentences) = answer? else { continue };
            read += part.sentences.len();
            named.push(sentences);
        }
        let chosen = with_room(&article.document, &named, bytes);
        let account = InParts {
            article: article.id.clone(),
            parts: count,
            named: named.iter().map(Vec::len).sum(),
            shown: chosen.len(),
            of: article.document.sentences().len(),
        };
        Ok((chosen, account, read))
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
        self.prompt.user(&own(text, (part, parts), most)).map_err(|e| template_gap(&e))
    }
}

/// What the unchanging part of the prompt is told.
pub(super) fn shared(edition: &Edition<'_>) -> Value {
    json!({
        "edition": edition.title,
        "about": edition.about,
        "language": language_name(edition.language),
    })
}

/// What the changing part is told.
pub(super) fn own(text: &str, (part, parts): (usize, usize), most: usize) -> Value {
    json!({"part": part, "parts": parts, "most": most, "text": text})
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
}

/// As many of the sentences that were named as there is room for, ascending: what matters most in
/// each part comes before what matters second in any.
fn with_room(document: &Document, named: &[Vec<usize>], bytes: usize) -> Vec<usize> {
    let rounds = named.iter().map(Vec::len).max().unwrap_or(0);
    let turns = (0..rounds).flat_map(|round| named.iter().filter_map(move |part| part.get(round)));
    let mut left = bytes;
    let mut out = BTreeSet::new();
    for index in turns {
        let size = material::size_of(document, *index);
        if size <= left && out.insert(*index) {
            left -= size;
        }
    }
    out.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_goes_to_what_matters_most_in_each_part() {
        let document = Document::from_text(&"Twenty bytes of text.\n".repeat(9));
        let size = material::size_of(&document, 0);
        let named = [vec![2, 0, 1], vec![4], vec![8, 7]];
        assert_eq!(with_room(&document, &named, 4 * size), [0, 2, 4, 8]);
        assert_eq!(with_room(&document, &named, 2 * size), [2, 4]);
        assert_eq!(with_room(&document, &named, 100 * size), [0, 1, 2, 4, 7, 8]);
        assert!(with_room(&document, &[], size).is_empty());
    }
}
