//! The draft that survives: an editor's changes over re-runs, the way back, entries in and out.

use predicates::prelude::*;
use predicates::str::contains;

use crate::harness::{Digest, stderr};

const DAYS: [&str; 4] = ["--from", "2026-01-03", "--to", "2026-01-04"];
const ISSUE: &str = "2026-01-03_2026-01-04";
/// Ranks eleventh: the first that has no room.
const ELEVENTH: &str = "https://guanlan.example/2026/01/sunmao-cobol.html";
/// Rejected by its terms.
const REJECTED: &str = "https://guanlan.example/2026/01/suanshu-series-c.html";
/// An entry of the first section.
const CHIP: &str = "https://www.guiyu.example/a/20260103/orrin-brindle-b2";

fn with_entries(n: usize) -> Digest {
    let digest = Digest::demo_with(|t| t.replace("entries   = 10", &format!("entries   = {n}")));
    digest.run(&DAYS).success();
    digest
}

fn set_entries(digest: &Digest, from: usize, to: usize) {
    let path = digest.path().join("digest.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let (from, to) = (format!("entries   = {from}"), format!("entries   = {to}"));
    assert!(text.contains(&from));
    std::fs::write(&path, text.replace(&from, &to)).unwrap();
}

fn write(digest: &Digest, text: &str) {
    std::fs::write(digest.folder().join("issue.md"), text).unwrap();
}

/// The bytes of the entry whose source link is `url`, up to the next entry's marks or title.
fn entry_of(text: &str, url: &str) -> std::ops::Range<usize> {
    let parsed = digestgen::format::parse(text).unwrap();
    let mut number = 0;
    for section in &parsed.issue.sections {
        number += usize::from(!section.waiting);
        let prefix = if section.waiting { "new".to_owned() } else { number.to_string() };
        for (e, entry) in section.entries.iter().enumerate() {
            if entry.link.url == url {
                return parsed.bytes_of(&format!("entry {prefix}.{}", e + 1)).unwrap();
            }
        }
    }
    panic!("no entry of {url} in\n{text}");
}

fn row(digest: &Digest, url: &str) -> serde_json::Value {
    let report = digest.report();
    let all = report["candidates"].as_array().unwrap();
    all.iter().find(|c| c["url"] == url).unwrap_or_else(|| panic!("no row of {url}")).clone()
}

/// Every line of `old` stands in `new`, in order.
fn holds_all_lines(new: &str, old: &str) {
    let mut lines = new.lines();
    for line in old.lines() {
        assert!(lines.any(|l| l == line), "lost {line:?} of\n{old}\nin\n{new}");
    }
}

#[test]
fn an_edited_draft_takes_new_entries_and_loses_nothing() {
    let digest = with_entries(9);
    let first = digest.issue();
    let gone = entry_of(&first, CHIP);
    let edited = format!("{}{}", &first[..gone.start], &first[gone.end..])
        .replacen("**概要**：", "**概要**：（编者改）", 1)
        .replacen("## 1. ", "编者自己的一段。\n\n## 1. ", 1);
    write(&digest, &edited);
    // The same run again touches nothing.
    digest.run(&DAYS).success();
    assert_eq!(digest.issue(), edited);
    // With room for one more, it waits under its heading; the deleted one does not come back.
    set_entries(&digest, 9, 10);
    let told = stderr(&digest.run(&DAYS).success());
    assert!(told.contains("1 new entries wait"), "{told}");
    let merged = digest.issue();
    assert!(merged.contains("## 🆕 待安排"), "{merged}");
    assert!(merged.contains("（编者改）") && merged.contains("编者自己的一段。"));
    assert!(!merged.contains(CHIP), "{merged}");
    let excluded = row(&digest, CHIP);
    assert_eq!(
        (&excluded["outcome"], &excluded["decided_by"]),
        (&"excluded".into(), &"editor".into())
    );
    assert_eq!(digest.report()["totals"]["entry"], 9);
    digest.command("approve").assert().code(8).stderr(contains("wait"));
    digest.run(&DAYS).success();
    assert_eq!(digest.issue(), merged);
    // Evidence stands beside what the machine wrote, and only there.
    let issue = digest.issue_json();
    let origins: Vec<String> = issue["sections"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|s| s["entries"].as_array().unwrap())
        .flat_map(|e| e["summary"].as_array().unwrap())
        .map(|c| c["origin"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(origins.iter().filter(|o| *o == "editor").count(), 1, "{origins:?}");
}

#[test]
fn a_field_that_both_changed_keeps_the_editors() {
    let digest = with_entries(10);
    let first = digest.issue();
    let edited = first.replacen(&format!("({CHIP})"), &format!("({CHIP}?mine)"), 1);
    assert_ne!(edited, first);
    write(&digest, &edited);
    // Another link is chosen now for the same story.
    let path = digest.path().join("digest.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let primary = text.replace("link_to   = \"report\"", "link_to   = \"primary\"");
    std::fs::write(&path, primary).unwrap();
    digest.run(&DAYS).code(3).stderr(contains("was changed by you and by this run"));
    assert!(digest.issue().contains(&format!("({CHIP}?mine)")));
    assert!(digest.file("issue.new.md").contains("https://orrindevices.example/news/brindle-b2"));
    let conflicts = digest.report()["conflicts"].clone();
    let fields: Vec<&str> =
        conflicts.as_array().unwrap().iter().map(|c| c["field"].as_str().unwrap()).collect();
    assert!(fields.contains(&"link"), "{conflicts}");
}

#[test]
fn a_file_that_cannot_be_read_is_left_alone() {
    let digest = with_entries(9);
    let broken = format!("{}\n```\nnever closed\n", digest.issue());
    write(&digest, &broken);
    set_entries(&digest, 9, 10);
    digest.run(&DAYS).code(3).stderr(contains("issue.new.md").and(contains("fence")));
    assert_eq!(digest.issue(), broken);
    // One that was made read-only ends the run before it begins.
    let path = digest.folder().join("issue.md");
    let mut permissions = std::fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&path, permissions).unwrap();
    digest.run(&DAYS).code(6).stderr(contains("read-only"));
    assert_eq!(digest.issue(), broken);
}

#[test]
fn undo_goes_back_and_forth() {
    let digest = with_entries(9);
    digest.command("undo").assert().code(2).stderr(contains("no earlier version"));
    let edited = format!("{}\n编者的话。\n", digest.issue());
    write(&digest, &edited);
    set_entries(&digest, 9, 10);
    digest.run(&DAYS).success();
    let merged = digest.issue();
    assert_ne!(merged, edited);
    digest.command("undo").arg("--list").assert().success().stdout(contains("merged a new draft"));
    digest.command("undo").assert().success();
    assert_eq!(digest.issue(), edited);
    digest.command("undo").assert().success();
    assert_eq!(digest.issue(), merged);
    digest.command("undo").args(["--to", "7"]).assert().code(2).stderr(contains("no version 7"));
    // A run after an undo drafts again, as before.
    digest.command("undo").args(["--to", "1"]).assert().success();
    digest.run(&DAYS).success();
    assert_eq!(digest.issue(), merged);
}

#[test]
fn undo_takes_back_what_was_decided_with_the_text() {
    let digest = with_entries(9);
    let first = digest.issue();
    let outcomes = || [row(&digest, ELEVENTH), row(&digest, CHIP)].map(|r| r["outcome"].clone());
    let before = outcomes();
    digest.command("include").args([ISSUE, ELEVENTH]).assert().success();
    digest.command("exclude").args([ISSUE, CHIP]).assert().success();
    let after = outcomes();
    let with = digest.issue();
    assert_eq!(after, ["entry", "excluded"]);
    for (number, text, told) in
        [("1", &first, &before), ("3", &with, &after), ("1", &first, &before)]
    {
        digest.command("undo").args(["--to", number]).assert().success();
        assert_eq!((&digest.issue(), &outcomes()), (text, told), "version {number}");
        digest.run(&DAYS).success();
        assert_eq!((&digest.issue(), &outcomes()), (text, told), "a run after version {number}");
    }
    // One step alone: the entry that was taken out is back, the one brought in stays.
    digest.command("undo").args(["--to", "2"]).assert().success();
    assert_eq!(outcomes(), ["entry", "entry"]);
    digest.run(&DAYS).success();
    assert_eq!(outcomes(), ["entry", "entry"]);
    entry_of(&digest.issue(), CHIP);
    entry_of(&digest.issue(), ELEVENTH);
}

#[test]
fn what_is_included_takes_its_place_and_stays() {
    let digest = with_entries(9);
    let first = digest.issue();
    let edited = first.replacen("**概要**：", "**概要**：（编者改）", 1);
    write(&digest, &edited);
    let told = digest.command("include").args([ISSUE, ELEVENTH]).assert().success();
    assert!(stderr(&told).contains("brought in"), "{}", stderr(&told));
    let with = digest.issue();
    assert!(with.contains("（编者改）") && !with.contains("🆕"), "{with}");
    entry_of(&with, ELEVENTH);
    let listed = |t: &str| t.matches(&format!("({ELEVENTH})")).count();
    assert_eq!(listed(&with), 1, "an entry is no further reading");
    let before_reading = edited.find("## 拓展阅读").unwrap();
    holds_all_lines(&with, &edited[..before_reading]);
    let brought = row(&digest, ELEVENTH);
    assert_eq!((&brought["outcome"], &brought["decided_by"]), (&"entry".into(), &"editor".into()));
    let issue = digest.issue_json();
    let entry = issue["sections"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|s| s["entries"].as_array().unwrap())
        .find(|e| e["link"]["url"] == ELEVENTH)
        .unwrap()
        .clone();
    assert!(!entry["summary"][0]["evidence"].as_array().unwrap().is_empty(), "{entry}");
    digest
        .command("include")
        .args([ISSUE, ELEVENTH])
        .assert()
        .success()
        .stderr(contains("already"));
    assert_eq!(digest.issue(), with);
    // It holds over re-runs, also over one that drafts anew.
    digest.run(&DAYS).success();
    assert_eq!(digest.issue(), with);
    digest.command("approve").assert().success();
}

#[test]
fn a_rejected_article_comes_in_at_the_editors_word() {
    let digest = with_entries(10);
    digest.command("include").args([ISSUE, REJECTED]).assert().success();
    entry_of(&digest.issue(), REJECTED);
    digest.run(&DAYS).success();
    entry_of(&digest.issue(), REJECTED);
    assert_eq!(digest.report()["totals"]["entry"], 11);
}

#[test]
fn what_no_program_may_fetch_is_pasted() {
    let digest = with_entries(10);
    let url = "https://lanting.example/2026/01/yanmo-2";
    let recording = crate::harness::fixtures().join("demo/web.warc.gz");
    let replay = ["--replay", recording.to_str().unwrap()];
    let mut include = digest.command("include");
    let refused = include.args(replay).args([ISSUE, url]).assert().code(3);
    assert!(stderr(&refused).contains("--text"), "{}", stderr(&refused));
    assert!(!digest.issue().contains(url));
    let text = "岚汀研究院公开砚墨二代手写识别模型\n\n岚汀研究院1月3日公开手写识别模型砚墨二代，参数量为3.2亿，可在手机上离线运行。模型在院方自建的12万页手稿测试集上字符错误率为2.1%，上一代为3.8%。\n\n研究院说，训练数据来自41家档案馆授权的扫描件，权重与代码以宽松许可发布。";
    digest
        .command("include")
        .args([ISSUE, url, "--text", "-"])
        .write_stdin(text)
        .assert()
        .success();
    let range = entry_of(&digest.issue(), url);
    let entry = digest.issue()[range].to_owned();
    assert!(entry.contains("3.2亿"), "{entry}");
    let with = digest.issue();
    digest.run(&DAYS).success();
    assert_eq!(digest.issue(), with);
    let page = digest.path().join("saved.html");
    let other = "https://lanting.example/2026/01/other";
    let html = "<html><head><title>白榆实验室开放古琴音色库</title></head><body><article>\
        <h1>白榆实验室开放古琴音色库</h1><p>白榆实验室1月4日开放古琴音色库，收录37张古琴的8600段录音，供语音合成研究使用。</p>\
        <p>录音由9位琴师完成，采样率为96千赫，每段都标注了弦序与指法。实验室另附一个小模型，可把文字谱转成指法序列，在600首琴曲上的一致率为88%。</p>\
        <p>音色库以署名许可发布，下载前需填写用途。实验室计划在秋季补充箫与瑟的录音。</p></article></body></html>";
    std::fs::write(&page, html).unwrap();
    digest.command("include").args([ISSUE, other]).arg("--html").arg(&page).assert().success();
    entry_of(&digest.issue(), other);
}

#[test]
fn what_is_excluded_stays_out_until_it_is_brought_back() {
    let digest = with_entries(10);
    let first = digest.issue();
    let told = digest.command("exclude").args([ISSUE, CHIP]).assert().success();
    assert!(stderr(&told).contains(&format!("digestgen include {ISSUE} {ELEVENTH}")));
    let without = digest.issue();
    assert!(!without.contains(CHIP));
    assert_eq!(without.matches("\n- **[").count(), 9, "its highlight went with it");
    assert_eq!(row(&digest, CHIP)["outcome"], "excluded");
    digest.run(&DAYS).success();
    assert_eq!(digest.issue(), without, "what is next in rank is offered, not forced");
    digest.command("include").args([ISSUE, CHIP]).assert().success();
    let back = digest.issue();
    entry_of(&back, CHIP);
    let lines = |t: &str| {
        let mut all: Vec<String> = t.lines().map(str::to_owned).collect();
        all.sort();
        all
    };
    assert_eq!(lines(&back), lines(&first));
    // An exclusion by the link of any article of the story.
    digest
        .command("exclude")
        .args([ISSUE, "https://www.latticepost.example/2026/01/orrin-brindle-b2/"])
        .assert()
        .success();
    assert!(!digest.issue().contains(CHIP));
    digest.command("exclude").args([ISSUE, "no address"]).assert().code(2);
}

#[test]
fn what_was_excluded_does_not_return_in_the_next_issue() {
    let digest = with_entries(10);
    digest.command("exclude").args([ISSUE, CHIP]).assert().success();
    digest.command("approve").assert().success();
    digest.run(&["--from", "2026-01-04", "--to", "2026-01-05"]);
    let next = digest.path().join("issues/ai/2026-01-04_2026-01-05/issue.md");
    assert!(!std::fs::read_to_string(next).unwrap().contains(CHIP));
}
