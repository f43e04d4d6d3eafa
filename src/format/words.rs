//! The words of a file: what stands where the format has a word, and the language they tell.

use super::entry::source_link;
use super::inline;
use super::lines::Line;
use super::read;
use super::scan::{Block, Part};
use crate::compose::{Words, built_in};
use crate::template::unescape;
use crate::text::language;

/// The language of a file as a tag and its words: those that stand in it, the others from the
/// language. The language is the one whose built-in words the file has most of; where it has none
/// of any, that of its text.
pub(super) fn of_file(lines: &[Line<'_>], blocks: &[Block]) -> (String, Words) {
    let mut seen: Vec<(&'static str, String)> = Vec::new();
    for block in blocks {
        let found = found(block.part, &lines[block.lines.clone()]);
        for (key, word) in found.into_iter().filter(|(_, w)| !w.trim().is_empty()) {
            if !seen.iter().any(|(k, _)| *k == key) {
                seen.push((key, word));
            }
        }
    }
    let tag = guess(&seen, lines);
    let mut words = built_in(&tag);
    words.extend(seen.into_iter().map(|(k, w)| (k.to_owned(), w)));
    (tag, words)
}

fn guess(seen: &[(&str, String)], lines: &[Line<'_>]) -> String {
    let votes = |tag: &str| {
        let words = built_in(tag);
        seen.iter().filter(|(k, w)| words.get(*k) == Some(w)).count()
    };
    let (zh, en) = (votes("zh-CN"), votes("en"));
    if zh != en {
        return if zh > en { "zh-CN" } else { "en" }.to_owned();
    }
    let text: String = lines.iter().map(|l| l.text).collect::<Vec<_>>().join("\n");
    match language::detect(&text) {
        Some(l) if l.is_chinese() => "zh-CN".to_owned(),
        Some(l) => l.0,
        None => "en".to_owned(),
    }
}

/// The words that a block shows, by key.
fn found(part: Part, lines: &[Line<'_>]) -> Vec<(&'static str, String)> {
    let first = lines[0].text;
    let one = |key, word: &str| vec![(key, unescape(word))];
    match part {
        Part::Title => {
            let heading = lines[0].heading(1).unwrap_or_default();
            read::title(heading).1.map_or_else(Vec::new, |(_, word)| one("to", word))
        }
        Part::HighlightsHeading => {
            let heading = lines[0].heading(2).unwrap_or_default();
            one("highlights", heading.strip_prefix('⚡').unwrap_or(heading).trim())
        }
        Part::WaitingHeading => {
            one("new_entries", waiting(lines[0].heading(2).unwrap_or_default()))
        }
        Part::ReadingHeading => one("further_reading", lines[0].heading(2).unwrap_or_default()),
        Part::Nothing => {
            read::nothing_word(&lines[0]).map_or_else(Vec::new, |w| vec![("nothing", w)])
        }
        Part::Link => {
            source_link(first).map_or_else(Vec::new, |(l, _)| one("read_original", l.text))
        }
        Part::DetailsHeading => one("details", inline::only_bold(first).unwrap_or_default()),
        Part::Papers => {
            inline::only_link(first).map_or_else(Vec::new, |l| one("related_paper", l.text))
        }
        Part::Summary => summary(first),
        _ => Vec::new(),
    }
}

/// The word before a summary, and what stands between the two where it is one of the known forms.
fn summary(line: &str) -> Vec<(&'static str, String)> {
    let text = line.trim_start_matches('>').trim();
    let Some((word, rest)) = inline::bold(text) else {
        return Vec::new();
    };
    let mut out = vec![("summary", unescape(word))];
    let colon = ["：", ": ", " : "].into_iter().find(|c| rest.starts_with(*c));
    out.extend(colon.map(|c| ("colon", c.to_owned())));
    out
}

/// The title of the heading for entries that wait.
pub(super) fn waiting(heading: &str) -> &str {
    heading.strip_prefix('🆕').unwrap_or(heading).trim()
}
