//! English words as likeness needs them: those that tell nothing, and a light stem.

/// Common words that tell nothing about a subject; sorted.
const STOP: &[&str] = &[
    "a", "about", "after", "again", "against", "ago", "all", "also", "am", "an", "and", "another",
    "any", "are", "around", "as", "at", "back", "be", "because", "been", "before", "being",
    "between", "both", "but", "by", "came", "can", "come", "could", "day", "did", "do", "does",
    "don", "down", "during", "each", "even", "first", "for", "from", "get", "go", "going", "good",
    "got", "had", "has", "have", "he", "her", "here", "him", "his", "how", "i", "if", "in", "into",
    "is", "it", "its", "just", "know", "last", "like", "ll", "made", "make", "many", "may", "me",
    "more", "most", "mr", "ms", "much", "my", "new", "no", "not", "now", "of", "off", "on", "one",
    "only", "or", "other", "our", "out", "over", "own", "people", "re", "said", "same", "say",
    "says", "see", "she", "should", "since", "so", "some", "still", "such", "take", "than", "that",
    "the", "their", "them", "then", "there", "these", "they", "this", "those", "through", "time",
    "to", "told", "too", "two", "under", "until", "up", "us", "use", "ve", "very", "was", "way",
    "we", "week", "well", "were", "what", "when", "where", "which", "while", "who", "why", "will",
    "with", "would", "year", "years", "you", "your",
];

/// Whether `word` (folded) is a common English word that tells nothing about a subject.
pub fn is_stop_word(word: &str) -> bool {
    STOP.binary_search(&word).is_ok()
}

/// A light stem: plural, past and gerund endings and a final `e` go. Wrong for many words, but
/// wrong in the same way on both sides of a comparison.
pub fn stem(word: &str) -> &str {
    let mut w = word;
    if w.len() > 3 && w.ends_with('s') && !w.ends_with("ss") && !w.ends_with("us") {
        w = &w[..w.len() - 1];
    }
    for ending in ["ing", "ed"] {
        if let Some(cut) = w.strip_suffix(ending)
            && cut.len() >= 3
            && cut.is_ascii()
        {
            w = cut;
            break;
        }
    }
    match w.strip_suffix('e') {
        Some(cut) if cut.len() >= 3 => cut,
        _ => w,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stop_words_are_sorted() {
        assert!(STOP.windows(2).all(|w| w[0] < w[1]));
        assert!(is_stop_word("the"));
        assert!(!is_stop_word("ferry"));
    }

    #[test]
    fn forms_of_a_word_share_a_stem() {
        assert_eq!(stem("names"), stem("named"));
        assert_eq!(stem("name"), stem("naming"));
        assert_eq!(stem("gas"), "gas");
    }
}
