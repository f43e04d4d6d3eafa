//! Issue ↔ Markdown. Pure: text in, text out.
//!
//! [`render`] prints an [`Issue`]; [`parse`] reads a file that it printed or that an editor
//! changed. `render(parse(x)) = x` for every file that the renderer wrote. Of a file that an editor
//! changed, the blocks come back byte for byte too, only the blank lines between them are set to
//! one and rules that are missing are drawn; [`Parsed::places`] gives the bytes of every block, so
//! that a merge can leave alone what nobody touched.
//!
//! # Anchors
//!
//! A block of the format is named by its anchor. Sections and entries count from 1 in the order of
//! the file; under the draft's `🆕` heading `new` stands for the section's number.
//!
//! | anchor | the block |
//! |---|---|
//! | `top` | the issue's title |
//! | `highlights heading`, `highlights`, `highlights rule` | heading, list and closing rule |
//! | `section N heading`, `section N nothing`, `section N` | heading, the line that it is empty, the closing rule |
//! | `entry N.M marks`, `… title`, `… link`, `… summary`, `… details`, `… point K`, `… papers` | an entry's blocks |
//! | `further reading heading`, `group K` | further reading |
//!
//! Free text (`free[{after,text}]`) stands after one of these; after an entry's last block it
//! stands after `entry N.M`, after the last block of the file after `end`, before the title after
//! `start`. Where its place no longer exists it goes to the end of its entry, of its section or of
//! the issue: it is never dropped.
//!
//! Refused is only what leaves an entry or the issue unfound: no `# ` title, no section, an entry
//! heading without a source link, a code fence or comment without an end. Counts and lengths are
//! [`check`]'s warnings.

mod check;
mod claims;
mod draft;
mod entry;
mod field;
mod fields;
mod inline;
mod lines;
mod links;
mod read;
mod render;
mod rich;
mod scan;
mod stage;
mod view;
mod words;

use std::ops::Range;

use crate::compose::{FreeText, Issue, IssueSection, Verbatim};
use crate::template::TemplateError;
use crate::text::invisible;

pub use check::{Problem, Severity, check, first_error};
pub use claims::{join_claims, split_claims};
pub use draft::{strip_draft_marks, waiting_entries};
pub use field::Field;
pub use fields::FieldPlace;
pub use rich::rich_text;
pub use stage::{StageError, stage_parse, stage_render};

/// The default template of the issue's Markdown.
pub const DEFAULT_TEMPLATE: &str = render::TEMPLATE;

/// A file that is not in the format.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: expected {expected}, found {found}")]
pub struct FormatError {
    /// The line, counted from 1.
    pub line: usize,
    /// What was expected there.
    pub expected: String,
    /// What stands there.
    pub found: String,
}

impl FormatError {
    /// An error at the line with index `at`.
    fn at(at: usize, expected: &str, found: &str) -> Self {
        Self::on(at + 1, expected, found)
    }

    /// An error on a line, counted from 1. What a reader cannot see in it is named.
    pub(crate) fn on(line: usize, expected: &str, found: &str) -> Self {
        let short: String = found.chars().take(80).collect();
        let unseen = |c: &char| !c.is_ascii() && (c.is_whitespace() || invisible::is_invisible(*c));
        let found = match short.chars().find(unseen).map(u32::from) {
            Some(0x3000) | None => short,
            Some(code) => {
                format!("{short} (with the character U+{code:04X}, which is no space here)")
            }
        };
        Self { line, expected: expected.to_owned(), found }
    }
}

/// An issue that cannot be printed.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The template does not parse or names what is not there.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// What the template printed cannot be read back; the line is one of the printed text.
    #[error("the template does not print the digest format: {0}")]
    NotTheFormat(FormatError),
    /// The issue lacks what the format cannot be without.
    #[error("{0}")]
    Unprintable(String),
}

/// Where a block stands in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its anchor; `after X` for free text.
    pub anchor: String,
    /// Its lines, counted from 1, half-open.
    pub lines: Range<usize>,
    /// Its bytes, without the last line's end.
    pub bytes: Range<usize>,
}

/// A file that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed {
    /// What it says. Story, origin, evidence and findings are not known.
    pub issue: Issue,
    /// Its blocks in the order of the file.
    pub places: Vec<Place>,
}

impl Parsed {
    /// The bytes of the block `anchor`, or of all blocks whose anchors go on from it, with what
    /// stands between them: `entry 2.1` is the whole entry, its marks included.
    pub fn bytes_of(&self, anchor: &str) -> Option<Range<usize>> {
        let belongs = |place: &&Place| {
            place
                .anchor
                .strip_prefix(anchor)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        };
        let mut all = self.places.iter().filter(belongs);
        let first = all.next()?.bytes.clone();
        let end = all.next_back().map_or(first.end, |last| last.bytes.end);
        Some(first.start..end)
    }
}

/// Prints `issue` as Markdown by the default template.
///
/// # Errors
/// An entry without a title or link, an issue without sections.
pub fn render(issue: &Issue) -> Result<String, RenderError> {
    render_with(DEFAULT_TEMPLATE, issue)
}

/// Prints `issue` by a template of the digest's own.
///
/// # Errors
/// As [`render`]; also where what the template prints could not be read back as the same entries.
pub fn render_with(template_source: &str, issue: &Issue) -> Result<String, RenderError> {
    render::render(template_source, issue)
}

/// Reads an issue's Markdown.
///
/// # Errors
/// The first line at which an entry, a section or the title cannot be located.
pub fn parse(markdown: &str) -> Result<Parsed, FormatError> {
    let all = lines::lines(markdown);
    let blocks = scan::scan(&all)?;
    let mut parsed = said(&all, &blocks);
    parsed.issue.free = free_text(markdown, &all, &blocks);
    parsed.issue.verbatim = verbatim(&parsed.issue, &all, &blocks);
    Ok(parsed)
}

/// The lines that the format looks into, numbered from 1: those of fences and comments are the
/// editor's own.
pub(crate) fn open_lines(markdown: &str) -> impl Iterator<Item = (usize, &str)> {
    let all = lines::lines(markdown).into_iter().enumerate();
    all.filter(|(_, line)| !line.opaque).map(|(at, line)| (at + 1, line.text))
}

/// Reads an issue's Markdown for editing: [`outline`] with the editor's own blocks, and every field.
///
/// # Errors
/// As [`parse`].
pub fn locate(markdown: &str) -> Result<(Parsed, Vec<FieldPlace>), FormatError> {
    let all = lines::lines(markdown);
    let blocks = scan::scan(&all)?;
    let mut parsed = said(&all, &blocks);
    parsed.issue.free = free_text(markdown, &all, &blocks);
    let fields = fields::of_blocks(markdown, &all, &blocks, &parsed.issue.words["colon"]);
    Ok((parsed, fields))
}

/// Reads what an issue's Markdown says and where its blocks stand, without what a later rendering
/// would need: free text and the editor's own forms.
///
/// # Errors
/// As [`parse`].
pub fn outline(markdown: &str) -> Result<Parsed, FormatError> {
    let all = lines::lines(markdown);
    let blocks = scan::scan(&all)?;
    Ok(said(&all, &blocks))
}

/// What the blocks say and where they stand.
fn said(all: &[lines::Line<'_>], blocks: &[scan::Block]) -> Parsed {
    let issue = read::read(all, blocks);
    let places = blocks.iter().map(|block| Place {
        anchor: match block.part {
            scan::Part::Free => format!("after {}", name_of(block)),
            _ => block.anchor.clone(),
        },
        lines: block.lines.start + 1..block.lines.end + 1,
        bytes: lines::bytes(all, &block.lines),
    });
    Parsed { places: places.collect(), issue }
}

/// The anchor of a block, with the start of the file named.
fn name_of(block: &scan::Block) -> &str {
    if block.anchor.is_empty() { "start" } else { &block.anchor }
}

/// The editor's blocks with the anchors they stand after.
fn free_text(markdown: &str, all: &[lines::Line<'_>], blocks: &[scan::Block]) -> Vec<FreeText> {
    let mut out = Vec::new();
    for (at, block) in blocks.iter().enumerate().filter(|(_, b)| b.part == scan::Part::Free) {
        let after = match blocks.get(at + 1) {
            None if at > 0 => "end".to_owned(),
            next => after(name_of(block), next),
        };
        let text = markdown[lines::bytes(all, &block.lines)].replace("\r\n", "\n");
        out.push(FreeText { after, text });
    }
    out
}

/// The anchor of free text between the block `anchor` and `next`: the entry where it ends there.
fn after(anchor: &str, next: Option<&scan::Block>) -> String {
    let mut words = anchor.split(' ');
    if let (Some("entry"), Some(number)) = (words.next(), words.next()) {
        let entry = format!("entry {number}");
        if !next.is_some_and(|n| n.anchor.starts_with(&format!("{entry} "))) {
            return entry;
        }
    }
    anchor.to_owned()
}

/// The headings of sections that the template would print otherwise: as [`parse`] has them among
/// the editor's forms, but of an issue without its entries, which is cheap to print.
fn heading_forms(markdown: &str, parsed: &Parsed) -> Vec<Verbatim> {
    let bare = |s: &IssueSection| IssueSection {
        title: s.title.clone(),
        waiting: s.waiting,
        entries: Vec::new(),
    };
    let skeleton = Issue {
        edition: parsed.issue.edition.clone(),
        words: parsed.issue.words.clone(),
        window: parsed.issue.window.clone(),
        sections: parsed.issue.sections.iter().map(bare).collect(),
        ..Issue::default()
    };
    // as in `verbatim`, neither fails
    let Ok(printed) = render::print(DEFAULT_TEMPLATE, &skeleton) else { return Vec::new() };
    let Ok(ours) = outline(&printed) else { return Vec::new() };
    let is_heading = |a: &str| a.starts_with("section ") && a.ends_with(" heading");
    let headings = ours.places.iter().filter(|p| is_heading(&p.anchor));
    let differing = headings.filter_map(|own| {
        let there = parsed.places.iter().find(|p| p.anchor == own.anchor)?;
        let written = markdown[there.bytes.clone()].replace("\r\n", "\n");
        let printed = printed[own.bytes.clone()].to_owned();
        (printed != written).then(|| Verbatim { at: own.anchor.clone(), printed, written })
    });
    differing.collect()
}

/// The blocks that the template would print otherwise.
fn verbatim(issue: &Issue, all: &[lines::Line<'_>], blocks: &[scan::Block]) -> Vec<Verbatim> {
    // neither fails: the default template is compiled in and prints every issue in the format,
    // which the tests hold; an issue without the editor's forms would still be a true one
    let Ok(printed) = render::print(DEFAULT_TEMPLATE, issue) else {
        return Vec::new();
    };
    let ours = lines::lines(&printed);
    let Ok(our_blocks) = scan::scan(&ours) else {
        return Vec::new();
    };
    let by_anchor = scan::by_anchor(&our_blocks);
    let mut out = Vec::new();
    for block in blocks.iter().filter(|b| b.part != scan::Part::Free) {
        let written = render::text_of(all, block);
        let Some(our) = by_anchor.get(block.anchor.as_str()) else {
            continue;
        };
        let printed = render::text_of(&ours, our);
        if printed != written {
            out.push(Verbatim { at: block.anchor.clone(), printed, written });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_the_bytes_of_the_file() {
        let entry =
            "<!-- digestgen: late -->\n\n### **B**\n\n[阅读原文](https://a.example/b)\n\nmine";
        let text = format!(
            "# T (2026-01-03 至 2026-01-04)\n\n## 1. S\n\n### **A**\n\n[阅读原文](https://a.example/a)\n\n{entry}\n\n---\n"
        );
        let parsed = parse(&text).unwrap();
        let bytes = parsed.bytes_of("entry 1.2").unwrap();
        assert_eq!(&text[bytes], entry.trim_end_matches("\n\nmine"));
        assert_eq!(&text[parsed.bytes_of("entry 1.1 title").unwrap()], "### **A**");
        assert_eq!(&text[parsed.bytes_of("section 1").unwrap()][..6], "## 1. ");
        assert_eq!(parsed.bytes_of("entry 1.3"), None);
        let title = parsed.places.iter().find(|p| p.anchor == "entry 1.2 title").unwrap();
        assert_eq!(title.lines, 11..12);
        assert_eq!(parsed.issue.free[0].after, "entry 1.2");
    }
}
