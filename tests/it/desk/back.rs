//! Entries that move, go and come back, with their line of the highlights.

use digestgen::format::Field;
use digestgen::pipeline::desk::DeskError;
use digestgen::review::Checked;
use digestgen::review::edit::{Edit, Spot};
use digestgen::verify::Origin;

use super::{DAYS, desk, extractive, now, text_of};

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
    let highlight = piece(line, None);
    let delete = Edit::Delete {
        entry: row.key.clone(),
        base: piece(Field::Entry, Some(&row.key)),
        highlight: Some(highlight.clone()),
    };
    desk.apply(&delete, "编者", now(2)).unwrap();
    let without = desk.view().unwrap();
    assert_eq!((without.entries.len(), without.issue.highlights.len()), (9, 9));
    // it comes back to its section, with its line of the highlights
    desk.bring_back(&row.key, "编者", now(3)).unwrap();
    let back = desk.view().unwrap();
    let place = back.entries.iter().find(|e| e.key == row.key).unwrap();
    assert_eq!(place.section, sections[2]);
    assert_eq!(back.issue.highlights.len(), 10);
    let line = Field::HighlightLine { line: place.highlight.unwrap() };
    let text = back.pieces.iter().find(|p| p.at.field == line).map(|p| p.text.clone());
    assert_eq!(text, Some(highlight));
    desk.undo("编者", now(4)).unwrap();
    assert_eq!(desk.view().unwrap().markdown, without.markdown);
    desk.bring_back(&row.key, "编者", now(5)).unwrap();
    let again = desk.bring_back(&row.key, "编者", now(6));
    assert!(matches!(again, Err(DeskError::Gone)));
    let back = desk.view().unwrap();
    // its claims rest on their evidence again
    let own = |t: &&Checked| t.at.entry.as_ref() == Some(&row.key) && !t.evidence.is_empty();
    assert_eq!(back.texts.iter().find(own).unwrap().origin, Some(Origin::Extractive));
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
