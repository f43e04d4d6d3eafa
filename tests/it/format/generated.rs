//! Generated issues full of what breaks Markdown, and files that an editor added to.

use digestgen::compose::{
    Edition, HighlightLine, Issue, IssueDetail, IssueEntry, IssueKeyPoint, IssueSection,
    ReadingGroup, ReadingItem, TextLink, Window, built_in,
};
use digestgen::format;
use digestgen::template::link_destination;
use digestgen::verify::Claim;
use proptest::collection::vec;
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag};

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
    text().prop_map(|text| Claim { text, ..Claim::default() })
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
    let lists = (vec(claim(), 0..4), vec(key_point(), 0..3), vec(link(), 0..3), vec(mark, 0..3));
    (text(), link(), date, lists).prop_map(|(title, link, date, lists)| {
        let (summary, key_points, papers, marks) = lists;
        IssueEntry {
            findings: None,
            sources: Vec::new(),
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
    let line = (maybe_text(), maybe_text(), text()).prop_map(|(label, headline, text)| {
        HighlightLine { label, headline, text, ..HighlightLine::default() }
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
        (vec(line, 0..3), vec(section, 1..4), waiting, vec(group, 0..3)),
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
                    edition: Edition { id: String::new(), title, language: language.into() },
                    window: Window { from: "2026-01-03".into(), to: "2026-01-04".into() },
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

/// What a CommonMark reader sees of an issue: links in order, headings by level, anything that no
/// issue has.
#[derive(Debug, Default, PartialEq)]
struct Seen {
    links: Vec<String>,
    headings: [usize; 6],
    foreign: Vec<String>,
}

fn seen(markdown: &str) -> Seen {
    let mut seen = Seen::default();
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    for event in Parser::new_ext(markdown, options) {
        match event {
            Event::Start(Tag::Link { dest_url, .. }) => seen.links.push(dest_url.to_string()),
            Event::Start(Tag::Heading { level, .. }) => seen.headings[level as usize - 1] += 1,
            Event::Start(
                Tag::Paragraph
                | Tag::Strong
                | Tag::List(None)
                | Tag::Item
                | Tag::BlockQuote(_)
                | Tag::Emphasis
                | Tag::HtmlBlock,
            )
            | Event::End(_)
            | Event::Text(_)
            | Event::SoftBreak
            | Event::Rule => {}
            Event::Code(date) if date.starts_with('[') && date.len() == 12 => {}
            Event::Html(mark) if mark.starts_with("<!-- digestgen: ") => {}
            other => seen.foreign.push(format!("{other:?}")),
        }
    }
    seen
}

/// The same, as the issue has it.
fn meant(issue: &Issue) -> Seen {
    let mut seen = Seen::default();
    let entries: Vec<&IssueEntry> = issue.sections.iter().flat_map(|s| &s.entries).collect();
    for entry in &entries {
        seen.links.push(link_destination(&entry.link.url));
        seen.links.extend(entry.papers.iter().map(|p| link_destination(&p.url)));
    }
    let items = issue.further_reading.iter().flat_map(|g| &g.items);
    seen.links.extend(items.map(|i| link_destination(&i.url)));
    let parts =
        usize::from(!issue.highlights.is_empty()) + usize::from(!issue.further_reading.is_empty());
    seen.headings =
        [1, issue.sections.len() + parts, entries.len() + issue.further_reading.len(), 0, 0, 0];
    seen
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
        prop_assert_eq!(seen(&markdown), meant(&issue), "{}", markdown);
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
            let inside = |i: &usize| markdown[..*i].ends_with("First.\n\n")
                || markdown[..*i].matches("```").count() % 2 == 1
                || markdown[..*i].rfind("<!-- remember").is_some_and(|o| !markdown[o..*i].contains("-->"));
            let open: Vec<usize> = gaps.into_iter().filter(|i| !inside(i)).collect();
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
