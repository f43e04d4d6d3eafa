//! Entries written by a model.
//!
//! The model sees numbered sentences and answers with claims that cite them and quote a few words.
//! A claim that cites nothing that exists, or whose quote stands nowhere, is sent back; if that does
//! not help it is left out and named. An article that has no room whole is read in parts first
//! (`parts.rs`), and then shown by the sentences that matter.

use serde_json::{Value, json};

use super::limits::Limits;
use super::parts::{Reader, Reading};
use super::{Entry, answer, highlights, judge, parts, rewrite, shape};
use crate::extract::Article;
use crate::model::{Checked, Failure, Kind, Model, Prompts, Question, Unsettled, language_name};
use crate::select::Story;
use crate::template::TemplateError;
use crate::text::Language;

/// What the writer must know of the edition.
#[derive(Clone, Copy, Debug)]
pub struct Edition<'a> {
    /// Its title.
    pub title: &'a str,
    /// What it is about.
    pub about: &'a str,
    /// The language that is written, as a BCP 47 tag.
    pub language: &'a str,
}

/// What an earlier issue said of the story.
#[derive(Clone, Copy, Debug)]
pub struct Earlier<'a> {
    /// The last day of its window, `YYYY-MM-DD`.
    pub day: &'a str,
    /// The entry's title.
    pub title: &'a str,
    /// Its summary.
    pub summary: &'a str,
}

/// An article that was read in parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InParts {
    /// The article's id.
    pub article: String,
    /// How many parts.
    pub parts: usize,
    /// How many of its sentences matter.
    pub named: usize,
    /// How many of these the entry was written from: the others had no room.
    pub shown: usize,
    /// How many it has.
    pub of: usize,
}

/// An article of which the model did not read all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// The article's id.
    pub article: String,
    /// How many of its sentences were read.
    pub read: usize,
    /// How many it has.
    pub of: usize,
}

/// Words of a model's answer that were left out, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dropped {
    /// The words.
    pub text: String,
    /// Why.
    pub why: String,
}

/// An entry, and what its editor should know of how it came about.
#[derive(Clone, Debug, PartialEq)]
pub struct Written {
    /// The entry.
    pub entry: Entry,
    /// Articles that were read in parts.
    pub in_parts: Vec<InParts>,
    /// Articles of which not all was read.
    pub cut: Vec<Cut>,
    /// Claims of the answer that show no sentence they rest on.
    pub dropped: Vec<Dropped>,
    /// What the format asks for and the answer still lacks.
    pub warnings: Vec<String>,
}

/// A story or highlight that could not be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// `missing`, `invalid`, `unproved`, `no_article`, `prompt`, or the code of the failure.
    pub reason: String,
    /// What happened, for people, with what to do.
    pub detail: String,
    /// The failure of the model, where there was one.
    pub failure: Option<Box<Failure>>,
}

impl Gap {
    pub(crate) fn of(failure: Failure) -> Self {
        Self {
            reason: failure.reason.code().to_owned(),
            detail: failure.to_string(),
            failure: Some(Box::new(failure)),
        }
    }

    pub(crate) fn because(reason: &str, detail: String) -> Self {
        Self { reason: reason.to_owned(), detail, failure: None }
    }
}

impl From<Unsettled> for Gap {
    fn from(unsettled: Unsettled) -> Self {
        match unsettled {
            Unsettled::Failed(failure) => Self::of(failure),
            Unsettled::Unusable(complaints) => Self::because(
                "unproved",
                format!(
                    "no sentence of the model's answers shows what it rests on ({}); choose another model, or write this one by hand",
                    complaints.join("; ")
                ),
            ),
        }
    }
}

/// A look at an entry before it is taken: it may enter findings, and what it returns is sent back
/// to the model as a complaint. It must give the same for the same entry.
pub type Inspect<'a> = &'a (dyn Fn(&mut Entry) -> Vec<String> + Sync);

/// Writes the entry of `story` from its articles, at most three, the best first. What `inspect`
/// finds goes back to the model with the rest, at most twice in all.
///
/// # Errors
/// A [`Gap`] where the model gave no answer, or none of which a summary sentence can be proved.
pub async fn write(
    model: &Model,
    prompts: &Prompts,
    story: &Story,
    articles: &[&Article],
    edition: &Edition<'_>,
    earlier: Option<&Earlier<'_>>,
    inspect: Inspect<'_>,
) -> Result<Written, Gap> {
    let language = Language(edition.language.to_owned());
    let prompt = prompts.entry();
    let system = prompt.system(&shared(edition, &language)).map_err(|e| template_gap(&e))?;
    let user = |articles: &str| {
        prompt.user(&own(edition, earlier, articles)).map_err(|e| template_gap(&e))
    };
    let frame = system.len() + user("")?.len();
    if articles.iter().all(|a| a.document.is_empty()) {
        let detail = "the story has no article with text; look at its pages".to_owned();
        return Err(Gap::because("no_article", detail));
    }
    let reader = Reader::new(model, prompts.part(), edition)?;
    let Reading { material, in_parts, cut } = reader.read(articles, room(model, frame)).await?;
    let question = Question {
        kind: Kind::Entry,
        version: prompt.version().to_owned(),
        user: user(&material.render(prompt.version()))?,
        system,
        schema_name: "digest_entry".to_owned(),
        schema: shape::schema(),
        list: None,
        max_output: model.max_output(),
        turns: Vec::new(),
    };
    let check = |value: &Value| {
        let mut read = answer::read(value, &story.id, &material, &language);
        if let Some(entry) = &mut read.entry {
            read.complaints.extend(inspect(entry));
        }
        Checked {
            value: read.entry.map(|entry| (entry, read.dropped)),
            complaints: read.complaints,
        }
    };
    let settled = model.settle(question, check).await?;
    let (entry, dropped) = settled.value;
    Ok(Written { entry, in_parts, cut, dropped, warnings: settled.complaints })
}

/// Renders all prompts of the writers with sample material, so that a file that names what is not
/// there is found out before anything is paid for.
///
/// # Errors
/// The first that cannot be rendered.
pub fn try_prompts(prompts: &Prompts, edition: &Edition<'_>) -> Result<(), TemplateError> {
    let language = Language(edition.language.to_owned());
    prompts.entry().system(&shared(edition, &language))?;
    let earlier = Earlier { day: "2026-01-03", title: "T", summary: "S" };
    for earlier in [None, Some(&earlier)] {
        prompts.entry().user(&own(edition, earlier, "A"))?;
    }
    prompts.part().system(&parts::shared(edition))?;
    prompts.part().user(&parts::own("A", (1, 2), 3))?;
    let highlights = highlights::data(edition, "E");
    prompts.highlights().system(&highlights)?;
    prompts.highlights().user(&highlights)?;
    let judge = judge::data(edition, "C");
    prompts.judge().system(&judge)?;
    prompts.judge().user(&judge)?;
    rewrite::try_prompt(prompts, edition)
}

/// What the changing part of the prompt is told.
fn own(edition: &Edition<'_>, earlier: Option<&Earlier<'_>>, articles: &str) -> Value {
    let mut data = shared(edition, &Language(edition.language.to_owned()));
    data["articles"] = json!(articles);
    data["earlier"] = earlier
        .map_or(Value::Null, |e| json!({"day": e.day, "title": e.title, "summary": e.summary}));
    data
}

fn shared(edition: &Edition<'_>, language: &Language) -> Value {
    let limits = Limits::of(language);
    json!({
        "edition": edition.title,
        "about": edition.about,
        "language": language_name(edition.language),
        "chinese": language.is_chinese(),
        "title_limit": limits.title_words(),
        "detail_limit": limits.detail_words(),
        "attribution": limits.attribution(),
    })
}

/// The bytes that articles may take: the model's room less the frame and one answer that is sent
/// back, at three bytes a token.
pub(super) fn room(model: &Model, frame: usize) -> usize {
    const ANSWER_SENT_BACK: usize = 2500;
    let tokens = model.room(Kind::Entry, model.max_output()).saturating_sub(ANSWER_SENT_BACK);
    (tokens * 3).saturating_sub(frame)
}

pub(crate) fn template_gap(error: &TemplateError) -> Gap {
    Gap::because("prompt", format!("{error}; mend the file in prompts/"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::summarize::material::Material;
    use crate::summarize::material::tests::article;

    /// The example of the prompt: its article and its answer.
    fn example(system: &str) -> (Article, Value) {
        let (_, part) = system.split_once("# An example").unwrap();
        let english = part.contains("Weiguang-3 cuts");
        let text: Vec<&str> = part
            .lines()
            .filter_map(|l| l.strip_prefix("[a1.s")?.split_once("] ").map(|(_, t)| t))
            .collect();
        let answer = part.lines().find(|l| l.starts_with('{')).unwrap();
        let tag = if english { "en" } else { "zh" };
        let article = article("Example", tag, &text.join("\n"));
        (article, serde_json::from_str(answer).unwrap())
    }

    #[test]
    fn the_example_in_the_prompt_keeps_its_own_rules() {
        let prompts = Prompts::new(&BTreeMap::new()).unwrap();
        for tag in ["zh-CN", "en"] {
            let edition = Edition { title: "T", about: "A", language: tag };
            let language = Language(tag.to_owned());
            let system = prompts.entry().system(&shared(&edition, &language)).unwrap();
            let (article, answer) = example(&system);
            assert_eq!(article.document.sentences().len(), 4);
            let material = Material::whole(&[&article]);
            let read = answer::read(&answer, "s", &material, &language);
            assert!(read.dropped.is_empty());
            let [only] = &read.complaints[..] else { panic!("{:?}", read.complaints) };
            assert!(only.starts_with("`key_points` has 1"));
            assert!(!system.contains("{{"));
        }
    }
}
