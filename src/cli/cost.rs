//! `digestgen status --cost`: what the model cost, by issue, by month and by model.
//!
//! A month is that of an issue's last day: a bill goes by the day of the call, which is usually the
//! same. Currencies are never added up, and a call without a price is counted, not guessed at.

use std::collections::BTreeMap;
use std::path::Path;

use digestgen::model::{IssueCost, Spent, costs};
use serde_json::{Value, json};

use super::args::Shared;
use super::exit::{Exit, Stop, print};
use super::place::Place;

/// Sums by name and currency.
type Sums = BTreeMap<(String, String), Spent>;

/// Shows what was spent on the edition's issues, or on the one that is asked for.
pub(crate) fn run(shared: &Shared, place: &Place, issue: Option<&Path>) -> Result<Exit, Stop> {
    let edition = &place.config.edition.id;
    let wanted = issue.map(|issue| place.issue(Some(issue))).transpose()?;
    // A folder without a state is not given one for being looked at.
    let all = match place.dir.join(".digestgen/state.db").is_file() {
        true => costs(&place.store()?)?,
        false => Vec::new(),
    };
    let mine: Vec<(String, IssueCost)> = all
        .into_iter()
        .filter_map(|cost| {
            let name = cost.issue.strip_prefix(edition.as_str())?.strip_prefix('/')?.to_owned();
            wanted.as_ref().is_none_or(|w| *w == name).then_some((name, cost))
        })
        .collect();
    print(&if shared.json { as_json(&mine) } else { as_text(&mine) })?;
    Ok(Exit::Done)
}

/// The month of an issue's last day: `2026-01` of `2026-01-03_2026-01-04`.
fn month(issue: &str) -> String {
    let last = issue.rsplit('_').next().unwrap_or(issue);
    last.chars().take(7).collect()
}

fn sums(issues: &[(String, IssueCost)], name: impl Fn(&str, &str) -> String) -> Sums {
    let mut sums = Sums::new();
    for (issue, cost) in issues {
        for (model, spent) in &cost.models {
            let key = (name(issue, model), cost.currency.clone());
            sums.entry(key).or_default().add(spent);
        }
    }
    sums
}

fn as_text(issues: &[(String, IssueCost)]) -> String {
    if issues.is_empty() {
        return "no model has been asked for this edition\n".to_owned();
    }
    let mut out = String::new();
    for (title, sums) in [
        ("By issue", sums(issues, |issue, _| issue.to_owned())),
        ("By month of the issue's last day", sums(issues, |issue, _| month(issue))),
        ("By model", sums(issues, |_, model| model.to_owned())),
    ] {
        out.push_str(&format!("{title}\n"));
        for ((name, currency), spent) in &sums {
            out.push_str(&format!("  {name}  {}\n", line(spent, currency)));
        }
    }
    for (issue, cost) in issues.iter().filter(|(_, c)| c.open_calls > 0) {
        out.push_str(&format!(
            "{issue}: {} calls are under way or were broken off; up to {} {} more counts as spent \
             at the next run\n",
            cost.open_calls,
            units(cost.held_micros),
            cost.currency
        ));
    }
    out
}

/// Calls, tokens and cost in words.
fn line(spent: &Spent, currency: &str) -> String {
    let cost = match (spent.cost(), spent.micros) {
        (Some(_), micros) => format!("{} {currency}", units(micros)),
        (None, 0) => "cost unknown (no price configured)".to_owned(),
        (None, micros) => format!(
            "{} {currency} and an unknown cost ({} calls without a price)",
            units(micros),
            spent.unpriced
        ),
    };
    let untold = match spent.untold {
        0 => String::new(),
        n => format!(" (of {n} calls the tokens are not known)"),
    };
    format!(
        "{cost}, {} calls, {} tokens in ({} cached), {} out{untold}",
        spent.calls, spent.input_tokens, spent.cached_tokens, spent.output_tokens
    )
}

fn units(micros: u64) -> String {
    format!("{:.4}", micros as f64 / 1e6)
}

fn as_json(issues: &[(String, IssueCost)]) -> String {
    let rows = |key: &str, sums: Sums| -> Vec<Value> {
        sums.iter().map(|((name, currency), spent)| row(key, name, currency, spent)).collect()
    };
    let open = issues.iter().filter(|(_, c)| c.open_calls > 0).map(|(issue, c)| {
        json!({
            "issue": issue, "currency": c.currency, "calls": c.open_calls,
            "at_most": c.held_micros as f64 / 1e6,
        })
    });
    let whole = json!({
        "issues": rows("issue", sums(issues, |issue, _| issue.to_owned())),
        "months": rows("month", sums(issues, |issue, _| month(issue))),
        "models": rows("model", sums(issues, |_, model| model.to_owned())),
        "open": open.collect::<Vec<_>>(),
    });
    format!("{whole}\n")
}

/// `cost` is null where a price is not known; `known_cost` is what is known of it.
fn row(key: &str, name: &str, currency: &str, spent: &Spent) -> Value {
    json!({
        key: name,
        "currency": currency,
        "cost": spent.cost(),
        "known_cost": spent.micros as f64 / 1e6,
        "calls": spent.calls,
        "calls_without_price": spent.unpriced,
        "calls_without_usage": spent.untold,
        "input_tokens": spent.input_tokens,
        "cached_tokens": spent.cached_tokens,
        "output_tokens": spent.output_tokens,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn currencies_and_unknown_prices_stay_apart() {
        let spent = Spent { calls: 2, micros: 1_500_000, ..Spent::default() };
        let unpriced = Spent { calls: 1, unpriced: 1, untold: 1, ..Spent::default() };
        let issue = |currency: &str, spent| IssueCost {
            issue: "ai/i".into(),
            currency: currency.into(),
            models: BTreeMap::from([("m".to_owned(), spent)]),
            open_calls: 0,
            held_micros: 0,
        };
        let name = "2026-01-31_2026-02-01".to_owned();
        let text = as_text(&[
            (name.clone(), issue("USD", spent)),
            (name.clone(), issue("USD", unpriced)),
            (name, issue("CNY", spent)),
        ]);
        assert_eq!(text.matches("  2026-02  ").count(), 2, "{text}");
        assert!(text.contains("1.5000 CNY, 2 calls"), "{text}");
        assert!(text.contains("1.5000 USD and an unknown cost (1 calls without a price)"));
        let json: Value = serde_json::from_str(&as_json(&[])).unwrap();
        assert!(json["issues"].as_array().unwrap().is_empty());
        assert!(as_text(&[]).contains("no model"));
    }
}
