//! Reads what the blocks of a file say into an [`Issue`].

use super::claims::{join_lines, split_claims};
use super::entry::{says_nothing, source_link};
use super::inline;
use super::lines::Line;
use super::scan::{Block, Part, section_number};
use super::words;
use crate::compose::{
    HighlightLine, Issue, IssueDetail, IssueEntry, IssueKeyPoint, IssueSection, ReadingGroup,
    ReadingItem, TextLink, Window, Words,
};
use crate::template::unescape;
use crate::verify::Claim;

/// Reads the blocks of a file. Free text is left to the caller.
pub(super) fn read(lines: &[Line<'_>], blocks: &[Block]) -> Issue {
    let (language, words) = words::of_file(lines, blocks);
    let mut reader = Reader { words: &words, issue: Issue::default(), marks: Vec::new() };
    for block in blocks {
        reader.block(block.part, &lines[block.lines.clone()]);
    }
    let mut issue = reader.issue;
    issue.edition.language = language;
    issue.words = words;
    issue
}

/// The title and the window of `TITLE (FROM to TO)`, and the word between the days. Without a
/// window all of it is the title.
pub(super) fn title(heading: &str) -> (&str, Option<(Window, &str)>) {
    let whole = (heading, None);
    let Some(inner) = heading.strip_suffix([')', '）']) else {
        return whole;
    };
    let Some(open) = inner.rfind(['(', '（']) else {
        return whole;
    };
    let title = heading[..open].trim();
    let span = inner[open..].trim_start_matches(['(', '（']);
    let (Some(from), Some(rest)) = (span.get(..10), span.get(10..)) else {
        return whole;
    };
    let Some(cut) = rest.len().checked_sub(10).filter(|c| rest.is_char_boundary(*c)) else {
        return whole;
    };
    let (word, to) = (rest[..cut].trim(), &rest[cut..]);
    if word.is_empty() || !is_day(from) || !is_day(to) {
        return whole;
    }
    (title, Some((Window { from: from.to_owned(), to: to.to_owned() }, word)))
}

/// Whether `text` has the shape `YYYY-MM-DD`.
pub(super) fn is_day(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(i, b)| match i {
            4 | 7 => b == b'-',
            _ => b.is_ascii_digit(),
        })
}

struct Reader<'a> {
    words: &'a Words,
    issue: Issue,
    /// Marks that stand before the next entry's title.
    marks: Vec<String>,
}

impl Reader<'_> {
    fn block(&mut self, part: Part, lines: &[Line<'_>]) {
        let first = lines[0].text;
        match part {
            Part::Title => {
                let (title, window) = title(lines[0].heading(1).unwrap_or_default());
                self.issue.edition.title = unescape(title);
                self.issue.window = window.map(|w| w.0).unwrap_or_default();
            }
            Part::Highlights => {
                self.issue.highlights = items(lines)
                    .iter()
                    .map(|(_, text)| highlight(text, &self.words["colon"]))
                    .collect();
            }
            Part::SectionHeading => {
                let heading = lines[0].heading(2).unwrap_or_default();
                let title = section_number(heading).map_or(heading, |(_, title)| title);
                self.issue.sections.push(IssueSection::titled(unescape(title)));
            }
            Part::WaitingHeading => {
                let title = unescape(words::waiting(lines[0].heading(2).unwrap_or_default()));
                let section = IssueSection { waiting: true, ..IssueSection::titled(title) };
                self.issue.sections.push(section);
            }
            Part::Group => self.group(lines),
            Part::Marks => self.marks = lines.iter().filter_map(Line::mark).collect(),
            Part::EntryTitle => {
                let title = lines[0].heading(3).unwrap_or_default();
                let title = unescape(inline::only_bold(title).unwrap_or(title));
                let marks = std::mem::take(&mut self.marks);
                let entry = IssueEntry { title, marks, ..IssueEntry::default() };
                if let Some(section) = self.issue.sections.last_mut() {
                    section.entries.push(entry);
                }
            }
            Part::Link => {
                let Some((link, date)) = source_link(first) else {
                    return;
                };
                let link = text_link(&link);
                self.entry_with(|e| {
                    e.link = link;
                    e.date = date.to_owned();
                });
            }
            Part::Summary => self.summary(lines),
            Part::Point => {
                let point = key_point(lines, &self.words["colon"]);
                self.entry_with(|e| e.key_points.push(point));
            }
            Part::Papers => {
                let papers = lines.iter().filter_map(|l| inline::only_link(l.text));
                let papers = papers.map(|l| text_link(&l)).collect();
                self.entry_with(|e| e.papers = papers);
            }
            Part::HighlightsHeading
            | Part::Rule
            | Part::Nothing
            | Part::DetailsHeading
            | Part::ReadingHeading
            | Part::Free => {}
        }
    }

    /// Changes the entry that is being read: the last one whose title was seen.
    fn entry_with(&mut self, change: impl FnOnce(&mut IssueEntry)) {
        let Some(entry) = self.issue.sections.last_mut().and_then(|s| s.entries.last_mut()) else {
            return;
        };
        change(entry);
    }

    fn summary(&mut self, lines: &[Line<'_>]) {
        let quoted = lines.iter().map(|l| l.text.trim_start_matches('>').trim());
        let text = quoted.filter(|t| !t.is_empty()).collect::<Vec<_>>().join(" ");
        let body = inline::lead(&text, &self.words["colon"]).map_or(text.as_str(), |(_, b)| b);
        let claims = split_claims(&unescape(body));
        self.entry_with(|e| e.summary = claims);
    }

    fn group(&mut self, lines: &[Line<'_>]) {
        let heading = lines[0].heading(3);
        let name = heading.unwrap_or_default();
        let name = name.strip_prefix('[').and_then(|n| n.strip_suffix(']')).unwrap_or(name);
        let skip = usize::from(heading.is_some());
        let items = lines[skip..].iter().filter_map(|l| reading_item(l.text)).collect();
        self.issue.further_reading.push(ReadingGroup { group: unescape(name), items });
    }
}

/// The items of a list with their indent; lines that go on with an item are joined to it.
fn items(lines: &[Line<'_>]) -> Vec<(usize, String)> {
    let mut out: Vec<(usize, String)> = Vec::new();
    for line in lines.iter().filter(|l| !l.is_blank()) {
        match (inline::item(line.text), out.last_mut()) {
            (Some((indent, text)), _) => out.push((indent, text.to_owned())),
            (None, Some((_, last))) => *last = join_lines([last.as_str(), line.text]),
            (None, None) => {}
        }
    }
    out
}

fn highlight(item: &str, colon: &str) -> HighlightLine {
    let labelled = inline::bold(item).and_then(|(inner, rest)| {
        let label = inner.strip_prefix('[')?.strip_suffix(']')?;
        Some((label, rest.trim()))
    });
    let (label, rest) = labelled.unwrap_or(("", item));
    let (headline, text) = inline::lead(rest, colon).unwrap_or(("", rest));
    HighlightLine {
        label: unescape(label),
        headline: unescape(headline),
        text: unescape(text),
        ..HighlightLine::default()
    }
}

fn key_point(lines: &[Line<'_>], colon: &str) -> IssueKeyPoint {
    let all = items(lines);
    let heading = all.first().map_or("", |(_, text)| text.as_str());
    let heading = unescape(inline::only_bold(heading).unwrap_or(heading));
    let details = all.iter().skip(1).map(|(_, text)| {
        let (lead, prose) = inline::lead(text, colon).unwrap_or(("", text));
        let claim = Claim { text: unescape(prose), ..Claim::default() };
        IssueDetail { lead: unescape(lead), claim }
    });
    IssueKeyPoint { heading, details: details.collect() }
}

fn reading_item(line: &str) -> Option<ReadingItem> {
    let (_, text) = inline::item(line)?;
    let link = inline::link(text)?;
    let source = link.rest.trim();
    let source = source.strip_prefix('-').unwrap_or(source).trim();
    Some(ReadingItem { title: unescape(link.text), url: link.url, source: unescape(source) })
}

fn text_link(link: &inline::Link<'_>) -> TextLink {
    TextLink { text: unescape(link.text), url: link.url.clone() }
}

/// What an empty section of the file says, where one says anything.
pub(super) fn nothing_word(line: &Line<'_>) -> Option<String> {
    says_nothing(line).map(unescape)
}
