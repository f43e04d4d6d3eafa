//! Approval and publishing: only the approved text, all of it or nothing.

use predicates::str::contains;

use crate::harness::Digest;

const DAYS: [&str; 4] = ["--from", "2026-01-03", "--to", "2026-01-04"];

fn digest() -> Digest {
    let digest =
        Digest::demo_with(|t| format!("{t}\n[[publish]]\nkind = \"folder\"\npath = \"public\"\n"));
    digest.run(&DAYS).success();
    digest
}

fn published(digest: &Digest) -> std::path::PathBuf {
    digest.path().join("public/ai/2026-01-03_2026-01-04")
}

#[test]
fn what_nobody_approved_is_not_published() {
    let digest = digest();
    let refused = digest.command("publish").assert().code(8);
    refused.stderr(contains("digestgen approve"));
    assert!(!digest.path().join("public").exists());
}

#[test]
fn a_change_after_the_approval_needs_another() {
    let digest = digest();
    digest.command("approve").assert().success().stdout(contains("Open findings: 0 red"));
    let path = digest.folder().join("issue.md");
    let edited = digest.issue().replacen("**概要**：", "**概要**：（编者改）", 1);
    std::fs::write(&path, &edited).unwrap();
    digest.command("publish").assert().code(8).stderr(contains("changed after"));
    assert!(!digest.path().join("public").exists());
    let again = digest.command("approve").assert().success();
    again.stdout(contains("Since the last approval")).stdout(contains("+> **概要**：（编者改）"));
    digest.command("publish").assert().success();
    let text = std::fs::read_to_string(published(&digest).join("issue.md")).unwrap();
    assert!(text.contains("（编者改）"));
    assert!(!text.contains("<!-- digestgen"), "marks of a draft are gone");
    let json = std::fs::read_to_string(published(&digest).join("issue.json")).unwrap();
    let issue: serde_json::Value = serde_json::from_str(&json).unwrap();
    let entries: Vec<_> = issue["sections"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|s| s["entries"].as_array().unwrap())
        .collect();
    let origins: Vec<&str> = entries
        .iter()
        .flat_map(|e| e["summary"].as_array().unwrap())
        .map(|c| c["origin"].as_str().unwrap())
        .collect();
    assert_eq!(origins.iter().filter(|o| **o == "editor").count(), 1, "{origins:?}");
    assert!(origins.contains(&"extractive"));
    assert!(entries.iter().all(|e| e["story"].is_string()));
}

#[test]
fn publishing_twice_does_nothing_twice() {
    let digest = digest();
    digest.command("approve").assert().success();
    let dry = digest.command("publish").arg("--dry-run").assert().success();
    dry.stdout(contains("write issue.md"));
    assert!(!digest.path().join("public").exists());
    digest.command("publish").assert().success().stdout(contains("done: write issue.md"));
    digest.command("publish").assert().success().stdout(contains("already done"));
    // What was taken away is put back.
    std::fs::remove_file(published(&digest).join("issue.md")).unwrap();
    digest.command("publish").assert().success();
    assert!(published(&digest).join("issue.md").is_file());
}

#[test]
fn a_publish_without_a_target_says_how() {
    let digest = Digest::demo();
    digest.run(&DAYS).success();
    digest.command("publish").assert().code(2).stderr(contains("[[publish]]"));
}

#[test]
fn what_waits_for_a_place_is_not_approved() {
    let digest = digest();
    let path = digest.folder().join("issue.md");
    let entry = "## 🆕 待安排\n\n### **一条新消息**\n\n[阅读原文](https://a.example/x)  `[2026-01-04]`\n\n> **概要**：一句话。\n\n---\n\n## 拓展阅读";
    std::fs::write(&path, digest.issue().replacen("## 拓展阅读", entry, 1)).unwrap();
    digest.command("approve").assert().code(8).stderr(contains("wait"));
}

#[test]
fn the_next_issue_does_not_repeat_a_published_one() {
    let digest = digest();
    digest.command("approve").assert().success();
    // The same two days again, as part of a later window: all is covered but what was left out.
    digest.run(&["--from", "2026-01-04", "--to", "2026-01-05"]).success();
    let folder = digest.path().join("issues/ai/2026-01-04_2026-01-05");
    let report: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(folder.join("report.json")).unwrap())
            .unwrap();
    let first = digest.report();
    let entries = |r: &serde_json::Value| -> Vec<String> {
        let all = r["candidates"].as_array().unwrap().iter();
        all.filter(|c| c["outcome"] == "entry").map(|c| c["url"].to_string()).collect()
    };
    let repeated: Vec<String> =
        entries(&report).into_iter().filter(|u| entries(&first).contains(u)).collect();
    assert!(repeated.is_empty(), "{repeated:?}");
    assert!(report["totals"]["covered"].as_u64().unwrap() >= 10, "{}", report["totals"]);
}
