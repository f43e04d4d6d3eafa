//! The digest format: fixtures of our own, generated issues, and the yardstick where it is at hand.

mod generated;

use std::fs;
use std::path::{Path, PathBuf};

use digestgen::compose::{Edition, FreeText, Issue, IssueSection, Window};
use digestgen::format::{self, Severity};

fn cases() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/format");
    let mut cases: Vec<PathBuf> = fs::read_dir(root).unwrap().map(|e| e.unwrap().path()).collect();
    cases.sort();
    assert!(cases.len() >= 4, "the fixtures of the format are missing");
    cases
}

fn read(case: &Path, name: &str) -> Option<String> {
    fs::read_to_string(case.join(name)).ok()
}

fn problems(markdown: &str) -> String {
    let lines = format::check(markdown).into_iter().map(|p| {
        let severity = if p.severity == Severity::Error { "error" } else { "warning" };
        format!("{}: {severity}: expected {}, found {}\n", p.line, p.expected, p.found)
    });
    lines.collect()
}

/// A case is a folder: `issue.md`; `issue.json`, what it says; `rendered.md`, what is printed again
/// where that is not the same bytes; `problems.txt`, what `check` says where it says anything;
/// `published.md` without the marks of a draft where it has any. A file in the format that cannot
/// be read has `problems.txt` alone.
#[test]
fn fixtures() {
    for case in cases() {
        let name = case.display();
        let markdown = read(&case, "issue.md").unwrap();
        assert_eq!(problems(&markdown), read(&case, "problems.txt").unwrap_or_default(), "{name}");
        if let Ok(outline) = format::outline(&markdown) {
            let mut all = format::check(&markdown).into_iter();
            let error = all.find(|p| p.severity == Severity::Error);
            assert_eq!(format::first_error(&markdown, &outline), error, "{name}");
        }
        let Some(json) = read(&case, "issue.json") else {
            assert!(format::parse(&markdown).is_err(), "{name} needs an issue.json");
            continue;
        };
        let parsed =
            serde_json::to_string_pretty(&format::stage_parse(&markdown).unwrap()).unwrap();
        assert_eq!(parsed.trim(), json.trim(), "{name}");
        let rendered = format::stage_render(&json).unwrap();
        assert_eq!(rendered, read(&case, "rendered.md").unwrap_or(markdown.clone()), "{name}");
        let published = read(&case, "published.md").unwrap_or(markdown.clone());
        assert_eq!(format::strip_draft_marks(&markdown), published, "{name}");
    }
}

/// Rule 9: the yardstick comes back but for the one blank line it lacks.
#[test]
#[ignore = "needs DIGESTGEN_REFERENCE, the path of a published issue"]
#[allow(clippy::disallowed_methods, reason = "the yardstick lies outside the project")]
fn reference() {
    let path = std::env::var_os("DIGESTGEN_REFERENCE").expect("DIGESTGEN_REFERENCE is not set");
    let markdown = fs::read_to_string(path).unwrap();
    assert_eq!(problems(&markdown), "");
    let issue = format::parse(&markdown).unwrap().issue;
    assert!(issue.verbatim.is_empty() && issue.free.is_empty());
    let rendered = format::render(&issue).unwrap();
    assert_eq!(
        rendered,
        markdown.replace(
            "\n[相关论文](https://doi.org/10.1038/s42256-025-01170-z)\n###",
            "\n[相关论文](https://doi.org/10.1038/s42256-025-01170-z)\n\n###"
        )
    );
    assert_eq!(format::parse(&rendered).unwrap().issue, issue);
}

#[test]
fn a_template_that_breaks_the_format_is_refused() {
    let markdown = read(&cases().pop().unwrap(), "issue.md").unwrap();
    let issue = format::parse(&markdown).unwrap().issue;
    let says = |template: &str| format::render_with(template, &issue).unwrap_err().to_string();
    let default = format::DEFAULT_TEMPLATE;
    let typo = says(&default.replace("{{#if papers}}", "{{#if paper}}"));
    assert!(typo.contains("issue.md.hbs") && typo.contains("paper"), "{typo}");
    let no_link = says(&default.replace("[{{link.text}}]", "{{link.text}}"));
    assert!(no_link.contains("source link"), "{no_link}");
    let no_entries = says(&default.replace("### **{{title}}**", "**{{title}}**"));
    assert!(no_entries.contains("entries"), "{no_entries}");
    let own = format::render_with(&default.replace("\n---\n", "\n***\n"), &issue).unwrap();
    assert!(own.contains("\n***\n"));
}

#[test]
fn the_emptiest_issue_renders() {
    let issue = Issue {
        edition: Edition { id: "e".into(), title: "Digest".into(), language: "en".into() },
        window: Window { from: "2026-01-03".into(), to: "2026-01-03".into() },
        sections: vec![IssueSection::titled("News".into())],
        ..Issue::default()
    };
    let markdown = format::render(&issue).unwrap();
    assert_eq!(
        markdown,
        "# Digest (2026-01-03 to 2026-01-03)\n\n## 1. News\n\n*(nothing this issue)*\n\n---\n"
    );
    assert_eq!(problems(&markdown), "");
    let lost = Issue { sections: Vec::new(), ..issue.clone() };
    assert!(format::render(&lost).unwrap_err().to_string().contains("no section"));
    let free = |after: &str| FreeText { after: after.into(), text: "mine".into() };
    for after in [
        "start",
        "top",
        "section 1",
        "section 1 nothing",
        "entry 1.4",
        "entry 9.9 link",
        "end",
        "?",
    ] {
        let with = Issue { free: vec![free(after)], ..issue.clone() };
        let printed = format::render(&with).unwrap();
        assert_eq!(printed.matches("mine").count(), 1, "{after}");
        assert_eq!(format::render(&format::parse(&printed).unwrap().issue).unwrap(), printed);
    }
}

/// Rules 3 to 5 and 8: each count just within and just beyond.
#[test]
fn counts_and_lengths() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/format");
    let english = read(&root.join("en"), "issue.md").unwrap();
    let chinese = read(&root.join("zh"), "issue.md").unwrap();
    let item = |i: usize| format!("* [T](https://papers.example/n/{i}) - arXiv\n");
    let reading = |n: usize| english.clone() + &(1..n).map(item).collect::<String>();
    assert_eq!(problems(&reading(25)), "");
    assert!(problems(&reading(26)).contains("at most 25 items, found 26"));
    let words = |n: usize| "word ".repeat(n);
    let title = |n: usize| {
        english.replace("Guanlan Lab releases WeiGuang-3 with open weights", words(n).trim())
    };
    assert_eq!(problems(&title(12)), "");
    assert!(problems(&title(13)).contains("at most 12 words, found 13"));
    let detail = |n: usize| {
        english.replace("Commercial use is allowed if the notice file is kept.", words(n).trim())
    };
    assert_eq!(problems(&detail(80)), "");
    assert!(problems(&detail(81)).contains("at most 80 words, found 81"));
    let title = |n: usize| chinese.replace("观澜实验室发布微光-3模型", &"字".repeat(n));
    assert_eq!((problems(&title(8)), problems(&title(20))), (String::new(), String::new()));
    assert!(problems(&title(7)).contains("found 7") && problems(&title(21)).contains("found 21"));
    let detail = |n: usize| chinese.replace("允许商用与再分发，须保留说明文件。", &"字".repeat(n));
    assert_eq!(problems(&detail(200)), "");
    assert!(problems(&detail(201)).contains("at most 200 characters, found 201"));
}

/// A file of any size is read in a time that grows with it alone.
#[test]
fn a_large_file_is_read() {
    let head = "# T (2026-01-03 to 2026-01-04)\n\n## 1. A\n\n### **E**\n\n[Read the original](https://a.example/)\n\n";
    for line in [
        "**💡 x**\n\n",
        "> **a**: b\n\n",
        "[l](https://a.example/x)\n\nx\n",
        " - **p**\n",
        "[[[[[[[[\n",
        "[l](https://a.example/x)\n\n> x\n\n",
        "### **E**\n\n[l](u)\n",
    ] {
        let markdown = format!("{head}{}", line.repeat(5_000));
        let parsed = format::parse(&markdown).unwrap();
        assert!(!format::render(&parsed.issue).unwrap().is_empty());
    }
}
