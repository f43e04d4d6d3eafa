//! The digest format: fixtures of our own, generated issues, and the yardstick where it is at hand.

use std::fs;
use std::path::{Path, PathBuf};

use digestgen::compose::{
    Edition, HighlightLine, Issue, IssueDetail, IssueEntry, IssueKeyPoint, IssueSection,
    ReadingGroup, ReadingItem, TextLink, Window, built_in,
};
use digestgen::format::{self, Severity};
use digestgen::verify::Claim;
use proptest::collection::vec;
use proptest::prelude::*;

fn cases() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/format");
    let mut cases: Vec<PathBuf> = fs::read_dir(root)
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    cases.sort();
    assert!(cases.len() >= 4, "the fixtures of the format are missing");
    cases
}

fn read(case: &Path, name: &str) -> Option<String> {
    fs::read_to_string(case.join(name)).ok()
}

fn problems(markdown: &str) -> String {
    let lines = format::check(markdown).into_iter().map(|p| {
        let severity = if p.severity == Severity::Error {
            "error"
        } else {
            "warning"
        };
        format!(
            "{}: {severity}: expected {}, found {}\n",
            p.line, p.expected, p.found
        )
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
        assert_eq!(
            problems(&markdown),
            read(&case, "problems.txt").unwrap_or_default(),
            "{name}"
        );
        let Some(json) = read(&case, "issue.json") else {
            assert!(
                format::parse(&markdown).is_err(),
                "{name} needs an issue.json"
            );
            continue;
        };
        let parsed =
            serde_json::to_string_pretty(&format::stage_parse(&markdown).unwrap()).unwrap();
        assert_eq!(parsed.trim(), json.trim(), "{name}");
        let rendered = format::stage_render(&json).unwrap();
        assert_eq!(
            rendered,
            read(&case, "rendered.md").unwrap_or(markdown.clone()),
            "{name}"
        );
        let published = read(&case, "published.md").unwrap_or(markdown.clone());
        assert_eq!(format::strip_draft_marks(&markdown), published, "{name}");
    }
}

/// Rule 9: the yardstick comes back but for the one blank line it lacks.
#[test]
#[ignore = "needs DIGESTGEN_REFERENCE, the path of a published issue"]
#[allow(
    clippy::disallowed_methods,
    reason = "the yardstick lies outside the project"
)]
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

const NASTY: &str = "[-*_\\[\\]()`<>|#\\\\&;~!:./+=0-9a-c .。（）“”：中文字w\n\t@\"'x$^{}-]{0,16}";

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => NASTY.prop_map(|s| format!("x{s}")),
        3 => NASTY.prop_map(|s| format!("{s}中")),
        2 => "[A-Z][a-z]{2,8}( [a-z]{1,6}){0,4}",
        2 => "[中文大模型芯片]{4,12}",
        1 => prop::sample::select(vec![
            "**bold**：x", "[a](b)", "### x", "---", "- a", "1. a", "*(x)*", "> q", "<!-- x -->",
            "## 1. x", "```", "C#", "a_b", "[]", "💡", "🆕 x", "**", "\\", "](", "a](b)\\",
        ]).prop_map(str::to_owned),
    ]
}

fn maybe_text() -> impl Strategy<Value = String> {
    prop_oneof![1 => Just(String::new()), 4 => text()]
}

fn url() -> impl Strategy<Value = String> {
    let tail = "[-a-z0-9/?&=._()中文 #%;~*\\[\\]|<>\"]{0,20}";
    tail.prop_map(|t| format!("https://news.example/{t}"))
}

fn claim() -> impl Strategy<Value = Claim> {
    text().prop_map(|text| Claim {
        text,
        ..Claim::default()
    })
}

fn link() -> impl Strategy<Value = TextLink> {
    (maybe_text(), url()).prop_map(|(text, url)| TextLink { text, url })
}

fn key_point() -> impl Strategy<Value = IssueKeyPoint> {
    let detail = (maybe_text(), claim()).prop_map(|(lead, claim)| IssueDetail { lead, claim });
    (text(), vec(detail, 1..3)).prop_map(|(heading, details)| IssueKeyPoint { heading, details })
}

fn entry() -> impl Strategy<Value = IssueEntry> {
    let mark = prop_oneof![
        Just("extractive".to_owned()),
        text().prop_map(|t| format!("continuing 2026-01-02 {t}")),
    ];
    let date = prop_oneof![Just(String::new()), Just("2026-01-03".to_owned())];
    let lists = (
        vec(claim(), 0..4),
        vec(key_point(), 0..3),
        vec(link(), 0..3),
        vec(mark, 0..3),
    );
    (text(), link(), date, lists).prop_map(|(title, link, date, lists)| {
        let (summary, key_points, papers, marks) = lists;
        IssueEntry {
            findings: None,
            story: None,
            title,
            link,
            date,
            summary,
            key_points,
            papers,
            marks,
        }
    })
}

fn issue() -> impl Strategy<Value = Issue> {
    let line =
        (maybe_text(), maybe_text(), text()).prop_map(|(label, headline, text)| HighlightLine {
            label,
            headline,
            text,
            ..HighlightLine::default()
        });
    let section = (text(), vec(entry(), 0..3)).prop_map(|(title, entries)| IssueSection {
        title,
        waiting: false,
        entries,
    });
    let item = (text(), url(), maybe_text()).prop_map(|(title, url, source)| ReadingItem {
        title,
        url,
        source,
    });
    let group = (text(), vec(item, 1..3)).prop_map(|(group, items)| ReadingGroup { group, items });
    let waiting = prop::option::of(vec(entry(), 0..2));
    (
        (text(), prop::bool::ANY, prop::bool::ANY),
        (
            vec(line, 0..3),
            vec(section, 1..4),
            waiting,
            vec(group, 0..3),
        ),
    )
        .prop_map(
            |((title, chinese, own_words), (highlights, mut sections, waiting, reading))| {
                let language = if chinese { "zh-CN" } else { "en" };
                let mut words = built_in(language);
                if own_words {
                    words.insert("summary".into(), "摘要 *x*".into());
                    words.insert("details".into(), "More".into());
                    words.insert("highlights".into(), "In short".into());
                    words.insert("nothing".into(), "empty".into());
                }
                sections.extend(waiting.map(|entries| IssueSection {
                    title: words["new_entries"].clone(),
                    waiting: true,
                    entries,
                }));
                Issue {
                    edition: Edition {
                        id: String::new(),
                        title,
                        language: language.into(),
                    },
                    window: Window {
                        from: "2026-01-03".into(),
                        to: "2026-01-04".into(),
                    },
                    words,
                    highlights,
                    sections,
                    further_reading: reading,
                    ..Issue::default()
                }
            },
        )
}

/// Blocks as editors write them.
fn own_block() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "A note of the **editor** with a [link](https://a.example/(x)).",
        "> Sponsored by nobody.\n> Twice.",
        "![chart](chart.png)",
        "- one\n- two",
        "```\n## 1. not a section\n### not an entry\n```",
        "<!-- remember\n## this\n-->",
        "First.\n\n\nSecond after two blank lines.",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "#### A small heading",
        "[报名](https://meet.example/)",
        "---",
    ])
    .prop_map(str::to_owned)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_rendered_reads_back(issue in issue()) {
        let markdown = format::render(&issue).unwrap();
        let back = format::parse(&markdown).unwrap().issue;
        prop_assert_eq!(&format::render(&back).unwrap(), &markdown, "{}", markdown);
        prop_assert!(back.verbatim.is_empty(), "{:#?}\n{}", back.verbatim, markdown);
        prop_assert!(back.free.is_empty(), "{:#?}\n{}", back.free, markdown);
        let trim = |s: &str| s.split(char::is_control).map(str::trim).filter(|p| !p.is_empty())
            .collect::<Vec<_>>().join(" ");
        prop_assert_eq!(back.sections.len(), issue.sections.len());
        for (a, b) in back.sections.iter().zip(&issue.sections) {
            prop_assert_eq!(&a.title, &trim(&b.title));
            for (a, b) in a.entries.iter().zip(&b.entries) {
                prop_assert_eq!(&a.title, &trim(&b.title));
                prop_assert_eq!(format::join_claims(&a.summary), trim(&format::join_claims(&b.summary)));
                prop_assert_eq!(a.marks.len(), b.marks.len());
                for (a, b) in a.key_points.iter().zip(&b.key_points) {
                    prop_assert_eq!(&a.heading, &trim(&b.heading));
                    for (a, b) in a.details.iter().zip(&b.details) {
                        prop_assert_eq!(&a.lead, &trim(&b.lead));
                        prop_assert_eq!(&a.claim.text, &trim(&b.claim.text));
                    }
                }
            }
        }
        for line in markdown.lines() {
            prop_assert_eq!(line.trim_end(), line, "trailing space");
        }
        prop_assert!(!markdown.contains("\n\n\n") && markdown.ends_with('\n'));
    }

    #[test]
    fn what_an_editor_adds_survives(
        issue in issue(),
        added in vec((own_block(), any::<prop::sample::Index>()), 1..4),
    ) {
        let mut markdown = format::render(&issue).unwrap();
        for (block, at) in &added {
            let gaps: Vec<usize> = std::iter::once(0)
                .chain(markdown.match_indices("\n\n").map(|(i, _)| i + 2)).collect();
            let fenced = |i: &usize| markdown[..*i].matches("```").count() % 2 == 1
                || markdown[..*i].rfind("<!-- remember").is_some_and(|o| !markdown[o..*i].contains("-->"));
            let open: Vec<usize> = gaps.into_iter().filter(|i| !fenced(i)).collect();
            markdown.insert_str(*at.get(&open), &format!("{block}\n\n"));
        }
        let Ok(parsed) = format::parse(&markdown) else {
            // between an entry's title and its link
            return Ok(());
        };
        prop_assert_eq!(&format::render(&parsed.issue).unwrap(), &markdown, "{:#?}", parsed.issue);
        let mut covered: Vec<bool> = vec![false; markdown.len()];
        for place in &parsed.places {
            covered[place.bytes.clone()].fill(true);
        }
        for (at, byte) in markdown.bytes().enumerate() {
            prop_assert!(covered[at] || byte == b'\n', "byte {at} is in no place");
        }
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "[#*\\-> \\[\\]()`a1.🆕⚡\n]{0,80}") {
        let markdown = format!("# T (2026-01-03 to 2026-01-04)\n\n## 1. A\n\n{text}");
        if let Ok(parsed) = format::parse(&markdown) {
            let _ = format::render(&parsed.issue);
        }
        format::check(&markdown);
        format::check(&text);
        format::waiting_entries(&text);
        format::strip_draft_marks(&text);
    }
}
