//! Feeds: a folder a fault under `fixtures/feeds`, and that nothing makes the reader fall over.

use std::path::{Path, PathBuf};

use digestgen::collect::{Feed, candidate_id, parse_feed};
use digestgen::text::Moment;
use proptest::prelude::*;
use serde_json::{Value, json};

const URL: &str = "https://feeds.example/feed";

struct Case {
    name: String,
    body: Vec<u8>,
    expected: Value,
}

impl Case {
    fn parse(&self) -> Result<Feed, String> {
        let content_type = self.expected["content_type"].as_str();
        parse_feed(URL, content_type, &self.body).map_err(|e| e.to_string())
    }
}

fn cases() -> Vec<Case> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/feeds");
    let mut folders: Vec<PathBuf> =
        std::fs::read_dir(root).unwrap().map(|e| e.unwrap().path()).collect();
    folders.sort();
    assert!(folders.len() > 30, "only {} cases", folders.len());
    folders.iter().map(|folder| case(folder)).collect()
}

fn case(folder: &Path) -> Case {
    let feed = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .find(|p| p.file_stem().is_some_and(|s| s == "feed"))
        .unwrap();
    Case {
        name: folder.file_name().unwrap().to_string_lossy().into_owned(),
        body: std::fs::read(feed).unwrap(),
        expected: serde_json::from_slice(&std::fs::read(folder.join("expected.json")).unwrap())
            .unwrap(),
    }
}

fn ids(feed: &Feed) -> Vec<String> {
    feed.items.iter().map(|i| candidate_id(i, URL)).collect()
}

#[test]
fn every_case_gives_what_it_should() {
    for case in cases() {
        let name = &case.name;
        let feed = match (case.parse(), case.expected["error"].as_str()) {
            (Err(got), Some(want)) => {
                assert_eq!(got, want, "{name}");
                continue;
            }
            (Ok(feed), None) => feed,
            (got, want) => panic!("{name}: expected error {want:?}, got {got:?}"),
        };
        assert_eq!(json!(feed.kind), case.expected["kind"], "{name}");
        assert_eq!(feed.title, case.expected["title"], "{name}");
        let wanted = case.expected["items"].as_array().unwrap();
        assert_eq!(feed.items.len(), wanted.len(), "{name}: {:#?}", feed.items);
        for (item, want) in feed.items.iter().zip(wanted) {
            let published = item.published.map(|m| match m {
                Moment::Day(day) => day.to_string(),
                Moment::Instant { at, .. } => at.to_string(),
            });
            let got = json!({
                "url": item.url, "title": item.title, "published": published,
                "content": item.content.is_some(), "guid": item.guid, "author": item.author,
                "snippet": item.snippet, "html": item.content,
            });
            for (key, value) in want.as_object().unwrap() {
                assert_eq!(&got[key], value, "{name}: {key} of {:?}", item.title);
            }
        }
    }
}

#[test]
fn ids_are_the_same_at_every_parse() {
    for case in cases() {
        let Ok(first) = case.parse() else { continue };
        for _ in 0..20 {
            let again = case.parse().unwrap();
            assert_eq!(again, first, "{}", case.name);
            assert_eq!(ids(&again), ids(&first), "{}", case.name);
        }
    }
}

#[test]
fn every_truncation_is_read_and_invents_no_link() {
    for case in cases() {
        let whole = case.parse().map(|f| f.items).unwrap_or_default();
        let known: Vec<_> = whole.iter().filter_map(|i| i.url.as_deref()).collect();
        for end in (0..case.body.len()).step_by(7) {
            let cut = parse_feed(URL, None, &case.body[..end]);
            for url in cut.iter().flat_map(|f| &f.items).filter_map(|i| i.url.as_deref()) {
                assert!(known.contains(&url), "{} cut at {end}: {url}", case.name);
            }
        }
    }
}

#[test]
fn depth_and_length_are_no_trouble() {
    let deep = |open: &str, close: &str| {
        format!(
            "<rss><channel><item><title>t</title><description>{}x{}</description></item></channel></rss>",
            open.repeat(100_000),
            close.repeat(100_000)
        )
    };
    for body in [
        deep("<div>", "</div>"),
        deep("<p>", ""),
        deep("&lt;div>", "&lt;/div>"),
        "<rss><channel>".to_owned() + &"<item>".repeat(100_000),
        "<rss>".to_owned() + &"<a b='".repeat(100_000),
        "<feed>".repeat(100_000),
        "[".repeat(100_000),
    ] {
        let read = parse_feed(URL, None, body.as_bytes());
        if body.contains("<title>") {
            assert_eq!(read.unwrap().items[0].title, "t");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_bytes_make_it_panic(body in prop::collection::vec(any::<u8>(), 0..400)) {
        let mut feed = b"<rss><channel><item><title>".to_vec();
        feed.extend(&body);
        let _ = parse_feed(URL, None, &body);
        prop_assert!(parse_feed(URL, Some("text/xml; charset=utf-8"), &feed).is_ok());
    }

    #[test]
    fn damage_anywhere_is_read(at in any::<prop::sample::Index>(), byte in any::<u8>(), which in any::<prop::sample::Index>()) {
        let cases = cases();
        let mut case = which.get(&cases).body.clone();
        let at = at.index(case.len());
        case[at] = byte;
        let first = parse_feed(URL, None, &case);
        prop_assert_eq!(parse_feed(URL, None, &case), first);
    }
}
