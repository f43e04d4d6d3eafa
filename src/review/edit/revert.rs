//! Taking an edit back in a file that has changed since.

use std::ops::Range;

use similar::{DiffTag, TextDiff};

use super::{Conflict, EditError, page};

/// How many lines around the place must stand as they were.
const LINES: usize = 2;

/// `now` without the edit that made `after` of `before`. Where the file is still what the edit
/// wrote, exactly the earlier bytes; else the lines that it changed go back, each run of them where
/// it and the lines around it still stand once.
///
/// # Errors
/// A conflict, where those lines were changed since.
pub fn revert(before: &str, after: &str, now: &str) -> Result<String, EditError> {
    if now == after {
        return Ok(before.to_owned());
    }
    let mut places = Vec::new();
    for (old, new) in changed(before, after) {
        let context = around(after, &new);
        let wanted = &after[context.clone()];
        let mut found = now.match_indices(wanted);
        let at = match (found.next(), found.next()) {
            (Some((at, _)), None) if !wanted.is_empty() => at,
            _ => {
                return Err(EditError::Conflict(Conflict {
                    base: after[new].to_owned(),
                    theirs: None,
                    mine: Some(before[old].to_owned()),
                }));
            }
        };
        let start = at + (new.start - context.start);
        places.push((start..start + new.len(), old));
    }
    places.sort_by_key(|(place, _)| std::cmp::Reverse((place.start, place.end)));
    let mut out = now.to_owned();
    for (place, old) in places {
        out.replace_range(place, &before[old]);
    }
    page::Page::read(&out).map_err(|e| super::meaning(&e.to_string()))?;
    Ok(out)
}

/// The runs of whole lines that differ, in both texts.
fn changed(before: &str, after: &str) -> Vec<(Range<usize>, Range<usize>)> {
    let (old, new) = (line_starts(before), line_starts(after));
    let old_lines: Vec<&str> = before.split_inclusive('\n').collect();
    let new_lines: Vec<&str> = after.split_inclusive('\n').collect();
    let diff = TextDiff::from_slices(&old_lines, &new_lines);
    let ops = diff.ops().iter().filter(|op| op.tag() != DiffTag::Equal);
    let bytes = |starts: &[usize], lines: Range<usize>| starts[lines.start]..starts[lines.end];
    ops.map(|op| (bytes(&old, op.old_range()), bytes(&new, op.new_range()))).collect()
}

/// Where each line begins, and the end of the text.
fn line_starts(text: &str) -> Vec<usize> {
    let mut at = 0;
    let mut out = vec![0];
    for line in text.split_inclusive('\n') {
        at += line.len();
        out.push(at);
    }
    out
}

/// A range with the lines around it.
fn around(text: &str, range: &Range<usize>) -> Range<usize> {
    let (mut start, mut end) = (range.start, range.end);
    for _ in 0..LINES {
        start = text[..start.saturating_sub(1)].rfind('\n').map_or(0, |n| n + 1);
        end = text[end..].find('\n').map_or(text.len(), |n| end + n + 1);
    }
    start..end
}

#[cfg(test)]
mod tests {
    use super::super::tests::{A, at, draft, text_of};
    use super::super::{Edit, apply, drop_of, pieces};
    use super::*;
    use crate::format::Field;

    fn title(file: &str, text: &str) -> String {
        let (at, base) = (at(Some(A), Field::Title), text_of(file, Some(A), Field::Title));
        apply(file, &Edit::Replace { at, base, text: text.into() }).unwrap()
    }

    #[test]
    fn an_edit_goes_back_around_others() {
        for eol in ["\n", "\r\n"] {
            let before = draft(eol);
            let all = pieces(&before).unwrap();
            let line = Field::DetailLine { point: 1, detail: 2 };
            let after = apply(&before, &drop_of(&all, &at(Some(A), line)).unwrap()).unwrap();
            assert_eq!(revert(&before, &after, &after).unwrap(), before);
            let later = title(&after, "另一个标题");
            assert_eq!(revert(&before, &after, &later).unwrap(), title(&before, "另一个标题"));
            let twice = title(&later, "第三个");
            let Err(EditError::Conflict(conflict)) = revert(&after, &later, &twice) else {
                panic!()
            };
            assert!(conflict.mine.unwrap().contains("甲发布微光-3"));
        }
    }
    #[test]
    fn edits_in_two_places_go_back_around_what_stands_between() {
        let before = draft("\n");
        let replace = |entry: Option<&str>, field, text: &str| Edit::Replace {
            at: at(entry, field),
            base: text_of(&before, entry, field),
            text: text.into(),
        };
        let edits = vec![
            replace(Some(A), Field::Sentence { sentence: 1 }, "另一句。"),
            replace(None, Field::HighlightText { line: 1 }, "另一句。"),
        ];
        let after = apply(&before, &Edit::Together { edits }).unwrap();
        assert_eq!(after.matches("另一句。").count(), 2);
        let between =
            |text: &str| text.replace("一条赞助", "两条赞助").replace("给读者的话", "改过的话");
        assert_eq!(revert(&before, &after, &between(&after)).unwrap(), between(&before));
        let gone = after.replacen("另一句。", "第三句。", 1);
        assert!(revert(&before, &after, &gone).is_err());
        // of several edits all are made, or none
        let edits = vec![
            replace(Some(A), Field::Sentence { sentence: 1 }, "另一句。"),
            Edit::Drop { at: at(Some(A), Field::Title), base: "不是这个".into() },
        ];
        assert!(apply(&before, &Edit::Together { edits }).is_err());
    }
}
