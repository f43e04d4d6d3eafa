//! Bytes → clean text: the charset, text that went through the wrong one, control characters.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// `body` as text. What can be told from the bytes goes before what is declared: UTF-8 that is
/// valid and has more than ASCII in it is no accident. Then the header, the prolog, detection.
pub(super) fn decode(body: &[u8], content_type: Option<&str>) -> String {
    let text = match Encoding::for_bom(body) {
        Some((encoding, _)) => encoding.decode(body).0.into_owned(),
        None => unmarked(body, content_type),
    };
    let repaired = repair(&text);
    repaired
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t'))
        .collect()
}

fn unmarked(body: &[u8], content_type: Option<&str>) -> String {
    let start = body.trim_ascii_start();
    if start.starts_with(b"<\0") || start.starts_with(b"{\0") {
        return UTF_16LE.decode(body).0.into_owned();
    }
    if start.starts_with(b"\0<") || start.starts_with(b"\0{") {
        return UTF_16BE.decode(body).0.into_owned();
    }
    if is_utf8(body) {
        return String::from_utf8_lossy(body).into_owned();
    }
    let declared = [content_type.and_then(header_charset), prolog_charset(body)];
    let declared = declared.iter().flatten().copied().filter(|e| *e != UTF_8);
    for encoding in declared {
        let (text, _, damaged) = encoding.decode(body);
        if !damaged {
            return text.into_owned();
        }
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(body, true);
    detector
        .guess(None, Utf8Detection::Allow)
        .decode(body)
        .0
        .into_owned()
}

/// Valid UTF-8 but for a character that is cut off at the end.
fn is_utf8(body: &[u8]) -> bool {
    let escapes = body.contains(&0x1b) && body.is_ascii();
    !escapes
        && std::str::from_utf8(body)
            .err()
            .is_none_or(|e| e.error_len().is_none())
}

fn header_charset(content_type: &str) -> Option<&'static Encoding> {
    let lower = content_type.to_ascii_lowercase();
    let label = lower.split("charset=").nth(1)?.split(';').next()?;
    Encoding::for_label(label.trim_matches(['"', '\'', ' ']).as_bytes())
}

fn prolog_charset(body: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(&body[..body.len().min(400)]);
    let declaration = head.split("?>").next()?;
    let value = declaration
        .split("encoding")
        .nth(1)?
        .trim_start_matches([' ', '=']);
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    Encoding::for_label(value.split(quote).nth(1)?.as_bytes())
}

/// Undoes UTF-8 that was read as windows-1252 (`å‰\u{8d}æ²¿` for 前沿). It is sure where a whole
/// run of such characters is valid UTF-8 with a character of three bytes or more: no language
/// writes that.
pub(super) fn repair(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut run, mut bytes) = (String::new(), Vec::new());
    for c in text.chars() {
        if let Some(byte) = high_byte(c) {
            run.push(c);
            bytes.push(byte);
        } else {
            flush(&mut run, &mut bytes, &mut out);
            out.push(c);
        }
    }
    flush(&mut run, &mut bytes, &mut out);
    out
}

fn flush(run: &mut String, bytes: &mut Vec<u8>, out: &mut String) {
    match std::str::from_utf8(bytes) {
        Ok(text) if text.chars().any(|c| c.len_utf8() >= 3) => out.push_str(text),
        _ => out.push_str(run),
    }
    run.clear();
    bytes.clear();
}

/// The byte from 0x80 on that windows-1252 reads as `c`.
fn high_byte(c: char) -> Option<u8> {
    if c.is_ascii() || u32::from(c) > 0x2122 {
        return None;
    }
    let mut buffer = [0; 4];
    let (bytes, _, unmapped) = WINDOWS_1252.encode(c.encode_utf8(&mut buffer));
    (!unmapped && bytes.len() == 1).then(|| bytes[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn charsets() {
        let xml = "<?xml version='1.0' encoding='gb2312'?><a>前沿技术</a>";
        let gbk = encoding_rs::GBK.encode(xml).0.into_owned();
        assert_eq!(decode(&gbk, None), xml);
        assert_eq!(decode(&gbk, Some("text/xml; charset=utf-8")), xml);
        assert_eq!(decode(xml.as_bytes(), Some("text/xml; charset=gbk")), xml);
        let big5 = encoding_rs::BIG5.encode("<a>前沿技術</a>").0.into_owned();
        assert_eq!(
            decode(&big5, Some("text/xml;charset=\"Big5\"")),
            "<a>前沿技術</a>"
        );
        let wide: Vec<u8> = "<a>前沿</a>"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(decode(&wide, None), "<a>前沿</a>");
        assert_eq!(decode(b"\xef\xbb\xbf<a>\x08\x00x</a>", None), "<a>x</a>");
    }

    #[test]
    fn mojibake_only_where_sure() {
        assert_eq!(repair("a å‰\u{8d}æ²¿ b"), "a 前沿 b");
        assert_eq!(repair("itâ€™s"), "it’s");
        for text in [
            "café Ångström",
            "naïve — “quoted”",
            "Ã©",
            "前沿",
            "déjà vu…",
        ] {
            assert_eq!(repair(text), text);
        }
    }
}
