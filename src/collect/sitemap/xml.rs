//! The XML of sitemaps, read with the forgiving tokenizer of feeds: a truncated or damaged file
//! gives the entries whose address is whole.

use crate::collect::feed::{Declared, Token, Tokens, attributes, resolve};

/// What a file lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Further files.
    Index,
    /// Pages.
    Pages,
}

/// One entry; its fields are empty where it has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Node {
    pub(super) loc: String,
    pub(super) lastmod: String,
    /// `publication_date` of a news sitemap.
    pub(super) published: String,
    /// `title` of a news sitemap.
    pub(super) title: String,
}

/// The namespace of news sitemaps contains this.
const NEWS: &str = "schemas/sitemap-news";

/// Reads a sitemap; `None` where the text is none.
pub(super) fn read(text: &str) -> Option<(Kind, Vec<Node>)> {
    let mut tokens = Tokens::new(text);
    let (root, inside) = tokens.by_ref().find_map(|token| match token {
        Token::Start { name, attributes, .. } => Some((name, attributes)),
        _ => None,
    })?;
    let (kind, entry) = match local(root).1.to_ascii_lowercase().as_str() {
        "urlset" => (Kind::Pages, "url"),
        "sitemapindex" => (Kind::Index, "sitemap"),
        _ => return None,
    };
    let mut walk = Walk {
        entry,
        own: local(root).0,
        news: attributes(inside)
            .into_iter()
            .find(|(_, value)| value.contains(NEWS))
            .and_then(|(name, _)| name.split_once(':'))
            .map_or("news", |(_, prefix)| prefix),
        node: None,
        field: None,
        nodes: Vec::new(),
    };
    tokens.for_each(|token| walk.take(token));
    // What the end of the text cuts off may be half a field.
    let cut_off = walk.node.take().filter(|node| !node.loc.is_empty());
    walk.nodes.extend(cut_off);
    Some((kind, walk.nodes))
}

/// A name's prefix and its local part.
fn local(name: &str) -> (&str, &str) {
    name.split_once(':').unwrap_or(("", name))
}

struct Walk<'a> {
    /// The element of an entry.
    entry: &'static str,
    /// The prefix of the sitemap's own elements, mostly none.
    own: &'a str,
    /// The prefix of those of news.
    news: &'a str,
    node: Option<Node>,
    field: Option<(&'a str, String)>,
    nodes: Vec<Node>,
}

impl<'a> Walk<'a> {
    fn take(&mut self, token: Token<'a>) {
        match token {
            Token::Start { name, .. } if self.is_entry(name) => {
                self.close_entry();
                self.node = Some(Node::default());
            }
            Token::Start { name, closed: false, .. } if self.node.is_some() => {
                self.close_field();
                self.field = Some((name, String::new()));
            }
            Token::End(name) if self.is_entry(name) => self.close_entry(),
            Token::End(_) => self.close_field(),
            Token::Text(text) => {
                if let Some((_, value)) = &mut self.field {
                    value.push_str(&resolve(text, &Declared::new()));
                }
            }
            Token::Cdata(text) => {
                if let Some((_, value)) = &mut self.field {
                    value.push_str(text);
                }
            }
            Token::Start { .. } | Token::Doctype(_) => {}
        }
    }

    fn is_entry(&self, name: &str) -> bool {
        let (prefix, name) = local(name);
        prefix == self.own && name.eq_ignore_ascii_case(self.entry)
    }

    /// A field that the end of the text cuts off is none.
    fn close_field(&mut self) {
        let (Some((name, value)), Some(node)) = (self.field.take(), &mut self.node) else { return };
        let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
        let (prefix, name) = local(name);
        let place = match name.to_ascii_lowercase().as_str() {
            "loc" if prefix == self.own => &mut node.loc,
            "lastmod" if prefix == self.own => &mut node.lastmod,
            "publication_date" if prefix == self.news => &mut node.published,
            "title" if prefix == self.news => &mut node.title,
            _ => return,
        };
        if place.is_empty() {
            *place = value;
        }
    }

    fn close_entry(&mut self) {
        self.close_field();
        self.nodes.extend(self.node.take());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damage_costs_what_is_damaged_only() {
        let text = "<?xml version=\"1.0\"?>\n<!-- c --><urlset><url><loc> https://a.example/1?a=1&amp;b=2 </loc><lastmod>2026-01-03</lastmod>\
                    <url><loc><![CDATA[https://a.example/2]]></loc><image:image><image:loc>https://a.example/i.png</image:loc></image:image></url>\
                    <url><loc>https://a.example/cut";
        let (kind, nodes) = read(text).unwrap();
        assert_eq!(kind, Kind::Pages);
        let locs: Vec<&str> = nodes.iter().map(|n| n.loc.as_str()).collect();
        assert_eq!(locs, ["https://a.example/1?a=1&b=2", "https://a.example/2"]);
        assert_eq!(nodes[0].lastmod, "2026-01-03");
        assert_eq!(read("<html><body></body></html>"), None);
        assert_eq!(read("https://a.example/1"), None);
    }
}
