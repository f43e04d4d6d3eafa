//! The terminal around sources: collecting for a timer, and how sources have been doing. The web is
//! recordings made here.

use std::path::PathBuf;

use assert_cmd::assert::Assert;
use digestgen::net::{RecordedAnswer, write_recording};
use predicates::prelude::PredicateBooleanExt;
use predicates::str::contains;
use serde_json::Value;
use tempfile::TempDir;

use crate::harness::{digestgen, stderr};

pub const FEED: &str = "https://guanlan.example/feed.xml";

/// A digest's folder with one source, and recordings of what the web answers.
pub struct Sources {
    dir: TempDir,
    now: String,
}

impl Sources {
    pub fn new() -> Self {
        Self::with(&format!(
            "# by hand\n[edition]\ntitle = \"速报\"\n\n[[sources]]\nkind = \"feed\"\nname = \"观澜\"   # ours\nurl = \"{FEED}\"\n\n[net]\nallow = [] # none\n"
        ))
    }

    pub fn with(config: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("digest.toml"), config).unwrap();
        Self { dir, now: "2026-01-05T08:00:00+08:00".into() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn config(&self) -> String {
        std::fs::read_to_string(self.path("digest.toml")).unwrap()
    }

    fn at(&mut self, now: &str) -> &Self {
        self.now = now.into();
        self
    }

    /// Runs a command with a recording of these answers.
    pub fn run(&self, args: &[&str], web: &[(&str, &str, String)]) -> Assert {
        let recording = self.path("web.warc.gz");
        // A recording of nothing is none.
        let other = ("https://elsewhere.example/", HTML, "<p>Elsewhere.</p>".to_owned());
        let all = web.iter().chain(std::iter::once(&other));
        write_recording(&recording, all.map(|a| self.answer(a))).unwrap();
        self.command(args).arg("--replay").arg(recording).assert()
    }

    pub fn answer(&self, (url, kind, body): &(&str, &str, String)) -> RecordedAnswer {
        RecordedAnswer {
            url: (*url).into(),
            status: 200,
            headers: vec![("Content-Type".into(), (*kind).into())],
            body: body.clone().into_bytes(),
            at: self.now.parse().unwrap(),
        }
    }

    pub fn command(&self, args: &[&str]) -> assert_cmd::Command {
        let mut command = digestgen();
        command.args(args).arg("--config").arg(self.path("digest.toml")).args(["--now", &self.now]);
        command
    }

    fn report(&self, issue: &str) -> Value {
        let path = self.path("issues/digest").join(issue).join("report.json");
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
    }
}

pub fn stdout(assert: &Assert) -> String {
    String::from_utf8_lossy(&assert.get_output().stdout).into_owned()
}

pub fn json(assert: &Assert) -> Value {
    serde_json::from_str(&stdout(assert)).unwrap()
}

pub const RSS: &str = "application/rss+xml";
pub const HTML: &str = "text/html; charset=utf-8";

/// A feed with an item of each of these days.
pub fn feed(days: &[&str]) -> (&'static str, &'static str, String) {
    let items: String = days
        .iter()
        .map(|day| {
            format!(
                "<item><title>微光模型 {day} 的进展</title><link>{}</link>\
                 <pubDate>{day}T09:00:00+08:00</pubDate></item>",
                page_url(day)
            )
        })
        .collect();
    let body = format!("<rss version=\"2.0\"><channel><title>观澜</title>{items}</channel></rss>");
    (FEED, RSS, body)
}

pub fn page_url(day: &str) -> String {
    format!("https://guanlan.example/{day}.html")
}

/// The article of a day.
pub fn page(day: &str) -> String {
    let number = day.replace('-', "");
    let text: String = (1..6)
        .map(|n| {
            format!(
                "<p>观澜实验室在 {day} 公布了微光模型第 {number} 次更新的第 {n} 项结果，推理速度提高了 {n}7%，\
                 训练所用的语料为 {n}30 亿词，代码和权重已经开放下载。研究人员说，这一版本把注意力的计算拆成了两段。</p>"
            )
        })
        .collect();
    format!(
        "<html lang=\"zh\"><head><title>微光模型 {day} 的进展</title></head><body><article>\
         <h1>微光模型 {day} 的进展</h1>{text}</article></body></html>"
    )
}

#[test]
fn what_was_collected_serves_when_the_feed_has_forgotten() {
    let mut digest = Sources::new();
    let url = page_url("2026-01-03");
    let seen = [feed(&["2026-01-03"]), (url.as_str(), HTML, page("2026-01-03"))];
    let collected = digest.at("2026-01-04T08:00:00+08:00").run(&["collect"], &seen).success();
    let line = stdout(&collected);
    assert_eq!(line.lines().count(), 1, "{line}");
    assert!(line.contains("1 items, 1 of them new") && line.contains("1 articles"), "{line}");
    let days = ["--from", "2026-01-03", "--to", "2026-01-03"];
    // Days later the feed lists another item, and the old page is gone.
    let later = [feed(&["2026-01-09"])];
    let run = [&["run"][..], &days].concat();
    digest.at("2026-01-09T12:00:00+08:00").run(&run, &later).success();
    let report = digest.report("2026-01-03_2026-01-03");
    assert_eq!(report["totals"]["entry"], 1, "{report}");
    assert_eq!(report["candidates"][0]["url"], url);
    // Without the collecting there is nothing to draft from.
    let mut other = Sources::new();
    other.at("2026-01-09T12:00:00+08:00").run(&run, &later).code(7);
}

#[test]
fn collect_works_while_another_run_holds_the_draft() {
    let digest = Sources::new();
    let state = digest.path(".digestgen");
    let _held = digestgen::store::lock(&state, "draft-digest", "process 4711").unwrap();
    let url = page_url("2026-01-04");
    let web = [feed(&["2026-01-04"]), (url.as_str(), HTML, page("2026-01-04"))];
    digest.run(&["run"], &web).code(4);
    let collected = json(&digest.run(&["collect", "--json"], &web).success());
    assert_eq!((&collected["fresh"], &collected["read"]), (&1.into(), &1.into()));
    let again = json(&digest.run(&["collect", "--json"], &web).success());
    assert_eq!((&again["fresh"], &again["listed"]), (&0.into(), &1.into()));
}

#[test]
fn several_at_once_do_not_hinder_each_other() {
    let digest = Sources::new();
    let url = page_url("2026-01-04");
    let web = [feed(&["2026-01-04"]), (url.as_str(), HTML, page("2026-01-04"))];
    std::thread::scope(|scope| {
        for command in ["collect", "collect", "run", "collect"] {
            let (digest, web) = (&digest, &web);
            scope.spawn(move || digest.run(&[command], web).success());
        }
    });
    assert_eq!(digest.report("2026-01-04_2026-01-05")["totals"]["entry"], 1);
}

#[test]
fn collect_says_what_is_wrong_by_its_exit_code() {
    let two = "[edition]\ntitle = \"T\"\n[[sources]]\nkind = \"feed\"\nname = \"A\"\nurl = \"https://guanlan.example/feed.xml\"\n[[sources]]\nkind = \"feed\"\nname = \"Gone\"\nurl = \"https://gone.example/feed\"\n";
    let digest = Sources::with(two);
    digest.run(&["collect"], &[]).code(7).stderr(contains("all 2 sources failed"));
    let digest = Sources::with(two);
    let web = [feed(&["2026-01-04"])];
    let begun = digest.run(&["collect", "--quiet"], &web).code(3);
    begun.stdout("").stderr(contains("to do: source Gone gave nothing"));
    digest.run(&["collect"], &web).success();
    // The timer's words may have been read by nobody: the run names it too, at its top, once.
    let run = digest.run(&["run"], &web).code(3);
    assert!(stderr(&run).starts_with("to do: source Gone"), "{}", stderr(&run));
    let again = digest.run(&["run"], &web).success();
    assert!(!stderr(&again).contains("to do:"), "{}", stderr(&again));
}

#[test]
fn a_timer_does_not_ask_for_a_dead_page_again() {
    let digest = Sources::new();
    let url = page_url("2026-01-04");
    let short = (url.as_str(), HTML, "<html><body><p>404</p></body></html>".to_owned());
    let first =
        json(&digest.run(&["collect", "--json"], &[feed(&["2026-01-04"]), short]).success());
    assert_eq!(first["unreadable"], 1);
    let healed = [feed(&["2026-01-04"]), (url.as_str(), HTML, page("2026-01-04"))];
    let second = json(&digest.run(&["collect", "--json"], &healed).success());
    assert_eq!(second["unreadable"], 1, "a page that answered is not asked for by a timer");
    digest.run(&["run"], &healed).success();
    assert_eq!(digest.report("2026-01-04_2026-01-05")["totals"]["unreadable"], 0);
}

/// Each of the days from the first on, as the feed lists them.
pub fn days(from: &str, count: usize) -> Vec<String> {
    let first: jiff::civil::Date = from.parse().unwrap();
    first.series(jiff::ToSpan::days(1)).take(count).map(|d| d.to_string()).collect()
}

#[test]
fn a_source_that_falls_quiet_is_named_once_until_it_recovers() {
    let mut digest = Sources::new();
    let daily = days("2025-12-01", 35); // to 2026-01-04
    let daily: Vec<&str> = daily.iter().map(String::as_str).collect();
    let url = page_url("2026-01-04");
    let web = [feed(&daily), (url.as_str(), HTML, page("2026-01-04"))];
    let run = ["run", "--from", "2026-01-04", "--to", "2026-01-04"];
    digest.run(&run, &web).success();
    // The day after next, a whole Monday has brought nothing.
    digest.at("2026-01-06T08:00:00+08:00");
    let quiet = digest.run(&run, &web).code(3);
    let said = stderr(&quiet);
    assert!(said.starts_with("to do: source 观澜 lists only old items"), "{said}");
    assert!(said.contains("2026-01-04") && said.contains("Monday"), "{said}");
    let row = digest.report("2026-01-04_2026-01-04")["sources"][0].clone();
    assert_eq!(row["reason"], "old_items", "{row}");
    let again = digest.at("2026-01-07T08:00:00+08:00").run(&run, &web).success();
    assert!(!stderr(&again).contains("to do:"));
    let told = digest.command(&["sources"]).assert().success();
    told.stdout(contains("since 2026-01-06 08:00: old_items"));
    // It recovers, falls quiet again, and is named again.
    let mut more = daily.clone();
    more.push("2026-01-07");
    let back = [feed(&more), web[1].clone()];
    digest.at("2026-01-07T20:00:00+08:00").run(&run, &back).success();
    digest.command(&["sources"]).assert().success().stdout(contains("old_items").not());
    digest.at("2026-01-10T08:00:00+08:00").run(&run, &back).code(3);
}

#[test]
fn the_table_tells_how_a_source_has_been_doing() {
    let digest = Sources::new();
    digest.command(&["sources"]).assert().success().stdout(contains("not asked yet"));
    let probed = digest.run(&["sources", "--probe"], &[feed(&["2026-01-03", "2026-01-04"])]);
    probed.success().stdout(contains("2 items, 2 new, newest 2026-01-04").and(contains("well")));
    let failing = digest.run(&["sources", "--probe", "--json"], &[]).code(3);
    let row = json(&failing)[0].clone();
    assert_eq!((&row["name"], &row["usual_items"]), (&"观澜".into(), &2.into()));
    assert_eq!(row["trouble"]["reason"], "not_recorded", "{row}");
    assert_eq!(row["probe"]["status"], "failed");
    assert_eq!(row["visits"].as_array().unwrap().len(), 2);
    // Looking is not telling: the next run names it.
    digest.command(&["sources"]).assert().success().stdout(contains("since 2026-01-05 08:00"));
    digest.run(&["collect"], &[]).code(7);
}
