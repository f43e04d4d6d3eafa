//! Plain text out of the HTML of titles and descriptions.

use quick_xml::escape::resolve_html5_entity;

use crate::text::invisible;

/// Elements that are taken for markup; `Vec<u8>` in a title is none.
const ELEMENTS: &[&str] = &[
    "a",
    "abbr",
    "article",
    "b",
    "big",
    "blockquote",
    "br",
    "center",
    "cite",
    "code",
    "div",
    "dl",
    "dt",
    "dd",
    "em",
    "figcaption",
    "figure",
    "font",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "i",
    "iframe",
    "img",
    "input",
    "ins",
    "li",
    "main",
    "mark",
    "nav",
    "ol",
    "p",
    "picture",
    "pre",
    "q",
    "s",
    "script",
    "section",
    "small",
    "source",
    "span",
    "strike",
    "strong",
    "style",
    "sub",
    "sup",
    "svg",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "tt",
    "u",
    "ul",
    "video",
    "audio",
    "wbr",
    "del",
];

/// Elements that break a line.
const INLINE: &[&str] = &[
    "a", "abbr", "b", "big", "cite", "code", "em", "font", "i", "ins", "mark", "q", "s", "small",
    "span", "strike", "strong", "sub", "sup", "tt", "u", "wbr", "del",
];

/// `html` without markup, entities decoded, white space folded.
pub(super) fn plain(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        match tag(rest) {
            Some((name, length)) => {
                rest = after(rest, &name, length);
                if !INLINE.contains(&name.as_str()) {
                    out.push(' ');
                }
            }
            None => {
                out.push('<');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    tidy(&decode_entities(&out))
}

/// What follows a tag; of a script or a style also its content is passed over.
fn after<'a>(rest: &'a str, name: &str, length: usize) -> &'a str {
    let next = &rest[length..];
    if !matches!(name, "script" | "style") || rest.starts_with("</") {
        return next;
    }
    let close = format!("</{name}");
    next.find(&close).map_or("", |end| &next[end..])
}

/// Text with white space folded and nothing invisible.
pub(super) fn tidy(text: &str) -> String {
    let folded: Vec<&str> = text.split_whitespace().collect();
    invisible::strip(&folded.join(" ")).trim().to_owned()
}

/// The name and the length of the tag (or comment) at the beginning of `text`.
fn tag(text: &str) -> Option<(String, usize)> {
    if text.starts_with("<!--") {
        return Some((
            "hr".into(),
            text.find("-->").map_or(text.len(), |end| end + 3),
        ));
    }
    let inner = text[1..].trim_start_matches('/');
    let name: String = inner
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_ascii_lowercase();
    if !ELEMENTS.contains(&name.as_str()) {
        return None;
    }
    let end = text.find('>')?;
    Some((name, end + 1))
}

/// `text` with its character and HTML entities decoded once; what is none stays.
pub(super) fn decode_entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(34).position(|b| b == b';');
        match end.and_then(|end| Some((end, entity(&rest[1..end])?))) {
            Some((end, decoded)) => {
                out.push_str(&decoded);
                rest = &rest[end + 1..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// What the entity called `name` stands for: `amp`, `nbsp`, `#8217`, `#x2019`.
pub(super) fn entity(name: &str) -> Option<String> {
    let Some(number) = name.strip_prefix('#') else {
        return resolve_html5_entity(name).map(Into::into);
    };
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    // Numbers of windows-1252 where those of Unicode are meant (HTML, 13.2.5.80).
    if let Ok(byte @ 0x80..=0x9f) = u8::try_from(code) {
        return Some(encoding_rs::WINDOWS_1252.decode(&[byte]).0.into_owned());
    }
    char::from_u32(code)
        .filter(|c| !c.is_control() || c.is_whitespace())
        .map(String::from)
}

/// `text` as HTML.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_and_what_is_none() {
        assert_eq!(
            plain("<p>One</p><p>two &amp; <b>thr</b>ee</p>"),
            "One two & three"
        );
        assert_eq!(plain("Why Vec<u8> and a < b"), "Why Vec<u8> and a < b");
        assert_eq!(plain("a<script>if (a<b) x</script>b<!-- c -->"), "a b");
        assert_eq!(
            plain("AT&T &nbsp; &#8217;&#x4e2d;&#146;&bogus; &"),
            "AT&T ’中’&bogus; &"
        );
        assert_eq!(plain("&lt;b&gt;"), "<b>");
        assert_eq!(plain("中&"), "中&");
    }
}
