//! The general way: the body of a page whose site has no rule of its own.

use std::panic::{AssertUnwindSafe, catch_unwind};

use dom_query::Document as Tree;
use dom_smoothie::{Config, Readability};
use trafilatura::{ExtractionFocus, Options};

use super::blocks::{self, Piece};

/// The blocks that Mozilla's Readability algorithm finds.
pub(crate) fn readability(doc: Tree) -> Vec<Piece> {
    let found = catch_unwind(AssertUnwindSafe(|| {
        let config = Config {
            disable_json_ld: true,
            ..Config::default()
        };
        let article = Readability::with_document(doc, None, Some(config))
            .ok()?
            .parse()
            .ok()?;
        let tree = Tree::from(article.content);
        Some(blocks::read(&tree.root()))
    }));
    found.ok().flatten().unwrap_or_default()
}

/// The blocks that trafilatura finds.
pub(crate) fn trafilatura(html: &str, focus: ExtractionFocus) -> Vec<Piece> {
    let found = catch_unwind(AssertUnwindSafe(|| {
        let options = Options::default()
            .with_fallback(true)
            .with_focus(focus)
            .with_exclude_comments(true);
        let result = trafilatura::extract(html, &options).ok()?;
        let tree = Tree::from(result.content_html);
        Some(blocks::read(&tree.root()))
    }));
    found.ok().flatten().unwrap_or_default()
}
