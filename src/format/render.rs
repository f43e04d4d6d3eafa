//! Issue → Markdown: prints the template and puts the editor's own back in its place.

use std::ops::Range;

use super::scan::Block;
use super::view::view;
use super::{FormatError, RenderError, lines, read, scan};
use crate::compose::Issue;
use crate::template::{self, Escape};

/// The default template.
pub(super) const TEMPLATE: &str = include_str!("../../templates/issue.md.hbs");

/// Prints what the template makes of `issue`, without the editor's own.
pub(super) fn print(source: &str, issue: &Issue) -> Result<String, RenderError> {
    let printed = template::render("issue.md.hbs", source, &view(issue), Escape::Markdown)?;
    let mut out = printed.trim_end().to_owned();
    out.push('\n');
    Ok(out)
}

/// Prints `issue` by `source`.
pub(super) fn render(source: &str, issue: &Issue) -> Result<String, RenderError> {
    refuse_unprintable(issue)?;
    let mut out = print(source, issue)?;
    let all = lines::lines(&out);
    let blocks = scan::scan(&all).map_err(RenderError::NotTheFormat)?;
    check_entries(&out, issue, &read::read(&all, &blocks))?;
    let edits = edits(issue, &all, &blocks);
    for (range, text) in edits {
        out.replace_range(range, &text);
    }
    Ok(out)
}

/// What a file could not be read back with.
fn refuse_unprintable(issue: &Issue) -> Result<(), RenderError> {
    if issue.sections.iter().all(|s| s.waiting) {
        return Err(RenderError::Unprintable("the issue has no section".into()));
    }
    for (s, section) in issue.sections.iter().enumerate() {
        for (e, entry) in section.entries.iter().enumerate() {
            let place = format!("sections[{s}].entries[{e}]");
            let refuse = |what: &str| Err(RenderError::Unprintable(format!("{place}: {what}")));
            if entry.link.url.trim().is_empty() {
                return refuse("link.url is empty; an entry has a source link");
            }
            if entry.title.trim().is_empty() {
                return refuse("title is empty");
            }
            let odd = |c: char| c.is_control() || "`[]()".contains(c);
            if entry.date.contains(odd) || entry.date.chars().count() > 40 {
                return refuse("date is no date; it is YYYY-MM-DD or empty");
            }
        }
    }
    Ok(())
}

/// A template that drops or doubles entries would lose them at the next reading.
fn check_entries(printed: &str, issue: &Issue, back: &Issue) -> Result<(), RenderError> {
    let counts =
        |i: &Issue| i.sections.iter().map(|s| (s.waiting, s.entries.len())).collect::<Vec<_>>();
    let (wanted, got) = (counts(issue), counts(back));
    if wanted == got {
        return Ok(());
    }
    let sum = |c: &[(bool, usize)]| c.iter().map(|x| x.1).sum::<usize>();
    Err(RenderError::NotTheFormat(FormatError {
        line: printed.lines().count(),
        expected: format!("{} sections with {} entries", wanted.len(), sum(&wanted)),
        found: format!("{} sections with {} entries", got.len(), sum(&got)),
    }))
}

/// The editor's own as replacements in the printed text, the last place first.
fn edits(issue: &Issue, all: &[lines::Line<'_>], blocks: &[Block]) -> Vec<(Range<usize>, String)> {
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    let by_anchor = scan::by_anchor(blocks);
    for kept in &issue.verbatim {
        let Some(block) = by_anchor.get(kept.at.as_str()) else {
            continue;
        };
        let range = lines::bytes(all, &block.lines);
        if text_of(all, block) == kept.printed {
            edits.push((range, kept.written.clone()));
        }
    }
    // stable sorting keeps several blocks at one place in order, since they are put in backwards
    for free in issue.free.iter().rev().filter(|f| !f.text.trim().is_empty()) {
        let text = free.text.trim_end_matches(['\n', '\r']);
        match place(&free.after, blocks) {
            Some(block) => {
                let end = lines::bytes(all, &block.lines).end;
                edits.push((end..end, format!("\n\n{text}")));
            }
            None => edits.push((0..0, format!("{text}\n\n"))),
        }
    }
    edits.sort_by_key(|(range, _)| std::cmp::Reverse((range.end, range.start)));
    edits
}

/// The lines of a block with plain line feeds.
pub(super) fn text_of(all: &[lines::Line<'_>], block: &Block) -> String {
    all[block.lines.clone()].iter().map(|l| l.text).collect::<Vec<_>>().join("\n")
}

/// The block that free text after `anchor` follows; `None` for the start. Where the anchor no
/// longer exists, its entry, then its section, then the end of the issue serve.
fn place<'a>(anchor: &str, blocks: &'a [Block]) -> Option<&'a Block> {
    if anchor == "start" {
        return None;
    }
    let exact = blocks.iter().rev().find(|b| b.anchor == anchor);
    let words: Vec<&str> = anchor.split(' ').collect();
    let inside = |prefix: String| blocks.iter().rev().find(|b| b.anchor.starts_with(&prefix));
    let number = words.get(1).copied().unwrap_or_default();
    let entry = || (words[0] == "entry").then(|| inside(format!("entry {number} "))).flatten();
    let section = || {
        let section = number.split('.').next().unwrap_or_default();
        let wanted = matches!(words[0], "entry" | "section");
        wanted
            .then(|| {
                inside(format!("entry {section}."))
                    .or_else(|| inside(format!("section {section} ")))
            })
            .flatten()
    };
    exact.or_else(entry).or_else(section).or(blocks.last())
}
