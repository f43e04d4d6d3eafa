//! Words for people: totals, reports, the log.

use std::path::Path;

use digestgen::collect::SourceStatus;
use digestgen::pipeline::{Done, Report, Saved};
use digestgen::review::Merged;
use digestgen::select::{DecidedBy, Kind};
use jiff::Timestamp;
use tracing_subscriber::EnvFilter;

/// The log goes to standard error. The target `async_openai` stays silent at every level: it
/// writes whole bodies.
pub(crate) fn start_log(verbose: u8) {
    let level = match verbose {
        0 => "error",
        1 => "digestgen=info",
        _ => "digestgen=debug,reqwest=debug,hyper_util=info",
    };
    let filter = EnvFilter::new(format!("{level},async_openai=off"));
    let subscriber = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second start within one process (in tests) leaves the first in place.
    let _already_started = subscriber.try_init();
}

/// How the holder of a lock is described to others.
pub(crate) fn holder(now: Timestamp) -> String {
    format!("process {}, since {now}", std::process::id())
}

/// What decided, in a word.
pub(crate) fn decider(by: DecidedBy) -> &'static str {
    match by {
        DecidedBy::Rule => "a rule",
        DecidedBy::Model => "the model",
        DecidedBy::Editor => "the editor",
    }
}

/// A heading for an outcome.
pub(crate) fn kind_title(kind: Kind) -> &'static str {
    match kind {
        Kind::Entry => "Entries",
        Kind::Merged => "Other sources of the same stories",
        Kind::FurtherReading => "In further reading",
        Kind::BelowCut => "Below the cut",
        Kind::Rejected => "Rejected",
        Kind::Duplicate => "Duplicates",
        Kind::Covered => "In an earlier issue",
        Kind::Excluded => "Taken out by the editor",
        Kind::Unreadable => "Could not be read",
        Kind::NeedsModel => "Wait for a model (another language)",
        Kind::Pending => "Wait for the budget",
        Kind::Failed => "Could not be written",
    }
}

/// One line: how many candidates, and where they ended.
pub(crate) fn totals(report: &Report) -> String {
    let count = |code: &str| report.totals.get(code).copied().unwrap_or(0);
    let parts: Vec<String> = Kind::ALL
        .iter()
        .filter(|k| count(k.code()) > 0)
        .map(|k| format!("{} {}", count(k.code()), k.code().replace('_', " ")))
        .collect();
    format!("{} candidates: {}\n", count("candidates"), parts.join(", "))
}

/// The report at the end of a run.
pub(crate) fn done(done: &Done) -> String {
    let report = &done.report;
    // What a person must act on comes first.
    let mut out: String = done.gaps.iter().map(|gap| format!("to do: {gap}\n")).collect();
    out.push_str(&format!(
        "Issue {} to {} of edition {}\n",
        report.window.from, report.window.to, report.edition
    ));
    out.push_str(&format!("  {}", totals(report)));
    for line in left_out(report) {
        out.push_str(&format!("    {line}\n"));
    }
    // A source that answers well and has become quiet is named once, as a thing to do.
    let troubled =
        report.sources.iter().filter(|s| s.reason.is_some() && s.status != Some(SourceStatus::Ok));
    for source in troubled {
        let detail = source.detail.as_deref().or(source.reason.as_deref()).unwrap_or("");
        out.push_str(&format!("  source {}: {detail}\n", source.name));
    }
    let findings = report.findings;
    out.push_str(&format!("  findings: {} red, {} amber\n", findings.red, findings.amber));
    out.push_str(&format!("  {}\n", model_line(report)));
    if !report.notes.is_empty() {
        let n = report.notes.len();
        out.push_str(&format!("  {n} notes on how entries came about stand in report.json\n"));
    }
    out.push_str(&format!("  {}\n", saved_line(&done.saved)));
    out
}

/// Why candidates were left out: a line for each outcome with its commonest reasons.
fn left_out(report: &Report) -> Vec<String> {
    let kinds = [Kind::Rejected, Kind::Unreadable, Kind::NeedsModel, Kind::Pending, Kind::Failed];
    let lines = kinds.iter().filter_map(|kind| {
        let mut reasons = std::collections::BTreeMap::new();
        for row in report.candidates.iter().filter(|c| c.outcome == *kind) {
            *reasons.entry(row.reason.as_str()).or_insert(0) += 1;
        }
        let mut reasons: Vec<(&str, usize)> = reasons.into_iter().collect();
        reasons.sort_by_key(|(reason, n)| (std::cmp::Reverse(*n), *reason));
        let told: Vec<String> =
            reasons.iter().take(4).map(|(reason, n)| format!("{reason} {n}")).collect();
        (!told.is_empty())
            .then(|| format!("{}: {}", kind.code().replace('_', " "), told.join(", ")))
    });
    lines.collect()
}

fn model_line(report: &Report) -> String {
    let m = &report.model;
    if m.calls == 0 && m.from_store == 0 {
        return "model: none asked".to_owned();
    }
    let cost = match m.cost() {
        Some(cost) => format!("{cost:.4} {}", m.currency),
        None => "cost unknown (no price configured)".to_owned(),
    };
    format!(
        "model: {} calls ({} asked again, {} answers were stored), {} tokens in, {} out, {cost}",
        m.calls, m.asked_again, m.from_store, m.input_tokens, m.output_tokens
    )
}

fn merged_line(path: &Path, merged: &Merged) -> String {
    let mut line = format!("draft: {} (merged into your edits", path.display());
    if !merged.placed.is_empty() {
        line.push_str(&format!("; {} entries put at their place", merged.placed.len()));
    }
    if !merged.added.is_empty() {
        line.push_str(&format!("; {} new entries wait under 🆕", merged.added.len()));
    }
    if !merged.conflicts.is_empty() {
        line.push_str(&format!("; {} conflicts", merged.conflicts.len()));
    }
    line + ")"
}

fn saved_line(saved: &Saved) -> String {
    match saved {
        Saved::Written(path) => format!("draft: {}", path.display()),
        Saved::Unchanged(path) => format!("draft: {} (nothing changed)", path.display()),
        Saved::Merged { path, merged, .. } => merged_line(path, merged),
        Saved::Beside { edited, new, why } => format!(
            "draft: {} {why} and was left as it is; the new draft stands in {}",
            edited.display(),
            new.display()
        ),
    }
}
