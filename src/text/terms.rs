//! Finding configured terms in text: case and width folded, words of letters on word borders.

use super::similarity::{folded, is_ideograph};

/// A text folded once for many searches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folded(String);

impl Folded {
    /// Folds `text`: half width, lower case.
    pub fn new(text: &str) -> Self {
        Self(folded(text))
    }

    /// How often `term` occurs. A term that begins or ends with a letter or digit must begin or
    /// end a word there (`AI` is not in `said`, but in `AI芯片`); a plural `s` is let through.
    /// An empty term occurs nowhere.
    pub fn count(&self, term: &str) -> usize {
        let term = folded(term.trim());
        if term.is_empty() {
            return 0;
        }
        self.0.match_indices(&term).filter(|(at, _)| self.bordered(*at, &term)).count()
    }

    fn bordered(&self, at: usize, term: &str) -> bool {
        let before = self.0[..at].chars().next_back();
        let mut after = self.0[at + term.len()..].chars();
        let opens = term.chars().next().is_some_and(in_word);
        let closes = term.chars().next_back().is_some_and(in_word);
        if opens && before.is_some_and(in_word) {
            return false;
        }
        if !closes {
            return true;
        }
        match after.next() {
            Some('s') => !after.next().is_some_and(in_word),
            Some(c) => !in_word(c),
            None => true,
        }
    }
}

/// Whether `c` is part of a word that others of its kind border.
fn in_word(c: char) -> bool {
    c.is_alphanumeric() && !is_ideograph(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_on_word_borders() {
        let text = Folded::new("He said AI matters. AI芯片 and AIs, ＡＩ again; not AID.");
        assert_eq!(text.count("AI"), 4);
        assert_eq!(text.count("ai"), 4);
        assert_eq!(text.count(""), 0);
    }

    #[test]
    fn ideographs_anywhere() {
        let text = Folded::new("大模型公司完成融资，融资额未披露");
        assert_eq!(text.count("融资"), 2);
        assert_eq!(text.count("模型"), 1);
        assert_eq!(text.count("估值"), 0);
    }

    #[test]
    fn a_phrase_with_a_space() {
        let text = Folded::new("It raised a Series B round");
        assert_eq!(text.count("series b"), 1);
        assert_eq!(text.count("eries b"), 0);
    }
}
