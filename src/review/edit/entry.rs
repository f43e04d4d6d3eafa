//! Taking an entry out, putting one in, moving it; and the order of the highlights.

use super::change::highlight_range;
use super::page::{Page, Shape, same};
use super::remove::{insert_after, insert_before, remove_lines};
use super::{Conflict, EditError, LineSpot, RefusalCode, Spot};
use crate::format::{Field, FieldPlace};

type Changed = Result<(String, Shape), EditError>;

fn conflict(base: &str, theirs: Option<String>, mine: Option<&str>) -> EditError {
    EditError::Conflict(Conflict { base: base.to_owned(), theirs, mine: mine.map(str::to_owned) })
}

/// Takes out an entry, and its line of the highlights.
pub(super) fn delete(page: &Page<'_>, key: &str, base: &str, highlight: Option<&str>) -> Changed {
    let entry = page.entry(key)?.ok_or_else(|| conflict(base, None, None))?;
    let place = whole(page, entry)?;
    if !same(&place.text, base) {
        return Err(conflict(base, Some(place.text.clone()), None));
    }
    let line = match highlight {
        None => None,
        Some(text) => Some(line_of(page, text).ok_or_else(|| conflict(text, None, None))?),
    };
    let mut shape = page.shape();
    let (s, e) = page.place_of(entry);
    shape.sections[s].1.remove(e);
    shape.free = page.shape_without(&place.bytes).free;
    let mut text = without_entry(page, entry, place);
    if let Some(line) = line {
        let range = highlight_range(page, line);
        // what stands between the lines and their heading stays where it is
        shape.outside = page.shape_without(&range).outside;
        shape.free = page.shape_without(&place.bytes).free;
        // the highlights stand above all entries, so their bytes are still these
        text = remove_lines(&text, range);
    }
    Ok((text, shape))
}

/// The file without an entry; a section without any says so.
fn without_entry(page: &Page<'_>, entry: usize, place: &FieldPlace) -> String {
    let (s, _) = page.place_of(entry);
    let section = &page.parsed.issue.sections[s];
    if section.entries.len() > 1 || section.waiting {
        return remove_lines(page.text, place.bytes.clone());
    }
    let mut out = page.text.to_owned();
    out.replace_range(place.bytes.clone(), &format!("*({})*", page.word("nothing")));
    out
}

fn whole<'a>(page: &'a Page<'_>, entry: usize) -> Result<&'a FieldPlace, EditError> {
    let gone = || EditError::refused(RefusalCode::Place, "the entry is not there any more");
    page.field(Some(entry), Field::Entry).ok_or_else(gone)
}

/// The only line of the highlights with this Markdown.
fn line_of<'a>(page: &'a Page<'_>, text: &str) -> Option<&'a FieldPlace> {
    let is =
        |f: &&FieldPlace| matches!(f.field, Field::HighlightLine { .. }) && same(&f.text, text);
    let mut found = page.fields.iter().filter(is);
    found.next().filter(|_| found.next().is_none())
}

/// Moves an entry.
pub(super) fn shift(page: &Page<'_>, key: &str, from: &Spot, to: &Spot) -> Changed {
    let told = |spot: &Spot| spot.section.clone();
    let gone = || conflict(&told(from), None, Some(&told(to)));
    let entry = page.entry(key)?.ok_or_else(gone)?;
    if to.after.as_deref() == Some(key) {
        let message = "an entry cannot go after itself";
        return Err(EditError::refused(RefusalCode::Place, message));
    }
    let (s, e) = page.place_of(entry);
    let now = spot_of(page, entry);
    let moved = now.section != from.section || now.after != from.after && stands_in(page, s, from);
    if now == *to {
        return Ok((page.text.to_owned(), page.shape()));
    }
    if moved {
        return Err(conflict(&told(from), Some(told(&now)), Some(&told(to))));
    }
    let block = whole(page, entry)?;
    let cut = without_entry(page, entry, block);
    let between = Page::read(&cut)?;
    let (text, (to_s, to_e)) = with_entry(&between, &block.text, to)?;
    let mut shape = page.shape();
    let own = shape.sections[s].1.remove(e);
    shape.sections[to_s].1.insert(to_e, own);
    Ok((text, shape))
}

/// Whether the entry that stood before is still in that section: then it is this one that moved.
fn stands_in(page: &Page<'_>, section: usize, spot: &Spot) -> bool {
    let Some(key) = &spot.after else { return true };
    page.keys.iter().enumerate().any(|(n, k)| k == key && page.place_of(n).0 == section)
}

/// Where an entry stands.
pub(super) fn spot_of(page: &Page<'_>, entry: usize) -> Spot {
    let (s, e) = page.place_of(entry);
    let section = page.parsed.issue.sections[s].title.clone();
    Spot { section, after: (e > 0).then(|| page.keys[entry - 1].clone()) }
}

/// The file with an entry's Markdown at `spot`, and where that is by index.
fn with_entry(
    page: &Page<'_>,
    block: &str,
    spot: &Spot,
) -> Result<(String, (usize, usize)), EditError> {
    let s = page.section(&spot.section)?;
    let eol = page.eol();
    let first = (0..page.keys.len()).find(|n| page.place_of(*n).0 == s);
    if let Some(key) = &spot.after {
        let missing = || {
            let message = "the entry it should go after is not in that section any more; load the \
                           page again";
            EditError::refused(RefusalCode::Place, message)
        };
        let before = page.entry(key)?.filter(|n| page.place_of(*n).0 == s).ok_or_else(missing)?;
        let end = whole(page, before)?.bytes.end;
        return Ok((insert_after(page.text, end, block, eol), (s, page.place_of(before).1 + 1)));
    }
    if let Some(first) = first {
        let start = whole(page, first)?.bytes.start;
        return Ok((insert_before(page.text, start, block, eol), (s, 0)));
    }
    let name = page.name_of(s);
    let place = |anchor: &str| page.parsed.places.iter().find(|p| p.anchor == anchor);
    if let Some(nothing) = place(&format!("section {name} nothing")) {
        let mut out = page.text.to_owned();
        out.replace_range(nothing.bytes.clone(), block);
        return Ok((out, (s, 0)));
    }
    let heading = format!("section {name} heading");
    let own = [heading.clone(), format!("after {heading}")];
    let end = page.parsed.places.iter().rfind(|p| own.contains(&p.anchor)).map(|p| p.bytes.end);
    let end = end.unwrap_or(page.text.len());
    Ok((insert_after(page.text, end, block, eol), (s, 0)))
}

/// Puts an entry in.
pub(super) fn restore(
    page: &Page<'_>,
    text: &str,
    to: &Spot,
    highlight: Option<&LineSpot>,
) -> Changed {
    let (key, texts) = read_entry(page, text)?;
    if page.keys.contains(&key) {
        let message = "an entry with this source link is there already";
        return Err(EditError::refused(RefusalCode::Present, message));
    }
    let block = text.replace("\r\n", "\n").trim().replace('\n', page.eol());
    let (mut out, (s, e)) = with_entry(page, &block, to)?;
    let mut shape = page.shape();
    let inner = texts.free;
    shape.free.extend(inner);
    shape.free.sort();
    let own = texts.sections.into_iter().next().and_then(|(_, entries)| entries.into_iter().next());
    shape.sections[s].1.insert(e, own.unwrap_or_default());
    if let Some(line) = highlight {
        let next = Page::read(&out)?;
        out = with_line(&next, line);
        // the line is read where it will stand
        shape.outside = Page::read(&out)?.shape().outside;
    }
    Ok((out, shape))
}

/// The key of an entry's Markdown and what it says.
fn read_entry(page: &Page<'_>, text: &str) -> Result<(String, Shape), EditError> {
    let file = format!(
        "# T (2026-01-01 {} 2026-01-01)\n\n## 1. S\n\n{}\n\n---\n",
        page.word("to"),
        text.trim()
    );
    let wrong = |why: &str| {
        EditError::refused(RefusalCode::Meaning, format!("this is no entry of the format: {why}"))
    };
    let read = Page::read(&file).map_err(|e| wrong(&e.to_string()))?;
    match &read.keys[..] {
        [key] => Ok((key.clone(), read.shape())),
        keys => Err(wrong(&format!("it holds {} entries", keys.len()))),
    }
}

/// The file with a line in its highlights; without highlights it stays as it is.
fn with_line(page: &Page<'_>, line: &LineSpot) -> String {
    let eol = page.eol();
    let after = line.after.as_deref().and_then(|text| line_of(page, text));
    let text = line.text.trim_end_matches(['\r', '\n']);
    if let Some(before) = after {
        let end = before.bytes.end;
        return format!("{}{eol}{text}{}", &page.text[..end], &page.text[end..]);
    }
    match page.field(None, Field::HighlightLine { line: 1 }) {
        Some(first) => {
            let start = first.bytes.start;
            format!("{}{text}{eol}{}", &page.text[..start], &page.text[start..])
        }
        None => page.text.to_owned(),
    }
}

/// Moves a line of the highlights.
pub(super) fn move_highlight(page: &Page<'_>, base: &str, after: Option<&str>) -> Changed {
    let own = line_of(page, base).ok_or_else(|| conflict(base, None, Some(base)))?;
    let lines: Vec<&FieldPlace> =
        page.fields.iter().filter(|f| matches!(f.field, Field::HighlightLine { .. })).collect();
    let from = lines.iter().position(|f| f.bytes == own.bytes).unwrap_or(0);
    let mut order: Vec<usize> = (0..lines.len()).filter(|i| *i != from).collect();
    let to = match after {
        None => 0,
        Some(text) => {
            let before = line_of(page, text).ok_or_else(|| conflict(base, None, Some(text)))?;
            let at = order.iter().position(|i| lines[*i].bytes == before.bytes);
            at.map_or(0, |at| at + 1)
        }
    };
    order.insert(to, from);
    let mut text = page.text.to_owned();
    for (slot, wanted) in order.iter().enumerate().rev() {
        text.replace_range(lines[slot].bytes.clone(), &lines[*wanted].text);
    }
    let mut shape = page.shape();
    let is_highlight = |f: Field| {
        matches!(
            f,
            Field::HighlightLabel { .. }
                | Field::HighlightHeadline { .. }
                | Field::HighlightText { .. }
        )
    };
    let start = shape.outside.iter().position(|(f, _)| is_highlight(*f)).unwrap_or(0);
    let old = shape.outside.clone();
    for (slot, wanted) in order.iter().enumerate() {
        for part in 0..3 {
            if let Some(texts) = old.get(start + wanted * 3 + part) {
                shape.outside[start + slot * 3 + part] = texts.clone();
            }
        }
    }
    Ok((text, shape))
}
