//! From tokens to items: finds the feed's own fields and its items wherever they stand.
//!
//! An item is read when it ends, when the next one starts, when its feed ends or when the text
//! does, so that a damaged or truncated feed gives what it has.

use url::Url;

use super::entity::{self, Declared};
use super::item::{self, Place};
use super::name::{Name, Ns, Scope};
use super::token::{Token, Tokens, attributes};
use super::tree::{Child, Tree};
use super::{Feed, FeedError, FeedKind, html};

/// An open element outside the items.
struct Frame<'a> {
    name: Name,
    written: &'a str,
    base: Option<Url>,
}

/// What stands open while the text is read.
struct Walk<'a> {
    scope: Scope,
    frames: Vec<Frame<'a>>,
    /// The item, or the field of the feed, that is being read.
    current: Option<Tree<'a>>,
    declared: Declared,
    place: Place,
    kind: Option<FeedKind>,
    doctype: &'a str,
    /// The document's own element is `html`.
    page: bool,
    title: String,
    feed: Vec<super::Listing>,
}

/// Elements outside the items that are deeper than this are passed over.
const DEEPEST: usize = 200;

/// Reads an XML feed from its text. `base` is where it came from.
pub(super) fn read(text: &str, base: Option<Url>) -> Result<Feed, FeedError> {
    let mut walk = Walk {
        scope: Scope::default(),
        frames: Vec::new(),
        current: None,
        declared: Declared::new(),
        place: Place::new(base),
        kind: None,
        doctype: "",
        page: false,
        title: String::new(),
        feed: Vec::new(),
    };
    for token in Tokens::new(text) {
        walk.take(token);
        if walk.page {
            break;
        }
    }
    walk.finish(false);
    match walk.kind {
        Some(kind) if !walk.page => Ok(Feed { kind, title: walk.title, items: walk.feed }),
        _ => Err(FeedError::NotAFeed(refusal(text, &walk))),
    }
}

/// Why `text` is no feed, for people.
fn refusal(text: &str, walk: &Walk<'_>) -> String {
    let doctype = walk.doctype.trim_start();
    let page = walk.page || doctype.get(..4).is_some_and(|d| d.eq_ignore_ascii_case("html"));
    if !page {
        let start: String = html::one_line(text).chars().take(40).collect();
        return format!(
            "the answer is neither RSS nor Atom nor JSON Feed; it starts with “{start}”: check the \
             source's URL"
        );
    }
    let lower = text.get(..text.len().min(20_000)).unwrap_or(text);
    let title = lower
        .split_once("<title")
        .and_then(|(_, rest)| rest.split_once('>'))
        .and_then(|(_, rest)| rest.split_once('<'))
        .map(|(title, _)| html::to_plain(title))
        .unwrap_or_default();
    format!("the answer is a web page titled “{title}”, not a feed: use the URL of its feed")
}

impl<'a> Walk<'a> {
    fn take(&mut self, token: Token<'a>) {
        match token {
            Token::Doctype(inside) => {
                if self.doctype.is_empty() {
                    self.doctype = inside;
                    self.declared = entity::declared(inside);
                }
            }
            Token::Start { name, attributes, closed } => self.start(name, attributes, closed),
            Token::End(written) => self.end(written),
            Token::Text(text) => self.push(Child::Text(text)),
            Token::Cdata(text) => self.push(Child::Cdata(text)),
        }
    }

    fn push(&mut self, child: Child<'a>) {
        if let Some(tree) = &mut self.current {
            tree.push(child);
        }
    }

    fn depth(&self) -> usize {
        self.frames.len() + self.current.as_ref().map_or(0, Tree::depth)
    }

    fn start(&mut self, written: &'a str, inside: &'a str, closed: bool) {
        let depth = self.depth();
        self.scope.leave(depth);
        if inside.contains("xmlns") {
            self.scope.enter(depth + 1, &attributes(inside));
        }
        let name = self.scope.name(written);
        let starts_item =
            name.is_item() && !self.current.as_ref().is_some_and(Tree::inside_content);
        if starts_item {
            self.finish(true);
        }
        if let Some(tree) = &mut self.current {
            tree.start(name, written, inside, closed);
            return;
        }
        if self.kind.is_none() {
            self.kind = kind_of(&name);
            self.page = self.kind.is_none() && name.local == "html";
        }
        if starts_item || self.is_field(&name) {
            self.current = Some(Tree::new(name, written, inside));
            if closed {
                self.finish(true);
            }
        } else if !closed && self.frames.len() < DEEPEST {
            let outer = self.frames.last().and_then(|f| f.base.clone());
            let base = item::own_base(inside, &self.declared, outer.as_ref().or(self.place.base()));
            self.frames.push(Frame { name, written, base: base.or(outer) });
        }
    }

    /// Whether `name`, starting here, is a field of the feed that is read.
    fn is_field(&self, name: &Name) -> bool {
        let parent = self.frames.last().map(|f| f.name.local.as_str());
        matches!(parent, Some("channel" | "feed"))
            && name.ns == Ns::Plain
            && matches!(name.local.as_str(), "title" | "link" | "author")
    }

    fn end(&mut self, written: &'a str) {
        if let Some(tree) = &mut self.current {
            match tree.ends_at_root(written) {
                Some(true) => self.finish(true),
                Some(false) => tree.end(written),
                None if self.is_feed_frame(written) => {
                    self.finish(true);
                    self.end(written);
                }
                None => {}
            }
            return;
        }
        let open = self.frames.iter().rposition(|f| f.written.eq_ignore_ascii_case(written));
        if let Some(at) = open {
            self.frames.truncate(at);
        }
    }

    /// Whether the end tag `written` closes the feed or its channel.
    fn is_feed_frame(&self, written: &str) -> bool {
        self.frames.iter().any(|f| {
            f.written.eq_ignore_ascii_case(written)
                && matches!(f.name.local.as_str(), "channel" | "feed" | "rss" | "rdf")
        })
    }

    /// Reads what stands open; `whole` where it is not cut off by the end of the text.
    fn finish(&mut self, whole: bool) {
        let Some(tree) = self.current.take() else {
            return;
        };
        let base = self.frames.last().and_then(|f| f.base.as_ref());
        let reader = item::Reader {
            tree: &tree,
            declared: &self.declared,
            place: &self.place,
            frame_base: base,
            whole,
        };
        if tree.elements[0].name.is_item() {
            let atom = tree.elements[0].name.local == "entry";
            if self.kind.is_none() {
                self.kind = Some(if atom { FeedKind::Atom } else { FeedKind::Rss });
            }
            let kind = self.kind.unwrap_or(FeedKind::Rss);
            self.feed.extend(reader.listing(kind));
            return;
        }
        match tree.elements[0].name.local.as_str() {
            "title" if self.title.is_empty() => self.title = reader.feed_title(),
            "link" => {
                let link = reader.feed_link();
                self.place.learn_site(link);
            }
            "author" => {
                let author = reader.feed_author();
                self.place.learn_author(author);
            }
            _ => {}
        }
    }
}

fn kind_of(name: &Name) -> Option<FeedKind> {
    match (name.ns, name.local.as_str()) {
        (Ns::Plain, "rss" | "channel") => Some(FeedKind::Rss),
        (Ns::Rdf | Ns::Plain, "rdf") => Some(FeedKind::Rdf),
        (Ns::Plain, "feed" | "entry") => Some(FeedKind::Atom),
        _ => None,
    }
}
