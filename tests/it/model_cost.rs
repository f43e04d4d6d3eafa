//! What people are told of cost: `status --cost`, and `run --dry-run` before anything is paid.

use predicates::str::contains;
use serde_json::Value;

use crate::harness::Digest;
use crate::stub_model::StubModel;

const DAYS: [&str; 4] = ["--from", "2026-01-03", "--to", "2026-01-04"];
const PRICE: &str = "max_output = 1000\nprice = { input = 1.0, output = 10.0 }\n";

fn digest(stub: &StubModel, more: &str) -> Digest {
    let table = format!(
        "\n[model]\nbase_url = \"{}\"\nname = \"stub\"\napi_key_env = \"\"\n{more}\n",
        stub.base_url
    );
    Digest::demo_with(|t| format!("{t}{table}"))
}

fn json(digest: &Digest, args: &[&str]) -> Value {
    let run = digest.command("status").args(args).arg("--json").assert().success();
    serde_json::from_slice(&run.get_output().stdout).unwrap()
}

#[test]
fn what_was_spent_is_told_by_issue_month_and_model() {
    let stub = StubModel::start(Vec::new());
    let more = format!("{PRICE}\n[model.triage]\nname = \"small\"\n");
    let digest = digest(&stub, &more);
    let before = digest.command("status").arg("--cost").assert().success();
    before.stdout(contains("no model has been asked"));
    assert!(!digest.path().join(".digestgen").exists());
    digest.run(&DAYS).success();
    let report = digest.report();
    let cost = json(&digest, &["--cost"]);
    let issue = &cost["issues"][0];
    assert_eq!(issue["issue"], "2026-01-03_2026-01-04");
    assert_eq!(issue["calls"].as_u64().unwrap() as usize, stub.calls());
    assert_eq!(issue["input_tokens"], report["model"]["input_tokens"]);
    assert_eq!(issue["output_tokens"], report["model"]["output_tokens"]);
    assert_eq!(cost["months"][0]["month"], "2026-01");
    let models = cost["models"].as_array().unwrap();
    let names: Vec<&str> = models.iter().map(|m| m["model"].as_str().unwrap()).collect();
    assert_eq!(names, ["small", "stub"]);
    // The small model has no price: its calls are counted, the sum is not known.
    assert!(issue["cost"].is_null() && models[0]["cost"].is_null());
    assert_eq!(issue["calls_without_price"], models[0]["calls"]);
    assert!(models[1]["cost"].as_f64().unwrap() > 0.0);
    // Another run pays nothing and changes nothing.
    digest.run(&DAYS).success();
    assert_eq!(json(&digest, &["--cost", "2026-01-03_2026-01-04"]), cost);
    digest.command("status").args(["--cost", "2020-01-01"]).assert().code(2);
    let text = digest.command("status").arg("--cost").assert().success();
    text.stdout(contains("an unknown cost")).stdout(contains("By month"));
}

fn estimate(digest: &Digest) -> Value {
    let run = digest.run(&[&DAYS[..], &["--dry-run", "--json"]].concat()).success();
    serde_json::from_slice(&run.get_output().stdout).unwrap()
}

fn row<'a>(estimate: &'a Value, kind: &str) -> &'a Value {
    let rows = estimate["rows"].as_array().unwrap();
    rows.iter().find(|r| r["kind"] == kind).unwrap_or(&Value::Null)
}

#[test]
fn a_dry_run_asks_nothing_and_says_what_a_run_would_cost() {
    let stub = StubModel::start(Vec::new());
    let digest = digest(&stub, &format!("{PRICE}max_cost = 2.0\n[model.judge]\n"));
    let before = estimate(&digest);
    assert_eq!(stub.calls(), 0);
    assert!(!digest.path().join("issues").exists(), "no draft, no folder");
    assert_eq!(
        (&before["exact"], &before["with_model"]),
        (&Value::from(false), &Value::from(true))
    );
    assert!(before["to_judge"].as_u64().unwrap() > 12);
    assert_eq!(before["entries"], 10);
    assert_eq!((&before["spent"], &before["left"]), (&Value::from(0.0), &Value::from(2.0)));
    digest.run(&DAYS).success();
    // The upper bound holds: calls that nothing sent back, tokens as the stub counts them, cost.
    let report = digest.report();
    let sum = |key: &str| {
        let rows = before["rows"].as_array().unwrap().iter();
        rows.map(|r| r[key].as_u64().unwrap()).sum::<u64>()
    };
    let model = &report["model"];
    assert_eq!(
        sum("calls"),
        model["calls"].as_u64().unwrap() - model["asked_again"].as_u64().unwrap()
    );
    assert!(sum("input_tokens") >= model["input_tokens"].as_u64().unwrap());
    assert!(before["cost_at_most"].as_f64().unwrap() >= model["cost"].as_f64().unwrap());
    assert!(before["cost"].as_f64().unwrap() > 0.0);
    // Now all of it is paid for.
    let after = estimate(&digest);
    assert_eq!((&after["exact"], &after["to_judge"]), (&Value::from(true), &Value::from(0)));
    assert_eq!((&after["entries_stored"], &after["cost"]), (&after["entries"], &Value::from(0.0)));
    assert!(row(&after, "entry")["stored"].as_u64().unwrap() >= 10);
    assert_eq!(row(&after, "judge")["stored"], 10);
    assert_eq!(after["spent"], model["cost"]);
}

#[test]
fn a_dry_run_says_what_it_does_not_know() {
    let stub = StubModel::start(Vec::new());
    let unpriced = digest(&stub, "");
    assert!(estimate(&unpriced)["cost"].is_null());
    let dry = [&DAYS[..], &["--dry-run"]].concat();
    let text = unpriced.run(&dry).success();
    text.stdout(contains("cost: unknown")).stdout(contains("is the upper bound"));
    let poor = digest(&stub, &format!("{PRICE}max_cost = 0.001\n"));
    poor.run(&dry).success().stdout(contains("would probably not do"));
    let plain = Digest::demo();
    plain.run(&dry).success().stdout(contains("no model would be asked"));
    assert!(!plain.path().join("issues").exists());
    let empty = ["--from", "2020-01-01", "--to", "2020-01-02", "--dry-run"];
    plain.run(&empty).code(7).stderr(contains("outside these days"));
    assert_eq!(stub.calls(), 0);
}

#[test]
fn a_small_context_reads_in_parts_and_pays_once() {
    let stub = StubModel::start(Vec::new());
    let digest = digest(
        &stub,
        &format!("context = 9500\nmax_output = 2000\n{PRICE}").replace("max_output = 1000\n", ""),
    );
    let before = estimate(&digest);
    assert!(row(&before, "part")["calls"].as_u64().unwrap() > 0, "{before}");
    assert!(row(&before, "entry")["calls"].as_u64().unwrap() >= 10);
    digest.run(&DAYS).success();
    let notes = digest.report()["notes"].to_string();
    assert!(notes.contains("was read in"), "{notes}");
    let (calls, issue) = (stub.calls(), (digest.issue(), digest.file("issue.json")));
    assert_eq!(estimate(&digest)["cost"], 0.0);
    digest.run(&DAYS).success();
    assert_eq!(stub.calls(), calls);
    assert_eq!((digest.issue(), digest.file("issue.json")), issue);
}
