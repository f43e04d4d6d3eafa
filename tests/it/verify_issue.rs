//! The checks on an issue of ten entries, as a good editor writes them from the demo's articles:
//! numbers, units, dates and names in other spellings than the source, across languages. What is
//! true raises no false alarm, what was planted is found.

use std::fs;

use digestgen::{extract, verify};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::harness::fixtures;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// Files below `fixtures/demo/web`.
    sources: Vec<String>,
    published: String,
    #[serde(rename = "true")]
    holds: Vec<String>,
    /// A sentence with one error, and the kind of finding it must raise.
    wrong: Vec<(String, String)>,
}

fn source(file: &str) -> String {
    let html = fs::read_to_string(fixtures().join("demo/web").join(file)).unwrap();
    let url = format!("https://{file}");
    let page = extract::stage(json!({"id": file, "url": url, "html": html})).unwrap();
    page["text"].as_str().unwrap().to_owned()
}

fn findings(entry: &Entry, source: &str, claim: &str) -> Vec<Value> {
    let row = json!({"id": 1, "source": source, "claim": claim, "published": entry.published});
    verify::stage(row).unwrap()["findings"].as_array().unwrap().clone()
}

#[test]
fn a_true_issue_is_left_alone_and_planted_errors_are_found() {
    let text = fs::read_to_string(fixtures().join("issue_claims/claims.json")).unwrap();
    let entries: Vec<Entry> = serde_json::from_str(&text).unwrap();
    assert_eq!(entries.len(), 10);
    let (mut alarms, mut missed) = (Vec::new(), Vec::new());
    let (mut claims, mut planted) = (0, 0);
    for entry in &entries {
        let texts: Vec<String> = entry.sources.iter().map(|file| source(file)).collect();
        let all = texts.join("\n");
        for claim in &entry.holds {
            claims += 1;
            let red = findings(entry, &all, claim);
            let red = red.into_iter().filter(|f| f["severity"] == "red");
            alarms.extend(red.map(|f| format!("{claim}\n   {}: {}", f["text"], f["note"])));
        }
        for (claim, kind) in &entry.wrong {
            planted += 1;
            let found = findings(entry, &all, claim);
            if !found.iter().any(|f| f["kind"] == **kind) {
                missed.push(format!("{claim} ({kind}): {found:?}"));
            }
        }
    }
    assert!(claims >= 55 && planted >= 20, "{claims} claims, {planted} planted");
    assert!(alarms.len() <= 1, "{} of {claims}:\n{}", alarms.len(), alarms.join("\n"));
    // What is missed: a version number behind a name of words (微光-4) where the source has that
    // number elsewhere, and a unit of a number that stands elsewhere without one.
    let most = planted / 8;
    assert!(missed.len() <= most, "{} of {planted}:\n{}", missed.len(), missed.join("\n"));
}
