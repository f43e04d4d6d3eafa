//! A text of the issue as an element of the page: its address, its marks, what can be done to it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::address::{field_id, written};
use super::runs::{Mark, Run, marked};
use super::words::Words;
use crate::format::Field;
use crate::review::edit::Target;

/// What is known of a text, by the id of its element.
#[derive(Clone, Debug, Default)]
pub(super) struct Marks {
    /// Its findings: span and class.
    pub(super) findings: BTreeMap<String, Vec<Mark>>,
    /// Texts that are to be looked at although nothing was found.
    pub(super) risky: BTreeSet<String>,
    /// Texts that an editor wrote.
    pub(super) editor: BTreeSet<String>,
    /// Texts that were read.
    pub(super) read: BTreeSet<String>,
}

/// A text that can be looked at and edited.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct FieldView {
    pub(super) id: String,
    at: String,
    name: String,
    class: String,
    droppable: bool,
    rewritable: bool,
    /// Whether it may have several lines.
    lines: bool,
    /// Whether it is only shown while it is edited.
    hidden: bool,
    /// Its text where it is not shown as it is.
    text: String,
    runs: Vec<Run>,
    /// What parts it from the next sentence.
    pub(super) gap: &'static str,
}

impl FieldView {
    /// The element of the text at `at`.
    pub(super) fn new(at: &Target, text: &str, marks: &Marks, words: &Words) -> Self {
        let id = field_id(at);
        let field = at.field;
        let classes = [
            ("risky", marks.risky.contains(&id)),
            ("editor", marks.editor.contains(&id)),
            ("read", marks.read.contains(&id)),
        ];
        let class: Vec<&str> = classes.iter().filter(|(_, is)| *is).map(|(c, _)| *c).collect();
        Self {
            name: words.get("words", name_of(field)).to_owned(),
            at: written(at),
            class: class.join(" "),
            droppable: is_droppable(field),
            rewritable: is_rewritable(field),
            lines: matches!(field, Field::Free { .. }),
            hidden: false,
            text: String::new(),
            runs: marked(text, marks.findings.get(&id).cloned().unwrap_or_default()),
            gap: "",
            id,
        }
    }

    /// One that shows only while it is edited, with the text to edit.
    pub(super) fn unseen(self, text: &str) -> Self {
        Self { hidden: true, text: text.to_owned(), ..self }
    }

    /// Whether the text was read, or decided on.
    pub(super) fn is_read(&self, marks: &Marks) -> bool {
        let found = marks.findings.get(&self.id);
        let settled = found.is_some_and(|f| f.iter().all(|m| m.class == "settled"));
        settled || marks.read.contains(&self.id)
    }
}

/// Whether the model may be asked for other words.
pub(super) fn is_rewritable(field: Field) -> bool {
    matches!(field, Field::Sentence { .. } | Field::Detail { .. } | Field::HighlightText { .. })
}

/// Whether a text can be taken out, with the line that it fills.
pub(super) fn is_droppable(field: Field) -> bool {
    matches!(
        field,
        Field::Sentence { .. }
            | Field::Free { .. }
            | Field::Detail { .. }
            | Field::Lead { .. }
            | Field::Heading { .. }
            | Field::HighlightText { .. }
            | Field::HighlightHeadline { .. }
            | Field::ReadingTitle { .. }
    )
}

/// The word for a field.
fn name_of(field: Field) -> &'static str {
    match field {
        Field::HighlightLabel { .. } => "label",
        Field::HighlightHeadline { .. } => "headline",
        Field::HighlightText { .. } => "highlight",
        Field::Title => "title",
        Field::Sentence { .. } | Field::Summary => "summary",
        Field::Heading { .. } => "heading",
        Field::Lead { .. } => "lead",
        Field::Detail { .. } => "detail",
        Field::IssueTitle => "issue_title",
        Field::SectionTitle { .. } => "section_title",
        Field::Link => "link",
        Field::Date => "date",
        Field::ReadingTitle { .. } => "reading_title",
        _ => "free",
    }
}
