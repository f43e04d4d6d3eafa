//! HTML in feeds, without building a tree: is it HTML, its plain text, its links made absolute.

use std::borrow::Cow;

use url::Url;

use super::entity::{self, Declared};
use super::token::{Token, Tokens, attributes, is_space};
use crate::text::invisible;

/// Elements of HTML that stand in a line of text.
const INLINE: &[&str] = &[
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em",
    "font", "i", "ins", "kbd", "mark", "q", "ruby", "s", "samp", "small", "span", "strike",
    "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "nobr", "center",
];

/// Other elements of HTML that a feed's text may hold.
const BLOCK: &[&str] = &[
    "address",
    "article",
    "aside",
    "audio",
    "blockquote",
    "body",
    "br",
    "button",
    "caption",
    "col",
    "colgroup",
    "dd",
    "details",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hgroup",
    "hr",
    "html",
    "iframe",
    "img",
    "input",
    "label",
    "legend",
    "li",
    "main",
    "map",
    "area",
    "menu",
    "meta",
    "nav",
    "noscript",
    "object",
    "ol",
    "optgroup",
    "option",
    "p",
    "param",
    "picture",
    "pre",
    "script",
    "section",
    "select",
    "source",
    "style",
    "summary",
    "svg",
    "table",
    "tbody",
    "td",
    "textarea",
    "tfoot",
    "th",
    "thead",
    "tr",
    "track",
    "ul",
    "video",
    "embed",
    "link",
    "math",
];

/// Elements without content.
const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];

/// Elements whose inside is no text for people.
const SILENT: &[&str] = &["script", "style", "template", "noscript"];

/// Attributes that hold one URL.
const LINKS: &[&str] = &["href", "src", "cite", "poster", "longdesc", "data", "action"];

fn is_one_of(name: &str, list: &[&str]) -> bool {
    list.iter().any(|n| name.eq_ignore_ascii_case(n))
}

/// Whether the element `name` has no content and no end tag.
pub(super) fn is_void(name: &str) -> bool {
    is_one_of(name, VOID)
}

/// Whether the attribute `name` holds one URL.
pub(super) fn is_link(name: &str) -> bool {
    is_one_of(name, LINKS)
}

/// Whether `text`, whose format nobody declared, is HTML: all tags are HTML's and there is an end
/// tag or a void element, or there are no tags and a reference that HTML knows.
///
/// `vector<int>` and `a < b` are therefore text, `The <b> tag` too.
pub(super) fn looks_like_html(text: &str) -> bool {
    let mut proof = false;
    let mut tags = false;
    for token in Tokens::new(text) {
        let (name, counts) = match token {
            Token::Start { name, closed, .. } => (name, closed || is_void(name)),
            Token::End(name) => (name, true),
            _ => continue,
        };
        if !is_one_of(name, INLINE) && !is_one_of(name, BLOCK) {
            return false;
        }
        tags = true;
        proof |= counts;
    }
    proof || !tags && entity::holds_reference(text)
}

/// The words of `html` on one line.
pub(super) fn to_plain(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let nothing = Declared::new();
    let mut tokens = Tokens::new(html);
    while let Some(token) = tokens.next() {
        match token {
            Token::Text(text) => out.push_str(&entity::resolve(text, &nothing)),
            Token::Cdata(text) => out.push_str(text),
            Token::Start { name, closed, .. } => {
                if !is_one_of(name, INLINE) {
                    out.push(' ');
                }
                if is_one_of(name, SILENT) && !closed {
                    skip_silent(&mut tokens, html, name);
                }
            }
            Token::End(name) if !is_one_of(name, INLINE) => out.push(' '),
            Token::End(_) | Token::Doctype(_) => {}
        }
    }
    one_line(&out)
}

/// Moves behind the end tag of the silent element `name`; to the end where it has none.
fn skip_silent(tokens: &mut Tokens<'_>, html: &str, name: &str) {
    let from = tokens.offset();
    let mut at = from;
    while let Some(i) = html[at..].find("</") {
        at += i + 2;
        let tail = html.get(at..at + name.len());
        if tail.is_some_and(|t| t.eq_ignore_ascii_case(name)) {
            tokens.skip_to(at - 2);
            return;
        }
    }
    tokens.skip_to(html.len());
}

/// `text` with white space folded and what no reader sees taken out.
pub(super) fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        let word = invisible::strip(word);
        if word.is_empty() {
            continue;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(&word);
    }
    out
}

/// `html` with the links in its attributes made absolute; all else stays as it is.
pub(super) fn absolute(html: &str, base: Option<&Url>) -> String {
    let mut out = String::with_capacity(html.len());
    let mut tokens = Tokens::new(html);
    let mut from = 0;
    while let Some(token) = tokens.next() {
        let to = tokens.offset();
        match token {
            Token::Start { name, attributes: inside, closed } if has_links(inside) => {
                start_tag(&mut out, name, inside, closed, base);
            }
            _ => out.push_str(&html[from..to]),
        }
        from = to;
    }
    out
}

fn has_links(inside: &str) -> bool {
    attributes(inside).iter().any(|(name, _)| is_link(name) || name.eq_ignore_ascii_case("srcset"))
}

/// Writes a start tag anew with its links absolute.
pub(super) fn start_tag(
    out: &mut String,
    name: &str,
    inside: &str,
    closed: bool,
    base: Option<&Url>,
) {
    let nothing = Declared::new();
    out.push('<');
    out.push_str(name);
    for (key, raw) in attributes(inside) {
        let value = entity::resolve(raw, &nothing);
        let value: Cow<'_, str> = if is_link(key) {
            join(base, &value).map_or(value, Cow::Owned)
        } else if key.eq_ignore_ascii_case("srcset") {
            Cow::Owned(srcset(&value, base))
        } else {
            value
        };
        out.push(' ');
        out.push_str(key);
        out.push_str("=\"");
        escape(out, &value);
        out.push('"');
    }
    out.push_str(if closed { "/>" } else { ">" });
}

fn srcset(value: &str, base: Option<&Url>) -> String {
    let parts = value.split(", ").map(|part| {
        let part = part.trim();
        let (link, size) = part.split_once(is_space).unwrap_or((part, ""));
        let link = join(base, link).unwrap_or_else(|| link.to_owned());
        format!("{link} {size}").trim_end().to_owned()
    });
    parts.collect::<Vec<_>>().join(", ")
}

/// Appends `text` escaped as character data or as a quoted value.
pub(super) fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
}

/// `link` made absolute; an absolute one stays byte for byte. `None` where that is impossible.
pub(super) fn join(base: Option<&Url>, link: &str) -> Option<String> {
    let link: String = link
        .trim_matches(|c: char| c.is_whitespace() || c.is_control())
        .chars()
        .filter(|c| !matches!(c, '\t' | '\n' | '\r'))
        .collect();
    if link.is_empty() {
        return None;
    }
    if Url::parse(&link).is_ok() {
        return Some(link);
    }
    base?.join(&link).ok().map(String::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_is_told_from_text() {
        for html in ["a <b>c</b>", "x<br>y", "Q&amp;A", "<p>&lt;</p>"] {
            assert!(looks_like_html(html), "{html}");
        }
        for text in ["vector<int> a;", "a < b > c", "AT&T", "The <b> tag", "<观澜>模型</观澜>"]
        {
            assert!(!looks_like_html(text), "{text}");
        }
    }

    #[test]
    fn plain_text_of_html() {
        let html = "<h1>观澜<em>实验室</em></h1><script>if (a</b) x</script ><p>A&nbsp;&amp; B</p>\n<STYLE>p {}</STYLE>c\u{200b}";
        assert_eq!(to_plain(html), "观澜实验室 A & B c");
    }

    #[test]
    fn links_are_made_absolute_and_the_rest_is_kept() {
        let base = Url::parse("https://news.example/a/b").ok();
        let html = r#"<!-- c --><p class=x>1 < 2 &amp; <a href='../d?x=1&amp;y=2' id=q>e</a><img src=/f.png srcset="/g 1x, h 2x"/><a href="mailto:a@b.example">"#;
        let want = r#"<!-- c --><p class=x>1 < 2 &amp; <a href="https://news.example/d?x=1&amp;y=2" id="q">e</a><img src="https://news.example/f.png" srcset="https://news.example/g 1x, https://news.example/a/h 2x"/><a href="mailto:a@b.example">"#;
        assert_eq!(absolute(html, base.as_ref()), want);
    }
}
