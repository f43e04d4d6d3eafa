//! Highlights by a model, against the stub.

use digestgen::summarize::model::write;
use digestgen::summarize::{Entry, highlights};
use serde_json::json;

use crate::model_bench::Bench;
use crate::stub_model::Fault;
use crate::writer::{CHINESE, EDITION, ENGLISH, article, prompts, story, written};

async fn entries(bench: &Bench) -> Vec<Entry> {
    let mut out = Vec::new();
    for (id, title, language, text) in [
        ("one", "观澜实验室发布开放权重的微光-3模型", "zh", CHINESE),
        ("two", "Open gripper", "en", ENGLISH),
    ] {
        let own = article(title, language, text);
        let mut got = written(bench, &[&own]).await.unwrap();
        got.entry.story = id.into();
        out.push(got.entry);
    }
    out
}

#[tokio::test]
async fn highlights_rest_on_their_own_entry() {
    let bench = Bench::new(vec![]);
    let entries = entries(&bench).await;
    let all: Vec<&Entry> = entries.iter().collect();
    let model = bench.model();
    let got = highlights::write(&model, &prompts(), &EDITION, &all).await;
    assert_eq!(bench.stub.calls(), 3);
    for entry in &entries {
        let highlight = got[&entry.story].as_ref().unwrap();
        assert_ne!(highlight.headline, entry.title);
        let first = entry.summary[0].evidence.as_ref().unwrap();
        assert_eq!(highlight.claim.evidence.as_ref().unwrap(), first);
    }
    // Another entry less: the one that stays is neither paid for nor written again.
    let fewer = highlights::write(&model, &prompts(), &EDITION, &all[..1]).await;
    assert_eq!(fewer["one"], got["one"]);
    assert_eq!(bench.stub.calls(), 3);
}

#[tokio::test]
async fn swapped_and_missing_highlights_are_asked_again_alone() {
    let bench = Bench::new(vec![]);
    let entries = entries(&bench).await;
    let all: Vec<&Entry> = entries.iter().collect();
    bench.stub.fail_next([Fault::twist(|answer| {
        let list = answer["highlights"].as_array_mut().unwrap();
        list.retain(|item| item["id"] != "e2");
        list[0]["text"] = json!("港口城市启用自动驾驶公交，首条线路全长十二公里。");
        list.push(json!({"id": "e9", "headline": "x", "text": "y", "claims": ["e9.c1"]}));
    })]);
    let got = highlights::write(&bench.model(), &prompts(), &EDITION, &all).await;
    assert!(got.values().all(Result::is_ok), "{got:?}");
    assert_eq!(got.len(), 2);
    assert_eq!(bench.stub.calls(), 2 + 1 + 2);
}

#[tokio::test]
async fn a_run_that_goes_on_asks_alone_what_was_to_be_asked_alone() {
    let bench = Bench::new(vec![]);
    let entries = entries(&bench).await;
    let all: Vec<&Entry> = entries.iter().collect();
    // One answer for both that has neither, then an endpoint that is gone: as after a crash.
    let empty = Fault::twist(|answer| answer["highlights"] = json!([]));
    bench.stub.fail_next([empty, Fault::status(401)]);
    let got = highlights::write(&bench.model(), &prompts(), &EDITION, &all).await;
    assert!(got.values().all(Result::is_err), "{got:?}");
    let calls = bench.stub.calls();
    let got = highlights::write(&bench.model(), &prompts(), &EDITION, &all).await;
    assert!(got.values().all(Result::is_ok), "{got:?}");
    assert_eq!(bench.stub.calls(), calls + 2);
    for seen in &bench.stub.seen()[calls..] {
        assert!(seen.message(1).contains("[e1]") && !seen.message(1).contains("[e2]"));
    }
}

#[tokio::test]
async fn highlights_that_exchange_their_ids_are_not_taken() {
    let swap = |answer: &mut serde_json::Value| {
        let list = answer["highlights"].as_array_mut().unwrap();
        for (own, other) in [(0, "e2"), (1, "e1")] {
            list[own]["id"] = json!(other);
            list[own]["claims"] = json!([format!("{other}.c1")]);
        }
    };
    let bench = Bench::new(vec![]);
    let mut entries = Vec::new();
    let second = "港口机器人公司周六公开了夹爪的设计文件，夹爪重900克。它能举起12千克的物体，手指不用摄像头就能适应形状。\n四所大学测试了六个月。公司称，一台的制造成本为480美元。";
    for (id, title, text) in [
        ("one", "观澜实验室发布开放权重的微光-3模型", CHINESE),
        ("two", "港口机器人公司公开夹爪的设计文件", second),
    ] {
        let own = article(title, "zh", text);
        let mut got = written(&bench, &[&own]).await.unwrap();
        got.entry.story = id.into();
        entries.push(got.entry);
    }
    let all: Vec<&Entry> = entries.iter().collect();
    let calls = bench.stub.calls();
    bench.stub.fail_next([Fault::twist(swap)]);
    let got = highlights::write(&bench.model(), &prompts(), &EDITION, &all).await;
    assert_eq!(bench.stub.calls(), calls + 1 + 2, "each was asked again alone");
    for entry in &entries {
        let highlight = got[&entry.story].as_ref().unwrap();
        assert_eq!(highlight.claim.text, entry.summary[0].text);
    }
}

#[tokio::test]
async fn a_highlight_that_never_comes_is_a_gap() {
    let bench = Bench::new(vec![Fault::LeaveOut(vec!["e1"])]);
    let entries = entries(&bench).await;
    let all: Vec<&Entry> = entries.iter().collect();
    let got = highlights::write(&bench.model(), &prompts(), &EDITION, &all).await;
    assert_eq!(got["one"].as_ref().unwrap_err().reason, "missing");
    assert!(got["two"].is_ok());
}

#[tokio::test]
async fn an_outage_leaves_gaps_and_no_placeholders() {
    let entries = entries(&Bench::new(vec![])).await;
    let all: Vec<&Entry> = entries.iter().collect();
    let bench = Bench::new(vec![Fault::status(503); 5]);
    let got = highlights::write(&bench.model(), &prompts(), &EDITION, &all).await;
    assert_eq!(bench.stub.calls(), 5);
    for gap in got.values() {
        assert_eq!(gap.as_ref().unwrap_err().reason, "server");
    }
    let mended = Bench::new(vec![Fault::Truncated]);
    let got = highlights::write(&mended.model(), &prompts(), &EDITION, &all).await;
    assert!(got.values().all(Result::is_ok));
    assert_eq!(mended.stub.calls(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn writing_can_be_a_task_of_its_own() {
    let bench = Bench::new(vec![]);
    let model = bench.model();
    let task = tokio::spawn(async move {
        let own = article("观澜实验室发布开放权重的微光-3模型", "zh", CHINESE);
        let (prompts, story) = (prompts(), story());
        let got = write(&model, &prompts, &story, &[&own], &EDITION, None, &|_| vec![]).await;
        let entry = got.unwrap().entry;
        highlights::write(&model, &prompts, &EDITION, &[&entry]).await
    });
    assert!(task.await.unwrap()["story-1"].is_ok());
}
