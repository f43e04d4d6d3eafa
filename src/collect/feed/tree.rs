//! XML that need not be well formed → a small tree. Nothing outside the text is opened, no entity
//! that a document declares is expanded.

use std::collections::HashMap;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::plain::{decode_entities, entity, escape};

/// Elements deeper than this are laid into the one above them.
const DEPTH: usize = 128;
/// Places at which reading is taken up again after an error.
const RESTARTS: usize = 1000;

/// An element.
#[derive(Clone, Debug, Default)]
pub(super) struct Node {
    /// In lower case, with the usual prefix of its namespace: `content:encoded`; elements of RSS
    /// and Atom have none.
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
    pub(super) children: Vec<Child>,
    /// The text ended before the element did.
    pub(super) cut: bool,
}

/// What an element holds.
#[derive(Clone, Debug)]
pub(super) enum Child {
    Node(Node),
    Text(String),
}

impl Node {
    pub(super) fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.children.iter().filter_map(|child| match child {
            Child::Node(node) => Some(node),
            Child::Text(_) => None,
        })
    }

    /// The first element called `name`.
    pub(super) fn child(&self, name: &str) -> Option<&Node> {
        self.nodes().find(|node| node.name == name)
    }

    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.as_str())
    }

    /// All text inside, trimmed.
    pub(super) fn text(&self) -> String {
        let mut out = String::new();
        self.gather(&mut out);
        out.trim().to_owned()
    }

    fn gather(&self, out: &mut String) {
        for child in &self.children {
            match child {
                Child::Text(text) => out.push_str(text),
                Child::Node(node) => node.gather(out),
            }
        }
    }

    /// What is inside as HTML: text that is markup already as it is, elements written out.
    pub(super) fn inner_html(&self, text_is_markup: bool) -> String {
        let mut out = String::new();
        for child in &self.children {
            match child {
                Child::Text(text) if text_is_markup => out.push_str(text),
                Child::Text(text) => out.push_str(&escape(text)),
                Child::Node(node) => {
                    let name = node.name.rsplit(':').next().unwrap_or("");
                    let inner = node.inner_html(false);
                    out.push_str(&format!("<{name}"));
                    for (key, value) in node
                        .attributes
                        .iter()
                        .filter(|(k, _)| !k.starts_with("xmlns"))
                    {
                        out.push_str(&format!(
                            " {key}=\"{}\"",
                            escape(value).replace('"', "&quot;")
                        ));
                    }
                    out.push_str(&format!(">{inner}"));
                    if !matches!(name, "br" | "img" | "hr") {
                        out.push_str(&format!("</{name}>"));
                    }
                }
            }
        }
        out
    }
}

/// The elements of `text` under a nameless root.
pub(super) fn read(text: &str) -> Node {
    let mut builder = Builder {
        open: vec![Node::default()],
        prefixes: HashMap::new(),
    };
    let mut from = 0;
    for _ in 0..RESTARTS {
        match builder.take(&text[from..]) {
            None => break,
            Some(at) => {
                // Take up again at the next mark behind the error.
                let mut next = (from + at).max(from + 1).min(text.len());
                while !text.is_char_boundary(next) {
                    next += 1;
                }
                let rest = &text[from..];
                if let Some(cdata) = rest.get(at..).and_then(|r| r.strip_prefix("<![CDATA[")) {
                    builder.text(cdata);
                    break;
                }
                match text[next..].find('<') {
                    Some(mark) if text[next..].starts_with('<') && mark == 0 && at == 0 => {
                        from = next
                    }
                    Some(mark) => from = next + mark,
                    None => break,
                }
            }
        }
    }
    builder.finish()
}

struct Builder {
    open: Vec<Node>,
    prefixes: HashMap<String, &'static str>,
}

impl Builder {
    /// Reads events; the place of an error that ends them.
    fn take(&mut self, text: &str) -> Option<usize> {
        let mut reader = Reader::from_str(text);
        let config = reader.config_mut();
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        config.allow_dangling_amp = true;
        loop {
            match reader.read_event() {
                Ok(Event::Eof) => return None,
                Ok(event) => self.event(event),
                Err(_) => return usize::try_from(reader.error_position()).ok(),
            }
        }
    }

    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(&tag, false),
            Event::Empty(tag) => self.start(&tag, true),
            Event::End(tag) => self.end(&String::from_utf8_lossy(tag.name().into_inner())),
            Event::Text(text) => self.text(&String::from_utf8_lossy(&text)),
            Event::CData(text) => self.text(&String::from_utf8_lossy(&text)),
            Event::GeneralRef(name) => {
                let name = String::from_utf8_lossy(&name).into_owned();
                self.text(&entity(&name).unwrap_or_else(|| format!("&{name};")));
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if let Some(top) = self.open.last_mut() {
            match top.children.last_mut() {
                Some(Child::Text(before)) => before.push_str(text),
                _ => top.children.push(Child::Text(text.to_owned())),
            }
        }
    }

    fn start(&mut self, tag: &BytesStart<'_>, empty: bool) {
        let mut attributes = Vec::new();
        for attribute in tag.attributes().with_checks(false).flatten() {
            let key = String::from_utf8_lossy(attribute.key.into_inner()).to_ascii_lowercase();
            let value = decode_entities(&String::from_utf8_lossy(&attribute.value));
            if let Some(prefix) = key.strip_prefix("xmlns:") {
                self.prefixes.insert(prefix.to_owned(), namespace(&value));
            }
            attributes.push((key, value.trim().to_owned()));
        }
        let name = self.name(&String::from_utf8_lossy(tag.name().into_inner()));
        if is_item(&name)
            && let Some(at) = self.open.iter().position(|node| is_item(&node.name))
        {
            // The one before was never closed.
            self.close_to(at);
        }
        self.open.push(Node {
            name,
            attributes,
            children: Vec::new(),
            cut: false,
        });
        if empty || self.open.len() > DEPTH {
            self.close_to(self.open.len() - 1);
        }
    }

    fn end(&mut self, name: &str) {
        let name = self.name(name);
        if let Some(at) = self
            .open
            .iter()
            .rposition(|node| node.name == name && !name.is_empty())
        {
            self.close_to(at);
        }
    }

    /// Closes the open elements from `at` on.
    fn close_to(&mut self, at: usize) {
        while self.open.len() > at.max(1) {
            if let (Some(node), Some(parent)) = (self.open.pop(), self.open.last_mut()) {
                parent.children.push(Child::Node(node));
            }
        }
    }

    fn name(&self, written: &str) -> String {
        let lower = written.to_ascii_lowercase();
        let Some((prefix, local)) = lower.split_once(':') else {
            return lower;
        };
        let usual = self.prefixes.get(prefix).copied().unwrap_or("?");
        match usual {
            "" => local.to_owned(),
            "?" => match prefix {
                "atom" | "a10" | "rss" => local.to_owned(),
                _ => format!("{prefix}:{local}"),
            },
            usual => format!("{usual}:{local}"),
        }
    }

    /// Closes what the text left open. An address that is cut off is none, and half of one would
    /// be another item's.
    fn finish(mut self) -> Node {
        let address = |node: &Node| matches!(node.name.as_str(), "link" | "guid" | "id");
        if self.open.len() > 1 && self.open.last().is_some_and(address) {
            self.open.pop();
        }
        self.open.iter_mut().for_each(|node| node.cut = true);
        self.close_to(1);
        self.open.pop().unwrap_or_default()
    }
}

/// Whether elements of this name are what a feed lists.
pub(super) fn is_item(name: &str) -> bool {
    matches!(name, "item" | "entry")
}

/// The usual prefix of a namespace: none for RSS and Atom, `?` where the written one serves.
fn namespace(uri: &str) -> &'static str {
    let uri = uri.to_ascii_lowercase();
    let known = [
        ("purl.org/rss/1.0/modules/content", "content"),
        ("purl.org/rss/1.0/modules", "?"),
        ("purl.org/rss", ""),
        ("w3.org/2005/atom", ""),
        ("purl.org/atom", ""),
        ("netscape.com/rdf", ""),
        ("backend.userland.com", ""),
        ("purl.org/dc", "dc"),
        ("22-rdf-syntax-ns", "rdf"),
        ("w3.org/1999/xhtml", "xhtml"),
    ];
    known
        .iter()
        .find(|(part, _)| uri.contains(part))
        .map_or("?", |(_, prefix)| prefix)
}
