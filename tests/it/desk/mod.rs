//! The editor's desk: what is shown, and that nothing is lost that anybody decided.

mod back;
mod candidates;
mod deciding;
mod editing;
mod rewriting;

use std::sync::Arc;

use digestgen::config::Config;
use digestgen::format::Field;
use digestgen::pipeline::desk::{Desk, DeskError, View};
use digestgen::review::Checked;
use digestgen::review::edit::{Conflict, Edit, EditError};
use digestgen::store::Store;
use digestgen::verify::Origin;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::harness::{Digest, drafted_once};
use crate::stub_model::{Fault, StubModel};

const DAYS: [&str; 4] = ["--from", "2026-01-03", "--to", "2026-01-04"];
const ISSUE: &str = "2026-01-03_2026-01-04";

fn now(second: i64) -> Timestamp {
    Timestamp::from_second(1_767_571_200 + second).unwrap()
}

fn config(digest: &Digest) -> Config {
    let path = digest.path().join("digest.toml");
    Config::parse(&path, &std::fs::read_to_string(&path).unwrap()).unwrap()
}

fn store(digest: &Digest) -> Arc<Store> {
    Arc::new(Store::open(&digest.path().join(".digestgen")).unwrap())
}

fn desk(digest: &Digest) -> Desk {
    Desk::open(&config(digest), digest.path(), store(digest), ISSUE, "the test").unwrap()
}

/// The demo's issue, drafted without a model.
fn extractive() -> Digest {
    drafted_once("desk", || {
        let digest = Digest::demo_with(str::to_owned);
        digest.run(&DAYS).success();
        digest
    })
}

/// A model that puts a number that no source has into the first sentence of each entry.
fn with_red() -> (Digest, StubModel) {
    let stub = StubModel::start(Vec::new());
    let twist = |answer: &mut Value| {
        if let Some(text) = answer["summary"][0]["text"].as_str() {
            let text = format!("{}，另有987654人。", text.trim_end_matches('。'));
            answer["summary"][0]["text"] = json!(text);
        }
    };
    stub.fail_next(std::iter::repeat_with(|| Fault::twist(twist)).take(60));
    let table = format!(
        "\n[model]\nbase_url = \"{}\"\nname = \"stub\"\napi_key_env = \"\"\n",
        stub.base_url
    );
    let digest = Digest::demo_with(|t| format!("{t}{table}"));
    digest.run(&DAYS).success();
    (digest, stub)
}

/// A text of the first entry.
fn text_of(view: &View, field: Field) -> Checked {
    let key = &view.entries[0].key;
    let is = |t: &&Checked| t.at.entry.as_ref() == Some(key) && t.at.field == field;
    view.texts.iter().find(is).unwrap().clone()
}

fn replace(text: &Checked, new: &str) -> Edit {
    Edit::Replace { at: text.at.clone(), base: text.text.clone(), text: new.to_owned() }
}

fn record(digest: &Digest) -> Vec<Value> {
    let lines = digest.file("review.jsonl");
    lines.lines().map(|l| serde_json::from_str(l).unwrap()).collect()
}

fn conflict(result: Result<impl std::fmt::Debug, DeskError>) -> Conflict {
    match result {
        Err(DeskError::Edit(EditError::Conflict(conflict))) => conflict,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_issue_is_shown_with_all_that_is_known() {
    let digest = extractive();
    let view = desk(&digest).view().unwrap();
    assert_eq!((view.entries.len(), view.queue.forced), (10, 0));
    assert!(view.entries.iter().all(|e| e.highlight.is_some() && !e.articles.is_empty()));
    assert_eq!(view.markdown, digest.issue());
    assert!(view.left_out.iter().all(|c| !c.reason.is_empty()) && !view.left_out.is_empty());
    let claims = view.texts.iter().filter(|t| t.origin == Some(Origin::Extractive));
    let mut shown = 0;
    for claim in claims {
        let sides = view.sides(claim);
        assert!(sides.sentences.iter().all(|s| s.quote.is_some()), "{}", claim.text);
        assert!(sides.parts.iter().all(|p| !p.at.is_empty()), "{} {sides:?}", claim.text);
        shown += 1;
    }
    assert!(shown > 40, "{shown}");
    for text in &view.texts {
        let piece = view.pieces.iter().find(|p| p.at == text.at);
        assert_eq!(piece.map(|p| p.text.trim_end()), Some(text.text.trim_end()), "{:?}", text.at);
    }
}

#[test]
fn what_is_remembered_of_a_view_is_never_shown_for_another_state() {
    let digest = extractive();
    let desk = desk(&digest);
    let first = desk.view().unwrap();
    assert!(Arc::ptr_eq(&first, &desk.view().unwrap()), "nothing changed, nothing is read again");
    let path = digest.folder().join("issue.md");
    let title = text_of(&first, Field::Title);
    let another = digest.issue().replacen(&title.text, "另一个程序的标题", 1);
    std::fs::write(&path, &another).unwrap();
    assert_eq!(desk.view().unwrap().markdown, another);
    std::fs::write(&path, &first.markdown).unwrap();
    assert_eq!(text_of(&desk.view().unwrap(), Field::Title).text, title.text);
    // The account and the record are part of what is shown.
    let mut report = digest.report();
    report["candidates"].as_array_mut().unwrap().clear();
    std::fs::write(digest.folder().join("report.json"), report.to_string()).unwrap();
    assert!(desk.view().unwrap().left_out.is_empty());
    desk.mark_read(vec![title.text.clone()], "编者", now(1)).unwrap();
    assert!(desk.view().unwrap().read.contains(&title.text));
}
