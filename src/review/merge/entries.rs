//! The fields of entries that the file holds.

use std::collections::BTreeSet;
use std::ops::Range;

use super::patch::Patches;
use super::{Conflict, Merged, Side, Sides, Verdict, verdict};

/// Which entries belong together, by their index in each version.
pub(super) struct Pairs {
    /// The base entry of each entry of the file.
    pub(super) base_of_file: Vec<Option<usize>>,
    /// The new entry of each entry of the file.
    pub(super) new_of_file: Vec<Option<usize>>,
    /// Whether a new entry stays out since the editor took it out.
    pub(super) stays_out: Vec<bool>,
    /// Stories that were taken out and stand in the file again.
    pub(super) back: BTreeSet<String>,
}

impl Pairs {
    /// Stories that the program wrote and the file does not hold.
    pub(super) fn gone(&self, sides: &Sides<'_>) -> BTreeSet<String> {
        let in_file: BTreeSet<usize> = self.base_of_file.iter().flatten().copied().collect();
        let base = sides.base.seen.iter().enumerate().filter(|(b, _)| !in_file.contains(b));
        let new = sides.new.seen.iter().zip(&self.stays_out).filter(|(_, out)| **out);
        base.map(|(_, s)| s).chain(new.map(|(s, _)| s)).filter_map(|s| s.story.clone()).collect()
    }

    /// The entry of the file that a new entry is.
    pub(super) fn file_of_new(&self, new: usize) -> Option<usize> {
        self.new_of_file.iter().position(|n| *n == Some(new))
    }

    /// The entry of the file that a base entry is.
    pub(super) fn file_of_base(&self, base: usize) -> Option<usize> {
        self.base_of_file.iter().position(|b| *b == Some(base))
    }

    /// New entries that the file does not hold and shall.
    pub(super) fn fresh(&self) -> impl Iterator<Item = usize> {
        (0..self.stays_out.len()).filter(|n| self.file_of_new(*n).is_none() && !self.stays_out[*n])
    }
}

/// The fields of an entry in their order. Key points are one field: those of another answer do not
/// correspond to the old ones one by one.
const FIELDS: [(&str, &[&str]); 6] = [
    ("marks", &["marks"]),
    ("title", &["title"]),
    ("link", &["link"]),
    ("summary", &["summary"]),
    ("key points", &["details", "point"]),
    ("related papers", &["papers"]),
];

/// Merges the entries of the file, field by field.
pub(super) fn merge(
    sides: &Sides<'_>,
    pairs: &Pairs,
    patches: &mut Patches<'_>,
    merged: &mut Merged,
) {
    for (at, seen) in sides.file.seen.iter().enumerate() {
        // What the editor wrote, or took over by hand, is theirs.
        let (Some(base), Some(new)) = (pairs.base_of_file[at], pairs.new_of_file[at]) else {
            continue;
        };
        let (base, new) = (&sides.base.seen[base].anchor, &sides.new.seen[new].anchor);
        let before = merged.conflicts.len();
        fields(sides, [base, &seen.anchor, new], patches, merged);
        merged.conflicts[before..].iter_mut().for_each(|c| c.entry.clone_from(&seen.title));
    }
    heading(sides, "top", "issue title", patches, merged);
    let sections =
        |side: &Side<'_>| side.parsed.issue.sections.iter().filter(|s| !s.waiting).count();
    let same = sections(&sides.base) == sections(&sides.file)
        && sections(&sides.base) == sections(&sides.new);
    for number in 1..=sections(&sides.file) {
        if same {
            let anchor = format!("section {number} heading");
            heading(sides, &anchor, "section title", patches, merged);
        }
    }
}

/// A single block that all versions name alike.
fn heading(
    sides: &Sides<'_>,
    anchor: &str,
    field: &str,
    patches: &mut Patches<'_>,
    merged: &mut Merged,
) {
    let (base, new) = (sides.base.block(anchor), sides.new.block(anchor));
    let (Some(range), Some(new)) = (sides.file.parsed.bytes_of(anchor), new) else {
        return;
    };
    let file = super::plain(&sides.file.text[range.clone()]);
    match verdict(&base.as_deref(), &Some(file.as_str()), &Some(new.as_str())) {
        Verdict::Keep => {}
        Verdict::Take => patches.replace(range, &new),
        Verdict::Conflict => {
            let field = field.to_owned();
            merged.conflicts.push(Conflict { entry: String::new(), field, yours: file, new });
        }
    }
}

/// The fields of one entry, whose anchors in base, file and new are given.
fn fields(sides: &Sides<'_>, anchors: [&str; 3], patches: &mut Patches<'_>, merged: &mut Merged) {
    // Where a field goes that the file's entry does not have yet: after the last one before it.
    let mut after = None;
    for (field, blocks) in FIELDS {
        let base = text_of(&sides.base, anchors[0], blocks);
        let file_range = range_of(&sides.file, anchors[1], blocks);
        let file = file_range.clone().map(|r| super::plain(&sides.file.text[r]));
        let new = text_of(&sides.new, anchors[2], blocks);
        match verdict(&base, &file, &new) {
            Verdict::Keep => {}
            Verdict::Take => take(sides, anchors[1], file_range.clone(), new, after, patches),
            // Marks are the program's; an editor who changed them is not asked about it.
            Verdict::Conflict if field == "marks" => {}
            Verdict::Conflict => merged.conflicts.push(Conflict {
                entry: String::new(),
                field: field.to_owned(),
                yours: file.unwrap_or_default(),
                new: new.unwrap_or_default(),
            }),
        }
        after = file_range.map(|r| r.end).or(after);
    }
}

/// Puts the new text of a field in the place of the old one.
fn take(
    sides: &Sides<'_>,
    anchor: &str,
    old: Option<Range<usize>>,
    new: Option<String>,
    after: Option<usize>,
    patches: &mut Patches<'_>,
) {
    match (old, new) {
        (Some(old), Some(new)) => patches.replace(old, &new),
        (Some(old), None) => patches.remove_block(old),
        (None, Some(new)) => match after {
            Some(end) => patches.insert_block(end, &new),
            None => {
                let title = sides.file.parsed.bytes_of(anchor).map(|r| r.start);
                patches.insert_block(title.unwrap_or_default(), &new);
            }
        },
        (None, None) => {}
    }
}

fn text_of(side: &Side<'_>, anchor: &str, blocks: &[&str]) -> Option<String> {
    range_of(side, anchor, blocks).map(|range| super::plain(&side.text[range]))
}

/// The bytes from the first to the last of the named blocks of an entry.
fn range_of(side: &Side<'_>, anchor: &str, blocks: &[&str]) -> Option<Range<usize>> {
    let ranges = blocks.iter().filter_map(|b| side.parsed.bytes_of(&format!("{anchor} {b}")));
    ranges.reduce(|a, b| a.start.min(b.start)..a.end.max(b.end))
}
