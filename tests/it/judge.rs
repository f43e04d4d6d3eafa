//! A model's second look at claims, against the stub.

use digestgen::summarize::Entry;
use digestgen::summarize::judge::{Judged, claims_of, judge};
use digestgen::summarize::model::Gap;
use digestgen::verify::{FindingKind, Origin, Severity};
use predicates::str::contains;
use serde_json::json;

use crate::harness::Digest;
use crate::model_bench::Bench;
use crate::stub_model::{Fault, StubModel};
use crate::writer::{CHINESE, EDITION, article, prompts, written};

const JUDGE: &str = "[judge]\nname = 'judge'";

async fn judged(bench: &Bench, entry: &Entry) -> Result<Judged, Gap> {
    let own = article("观澜实验室发布开放权重的微光-3模型", "zh", CHINESE);
    judge(&bench.model(), &prompts(), &EDITION, entry, &[&own]).await
}

async fn entry(bench: &Bench) -> Entry {
    let own = article("观澜实验室发布开放权重的微光-3模型", "zh", CHINESE);
    written(bench, &[&own]).await.unwrap().entry
}

#[tokio::test]
async fn each_claim_is_shown_with_what_it_cites_and_paid_once() {
    let bench = Bench::with(JUDGE, vec![]);
    let entry = entry(&bench).await;
    assert_eq!(judged(&bench, &entry).await.unwrap(), Judged::default());
    let seen = bench.stub.seen().pop().unwrap();
    assert_eq!(seen.body["model"], "judge");
    let user = seen.message(1);
    assert!(user.contains("[c5] ") && user.matches("  says: ").count() >= 5, "{user}");
    let calls = bench.stub.calls();
    judged(&bench, &entry).await.unwrap();
    assert_eq!(bench.stub.calls(), calls);
}

#[tokio::test]
async fn a_doubt_is_amber_and_its_note_is_plain_prose() {
    let bench = Bench::with(JUDGE, vec![Fault::None]);
    let mut entry = entry(&bench).await;
    bench.stub.fail_next([Fault::twist(|answer| {
        let list = answer["verdicts"].as_array_mut().unwrap();
        list[0] =
            json!({"id": "c1", "holds": false, "note": "原文说的是[周日](https://e.example/)"});
        list[1]["id"] = json!("c99");
        let twice = list[2].clone();
        list.push(twice);
    })]);
    let calls = bench.stub.calls();
    let got = judged(&bench, &entry).await.unwrap();
    assert_eq!(bench.stub.calls(), calls + 2, "the two left out are asked for once more");
    assert!(got.left_out.is_empty() && got.why.is_none(), "{got:?}");
    let again = bench.stub.seen().pop().unwrap().message(1).to_owned();
    assert!(again.contains("[c2] ") && again.contains("[c3] ") && !again.contains("[c1] "));
    let [(0, doubt)] = &got.doubts[..] else { panic!("{got:?}") };
    assert_eq!((doubt.severity, doubt.kind), (Severity::Amber, FindingKind::Judge));
    assert_eq!(doubt.note, "a judge model doubts it: 原文说的是周日");
    let text = claims_of(&mut entry).next().unwrap().text.clone();
    assert_eq!((doubt.span, &doubt.text), ([0, text.chars().count()], &text));
}

#[tokio::test]
async fn what_is_left_out_twice_is_said_to_be_unjudged() {
    let bench = Bench::with(JUDGE, vec![Fault::None]);
    let entry = entry(&bench).await;
    bench.stub.fail_next([
        Fault::twist(|answer| answer["verdicts"].as_array_mut().unwrap().truncate(3)),
        Fault::twist(|answer| answer["verdicts"].as_array_mut().unwrap().truncate(1)),
    ]);
    let calls = bench.stub.calls();
    let got = judged(&bench, &entry).await.unwrap();
    let all = claims_of(&mut entry.clone()).count();
    assert_eq!(got.left_out, (4..all).collect::<Vec<_>>());
    // Both answers are paid for, and neither is asked for again.
    assert_eq!(judged(&bench, &entry).await.unwrap(), got);
    assert_eq!(bench.stub.calls(), calls + 2);
}

#[tokio::test]
async fn what_a_person_wrote_is_not_judged() {
    let bench = Bench::with(JUDGE, vec![]);
    let mut entry = entry(&bench).await;
    claims_of(&mut entry).for_each(|claim| claim.origin = Some(Origin::Editor));
    let calls = bench.stub.calls();
    assert_eq!(judged(&bench, &entry).await.unwrap(), Judged::default());
    assert_eq!(bench.stub.calls(), calls);
}

const DAYS: [&str; 4] = ["--from", "2026-01-03", "--to", "2026-01-04"];

fn digest(stub: &StubModel, more: &str) -> Digest {
    let table = format!(
        "\n[model]\nbase_url = \"{}\"\nname = \"stub\"\napi_key_env = \"\"\n{more}\n",
        stub.base_url
    );
    Digest::demo_with(|t| format!("{t}{table}"))
}

#[test]
fn a_run_judges_only_where_it_is_configured_and_gates_nothing() {
    let plain = StubModel::start(Vec::new());
    let without = digest(&plain, "");
    without.run(&DAYS).success();
    let stub = StubModel::start(Vec::new());
    let with = digest(&stub, "[model.judge]\nname = \"judge\"");
    with.run(&DAYS).success();
    let asked = |s: &StubModel| s.seen().iter().filter(|s| s.body["model"] == "judge").count();
    assert_eq!((asked(&plain), asked(&stub)), (0, 10));
    assert_eq!(with.issue(), without.issue());
    with.run(&DAYS).success();
    assert_eq!(asked(&stub), 10);
}

#[test]
fn a_judge_that_cannot_be_paid_is_a_note_and_not_a_gap() {
    let stub = StubModel::start(Vec::new());
    let more = "max_output = 1000\nprice = { input = 0.1, output = 0.1 }\nmax_cost = 1.0\n
        [model.judge]\nname = \"dear\"\nprice = { input = 100000.0, output = 100000.0 }";
    let digest = digest(&stub, more);
    let run = digest.run(&DAYS).success();
    run.stderr(contains("notes on how entries came about"));
    let notes = digest.report()["notes"].to_string();
    assert_eq!(notes.matches("was not judged").count(), 10, "{notes}");
    assert!(notes.contains("max_cost"));
    assert!(stub.seen().iter().all(|s| s.body["model"] != "dear"));
}
