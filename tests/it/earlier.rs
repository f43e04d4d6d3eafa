//! Earlier issues: what was carried is not told twice, what goes on is marked, what the editor left
//! out does not return; older issues are taken in from files.

use predicates::str::contains;

use crate::harness::fixtures;
use crate::small::{Report, Small, report};

const SOURCES: &str = "[[sources]]\nkind = \"feed\"\nname = \"潮声网\"\npath = \"a.xml\"\n\
    [[sources]]\nkind = \"feed\"\nname = \"南雁网\"\npath = \"b.xml\"\n";

/// The first report of the bridge.
fn bridge() -> Report {
    report(
        "https://chaosheng.example/bridge",
        "观澜实验室开源推理引擎云梯 2",
        "2026-01-03T09:00:00+08:00",
        &[
            "观澜实验室 1 月 3 日发布推理引擎“云梯 2”，批量解码的吞吐量提高到每秒 1200 个词元，比上一代高出 45%。引擎按 Apache 2.0 许可证开放源代码。",
            "实验室说，云梯 2 把长请求切成 512 个词元的小段，让短请求不必排队。在 64 张加速卡上，它连续运行了 30 天，没有一次中断。",
        ],
    )
}

/// Another outlet's report of the same event a day later, with the same figures.
fn again() -> Report {
    report(
        "https://nanyan.example/yunti",
        "推理引擎云梯 2 开源：吞吐量提高 45%",
        "2026-01-04T10:00:00+08:00",
        &[
            "观澜实验室的推理引擎“云梯 2”已经开源，批量解码的吞吐量达到每秒 1200 个词元，比上一代高出 45%，采用 Apache 2.0 许可证。",
            "云梯 2 把长请求切成 512 个词元的小段，短请求因此不必排队。观澜实验室在 64 张加速卡上让它运行了 30 天。",
        ],
    )
}

/// What happened to it the day after.
fn goes_on() -> Report {
    report(
        "https://nanyan.example/yunti-bug",
        "观澜实验室推理引擎云梯 2 发布补丁 2.0.1，修复 3700 次报错",
        "2026-01-04T18:00:00+08:00",
        &[
            "观澜实验室的推理引擎“云梯 2”今天发布补丁 2.0.1，修复批量解码中断的问题。这一问题让 87 个集群上的请求报错 3700 次。",
            "实验室说，云梯 2 把长请求切成 512 个词元的小段时，有 0.4% 的小段会丢失。补丁按 Apache 2.0 许可证开放源代码，观澜实验室建议所有用户升级。",
        ],
    )
}

fn robot() -> Report {
    report(
        "https://chaosheng.example/robot",
        "砺舟机器人在东湾仓库部署 120 台机械臂",
        "2026-01-03T11:00:00+08:00",
        &[
            "砺舟机器人在东湾的仓库里部署了 120 台分拣机械臂，每小时处理 9800 件包裹，差错率为万分之三，比人工分拣低一半。",
            "机械臂的夹爪有 14 个触觉传感器，能分辨 2 克的重量差别。公司说，换一种包装只需要重新标定 20 分钟。",
        ],
    )
}

fn weather() -> Report {
    report(
        "https://chaosheng.example/weather",
        "雨幕模型把降雨预报提前 6 小时",
        "2026-01-04T12:00:00+08:00",
        &[
            "海岬气象院发布降雨预报模型“雨幕”，把强降雨的预报时间提前了 6 小时，命中率达到 83%，空报率降到 19%。",
            "雨幕用 22 年的雷达数据训练，在单张加速卡上 40 秒给出一次预报。气象院从本周起在 9 个省试用。",
        ],
    )
}

/// A digest whose first issue, of 3 January, carries bridge and robot.
fn first_issue() -> Small {
    let small = Small::new(SOURCES);
    small.feed("a.xml", &[&bridge(), &robot()]);
    small.feed("b.xml", &[]);
    small.record(&[&bridge(), &robot(), &again(), &goes_on(), &weather()], &[]);
    small.run("2026-01-03", "2026-01-03");
    assert_eq!(small.outcome("2026-01-03_2026-01-03", bridge().url).0, "entry");
    small
}

/// The next day everything is listed.
fn next_day(small: &Small) {
    small.feed("a.xml", &[&bridge(), &robot(), &weather()]);
    small.feed("b.xml", &[&again(), &goes_on()]);
}

#[test]
fn the_next_days_issue_tells_nothing_twice_and_marks_what_goes_on() {
    let small = first_issue();
    small.command(&["approve"]).success();
    next_day(&small);
    // The next day, and a window that overlaps both.
    for (from, to) in [("2026-01-04", "2026-01-04"), ("2026-01-04", "2026-01-05")] {
        small.run(from, to);
        let issue = format!("{from}_{to}");
        let of = |r: Report| small.outcome(&issue, r.url);
        assert_eq!(of(robot()).0, "covered");
        assert_eq!(of(bridge()), ("covered".into(), "same_article".into()));
        assert_eq!(of(again()).0, "covered", "{}", small.row(&issue, again().url));
        assert_eq!(of(weather()).0, "entry");
        assert_eq!(of(goes_on()).0, "entry", "{}", small.row(&issue, goes_on().url));
        let text = small.file(&issue, "issue.md");
        let mark = "<!-- digestgen: continuing 2026-01-03 观澜实验室开源推理引擎云梯 2 -->";
        assert_eq!(text.matches(mark).count(), 1, "{text}");
        let why = small.row(&issue, again().url)["detail"].as_str().unwrap().to_owned();
        assert!(why.contains("2026-01-03_2026-01-03") && why.contains("new since then"), "{why}");
    }
}

#[test]
fn what_was_left_out_does_not_return_as_something_that_goes_on() {
    let small = first_issue();
    let path = small.path().join("issues/t/2026-01-03_2026-01-03/issue.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let start = text.find("<!-- digestgen: extractive -->\n\n### **观澜").unwrap();
    let end = text[start + 5..].find("<!-- digestgen").map(|e| start + 5 + e);
    let end = end.unwrap_or_else(|| start + text[start..].find("---").unwrap());
    std::fs::write(&path, format!("{}{}", &text[..start], &text[end..])).unwrap();
    small.command(&["approve"]).success();
    next_day(&small);
    small.run("2026-01-04", "2026-01-04");
    let issue = "2026-01-04_2026-01-04";
    for r in [bridge(), again(), goes_on()] {
        let out = small.outcome(issue, r.url);
        assert_eq!(out, ("excluded".into(), "left_out_earlier".into()), "{}", r.url);
        assert_eq!(small.row(issue, r.url)["decided_by"], "editor");
    }
    assert_eq!(small.outcome(issue, weather().url).0, "entry");
}

const OLD: &str = "# 速报 (2026-01-03 至 2026-01-03)

## ⚡ 本期速览

- **[应用]** **机械臂上岗**：东湾的仓库里有了 120 台机械臂。

---

## 1. 要闻

### **云梯 2 开源了**

[阅读原文](https://chaosheng.example/bridge?utm_source=old)  `[2026-01-03]`

> **概要**：观澜实验室发布推理引擎云梯 2。

### **仓库里的 120 台机械臂**

[阅读原文](https://elsewhere.example/robot)  `[2026-01-03]`

> **概要**：砺舟机器人在东湾的仓库里部署了 120 台分拣机械臂，每小时处理 9800 件包裹，差错率为万分之三。机械臂的夹爪有 14 个触觉传感器，能分辨 2 克的重量差别，换一种包装只需要重新标定 20 分钟。

### **雨幕模型把降雨预报提前 6 小时**

[阅读原文](https://elsewhere.example/weather)  `[2026-01-03]`

> **概要**：一句话。

---

## 拓展阅读
";

#[test]
fn an_imported_issue_covers_by_link_by_title_and_by_likeness() {
    let small = Small::new(SOURCES);
    next_day(&small);
    small.record(&[&bridge(), &robot(), &again(), &goes_on(), &weather()], &[]);
    small.write("old.md", OLD);
    let shown = small.command(&["import", "old.md"]).success();
    shown.stdout(contains("2026-01-03_2026-01-03: taken in, 3 entries")).stdout(contains("云梯 2"));
    small.command(&["import", "old.md"]).success().stdout(contains("nothing changed"));
    small.run("2026-01-04", "2026-01-05");
    let issue = "2026-01-04_2026-01-05";
    for (r, reason) in
        [(bridge(), "same_article"), (robot(), "same_event"), (weather(), "same_title")]
    {
        assert_eq!(small.outcome(issue, r.url), ("covered".into(), reason.into()), "{}", r.url);
    }
    // What the entry was written from is not stored: nobody can say what is new.
    let row = small.row(issue, robot().url);
    assert!(row["detail"].as_str().unwrap().contains("is not stored"), "{row}");
    small.write("old.md", &OLD.replace("云梯 2 开源了", "云梯 2 已开源"));
    small.command(&["import", "old.md"]).success().stdout(contains("taken in anew"));
}

#[test]
fn an_approved_issue_is_not_replaced_by_a_file() {
    let small = first_issue();
    small.command(&["approve"]).success();
    small.write("old.md", OLD);
    small.command(&["import", "old.md"]).success().stdout(contains("was approved here"));
}

#[test]
fn what_is_not_in_the_format_is_refused_whole() {
    let small = Small::new(SOURCES);
    small.write("good.md", OLD);
    small.write("bad.md", &OLD.replace("[阅读原文](https://elsewhere.example/robot)", "原文"));
    let refused = small.command(&["import", "good.md", "bad.md"]).code(8);
    refused.stderr(contains("bad.md")).stderr(contains("line 19")).stderr(contains("check"));
    // The good one was not taken in either.
    small.command(&["import", "good.md"]).success().stdout(contains("taken in, 3"));
    small.command(&["import", "none.md"]).code(2).stderr(contains("does not exist"));
}

#[test]
fn a_published_issue_of_the_format_is_taken_in() {
    let small = Small::new(SOURCES);
    let published = fixtures().join("format/zh/issue.md");
    let json = small.command(&["import", "--json", published.to_str().unwrap()]).success();
    let text = String::from_utf8(json.get_output().stdout.clone()).unwrap();
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value[0]["taken"], "new");
}
