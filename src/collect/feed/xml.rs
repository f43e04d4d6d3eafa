//! RSS of every version and Atom out of the tree.

use url::Url;

use super::plain::{plain, tidy};
use super::tree::{self, Node, is_item};
use super::{Feed, FeedError, FeedKind, date, listing};
use crate::collect::Listing;
use crate::text::Moment;

/// A description with at least so much text is the article itself.
const ARTICLE: usize = 600;

/// Reads RSS or Atom.
pub(super) fn read(text: &str, url: Option<&Url>) -> Result<Feed, FeedError> {
    let root = tree::read(text);
    let mut items = Vec::new();
    find(&root, url.cloned(), &mut items);
    let top = root
        .nodes()
        .next()
        .map(|node| node.name.clone())
        .unwrap_or_default();
    let kind = match top.as_str() {
        "rss" | "channel" => FeedKind::Rss,
        "rdf:rdf" | "rdf" => FeedKind::Rdf,
        "feed" => FeedKind::Atom,
        "html" | "!doctype" => return Err(html_page(text, url)),
        _ if text.to_ascii_lowercase().contains("<html") => return Err(html_page(text, url)),
        _ => match items.first() {
            Some((node, _)) if node.name == "entry" => FeedKind::Atom,
            Some(_) => FeedKind::Rss,
            None => {
                return Err(FeedError::NotAFeed(
                    "the answer is neither RSS nor Atom nor JSON Feed".into(),
                ));
            }
        },
    };
    let items = items
        .iter()
        .filter_map(|(node, base)| item(node, base.as_ref()))
        .collect();
    Ok(Feed {
        kind,
        title: title_of(&root),
        items,
    })
}

/// The items anywhere below `node`, each with its base.
fn find<'a>(node: &'a Node, base: Option<Url>, out: &mut Vec<(&'a Node, Option<Url>)>) {
    let base = rebased(node, base);
    if is_item(&node.name) {
        out.push((node, base));
        return;
    }
    for child in node.nodes() {
        find(child, base.clone(), out);
    }
}

fn rebased(node: &Node, base: Option<Url>) -> Option<Url> {
    let Some(own) = node.attribute("xml:base") else {
        return base;
    };
    let joined = match &base {
        Some(base) => base.join(own),
        None => Url::parse(own),
    };
    joined.ok().or(base)
}

/// The title of the channel or the feed.
fn title_of(root: &Node) -> String {
    let top = root.nodes().next();
    let holder = top.and_then(|t| t.child("channel")).or(top);
    holder
        .and_then(|h| h.child("title"))
        .map(title)
        .unwrap_or_default()
}

fn html_page(text: &str, url: Option<&Url>) -> FeedError {
    let found = tree::read(text);
    let mut links = Vec::new();
    alternates(&found, &mut links);
    let href = links.into_iter().next();
    let href = href.map(|h| url.and_then(|u| u.join(&h).ok()).map_or(h, Into::into));
    FeedError::NotAFeed(match href {
        Some(href) => format!("the answer is an HTML page, no feed; it names the feed {href}"),
        None => "the answer is an HTML page, no feed".into(),
    })
}

fn alternates(node: &Node, out: &mut Vec<String>) {
    let kind = node.attribute("type").unwrap_or("");
    if node.name == "link"
        && (kind.contains("rss") || kind.contains("atom") || kind.contains("feed+json"))
    {
        out.extend(node.attribute("href").map(Into::into));
    }
    for child in node.nodes() {
        alternates(child, out);
    }
}

/// One item; `None` where nothing of it can be read.
fn item(node: &Node, base: Option<&Url>) -> Option<Listing> {
    let first = |names: &[&str]| {
        names.iter().find_map(|name| {
            node.nodes()
                .filter(|n| n.name == *name)
                .map(Node::text)
                .find(|t| !t.is_empty())
        })
    };
    let guid = first(&["guid", "id", "dc:identifier"])
        .or_else(|| node.attribute("rdf:about").map(Into::into));
    let description = ["description", "summary"]
        .iter()
        .find_map(|name| node.child(name))
        .map(html);
    let content = node
        .child("content:encoded")
        .or_else(|| node.child("content"))
        .map(html);
    let title = node
        .child("title")
        .or_else(|| node.child("dc:title"))
        .map(title)
        .unwrap_or_default();
    let content = content.filter(|c| !c.trim().is_empty());
    let snippet = plain(description.as_deref().or(content.as_deref()).unwrap_or(""));
    let long = |html: &String| snippet.chars().count() >= ARTICLE && html.contains('<');
    let listing = Listing {
        url: link(node, guid.as_deref(), base),
        guid,
        title,
        published: published(node),
        author: author(node),
        content: content.or_else(|| description.filter(long)),
        snippet: listing::shortened(&snippet),
    };
    let nameless = listing.url.is_none() && listing.guid.is_none();
    let wordless = listing.title.is_empty() && listing.snippet.is_empty();
    // Half of a title would be another id at the next parse.
    let empty = nameless && (wordless || node.cut);
    (!empty).then_some(listing)
}

/// A title as plain text: Atom says what it is, RSS writers put HTML into it or not.
fn title(node: &Node) -> String {
    match node.attribute("type") {
        Some("text" | "text/plain") => tidy(&node.text()),
        _ => plain(&node.inner_html(true)),
    }
}

/// What an element holds as HTML: of RSS and of Atom's `html` its text, of `xhtml` what is inside.
fn html(node: &Node) -> String {
    let inside = match node.attribute("type") {
        Some("text" | "text/plain") => super::plain::escape(&node.text()),
        Some("xhtml") => node.inner_html(false),
        _ => node.inner_html(true),
    };
    inside.trim().to_owned()
}

fn published(node: &Node) -> Option<Moment> {
    const NAMES: &[&str] = &[
        "pubdate",
        "published",
        "dc:date",
        "issued",
        "dc:issued",
        "dc:created",
        "created",
        "date",
        "updated",
        "modified",
        "dc:modified",
    ];
    NAMES.iter().find_map(|name| {
        node.nodes()
            .filter(|n| n.name == *name)
            .find_map(|n| date::parse(&n.text()))
    })
}

fn author(node: &Node) -> Option<String> {
    const NAMES: &[&str] = &["dc:creator", "author", "itunes:author", "dc:publisher"];
    let text = |n: &Node| plain(&n.child("name").unwrap_or(n).text());
    NAMES.iter().find_map(|name| {
        node.nodes()
            .filter(|n| n.name == *name)
            .map(text)
            .find(|t| !t.is_empty())
    })
}

/// The address of the item's page, made absolute.
fn link(node: &Node, guid: Option<&str>, base: Option<&Url>) -> Option<String> {
    let base = rebased(node, base.cloned());
    let links: Vec<&Node> = node.nodes().filter(|n| n.name == "link").collect();
    let written = links
        .iter()
        .find(|n| n.attribute("href").is_none())
        .map(|n| n.text());
    let relation = |n: &Node| {
        n.attribute("rel")
            .unwrap_or("alternate")
            .to_ascii_lowercase()
    };
    let alternate = || {
        let all = || {
            links
                .iter()
                .filter(|n| relation(n) == "alternate" && n.attribute("href").is_some())
        };
        let page = all().find(|n| n.attribute("type").is_none_or(|t| t.contains("html")));
        page.or_else(|| all().next())
            .and_then(|n| n.attribute("href"))
    };
    let permanent = || {
        let no = node
            .child("guid")
            .is_some_and(|g| g.attribute("ispermalink") == Some("false"));
        guid.filter(|g| !no && g.starts_with("http"))
    };
    let last = || node.child("content").and_then(|c| c.attribute("src"));
    let found = written
        .filter(|t| !t.is_empty())
        .or_else(|| alternate().map(Into::into))
        .or_else(|| node.attribute("rdf:about").map(Into::into))
        .or_else(|| permanent().or_else(last).map(Into::into))?;
    let own = links
        .iter()
        .find_map(|n| rebased_link(n, base.clone()))
        .or(base);
    listing::absolute(&found, own.as_ref())
}

/// The base of a link that carries its own.
fn rebased_link(node: &Node, base: Option<Url>) -> Option<Url> {
    node.attribute("xml:base")?;
    rebased(node, base)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_declared_is_expanded() {
        let text = "<!DOCTYPE r [<!ENTITY a \"boom\"><!ENTITY b SYSTEM \"file:///etc/passwd\">]><rss><channel><item><title>x &a; &b; y</title></item></channel></rss>";
        let feed = read(text, None).unwrap();
        assert_eq!(feed.items[0].title, "x &a; &b; y");
    }
}
