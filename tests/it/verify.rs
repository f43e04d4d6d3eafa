//! The checks on cases of our own, and, when asked for, on a folder of labelled data.

use std::fs;
use std::path::PathBuf;

use digestgen::text::{Document, Language};
use digestgen::verify::{self, Claim, FindingKind, Options, Origin, Severity, SourceText};
use serde_json::{Value, json};

/// Every `fixtures/verify/<case>/cases.json` is a list of `{source, claim, findings}` (with
/// `published` and `evidence` where they matter); the findings must be these and no others.
#[test]
fn every_case_gives_its_findings() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/verify");
    let (mut seen, mut wrong) = (0, Vec::new());
    for case in fs::read_dir(&folder).unwrap() {
        let path = case.unwrap().path().join("cases.json");
        let rows: Vec<Value> = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        for mut row in rows {
            row["id"] = json!(seen);
            let answer = verify::stage(row.clone()).unwrap();
            assert_eq!(answer["id"], row["id"]);
            let found: Vec<Value> = answer["findings"]
                .as_array()
                .unwrap()
                .iter()
                .map(|f| json!({ "kind": f["kind"], "severity": f["severity"], "text": f["text"] }))
                .collect();
            if json!(found) != row["findings"] {
                wrong.push(format!(
                    "{}: {}\n  found {}",
                    path.display(),
                    row["claim"],
                    json!(found)
                ));
            }
            spans_hold(row["claim"].as_str().unwrap(), &answer);
            seen += 1;
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen > 60, "{seen} cases");
}

/// A finding's span is its text, in code points.
fn spans_hold(claim: &str, answer: &Value) {
    let chars: Vec<char> = claim.chars().collect();
    for finding in answer["findings"].as_array().unwrap() {
        let at = |i: usize| usize::try_from(finding["span"][i].as_u64().unwrap()).unwrap();
        let words: String = chars[at(0)..at(1)].iter().collect();
        assert_eq!(finding["text"], words);
    }
}

fn check(claim: &Claim, text: &str, language: &str) -> Vec<(FindingKind, Severity)> {
    let document = Document::from_text(text);
    let source = SourceText::new("a1", &document);
    let options = Options { language: Some(Language(language.to_owned())) };
    verify::check(claim, &[source], &options).into_iter().map(|f| (f.kind, f.severity)).collect()
}

#[test]
fn the_edition_has_its_language() {
    let claim = |text: &str| Claim { text: text.to_owned(), ..Claim::default() };
    let source = "The harbour museum opened a new wing on Saturday.";
    let english = claim("The harbour museum opened a new wing on Saturday.");
    assert_eq!(check(&english, source, "en"), []);
    assert_eq!(check(&english, source, "zh-CN"), [(FindingKind::Language, Severity::Red)]);
    assert_eq!(check(&claim("海港博物馆周六开放了新馆。"), source, "zh-CN"), []);
}

#[test]
fn a_model_owes_evidence_and_an_editor_is_only_informed() {
    let by = |origin| Claim {
        text: "共有9名工程师参与。".to_owned(),
        origin: Some(origin),
        ..Claim::default()
    };
    let source = "共有7名工程师参与。";
    let number = (FindingKind::Number, Severity::Red);
    let owed = (FindingKind::Evidence, Severity::Red);
    assert_eq!(check(&by(Origin::Model), source, "zh-CN"), [owed, number]);
    assert_eq!(
        check(&by(Origin::Editor), source, "zh-CN"),
        [(FindingKind::Number, Severity::Amber)]
    );
}

#[test]
fn a_line_that_cannot_be_used_is_an_error() {
    assert!(verify::stage(json!({ "id": 1, "claim": "x" })).is_err());
    let undated = json!({ "id": 1, "source": "x", "claim": "x", "published": "soon" });
    assert!(verify::stage(undated).unwrap_err().contains("soon"));
}

/// Writes `<set>.verify.out.jsonl` beside the temporary files for each set of the folder
/// `DIGESTGEN_BENCH`, to be scored there.
#[test]
#[ignore = "needs labelled data: DIGESTGEN_BENCH=FOLDER"]
#[allow(clippy::disallowed_methods)]
fn bench() {
    let folder = PathBuf::from(std::env::var("DIGESTGEN_BENCH").expect("set DIGESTGEN_BENCH"));
    for set in ["numbers", "zh-news", "en-zh", "summedits-news"] {
        let rows = fs::read_to_string(folder.join(format!("verify/{set}.jsonl"))).unwrap();
        let mut out = String::new();
        for row in rows.lines() {
            let row: Value = serde_json::from_str(row).unwrap();
            out.push_str(&verify::stage(row).unwrap().to_string());
            out.push('\n');
        }
        fs::write(std::env::temp_dir().join(format!("{set}.verify.out.jsonl")), out).unwrap();
    }
}
