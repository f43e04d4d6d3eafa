//! A file as lines, with those marked that no rule of the format looks into: code in fences and
//! comments over several lines are an editor's own.

use std::ops::Range;

/// One line of a file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'a> {
    /// Its text without the line end.
    pub(super) text: &'a str,
    /// Its first byte in the file.
    pub(super) start: usize,
    /// Whether it lies in a fence or a comment, their first and last lines included.
    pub(super) opaque: bool,
}

impl Line<'_> {
    /// Whether nothing stands on it.
    pub(super) fn is_blank(&self) -> bool {
        !self.opaque && self.text.trim().is_empty()
    }

    /// Whether it is a rule as the format draws it.
    pub(super) fn is_rule(&self) -> bool {
        !self.opaque && self.text.trim_end() == "---"
    }

    /// Whether it is a heading of `level`, and the heading's text.
    pub(super) fn heading(&self, level: usize) -> Option<&str> {
        let rest = self.text.strip_prefix(&"######"[..level]).filter(|_| !self.opaque)?;
        (rest.is_empty() || rest.starts_with([' ', '\t'])).then(|| rest.trim())
    }

    /// The text of a mark of a draft, where the line is one.
    pub(super) fn mark(&self) -> Option<String> {
        let inner = self.text.trim().strip_prefix("<!--")?.strip_suffix("-->")?;
        let text = inner.trim().strip_prefix("digestgen:").filter(|_| !self.opaque)?;
        Some(crate::template::uncomment(text.trim()))
    }
}

/// The lines of `markdown`; a byte-order mark at the start belongs to none.
pub(super) fn lines(markdown: &str) -> Vec<Line<'_>> {
    let mut out = Vec::new();
    let mut at = if markdown.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut inside: Option<Opaque> = None;
    for piece in markdown[at..].split_inclusive('\n') {
        let text = piece.strip_suffix('\n').unwrap_or(piece);
        let text = text.strip_suffix('\r').unwrap_or(text);
        let opened = inside.is_none();
        if opened {
            inside = Opaque::opened_by(text);
        }
        out.push(Line { text, start: at, opaque: inside.is_some() });
        if inside.as_ref().is_some_and(|o| o.closed_by(text, opened)) {
            inside = None;
        }
        at += piece.len();
    }
    out
}

/// The index of the line that opens a fence or comment which nothing closes.
pub(super) fn unclosed(lines: &[Line<'_>]) -> Option<usize> {
    let mut inside: Option<(usize, Opaque)> = None;
    for (at, line) in lines.iter().enumerate() {
        let opened = inside.is_none();
        if opened {
            inside = Opaque::opened_by(line.text).map(|o| (at, o));
        }
        if inside.as_ref().is_some_and(|(_, o)| o.closed_by(line.text, opened)) {
            inside = None;
        }
    }
    inside.map(|(at, _)| at)
}

/// The bytes that `lines[range]` take, without the last line's end.
pub(super) fn bytes(lines: &[Line<'_>], range: &Range<usize>) -> Range<usize> {
    let start = lines[range.start].start;
    let last = &lines[range.end - 1];
    start..last.start + last.text.len()
}

/// What hides lines from the format.
enum Opaque {
    Fence(char, usize),
    Comment,
}

impl Opaque {
    fn opened_by(text: &str) -> Option<Self> {
        let bare = text.trim_start();
        let mark = bare.chars().next().filter(|c| matches!(c, '`' | '~'));
        if let Some(mark) = mark {
            let length = bare.chars().take_while(|c| *c == mark).count();
            let info = &bare[length..];
            return (length >= 3 && !(mark == '`' && info.contains('`')))
                .then_some(Self::Fence(mark, length));
        }
        (bare.starts_with("<!--") && !bare.contains("-->")).then_some(Self::Comment)
    }

    fn closed_by(&self, text: &str, is_opening: bool) -> bool {
        match self {
            _ if is_opening => false,
            Self::Fence(mark, length) => {
                let bare = text.trim();
                bare.chars().count() >= *length && bare.chars().all(|c| c == *mark)
            }
            Self::Comment => text.contains("-->"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fences_and_comments_are_opaque() {
        let text = "\u{feff}# a\r\n```\n## b\n```\n<!-- one -->\n<!--\n## c\n-->\n## d";
        let all = lines(text);
        let opaque: Vec<bool> = all.iter().map(|l| l.opaque).collect();
        assert_eq!(opaque, [false, true, true, true, false, true, true, true, false]);
        assert_eq!(all[0].heading(1), Some("a"));
        assert_eq!(all[8].heading(2), Some("d"));
        assert_eq!(&text[bytes(&all, &(0..1))], "# a");
    }

    #[test]
    fn marks_are_single_lines() {
        let text = "<!-- digestgen: continuing 2026-01-02 a --&gt; b -->\n<!-- other -->";
        let all = lines(text);
        assert_eq!(all[0].mark().as_deref(), Some("continuing 2026-01-02 a --> b"));
        assert_eq!(all[1].mark(), None);
    }
}
