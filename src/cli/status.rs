//! `digestgen status`: what became of each candidate.

use digestgen::collect::canonical::canonical;
use digestgen::pipeline::{CandidateRow, Report, issue_folder};
use digestgen::select::Kind;
use digestgen::store::read_text;
use serde_json::json;

use super::args::{Shared, Status};
use super::cost;
use super::exit::{Exit, Stop, print};
use super::place::Place;
use super::tell;

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
        Some(url) => why(shared, &report, url),
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
    let detail = if row.detail.is_empty() { String::new() } else { format!(": {}", row.detail) };
    format!("  {rank}{}\n    {}\n    {}{detail}\n", row.title, row.url, row.reason)
}

fn why(shared: &Shared, report: &Report, url: &str) -> Result<Exit, Stop> {
    let wanted = canonical(url);
    let found = report
        .candidates
        .iter()
        .find(|c| c.url == url || c.id == url || (wanted.is_some() && canonical(&c.url) == wanted));
    let Some(row) = found else {
        return Err(Stop::usage(format!(
            "no candidate of this issue has the address {url}: no source listed it within the \
             window, or it stands under another address; `digestgen status` lists all"
        )));
    };
    if shared.json {
        print(&format!("{}\n", json!(row)))?;
        return Ok(Exit::Done);
    }
    let dated = row.published.map_or_else(|| "undated".to_owned(), |p| p.to_string());
    let mut out = format!("{}\n{}\n", row.title, row.url);
    out.push_str(&format!("listed by {}, published {dated}\n", row.sources.join(", ")));
    out.push_str(&format!(
        "outcome {} ({}), decided by {}\n",
        row.outcome.code(),
        row.reason,
        tell::decider(row.decided_by)
    ));
    if !row.detail.is_empty() {
        out.push_str(&format!("{}\n", row.detail));
    }
    if let (Some(rank), Some(score)) = (row.rank, row.score) {
        out.push_str(&format!("its story has rank {rank} with a score of {score:.2}\n"));
        let same = report.candidates.iter().filter(|c| c.story == row.story && c.id != row.id);
        same.for_each(|c| out.push_str(&format!("  same story: {} {}\n", c.title, c.url)));
    }
    row.quotes.iter().for_each(|quote| out.push_str(&format!("  it says: {quote}\n")));
    print(&out)?;
    Ok(Exit::Done)
}
