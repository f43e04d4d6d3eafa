//! Finds the blocks of an issue in a file and names them by their anchors. It reads the layout
//! alone; what the blocks say is read in `read`.

use std::collections::BTreeMap;
use std::ops::Range;

use super::FormatError;
use super::entry;
use super::inline;
use super::lines::{self, Line};
use crate::compose::built_in;

/// What a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Title,
    HighlightsHeading,
    Highlights,
    Rule,
    SectionHeading,
    WaitingHeading,
    Nothing,
    Marks,
    EntryTitle,
    Link,
    Summary,
    DetailsHeading,
    Point,
    Papers,
    ReadingHeading,
    Group,
    Free,
}

/// A block of a file.
#[derive(Clone, Debug)]
pub(super) struct Block {
    pub(super) part: Part,
    /// Its anchor; for free text the anchor of the block it stands after, empty at the start.
    pub(super) anchor: String,
    /// Its lines, by index.
    pub(super) lines: Range<usize>,
}

/// The blocks of the format by their anchors.
pub(super) fn by_anchor(blocks: &[Block]) -> BTreeMap<&str, &Block> {
    let blocks = blocks.iter().filter(|b| b.part != Part::Free);
    blocks.map(|b| (b.anchor.as_str(), b)).collect()
}

/// A chunk of a file: from a `## ` heading to the next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Chunk {
    Highlights,
    Section,
    Waiting,
    Reading,
    Free,
}

/// Finds the blocks of a file.
pub(super) fn scan(lines: &[Line<'_>]) -> Result<Vec<Block>, FormatError> {
    if let Some(at) = lines::unclosed(lines) {
        return Err(FormatError::at(at, "an end of this fence or comment", "none"));
    }
    let starts: Vec<usize> = (0..lines.len()).filter(|i| lines[*i].heading(2).is_some()).collect();
    let mut scanner = Scanner { lines, blocks: Vec::new(), section: 0, prefix: String::new() };
    scanner.preamble(0..starts.first().copied().unwrap_or(lines.len()))?;
    for (i, start) in starts.iter().enumerate() {
        let end = starts.get(i + 1).copied().unwrap_or(lines.len());
        scanner.chunk(*start..end)?;
    }
    if scanner.section == 0 {
        return Err(FormatError::at(lines.len(), "a section `## 1. TITLE`", "the end of the file"));
    }
    Ok(scanner.blocks)
}

/// Walks through a file and collects its blocks.
pub(super) struct Scanner<'a> {
    pub(super) lines: &'a [Line<'a>],
    pub(super) blocks: Vec<Block>,
    /// How many numbered sections there are so far.
    section: usize,
    /// What the anchors of the section's entries begin with: `2`, or `new`.
    pub(super) prefix: String,
}

impl Scanner<'_> {
    /// Notes a block.
    pub(super) fn push(&mut self, part: Part, anchor: impl Into<String>, lines: Range<usize>) {
        self.blocks.push(Block { part, anchor: anchor.into(), lines });
    }

    /// Notes the lines of `range` as free text, without the blank ones around them.
    pub(super) fn free(&mut self, range: Range<usize>) {
        let mut filled = range.filter(|i| !self.lines[*i].is_blank());
        let Some(first) = filled.next() else { return };
        let end = filled.next_back().unwrap_or(first) + 1;
        match self.blocks.last_mut() {
            Some(last) if last.part == Part::Free => last.lines.end = end,
            last => {
                let anchor = last.map(|b| b.anchor.clone()).unwrap_or_default();
                self.push(Part::Free, anchor, first..end);
            }
        }
    }

    /// The next line from `at` on, before `end`, that is not blank.
    pub(super) fn filled(&self, at: usize, end: usize) -> Option<usize> {
        (at..end).find(|i| !self.lines[*i].is_blank())
    }

    fn preamble(&mut self, range: Range<usize>) -> Result<(), FormatError> {
        let title = range.clone().find(|i| self.lines[*i].heading(1).is_some());
        let Some(title) = title else {
            let first = self.filled(range.start, self.lines.len());
            let found = first.map_or("an empty file", |i| self.lines[i].text);
            return Err(FormatError::at(first.unwrap_or(0), "`# TITLE (FROM to TO)`", found));
        };
        self.free(range.start..title);
        self.push(Part::Title, "top", title..title + 1);
        self.free(title + 1..range.end);
        Ok(())
    }

    fn chunk(&mut self, range: Range<usize>) -> Result<(), FormatError> {
        match self.classify(&range) {
            Chunk::Highlights => self.highlights(range),
            Chunk::Section => {
                self.section += 1;
                let number = self.section.to_string();
                return self.section(range, Part::SectionHeading, number);
            }
            Chunk::Waiting => return self.section(range, Part::WaitingHeading, "new".into()),
            Chunk::Reading => self.reading(range),
            Chunk::Free => self.free(range),
        }
        Ok(())
    }

    fn classify(&self, range: &Range<usize>) -> Chunk {
        let heading = self.lines[range.start].heading(2).unwrap_or_default();
        let seen = |part| self.blocks.iter().any(|b| b.part == part);
        let body = range.start + 1..range.end;
        let has = |f: &dyn Fn(&Line<'_>) -> bool| {
            body.clone().any(|i| !self.lines[i].opaque && f(&self.lines[i]))
        };
        let has_items = has(&|l| inline::item(l.text).is_some());
        if is_waiting(heading) {
            return if seen(Part::WaitingHeading) { Chunk::Free } else { Chunk::Waiting };
        }
        if section_number(heading).is_some() {
            return Chunk::Section;
        }
        let is_known = |key: &str, h: &str| ["zh", "en"].iter().any(|l| built_in(l)[key] == h);
        let bare = heading.strip_prefix('⚡').map(str::trim);
        let first = self.section == 0 && !seen(Part::HighlightsHeading);
        let labelled = has(&|l| l.text.starts_with("- **["));
        if first && has_items && (bare.is_some() || is_known("highlights", heading) || labelled) {
            return Chunk::Highlights;
        }
        let has_entries = self.has_entries(&body);
        let grouped =
            has(&|l| l.heading(3).is_some_and(|h| h.starts_with('[') && h.ends_with(']')));
        let links = has(&|l| reading_item(l.text));
        if links
            && !has_entries
            && !seen(Part::ReadingHeading)
            && (is_known("further_reading", heading) || grouped)
        {
            return Chunk::Reading;
        }
        if has_entries { Chunk::Section } else { Chunk::Free }
    }

    /// Whether a `### ` heading is followed by a line that starts with a link.
    fn has_entries(&self, body: &Range<usize>) -> bool {
        body.clone().any(|i| {
            let next = self.filled(i + 1, body.end);
            self.lines[i].heading(3).is_some()
                && next.is_some_and(|n| self.lines[n].text.starts_with('['))
        })
    }

    /// Takes the rule off the end of a chunk: the last one in it.
    fn rule_of(&self, range: &Range<usize>) -> Option<usize> {
        range.clone().rev().find(|i| self.lines[*i].is_rule())
    }

    fn highlights(&mut self, range: Range<usize>) {
        self.push(Part::HighlightsHeading, "highlights heading", range.start..range.start + 1);
        let rule = self.rule_of(&range);
        let end = rule.unwrap_or(range.end);
        let first = (range.start + 1..end)
            .find(|i| !self.lines[*i].opaque && inline::item(self.lines[*i].text).is_some())
            .unwrap_or(end);
        self.free(range.start + 1..first);
        let last = self.list_end(first, end);
        if last > first {
            self.push(Part::Highlights, "highlights", first..last);
        }
        self.free(last..end);
        if let Some(rule) = rule {
            self.push(Part::Rule, "highlights rule", rule..rule + 1);
            self.free(rule + 1..range.end);
        }
    }

    /// Where the list that begins at `at` ends: items, their continuation, blank lines between.
    pub(super) fn list_end(&self, mut at: usize, end: usize) -> usize {
        let mut last = at;
        while at < end && !self.lines[at].opaque {
            let line = &self.lines[at];
            if line.is_blank() {
                let next = self.filled(at, end);
                let goes_on = next.is_some_and(|n| {
                    !self.lines[n].opaque && inline::item(self.lines[n].text).is_some()
                });
                if !goes_on {
                    break;
                }
            } else if entry::interrupts(line) {
                break;
            } else {
                last = at + 1;
            }
            at += 1;
        }
        last
    }

    fn section(
        &mut self,
        range: Range<usize>,
        part: Part,
        prefix: String,
    ) -> Result<(), FormatError> {
        self.push(part, format!("section {prefix} heading"), range.start..range.start + 1);
        let rule = self.rule_of(&range);
        let end = rule.unwrap_or(range.end);
        self.prefix.clone_from(&prefix);
        self.entries(range.start + 1..end)?;
        if let Some(rule) = rule {
            self.push(Part::Rule, format!("section {prefix}"), rule..rule + 1);
            self.free(rule + 1..range.end);
        }
        Ok(())
    }

    fn reading(&mut self, range: Range<usize>) {
        self.push(Part::ReadingHeading, "further reading heading", range.start..range.start + 1);
        let (mut at, mut group) = (range.start + 1, 0);
        while at < range.end {
            let is_heading = self.lines[at].heading(3).is_some();
            if !is_heading && (self.lines[at].opaque || !reading_item(self.lines[at].text)) {
                self.free(at..at + 1);
                at += 1;
                continue;
            }
            let start = at;
            let mut end = at + 1;
            while let Some(next) = self.filled(end, range.end) {
                if self.lines[next].opaque || !reading_item(self.lines[next].text) {
                    break;
                }
                end = next + 1;
            }
            group += 1;
            self.push(Part::Group, format!("group {group}"), start..end);
            at = end;
        }
    }
}

/// Whether a heading is the draft's for entries that wait for a place.
pub(super) fn is_waiting(heading: &str) -> bool {
    heading.starts_with('🆕') || ["zh", "en"].iter().any(|l| built_in(l)["new_entries"] == heading)
}

/// The number and the title of `N. TITLE`.
pub(super) fn section_number(heading: &str) -> Option<(&str, &str)> {
    let (number, title) = heading.split_once('.')?;
    let all_digits = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    (all_digits && (title.is_empty() || title.starts_with([' ', '\t'])))
        .then(|| (number, title.trim()))
}

/// Whether a line is an item of further reading: a list item that starts with a link.
fn reading_item(line: &str) -> bool {
    inline::item(line).is_some_and(|(indent, text)| indent < 2 && inline::link(text).is_some())
}
