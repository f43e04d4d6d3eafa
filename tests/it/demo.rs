//! The demo digest: its recording is made from readable files, and its issue is a good one.
//!
//! `UPDATE_FIXTURES=1 cargo test --test it demo::recording` writes `fixtures/demo/web.warc.gz`
//! anew from the files in `fixtures/demo/web/`.

use std::path::{Path, PathBuf};

use digestgen::net::{RecordedAnswer, write_recording};
use serde::Deserialize;

use crate::harness::{Digest, fixtures};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answers {
    recorded: String,
    answer: Vec<Answer>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    url: String,
    status: u16,
    file: Option<String>,
    #[serde(rename = "type")]
    content_type: Option<String>,
    encode: Option<String>,
    location: Option<String>,
}

/// What the files of `web` say the web answers.
pub(crate) fn answers(web: &Path) -> Vec<RecordedAnswer> {
    let text = std::fs::read_to_string(web.join("answers.toml")).unwrap();
    let answers: Answers = toml::from_str(&text).unwrap();
    let at = answers.recorded.parse().unwrap();
    let recorded = answers.answer.into_iter().map(|answer| {
        let body = answer.file.map_or_else(Vec::new, |file| {
            let text = std::fs::read_to_string(web.join(&file)).unwrap();
            match answer.encode.as_deref() {
                None => text.into_bytes(),
                Some(label) => {
                    let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).unwrap();
                    let (bytes, _, lossy) = encoding.encode(&text);
                    assert!(!lossy, "{file} cannot be written in {label}");
                    bytes.into_owned()
                }
            }
        });
        let header = |name: &str, value: Option<String>| value.map(|v| (name.to_owned(), v));
        let headers =
            [header("Content-Type", answer.content_type), header("Location", answer.location)];
        RecordedAnswer {
            url: answer.url,
            status: answer.status,
            headers: headers.into_iter().flatten().collect(),
            body,
            at,
        }
    });
    recorded.collect()
}

fn demo() -> PathBuf {
    fixtures().join("demo")
}

#[test]
fn recording_and_files_are_in_step() {
    let dir = tempfile::tempdir().unwrap();
    let made = dir.path().join("web.warc.gz");
    write_recording(&made, answers(&demo().join("web"))).unwrap();
    let kept = demo().join("web.warc.gz");
    if std::env::var_os("UPDATE_FIXTURES").is_some() {
        std::fs::copy(&made, &kept).unwrap();
    }
    let same = std::fs::read(&made).unwrap() == std::fs::read(&kept).unwrap_or_default();
    assert!(same, "{} is not made from the files beside it; see this file's head", kept.display());
}

/// Runs the demo into a folder of its own.
fn drafted() -> (Digest, serde_json::Value) {
    let digest = Digest::demo();
    digest.run(&["--from", "2026-01-03", "--to", "2026-01-04"]).success();
    let report = digest.report();
    (digest, report)
}

fn outcome<'a>(report: &'a serde_json::Value, part: &str) -> Vec<&'a serde_json::Value> {
    let all = report["candidates"].as_array().unwrap();
    all.iter().filter(|c| c["url"].as_str().unwrap().contains(part)).collect()
}

#[test]
fn every_candidate_is_accounted_for() {
    let (_digest, report) = drafted();
    let totals = report["totals"].as_object().unwrap();
    let all = totals["candidates"].as_u64().unwrap();
    let sum: u64 =
        totals.iter().filter(|(k, _)| *k != "candidates").map(|(_, v)| v.as_u64().unwrap()).sum();
    assert_eq!(all, sum);
    assert_eq!(all as usize, report["candidates"].as_array().unwrap().len());
    assert_eq!(all, 24);
    for (part, expected, reason) in [
        ("suanshu-series-c", "rejected", "reject_term"),
        ("shiguang-video", "unreadable", "soft_not_found"),
        ("skerry-point-hall", "unreadable", ""),
        ("88213", "unreadable", "not_recorded"),
        ("content_60227", "duplicate", ""),
        ("hobnail", "needs_model", "other_language"),
        ("latticepost.example/2026/01/orrin-brindle-b2", "merged", "same_story"),
        ("papers.example", "merged", "same_story"),
    ] {
        let found = outcome(&report, part);
        assert_eq!(found.len(), 1, "{part}: {found:?}");
        assert_eq!(found[0]["outcome"], expected, "{part}: {}", found[0]);
        if !reason.is_empty() {
            assert_eq!(found[0]["reason"], reason, "{part}");
        }
    }
    assert!(outcome(&report, "weiguang-2-batch").is_empty(), "an item outside the window");
}

#[test]
fn one_event_is_one_entry() {
    let (_digest, report) = drafted();
    let story = |part: &str| outcome(&report, part)[0]["story"].clone();
    assert_eq!(story("weiguang-3.html"), story("weiguang-512k"));
    assert_eq!(story("weiguang-3.html"), story("118204"));
    assert_ne!(story("weiguang-3.html"), story("pebblecache"));
    assert_eq!(story("lizhou"), story("118209"));
    let twice = outcome(&report, "weiguang-512k");
    assert_eq!(twice.len(), 1, "one URL in two feeds is one candidate");
    assert_eq!(twice[0]["sources"].as_array().unwrap().len(), 2);
}

#[test]
fn the_issue_is_in_the_format_and_in_one_language() {
    let (digest, report) = drafted();
    let text = digest.issue();
    let problems = digestgen::format::check(&text);
    let errors: Vec<_> =
        problems.iter().filter(|p| p.severity == digestgen::format::Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let issue = digest.issue_json();
    let sections = issue["sections"].as_array().unwrap();
    let filled = sections.iter().filter(|s| !s["entries"].as_array().unwrap().is_empty()).count();
    assert!(filled >= 2, "{filled} sections have entries");
    let entries: Vec<_> = sections.iter().flat_map(|s| s["entries"].as_array().unwrap()).collect();
    assert_eq!(entries.len(), 10);
    assert_eq!(issue["highlights"].as_array().unwrap().len(), entries.len());
    assert!(!issue["further_reading"].as_array().unwrap().is_empty());
    for entry in &entries {
        for claim in claims(entry) {
            let text = claim["text"].as_str().unwrap();
            let han = text.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)).count();
            assert!(han >= 6, "a sentence outside the edition's language: {text}");
            assert_eq!(claim["origin"], "extractive");
            assert!(!claim["evidence"].as_array().unwrap().is_empty(), "{text}");
        }
    }
    assert_eq!(report["findings"]["red"], 0, "word for word has nothing to find");
    assert!(text.contains("https://mp.weixin.qq.com/s?__biz="), "WeChat links are as listed");
    assert!(!text.contains("环境异常"));
}

/// Claims of an entry in issue.json.
fn claims(entry: &serde_json::Value) -> Vec<&serde_json::Value> {
    let summary = entry["summary"].as_array().unwrap().iter();
    let points = entry["key_points"].as_array().unwrap().iter();
    let details = points.flat_map(|p| p["details"].as_array().unwrap()).map(|d| &d["claim"]);
    summary.chain(details).collect()
}

#[test]
fn again_and_offline_give_the_same_bytes() {
    let (digest, _report) = drafted();
    let first = (digest.issue(), digest.file("issue.json"));
    digest.run(&["--from", "2026-01-03", "--to", "2026-01-04"]).success();
    assert_eq!((digest.issue(), digest.file("issue.json")), first);
    std::fs::remove_file(digest.folder().join("issue.md")).unwrap();
    std::fs::remove_file(digest.folder().join("issue.json")).unwrap();
    digest.run_offline(&["--from", "2026-01-03", "--to", "2026-01-04"]).success();
    assert_eq!((digest.issue(), digest.file("issue.json")), first);
}

#[test]
fn the_makers_page_that_only_a_report_links_is_read_too() {
    let url = "https://orrindevices.example/news/brindle-b2";
    let (digest, report) = drafted();
    let row = &report["linked"][0];
    assert_eq!((row["url"].as_str(), row["reading"].as_str()), (Some(url), Some("primary")));
    let issue = digest.issue_json();
    let entries =
        issue["sections"].as_array().unwrap().iter().flat_map(|s| s["entries"].as_array().unwrap());
    let entry = entries.into_iter().find(|e| e["story"] == row["story"]).unwrap();
    let sources = entry["sources"].as_array().unwrap();
    let kinds: Vec<&str> = sources.iter().map(|s| s["kind"].as_str().unwrap()).collect();
    assert_eq!(
        kinds,
        ["media", "official", "media"],
        "the report leads, the maker's page is beside"
    );
    assert_eq!(sources[1]["url"], url);
    assert!(entry["link"]["url"].as_str().unwrap().contains("guiyu.example"));
    assert!(outcome(&report, "orrindevices").is_empty(), "it is no candidate");
    // Where the edition asks for it, it is what is shown; the same again and offline.
    let primary = Digest::demo_with(|t| t.replace("\"report\"", "\"primary\""));
    primary.run(&["--from", "2026-01-03", "--to", "2026-01-04"]).success();
    let first = primary.issue();
    assert!(first.contains(&format!("]({url})")), "{first}");
    primary.run_offline(&["--from", "2026-01-03", "--to", "2026-01-04"]).success();
    assert_eq!(primary.issue(), first);
}
