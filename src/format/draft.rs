//! What belongs to a draft alone: marks of its entries and the heading for those that wait.

use std::ops::Range;

use super::lines::{self, Line};
use super::scan::is_waiting;

/// How many entries still stand under the draft's `🆕` heading. It reads no more than headings, so
/// that a file which is not in the format otherwise is not taken for free of them.
pub fn waiting_entries(markdown: &str) -> usize {
    let all = lines::lines(markdown);
    let ranges = waiting(&all);
    ranges.into_iter().flatten().filter(|i| all[*i].heading(3).is_some()).count()
}

/// What is published: the file's bytes without the marks of a draft and without an empty `🆕`
/// heading. What an editor wrote under the heading stays.
pub fn strip_draft_marks(markdown: &str) -> String {
    let all = lines::lines(markdown);
    let mut gone = vec![false; all.len()];
    for (i, line) in all.iter().enumerate() {
        gone[i] = line.mark().is_some();
    }
    for range in waiting(&all) {
        let body = range.start + 1..range.end;
        let empty = |i: usize| all[i].is_blank() || gone[i];
        let rule = body.clone().rev().find(|i| all[*i].is_rule());
        if body.clone().all(|i| empty(i) || Some(i) == rule) {
            gone[range].fill(true);
        } else if !body.clone().any(|i| all[i].heading(3).is_some()) {
            gone[range.start] = true;
        }
    }
    without(markdown, &all, gone)
}

/// The chunks under the draft's heading, the heading included.
fn waiting(all: &[Line<'_>]) -> Vec<Range<usize>> {
    let starts: Vec<usize> = (0..all.len()).filter(|i| all[*i].heading(2).is_some()).collect();
    let ends = starts.iter().skip(1).copied().chain([all.len()]);
    let chunks = starts.iter().copied().zip(ends).map(|(start, end)| start..end);
    chunks.filter(|r| all[r.start].heading(2).is_some_and(is_waiting)).collect()
}

/// The file without the lines that go; the blank lines after them go too where one stands before.
fn without(markdown: &str, all: &[Line<'_>], gone: Vec<bool>) -> String {
    let mut out = String::with_capacity(markdown.len());
    let head = all.first().map_or(markdown.len(), |l| l.start);
    out.push_str(&markdown[..head]);
    let (mut after_gone, mut blank_before) = (false, true);
    for (i, line) in all.iter().enumerate() {
        if gone[i] || (after_gone && blank_before && line.is_blank()) {
            after_gone = true;
            continue;
        }
        let end = all.get(i + 1).map_or(markdown.len(), |next| next.start);
        out.push_str(&markdown[line.start..end]);
        after_gone = false;
        blank_before = line.is_blank();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const DRAFT: &str = "# T\n\n## 1. A\n\n<!-- digestgen: late -->\n<!-- digestgen: extractive -->\n\n### **E**\n\nx\n\n---\n\n";

    #[test]
    fn marks_go_and_nothing_else() {
        let published = "# T\n\n## 1. A\n\n### **E**\n\nx\n\n---\n\n## B\n";
        assert_eq!(strip_draft_marks(&format!("{DRAFT}## B\n")), published);
        let empty = format!("{DRAFT}## 🆕 待安排\n\n---\n\n## B\n");
        assert_eq!(strip_draft_marks(&empty), published);
        assert_eq!(strip_draft_marks(published), published);
        let fence = "# T\r\n```\n<!-- digestgen: late -->\n```\n\n\n<!-- mine -->";
        assert_eq!(strip_draft_marks(fence), fence);
        let tight = "a\n\n<!-- digestgen: late -->\n### **E**\n";
        assert_eq!(strip_draft_marks(tight), "a\n\n### **E**\n");
    }

    #[test]
    fn what_waits_is_counted_and_kept() {
        let draft = format!(
            "{DRAFT}## 🆕 New since your last edit\n\n### **W**\n\n[l](u)\n\n---\n\n## B\n"
        );
        assert_eq!((waiting_entries(DRAFT), waiting_entries(&draft)), (0, 1));
        assert!(strip_draft_marks(&draft).contains("## 🆕"));
        let note = format!("{DRAFT}## 🆕 待安排\n\nmy note\n\n---\n\n## B\n");
        assert_eq!(waiting_entries(&note), 0);
        let published = strip_draft_marks(&note);
        assert!(published.contains("my note") && !published.contains("🆕"));
    }
}
