//! Further reading: an untouched list takes the new one; to an edited one new items are added.

use std::collections::BTreeSet;
use std::ops::Range;

use super::patch::Patches;
use super::{Side, Sides, plain};
use crate::collect::canonical::canonical;

/// The anchor that begins further reading.
const HEADING: &str = "further reading heading";

/// A group of a list: its name, and its items as they are written.
struct Group {
    name: String,
    bytes: Range<usize>,
    /// The canonical URL of each item, its line, and its bytes.
    items: Vec<(String, String, Range<usize>)>,
}

/// Merges further reading.
pub(super) fn merge(sides: &Sides<'_>, patches: &mut Patches<'_>) {
    let (base, file, new) = (region(&sides.base), region(&sides.file), region(&sides.new));
    let text =
        |side: &Side<'_>, range: &Option<Range<usize>>| range.clone().map(|r| plain(&side.text[r]));
    let (base_text, new_text) = (text(&sides.base, &base), text(&sides.new, &new));
    let file_text = text(&sides.file, &file);
    if file_text == new_text || base_text == new_text {
        return;
    }
    if file_text == base_text {
        match (file, new_text) {
            (Some(old), Some(new)) => patches.replace(old, &new),
            (Some(old), None) => patches.remove_block(old),
            (None, Some(new)) => patches.insert_block(sides.file.text.trim_end().len(), &new),
            (None, None) => {}
        }
        return;
    }
    if file.is_some() {
        add_items(sides, patches);
    }
}

/// Adds what is new to the list of an editor, and takes out what an entry links now.
fn add_items(sides: &Sides<'_>, patches: &mut Patches<'_>) {
    let (base, file, new) = (groups(&sides.base), groups(&sides.file), groups(&sides.new));
    let urls = |groups: &[Group]| -> BTreeSet<String> {
        groups.iter().flat_map(|g| g.items.iter().map(|i| i.0.clone())).collect()
    };
    let linked: BTreeSet<String> = [&sides.file, &sides.new]
        .iter()
        .flat_map(|s| s.parsed.issue.sections.iter().flat_map(|s| &s.entries))
        .map(|e| key(&e.link.url))
        .collect();
    let known: BTreeSet<String> = &(&urls(&base) | &urls(&file)) | &linked;
    let still = urls(&new);
    for group in &file {
        let gone: Vec<&(String, String, Range<usize>)> = group
            .items
            .iter()
            .filter(|(url, line, _)| {
                let untouched = base.iter().flat_map(|g| &g.items).any(|b| b.1 == *line);
                untouched && linked.contains(url) && !still.contains(url)
            })
            .collect();
        if gone.len() == group.items.len() && !gone.is_empty() {
            patches.remove_block(group.bytes.clone());
        } else {
            gone.iter().for_each(|(_, _, bytes)| patches.remove_line(bytes.clone()));
        }
    }
    let mut last = file.last().map(|g| g.bytes.end);
    for group in &new {
        let lines: Vec<&str> = group
            .items
            .iter()
            .filter(|(url, _, _)| !known.contains(url))
            .map(|(_, line, _)| line.as_str())
            .collect();
        if lines.is_empty() {
            continue;
        }
        let text = lines.join("\n");
        match (file.iter().find(|g| g.name == group.name), last) {
            (Some(own), _) => {
                let end = own.bytes.end;
                patches.replace(end..end, &format!("\n{text}"));
            }
            (None, Some(end)) => {
                let heading = heading_of(&sides.new, group);
                patches.insert_block(end, &format!("{heading}{text}"));
                last = Some(end);
            }
            (None, None) => {}
        }
    }
}

/// The group's own heading line, where it has one.
fn heading_of(side: &Side<'_>, group: &Group) -> String {
    let first = group.items.first().map_or(group.bytes.end, |i| i.2.start);
    plain(&side.text[group.bytes.start..first])
}

fn key(url: &str) -> String {
    canonical(url).unwrap_or_else(|| url.to_owned())
}

/// From the heading to the last group.
fn region(side: &Side<'_>) -> Option<Range<usize>> {
    let heading = side.parsed.bytes_of(HEADING)?;
    let groups = side.parsed.places.iter().filter(|p| p.anchor.starts_with("group "));
    let end = groups.map(|p| p.bytes.end).max().unwrap_or(heading.end);
    Some(heading.start..end)
}

fn groups(side: &Side<'_>) -> Vec<Group> {
    let places = side.parsed.places.iter().filter(|p| p.anchor.starts_with("group "));
    places
        .zip(&side.parsed.issue.further_reading)
        .map(|(place, group)| {
            let lines = item_lines(side, &place.bytes);
            let same = lines.len() == group.items.len();
            let items = lines
                .into_iter()
                .zip(&group.items)
                .filter(|_| same)
                .map(|(bytes, item)| (key(&item.url), plain(&side.text[bytes.clone()]), bytes))
                .collect();
            Group { name: group.group.clone(), bytes: place.bytes.clone(), items }
        })
        .collect()
}

/// The lines of a group that hold an item.
fn item_lines(side: &Side<'_>, bytes: &Range<usize>) -> Vec<Range<usize>> {
    let mut at = bytes.start;
    let mut out = Vec::new();
    for line in side.text[bytes.clone()].split_inclusive('\n') {
        let range = at..at + line.trim_end_matches(['\n', '\r']).len();
        at += line.len();
        let bare = line.trim_start();
        if bare.starts_with("* ") || bare.starts_with("- ") || bare.starts_with("+ ") {
            out.push(range);
        }
    }
    out
}
