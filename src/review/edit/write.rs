//! How a person's text is written into the file, field by field.
//!
//! A text that the program could have written is written anew, with the least escaping; of one that
//! holds the editor's own Markdown only what was changed is touched.

use super::{EditError, RefusalCode};
use crate::collect::canonical::is_expiring;
use crate::format::{Field, join_claims};
use crate::template::{escape, escape_start, link_destination, unescape};
use crate::verify::Claim;

/// The text as the field takes it: on one line, without white space around it. Prose that was
/// pasted in several lines is joined; a title of several lines is refused.
pub(super) fn tidy(field: Field, text: &str) -> Result<String, EditError> {
    if let Field::Free { .. } = field {
        return Ok(text.replace("\r\n", "\n").trim_matches('\n').to_owned());
    }
    let lines: Vec<&str> = text
        .split(['\n', '\r', '\u{2028}', '\u{2029}'])
        .map(str::trim)
        .filter(|l| !l.is_empty())
        .collect();
    if lines.len() > 1 && !is_prose(field) {
        return Err(EditError::refused(
            RefusalCode::Lines,
            "this text stands on one line; take out the line breaks",
        ));
    }
    let one = |l: &&str| Claim { text: (*l).to_owned(), ..Claim::default() };
    let text = join_claims(&lines.iter().map(one).collect::<Vec<_>>()).replace('\t', " ");
    if text.chars().any(char::is_control) {
        return Err(EditError::refused(
            RefusalCode::Control,
            "the text holds control characters; type it instead of pasting it",
        ));
    }
    if text.is_empty() && !may_be_empty(field) {
        return Err(EditError::refused(
            RefusalCode::Empty,
            "this text cannot be empty; to take it out, drop it or delete its entry",
        ));
    }
    match field {
        Field::Link => {
            address(&text)?;
            return Ok(link_destination(&text));
        }
        Field::Date if !text.is_empty() && text.parse::<jiff::civil::Date>().is_err() => {
            return Err(EditError::refused(
                RefusalCode::Date,
                "this is no date; write YYYY-MM-DD, or nothing",
            ));
        }
        _ => {}
    }
    Ok(text)
}

/// Sentences, which may come in several lines.
fn is_prose(field: Field) -> bool {
    matches!(
        field,
        Field::Summary
            | Field::Sentence { .. }
            | Field::Detail { .. }
            | Field::HighlightText { .. }
            | Field::ReadingTitle { .. }
    )
}

fn may_be_empty(field: Field) -> bool {
    matches!(
        field,
        Field::Lead { .. }
            | Field::HighlightLabel { .. }
            | Field::HighlightHeadline { .. }
            | Field::Date
    )
}

fn address(url: &str) -> Result<(), EditError> {
    let is_web =
        url::Url::parse(url).is_ok_and(|u| matches!(u.scheme(), "http" | "https") && u.has_host());
    let wrong = if !is_web {
        "this is no address of the web; it begins with https:// or http://"
    } else if is_expiring(url) {
        "this link stops working within days; take the one that lasts"
    } else {
        return Ok(());
    };
    Err(EditError::refused(RefusalCode::Address, wrong))
}

/// `text` as it stands in the file in place of `raw`, which a reader sees as `base`.
/// `starts_block`: nothing stands before it on its line but a list's or quotation's mark.
pub(super) fn written(raw: &str, base: &str, text: &str, starts_block: bool) -> String {
    let whole = |t: &str| if starts_block { escape_start(t) } else { escape(t) };
    if whole(base) == raw || base.is_empty() {
        return whole(text);
    }
    let (before, after) = common(base, text);
    let changed = &text[before..text.len() - after];
    let (head, tail) = (head(raw, &base[..before]), tail(raw, &base[base.len() - after..]));
    match head + tail <= raw.len() {
        true => format!("{}{}{}", &raw[..head], escape_inner(changed), &raw[raw.len() - tail..]),
        false => whole(text),
    }
}

/// [`escape`] trims its ends; within a text they stay.
fn escape_inner(text: &str) -> String {
    let core = text.trim();
    if core.is_empty() {
        return text.to_owned();
    }
    let start = text.len() - text.trim_start().len();
    let end = start + core.len();
    format!("{}{}{}", &text[..start], escape(core), &text[end..])
}

/// How many bytes two texts have in common at the start and at the end.
pub(super) fn common(a: &str, b: &str) -> (usize, usize) {
    let same = a.chars().zip(b.chars()).take_while(|(x, y)| x == y);
    let before: usize = same.map(|(c, _)| c.len_utf8()).sum();
    let rest = a[before..].chars().rev().zip(b[before..].chars().rev());
    let after: usize = rest.take_while(|(x, y)| x == y).map(|(c, _)| c.len_utf8()).sum();
    (before, after)
}

/// How many bytes of `raw` are shown as `shown`, which it starts with.
fn head(raw: &str, shown: &str) -> usize {
    let count = shown.chars().count();
    let spans = crate::template::unescaped(raw);
    count.checked_sub(1).and_then(|last| spans.get(last)).map_or(0, |(_, r)| r.end)
}

/// How many bytes of `raw` are shown as `shown`, which it ends with.
fn tail(raw: &str, shown: &str) -> usize {
    let spans = crate::template::unescaped(raw);
    let first = spans.len().checked_sub(shown.chars().count());
    first.and_then(|f| spans.get(f)).map_or(0, |(_, r)| raw.len() - r.start)
}

/// Whether only a mark of a list or quotation stands before `at` on its line.
pub(super) fn starts_block(file: &str, at: usize) -> bool {
    let line = file[..at].rfind('\n').map_or(0, |n| n + 1);
    matches!(file[line..at].trim(), "" | "-" | "*" | "+" | ">")
}

/// The item's text with its start escaped, where its lead was taken off.
pub(super) fn bare(raw: &str) -> String {
    let shown = unescape(raw);
    if escape(&shown) == raw { escape_start(&shown) } else { raw.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_changed_is_touched_in_an_editors_markdown() {
        assert_eq!(written("a *b* c", "a *b* c", "a *b* d*", false), "a *b* d\\*");
        assert_eq!(written("a\\*b c", "a*b c", "a*b [c]", false), "a\\*b \\[c\\]");
        assert_eq!(written("&lt;x *y*", "<x *y*", "<z *y*", false), "&lt;z *y*");
        assert_eq!(written("x", "x", "- x", true), "\\- x");
        assert_eq!(written("**甲**乙", "**甲**乙", "**甲**丙丁", false), "**甲**丙丁");
    }

    #[test]
    fn texts_are_tidied_or_refused() {
        let title = |t: &str| tidy(Field::Title, t);
        assert_eq!(title("  甲 ").unwrap(), "甲");
        assert!(title("甲\n乙").is_err() && title(" ").is_err() && title("a\u{7}").is_err());
        assert_eq!(tidy(Field::Summary, "甲。\r\n乙。\n").unwrap(), "甲。乙。");
        assert_eq!(tidy(Field::Summary, "One.\nTwo.").unwrap(), "One. Two.");
        assert!(tidy(Field::Date, "2026-02-30").is_err() && tidy(Field::Date, "").is_ok());
        assert!(tidy(Field::Link, "javascript:alert(1)").is_err());
        assert!(tidy(Field::Link, "https://a.example/x").is_ok());
    }
}
