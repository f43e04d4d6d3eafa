//! The general way: the body of a page whose site has no rule of its own.
//!
//! Two extractors read the page. Readability's algorithm (dom_smoothie) finds the body and keeps
//! too much of what stands around; trafilatura drops more and misses whole bodies of Chinese pages.
//! So the blocks are Readability's, and trafilatura confirms them.

use dom_query::Document as Tree;
use dom_smoothie::{Config, Readability};

use super::blocks::{self, Piece};
use super::{agree, dom, guard, witness};

/// Below so many characters an extractor found nothing worth the name.
pub(crate) const LITTLE: usize = 250;

/// Above so many characters trafilatura, whose time grows faster than the text, is not asked.
const LARGE: usize = 150_000;

/// The blocks of the body of a page, and the way they were found. `shown` is all that it shows.
pub(crate) fn read(tree: &Tree, shown: &[Piece]) -> (Vec<Piece>, &'static str) {
    if length(shown) > LARGE {
        return (readability(page(tree)), READABILITY);
    }
    let found = readability(page(tree));
    // trafilatura knows Western class names only: on Chinese pages it confirms too little.
    if (is_mostly_chinese(shown) || is_mostly_chinese(&found)) && length(&found) > 200 {
        return (found, READABILITY);
    }
    if length(&found) > LITTLE && found.iter().all(is_prose) {
        // Nothing in it is doubtful: every block is what would stay without being confirmed.
        return (found, READABILITY);
    }
    let mut other = witness::read(tree);
    // Its own ways out cost as much again and confirm nothing: they are for pages that both lose.
    if length(&found) < LITTLE && length(&other) < LITTLE {
        other = witness::read_at_length(&page(tree));
    }
    if length(&found) * 3 < length(&other) {
        return (other, "trafilatura");
    }
    match agree::confirm(found, &other) {
        Ok(kept) => (kept, "agreement"),
        Err(found) => (found, READABILITY),
    }
}

/// A copy of the page without what no extractor shall read.
fn page(tree: &Tree) -> Tree {
    let page = tree.clone();
    for gone in dom::all(&page, "script, style, noscript, template, link, iframe, svg") {
        gone.remove_from_parent();
    }
    page
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

/// A paragraph of sentences with few links, and no credit of a picture at its end.
pub(crate) fn is_prose(piece: &Piece) -> bool {
    !piece.caption
        && piece.link_share() < 0.35
        && agree::count_words(&piece.text) >= 12
        && piece.text.trim_end().ends_with(['.', '!', '?', '”', '"', '’'])
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
