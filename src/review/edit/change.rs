//! Replacing a text, and taking one out.

use std::ops::Range;

use super::page::{Page, Shape};
use super::remove::remove_lines;
use super::write::{bare, starts_block, tidy, written};
use super::{Conflict, EditError, RefusalCode, Target};
use crate::format::{Field, FieldPlace, join_claims, split_claims};

type Changed = Result<(String, Shape), EditError>;

/// Replaces the text of a field.
pub(super) fn replace(page: &Page<'_>, at: &Target, base: &str, text: &str) -> Changed {
    let is_free = matches!(at.field, Field::Free { .. });
    if at.field.is_whole() && !is_free {
        let message = "this is a whole of several texts; change its texts one by one";
        return Err(EditError::refused(RefusalCode::Field, message));
    }
    let mut new = tidy(at.field, text)?;
    if is_free && new.trim().is_empty() {
        return drop(page, at, base);
    }
    let field = match page.find(at, base, Some(text)) {
        // somebody wrote just the same
        Err(_) if is_written_already(page, at, &new) => {
            return Ok((page.text.to_owned(), page.shape()));
        }
        other => other?,
    };
    if let Field::Sentence { .. } = at.field {
        new.push_str(&field.text[field.text.trim_end().len()..]);
    }
    if new == field.text {
        return Ok((page.text.to_owned(), page.shape()));
    }
    if at.field == Field::Link {
        refuse_present(page, at, &new)?;
    }
    if let Field::SectionTitle { .. } = at.field
        && page.parsed.issue.sections.iter().any(|s| s.title == new)
    {
        let message = "another section has this title already; sections are told apart by it";
        return Err(EditError::refused(RefusalCode::Present, message));
    }
    let (range, markdown) = splice(page, field, &new)?;
    let mut out = page.text.to_owned();
    out.replace_range(range, &markdown);
    let expected = expected(page, field, &new);
    Ok((out, expected))
}

fn is_written_already(page: &Page<'_>, at: &Target, new: &str) -> bool {
    let entry = match &at.entry {
        None => None,
        Some(key) => match page.entry(key) {
            Ok(Some(n)) => Some(n),
            _ => return false,
        },
    };
    page.field(entry, at.field).is_some_and(|f| f.text == new)
}

/// An address that another entry has would make the two one.
fn refuse_present(page: &Page<'_>, at: &Target, url: &str) -> Result<(), EditError> {
    let key = super::super::key_of_url(url);
    let is_other = at.entry.as_ref() != Some(&key);
    if is_other && page.keys.contains(&key) {
        let message = "another entry has this source link already";
        return Err(EditError::refused(RefusalCode::Present, message));
    }
    Ok(())
}

/// What the file should say afterwards.
fn expected(page: &Page<'_>, field: &FieldPlace, new: &str) -> Shape {
    let summary = match field.field {
        Field::Sentence { .. } => page.field(field.entry, Field::Summary),
        _ => None,
    };
    let whole = summary.map(|s| with_sentence(page, field, s, new));
    let is = |f: &FieldPlace, g: &FieldPlace| f.entry == g.entry && f.field == g.field;
    let mut shape = page.shape_with(|f| match (&whole, summary) {
        (Some(text), Some(s)) if is(f, s) => Some(text.clone()),
        _ if is(f, field) => Some(new.to_owned()),
        _ => Some(f.text.clone()),
    });
    if let Field::SectionTitle { section } = field.field {
        let numbered = page.parsed.issue.sections.iter().enumerate().filter(|(_, s)| !s.waiting);
        if let Some((at, _)) = numbered.into_iter().nth(section.saturating_sub(1)) {
            new.clone_into(&mut shape.sections[at].0);
        }
    }
    shape
}

/// The summary's text with `new` in place of one sentence; an empty one takes it out.
fn with_sentence(page: &Page<'_>, field: &FieldPlace, summary: &FieldPlace, new: &str) -> String {
    let mut claims = split_claims(&summary.text);
    let own = page.fields.iter().filter(|f| f.entry == field.entry && is_sentence(f));
    let index = own.take_while(|f| f.field != field.field).count();
    let joined = join_claims(&claims);
    let before = join_claims(&claims[..index.min(claims.len())]);
    let Some(claim) = claims.get_mut(index) else { return joined };
    if new.is_empty() {
        claims.remove(index);
        return join_claims(&claims);
    }
    // between two sentences stays what stood there, whatever the new one ends with
    let start = before.len() + joined[before.len()..].find(claim.text.trim_end()).unwrap_or(0);
    let old = claim.text.trim_end().len();
    format!("{}{}{}", &joined[..start], new.trim_end(), &joined[start + old..])
}

fn is_sentence(field: &FieldPlace) -> bool {
    matches!(field.field, Field::Sentence { .. })
}

/// The bytes that change and what they become.
fn splice(
    page: &Page<'_>,
    field: &FieldPlace,
    new: &str,
) -> Result<(Range<usize>, String), EditError> {
    let raw = &page.text[field.bytes.clone()];
    let colon = page.word("colon");
    let plain = || {
        let start = starts_block(page.text, field.bytes.start);
        (field.bytes.clone(), written(raw, &field.text, new, start))
    };
    let inner = || (field.bytes.clone(), written(raw, &field.text, new, false));
    Ok(match field.field {
        Field::Free { .. } => (field.bytes.clone(), new.replace('\n', page.eol())),
        Field::Link => (field.bytes.clone(), new.to_owned()),
        Field::Date if new.is_empty() => (field.whole.clone(), String::new()),
        Field::Date if raw.is_empty() => (field.bytes.clone(), format!("  `[{new}]`")),
        Field::Date => (field.bytes.clone(), new.to_owned()),
        Field::Summary if field.text.is_empty() && raw.is_empty() => {
            let (eol, word) = (page.eol(), page.word("summary"));
            let text = written("", "", new, false);
            (field.bytes.clone(), format!("{eol}{eol}> **{word}**{colon}{text}"))
        }
        Field::Lead { .. } | Field::HighlightHeadline { .. } | Field::HighlightLabel { .. } => {
            bold(page, field, new)?
        }
        Field::Detail { .. } | Field::HighlightText { .. } if field.text.is_empty() => {
            let text = written("", "", new, false);
            (field.bytes.clone(), format!("{colon}{text}"))
        }
        Field::Title
        | Field::IssueTitle
        | Field::SectionTitle { .. }
        | Field::Heading { .. }
        | Field::ReadingTitle { .. } => inner(),
        _ => plain(),
    })
}

/// A bold text before another one: a lead, a headline or a label.
fn bold(
    page: &Page<'_>,
    field: &FieldPlace,
    new: &str,
) -> Result<(Range<usize>, String), EditError> {
    let raw = &page.text[field.bytes.clone()];
    let next = next_text(page, field);
    let is_label = matches!(field.field, Field::HighlightLabel { .. });
    if new.is_empty() {
        let Some(next) = next.filter(|n| !n.text.is_empty()) else {
            let message = "nothing would be left on this line; drop it instead";
            return Err(EditError::refused(RefusalCode::Last, message));
        };
        let rest = &page.text[next.bytes.clone()];
        return Ok(match next.whole == next.bytes {
            true => (field.whole.start..next.bytes.end, bare(rest)),
            false => (field.whole.clone(), String::new()),
        });
    }
    let text = written(raw, &field.text, new, false);
    if !field.text.is_empty() {
        return Ok((field.bytes.clone(), text));
    }
    let mark = if is_label {
        format!("**[{text}]** ")
    } else {
        format!("**{text}**{}", page.word("colon"))
    };
    // what began the block begins it no longer: its escaping stays, which shows the same
    Ok((field.bytes.clone(), mark))
}

/// The first text after a lead, headline or label that is there.
fn next_text<'a>(page: &'a Page<'_>, field: &FieldPlace) -> Option<&'a FieldPlace> {
    let wanted: &[Field] = match field.field {
        Field::Lead { point, detail } => &[Field::Detail { point, detail }],
        Field::HighlightHeadline { line } => &[Field::HighlightText { line }],
        Field::HighlightLabel { line } => {
            &[Field::HighlightHeadline { line }, Field::HighlightText { line }]
        }
        _ => &[],
    };
    let there = |f: &Field| page.field(field.entry, *f).filter(|f| !f.text.is_empty());
    wanted.iter().find_map(there)
}

/// Takes out a sentence or a whole.
pub(super) fn drop(page: &Page<'_>, at: &Target, base: &str) -> Changed {
    let field = page.find(at, base, None)?;
    let last = |what: &str| Err(EditError::refused(RefusalCode::Last, what));
    let range = match field.field {
        Field::Sentence { .. } => return drop_sentence(page, field),
        Field::DetailLine { point, .. } if only_detail(page, field, point) => {
            // its heading would go too, and the person did not say what they saw there
            let whole = page.field(field.entry, Field::Point { point }).unwrap_or(field);
            return Err(EditError::Conflict(Conflict {
                base: base.to_owned(),
                theirs: Some(whole.text.clone()),
                mine: None,
            }));
        }
        Field::Point { .. } => return drop_point(page, field),
        Field::HighlightLine { .. } => highlight_range(page, field),
        Field::ReadingItem { group, .. } => reading_range(page, field, group),
        Field::DetailLine { .. } | Field::Paper { .. } | Field::Free { .. } => field.bytes.clone(),
        Field::Entry => return last("an entry is deleted, not dropped"),
        _ => {
            let message = "this text cannot be dropped by itself; drop the line it stands on";
            return Err(EditError::refused(RefusalCode::Field, message));
        }
    };
    let expected = page.shape_without(&range);
    Ok((remove_lines(page.text, range), expected))
}

/// Whether a detail is the only one of its key point.
fn only_detail(page: &Page<'_>, field: &FieldPlace, wanted: usize) -> bool {
    let is = |f: &&FieldPlace| match f.field {
        Field::DetailLine { point, .. } => f.entry == field.entry && point == wanted,
        _ => false,
    };
    page.fields.iter().filter(is).count() == 1
}

fn drop_point(page: &Page<'_>, field: &FieldPlace) -> Changed {
    let points = page
        .fields
        .iter()
        .filter(|f| f.entry == field.entry && matches!(f.field, Field::Point { .. }))
        .count();
    let mut range = field.bytes.clone();
    if points == 1 {
        // the heading of the details goes with the last of them
        let entry = page.field(field.entry, Field::Entry).map_or(0, |e| e.bytes.start);
        let heading = page.parsed.places.iter().rfind(|p| {
            p.anchor.ends_with(" details") && (entry..range.start).contains(&p.bytes.start)
        });
        let between = heading.map(|h| page.text[h.bytes.end..range.start].trim().is_empty());
        match (heading, between) {
            (Some(heading), Some(true)) => range.start = heading.bytes.start,
            (Some(heading), _) => {
                let expected = page.shape_without(&range);
                let text = remove_lines(page.text, range);
                return Ok((remove_lines(&text, heading.bytes.clone()), expected));
            }
            _ => {}
        }
    }
    let expected = page.shape_without(&range);
    Ok((remove_lines(page.text, range), expected))
}

fn drop_sentence(page: &Page<'_>, field: &FieldPlace) -> Changed {
    let own: Vec<&FieldPlace> =
        page.fields.iter().filter(|f| f.entry == field.entry && is_sentence(f)).collect();
    let index = own.iter().position(|f| f.field == field.field).unwrap_or(0);
    let range = match (own.get(index + 1), index.checked_sub(1).and_then(|i| own.get(i))) {
        (_, Some(before)) => before.bytes.end..field.bytes.end,
        (Some(next), None) => field.bytes.start..next.bytes.start,
        (None, None) => {
            let message = "it is the only sentence of the summary; write another one, or delete \
                           the entry";
            return Err(EditError::refused(RefusalCode::Last, message));
        }
    };
    let mut out = page.text.to_owned();
    out.replace_range(range, "");
    let summary = page.field(field.entry, Field::Summary);
    let kept = summary.map(|s| with_sentence(page, field, s, ""));
    let is_summary = |f: &FieldPlace| f.entry == field.entry && f.field == Field::Summary;
    let expected = page.shape_with(|f| match &kept {
        Some(text) if is_summary(f) => Some(text.clone()),
        _ => Some(f.text.clone()),
    });
    Ok((out, expected))
}

/// The bytes of a line of the highlights; with the last line their heading and rule go.
pub(super) fn highlight_range(page: &Page<'_>, field: &FieldPlace) -> Range<usize> {
    let is_line = |f: &&FieldPlace| matches!(f.field, Field::HighlightLine { .. });
    if page.fields.iter().filter(is_line).count() > 1 {
        return field.bytes.clone();
    }
    let places = page.parsed.places.iter();
    let own: Vec<_> = places.filter(|p| p.anchor.starts_with("highlights")).collect();
    match (own.first(), own.last()) {
        (Some(first), Some(last)) => first.bytes.start..last.bytes.end,
        _ => field.bytes.clone(),
    }
}

/// The bytes of an item of further reading; with the last of its group the group goes, with the
/// last of all the heading.
fn reading_range(page: &Page<'_>, field: &FieldPlace, group: usize) -> Range<usize> {
    let items = |of: Option<usize>| {
        let is = |f: &&FieldPlace| match f.field {
            Field::ReadingItem { group, .. } => of.is_none_or(|wanted| wanted == group),
            _ => false,
        };
        page.fields.iter().filter(is).count()
    };
    let place = |anchor: &str| page.parsed.places.iter().find(|p| p.anchor == anchor);
    let Some(own) = place(&format!("group {group}")).filter(|_| items(Some(group)) == 1) else {
        return field.bytes.clone();
    };
    let heading = place("further reading heading").filter(|_| items(None) == 1);
    heading.map_or(own.bytes.start, |h| h.bytes.start)..own.bytes.end
}
