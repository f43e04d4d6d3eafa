//! Verbatim: folding what printing changes, and finding quotations.

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_printing_only() {
        assert_eq!(
            fold("他说：“Ａ股 上涨　３％——好…”"),
            fold("他说:\"A股上涨3%--好...\"")
        );
        assert_eq!(fold("don’t  go"), "don't go");
        assert!(is_verbatim("model  was", "The model was new"));
        assert!(!is_verbatim("model is", "The model was new"));
        assert!(!is_verbatim("The Model", "The model was new"));
        assert!(!is_verbatim(" ", "The model was new"));
    }
}
