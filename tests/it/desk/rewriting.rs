//! Sentences that the model writes anew, and what editors made of its text.

use std::collections::BTreeMap;

use digestgen::format::Field;
use digestgen::model::{Model, Prompts};
use digestgen::pipeline::desk::Wish;
use digestgen::summarize::model::Edition;
use digestgen::verify::Origin;
use secrecy::SecretString;
use serde_json::{Value, json};

use super::{DAYS, config, conflict, desk, now, record, replace, store, text_of, with_red};
use crate::harness::Digest;

fn model(digest: &Digest) -> Model {
    let options = config(digest).model.unwrap();
    Model::new(options, SecretString::from(String::new()), store(digest), "ai/rewrite").unwrap()
}

#[tokio::test]
async fn a_sentence_is_written_anew_and_keeps_its_evidence() {
    let (digest, stub) = with_red();
    stub.fail_next(Vec::new());
    let desk = desk(&digest);
    let view = desk.view().unwrap();
    let sentence = text_of(&view, Field::Sentence { sentence: 1 });
    let finding = sentence.findings.iter().find(|f| f.text.contains("987654")).unwrap();
    let wish = Wish {
        at: sentence.at.clone(),
        base: sentence.text.clone(),
        finding: Some(finding.into()),
        instruction: Some("去掉这个数字".into()),
    };
    let (model, prompts) = (model(&digest), Prompts::new(&BTreeMap::new()).unwrap());
    let edition = Edition { title: "周报", about: "模型", language: "zh-CN" };
    let proposal = desk.rewrite(&model, &prompts, &edition, &wish).await.unwrap();
    assert!(digest.issue().contains("987654"), "nothing is written before it is taken");
    let asked = stub.calls();
    let again = desk.rewrite(&model, &prompts, &edition, &wish).await.unwrap();
    assert_eq!((again.id.as_str(), stub.calls()), (proposal.id.as_str(), asked), "paid once");
    let user = stub.seen().last().unwrap().message(1).to_owned();
    assert!(user.contains("去掉这个数字") && user.contains("987654"));
    let forced = view.queue.forced;
    desk.take(&proposal.id, "编者", now(1)).unwrap();
    let view = desk.view().unwrap();
    let taken = text_of(&view, Field::Sentence { sentence: 1 });
    assert_eq!(taken.text, proposal.claim.text);
    assert_eq!(taken.origin, Some(Origin::Model));
    assert_eq!(Some(&taken.evidence), proposal.claim.evidence.as_ref());
    assert_eq!(view.queue.forced, forced - 1);
    // the evidence survives a re-run and is pinned by the approval
    digest.run(&DAYS).success();
    let after = text_of(&desk.view().unwrap(), Field::Sentence { sentence: 1 });
    assert_eq!((after.text, after.evidence), (taken.text, taken.evidence));
    let line = record(&digest).pop().unwrap();
    assert_eq!((line["what"].as_str(), line["model"].as_str()), (Some("rewrite"), Some("stub")));
    // an old proposal is a conflict, not a loss
    let own = text_of(&desk.view().unwrap(), Field::Sentence { sentence: 1 });
    desk.apply(&replace(&own, "编者自己的一句。"), "编者", now(2)).unwrap();
    conflict(desk.take(&proposal.id, "编者", now(2)));
}

#[test]
fn cases_hold_both_texts_with_what_the_machine_rested_on() {
    let (digest, _stub) = with_red();
    let desk = desk(&digest);
    let view = desk.view().unwrap();
    let sentence = text_of(&view, Field::Sentence { sentence: 1 });
    desk.apply(&replace(&sentence, "第一稿。"), "编者", now(1)).unwrap();
    let first = text_of(&desk.view().unwrap(), Field::Sentence { sentence: 1 });
    desk.apply(&replace(&first, "第二稿。"), "编者", now(2)).unwrap();
    let title = text_of(&view, Field::Title);
    let path = digest.folder().join("issue.md");
    let heading = format!("### **{}**", title.text);
    std::fs::write(&path, digest.issue().replace(&heading, "### **另一个程序的标题**")).unwrap();
    let out = digest.command("cases").assert().success().get_output().stdout.clone();
    let cases: Vec<Value> =
        String::from_utf8(out).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(cases.len(), 2, "{cases:?}");
    assert_eq!(
        (&cases[0]["machine"], &cases[0]["editor"]),
        (&json!(sentence.text), &json!("第二稿。"))
    );
    assert_eq!(cases[0]["field"]["kind"], "sentence");
    assert_eq!((&cases[0]["model"], &cases[0]["seen"]), (&json!("stub"), &json!("record")));
    assert!(cases[0]["prompt"].as_str().is_some_and(|p| p.len() == 16));
    assert!(!cases[0]["evidence"].as_array().unwrap().is_empty());
    assert!(!cases[0]["findings"].as_array().unwrap().is_empty());
    assert_eq!(cases[1]["editor"], "另一个程序的标题");
    assert_eq!(cases[1]["seen"], "difference");
}
