//! The way of one page through the room: decode, tame, read, trim, judge.

use dom_query::Document as Tree;

use super::blocks::{self, Piece};
use super::meta::Meta;
use super::sites::Rule;
use super::verdict::{self, Evidence};
use super::{Article, FeedText, PageSource, TextOrigin, Verdict};
use super::{
    byline, date, dom, embedded, formula, general, guard, hidden, links, meta, sites, standfirst,
    title, trim,
};
use crate::text::{Document, Language, charset, hash, language, tame};

/// Above so many characters a page is read as it stands: the extractors' time is not bounded.
const HUGE: usize = 600_000;

/// Reads a page.
pub(crate) fn read(source: &PageSource<'_>) -> Article {
    let declared_other = source.content_type.is_some_and(verdict::is_other_media);
    if declared_other || verdict::is_binary(source.bytes) {
        return empty(source.url, Verdict::NotHtml);
    }
    let text = charset::decode(source.bytes, source.content_type);
    if is_plain(source.content_type, &text) {
        return plain(source.url, &text);
    }
    // The parsers are not ours: whatever bytes make one panic, the run goes on.
    guard::guarded(|| read_html(source.url, &text))
        .unwrap_or_else(|| empty(source.url, Verdict::TooShort))
}

/// An article without text.
fn empty(url: &str, verdict: Verdict) -> Article {
    Article {
        id: hash::short_id(""),
        url: url.to_owned(),
        verdict,
        title: String::new(),
        byline: None,
        site: None,
        published: None,
        language: None,
        document: Document::default(),
        links: Vec::new(),
        origin: TextOrigin::Page,
        way: "none".to_owned(),
    }
}

fn is_plain(content_type: Option<&str>, text: &str) -> bool {
    let declared = content_type.is_some_and(|c| {
        let c = c.to_ascii_lowercase();
        c.starts_with("text/plain") || c.starts_with("text/markdown")
    });
    let head = text.get(..2048.min(text.len())).unwrap_or(text).to_ascii_lowercase();
    declared && !["<html", "<!doctype", "<body", "<div", "<p>"].iter().any(|t| head.contains(t))
}

fn plain(url: &str, text: &str) -> Article {
    let document = Document::from_text(&crate::text::invisible::strip(text));
    let long = crate::text::measure::chinese_length(document.text()) >= 24;
    Article {
        id: hash::short_id(document.text()),
        verdict: if long { Verdict::Article } else { Verdict::TooShort },
        language: language::detect(document.text()),
        document,
        way: "plain".to_owned(),
        ..empty(url, Verdict::Article)
    }
}

fn read_html(url: &str, html: &str) -> Article {
    let html = tame::tame(html);
    let tree = Tree::from(html.as_str());
    let meta = Meta::read(&tree);
    let owner = meta::owner_label(url);
    formula::write_out(&tree);
    let rule = sites::rule_for(url);
    let by_rule = rule.and_then(|r| read_by_rule(r, &tree));
    hidden::remove(&tree);
    let title = rule
        .and_then(|r| r.title(&tree))
        .unwrap_or_else(|| title::find(&tree, &meta, owner.as_deref()));
    let shown = blocks::read(&tree.root());
    let published =
        rule.and_then(|r| r.published(&tree)).or_else(|| date::find(&tree, &shown, &meta, url));
    let (raw, way) = by_rule.map_or_else(
        || read_generally(&tree, &shown, &meta),
        |p| (p, rule.map_or("site_rule", |r| r.name)),
    );
    let byline = rule
        .and_then(|r| r.byline(&tree))
        .or_else(|| byline::find(&tree, &meta, &raw))
        .or_else(|| byline::below_title(&shown, &title));
    let mut pieces = trim::trim(raw, &title, byline.as_deref());
    if let Some(piece) = standfirst::find(&tree, &shown, &pieces, &title) {
        pieces.insert(0, piece);
    }
    let links = links::collect(url, &pieces, &title);
    let document = Document::from_blocks(pieces.into_iter().map(|p| (p.kind, p.text)));
    let verdict = if verdict::is_long(document.text()) {
        Verdict::Article
    } else {
        verdict::judge(&Evidence::gather(url, &html, (&tree, &shown), &meta, document.text()))
    };
    let declared = dom::first(&tree, "html").and_then(|n| dom::attr(&n, "lang"));
    Article {
        id: hash::short_id(document.text()),
        url: url.to_owned(),
        verdict,
        title: crate::text::invisible::strip(&title),
        byline,
        site: meta.site(),
        published,
        language: language_of(document.text(), declared),
        document,
        links,
        origin: TextOrigin::Page,
        way: way.to_owned(),
    }
}

/// The text by the site's own rule. It is read before hidden elements go, as the container itself
/// is hidden; what is hidden inside it goes first.
fn read_by_rule(rule: &Rule, tree: &Tree) -> Option<Vec<Piece>> {
    let body = rule.body(tree)?;
    let inside = Tree::from(body.html());
    hidden::remove(&inside);
    let pieces = blocks::read(&inside.root());
    (general::length(&pieces) > 20).then_some(pieces)
}

/// The text by the general way, or what the page keeps for its scripts where that is much more.
fn read_generally(tree: &Tree, shown: &[Piece], meta: &Meta) -> (Vec<Piece>, &'static str) {
    let size = general::length(shown);
    if size > HUGE {
        return (whole_body(tree), "whole_page");
    }
    let (mut found, mut way) = general::read(tree, shown);
    if general::length(&found) < general::LITTLE {
        let whole = whole_body(tree);
        // A short notice that no extractor takes for an article: the page as it stands.
        if found.is_empty() && general::length(&whole) < general::LITTLE * 4 {
            found = whole;
            way = "whole_page";
        }
        if let Some((held, held_way)) = embedded::read(tree, meta)
            && general::length(&held) > general::length(&found) * 2
        {
            return (held, held_way);
        }
    }
    (found, way)
}

/// The blocks of the whole page, without menus and the like.
fn whole_body(tree: &Tree) -> Vec<Piece> {
    let page = tree.clone();
    for gone in dom::all(&page, "nav, header, footer, aside, form, script, style, noscript") {
        gone.remove_from_parent();
    }
    blocks::read(&page.root()).into_iter().filter(|p| p.link_share() < 0.5).collect()
}

/// The language of the text; the page's own tag where it agrees, as it knows the region.
fn language_of(text: &str, declared: Option<String>) -> Option<Language> {
    let declared =
        declared.map(Language).filter(|l| (2..=3).contains(&l.primary().len()) && l.0.len() <= 12);
    match (language::detect(text), declared) {
        (Some(found), Some(said)) if found.same_as(&said) => Some(said),
        (Some(found), _) => Some(found),
        (None, said) => said,
    }
}

/// Reads article text that a feed carries.
pub(crate) fn read_feed(source: &FeedText<'_>) -> Article {
    let read = || {
        let tree = Tree::from(tame::tame(source.html).as_str());
        formula::write_out(&tree);
        hidden::remove(&tree);
        trim::trim(blocks::read(&tree.root()), source.title, source.byline)
    };
    let pieces = guard::guarded(read).unwrap_or_default();
    let links = links::collect(source.url, &pieces, source.title);
    let document = Document::from_blocks(pieces.into_iter().map(|p| (p.kind, p.text)));
    let long = crate::text::measure::chinese_length(document.text()) >= 24;
    Article {
        id: hash::short_id(document.text()),
        verdict: if long { Verdict::Article } else { Verdict::TooShort },
        title: source.title.to_owned(),
        byline: source.byline.map(str::to_owned),
        site: source.site.map(str::to_owned),
        published: source.published,
        language: language::detect(document.text()),
        document,
        links,
        origin: TextOrigin::Feed,
        way: "feed".to_owned(),
        ..empty(source.url, Verdict::Article)
    }
}
