//! Taking whole lines out of a file, and putting blocks in, with one blank line between blocks.

use std::ops::Range;

/// The file without the lines in `range`. Where a blank line stands before them, those after them
/// go too.
pub(super) fn remove_lines(text: &str, range: Range<usize>) -> String {
    let start = text[..range.start].rfind('\n').map_or(0, |n| n + 1);
    let mut end = end_of_line(text, range.end);
    let mut head = &text[..start];
    if last_line_is_blank(head) {
        while end < text.len() && text[end..end_of_line(text, end)].trim().is_empty() {
            end = end_of_line(text, end);
        }
        while end == text.len() && last_line_is_blank(head) && !head.is_empty() {
            let trimmed = head.strip_suffix('\n').unwrap_or(head);
            head = &head[..trimmed.rfind('\n').map_or(0, |n| n + 1)];
        }
    }
    format!("{head}{}", &text[end..])
}

/// The file with `block` after the block that ends at `at`.
pub(super) fn insert_after(text: &str, at: usize, block: &str, eol: &str) -> String {
    let at = at + text[at..].find(['\r', '\n']).unwrap_or(text.len() - at);
    format!("{}{eol}{eol}{block}{}", &text[..at], &text[at..])
}

/// The file with `block` before the block that begins at `at`.
pub(super) fn insert_before(text: &str, at: usize, block: &str, eol: &str) -> String {
    format!("{}{block}{eol}{eol}{}", &text[..at], &text[at..])
}

/// The end of the line that `at` lies on, its line feed included.
fn end_of_line(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |n| at + n + 1)
}

/// Whether `head`, which ends with a line feed, ends with a blank line.
fn last_line_is_blank(head: &str) -> bool {
    let Some(body) = head.strip_suffix('\n') else {
        return false;
    };
    body[body.rfind('\n').map_or(0, |n| n + 1)..].trim().is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_blank_line_stays() {
        let cut = |text: &str, part: &str| {
            let at = text.find(part).unwrap();
            remove_lines(text, at..at + part.len())
        };
        assert_eq!(cut("a\n\nb\n\nc\n", "b"), "a\n\nc\n");
        assert_eq!(cut("a\r\n\r\nb\r\n\r\nc\r\n", "b"), "a\r\n\r\nc\r\n");
        assert_eq!(cut("a\nb\nc\n", "b"), "a\nc\n");
        assert_eq!(cut("a\n\nb\n", "b"), "a\n");
        assert_eq!(cut("a\n\nb", "b"), "a\n");
        assert_eq!(cut("a\nb\n\nc", "b"), "a\n\nc");
        assert_eq!(insert_after("a\r\n\r\nc", 1, "b", "\r\n"), "a\r\n\r\nb\r\n\r\nc");
        assert_eq!(insert_before("a\n\nc", 3, "b", "\n"), "a\n\nb\n\nc");
    }
}
