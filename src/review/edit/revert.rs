//! Taking an edit back in a file that has changed since.

use std::ops::Range;

use super::{Conflict, EditError, page, write};

/// How many lines around the place must stand as they were.
const LINES: usize = 2;

/// `now` without the edit that made `after` of `before`. Where the file is still what the edit
/// wrote, exactly the earlier bytes; else the lines that it changed go back, where they and those
/// around them still stand once.
///
/// # Errors
/// A conflict, where those lines were changed since.
pub fn revert(before: &str, after: &str, now: &str) -> Result<String, EditError> {
    if now == after {
        return Ok(before.to_owned());
    }
    let (old, new) = changed(before, after);
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
    let mut out = now.to_owned();
    out.replace_range(start..start + new.len(), &before[old]);
    page::Page::read(&out).map_err(|e| super::meaning(&e.to_string()))?;
    Ok(out)
}

/// The whole lines that differ, in both texts.
fn changed(before: &str, after: &str) -> (Range<usize>, Range<usize>) {
    let (head, tail) = write::common(before, after);
    let head = before[..head].rfind('\n').map_or(0, |n| n + 1);
    let rest = &before[before.len() - tail..];
    let tail = rest.find('\n').map_or(0, |n| rest.len() - n - 1);
    (head..(before.len() - tail).max(head), head..(after.len() - tail).max(head))
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
}
