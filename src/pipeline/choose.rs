//! Articles → Stories: triage, stories, ranking, and what earlier issues carried.

use std::collections::{BTreeMap, BTreeSet};

use super::covered::without_covered;
use super::earlier;
use super::gather::{Gathered, Item};
use super::reading::Reading;
use super::{Event, Phase, Run, RunError};
use crate::config::Config;
use crate::model::{Model, Reason};
use crate::select::cluster::Told;
use crate::select::outcome::Ledger;
use crate::select::rules::{self, Judgement, Merit};
use crate::select::triage::{self, Judged, Unjudged};
use crate::select::{DecidedBy, Kind, Outcome, Readable, Story, doubtful, same_event, select_told};

/// How many sentences of an article the triage by a model is shown.
const LEAD_SENTENCES: usize = 6;

/// What is judged and written.
#[derive(Clone, Copy, Debug)]
pub(super) enum Scope<'a> {
    /// All that the window holds.
    All,
    /// These candidates alone; the others are judged by rules and not written.
    Only(&'a BTreeSet<String>),
}

impl Scope<'_> {
    fn holds(self, candidate: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(wanted) => wanted.contains(candidate),
        }
    }
}

/// What selection leaves to be written.
#[derive(Default)]
pub(super) struct Chosen {
    /// Stories, best first.
    pub(super) stories: Vec<Story>,
    /// What a person must act on.
    pub(super) gaps: Vec<String>,
    /// The budget ended during the triage.
    pub(super) budget_reached: bool,
    /// What an editor should know.
    pub(super) notes: Vec<String>,
    /// What the triage said, by candidate.
    pub(super) judged: BTreeMap<String, Judgement>,
}

/// Selects among what could be read, and enters the outcome of all that goes no further.
pub(super) async fn choose(
    run: &Run<'_>,
    gathered: &Gathered,
    ledger: &mut Ledger,
    scope: Scope<'_>,
) -> Result<Chosen, RunError> {
    for item in &gathered.items {
        if let Reading::Unreadable { reason, detail } = &item.reading {
            ledger.enter(&item.candidate.id, ended(Kind::Unreadable, reason, detail))?;
        }
    }
    let mut readable: Vec<Readable<'_>> =
        gathered.items.iter().filter_map(Item::readable).collect();
    let mut chosen = Chosen::default();
    let asked = gathered.decisions.included_ids();
    let mut judgements = judge(run, &mut readable, ledger, &mut chosen, (&asked, scope)).await?;
    by_the_editor(run, &readable, &asked, &mut judgements);
    let told = same_events(run, &readable, &judgements, scope, &mut chosen).await?;
    let known = Known { judgements: &judgements, told: &told };
    (chosen.stories, chosen.judged) = stories(run, gathered, &readable, known, ledger)?;
    Ok(chosen)
}

/// What is known before stories are made.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    /// Judgements of the model and the editor; what has none is judged by rules.
    pub(super) judgements: &'a BTreeMap<String, Judgement>,
    /// Pairs that do or do not report one event.
    pub(super) told: &'a Told,
}

/// The stories that these judgements leave and no earlier issue carried, best first, and what the
/// triage said of each article; the rest gets its outcome.
pub(super) fn stories(
    run: &Run<'_>,
    gathered: &Gathered,
    readable: &[Readable<'_>],
    known: Known<'_>,
    ledger: &mut Ledger,
) -> Result<(Vec<Story>, BTreeMap<String, Judgement>), RunError> {
    let selection = select_told(readable, &run.config.select, known.judgements, known.told);
    for (candidate, outcome) in selection.outcomes {
        ledger.enter(&candidate, outcome)?;
    }
    let carried = earlier::carried(run)?;
    without_covered(
        selection.stories,
        &carried,
        readable,
        (&selection.judged, &gathered.decisions.included_ids()),
        &run.config.select,
        ledger,
    )
    .map(|stories| (stories, selection.judged))
}

/// How many sentences of an article are shown where a pair is asked.
const PAIR_SENTENCES: usize = 3;

/// The model's verdicts on pairs that the rules are of two minds about, among what is kept. Without
/// one the rules decide: that is a note, not a gap.
async fn same_events(
    run: &Run<'_>,
    readable: &[Readable<'_>],
    judgements: &BTreeMap<String, Judgement>,
    scope: Scope<'_>,
    chosen: &mut Chosen,
) -> Result<Told, RunError> {
    let Some(model) = run.model else {
        return Ok(Told::new());
    };
    // What is brought into a draft alone must not make the others dearer.
    let asking = matches!(scope, Scope::All);
    run.events.on(Event::Begin(Phase::Triage, 1));
    let (pairs, answered) = ask_pairs(run, model, readable, judgements, asking).await;
    run.events.on(Event::Close(Phase::Triage));
    if let Some(trouble) = &answered.trouble {
        if let Some(failure) = trouble.failure.as_ref().filter(|f| f.is_fatal()) {
            return Err(RunError::Model(failure.clone()));
        }
        chosen.budget_reached |=
            trouble.failure.as_ref().is_some_and(|f| f.reason == Reason::Budget);
    }
    if answered.unanswered > 0 && asking {
        let why = answered.trouble.map_or("the answers leave them out".to_owned(), |t| t.detail);
        chosen.notes.push(format!(
            "{} of {} doubtful pairs of articles were decided by rules alone: {why}",
            answered.unanswered, pairs
        ));
    }
    Ok(answered.told)
}

/// The verdicts on the doubtful pairs among what is kept, and how many these are; what is not known
/// is asked where `asking`.
pub(super) async fn ask_pairs(
    run: &Run<'_>,
    model: &Model,
    readable: &[Readable<'_>],
    judgements: &BTreeMap<String, Judgement>,
    asking: bool,
) -> (usize, same_event::Answered) {
    let kept: Vec<Readable<'_>> = readable
        .iter()
        .filter(|r| judgements.get(&r.candidate.id).is_some_and(|j| j.keep))
        .copied()
        .collect();
    let pairs: Vec<(same_event::Side, same_event::Side)> =
        doubtful(&kept).iter().map(|(a, b)| (side(a), side(b))).collect();
    let title = &run.config.edition.title;
    let answered = same_event::ask(model, run.prompts, title, &pairs, asking).await;
    (pairs.len(), answered)
}

fn side(readable: &Readable<'_>) -> same_event::Side {
    let document = &readable.article.document;
    let count = document.sentences().len().min(PAIR_SENTENCES);
    let lead: Vec<&str> = (0..count).map(|i| document.sentence_text(i)).collect();
    same_event::Side {
        id: readable.candidate.id.clone(),
        published: readable.published().map(|p| p.own_day().to_string()).unwrap_or_default(),
        title: readable.title().to_owned(),
        lead: lead.join(" "),
    }
}

/// An outcome that a rule decided.
pub(super) fn ended(kind: Kind, reason: &str, detail: &str) -> Outcome {
    Outcome {
        kind,
        reason: reason.to_owned(),
        detail: detail.to_owned(),
        decided_by: DecidedBy::Rule,
        story: None,
    }
}

/// The model's judgement of each article, where a model is configured. An article without one
/// leaves `readable` with its outcome: nothing unjudged gets a default.
async fn judge(
    run: &Run<'_>,
    readable: &mut Vec<Readable<'_>>,
    ledger: &mut Ledger,
    chosen: &mut Chosen,
    (asked, scope): (&BTreeSet<String>, Scope<'_>),
) -> Result<BTreeMap<String, Judgement>, RunError> {
    let Some(model) = run.model else {
        return Ok(BTreeMap::new());
    };
    let judged_now: Vec<&Readable<'_>> =
        readable.iter().filter(|r| scope.holds(&r.candidate.id)).collect();
    run.events.on(Event::Begin(Phase::Triage, judged_now.len()));
    let judged = ask_triage(run, model, &judged_now, asked).await;
    run.events.on(Event::Close(Phase::Triage));
    let mut judgements = BTreeMap::new();
    let mut not_found = None;
    for (candidate, answer) in judged {
        match answer {
            Ok(judged) => {
                judgements.insert(candidate, joined(judged));
            }
            Err(unjudged) => {
                let item = readable.iter().find(|r| r.candidate.id == candidate);
                let what = item.map_or(candidate.as_str(), |r| r.article.title.as_str());
                let failure = unjudged.failure.as_ref();
                let missing = failure.filter(|f| f.reason == Reason::NotFound);
                not_found = not_found.or_else(|| missing.cloned());
                let outcome = unjudged_outcome(what, unjudged, chosen)?;
                ledger.enter(&candidate, outcome)?;
            }
        }
    }
    if judgements.is_empty() && !readable.is_empty() && !chosen.budget_reached {
        // An address or a model that is not there is for the configuration's owner to mend.
        if let Some(failure) = not_found {
            return Err(RunError::Model(failure));
        }
        // An endpoint that is down must not leave an empty issue.
        return Err(RunError::Nothing(format!(
            "the model judged none of {} articles, so nothing was written: {}",
            readable.len(),
            chosen.gaps.first().map_or("it gave no reason", String::as_str)
        )));
    }
    let unjudged = |id: &str| scope.holds(id) && !judgements.contains_key(id);
    readable.retain(|r| !unjudged(&r.candidate.id));
    Ok(judgements)
}

/// What the triage must know of the edition.
pub(super) fn line(config: &Config) -> triage::Line<'_> {
    let options = &config.select;
    triage::Line {
        title: &config.edition.title,
        language: &config.edition.language,
        about: &options.about,
        sections: &options.sections,
        labels: &options.labels,
    }
}

/// What the model says of each article, by candidate.
pub(super) async fn ask_triage(
    run: &Run<'_>,
    model: &Model,
    readable: &[&Readable<'_>],
    asked: &BTreeSet<String>,
) -> BTreeMap<String, Result<Judged, Unjudged>> {
    let line = line(run.config);
    let items = readable.iter().map(|r| triage_item(r));
    // Each that the editor asked for is a question of its own: the batches of the others stay the
    // same, and so do their paid answers.
    let (alone, together): (Vec<_>, Vec<_>) = items.partition(|item| asked.contains(&item.id));
    let mut judged = triage::judge(model, run.prompts, &together, &line).await;
    for item in alone {
        judged.extend(triage::judge(model, run.prompts, &[item], &line).await);
    }
    judged
}

/// What the editor asked for is kept, whoever judged it.
pub(super) fn by_the_editor(
    run: &Run<'_>,
    readable: &[Readable<'_>],
    asked: &BTreeSet<String>,
    judgements: &mut BTreeMap<String, Judgement>,
) {
    for item in readable.iter().filter(|r| asked.contains(&r.candidate.id)) {
        let id = item.candidate.id.clone();
        let by_rules = || rules::judge(item.title(), &item.article.document, &run.config.select);
        let judgement = judgements.remove(&id).unwrap_or_else(by_rules);
        judgements.insert(id, Judgement { keep: true, decided_by: DecidedBy::Editor, ..judgement });
    }
}

fn triage_item(readable: &Readable<'_>) -> triage::Item {
    let document = &readable.article.document;
    let count = document.sentences().len().min(LEAD_SENTENCES);
    triage::Item {
        id: readable.candidate.id.clone(),
        title: readable.article.title.clone(),
        lead: (0..count).map(|i| document.sentence_text(i).to_owned()).collect(),
        source: readable.candidate.sources.first().cloned().unwrap_or_default(),
    }
}

pub(super) fn joined(judged: Judged) -> Judgement {
    Judgement {
        keep: judged.keep,
        reason: if judged.keep { rules::Reason::ModelKeep } else { rules::Reason::ModelReject },
        terms: vec![format!("{}: {}", judged.reason.code(), judged.detail)],
        section: judged.section,
        label: judged.label,
        merit: Merit::Model { impact: judged.impact, scope: judged.scope },
        decided_by: DecidedBy::Model,
    }
}

/// Where an article ends that the model did not judge. A refused key ends the run.
fn unjudged_outcome(
    what: &str,
    unjudged: Unjudged,
    chosen: &mut Chosen,
) -> Result<Outcome, RunError> {
    let mut kind = Kind::Failed;
    if let Some(failure) = unjudged.failure {
        if failure.is_fatal() {
            return Err(RunError::Model(failure));
        }
        if failure.reason == Reason::Budget {
            chosen.budget_reached = true;
            kind = Kind::Pending;
        }
    }
    if kind == Kind::Failed {
        chosen.gaps.push(format!("{what} was not judged: {}", unjudged.detail));
    }
    let mut outcome = ended(kind, &format!("triage_{}", unjudged.reason), &unjudged.detail);
    outcome.decided_by = DecidedBy::Model;
    Ok(outcome)
}
