//! Texts cut into runs, marked and unmarked. Spans count code points and may overlap.

use serde::Serialize;

/// A run of a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Run {
    /// Its text.
    pub(super) text: String,
    /// A class, or empty.
    pub(super) mark: &'static str,
}

/// A span of a text and the class it is shown with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    /// Half-open, in code points.
    pub(super) span: [usize; 2],
    /// The class.
    pub(super) class: &'static str,
}

/// Classes from the gravest on: where spans overlap the gravest shows.
const GRAVITY: [&str; 5] = ["red", "amber", "miss", "match", "settled"];

/// Cuts `text` at the marks. The runs put together are the text.
pub(super) fn marked(text: &str, mut marks: Vec<Mark>) -> Vec<Run> {
    if marks.is_empty() {
        return vec![Run { text: text.to_owned(), mark: "" }];
    }
    let rank = |class: &str| GRAVITY.iter().position(|c| *c == class).unwrap_or(GRAVITY.len());
    marks.sort_by_key(|m| rank(m.class));
    let class_at = |at: usize| {
        let covers = |m: &&Mark| (m.span[0]..m.span[1]).contains(&at);
        marks.iter().find(covers).map_or("", |m| m.class)
    };
    let mut runs: Vec<Run> = Vec::new();
    for (at, c) in text.chars().enumerate() {
        let mark = class_at(at);
        match runs.last_mut() {
            Some(last) if last.mark == mark => last.text.push(c),
            _ => runs.push(Run { text: c.to_string(), mark }),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, marks: &[([usize; 2], &'static str)]) -> String {
        let marks = marks.iter().map(|(span, class)| Mark { span: *span, class }).collect();
        let one = |r: &Run| match r.mark {
            "" => r.text.clone(),
            mark => format!("<{mark}>{}</>", r.text),
        };
        marked(text, marks).iter().map(one).collect()
    }

    #[test]
    fn overlapping_spans_show_the_gravest() {
        assert_eq!(shown("成本下降38%。", &[([4, 7], "red")]), "成本下降<red>38%</>。");
        let both = [([0, 4], "amber"), ([2, 6], "red")];
        assert_eq!(shown("abcdefg", &both), "<amber>ab</><red>cdef</>g");
        assert_eq!(shown("abc", &[([0, 99], "settled")]), "<settled>abc</>");
        assert_eq!(shown("abc", &[]), "abc");
        assert_eq!(shown("", &[([0, 1], "red")]), "");
    }
}
