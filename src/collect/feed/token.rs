//! A forgiving tokenizer for XML and HTML: every input has tokens, in linear time.
//!
//! Comments and processing instructions are passed over. A `<` that starts no tag is text, a tag
//! without its `>` ends at the next `<`. A tag that the end of the text cuts off is none, for its
//! values may be cut off too.

/// One piece of markup. Slices are raw: character references are not yet resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::collect) enum Token<'a> {
    /// `<name attributes>`; `closed` for `<name/>`.
    Start { name: &'a str, attributes: &'a str, closed: bool },
    /// `</name>`.
    End(&'a str),
    /// Character data.
    Text(&'a str),
    /// The inside of a CDATA section, which has no character references.
    Cdata(&'a str),
    /// The inside of `<!DOCTYPE …>`.
    Doctype(&'a str),
}

/// Walks over markup.
pub(in crate::collect) struct Tokens<'a> {
    text: &'a str,
    at: usize,
    /// Closers that do not occur in the rest of the text, so that no search for them is repeated.
    missing: Vec<&'static str>,
}

impl<'a> Tokens<'a> {
    pub(in crate::collect) fn new(text: &'a str) -> Self {
        Self { text, at: 0, missing: Vec::new() }
    }

    /// The byte position after the last token.
    pub(super) fn offset(&self) -> usize {
        self.at
    }

    /// Goes on at byte `at`, which is a character boundary at or after [`Tokens::offset`].
    pub(super) fn skip_to(&mut self, at: usize) {
        if at >= self.at && self.text.is_char_boundary(at) {
            self.at = at;
        }
    }

    /// Where `closer` next occurs at or after `from`.
    fn find(&mut self, from: usize, closer: &'static str) -> Option<usize> {
        if self.missing.contains(&closer) {
            return None;
        }
        let found = self.text.get(from..).and_then(|rest| rest.find(closer));
        if found.is_none() {
            self.missing.push(closer);
        }
        found.map(|i| from + i)
    }

    /// The end of a section that `closer` ends: (end of its inside, end of it all).
    fn section(&mut self, from: usize, closer: &'static str) -> (usize, usize) {
        match self.find(from, closer) {
            Some(i) => (i, i + closer.len()),
            None => (self.text.len(), self.text.len()),
        }
    }

    /// Like [`Tokens::section`], but without the closer it ends at the next `>`.
    fn skipped(&mut self, from: usize, closer: &'static str) -> usize {
        let end = self.find(from, closer).map(|i| i + closer.len());
        end.unwrap_or_else(|| self.section(from, ">").1)
    }

    fn declaration(&mut self) -> Option<Token<'a>> {
        let start = self.at;
        let rest = &self.text[start..];
        if rest.starts_with("<!--") {
            self.at = self.skipped(start + 4, "-->");
            return None;
        }
        if starts_with(rest, "<![CDATA[") {
            let from = start + "<![CDATA[".len();
            let (inside, end) = self.section(from, "]]>");
            self.at = end;
            return Some(Token::Cdata(&self.text[from..inside]));
        }
        if starts_with(rest, "<!DOCTYPE") {
            let from = start + "<!DOCTYPE".len();
            let plain = self.section(from, ">");
            let subset = self.text[from..plain.0].contains('[');
            let (inside, end) = match subset.then(|| self.find(from, "]>")).flatten() {
                Some(i) => (i, i + 2),
                None if subset => match self.find(from, "]") {
                    Some(i) => (i, self.section(i, ">").1),
                    None => plain,
                },
                None => plain,
            };
            self.at = end;
            return Some(Token::Doctype(&self.text[from..inside]));
        }
        self.at = match rest.starts_with("<?") {
            true => self.skipped(start + 2, "?>"),
            false => self.section(start + 2, ">").1,
        };
        None
    }

    /// `</name …>`.
    fn end_tag(&mut self) -> Token<'a> {
        let from = self.at + 2;
        let rest = &self.text[from..];
        let stop = rest.find(['>', '<']).unwrap_or(rest.len());
        let closed = rest[stop..].starts_with('>');
        self.at = from + stop + usize::from(closed);
        Token::End(rest[..stop].split(is_space).next().unwrap_or(""))
    }

    /// `<name …>`: the `>` inside quotes does not end it.
    fn start_tag(&mut self) -> Option<Token<'a>> {
        let text = self.text;
        let from = self.at + 1;
        let rest = &text[from..];
        let name_end =
            rest.find(|c: char| is_space(c) || matches!(c, '>' | '/' | '<')).unwrap_or(rest.len());
        let name = &rest[..name_end];
        let mut at = from + name_end;
        let mut after_equals = false;
        let bytes = text.as_bytes();
        while let Some(&byte) = bytes.get(at) {
            match byte {
                b'>' | b'<' => break,
                b'"' | b'\'' if after_equals => {
                    let quote = if byte == b'"' { "\"" } else { "'" };
                    if let Some(close) = self.find(at + 1, quote) {
                        at = close;
                    }
                    after_equals = false;
                }
                b'=' => after_equals = true,
                b if b.is_ascii_whitespace() => {}
                _ => after_equals = false,
            }
            at += 1;
        }
        if at == text.len() {
            self.at = at;
            return None;
        }
        let inside = &text[from + name_end..at];
        self.at = at + usize::from(bytes.get(at) == Some(&b'>'));
        let closed = inside.ends_with('/') && !unquoted_slash(inside);
        Some(Token::Start {
            name,
            attributes: inside.strip_suffix('/').filter(|_| closed).unwrap_or(inside),
            closed,
        })
    }
}

/// Whether the final slash belongs to an unquoted value, as in `<a href=/news/>`.
fn unquoted_slash(inside: &str) -> bool {
    let last = inside.rsplit(is_space).next().unwrap_or("");
    last.split_once('=')
        .is_some_and(|(_, value)| value.len() > 1 && !value.starts_with(['"', '\'']))
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let rest = &self.text[self.at..];
            let mut chars = rest.chars();
            let opens = chars.next()? == '<';
            let second = chars.next().unwrap_or(' ');
            if opens && matches!(second, '!' | '?') {
                match self.declaration() {
                    Some(token) => return Some(token),
                    None => continue,
                }
            }
            if opens && second == '/' {
                return Some(self.end_tag());
            }
            if opens && (second.is_alphabetic() || second == '_') {
                return self.start_tag();
            }
            let skip = usize::from(opens);
            let end = rest[skip..].find('<').map_or(rest.len(), |i| i + skip);
            self.at += end;
            return Some(Token::Text(&rest[..end]));
        }
    }
}

/// White space of XML and HTML.
pub(super) fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}')
}

fn starts_with(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix))
}

/// The attributes in the raw inside of a start tag: (name, raw value), quoted or not.
pub(in crate::collect) fn attributes(inside: &str) -> Vec<(&str, &str)> {
    let mut out = Vec::new();
    let mut rest = inside;
    loop {
        rest = rest.trim_start_matches(|c| is_space(c) || matches!(c, '/' | '=' | '"' | '\''));
        if rest.is_empty() {
            return out;
        }
        let end = rest.find(|c: char| is_space(c) || c == '=' || c == '/').unwrap_or(rest.len());
        let name = &rest[..end];
        rest = rest[end..].trim_start_matches(is_space);
        let Some(value) = rest.strip_prefix('=') else {
            out.push((name, ""));
            continue;
        };
        let value = value.trim_start_matches(is_space);
        let quoted = ['"', '\''].into_iter().find_map(|q| value.strip_prefix(q)?.split_once(q));
        let (value, after) = match quoted {
            Some(pair) => pair,
            None => value.split_at(value.find(is_space).unwrap_or(value.len())),
        };
        out.push((name, value.trim_matches(['"', '\''])));
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_input_has_tokens() {
        let text =
            r#"x < 3<?pi?><a b="1>2" c='d' e=f/g/><!-- <no> --></a ><![CDATA[<raw>&amp;]]>< <b"#;
        let got: Vec<Token<'_>> = Tokens::new(text).collect();
        let start = |name, attributes, closed| Token::Start { name, attributes, closed };
        assert_eq!(
            got,
            [
                Token::Text("x "),
                Token::Text("< 3"),
                start("a", r#" b="1>2" c='d' e=f/g/"#, false),
                Token::End("a"),
                Token::Cdata("<raw>&amp;"),
                Token::Text("< "),
            ]
        );
        assert_eq!(
            attributes(r#" b="1>2" c = 'd' e=f/g checked"#),
            [("b", "1>2"), ("c", "d"), ("e", "f/g"), ("checked", "")]
        );
    }

    #[test]
    fn unclosed_quotes_cost_no_square() {
        let text = "<a b='".repeat(200_000) + &"<!--<![CDATA[".repeat(50_000);
        assert!(Tokens::new(&text).count() > 0);
    }
}
