//! `digestgen sources`: what is configured, and how each source has been doing.

use digestgen::collect::{Source, SourceStatus};
use digestgen::pipeline::{self, Health, Probed};
use digestgen::store::Store;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::args::{Shared, Sources, SourcesCommand};
use super::collect::Gathering;
use super::exit::{Exit, Stop, print};
use super::place::Place;
use super::progress::Progress;
use super::web::{client, drive, finish_recording};
use super::{sources_add, sources_opml};

/// Shows a table of the sources, or does what is asked for.
pub(crate) fn run(shared: &Shared, options: &Sources) -> Result<Exit, Stop> {
    match (&options.command, &options.import) {
        (Some(SourcesCommand::Add(add)), _) => return sources_add::run(shared, add),
        (None, Some(file)) => return sources_opml::import(shared, file, options.dry_run),
        (None, None) if options.export => return sources_opml::export(shared),
        (None, None) => {}
    }
    let place = Place::find(shared)?;
    let store = place.store()?;
    let probed = match options.probe {
        true => probe(shared, options, &place, &store)?,
        false => Vec::new(),
    };
    let rows: Vec<Row<'_>> = place
        .config
        .sources
        .iter()
        .enumerate()
        .map(|(at, source)| {
            let health = pipeline::health(&store, source)?;
            Ok(Row { source, health, probed: probed.get(at) })
        })
        .collect::<Result<_, Stop>>()?;
    match shared.json {
        true => {
            let all: Vec<Value> = rows.iter().map(Row::json).collect();
            print(&format!("{}\n", Value::from(all)))?;
        }
        false => print(&table(&place, &rows))?,
    }
    // Without asking nothing new can have come up.
    let wrong = probed.iter().any(|p| p.complaint.is_some());
    Ok(if wrong { Exit::Gaps } else { Exit::Done })
}

fn probe(
    shared: &Shared,
    options: &Sources,
    place: &Place,
    store: &Store,
) -> Result<Vec<Probed>, Stop> {
    let client = client(&place.config.net, false, &options.web)?;
    let progress = Progress::new(shared.quiet, shared.verbose > 0);
    let gathering = Gathering::new(place)?;
    let run = gathering.run(place, store, &client, &progress);
    let probed = drive(async { pipeline::probe(&run).await.map_err(Stop::from) })?;
    finish_recording(&client)?;
    Ok(probed)
}

/// A source and how it has been doing.
struct Row<'a> {
    source: &'a Source,
    health: Health,
    probed: Option<&'a Probed>,
}

impl Row<'_> {
    fn json(&self) -> Value {
        let last = self.health.visits.last();
        let trouble = self.health.trouble.as_ref();
        json!({
            "name": self.source.name(),
            "address": self.source.scope(),
            "last_success": self.health.last_success,
            "usual_items": self.health.usual_items(),
            "last": last,
            "trouble": trouble.map(|t| json!({
                "since": t.since, "reason": t.reason, "detail": t.detail,
            })),
            "visits": self.health.visits,
            "probe": self.probed.map(|p| json!({
                "status": p.result.status, "reason": p.result.reason, "detail": p.result.detail,
                "items": p.result.listings.len(), "ms": p.result.ms, "bytes": p.result.bytes,
            })),
        })
    }

    /// Name, last success, items a run, what it gave last, how it does.
    fn cells(&self, place: &Place) -> [String; 5] {
        let day =
            |at: Timestamp| place.config.zone.to_datetime(at).strftime("%F %H:%M").to_string();
        let success = self.health.last_success.map_or_else(|| "never".to_owned(), day);
        let usual = self.health.usual_items().map_or_else(|| "-".to_owned(), |n| n.to_string());
        let last = self.health.visits.last().map_or_else(
            || "not asked yet".to_owned(),
            |v| {
                let newest = v.newest.map(|d| format!(", newest {d}")).unwrap_or_default();
                match v.status {
                    SourceStatus::Failed => "failed".to_owned(),
                    _ => format!("{} items, {} new{newest}", v.items, v.fresh),
                }
            },
        );
        let state = match (&self.health.trouble, self.health.visits.is_empty()) {
            (Some(t), _) => format!("since {}: {}: {}", day(t.since), t.reason, t.detail),
            (None, true) => String::new(),
            (None, false) => "well".to_owned(),
        };
        [self.source.name().to_owned(), success, usual, last, state]
    }
}

const HEAD: [&str; 5] = ["source", "last success", "items a run", "last time", "state"];

fn table(place: &Place, rows: &[Row<'_>]) -> String {
    let mut cells = vec![HEAD.map(str::to_owned)];
    cells.extend(rows.iter().map(|row| row.cells(place)));
    let wide = |column: usize| cells.iter().map(|c| width(&c[column])).max().unwrap_or(0);
    let widths: Vec<usize> = (0..HEAD.len()).map(wide).collect();
    let mut out = String::new();
    for row in &cells {
        let mut line = String::new();
        for (cell, wide) in row.iter().zip(&widths) {
            line.push_str(cell);
            line.push_str(&" ".repeat(wide - width(cell) + 2));
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// Columns on a terminal: a character of Chinese, Japanese or Korean takes two.
fn width(text: &str) -> usize {
    let wide = |c: char| {
        matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}'
            | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}'
            | '\u{ffe0}'..='\u{ffe6}' | '\u{1f300}'..='\u{1faff}' | '\u{20000}'..='\u{3fffd}')
    };
    text.chars().map(|c| if wide(c) { 2 } else { 1 }).sum()
}
