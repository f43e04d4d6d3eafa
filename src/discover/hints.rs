//! What a page says about its feeds, and where feeds usually stand.

use dom_query::{Document, NodeRef};
use url::Url;

use crate::extract::dom::{all, attr, first, line};
use crate::text::tame::tame;

/// What a page says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hints {
    /// The page's title.
    pub title: String,
    /// Feeds it names in its head (`link rel=alternate`), in order.
    pub declared: Vec<String>,
    /// Links of its body that look like feeds, then places where feeds usually stand.
    pub likely: Vec<String>,
}

/// Media types of feeds.
const TYPES: &[&str] = &["rss+xml", "atom+xml", "rdf+xml", "feed+json"];
/// Names of files that are feeds.
const FILES: &[&str] =
    &["rss.xml", "feed.xml", "atom.xml", "index.xml", "feed.json", "rss", "feed", "atom"];
/// Where feeds usually stand, below the site's root.
const USUAL: &[&str] = &["feed", "rss", "rss.xml", "feed.xml", "atom.xml", "index.xml"];
/// Links of the body that are tried.
const MOST_LINKS: usize = 4;

/// Reads the hints of an HTML page that answered under `url`.
pub fn hints(url: &str, html: &str) -> Hints {
    let Ok(own) = Url::parse(url) else { return Hints::default() };
    let doc = Document::from(tame(html));
    let base = first(&doc, "base[href]")
        .and_then(|b| own.join(&attr(&b, "href")?).ok())
        .unwrap_or_else(|| own.clone());
    let target = |node: &NodeRef<'_>| web(base.join(&attr(node, "href")?).ok()?);
    let mut declared = Vec::new();
    let alternates = all(&doc, "link[rel][href]").into_iter().filter(names_a_feed);
    // The comments of one article are no source.
    alternates
        .filter(|link| !is_of_comments(link))
        .filter_map(|link| target(&link))
        .for_each(|url| push(&mut declared, url));
    let mut likely = Vec::new();
    let anchors = all(&doc, "a[href]").into_iter().filter_map(|a| target(&a));
    anchors
        .filter(|link| looks_like_feed(link))
        .take(MOST_LINKS)
        .for_each(|url| push(&mut likely, url));
    usual_places(&own).into_iter().for_each(|url| push(&mut likely, url));
    likely.retain(|url| !declared.contains(url));
    let title = first(&doc, "meta[property='og:site_name']").and_then(|m| attr(&m, "content"));
    let title = title.or_else(|| first(&doc, "head > title").map(|t| line(&t)));
    Hints { title: title.unwrap_or_default(), declared, likely }
}

fn push(list: &mut Vec<String>, url: String) {
    if !list.contains(&url) {
        list.push(url);
    }
}

fn web(mut url: Url) -> Option<String> {
    url.set_fragment(None);
    matches!(url.scheme(), "http" | "https").then(|| url.into())
}

fn names_a_feed(link: &NodeRef<'_>) -> bool {
    let rel = attr(link, "rel").unwrap_or_default().to_ascii_lowercase();
    let kind = attr(link, "type").unwrap_or_default().to_ascii_lowercase();
    rel.split_whitespace().any(|word| word == "alternate") && TYPES.iter().any(|t| kind.contains(t))
}

fn is_of_comments(link: &NodeRef<'_>) -> bool {
    let title = attr(link, "title").unwrap_or_default().to_lowercase();
    let href = attr(link, "href").unwrap_or_default();
    title.contains("comment") || title.contains("评论") || href.contains("/comments/")
}

fn looks_like_feed(url: &str) -> bool {
    let Ok(url) = Url::parse(url) else { return false };
    let path = url.path().trim_end_matches('/').to_ascii_lowercase();
    let last = path.rsplit('/').next().unwrap_or("");
    FILES.contains(&last) || last.ends_with(".rss") || last.ends_with(".atom")
}

/// Below the page's own folder first, then below the root.
fn usual_places(own: &Url) -> Vec<String> {
    let mut folder = own.clone();
    folder.set_query(None);
    let file = own.path().rsplit('/').next().unwrap_or("");
    if !file.is_empty() && !file.contains('.') {
        folder.set_path(&format!("{}/", own.path()));
    }
    let below = USUAL.iter().take(2).filter_map(|name| folder.join(name).ok());
    let root = USUAL.iter().filter_map(|name| own.join(&format!("/{name}")).ok());
    let mut places = Vec::new();
    below.chain(root).filter_map(web).for_each(|url| push(&mut places, url));
    places
}

/// Whether a body is a sitemap or an index of sitemaps.
pub fn is_sitemap(body: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&body[..body.len().min(4096)]);
    let root = head
        .split('<')
        .map(str::trim_start)
        .find(|tag| tag.starts_with(|c: char| c.is_ascii_alphabetic()));
    let name = root.and_then(|tag| tag.split(|c: char| c.is_whitespace() || c == '>').next());
    name.is_some_and(|n| matches!(n.rsplit(':').next(), Some("urlset" | "sitemapindex")))
}

/// The sitemaps that a `robots.txt` names.
pub fn sitemaps_of_robots(text: &str) -> Vec<String> {
    let named = text.lines().filter_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.trim().eq_ignore_ascii_case("sitemap").then(|| value.trim().to_owned())
    });
    named.filter(|url| Url::parse(url).is_ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declared_feeds_come_first_and_comments_are_none() {
        let html = r#"<html><head><title>Outlet</title><base href="/zh/">
            <link rel="alternate" type="application/rss+xml" title="Outlet" href="feed.xml">
            <link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed">
            <link rel="alternate" hreflang="en" href="/en/">
            <link rel="stylesheet alternate" type="application/atom+xml" href="https://b.example/atom">
            </head><body><a href="/about">About</a><a href="/news/tech.rss#x">RSS</a></body></html>"#;
        let hints = hints("https://a.example/zh/index.html", html);
        assert_eq!(hints.title, "Outlet");
        assert_eq!(hints.declared, ["https://a.example/zh/feed.xml", "https://b.example/atom"]);
        assert_eq!(hints.likely[0], "https://a.example/news/tech.rss");
        assert!(hints.likely.contains(&"https://a.example/zh/feed".to_owned()));
        assert!(hints.likely.contains(&"https://a.example/rss.xml".to_owned()));
    }

    #[test]
    fn sitemaps_are_told_by_their_root() {
        assert!(is_sitemap(b"<?xml version='1.0'?>\n<!-- x --><urlset xmlns='y'>"));
        assert!(is_sitemap(b"<sm:sitemapindex>"));
        assert!(!is_sitemap(b"<rss version='2.0'><urlset>"));
        assert!(!is_sitemap(b""));
        let robots = "User-agent: *\nDisallow: /x\nSITEMAP: https://a.example/s.xml\nSitemap: no\n";
        assert_eq!(sitemaps_of_robots(robots), ["https://a.example/s.xml"]);
    }
}
