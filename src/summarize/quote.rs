//! Finds a quote in a sentence. Pure.

use crate::text::invisible::is_invisible;
use crate::text::quotation::fold_char;

/// The words of `sentence` that `quote` repeats letter for letter, as the sentence writes them.
/// White space, and the width and kind of punctuation, are not held against the quote.
pub(crate) fn find<'a>(sentence: &'a str, quote: &str) -> Option<&'a str> {
    let wanted: Vec<char> = folded(quote).map(|(_, c)| c).collect();
    let wanted = trimmed(&wanted);
    if wanted.len() < 4 {
        return None;
    }
    let have: Vec<(usize, char)> = folded(sentence).collect();
    let at = have.windows(wanted.len()).position(|w| w.iter().map(|(_, c)| c).eq(wanted.iter()))?;
    let start = have.get(at)?.0;
    let (last, _) = have.get(at + wanted.len() - 1)?;
    let end = last + sentence[*last..].chars().next()?.len_utf8();
    sentence.get(start..end)
}

/// The first words of a sentence, as evidence that needs no more.
pub(crate) fn opening(sentence: &str) -> String {
    const MOST: usize = 60;
    let line = sentence.lines().next().unwrap_or("");
    let mut end = line.len();
    if let Some((cut, _)) = line.char_indices().nth(MOST) {
        end = cut;
        // A Latin word is not cut in two.
        let word = |c: char| c.is_ascii_alphanumeric();
        if line[..end].ends_with(word) && line[end..].starts_with(word) {
            end = line[..end].rfind(|c| !word(c)).map_or(end, |i| i + 1);
            end = (0..=end).rev().find(|i| line.is_char_boundary(*i)).unwrap_or(end);
        }
    }
    line[..end].trim_end().to_owned()
}

/// The characters that count, with where they stand.
fn folded(text: &str) -> impl Iterator<Item = (usize, char)> + '_ {
    text.char_indices()
        .filter(|(_, c)| !c.is_whitespace() && !is_invisible(*c))
        .map(|(at, c)| (at, fold_char(c)))
}

/// Without quotation marks, dots and commas around it, which models add and drop.
fn trimmed(chars: &[char]) -> &[char] {
    let edge = |c: &char| matches!(c, '"' | '\'' | '.' | ',' | ';' | ':' | '!' | '?');
    let start = chars.iter().position(|c| !edge(c)).unwrap_or(chars.len());
    let end = chars.iter().rposition(|c| !edge(c)).map_or(start, |e| e + 1);
    chars.get(start..end).unwrap_or(&[])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verbatim_words_are_found_as_written() {
        let sentence = "实验室称：“单次查询成本下降 38%，权重开放。”";
        assert_eq!(find(sentence, "查询成本下降38%,"), Some("查询成本下降 38%"));
        assert_eq!(find(sentence, "\"单次查询成本"), Some("单次查询成本"));
        assert_eq!(find(sentence, "查询成本下降83%"), None);
        assert_eq!(find(sentence, "。”"), None);
        let english = "It’s a 32-billion-parameter model.";
        assert_eq!(find(english, "It's a 32‑billion"), Some("It’s a 32-billion"));
        assert_eq!(find(english, "it's a 32"), None);
    }

    #[test]
    fn openings_end_between_words() {
        let long = "word ".repeat(30);
        assert!(long.starts_with(&opening(&long)));
        let cut = opening("The longestwordthateverstoodinanysentenceofanyarticleofanyoutlet goes");
        assert!(cut.is_empty() || "The".starts_with(&cut) || cut == "The", "{cut}");
        assert_eq!(opening("短句。"), "短句。");
    }

    proptest::proptest! {
        #[test]
        fn what_is_found_stands_there(sentence in "\\PC{0,60}", from in 0usize..50, length in 1usize..30) {
            let quote: String = sentence.chars().skip(from).take(length).collect();
            if let Some(found) = find(&sentence, &quote) {
                proptest::prop_assert!(sentence.contains(found));
            }
            let start = opening(&sentence);
            proptest::prop_assert!(sentence.starts_with(&start));
        }
    }
}
