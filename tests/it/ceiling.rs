//! The ceiling of an issue, over several runs.

use std::collections::BTreeMap;

use crate::harness::Digest;
use crate::model_run::{DAYS, digest};
use crate::stub_model::StubModel;

const PRICE: &str = "max_output = 1000\nprice = { input = 1.0, output = 10.0, per = 1_000_000 }\n";

/// What the stub billed so far, by the price above.
fn billed(stub: &StubModel) -> f64 {
    let each = stub.seen().into_iter().filter_map(|seen| seen.billed);
    each.map(|(input, output)| (input as f64 + 10.0 * output as f64) / 1e6).sum()
}

fn set_ceiling(digest: &Digest, ceiling: f64) {
    let path = digest.path().join("digest.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let (before, _) = text.split_once("max_cost = ").unwrap();
    std::fs::write(&path, format!("{before}max_cost = {ceiling}\n")).unwrap();
}

#[test]
fn a_low_ceiling_holds_over_runs_and_nothing_is_paid_twice() {
    let free = StubModel::start(Vec::new());
    let whole = digest(&free, PRICE);
    whole.run(&DAYS).success();
    let cost = billed(&free);
    let stub = StubModel::start(Vec::new());
    let digest = digest(&stub, &format!("{PRICE}max_cost = 0"));
    let mut entries = Vec::new();
    for share in [0.35, 0.35, 0.5, 0.5, 0.75, 0.75] {
        let ceiling = cost * share;
        set_ceiling(&digest, ceiling);
        digest.run(&DAYS).code(5);
        // A call is made only where the most it may cost fits: nothing in flight goes beyond.
        assert!(billed(&stub) <= ceiling, "{} of {ceiling}", billed(&stub));
        // Where it ended before the first entry nothing is written; what is there can be used.
        let Ok(text) = std::fs::read_to_string(digest.folder().join("issue.md")) else { continue };
        let problems = digestgen::format::check(&text);
        let errors = problems.iter().filter(|p| p.severity == digestgen::format::Severity::Error);
        assert_eq!(errors.count(), 0, "{text}");
        let report = digest.report();
        assert!(report["totals"]["pending"].as_u64().unwrap() > 0, "at {share}: {report}");
        entries.push(report["totals"]["entry"].as_u64().unwrap());
    }
    assert!(entries.len() >= 2 && entries.is_sorted(), "{entries:?}");
    set_ceiling(&digest, cost * 50.0);
    digest.run(&DAYS).success();
    assert_eq!(digest.report()["totals"]["pending"], 0);
    assert_eq!(digest.issue(), whole.issue());
    let mut asked: BTreeMap<String, usize> = BTreeMap::new();
    for seen in stub.seen() {
        *asked.entry(seen.body["messages"].to_string()).or_default() += 1;
    }
    assert!(asked.values().all(|times| *times == 1), "a question was paid for twice");
    // One thing is paid more: the highlights of each new entry, in a question of their own.
    assert!(billed(&stub) < cost * 1.2, "{} of {cost}", billed(&stub));
}
