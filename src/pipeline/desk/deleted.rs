//! Entries that are not in the draft any more and can be brought back.

use std::collections::BTreeSet;

use serde::Serialize;

use super::view::entries;
use crate::compose::{HighlightLine, Issue, IssueEntry, IssueSection};
use crate::format::{self, Field};
use crate::pipeline::approval::Approving;
use crate::review::edit::Edit;
use crate::review::entry_key;
use crate::review::record::Record;

/// An entry that is not in the draft and can be brought back.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Deleted {
    /// Its key.
    pub key: String,
    /// Its title.
    pub title: String,
    /// Its Markdown.
    pub text: String,
    /// The title of the section it stood in.
    pub section: String,
    /// The Markdown of its line of the highlights.
    pub highlight: Option<String>,
}

/// Entries that a person deleted, as they stood then, and those of the machine that are not in the
/// draft.
pub(super) fn deleted(issue: &Issue, draft: &Approving) -> Vec<Deleted> {
    let mut have: BTreeSet<String> = entries(issue).map(entry_key).collect();
    let mut out = Vec::new();
    for Taken { text, section, highlight } in deleted_texts(&draft.record) {
        let file = format!("# T (2026-01-01 至 2026-01-01)\n\n## 1. S\n\n{text}\n\n---\n");
        let Ok(parsed) = format::parse(&file) else { continue };
        let Some(entry) = entries(&parsed.issue).next() else { continue };
        let key = entry_key(entry);
        if have.insert(key.clone()) {
            let title = entry.title.clone();
            out.push(Deleted { key, title, text, section, highlight });
        }
    }
    for machine in &draft.machine {
        for section in &machine.sections {
            for entry in section.entries.iter().filter(|e| !e.title.is_empty()) {
                let key = entry_key(entry);
                // Printing costs: only what is not in the draft is printed.
                if have.contains(&key) {
                    continue;
                }
                let Some((text, highlight)) = printed(machine, entry) else { continue };
                if have.insert(key.clone()) {
                    let (title, section) = (entry.title.clone(), section.title.clone());
                    out.push(Deleted { key, title, text, section, highlight });
                }
            }
        }
    }
    out
}

/// An entry that was deleted at the desk.
struct Taken {
    text: String,
    section: String,
    highlight: Option<String>,
}

/// The entries that were deleted at the desk, the last first.
fn deleted_texts(record: &Record) -> Vec<Taken> {
    let deletions = record.standing().filter_map(|(_, d)| match (&d.edit, &d.after) {
        (Some(Edit::Delete { base, highlight, .. }), section) => Some(Taken {
            text: base.clone(),
            section: section.clone().unwrap_or_default(),
            highlight: highlight.clone(),
        }),
        _ => None,
    });
    let mut all: Vec<Taken> = deletions.collect();
    all.reverse();
    all
}

/// An entry's Markdown and that of its line of the highlights, as the program would print them.
fn printed(issue: &Issue, entry: &IssueEntry) -> Option<(String, Option<String>)> {
    let section = IssueSection { entries: vec![entry.clone()], ..IssueSection::titled("S".into()) };
    let own = |h: &&HighlightLine| h.story.is_some() && h.story == entry.story;
    let alone = Issue {
        sections: vec![section],
        highlights: issue.highlights.iter().find(own).cloned().into_iter().collect(),
        further_reading: Vec::new(),
        free: Vec::new(),
        verbatim: Vec::new(),
        ..issue.clone()
    };
    let markdown = format::render(&alone).ok()?;
    let (_, fields) = format::locate(&markdown).ok()?;
    let text = |wanted| fields.iter().find(|f| f.field == wanted).map(|f| f.text.clone());
    Some((text(Field::Entry)?, text(Field::HighlightLine { line: 1 })))
}
