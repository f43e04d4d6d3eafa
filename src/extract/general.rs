//! The general way: the body of a page whose site has no rule of its own.
//!
//! Two extractors read the page. Readability's algorithm (dom_smoothie) finds the body and keeps
//! too much of what stands around; trafilatura drops more and misses whole bodies of Chinese pages.
//! So the blocks are Readability's, and trafilatura confirms them.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind};

use dom_query::Document as Tree;
use dom_smoothie::{Config, Readability};
use trafilatura::{ExtractionFocus, Options};

use super::blocks::{self, Piece};
use super::links;
use crate::text::BlockKind;

/// Where trafilatura confirms less than this share of the words, it failed on the page.
const TRUST: f64 = 0.6;
/// A block is confirmed when this share of its word groups stands in the other text.
const CONFIRMED: f64 = 0.5;

/// Above so many characters trafilatura, whose time grows faster than the text, is not asked.
const LARGE: usize = 150_000;

/// The blocks of the body of a page that shows `size` characters.
pub(crate) fn read(doc: Tree, size: usize) -> Vec<Piece> {
    if size > LARGE {
        return readability(doc);
    }
    let html = doc.html().to_string();
    let found = readability(doc);
    let chinese = is_mostly_chinese(&found);
    // trafilatura knows Western class names only: on Chinese pages it confirms too little.
    if chinese && length(&found) > 200 {
        return found;
    }
    let other = trafilatura(&html, ExtractionFocus::FavorPrecision);
    if length(&found) * 3 < length(&other) {
        return other;
    }
    confirm(found, &other)
}

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
fn confirm(found: Vec<Piece>, other: &[Piece]) -> Vec<Piece> {
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
        return found;
    }
    let first = confirmed.iter().position(|c| *c).unwrap_or(0);
    let last = confirmed.iter().rposition(|c| *c).unwrap_or(0);
    found
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
        .collect()
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
pub(crate) fn readability(doc: Tree) -> Vec<Piece> {
    let found = catch_unwind(AssertUnwindSafe(|| {
        let config = Config { disable_json_ld: true, ..Config::default() };
        let article = Readability::with_document(doc, None, Some(config)).ok()?.parse().ok()?;
        let tree = Tree::from(article.content);
        Some(blocks::read(&tree.root()))
    }));
    found.ok().flatten().unwrap_or_default()
}

/// The blocks that trafilatura finds.
pub(crate) fn trafilatura(html: &str, focus: ExtractionFocus) -> Vec<Piece> {
    let found = catch_unwind(AssertUnwindSafe(|| {
        let options =
            Options::default().with_fallback(true).with_focus(focus).with_exclude_comments(true);
        let result = trafilatura::extract(html, &options).ok()?;
        let tree = Tree::from(result.content_html);
        Some(blocks::read(&tree.root()))
    }));
    found.ok().flatten().unwrap_or_default()
}
