//! The text constructs of feeds: escaped HTML, inline XHTML, plain text, base64.

use base64::Engine;
use url::Url;

use super::entity::{self, Declared};
use super::item::{attribute, own_base};
use super::tree::{Child, Tree};
use super::{html, repair};

/// A text construct.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Markup {
    /// HTML with absolute links.
    Html(String),
    /// Text for people, no markup.
    Text(String),
}

/// A snippet is no longer than this, in characters.
const SNIPPET: usize = 2000;
/// A description of so many characters in paragraphs is the article itself; an ideograph says as
/// much as two letters.
const ARTICLE: usize = 500;

impl Markup {
    /// HTML whose damage by a wrong charset is repaired.
    pub(super) fn html(text: &str, base: Option<&Url>) -> Self {
        Self::Html(html::absolute(&repair::mojibake(text), base))
    }

    /// Text whose damage by a wrong charset is repaired.
    pub(super) fn text(text: &str) -> Self {
        Self::Text(repair::mojibake(text).into_owned())
    }

    /// HTML or text, as it looks.
    pub(super) fn guess(text: &str, base: Option<&Url>) -> Self {
        match html::looks_like_html(text) {
            true => Self::html(text, base),
            false => Self::text(text),
        }
    }

    pub(super) fn is_blank(&self) -> bool {
        let (Self::Html(text) | Self::Text(text)) = self;
        text.trim().is_empty()
    }

    /// The words on one line. A reference that is left was escaped twice.
    pub(super) fn to_plain(&self) -> String {
        match self {
            Self::Html(text) => html::to_plain(text),
            Self::Text(text) => html::one_line(&entity::resolve(text, &Declared::new())),
        }
    }

    pub(super) fn to_html(&self) -> String {
        match self {
            Self::Html(text) => text.trim().to_owned(),
            Self::Text(text) => {
                let mut out = String::with_capacity(text.len() + 7);
                for paragraph in text.split("\n\n").map(str::trim).filter(|p| !p.is_empty()) {
                    out.push_str("<p>");
                    html::escape(&mut out, paragraph);
                    out.push_str("</p>");
                }
                out
            }
        }
    }

    /// As HTML where the feed's format says that it is, whatever it looks like.
    pub(super) fn taken_as_html(&self, base: Option<&Url>) -> String {
        match self {
            Self::Html(text) => text.trim().to_owned(),
            Self::Text(text) => html::absolute(text.trim(), base),
        }
    }
}

/// The description as plain text.
pub(super) fn snippet(summary: Option<&Markup>) -> String {
    let plain = summary.map(Markup::to_plain).unwrap_or_default();
    match plain.char_indices().nth(SNIPPET) {
        Some((end, _)) => format!("{}…", plain[..end].trim_end()),
        None => plain,
    }
}

/// The article where the description is one: several paragraphs of HTML.
pub(super) fn article_in(summary: Option<&Markup>) -> Option<String> {
    let Some(Markup::Html(text)) = summary else {
        return None;
    };
    let lower = text.to_ascii_lowercase();
    let breaks = lower.matches("<p").count() + lower.matches("<br").count() / 2;
    let worth = |c: char| if ('\u{3400}'..='\u{9fff}').contains(&c) { 2 } else { 1 };
    let long = || html::to_plain(text).chars().map(worth).sum::<usize>() >= ARTICLE;
    (breaks >= 2 && long()).then(|| text.trim().to_owned())
}

/// How the value of an element is to be read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Html,
    Text,
    Guess,
    Base64,
    /// A file of another kind, or something elsewhere.
    Foreign,
}

/// The form that the attributes `inside` declare.
fn form(inside: &str, declared: &Declared, atom: bool) -> Form {
    let get = |name| attribute(inside, name, declared).map(|v| v.to_ascii_lowercase());
    let kind = get("type").unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or("").trim();
    let mode = get("mode").unwrap_or_default();
    if mode == "base64" {
        return Form::Base64;
    }
    match kind {
        "" if !atom || mode == "escaped" => Form::Guess,
        "" => Form::Guess,
        "text" | "text/plain" if atom => Form::Text,
        "text" | "text/plain" => Form::Guess,
        "html" | "xhtml" | "text/html" | "application/xhtml+xml" => Form::Html,
        other if other.ends_with("/xml") || other.ends_with("+xml") => Form::Foreign,
        other if other.starts_with("text/") => Form::Text,
        other if other.contains('/') => Form::Base64,
        _ => Form::Guess,
    }
}

/// Reads the text construct in element `number`; `None` where it is no text.
pub(super) fn read(
    tree: &Tree<'_>,
    number: usize,
    declared: &Declared,
    base: Option<&Url>,
    atom: bool,
) -> Option<Markup> {
    let element = &tree.elements[number];
    let own = own_base(element.attributes, declared, base);
    let base = own.as_ref().or(base);
    let form = form(element.attributes, declared, atom);
    let writer = Inline { tree, declared };
    if tree.children(number).next().is_some() {
        if form == Form::Foreign {
            return None;
        }
        let mut out = String::new();
        writer.inside(&mut out, number, base);
        return Some(Markup::Html(repair::mojibake(out.trim()).into_owned()));
    }
    let text = writer.text(number);
    match form {
        Form::Html => Some(Markup::html(&text, base)),
        Form::Text => Some(Markup::text(&text)),
        Form::Guess => Some(Markup::guess(&text, base)),
        Form::Foreign => None,
        Form::Base64 => {
            let packed: String = text.split_whitespace().collect();
            let bytes = base64::engine::general_purpose::STANDARD.decode(packed);
            match bytes.ok().map(String::from_utf8) {
                Some(Ok(text)) => Some(Markup::guess(&text, base)),
                Some(Err(_)) => None,
                None => Some(Markup::guess(&text, base)),
            }
        }
    }
}

/// Writes markup that stands in the feed unescaped.
struct Inline<'t, 'a> {
    tree: &'t Tree<'a>,
    declared: &'t Declared,
}

impl Inline<'_, '_> {
    fn text(&self, number: usize) -> String {
        let mut out = String::new();
        for child in &self.tree.elements[number].children {
            match child {
                Child::Text(text) => out.push_str(&entity::resolve(text, self.declared)),
                Child::Cdata(text) => out.push_str(text),
                Child::Element(_) => {}
            }
        }
        out.trim().to_owned()
    }

    fn inside(&self, out: &mut String, number: usize, base: Option<&Url>) {
        for child in &self.tree.elements[number].children {
            match child {
                Child::Text(text) => html::escape(out, &entity::resolve(text, self.declared)),
                // Inside of inline markup a CDATA section holds more markup.
                Child::Cdata(text) => out.push_str(&html::absolute(text, base)),
                Child::Element(n) => self.element(out, *n, base),
            }
        }
    }

    fn element(&self, out: &mut String, number: usize, base: Option<&Url>) {
        let element = &self.tree.elements[number];
        let own = own_base(element.attributes, self.declared, base);
        let base = own.as_ref().or(base);
        let name = element.written.rsplit(':').next().unwrap_or("");
        html::start_tag(out, name, element.attributes, false, base);
        if !html::is_void(name) || !element.children.is_empty() {
            self.inside(out, number, base);
            out.push_str("</");
            out.push_str(name);
            out.push('>');
        }
    }
}
