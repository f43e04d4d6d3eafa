//! The article as units: the least stretches of text that may be printed alone.
//!
//! A unit is one sentence, or several where the splitter cut inside a quotation or after an
//! abbreviation. A unit that is no statement of the article stays in the list, so that
//! neighbours are known, and is not fit to be printed.

use std::ops::Range;

use super::boilerplate;
use super::points::Passage;
use crate::text::{BlockKind, Document, Language, language, measure};

/// How a language is written, as far as ranking cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Script {
    /// Without spaces: counted in characters.
    Characters,
    /// With spaces: counted in words.
    Words,
}

impl Script {
    pub(super) fn of(language: &Language) -> Self {
        if language.is_chinese() || language.primary() == "ja" {
            Self::Characters
        } else {
            Self::Words
        }
    }

    /// The length of `text` as the format measures it.
    pub(super) fn length(self, text: &str) -> usize {
        match self {
            Self::Characters => measure::chinese_length(text),
            Self::Words => measure::word_count(text),
        }
    }

    /// `characters` in a language without spaces, else `words`.
    pub(super) fn pick<T>(self, characters: T, words: T) -> T {
        match self {
            Self::Characters => characters,
            Self::Words => words,
        }
    }
}

/// A stretch of text that may be printed alone.
#[derive(Clone, Debug)]
pub(super) struct Unit<'a> {
    /// The index of its block.
    pub(super) block: usize,
    /// Its bytes in the document, without a dateline.
    pub(super) range: Range<usize>,
    /// Those bytes.
    pub(super) text: &'a str,
    /// Whether it may be printed.
    pub(super) fit: bool,
    /// Whether it needs the unit before it.
    pub(super) leans: bool,
}

/// An article's units, and what ranking asks about the text.
#[derive(Debug)]
pub(super) struct Text<'a> {
    pub(super) document: &'a Document,
    pub(super) title: &'a str,
    pub(super) script: Script,
    pub(super) units: Vec<Unit<'a>>,
}

impl<'a> Text<'a> {
    pub(super) fn read(document: &'a Document, title: &'a str, script: Script) -> Self {
        let mut text = Self { document, title, script, units: Vec::new() };
        for block in 0..document.blocks().len() {
            let kind = document.blocks()[block].kind;
            let line = document.block_text(block);
            if short_line(line) && boilerplate::closes(line) {
                break;
            }
            let running =
                matches!(kind, BlockKind::Paragraph | BlockKind::ListItem | BlockKind::Quote);
            if running && !boilerplate::is_aside(line) {
                text.read_block(block);
            }
        }
        text
    }

    fn read_block(&mut self, block: usize) {
        let ranges: Vec<&Range<usize>> = self
            .document
            .sentences()
            .iter()
            .filter(|s| s.block == block)
            .map(|s| &s.range)
            .collect();
        let mut at = 0;
        while at < ranges.len() {
            let mut last = at;
            while last + 1 < ranges.len()
                && self.runs_on(ranges[at].start..ranges[last].end, ranges[last + 1])
            {
                last += 1;
            }
            let whole = ranges[at].start..ranges[last].end;
            self.push(block, whole);
            at = last + 1;
        }
    }

    fn push(&mut self, block: usize, whole: Range<usize>) {
        let full = &self.document.text()[whole.clone()];
        let dateline = boilerplate::dateline(full);
        let listed = boilerplate::list_mark(&full[dateline..]);
        let range = whole.start + dateline + listed..whole.end;
        let text = &self.document.text()[range.clone()];
        let fit = !boilerplate::is_boilerplate(text) && is_statement(text, self.script);
        self.units.push(Unit { block, range, text, fit, leans: boilerplate::leans(text) });
    }

    /// Whether the sentence `next` belongs to the unit so far: a quotation is still open, or the
    /// full stop was an abbreviation's.
    fn runs_on(&self, so_far: Range<usize>, next: &Range<usize>) -> bool {
        let text = self.document.text();
        let (so_far, next) = (&text[so_far], &text[next.clone()]);
        if open_quotes(so_far) && self.script.length(so_far) < self.script.pick(240, 120) {
            return true;
        }
        // “引文。”某人说。 One Chinese statement, though the quotation closes with a full stop.
        if so_far.ends_with('”') && bare_quotation(&so_far[boilerplate::dateline(so_far)..]) {
            return true;
        }
        ends_in_abbreviation(so_far) || next.chars().next().is_some_and(|c| c.is_ascii_lowercase())
    }

    /// The passage of one unit.
    pub(super) fn passage(&self, unit: usize) -> Passage {
        self.units[unit].range.clone()
    }

    /// The length of a unit as the format measures it.
    pub(super) fn length(&self, unit: usize) -> usize {
        self.script.length(self.units[unit].text)
    }

    /// Whether `unit` follows the one before it, at most into the next block.
    pub(super) fn comes_next(&self, unit: usize) -> bool {
        unit > 0 && self.units[unit].block - self.units[unit - 1].block <= 1
    }

    /// Whether `unit` follows the one before it without a gap, in the same block.
    pub(super) fn follows(&self, unit: usize) -> bool {
        unit > 0 && self.units[unit - 1].block == self.units[unit].block
    }
}

/// A block so short that it can only be a heading or a label.
pub(super) fn short_line(line: &str) -> bool {
    line.chars().count() <= 60 && !line.contains('\n')
}

/// Whether a quotation is still open at the end of `text`.
fn open_quotes(text: &str) -> bool {
    let count = |c: char| text.matches(c).count();
    count('“') > count('”') || count('「') > count('」') || count('"') % 2 == 1
}

/// Whether `text` is one quotation and nothing else.
fn bare_quotation(text: &str) -> bool {
    text.starts_with('“')
        && text.matches('”').count() == 1
        && text.chars().any(|c| "。！？…".contains(c))
}

/// Whether the full stop at the end of `text` is an abbreviation's, a title's or an initial's.
fn ends_in_abbreviation(text: &str) -> bool {
    const TITLES: &[&str] = &[
        "Mr.", "Mrs.", "Ms.", "Dr.", "Prof.", "St.", "Sen.", "Sens.", "Rep.", "Reps.", "Gov.",
        "Gen.", "Lt.", "Col.", "Sgt.", "Capt.", "Rev.", "Hon.", "Pres.", "vs.", "v.", "No.",
        "Nos.", "Fig.", "Eq.", "Sec.", "Jan.", "Feb.", "Aug.", "Sept.", "Oct.", "Nov.", "Dec.",
        "approx.", "e.g.", "i.e.", "cf.", "Mt.", "Ft.", "U.S.", "U.K.", "U.N.", "D.C.", "al.",
    ];
    let Some(word) = text.split_whitespace().next_back() else {
        return false;
    };
    let word = word.trim_start_matches(['(', '"', '“', '\'', '‘']);
    let initial = word.len() == 2 && word.starts_with(|c: char| c.is_ascii_uppercase() && c != 'I');
    initial && word.ends_with('.') || TITLES.contains(&word)
}

/// Whether `text` is a whole statement in the script's language: closed by a full stop, long
/// enough, no question, not mostly in capitals like a heading, its quotations closed.
fn is_statement(text: &str, script: Script) -> bool {
    let body = text.trim_end_matches(['”', '’', '」', '』', '"', '\'', ')', '）', ' ']);
    let closed = match script {
        Script::Characters => body.ends_with(['。', '！', '!', '.']),
        Script::Words => body.ends_with(['.', '!']) && !body.ends_with("..."),
    };
    let starts_well = text
        .chars()
        .next()
        .is_some_and(|c| !c.is_ascii_lowercase() && !"，、；：,;)）>·•/—–-&|#*©+=~".contains(c));
    closed
        && starts_well
        && !open_quotes(text)
        && !text.contains('|')
        && script.length(text) >= script.pick(12, 6)
        && !is_question(text)
        && match script {
            Script::Characters => is_chinese(text),
            Script::Words => is_sentence_case(text) && is_own_language(text),
        }
}

fn is_question(text: &str) -> bool {
    let body = text.trim_end_matches(['”', '’', '」', '"', '\'', ')', '）', ' ']);
    body.ends_with(['?', '？'])
}

/// Whether at least a third of the letters are Han.
fn is_chinese(text: &str) -> bool {
    let han = text.chars().filter(|c| ('\u{3400}'..='\u{9fff}').contains(c)).count();
    let words = text.split(|c: char| !c.is_ascii_alphabetic()).filter(|w| !w.is_empty()).count();
    han >= 8 && han > words
}

fn is_own_language(text: &str) -> bool {
    !text.chars().any(|c| ('\u{3040}'..='\u{9fff}').contains(&c))
        || language::detect(text).is_none_or(|l| !l.is_chinese())
}

/// Whether lower-case words prevail: a line of capitalised words is a heading or a label, not a
/// sentence with a verb.
fn is_sentence_case(text: &str) -> bool {
    let words: Vec<char> =
        text.split_whitespace().filter_map(|w| w.chars().find(|c| c.is_alphabetic())).collect();
    let lower = words.iter().filter(|c| c.is_lowercase()).count();
    lower * 5 >= words.len() * 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_is_printable_alone() {
        let document = Document::from_text(
            "新华社北京2月2日电（记者张某）微光研究院2日发布了新的推理框架。负责人说：“速度更快。成本更低。”目前已开源。\n张某\n这是为什么呢？",
        );
        let text = Text::read(&document, "", Script::Characters);
        let fit: Vec<&str> = text.units.iter().filter(|u| u.fit).map(|u| u.text).collect();
        assert_eq!(fit, ["微光研究院2日发布了新的推理框架。", "负责人说：“速度更快。成本更低。”"]);
    }

    #[test]
    fn abbreviations_run_on() {
        let document = Document::from_text(
            "HARBOUR CITY (AP) — Dr. Lin of the U.S. lab said the model was ready. By Jane Doe\nRelated Articles\nThe rest of it is not part of the article.",
        );
        let text = Text::read(&document, "", Script::Words);
        let fit: Vec<&str> = text.units.iter().filter(|u| u.fit).map(|u| u.text).collect();
        assert_eq!(fit, ["Dr. Lin of the U.S. lab said the model was ready."]);
    }
}
