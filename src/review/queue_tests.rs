use super::*;
use crate::review::edit::Target;
use crate::review::record::{FindingSeen, Record, What};
use crate::verify::FindingKind;

fn text(entry: &str, sentence: usize, words: &str, findings: &[(Severity, &str)]) -> Checked {
    let finding = |(severity, text): &(Severity, &str)| Finding {
        severity: *severity,
        kind: FindingKind::Number,
        span: [0, 1],
        text: (*text).to_owned(),
        note: String::new(),
    };
    Checked {
        at: Target { entry: Some(entry.into()), field: Field::Sentence { sentence } },
        about: Some(entry.into()),
        text: words.into(),
        origin: Some(Origin::Model),
        evidence: Vec::new(),
        findings: findings.iter().map(finding).collect(),
        sources: vec!["a1".into()],
    }
}

/// The risk of a text whose articles are not at hand.
fn unread(text: &Checked) -> Rated {
    risk(text, &BTreeMap::new())
}

fn order(queue: &Queue) -> Vec<(Why, &str)> {
    queue.items.iter().map(|i| (i.why, i.text.text.as_str())).collect()
}

#[test]
fn red_then_amber_then_risky_and_a_claim_once() {
    let texts = [
        text("e1", 1, "甲", &[(Severity::Amber, "x")]),
        text("e1", 2, "乙", &[(Severity::Red, "1"), (Severity::Red, "2"), (Severity::Amber, "y")]),
        text("e1", 3, "Loom比Weaver快38%，但不支持3种语言。", &[]),
        text("e1", 4, "天气晴朗。", &[]),
        text("e2", 1, "丙", &[(Severity::Red, "3")]),
    ];
    let found = queue(&texts, &Accepted::default(), unread);
    assert_eq!(
        order(&found),
        [
            (Why::Red, "乙"),
            (Why::Red, "丙"),
            (Why::Amber, "甲"),
            (Why::Risky, "Loom比Weaver快38%，但不支持3种语言。")
        ]
    );
    assert_eq!((found.forced, found.items[0].findings.len()), (2, 3));
    assert_eq!(found.items[3].risks, [Risk::Comparison, Risk::Negation, Risk::Numbers]);
}

#[test]
fn accepted_findings_and_an_editors_text_force_nothing() {
    let own = text("e1", 1, "乙", &[(Severity::Red, "1"), (Severity::Red, "2")]);
    let accept = |words: &str| Decision {
        what: What::Accept,
        before: Some("乙".into()),
        finding: Some(FindingSeen { kind: FindingKind::Number, span: [0, 1], text: words.into() }),
        sources: vec!["a1".into()],
        ..Decision::default()
    };
    let record = |lines: &[Decision]| {
        let lines: Vec<String> = lines.iter().map(|d| serde_json::to_string(d).unwrap()).collect();
        Record::read(&lines.join("\n")).accepted()
    };
    let one = queue(std::slice::from_ref(&own), &record(&[accept("1")]), unread);
    assert_eq!(one.forced, 1);
    assert!(one.items[0].findings[0].accepted.is_some());
    let both = queue(std::slice::from_ref(&own), &record(&[accept("1"), accept("2")]), unread);
    assert!(both.items.is_empty() && both.forced == 0);
    let editors = Checked { origin: Some(Origin::Editor), ..own };
    assert_eq!(queue(&[editors], &Accepted::default(), unread).forced, 0);
}

#[test]
fn a_highlight_that_repeats_a_sentence_is_one_decision_with_it() {
    let red = [(Severity::Red, "1")];
    let line = |n, about: &str, findings: &[(Severity, &str)]| Checked {
        at: Target { entry: None, field: Field::HighlightText { line: n } },
        ..text(about, 1, "甲 1", findings)
    };
    let own = |entry| text(entry, 2, "甲 1", &red);
    let found = |texts: &[Checked]| queue(texts, &Accepted::default(), unread);
    let both = found(&[line(1, "e1", &red), own("e1"), own("e2")]);
    assert_eq!((both.forced, both.items.len()), (2, 2));
    assert_eq!(both.items[0].text.at.entry.as_deref(), Some("e1"));
    assert_eq!(both.items[0].also, [line(1, "e1", &red).at]);
    // a finding that the sentence has not is a decision of its own, and so is another entry's line
    let other = [(Severity::Red, "甲")];
    assert_eq!(found(&[line(1, "e1", &other), own("e1")]).forced, 2);
    assert_eq!(found(&[line(1, "e3", &red), own("e1")]).forced, 2);
}

#[test]
fn at_most_three_risky_of_an_entry() {
    let texts: Vec<Checked> = (1..=9)
        .map(|n| text("e1", n, &format!("{n}号比{}号高{n}%，但不如2号。", n + 1), &[]))
        .collect();
    let found = queue(&texts, &Accepted::default(), unread);
    assert_eq!((found.items.len(), found.forced), (3, 0));
}

#[test]
fn words_are_found_as_words() {
    assert!(says("it is not so", "not") && !says("notable", "not") && says("isn't", "n't"));
    assert!(says("outperforms it", "outperform") && says("他不去", "不"));
}
