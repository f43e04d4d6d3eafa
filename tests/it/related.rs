//! Papers from arXiv and links that lead nowhere, through whole runs.

use digestgen::collect::arxiv::search_url;

use crate::small::{Report, Small, report};

const ISSUE: &str = "2026-01-03_2026-01-03";

fn story() -> Report {
    report(
        "https://chaosheng.example/pebble",
        "东澜理工大学提出 PebbleCache：缓存压到五分之一",
        "2026-01-03T09:00:00+08:00",
        &[
            "东澜理工大学提出 PebbleCache，不用重新训练模型，推理轨迹的缓存占用降到原来的五分之一，解码吞吐提高到 2.3 倍，精度损失不到 0.5 个百分点。",
            "方法由 4 人小组完成，在 9 个公开任务上测试。先前的工作见<a href=\"https://github.com/donglan/old-cache\">一种保留注意力峰值的缓存压缩方法</a>和<a href=\"https://github.com/donglan/gone-cache\">已经下线的缓存压缩工具与数据</a>。",
            "论文题为 Small Caches for Long Reasoning Traces，作者说代码将在本月公开，任何人都可以复现全部数字。",
        ],
    )
}

const PAPERS: &str = "<?xml version=\"1.0\"?><feed xmlns=\"http://www.w3.org/2005/Atom\"><title>q</title>\
<entry><id>http://arxiv.org/abs/2601.00417v1</id><link href=\"http://arxiv.org/abs/2601.00417v1\"/><title>Small Caches for Long Reasoning Traces</title><published>2026-01-01T10:00:00Z</published><summary>We present PebbleCache.</summary></entry>\
<entry><id>http://arxiv.org/abs/2512.09999v1</id><link href=\"http://arxiv.org/abs/2512.09999v1\"/><title>PebbleCache for speech models</title><published>2025-12-28T10:00:00Z</published><summary>We apply it to speech.</summary></entry>\
<entry><id>http://arxiv.org/abs/2512.01111v1</id><link href=\"http://arxiv.org/abs/2512.01111v1\"/><title>A survey of river stones</title><published>2025-12-28T10:00:00Z</published><summary>Pebbles and their caches.</summary></entry>\
</feed>";

fn run(config: &str) -> Small {
    let small = Small::new(&format!(
        "[[sources]]\nkind = \"feed\"\nname = \"潮声网\"\npath = \"a.xml\"\n{config}"
    ));
    let story = story();
    small.feed("a.xml", &[&story]);
    let query = search_url("all:\"PebbleCache\"", 10).unwrap();
    let old = "<html><head><title>old-cache</title></head><body><p>code</p></body></html>";
    small.record(
        &[&story],
        &[
            (&query, 200, PAPERS),
            ("https://github.com/donglan/old-cache", 200, old),
            ("https://github.com/donglan/gone-cache", 404, "gone"),
        ],
    );
    small.run("2026-01-03", "2026-01-03").success();
    small
}

#[test]
fn a_named_paper_is_related_and_an_alike_one_is_further_reading() {
    let small = run("[related]\narxiv = true\n");
    let text = small.file(ISSUE, "issue.md");
    assert!(text.contains("[相关论文](https://arxiv.org/abs/2601.00417)"), "{text}");
    let reading = text.split("## 拓展阅读").nth(1).unwrap();
    assert!(
        reading
            .contains("[PebbleCache for speech models](https://arxiv.org/abs/2512.09999) - arXiv"),
        "{text}"
    );
    assert!(!text.contains("river stones"), "{text}");
    // Offline the same comes from the store.
    let folder = small.path().join("issues/t").join(ISSUE);
    std::fs::remove_file(folder.join("issue.md")).unwrap();
    small.command(&["run", "--offline", "--from", "2026-01-03", "--to", "2026-01-03"]).success();
    assert_eq!(small.file(ISSUE, "issue.md"), text);
}

#[test]
fn nobody_is_asked_where_the_edition_does_not_want_it_and_dead_links_are_left_out() {
    let small = run("");
    let text = small.file(ISSUE, "issue.md");
    assert!(!text.contains("arxiv.org"), "{text}");
    assert!(text.contains("https://github.com/donglan/old-cache"), "{text}");
    assert!(!text.contains("gone-cache"), "{text}");
    assert!(small.file(ISSUE, "report.json").contains("gone-cache is not listed"));
    let unchecked = run("[related]\ncheck_links = false\n");
    assert!(unchecked.file(ISSUE, "issue.md").contains("gone-cache"));
}
