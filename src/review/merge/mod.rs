//! Three versions of a draft into one: what the program wrote last (`base`), the editor's file, and
//! what the program would write now (`new`). Pure.
//!
//! Everything is done on the bytes of the editor's file: what neither side changed, and all that
//! the editor wrote, stays byte for byte. A field (a block of an entry) that only the program
//! changed takes the new text; one that both changed keeps the editor's and is a [`Conflict`]. The
//! editor's arrangement stays: nothing is moved. An entry that the file no longer holds stays away;
//! a new one goes under the draft's heading for new entries, or to its place by rank where the
//! editor asked for it. What the program no longer chooses is kept by [`extend`], which comes first.
//!
//! Refused is a file in which entries cannot be found, one that still holds an entry under a heading
//! that is none of the format (it is not deleted), and any result that would not hold all that
//! the editor wrote: the caller then leaves the file alone.

mod entries;
mod extend;
mod hidden;
mod highlights;
mod matching;
mod out;
mod patch;
mod place;
mod reading;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::compose::Issue;
use crate::format::{self, FormatError, Parsed};

use entries::Pairs;
pub use extend::{extend, unlist};
use matching::{Seen, pairs, seen};
pub use out::{TakenOut, take_out};
use patch::Patches;

/// The candidates of each story, by the story's id.
pub type Candidates = BTreeMap<String, BTreeSet<String>>;

/// A version that the program wrote: its text, its structure, and the candidates of its stories.
#[derive(Clone, Copy, Debug)]
pub struct Machine<'a> {
    /// The Markdown.
    pub text: &'a str,
    /// The issue it was rendered from.
    pub issue: &'a Issue,
    /// The candidates of its stories: an entry is known by any of them.
    pub stories: &'a Candidates,
}

/// What the editor decided outside the text.
#[derive(Clone, Copy, Debug)]
pub struct Decided<'a> {
    /// Stories that were deleted or excluded, with their candidates: they stay out.
    pub removed: &'a Candidates,
    /// Candidates that the editor asked for: their stories take their place by rank.
    pub included: &'a BTreeSet<String>,
}

/// A field that both sides changed; the file keeps the editor's text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    /// The entry's title in the file; empty where the field is none of an entry.
    pub entry: String,
    /// The field: `title`, `link`, `summary`, `key points`, `related papers`, `highlight`,
    /// `issue title`, `section title`.
    pub field: String,
    /// What the editor's file says; empty where they took it out.
    pub yours: String,
    /// What the program would write now; empty where it would write nothing.
    pub new: String,
}

/// The merged draft.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// The text.
    pub text: String,
    /// Where both sides changed the same field.
    pub conflicts: Vec<Conflict>,
    /// Titles of entries that were put under the heading for new ones.
    pub added: Vec<String>,
    /// Titles of entries that were put at their place by rank.
    pub placed: Vec<String>,
    /// Ids of stories of `base` or `new` that the file does not hold: the editor's decision.
    pub gone: BTreeSet<String>,
    /// Ids of removed stories that the file holds again.
    pub back: BTreeSet<String>,
}

/// A file that cannot be merged; it is to be left as it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unmergeable {
    /// The editor's file is not in the format.
    #[error("your draft cannot be read: {0}")]
    File(FormatError),
    /// A version of the program's own cannot be read: its template prints what the format is not.
    #[error("the program's own draft cannot be read: {0}")]
    Machine(FormatError),
    /// The result would lose something of the file.
    #[error("the merged draft would lose “{0}”")]
    Lost(String),
}

/// Merges `new` into `file`, which was made from `base`. Where `new` says what `base` said, nothing is
/// touched.
///
/// # Errors
/// Why the file must be left alone.
pub fn merge(
    base: &Machine<'_>,
    file: &str,
    new: &Machine<'_>,
    decided: &Decided<'_>,
) -> Result<Merged, Unmergeable> {
    let sides = Sides {
        base: Side::of(base).map_err(Unmergeable::Machine)?,
        new: Side::of(new).map_err(Unmergeable::Machine)?,
        file: {
            let parsed = format::outline(file).map_err(Unmergeable::File)?;
            let seen = seen(&parsed, None);
            Side { text: file, parsed, seen }
        },
    };
    let pairs = pairs(&sides, decided);
    if let Some(error) = hidden::hidden(&sides, &pairs) {
        return Err(Unmergeable::File(error));
    }
    let mut merged = Merged {
        text: file.to_owned(),
        gone: pairs.gone(&sides),
        back: pairs.back.clone(),
        ..Merged::default()
    };
    if base.text == new.text {
        return Ok(merged);
    }
    let mut patches = Patches::new(file);
    entries::merge(&sides, &pairs, &mut patches, &mut merged);
    place::place(&sides, &pairs, decided, &mut patches, &mut merged);
    highlights::merge(&sides, base.issue, new.issue, &pairs, &mut patches, &mut merged);
    reading::merge(&sides, &mut patches);
    merged.text = patches.applied();
    verify(&sides.file, &merged)?;
    Ok(merged)
}

/// The same merge changes nothing that the editor wrote: every block of the file that is not
/// exactly the program's old text must be in the result.
fn verify(file: &Side<'_>, merged: &Merged) -> Result<(), Unmergeable> {
    let result = format::outline(&merged.text).map_err(|e| Unmergeable::Lost(e.found))?;
    let count = |p: &Parsed| p.issue.sections.iter().map(|s| s.entries.len()).sum::<usize>();
    let wanted = count(&file.parsed) + merged.added.len() + merged.placed.len();
    if count(&result) != wanted {
        return Err(Unmergeable::Lost(format!("{wanted} entries")));
    }
    let free = file.parsed.places.iter().filter(|p| p.anchor.starts_with("after "));
    for place in free {
        let text = &file.text[place.bytes.clone()];
        if !merged.text.contains(text) {
            return Err(Unmergeable::Lost(text.chars().take(60).collect()));
        }
    }
    Ok(())
}

/// One of the three versions, read.
struct Side<'a> {
    text: &'a str,
    parsed: Parsed,
    seen: Vec<Seen>,
}

impl<'a> Side<'a> {
    fn of(machine: &Machine<'a>) -> Result<Self, FormatError> {
        let mut parsed = format::outline(machine.text)?;
        parsed.issue.words.clone_from(&machine.issue.words);
        let seen = seen(&parsed, Some(machine));
        Ok(Self { text: machine.text, parsed, seen })
    }

    /// The bytes of the block, or blocks, that `anchor` names, as text with plain line feeds.
    fn block(&self, anchor: &str) -> Option<String> {
        self.parsed.bytes_of(anchor).map(|range| plain(&self.text[range]))
    }
}

/// The three versions.
struct Sides<'a> {
    base: Side<'a>,
    file: Side<'a>,
    new: Side<'a>,
}

/// `text` with plain line feeds.
fn plain(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// What becomes of a field, by the rule of three versions.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    /// The file's text stays.
    Keep,
    /// The program's new text, or nothing, takes its place.
    Take,
    /// Both changed it: the file's text stays and is told.
    Conflict,
}

/// The rule: what only one side changed is that side's.
fn verdict<T: PartialEq>(base: &T, file: &T, new: &T) -> Verdict {
    if file == new || base == new {
        Verdict::Keep
    } else if file == base {
        Verdict::Take
    } else {
        Verdict::Conflict
    }
}
