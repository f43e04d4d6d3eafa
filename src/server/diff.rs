//! The difference between two texts as the page shows it: changed lines with a little around them.

use serde::Serialize;
use similar::{ChangeTag, TextDiff};

use super::words::Words;

/// A line of a difference.
#[derive(Debug, Serialize)]
pub(super) struct DiffLine {
    class: &'static str,
    label: String,
    sign: &'static str,
    text: String,
}

/// Lines around each change.
const AROUND: usize = 1;

/// The changed lines; empty where nothing changed.
pub(super) fn diff(before: &str, after: &str, words: &Words) -> Vec<DiffLine> {
    let diff = TextDiff::from_lines(before, after);
    let mut out = Vec::new();
    for group in diff.grouped_ops(AROUND) {
        if !out.is_empty() {
            out.push(line("gap", String::new(), "", ""));
        }
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let text = change.value().trim_end_matches(['\n', '\r']);
            if text.trim().is_empty() {
                continue;
            }
            let word = |key| words.get("words", key).to_owned();
            out.push(match change.tag() {
                ChangeTag::Delete => line("minus", word("removed"), "− ", text),
                ChangeTag::Insert => line("plus", word("added"), "+ ", text),
                ChangeTag::Equal => line("same", String::new(), "", text),
            });
        }
    }
    out
}

fn line(class: &'static str, label: String, sign: &'static str, text: &str) -> DiffLine {
    DiffLine { class, label, sign, text: text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changed_lines_and_what_stands_around() {
        let words = Words::of("en").unwrap();
        let lines = diff("a\nb\nc\n\nd\n", "a\nB\nc\n\nd\n", &words);
        let shown: Vec<String> = lines.iter().map(|l| format!("{}{}", l.sign, l.text)).collect();
        assert_eq!(shown, ["a", "− b", "+ B", "c"]);
        assert!(diff("a\n", "a\n", &words).is_empty());
    }
}
