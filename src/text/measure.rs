//! Lengths as the format counts them.

/// The length of `text` in the format's measure for Chinese: a Chinese character is one, a Latin
/// word or a number two, punctuation and space nothing.
pub fn chinese_length(text: &str) -> usize {
    let (mut length, mut in_word) = (0, false);
    for c in text.chars() {
        let wide = matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}');
        if wide {
            length += 1;
            in_word = false;
        } else if c.is_alphanumeric() || (in_word && matches!(c, '.' | '-' | '%' | ',' | '\'')) {
            length += if in_word { 0 } else { 2 };
            in_word = true;
        } else {
            in_word = false;
        }
    }
    length
}

/// The number of words of an English text.
pub fn word_count(text: &str) -> usize {
    text.split_whitespace().filter(|w| w.chars().any(char::is_alphanumeric)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_latin_word_is_two() {
        assert_eq!(chinese_length("DeepMind力挺Scaling Law"), 2 + 2 + 4);
        assert_eq!(chinese_length("提升 3.5 倍。"), 2 + 2 + 1);
        assert_eq!(word_count("A model — with 3 words"), 5);
    }
}
