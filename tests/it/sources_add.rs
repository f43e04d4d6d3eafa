//! `digestgen sources add`, OPML, and what `init` offers ready-made. The web is recordings made here.

use std::path::{Path, PathBuf};

use digestgen::config::Config;
use digestgen::net::{RecordedAnswer, write_recording};
use predicates::prelude::PredicateBooleanExt;
use predicates::str::contains;

use crate::harness::{digestgen, stderr};
use crate::sources::{FEED, HTML, Sources, days, feed, json, page, page_url, stdout};

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
    assert_eq!((&found["added"], &found["items"]), (&true.into(), &4.into()), "{found}");
    assert_eq!(found["newest"][0]["published"], "2026-01-04");
    assert_eq!(found["newest"][0]["readable"], true);
    // It works as a run would use it.
    let used = json(&digest.run(&["collect", "--json"], &web).code(3));
    assert_eq!((&used["listed"], &used["read"]), (&4.into(), &1.into()), "{used}");
}

#[test]
fn add_takes_a_sitemap_where_there_is_no_feed() {
    let digest = Sources::new();
    let url = page_url("2026-01-04");
    let sitemap = format!(
        "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"><url><loc>{url}</loc><lastmod>2026-01-04</lastmod></url></urlset>"
    );
    let robots = "User-agent: *\nSitemap: https://guanlan.example/map/news.xml\n";
    let web = [
        ("https://guanlan.example/", HTML, "<title>观澜</title><p>首页</p>".to_owned()),
        ("https://guanlan.example/robots.txt", "text/plain", robots.to_owned()),
        ("https://guanlan.example/map/news.xml", "application/xml", sitemap),
        (url.as_str(), HTML, page("2026-01-04")),
    ];
    let found = json(&digest.run(&["sources", "add", "guanlan.example", "--json"], &web).success());
    assert_eq!((&found["kind"], &found["added"]), (&"sitemap".into(), &true.into()), "{found}");
    assert_eq!(found["newest"][0]["readable"], true);
    assert!(digest.config().contains("url = \"https://guanlan.example/map/news.xml\""));
}

#[test]
fn a_repository_is_a_source_of_its_own_kind() {
    let digest = Sources::new();
    let atom = "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Release notes from x</title><entry><id>tag:github.com,2008:Repository/1/v1.2.0</id><updated>2026-01-04T01:00:00Z</updated><link rel=\"alternate\" href=\"https://github.com/guanlan/weiguang/releases/tag/v1.2.0\"/><title>v1.2.0</title><content type=\"html\">Faster.</content></entry></feed>";
    let web = [(
        "https://github.com/guanlan/weiguang/releases.atom",
        "application/atom+xml",
        atom.to_owned(),
    )];
    let add = ["sources", "add", "github.com/guanlan/weiguang"];
    digest.run(&add, &web).code(3);
    assert!(
        digest
            .config()
            .contains("kind = \"github\"\nname = \"weiguang\"\nrepo = \"guanlan/weiguang\"\n")
    );
    digest.run(&add, &web).code(2).stderr(contains("configured already"));
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
