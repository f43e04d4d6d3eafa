//! Where new entries go: what a re-run found under the draft's heading for new entries, what the
//! editor asked for to its place by rank.

use super::matching::Seen;
use super::patch::Patches;
use super::{Decided, Merged, Pairs, Side, Sides};
use crate::template;

/// Puts the new entries that the file lacks into it.
pub(super) fn place(
    sides: &Sides<'_>,
    pairs: &Pairs,
    decided: &Decided<'_>,
    patches: &mut Patches<'_>,
    merged: &mut Merged,
) {
    let mut waiting = Vec::new();
    for new in pairs.fresh() {
        let seen = &sides.new.seen[new];
        let Some(text) = sides.new.block(&seen.anchor) else { continue };
        let wanted = seen.has_any(decided.included);
        if wanted && by_rank(sides, pairs, new, &text, patches) {
            merged.placed.push(seen.title.clone());
        } else {
            merged.added.push(seen.title.clone());
            waiting.push(text);
        }
    }
    if !waiting.is_empty() {
        under_heading(sides, &waiting.join("\n\n"), patches);
    }
}

/// Puts an entry into the section of its title, after the last entry that ranks before it. Gives
/// whether the file has the section.
fn by_rank(
    sides: &Sides<'_>,
    pairs: &Pairs,
    new: usize,
    text: &str,
    patches: &mut Patches<'_>,
) -> bool {
    let seen = &sides.new.seen[new];
    let title = &sides.new.parsed.issue.sections[seen.section].title;
    let sections = &sides.file.parsed.issue.sections;
    let Some(section) = sections.iter().position(|s| !s.waiting && s.title == *title) else {
        return false;
    };
    let before = (0..new)
        .rev()
        .filter(|n| sides.new.seen[*n].section == seen.section)
        .filter_map(|n| pairs.file_of_new(n))
        .find(|f| sides.file.seen[*f].section == section);
    let next = match before {
        Some(before) => sides.file.seen.get(before + 1).filter(|s| s.section == section),
        None => sides.file.seen.iter().find(|s| s.section == section),
    };
    let number = 1 + sections[..section].iter().filter(|s| !s.waiting).count();
    let heading = format!("section {number} heading");
    if let Some(start) = next.and_then(|s| start_of(&sides.file, s)) {
        patches.insert_block(start, text);
        return true;
    }
    if let Some(nothing) = sides.file.parsed.bytes_of(&format!("section {number} nothing")) {
        patches.replace(nothing, text);
        return true;
    }
    let Some(end) = end_of_section(&sides.file, number, &heading) else { return false };
    patches.insert_block(end, text);
    true
}

fn start_of(side: &Side<'_>, seen: &Seen) -> Option<usize> {
    side.parsed.bytes_of(&seen.anchor).map(|r| r.start)
}

/// The end of the last block of a section before its closing rule.
fn end_of_section(side: &Side<'_>, number: usize, heading: &str) -> Option<usize> {
    let places = &side.parsed.places;
    let first = places.iter().position(|p| p.anchor == heading)?;
    let rule = format!("section {number}");
    let own = |anchor: &str| {
        let anchor = anchor.strip_prefix("after ").unwrap_or(anchor);
        anchor == heading
            || anchor == format!("{rule} nothing")
            || anchor.starts_with(&format!("entry {number}."))
    };
    places[first..].iter().take_while(|p| own(&p.anchor)).last().map(|p| p.bytes.end)
}

/// Puts entries under the draft's heading for new ones, which is made where there is none.
fn under_heading(sides: &Sides<'_>, text: &str, patches: &mut Patches<'_>) {
    let file = &sides.file;
    if let Some(end) = end_of_waiting(file) {
        return patches.insert_block(end, text);
    }
    let word = sides.new.parsed.issue.words.get("new_entries").map_or("", String::as_str);
    let section = format!("## 🆕 {}\n\n{text}\n\n---", template::escape(word));
    match file.parsed.bytes_of("further reading heading") {
        Some(reading) => patches.insert_block(reading.start, &section),
        None => patches.insert_block(file.text.trim_end().len(), &section),
    }
}

/// The end of the last block under the heading for new entries, before its closing rule.
fn end_of_waiting(side: &Side<'_>) -> Option<usize> {
    let own = |anchor: &str| {
        let anchor = anchor.strip_prefix("after ").unwrap_or(anchor);
        anchor == "section new heading"
            || anchor == "section new nothing"
            || anchor.starts_with("entry new.")
    };
    let places = &side.parsed.places;
    places.iter().filter(|p| own(&p.anchor)).map(|p| p.bytes.end).max()
}
