//! The editor's desk: what is shown, and that nothing is lost that anybody decided.

use std::collections::BTreeMap;
use std::sync::Arc;

use digestgen::config::Config;
use digestgen::format::Field;
use digestgen::model::{Model, Prompts};
use digestgen::pipeline::desk::{Acceptance, Desk, DeskError, View, Wish};
use digestgen::review::Checked;
use digestgen::review::edit::{Conflict, Edit, EditError, Spot, Target};
use digestgen::review::queue::Why;
use digestgen::review::record::{Reason, What};
use digestgen::store::{Store, lock};
use digestgen::summarize::model::Edition;
use digestgen::verify::Origin;
use jiff::Timestamp;
use predicates::str::contains;
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::harness::Digest;
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

fn extractive() -> Digest {
    let digest = Digest::demo_with(str::to_owned);
    digest.run(&DAYS).success();
    digest
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
fn an_edit_changes_its_line_is_recorded_and_goes_back() {
    let digest = extractive();
    let desk = desk(&digest);
    let before = digest.issue();
    let title = text_of(&desk.view().unwrap(), Field::Title);
    desk.apply(&replace(&title, "编者的*标题*"), "编者", now(1)).unwrap();
    let after = digest.issue();
    assert!(after.contains("### **编者的\\*标题\\***"));
    let kept = |a: &str, b: &str| a.lines().filter(|l| !b.lines().any(|x| x == *l)).count();
    assert_eq!((kept(&before, &after), kept(&after, &before)), (1, 1));
    let line = &record(&digest)[0];
    assert_eq!(line["what"], "edit");
    assert_eq!(line["before"], title.text);
    assert_eq!(line["draft"], digestgen::text::hash::sha256_hex(after.as_bytes()));
    assert_eq!(line["draft_before"], digestgen::text::hash::sha256_hex(before.as_bytes()));
    // who still sees the old title is told both texts
    let told = conflict(desk.apply(&replace(&title, "别人的标题"), "二", now(2)));
    assert_eq!(told.theirs.as_deref(), Some("编者的*标题*"));
    assert_eq!(told.mine.as_deref(), Some("别人的标题"));
    desk.undo("编者", now(3)).unwrap();
    assert_eq!(digest.issue(), before);
    assert!(matches!(desk.undo("编者", now(4)), Err(DeskError::NothingToUndo)));
}

#[test]
fn undo_leaves_what_another_program_wrote() {
    let digest = extractive();
    let desk = desk(&digest);
    let before = digest.issue();
    let view = desk.view().unwrap();
    let title = text_of(&view, Field::Title);
    desk.apply(&replace(&title, "编者的标题"), "编者", now(1)).unwrap();
    let path = digest.folder().join("issue.md");
    let outside = |text: &str| text.replacen("## 拓展阅读", "一条赞助\n\n## 拓展阅读", 1);
    std::fs::write(&path, outside(&digest.issue())).unwrap();
    desk.undo("编者", now(2)).unwrap();
    assert_eq!(digest.issue(), outside(&before));
    desk.apply(&replace(&title, "第二个标题"), "编者", now(3)).unwrap();
    std::fs::write(&path, digest.issue().replace("第二个标题", "第三个标题")).unwrap();
    conflict(desk.undo("编者", now(4)));
    assert!(digest.issue().contains("第三个标题"));
}

#[test]
fn entries_move_go_and_come_back() {
    let digest = extractive();
    let desk = desk(&digest);
    let view = desk.view().unwrap();
    let row = view.entries[0].clone();
    let sections: Vec<&str> = view.issue.sections.iter().map(|s| s.title.as_str()).collect();
    let from = Spot { section: row.section.clone(), after: row.after.clone() };
    let to = Spot { section: sections[2].to_owned(), after: None };
    desk.apply(&Edit::Move { entry: row.key.clone(), from, to }, "编者", now(1)).unwrap();
    let moved = desk.view().unwrap();
    let place = moved.entries.iter().find(|e| e.key == row.key).unwrap();
    assert_eq!((place.section.as_str(), &place.after), (sections[2], &None));
    let piece = |field: Field, entry: Option<&String>| {
        let is = |p: &&digestgen::review::edit::Piece| {
            p.at.field == field && p.at.entry.as_ref() == entry
        };
        moved.pieces.iter().find(is).unwrap().text.clone()
    };
    let line = Field::HighlightLine { line: place.highlight.unwrap() };
    let delete = Edit::Delete {
        entry: row.key.clone(),
        base: piece(Field::Entry, Some(&row.key)),
        highlight: Some(piece(line, None)),
    };
    desk.apply(&delete, "编者", now(2)).unwrap();
    let without = desk.view().unwrap();
    assert_eq!((without.entries.len(), without.issue.highlights.len()), (9, 9));
    let gone = without.deleted.iter().find(|d| d.key == row.key).unwrap();
    let restore = Edit::Restore {
        text: gone.text.clone(),
        to: Spot { section: sections[0].to_owned(), after: None },
        highlight: None,
    };
    desk.apply(&restore, "编者", now(3)).unwrap();
    let back = desk.view().unwrap();
    assert_eq!(back.entries[0].key, row.key);
    // its claims rest on their evidence again
    assert_eq!(text_of(&back, Field::Sentence { sentence: 1 }).origin, Some(Origin::Extractive));
}

#[test]
fn an_editors_text_is_checked_and_never_blocks() {
    let digest = extractive();
    let desk = desk(&digest);
    let view = desk.view().unwrap();
    let key = view.entries[0].key.clone();
    let text = "该公司另有987654名员工。";
    let recheck = desk.recheck(&key, text).unwrap();
    assert!(recheck.findings.iter().any(|f| f.text.contains("987654")), "{recheck:?}");
    let sentence = text_of(&view, Field::Sentence { sentence: 1 });
    desk.apply(&replace(&sentence, text), "编者", now(1)).unwrap();
    let view = desk.view().unwrap();
    assert_eq!(view.queue.forced, 0);
    assert!(view.queue.items.iter().any(|i| i.text.text == text && i.why == Why::Amber));
    desk.approve(&view.version, "编者", now(2)).unwrap();
    assert!(desk.view().unwrap().approval.current);
}

#[test]
fn red_findings_are_decided_before_an_approval_and_only_once() {
    let (digest, _stub) = with_red();
    let desk = desk(&digest);
    let view = desk.view().unwrap();
    assert!(view.queue.forced >= 10, "{}", view.queue.forced);
    assert!(view.queue.items.windows(2).all(|w| w[0].why <= w[1].why));
    let refused = desk.approve(&view.version, "编者", now(1));
    assert!(matches!(refused, Err(DeskError::Unresolved(n)) if n == view.queue.forced));
    // what says the same and rests on the same is decided with it
    while let Some(item) = desk.view().unwrap().queue.items.into_iter().find(|i| i.forced) {
        let acceptance = Acceptance {
            at: item.text.at.clone(),
            text: item.text.text.clone(),
            findings: Vec::new(),
            reason: Reason::Checked,
            note: Some("电话核实".into()),
        };
        assert!(desk.accept(&acceptance, "编者", now(2)).unwrap() > 0);
        let again = desk.accept(&acceptance, "编者", now(2));
        assert!(matches!(again, Err(DeskError::Gone)));
    }
    assert_eq!(desk.view().unwrap().queue.forced, 0);
    // one acceptance is taken back and given again
    desk.undo("编者", now(3)).unwrap();
    let view = desk.view().unwrap();
    assert_eq!(view.queue.forced, 1);
    let last = view.queue.items.iter().find(|i| i.forced).unwrap();
    let acceptance = Acceptance {
        at: last.text.at.clone(),
        text: last.text.text.clone(),
        findings: Vec::new(),
        reason: Reason::Rounding,
        note: None,
    };
    desk.accept(&acceptance, "编者", now(4)).unwrap();
    desk.approve(&view.version, "编者", now(5)).unwrap();
    let line = record(&digest).pop().unwrap();
    assert_eq!((line["what"].as_str(), line["open"]["red"].as_u64()), (Some("approve"), Some(0)));
    assert!(line["accepted"].as_array().unwrap().len() >= 10);
    // a re-run and a small change leave what was decided
    digest.run(&DAYS).success();
    let view = desk.view().unwrap();
    assert_eq!(view.queue.forced, 0);
    let title = text_of(&view, Field::Title);
    desk.apply(&replace(&title, "编者的标题"), "编者", now(6)).unwrap();
    let view = desk.view().unwrap();
    assert!(!view.approval.current && view.queue.forced == 0);
    let stale = desk.approve("of another text", "编者", now(7));
    assert!(matches!(stale, Err(DeskError::Changed)));
    desk.approve(&view.version, "编者", now(7)).unwrap();
    let shown = digest.command("approve").assert().success();
    shown.stdout(contains("Open findings: 0 red")).stdout(contains("accepted before"));
}

#[test]
fn what_was_read_is_remembered() {
    let digest = extractive();
    let desk = desk(&digest);
    let text = text_of(&desk.view().unwrap(), Field::Sentence { sentence: 1 }).text;
    desk.mark_read(vec![text.clone()], "编者", now(1)).unwrap();
    desk.mark_read(vec![text.clone()], "编者", now(2)).unwrap();
    assert!(desk.view().unwrap().read.contains(&text));
    assert_eq!(record(&digest).len(), 1);
}

#[test]
fn a_draft_that_is_being_written_is_not_touched() {
    let digest = extractive();
    let desk = desk(&digest);
    let title = text_of(&desk.view().unwrap(), Field::Title);
    let held = lock(&digest.path().join(".digestgen"), "draft-ai", "a run").unwrap();
    let refused = desk.apply(&replace(&title, "甲"), "编者", now(1));
    assert!(refused.unwrap_err().to_string().contains("a run"));
    drop(held);
    desk.apply(&replace(&title, "甲"), "编者", now(2)).unwrap();
}

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

#[test]
fn a_deleted_entry_comes_back_after_a_run_with_its_evidence() {
    let digest = extractive();
    let desk = desk(&digest);
    let view = desk.view().unwrap();
    let row = view.entries[0].clone();
    let is = |p: &&digestgen::review::edit::Piece| {
        p.at.field == Field::Entry && p.at.entry.as_ref() == Some(&row.key)
    };
    let base = view.pieces.iter().find(is).unwrap().text.clone();
    let delete = Edit::Delete { entry: row.key.clone(), base, highlight: None };
    desk.apply(&delete, "编者", now(1)).unwrap();
    digest.run(&DAYS).success();
    let without = desk.view().unwrap();
    assert!(without.entries.iter().all(|e| e.key != row.key), "it stays away");
    let gone = without.deleted.iter().find(|d| d.key == row.key).unwrap();
    let to = Spot { section: row.section.clone(), after: None };
    let restore = Edit::Restore { text: gone.text.clone(), to, highlight: None };
    desk.apply(&restore, "编者", now(2)).unwrap();
    let sentence = text_of(&desk.view().unwrap(), Field::Sentence { sentence: 1 });
    assert_eq!(sentence.origin, Some(Origin::Extractive));
    assert!(!sentence.evidence.is_empty());
}

#[test]
fn an_excluded_entry_is_recorded() {
    let digest = extractive();
    let desk = desk(&digest);
    let url = desk.view().unwrap().issue.sections[0].entries[0].link.url.clone();
    desk.exclude(&url, "编者", now(1)).unwrap();
    let view = desk.view().unwrap();
    assert_eq!(view.entries.len(), 9);
    assert!(view.left_out.iter().any(|c| c.url == url && c.reason == "excluded"));
    assert_eq!(record(&digest)[0]["what"], "exclude");
}

#[test]
fn a_target_that_is_gone_is_said_so() {
    let digest = extractive();
    let desk = desk(&digest);
    let at = Target { entry: Some("https://nowhere.example/".into()), field: Field::Title };
    let edit = Edit::Replace { at, base: "甲".into(), text: "乙".into() };
    assert_eq!(conflict(desk.apply(&edit, "编者", now(1))).theirs, None);
    assert!(!digest.folder().join("review.jsonl").exists());
    assert!(desk.view().unwrap().undo.is_none_or(|u| u.what != What::Edit));
}
