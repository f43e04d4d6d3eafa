//! `digestgen status` and the whole way of one candidate.

use predicates::str::contains;
use serde_json::Value;

use crate::harness::Digest;

const DAYS: [&str; 4] = ["--from", "2026-01-03", "--to", "2026-01-04"];

fn why(digest: &Digest, url: &str) -> String {
    let done = digest.command("status").args(["--why", url]).assert().success();
    String::from_utf8(done.get_output().stdout.clone()).unwrap()
}

#[test]
fn the_whole_way_of_a_candidate() {
    let digest = Digest::demo();
    digest.run(&DAYS).success();
    digest.command("status").assert().success().stdout(contains("reject_term: a term of `reject`"));
    // One that is in, by another spelling of its address.
    let told = why(&digest, "http://www.guiyu.example/a/20260103/weiguang-512k/?utm_source=x#top");
    for part in [
        "outcome: merged",
        "same_story: another report of an entry's story",
        "decided by a rule",
        "listed by 硅屿: first seen",
        "listed by 南雁新闻网: first seen",
        "read: article,",
        "language zh",
        "triage: kept by a rule",
        "its story: score ",
        "joined to ",
        "(entry)",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    // One below the cut, and what it lost against.
    let report = digest.report();
    let below = report["candidates"]
        .as_array()
        .unwrap()
        .iter()
        .find(|c| c["outcome"] == "further_reading" || c["outcome"] == "below_cut");
    let url = below.unwrap()["url"].as_str().unwrap();
    assert!(why(&digest, url).contains("the last entry is “"), "{url}");
    let rejected = why(&digest, "https://guanlan.example/2026/01/suanshu-series-c.html");
    assert!(rejected.contains("triage: rejected by a rule (reject_term: "), "{rejected}");
    let unreadable = why(&digest, "https://www.guiyu.example/a/20260104/shiguang-video");
    assert!(unreadable.contains("read: soft_not_found ("), "{unreadable}");
    let url = "https://jishu.example/news/118240.html";
    let json = digest.command("status").args(["--json", "--why", url]).assert().success();
    let way: Value = serde_json::from_slice(&json.get_output().stdout).unwrap();
    assert_eq!(way["listed"][0]["source"], "机枢网");
    assert_eq!(way["read"]["verdict"], "article");
    assert!(way["candidate"]["parts"]["authority"].is_number());
}

#[test]
fn an_address_that_is_no_candidate() {
    let digest = Digest::demo();
    digest.run(&DAYS).success();
    let refused = |url: &str, says: &str| {
        let done = digest.command("status").args(["--why", url]).assert().code(2);
        done.stderr(contains("no candidate")).stderr(contains(says));
    };
    let outside = "https://guanlan.example/2025/12/weiguang-2-batch.html";
    refused(outside, "outside 2026-01-03 to 2026-01-04");
    refused("https://orrindevices.example/news/brindle-b2", "a report links it");
    refused("https://jishu.example/news/118241.html", "https://jishu.example/news/118240.html");
    refused("https://elsewhere.example/x", "digestgen status");
}
