//! The difference between two texts as the page shows it: changed lines with a little around them, and
//! in a line that was changed the words that differ.

use serde::Serialize;
use similar::{ChangeTag, DiffOp, TextDiff};

use super::runs::Run;
use super::words::Words;
use crate::text::similarity::is_ideograph;

/// A line of a difference.
#[derive(Debug, Serialize)]
pub(super) struct DiffLine {
    class: &'static str,
    label: String,
    sign: &'static str,
    runs: Vec<Run>,
}

/// Lines around each change.
const AROUND: usize = 1;
/// Lines of which less than this part is the same are shown as two, without marks.
const ALIKE: f32 = 0.4;

/// The changed lines; empty where nothing changed.
pub(super) fn diff(before: &str, after: &str, words: &Words) -> Vec<DiffLine> {
    let diff = TextDiff::from_lines(before, after);
    let mut out = Vec::new();
    for group in diff.grouped_ops(AROUND) {
        if !out.is_empty() {
            out.push(line("gap", String::new(), "", Vec::new()));
        }
        for op in &group {
            let (old, new) = differing(&diff, op);
            for change in diff.iter_changes(op) {
                let text = change.value().trim_end_matches(['\n', '\r']);
                if text.trim().is_empty() {
                    continue;
                }
                let word = |key| words.get("words", key).to_owned();
                let marked = |lines: &[Vec<Run>], at: Option<usize>, from: usize| {
                    at.and_then(|at| lines.get(at - from)).cloned().unwrap_or_else(|| plain(text))
                };
                let (from, to) = (op.old_range().start, op.new_range().start);
                out.push(match change.tag() {
                    ChangeTag::Delete => {
                        line("minus", word("removed"), "− ", marked(&old, change.old_index(), from))
                    }
                    ChangeTag::Insert => {
                        line("plus", word("added"), "+ ", marked(&new, change.new_index(), to))
                    }
                    ChangeTag::Equal => line("same", String::new(), "", plain(text)),
                });
            }
        }
    }
    out
}

fn line(class: &'static str, label: String, sign: &'static str, runs: Vec<Run>) -> DiffLine {
    DiffLine { class, label, sign, runs }
}

fn plain(text: &str) -> Vec<Run> {
    vec![Run { text: text.to_owned(), mark: "" }]
}

/// The lines of a replacement with what differs marked, before and after: the first with the first,
/// the second with the second.
fn differing(diff: &TextDiff<'_, '_, str>, op: &DiffOp) -> (Vec<Vec<Run>>, Vec<Vec<Run>>) {
    let DiffOp::Replace { old_index, old_len, new_index, new_len } = *op else {
        return Default::default();
    };
    let text =
        |line: Option<&str>| line.unwrap_or_default().trim_end_matches(['\n', '\r']).to_owned();
    let pairs = (0..old_len.min(new_len)).map(|i| {
        let (old, new) = (diff.old_slice(old_index + i), diff.new_slice(new_index + i));
        marked(&text(old), &text(new))
    });
    pairs.unzip()
}

/// Two lines with the words that differ marked.
fn marked(old: &str, new: &str) -> (Vec<Run>, Vec<Run>) {
    let (a, b) = (words(old), words(new));
    let diff = TextDiff::from_slices(&a, &b);
    if diff.ratio() < ALIKE {
        return (plain(old), plain(new));
    }
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for change in diff.iter_all_changes() {
        match change.tag() {
            ChangeTag::Equal => {
                push(&mut before, change.value(), "");
                push(&mut after, change.value(), "");
            }
            ChangeTag::Delete => push(&mut before, change.value(), "differs"),
            ChangeTag::Insert => push(&mut after, change.value(), "differs"),
        }
    }
    (before, after)
}

fn push(runs: &mut Vec<Run>, text: &str, mark: &'static str) {
    match runs.last_mut() {
        Some(last) if last.mark == mark => last.text.push_str(text),
        _ => runs.push(Run { text: text.to_owned(), mark }),
    }
}

/// Words and figures whole, ideographs and signs one by one.
fn words(text: &str) -> Vec<&str> {
    let joins = |c: char| c.is_alphanumeric() && !is_ideograph(c);
    let mut out = Vec::new();
    let mut from = 0;
    let mut last = None;
    for (at, c) in text.char_indices() {
        if last.is_some_and(|last| !(joins(last) && joins(c))) {
            out.push(&text[from..at]);
            from = at;
        }
        last = Some(c);
    }
    if from < text.len() {
        out.push(&text[from..]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changed_lines_and_what_stands_around() {
        let words = Words::of("en").unwrap();
        let lines = diff("a\nb\nc\n\nd\n", "a\nB\nc\n\nd\n", &words);
        assert_eq!(shown(&lines), ["a", "− b", "+ B", "c"]);
        assert!(diff("a\n", "a\n", &words).is_empty());
    }

    fn shown(lines: &[DiffLine]) -> Vec<String> {
        let one = |r: &Run| match r.mark {
            "" => r.text.clone(),
            _ => format!("<{}>", r.text),
        };
        let all = lines.iter().map(|l| (l.sign, l.runs.iter().map(one).collect::<String>()));
        all.map(|(sign, text)| format!("{sign}{text}")).collect()
    }

    #[test]
    fn what_differs_in_a_line_is_marked() {
        let words = Words::of("zh").unwrap();
        let lines = diff("功耗为 310 W，下降 4.5%。\n", "功耗约 290 W，下降 4.5%。\n", &words);
        assert_eq!(
            shown(&lines),
            ["− 功耗<为> <310> W，下降 4.5%。", "+ 功耗<约> <290> W，下降 4.5%。"]
        );
        // Lines that have little in common are not picked apart; the second has none beside it.
        let lines = diff("甲乙丙丁\n", "完全不同的话\n又一行\n", &words);
        assert_eq!(shown(&lines), ["− 甲乙丙丁", "+ 完全不同的话", "+ 又一行"]);
        let lines = diff("a <b> c\n", "a <b> d\n", &words);
        assert_eq!(shown(&lines), ["− a <b> <c>", "+ a <b> <d>"]);
    }
}
