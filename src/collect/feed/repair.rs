//! Text that once went through the wrong charset: UTF-8 read as windows-1252 (`å‰æ²¿` for 前沿).

use std::borrow::Cow;

use encoding_rs::WINDOWS_1252;

/// `text` repaired where it is sure that it is damaged, else as it is.
///
/// It is sure where every character above ASCII is one of windows-1252, their bytes together are
/// UTF-8, and that is no accident: a character of three or four bytes (no language writes `å‰` and
/// the like), two of two bytes, or one of two bytes right behind a small letter (`cafÃ©`: a capital
/// does not follow there).
pub(super) fn mojibake(text: &str) -> Cow<'_, str> {
    // Each first byte of a longer UTF-8 character is one of these letters.
    if !text.chars().any(|c| ('\u{c2}'..='\u{f4}').contains(&c)) {
        return Cow::Borrowed(text);
    }
    let bytes: Option<Vec<u8>> = text.chars().map(byte).collect();
    let Some(repaired) = bytes.and_then(|b| String::from_utf8(b).ok()) else {
        return Cow::Borrowed(text);
    };
    let mut short = 0;
    let mut sure = false;
    let mut before = ' ';
    for c in repaired.chars() {
        match c.len_utf8() {
            1 => {}
            2 => {
                short += 1;
                sure |= before.is_ascii_lowercase();
            }
            _ => sure = true,
        }
        before = c;
    }
    if sure || short > 1 { Cow::Owned(repaired) } else { Cow::Borrowed(text) }
}

/// The byte that was read as `c`, in windows-1252 or in Latin 1, where 0x80 to 0x9f are controls.
fn byte(c: char) -> Option<u8> {
    if let Ok(byte) = u8::try_from(c) {
        return Some(byte);
    }
    let mut utf8 = [0; 4];
    let (bytes, _, unmappable) = WINDOWS_1252.encode(c.encode_utf8(&mut utf8));
    bytes.first().copied().filter(|_| !unmappable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repairs_only_what_is_surely_damaged() {
        let damaged = |text: &str| WINDOWS_1252.decode(text.as_bytes()).0.into_owned();
        for text in ["前沿", "AI 前沿动态", "naïve café", "it’s", "café culture"] {
            assert_eq!(mojibake(&damaged(text)), text);
            assert_eq!(mojibake(text), text);
            let latin: String = text.bytes().map(char::from).collect();
            assert_eq!(mojibake(&latin), text);
        }
        for text in ["«IRMû", "Ã©", "10 °C", "前沿 Ã©Ã©", "São Paulo", "ÅÄÖ"] {
            assert_eq!(mojibake(text), text, "{text}");
        }
    }
}
