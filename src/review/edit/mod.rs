//! Edits of a draft's file by what they mean: a text, a claim, an entry. Pure: bytes in, bytes out.
//!
//! What an edit does not name keeps its bytes, line ends included. An edit names its entry by the
//! canonical source link and carries the text that the person saw (`base`): where another text
//! stands there by now nothing is changed, and the [`Conflict`] holds both. After each edit the
//! file is read again; one that does not say exactly what was meant is refused, so that no text can
//! break the format.

mod add;
mod change;
mod entry;
mod page;
mod remove;
mod revert;
mod write;

use serde::{Deserialize, Serialize};

use crate::format::{Field, FormatError};

pub use page::{Piece, pieces, pieces_of};
pub use revert::revert;

/// A field of a draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// The entry's key ([`super::entry_key`]); `None` for what stands outside of entries.
    #[serde(default)]
    pub entry: Option<String>,
    /// Which field.
    pub field: Field,
}

/// A place for an entry: in the section with this title, after that entry (`None`: first). Names
/// hold while others edit; numbers would not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spot {
    /// The section's title, as `issue.json` has it; the draft's `🆕` heading has one too.
    pub section: String,
    /// The key of the entry before it.
    #[serde(default)]
    pub after: Option<String>,
}

/// A line of the highlights that goes or comes with its entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineSpot {
    /// Its Markdown: the text of [`Field::HighlightLine`].
    pub text: String,
    /// The line before it; `None`: first.
    #[serde(default)]
    pub after: Option<String>,
}

/// What a person does to a draft. In JSON `{"op":"replace","at":{"entry":…,"field":{"kind":…}},…}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum Edit {
    /// Another text for a field: plain text as a reader sees it. Free text is Markdown. Other
    /// wholes cannot be replaced; their parts can.
    Replace {
        /// The field.
        at: Target,
        /// Its text as the person saw it.
        base: String,
        /// Its new text. An empty one takes away a lead, a label, a headline or a date.
        text: String,
    },
    /// Takes out a sentence, a detail line, a key point, a paper, a line of the highlights, an item
    /// of further reading or free text. A key point goes with its last detail, so the key point is
    /// what is dropped then: its heading is in `base`. [`drop_of`] chooses.
    Drop {
        /// The sentence or whole.
        at: Target,
        /// Its text as the person saw it.
        base: String,
    },
    /// Takes out an entry.
    Delete {
        /// Its key.
        entry: String,
        /// Its Markdown as the person saw it: the text of [`Field::Entry`].
        base: String,
        /// The Markdown of its line in the highlights, which goes with it.
        #[serde(default)]
        highlight: Option<String>,
    },
    /// Moves an entry.
    Move {
        /// Its key.
        entry: String,
        /// Where the person saw it.
        from: Spot,
        /// Where it goes.
        to: Spot,
    },
    /// Puts an entry in.
    Restore {
        /// Its Markdown.
        text: String,
        /// Where it goes.
        to: Spot,
        /// Its line in the highlights.
        #[serde(default)]
        highlight: Option<LineSpot>,
    },
    /// Adds a detail, or a key point with its first detail.
    Add {
        /// What it goes after: a detail after a detail's line, or after the heading of a point that
        /// has none; a key point after a whole key point, or after the summary of an entry without
        /// any.
        after: Target,
        /// The text of that as the person saw it.
        base: String,
        /// The heading of the new key point; `None`: a detail is added.
        #[serde(default)]
        heading: Option<String>,
        /// The lead of the detail; may be empty.
        #[serde(default)]
        lead: String,
        /// The prose of the detail.
        text: String,
    },
    /// Several edits that are one decision: all are made, in their order, or none.
    Together {
        /// The edits.
        edits: Vec<Edit>,
    },
    /// Moves a line of the highlights.
    MoveHighlight {
        /// Its Markdown as the person saw it.
        base: String,
        /// The Markdown of the line it goes after; `None`: first.
        #[serde(default)]
        after: Option<String>,
    },
}

/// Somebody else changed what an edit is about. Nothing was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    /// What the person saw.
    pub base: String,
    /// What stands there now; `None` where it is gone.
    pub theirs: Option<String>,
    /// What the person wants there; `None` where they take it out.
    pub mine: Option<String>,
}

/// Why an edit is not possible. A closed list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalCode {
    /// The text is empty where one must stand.
    Empty,
    /// The text has several lines where one must stand.
    Lines,
    /// Control characters.
    Control,
    /// No address of the web, or one that expires.
    Address,
    /// No date `YYYY-MM-DD`.
    Date,
    /// This cannot be done to this field.
    Field,
    /// It is the last of what must not be empty.
    Last,
    /// No such section or entry to put it, or more than one of that name.
    Place,
    /// The entry is there already.
    Present,
    /// The file would not say what was meant.
    Meaning,
}

/// An edit that was not made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// Somebody else changed it.
    #[error("this was changed in the meantime; nothing was written")]
    Conflict(Conflict),
    /// It is not possible.
    #[error("{message}")]
    Refused {
        /// Why.
        code: RefusalCode,
        /// What to do, for people.
        message: String,
    },
    /// The file itself is not in the format.
    #[error("the draft is not in the format: {0}; mend that line in the file first")]
    Format(#[from] FormatError),
}

impl EditError {
    fn refused(code: RefusalCode, message: impl Into<String>) -> Self {
        Self::Refused { code, message: message.into() }
    }
}

/// Makes one edit. Gives the whole new file; the same file where the edit changes nothing.
///
/// # Errors
/// [`EditError`]; nothing is changed then.
pub fn apply(markdown: &str, edit: &Edit) -> Result<String, EditError> {
    if let Edit::Together { edits } = edit {
        return edits.iter().try_fold(markdown.to_owned(), |text, edit| apply(&text, edit));
    }
    let page = page::Page::read(markdown)?;
    let (text, expected) = match edit {
        Edit::Together { .. } => (markdown.to_owned(), page.shape()),
        Edit::Replace { at, base, text } => change::replace(&page, at, base, text)?,
        Edit::Drop { at, base } => change::drop(&page, at, base)?,
        Edit::Delete { entry, base, highlight } => {
            entry::delete(&page, entry, base, highlight.as_deref())?
        }
        Edit::Move { entry, from, to } => entry::shift(&page, entry, from, to)?,
        Edit::Restore { text, to, highlight } => {
            entry::restore(&page, text, to, highlight.as_ref())?
        }
        Edit::Add { after, base, heading, lead, text } => {
            add::add(&page, after, base, &add::New { heading: heading.as_deref(), lead, text })?
        }
        Edit::MoveHighlight { base, after } => {
            entry::move_highlight(&page, base, after.as_deref())?
        }
    };
    // An editor's file may hold what the format's reader takes for something else after the edit.
    let read = page::Page::read(&text).map_err(|e| meaning(&e.to_string()))?;
    let broken = || meaning("the text would be read as something else where it stands");
    (read.shape() == expected).then_some(text).ok_or_else(broken)
}

/// The edit that drops the claim or whole `at`, as a person saw it in `pieces`: the key point where
/// it is the only detail, the line where it is a detail's prose or lead. `None` where there is no
/// such piece, or it is the only sentence of a summary.
pub fn drop_of(pieces: &[Piece], at: &Target) -> Option<Edit> {
    let has = |field: Field| pieces.iter().find(|p| p.at.entry == at.entry && p.at.field == field);
    let field = match at.field {
        Field::Detail { point, detail }
        | Field::Lead { point, detail }
        | Field::DetailLine { point, detail } => {
            let only = has(Field::DetailLine { point, detail: 2 }).is_none();
            if only { Field::Point { point } } else { Field::DetailLine { point, detail } }
        }
        Field::Heading { point } => Field::Point { point },
        Field::HighlightText { line }
        | Field::HighlightLabel { line }
        | Field::HighlightHeadline { line } => Field::HighlightLine { line },
        Field::ReadingTitle { group, item } => Field::ReadingItem { group, item },
        Field::Summary if has(Field::Sentence { sentence: 2 }).is_none() => return None,
        Field::Sentence { .. } if has(Field::Sentence { sentence: 2 }).is_none() => return None,
        other => other,
    };
    let piece = has(field)?;
    Some(Edit::Drop { at: piece.at.clone(), base: piece.text.clone() })
}

fn meaning(why: &str) -> EditError {
    EditError::refused(
        RefusalCode::Meaning,
        format!(
            "nothing was written, since the file would not say what is meant: {why}; write it otherwise, or edit the file"
        ),
    )
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
#[cfg(test)]
#[path = "random_tests.rs"]
mod random_tests;
