//! One entry out of the editor's file, with its line of the highlights; nothing else is touched.

use super::highlights::line_of;
use super::matching::{indices_among, seen};
use super::patch::Patches;
use super::{Machine, Side, Unmergeable};
use crate::compose::IssueEntry;
use crate::format;

/// An entry that was taken out.
#[derive(Clone, Debug, PartialEq)]
pub struct TakenOut {
    /// The text without it.
    pub text: String,
    /// The entry, as it stood there.
    pub entry: IssueEntry,
    /// Its story, where the program wrote it.
    pub story: Option<String>,
}

/// Takes the entry that `is_it` names out of `file`; `None` where there is none.
///
/// # Errors
/// A file that cannot be read.
pub fn take_out(
    base: &Machine<'_>,
    file: &str,
    is_it: impl Fn(&IssueEntry, Option<&str>) -> bool,
) -> Result<Option<TakenOut>, Unmergeable> {
    let base_side = Side::of(base).map_err(Unmergeable::Machine)?;
    let parsed = format::outline(file).map_err(Unmergeable::File)?;
    let file_seen = seen(&parsed, None);
    let entries: Vec<&IssueEntry> = parsed.issue.sections.iter().flat_map(|s| &s.entries).collect();
    let stories: Vec<Option<&str>> = file_seen
        .iter()
        .map(|s| {
            let of = indices_among(std::slice::from_ref(s), &base_side.seen);
            of.first().and_then(|b| base_side.seen[*b].story.as_deref())
        })
        .collect();
    let found = (0..entries.len()).find(|at| is_it(entries[*at], stories[*at]));
    let Some(at) = found else { return Ok(None) };
    let story = stories[at].map(str::to_owned);
    let entry = entries[at].clone();
    let Some(range) = parsed.bytes_of(&file_seen[at].anchor) else { return Ok(None) };
    let mut patches = Patches::new(file);
    patches.remove_block(range);
    let side = Side { text: file, parsed, seen: file_seen };
    if let Some(line) = line_of(&side, &base_side, base.issue, story.as_deref()) {
        patches.remove_line(line);
    }
    Ok(Some(TakenOut { text: patches.applied(), entry, story }))
}
