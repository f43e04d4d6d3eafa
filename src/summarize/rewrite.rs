//! One sentence written anew by a model, at an editor's word.
//!
//! The same rules as for an entry: the model sees numbered sentences in a fence, and its answer
//! cites them and quotes a few words. An answer that cannot show what it rests on is sent back once,
//! then it is none. The same wish for the same sentence is paid for once.

use serde_json::{Value, json};

use super::answer;
use super::limits::Limits;
use super::model::{Edition, Gap, room, template_gap};
use super::parts::{Reader, Reading};
use super::shape::{self, object};
use crate::extract::Article;
use crate::model::{Checked, Kind, Model, Prompts, Question, fence, language_name};
use crate::template::TemplateError;
use crate::text::Language;
use crate::verify::Claim;

/// What is to be written anew.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The sentence as it stands.
    pub text: &'a str,
    /// Whether it must stay one sentence, as in a summary.
    pub one_sentence: bool,
    /// What does not hold up in it.
    pub finding: Option<&'a str>,
    /// What the editor wants, in their words.
    pub instruction: Option<&'a str>,
}

/// A look at a claim before it is taken: it enters its findings, and what it returns is sent back.
pub type Inspect<'a> = &'a (dyn Fn(&mut Claim) -> Vec<String> + Sync);

/// Writes the sentence anew from `articles`, the best first.
///
/// # Errors
/// A [`Gap`] where the model gave no answer, or none that shows what it rests on.
pub async fn write(
    model: &Model,
    prompts: &Prompts,
    edition: &Edition<'_>,
    articles: &[&Article],
    request: &Request<'_>,
    inspect: Inspect<'_>,
) -> Result<Claim, Gap> {
    let language = Language(edition.language.to_owned());
    let prompt = prompts.rewrite();
    let data = |articles: &str| data(edition, &language, request, articles, prompt.version());
    let system = prompt.system(&data("")).map_err(|e| template_gap(&e))?;
    let user = |articles: &str| prompt.user(&data(articles)).map_err(|e| template_gap(&e));
    let frame = system.len() + user("")?.len();
    if articles.iter().all(|a| a.document.is_empty()) {
        let detail = "no article of the entry is stored; write this one by hand".to_owned();
        return Err(Gap::because("no_article", detail));
    }
    let reader = Reader::new(model, prompts.part(), edition)?;
    let Reading { material, .. } = reader.read(articles, room(model, frame)).await?;
    let question = Question {
        kind: Kind::Rewrite,
        version: prompt.version().to_owned(),
        user: user(&material.render(prompt.version()))?,
        system,
        schema_name: "digest_sentence".to_owned(),
        schema: object(shape::item_properties()),
        list: None,
        max_output: model.max_output(),
        turns: Vec::new(),
    };
    let check = |value: &Value| {
        let (mut claim, mut complaints) = answer::read_claim(value, &material, &language);
        if let Some(claim) = &mut claim {
            complaints.extend(inspect(claim));
        }
        Checked { value: claim, complaints }
    };
    Ok(model.settle(question, check).await?.value)
}

/// Renders the prompt with a sample, see [`super::model::try_prompts`].
pub(super) fn try_prompt(prompts: &Prompts, edition: &Edition<'_>) -> Result<(), TemplateError> {
    let language = Language(edition.language.to_owned());
    let prompt = prompts.rewrite();
    for word in [None, Some("W")] {
        let request = Request { text: "S", one_sentence: true, finding: word, instruction: word };
        let data = data(edition, &language, &request, "A", prompt.version());
        prompt.system(&data)?;
        prompt.user(&data)?;
    }
    Ok(())
}

fn data(
    edition: &Edition<'_>,
    language: &Language,
    request: &Request<'_>,
    articles: &str,
    version: &str,
) -> Value {
    let limits = Limits::of(language);
    json!({
        "edition": edition.title,
        "language": language_name(edition.language),
        "one_sentence": request.one_sentence,
        "detail_limit": limits.detail_words(),
        "attribution": limits.attribution(),
        "articles": articles,
        "sentence": fence(request.text, version),
        "finding": request.finding.unwrap_or_default(),
        "instruction": request.instruction.unwrap_or_default(),
    })
}
