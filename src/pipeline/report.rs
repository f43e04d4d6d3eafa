//! `report.json`: the account of a run.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::draft::Draft;
use super::files::Files;
use super::gather::{Gathered, Item, SourceState};
use super::primary::LinkedRow;
use super::write::{Fate, Written, WrittenStory};
use super::{Run, RunError};
use crate::collect::SourceStatus;
use crate::model::{Account, Model};
use crate::review::{Conflict, findings_of};
use crate::select::cluster::Bond;
use crate::select::outcome::{Kind, Ledger};
use crate::select::rank::{Grade, Parts};
use crate::select::rules::{Judgement, Merit};
use crate::select::{DecidedBy, Story};
use crate::text::Moment;
use crate::verify::Severity;

/// The account of a run. Times are in it: it is exempt from “the same bytes each time”.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The edition's id.
    pub edition: String,
    /// The window.
    pub window: WindowRow,
    /// `candidates`, and a count for each outcome.
    pub totals: BTreeMap<String, usize>,
    /// Every candidate with its outcome.
    pub candidates: Vec<CandidateRow>,
    /// Pages that reports link and that were read as their stories' primary sources, or tried.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub linked: Vec<LinkedRow>,
    /// Every source.
    pub sources: Vec<SourceRow>,
    /// What the model was asked and what it cost.
    pub model: Account,
    /// Who wrote the entries.
    #[serde(default)]
    pub writer: WriterRow,
    /// Findings on what the program wrote.
    pub findings: FindingsRow,
    /// What an editor should know of how entries came about.
    #[serde(default)]
    pub notes: Vec<String>,
    /// Fields that the editor and this run both changed.
    #[serde(default)]
    pub conflicts: Vec<Conflict>,
}

/// The window of a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WindowRow {
    /// The first day.
    pub from: String,
    /// The last day.
    pub to: String,
    /// The edition's time zone.
    pub time_zone: String,
}

/// A candidate of a report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CandidateRow {
    /// Its id.
    pub id: String,
    /// Its URL as listed.
    pub url: String,
    /// Its title.
    pub title: String,
    /// The sources that list it.
    pub sources: Vec<String>,
    /// When the source, else the page, says it was published.
    pub published: Option<Moment>,
    /// Where it ended.
    pub outcome: Kind,
    /// Why: a code of a closed list.
    pub reason: String,
    /// Why, for people; may be empty.
    pub detail: String,
    /// Who decided.
    pub decided_by: DecidedBy,
    /// The story it belongs to.
    pub story: Option<String>,
    /// The story's rank, from 1.
    pub rank: Option<usize>,
    /// The story's score, from 1 to 5.
    pub score: Option<f64>,
    /// The story's grade, where a model judged it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<Grade>,
    /// What the story's score is made of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parts: Option<Parts>,
    /// What the triage said of it; `None` where it did not come so far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub triage: Option<TriageRow>,
    /// The article of its story that it was joined by, and on what evidence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joined: Option<Bond>,
    /// Sentences of it, word for word, where it waits for a model.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub quotes: Vec<String>,
}

/// What the triage said of a candidate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TriageRow {
    /// Whether it was kept.
    pub keep: bool,
    /// Why: a code of a closed list.
    pub reason: String,
    /// The terms that decided, or a model's reason.
    pub because: Vec<String>,
    /// The id of its section.
    pub section: String,
    /// Its label.
    pub label: String,
    /// What it is worth.
    pub merit: Merit,
    /// Who judged.
    pub decided_by: DecidedBy,
}

impl TriageRow {
    fn of(judgement: &Judgement) -> Self {
        Self {
            keep: judgement.keep,
            reason: judgement.reason.code().to_owned(),
            because: judgement.terms.clone(),
            section: judgement.section.clone(),
            label: judgement.label.clone(),
            merit: judgement.merit,
            decided_by: judgement.decided_by,
        }
    }
}

/// A source of a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceRow {
    /// Its name.
    pub name: String,
    /// How it did; `None` where it was not asked.
    pub status: Option<SourceStatus>,
    /// Why it did not do well.
    pub reason: Option<String>,
    /// The same for people.
    pub detail: Option<String>,
    /// Since when it has given nothing, or only old items.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble_since: Option<jiff::Timestamp>,
    /// How many items it listed now.
    pub items: usize,
    /// Those of them that were never listed before.
    #[serde(default)]
    pub fresh: usize,
    /// How many of all it ever listed are candidates of this issue.
    pub in_window: usize,
    /// Bytes of its answer.
    pub bytes: u64,
    /// Milliseconds on the network.
    pub ms: u64,
    /// Requests sent.
    pub attempts: u32,
}

/// The model that wrote the entries of a report; both are empty where none did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WriterRow {
    /// The model's name.
    pub model: String,
    /// The version of the prompt of entries.
    pub prompt: String,
}

/// The findings of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingsRow {
    /// The source does not say it.
    pub red: usize,
    /// To be looked at.
    pub amber: usize,
}

impl Report {
    /// Why no candidate became an entry, and what to do.
    pub(super) fn why_no_entry(&self) -> String {
        let candidates = self.candidates.len();
        let mut counts: Vec<(&String, &usize)> =
            self.totals.iter().filter(|(k, n)| *k != "candidates" && **n > 0).collect();
        counts.sort_by_key(|(kind, n)| (std::cmp::Reverse(**n), *kind));
        let told: Vec<String> =
            counts.iter().map(|(kind, n)| format!("{n} {}", kind.replace('_', " "))).collect();
        format!(
            "none of {candidates} candidates became an entry ({}), so no draft was written; \
             `digestgen status` names each with its reason",
            told.join(", ")
        )
    }
}

/// Puts the account together.
pub(super) fn report(
    run: &Run<'_>,
    gathered: &Gathered,
    written: &Written,
    draft: &Draft,
    ledger: &Ledger,
    totals: BTreeMap<Kind, usize>,
) -> Report {
    let findings = findings_of(&draft.issue);
    let count = |s| findings.iter().filter(|(_, f)| f.severity == s).count();
    Report {
        edition: run.config.edition.id.clone(),
        window: window_row(run),
        totals: totals_row(gathered.items.len(), &totals),
        candidates: candidate_rows(gathered, written, ledger),
        linked: gathered.linked.rows.clone(),
        sources: gathered.sources.iter().map(source_row).collect(),
        model: run.model.map(Model::account).unwrap_or_default(),
        writer: writer_row(run),
        findings: FindingsRow { red: count(Severity::Red), amber: count(Severity::Amber) },
        notes: written.notes.iter().chain(&gathered.related.notes).cloned().collect(),
        conflicts: Vec::new(),
    }
}

/// The days a run covers.
pub(super) fn window_row(run: &Run<'_>) -> WindowRow {
    WindowRow {
        from: run.window.from.to_string(),
        to: run.window.to.to_string(),
        time_zone: run.config.zone_name.clone(),
    }
}

fn writer_row(run: &Run<'_>) -> WriterRow {
    match (&run.config.model, run.model) {
        (Some(options), Some(_)) => WriterRow {
            model: options.name.clone(),
            prompt: run.prompts.entry().version().to_owned(),
        },
        _ => WriterRow::default(),
    }
}

/// Writes `report.json` into the issue's folder.
pub(super) fn save(run: &Run<'_>, report: &Report) -> Result<(), RunError> {
    report.save_to(&Files::of(run))
}

pub(super) fn totals_row(
    candidates: usize,
    totals: &BTreeMap<Kind, usize>,
) -> BTreeMap<String, usize> {
    let counted = Kind::ALL
        .iter()
        .map(|kind| (kind.code().to_owned(), totals.get(kind).copied().unwrap_or(0)));
    std::iter::once(("candidates".to_owned(), candidates)).chain(counted).collect()
}

fn candidate_rows(gathered: &Gathered, written: &Written, ledger: &Ledger) -> Vec<CandidateRow> {
    let ranks: BTreeMap<&str, Ranked<'_>> = written
        .stories
        .iter()
        .enumerate()
        .map(|(at, w)| (w.story.id.as_str(), Ranked { rank: Some(at + 1), written: w }))
        .collect();
    let rows = gathered.items.iter().filter_map(|item| {
        let triage = written.judged.get(&item.candidate.id).map(TriageRow::of);
        Some(CandidateRow { triage, ..row(gathered, item, ledger, &ranks)? })
    });
    rows.collect()
}

/// A story and its rank.
struct Ranked<'a> {
    rank: Option<usize>,
    written: &'a WrittenStory,
}

/// The rows of the candidates of one story.
pub(super) fn rows_of(
    gathered: &Gathered,
    written: &WrittenStory,
    ledger: &Ledger,
) -> Vec<CandidateRow> {
    let ranks = BTreeMap::from([(written.story.id.as_str(), Ranked { rank: None, written })]);
    let members = written.story.members.iter().filter_map(|m| gathered.item(&m.candidate));
    members.filter_map(|item| row(gathered, item, ledger, &ranks)).collect()
}

/// The row of one candidate that has an outcome.
fn row(
    gathered: &Gathered,
    item: &Item,
    ledger: &Ledger,
    ranks: &BTreeMap<&str, Ranked<'_>>,
) -> Option<CandidateRow> {
    let candidate = &item.candidate;
    let outcome = ledger.get(&candidate.id)?.clone();
    let article = gathered.article(&candidate.id);
    // Of a story that goes on from an earlier issue some articles were covered: it is not theirs.
    let own = |r: &&Ranked<'_>| {
        let members = &r.written.story.members;
        outcome.kind == Kind::Duplicate || members.iter().any(|m| m.candidate == candidate.id)
    };
    let ranked = outcome.story.as_deref().and_then(|s| ranks.get(s)).filter(own);
    let waits = ranked.is_some_and(|r| matches!(r.written.fate, Fate::NeedsModel(_)));
    let quotes = match article.filter(|_| waits) {
        Some(a) => crate::summarize::extractive::lead_quotes(a),
        None => Vec::new(),
    };
    let story = ranked.map(|r| &r.written.story);
    let listed = Some(candidate.title.clone()).filter(|t| !t.is_empty());
    Some(CandidateRow {
        id: candidate.id.clone(),
        url: candidate.url.clone(),
        title: listed.or_else(|| article.map(|a| a.title.clone())).unwrap_or_default(),
        sources: candidate.sources.clone(),
        published: candidate.published.or_else(|| article.and_then(|a| a.published)),
        outcome: outcome.kind,
        reason: outcome.reason,
        detail: outcome.detail,
        decided_by: outcome.decided_by,
        story: outcome.story.clone(),
        rank: ranked.and_then(|r| r.rank),
        score: story.map(|s| s.score),
        grade: story.and_then(Story::grade),
        parts: story.map(|s| s.parts),
        triage: None,
        joined: story.and_then(|s| s.bonds.iter().find(|b| b.id == candidate.id)).cloned(),
        quotes,
    })
}

fn source_row(state: &SourceState) -> SourceRow {
    let (result, trouble) = (state.result.as_ref(), state.trouble.as_ref());
    SourceRow {
        name: state.name.clone(),
        status: result.map(|r| r.status),
        reason: result.and_then(|r| r.reason.clone()).or(trouble.map(|t| t.reason.clone())),
        detail: result.and_then(|r| r.detail.clone()).or(trouble.map(|t| t.detail.clone())),
        trouble_since: trouble.map(|t| t.since),
        items: result.map_or(0, |r| r.listings.len()),
        fresh: state.fresh,
        in_window: state.in_window,
        bytes: result.map_or(0, |r| r.bytes),
        ms: result.map_or(0, |r| r.ms),
        attempts: result.map_or(0, |r| r.attempts),
    }
}
