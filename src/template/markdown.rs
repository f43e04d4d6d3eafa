//! Text from outside as Markdown that shows it as it was written, with the least escaping that
//! suffices under CommonMark, GitHub's extensions (tables, strikethrough, bare web addresses) and
//! kramdown (a `|` anywhere starts a table), and the way back.

use std::fmt::Write as _;
use std::ops::Range;

/// `text` for a place inside a block, on one line: line feeds and control characters are folded
/// into a space, the ends are trimmed.
pub fn escape(text: &str) -> String {
    let chars: Vec<char> = fold(text).chars().collect();
    let mut out = String::with_capacity(text.len() + 8);
    for at in 0..chars.len() {
        if needs_escape(&chars, at) {
            out.push('\\');
        }
        out.push(chars[at]);
    }
    out
}

/// [`escape`] for a text that begins a block: what would start a list, a quote, a heading, a rule
/// or a fence there is escaped too.
pub fn escape_start(text: &str) -> String {
    let escaped = escape(text);
    let digits = escaped.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &escaped[digits..];
    let ends_word = |s: &str| s.is_empty() || s.starts_with(' ');
    let marker = if digits > 0 {
        digits <= 9 && rest.starts_with(['.', ')']) && ends_word(&rest[1..])
    } else {
        let bullet = rest.starts_with(['-', '+', '*']) && ends_word(&rest[1..]);
        let heading = rest.starts_with('#') && {
            let after = rest.trim_start_matches('#');
            rest.len() - after.len() <= 6 && ends_word(after)
        };
        let rule = rest.starts_with("---") && rest.chars().all(|c| c == '-' || c == ' ');
        bullet || heading || rule || rest.starts_with('>')
    };
    if marker { format!("{}\\{rest}", &escaped[..digits]) } else { escaped }
}

/// Line feeds, with the white space around them, and control characters become one space.
fn fold(text: &str) -> String {
    let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    let parts = text.split(breaks).map(str::trim).filter(|p| !p.is_empty());
    parts.collect::<Vec<_>>().join(" ")
}

/// Whether the character at `at` could be markup where it stands.
fn needs_escape(chars: &[char], at: usize) -> bool {
    let next = chars.get(at + 1).copied();
    let rest = &chars[at..];
    match chars[at] {
        '`' | '[' | ']' | '|' => true,
        '\\' => next.is_none_or(|n| n.is_ascii_punctuation()),
        '*' => !between_spaces(chars, at),
        '_' => !between_spaces(chars, at) && !inside_word(chars, at),
        '~' => chars.iter().filter(|c| **c == '~').count() > 1 && !between_spaces(chars, at),
        '<' => !next.is_some_and(|n| {
            n.is_whitespace() || !n.is_ascii() || (n.is_ascii_digit() && !rest.contains(&'@'))
        }),
        '&' => starts_entity(rest),
        '#' => closes_heading(chars, at),
        ':' => starts_address(chars, at),
        '.' => ends_www(chars, at),
        _ => false,
    }
}

/// The run of equal characters around `at`: what stands before and after it.
fn around(chars: &[char], at: usize) -> (Option<char>, Option<char>) {
    let c = chars[at];
    let start = (0..at).rev().find(|i| chars[*i] != c);
    let end = (at + 1..chars.len()).find(|i| chars[*i] != c);
    (start.map(|i| chars[i]), end.map(|i| chars[i]))
}

/// A run with white space on both sides can neither open nor close emphasis.
fn between_spaces(chars: &[char], at: usize) -> bool {
    let (before, after) = around(chars, at);
    before.is_some_and(char::is_whitespace) && after.is_some_and(char::is_whitespace)
}

/// A run of `_` with letters or digits on both sides is no emphasis.
fn inside_word(chars: &[char], at: usize) -> bool {
    let (before, after) = around(chars, at);
    before.is_some_and(char::is_alphanumeric) && after.is_some_and(char::is_alphanumeric)
}

/// Whether `rest` starts with a character reference.
fn starts_entity(rest: &[char]) -> bool {
    entity_length(rest).is_some()
}

/// The length of the character reference that `rest` starts with, named or numeric.
fn entity_length(rest: &[char]) -> Option<usize> {
    let end = rest.iter().take(40).position(|c| *c == ';')?;
    let name = rest.get(1..end)?;
    let (digits, hex) = match name {
        ['#', 'x' | 'X', hex @ ..] => (hex, true),
        ['#', decimal @ ..] => (decimal, false),
        [first, more @ ..] => {
            let named = first.is_ascii_alphabetic() && more.iter().all(char::is_ascii_alphanumeric);
            return named.then_some(end + 1);
        }
        [] => return None,
    };
    let is_digit = |c: &char| {
        if hex { c.is_ascii_hexdigit() } else { c.is_ascii_digit() }
    };
    (!digits.is_empty() && digits.len() <= 7 && digits.iter().all(is_digit)).then_some(end + 1)
}

/// A last run of `#` after white space would close a heading and vanish.
fn closes_heading(chars: &[char], at: usize) -> bool {
    let (before, after) = around(chars, at);
    let first = at == 0 || chars[at - 1] != '#';
    first && after.is_none() && before.is_none_or(char::is_whitespace)
}

/// The colon of `http://`, `https://` or `ftp://`, which GitHub links by itself.
fn starts_address(chars: &[char], at: usize) -> bool {
    let follows = chars.get(at + 1..at + 3) == Some(&['/', '/']);
    follows && ["http", "https", "ftp"].iter().any(|scheme| word_before(chars, at, scheme))
}

/// The dot of `www.`, which GitHub links by itself.
fn ends_www(chars: &[char], at: usize) -> bool {
    word_before(chars, at, "www") && chars.get(at + 1).is_some_and(|c| c.is_alphanumeric())
}

/// Whether the characters right before `at` are `word`, whatever their case.
fn word_before(chars: &[char], at: usize, word: &str) -> bool {
    let Some(start) = at.checked_sub(word.len()) else {
        return false;
    };
    chars[start..at].iter().zip(word.chars()).all(|(a, b)| a.to_ascii_lowercase() == b)
}

/// What a reader sees of `markdown` that [`escape`] wrote: backslash escapes and the character
/// references that editors use are resolved; other markup stays as it is.
pub fn unescape(markdown: &str) -> String {
    unescaped(markdown).into_iter().map(|(c, _)| c).collect()
}

/// The characters of [`unescape`], each with the bytes of `markdown` that it is written with.
pub fn unescaped(markdown: &str) -> Vec<(char, Range<usize>)> {
    let mut out = Vec::with_capacity(markdown.len());
    let mut at = 0;
    while let Some(c) = markdown[at..].chars().next() {
        let rest = &markdown[at..];
        let escaped = rest[c.len_utf8()..].chars().next().filter(char::is_ascii_punctuation);
        let (shown, length) = match (c, escaped) {
            ('\\', Some(next)) => (next, 2),
            ('&', _) => reference(rest).unwrap_or(('&', 1)),
            _ => (c, c.len_utf8()),
        };
        out.push((shown, at..at + length));
        at += length;
    }
    out
}

/// What the reference at the start of `rest` stands for, and how many bytes it takes.
fn reference(rest: &str) -> Option<(char, usize)> {
    let chars: Vec<char> = rest.chars().take(40).collect();
    let length = entity_length(&chars)?;
    // references are ASCII: as many bytes as characters
    Some((referenced(&rest[1..length - 1])?, length))
}

/// The character that a reference names, where it shows on one line.
fn referenced(name: &str) -> Option<char> {
    let number = match name.strip_prefix('#') {
        Some(n) => match n.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => n.parse().ok()?,
        },
        None => {
            return match name {
                "amp" => Some('&'),
                "lt" => Some('<'),
                "gt" => Some('>'),
                "quot" => Some('"'),
                "nbsp" => Some('\u{a0}'),
                _ => None,
            };
        }
    };
    char::from_u32(number).filter(|c| !c.is_control())
}

/// `url` as the destination of a link, that nothing in it can end. A URL of plain characters is
/// printed as it is; parentheses, white space, non-ASCII and what CommonMark gives a meaning are
/// percent-encoded, so that it stays one link for plain search patterns too.
pub fn link_destination(url: &str) -> String {
    let url = url.trim();
    let chars: Vec<char> = url.chars().collect();
    let entity_ends: Vec<usize> = (0..chars.len())
        .filter(|i| chars[*i] == '&')
        .filter_map(|i| entity_length(&chars[i..]).map(|n| i + n - 1))
        .collect();
    let mut out = String::with_capacity(url.len());
    for (at, c) in chars.iter().enumerate() {
        let plain = c.is_ascii_graphic() && !"()<>\\\"`|^{}".contains(*c);
        if plain && !entity_ends.contains(&at) {
            out.push(*c);
        } else {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                // writing to a String cannot fail
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

/// `text` inside an HTML comment on one line, which it cannot end.
pub fn comment(text: &str) -> String {
    let folded = fold(text);
    folded.replace("&amp;", "&amp;amp;").replace("&gt;", "&amp;gt;").replace('>', "&gt;")
}

/// What [`comment`] was given.
pub fn uncomment(text: &str) -> String {
    text.replace("&gt;", ">").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Options, Parser};

    use super::*;

    /// What a CommonMark reader with GitHub's tables and strikethrough shows, and whether it saw
    /// nothing but text in one paragraph.
    fn shown(markdown: &str) -> (String, bool) {
        let (mut text, mut plain) = (String::new(), true);
        let options =
            Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
        for event in Parser::new_ext(markdown, options) {
            match event {
                Event::Text(t) => text.push_str(&t),
                Event::Start(tag) => plain &= tag == pulldown_cmark::Tag::Paragraph,
                Event::End(_) => {}
                _ => plain = false,
            }
        }
        (text, plain)
    }

    #[test]
    fn no_more_escaping_than_needed() {
        for text in [
            "scPEFT_v2、C# 与 F#：0.05%–4%的“…”（参数）",
            "Q&A: 2 * 3 < 7 & x<3 > 1, a_b_c, 10~20 it's 100% #1",
            "DeepMind力挺Scaling Law——“预训练”…",
            "C:\\dir 5 \\ 6",
        ] {
            assert_eq!(escape(text), text);
        }
        // a name that is no entity is escaped too: the list of entities is not kept here
        assert_eq!(escape("AT&T; a"), "AT\\&T; a");
    }

    #[test]
    fn markup_shows_as_it_was_written() {
        for (text, escaped) in [
            ("*bold* _it_ `code`", "\\*bold\\* \\_it\\_ \\`code\\`"),
            ("[x](y) <b> a|b", "\\[x\\](y) \\<b> a\\|b"),
            ("&amp; &#42; \\* \\", "\\&amp; \\&#42; \\\\\\* \\\\"),
            ("10~20和30~40", "10\\~20和30\\~40"),
            (
                "see https://a.example and www.b.example",
                "see https\\://a.example and www\\.b.example",
            ),
            ("line\r\n  two\tthree", "line two three"),
            ("C #", "C \\#"),
        ] {
            assert_eq!(escape(text), escaped);
        }
        for text in ["- a", "1. a", "12) b", "> q", "# h", "---", "+ c", "* d", "~~~", "```", "***"]
        {
            let escaped = escape_start(text);
            assert!(escaped.contains('\\'), "{escaped}");
            assert_eq!(shown(&escaped), (text.to_owned(), true));
        }
        for text in ["-5 度", "1.5 倍", "#标签", "2026-01-03", "----a"] {
            assert_eq!(escape_start(text), text);
        }
    }

    #[test]
    fn a_url_stays_one_link() {
        for (url, printed) in [
            ("https://a.example/x?b=1&c=%20#r_d*", "https://a.example/x?b=1&c=%20#r_d*"),
            ("https://a.example/w_(x) y", "https://a.example/w_%28x%29%20y"),
            ("https://a.example/维基", "https://a.example/%E7%BB%B4%E5%9F%BA"),
            ("https://a.example/?a=1&amp;b=2&copy=3", "https://a.example/?a=1&amp%3Bb=2&copy=3"),
        ] {
            assert_eq!(link_destination(url), printed);
            assert_eq!(link_destination(printed), printed);
        }
    }

    const NASTY: &str = "[-*_\\[\\]()`<>|#\\\\&;~!:./+=0-9a-c .。（）“”中文wht\n\t@\"'x$^{}]{0,24}";

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_text_shows_as_it_was_written(text in NASTY) {
            let once = fold(&text);
            let escaped = escape_start(&text);
            prop_assert_eq!(unescape(&escaped), once.clone());
            prop_assert_eq!(shown(&escaped), (once.clone(), true), "{}", escaped);
            let bold = format!("- **{}**：y", escape(&text));
            if !once.is_empty() {
                let html = Parser::new(&bold).filter_map(|e| match e {
                    Event::Text(t) => Some(t.to_string()), _ => None }).collect::<String>();
                prop_assert_eq!(html, format!("{once}：y"), "{}", bold);
            }
        }

        #[test]
        fn any_url_is_one_destination(url in "https://a[.]example/[-*_\\[\\]()`<>|#\\\\&;a-z =中\"'%]{0,24}") {
            let printed = format!("[t]({})", link_destination(&url));
            let mut links = Vec::new();
            for event in Parser::new(&printed) {
                if let Event::Start(pulldown_cmark::Tag::Link { dest_url, .. }) = event {
                    links.push(dest_url.to_string());
                }
            }
            prop_assert_eq!(links, vec![link_destination(&url)]);
        }

        #[test]
        fn comments_come_back(text in "[-&;>!<agmpt ]{0,20}") {
            let written = comment(&text);
            prop_assert!(!written.contains('>'));
            prop_assert_eq!(uncomment(&written), fold(&text));
        }
    }
}
