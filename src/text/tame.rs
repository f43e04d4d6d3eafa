//! Markup is tamed before a tree is built: comments go, nesting, elements and attributes are
//! capped, and what is left open is closed.
//!
//! html5ever takes time in proportion to the square of the nesting (100,000 nested `<div>` take 20
//! seconds), of the attributes of one tag, and of formatting that is opened again in each block.
//! One pass over the characters, which follows the parser's own rules about what closes what,
//! takes all three away. Text is never dropped, only tags.

mod tag;

use self::tag::{Kinds, Open, find_end_tag, is_one_of, skip_attribute};

/// Elements deeper than this lose their tags, not their text. Real pages stay under 60.
const MAX_DEPTH: usize = 128;
/// Formatting elements (`b`, `font` …) open at once.
const MAX_FORMATTING: usize = 16;
/// Attributes of one tag.
const MAX_ATTRIBUTES: usize = 64;
/// Elements of a page; what follows keeps its text only.
const MAX_ELEMENTS: usize = 40_000;

/// Signs `&`, and `<` that begin no tag; those that follow become white space.
const MAX_LOOSE: usize = 50_000;

/// `html` with bounded nesting and without comments; equal for a reader.
pub fn tame(html: &str) -> String {
    let mut tamer = Tamer { html, out: String::with_capacity(html.len()), ..Tamer::default() };
    tamer.run();
    tamer.out
}

#[derive(Default)]
struct Tamer<'a> {
    html: &'a str,
    at: usize,
    out: String,
    open: Vec<Open<'a>>,
    /// Open elements beyond the cap, whose tags are left out.
    over: usize,
    elements: usize,
    /// `&`, and `<` that begin no tag.
    loose: usize,
    /// No `</svg` stands after this point: not looked for again.
    no_svg_end: bool,
}

impl<'a> Tamer<'a> {
    fn run(&mut self) {
        while let Some(gap) = self.html[self.at..].find('<') {
            self.text(&self.html[self.at..self.at + gap]);
            self.at += gap;
            let rest = &self.html[self.at + 1..];
            match rest.as_bytes().first() {
                Some(b'!') if rest.starts_with("!--") => self.skip_comment(),
                Some(b'!' | b'?') => self.skip_past(">"),
                Some(b'/') if rest[1..].starts_with(|c: char| c.is_ascii_alphabetic()) => {
                    let tag = self.read_tag(2);
                    self.end_tag(tag.name);
                }
                Some(b'/') => self.skip_past(">"),
                Some(c) if c.is_ascii_alphabetic() => {
                    let tag = self.read_tag(1);
                    self.start_tag(&tag);
                }
                _ => {
                    // A parser takes each as a token of its own.
                    self.loose += 1;
                    self.out.push_str(if self.loose > MAX_LOOSE { " " } else { "&lt;" });
                    self.at += 1;
                }
            }
        }
        self.text(&self.html[self.at..]);
    }

    /// Writes text; beyond the cap without the signs that a parser takes one by one.
    fn text(&mut self, text: &str) {
        self.loose += text.bytes().filter(|b| *b == b'&').count();
        if self.loose > MAX_LOOSE {
            self.out.push_str(&text.replace('&', " "));
        } else {
            self.out.push_str(text);
        }
    }

    fn skip_past(&mut self, end: &str) {
        self.at =
            self.html[self.at..].find(end).map_or(self.html.len(), |i| self.at + i + end.len());
    }

    fn skip_comment(&mut self) {
        let body = &self.html[self.at + 4..];
        if body.starts_with('>') || body.starts_with("->") {
            self.skip_past(">");
            return;
        }
        self.at += 4;
        self.skip_past("-->");
    }

    /// Reads a tag whose name starts `skip` bytes after `<`, and moves past it.
    fn read_tag(&mut self, skip: usize) -> Tag<'a> {
        let from = self.at;
        let bytes = self.html.as_bytes();
        let name_at = from + skip;
        let mut i = name_at;
        while i < bytes.len() && !matches!(bytes[i], b'>' | b'/') && !bytes[i].is_ascii_whitespace()
        {
            i += 1;
        }
        let name = &self.html[name_at..i];
        let (mut attributes, mut keep) = (0, None);
        while i < bytes.len() && bytes[i] != b'>' {
            if bytes[i].is_ascii_whitespace() || bytes[i] == b'/' {
                i += 1;
                continue;
            }
            attributes += 1;
            if attributes > MAX_ATTRIBUTES && keep.is_none() {
                keep = Some(i);
            }
            i = skip_attribute(bytes, i);
        }
        let closed = i < bytes.len();
        self.at = (i + 1).min(bytes.len());
        Tag {
            name,
            // A tag that the page's end cuts off is no tag.
            markup: closed.then(|| &self.html[from..keep.unwrap_or(i)]),
        }
    }

    fn start_tag(&mut self, tag: &Tag<'a>) {
        let Some(markup) = tag.markup else { return };
        let name = tag.name;
        if name.eq_ignore_ascii_case("svg") && self.skip_svg(markup) {
            return;
        }
        let in_math = self.open.iter().any(|o| o.name.eq_ignore_ascii_case("math"));
        let kinds = Kinds::of(name);
        if kinds.any(Kinds::RAW) {
            self.raw_text(markup, name, !in_math);
            return;
        }
        if is_one_of(name, &["plaintext", "svg"]) {
            return;
        }
        if kinds.any(Kinds::FRAME) {
            self.emit(markup);
            return;
        }
        self.close_what_it_ends(name, kinds);
        if kinds.any(Kinds::VOID) {
            self.emit(markup);
            return;
        }
        if kinds.any(Kinds::FORMATTING)
            && self.open.iter().filter(|o| o.kinds.any(Kinds::FORMATTING)).count() >= MAX_FORMATTING
        {
            return;
        }
        if self.open.len() >= MAX_DEPTH || self.over > 0 {
            self.over += 1;
            return;
        }
        if self.elements >= MAX_ELEMENTS {
            self.out.push('\n');
            self.over += 1;
            return;
        }
        if in_math && markup.ends_with('/') {
            self.emit(markup);
            return;
        }
        // A declarative shadow root is shown to the reader in place of its host's children.
        let shadow = name.eq_ignore_ascii_case("template") && markup.contains("shadowroot");
        self.open.push(Open { name, written: if shadow { "div" } else { name }, kinds });
        self.emit(if shadow { "<div" } else { markup });
    }

    /// Writes a tag. Void elements are written whatever their number: they nest nothing.
    fn emit(&mut self, markup: &str) {
        self.elements += 1;
        if self.elements < MAX_ELEMENTS * 2 {
            self.out.push_str(markup);
            self.out.push('>');
        }
    }

    /// Skips a drawing; `false` where it never ends.
    fn skip_svg(&mut self, markup: &str) -> bool {
        if markup.ends_with('/') {
            return true;
        }
        if self.no_svg_end {
            return false;
        }
        let Some(end) = find_end_tag(&self.html[self.at..], "svg") else {
            self.no_svg_end = true;
            return false;
        };
        self.at += end;
        self.skip_past(">");
        true
    }

    /// Copies an element whose content is no markup, or skips it.
    fn raw_text(&mut self, markup: &str, name: &str, keep: bool) {
        let rest = &self.html[self.at..];
        let end = find_end_tag(rest, name).unwrap_or(rest.len());
        if keep {
            self.emit(markup);
            if self.elements < MAX_ELEMENTS * 2 {
                self.out.push_str(&rest[..end]);
                self.out.push_str("</");
                self.out.push_str(name);
                self.out.push('>');
            }
        }
        self.at += end;
        if end < rest.len() {
            self.skip_past(">");
        }
    }

    /// Closes the open elements that a start tag `name` closes by itself.
    fn close_what_it_ends(&mut self, name: &str, kinds: Kinds) {
        if kinds.any(Kinds::BLOCK) {
            self.close_nearest(&["p"], |o| o.kinds.any(Kinds::BLOCK | Kinds::SCOPE));
        }
        let is = |list: &[&str]| is_one_of(name, list);
        if is(&["li"]) {
            self.close_nearest(&["li"], |o| is_one_of(o.name, &["ul", "ol", "menu", "table"]));
        } else if is(&["dd", "dt"]) {
            self.close_nearest(&["dd", "dt"], |o| is_one_of(o.name, &["dl", "table"]));
        } else if is(&["td", "th"]) {
            self.close_nearest(&["td", "th"], |o| is_one_of(o.name, &["tr", "table"]));
        } else if is(&["tr"]) {
            self.close_nearest(&["tr"], |o| is_one_of(o.name, &["table"]));
        } else if is(&["tbody", "thead", "tfoot"]) {
            let parts = &["tbody", "thead", "tfoot"];
            self.close_nearest(parts, |o| is_one_of(o.name, &["table"]));
        } else if is(&["option", "optgroup"]) {
            self.close_nearest(&["option"], |o| !is_one_of(o.name, &["option"]));
        } else if is(&["a"]) {
            let open = self.open.iter().rposition(|o| is_one_of(o.name, &["a"]));
            if let Some(i) = open {
                self.open.remove(i);
            }
        }
    }

    /// Closes the nearest open element of `names` that lies above the first one at which to stop.
    fn close_nearest(&mut self, names: &[&str], stop: impl Fn(&Open<'_>) -> bool) {
        for i in (0..self.open.len()).rev() {
            if is_one_of(self.open[i].name, names) {
                self.close_down_to(i);
                return;
            }
            if stop(&self.open[i]) {
                return;
            }
        }
    }

    fn close_down_to(&mut self, depth: usize) {
        while self.open.len() > depth {
            if let Some(open) = self.open.pop() {
                self.out.push_str("</");
                self.out.push_str(open.written);
                self.out.push('>');
            }
        }
    }

    fn end_tag(&mut self, name: &str) {
        let kinds = Kinds::of(name);
        if is_one_of(name, &["html", "body", "svg"]) || kinds.any(Kinds::VOID) {
            if name.eq_ignore_ascii_case("br") {
                self.emit("<br");
            }
            return;
        }
        if name.eq_ignore_ascii_case("head") {
            self.out.push_str("</head>");
            return;
        }
        if self.over > 0 {
            self.over -= 1;
            if self.elements >= MAX_ELEMENTS {
                self.out.push('\n');
            }
            return;
        }
        for i in (0..self.open.len()).rev() {
            let open = self.open[i].name;
            if open.eq_ignore_ascii_case(name) {
                let blocked = kinds.any(Kinds::FORMATTING)
                    && self.open[i + 1..].iter().any(|o| o.kinds.any(Kinds::BLOCK));
                if blocked {
                    self.open.remove(i);
                    self.out.push_str("</");
                    self.out.push_str(name);
                    self.out.push('>');
                } else {
                    self.close_down_to(i);
                }
                return;
            }
            let barrier = if kinds.any(Kinds::TABLE_PART) {
                open.eq_ignore_ascii_case("table")
            } else {
                self.open[i].kinds.any(Kinds::SCOPE)
            };
            if barrier {
                return;
            }
        }
    }
}

struct Tag<'a> {
    name: &'a str,
    /// The tag from `<` on, without `>`; at most [`MAX_ATTRIBUTES`].
    markup: Option<&'a str>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_markup_stays() {
        let html =
            "<div class=\"a > b\"><p>One <b>two</b></p><script>if (a<b) {'</p>'}</script></div>";
        assert_eq!(tame(html), html);
        assert_eq!(tame("a<!-- hidden -->b<!-->c"), "abc");
        assert_eq!(tame("1 < 2"), "1 &lt; 2");
    }

    #[test]
    fn what_closes_by_itself_is_closed() {
        assert_eq!(tame("<p>a<p>b"), "<p>a</p><p>b");
        assert_eq!(
            tame("<ul><li>a<ul><li>b</ul><li>c</ul>"),
            "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>"
        );
        assert_eq!(tame("<p><b>a<div>b</div>"), "<p><b>a</b></p><div>b</div>");
        assert_eq!(
            tame("<table><tr><td>a</div><td>b</table>"),
            "<table><tr><td>a</td><td>b</td></tr></table>"
        );
    }

    #[test]
    fn depth_is_capped_and_text_kept() {
        let deep = format!("{}core{}<p>after</p>", "<div>".repeat(5000), "</div>".repeat(5000));
        let tamed = tame(&deep);
        assert_eq!(tamed.matches("<div>").count(), MAX_DEPTH);
        assert!(tamed.contains("core") && tamed.ends_with("<p>after</p>"));
        let wide = format!("<a {}>x</a>", "k=1 ".repeat(1000));
        assert!(tame(&wide).matches("k=").count() <= MAX_ATTRIBUTES);
    }

    #[test]
    fn a_shadow_root_is_shown() {
        assert_eq!(
            tame("<template shadowrootmode=open><p>x</p></template>"),
            "<div><p>x</p></div>"
        );
    }
}
