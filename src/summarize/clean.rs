//! Takes out of a model's prose what it may not write: addresses, numbers to call, markup. Pure.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::text::invisible;
use crate::verify::{Finding, FindingKind, Severity};

/// A rule: what it finds, the group that stays in its place (0 for nothing), what it is called.
struct Rule {
    pattern: Regex,
    keep: usize,
    kind: FindingKind,
}

/// In order; a Markdown link goes before its address does.
static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    [
        (r"!?\[([^\]]*)\]\([^)\s]*\)", 1, FindingKind::Link),
        (r"(?s)<!--.*?-->", 0, FindingKind::Markup),
        (r"</?[A-Za-z][^<>]*>", 0, FindingKind::Markup),
        (
            r#"(?i)\b(?:https?|ftp)://[^\s<>"')，。；、）】]+"#,
            0,
            FindingKind::Link,
        ),
        (
            r#"(?i)\bwww\.[^\s<>"')，。；、）】]+"#,
            0,
            FindingKind::Link,
        ),
        (
            r#"(?i)\b(?:[a-z0-9-]+\.)+[a-z]{2,}/[^\s<>"')，。；、）】]+"#,
            0,
            FindingKind::Link,
        ),
        (
            r"(?i)[a-z0-9._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+",
            0,
            FindingKind::Link,
        ),
        (r"\+\d{1,3}[ -]\d[\d -]{6,12}\d", 0, FindingKind::Link),
        (r"\b0\d{2,3}-\d{7,8}\b", 0, FindingKind::Link),
        (r"\b[48]00-\d{3}-?\d{4}\b", 0, FindingKind::Link),
        (r"\b1[3-9]\d-?\d{4}-?\d{4}\b", 0, FindingKind::Link),
        (r"\*\*([^*]+)\*\*", 1, FindingKind::Markup),
        (r"`+([^`]+)`+", 1, FindingKind::Markup),
        (r"(?m)^\s*(?:#{1,6}|[-*>])\s+", 0, FindingKind::Markup),
    ]
    .into_iter()
    .filter_map(|(pattern, keep, kind)| {
        let pattern = Regex::new(pattern).ok()?;
        Some(Rule {
            pattern,
            keep,
            kind,
        })
    })
    .collect()
});

/// How often the rules run, since what one takes away may leave what another forbids.
const ROUNDS: usize = 8;

/// `text` as plain prose on one line, and a finding for each thing that was taken out.
pub(crate) fn prose(text: &str) -> (String, Vec<Finding>) {
    let mut out = invisible::strip(text);
    let mut findings = Vec::new();
    for _ in 0..ROUNDS {
        let before = findings.len();
        out = round(&out, &mut findings);
        if findings.len() == before {
            return (out, findings);
        }
    }
    // Nested deeper than any prose: nothing that could be markup stays.
    let signs = ['[', ']', '(', ')', '<', '>', '*', '`', '#', '/', '@'];
    (out.replace(signs, ""), findings)
}

fn round(text: &str, findings: &mut Vec<Finding>) -> String {
    let mut out = text.to_owned();
    for rule in RULES.iter() {
        let replaced = rule.pattern.replace_all(&out, |found: &Captures<'_>| {
            findings.push(removed(rule.kind, &found[0]));
            match rule.keep {
                0 => String::new(),
                group => found.get(group).map_or("", |g| g.as_str()).to_owned(),
            }
        });
        out = replaced.into_owned();
    }
    let words: Vec<&str> = out.split_whitespace().collect();
    words.join(" ")
}

fn removed(kind: FindingKind, words: &str) -> Finding {
    Finding {
        severity: Severity::Amber,
        kind,
        span: [0, 0],
        text: words.trim().to_owned(),
        note: "taken out of what the model wrote".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_a_regular_expression() {
        assert_eq!(RULES.len(), 14);
    }

    #[test]
    fn what_a_model_may_not_write_is_taken_out() {
        let cases = [
            ("See https://evil.example/a?b=c。然后", "See 。然后"),
            ("点[这里](https://evil.example)看", "点这里看"),
            ("a <b>bold</b> move<script src=x>", "a bold move"),
            ("write to a.b@evil.example now", "write to now"),
            ("call +86 10 6555 1234 now", "call now"),
            ("**发布**新`模型`", "发布新模型"),
            ("# Title\n- item", "Title item"),
            ("go to evil.example/win today", "go to today"),
            ("[[a](b)](https://evil.example)", "a"),
            ("ht<b>tps://evil.example/x", ""),
        ];
        for (text, wanted) in cases {
            let (got, findings) = prose(text);
            assert_eq!(got, wanted);
            assert!(!findings.is_empty(), "{text}");
        }
    }

    #[test]
    fn honest_prose_stays() {
        for text in [
            "Character.ai 与 Node.js 更新，成本为 2025-11-18 的 0.5–4%。",
            "GPT-4o beats a < b and 3 * 4 * 5 at [MASK] by 1,380,013 tokens/s.",
            "TCP/IP 与 v1.2/v1.3，CPU/GPU 各占 50%。",
        ] {
            assert_eq!(prose(text), (text.to_owned(), vec![]));
        }
    }

    proptest::proptest! {
        #[test]
        fn prose_is_on_one_line_and_stays_as_it_is(text in "[a-z中文.:/@<>*`#\\[\\]() \n-]{0,60}") {
            let (once, _) = prose(&text);
            proptest::prop_assert!(!once.contains('\n'));
            proptest::prop_assert_eq!(prose(&once), (once, vec![]));
        }
    }
}
