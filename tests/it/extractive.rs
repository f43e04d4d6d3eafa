//! The extractive writer on cases of our own, and, when asked for, on a folder of labelled data.

use std::fs;
use std::path::{Path, PathBuf};

use digestgen::extract::{Article, TextOrigin, Verdict};
use digestgen::summarize::Entry;
use digestgen::summarize::extractive::{self, Gap, Options};
use digestgen::text::{BlockKind, Document, Language, hash, measure};
use digestgen::verify::{self, Claim, Severity, SourceText};
use serde_json::{Value, json};

fn read(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn article(given: &Value) -> Article {
    let blocks: Vec<(BlockKind, String)> = serde_json::from_value(given["blocks"].clone()).unwrap();
    let document = Document::from_blocks(blocks);
    Article {
        id: hash::short_id(document.text()),
        url: "https://news.example/a".to_owned(),
        verdict: Verdict::Article,
        title: given["title"].as_str().unwrap().to_owned(),
        byline: None,
        site: None,
        published: None,
        language: Some(Language(given["language"].as_str().unwrap().to_owned())),
        document,
        links: Vec::new(),
        origin: TextOrigin::Page,
        way: "general".to_owned(),
    }
}

/// Every `fixtures/summarize/<case>` with an `expect.json`: `article.json` is written up; the
/// first sentence, the headline, the headings and what may never be printed are as expected.
#[test]
fn every_case_reads_well() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/summarize");
    let mut seen = 0;
    for case in fs::read_dir(&folder).unwrap() {
        let case = case.unwrap().path();
        if !case.join("expect.json").exists() || !case.join("article.json").exists() {
            continue;
        }
        let (given, expect) = (read(&case.join("article.json")), read(&case.join("expect.json")));
        let article = article(&given);
        let edition = given["edition"].as_str().unwrap_or(given["language"].as_str().unwrap());
        let edition = Language(edition.to_owned());
        seen += 1;
        match extractive::write("st1", &article, &edition, &Options::default()) {
            Ok(entry) => {
                holds(&entry, &article, &edition);
                is_as_expected(&entry, &expect, &case);
            }
            Err(gap) => {
                let code = match gap {
                    Gap::OtherLanguage(_) => "other_language",
                    Gap::NoSentence => "no_sentence",
                };
                assert_eq!(expect["gap"], code, "{}", case.display());
            }
        }
    }
    assert!(seen >= 6, "{seen} cases");
}

fn is_as_expected(entry: &Entry, expect: &Value, case: &Path) {
    let case = case.display();
    assert_eq!(expect["first"], entry.summary[0].text, "{case}");
    assert_eq!(expect["headline"], entry.highlight.as_ref().unwrap().headline, "{case}");
    if let Some(headings) = expect["headings"].as_array() {
        let found: Vec<&str> = entry.key_points.iter().map(|p| p.heading.as_str()).collect();
        assert_eq!(json!(headings), json!(found), "{case}");
    }
    let printed = serde_json::to_string(entry).unwrap();
    for never in expect["never"].as_array().unwrap() {
        assert!(!printed.contains(never.as_str().unwrap()), "{case} prints {never}");
    }
}

fn claims(entry: &Entry) -> Vec<&Claim> {
    let details = entry.key_points.iter().flat_map(|p| &p.details).map(|d| &d.claim);
    entry.summary.iter().chain(details).collect()
}

/// What holds for every entry: verbatim, proved, nothing twice, whole lengths.
fn holds(entry: &Entry, article: &Article, edition: &Language) {
    assert!((1..=4).contains(&entry.summary.len()));
    assert!(entry.key_points.is_empty() || entry.key_points.len() >= 3);
    let source = SourceText {
        article: &article.id,
        title: &article.title,
        document: &article.document,
        published: None,
        language: None,
    };
    let options = verify::Options { language: Some(edition.clone()) };
    let all = claims(entry);
    for (i, claim) in all.iter().enumerate() {
        assert!(article.document.text().contains(&claim.text), "{}", claim.text);
        assert!(all[..i].iter().all(|c| c.text != claim.text), "twice: {}", claim.text);
        let red = verify::check(claim, &[source], &options)
            .into_iter()
            .find(|f| f.severity == Severity::Red);
        assert_eq!(red, None);
    }
    for detail in entry.key_points.iter().flat_map(|p| &p.details) {
        let text = &detail.claim.text;
        assert!(if edition.is_chinese() {
            measure::chinese_length(text) <= 200
        } else {
            measure::word_count(text) <= 80
        });
    }
    // The highlight is the lead, or another sentence that speaks of what the title speaks of.
    let highlight = &entry.highlight.as_ref().unwrap().claim.text;
    assert!(article.document.text().contains(highlight.as_str()), "{highlight}");
    let pairs = |text: &str| -> std::collections::BTreeSet<(char, char)> {
        let chars: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
        chars.windows(2).map(|w| (w[0], w[1])).collect()
    };
    let shared = pairs(&entry.title).intersection(&pairs(highlight)).count();
    assert!(*highlight == entry.summary[0].text || shared > 2, "{highlight}");
}

#[test]
fn the_stage_writes_a_line_and_two_quotes_wait_for_a_model() {
    let text = "海港大学3日公布编译框架“织机”，编译时间缩短52%。\n框架把计算图切成48个块，只编译改动过的块。\n缓存命中率达到93%，磁盘占用不到40GB。";
    let line = extractive::stage(json!({ "id": 7, "title": "织机", "text": text })).unwrap();
    assert_eq!((&line["id"], &line["title"]), (&json!(7), &json!("织机")));
    assert_eq!(line["summary"][0], text.lines().next().unwrap());
    assert_eq!(line["key_points"], json!([]));
    assert!(extractive::stage(json!({ "id": 7 })).is_err());
    let given = json!({ "title": "织机", "language": "zh", "blocks": text.lines().map(|l| ("paragraph", l)).collect::<Vec<_>>() });
    let quotes = extractive::lead_quotes(&article(&given));
    assert_eq!(quotes.len(), 2);
    assert!(quotes.iter().all(|q| text.contains(q.as_str())));
}

/// Writes `<set>.summarize.out.jsonl` beside the temporary files for each set of the folder
/// `DIGESTGEN_BENCH`, to be scored there.
#[test]
#[ignore = "needs labelled data: DIGESTGEN_BENCH=FOLDER"]
#[allow(clippy::disallowed_methods)]
fn bench() {
    let folder = PathBuf::from(std::env::var("DIGESTGEN_BENCH").expect("set DIGESTGEN_BENCH"));
    for set in ["en-news", "zh-headlines"] {
        let rows = fs::read_to_string(folder.join(format!("summarize/{set}.jsonl"))).unwrap();
        let mut out = String::new();
        for row in rows.lines() {
            let row: Value = serde_json::from_str(row).unwrap();
            let id = row["id"].clone();
            let answer = extractive::stage(row).unwrap_or_else(|error| {
                eprintln!("{set} {id}: {error}");
                serde_json::json!({ "id": id, "summary": [], "error": error })
            });
            out.push_str(&answer.to_string());
            out.push('\n');
        }
        fs::write(std::env::temp_dir().join(format!("{set}.summarize.out.jsonl")), out).unwrap();
    }
}
