//! Candidates that come in and entries that go out at the desk, and the way back.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use digestgen::collect::Window;
use digestgen::config::Config;
use digestgen::format::{DEFAULT_TEMPLATE, Field};
use digestgen::model::Prompts;
use digestgen::net::Client;
use digestgen::pipeline::{Event, Events, Material, Run};
use digestgen::store::Store;

use super::{DAYS, config, desk, extractive, now, record, replace, store, text_of};
use crate::harness::Digest;

/// What no source listed, with its text.
const URL: &str = "https://lanting.example/2026/01/yanmo-2";
const TEXT: &str = "岚汀研究院公开砚墨二代手写识别模型\n\n岚汀研究院1月3日公开手写识别模型砚墨二代，参数量为3.2亿，可在手机上离线运行。模型在院方自建的12万页手稿测试集上字符错误率为2.1%，上一代为3.8%。\n\n研究院说，训练数据来自41家档案馆授权的扫描件，权重与代码以宽松许可发布。";

/// Does something at the first event of a run: while it is under way.
struct Meanwhile<'a>(Mutex<Option<Box<dyn FnOnce() + Send + 'a>>>);

impl Events for Meanwhile<'_> {
    fn on(&self, _: Event<'_>) {
        if let Some(act) = self.0.lock().unwrap().take() {
            act();
        }
    }
}

/// What a run is made of.
struct Kit {
    config: Config,
    store: Arc<Store>,
    client: Client,
    prompts: Prompts,
    window: Window,
}

impl Kit {
    fn of(digest: &Digest) -> Self {
        // A second installation finds the first in place.
        let _installed = rustls::crypto::ring::default_provider().install_default();
        let config = config(digest);
        let day = |d: &str| d.parse().unwrap();
        let (from, to) = (day("2026-01-03"), day("2026-01-04"));
        Self {
            window: Window { from, to, zone: config.zone.clone() },
            config,
            store: store(digest),
            client: Client::offline(),
            prompts: Prompts::new(&BTreeMap::new()).unwrap(),
        }
    }

    fn run<'a>(&'a self, digest: &'a Digest, events: &'a dyn Events, second: i64) -> Run<'a> {
        Run {
            config: &self.config,
            config_dir: digest.path(),
            dir: digest.path(),
            store: &self.store,
            client: &self.client,
            model: None,
            prompts: &self.prompts,
            template: DEFAULT_TEMPLATE,
            window: &self.window,
            now: now(second),
            offline: false,
            events,
        }
    }
}

#[test]
fn an_excluded_entry_is_recorded() {
    let digest = extractive();
    let desk = desk(&digest);
    let url = desk.view().unwrap().issue.sections[0].entries[0].link.url.clone();
    desk.exclude(&url, "编者", now(1)).unwrap();
    let view = desk.view().unwrap();
    assert_eq!(view.entries.len(), 9);
    assert!(view.left_out.iter().any(|c| c.url == url && c.reason == "excluded"));
    assert_eq!(record(&digest)[0]["what"], "exclude");
}

#[tokio::test]
async fn what_is_edited_while_a_candidate_is_fetched_survives_and_both_go_back() {
    let digest = extractive();
    let desk = desk(&digest);
    let before = digest.issue();
    let title = text_of(&desk.view().unwrap(), Field::Title);
    let edit = replace(&title, "同时改的标题");
    let act = || drop(desk.apply(&edit, "另一人", now(1)).unwrap());
    let meanwhile = Meanwhile(Mutex::new(Some(Box::new(act))));
    let kit = Kit::of(&digest);
    let run = kit.run(&digest, &meanwhile, 2);
    let brought = desk.include(&run, URL, Material::Text(TEXT.into()), "编者").await.unwrap();
    assert!(brought.title.contains("砚墨二代"), "{brought:?}");
    let with = digest.issue();
    assert!(with.contains(URL) && with.contains("同时改的标题"), "{with}");
    let told: Vec<_> = record(&digest).iter().map(|d| d["what"].clone()).collect();
    assert_eq!(told, ["edit", "include"]);
    let row = |digest: &Digest| {
        let rows = digest.report()["candidates"].as_array().unwrap().clone();
        rows.into_iter().find(|c| c["url"] == URL)
    };
    assert_eq!(row(&digest).unwrap()["outcome"], "entry");
    // Another program changes another place, then the two steps go back one by one.
    let outside = |text: &str| text.replacen("## 拓展阅读", "一条赞助\n\n## 拓展阅读", 1);
    std::fs::write(digest.folder().join("issue.md"), outside(&with)).unwrap();
    desk.undo("编者", now(3)).unwrap();
    let titled = digest.issue();
    assert!(!titled.contains(URL) && titled.contains("同时改的标题"), "{titled}");
    assert_eq!(row(&digest), None, "the account forgets it too");
    desk.undo("编者", now(4)).unwrap();
    assert_eq!(digest.issue(), outside(&before));
    digest.run(&DAYS).success();
    assert!(!digest.issue().contains(URL), "a run does not bring it in again");
}

#[test]
fn what_was_taken_out_stands_again_as_it_stood() {
    let digest = extractive();
    let desk = desk(&digest);
    let (before, report) = (digest.issue(), digest.report());
    let url = desk.view().unwrap().issue.sections[0].entries[0].link.url.clone();
    desk.exclude(&url, "编者", now(1)).unwrap();
    assert!(!digest.issue().contains(&url));
    desk.undo("编者", now(2)).unwrap();
    assert_eq!(digest.issue(), before);
    assert_eq!(digest.report()["totals"], report["totals"]);
    digest.run(&DAYS).success();
    assert_eq!(digest.issue(), before, "a run leaves it in");
}
