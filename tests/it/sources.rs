//! The terminal around sources: collecting for a timer, their health, adding and exchanging them,
//! ready editions. The web is recordings made here.

use std::path::{Path, PathBuf};

use assert_cmd::assert::Assert;
use digestgen::config::Config;
use digestgen::net::{RecordedAnswer, write_recording};
use predicates::prelude::PredicateBooleanExt;
use predicates::str::contains;
use serde_json::Value;
use tempfile::TempDir;

use crate::harness::{digestgen, stderr};

const FEED: &str = "https://guanlan.example/feed.xml";

/// A digest's folder with one source, and recordings of what the web answers.
struct Sources {
    dir: TempDir,
    now: String,
}

impl Sources {
    fn new() -> Self {
        Self::with(&format!(
            "# by hand\n[edition]\ntitle = \"速报\"\n\n[[sources]]\nkind = \"feed\"\nname = \"观澜\"   # ours\nurl = \"{FEED}\"\n\n[net]\nallow = [] # none\n"
        ))
    }

    fn with(config: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("digest.toml"), config).unwrap();
        Self { dir, now: "2026-01-05T08:00:00+08:00".into() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn config(&self) -> String {
        std::fs::read_to_string(self.path("digest.toml")).unwrap()
    }

    fn at(&mut self, now: &str) -> &Self {
        self.now = now.into();
        self
    }

    /// Runs a command with a recording of these answers.
    fn run(&self, args: &[&str], web: &[(&str, &str, String)]) -> Assert {
        let recording = self.path("web.warc.gz");
        // A recording of nothing is none.
        let other = ("https://elsewhere.example/", HTML, "<p>Elsewhere.</p>".to_owned());
        let all = web.iter().chain(std::iter::once(&other));
        write_recording(&recording, all.map(|a| self.answer(a))).unwrap();
        self.command(args).arg("--replay").arg(recording).assert()
    }

    fn answer(&self, (url, kind, body): &(&str, &str, String)) -> RecordedAnswer {
        RecordedAnswer {
            url: (*url).into(),
            status: 200,
            headers: vec![("Content-Type".into(), (*kind).into())],
            body: body.clone().into_bytes(),
            at: self.now.parse().unwrap(),
        }
    }

    fn command(&self, args: &[&str]) -> assert_cmd::Command {
        let mut command = digestgen();
        command.args(args).arg("--config").arg(self.path("digest.toml")).args(["--now", &self.now]);
        command
    }

    fn report(&self, issue: &str) -> Value {
        let path = self.path("issues/digest").join(issue).join("report.json");
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
    }
}

fn stdout(assert: &Assert) -> String {
    String::from_utf8_lossy(&assert.get_output().stdout).into_owned()
}

fn json(assert: &Assert) -> Value {
    serde_json::from_str(&stdout(assert)).unwrap()
}

const RSS: &str = "application/rss+xml";
const HTML: &str = "text/html; charset=utf-8";

/// A feed with an item of each of these days.
fn feed(days: &[&str]) -> (&'static str, &'static str, String) {
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

fn page_url(day: &str) -> String {
    format!("https://guanlan.example/{day}.html")
}

/// The article of a day.
fn page(day: &str) -> String {
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
fn days(from: &str, count: usize) -> Vec<String> {
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

/// A site whose page names a feed.
fn site() -> Vec<(&'static str, &'static str, String)> {
    let home = "<html><head><title>鹭洲博客 · 首页</title><link rel=\"alternate\" type=\"application/atom+xml\" href=\"/blog/atom.xml\"></head><body><p>Welcome</p></body></html>";
    let entries: String = ["2026-01-01", "2026-01-02", "2026-01-03", "2026-01-04"]
        .iter()
        .map(|day| {
            format!(
                "<entry><id>urn:{day}</id><title>T {day}</title><link href=\"{}\"/><updated>{day}T01:00:00Z</updated></entry>",
                page_url(day)
            )
        })
        .collect();
    let atom = format!(
        "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>鹭洲 &amp; 博客</title>{entries}</feed>"
    );
    vec![
        ("https://www.lizhou.example/", HTML, home.into()),
        ("https://www.lizhou.example/blog/atom.xml", "application/atom+xml", atom),
        ("https://guanlan.example/2026-01-04.html", HTML, page("2026-01-04")),
    ]
}

#[test]
fn add_finds_the_feed_shows_it_and_keeps_comments() {
    let digest = Sources::new();
    let before = digest.config();
    let dry = digest.run(&["sources", "add", "www.lizhou.example", "--dry-run"], &site()).success();
    assert_eq!(digest.config(), before);
    let shown = stdout(&dry);
    let newest = shown.find("T 2026-01-04").unwrap();
    assert!(newest < shown.find("T 2026-01-01").unwrap(), "newest first: {shown}");
    assert!(shown.contains("can be read: ") && shown.contains("cannot be read: not_recorded"));
    digest.run(&["sources", "add", "https://www.lizhou.example/"], &site()).success();
    let added = "\n[[sources]]\nkind = \"feed\"\nname = \"鹭洲 & 博客\"\nurl = \"https://www.lizhou.example/blog/atom.xml\"\n";
    assert!(shown.contains(added.trim_start()), "{shown}");
    assert_eq!(digest.config().replacen(added, "", 1), before, "{}", digest.config());
    // The same feed again, by its page and by itself.
    for url in ["https://www.lizhou.example/", "http://lizhou.example/blog/atom.xml", FEED] {
        let refused = digest.run(&["sources", "add", url], &site());
        refused.code(2).stderr(contains("configured already"));
    }
}

#[test]
fn add_says_what_it_could_not_find_or_may_not_ask() {
    let digest = Sources::new();
    let before = digest.config();
    let bare = [("https://bare.example/", HTML, "<p>Nothing here.</p>".to_owned())];
    let nothing = digest.run(&["sources", "add", "https://bare.example/"], &bare).code(2);
    nothing.stderr(contains("https://bare.example/feed").and(contains("names none")));
    let gone = digest.run(&["sources", "add", "https://gone.example/"], &bare);
    gone.code(2).stderr(contains("https://gone.example/"));
    // Live, but refused before anything connects.
    let private = digest.command(&["sources", "add", "http://127.0.0.1:4000/feed"]).assert();
    private.code(2).stderr(contains("[net]\nallow = [\"127.0.0.1:4000\"]\n"));
    assert_eq!(digest.config(), before);
}

#[test]
fn a_page_that_refuses_may_have_a_feed() {
    let digest = Sources::new();
    let recording = digest.path("web.warc.gz");
    let (_, kind, body) = feed(&["2026-01-04"]);
    let mut answers = vec![
        digest.answer(&("https://walled.example/", HTML, "Forbidden".into())),
        digest.answer(&("https://walled.example/feed", kind, body)),
    ];
    answers[0].status = 403;
    write_recording(&recording, answers).unwrap();
    let add = ["sources", "add", "walled.example", "--authority", "official", "--name", "围墙"];
    // Its one page is not in the recording: added, with a word that it cannot be read.
    let added = digest.command(&add).arg("--replay").arg(&recording).assert().code(3);
    added.stderr(contains("none of its newest items can be read"));
    let config = Config::parse(&digest.path("digest.toml"), &digest.config()).unwrap();
    assert_eq!(config.sources[1].name(), "围墙");
    assert_eq!(config.sources[1].authority(), digestgen::collect::Authority::Official);
    assert_eq!(config.sources[1].scope(), "https://walled.example/feed");
}

#[test]
fn the_first_source_of_a_new_digest() {
    let dir = tempfile::tempdir().unwrap();
    digestgen().args(["init", "."]).current_dir(dir.path()).assert().success();
    let web: Vec<RecordedAnswer> = {
        let digest = Sources::new();
        site().iter().map(|a| digest.answer(a)).collect()
    };
    write_recording(&dir.path().join("w.warc.gz"), web).unwrap();
    let add = ["sources", "add", "www.lizhou.example", "--replay", "w.warc.gz"];
    let added = digestgen().args(add).current_dir(dir.path()).assert().success();
    added.stderr(contains("source `Example` is an example"));
    // A configuration without any source takes one too.
    std::fs::write(dir.path().join("digest.toml"), "[edition]\ntitle = \"T\"\n").unwrap();
    digestgen().args(add).current_dir(dir.path()).assert().success();
    let text = std::fs::read_to_string(dir.path().join("digest.toml")).unwrap();
    assert_eq!(Config::parse(Path::new("digest.toml"), &text).unwrap().sources.len(), 1);
}

#[test]
fn add_proposes_selectors_where_there_is_no_feed() {
    let digest = Sources::new();
    let rows: String = days("2026-01-01", 4)
        .iter()
        .map(|d| {
            format!(
                "<li class=\"post\"><h2><a href=\"{}\">微光模型在 {d} 的一次长标题更新</a></h2><time datetime=\"{d}\">{d}</time></li>",
                page_url(d)
            )
        })
        .collect();
    let index = format!(
        "<html><head><title>观澜新闻</title></head><body><ul class=\"posts\">{rows}</ul></body></html>"
    );
    let web = [
        ("https://guanlan.example/news", HTML, index),
        ("https://guanlan.example/2026-01-04.html", HTML, page("2026-01-04")),
    ];
    let add = digest.run(&["sources", "add", "https://guanlan.example/news", "--json"], &web);
    let found = json(&add);
    let toml = found["toml"].as_str().unwrap();
    for line in [
        "kind = \"page\"",
        "item = \"li.post\"",
        "link = \"a\"",
        "title = \"h2\"",
        "date = \"time\"",
    ] {
        assert!(toml.contains(line), "{toml}");
    }
    // Written only where this version reads such pages.
    assert_eq!(found["added"], digest.config().contains("kind = \"page\""), "{found}");
    if found["added"] == true {
        assert_eq!(found["items"], 4);
        assert_eq!(found["newest"][0]["published"], "2026-01-04");
        assert_eq!(found["newest"][0]["readable"], true);
    }
}

#[test]
fn opml_comes_in_and_goes_out() {
    let digest = Sources::new();
    let file = digest.path("reader.opml");
    let opml = format!(
        "<?xml version=\"1.0\"?><opml version=\"2.0\"><body><outline text=\"Tech\">\
         <outline type=\"rss\" text=\"观澜\" xmlUrl=\"https://other.example/feed?a=1&amp;b=2\"/>\
         <outline type=\"rss\" text=\"again\" xmlUrl=\"{FEED}\"/>\
         <outline type=\"rss\" text=\"odd\" xmlUrl=\"feed:odd\"/></outline></body></opml>"
    );
    std::fs::write(&file, opml).unwrap();
    let import = ["sources", "--import", file.to_str().unwrap()];
    let before = digest.config();
    let dry = digest.command(&[&import[..], &["--dry-run"]].concat()).assert().success();
    dry.stderr(contains("1 feeds would be added, 1 were there already"));
    assert_eq!(digest.config(), before);
    let done = digest.command(&import).assert().success();
    done.stderr(contains("1 feeds added").and(contains("left out: `feed:odd`")));
    assert!(digest.config().contains("name = \"观澜 2\""), "{}", digest.config());
    assert!(digest.config().starts_with("# by hand\n"));
    let out = stdout(&digest.command(&["sources", "--export"]).assert().success());
    assert!(out.contains("xmlUrl=\"https://other.example/feed?a=1&amp;b=2\""), "{out}");
    // What was exported adds nothing when it comes back.
    std::fs::write(&file, out).unwrap();
    digest.command(&import).assert().success().stderr(contains("0 feeds added, 2 were there"));
    std::fs::write(&file, "<html></html>").unwrap();
    digest.command(&import).assert().code(2).stderr(contains("reader.opml").and(contains("OPML")));
}

fn templates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("templates")
}

#[test]
fn ready_editions_are_whole() {
    for (edition, language) in [("zh-ai", "zh-CN"), ("en-ai", "en")] {
        let dir = tempfile::tempdir().unwrap();
        let init = ["init", "news", "--edition", edition];
        digestgen().args(init).current_dir(dir.path()).assert().success();
        let path = dir.path().join("news/digest.toml");
        let text = std::fs::read_to_string(&path).unwrap();
        let config = Config::parse(&path, &text).unwrap();
        assert_eq!(config.edition.language, language);
        assert_eq!(config.select.sections.len(), 3);
        assert!(config.sources.len() >= 15, "{edition}: {} sources", config.sources.len());
        assert!(!config.select.labels.is_empty() && !config.select.reject.is_empty());
        assert!(config.model.is_none(), "a ready edition needs no key");
        for source in &config.sources {
            assert!(source.scope().starts_with("https://"), "{}", source.name());
        }
        assert!(text.contains("could not be tried"));
    }
}

/// The words behind `digestgen` in a file of examples.
fn commands(file: &Path) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(file).unwrap();
    let lines = text.lines().filter(|l| !l.trim_start().starts_with('#'));
    lines
        .filter_map(|line| {
            let (_, rest) = line.split_once("digestgen ")?;
            let rest = rest.split("||").next().unwrap();
            let words = rest.split_whitespace().map(|w| w.trim_matches('"').to_owned());
            Some(words.collect())
        })
        .collect()
}

#[test]
fn examples_use_commands_that_exist() {
    let mut found = 0;
    for entry in std::fs::read_dir(templates().join("examples")).unwrap() {
        for words in commands(&entry.unwrap().path()) {
            if !matches!(words[0].as_str(), "run" | "collect") {
                continue;
            }
            found += 1;
            // All words are read; only then the missing configuration is noticed.
            let missing =
                words.iter().map(|w| match w.ends_with("digest.toml") || w == "$DIGEST" {
                    true => "/nowhere/digest.toml".to_owned(),
                    false => w.clone(),
                });
            let dir = tempfile::tempdir().unwrap();
            let said = digestgen().args(missing).current_dir(dir.path()).assert().code(2);
            assert!(stderr(&said).contains("cannot read the configuration"), "{words:?}");
        }
    }
    assert_eq!(found, 6);
}
