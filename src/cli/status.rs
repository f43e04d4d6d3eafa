//! `digestgen status`: what became of each candidate.

use digestgen::pipeline::{CandidateRow, Report, issue_folder};
use digestgen::select::Kind;
use digestgen::store::read_text;

use super::args::{Shared, Status};
use super::cost;
use super::exit::{Exit, Stop, print};
use super::place::Place;
use super::{tell, why, words};

/// Tells the account of an issue, or the way of one candidate.
pub(crate) fn run(shared: &Shared, options: &Status) -> Result<Exit, Stop> {
    let place = Place::find(shared)?;
    if options.cost {
        return cost::run(shared, &place, options.issue.as_deref());
    }
    let issue = place.issue(options.issue.as_deref())?;
    let folder = issue_folder(&place.dir, &place.config.edition.id, &issue);
    let path = folder.join("report.json");
    let text = read_text(&path)?
        .ok_or_else(|| Stop::usage(format!("{} is missing; run again", path.display())))?;
    let report: Report = serde_json::from_str(&text)
        .map_err(|e| Stop::usage(format!("{}: {e}; run again to write it anew", path.display())))?;
    match &options.why {
        Some(url) => why::run(shared, &place, &report, url),
        None if shared.json => {
            print(&text)?;
            Ok(Exit::Done)
        }
        None => {
            let mut out =
                format!("{}\n{}", folder.join("issue.md").display(), tell::totals(&report));
            for kind in Kind::ALL {
                let mut rows: Vec<&CandidateRow> =
                    report.candidates.iter().filter(|c| c.outcome == kind).collect();
                rows.sort_by_key(|c| (c.rank.unwrap_or(usize::MAX), &c.id));
                if !rows.is_empty() {
                    out.push_str(&format!("\n{}\n", tell::kind_title(kind)));
                }
                rows.iter().for_each(|row| out.push_str(&candidate(row)));
            }
            print(&out)?;
            Ok(Exit::Done)
        }
    }
}

fn candidate(row: &CandidateRow) -> String {
    let rank = row.rank.map(|r| format!("#{r} ")).unwrap_or_default();
    format!("  {rank}{}\n    {}\n    {}\n", row.title, row.url, words::outcome(row))
}
