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

#[test]
fn the_programs_own_account_is_not_forged() {
    let digest = digest();
    let path = digest.folder().join("issue.json");
    let written = digest.file("issue.json");
    std::fs::remove_file(&path).unwrap();
    digest.command("approve").assert().code(8).stderr(contains("issue.json is missing"));
    std::fs::write(&path, written.replacen("\"quote\": \"", "\"quote\": \"forged ", 1)).unwrap();
    digest.command("approve").assert().code(8).stderr(contains("changed by hand"));
    std::fs::write(&path, &written).unwrap();
    digest.command("approve").assert().success();
    std::fs::write(&path, written.replacen("\"quote\": \"", "\"quote\": \"forged ", 1)).unwrap();
    digest.command("publish").assert().code(8);
    assert!(!digest.path().join("public").exists());
    // A run writes it anew.
    digest.run(&DAYS).success();
    digest.command("publish").assert().success();
}

#[test]
fn a_link_that_is_none_is_not_approved() {
    let digest = digest();
    let path = digest.folder().join("issue.md");
    let text = digest.issue();
    let start = text.find("[阅读原文](").unwrap() + "[阅读原文](".len();
    let end = start + text[start..].find(')').unwrap();
    std::fs::write(&path, format!("{}javascript:alert{}", &text[..start], &text[end..])).unwrap();
    digest.command("approve").assert().code(8).stderr(contains("format"));
}

#[test]
fn what_an_editor_deleted_does_not_return() {
    let digest = digest();
    let text = digest.issue();
    let (deleted, title) = {
        let start = text.find("<!-- digestgen: extractive -->\n\n### **").unwrap();
        let rest = &text[start + 10..];
        let end = start + 10 + rest.find("<!-- digestgen").unwrap();
        let title = text[start..end].lines().find(|l| l.starts_with("### ")).unwrap();
        (format!("{}{}", &text[..start], &text[end..]), title.to_owned())
    };
    std::fs::write(digest.folder().join("issue.md"), deleted).unwrap();
    digest.command("approve").assert().success();
    // The stories that were below the cut come into the next issue, late; the deleted one does not.
    digest.run(&["--from", "2026-01-05", "--to", "2026-01-05"]);
    let next = digest.path().join("issues/ai/2026-01-05_2026-01-05/issue.md");
    let next = std::fs::read_to_string(next).unwrap();
    assert!(next.contains("<!-- digestgen: late -->"));
    assert!(!next.contains(&title), "{title}");
}

#[test]
fn a_run_without_an_entry_writes_no_draft() {
    let digest = digest();
    let first = digest.issue();
    // Every story is rejected now: the good draft stays.
    let config = digest.path().join("digest.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    let all = text
        .replace("reject    = [", "reject    = [\"的\", ")
        .replace("keep      = [", "keep      = [] # [");
    std::fs::write(&config, all).unwrap();
    digest.run(&DAYS).code(7).stderr(contains("no draft was written"));
    assert_eq!(digest.issue(), first);
    assert_eq!(digest.report()["totals"]["entry"], 0);
}

#[test]
fn words_taken_over_from_the_new_draft_are_the_machines() {
    let digest = digest();
    let path = digest.folder().join("issue.md");
    digest.command("approve").assert().success();
    // Fewer entries: the new draft differs, and stands beside the approved one.
    let config = digest.path().join("digest.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, text.replace("entries   = 10", "entries   = 9")).unwrap();
    digest.run(&DAYS).code(3);
    std::fs::write(&path, digest.file("issue.new.md")).unwrap();
    digest.command("approve").assert().success();
    digest.command("publish").assert().success();
    let json = std::fs::read_to_string(published(&digest).join("issue.json")).unwrap();
    assert!(!json.contains("\"editor\""), "all words are the machine's");
}

#[test]
fn an_approved_text_is_not_written_over() {
    let digest = digest();
    digest.command("approve").assert().success();
    let approved = digest.issue();
    let config = digest.path().join("digest.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, text.replace("entries   = 10", "entries   = 9")).unwrap();
    digest.run(&DAYS).code(3).stderr(contains("issue.new.md"));
    assert_eq!(digest.issue(), approved);
    digest.command("publish").assert().success();
    let text = std::fs::read_to_string(published(&digest).join("issue.md")).unwrap();
    assert_eq!(text, digestgen::format::strip_draft_marks(&approved));
}
