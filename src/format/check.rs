//! What `digestgen check` tells an editor: what breaks the format, and which counts and lengths
//! its readers are not used to.

use std::collections::BTreeSet;

use super::links::{is_home_page, is_share_link, is_web};
use super::{Parsed, inline, parse};
use crate::collect::canonical::is_expiring;
use crate::compose::{Issue, IssueEntry, Verbatim};
use crate::text::Language;
use crate::text::measure::{chinese_length, word_count};

/// How grave a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// A count or a length; the issue can be published.
    Warning,
    /// The file does not follow the format.
    Error,
}

/// What does not follow the format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line, counted from 1.
    pub line: usize,
    /// How grave it is.
    pub severity: Severity,
    /// What the format has there.
    pub expected: String,
    /// What was found.
    pub found: String,
}

/// The most items of further reading (rule 8).
const READING_MOST: usize = 25;
/// A Chinese title is this long (rule 4).
const TITLE_CHINESE: std::ops::RangeInclusive<usize> = 8..=20;
/// An English title has at most so many words (rule 4).
const TITLE_WORDS: usize = 12;
/// A Chinese detail is at most so long (rule 5).
const DETAIL_CHINESE: usize = 200;
/// An English detail has at most so many words (rule 5).
const DETAIL_WORDS: usize = 80;
/// Sentences of a summary.
const SUMMARY: std::ops::RangeInclusive<usize> = 2..=4;
/// The fewest key points of an entry that is not short.
const KEY_POINTS: usize = 3;

/// Problems of an issue's Markdown in the order of its lines. A file that cannot be read has one
/// error: the place where reading stopped.
pub fn check(markdown: &str) -> Vec<Problem> {
    let parsed = match parse(markdown) {
        Ok(parsed) => parsed,
        Err(e) => {
            let (line, expected, found) = (e.line, e.expected, e.found);
            return vec![Problem { line, severity: Severity::Error, expected, found }];
        }
    };
    problems(&parsed, &parsed.issue.verbatim)
}

/// The first error that [`check`] finds in a file, which was read by [`super::outline`] or
/// [`super::locate`]: without its warnings, and without printing the whole issue for them.
pub fn first_error(markdown: &str, parsed: &Parsed) -> Option<Problem> {
    let forms = super::heading_forms(markdown, parsed);
    problems(parsed, &forms).into_iter().find(|p| p.severity == Severity::Error)
}

/// The problems of a file that was read; `forms` are the blocks that the template prints otherwise.
fn problems(parsed: &Parsed, forms: &[Verbatim]) -> Vec<Problem> {
    let chinese = Language(parsed.issue.edition.language.clone()).is_chinese();
    let mut checker = Checker { parsed, forms, chinese, problems: Vec::new() };
    checker.head();
    checker.sections();
    checker.forms();
    checker.highlights();
    checker.reading();
    let mut problems = checker.problems;
    problems.sort_by_key(|p| p.line);
    problems
}

struct Checker<'a> {
    parsed: &'a Parsed,
    forms: &'a [Verbatim],
    chinese: bool,
    problems: Vec<Problem>,
}

impl<'a> Checker<'a> {
    fn issue(&self) -> &'a Issue {
        &self.parsed.issue
    }

    /// Notes a problem at the line `offset` lines into the block `anchor`.
    fn note(&mut self, severity: Severity, at: (&str, usize), expected: &str, found: String) {
        let place = self.parsed.places.iter().find(|p| p.anchor == at.0);
        let line = place.map_or(1, |p| (p.lines.start + at.1).min(p.lines.end - 1));
        self.problems.push(Problem { line, severity, expected: expected.to_owned(), found });
    }

    fn warn(&mut self, anchor: &str, expected: &str, found: String) {
        self.note(Severity::Warning, (anchor, 0), expected, found);
    }

    fn warn_at(&mut self, anchor: &str, offset: usize, expected: &str, found: String) {
        self.note(Severity::Warning, (anchor, offset), expected, found);
    }

    fn error(&mut self, anchor: &str, expected: &str, found: String) {
        self.note(Severity::Error, (anchor, 0), expected, found);
    }

    fn head(&mut self) {
        let window = &self.issue().window;
        if window.from.is_empty() {
            self.error(
                "top",
                "`# TITLE (YYYY-MM-DD to YYYY-MM-DD)`",
                "a title without its days".into(),
            );
        } else if window.from > window.to {
            let found = format!("{} to {}", window.from, window.to);
            self.error("top", "a first day that is not after the last", found);
        }
        if self.issue().edition.title.trim().is_empty() {
            self.error("top", "the title of the edition", "none".into());
        }
    }

    fn sections(&mut self) {
        let mut number = 0;
        for section in &self.issue().sections {
            number += usize::from(!section.waiting);
            let name = if section.waiting { "new".to_owned() } else { number.to_string() };
            self.layout(&name, section.entries.is_empty() && !section.waiting);
            for (i, entry) in section.entries.iter().enumerate() {
                self.entry(&format!("entry {name}.{}", i + 1), entry);
            }
        }
    }

    /// A section's number, its closing rule and, where it is empty, its saying so.
    fn layout(&mut self, name: &str, empty: bool) {
        let has = |anchor: &str| self.parsed.places.iter().any(|p| p.anchor == anchor);
        let heading = format!("section {name} heading");
        let misses_rule = !has(&format!("section {name}"));
        let misses_nothing = empty && !has(&format!("section {name} nothing"));
        let kept = self.forms.iter().find(|v| v.at == heading);
        if let Some(kept) = kept {
            self.error(&heading, &format!("`{}`", kept.printed), kept.written.clone());
        }
        if misses_rule {
            self.error(&heading, "a line `---` after the section", "none".into());
        }
        if misses_nothing {
            let expected = format!("`*({})*`", self.issue().words["nothing"]);
            self.error(&heading, &expected, "a section without entries".into());
        }
    }

    fn entry(&mut self, name: &str, entry: &IssueEntry) {
        let title = format!("{name} title");
        if entry.title.trim().is_empty() {
            self.error(&title, "a title", "none".into());
        }
        self.url((&format!("{name} link"), 0), &entry.link.url);
        for (i, paper) in entry.papers.iter().enumerate() {
            self.url((&format!("{name} papers"), i), &paper.url);
        }
        if !entry.date.is_empty() && entry.date.parse::<jiff::civil::Date>().is_err() {
            self.error(&format!("{name} link"), "a date `[YYYY-MM-DD]`", entry.date.clone());
        }
        if has_mark(entry, "missing") {
            return;
        }
        if entry.summary.is_empty() {
            self.error(&title, "a summary `> **…**`", "an entry without one".into());
        }
        if is_graded(entry) {
            self.grades(name, entry);
        }
    }

    /// Counts and lengths of an entry that is neither short nor extractive.
    fn grades(&mut self, name: &str, entry: &IssueEntry) {
        let title = format!("{name} title");
        let (length, words) = (chinese_length(&entry.title), word_count(&entry.title));
        if self.chinese && !TITLE_CHINESE.contains(&length) {
            self.warn(&title, "a title of 8 to 20 characters", length.to_string());
        } else if !self.chinese && words > TITLE_WORDS {
            self.warn(&title, "a title of at most 12 words", words.to_string());
        }
        if entry.title.contains("](") {
            self.warn(&title, "no link in a title", entry.title.clone());
        }
        if !SUMMARY.contains(&entry.summary.len()) {
            let found = entry.summary.len().to_string();
            self.warn(&format!("{name} summary"), "2 to 4 sentences", found);
        }
        if entry.key_points.len() < KEY_POINTS {
            let found = entry.key_points.len().to_string();
            self.warn(&format!("{name} details"), "at least 3 key points", found);
        }
        for (i, point) in entry.key_points.iter().enumerate() {
            let anchor = format!("{name} point {}", i + 1);
            if point.details.is_empty() {
                self.warn(&anchor, "at least one detail under a key point", "none".into());
            }
            for (j, detail) in point.details.iter().enumerate() {
                self.detail((&anchor, j + 1), &detail.lead, &detail.claim.text);
            }
        }
    }

    /// Key points and titles whose form is not the format's.
    fn forms(&mut self) {
        for kept in self.forms {
            let first = kept.written.lines().next().unwrap_or_default();
            let bold = |s: &str| inline::only_bold(s).is_some();
            let is_point = kept.at.contains(" point ");
            let is_title = kept.at.starts_with("entry ") && kept.at.ends_with(" title");
            if is_point && !inline::item(first).is_some_and(|(_, text)| bold(text)) {
                self.warn(&kept.at, "a bold heading and nothing else on its line", start_of(first));
            }
            if is_title && !bold(first.trim_start_matches('#')) {
                self.warn(&kept.at, "`### **TITLE**`", start_of(first));
            }
        }
    }

    fn detail(&mut self, (anchor, line): (&str, usize), lead: &str, text: &str) {
        if lead.is_empty() {
            self.warn_at(anchor, line, "a detail with a bold lead", start_of(text));
        }
        let (length, words) = (chinese_length(text), word_count(text));
        if self.chinese && length > DETAIL_CHINESE {
            self.warn(anchor, "a detail of at most 200 characters", length.to_string());
        } else if !self.chinese && words > DETAIL_WORDS {
            self.warn_at(anchor, line, "a detail of at most 80 words", words.to_string());
        }
    }

    fn highlights(&mut self) {
        let issue = self.issue();
        let placed = issue.sections.iter().filter(|s| !s.waiting).flat_map(|s| &s.entries);
        let titles: BTreeSet<&str> = placed.clone().map(|e| e.title.trim()).collect();
        let bound = placed.clone().filter(|e| is_graded(e)).count();
        let entries = placed.count();
        if !(bound..=entries).contains(&issue.highlights.len()) {
            let found = format!("{} highlights for {entries} entries", issue.highlights.len());
            self.warn("highlights", "as many highlights as entries", found);
        }
        for (i, line) in issue.highlights.iter().enumerate() {
            if titles.contains(line.headline.trim()) {
                let found = format!("`{}` twice", line.headline);
                let expected = "a headline that does not repeat the entry's title";
                self.warn_at("highlights", i, expected, found);
            }
            if line.label.is_empty() || line.headline.is_empty() {
                let expected = "`- **[LABEL]** **HEADLINE**` and a sentence";
                self.warn_at("highlights", i, expected, start_of(&line.text));
            }
        }
    }

    fn reading(&mut self) {
        let issue = self.issue();
        let mut above: BTreeSet<&str> = BTreeSet::new();
        for entry in issue.sections.iter().flat_map(|s| &s.entries) {
            above.insert(&entry.link.url);
            above.extend(entry.papers.iter().map(|p| p.url.as_str()));
        }
        let count: usize = issue.further_reading.iter().map(|g| g.items.len()).sum();
        if count > READING_MOST {
            self.warn("further reading heading", "at most 25 items", count.to_string());
        }
        for (i, group) in issue.further_reading.iter().enumerate() {
            let anchor = format!("group {}", i + 1);
            for (j, item) in group.items.iter().enumerate() {
                let again = !above.insert(&item.url);
                self.item((&anchor, j + 1), &item.url, again);
            }
        }
    }

    /// An item of further reading; `again` where its link already stands above.
    fn item(&mut self, at: (&str, usize), url: &str, again: bool) {
        self.url(at, url);
        let wrong = [
            (again, "no link that already stands above"),
            (is_home_page(url), "no bare home page"),
            (is_share_link(url), "no link to share on a social medium"),
        ];
        for (_, expected) in wrong.into_iter().filter(|(wrong, _)| *wrong) {
            self.warn_at(at.0, at.1, expected, url.to_owned());
        }
    }

    fn url(&mut self, at: (&str, usize), url: &str) {
        if !is_web(url) {
            self.note(Severity::Error, at, "an http or https URL", url.to_owned());
        }
        if is_expiring(url) {
            let expected = "a link that lasts: this one stops working within days";
            self.note(Severity::Error, at, expected, url.to_owned());
        }
    }
}

/// Whether rules 3 to 5 bind an entry: not a short one of title, link, date and summary alone, nor
/// what the extractive writer wrote, nor one that could not be written.
fn is_graded(entry: &IssueEntry) -> bool {
    let exempt = has_mark(entry, "extractive") || has_mark(entry, "missing");
    !exempt && !entry.key_points.is_empty()
}

fn has_mark(entry: &IssueEntry, mark: &str) -> bool {
    entry.marks.iter().any(|m| m.split(' ').next() == Some(mark))
}

/// The first words of a text, to find it by.
fn start_of(text: &str) -> String {
    text.chars().take(20).collect()
}
