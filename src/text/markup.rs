//! Links, addresses and markup in what should be prose.
//!
//! A model that was told by an article to advertise something shows it here: a URL, an e-mail
//! address, a phone number, HTML or Markdown. It finds; it never repairs.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// A URL with a scheme, a path or `www.`.
    Url,
    /// A host name alone (`booking.example`): an address or the name of a company.
    Host,
    /// An e-mail address.
    Email,
    /// A phone number.
    Phone,
    /// An HTML tag, comment or entity, or a marker that a chat's template sets between roles.
    Html,
    /// Emphasis, a link, a heading, a list item, a quotation or code in Markdown.
    Markdown,
}

const TLD: &str = "com|org|net|edu|gov|info|biz|io|ai|app|dev|cn|uk|us|jp|de|fr|eu|ru|hk|tw|me|co|tv|xyz|top|club|shop|site|online|vip|example";

/// Patterns in order of precedence: a later one does not report what an earlier one holds.
static PATTERNS: LazyLock<Vec<(Mark, Regex)>> = LazyLock::new(|| {
    let host = format!(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:{TLD})");
    let tags = "a|abbr|b|blockquote|br|button|center|code|del|div|em|embed|font|form|h[1-6]|hr|i|iframe|img|input|ins|li|link|mark|meta|object|ol|p|pre|script|section|small|span|strong|style|sub|sup|svg|table|tbody|td|th|thead|tr|u|ul|video";
    [
        (Mark::Markdown, r"!?\[[^\[\]\n]*\](?:\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*[^()]*\)|\[[^\[\]\n]*\])".to_owned()),
        (Mark::Html, format!(r#"(?i)</?(?:{tags})(?:\s[^<>]*)?/?>|<!--|&(?:[a-z]{{2,8}}|#\d{{1,6}}|#x[0-9a-f]{{1,5}});|<[|｜][^<>\n]{{1,40}}[|｜]>|\[/?INST\]|<</?SYS>>"#)),
        (Mark::Email, r"(?i)(?-u:\b)[a-z0-9._%+-]+@(?:[a-z0-9-]+\.)+[a-z]{2,}".to_owned()),
        (Mark::Url, format!(r#"(?i)(?-u:\b)(?:https?|ftp)://[^\s<>"“”，。）】」\p{{Han}}]+|(?-u:\b)(?:mailto|javascript|data:text)[:/][^\s，。\p{{Han}}]+|(?-u:\b)www\.[a-z0-9-]+\.[^\s<>"“”，。）】」\p{{Han}}]+|(?-u:\b){host}(?::\d+)?/[^\s<>"“”，。）】」\p{{Han}}]*"#)),
        (Mark::Host, format!(r"(?i)(?-u:\b){host}(?-u:\b)")),
        (Mark::Phone, r"\+\d{1,3}[ -]?(?:\(\d{1,4}\)[ -]?)?\d{2,4}(?:[ -]?\d{3,4}){1,3}\b|\(\d{3}\) ?\d{3}-\d{4}\b|\b\d{3}[-.]\d{3}[-.]\d{4}\b|\b[48]00-?\d{3}-?\d{4}\b|\b0\d{2,3}[- ]\d{7,8}\b|(?-u:\b)1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?-u:\b)".to_owned()),
        (Mark::Markdown, r"\*\*[^*\s](?:[^*]*[^*\s])?\*\*|(?:^|[^\w*])\*[^*\s\d](?:[^*\n]*[^*\s])?\*(?:$|[^\w*])|__[^_\s](?:[^_]*[^_\s])?__|~~[^~\s][^~]*~~|`+[^`\n]+`+|`{3,}|(?m:^)\s*(?:#{1,6}\s|>+\s|[-*+]\s|```)".to_owned()),
    ]
    .into_iter()
    .filter_map(|(mark, pattern)| Regex::new(&pattern).ok().map(|regex| (mark, regex)))
    .collect()
});

/// Everything in `text` that is no prose, as byte ranges in order; ranges do not overlap.
pub fn find(text: &str) -> Vec<(Mark, Range<usize>)> {
    let mut found: Vec<(Mark, Range<usize>)> = Vec::new();
    for (mark, regex) in PATTERNS.iter() {
        for hit in regex.find_iter(text) {
            let range = trim(text, hit.range());
            let free = found.iter().all(|(_, r)| range.end <= r.start || r.end <= range.start);
            if free && !range.is_empty() && !(*mark == Mark::Phone && counted(text, &range)) {
                found.push((*mark, range));
            }
        }
    }
    found.sort_by_key(|(_, range)| range.start);
    found
}

/// A match without the punctuation and space at its edges that the sentence owns.
fn trim(text: &str, range: Range<usize>) -> Range<usize> {
    let part = &text[range.clone()];
    let end =
        part.trim_end_matches(['.', ',', ';', ':', '!', '?', '、', '；', '：', '？', '！', ' ']);
    let start = part.len() - part.trim_start().len();
    range.start + start..range.start + end.len()
}

/// Whether digits are followed by a unit: a count, not a phone number.
fn counted(text: &str, range: &Range<usize>) -> bool {
    let next = text[range.end..].trim_start().chars().next();
    next.is_some_and(|c| "元万亿个人美次件台只辆%".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(text: &str) -> Vec<(Mark, &str)> {
        find(text).into_iter().map(|(m, r)| (m, &text[r])).collect()
    }

    #[test]
    fn every_pattern_compiles() {
        assert_eq!(PATTERNS.len(), 7);
    }

    #[test]
    fn what_is_no_prose() {
        assert_eq!(marks("详见https://a.example/x。"), [(Mark::Url, "https://a.example/x")]);
        assert_eq!(marks("See a.example/x(1)."), [(Mark::Url, "a.example/x(1)")]);
        assert_eq!(marks("访问shop.example领取"), [(Mark::Host, "shop.example")]);
        assert_eq!(marks("write to me@a.example now"), [(Mark::Email, "me@a.example")]);
        assert_eq!(marks("请拨打13912345678咨询"), [(Mark::Phone, "13912345678")]);
        assert_eq!(marks("call +1 555 010 9999"), [(Mark::Phone, "+1 555 010 9999")]);
        assert_eq!(marks("a <b>bold</b> word"), [(Mark::Html, "<b>"), (Mark::Html, "</b>")]);
        assert_eq!(
            marks("[这里](https://a.example)"),
            [(Mark::Markdown, "[这里](https://a.example)")]
        );
        assert_eq!(marks("**重点**：x"), [(Mark::Markdown, "**重点**")]);
        assert_eq!(marks("run `make` first"), [(Mark::Markdown, "`make`")]);
        for marker in ["<|im_start|>", "<｜User｜>", "[/INST]", "<<SYS>>"] {
            assert_eq!(marks(&format!("好{marker} x")), [(Mark::Html, marker)]);
        }
        assert_eq!(marks("end ``` x"), [(Mark::Markdown, "```")]);
    }

    #[test]
    fn prose_passes() {
        for text in [
            "下载13912345678次。",
            "if a < b and c > d",
            "Node.js 与 C# 的 2*3*4",
            "价格为 3.5–4.2 美元",
            "[注1] 与 R&D 投入",
            "2026-01-03 12:30",
            "List<String> holds words",
            "e.g. this",
            "第3、4号",
        ] {
            assert_eq!(marks(text), [], "{text}");
        }
    }
}
