//! What was left out and why, how the sources did, what the run cost: the report in words.

use serde::Serialize;

use super::paper::safe;
use super::words::Words;
use crate::collect::SourceStatus;
use crate::pipeline::{CandidateRow, Report, SourceRow};
use crate::select::Kind;

/// Candidates that ended alike.
#[derive(Serialize)]
pub(super) struct GroupView {
    title: String,
    count: usize,
    rows: Vec<RowView>,
}

#[derive(Serialize)]
struct RowView {
    id: String,
    title: String,
    url: String,
    why: String,
    quotes: Vec<String>,
    includable: bool,
}

/// A figure of the run.
#[derive(Serialize)]
pub(super) struct FigureView {
    name: String,
    value: String,
}

/// A source of the run.
#[derive(Serialize)]
pub(super) struct SourceView {
    name: String,
    why: String,
    state: String,
    class: &'static str,
}

/// In the order in which an editor would look: what nearly made it first.
const ORDER: [Kind; 11] = [
    Kind::BelowCut,
    Kind::FurtherReading,
    Kind::NeedsModel,
    Kind::Pending,
    Kind::Failed,
    Kind::Excluded,
    Kind::Rejected,
    Kind::Covered,
    Kind::Merged,
    Kind::Duplicate,
    Kind::Unreadable,
];

/// Every candidate that leads no entry, by its outcome, ranked.
pub(super) fn left_out(report: &Report, words: &Words) -> Vec<GroupView> {
    let groups = ORDER.iter().filter_map(|kind| {
        let ended = |c: &&CandidateRow| c.outcome == *kind;
        let mut rows: Vec<&CandidateRow> = report.candidates.iter().filter(ended).collect();
        rows.sort_by_key(|c| (c.rank.unwrap_or(usize::MAX), &c.id));
        let title = words.get("outcome", kind.code()).to_owned();
        let rows: Vec<RowView> = rows.iter().map(|c| row(c, words)).collect();
        (!rows.is_empty()).then_some(GroupView { title, count: rows.len(), rows })
    });
    groups.collect()
}

fn row(c: &CandidateRow, words: &Words) -> RowView {
    let mut why: Vec<String> = Vec::new();
    if let Some(rank) = c.rank {
        why.push(words.get("words", "rank_n").replace("{n}", &rank.to_string()));
    }
    why.push(words.get("reason", &c.reason).to_owned());
    why.extend(c.sources.first().cloned());
    why.extend(c.published.map(|p| p.own_day().to_string()));
    RowView {
        id: c.id.clone(),
        title: if c.title.trim().is_empty() { c.url.clone() } else { c.title.clone() },
        url: safe(&c.url),
        why: why.join(" · "),
        quotes: c.quotes.clone(),
        // Other sources of an entry and copies of it stand in it already.
        includable: !matches!(c.outcome, Kind::Merged | Kind::Duplicate | Kind::Entry),
    }
}

/// What the run cost.
pub(super) fn figures(report: &Report, words: &Words) -> Vec<FigureView> {
    let word = |key| words.get("words", key).to_owned();
    let model = &report.model;
    let cost = match model.cost() {
        Some(cost) => format!("{cost:.4} {}", model.currency),
        None if model.calls == 0 => "0".to_owned(),
        None => word("unknown"),
    };
    let tokens = format!("{} / {}", model.input_tokens, model.output_tokens);
    [
        ("run_candidates", report.candidates.len().to_string()),
        ("run_calls", model.calls.to_string()),
        ("run_tokens", tokens),
        ("run_cost", cost),
    ]
    .into_iter()
    .map(|(key, value)| FigureView { name: word(key), value })
    .collect()
}

/// How the sources did: those in trouble first.
pub(super) fn sources(report: &Report, words: &Words) -> Vec<SourceView> {
    let mut rows: Vec<&SourceRow> = report.sources.iter().collect();
    rows.sort_by_key(|s| s.reason.is_none() && s.trouble_since.is_none());
    rows.iter().map(|s| source(s, words)).collect()
}

fn source(s: &SourceRow, words: &Words) -> SourceView {
    let word = |key| words.get("words", key);
    let (state, class) = match s.status {
        _ if s.trouble_since.is_some() => ("source_quiet", "amber"),
        Some(SourceStatus::Ok) => ("source_ok", "done"),
        Some(SourceStatus::Partial) => ("source_partial", "amber"),
        Some(SourceStatus::Silent) => ("source_silent", "amber"),
        Some(SourceStatus::Failed) => ("source_failed", "red"),
        None => ("source_not_asked", ""),
    };
    let mut why = vec![
        format!("{} {}", s.items, word("items")),
        format!("{} {}", s.in_window, word("in_window")),
    ];
    why.extend(s.detail.clone().or_else(|| s.reason.clone()));
    SourceView { name: s.name.clone(), why: why.join(" · "), state: word(state).to_owned(), class }
}
