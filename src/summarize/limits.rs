//! The counts and lengths that an entry should keep, by language. They are for writers: an entry
//! that breaks one is sent back, and taken with a warning if that does not help. Pure.

use crate::text::Language;
use crate::text::measure::{chinese_length, word_count};

/// The limits of one language.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    chinese: bool,
}

impl Limits {
    pub(crate) fn of(language: &Language) -> Self {
        Self { chinese: language.is_chinese() }
    }

    /// For the prompt.
    pub(crate) fn title_words(self) -> &'static str {
        if self.chinese {
            "8 to 20 characters, a Latin word or a number counts as two"
        } else {
            "At most 12 words"
        }
    }

    /// For the prompt.
    pub(crate) fn detail_words(self) -> &'static str {
        if self.chinese { "At most 200 characters a detail" } else { "At most 80 words a detail" }
    }

    /// For the prompt.
    pub(crate) fn highlight_words(self) -> &'static str {
        if self.chinese { "At most 80 characters" } else { "At most 40 words" }
    }

    /// How a claim of the maker is attributed, for the prompt.
    pub(crate) fn attribution(self) -> &'static str {
        if self.chinese {
            "“据……称”、“……表示”"
        } else {
            "\"according to …\", \"the company says\""
        }
    }

    pub(crate) fn title(self, title: &str) -> Option<String> {
        let length = self.length(title);
        let (least, most) = if self.chinese { (8, 20) } else { (1, 12) };
        if title.ends_with(['?', '？', '!', '！']) {
            return Some("`title` is a question or exclamation; say who did what".to_owned());
        }
        (length < least || length > most)
            .then(|| format!("`title` has a length of {length}; it must be {}", self.title_words()))
    }

    pub(crate) fn detail(self, text: &str) -> Option<String> {
        let length = self.length(text);
        let most = if self.chinese { 200 } else { 80 };
        (length > most).then(|| format!("has a length of {length}; at most {most} are allowed"))
    }

    pub(crate) fn counts(self, summary: usize, key_points: usize) -> Vec<String> {
        let mut out = Vec::new();
        if !(2..=4).contains(&summary) {
            out.push(format!("`summary` has {summary} items; it must have 2 to 4"));
        }
        if key_points < 3 {
            out.push(format!(
                "`key_points` has {key_points}; give at least 3, each about something else in the articles"
            ));
        }
        out
    }

    fn length(self, text: &str) -> usize {
        if self.chinese { chinese_length(text) } else { word_count(text) }
    }
}
