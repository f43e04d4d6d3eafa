//! How long the review page takes to answer: 200 entries with 2,000 findings, over loopback.
//!
//! `cargo bench --bench review`

#![allow(missing_docs, clippy::expect_used)]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use digestgen::collect::Window;
use digestgen::compose::{
    Edition, HighlightLine, Issue, IssueDetail, IssueEntry, IssueKeyPoint, IssueSection, TextLink,
    built_in,
};
use digestgen::config::Config;
use digestgen::format::{self, DEFAULT_TEMPLATE};
use digestgen::model::Prompts;
use digestgen::net::Client;
use digestgen::pipeline::desk::Desk;
use digestgen::server::{Listening, Room};
use digestgen::store::Store;
use digestgen::text::hash::sha256_hex;
use digestgen::verify::{Claim, Evidence, Finding, FindingKind, Origin, Severity};
use serde_json::json;

const ISSUE: &str = "2026-01-03_2026-01-04";
const ENTRIES: usize = 200;

fn main() {
    divan::main();
}

/// A claim with `findings` findings on its numbers.
fn claim(text: String, findings: usize) -> Claim {
    let found = (0..findings).map(|n| Finding {
        severity: if n % 2 == 0 { Severity::Red } else { Severity::Amber },
        kind: FindingKind::Number,
        span: [2 * n, 2 * n + 2],
        text: text.chars().skip(2 * n).take(2).collect(),
        note: "the source does not have this number".into(),
    });
    let evidence =
        Evidence { article: "none".into(), sentence: "s1".into(), quote: "训练任务".into() };
    Claim {
        findings: Some(found.collect()),
        evidence: Some(vec![evidence]),
        origin: Some(Origin::Model),
        text,
    }
}

fn entry(n: usize) -> IssueEntry {
    let sentence = |k: usize, found| {
        claim(
            format!("第{n}组第{k}条：集群在{k}7天里完成了{n}3个训练任务，比上一季度多{k}成。"),
            found,
        )
    };
    let detail = |k| IssueDetail { lead: format!("引语{k}"), claim: sentence(k, 1) };
    IssueEntry {
        story: Some(format!("story-{n}")),
        title: format!("第{n}个条目的标题"),
        link: TextLink { text: String::new(), url: format!("https://site{n}.example/a/{n}") },
        date: "2026-01-03".into(),
        summary: vec![sentence(1, 3), sentence(2, 3)],
        key_points: (0..2)
            .map(|p| IssueKeyPoint {
                heading: format!("要点{p}"),
                details: vec![detail(2 * p + 3), detail(2 * p + 4)],
            })
            .collect(),
        ..IssueEntry::default()
    }
}

fn issue() -> Issue {
    let words = built_in("zh-CN");
    let section = |s: usize| IssueSection {
        title: format!("栏目{s}"),
        entries: (0..ENTRIES / 4).map(|e| entry(s * 100 + e)).collect(),
        ..IssueSection::default()
    };
    Issue {
        edition: Edition { id: "ai".into(), title: "速报".into(), language: "zh-CN".into() },
        words,
        window: digestgen::compose::Window { from: "2026-01-03".into(), to: "2026-01-04".into() },
        highlights: vec![HighlightLine {
            label: "大模型".into(),
            headline: "头条".into(),
            text: "一句话。".into(),
            ..HighlightLine::default()
        }],
        sections: (0..4).map(section).collect(),
        ..Issue::default()
    }
}

/// Writes the issue as a run would have left it.
fn write(dir: &Path, store: &Store) {
    let issue = issue();
    let findings: usize = issue
        .sections
        .iter()
        .flat_map(|s| &s.entries)
        .flat_map(|e| {
            let details = e.key_points.iter().flat_map(|p| &p.details).map(|d| &d.claim);
            e.summary.iter().chain(details)
        })
        .map(|c| c.findings.as_ref().map_or(0, Vec::len))
        .sum();
    assert_eq!(findings, 10 * ENTRIES);
    let markdown = format::render(&issue).expect("it renders");
    let json = serde_json::to_vec_pretty(&issue).expect("it is JSON");
    let folder = dir.join("issues/ai").join(ISSUE);
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("issue.md"), &markdown).expect("written");
    std::fs::write(folder.join("issue.json"), &json).expect("written");
    let record = json!({
        "markdown": sha256_hex(markdown.as_bytes()),
        "json": sha256_hex(&json),
        "stories": {},
    });
    store.put("draft", &format!("ai/{ISSUE}"), &record).expect("stored");
}

fn room(dir: &Path) -> Room {
    let text = "[edition]\nid = \"ai\"\ntitle = \"速报\"\n[[sources]]\nkind = \"links\"\nname = \"a\"\npath = \"l\"\n";
    let config = Config::parse(&dir.join("digest.toml"), text).expect("a configuration");
    let store = Arc::new(Store::open(&dir.join(".digestgen")).expect("a store"));
    write(dir, &store);
    let day = |d: &str| d.parse().expect("a day");
    Room {
        desk: Desk::open(&config, dir, Arc::clone(&store), ISSUE, "bench").expect("a desk"),
        window: Window {
            from: day("2026-01-03"),
            to: day("2026-01-04"),
            zone: config.zone.clone(),
        },
        config,
        config_dir: dir.to_owned(),
        dir: dir.to_owned(),
        store,
        client: Client::offline(),
        model: None,
        prompts: Prompts::new(&BTreeMap::new()).expect("prompts"),
        template: DEFAULT_TEMPLATE.to_owned(),
        who: "bench".into(),
        holder: "bench".into(),
        clock: Arc::new(|| "2026-01-05T00:00:00Z".parse().expect("a time")),
    }
}

/// The whole page, as a browser asks for it.
#[divan::bench(sample_count = 40)]
fn page_of_200_entries_and_2000_findings(bencher: divan::Bencher<'_, '_>) {
    answer(bencher, "");
}

/// What the page asks for each second.
#[divan::bench(sample_count = 40)]
fn has_anything_changed(bencher: divan::Bencher<'_, '_>) {
    answer(bencher, "version");
}

fn answer(bencher: divan::Bencher<'_, '_>, path: &str) {
    // A second installation finds the first in place.
    let _installed = rustls::crypto::ring::default_provider().install_default();
    let dir = tempfile::tempdir().expect("a folder");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let room = room(dir.path());
    let url = runtime.block_on(async {
        let listening = Listening::bind(0, "bench".into()).await.expect("a port");
        let url = format!("{}{path}", listening.url());
        tokio::spawn(listening.serve(room, std::future::pending()));
        url
    });
    let http = reqwest::Client::builder().no_proxy().build().expect("a client");
    let ask = || {
        runtime.block_on(async {
            let answer = http.get(&url).send().await.expect("an answer");
            assert!(answer.status().is_success(), "{}", answer.status());
            answer.bytes().await.expect("a body").len()
        })
    };
    let bytes = ask();
    bencher.counter(divan::counter::BytesCount::new(bytes)).bench(ask);
}
