//! Finds the blocks of a section's entries.

use std::ops::Range;

use super::FormatError;
use super::inline;
use super::lines::Line;
use super::scan::{Part, Scanner};
use crate::compose::built_in;

/// The last lines of an entry, found once, on which a block could begin; each is 0 where there is
/// none, since no entry begins there.
#[derive(Default)]
struct Last {
    quote: usize,
    labelled_quote: usize,
    details: usize,
    point: usize,
}

/// Which blocks of an entry have been seen.
#[derive(Default)]
struct Seen {
    /// The line of the source link.
    source: Option<usize>,
    last: Last,
    link: bool,
    summary: bool,
    details: bool,
    points: usize,
    papers: bool,
}

impl Seen {
    /// A quotation is the summary right after the link, or elsewhere where it is labelled as one.
    fn opens_summary(&self, line: &str) -> bool {
        let in_order = !self.details && !self.papers;
        let is_quote = self.link && !self.summary && line.starts_with('>');
        is_quote && (in_order || is_labelled_quote(line))
    }

    /// Whether the summary or key points still follow after the line `at`.
    fn core_follows(&self, at: usize) -> bool {
        let last_summary = if self.details { self.last.labelled_quote } else { self.last.quote };
        let last_point = if self.details { self.last.point } else { self.last.details };
        (!self.summary && last_summary > at) || last_point > at
    }
}

/// `> **WORD**：…`
fn is_labelled_quote(line: &str) -> bool {
    let bold = line.strip_prefix('>').and_then(|l| inline::bold(l.trim()));
    bold.is_some_and(|(_, rest)| rest.trim_start().starts_with(['：', ':']))
}

impl Scanner<'_> {
    /// The entries between a section's heading and its rule, with what stands around them.
    pub(super) fn entries(&mut self, range: Range<usize>) -> Result<(), FormatError> {
        let starts: Vec<(usize, usize)> = range
            .clone()
            .filter(|i| self.lines[*i].heading(3).is_some())
            .map(|heading| (self.marks_before(heading, range.start), heading))
            .collect();
        let first = starts.first().map_or(range.end, |s| s.0);
        self.before_entries(range.start..first, starts.is_empty());
        for (i, (marks, heading)) in starts.iter().enumerate() {
            let end = starts.get(i + 1).map_or(range.end, |next| next.0);
            let name = format!("entry {}.{}", self.prefix, i + 1);
            if marks < heading {
                let last = (*marks..*heading).rev().find(|i| !self.lines[*i].is_blank());
                let last = last.unwrap_or(*marks);
                self.push(Part::Marks, format!("{name} marks"), *marks..last + 1);
            }
            self.entry(&name, *heading..end)?;
        }
        Ok(())
    }

    /// The first of the marks that stand right before a heading, or the heading itself.
    fn marks_before(&self, heading: usize, floor: usize) -> usize {
        let mut first = heading;
        for i in (floor..heading).rev() {
            if self.lines[i].mark().is_some() {
                first = i;
            } else if !self.lines[i].is_blank() {
                break;
            }
        }
        first
    }

    /// What stands between a section's heading and its first entry.
    fn before_entries(&mut self, range: Range<usize>, is_empty: bool) {
        let nothing = range.clone().find(|i| is_empty && says_nothing(&self.lines[*i]).is_some());
        let Some(nothing) = nothing else {
            return self.free(range);
        };
        self.free(range.start..nothing);
        let anchor = format!("section {} nothing", self.prefix);
        self.push(Part::Nothing, anchor, nothing..nothing + 1);
        self.free(nothing + 1..range.end);
    }

    fn entry(&mut self, name: &str, range: Range<usize>) -> Result<(), FormatError> {
        self.push(Part::EntryTitle, format!("{name} title"), range.start..range.start + 1);
        let mut seen = Seen {
            source: self.source_line(&range),
            last: self.last_lines(&range),
            ..Seen::default()
        };
        let mut at = range.start + 1;
        while at < range.end {
            let after = self.entry_block(name, at, range.end, &mut seen);
            if after == at {
                self.free(at..at + 1);
                at += 1;
            } else {
                at = after;
            }
        }
        if seen.link {
            return Ok(());
        }
        let next = self.filled(range.start + 1, self.lines.len());
        let found = next.map_or("the end of the file", |i| self.lines[i].text);
        let at = next.unwrap_or(range.start);
        Err(FormatError::at(
            at,
            "the entry's source link `[阅读原文](URL)` or `[Read the original](URL)`",
            found,
        ))
    }

    /// The line of an entry's source link: the first link that has a date or the format's words,
    /// else the first that stands alone.
    fn source_line(&self, range: &Range<usize>) -> Option<usize> {
        let is_link =
            |i: &usize| !self.lines[*i].opaque && source_link(self.lines[*i].text).is_some();
        let is_sure = |i: &usize| {
            source_link(self.lines[*i].text).is_some_and(|(link, date)| {
                !date.is_empty()
                    || ["zh", "en"].iter().any(|l| built_in(l)["read_original"] == link.text)
            })
        };
        let mut links = range.clone().filter(is_link);
        links.clone().find(is_sure).or_else(|| links.next())
    }

    /// Notes the block of an entry that begins at `at` and gives where it ends; `at` where there
    /// is none.
    fn entry_block(&mut self, name: &str, at: usize, end: usize, seen: &mut Seen) -> usize {
        let line = self.lines[at];
        if line.opaque || line.is_blank() {
            return at;
        }
        let (part, what, last) = if seen.source == Some(at) {
            seen.link = true;
            (Part::Link, "link".to_owned(), at + 1)
        } else if seen.opens_summary(line.text) {
            seen.summary = true;
            let more = |i: &usize| self.lines[*i].text.starts_with('>') && !self.lines[*i].opaque;
            (Part::Summary, "summary".to_owned(), at + (at..end).take_while(more).count())
        } else if seen.link
            && !seen.details
            && !seen.papers
            && self.opens_details(at, end, seen.last.point)
        {
            seen.details = true;
            (Part::DetailsHeading, "details".to_owned(), at + 1)
        } else if seen.details && !seen.papers && opens_point(line.text) {
            seen.points += 1;
            (Part::Point, format!("point {}", seen.points), self.point_end(at, end))
        } else if seen.link
            && !seen.papers
            && inline::only_link(line.text).is_some()
            && !seen.core_follows(at)
        {
            seen.papers = true;
            (Part::Papers, "papers".to_owned(), self.papers_end(at, end))
        } else {
            return at;
        };
        self.push(part, format!("{name} {what}"), at..last);
        last
    }

    /// Where each block could begin for the last time.
    fn last_lines(&self, range: &Range<usize>) -> Last {
        let mut last = Last::default();
        let mut next = None;
        for at in range.clone().rev().filter(|i| !self.lines[*i].is_blank()) {
            let line = self.lines[at];
            if !line.opaque {
                let is_point = opens_point(line.text);
                let keep = |slot: &mut usize, is: bool| {
                    if is && *slot == 0 {
                        *slot = at;
                    }
                };
                keep(&mut last.quote, line.text.starts_with('>'));
                keep(&mut last.labelled_quote, is_labelled_quote(line.text));
                keep(&mut last.point, is_point);
                let heads = inline::only_bold(line.text).is_some_and(|word| {
                    next == Some(true) || (word.starts_with('💡') && last.point > 0)
                });
                keep(&mut last.details, heads);
                next = Some(is_point);
            } else {
                next = Some(false);
            }
        }
        last
    }

    /// A bold line with key points after it; one with the format's light bulb may have a block of
    /// the editor's own in between.
    fn opens_details(&self, at: usize, end: usize, last_point: usize) -> bool {
        let Some(word) = inline::only_bold(self.lines[at].text) else {
            return false;
        };
        let next = self.filled(at + 1, end);
        let is_point = |i: usize| !self.lines[i].opaque && opens_point(self.lines[i].text);
        next.is_some_and(is_point) || (word.starts_with('💡') && last_point > at)
    }

    /// A key point goes on over its deeper items, their continuation, and blank lines before a
    /// deeper item.
    fn point_end(&self, at: usize, end: usize) -> usize {
        let top = inline::item(self.lines[at].text).map_or(0, |(indent, _)| indent);
        let deeper = |i: usize| {
            let item = inline::item(self.lines[i].text);
            !self.lines[i].opaque && item.is_none_or(|(indent, _)| indent > top + 1)
        };
        let (mut i, mut last) = (at + 1, at + 1);
        while i < end {
            let line = &self.lines[i];
            if line.is_blank() {
                let next = self.filled(i, end);
                let is_item = |n: usize| inline::item(self.lines[n].text).is_some();
                if !next.is_some_and(|n| is_item(n) && deeper(n)) {
                    break;
                }
            } else if interrupts(line) || !deeper(i) {
                break;
            } else {
                last = i + 1;
            }
            i += 1;
        }
        last
    }

    fn papers_end(&self, at: usize, end: usize) -> usize {
        let mut last = at + 1;
        while let Some(next) = self.filled(last, end) {
            let line = &self.lines[next];
            if line.opaque || inline::only_link(line.text).is_none() {
                break;
            }
            last = next + 1;
        }
        last
    }
}

/// Whether a line cannot go on with the list item above it.
pub(super) fn interrupts(line: &Line<'_>) -> bool {
    let text = line.text;
    line.opaque
        || line.is_rule()
        || text.starts_with(['#', '>'])
        || text.starts_with("<!--")
        || inline::only_link(text).is_some() && !text.starts_with(' ')
        || text.starts_with("![")
}

/// A key point: a list item that is bold, or set in by one space as the format has it. Another list
/// is the editor's own.
fn opens_point(line: &str) -> bool {
    inline::item(line)
        .is_some_and(|(indent, text)| indent < 4 && (text.starts_with("**") || indent == 1))
}

/// What an empty section says of itself, still escaped.
pub(super) fn says_nothing<'a>(line: &Line<'a>) -> Option<&'a str> {
    let text = line.text.trim();
    text.strip_prefix("*(")?.strip_suffix(")*").filter(|_| !line.opaque)
}

/// An entry's link line: the link, and its date where it has one.
pub(super) fn source_link(line: &str) -> Option<(inline::Link<'_>, &str)> {
    let link = inline::link(line.trim())?;
    let rest = link.rest.trim();
    if rest.is_empty() {
        return Some((link, ""));
    }
    let date = rest.trim_start_matches('`').trim_end_matches('`');
    let date = date.strip_prefix('[').and_then(|d| d.strip_suffix(']')).unwrap_or(date);
    (!date.contains(['`', '[', ']', '(', ')']) && date.chars().count() <= 40)
        .then_some((link, date))
}
