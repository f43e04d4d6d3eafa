//! The second reading of a page, by trafilatura: it confirms or gives up blocks of the first.
//!
//! Its tree is built from ours node by node, since writing our tree out and parsing it again costs
//! as much as all that follows. What its own cleaning would take out first is not put in at all,
//! by its own rules (`TAGS_TO_CLEAN`, `TAGS_TO_STRIP` of trafilatura 0.6), and only the attributes
//! that its rules look at.

use dom_query::{Document as Tree, NodeRef};
use trafilatura::dom::{Document, NodeId};
use trafilatura::{ExtractionFocus, HtmlDateMode, Options};

use super::blocks::{self, Piece};
use super::dom;
use super::guard;

/// The blocks that trafilatura finds. It takes none of its ways out where that is little.
pub(crate) fn read(tree: &Tree) -> Vec<Piece> {
    guard::guarded(|| {
        let result = trafilatura::extract_document(build(tree)?, &options(false)).ok()?;
        Some(blocks::read(&Tree::from(result.content_html).root()))
    })
    .flatten()
    .unwrap_or_default()
}

/// The same with its ways out, which cost as much again.
pub(crate) fn read_at_length(page: &Tree) -> Vec<Piece> {
    guard::guarded(|| {
        let body = dom::first(page, "body").map_or_else(|| page.html(), |body| body.html());
        let html = format!("<html>{HEAD}{body}</html>");
        let result = trafilatura::extract(&html, &options(true)).ok()?;
        let tree = Tree::from(result.content_html);
        // The ways out leave these in.
        for gone in dom::all(&tree, "aside, fieldset, figure, footer, form, label, nav, time") {
            gone.remove_from_parent();
        }
        Some(blocks::read(&tree.root()))
    })
    .flatten()
    .unwrap_or_default()
}

fn options(fallback: bool) -> Options {
    Options::default()
        .with_fallback(fallback)
        .with_focus(ExtractionFocus::FavorPrecision)
        .with_exclude_comments(true)
        .with_html_date_mode(HtmlDateMode::Disabled)
}

/// What trafilatura would search a whole page for, and nobody here asks it: answered beforehand.
const HEAD: &str = r#"<head><title>x</title><meta property="og:title" content="x"><meta
property="og:author" content="Ann Lee"><meta property="og:url" content="https://a.example/a"><meta
property="og:description" content="x"><meta property="og:site_name" content="X"><meta
property="og:image" content="https://a.example/a.png"><meta property="og:type" content="article"><meta
property="og:article:tag" content="x"><script type="application/ld+json">{"@type":"Article",
"articleSection":"x"}</script></head>"#;

/// The page's body as trafilatura's tree, under a head of ours.
fn build(tree: &Tree) -> Option<Document> {
    let mut doc = Document::parse(&format!("<html>{HEAD}<body></body></html>"));
    let (root, target) = (tree.body()?, doc.body()?);
    // In a head, where no page has one: the licence is answered beforehand too.
    if let Some(head) = doc.parent(target).and_then(|html| doc.children(html).first().copied()) {
        let licence = doc.sub_element(head, "a");
        doc.set_attribute(licence, "href", "https://a.example/l");
        doc.set_attribute(licence, "rel", "license");
        doc.set_text(licence, "x");
    }
    copy_attributes(&root, &mut doc, target);
    let mut builder = Builder { doc };
    let mut place = Place::new(target);
    builder.children(&root, &mut place);
    builder.flush(&mut place);
    Some(builder.doc)
}

/// Elements that nothing reads: they go, what follows them stays.
const DROPPED: &[&str] = &["script", "style", "noscript", "template", "link", "iframe", "svg"];

/// Elements that trafilatura takes out, with the text that follows them up to the next element.
const CLEANED: &[&str] = &[
    "aside", "embed", "footer", "form", "head", "menu", "object", "applet", "audio", "canvas",
    "figure", "map", "picture", "video", "area", "blink", "button", "datalist", "dialog", "frame",
    "frameset", "fieldset", "input", "label", "legend", "marquee", "math", "menuitem", "nav",
    "optgroup", "option", "output", "param", "progress", "rp", "rt", "rtc", "select", "source",
    "track", "textarea", "time", "use",
];

/// Elements whose tags trafilatura takes out.
const STRIPPED: &[&str] = &[
    "abbr", "acronym", "address", "bdi", "bdo", "big", "cite", "data", "dfn", "font", "hgroup",
    "img", "ins", "mark", "meta", "ruby", "small", "tbody", "tfoot", "thead",
];

/// The attributes that its rules look at, sorted: it finds an attribute by binary search, and adds
/// it at the end.
const ATTRIBUTES: &[&str] = &[
    "aria-hidden",
    "class",
    "data-component",
    "data-lp-replacement-content",
    "id",
    "itemprop",
    "lang",
    "role",
    "style",
];

/// Where the next node goes.
struct Place {
    parent: NodeId,
    /// The last element put under `parent`.
    last: Option<NodeId>,
    /// The text since then.
    text: String,
    /// What follows up to the next element is left out.
    muted: bool,
}

impl Place {
    fn new(parent: NodeId) -> Self {
        Self { parent, last: None, text: String::new(), muted: false }
    }
}

struct Builder {
    doc: Document,
}

impl Builder {
    fn children(&mut self, node: &NodeRef<'_>, place: &mut Place) {
        for child in node.children_it(false) {
            if child.is_text() {
                if !place.muted {
                    place.text.push_str(&child.text());
                }
            } else if child.is_element() {
                self.element(&child, place);
            }
        }
    }

    fn element(&mut self, node: &NodeRef<'_>, place: &mut Place) {
        let name = dom::tag(node);
        let name: &str = &name;
        if DROPPED.contains(&name) {
            return;
        }
        if STRIPPED.contains(&name) {
            return self.children(node, place);
        }
        // A figure around a table is kept as a plain container.
        let framed = name == "figure" && node.descendants_it().any(|n| n.has_name("table"));
        if CLEANED.contains(&name) && !framed {
            place.muted = true;
            return;
        }
        self.flush(place);
        let new = self.doc.sub_element(place.parent, if framed { "div" } else { name });
        place.last = Some(new);
        place.muted = false;
        copy_attributes(node, &mut self.doc, new);
        let mut inside = Place::new(new);
        self.children(node, &mut inside);
        self.flush(&mut inside);
    }

    /// Puts the text that has gathered behind the last element.
    fn flush(&mut self, place: &mut Place) {
        if place.text.is_empty() {
            return;
        }
        match place.last {
            Some(last) => self.doc.set_tail(last, &place.text),
            None => self.doc.set_text(place.parent, &place.text),
        }
        place.text.clear();
    }
}

fn copy_attributes(node: &NodeRef<'_>, doc: &mut Document, to: NodeId) {
    let Some(element) = node.element_ref() else { return };
    for name in ATTRIBUTES {
        if let Some(found) = element.attrs.iter().find(|a| &*a.name.local == *name) {
            doc.set_attribute(to, name, &found.value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built(html: &str) -> String {
        let doc = build(&Tree::from(html)).unwrap();
        doc.inner_html(doc.body().unwrap())
    }

    #[test]
    fn the_tree_is_cleaned_as_it_is_copied() {
        assert_eq!(
            built("<p id=a href=x data-x=1>One <b>two</b> <font>three</font>.</p>four<br>five"),
            "<p id=\"a\">One <b>two</b> three.</p>four<br>five"
        );
        assert_eq!(built("<nav>x</nav> tail <p>a<time>y</time> b</p> c"), "<p>a</p> c");
        assert_eq!(built("<p>a<script>1</script> b</p>"), "<p>a b</p>");
        assert_eq!(
            built("<figure>x</figure><figure class=t><table><tbody><tr><td>1</table></figure>"),
            "<div class=\"t\"><table><tr><td>1</td></tr></table></div>"
        );
    }

    #[test]
    fn its_rules_find_every_attribute() {
        let doc =
            build(&Tree::from("<div id=a class=b style='c' role=d aria-hidden=e></div>")).unwrap();
        let div = doc.children(doc.body().unwrap())[0];
        let found = |key| doc.get_attribute(div, key).unwrap_or_default();
        let keys = ["id", "class", "style", "role", "aria-hidden"];
        assert_eq!(keys.map(found).concat(), "abcde");
    }

    #[test]
    fn an_article_is_found() {
        let text = "The laboratory said on Saturday that its model had passed every public test. ";
        let html = format!(
            "<nav>Home</nav><article><h1>Title</h1><p>{0}</p><p>{0}</p></article><aside>More</aside>",
            text.repeat(4)
        );
        let pieces = read(&Tree::from(html));
        assert_eq!(pieces.iter().filter(|p| p.text.starts_with("The laboratory")).count(), 2);
        assert!(pieces.iter().all(|p| !p.text.contains("Home") && !p.text.contains("More")));
    }
}
