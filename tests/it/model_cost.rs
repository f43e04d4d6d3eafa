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
