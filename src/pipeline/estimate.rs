//! What a run would ask and cost, before anything is paid: it gathers and chooses as a run does,
//! asks no model and writes no draft.
//!
//! What the store has counts as paid. What depends on an answer that is not there yet is estimated
//! on its upper bound, and said so.

use std::collections::BTreeMap;

use serde::Serialize;

use super::choose::{self, ask_triage, by_the_editor, joined};
use super::gather::{self, Gathered, Item};
use super::health::Asker;
use super::places::{Placed, placed};
use super::primary;
use super::report::{WindowRow, window_row};
use super::write::{Fate, edition, feeding, foreign, write_one};
use super::{Run, RunError};
use crate::model::{Kind, Model, Plan, Planned, Reason, Usage};
use crate::select::outcome::Ledger;
use crate::select::quota::Room;
use crate::select::rules::{self, Judgement};
use crate::select::{Readable, Story};
use crate::summarize::{Entry, highlights, judge};

/// About how many tokens a model answers with; thinking comes on top. Assumed, not measured.
const PER_ARTICLE_JUDGED: u64 = 90;
const PER_ENTRY: u64 = 1500;
const PER_PART: u64 = 600;
const PER_HIGHLIGHT: u64 = 130;
const PER_ENTRY_CHECKED: u64 = 400;
const PER_PAIRS: u64 = 150;
/// About how many tokens an entry's claims have with the sentences they cite.
const CLAIMS: u64 = 2500;
/// About how many tokens the instructions of a kind have.
const INSTRUCTIONS: u64 = 1000;

/// One kind of question.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EstimateRow {
    /// The kind.
    pub kind: Kind,
    /// The model.
    pub model: String,
    /// Requests, each question once.
    pub calls: u64,
    /// Answers that are paid for already.
    pub stored: u64,
    /// Tokens of the prompts.
    pub input_tokens: u64,
    /// Tokens of the answers, as usual.
    pub output_tokens: u64,
    /// What that costs; `None` where no price is known.
    pub cost: Option<f64>,
    /// The same where each answer is as long as it may be.
    pub cost_at_most: Option<f64>,
}

/// What a run would ask and cost.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// The edition's id.
    pub edition: String,
    /// The window.
    pub window: WindowRow,
    /// Candidates of the window.
    pub candidates: usize,
    /// Those of them that could be read.
    pub readable: usize,
    /// Articles that the model would still judge.
    pub to_judge: usize,
    /// Stories that may get an entry; an upper bound where articles are still to be judged.
    pub stories: usize,
    /// Entries that the issue would have, at most.
    pub entries: usize,
    /// Those of them that are written and paid for already.
    pub entries_stored: usize,
    /// Stories in another language that only a model could write, where there is none.
    pub needs_model: usize,
    /// Whether a model is configured.
    pub with_model: bool,
    /// Nothing that is counted here depends on an answer that is not there yet.
    pub exact: bool,
    /// What would be asked.
    pub rows: Vec<EstimateRow>,
    /// What all of it costs; `None` where a price is not known.
    pub cost: Option<f64>,
    /// The same where each answer is as long as it may be. Questions that are sent back come on top.
    pub cost_at_most: Option<f64>,
    /// The currency.
    pub currency: String,
    /// What the issue cost so far.
    pub spent: f64,
    /// `max_cost`.
    pub max_cost: Option<f64>,
    /// What is left of it.
    pub left: Option<f64>,
}

/// Estimates a run. `run.model` is a planning door ([`Model::planning`]), or `None` where no model
/// shall write.
///
/// # Errors
/// [`RunError::Nothing`] where there is nothing to draft from, or what the disk refuses.
pub async fn estimate(run: &Run<'_>) -> Result<Estimate, RunError> {
    let mut gathered = gather::gather(run, Asker::Run).await?;
    if gathered.items.is_empty() {
        return Err(RunError::Nothing(gathered.why_nothing(run.window)));
    }
    let readable = gathered.items.iter().filter_map(Item::readable).count();
    if readable == 0 {
        return Err(RunError::Nothing(format!(
            "none of {} candidates could be read, so there is nothing to draft from; `digestgen \
             read URL` shows why",
            gathered.items.len()
        )));
    }
    let mut out = empty(run, &gathered, readable);
    match run.model {
        None => without_model(run, &gathered, &mut out)?,
        Some(model) => with_model(run, model, &mut gathered, &mut out).await?,
    }
    if out.stories == 0 {
        return Err(RunError::Nothing(format!(
            "none of {} readable articles would become an entry: all are rejected, or stand in an \
             earlier issue",
            readable
        )));
    }
    Ok(out)
}

fn empty(run: &Run<'_>, gathered: &Gathered, readable: usize) -> Estimate {
    Estimate {
        edition: run.config.edition.id.clone(),
        window: window_row(run),
        candidates: gathered.items.len(),
        readable,
        to_judge: 0,
        stories: 0,
        entries: 0,
        entries_stored: 0,
        needs_model: 0,
        with_model: run.model.is_some(),
        exact: true,
        rows: Vec::new(),
        cost: Some(0.0),
        cost_at_most: Some(0.0),
        currency: run.model.map(|m| m.currency().to_owned()).unwrap_or_default(),
        spent: 0.0,
        max_cost: None,
        left: None,
    }
}

fn without_model(run: &Run<'_>, gathered: &Gathered, out: &mut Estimate) -> Result<(), RunError> {
    let readable: Vec<Readable<'_>> = gathered.items.iter().filter_map(Item::readable).collect();
    let mut ledger = Ledger::default();
    let (mut judgements, told) = (BTreeMap::new(), BTreeMap::new());
    by_the_editor(run, &readable, &gathered.decisions.included_ids(), &mut judgements);
    let known = choose::Known { judgements: &judgements, told: &told };
    let (stories, _) = choose::stories(run, gathered, &readable, known, &mut ledger)?;
    out.needs_model = stories.iter().filter(|s| foreign(run, gathered, s).is_some()).count();
    out.stories = stories.len();
    let own = stories.into_iter().filter(|s| foreign(run, gathered, s).is_none()).collect();
    out.entries = placed(run, gathered, own).iter().filter(|p| p.fate.is_none()).count();
    Ok(())
}

async fn with_model(
    run: &Run<'_>,
    model: &Model,
    gathered: &mut Gathered,
    out: &mut Estimate,
) -> Result<(), RunError> {
    let (mut stories, to_judge) = judged_stories(run, model, gathered).await?;
    let mut plan = model.take_plan();
    gathered.linked = primary::find_primaries(run, gathered, &mut stories).await?;
    let gathered = &*gathered;
    out.to_judge = to_judge;
    out.stories = stories.len();
    let stories = placed(run, gathered, stories);
    // Where articles are still to be judged, any story may come in that the editor did not take
    // out, and into any section.
    let may_come = |p: &&Placed| match &p.fate {
        None => true,
        Some(fate) => to_judge > 0 && !matches!(fate, Fate::Excluded(_)),
    };
    let mut works = Vec::new();
    for story in stories.iter().filter(may_come) {
        works.push(work_on(run, model, gathered, story).await);
    }
    if to_judge > 0 {
        works = dearest(run, works, &stories);
    }
    let places = works.len();
    out.entries = places;
    out.entries_stored = works.iter().filter(|w| w.entry.is_some()).count();
    out.exact = to_judge == 0 && out.entries_stored == places;
    works.iter().for_each(|w| add(&mut plan, &w.plan));
    add(&mut plan, &behind(run, model, gathered, &works).await);
    enter(model, &plan, out);
    Ok(())
}

/// The dearest stories that the issue has room for, whatever their sections come to be; what the
/// editor asked for needs no room, and what they took out keeps its place.
fn dearest<'a>(run: &Run<'_>, mut works: Vec<Work<'a>>, stories: &[Placed]) -> Vec<Work<'a>> {
    let mut room = Room::of_any_section(&run.config.select);
    let out = stories.iter().filter(|p| matches!(p.fate, Some(Fate::Excluded(_))));
    out.for_each(|p| room.take(&p.story));
    let tokens = |w: &Work<'_>| w.plan.values().map(|p| p.input_tokens).sum::<u64>();
    works.sort_by_key(|w| std::cmp::Reverse((w.placed.asked, tokens(w))));
    works.retain(|w| {
        let fits = w.placed.asked || room.check(&w.placed.story).is_ok();
        if fits && !w.placed.asked {
            room.take(&w.placed.story);
        }
        fits
    });
    works
}

/// The stories as far as they are judged, and how many articles are still to be judged.
async fn judged_stories(
    run: &Run<'_>,
    model: &Model,
    gathered: &Gathered,
) -> Result<(Vec<Story>, usize), RunError> {
    let readable: Vec<Readable<'_>> = gathered.items.iter().filter_map(Item::readable).collect();
    let (judgements, to_judge) = judgements(run, model, gathered, &readable).await;
    let mut ledger = Ledger::default();
    let (_, answered) = choose::ask_pairs(run, model, &readable, &judgements, true).await;
    let known = choose::Known { judgements: &judgements, told: &answered.told };
    let (stories, _) = choose::stories(run, gathered, &readable, known, &mut ledger)?;
    Ok((stories, to_judge))
}

/// What is known of each article, and how many are still to be judged: these are kept here, since
/// the upper bound is asked for.
async fn judgements(
    run: &Run<'_>,
    model: &Model,
    gathered: &Gathered,
    readable: &[Readable<'_>],
) -> (BTreeMap<String, Judgement>, usize) {
    let asked = gathered.decisions.included_ids();
    let all: Vec<&Readable<'_>> = readable.iter().collect();
    let judged = ask_triage(run, model, &all, &asked).await;
    let mut out = BTreeMap::new();
    let mut open = 0;
    for item in readable {
        let id = &item.candidate.id;
        let judgement = match judged.get(id) {
            Some(Ok(judged)) => joined(judged.clone()),
            // What was answered and cannot be used is no candidate of the run either.
            Some(Err(u)) if u.failure.as_ref().is_none_or(|f| f.reason != Reason::Offline) => {
                let rules = rules::judge(item.title(), &item.article.document, &run.config.select);
                Judgement { keep: false, ..rules }
            }
            _ => {
                open += 1;
                let rules = rules::judge(item.title(), &item.article.document, &run.config.select);
                Judgement { keep: true, ..rules }
            }
        };
        out.insert(id.clone(), judgement);
    }
    by_the_editor(run, readable, &asked, &mut out);
    (out, open)
}

/// What one story takes, and its entry where that is paid for.
struct Work<'a> {
    placed: &'a Placed,
    plan: Plan,
    entry: Option<Entry>,
}

async fn work_on<'a>(
    run: &Run<'_>,
    model: &Model,
    gathered: &Gathered,
    placed: &'a Placed,
) -> Work<'a> {
    let entry = write_one(run, model, gathered, &placed.story).await.ok().map(|w| w.entry);
    let mut plan = model.take_plan();
    let asked = |plan: &Plan, kind| plan.get(&kind).is_some_and(|p| p.calls > 0);
    if asked(&plan, Kind::Part) && !asked(&plan, Kind::Entry) {
        // The question is made of answers that are not there yet; it fills the room there is.
        let input_tokens = model.room(Kind::Entry, model.max_output()) as u64;
        add(&mut plan, &assumed(model, Kind::Entry, 1, input_tokens));
    }
    Work { placed, plan, entry }
}

/// What follows from the entries: highlights, and the judge where there is one.
async fn behind(run: &Run<'_>, model: &Model, gathered: &Gathered, works: &[Work<'_>]) -> Plan {
    let edition = edition(run.config);
    let whole = works.iter().all(|w| w.entry.is_some());
    let count = works.len() as u64;
    let mut lines = BTreeMap::new();
    if whole {
        // As the run asks: one question for the ranked ones, one for each that was asked for.
        let (asked, ranked): (Vec<&Work<'_>>, Vec<&Work<'_>>) =
            works.iter().partition(|w| w.placed.asked);
        let groups = std::iter::once(ranked).chain(asked.into_iter().map(|w| vec![w]));
        for group in groups {
            let entries: Vec<&Entry> = group.iter().filter_map(|w| w.entry.as_ref()).collect();
            lines.extend(highlights::write(model, run.prompts, &edition, &entries).await);
        }
    }
    let mut plan = model.take_plan();
    if !whole {
        let input = INSTRUCTIONS + count * PER_ENTRY;
        add(&mut plan, &assumed(model, Kind::Highlights, 1, input));
    }
    if !model.has_judge() {
        return plan;
    }
    for work in works {
        match &work.entry {
            Some(entry) => {
                let articles = feeding(gathered, &work.placed.story);
                let highlight = lines.remove(&entry.story).and_then(Result::ok);
                let entry = Entry { highlight, ..entry.clone() };
                // Its answer does not matter here: what it lacks is noted.
                let _ = judge::judge(model, run.prompts, &edition, &entry, &articles).await;
                add(&mut plan, &model.take_plan());
            }
            None => add(&mut plan, &assumed(model, Kind::Judge, 1, INSTRUCTIONS + CLAIMS)),
        }
    }
    plan
}

fn assumed(model: &Model, kind: Kind, calls: u64, input_tokens: u64) -> Plan {
    let most_output = calls * u64::from(model.max_output());
    Plan::from([(kind, Planned { calls, stored: 0, input_tokens, most_output })])
}

fn add(plan: &mut Plan, other: &Plan) {
    for (kind, planned) in other {
        plan.entry(*kind).or_default().add(planned);
    }
}

/// Puts what was noted into rows, and their sums beside the ceiling.
fn enter(model: &Model, plan: &Plan, out: &mut Estimate) {
    let units = |micros: u64| micros as f64 / 1e6;
    let (mut sum, mut most) = (Some(0), Some(0));
    for (kind, planned) in plan {
        let usual = match kind {
            Kind::Triage => out.to_judge as u64 * PER_ARTICLE_JUDGED,
            Kind::SameEvent => planned.calls * PER_PAIRS,
            Kind::Entry => planned.calls * PER_ENTRY,
            Kind::Part => planned.calls * PER_PART,
            Kind::Highlights => out.entries as u64 * PER_HIGHLIGHT,
            Kind::Judge => planned.calls * PER_ENTRY_CHECKED,
            // Sentences are written anew on the review page, never by a run.
            Kind::Rewrite => 0,
        };
        let output_tokens = if planned.calls == 0 { 0 } else { usual.min(planned.most_output) };
        let cost = |output| {
            let usage = Usage { input: planned.input_tokens, cached: 0, output };
            if planned.calls == 0 { Some(0) } else { model.cost_of(*kind, usage) }
        };
        let (usual, longest) = (cost(output_tokens), cost(planned.most_output));
        sum = Option::zip(sum, usual).map(|(a, b)| a + b);
        most = Option::zip(most, longest).map(|(a, b)| a + b);
        out.rows.push(EstimateRow {
            kind: *kind,
            model: model.name_for(*kind).to_owned(),
            calls: planned.calls,
            stored: planned.stored,
            input_tokens: planned.input_tokens,
            output_tokens,
            cost: usual.map(units),
            cost_at_most: longest.map(units),
        });
    }
    (out.cost, out.cost_at_most) = (sum.map(units), most.map(units));
    let (spent, ceiling) = (model.issue_micros(), model.ceiling_micros());
    out.spent = units(spent);
    out.max_cost = ceiling.map(units);
    out.left = ceiling.map(|c| units(c.saturating_sub(spent)));
}
