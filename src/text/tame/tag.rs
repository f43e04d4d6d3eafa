//! The words of HTML that the taming pass needs: kinds of elements, attributes, end tags.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Elements without content.
const VOID: &[&str] = &[
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "image", "img",
    "input", "keygen", "link", "meta", "param", "source", "track", "wbr",
];
/// Elements whose content is no markup.
const RAW: &[&str] =
    &["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"];
/// Elements that a parser opens again in the next block.
const FORMATTING: &[&str] = &[
    "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
];
/// Elements that an unrelated end tag inside them cannot reach across.
const SCOPE: &[&str] =
    &["table", "td", "th", "caption", "template", "object", "marquee", "applet", "button"];
/// Elements whose start closes an open paragraph.
const BLOCK: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "center",
    "dd",
    "details",
    "dialog",
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
    "header",
    "hgroup",
    "hr",
    "li",
    "listing",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "pre",
    "search",
    "section",
    "summary",
    "table",
    "ul",
];

/// Elements of a table that its end tags reach across everything inside but another table.
const TABLE_PART: &[&str] = &["table", "tbody", "thead", "tfoot", "tr", "td", "th"];
/// Elements whose tags say where the page's parts begin.
const FRAME: &[&str] = &["html", "head", "body"];

/// The kinds of an element, together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Kinds(u8);

impl Kinds {
    pub(crate) const VOID: Self = Self(1);
    pub(crate) const RAW: Self = Self(2);
    pub(crate) const FORMATTING: Self = Self(4);
    pub(crate) const SCOPE: Self = Self(8);
    pub(crate) const BLOCK: Self = Self(16);
    pub(crate) const TABLE_PART: Self = Self(32);
    pub(crate) const FRAME: Self = Self(64);

    /// The kinds of the element of a name in any case.
    pub(crate) fn of(name: &str) -> Self {
        static KINDS: LazyLock<HashMap<&str, u8>> = LazyLock::new(|| {
            let lists = [
                (VOID, Kinds::VOID),
                (RAW, Kinds::RAW),
                (FORMATTING, Kinds::FORMATTING),
                (SCOPE, Kinds::SCOPE),
                (BLOCK, Kinds::BLOCK),
                (TABLE_PART, Kinds::TABLE_PART),
                (FRAME, Kinds::FRAME),
            ];
            let mut kinds = HashMap::new();
            for (list, kind) in lists {
                list.iter().for_each(|name| *kinds.entry(*name).or_default() |= kind.0);
            }
            kinds
        });
        let found = if name.bytes().any(|b| b.is_ascii_uppercase()) {
            KINDS.get(name.to_ascii_lowercase().as_str())
        } else {
            KINDS.get(name)
        };
        Self(found.copied().unwrap_or_default())
    }

    /// Whether one of these kinds is among `others`.
    pub(crate) fn any(self, others: Self) -> bool {
        self.0 & others.0 != 0
    }
}

impl std::ops::BitOr for Kinds {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// Whether an element's name, in any case, is in a list.
pub(crate) fn is_one_of(name: &str, list: &[&str]) -> bool {
    list.iter().any(|n| name.eq_ignore_ascii_case(n))
}

/// The index after the attribute that starts at `i`.
pub(crate) fn skip_attribute(bytes: &[u8], mut i: usize) -> usize {
    let start = i;
    // A name may begin with `=`.
    while i < bytes.len()
        && !bytes[i].is_ascii_whitespace()
        && !matches!(bytes[i], b'>' | b'/')
        && (bytes[i] != b'=' || i == start)
    {
        i += 1;
    }
    let mut value = i;
    while value < bytes.len() && bytes[value].is_ascii_whitespace() {
        value += 1;
    }
    if bytes.get(value) != Some(&b'=') {
        return i;
    }
    value += 1;
    while value < bytes.len() && bytes[value].is_ascii_whitespace() {
        value += 1;
    }
    match bytes.get(value) {
        Some(quote @ (b'"' | b'\'')) => bytes[value + 1..]
            .iter()
            .position(|b| b == quote)
            .map_or(bytes.len(), |end| value + 1 + end + 1),
        _ => {
            while value < bytes.len() && !bytes[value].is_ascii_whitespace() && bytes[value] != b'>'
            {
                value += 1;
            }
            value
        }
    }
}

/// Where `</name` stands in `text`, in any case.
pub(crate) fn find_end_tag(text: &str, name: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut from = 0;
    while let Some(i) = text[from..].find("</").map(|i| from + i) {
        let tail = &bytes[i + 2..];
        let same = tail.len() >= name.len()
            && tail[..name.len()].eq_ignore_ascii_case(name.as_bytes())
            && tail.get(name.len()).is_none_or(|b| b.is_ascii_whitespace() || b"/>".contains(b));
        if same {
            return Some(i);
        }
        from = i + 2;
    }
    None
}

/// An open element: its name in the page, and the name it is written with.
#[derive(Clone, Copy)]
pub(crate) struct Open<'a> {
    /// As the page writes it.
    pub(crate) name: &'a str,
    /// As it is written out.
    pub(crate) written: &'a str,
    /// What it is.
    pub(crate) kinds: Kinds,
}
