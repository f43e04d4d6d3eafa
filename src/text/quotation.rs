//! Verbatim: folding what printing changes, and finding quotations.

use std::ops::Range;

use super::invisible;

/// `text` with what printing changes folded away, and nothing else: full-width forms become
/// their narrow ones, runs of white space one space (none beside a Chinese character), invisible
/// characters are dropped, quotation marks and apostrophes of any shape become `"` and `'`,
/// dashes `-`, an ellipsis `...`. Letters keep their case.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut space = false;
    for c in text.chars().filter(|c| !invisible::is_invisible(*c)) {
        let c = fold_char(c);
        if c.is_whitespace() {
            space = true;
            continue;
        }
        if space && !out.is_empty() && !out.ends_with(is_cjk) && !is_cjk(c) {
            out.push(' ');
        }
        space = false;
        match c {
            '…' => out.push_str("..."),
            c => out.push(c),
        }
    }
    out
}

/// One character in its narrow, plain form. One character always gives one.
pub fn fold_char(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' | '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' => ' ',
        '“' | '”' | '„' | '‟' | '«' | '»' | '「' | '」' | '『' | '』' | '〝' | '〞' => {
            '"'
        }
        '‘' | '’' | '‚' | '‛' | '`' | '´' | 'ʼ' => '\'',
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '﹣' | '─' => '-',
        '〜' | '∼' => '~',
        '。' => '.',
        '、' => ',',
        '￥' => '¥',
        c => c,
    }
}

/// Whether `c` is written without spaces around it: Han, kana, and Chinese punctuation.
pub fn is_cjk(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{2ffff}')
}

/// Whether `quote` stands in `text` word for word after [`fold`]. An empty quote stands nowhere.
pub fn is_verbatim(quote: &str, text: &str) -> bool {
    let quote = fold(quote);
    !quote.is_empty() && fold(text).contains(&quote)
}

/// The words between each pair of quotation marks of `text`, without the marks, as spans of code
/// points. Single quotation marks are apostrophes too often and are left out; one level only.
pub fn find(text: &str) -> Vec<Range<usize>> {
    let (mut out, mut open) = (Vec::new(), None::<(usize, char)>);
    for (at, c) in text.chars().enumerate() {
        match (open, c) {
            (None, '“' | '「' | '『' | '"' | '„') => open = Some((at + 1, closing(c))),
            (Some((start, close)), _) if c == close => {
                out.push(start..at);
                open = None;
            }
            _ => {}
        }
    }
    out.retain(|r: &Range<usize>| !r.is_empty());
    out
}

fn closing(open: char) -> char {
    match open {
        '「' => '」',
        '『' => '』',
        '"' => '"',
        _ => '”',
    }
}

/// Letters and digits alone, in lower case: what is left when punctuation is folded away.
pub fn letters(text: &str) -> String {
    text.chars()
        .map(fold_char)
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// Whether a quotation stands in a text whose [`letters`] are given. Where it leaves words out
/// (`…`, `[…]`), each part must stand there.
pub fn is_quoted(quote: &str, source: &str) -> bool {
    let parts = quote.split(['…', '[', ']', '［', '］']).flat_map(|p| p.split("..."));
    let parts: Vec<String> = parts.map(letters).filter(|p| !p.is_empty()).collect();
    !parts.is_empty() && parts.iter().all(|p| source.contains(p.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_printing_only() {
        assert_eq!(fold("他说：“Ａ股 上涨　３％——好…”"), fold("他说:\"A股上涨3%--好...\""));
        assert_eq!(fold("don’t  go"), "don't go");
        assert!(is_verbatim("model  was", "The model was new"));
        assert!(!is_verbatim("model is", "The model was new"));
        assert!(!is_verbatim("The Model", "The model was new"));
        assert!(!is_verbatim(" ", "The model was new"));
    }

    #[test]
    fn finds_quotations() {
        let text = "他说：“甲，乙。”并称“丙”。\"One two\" it's";
        let chars: Vec<char> = text.chars().collect();
        let got: Vec<String> = find(text).into_iter().map(|r| chars[r].iter().collect()).collect();
        assert_eq!(got, ["甲，乙。", "丙", "One two"]);
        let source = letters("We are, frankly, very disappointed by the result.");
        assert!(is_quoted("we are frankly", &source));
        assert!(is_quoted("We are … disappointed", &source));
        assert!(!is_quoted("We are pleased", &source));
    }
}
