//! A file as the edits see it: its fields, whose entries they are, and what it says in all.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::{Conflict, EditError, RefusalCode, Target};
use crate::compose::IssueEntry;
use crate::format::{self, Field, FieldPlace, FormatError, Parsed};
use crate::review::entry_key;

/// A field of a draft with its text: what an edit names, and its `base`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    /// The field.
    pub at: Target,
    /// Its text.
    pub text: String,
}

/// Every field of a draft, in the order of the file; a whole stands before its parts.
///
/// # Errors
/// The file is not in the format.
pub fn pieces(markdown: &str) -> Result<Vec<Piece>, FormatError> {
    let (parsed, fields) = format::locate(markdown)?;
    Ok(pieces_of(&parsed, fields))
}

/// As [`pieces`], of what [`format::locate`] read.
pub fn pieces_of(parsed: &Parsed, fields: Vec<FieldPlace>) -> Vec<Piece> {
    let keys: Vec<String> =
        parsed.issue.sections.iter().flat_map(|s| &s.entries).map(entry_key).collect();
    let piece = |f: FieldPlace| Piece {
        at: Target { entry: f.entry.and_then(|n| keys.get(n).cloned()), field: f.field },
        text: f.text,
    };
    fields.into_iter().map(piece).collect()
}

/// What a file says, place and form aside: to compare before and after.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Shape {
    /// Texts outside of entries.
    pub(super) outside: Vec<(Field, String)>,
    /// The editor's own blocks, sorted: where they stand is not said by what they say.
    pub(super) free: Vec<String>,
    /// Titles of the sections with their entries: marks, then texts.
    pub(super) sections: Vec<(String, Vec<Vec<String>>)>,
}

/// A file that was read.
pub(super) struct Page<'a> {
    pub(super) text: &'a str,
    pub(super) parsed: Parsed,
    pub(super) fields: Vec<FieldPlace>,
    /// The keys of the entries in the order of the file.
    pub(super) keys: Vec<String>,
}

impl<'a> Page<'a> {
    pub(super) fn read(text: &'a str) -> Result<Self, FormatError> {
        let (parsed, fields) = format::locate(text)?;
        let keys = parsed.issue.sections.iter().flat_map(|s| &s.entries).map(entry_key).collect();
        Ok(Self { text, parsed, fields, keys })
    }

    /// The line end of the file.
    pub(super) fn eol(&self) -> &'static str {
        let first = self.text.find('\n').unwrap_or(0);
        if self.text[..first].ends_with('\r') { "\r\n" } else { "\n" }
    }

    pub(super) fn word(&self, key: &str) -> &str {
        self.parsed.issue.words.get(key).map_or("", String::as_str)
    }

    /// The index of the entry with this key.
    pub(super) fn entry(&self, key: &str) -> Result<Option<usize>, EditError> {
        let mut found = (0..self.keys.len()).filter(|i| self.keys[*i] == key);
        let first = found.next();
        if found.next().is_some() {
            let message = format!(
                "two entries link {key}; change or delete one of them in the file, then try again"
            );
            return Err(EditError::refused(RefusalCode::Place, message));
        }
        Ok(first)
    }

    /// The section of an entry and its place there, both by index.
    pub(super) fn place_of(&self, entry: usize) -> (usize, usize) {
        let mut left = entry;
        for (s, section) in self.parsed.issue.sections.iter().enumerate() {
            match left.checked_sub(section.entries.len()) {
                Some(rest) => left = rest,
                None => return (s, left),
            }
        }
        (self.parsed.issue.sections.len(), 0)
    }

    /// The index of the only section with this title.
    pub(super) fn section(&self, title: &str) -> Result<usize, EditError> {
        let sections = &self.parsed.issue.sections;
        let mut found = (0..sections.len()).filter(|s| sections[*s].title == title);
        match (found.next(), found.next()) {
            (Some(s), None) => Ok(s),
            (None, _) => Err(EditError::refused(
                RefusalCode::Place,
                format!("there is no section “{title}” any more; load the page again"),
            )),
            _ => Err(EditError::refused(
                RefusalCode::Place,
                format!("there are two sections “{title}”; name them differently in the file"),
            )),
        }
    }

    /// What the anchors of a section's blocks are named by: `2`, or `new`.
    pub(super) fn name_of(&self, section: usize) -> String {
        let sections = &self.parsed.issue.sections;
        if sections.get(section).is_some_and(|s| s.waiting) {
            return "new".to_owned();
        }
        let upto = sections.iter().take(section + 1);
        upto.filter(|s| !s.waiting).count().to_string()
    }

    pub(super) fn field(&self, entry: Option<usize>, field: Field) -> Option<&FieldPlace> {
        self.fields.iter().find(|f| f.entry == entry && f.field == field)
    }

    /// The field that an edit means: the one it names if it still has the text `base`; else the
    /// only long text of its kind with that text, since others may have moved it up or down.
    pub(super) fn find(
        &self,
        at: &Target,
        base: &str,
        mine: Option<&str>,
    ) -> Result<&FieldPlace, EditError> {
        let conflict = |theirs: Option<String>| {
            let (base, mine) = (base.to_owned(), mine.map(str::to_owned));
            EditError::Conflict(Conflict { base, theirs, mine })
        };
        let entry = match &at.entry {
            None => None,
            Some(key) => Some(self.entry(key)?.ok_or_else(|| conflict(None))?),
        };
        let named = self.field(entry, at.field);
        if let Some(field) = named.filter(|f| same(&f.text, base)) {
            return Ok(field);
        }
        let kind = std::mem::discriminant(&at.field);
        let mut others = self.fields.iter().filter(|f| {
            f.entry == entry && std::mem::discriminant(&f.field) == kind && same(&f.text, base)
        });
        match (others.next(), others.next()) {
            (Some(field), None) if moves(at.field) => Ok(field),
            _ => Err(conflict(named.map(|f| f.text.clone()))),
        }
    }

    /// What the file says.
    pub(super) fn shape(&self) -> Shape {
        self.shape_with(|f| Some(f.text.clone()))
    }

    /// What the file would say if each text were what `text` gives for it; `None` takes it out.
    pub(super) fn shape_with(&self, text: impl Fn(&FieldPlace) -> Option<String>) -> Shape {
        let marks = |e: &IssueEntry| e.marks.clone();
        let issue = &self.parsed.issue;
        let sections = issue.sections.iter();
        let mut sections: Vec<(String, Vec<Vec<String>>)> =
            sections.map(|s| (s.title.clone(), s.entries.iter().map(marks).collect())).collect();
        let (mut outside, mut free) = (Vec::new(), Vec::new());
        for field in self.fields.iter().filter(|f| is_leaf(f.field)) {
            let Some(text) = text(field) else { continue };
            match field.entry {
                None if matches!(field.field, Field::Free { .. }) => {
                    free.push(text.replace("\r\n", "\n"))
                }
                None => outside.push((unnumbered(field.field), text)),
                Some(n) => {
                    let (s, e) = self.place_of(n);
                    sections[s].1[e].push(format!("{:?} {text}", unnumbered(field.field)));
                }
            }
        }
        free.sort();
        Shape { outside, free, sections }
    }

    /// What the file would say with `leaves` after `place` in its entry.
    pub(super) fn shape_with_more(&self, place: &FieldPlace, leaves: Vec<String>) -> Shape {
        let mut shape = self.shape();
        let Some(entry) = place.entry else { return shape };
        let (s, e) = self.place_of(entry);
        let own = |f: &&FieldPlace| f.entry == place.entry && is_leaf(f.field);
        let before = self.fields.iter().filter(own).filter(|f| f.whole.end <= place.whole.end);
        let at = self.parsed.issue.sections[s].entries[e].marks.len() + before.count();
        shape.sections[s].1[e].splice(at..at, leaves);
        shape
    }

    /// What the file would say without the fields in `gone`.
    pub(super) fn shape_without(&self, gone: &Range<usize>) -> Shape {
        let inside = |f: &FieldPlace| gone.start <= f.whole.start && f.whole.end <= gone.end;
        self.shape_with(|f| (!inside(f)).then(|| f.text.clone()))
    }
}

/// Whether two texts are the same but for the form of their line ends.
pub(super) fn same(a: &str, b: &str) -> bool {
    a == b || a.replace("\r\n", "\n") == b.replace("\r\n", "\n")
}

/// Texts long enough to be known again when their number has changed.
fn moves(field: Field) -> bool {
    matches!(
        field,
        Field::Sentence { .. }
            | Field::Detail { .. }
            | Field::DetailLine { .. }
            | Field::Point { .. }
            | Field::HighlightLine { .. }
            | Field::HighlightText { .. }
            | Field::ReadingItem { .. }
            | Field::ReadingTitle { .. }
            | Field::Paper { .. }
            | Field::Free { .. }
    )
}

/// Whether a field has no part that is a field.
fn is_leaf(field: Field) -> bool {
    !matches!(
        field,
        Field::Entry
            | Field::Point { .. }
            | Field::DetailLine { .. }
            | Field::HighlightLine { .. }
            | Field::ReadingItem { .. }
            | Field::Sentence { .. }
    )
}

/// The field without its numbers, which change when others go.
fn unnumbered(field: Field) -> Field {
    match field {
        Field::HighlightLabel { .. } => Field::HighlightLabel { line: 0 },
        Field::HighlightHeadline { .. } => Field::HighlightHeadline { line: 0 },
        Field::HighlightText { .. } => Field::HighlightText { line: 0 },
        Field::Heading { .. } => Field::Heading { point: 0 },
        Field::Lead { .. } => Field::Lead { point: 0, detail: 0 },
        Field::Detail { .. } => Field::Detail { point: 0, detail: 0 },
        Field::Paper { .. } => Field::Paper { paper: 0 },
        Field::ReadingTitle { .. } => Field::ReadingTitle { group: 0, item: 0 },
        Field::Free { .. } => Field::Free { block: 0 },
        Field::SectionTitle { .. } => Field::SectionTitle { section: 0 },
        other => other,
    }
}
