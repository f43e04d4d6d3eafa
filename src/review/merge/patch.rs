//! Changes of a file's bytes, collected first and carried out at once.

use std::ops::Range;

/// Changes of one text. Ranges do not overlap; what is inserted at one place keeps its order.
pub(super) struct Patches<'a> {
    text: &'a str,
    all: Vec<Patch>,
}

struct Patch {
    range: Range<usize>,
    text: String,
    /// Whether `text` is a block of its own, with a blank line on either side.
    block: bool,
}

impl<'a> Patches<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, all: Vec::new() }
    }

    /// Puts `text` in the place of `range`.
    pub(super) fn replace(&mut self, range: Range<usize>, text: &str) {
        self.all.push(Patch { range, text: text.to_owned(), block: false });
    }

    /// Puts `text` as a block of its own at the byte `at`, where a block ends or begins.
    pub(super) fn insert_block(&mut self, at: usize, text: &str) {
        self.all.push(Patch { range: at..at, text: text.to_owned(), block: true });
    }

    /// Takes a block away, with the blank lines before it.
    pub(super) fn remove_block(&mut self, range: Range<usize>) {
        let before = self.text[..range.start].trim_end_matches(['\n', '\r']).len();
        self.replace(before..range.end, "");
    }

    /// Takes a line away with its line end.
    pub(super) fn remove_line(&mut self, range: Range<usize>) {
        let rest = &self.text[range.end..];
        let end = if rest.starts_with("\r\n") { 2 } else { usize::from(rest.starts_with('\n')) };
        self.replace(range.start..range.end + end, "");
    }

    /// The changed text.
    pub(super) fn applied(mut self) -> String {
        // stable: what is inserted at one place stays in order
        self.all.sort_by_key(|p| (p.range.start, p.range.end));
        let newline = if self.text.contains("\r\n") { "\r\n" } else { "\n" };
        let mut out = String::with_capacity(self.text.len());
        let mut at = 0;
        for patch in &self.all {
            out.push_str(&self.text[at..patch.range.start.max(at)]);
            at = at.max(patch.range.end);
            if patch.block && !out.is_empty() {
                let there = line_ends(out.chars().rev());
                out.push_str(&newline.repeat(2_usize.saturating_sub(there)));
            }
            out.push_str(&patch.text.replace('\n', newline));
            let rest = &self.text[at..];
            if patch.block && !rest.trim().is_empty() {
                let there = line_ends(rest.chars());
                out.push_str(&newline.repeat(2_usize.saturating_sub(there)));
            }
        }
        out.push_str(&self.text[at..]);
        out
    }
}

/// How many line ends `chars` begin with.
fn line_ends(chars: impl Iterator<Item = char>) -> usize {
    chars.take_while(|c| matches!(c, '\n' | '\r')).filter(|c| *c == '\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_get_one_blank_line_on_either_side() {
        let text = "a\n\nb\n\nc\n";
        let mut patches = Patches::new(text);
        patches.remove_block(3..4);
        patches.insert_block(1, "x");
        patches.insert_block(6, "y");
        patches.insert_block(7, "z");
        assert_eq!(patches.applied(), "a\n\nx\n\ny\n\nc\n\nz\n");
        let mut patches = Patches::new("a\r\n\r\nb");
        patches.insert_block(1, "x\ny");
        patches.replace(0..1, "A");
        assert_eq!(patches.applied(), "A\r\n\r\nx\r\ny\r\n\r\nb");
    }
}
