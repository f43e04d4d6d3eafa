//! Sources through the whole program: WeChat's bridges, links that expire, a file of links that
//! grows. Pages are answered from a recording that the test writes.

use std::path::Path;

use assert_cmd::assert::Assert;
use digestgen::net::{RecordedAnswer, write_recording};
use serde_json::Value;
use tempfile::TempDir;

use crate::harness::{NOW, digestgen, fixtures};

/// What WeChat answers where it takes the reader for a program.
const CHECK: &str = "<html><head><meta charset=\"utf-8\"><title></title></head><body>\
    <div class=\"weui-msg\"><h2>环境异常</h2><p>当前环境异常，完成验证后即可继续访问。</p><a>去验证</a>\
    </div></body></html>";

/// A digest's folder with sources of its own and the pages they list.
struct Place(TempDir);

impl Place {
    fn new(sources: &str, pages: &[(&str, &str)]) -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        let text = format!("[edition]\nid = \"t\"\ntitle = \"速报\"\n\n{sources}");
        place.write("digest.toml", &text);
        let answers = pages.iter().map(|(url, body)| RecordedAnswer {
            url: (*url).to_owned(),
            status: 200,
            headers: vec![("content-type".into(), "text/html; charset=utf-8".into())],
            body: body.as_bytes().to_vec(),
            at: "2026-01-05T00:00:00Z".parse().unwrap(),
        });
        write_recording(&place.path().join("web.warc.gz"), answers).unwrap();
        place
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path().join(name), text).unwrap();
    }

    fn run(&self) -> Assert {
        let mut command = digestgen();
        command.current_dir(self.path()).args(["run", "--replay", "web.warc.gz", "--now", NOW]);
        command.args(["--from", "2026-01-03", "--to", "2026-01-05"]).assert()
    }

    fn file(&self, name: &str) -> String {
        let folder = self.path().join("issues/t/2026-01-03_2026-01-05");
        std::fs::read_to_string(folder.join(name)).unwrap()
    }

    /// Outcome and reason of the candidate whose URL contains `part`.
    fn outcome(&self, part: &str) -> (String, String) {
        let report: Value = serde_json::from_str(&self.file("report.json")).unwrap();
        let all = report["candidates"].as_array().unwrap();
        let one = all.iter().find(|c| c["url"].as_str().unwrap().contains(part)).unwrap();
        let text = |key: &str| one[key].as_str().unwrap().to_owned();
        (text("outcome"), text("reason"))
    }
}

fn article(title: &str, paragraphs: &[&str]) -> String {
    let body: String = paragraphs.iter().map(|p| format!("<p>{p}</p>")).collect();
    format!(
        "<html><head><meta charset=\"utf-8\"><title>{title}</title>\
         <meta property=\"article:published_time\" content=\"2026-01-03T10:00:00+08:00\"></head>\
         <body><article><h1>{title}</h1>{body}</article></body></html>"
    )
}

#[test]
fn the_text_of_a_bridge_serves_where_the_page_asks_for_a_check() {
    for (case, file, link) in [
        (
            "feed-wechat2rss",
            "feed.xml",
            "https://mp.weixin.qq.com/s?__biz=MzEyMzQ1Njc4OQ==&mid=2247480001&idx=1&sn=0f0f0f0f&chksm=c0ffee",
        ),
        ("feed-wewe-rss", "feed.json", "https://mp.weixin.qq.com/s/Ab3_dEfGhIjKlMnOpQrSt"),
        (
            "feed-rsshub",
            "feed.xml",
            "http://mp.weixin.qq.com/s?__biz=MzEyMzQ1Njc4OQ==&mid=2247480001&idx=1&sn=0f0f0f0f&scene=0",
        ),
    ] {
        let sources = format!("[[sources]]\nkind = \"feed\"\nname = \"桥\"\npath = \"{file}\"\n");
        let place = Place::new(&sources, &[(link, CHECK)]);
        let feed = fixtures().join("sources").join(case).join(file);
        std::fs::copy(feed, place.path().join(file)).unwrap();
        place.run().code(0);
        assert_eq!(place.outcome("mp.weixin.qq.com").0, "entry", "{case}");
        let issue = place.file("issue.md");
        assert!(issue.contains("1200") && issue.contains("mp.weixin.qq.com"), "{case}: {issue}");
        assert!(!issue.contains("环境异常"), "{case}: {issue}");
    }
}

const EXPIRING: &str =
    "https://mp.weixin.qq.com/s?src=11&timestamp=1767400000&ver=1&signature=AbC*d&new=1";
const EXPIRING_ALONE: &str =
    "https://mp.weixin.qq.com/s?src=11&timestamp=1767400001&ver=1&signature=EfG*h&new=1";
const LASTING: &str = "https://chaosheng.example/2026/yunti";

const WECHAT: &[&str] = &[
    "观澜实验室 1 月 3 日发布推理引擎“云梯 2”，批量解码的吞吐量提高到每秒 1200 个词元，比上一代高出 45%。引擎按 Apache 2.0 许可证开放源代码。",
    "实验室说，云梯 2 把长请求切成 512 个词元的小段，让短请求不必排队。在 64 张加速卡上，它连续运行了 30 天，没有一次中断。",
    "测试用的是三组公开的对话数据，共 8.6 万次请求。实验室把脚本和原始日志一并放出，任何人都可以照着复现这组数字。",
];
const OUTLET: &[&str] = &[
    "潮声网 1 月 3 日消息，观澜实验室的开源推理引擎“云梯 2”今天上线，每秒可解码 1200 个词元，吞吐量较前代提升 45%。",
    "据介绍，这套引擎会先把长请求分成每段 512 个词元，再与短请求交错执行；观澜实验室在 64 张加速卡的集群上跑了 30 天，期间没有停机。",
    "评测共发出 8.6 万次请求，三组对话数据都可以公开下载。云梯 2 采用 Apache 2.0 许可证，企业可以直接商用。",
];
const OTHER: &[&str] = &[
    "砺舟机器人在东湾的仓库里部署了 120 台分拣机械臂，每小时处理 9800 件包裹，差错率为万分之三，比人工分拣低一半。",
    "机械臂的夹爪有 14 个触觉传感器，能分辨 2 克的重量差别。公司说，换一种包装只需要重新标定 20 分钟。",
    "仓库的主管陆青说，夜班只留下 6 个人，负责处理机械臂认不出的包裹，这样的包裹每天大约有 300 件。",
];

#[test]
fn a_link_that_expires_is_never_published() {
    let sources = "[[sources]]\nkind = \"links\"\nname = \"微信搜索\"\npath = \"links.txt\"\n\
                   authority = \"official\"\n";
    let (first, second) =
        (article("观澜实验室发布云梯 2 推理引擎", WECHAT), article("砺舟部署分拣机械臂", OTHER));
    let outlet = article("每秒 1200 个词元：云梯 2 开源推理引擎上线", OUTLET);
    let pages = [(EXPIRING, &*first), (EXPIRING_ALONE, &*second), (LASTING, &*outlet)];
    let place = Place::new(sources, &pages);
    place.write("links.txt", &format!("{EXPIRING}\n{EXPIRING_ALONE}\n{LASTING}\n"));
    place.run().code(0);
    assert_eq!(place.outcome("signature=EfG"), ("rejected".into(), "expiring_link".into()));
    let (wechat, outlet) = (place.outcome("signature=AbC").0, place.outcome("chaosheng").0);
    assert!(
        matches!((wechat.as_str(), outlet.as_str()), ("entry", "merged") | ("merged", "entry")),
        "one story: {wechat}, {outlet}"
    );
    for name in ["issue.md", "issue.json"] {
        let text = place.file(name);
        assert!(text.contains(LASTING), "{name}");
        assert!(!text.contains("signature="), "{name}: {text}");
    }
    // An editor may put one in by hand: that is named, and what it names is no issue.
    place.write("by-hand.md", &place.file("issue.md").replace(LASTING, EXPIRING));
    let check =
        digestgen().current_dir(place.path()).args(["check", "by-hand.md"]).assert().code(8);
    let said = check.get_output();
    let said = [said.stdout.as_slice(), said.stderr.as_slice()].concat();
    assert!(String::from_utf8_lossy(&said).contains("a link that lasts"), "{said:?}");
}

#[test]
fn a_paper_is_read_from_its_listing_without_asking_for_its_page() {
    let abstract_of = "measure the cost on four public sets. Routing saves 38% of the compute at \
        equal quality on inputs of 128,000 tokens. The router has 1.2 million parameters and is \
        trained for 40 hours on eight cards. We release the code, the weights and the logs, so \
        that each number can be checked. A study of failures shows that tables and source code \
        lose most, because their tokens are rarely routed, and a small change mends half of it.";
    let case = fixtures().join("sources/arxiv-pages/1.xml");
    let api = std::fs::read_to_string(case).unwrap();
    let api = api.replace("measure\nthe cost on four public sets.", abstract_of);
    let url = "https://export.arxiv.org/api/query?search_query=cat%3Acs.CL&sortBy=submittedDate\
               &sortOrder=descending&start=0&max_results=1";
    let sources = "[[sources]]\nkind = \"arxiv\"\nname = \"arXiv\"\ncategories = [\"cs.CL\"]\n\
                   max_items = 1\n";
    let place = Place::new(sources, &[(url, &api)]);
    place.run();
    // English in a Chinese edition without a model: it was read, and waits for one.
    assert_eq!(place.outcome("arxiv.org/abs/2601.90001").0, "needs_model");
}

#[test]
fn a_file_of_links_may_grow_while_a_digest_is_in_work() {
    let sources = "[[sources]]\nkind = \"links\"\nname = \"手选\"\npath = \"links.txt\"\n";
    let (a, b) = (article("云梯 2 推理引擎上线", OUTLET), article("砺舟部署分拣机械臂", OTHER));
    let pages = [(LASTING, &*a), ("https://lizhou.example/news/9", &*b)];
    let place = Place::new(sources, &pages);
    place.write("links.txt", &format!("{LASTING}\n"));
    place.run().code(0);
    assert!(!place.file("issue.md").contains("lizhou.example"));
    place.write("links.txt", &format!("{LASTING}\n# 后来\nhttps://lizhou.example/news/9 分拣\n"));
    place.run().code(0);
    let both = place.file("issue.md");
    assert!(both.contains(LASTING) && both.contains("https://lizhou.example/news/9"), "{both}");
    place.write("links.txt", "https://lizhou.example/news/9\n");
    place.run().code(0);
    assert_eq!(place.file("issue.md"), both, "what was listed once stays a candidate");
}
