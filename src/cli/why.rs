//! `digestgen status --why`: the whole way of one candidate.

use digestgen::pipeline::{CandidateRow, Report, TriageRow, Way, way};
use digestgen::select::Kind;
use digestgen::select::rules::Merit;

use super::args::Shared;
use super::exit::{Exit, Stop, print};
use super::place::Place;
use super::{tell, words};

/// Tells the way of `url`; exits with 2 where it is no candidate of the issue.
pub(crate) fn run(
    shared: &Shared,
    place: &Place,
    report: &Report,
    url: &str,
) -> Result<Exit, Stop> {
    let store = place.store()?;
    let way = way(&store, &place.config, report, url)?;
    if shared.json {
        let json = serde_json::to_string_pretty(&way)
            .map_err(|e| Stop::new(Exit::Bug, format!("why: {e}")))?;
        print(&format!("{json}\n"))?;
    } else {
        let mut out = String::new();
        told(&way, &mut out);
        print(&out)?;
    }
    match way.candidate {
        Some(_) => Ok(Exit::Done),
        None => Err(Stop::usage(no_candidate(&way, report, url))),
    }
}

fn told(way: &Way, out: &mut String) {
    if let Some(row) = &way.candidate {
        out.push_str(&format!("{}\n{}\n", row.title, row.url));
        out.push_str(&format!("outcome: {}\n", row.outcome.code()));
        out.push_str(&format!(
            "  {}; decided by {}\n",
            words::outcome(row),
            tell::decider(row.decided_by)
        ));
    }
    for l in &way.listed {
        let dated = l.published.map_or("undated".to_owned(), |p| p.to_string());
        out.push_str(&format!(
            "listed by {}: first seen {}, published {dated}\n",
            l.source, l.first_seen
        ));
    }
    if let Some(l) = &way.linked {
        let what = match l.reading.as_str() {
            "primary" => "its most authoritative source",
            "other_event" => "not on the event of that report",
            _ => "not readable",
        };
        out.push_str(&format!("linked by a report of story {}: {what}\n", l.story));
    }
    reading(way, out);
    if let Some(row) = &way.candidate {
        row.triage.iter().for_each(|t| triage(t, out));
        score(row, out);
        story(way, row, out);
    }
}

fn reading(way: &Way, out: &mut String) {
    match &way.read {
        None => out.push_str("read: nothing was tried\n"),
        Some(r) if r.characters == 0 && !r.detail.is_empty() => {
            out.push_str(&format!("read: {} ({})\n", r.verdict, r.detail));
        }
        Some(r) => out.push_str(&format!(
            "read: {}, {} characters in {} sentences, language {}, dated {}, by {}\n",
            r.verdict,
            r.characters,
            r.sentences,
            r.language.as_deref().unwrap_or("not known"),
            r.published.map_or("nowhere".to_owned(), |p| p.to_string()),
            r.way
        )),
    }
}

fn triage(t: &TriageRow, out: &mut String) {
    let kept = if t.keep { "kept" } else { "rejected" };
    let because = match t.because.is_empty() {
        true => String::new(),
        false => format!(": {}", t.because.join(", ")),
    };
    let worth = match t.merit {
        Merit::Topic(topic) => format!("topic {topic:.2} of 5 by the terms of `keep`"),
        Merit::Model { impact, scope } => format!("impact {impact}, scope {scope}"),
    };
    out.push_str(&format!(
        "triage: {kept} by {} ({}{because}); section {}, label {}; {worth}\n",
        tell::decider(t.decided_by),
        t.reason,
        t.section,
        t.label
    ));
}

fn score(row: &CandidateRow, out: &mut String) {
    let (Some(score), Some(parts)) = (row.score, row.parts) else { return };
    let grade = row.grade.map(|g| format!(", grade {g:?}")).unwrap_or_default();
    let rank = row.rank.map(|r| format!(", rank {r}")).unwrap_or_default();
    let parts = match parts.merit {
        Merit::Topic(topic) => format!(
            "topic {topic:.2}, authority {}, spread {:.2}, length {:.2}",
            parts.authority, parts.spread, parts.length
        ),
        Merit::Model { impact, scope } => {
            format!("impact {impact}, scope {scope}, heat {}", parts.heat)
        }
    };
    out.push_str(&format!("its story: score {score:.3}{grade}{rank} ({parts})\n"));
}

fn story(way: &Way, row: &CandidateRow, out: &mut String) {
    if let Some(bond) = &row.joined {
        out.push_str(&format!(
            "joined to {} by {} (evidence {:.2}; 0 is even odds)\n",
            bond.with,
            bond.by.join(", "),
            bond.evidence
        ));
    }
    for (title, url, outcome) in &way.same_story {
        out.push_str(&format!("  same story: {title} {url} ({})\n", outcome.code()));
    }
    let lost = matches!(row.outcome, Kind::BelowCut | Kind::FurtherReading);
    if let Some((title, rank, score)) = way.last_entry.as_ref().filter(|_| lost) {
        out.push_str(&format!("the last entry is “{title}”: rank {rank}, score {score:.3}\n"));
    }
    row.quotes.iter().for_each(|quote| out.push_str(&format!("  it says: {quote}\n")));
}

/// Why an address is no candidate, and what to do.
fn no_candidate(way: &Way, report: &Report, url: &str) -> String {
    let window = &report.window;
    if let Some(l) = way.listed.first() {
        let dated = l.published.map_or("undated".to_owned(), |p| format!("published {p}"));
        return format!(
            "{url} is no candidate of this issue: {} lists it, {dated}, which is outside {} to {} \
             and the days before that are let in; `digestgen include` brings it in",
            l.source, window.from, window.to
        );
    }
    if way.linked.is_some() {
        return format!(
            "{url} is no candidate of this issue: no source lists it, a report links it"
        );
    }
    let nearest = match &way.nearest {
        Some(nearest) => format!("the nearest address that one lists is {nearest}"),
        None => "`digestgen status` lists all that one does".to_owned(),
    };
    format!("{url} is no candidate of this issue: no source lists it; {nearest}")
}
