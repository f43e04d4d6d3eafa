//! The standfirst: the summary an article prints between its title and its byline. It belongs to
//! the text, and extractors lose it, as it stands outside the body's container.

use std::collections::HashSet;

use dom_query::Document as Tree;

use super::blocks::Piece;
use super::dom;
use super::meta::fold;

/// Blocks between title and text among which it is looked for.
const REACH: usize = 12;
/// A standfirst has at least so many characters.
const LEAST: usize = 16;

/// The classes that mark a standfirst.
const MARKED: &[&str] = &[
    "dek",
    "standfirst",
    "article-dek",
    "article__dek",
    "story-dek",
    "post-dek",
    "entry-dek",
    "content-dek",
    "article-standfirst",
    "article__standfirst",
    "article-lede",
    "lede",
    "article-subtitle",
    "article-summary",
    "article__summary",
    "post-subtitle",
    "entry-subtitle",
    "article-intro",
    "daodu",
    "article-abstract",
];
/// How it begins where it is not.
const LABELS: &[&str] =
    &["导读", "【导读】", "[导读]", "核心提示", "内容提要", "导语", "【摘要】", "摘要："];

/// The standfirst of the page whose text is `pieces`, where they lack it. `shown` is all the page.
pub(crate) fn find(tree: &Tree, shown: &[Piece], pieces: &[Piece], title: &str) -> Option<Piece> {
    let first = pieces.first()?;
    let end = shown.iter().position(|p| p.text == first.text)?;
    let title = fold(title);
    let start = end.saturating_sub(REACH);
    let after_title = shown[start..end].iter().rposition(|p| fold(&p.text) == title)?;
    let between: Vec<&Piece> = shown[start + after_title + 1..end]
        .iter()
        .filter(|piece| {
            piece.text.chars().count() >= LEAST
                && piece.link_share() < 0.3
                && !piece.caption
                && !pieces.iter().any(|p| p.text.contains(&piece.text))
        })
        .collect();
    if between.is_empty() {
        return None;
    }
    let marked: HashSet<String> = dom::elements(tree)
        .iter()
        .filter(|n| dom::has_class_of(n, MARKED))
        .map(dom::line)
        .collect();
    let is_one = |p: &&&Piece| {
        marked.contains(&p.text) || LABELS.iter().any(|label| p.text.starts_with(label))
    };
    between.iter().find(is_one).copied().cloned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::blocks;

    #[test]
    fn between_title_and_text() {
        let body = "<p class=by>王岚</p><p>观澜实验室周六发布了新的模型，参数规模达到三千亿。</p>";
        for (head, found) in [
            ("<p>导读：训练只用了四周，推理成本下降了一半。</p>", true),
            ("<div class=dek>训练只用了四周，推理成本因此下降了一半。</div>", true),
            ("<p>训练只用了四周，推理成本因此下降了一半。</p>", false),
        ] {
            let tree = Tree::from(format!("<h1>观澜发布新模型</h1>{head}{body}"));
            let shown = blocks::read(&tree.root());
            let text = &shown[shown.len() - 1..];
            assert_eq!(find(&tree, &shown, text, "观澜发布新模型").is_some(), found, "{head}");
        }
    }
}
