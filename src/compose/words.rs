//! The words that the templates print around an issue's content, in Chinese and in English.

use std::collections::BTreeMap;

use crate::text::Language;
use crate::text::nearest::nearest;

/// The words of an issue by their key; every key of [`KEYS`] is there.
pub type Words = BTreeMap<String, String>;

/// The keys: key, Chinese, English. A closed list; `[edition.words]` overrides single ones.
///
/// The marks `⚡` and `🆕` before two of the headings belong to the format, not to the words: an
/// edited file is read by them.
const TABLE: [(&str, &str, &str); 12] = [
    // between the first and the last day in the title
    ("to", "至", "to"),
    // the heading of the highlights, after `⚡ `
    ("highlights", "本期速览", "Highlights"),
    // what an empty section says
    ("nothing", "本期无相关内容", "nothing this issue"),
    // the text of an entry's source link
    ("read_original", "阅读原文", "Read the original"),
    // before the summary
    ("summary", "概要", "Summary"),
    // the line above the key points
    ("details", "💡内容详解", "💡 In detail"),
    // the text of a link to a related paper
    ("related_paper", "相关论文", "Related paper"),
    // the heading of further reading
    ("further_reading", "拓展阅读", "Further reading"),
    // the heading of entries found after the editor began, after `🆕 `
    ("new_entries", "待安排", "New since your last edit"),
    // the title of the one section of an edition that names none
    ("section", "要闻", "News"),
    // the group of further reading for what is written in another language
    ("other_language", "外文报道", "In other languages"),
    // between a bold lead and what follows it
    ("colon", "：", ": "),
];

/// The keys of all words, in the order of the list.
pub const KEYS: [&str; TABLE.len()] = {
    let mut keys = [""; TABLE.len()];
    let mut i = 0;
    while i < TABLE.len() {
        keys[i] = TABLE[i].0;
        i += 1;
    }
    keys
};

/// A word was overridden that no template prints.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{key}` is no word of the templates; {}the words are: {}", nearest.map(|n| format!("did you mean `{n}`? ")).unwrap_or_default(), KEYS.join(", "))]
pub struct UnknownWord {
    /// The key as it was written.
    pub key: String,
    /// The known key that was probably meant.
    pub nearest: Option<&'static str>,
}

/// The built-in words of `language` (a BCP 47 tag): Chinese for `zh` of any region, English for
/// every other language.
pub fn built_in(language: &str) -> Words {
    let chinese = Language(language.to_owned()).is_chinese();
    TABLE
        .iter()
        .map(|(key, zh, en)| ((*key).to_owned(), (if chinese { *zh } else { *en }).to_owned()))
        .collect()
}

/// The built-in words of `language` with `overrides` laid over them.
///
/// # Errors
/// A key that no template prints, with the nearest one that exists.
pub fn words_for(
    language: &str,
    overrides: &BTreeMap<String, String>,
) -> Result<Words, UnknownWord> {
    let mut words = built_in(language);
    for (key, word) in overrides {
        match words.get_mut(key) {
            Some(slot) => slot.clone_from(word),
            None => {
                return Err(UnknownWord { key: key.clone(), nearest: nearest(key, KEYS) });
            }
        }
    }
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_by_primary_subtag_else_english() {
        assert_eq!(built_in("zh-TW")["summary"], "概要");
        assert_eq!(built_in("en-GB")["colon"], ": ");
        assert_eq!(built_in("fr")["section"], "News");
        assert!(KEYS.iter().all(|k| built_in("zh").contains_key(*k)));
    }

    #[test]
    fn overrides_lie_over_the_built_in_ones() {
        let one = |k: &str| BTreeMap::from([(k.to_owned(), "摘要".to_owned())]);
        let words = words_for("zh-CN", &one("summary")).unwrap();
        assert_eq!((words["summary"].as_str(), words["to"].as_str()), ("摘要", "至"));
        let error = words_for("zh-CN", &one("sumary")).unwrap_err();
        assert_eq!(error.nearest, Some("summary"));
        assert!(error.to_string().contains("did you mean `summary`"), "{error}");
    }
}
