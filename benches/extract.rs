//! How long a page takes to read, and pages that are made to hurt.
//!
//! `cargo bench --bench extract` times the fixtures and the hostile pages. With the folder of
//! labelled pages in `DIGESTGEN_BENCH` (`extract/en.pages.jsonl.gz` in it) it also times a pass over
//! those, beside `dom_smoothie` and `trafilatura` alone; without it, it says so.
#![allow(missing_docs)]

use std::io::BufRead;

use digestgen::extract::{PageSource, extract};
use divan::{Bencher, black_box};

fn main() {
    if labelled().is_empty() {
        eprintln!("left out: labelled pages (set DIGESTGEN_BENCH to their folder)");
    }
    divan::main();
}

fn read(html: &[u8]) -> usize {
    let source = PageSource {
        url: "https://beacon.example/a",
        content_type: Some("text/html; charset=utf-8"),
        bytes: html,
    };
    extract(&source).document.text().len()
}

/// The labelled English pages, none where their folder is not given.
#[allow(clippy::disallowed_methods)]
fn labelled() -> Vec<String> {
    let Ok(folder) = std::env::var("DIGESTGEN_BENCH") else { return Vec::new() };
    let path = std::path::Path::new(&folder).join("extract/en.pages.jsonl.gz");
    let Ok(file) = std::fs::File::open(&path) else { return Vec::new() };
    let lines = std::io::BufReader::new(flate2::read::MultiGzDecoder::new(file)).lines();
    lines
        .map_while(Result::ok)
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(&line).ok())
        .filter_map(|page| page["html"].as_str().map(str::to_owned))
        .collect()
}

/// One pass over the labelled pages: divide by their number (181) for the time a page.
#[divan::bench(sample_count = 3)]
fn labelled_digestgen(bencher: Bencher<'_, '_>) {
    let pages = labelled();
    bencher.bench_local(|| pages.iter().map(|p| read(black_box(p.as_bytes()))).sum::<usize>());
}

#[divan::bench(sample_count = 3)]
fn labelled_dom_smoothie(bencher: Bencher<'_, '_>) {
    let pages = labelled();
    let one = |html: &str| {
        let parsed = dom_smoothie::Readability::new(html, None, None).and_then(|mut r| r.parse());
        parsed.map_or(0, |article| article.text_content.len())
    };
    bencher.bench_local(|| pages.iter().map(|p| one(black_box(p))).sum::<usize>());
}

#[divan::bench(sample_count = 3)]
fn labelled_trafilatura(bencher: Bencher<'_, '_>) {
    let pages = labelled();
    let options = trafilatura::Options::default();
    let one = |html: &str| trafilatura::extract(html, &options).map_or(0, |r| r.content_text.len());
    bencher.bench_local(|| pages.iter().map(|p| one(black_box(p))).sum::<usize>());
}

#[divan::bench(sample_count = 3, args = ["div", "lists", "text", "formatting", "brackets", "svg"])]
fn hostile(bencher: Bencher<'_, '_>, kind: &str) {
    let sentence = "The laboratory said on Saturday that its model had passed every public test. ";
    let page = match kind {
        "div" => format!("{}<p>{}</p>", "<div>".repeat(100_000), sentence.repeat(10)),
        "lists" => format!("{}{}", "<ul><li>".repeat(64_000), sentence.repeat(10)),
        "text" => format!("<p>{}</p>", sentence.repeat(5_000_000 / sentence.len())),
        "formatting" => "<p><b id=a><i id=b><font id=c>x</p>".repeat(20_000),
        "brackets" => "<".repeat(1_000_000),
        _ => "<svg><p>x".repeat(50_000),
    };
    bencher.bench_local(|| read(black_box(page.as_bytes())));
}
