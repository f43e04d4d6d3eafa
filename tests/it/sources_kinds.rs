//! Kinds of sources: a folder a case under `fixtures/sources`, named `KIND-CASE`: `source.toml`,
//! `answers.json` with the URLs and the files they answer with, `expected.json`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use digestgen::collect::{Listing, Source, SourceResult, collect};
use digestgen::net::{Client, RecordedAnswer, write_recording};
use serde_json::{Value, json};

use crate::harness::fixtures;

fn json_of(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn answer(folder: &Path, row: &Value) -> RecordedAnswer {
    let content_type = row["content_type"].as_str().unwrap_or("text/html");
    RecordedAnswer {
        url: row["url"].as_str().unwrap().to_owned(),
        status: row["status"].as_u64().map_or(200, |s| s.try_into().unwrap()),
        headers: vec![("content-type".into(), content_type.into())],
        body: std::fs::read(folder.join(row["file"].as_str().unwrap())).unwrap(),
        at: "2026-01-05T00:00:00Z".parse().unwrap(),
    }
}

/// Collects the source of a case from its answers alone.
async fn run(folder: &Path) -> SourceResult {
    let text = std::fs::read_to_string(folder.join("source.toml")).unwrap();
    let source: Source = toml::from_str(&text).unwrap();
    let rows = json_of(&folder.join("answers.json"));
    let place = tempfile::tempdir().unwrap();
    let recording = place.path().join("web.warc.gz");
    let answers = rows.as_array().unwrap().iter().map(|row| answer(folder, row));
    write_recording(&recording, answers).unwrap();
    let mut result = collect(&Client::replay(&recording).unwrap(), &source, folder).await;
    result.ms = 0;
    result
}

fn holds(listing: &Listing, want: &Value, name: &str) {
    let got = json!(listing);
    for (key, value) in want.as_object().unwrap() {
        assert_eq!(&got[key], value, "{name}: {key} of {got:#}");
    }
}

fn check(name: &str, result: &SourceResult, want: &Value) {
    assert_eq!(json!(result.status), want["status"], "{name}: {result:?}");
    assert_eq!(json!(result.reason), want["reason"], "{name}: {result:?}");
    let detail = result.detail.as_deref().unwrap_or("");
    let says = want["detail"].as_str();
    match says {
        Some(says) => assert!(detail.contains(says), "{name}: {detail}"),
        None if want["status"] == "ok" => assert_eq!(detail, "", "{name}"),
        None => {}
    }
    assert_eq!(json!(result.listings.len()), want["count"], "{name}: {:#?}", result.listings);
    assert_eq!(json!(result.attempts), want["asked"], "{name}: {detail}");
    for (listing, want) in result.listings.iter().zip(want["listings"].as_array().unwrap()) {
        holds(listing, want, name);
    }
    if want["last"].is_object() {
        holds(result.listings.last().unwrap(), &want["last"], name);
    }
}

#[tokio::test]
async fn every_case_gives_what_it_should() {
    let mut folders: Vec<PathBuf> =
        std::fs::read_dir(fixtures().join("sources")).unwrap().map(|e| e.unwrap().path()).collect();
    folders.sort();
    let mut kinds = BTreeSet::new();
    for folder in folders {
        let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
        kinds.insert(name.split('-').next().unwrap().to_owned());
        let first = run(&folder).await;
        check(&name, &first, &json_of(&folder.join("expected.json")));
        assert_eq!(run(&folder).await, first, "{name}: another answer the second time");
    }
    let all = ["arxiv", "feed", "github", "links", "page", "sitemap"];
    assert_eq!(kinds, all.map(str::to_owned).into(), "each kind has its cases");
}
