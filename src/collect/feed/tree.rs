//! A small tree of one item, built from tokens that may be badly nested.

use super::html;
use super::name::{Name, Ns};

/// An element of the tree; its place in [`Tree::elements`] is its number.
#[derive(Debug)]
pub(super) struct Element<'a> {
    /// Its resolved name.
    pub(super) name: Name,
    /// Its name as written.
    pub(super) written: &'a str,
    /// The raw inside of its start tag.
    pub(super) attributes: &'a str,
    /// What it holds, in order.
    pub(super) children: Vec<Child<'a>>,
    /// Whether its end was seen.
    pub(super) ended: bool,
}

/// What an element holds.
#[derive(Clone, Copy, Debug)]
pub(super) enum Child<'a> {
    /// An element, by number.
    Element(usize),
    /// Character data with its references as written.
    Text(&'a str),
    /// The inside of a CDATA section.
    Cdata(&'a str),
}

/// Deeper elements are taken as empty.
const DEEPEST: usize = 200;
/// More elements than this in one item are not taken up; their text is.
const MOST: usize = 100_000;

/// One item, or one field of the feed itself. Element 0 is the root.
#[derive(Debug)]
pub(super) struct Tree<'a> {
    pub(super) elements: Vec<Element<'a>>,
    /// The open elements, root first.
    open: Vec<usize>,
}

impl<'a> Tree<'a> {
    pub(super) fn new(name: Name, written: &'a str, attributes: &'a str) -> Self {
        let root = Element { name, written, attributes, children: Vec::new(), ended: false };
        Self { elements: vec![root], open: vec![0] }
    }

    /// Elements that hold text only: what starts inside one shows that its end tag is missing.
    fn holds_text_only(name: &Name) -> bool {
        matches!(name.ns, Ns::Plain | Ns::Dc)
            && matches!(
                name.local.as_str(),
                "link" | "guid" | "pubdate" | "date" | "id" | "updated" | "published"
            )
    }

    pub(super) fn start(
        &mut self,
        name: Name,
        written: &'a str,
        attributes: &'a str,
        closed: bool,
    ) {
        if let Some(&top) = self.open.last()
            && top != 0
            && Self::holds_text_only(&self.elements[top].name)
        {
            self.open.pop();
        }
        // Unescaped HTML: such elements have no end tag. `link` and `source` are fields of feeds too.
        let field = self.open.len() == 1 || matches!(name.local.as_str(), "link" | "source");
        let closed = closed || !field && html::is_void(&name.local);
        if self.elements.len() >= MOST {
            return;
        }
        let number = self.elements.len();
        let parent = self.open.last().copied().unwrap_or(0);
        self.elements[parent].children.push(Child::Element(number));
        self.elements.push(Element {
            name,
            written,
            attributes,
            children: Vec::new(),
            ended: closed,
        });
        if !closed && self.open.len() < DEEPEST {
            self.open.push(number);
        }
    }

    /// Whether an element `written` is open, and closing it closes the root.
    pub(super) fn ends_at_root(&self, written: &str) -> Option<bool> {
        let at =
            self.open.iter().rposition(|n| self.elements[*n].written.eq_ignore_ascii_case(written));
        at.map(|i| i == 0)
    }

    /// Closes the innermost open element `written` and all inside it.
    pub(super) fn end(&mut self, written: &str) {
        while let Some(number) = self.open.pop() {
            let element = &mut self.elements[number];
            if element.written.eq_ignore_ascii_case(written) {
                element.ended = true;
                return;
            }
        }
    }

    /// How many elements are open.
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    pub(super) fn push(&mut self, child: Child<'a>) {
        let parent = self.open.last().copied().unwrap_or(0);
        self.elements[parent].children.push(child);
    }

    /// Whether an open element is Atom content that holds XML of its own.
    pub(super) fn inside_content(&self) -> bool {
        self.open.iter().skip(1).any(|n| {
            let name = &self.elements[*n].name;
            name.ns == Ns::Plain && name.local == "content"
        })
    }

    /// The elements directly inside element `of`.
    pub(super) fn children(&self, of: usize) -> impl Iterator<Item = (usize, &Element<'a>)> {
        self.elements[of].children.iter().filter_map(|c| match c {
            Child::Element(n) => Some((*n, &self.elements[*n])),
            _ => None,
        })
    }
}
