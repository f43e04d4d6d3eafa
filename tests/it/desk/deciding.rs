//! Findings that are decided, once, before an approval.

use digestgen::format::Field;
use digestgen::pipeline::desk::{Acceptance, DeskError};
use digestgen::review::edit::Target;
use digestgen::review::queue::Why;
use digestgen::review::record::Reason;
use predicates::str::contains;

use super::{DAYS, desk, extractive, now, record, replace, text_of, with_red};

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
    let next = || desk.view().unwrap().queue.items.iter().find(|i| i.forced).cloned();
    while let Some(item) = next() {
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
fn a_highlight_that_repeats_a_sentence_is_decided_with_it() {
    let (digest, _stub) = with_red();
    let desk = desk(&digest);
    // The editor lets the highlight say what the sentence says.
    let view = desk.view().unwrap();
    let sentence = text_of(&view, Field::Sentence { sentence: 1 });
    let line = view.entries[0].highlight.unwrap();
    let at = Target { entry: None, field: Field::HighlightText { line } };
    let own = view.texts.iter().find(|t| t.at == at).unwrap();
    if own.text != sentence.text {
        desk.apply(&replace(own, &sentence.text), "编者", now(1)).unwrap();
    }
    let view = desk.view().unwrap();
    let items = view.queue.items.iter().filter(|i| i.text.text == sentence.text);
    let items: Vec<_> = items.collect();
    let machine = view.texts.iter().find(|t| t.at == at).unwrap().is_machine();
    assert!(!items.is_empty());
    if machine {
        assert_eq!((items.len(), items[0].also.as_slice()), (1, [at.clone()].as_slice()));
    }
    let forced = view.queue.forced;
    let acceptance = Acceptance {
        at: sentence.at.clone(),
        text: sentence.text.clone(),
        findings: Vec::new(),
        reason: Reason::Checked,
        note: None,
    };
    desk.accept(&acceptance, "编者", now(2)).unwrap();
    let after = desk.view().unwrap();
    assert_eq!(after.queue.forced, forced - 1);
    assert!(after.queue.items.iter().all(|i| i.text.text != sentence.text || !i.forced));
    desk.undo("编者", now(3)).unwrap();
    assert_eq!(desk.view().unwrap().queue.forced, forced);
}
