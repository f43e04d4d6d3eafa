//! Character references: the five of XML, those of HTML, numbers, and a document's own.

use std::borrow::Cow;
use std::collections::BTreeMap;

/// Entities that a document type declares, by name.
pub(in crate::collect) type Declared = BTreeMap<String, String>;

/// Names and values of entities are no longer than this, in bytes.
const LONGEST: usize = 256;
/// More declared entities than this are not read.
const MOST: usize = 1000;

/// `text` with its references resolved once; what is no reference stays, a bare `&` too.
pub(in crate::collect) fn resolve<'a>(text: &'a str, declared: &Declared) -> Cow<'a, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        match reference(rest, declared) {
            Some((value, length)) => {
                out.push_str(&value);
                rest = &rest[length..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Whether `text` holds a reference that HTML knows.
pub(super) fn holds_reference(text: &str) -> bool {
    text.match_indices('&').any(|(at, _)| reference(&text[at..], &Declared::new()).is_some())
}

/// The value of the reference at the start of `text`, which is a `&`, and its length.
fn reference<'a>(text: &str, declared: &'a Declared) -> Option<(Cow<'a, str>, usize)> {
    let body = &text[1..];
    if let Some(number) = body.strip_prefix('#') {
        let (digits, radix, skip) = match number.strip_prefix(['x', 'X']) {
            Some(hex) => (hex, 16, 3),
            None => (number, 10, 2),
        };
        let length = digits.find(|c: char| !c.is_digit(radix)).unwrap_or(digits.len());
        let code = u32::from_str_radix(digits.get(..length)?, radix).ok()?;
        let semicolon = usize::from(digits[length..].starts_with(';'));
        let value = character(code).map(String::from).unwrap_or_default();
        return Some((Cow::Owned(value), skip + length + semicolon));
    }
    let length = body
        .bytes()
        .take(LONGEST)
        .position(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-')))?;
    if length == 0 || !body[length..].starts_with(';') {
        return None;
    }
    let name = &body[..length];
    let value = quick_xml::escape::resolve_html5_entity(name)
        .map(Cow::Borrowed)
        .or_else(|| declared.get(name).map(|v| Cow::Borrowed(v.as_str())))?;
    Some((value, length + 2))
}

/// The character of a numeric reference; 128 to 159 mean windows-1252, as in HTML.
fn character(code: u32) -> Option<char> {
    if let Some(byte) = u8::try_from(code).ok().filter(|b| (0x80..0xa0).contains(b)) {
        let bytes = [byte];
        let (text, ..) = encoding_rs::WINDOWS_1252.decode(&bytes);
        return text.chars().next();
    }
    char::from_u32(code).filter(|c| !matches!(c, '\0'..='\x08' | '\x0b' | '\x0e'..='\x1f'))
}

/// The entities that a document type declares as plain text. One that names a file or another
/// entity is not read, so nothing outside is opened and nothing can multiply.
pub(super) fn declared(doctype: &str) -> Declared {
    let mut out = Declared::new();
    for part in doctype.split("<!ENTITY").skip(1).take(MOST) {
        let part = part.trim_start();
        let Some((name, rest)) = part.split_once(char::is_whitespace) else {
            continue;
        };
        let rest = rest.trim_start();
        let value = ['"', '\''].into_iter().find_map(|q| rest.strip_prefix(q)?.split_once(q));
        let Some((value, _)) = value else { continue };
        let plain = value.split('&').skip(1).all(|p| p.starts_with('#'));
        if plain && name.len() <= LONGEST && value.len() <= LONGEST {
            let value = resolve(value, &Declared::new()).into_owned();
            out.insert(name.to_owned(), value);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_of_all_kinds() {
        let own = declared(
            r#" rss [<!ENTITY us "观澜"> <!ENTITY x SYSTEM "file:///etc/hostname"> <!ENTITY y "&us;&us;">"#,
        );
        assert_eq!(own.len(), 1);
        let text =
            "a&b &amp;amp; &nbsp;|&us;|&x;|&#20013;&#x6587|&#147;q&#148;|&#0;|&hellip;&nosuch;&";
        assert_eq!(resolve(text, &own), "a&b &amp; \u{a0}|观澜|&x;|中文|“q”||…&nosuch;&");
        assert!(holds_reference("AT&amp;T") && !holds_reference("AT&T; x & y"));
    }
}
