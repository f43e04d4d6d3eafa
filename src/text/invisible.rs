//! Characters that no reader sees: zero width, bidirectional controls, tag characters.

/// `text` without invisible characters; ordinary white space stays.
pub fn strip(text: &str) -> String {
    // Nearly every text has none, and most of them are ASCII.
    let plain = |b: u8| (0x20..0x7f).contains(&b) || matches!(b, b'\n' | b'\t');
    if text.bytes().all(plain) || !text.chars().any(is_invisible) {
        return text.to_owned();
    }
    text.chars().filter(|c| !is_invisible(*c)).collect()
}

/// Whether `c` is invisible: soft hyphen, zero width, bidi control, variation of the tag block,
/// private use (an icon only with the page's own font), or a control character other than tab and
/// line feed.
pub fn is_invisible(c: char) -> bool {
    if c < '\u{ad}' {
        return c.is_control() && c != '\n' && c != '\t';
    }
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
        | '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}'
        | '\u{fff9}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_hidden_is_left() {
        assert_eq!(strip("a\u{200b}b\u{202e}c\u{e0041}d\u{feff}e\n"), "abcde\n");
    }
}
