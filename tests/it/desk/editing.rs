//! Edits at the desk: in the file, in the record, and beside what others write.

use digestgen::format::Field;
use digestgen::pipeline::desk::DeskError;
use digestgen::review::edit::{Edit, Target};
use digestgen::review::record::What;
use digestgen::store::lock;

use super::{conflict, desk, extractive, now, record, replace, text_of};

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

#[test]
fn a_target_that_is_gone_is_said_so() {
    let digest = extractive();
    let desk = desk(&digest);
    let at = Target { entry: Some("https://nowhere.example/".into()), field: Field::Title };
    let edit = Edit::Replace { at, base: "甲".into(), text: "乙".into() };
    assert_eq!(conflict(desk.apply(&edit, "编者", now(1))).theirs, None);
    assert!(!digest.folder().join("review.jsonl").exists());
    assert!(desk.view().unwrap().undo.as_ref().is_none_or(|u| u.what != What::Edit));
}

#[test]
fn what_is_added_is_the_editors_and_goes_back() {
    let digest = extractive();
    let desk = desk(&digest);
    let before = digest.issue();
    let view = desk.view().unwrap();
    let piece = |field: Field| {
        let key = &view.entries[0].key;
        let is = |p: &&digestgen::review::edit::Piece| {
            p.at.entry.as_ref() == Some(key) && p.at.field == field
        };
        view.pieces.iter().find(is).unwrap().clone()
    };
    let point = piece(Field::Point { point: 1 });
    let edit = Edit::Add {
        after: point.at,
        base: point.text,
        heading: Some("编者的要点".into()),
        lead: "引语".into(),
        text: "编者*加*的一条。".into(),
    };
    desk.apply(&edit, "编者", now(1)).unwrap();
    let text = digest.issue();
    assert!(text.contains(" - **编者的要点**\n    - **引语**：编者\\*加\\*的一条。\n"), "{text}");
    let added = text_of(&desk.view().unwrap(), Field::Detail { point: 2, detail: 1 });
    assert_eq!(added.origin, Some(digestgen::verify::Origin::Editor));
    desk.undo("编者", now(2)).unwrap();
    assert_eq!(digest.issue(), before);
}

#[test]
fn a_section_is_named_anew_and_its_entries_stay() {
    let digest = extractive();
    let desk = desk(&digest);
    let view = desk.view().unwrap();
    let at = Target { entry: None, field: Field::SectionTitle { section: 2 } };
    let base = view.issue.sections[1].title.clone();
    let edit = Edit::Replace { at: at.clone(), base: base.clone(), text: "模型".into() };
    desk.apply(&edit, "编者", now(1)).unwrap();
    assert!(digest.issue().contains("## 2. 模型\n"));
    let after = desk.view().unwrap();
    assert_eq!(after.issue.sections[1].entries.len(), view.issue.sections[1].entries.len());
    // two sections of one title could not be told apart
    let first = Target { entry: None, field: Field::SectionTitle { section: 1 } };
    let base = after.issue.sections[0].title.clone();
    let same = Edit::Replace { at: first, base, text: "模型".into() };
    assert!(desk.apply(&same, "编者", now(2)).is_err());
}
