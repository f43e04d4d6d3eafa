//! A tree → typed blocks with their links: the form from which a [`Document`] is built.
//!
//! [`Document`]: crate::text::Document

use dom_query::NodeRef;

use super::dom;
use crate::text::BlockKind;
use crate::text::invisible;

/// A block of text as it came out of a tree.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Piece {
    /// What it is.
    pub(crate) kind: BlockKind,
    /// Its text, white space squeezed except in code.
    pub(crate) text: String,
    /// The links in it: target as written, and text.
    pub(crate) links: Vec<(String, String)>,
    /// Whether it is a caption of a picture or table.
    pub(crate) caption: bool,
}

impl Piece {
    /// The share of its characters that stand inside links.
    pub(crate) fn link_share(&self) -> f64 {
        let all = self.text.chars().filter(|c| !c.is_whitespace()).count();
        let linked: usize =
            self.links.iter().map(|(_, t)| t.chars().filter(|c| !c.is_whitespace()).count()).sum();
        if all == 0 { 0.0 } else { linked as f64 / all as f64 }
    }
}

/// The blocks under `root`, in order.
pub(crate) fn read(root: &NodeRef<'_>) -> Vec<Piece> {
    let mut reader = Reader::default();
    reader.children(root, BlockKind::Paragraph);
    reader.flush(BlockKind::Paragraph);
    reader.pieces
}

/// Elements that never hold text for a reader.
const SKIPPED: &[&str] = &[
    "script", "style", "noscript", "template", "head", "title", "meta", "link", "iframe", "object",
    "embed", "audio", "video", "canvas", "svg", "map", "select", "option", "textarea", "input",
    "button", "progress", "meter", "dialog", "datalist", "rp", "rt", "source", "track",
];

/// Elements that stand in the line of text.
const INLINE: &[&str] = &[
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em",
    "font", "i", "img", "ins", "kbd", "label", "mark", "nobr", "output", "picture", "q", "ruby",
    "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var",
    "wbr", "math",
];

#[derive(Default)]
struct Reader {
    pieces: Vec<Piece>,
    line: String,
    links: Vec<(String, String)>,
    caption: bool,
}

impl Reader {
    fn children(&mut self, node: &NodeRef<'_>, kind: BlockKind) {
        for child in node.children_it(false) {
            self.node(&child, kind);
        }
    }

    /// Reads one node inside a block of `kind`.
    fn node(&mut self, node: &NodeRef<'_>, kind: BlockKind) {
        if node.is_text() {
            self.line.push_str(&node.text());
            return;
        }
        if !node.is_element() {
            return;
        }
        let name = dom::tag(node);
        let name: &str = &name;
        match name {
            _ if SKIPPED.contains(&name) => {}
            "br" => self.line_break(kind),
            "hr" => self.flush(kind),
            "a" => self.link(node, kind),
            "math" => self.line.push_str(&super::formula::of_math(node)),
            _ if INLINE.contains(&name) => self.children(node, kind),
            "pre" | "listing" | "xmp" => self.code(node, kind),
            "table" => self.table(node, kind),
            "figcaption" | "caption" => {
                self.flush(kind);
                let outer = std::mem::replace(&mut self.caption, true);
                self.block(node, kind, kind);
                self.caption = outer;
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.block(node, kind, BlockKind::Heading),
            "li" | "dt" | "dd" => self.block(node, kind, BlockKind::ListItem),
            "blockquote" => self.block(node, kind, BlockKind::Quote),
            _ => self.block(node, kind, kind),
        }
    }

    /// An element that is a block of `inner` inside one of `outer`.
    fn block(&mut self, node: &NodeRef<'_>, outer: BlockKind, inner: BlockKind) {
        self.flush(outer);
        self.children(node, inner);
        self.flush(inner);
    }

    fn line_break(&mut self, kind: BlockKind) {
        match kind {
            BlockKind::Heading | BlockKind::TableRow => self.line.push(' '),
            _ => self.flush(kind),
        }
    }

    fn link(&mut self, node: &NodeRef<'_>, kind: BlockKind) {
        let before = (self.line.len(), self.pieces.len());
        self.children(node, kind);
        let Some(href) = dom::attr(node, "href") else {
            return;
        };
        // A link around whole blocks leads from each of them.
        let inside: String = if before.1 == self.pieces.len() {
            self.line.get(before.0..).unwrap_or("").to_owned()
        } else {
            for piece in &mut self.pieces[before.1..] {
                piece.links.push((href.clone(), piece.text.clone()));
            }
            self.line.clone()
        };
        let text = dom::squeeze(&invisible::strip(&inside));
        if !text.is_empty() {
            self.links.push((href, text));
        }
    }

    fn code(&mut self, node: &NodeRef<'_>, kind: BlockKind) {
        self.flush(kind);
        let mut text = String::new();
        verbatim(node, &mut text);
        let text = invisible::strip(&text);
        let lines: Vec<&str> = text.trim_matches('\n').lines().map(str::trim_end).collect();
        self.line.clear();
        let text = lines.join("\n");
        if !text.trim().is_empty() {
            // Running prose is set in `<pre>` too, where a page was once plain text.
            self.push(BlockKind::Code, text);
        }
    }

    fn table(&mut self, table: &NodeRef<'_>, kind: BlockKind) {
        self.flush(kind);
        if !holds_data(table) {
            self.children(table, kind);
            self.flush(kind);
            return;
        }
        for row in rows_of(table) {
            if row.has_name("caption") {
                self.node(&row, kind);
                continue;
            }
            let mut cells = Vec::new();
            for cell in row.element_children() {
                let mut inner = Self::default();
                inner.children(&cell, BlockKind::TableRow);
                inner.flush(BlockKind::TableRow);
                let parts: Vec<String> = inner.pieces.iter().map(|p| p.text.clone()).collect();
                self.links.extend(inner.pieces.into_iter().flat_map(|p| p.links));
                cells.push(dom::squeeze(&parts.join(" ")));
            }
            if cells.iter().any(|c| !c.is_empty()) {
                self.line = cells.join(" | ");
                self.flush(BlockKind::TableRow);
            }
        }
    }

    /// Ends the current block.
    fn flush(&mut self, kind: BlockKind) {
        let text = dom::squeeze(&invisible::strip(&self.line));
        self.line.clear();
        if text.is_empty() {
            self.links.clear();
        } else {
            self.push(kind, text);
        }
    }

    fn push(&mut self, kind: BlockKind, text: String) {
        let links = std::mem::take(&mut self.links);
        self.pieces.push(Piece { kind, text, links, caption: self.caption });
    }
}

/// Text with its line feeds; `<br>` and block children break lines.
fn verbatim(node: &NodeRef<'_>, out: &mut String) {
    for child in node.children_it(false) {
        if child.is_text() {
            out.push_str(&child.text());
            continue;
        }
        let name = dom::tag(&child);
        match &*name {
            "br" => out.push('\n'),
            "script" | "style" | "button" => {}
            "div" | "p" | "li" | "tr" => {
                if !out.is_empty() && !out.ends_with('\n') {
                    out.push('\n');
                }
                verbatim(&child, out);
                if !out.ends_with('\n') {
                    out.push('\n');
                }
            }
            _ => verbatim(&child, out),
        }
    }
}

/// The rows of a table itself, without those of tables inside it, and its caption.
fn rows_of<'a>(table: &NodeRef<'a>) -> Vec<NodeRef<'a>> {
    let mut rows = Vec::new();
    for child in table.element_children() {
        match &*dom::tag(&child) {
            "tr" | "caption" => rows.push(child),
            "tbody" | "thead" | "tfoot" => {
                rows.extend(child.element_children().into_iter().filter(|c| c.has_name("tr")))
            }
            _ => {}
        }
    }
    rows
}

/// Whether a table holds data, as opposed to one that only lays out a page: two columns or more in
/// most rows, no table inside, and no cell that holds much of the text of an article.
fn holds_data(table: &NodeRef<'_>) -> bool {
    let rows = rows_of(table);
    let mut wide = 0;
    let mut count = 0;
    for row in rows.iter().filter(|r| r.has_name("tr")) {
        let cells = row.element_children();
        count += 1;
        wide += usize::from(cells.len() > 1);
        for cell in &cells {
            if cell.text().chars().filter(|c| !c.is_whitespace()).count() > 600 {
                return false;
            }
        }
    }
    count > 0 && wide * 2 > count && !table.descendants_it().any(|n| n.has_name("table"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use dom_query::Document;

    fn read_html(html: &str) -> Vec<(BlockKind, String)> {
        let doc = Document::from(html);
        read(&doc.root()).into_iter().map(|p| (p.kind, p.text)).collect()
    }

    #[test]
    fn structure_survives() {
        use BlockKind::{Code, Heading, ListItem, Paragraph, Quote, TableRow};
        let html = "<h2>A <b>head</b></h2><p>One <a href=/x>link</a>.<br>Two.</p>\
            <ul><li>item<ul><li>inner</li></ul></li></ul><blockquote><p>said</p></blockquote>\
            <pre>let a = 1;\n  let b = 2;</pre>\
            <table><tr><th>Model</th><th>Score</th></tr><tr><td>W-3</td><td>71.2</td></tr></table>";
        let want = [
            (Heading, "A head"),
            (Paragraph, "One link."),
            (Paragraph, "Two."),
            (ListItem, "item"),
            (ListItem, "inner"),
            (Quote, "said"),
            (Code, "let a = 1;\n  let b = 2;"),
            (TableRow, "Model | Score"),
            (TableRow, "W-3 | 71.2"),
        ];
        assert_eq!(read_html(html), want.map(|(k, t)| (k, t.to_owned())));
    }

    #[test]
    fn a_layout_table_is_transparent() {
        let html = "<table><tr><td><p>One.</p><p>Two.</p></td></tr></table>";
        assert_eq!(read_html(html).len(), 2);
        assert!(read_html(html).iter().all(|(k, _)| *k == BlockKind::Paragraph));
    }

    #[test]
    fn links_belong_to_their_block() {
        let doc = Document::from("<p>see <a href='/a'>this</a></p><a href='/b'><p>whole</p></a>");
        let pieces = read(&doc.root());
        assert_eq!(pieces[0].links, [("/a".to_owned(), "this".to_owned())]);
        assert!(pieces[0].link_share() > 0.5 && pieces[1].link_share() > 0.99);
    }
}
