//! What a template for the issue's Markdown is given: an [`Issue`] laid out for printing.
//!
//! `edition{title,language}`, `window{from,to}`, `words{…}`, `highlights[{label,headline,text}]`,
//! `sections[{number,title,waiting,says_nothing,entries[{marks[],title,link{text,url},date,summary,
//! key_points[{heading,details[{lead,text}]}],papers[{text,url}]}]}]`,
//! `further_reading[{group,items[{title,url,source}]}]`. Every name is always there; a text that
//! is not known is empty.

use serde::Serialize;

use super::claims::join_claims;
use crate::compose::{
    Edition, Issue, IssueEntry, IssueKeyPoint, IssueSection, ReadingGroup, TextLink, Window, Words,
    built_in,
};

#[derive(Serialize)]
pub(super) struct View<'a> {
    edition: &'a Edition,
    window: &'a Window,
    words: Words,
    highlights: Vec<Highlight<'a>>,
    sections: Vec<Section<'a>>,
    further_reading: &'a [ReadingGroup],
}

#[derive(Serialize)]
struct Highlight<'a> {
    label: &'a str,
    headline: &'a str,
    text: &'a str,
}

#[derive(Serialize)]
struct Section<'a> {
    number: usize,
    title: String,
    waiting: bool,
    /// Whether the section is to say that it is empty.
    says_nothing: bool,
    entries: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    marks: &'a [String],
    title: &'a str,
    link: TextLink,
    date: &'a str,
    summary: String,
    key_points: Vec<KeyPoint<'a>>,
    papers: Vec<TextLink>,
}

#[derive(Serialize)]
struct KeyPoint<'a> {
    heading: &'a str,
    details: Vec<Detail<'a>>,
}

#[derive(Serialize)]
struct Detail<'a> {
    lead: &'a str,
    text: &'a str,
}

/// Lays out `issue`. Words that it lacks are those of its language.
pub(super) fn view(issue: &Issue) -> View<'_> {
    let mut words = built_in(&issue.edition.language);
    words.extend(issue.words.clone());
    let highlights = issue.highlights.iter();
    let mut number = 0;
    let sections = issue.sections.iter().map(|s| {
        number += usize::from(!s.waiting);
        section(s, number, &words)
    });
    View {
        edition: &issue.edition,
        window: &issue.window,
        highlights: highlights
            .map(|h| Highlight {
                label: h.label.trim(),
                headline: h.headline.trim(),
                text: h.text.trim(),
            })
            .collect(),
        sections: sections.collect(),
        further_reading: &issue.further_reading,
        words,
    }
}

fn section<'a>(section: &'a IssueSection, number: usize, words: &Words) -> Section<'a> {
    let untitled = section.waiting && section.title.trim().is_empty();
    let word = if untitled { words.get("new_entries").cloned() } else { None };
    Section {
        number,
        title: word.unwrap_or_else(|| section.title.clone()),
        waiting: section.waiting,
        says_nothing: section.entries.is_empty() && !section.waiting,
        entries: section.entries.iter().map(|e| entry(e, words)).collect(),
    }
}

fn entry<'a>(entry: &'a IssueEntry, words: &Words) -> Entry<'a> {
    Entry {
        marks: &entry.marks,
        title: &entry.title,
        link: named(&entry.link, words, "read_original"),
        date: &entry.date,
        summary: join_claims(&entry.summary),
        key_points: entry.key_points.iter().map(key_point).collect(),
        papers: entry.papers.iter().map(|p| named(p, words, "related_paper")).collect(),
    }
}

/// The link, with the language's word where it has no text of its own.
fn named(link: &TextLink, words: &Words, key: &str) -> TextLink {
    let mut link = link.clone();
    if link.text.trim().is_empty() {
        link.text = words.get(key).cloned().unwrap_or_default();
    }
    link
}

fn key_point(point: &IssueKeyPoint) -> KeyPoint<'_> {
    let details = point.details.iter();
    KeyPoint {
        heading: &point.heading,
        details: details
            .map(|d| Detail { lead: d.lead.trim(), text: d.claim.text.trim() })
            .filter(|d| !(d.lead.is_empty() && d.text.is_empty()))
            .collect(),
    }
}
