//! The words of the page in Chinese and English, read from one file of data.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::text::Language;

/// The file: key = [Chinese, English].
const FILE: &str = include_str!("../../templates/review/words.toml");

type Table = BTreeMap<String, [String; 2]>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    words: Table,
    reasons: Table,
    keys: Table,
    js: Table,
    told: Table,
    severity: Table,
    risk: Table,
    why: Table,
    kind: Table,
    notes: BTreeMap<String, String>,
    outcome: Table,
    reason: Table,
}

/// The words of one language.
#[derive(Clone, Debug)]
pub(super) struct Words {
    chinese: bool,
    tables: BTreeMap<&'static str, BTreeMap<String, String>>,
    notes: BTreeMap<String, String>,
}

impl Words {
    /// The words for an edition in `language`: Chinese, else English.
    ///
    /// # Errors
    /// The compiled-in file cannot be read: a bug of ours, which a test holds.
    pub(super) fn of(language: &str) -> Result<Self, toml::de::Error> {
        let file: File = toml::from_str(FILE)?;
        let chinese = Language(language.to_owned()).is_chinese();
        let pick = |table: Table| -> BTreeMap<String, String> {
            let one = |[zh, en]: [String; 2]| if chinese { zh } else { en };
            table.into_iter().map(|(key, both)| (key, one(both))).collect()
        };
        let tables = BTreeMap::from([
            ("words", pick(file.words)),
            ("reasons", pick(file.reasons)),
            ("keys", pick(file.keys)),
            ("js", pick(file.js)),
            ("told", pick(file.told)),
            ("severity", pick(file.severity)),
            ("risk", pick(file.risk)),
            ("why", pick(file.why)),
            ("kind", pick(file.kind)),
            ("outcome", pick(file.outcome)),
            ("reason", pick(file.reason)),
        ]);
        Ok(Self { chinese, tables, notes: file.notes })
    }

    /// The tag of the page's language.
    pub(super) fn lang(&self) -> &'static str {
        if self.chinese { "zh-CN" } else { "en" }
    }

    /// The words of a table by their keys.
    pub(super) fn table(&self, table: &'static str) -> BTreeMap<String, String> {
        self.tables.get(table).cloned().unwrap_or_default()
    }

    /// A word; the key itself where there is none, so that a new code still shows.
    pub(super) fn get<'a>(&'a self, table: &'static str, key: &'a str) -> &'a str {
        self.tables.get(table).and_then(|t| t.get(key)).map_or(key, String::as_str)
    }

    /// What the script needs, as a JSON text.
    pub(super) fn for_script(&self) -> String {
        let js = self.table("js").into_iter().map(|(k, v)| (format!("js_{k}"), v));
        let all: BTreeMap<String, String> = js.collect();
        serde_json::to_string(&all).unwrap_or_else(|_| "{}".to_owned())
    }

    /// A finding's note in the page's language; as it stands where it is not known.
    pub(super) fn note(&self, note: &str) -> String {
        match self.notes.get(note) {
            Some(chinese) if self.chinese => chinese.clone(),
            _ => note.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::select::Kind;

    #[test]
    fn both_languages_have_all_words() {
        let file: File = toml::from_str(FILE).unwrap();
        let tables = [
            &file.words,
            &file.reasons,
            &file.keys,
            &file.js,
            &file.told,
            &file.kind,
            &file.risk,
            &file.why,
        ];
        for (key, both) in tables.into_iter().chain([&file.outcome, &file.reason]).flatten() {
            assert!(both.iter().all(|w| !w.trim().is_empty()), "{key}");
        }
        let (zh, en) = (Words::of("zh-TW").unwrap(), Words::of("de").unwrap());
        assert_eq!((zh.get("words", "undo"), en.get("words", "undo")), ("撤销", "Undo"));
        assert_eq!(en.get("reason", "a_new_code"), "a_new_code");
    }

    #[test]
    fn every_outcome_and_finding_has_its_word() {
        let words = Words::of("zh").unwrap();
        for kind in Kind::ALL {
            assert_ne!(words.get("outcome", kind.code()), kind.code());
        }
        assert_eq!(words.note("the source does not have this number"), "来源里没有这个数字");
        let en = Words::of("en").unwrap();
        assert_eq!(
            en.note("the source does not have this year"),
            "the source does not have this year"
        );
    }
}
