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
    expected: BTreeMap<String, String>,
    sentences: BTreeMap<String, String>,
    model: Table,
    outcome: Table,
    reason: Table,
}

/// The words of one language.
#[derive(Clone, Debug)]
pub(super) struct Words {
    chinese: bool,
    tables: BTreeMap<&'static str, BTreeMap<String, String>>,
    notes: BTreeMap<String, String>,
    expected: BTreeMap<String, String>,
    sentences: BTreeMap<String, String>,
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
            ("model", pick(file.model)),
            ("outcome", pick(file.outcome)),
            ("reason", pick(file.reason)),
        ]);
        let (notes, expected, sentences) = (file.notes, file.expected, file.sentences);
        Ok(Self { chinese, tables, notes, expected, sentences })
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
        self.pattern(&self.notes, note).unwrap_or_else(|| note.to_owned())
    }

    /// What a run told, in the page's language; where it is not known, as the run's own words.
    pub(super) fn sentence(&self, told: &str) -> String {
        let own = || self.get("words", "run_said").replace("{told}", told);
        self.pattern(&self.sentences, told).unwrap_or_else(own)
    }

    fn pattern(&self, known: &BTreeMap<String, String>, text: &str) -> Option<String> {
        if !self.chinese {
            return Some(text.to_owned());
        }
        // the one with the most words of its own says it best
        let fits =
            known.iter().filter_map(|(k, chinese)| Some((k.len(), chinese, parts(k, text)?)));
        let (_, chinese, parts) = fits.max_by_key(|(length, ..)| *length)?;
        let mut parts = parts.into_iter();
        let pieces: Vec<&str> = chinese.split("{}").collect();
        let mut out = pieces[0].to_owned();
        for piece in &pieces[1..] {
            out.push_str(parts.next().unwrap_or_default());
            out.push_str(piece);
        }
        Some(out)
    }

    /// What the format has or found at a place, in the page's language.
    pub(super) fn expected(&self, what: &str) -> String {
        match self.expected.get(what) {
            Some(chinese) if self.chinese => chinese.clone(),
            _ => what.to_owned(),
        }
    }
}

/// What stands in `text` where `pattern` has `{}`; `None` where it does not fit.
fn parts<'a>(pattern: &str, text: &'a str) -> Option<Vec<&'a str>> {
    let mut literal = pattern.split("{}");
    let mut rest = text.strip_prefix(literal.next()?)?;
    let mut out = Vec::new();
    let mut literal = literal.peekable();
    while let Some(next) = literal.next() {
        let at = match (next.is_empty(), literal.peek()) {
            (true, None) => rest.len(),
            (_, None) => rest.len() - rest.ends_with(next).then_some(next.len())?,
            (_, Some(_)) => rest.find(next)?,
        };
        out.push(&rest[..at]);
        rest = &rest[at + next.len()..];
    }
    rest.is_empty().then_some(out)
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
            &file.kind,
            &file.risk,
            &file.why,
            &file.told,
            &file.model,
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
    #[test]
    fn what_differs_stays_in_a_sentence() {
        let words = Words::of("zh").unwrap();
        assert_eq!(
            words.note("“成本下降” is not in s3: 成本上升了。"),
            "“成本下降” 不在 s3 里：成本上升了。"
        );
        assert_eq!(words.note("“甲” stands in s4, not in s2"), "“甲” 出自 s4，不在 s2");
        assert_eq!(
            words.note("shares 12 % of its words with its article"),
            "与来源文章只有 12 % 的用词相同"
        );
        assert_eq!(words.note("something new"), "something new");
        assert_eq!(words.sentence("something new"), "（运行原话）something new");
        let same = |pattern: &str, chinese: &str| {
            pattern.matches("{}").count() == chinese.matches("{}").count()
        };
        let all = words.notes.iter().chain(&words.sentences);
        assert!(all.clone().all(|(k, v)| same(k, v)));
        let en = Words::of("en").unwrap();
        assert_eq!(en.sentence("something new"), "something new");
    }

    #[test]
    fn what_the_format_expects_has_its_words() {
        let words = Words::of("zh").unwrap();
        for broken in [
            "",
            "# T (2026-01-01 至 2026-01-02)\n",
            "# T\n\n```\n",
            "# T (2026-01-01 至 2026-01-02)\n\n## 1. S\n\n### **A**\n\n---\n",
        ] {
            let error = crate::format::parse(broken).unwrap_err();
            assert_ne!(words.expected(&error.expected), error.expected, "{broken}");
        }
    }
}
