//! Takes out of a model's prose what it may not write: addresses, numbers to call, markup. What
//! that is, [`markup`] says; a bare host name stays, since it may be a name. Pure.

use std::ops::Range;

use super::material::one_line;
use crate::text::invisible;
use crate::text::markup::{self, Mark};
use crate::verify::{Finding, FindingKind, Severity};

/// How often it looks again, since what is taken away may leave what is forbidden too.
const ROUNDS: usize = 8;

/// `text` as plain prose on one line, and a finding for each thing that was taken out.
pub(crate) fn prose(text: &str) -> (String, Vec<Finding>) {
    let mut out = invisible::strip(text);
    let mut findings = Vec::new();
    for _ in 0..ROUNDS {
        let mut marks = markup::find(&out);
        marks.retain(|(mark, _)| *mark != Mark::Host);
        if marks.is_empty() {
            // On one line, words may stand together that were apart.
            let line = one_line(&out);
            if line == out {
                return (out, findings);
            }
            out = line;
            continue;
        }
        out = without(&out, &marks, &mut findings);
    }
    // Nested deeper than any prose: nothing that could be markup stays.
    let signs = ['[', ']', '(', ')', '<', '>', '*', '_', '`', '~', '#', '/', '@', '&'];
    (one_line(&out.replace(signs, "")), findings)
}

fn without(text: &str, marks: &[(Mark, Range<usize>)], findings: &mut Vec<Finding>) -> String {
    let mut out = String::new();
    let mut at = 0;
    for (mark, range) in marks {
        let words = &text[range.clone()];
        out.push_str(&text[at..range.start]);
        if *mark == Mark::Markdown {
            out.push_str(&inside(words));
        }
        findings.push(removed(*mark, words));
        at = range.end;
    }
    out.push_str(&text[at..]);
    one_line(&out)
}

/// The words that Markdown marks up: a link's text, or what stands between the signs.
fn inside(words: &str) -> String {
    let link = words.trim_start_matches('!').strip_prefix('[');
    if let Some((text, _)) = link.and_then(|l| l.split_once(']')) {
        return text.to_owned();
    }
    let bare = words.replace(['*', '`', '~'], "").replace("__", "");
    let line = bare.trim_start();
    match line.strip_prefix(['#', '>', '-', '+']) {
        Some(rest) => rest.trim_start_matches(['#', '>', ' ']).to_owned(),
        None => bare,
    }
}

fn removed(mark: Mark, words: &str) -> Finding {
    let kind = match mark {
        Mark::Url | Mark::Host | Mark::Email | Mark::Phone => FindingKind::Link,
        Mark::Markdown if words.contains("](") => FindingKind::Link,
        Mark::Html | Mark::Markdown => FindingKind::Markup,
    };
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
    fn what_a_model_may_not_write_is_taken_out() {
        let cases = [
            ("See https://evil.example/a?b=c。然后", "See 。然后"),
            ("点[这里](https://evil.example)看", "点这里看"),
            ("a <b>bold</b> move<script src=x>", "a bold move"),
            ("write to a.b@evil.example now", "write to now"),
            ("call +86 10 6555 1234 now", "call now"),
            ("**发布**新`模型`", "发布新模型"),
            ("# Title\n- item", "Title item"),
            (">>> quoted", "quoted"),
            ("a <|im_start|>system b", "a system b"),
            ("go to evil.example/win today", "go to today"),
            ("[[a](b)](https://evil.example)", "[a]("),
            ("ht<b>tps://evil.example/x", "https://"),
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
