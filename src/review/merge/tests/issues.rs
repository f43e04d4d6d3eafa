//! Issues for the tests: what the program writes of a handful of stories, each in several ways.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::super::{Candidates, Machine};
use crate::collect::canonical::canonical;
use crate::compose::{
    HighlightLine, Issue, IssueDetail, IssueEntry, IssueKeyPoint, IssueSection, ReadingGroup,
    ReadingItem, TextLink, Window, built_in,
};
use crate::format;
use crate::text::hash::short_id;
use crate::verify::Claim;

/// How many stories there are, and how many ways each is written.
pub(super) const STORIES: usize = 8;
pub(super) const WAYS: usize = 3;

pub(super) fn url(story: usize) -> String {
    format!("https://news.example/{story}")
}

fn claim(text: String) -> Claim {
    Claim { text, ..Claim::default() }
}

/// What each story is about: stories share no more words than real ones do.
const ABOUT: [&str; STORIES] = [
    "开源小模型在手机上离线运行",
    "芯片厂公布新一代加速卡的带宽",
    "医院用影像系统筛查眼底病变",
    "机器人学会叠衣服并公开训练数据",
    "翻译服务增加四十种语言",
    "数据中心改用液冷后电费下降",
    "大学团队证明稀疏注意力的误差上界",
    "地图软件为视障用户推出语音导航",
];

/// Story `k` as the program writes it the `way`-th time.
fn entry(k: usize, way: usize) -> IssueEntry {
    let point = |n: usize| IssueKeyPoint {
        heading: format!("第{k}事第{way}稿要点{n}"),
        details: vec![IssueDetail {
            lead: format!("引{n}"),
            claim: claim(format!("{}，第{way}种写法，细节{n}。", ABOUT[k])),
        }],
    };
    IssueEntry {
        sources: Vec::new(),
        story: Some(format!("s{k}")),
        title: format!("第{k}件事·第{way}稿"),
        link: TextLink { text: "阅读原文".into(), url: url(k) },
        date: "2026-01-03".into(),
        summary: vec![
            claim(format!("{}，第{way}稿。", ABOUT[k])),
            claim(format!("补充{k}{way}。")),
        ],
        // The second way has no key points, the third has a paper.
        key_points: if way == 1 { Vec::new() } else { (1..=2).map(point).collect() },
        papers: (way == 2)
            .then(|| TextLink {
                text: "相关论文".into(),
                url: format!("https://arxiv.org/abs/2601.0000{k}"),
            })
            .into_iter()
            .collect(),
        marks: k.is_multiple_of(3).then(|| "late".to_owned()).into_iter().collect(),
        findings: None,
    }
}

/// The issue in which the stories stand in the given order and ways: odd ones in the first section.
pub(super) fn issue(stories: &[(usize, usize)]) -> Issue {
    let section = |title: &str, odd: usize| IssueSection {
        title: title.into(),
        waiting: false,
        entries: stories.iter().filter(|(k, _)| k % 2 == odd).map(|(k, w)| entry(*k, *w)).collect(),
    };
    let left = (0..STORIES).filter(|k| !stories.iter().any(|(s, _)| s == k));
    Issue {
        words: built_in("zh-CN"),
        window: Window { from: "2026-01-03".into(), to: "2026-01-04".into() },
        edition: crate::compose::Edition { title: "速报".into(), ..Default::default() },
        highlights: stories
            .iter()
            .map(|(k, w)| HighlightLine {
                label: "大模型".into(),
                headline: format!("速览第{k}事"),
                text: format!("{}，第{w}稿。", ABOUT[*k]),
                story: Some(format!("s{k}")),
                ..HighlightLine::default()
            })
            .collect(),
        sections: vec![section("模型", 1), section("应用", 0)],
        further_reading: vec![ReadingGroup {
            group: "其他".into(),
            items: left
                .map(|k| ReadingItem {
                    title: format!("旁读{k}"),
                    url: url(k),
                    source: "某站".into(),
                })
                .collect(),
        }]
        .into_iter()
        .filter(|g: &ReadingGroup| !g.items.is_empty())
        .collect(),
        ..Issue::default()
    }
}

/// A text of the program with what belongs to it.
#[derive(Clone)]
pub(super) struct Written {
    pub(super) text: String,
    pub(super) issue: Issue,
    pub(super) stories: Vec<(usize, usize)>,
}

impl Written {
    pub(super) fn of(stories: &[(usize, usize)]) -> Self {
        let issue = issue(stories);
        Self { text: printed(&issue), issue, stories: stories.to_vec() }
    }

    pub(super) fn machine<'a>(&'a self, candidates: &'a Candidates) -> Machine<'a> {
        Machine { text: &self.text, issue: &self.issue, stories: candidates }
    }
}

/// What the template prints, from blocks that it printed once: thousands of issues are needed.
pub(super) fn printed(issue: &Issue) -> String {
    static BLOCKS: OnceLock<BTreeMap<String, String>> = OnceLock::new();
    let blocks = BLOCKS.get_or_init(|| {
        let mut blocks = BTreeMap::new();
        for (k, way) in (0..STORIES).flat_map(|k| (0..WAYS).map(move |w| (k, w))) {
            let text = format::render(&self::issue(&[(k, way)])).unwrap();
            let parsed = format::outline(&text).unwrap();
            let anchor = if k % 2 == 1 { "entry 1.1" } else { "entry 2.1" };
            let title = entry(k, way).title;
            blocks.insert(title, text[parsed.bytes_of(anchor).unwrap()].to_owned());
        }
        blocks
    });
    let mut out = "# 速报 (2026-01-03 至 2026-01-04)\n\n".to_owned();
    if !issue.highlights.is_empty() {
        out.push_str("## ⚡ 本期速览\n\n");
        for h in &issue.highlights {
            out.push_str(&format!("- **[{}]** **{}**：{}\n", h.label, h.headline, h.text));
        }
        out.push_str("\n---\n\n");
    }
    for (i, section) in issue.sections.iter().enumerate() {
        out.push_str(&format!("## {}. {}\n\n", i + 1, section.title));
        if section.entries.is_empty() {
            out.push_str("*(本期无相关内容)*\n\n");
        }
        for entry in &section.entries {
            out.push_str(&blocks[&entry.title]);
            out.push_str("\n\n");
        }
        out.push_str("---\n\n");
    }
    if let Some(group) = issue.further_reading.first() {
        out.push_str("## 拓展阅读\n\n### [其他]\n");
        for item in &group.items {
            out.push_str(&format!("* [{}]({}) - {}\n", item.title, item.url, item.source));
        }
    }
    format!("{}\n", out.trim_end())
}

pub(super) fn candidates() -> Candidates {
    (0..STORIES)
        .map(|k| {
            let ids = [url(k), format!("https://other.example/{k}")];
            let ids = ids.iter().map(|u| short_id(&canonical(u).unwrap())).collect();
            (format!("s{k}"), ids)
        })
        .collect()
}
