//! Whole runs with the stub model: paid once, the same bytes, honest when it fails.

use predicates::str::contains;

use crate::crash::small;
use crate::harness::{Digest, stderr};
use crate::stub_model::{Fault, StubModel};

pub(crate) const DAYS: [&str; 4] = ["--from", "2026-01-03", "--to", "2026-01-04"];

/// The demo with the stub as its model.
pub(crate) fn digest(stub: &StubModel, more: &str) -> Digest {
    let table = format!(
        "\n[model]\nbase_url = \"{}\"\nname = \"stub\"\napi_key_env = \"\"\n{more}\n",
        stub.base_url
    );
    Digest::demo_with(|t| format!("{t}{table}"))
}

#[test]
fn a_second_run_asks_nothing_and_gives_the_same_bytes() {
    let stub = StubModel::start(Vec::new());
    let digest = digest(&stub, "");
    digest.run(&DAYS).success();
    let calls = stub.calls();
    assert!(calls > 10, "triage, entries and highlights: {calls}");
    assert_eq!(digest.report()["model"]["calls"].as_u64().unwrap() as usize, calls);
    let first = (digest.issue(), digest.file("issue.json"));
    digest.run(&DAYS).success();
    assert_eq!(stub.calls(), calls, "nothing is asked twice");
    assert_eq!(digest.report()["model"]["calls"], 0);
    assert_eq!((digest.issue(), digest.file("issue.json")), first);
    for name in ["issue.md", "issue.json"] {
        std::fs::remove_file(digest.folder().join(name)).unwrap();
    }
    digest.run_offline(&DAYS).success();
    assert_eq!((digest.issue(), digest.file("issue.json")), first);
    assert_eq!(stub.calls(), calls);
}

#[test]
fn entries_of_a_model_show_their_evidence() {
    let stub = StubModel::start(Vec::new());
    let digest = digest(&stub, "");
    digest.run(&DAYS).success();
    let issue = digest.issue_json();
    let entries: Vec<_> = issue["sections"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|s| s["entries"].as_array().unwrap())
        .collect();
    assert_eq!(entries.len(), 10);
    for entry in entries {
        for claim in entry["summary"].as_array().unwrap() {
            assert_eq!(claim["origin"], "model");
            let evidence = claim["evidence"].as_array().unwrap();
            assert!(evidence.iter().all(|e| !e["quote"].as_str().unwrap().is_empty()));
        }
    }
    assert_eq!(digest.report()["totals"]["needs_model"], 0, "a model reads other languages");
}

#[test]
fn a_refused_key_ends_the_run_and_writes_nothing() {
    let faults = (0..40).map(|_| Fault::status(401)).collect();
    let stub = StubModel::start(faults);
    let digest = digest(&stub, "");
    digest.run(&DAYS).code(2).stderr(contains("key"));
    assert!(!digest.folder().join("issue.md").exists());
    assert!(stub.calls() <= 8, "the breaker is open for the run: {}", stub.calls());
}

#[test]
fn the_exit_code_says_who_has_to_act() {
    let quota = r#"{"error":{"type":"insufficient_quota"}}"#.to_owned();
    for (fault, code, said) in [
        (Fault::status(404), 2, "check [model] name and base_url"),
        (Fault::Status(429, Vec::new(), quota), 2, "quota"),
        (Fault::Html, 7, "judged none"),
        (Fault::WrongSchema, 7, "judged none"),
    ] {
        let stub = StubModel::start(vec![fault; 30]);
        let digest = small(&stub);
        digest.run(&DAYS).code(code).stderr(contains(said));
        assert!(!digest.folder().join("issue.md").exists(), "{code} {said}");
    }
    // One entry that no model writes, and that cannot be taken from the article word for word.
    let stub = StubModel::start(vec![Fault::Refusal.on(&["[a1.s1]", "Hobnail"], 9)]);
    let digest = small(&stub);
    digest.run(&DAYS).code(3).stderr(contains("could not be written"));
    assert!(digest.issue().contains("### **"));
}

#[test]
fn an_endpoint_without_strict_schemas_works() {
    let stub = StubModel::start(vec![Fault::NoJsonSchema]);
    let digest = digest(&stub, "");
    digest.run(&DAYS).success();
    assert_eq!(digest.issue_json()["highlights"].as_array().unwrap().len(), 10);
}

#[test]
fn the_ceiling_leaves_a_usable_draft_and_a_later_run_continues() {
    let price = "max_output = 1000\nprice = { input = 1.0, output = 10.0, per = 1_000_000 }\n";
    let free = StubModel::start(Vec::new());
    let whole = digest(&free, price);
    whole.run(&DAYS).success();
    let cost = whole.report()["model"]["cost"].as_f64().unwrap();
    assert!(cost > 0.0);
    let ceiling = cost * 0.6;
    let stub = StubModel::start(Vec::new());
    let digest = digest(&stub, &format!("{price}max_cost = {ceiling}"));
    let run = digest.run(&DAYS).code(5);
    assert!(stderr(&run).contains("pending"), "{}", stderr(&run));
    let report = digest.report();
    assert!(report["totals"]["pending"].as_u64().unwrap() > 0);
    assert!(report["model"]["cost"].as_f64().unwrap() <= ceiling);
    assert!(digest.issue().starts_with("# AI 前沿动态速报"));
    let (calls, paid) = (stub.calls(), report["model"]["cost"].as_f64().unwrap());
    let config = digest.path().join("digest.toml");
    let raised = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, raised.replace(&format!("max_cost = {ceiling}"), "max_cost = 50"))
        .unwrap();
    digest.run(&DAYS).success();
    assert_eq!(digest.report()["totals"]["pending"], 0);
    assert!(stub.calls() > calls);
    let rest = digest.report()["model"]["cost"].as_f64().unwrap();
    assert!(paid + rest < cost * 1.2, "{paid} and {rest} of {cost}: what was paid for is kept");
    assert_eq!(digest.issue(), whole.issue());
}

#[test]
fn an_endpoint_that_is_down_writes_nothing() {
    let digest = Digest::demo_with(|t| {
        // A port of loopback where nothing listens: it was free a moment ago.
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        format!(
            "{t}\n[model]\nbase_url = \"http://127.0.0.1:{port}/v1\"\nname = \"m\"\napi_key_env = \"\"\n"
        )
    });
    digest.run(&DAYS).code(7).stderr(contains("judged none"));
    assert!(!digest.folder().join("issue.md").exists());
}

#[test]
fn a_ceiling_too_low_for_anything_writes_nothing() {
    let stub = StubModel::start(Vec::new());
    let more = "price = { input = 1.0, output = 10.0, per = 1_000_000 }\nmax_cost = 0.000001";
    let digest = digest(&stub, more);
    digest.run(&DAYS).code(5).stderr(contains("max_cost"));
    assert!(!digest.folder().join("issue.md").exists());
    assert_eq!(stub.calls(), 0);
}
