//! The few inline forms of the format, in raw Markdown: a link, a bold run, a list item.

use crate::template::unescape;

/// A link at the start of a text.
pub(super) struct Link<'a> {
    /// Its words, still escaped.
    pub(super) text: &'a str,
    /// Its destination.
    pub(super) url: String,
    /// What follows it.
    pub(super) rest: &'a str,
}

/// Reads `[text](url)` at the start of `s`.
pub(super) fn link(s: &str) -> Option<Link<'_>> {
    let inner = s.strip_prefix('[')?;
    let close = balanced(inner, '[', ']')?;
    let after = inner[close + 1..].strip_prefix('(')?;
    let (url, rest) = destination(after)?;
    Some(Link { text: &inner[..close], url, rest })
}

/// A line that is one link and nothing else.
pub(super) fn only_link(line: &str) -> Option<Link<'_>> {
    link(line.trim()).filter(|l| l.rest.is_empty())
}

/// Where the bracket that opened before `s` closes, escapes and nesting minded.
fn balanced(s: &str, open: char, close: char) -> Option<usize> {
    let (mut depth, mut escaped) = (0usize, false);
    for (at, c) in s.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == close && depth == 0 => return Some(at),
            c if c == close => depth -= 1,
            c if c == open => depth += 1,
            _ => {}
        }
    }
    None
}

/// A destination with its closing parenthesis: plain or in angle brackets, perhaps with a title.
fn destination(s: &str) -> Option<(String, &str)> {
    if let Some(inner) = s.strip_prefix('<') {
        let (url, rest) = inner.split_once('>')?;
        let rest = &rest[balanced(rest, '(', ')')? + 1..];
        return Some((unescape(url), rest));
    }
    let close = balanced(s, '(', ')')?;
    let url = s[..close].split([' ', '\t']).next().unwrap_or_default();
    (!url.is_empty()).then(|| (unescape(url), &s[close + 1..]))
}

/// Reads `**inner**` at the start of `s`: what is inside, still escaped, and what follows.
pub(super) fn bold(s: &str) -> Option<(&str, &str)> {
    let inner = s.strip_prefix("**")?;
    let mut escaped = false;
    for (at, c) in inner.char_indices() {
        if escaped {
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if c == '*' && inner[at..].starts_with("**") && closes(&inner[..at]) {
            return Some((&inner[..at], &inner[at + 2..]));
        }
    }
    None
}

/// Whether asterisks after `before` can close: not after white space, nor at the very start.
fn closes(before: &str) -> bool {
    before.chars().next_back().is_some_and(|c| !c.is_whitespace())
}

/// A line that is one bold run and nothing else.
pub(super) fn only_bold(line: &str) -> Option<&str> {
    bold(line.trim()).filter(|(_, rest)| rest.is_empty()).map(|(inner, _)| inner)
}

/// A list item's indent in columns, and its text.
pub(super) fn item(line: &str) -> Option<(usize, &str)> {
    let text = line.trim_start_matches([' ', '\t']);
    let indent =
        line[..line.len() - text.len()].chars().map(|c| if c == '\t' { 4 } else { 1 }).sum();
    let rest = text.strip_prefix(['-', '*', '+'])?;
    rest.starts_with([' ', '\t']).then(|| (indent, rest.trim()))
}

/// A bold lead with the separator after it taken off: the lead and what follows, both still
/// escaped. The separator is `colon`, or one that people type for it.
pub(super) fn lead<'a>(s: &'a str, colon: &str) -> Option<(&'a str, &'a str)> {
    let (inner, rest) = bold(s)?;
    let separators = [colon, "：", ": ", ":"];
    let rest = separators.iter().find_map(|c| rest.strip_prefix(*c)).unwrap_or(rest);
    Some((inner, rest.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links() {
        let l = link(r"[a \] [b]](https://a.example/x_(y)?q) - z").unwrap();
        assert_eq!(
            (l.text, l.url.as_str(), l.rest),
            (r"a \] [b]", "https://a.example/x_(y)?q", " - z")
        );
        let l = link("[a](<https://a.example/x y(> \"t)\")").map(|l| l.url);
        assert_eq!(l, Some("https://a.example/x y(".into()));
        assert!(link("[a] (b)").is_none() && link("[a]()").is_none());
        assert!(only_link("[a](b) x").is_none());
    }

    #[test]
    fn bold_runs_and_items() {
        assert_eq!(bold(r"**a\*\* b** c"), Some((r"a\*\* b", " c")));
        assert_eq!(bold("**a**：b"), Some(("a", "：b")));
        assert_eq!(item("    - x "), Some((4, "x")));
        assert_eq!(item("-x"), None);
        assert_eq!(lead("**a**:b", "："), Some(("a", "b")));
    }
}
