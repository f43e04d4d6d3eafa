//! Which language a text is in.

use serde::{Deserialize, Serialize};

/// A language as a BCP 47 tag (`zh-CN`, `en`).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Language(pub String);

impl Language {
    /// The primary subtag in lower case: `zh` of `zh-CN`.
    pub fn primary(&self) -> String {
        self.0.split(['-', '_']).next().unwrap_or("").to_ascii_lowercase()
    }

    /// Whether both are the same language, whatever the region.
    pub fn same_as(&self, other: &Self) -> bool {
        self.primary() == other.primary()
    }

    /// Whether this is Chinese.
    pub fn is_chinese(&self) -> bool {
        self.primary() == "zh"
    }
}

/// How many characters are looked at: enough to tell, whatever the length of the text.
const REACH: usize = 4000;

/// The language of `text` by its script first, then by its letters; `None` where there is too
/// little to tell. Gives primary subtags (`zh`, `en`, `ja`).
pub fn detect(text: &str) -> Option<Language> {
    let (mut han, mut kana, mut hangul, mut latin) = (0usize, 0usize, 0usize, 0usize);
    for c in text.chars().take(REACH) {
        match c {
            '\u{3040}'..='\u{30ff}' => kana += 1,
            '\u{ac00}'..='\u{d7a3}' => hangul += 1,
            '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' => han += 1,
            c if c.is_alphabetic() => latin += 1,
            _ => {}
        }
    }
    let tag = |t: &str| Some(Language(t.to_owned()));
    // A Han character carries about as much as four or five letters of a Latin word.
    if kana * 10 > han + kana && kana > 3 {
        return tag("ja");
    }
    if hangul * 4 > latin && hangul > 3 {
        return tag("ko");
    }
    if han * 4 > latin && han > 1 {
        return tag("zh");
    }
    if latin < 12 {
        return None;
    }
    let end = text.char_indices().nth(REACH).map_or(text.len(), |(i, _)| i);
    let head = &text[..end];
    let (small, all) = english_words(head);
    let share = if all == 0 { 0.0 } else { small as f64 / all as f64 };
    // No other language has a fifth of these words, and to ask for all others takes long.
    if all >= 40 && share >= 0.2 {
        return tag("en");
    }
    let info = whatlang::detect(head)?;
    // Scores and lists of names look like any language; the small words between them do not.
    if !info.is_reliable() && share >= 0.1 {
        return tag("en");
    }
    tag(iso_639_1(info.lang().code()))
}

/// How many of the words of `text` are English function words, and how many words there are.
fn english_words(text: &str) -> (usize, usize) {
    const SMALL: [&str; 16] = [
        "the", "of", "and", "to", "in", "is", "for", "on", "with", "that", "was", "at", "by", "it",
        "as", "from",
    ];
    let words = text.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty());
    let is_small = |word: &str| SMALL.iter().any(|s| s.eq_ignore_ascii_case(word));
    words.fold((0, 0), |(small, all), word| (small + usize::from(is_small(word)), all + 1))
}

/// The two-letter code of a three-letter one where a digest is likely to meet it.
fn iso_639_1(code: &str) -> &str {
    match code {
        "eng" => "en",
        "cmn" => "zh",
        "jpn" => "ja",
        "kor" => "ko",
        "deu" => "de",
        "fra" => "fr",
        "spa" => "es",
        "por" => "pt",
        "ita" => "it",
        "rus" => "ru",
        "nld" => "nl",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn script_decides_first() {
        assert_eq!(detect("观澜实验室发布 WeiGuang-3 模型").unwrap().0, "zh");
        let english = "The company released a new model on Saturday and published its weights.";
        assert_eq!(detect(english).unwrap().0, "en");
        assert_eq!(detect("12:30"), None);
    }
}
