//! One entry out of a draft, at the editor's word: what was it stays out of later runs.

use jiff::Timestamp;

use super::decisions::{Decisions, How, Removed};
use super::files::{Base, Change, Files, candidates_of, structure};
use super::include::{IncludeError, id_of, standing};
use super::report::Report;
use super::versions::Why;
use crate::review::take_out;
use crate::store::Store;
use crate::text::hash::sha256_hex;

/// What was taken out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenAway {
    /// The title of the entry that stood in the draft; `None` where none did: what was asked for
    /// stays out of later runs all the same.
    pub title: Option<String>,
    /// What is next in rank: its title and URL.
    pub next: Option<(String, String)>,
}

/// Takes the entry of `url` out of the draft, and keeps its story out of later runs.
///
/// # Errors
/// Why not; the draft is then as it was.
pub fn exclude(
    (store, dir, edition, issue): (&Store, &std::path::Path, &str, &str),
    url: &str,
    now: Timestamp,
) -> Result<TakenAway, IncludeError> {
    let files = Files::new(store, dir, edition, issue);
    let id = id_of(url)?;
    let (standing, base) = standing(&files)?;
    let mut report = Report::load(&files)?;
    let out = take_out(&base.machine(), &standing.text, |entry, story| {
        let of_story = story.and_then(|s| standing.record.stories.get(s));
        of_story.is_some_and(|s| s.candidates.contains(&id))
            || id_of(&entry.link.url).is_ok_and(|own| own == id)
    })?;
    let story = out.as_ref().and_then(|o| o.story.clone());
    let known = story.as_ref().and_then(|s| standing.record.stories.get(s)).cloned();
    let record = known.unwrap_or_else(|| {
        let title = out.as_ref().map(|o| o.entry.title.clone());
        report.story_of(&id, title)
    });
    let mut decisions = Decisions::load(store, &files.key)?;
    decisions.included.retain(|c, _| !record.candidates.contains(c));
    let key = story.unwrap_or_else(|| id.clone());
    decisions.removed.insert(key, Removed { story: record.clone(), how: How::Excluded });
    if let Some(out) = &out {
        let change = Change {
            before: Some(sha256_hex(standing.text.as_bytes())),
            issue: structure(&files, &out.text, &base.issue)?,
            text: out.text.clone(),
            base: Base { stories: candidates_of(&standing.record.stories), ..base },
            stories: standing.record.stories,
            why: Why::Exclude,
            at: now,
        };
        if !files.commit(change)? {
            return Err(IncludeError::Changed);
        }
    }
    decisions.save(store, &files.key)?;
    report.exclude(&record.candidates);
    report.save_to(&files)?;
    Ok(TakenAway { title: out.map(|o| o.entry.title), next: report.next_in_rank() })
}
