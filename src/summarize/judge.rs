//! A model's second look at an entry: whether each claim follows from the sentences it cites.
//!
//! It finds what rules cannot see (exchanged roles, a wrong verb, a lost negation), misses much and
//! calls wolf: what it finds is amber, and nothing waits for it. It refuses to judge what a person
//! wrote and what is word for word the article's.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::clean::prose;
use super::material::one_line;
use super::model::{Edition, Gap, template_gap};
use super::shape::object;
use super::{Entry, Highlight};
use crate::extract::Article;
use crate::model::{Kind, Model, Prompt, Prompts, Question, fence, language_name};
use crate::verify::{Claim, Finding, FindingKind, Origin, Severity};

/// The most characters of a note.
const NOTE: usize = 200;

/// What a judge says of an entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judged {
    /// What it doubts: the claim's place in [`claims_of`], and the finding.
    pub doubts: Vec<(usize, Finding)>,
    /// The claims that its answers leave out, by place: they are unjudged.
    pub left_out: Vec<usize>,
    /// Why they could not be asked for once more, where that failed.
    pub why: Option<Gap>,
}

#[derive(Deserialize)]
struct Verdict {
    id: String,
    holds: bool,
    note: String,
}

/// The claims of an entry, the highlight's last.
pub fn claims_of(entry: &mut Entry) -> impl Iterator<Item = &mut Claim> {
    let details = entry.key_points.iter_mut().flat_map(|p| &mut p.details).map(|d| &mut d.claim);
    let highlight = entry.highlight.iter_mut().map(|Highlight { claim, .. }| claim);
    entry.summary.iter_mut().chain(details).chain(highlight)
}

/// Asks the judge about the claims that a model wrote. The entry is not changed.
///
/// # Errors
/// A [`Gap`] where there is no answer.
pub async fn judge(
    model: &Model,
    prompts: &Prompts,
    edition: &Edition<'_>,
    entry: &Entry,
    articles: &[&Article],
) -> Result<Judged, Gap> {
    let mut copy = entry.clone();
    let claims: Vec<(usize, &Claim)> = claims_of(&mut copy)
        .map(|claim| &*claim)
        .enumerate()
        .filter(|(_, claim)| claim.origin == Some(Origin::Model))
        .collect();
    if claims.is_empty() {
        return Ok(Judged::default());
    }
    let prompt = prompts.judge();
    let mut verdicts = verdicts(model, prompt, edition, &claims, articles).await?;
    // What the answer leaves out is asked once more, without the rest.
    let open: Vec<(usize, &Claim)> =
        claims.iter().filter(|(i, _)| !verdicts.contains_key(&id_of(*i))).copied().collect();
    let mut why = None;
    if !open.is_empty() && !verdicts.is_empty() {
        match self::verdicts(model, prompt, edition, &open, articles).await {
            Ok(more) => {
                let asked = |id: &String| open.iter().any(|(i, _)| id_of(*i) == *id);
                verdicts.extend(more.into_iter().filter(|(id, _)| asked(id)));
            }
            Err(gap) => why = Some(gap),
        }
    }
    let mut judged = Judged { why, ..Judged::default() };
    for (i, claim) in claims {
        match verdicts.get(&id_of(i)) {
            None => judged.left_out.push(i),
            Some(verdict) if verdict.holds => {}
            Some(verdict) => judged.doubts.push((i, doubt(claim, &verdict.note))),
        }
    }
    Ok(judged)
}

/// Verdicts on `claims`, by id.
async fn verdicts(
    model: &Model,
    prompt: &Prompt,
    edition: &Edition<'_>,
    claims: &[(usize, &Claim)],
    articles: &[&Article],
) -> Result<BTreeMap<String, Verdict>, Gap> {
    let question = question(model, prompt, edition, &listed(claims, articles))?;
    let reply = model.ask(&question).await.map_err(Gap::of)?;
    Ok(by_id(&reply.value))
}

fn id_of(claim: usize) -> String {
    format!("c{}", claim + 1)
}

/// What the prompt is told.
pub(super) fn data(edition: &Edition<'_>, claims: &str) -> Value {
    json!({
        "edition": edition.title,
        "about": edition.about,
        "language": language_name(edition.language),
        "claims": claims,
    })
}

fn question(
    model: &Model,
    prompt: &Prompt,
    edition: &Edition<'_>,
    claims: &str,
) -> Result<Question, Gap> {
    let version = prompt.version();
    let data = data(edition, &fence(claims, version));
    Ok(Question {
        kind: Kind::Judge,
        version: version.to_owned(),
        system: prompt.system(&data).map_err(|e| template_gap(&e))?,
        user: prompt.user(&data).map_err(|e| template_gap(&e))?,
        schema_name: "digest_verdicts".to_owned(),
        schema: object(json!({
            "verdicts": {"type": "array", "items": object(json!({
                "id": {"type": "string"},
                "holds": {"type": "boolean"},
                "note": {"type": "string"},
            }))},
        })),
        list: Some("verdicts"),
        max_output: model.max_output(),
        turns: Vec::new(),
    })
}

/// Each claim with the sentences it cites.
fn listed(claims: &[(usize, &Claim)], articles: &[&Article]) -> String {
    let mut out = String::new();
    for (i, claim) in claims {
        out.push_str(&format!("[{}] {}\n", id_of(*i), one_line(&claim.text)));
        for evidence in claim.evidence.iter().flatten() {
            let article = articles.iter().find(|a| a.id == evidence.article);
            let document = article.map(|a| &a.document);
            let index = document.and_then(|d| d.index_of(&evidence.sentence));
            if let (Some(document), Some(index)) = (document, index) {
                out.push_str(&format!("  says: {}\n", one_line(document.sentence_text(index))));
            }
        }
        out.push('\n');
    }
    out
}

/// Verdicts by id; of two with the same id none is taken.
fn by_id(answer: &Value) -> BTreeMap<String, Verdict> {
    let list = answer.get("verdicts").and_then(Value::as_array);
    let mut out: BTreeMap<String, Option<Verdict>> = BTreeMap::new();
    for verdict in list.into_iter().flatten().filter_map(|v| Verdict::deserialize(v).ok()) {
        let id = verdict.id.trim().trim_matches(['[', ']']).to_owned();
        out.entry(id).and_modify(|twice| *twice = None).or_insert(Some(verdict));
    }
    out.into_iter().filter_map(|(id, verdict)| Some((id, verdict?))).collect()
}

fn doubt(claim: &Claim, note: &str) -> Finding {
    let note: String = prose(note).0.chars().take(NOTE).collect();
    let note = match note.is_empty() {
        true => "a judge model doubts that the source says so".to_owned(),
        false => format!("a judge model doubts it: {note}"),
    };
    Finding {
        severity: Severity::Amber,
        kind: FindingKind::Judge,
        span: [0, claim.text.chars().count()],
        text: claim.text.clone(),
        note,
    }
}
