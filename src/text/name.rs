//! Names in Latin letters, in Chinese and English text.
//!
//! Names written in Chinese characters have no mark of their own and are left alone.

use std::collections::BTreeSet;
use std::ops::Range;

/// Words in capitals that are no names, or that everybody uses without saying.
const GENERAL: &[&str] = &[
    "ai",
    "it",
    "ceo",
    "cto",
    "cfo",
    "coo",
    "us",
    "uk",
    "eu",
    "un",
    "pm",
    "am",
    "gdp",
    "app",
    "tv",
    "pc",
    "dna",
    "rna",
    "gpu",
    "cpu",
    "api",
    "llm",
    "url",
    "faq",
    "i",
    "id",
    "vs",
    "ok",
    "token",
    "tokens",
    "mr",
    "mrs",
    "ms",
    "dr",
    "prof",
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "jan",
    "feb",
    "mar",
    "apr",
    "jun",
    "jul",
    "aug",
    "sep",
    "sept",
    "oct",
    "nov",
    "dec",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "english",
    "chinese",
    "american",
    "european",
    "japanese",
    "western",
    "eastern",
    "series",
    "vol",
    "no",
];

/// The words of `text` that are names or parts of names, as spans of code points: in Chinese text
/// every Latin word with a capital, in other text words with a capital that do not open a
/// sentence. Words that hold a digit are identifiers, not names. Where most words have a capital
/// (a title), only those with a capital beyond their first letter.
pub fn latin(text: &str) -> Vec<Range<usize>> {
    let chars: Vec<char> = text.chars().collect();
    let words = words(&chars);
    let capital = |r: &Range<usize>| chars[r.start].is_uppercase();
    let inner = |r: &Range<usize>| chars[r.start + 1..r.end].iter().any(|c| c.is_uppercase());
    let among_han = chars.iter().any(|c| super::quotation::is_cjk(*c));
    let capitals = words.iter().filter(|r| capital(r)).count();
    let titled = !among_han && capitals * 5 > words.len() * 3;
    words
        .into_iter()
        .filter(|r| {
            r.len() > 1
                && (capital(r) && (among_han || !titled && !opens(&chars, r.start)) || inner(r))
        })
        .filter(|r| {
            let word: String = chars[r.clone()].iter().collect::<String>().to_lowercase();
            !GENERAL.contains(&word.as_str())
        })
        .collect()
}

/// Runs of letters that no digit touches; a hyphen parts them.
fn words(chars: &[char]) -> Vec<Range<usize>> {
    let latin = |c: char| c.is_alphabetic() && !super::quotation::is_cjk(c) && (c as u32) < 0x250;
    let (mut out, mut start) = (Vec::new(), None::<usize>);
    for at in 0..=chars.len() {
        let inside = chars.get(at).is_some_and(|c| latin(*c));
        match (start, inside) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                let digit = |i: Option<usize>| {
                    i.and_then(|i| chars.get(i)).is_some_and(char::is_ascii_digit)
                };
                let joined = |i: Option<usize>, j: Option<usize>| {
                    i.and_then(|i| chars.get(i)) == Some(&'-') && digit(j)
                };
                let touched =
                    digit(from.checked_sub(1)) || digit(Some(at)) || joined(Some(at), Some(at + 1));
                if !touched {
                    out.push(from..at);
                }
                start = None;
            }
            _ => {}
        }
    }
    out
}

/// Whether the word at `start` opens a sentence, a quotation or what follows a colon.
fn opens(chars: &[char], start: usize) -> bool {
    let before = chars[..start].iter().rev().find(|c| !c.is_whitespace());
    before.is_none_or(|c| ".!?:;\"“‘'(（-–—•".contains(*c))
}

/// The words of a source, in lower case, and the initials of each run of words.
#[derive(Debug, Default)]
pub struct Vocabulary {
    words: BTreeSet<String>,
    initials: String,
}

impl Vocabulary {
    /// Adds the Latin words of `text`.
    pub fn add(&mut self, text: &str) {
        for word in text
            .split(|c: char| !c.is_alphabetic() || super::quotation::is_cjk(c))
            .filter(|w| !w.is_empty())
        {
            let word = word.to_lowercase();
            self.initials.extend(word.chars().next());
            self.words.insert(word);
        }
        self.initials.push(' ');
    }

    /// Whether a name stands here: as a word, in the plural or with a genitive's s, within a
    /// compound, or as the initials of words that follow each other.
    pub fn has(&self, name: &str) -> bool {
        let name = name.to_lowercase();
        let stem = name.trim_end_matches('s');
        let short = name.chars().count() < 4;
        self.words.contains(&name)
            || self.words.contains(stem)
            || self.words.contains(&format!("{name}s"))
            || short && self.initials.contains(&name)
            || name.chars().count() < 7 && name.chars().count() > 2 && self.initials.contains(&name)
            || !short
                && self
                    .words
                    .iter()
                    .any(|w| w.contains(stem) || w.len() > 3 && stem.starts_with(w.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let chars: Vec<char> = text.chars().collect();
        latin(text).into_iter().map(|r| chars[r].iter().collect()).collect()
    }

    #[test]
    fn names_by_script() {
        assert_eq!(found("研究员Lin Wei发布GPT-4o与OpenLoom，用于AI"), ["Lin", "Wei", "OpenLoom"]);
        assert_eq!(
            found("The founder of Loom Labs, Ada Weaver, said so. Nobody asked."),
            ["Loom", "Labs", "Ada", "Weaver"]
        );
        assert_eq!(found("Loom Labs Ships OpenLoom To Everyone"), ["OpenLoom"]);
    }

    #[test]
    fn names_in_a_vocabulary() {
        let mut words = Vocabulary::default();
        words.add("The World Weaving Organization praised Weavers' OpenLoom.");
        assert!(words.has("WWO") && words.has("Weaver") && words.has("openloom"));
        assert!(!words.has("Spinner"));
    }
}
