//! `digestgen run --dry-run`: what a run would ask and cost, in words.

use digestgen::model::Kind;
use digestgen::pipeline::{Estimate, EstimateRow};

use super::args::Shared;
use super::exit::{Exit, Stop, print};

/// Prints an estimate.
pub(crate) fn tell(shared: &Shared, estimate: &Estimate) -> Result<Exit, Stop> {
    let text = match shared.json {
        true => serde_json::to_string_pretty(estimate)
            .map(|json| json + "\n")
            .map_err(|e| Stop::new(Exit::Bug, format!("estimate: {e}")))?,
        false => words(estimate),
    };
    print(&text)?;
    Ok(Exit::Done)
}

fn words(e: &Estimate) -> String {
    let mut out = format!(
        "Issue {} to {} of edition {}: nothing was asked and no draft was written\n  {} candidates, \
         {} readable\n",
        e.window.from, e.window.to, e.edition, e.candidates, e.readable
    );
    if !e.with_model {
        out.push_str(&format!(
            "  no model would be asked: the extractive writer writes {} entries of {} stories\n",
            e.entries, e.stories
        ));
        if e.needs_model > 0 {
            out.push_str(&format!(
                "  {} stories are in another language and wait for a model\n",
                e.needs_model
            ));
        }
        return out;
    }
    out.push_str(&match e.to_judge {
        0 => format!("  all articles are judged: {} stories\n", e.stories),
        n => format!(
            "  {n} articles are still to be judged, and how many of them are kept is not known: \
             what follows is the upper bound, as if all {} stories were\n",
            e.stories
        ),
    });
    out.push_str(&format!(
        "  {} entries at most, {} of them written and paid for already\n",
        e.entries, e.entries_stored
    ));
    e.rows.iter().filter(|r| r.calls + r.stored > 0).for_each(|r| out.push_str(&row(r, e)));
    out.push_str(&cost(e));
    out
}

fn row(row: &EstimateRow, e: &Estimate) -> String {
    let kind = match row.kind {
        Kind::Triage => "triage",
        Kind::SameEvent => "doubtful pairs",
        Kind::Entry => "entries",
        Kind::Part => "parts of long articles",
        Kind::Highlights => "highlights",
        Kind::Rewrite => "rewriting",
        Kind::Judge => "judge",
    };
    let stored = match row.stored {
        0 => String::new(),
        n => format!(" ({n} answers are stored)"),
    };
    format!(
        "  {kind} by {}: {} calls{stored}, about {} tokens in, {} out, {}\n",
        row.model,
        row.calls,
        row.input_tokens,
        row.output_tokens,
        money(row.cost, &e.currency)
    )
}

fn money(cost: Option<f64>, currency: &str) -> String {
    match cost {
        Some(cost) => format!("{cost:.4} {currency}"),
        None => "cost unknown (no price configured)".to_owned(),
    }
}

fn cost(e: &Estimate) -> String {
    let mut out = match (e.cost, e.cost_at_most) {
        (Some(cost), Some(most)) => format!(
            "  cost: about {cost:.4} {cur}, {most:.4} {cur} if every answer is as long as max_output \
             allows; an answer that is sent back (twice at most) comes on top\n",
            cur = e.currency
        ),
        _ => "  cost: unknown, since a price is missing ([model] price)\n".to_owned(),
    };
    out.push_str(&match (e.max_cost, e.left) {
        (Some(max), Some(left)) => {
            let enough = match e.cost.is_some_and(|cost| cost > left) {
                true => ": it would probably not do, and the run would end with what it has",
                false => "",
            };
            format!(
                "  spent on this issue so far: {:.4} {cur}; {left:.4} of {max:.4} {cur} are left{enough}\n",
                e.spent,
                cur = e.currency
            )
        }
        _ => format!(
            "  spent on this issue so far: {:.4} {}; there is no ceiling ([model] max_cost)\n",
            e.spent, e.currency
        ),
    });
    out
}
