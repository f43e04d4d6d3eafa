//! What a re-run no longer chooses and the editor's file still holds: it stays, with its evidence,
//! until the editor takes it out.

use std::collections::BTreeSet;

use super::matching::{indices_among, seen};
use super::{Machine, Unmergeable};
use crate::collect::canonical::canonical;
use crate::compose::{Issue, IssueSection};
use crate::format;

/// The new issue with those entries of `base` that `file` holds and `new` lacks, each at the end of
/// its section with its line of the highlights; and their titles. Further reading does not list
/// what an entry links.
///
/// # Errors
/// A text that cannot be read.
pub fn extend(
    base: &Machine<'_>,
    file: &str,
    new: &Machine<'_>,
) -> Result<(Issue, Vec<String>), Unmergeable> {
    let read = |text| format::outline(text).map_err(Unmergeable::Machine);
    let base_seen = seen(&read(base.text)?, Some(base));
    let new_seen = seen(&read(new.text)?, Some(new));
    let file_seen = seen(&format::outline(file).map_err(Unmergeable::File)?, None);
    let in_file = indices_among(&file_seen, &base_seen);
    let in_new = indices_among(&new_seen, &base_seen);
    let mut issue = new.issue.clone();
    let mut titles = Vec::new();
    let mut kept: BTreeSet<&String> = BTreeSet::new();
    let entries = base.issue.sections.iter().flat_map(|s| s.entries.iter().map(move |e| (s, e)));
    for (at, (section, entry)) in entries.enumerate() {
        if !in_file.contains(&at) || in_new.contains(&at) {
            continue;
        }
        titles.push(entry.title.clone());
        kept.extend(&entry.story);
        section_for(&mut issue, section).entries.push(entry.clone());
    }
    let lines = base.issue.highlights.iter();
    let lines = lines.filter(|h| h.story.as_ref().is_some_and(|s| kept.contains(s)));
    issue.highlights.extend(lines.cloned());
    unlist(&mut issue);
    Ok((issue, titles))
}

/// The section of the same title, else the last one.
fn section_for<'a>(issue: &'a mut Issue, section: &IssueSection) -> &'a mut IssueSection {
    let same = issue.sections.iter().position(|s| s.title == section.title);
    let at = match same {
        Some(at) => at,
        None => {
            if issue.sections.is_empty() {
                issue.sections.push(IssueSection::titled(section.title.clone()));
            }
            issue.sections.len() - 1
        }
    };
    &mut issue.sections[at]
}

/// Takes out of further reading what an entry links.
pub fn unlist(issue: &mut Issue) {
    let key = |url: &str| canonical(url).unwrap_or_else(|| url.to_owned());
    let linked: BTreeSet<String> =
        issue.sections.iter().flat_map(|s| &s.entries).map(|e| key(&e.link.url)).collect();
    for group in &mut issue.further_reading {
        group.items.retain(|item| !linked.contains(&key(&item.url)));
    }
    issue.further_reading.retain(|group| !group.items.is_empty());
}
