//! The general way: the body of a page whose site has no rule of its own.
//!
//! Two extractors read the page. Readability's algorithm (dom_smoothie) finds the body and keeps
//! too much of what stands around; trafilatura drops more and misses whole bodies of Chinese pages.
//! So the blocks are Readability's, and trafilatura confirms them.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use dom_query::Document as Tree;
use dom_smoothie::{Config, Readability};
use trafilatura::{ExtractionFocus, HtmlDateMode, Options};

use super::blocks::{self, Piece};
use super::dom;
use super::guard;
use super::links;
use crate::text::BlockKind;

/// Where trafilatura confirms less than this share of the words, it failed on the page.
const TRUST: f64 = 0.6;
/// A block is confirmed when this share of its word groups stands in the other text.
const CONFIRMED: f64 = 0.5;

/// Below so many characters an extractor found nothing worth the name.
pub(crate) const LITTLE: usize = 250;

/// Above so many characters trafilatura, whose time grows faster than the text, is not asked.
const LARGE: usize = 150_000;

/// The blocks of the body of a page, and the way they were found. `shown` is all that it shows.
pub(crate) fn read(tree: &Tree, shown: &[Piece]) -> (Vec<Piece>, &'static str) {
    if length(shown) > LARGE {
        return (readability(page(tree)), READABILITY);
    }
    let doc = page(tree);
    // trafilatura knows Western class names only: on Chinese pages it confirms too little.
    let chinese = is_mostly_chinese(shown);
    let early = (!chinese).then(|| body_of(&doc));
    let found = readability(doc);
    if (chinese || is_mostly_chinese(&found)) && length(&found) > 200 {
        return (found, READABILITY);
    }
    if length(&found) > LITTLE && found.iter().all(is_prose) {
        // Nothing in it is doubtful: every block is what would stay without being confirmed.
        return (found, READABILITY);
    }
    let html = early.unwrap_or_else(|| body_of(&page(tree)));
    let mut other = trafilatura(&html, false);
    // Its own ways out cost as much again and confirm nothing: they are for pages that both lose.
    if length(&found) < LITTLE && length(&other) < LITTLE {
        other = trafilatura(&html, true);
    }
    if length(&found) * 3 < length(&other) {
        return (other, "trafilatura");
    }
    confirm(found, &other)
}

/// A copy of the page without what no extractor shall read.
fn page(tree: &Tree) -> Tree {
    let page = tree.clone();
    for gone in dom::all(&page, "script, style, noscript, template, link, iframe, svg") {
        gone.remove_from_parent();
    }
    page
}

/// What trafilatura would search a whole page for, and nobody here asks it: answered beforehand.
const HEAD: &str = r#"<head><title>x</title><meta property="og:title" content="x"><meta
property="og:author" content="Ann Lee"><meta property="og:url" content="https://a.example/a"><meta
property="og:description" content="x"><meta property="og:site_name" content="X"><meta
property="og:image" content="https://a.example/a.png"><meta property="og:type" content="article"><meta
property="og:article:tag" content="x"></head>"#;

/// The markup of the page's body under a head of ours.
fn body_of(doc: &Tree) -> String {
    let body = dom::first(doc, "body").map_or_else(|| doc.html(), |body| body.html());
    format!("<html>{HEAD}{body}</html>")
}

/// The way of the Readability algorithm alone.
const READABILITY: &str = "readability";

/// The characters of all blocks.
pub(crate) fn length(pieces: &[Piece]) -> usize {
    pieces.iter().map(|p| p.text.chars().count()).sum()
}

fn is_mostly_chinese(pieces: &[Piece]) -> bool {
    let (mut han, mut other) = (0usize, 0usize);
    for c in pieces.iter().flat_map(|p| p.text.chars()).take(4000) {
        match c {
            '\u{3400}'..='\u{9fff}' => han += 1,
            c if c.is_alphabetic() => other += 1,
            _ => {}
        }
    }
    han * 3 > other
}

/// The blocks that the other extractor has too. Prose in the middle that it lacks stays, as do the
/// short lines (headings, items of a list) between two confirmed blocks.
fn confirm(found: Vec<Piece>, other: &[Piece]) -> (Vec<Piece>, &'static str) {
    let groups: HashSet<u64> = other.iter().flat_map(|p| word_groups(&p.text)).collect();
    let whole: String = other.iter().map(|p| words(&p.text).join(" ") + " ").collect();
    let mut agreed = 0usize;
    let mut total = 0usize;
    let confirmed: Vec<bool> = found
        .iter()
        .map(|piece| {
            let words = words(&piece.text);
            total += words.len();
            let yes = if words.len() < 4 {
                !words.is_empty() && whole.contains(&words.join(" "))
            } else {
                let own = word_groups(&piece.text);
                let shared = own.iter().filter(|g| groups.contains(g)).count();
                shared as f64 >= CONFIRMED * own.len() as f64
            };
            agreed += if yes { words.len() } else { 0 };
            yes
        })
        .collect();
    if (agreed as f64) < TRUST * total as f64 {
        return (found, READABILITY);
    }
    let first = confirmed.iter().position(|c| *c).unwrap_or(0);
    let last = confirmed.iter().rposition(|c| *c).unwrap_or(0);
    let kept = found
        .into_iter()
        .enumerate()
        .filter(|(i, piece)| {
            let within = *i + 1 >= first && *i <= last + 1;
            let structured = matches!(piece.kind, BlockKind::Code | BlockKind::TableRow);
            // One paragraph past the last may still say where paper and code are.
            let work = *i <= last + 2
                && piece.link_share() < 0.8
                && piece.links.iter().any(|(href, _)| links::leads_to_work(href));
            confirmed[*i] || work || (within && (structured || is_prose(piece)))
        })
        .map(|(_, piece)| piece)
        .collect();
    (kept, "agreement")
}

/// A paragraph of sentences with few links, and no credit of a picture at its end.
fn is_prose(piece: &Piece) -> bool {
    !piece.caption
        && piece.link_share() < 0.35
        && words(&piece.text).len() >= 12
        && piece.text.trim_end().ends_with(['.', '!', '?', '”', '"', '’'])
}

/// Words in lower case; each Chinese, Japanese or Korean character is one.
fn words(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut word = String::new();
    for c in text.chars() {
        let wide = matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}');
        if c.is_alphanumeric() && !wide {
            word.extend(c.to_lowercase());
            continue;
        }
        if !word.is_empty() {
            out.push(std::mem::take(&mut word));
        }
        if wide {
            out.push(c.to_string());
        }
    }
    if !word.is_empty() {
        out.push(word);
    }
    out
}

/// The hashes of all runs of four words.
fn word_groups(text: &str) -> HashSet<u64> {
    words(text)
        .windows(4)
        .map(|w| {
            let mut hasher = DefaultHasher::new();
            w.hash(&mut hasher);
            hasher.finish()
        })
        .collect()
}

/// The blocks that Mozilla's Readability algorithm finds.
fn readability(doc: Tree) -> Vec<Piece> {
    guard::guarded(|| {
        let config = Config { disable_json_ld: true, ..Config::default() };
        let article = Readability::with_document(doc, None, Some(config)).ok()?.parse().ok()?;
        let tree = Tree::from(article.content);
        Some(blocks::read(&tree.root()))
    })
    .flatten()
    .unwrap_or_default()
}

/// The blocks that trafilatura finds, with or without its ways out where it finds little.
fn trafilatura(html: &str, fallback: bool) -> Vec<Piece> {
    guard::guarded(|| {
        let options = Options::default()
            .with_fallback(fallback)
            .with_focus(ExtractionFocus::FavorPrecision)
            .with_exclude_comments(true)
            .with_html_date_mode(HtmlDateMode::Disabled);
        let result = trafilatura::extract(html, &options).ok()?;
        let tree = Tree::from(result.content_html);
        // Where it does not take its ways out, it leaves these in.
        for gone in dom::all(&tree, "aside, fieldset, figure, footer, form, label, nav, time") {
            gone.remove_from_parent();
        }
        Some(blocks::read(&tree.root()))
    })
    .flatten()
    .unwrap_or_default()
}
