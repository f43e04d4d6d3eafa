//! Splitting running text into sentences, Chinese and English alike.

use std::ops::Range;

/// The sentences of one paragraph as byte ranges into `text`, in order, trimmed of white space.
/// Together they hold every character of `text` that is not white space between them.
pub fn split(text: &str) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let ends = match c {
            '。' | '！' | '？' | '…' | '；' => c != '；',
            '!' | '?' => true,
            '.' => chars.peek().is_none_or(|(_, n)| n.is_whitespace()),
            '\n' => true,
            _ => false,
        };
        if ends {
            let mut end = at + c.len_utf8();
            while let Some((i, n)) = chars.peek().copied() {
                if "。！？…!?.”’」』）)\"'".contains(n) {
                    end = i + n.len_utf8();
                    chars.next();
                } else {
                    break;
                }
            }
            push(text, start..end, &mut out);
            start = end;
        }
    }
    push(text, start..text.len(), &mut out);
    out
}

fn push(text: &str, range: Range<usize>, out: &mut Vec<Range<usize>>) {
    let part = &text[range.clone()];
    let trimmed = part.trim();
    if !trimmed.is_empty() {
        let from = range.start + (part.len() - part.trim_start().len());
        out.push(from..from + trimmed.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages() {
        let text = "第一句。第二句“引文。”第三句 First one. Second one!";
        let got: Vec<&str> = split(text).into_iter().map(|r| &text[r]).collect();
        assert_eq!(
            got,
            [
                "第一句。",
                "第二句“引文。”",
                "第三句 First one.",
                "Second one!"
            ]
        );
    }
}
