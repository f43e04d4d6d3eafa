//! A summary as claims, one a sentence, and back: the two are inverses.

use crate::text::sentence;
use crate::verify::Claim;

/// Splits running text into claims, one a sentence. [`join_claims`] gives the text back, byte for
/// byte: white space between two sentences that it would not put there stays at the end of the
/// first, and what it would part is not split. Origin, evidence and findings are not known.
pub fn split_claims(text: &str) -> Vec<Claim> {
    let text = text.trim();
    let mut claims: Vec<String> = Vec::new();
    let mut start = 0;
    let mut ends = sentence::split(text).into_iter().peekable();
    while let Some(range) = ends.next() {
        let next = ends.peek().map_or(text.len(), |n| n.start);
        let gap = &text[range.end..next];
        let wanted = match ends.peek() {
            Some(n) => separator(&text[start..range.end], &text[n.clone()]),
            None => "",
        };
        if gap.is_empty() && !wanted.is_empty() {
            continue;
        }
        let end = if gap == wanted { range.end } else { next };
        claims.push(text[start..end].to_owned());
        start = next;
    }
    claims.into_iter().map(|text| Claim { text, ..Claim::default() }).collect()
}

/// The running text of claims: English sentences are parted by a space, Chinese ones by nothing,
/// and white space that a claim brings along is kept instead.
pub fn join_claims(claims: &[Claim]) -> String {
    let (mut out, mut before) = (String::new(), "");
    for text in claims.iter().map(|c| c.text.as_str()).filter(|t| !t.is_empty()) {
        if !out.is_empty() {
            out.push_str(separator(before, text));
        }
        out.push_str(text);
        before = text;
    }
    out.trim().to_owned()
}

/// Lines that an editor broke, as running text.
pub(super) fn join_lines<'a>(lines: impl IntoIterator<Item = &'a str>) -> String {
    let mut out = String::new();
    for line in lines.into_iter().map(str::trim).filter(|l| !l.is_empty()) {
        if !out.is_empty() {
            out.push_str(separator(&out, line));
        }
        out.push_str(line);
    }
    out
}

/// What stands between two sentences of running text.
pub(super) fn separator(before: &str, after: &str) -> &'static str {
    if before.ends_with(char::is_whitespace) || after.starts_with(char::is_whitespace) {
        return "";
    }
    // closing quotes and dots are common to both scripts: what stands before them tells
    let last = before.chars().rev().find(|c| !matches!(c, '”' | '’' | '…' | '"' | '\''));
    let wide_after = after.chars().next().is_some_and(is_wide);
    let tight = last.is_some_and(is_wide) || (wide_after && !matches!(last, Some('.')));
    if tight { "" } else { " " }
}

/// Whether `c` belongs to Chinese or Japanese text, punctuation included.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{ff00}'..='\u{ffef}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn texts(text: &str) -> Vec<String> {
        split_claims(text).into_iter().map(|c| c.text).collect()
    }

    #[test]
    fn sentences_of_both_languages() {
        assert_eq!(texts("第一句。第二句！"), ["第一句。", "第二句！"]);
        assert_eq!(
            texts("First one. Second “one”. Third."),
            ["First one.", "Second “one”.", "Third."]
        );
        assert_eq!(texts("One.  Two."), ["One.  ", "Two."]);
        assert_eq!(texts("用了 v2. 该公司。"), ["用了 v2.", "该公司。"]);
        let own =
            ["A.", "B.", "中。", "文。"].map(|t| Claim { text: t.into(), ..Claim::default() });
        assert_eq!(join_claims(&own), "A. B. 中。文。");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn joining_undoes_splitting(text in "[a中文。.!？?…”’\"） \u{3000}]{0,40}") {
            let claims = split_claims(&text);
            prop_assert_eq!(join_claims(&claims), text.trim());
            prop_assert_eq!(split_claims(&join_claims(&claims)), claims);
        }
    }
}
