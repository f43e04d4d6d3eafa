//! What a report links: read where it is on the event, left alone where it is not.

use crate::small::{Report, Small, report};

const ISSUE: &str = "2026-01-03_2026-01-03";
const SOURCE: &str = "[[sources]]\nkind = \"feed\"\nname = \"潮声网\"\npath = \"a.xml\"\n";

fn story(link: &'static str) -> Report {
    report(
        "https://chaosheng.example/b2",
        "Orrin Devices 推出推理芯片 Brindle B2",
        "2026-01-03T09:00:00+08:00",
        &[
            "Orrin Devices 发布推理芯片 Brindle B2，单卡内存 144 GB、带宽 9.6 TB/s，功耗 310 W，运行 70B 模型的解码速度为 118 token/s。",
            "芯片把 12 层内存直接键合在计算芯片上方，每个分区正上方对应一块 1.5 GB 的内存。公司将从 3 月开始向 6 家客户送样。",
            link,
        ],
    )
}

const LINKS: &str = "细节见<a href=\"https://orrindevices.example/news/b2\">发布页</a>和<a href=\"https://arxiv.org/pdf/2601.00417v1\">论文</a>，价格没有公布，软件栈兼容上一代的编译器。";

const PAPER: &str = "<html><head><meta charset=\"utf-8\"><title>PebbleCache: smaller caches for reasoning traces</title></head><body><article><h1>PebbleCache: smaller caches for reasoning traces</h1><p>We present PebbleCache, a method that keeps one in five entries of the cache of reasoning traces and loses half a point of accuracy on nine public tasks.</p><p>It needs no training. On traces of sixty-four thousand tokens the throughput of decoding more than doubles, and the memory that the cache takes shrinks to a fifth.</p></article></body></html>";

fn run(link_to: &str, more: &[(&str, u16, &str)]) -> Small {
    let small = Small::new(&format!("link_to = \"{link_to}\"\n{SOURCE}"));
    let story = story(LINKS);
    small.feed("a.xml", &[&story]);
    small.record(&[&story], more);
    small.run("2026-01-03", "2026-01-03").success();
    small
}

fn linked(small: &Small) -> Vec<(String, String)> {
    let report: serde_json::Value =
        serde_json::from_str(&small.file(ISSUE, "report.json")).unwrap();
    let rows = report["linked"].as_array().unwrap().iter();
    let text = |row: &serde_json::Value, key: &str| row[key].as_str().unwrap().to_owned();
    rows.map(|row| (text(row, "url"), text(row, "reading"))).collect()
}

#[test]
fn what_cannot_be_read_is_a_note_and_no_gap() {
    let small = run("primary", &[("https://arxiv.org/abs/2601.00417", 200, PAPER)]);
    // The announcement is not recorded; the paper is on something else.
    assert_eq!(
        linked(&small),
        [
            ("https://orrindevices.example/news/b2".to_owned(), "not_recorded".to_owned()),
            ("https://arxiv.org/pdf/2601.00417v1".to_owned(), "other_event".to_owned()),
        ]
    );
    let report: serde_json::Value =
        serde_json::from_str(&small.file(ISSUE, "report.json")).unwrap();
    let notes = report["notes"].as_array().unwrap();
    assert!(notes.iter().any(|n| n.as_str().unwrap().contains("orrindevices")), "{notes:?}");
    let issue = small.file(ISSUE, "issue.md");
    assert!(issue.contains("[阅读原文](https://chaosheng.example/b2)"), "{issue}");
}
