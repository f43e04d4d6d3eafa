//! The way of one page through the room: decode, tame, read, judge.

use dom_query::Document as Tree;
use url::Url;

use super::blocks::{self, Piece};
use super::{Article, FeedText, Link, LinkKind, PageSource, TextOrigin, Verdict};
use super::{decode, depth, formula, general};
use crate::text::{Document, hash, language};

/// Reads a page.
pub(crate) fn read(source: &PageSource<'_>) -> Article {
    let text = decode::decode(source.bytes, source.content_type);
    read_html(source.url, &text)
}

fn read_html(url: &str, html: &str) -> Article {
    let html = depth::tame(html);
    let tree = Tree::from(html.as_str());
    formula::write_out(&tree);
    let pieces = general::readability(tree);
    article(url, pieces, TextOrigin::Page, "general")
}

/// Reads article text that a feed carries.
pub(crate) fn read_feed(source: &FeedText<'_>) -> Article {
    let tree = Tree::from(depth::tame(source.html).as_str());
    formula::write_out(&tree);
    let mut article = article(
        source.url,
        blocks::read(&tree.root()),
        TextOrigin::Feed,
        "feed",
    );
    source.title.clone_into(&mut article.title);
    article.byline = source.byline.map(str::to_owned);
    article.site = source.site.map(str::to_owned);
    article.published = source.published;
    article
}

fn article(url: &str, pieces: Vec<Piece>, origin: TextOrigin, way: &str) -> Article {
    let base = Url::parse(url).ok();
    let mut links: Vec<Link> = Vec::new();
    for (href, text) in pieces.iter().flat_map(|p| p.links.iter()) {
        let Some(target) = base.as_ref().and_then(|b| b.join(href).ok()) else {
            continue;
        };
        let url = target.to_string();
        if !links.iter().any(|l| l.url == url) {
            links.push(Link {
                url,
                text: text.clone(),
                kind: LinkKind::Media,
            });
        }
    }
    let document = Document::from_blocks(pieces.into_iter().map(|p| (p.kind, p.text)));
    Article {
        id: hash::short_id(document.text()),
        url: url.to_owned(),
        verdict: if document.is_empty() {
            Verdict::TooShort
        } else {
            Verdict::Article
        },
        title: String::new(),
        byline: None,
        site: None,
        published: None,
        language: language::detect(document.text()),
        document,
        links,
        origin,
        way: way.to_owned(),
    }
}
