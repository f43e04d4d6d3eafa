//! The room `extract`: fixture pages, hostile pages, and the labelled pages where they are given.

use std::io::{BufRead, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use digestgen::extract::stage::stage;
use digestgen::extract::{Article, FeedText, PageSource, TextOrigin, Verdict, extract, from_feed};
use digestgen::text::Moment;
use serde::Deserialize;
use serde_json::{Value, json};

/// What a fixture's `expected.toml` says about its `page.html`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    url: Option<String>,
    verdict: String,
    title: Option<String>,
    byline: Option<String>,
    published: Option<String>,
    language: Option<String>,
    way: Option<String>,
    #[serde(default)]
    must: Vec<String>,
    #[serde(default)]
    must_not: Vec<String>,
    /// `kind URL`.
    #[serde(default)]
    links: Vec<String>,
}

fn faults_of(article: &Article, expected: &Expected) -> Vec<String> {
    let mut faults = Vec::new();
    let mut same = |what: &str, got: Option<String>, want: &Option<String>| {
        if want.is_some() && got != *want {
            faults.push(format!("{what}: {got:?} instead of {want:?}"));
        }
    };
    let word = |v: Value| v.as_str().map(str::to_owned);
    same("verdict", word(json!(article.verdict)), &Some(expected.verdict.clone()));
    same("title", Some(article.title.clone()), &expected.title);
    same("byline", article.byline.clone(), &expected.byline);
    same("published", article.published.map(|m| m.to_string()), &expected.published);
    same("language", article.language.as_ref().map(|l| l.0.clone()), &expected.language);
    same("way", Some(article.way.clone()), &expected.way);
    let text = article.document.text();
    faults.extend(
        expected.must.iter().filter(|m| !text.contains(*m)).map(|m| format!("missing: {m}")),
    );
    faults.extend(
        expected.must_not.iter().filter(|m| text.contains(*m)).map(|m| format!("came out: {m}")),
    );
    let links: Vec<String> = article
        .links
        .iter()
        .map(|l| format!("{} {}", json!(l.kind).as_str().unwrap_or(""), l.url))
        .collect();
    faults.extend(
        expected
            .links
            .iter()
            .filter(|l| !links.contains(l))
            .map(|l| format!("no link {l} in {links:?}")),
    );
    faults
}

#[test]
fn fixture_pages() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/extract");
    let mut cases: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    cases.sort();
    assert!(cases.len() > 40, "the fixtures are missing");
    let mut report = String::new();
    for case in cases {
        let bytes = std::fs::read(case.join("page.html")).unwrap();
        let expected: Expected =
            toml::from_str(&std::fs::read_to_string(case.join("expected.toml")).unwrap()).unwrap();
        let url = expected.url.as_deref().unwrap_or("https://beacon.example/news/story");
        let source = PageSource { url, content_type: Some("text/html"), bytes: &bytes };
        for fault in faults_of(&extract(&source), &expected) {
            report += &format!("{}: {fault}\n", case.file_name().unwrap().display());
        }
    }
    assert!(report.is_empty(), "\n{report}");
}

/// Pages made to hurt, smaller than those of `benches/extract.rs`, which times them: here they must
/// be read at all, and what is readable must come out.
#[test]
fn hostile_pages_are_read() {
    let sentence = "The laboratory said on Saturday that its model had passed every public test. ";
    let text = sentence.repeat(10);
    let pages = [
        ("nested div", format!("{}<p>{text}</p>", "<div>".repeat(20_000)), true),
        ("nested lists", format!("{}{text}", "<ul><li>".repeat(10_000)), true),
        ("open formatting", "<p><b id=a><i id=b><font id=c>x</p>".repeat(500), false),
        ("attributes", format!("<p {}>{text}</p>", "a=1 ".repeat(20_000)), true),
        ("open brackets", "<".repeat(20_000), false),
        ("open comments", "<!--".repeat(20_000), false),
        ("open svg", "<svg><p>x".repeat(1_000), false),
    ];
    for (name, page, readable) in pages {
        let article = extract(&PageSource {
            url: "https://beacon.example/a",
            content_type: Some("text/html; charset=utf-8"),
            bytes: page.as_bytes(),
        });
        assert_eq!(
            article.document.text().contains("passed every public test"),
            readable,
            "{name}"
        );
    }
}

#[test]
fn no_bytes_panic() {
    let page = std::fs::read(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/extract/structure/page.html"),
    )
    .unwrap();
    let mut seed = 7u64;
    for _ in 0..60 {
        let mut bytes = page.clone();
        for _ in 0..40 {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let at = (seed >> 33) as usize % bytes.len();
            bytes[at] = (seed >> 24) as u8;
        }
        bytes.truncate((seed >> 40) as usize % bytes.len());
        let source = PageSource { url: "not a url", content_type: None, bytes: &bytes };
        let _ = extract(&source);
    }
}

#[test]
fn text_of_a_feed() {
    let published = Moment::parse("2026-01-03T09:30:00+08:00");
    let article = from_feed(&FeedText {
        url: "https://beacon.example/n/6",
        html: "<p>观澜实验室周六发布了微光三号模型，参数规模达到三千亿，训练用时四周。</p>\
               <p style='display:none'>看不见</p><p>代码见<a href='https://github.com/guanlan/wg'>仓库</a>。</p>",
        title: "观澜发布微光三号",
        published,
        ..FeedText::default()
    });
    assert_eq!((article.verdict, article.origin), (Verdict::Article, TextOrigin::Feed));
    assert_eq!((article.title.as_str(), article.published), ("观澜发布微光三号", published));
    assert_eq!(article.document.sentences().len(), 2);
    assert_eq!(article.links.len(), 1);
}

/// Writes what the room gives for labelled pages, for a scorer to read.
///
/// `DIGESTGEN_BENCH` names a folder with `extract/en.pages.jsonl.gz` and `extract/zh.pages.jsonl.gz`;
/// the output goes to `DIGESTGEN_BENCH_OUT` (default: the system's folder for temporary files).
#[test]
#[ignore = "needs labelled pages in the folder DIGESTGEN_BENCH"]
#[allow(clippy::disallowed_methods)]
fn writes_labelled_pages() {
    let Some(folder) = std::env::var_os("DIGESTGEN_BENCH") else {
        println!("left out: DIGESTGEN_BENCH is not set");
        return;
    };
    let out_folder =
        std::env::var_os("DIGESTGEN_BENCH_OUT").map_or_else(std::env::temp_dir, Into::into);
    for name in ["en", "zh"] {
        let path = Path::new(&folder).join(format!("extract/{name}.pages.jsonl.gz"));
        let file = std::fs::File::open(path).unwrap();
        let lines = std::io::BufReader::new(flate2::read::MultiGzDecoder::new(file)).lines();
        let mut out =
            std::fs::File::create(out_folder.join(format!("extract-{name}.jsonl"))).unwrap();
        let (mut count, mut spent) = (0u32, Duration::ZERO);
        for line in lines {
            let line: Value = serde_json::from_str(&line.unwrap()).unwrap();
            let id = line["id"].clone();
            let start = Instant::now();
            let mut result = stage(line).unwrap();
            spent += start.elapsed();
            count += 1;
            result["id"] = id;
            writeln!(out, "{result}").unwrap();
        }
        let each = spent.as_secs_f64() * 1000.0 / f64::from(count);
        println!("{name}: {count} pages, {each:.1} ms a page");
    }
}
