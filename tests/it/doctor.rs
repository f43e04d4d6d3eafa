//! `digestgen doctor`: each thing ok, warning or wrong, with its remedy; never a key.

use predicates::str::contains;
use serde_json::Value;

use crate::harness::{Digest, digestgen};
use crate::stub_model::{Fault, StubModel};

const DAYS: [&str; 4] = ["--from", "2026-01-03", "--to", "2026-01-04"];
const KEY: &str = "key-test-0123456789";

fn with_model(stub: &StubModel, more: &str) -> Digest {
    let table = format!(
        "\n[model]\nbase_url = \"{}\"\nname = \"stub\"\napi_key_env = \"STUB_KEY\"\n{more}\n",
        stub.base_url
    );
    Digest::demo_with(|t| format!("{t}{table}"))
}

/// What the doctor says, and its exit code.
fn doctor(digest: &Digest, args: &[&str]) -> (Vec<Value>, i32) {
    let run = digest.command("doctor").env("STUB_KEY", KEY).args(args).arg("--json").assert();
    let output = run.get_output();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(!said.contains("0123456789"), "{said}");
    let json: Value = serde_json::from_str(&said).unwrap();
    let code = output.status.code().unwrap();
    assert_eq!(json["exit"].as_i64().unwrap(), i64::from(code));
    (json["checks"].as_array().unwrap().clone(), code)
}

fn check<'a>(checks: &'a [Value], name: &str) -> (&'a str, &'a str) {
    let found = checks.iter().find(|c| c["name"] == name).unwrap_or_else(|| panic!("no {name}"));
    if found["state"] != "ok" {
        assert!(found["remedy"].is_string(), "{found}");
    }
    (found["state"].as_str().unwrap(), found["detail"].as_str().unwrap())
}

#[test]
fn before_the_first_run_all_is_well_and_nothing_is_made() {
    let digest = Digest::demo();
    let (checks, code) = doctor(&digest, &[]);
    assert_eq!(code, 0, "{checks:?}");
    for name in ["configuration", "folder", "lock", "state", "clock", "prompts", "template"] {
        assert_eq!(check(&checks, name).0, "ok", "{name}");
    }
    assert!(check(&checks, "configuration").1.contains("3 sections"));
    assert!(check(&checks, "state").1.contains("none yet"));
    assert!(check(&checks, "model").1.contains("extractive"));
    assert!(check(&checks, "sources").1.contains("0 do well"));
    assert_eq!(std::fs::read_dir(digest.path()).unwrap().count(), 0);
}

#[test]
fn after_a_run_state_sources_and_locks_are_told() {
    let digest = Digest::demo_with(|t| {
        format!(
            "{t}\n[[sources]]\nkind = \"feed\"\nname = \"Gone\"\nurl = \"https://gone.example/f\"\n"
        )
    });
    digest.run(&DAYS).code(3);
    let (checks, code) = doctor(&digest, &[]);
    assert_eq!(code, 3, "a source that gives nothing needs a person");
    assert!(check(&checks, "state").1.contains("version 1"));
    let (state, detail) = check(&checks, "source");
    assert!(state == "wrong" && detail.starts_with("Gone, since"), "{detail}");
    let folder = digest.path().join(".digestgen");
    let _held = digestgen::store::lock(&folder, "draft-ai", "process 4711").unwrap();
    let (checks, _) = doctor(&digest, &[]);
    let (state, detail) = check(&checks, "lock");
    assert!(state == "warning" && detail.contains("process 4711"), "{detail}");
    // The clock has gone back behind the last run.
    let mut early = digestgen();
    early.arg("doctor").arg("--config").arg(digest.path().join("digest.toml"));
    let early = early.args(["--now", "2026-01-01T08:00:00Z", "--json"]).assert().code(3);
    early.stdout(contains("but sources were asked at"));
}

#[test]
fn a_configuration_that_is_broken_says_where_and_the_rest_is_looked_at() {
    let digest = Digest::demo_with(|t| t.replace("entries   = 10", "entires   = 10"));
    let (checks, code) = doctor(&digest, &[]);
    assert_eq!(code, 2);
    let (state, detail) = check(&checks, "configuration");
    assert!(state == "wrong" && detail.contains("line "), "{detail}");
    assert_eq!(check(&checks, "folder").0, "ok");
    assert_eq!(check(&checks, "left out").0, "warning");
    let empty = tempfile::tempdir().unwrap();
    let none = digestgen().arg("doctor").current_dir(empty.path()).assert().code(2);
    none.stdout(contains("digestgen init")).stdout(contains("ok       folder"));
}

#[test]
fn a_state_that_is_damaged_is_named_with_its_remedy() {
    let digest = Digest::demo();
    let folder = digest.path().join(".digestgen");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("state.db"), "no database, but long enough to look like one")
        .unwrap();
    let (checks, code) = doctor(&digest, &[]);
    assert_eq!((check(&checks, "state").0, code), ("wrong", 3));
}

#[test]
fn overridden_files_must_render() {
    let digest = Digest::demo();
    for (file, good, bad, name) in [
        (
            "prompts/part.md",
            "Name.\n=== user ===\n{{text}}",
            "x\n=== user ===\n{{nothing}}",
            "prompts",
        ),
        ("prompts/judge.md", "J.\n=== user ===\n{{claims}}", "no border", "prompts"),
        (
            "prompts/rewrite.md",
            "R.\n=== user ===\n{{sentence}}",
            "{{x}}\n=== user ===\n",
            "prompts",
        ),
        ("templates/issue.md.hbs", digestgen::format::DEFAULT_TEMPLATE, "{{nothing}}", "template"),
    ] {
        let path = digest.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, good).unwrap();
        let (checks, code) = doctor(&digest, &[]);
        let own = file.rsplit('/').next().unwrap();
        assert!(check(&checks, name).1.contains(own) && code == 0, "{checks:?}");
        std::fs::write(&path, bad).unwrap();
        let (checks, code) = doctor(&digest, &[]);
        assert_eq!((check(&checks, name).0, code), ("wrong", 2), "{file}");
        std::fs::remove_file(&path).unwrap();
    }
}

#[test]
fn a_run_finds_a_broken_prompt_before_it_asks_anything() {
    let stub = StubModel::start(Vec::new());
    let digest = with_model(&stub, "");
    let folder = digest.path().join("prompts");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("highlights.md"), "x\n=== user ===\n{{nothing}}").unwrap();
    let replay = crate::harness::fixtures().join("demo/web.warc.gz");
    let mut run = digest.command("run");
    let run = run.env("STUB_KEY", KEY).arg("--replay").arg(replay).args(DAYS).assert().code(2);
    run.stderr(contains("highlights.md"));
    assert_eq!(stub.calls(), 0);
}

#[test]
fn key_price_and_endpoint_are_told_without_asking() {
    let stub = StubModel::start(Vec::new());
    let digest = with_model(&stub, "[model.triage]\nname = \"small\"\n");
    let (checks, code) = doctor(&digest, &[]);
    assert_eq!(code, 0, "{checks:?}");
    let (_, model) = check(&checks, "model");
    assert!(model.contains(&stub.base_url) && model.contains("small for the triage"), "{model}");
    assert_eq!(check(&checks, "key"), ("ok", "STUB_KEY is set"));
    assert!(check(&checks, "probe").1.contains("was not asked"));
    let (checks, code) = doctor(&digest, &["--probe", "--offline"]);
    assert!(check(&checks, "probe").1.contains("left out") && code == 0);
    assert_eq!(stub.calls(), 0);
    let without = digest.command("doctor").args(["--probe", "--json"]).assert().code(2);
    without.stdout(contains("STUB_KEY is not set")).stdout(contains("there is no key to ask with"));
    let far = Digest::demo_with(|t| {
        format!(
            "{t}\n[model]\nbase_url = \"http://far.example/v1\"\nname = \"m\"\napi_key_env = \"STUB_KEY\"\n"
        )
    });
    let (checks, code) = doctor(&far, &[]);
    assert_eq!(
        (check(&checks, "model").0, check(&checks, "price").0, code),
        ("warning", "warning", 0)
    );
}

#[test]
fn a_probe_tells_level_tokens_and_price_and_counts_for_no_issue() {
    let price = "price = { input = 1.0, output = 10.0 }\nmax_cost = 0.000001\n";
    for (fault, says) in [
        (Fault::None, "level json_schema"),
        (Fault::NoJsonSchema, "level json_object in"),
        (Fault::NoResponseFormat, "it refuses json_schema and json_object"),
    ] {
        let stub = StubModel::start(vec![fault]);
        let digest = with_model(&stub, price);
        let (checks, code) = doctor(&digest, &["--probe"]);
        let (state, detail) = check(&checks, "probe");
        assert_eq!((state, code), ("ok", 0), "{detail}");
        for part in [says, " tokens in", " USD", "counts for no issue"] {
            assert!(detail.contains(part), "{detail}");
        }
        assert!(!digest.path().join(".digestgen").exists());
    }
}

#[test]
fn a_probe_that_fails_says_why_and_what_to_do() {
    for (fault, code, state, says) in [
        (Fault::status(401), 2, "wrong", "(key)"),
        (Fault::status(404), 3, "wrong", "(not_found)"),
        (Fault::Html, 3, "wrong", "(not_an_answer)"),
        (Fault::WrongSchema, 0, "warning", "but "),
        (Fault::Blank, 0, "warning", "no words"),
        (Fault::status(503), 0, "ok", "answered"),
    ] {
        let stub = StubModel::start(vec![fault]);
        let digest = with_model(&stub, "");
        let (checks, exit) = doctor(&digest, &["--probe"]);
        let (found, detail) = check(&checks, "probe");
        assert_eq!((found, exit), (state, code), "{detail}");
        assert!(detail.contains(says), "{detail}");
    }
}
