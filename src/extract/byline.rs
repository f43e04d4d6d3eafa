//! Who wrote an article, as printed.

use std::sync::LazyLock;

use dom_query::{Document, NodeRef};
use regex::Regex;

use super::blocks::Piece;
use super::dom;
use super::meta::{Meta, fold};

/// The author of a page.
pub(crate) fn find(doc: &Document, meta: &Meta, pieces: &[Piece]) -> Option<String> {
    meta.ld("author")
        .and_then(|a| tidy(&a))
        .or_else(|| {
            let keys = [
                "author",
                "byl",
                "parsely-author",
                "dc.creator",
                "dcterms.creator",
                "article:author",
                "citation_author",
                "sailthru.author",
            ];
            keys.iter().find_map(|k| tidy(meta.get(&[k])?))
        })
        .or_else(|| {
            let marked = dom::elements(doc).into_iter().filter(is_marked);
            marked.take(5).find_map(|n| tidy(&dom::line(&n)))
        })
        .or_else(|| labelled(pieces))
}

/// Whether an element is marked up as the author.
fn is_marked(node: &NodeRef<'_>) -> bool {
    let says = |node: &NodeRef<'_>, key, word: &str| {
        node.attr(key).is_some_and(|v| v.split_ascii_whitespace().any(|w| w == word))
    };
    let item = |node: &NodeRef<'_>| says(node, "itemprop", "author");
    dom::has_class_of(node, &["byline", "author", "article-author", "post-author"])
        || item(node)
        || (says(node, "itemprop", "name") && node.ancestors_it(None).any(|a| item(&a)))
        || (says(node, "rel", "author") && node.has_name("a"))
        || node.id_attr().is_some_and(|id| &*id == "author")
}

/// The author in a line that stands close below the title, outside the text.
pub(crate) fn below_title(shown: &[Piece], title: &str) -> Option<String> {
    let title = fold(title);
    let at =
        shown.iter().position(|p| !title.is_empty() && is_short(p) && fold(&p.text) == title)?;
    labelled(&shown[at..])
}

/// Folding is dear, and a title is short.
fn is_short(piece: &Piece) -> bool {
    piece.text.len() <= 600
}

/// `作者：某某`, `文/某某`, `By Somebody` in a short line near the top of the text.
fn labelled(pieces: &[Piece]) -> Option<String> {
    static LABEL: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?:作者\s*[:：]\s*|^\s*文\s*[/／|]\s*|^By\s+)([^\s|｜，,。；;：:（(]+(?:[ ·][\p{Lu}][^\s|,]+){0,3})").ok()
    });
    pieces
        .iter()
        .take(6)
        .filter(|p| p.text.chars().count() <= 80)
        .find_map(|p| tidy(&LABEL.as_ref()?.captures(&p.text)?[1]))
}

/// A name as printed: without `By`, without what is no name.
fn tidy(text: &str) -> Option<String> {
    let mut text = text.trim();
    for lead in ["By ", "by ", "BY ", "作者：", "作者:", "责任编辑：", "记者 "] {
        text = text.strip_prefix(lead).unwrap_or(text).trim();
    }
    let length = text.chars().count();
    let fine = (2..=80).contains(&length)
        && !text.contains("://")
        && !text.starts_with("www.")
        && !text.starts_with(|c: char| c.is_ascii_digit())
        && text.chars().any(char::is_alphabetic);
    fine.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_printed() {
        let find_in = |html: &str| {
            let doc = Document::from(html);
            find(&doc, &Meta::read(&doc), &super::super::blocks::read(&doc.root()))
        };
        assert_eq!(find_in("<meta name=author content='By Ann Lee'>").as_deref(), Some("Ann Lee"));
        assert_eq!(find_in("<p class=byline>By Ann Lee</p>").as_deref(), Some("Ann Lee"));
        assert_eq!(find_in("<p>作者：王岚 来源：灯塔网</p>").as_deref(), Some("王岚"));
        assert_eq!(find_in("<meta name=author content='https://a.example/u/1'><p>Text</p>"), None);
    }
}
