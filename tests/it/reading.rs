//! `digestgen read`: what an editor sees of one page.

use predicates::prelude::PredicateBooleanExt;
use predicates::str::contains;
use serde_json::Value;

use crate::harness::{Digest, digestgen, fixtures};

const URL: &str = "https://beacon.example/news/guanlan-weiguang";

fn page(name: &str) -> std::path::PathBuf {
    fixtures().join("extract").join(name).join("page.html")
}

#[test]
fn a_file_without_a_digest() {
    let dir = tempfile::tempdir().unwrap();
    let read = digestgen()
        .arg("read")
        .arg(page("structure"))
        .args(["--url", URL])
        .current_dir(dir.path())
        .assert()
        .success();
    read.stdout(contains("verdict   article"))
        .stdout(contains("\ns1 "))
        .stdout(contains("way       agreement").or(contains("way       readability")))
        .stdout(contains("| "));
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0, "it leaves nothing behind");
}

#[test]
fn links_with_their_kind() {
    let page = page("english_news");
    let read = digestgen().arg("read").arg(page).args(["--url", URL]).assert().success();
    read.stdout(contains("\nlinks\n"))
        .stdout(contains("  code      https://github.com/guanlan/weiguang\n"));
}

#[test]
fn the_same_as_json() {
    let read = digestgen()
        .args(["read", "--json"])
        .arg(page("english_news"))
        .args(["--url", URL])
        .assert()
        .success();
    let json: Value = serde_json::from_slice(&read.get_output().stdout).unwrap();
    assert_eq!((&json["verdict"], &json["url"]), (&"article".into(), &URL.into()));
    let sentences = json["sentences"].as_array().unwrap();
    assert_eq!(sentences[0]["id"], "s1");
    let text = json["text"].as_str().unwrap();
    assert!(sentences.iter().all(|s| text.contains(s["text"].as_str().unwrap())));
}

#[test]
fn a_page_that_is_no_article_is_an_answer() {
    let read = digestgen().arg("read").arg(page("verdict_cloudflare")).assert().success();
    read.stdout(contains("verdict   challenge (a bot challenge instead of the article)"));
}

#[test]
fn standard_input() {
    let html = "<p>观澜实验室周六发布了微光三号模型，参数规模达到三千亿，训练只用了四周，成本下降了一半。</p>\x1b[31m";
    let read = digestgen().args(["read", "-"]).write_stdin(html).assert().success();
    read.stdout(contains("s1    观澜实验室周六发布了")).stdout(contains("\u{1b}").not());
}

#[test]
fn what_was_typed_is_nothing_to_read() {
    let cases = [
        (vec!["read", "no-such-file.html"], "neither a file nor an address"),
        (vec!["read", "ftp://beacon.example/a"], "neither a file nor an address"),
        (vec!["read", URL, "--offline"], "digest.toml is not there"),
        (vec!["read", URL, "--url", URL], "--url is for files"),
        (vec!["read", URL, "--replay", "no-such.warc.gz"], "cannot replay"),
    ];
    let dir = tempfile::tempdir().unwrap();
    for (args, message) in cases {
        let read = digestgen().args(&args).current_dir(dir.path()).assert().code(2);
        read.stderr(contains(message));
    }
}

#[test]
fn a_recording_and_the_store_of_a_digest() {
    let recording = fixtures().join("demo/web.warc.gz");
    let digest = Digest::demo();
    let listed = std::fs::read_to_string(fixtures().join("demo/links.txt")).unwrap();
    let url = listed.split_whitespace().find(|w| w.starts_with("https://")).unwrap();
    let read = digest.command("read").arg(url).arg("--replay").arg(&recording).assert().success();
    let replayed = String::from_utf8(read.get_output().stdout.clone()).unwrap();
    assert!(replayed.contains("verdict   article"), "{replayed}");
    let nowhere = ["https://beacon.example/no/such/page", "--replay"];
    let read = digest.command("read").args(nowhere).arg(&recording).assert().code(7);
    read.stderr(contains("not_recorded"));

    digest.command("read").args([url, "--offline"]).assert().code(7).stderr(contains("not stored"));
    digest.run(&["--from", "2026-01-03", "--to", "2026-01-04"]).success();
    let read = digest.command("read").args([url, "--offline"]).assert().success();
    assert_eq!(String::from_utf8(read.get_output().stdout.clone()).unwrap(), replayed);
}
