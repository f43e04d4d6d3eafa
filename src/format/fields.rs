//! The fields of a file: every text that a person may change, with the bytes it is written with.
//!
//! [`super::locate`] gives them with what [`super::parse`] reads.

use std::ops::Range;

use super::claims::{separator, split_claims};
use super::entry::source_link;
use super::field::Field;
use super::inline;
use super::lines::{self, Line};
use super::read;
use super::scan::{Block, Part, section_number};
use crate::template::{unescape, unescaped};

/// Where a field stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldPlace {
    /// The entry it belongs to, by its index in the order of the file.
    pub entry: Option<usize>,
    /// Which field.
    pub field: Field,
    /// The bytes of its text; empty at the place where an absent one would stand.
    pub bytes: Range<usize>,
    /// Its bytes with the markup that goes where the text goes: `**lead**：`.
    pub whole: Range<usize>,
    /// Its text.
    pub text: String,
}

/// Every field of a file, in the order of the file; a whole stands before its parts. `colon` is
/// the file's word for what stands after a lead.
pub(super) fn of_blocks(
    markdown: &str,
    all: &[Line<'_>],
    blocks: &[Block],
    colon: &str,
) -> Vec<FieldPlace> {
    let mut finder = Finder { markdown, all, colon, out: Vec::new(), entry: None, counts: [0; 4] };
    for (at, block) in blocks.iter().enumerate() {
        finder.block(block, &blocks[at..]);
    }
    finder.out
}

/// Text of one or more lines with the bytes of the file that each of its bytes is written with.
struct Raw {
    text: String,
    at: Vec<Range<usize>>,
    /// Where it would stand if it were empty.
    home: usize,
}

impl Raw {
    fn new(markdown: &str, part: &str) -> Self {
        let home = offset(markdown, part);
        let mut raw = Self { text: String::new(), at: Vec::new(), home };
        raw.push(markdown, part, "");
        raw
    }

    /// Adds `part` of the file; `between` stands for what parts the two in the file.
    fn push(&mut self, markdown: &str, part: &str, between: &str) {
        let start = offset(markdown, part);
        let gap = self.at.last().map_or(start, |r| r.end)..start;
        self.text.push_str(between);
        self.at.extend(between.bytes().map(|_| gap.clone()));
        self.text.push_str(part);
        self.at.extend((start..start + part.len()).map(|i| i..i + 1));
    }

    /// The bytes of the file of a part of the text.
    fn range(&self, part: &str) -> Range<usize> {
        let start = offset(&self.text, part);
        self.bytes(start..start + part.len())
    }

    fn bytes(&self, range: Range<usize>) -> Range<usize> {
        let before = range.start.checked_sub(1).and_then(|i| self.at.get(i)).map(|r| r.end);
        let start = self.at.get(range.start).map(|r| r.start).or(before).unwrap_or(self.home);
        let last = range.end.checked_sub(1).filter(|_| range.end > range.start);
        start..last.and_then(|i| self.at.get(i)).map_or(start, |r| r.end)
    }
}

/// Where a slice of `whole` begins in it.
fn offset(whole: &str, part: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(whole.as_ptr() as usize)
}

struct Finder<'a> {
    markdown: &'a str,
    all: &'a [Line<'a>],
    colon: &'a str,
    out: Vec<FieldPlace>,
    /// The entry that is being read.
    entry: Option<usize>,
    /// Points of the entry; groups, free blocks and sections of the file so far.
    counts: [usize; 4],
}

impl Finder<'_> {
    fn push(&mut self, field: Field, bytes: Range<usize>, whole: Range<usize>, text: String) {
        let inside = !matches!(
            field,
            Field::IssueTitle
                | Field::SectionTitle { .. }
                | Field::HighlightLine { .. }
                | Field::HighlightLabel { .. }
                | Field::HighlightHeadline { .. }
                | Field::HighlightText { .. }
                | Field::ReadingItem { .. }
                | Field::ReadingTitle { .. }
                | Field::Free { .. }
        );
        let entry = self.entry.filter(|_| inside);
        self.out.push(FieldPlace { entry, field, bytes, whole, text });
    }

    /// A field that is shown as it is read.
    fn part(&mut self, field: Field, raw: &Raw, part: &str) {
        let bytes = raw.range(part);
        self.push(field, bytes.clone(), bytes, unescape(part));
    }

    /// A field that is its Markdown.
    fn whole(&mut self, field: Field, bytes: Range<usize>) {
        let text = self.markdown[bytes.clone()].to_owned();
        self.push(field, bytes.clone(), bytes, text);
    }

    fn block(&mut self, block: &Block, following: &[Block]) {
        let lines = &self.all[block.lines.clone()];
        let bytes = lines::bytes(self.all, &block.lines);
        match block.part {
            Part::Title => {
                let (title, _) = read::title(lines[0].heading(1).unwrap_or_default());
                self.single(Field::IssueTitle, title);
            }
            Part::Highlights => self.highlights(lines),
            Part::SectionHeading => {
                self.counts[3] += 1;
                let heading = lines[0].heading(2).unwrap_or_default();
                let title = section_number(heading).map_or(heading, |(_, title)| title);
                self.single(Field::SectionTitle { section: self.counts[3] }, title);
            }
            Part::Marks => self.begin_entry(following),
            Part::EntryTitle => {
                let began = matches!(self.out.last(), Some(f) if f.field == Field::Entry);
                if !began {
                    self.begin_entry(following);
                }
                let title = lines[0].heading(3).unwrap_or_default();
                let title = inline::only_bold(title).unwrap_or(title);
                self.single(Field::Title, title);
            }
            Part::Link => self.link(lines[0].text, following),
            Part::Summary => self.summary(lines),
            Part::Point => {
                self.counts[0] += 1;
                self.point(self.counts[0], bytes, lines);
            }
            Part::Papers => {
                let filled = block.lines.clone().filter(|i| !self.all[*i].is_blank());
                for (n, at) in filled.enumerate() {
                    self.whole(
                        Field::Paper { paper: n + 1 },
                        lines::bytes(self.all, &(at..at + 1)),
                    );
                }
            }
            Part::Group => {
                self.counts[1] += 1;
                self.group(self.counts[1], lines);
            }
            Part::Free => {
                self.counts[2] += 1;
                self.whole(Field::Free { block: self.counts[2] }, bytes);
            }
            _ => {}
        }
    }

    fn single(&mut self, field: Field, part: &str) {
        let raw = Raw::new(self.markdown, part);
        let bytes = raw.bytes(0..raw.text.len());
        self.push(field, bytes.clone(), bytes, unescape(part));
    }

    /// Notes the entry whose first block is the first of `following`.
    fn begin_entry(&mut self, following: &[Block]) {
        self.entry = Some(self.entry.map_or(0, |n| n + 1));
        self.counts[0] = 0;
        let Some(first) = following.first() else { return };
        let name: String = first.anchor.split(' ').take(2).collect::<Vec<_>>().join(" ");
        let own = following
            .iter()
            .take_while(|b| b.anchor.strip_prefix(&name).is_some_and(|rest| rest.starts_with(' ')));
        let last = own.filter(|b| b.part != Part::Free).last().unwrap_or(first);
        let end = lines::bytes(self.all, &last.lines).end;
        self.whole(Field::Entry, lines::bytes(self.all, &first.lines).start..end);
    }

    fn link(&mut self, line: &str, following: &[Block]) {
        let Some((link, date)) = source_link(line) else { return };
        let text_end = offset(self.markdown, link.text) + link.text.len();
        let rest = offset(self.markdown, link.rest);
        let url = text_end + 2..rest.saturating_sub(1).max(text_end + 2);
        self.push(Field::Link, url.clone(), url, link.url.clone());
        let line_end = offset(self.markdown, line) + line.trim_end().len();
        let (bytes, whole) = match date {
            "" => (line_end..line_end, line_end..line_end),
            date => {
                let start = offset(self.markdown, date);
                (start..start + date.len(), rest..line_end)
            }
        };
        self.push(Field::Date, bytes, whole, date.to_owned());
        let name = following.first().and_then(|b| b.anchor.strip_suffix(" link"));
        let own = following.iter().take_while(|b| name.is_some_and(|n| b.anchor.starts_with(n)));
        if !own.into_iter().any(|b| b.part == Part::Summary) {
            self.push(Field::Summary, line_end..line_end, line_end..line_end, String::new());
        }
    }

    fn summary(&mut self, lines: &[Line<'_>]) {
        let mut parts =
            lines.iter().map(|l| l.text.trim_start_matches('>').trim()).filter(|t| !t.is_empty());
        let first = parts.next().unwrap_or_else(|| lines[0].text.trim_start_matches('>').trim());
        let mut raw = Raw::new(self.markdown, first);
        parts.for_each(|part| raw.push(self.markdown, part, " "));
        let text = raw.text.clone();
        let body = inline::lead(&text, self.colon).map_or(text.as_str(), |(_, b)| b);
        let start = offset(&text, body);
        let bytes = raw.bytes(start..start + body.len());
        let shown = unescaped(body);
        let words: String = shown.iter().map(|(c, _)| c).collect();
        self.push(Field::Summary, bytes.clone(), bytes, words.clone());
        let mut at = words.chars().take_while(|c| c.is_whitespace()).count();
        for (n, claim) in split_claims(&words).into_iter().enumerate() {
            let length = claim.text.chars().count();
            let begins = |at: usize| {
                shown.len() >= at + length
                    && shown[at..at + length].iter().map(|(c, _)| *c).eq(claim.text.chars())
            };
            // what join_claims would put between two sentences belongs to neither
            at += usize::from(!begins(at));
            let Some(own) = shown.get(at..at + length).filter(|s| !s.is_empty()) else { return };
            let range = start + own[0].1.start..start + own[length - 1].1.end;
            let bytes = raw.bytes(range);
            self.push(Field::Sentence { sentence: n + 1 }, bytes.clone(), bytes, claim.text);
            at += length;
        }
    }

    /// The items of a list: the bytes of each, and its text.
    fn items(&self, lines: &[Line<'_>]) -> Vec<(Range<usize>, Raw)> {
        let mut out: Vec<(Range<usize>, Raw)> = Vec::new();
        for line in lines.iter().filter(|l| !l.is_blank()) {
            let end = line.start + line.text.len();
            match (inline::item(line.text), out.last_mut()) {
                (Some((_, text)), _) => {
                    out.push((line.start..end, Raw::new(self.markdown, text)));
                }
                (None, Some((bytes, raw))) => {
                    let text = line.text.trim();
                    let between = if raw.text.is_empty() { "" } else { separator(&raw.text, text) };
                    raw.push(self.markdown, text, between);
                    bytes.end = end;
                }
                (None, None) => {}
            }
        }
        out
    }

    fn point(&mut self, point: usize, bytes: Range<usize>, lines: &[Line<'_>]) {
        self.whole(Field::Point { point }, bytes);
        let mut items = self.items(lines).into_iter();
        let Some((_, raw)) = items.next() else { return };
        let heading = inline::only_bold(&raw.text).unwrap_or(&raw.text);
        self.part(Field::Heading { point }, &raw, heading);
        for (n, (bytes, raw)) in items.enumerate() {
            let detail = n + 1;
            self.whole(Field::DetailLine { point, detail }, bytes);
            let (lead, prose) = inline::lead(&raw.text, self.colon).unwrap_or(("", &raw.text));
            self.lead(Field::Lead { point, detail }, &raw, &raw.text, lead, prose);
            self.part(Field::Detail { point, detail }, &raw, prose);
        }
    }

    /// A bold text before `next`, or its absence.
    fn lead(&mut self, field: Field, raw: &Raw, item: &str, inner: &str, next: &str) {
        let (from, to) = (offset(&raw.text, item), offset(&raw.text, next));
        let start = raw.bytes(from..from).start;
        // an absent one stands right where the text begins
        let end = if inner.is_empty() { start } else { raw.bytes(to..to).start };
        let bytes = if inner.is_empty() { start..start } else { raw.range(inner) };
        self.push(field, bytes, start..end.max(start), unescape(inner));
    }

    fn highlights(&mut self, lines: &[Line<'_>]) {
        for (n, (bytes, raw)) in self.items(lines).into_iter().enumerate() {
            let line = n + 1;
            self.whole(Field::HighlightLine { line }, bytes);
            let item = raw.text.as_str();
            let labelled = inline::bold(item).and_then(|(inner, rest)| {
                let label = inner.strip_prefix('[')?.strip_suffix(']')?;
                Some((label, rest.trim()))
            });
            let (label, rest) = labelled.unwrap_or(("", item));
            let (headline, text) = inline::lead(rest, self.colon).unwrap_or(("", rest));
            self.lead(Field::HighlightLabel { line }, &raw, item, label, rest);
            self.lead(Field::HighlightHeadline { line }, &raw, rest, headline, text);
            self.part(Field::HighlightText { line }, &raw, text);
        }
    }

    fn group(&mut self, group: usize, lines: &[Line<'_>]) {
        let mut item = 0;
        for line in lines {
            let link = inline::item(line.text).and_then(|(_, text)| inline::link(text));
            let Some(link) = link else { continue };
            item += 1;
            let end = line.start + line.text.len();
            self.whole(Field::ReadingItem { group, item }, line.start..end);
            self.single(Field::ReadingTitle { group, item }, link.text);
        }
    }
}

#[cfg(test)]
#[path = "fields_tests.rs"]
mod tests;
