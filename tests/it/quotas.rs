//! Quotas of sections and sources, and weights, through whole runs.

use crate::small::{Report, Small, report};

const ISSUE: &str = "2026-01-03_2026-01-03";

fn reports() -> [Report; 4] {
    let one = |url, title, first: &'static str| {
        report(
            url,
            title,
            "2026-01-03T09:00:00+08:00",
            &[first, "这项工作历时 14 个月，由 23 人的小组完成，全部数据和脚本都可以公开下载。"],
        )
    };
    [
        one(
            "https://chaosheng.example/1",
            "观澜实验室的芯片每秒解码 1200 个词元",
            "观澜实验室发布推理芯片“砂岩”，每秒解码 1200 个词元，功耗 75 瓦，比上一代的芯片低 45%。",
        ),
        one(
            "https://chaosheng.example/2",
            "海岬大学的芯片把散热面积缩小一半",
            "海岬大学研究组做出一种芯片封装，把散热面积缩小一半，温度却低了 9 度，良率达到 92%。",
        ),
        one(
            "https://chaosheng.example/3",
            "雨幕模型把降雨预报提前 6 小时",
            "海岬气象院发布降雨预报模型“雨幕”，命中率达到 83%，空报率降到 19%，在 9 个省试用。",
        ),
        one(
            "https://nanyan.example/4",
            "东湾仓库部署 120 台机械臂",
            "砺舟机器人在东湾的仓库里部署了 120 台分拣机械臂，每小时处理 9800 件包裹，差错率减半。",
        ),
    ]
}

fn outcomes(config: &str, source: &str) -> Vec<(String, String)> {
    let sections = "[[edition.sections]]\nid = \"chips\"\ntitle = \"芯片\"\nkeep = [\"芯片\"]\n{}\n\
        [[edition.sections]]\nid = \"rest\"\ntitle = \"其余\"\nkeep = [\"模型\", \"机械臂\"]\n";
    let sources = format!(
        "[[sources]]\nkind = \"feed\"\nname = \"潮声网\"\npath = \"a.xml\"\n{source}\n\
         [[sources]]\nkind = \"feed\"\nname = \"南雁网\"\npath = \"b.xml\"\n"
    );
    let small = Small::new(&format!("{}{sources}", sections.replace("{}", config)));
    let all = reports();
    small.feed("a.xml", &[&all[0], &all[1], &all[2]]);
    small.feed("b.xml", &[&all[3]]);
    small.record(&all.iter().collect::<Vec<_>>(), &[]);
    small.run("2026-01-03", "2026-01-03").success();
    all.iter().map(|r| small.outcome(ISSUE, r.url)).collect()
}

fn count(outcomes: &[(String, String)], kind: &str) -> usize {
    outcomes.iter().filter(|(outcome, _)| outcome == kind).count()
}

#[test]
fn a_full_section_lets_others_in() {
    let got = outcomes("max_entries = 1", "");
    assert_eq!(count(&got, "entry"), 3, "{got:?}");
    let chips: Vec<&str> = got[..2].iter().map(|(o, _)| o.as_str()).collect();
    assert!(chips.contains(&"entry") && chips.contains(&"further_reading"), "{got:?}");
}

#[test]
fn a_source_leads_no_more_than_its_quota() {
    let got = outcomes("", "max_entries = 0");
    assert_eq!(count(&got, "entry"), 1, "{got:?}");
    assert_eq!(got[3].0, "entry");
    let got = outcomes("", "max_entries = 2");
    assert_eq!(count(&got, "entry"), 3, "{got:?}");
    assert_eq!(count(&outcomes("", ""), "entry"), 4);
}
