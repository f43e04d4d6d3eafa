//! How long the review page takes to answer: 200 entries with 2,000 findings, over loopback. Each
//! entry rests on an article of its own, and has two claims without findings, whose risk is rated.
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
use digestgen::extract::{Article, TextOrigin, Verdict};
use digestgen::format::{self, DEFAULT_TEMPLATE};
use digestgen::model::Prompts;
use digestgen::net::Client;
use digestgen::pipeline::desk::Desk;
use digestgen::server::{Listening, Room};
use digestgen::store::Store;
use digestgen::text::hash::{sha256_hex, short_id};
use digestgen::text::{Document, Language};
use digestgen::verify::{Claim, Evidence, Finding, FindingKind, Origin, Severity};
use serde_json::json;

const ISSUE: &str = "2026-01-03_2026-01-04";
const ENTRIES: usize = 200;

fn main() {
    divan::main();
}

/// The article of the entry `n`: twelve sentences, each of them what a claim says.
fn article(n: usize) -> Article {
    let text: Vec<String> = (1..=12).map(|k| sentence(n, k)).collect();
    let text = text.join("\n");
    Article {
        id: short_id(&text),
        url: format!("https://site{n}.example/a/{n}"),
        verdict: Verdict::Article,
        title: format!("第{n}篇报道"),
        byline: None,
        site: None,
        published: None,
        language: Some(Language("zh-CN".into())),
        document: Document::from_text(&text),
        links: Vec::new(),
        origin: TextOrigin::Page,
        way: "agreement".into(),
    }
}

fn sentence(n: usize, k: usize) -> String {
    format!("第{n}组第{k}条：集群在{k}7天里完成了{n}3个训练任务，比上一季度多{k}成。")
}

/// A claim of the article of entry `n` with `findings` findings on its numbers.
fn claim((n, k): (usize, usize), findings: usize) -> Claim {
    let text = sentence(n, k);
    let found = (0..findings).map(|n| Finding {
        severity: if n % 2 == 0 { Severity::Red } else { Severity::Amber },
        kind: FindingKind::Number,
        span: [2 * n, 2 * n + 2],
        text: text.chars().skip(2 * n).take(2).collect(),
        note: "the source does not have this number".into(),
    });
    let evidence =
        Evidence {
            article: article(n).id, sentence: format!("s{k}"), quote: "训练任务".into()
        };
    Claim {
        findings: Some(found.collect()),
        evidence: Some(vec![evidence]),
        origin: Some(Origin::Model),
        text,
    }
}

fn entry(n: usize) -> IssueEntry {
    let sentence = |k: usize, found| claim((n, k), found);
    // two a point; those of the last point have no finding
    let detail =
        |k| IssueDetail { lead: format!("引语{k}"), claim: sentence(k, usize::from(k <= 6)) };
    IssueEntry {
        story: Some(format!("story-{n}")),
        title: format!("第{n}个条目的标题"),
        link: TextLink { text: String::new(), url: format!("https://site{n}.example/a/{n}") },
        date: "2026-01-03".into(),
        summary: vec![sentence(1, 3), sentence(2, 3)],
        key_points: (0..3)
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
    for n in issue
        .sections
        .iter()
        .enumerate()
        .flat_map(|(s, of)| (0..of.entries.len()).map(move |e| s * 100 + e))
    {
        let article = article(n);
        store.put("article", &article.id, &article).expect("stored");
    }
}

fn room(dir: &Path) -> Room {
    let text = "[edition]\nid = \"ai\"\ntitle = \"速报\"\n[[sources]]\nkind = \"links\"\nname = \"a\"\npath = \"l\"\n";
    let config = Config::parse(&dir.join("digest.toml"), text).expect("a configuration");
    let store = Arc::new(Store::open(&dir.join(".digestgen")).expect("a store"));
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

/// A page that is served.
struct Served {
    runtime: tokio::runtime::Runtime,
    http: reqwest::Client,
    dir: tempfile::TempDir,
    url: String,
}

impl Served {
    fn start() -> Self {
        // A second installation finds the first in place.
        let _installed = rustls::crypto::ring::default_provider().install_default();
        let dir = tempfile::tempdir().expect("a folder");
        let store = Store::open(&dir.path().join(".digestgen")).expect("a store");
        write(dir.path(), &store);
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let http = reqwest::Client::builder().no_proxy().build().expect("a client");
        let mut served = Self { runtime, http, dir, url: String::new() };
        served.url = served.again();
        served
    }

    /// Serves the same folder as a program that was just started; gives the address.
    fn again(&self) -> String {
        let room = room(self.dir.path());
        self.runtime.block_on(async {
            let listening = Listening::bind(0, "bench".into()).await.expect("a port");
            let url = listening.url().to_owned();
            tokio::spawn(listening.serve(room, std::future::pending()));
            url
        })
    }

    fn ask(&self, url: &str) -> usize {
        self.runtime.block_on(async {
            let answer = self.http.get(url).send().await.expect("an answer");
            assert!(answer.status().is_success(), "{}", answer.status());
            answer.bytes().await.expect("a body").len()
        })
    }

    /// Writes another title into the file, as a text editor would.
    fn edit(&self, n: usize) {
        let path = self.dir.path().join("issues/ai").join(ISSUE).join("issue.md");
        let text = std::fs::read_to_string(&path).expect("a draft");
        let at = text.find("### **").expect("an entry");
        let end = at + text[at..].find('\n').expect("a line");
        let text = format!("{}### **标题的第{n}稿**{}", &text[..at], &text[end..]);
        std::fs::write(&path, text).expect("written");
    }
}

/// The whole page, as a browser asks for it again.
#[divan::bench(sample_count = 40)]
fn page_of_200_entries_and_2000_findings(bencher: divan::Bencher<'_, '_>) {
    let served = Served::start();
    let bytes = served.ask(&served.url);
    bencher.counter(divan::counter::BytesCount::new(bytes)).bench_local(|| served.ask(&served.url));
}

/// The first answer of a program that was just started, asked for at once.
#[divan::bench(sample_count = 12, sample_size = 1)]
fn the_first_page(bencher: divan::Bencher<'_, '_>) {
    let served = Served::start();
    bencher.with_inputs(|| served.again()).bench_local_refs(|url| served.ask(url));
}

/// The first answer after one entry was changed in the file.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn the_page_after_one_edit(bencher: divan::Bencher<'_, '_>) {
    let served = Served::start();
    served.ask(&served.url);
    let mut n = 0;
    bencher
        .with_inputs(|| {
            n += 1;
            served.edit(n);
        })
        .bench_local_refs(|()| served.ask(&served.url));
}

/// An edit made on the page, until it is answered.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn an_edit(bencher: divan::Bencher<'_, '_>) {
    let served = Served::start();
    served.ask(&served.url);
    let at = json!({ "entry": "https://site0.example/a/0", "field": { "kind": "title" } });
    let (mut title, mut n) = ("第0个条目的标题".to_owned(), 0);
    bencher.bench_local(|| {
        n += 1;
        let text = format!("标题的第{n}稿");
        let body = json!({ "at": at, "base": title, "text": text });
        title = text;
        let request = served.http.post(format!("{}edit", served.url)).json(&body);
        let request = request.header("x-digestgen-token", "bench");
        let status =
            served.runtime.block_on(async { request.send().await.expect("sent").status() });
        assert!(status.is_success(), "{status}");
    });
}

/// What the page asks for each second.
#[divan::bench(sample_count = 40)]
fn has_anything_changed(bencher: divan::Bencher<'_, '_>) {
    let served = Served::start();
    let url = format!("{}version", served.url);
    bencher.bench_local(|| served.ask(&url));
}
