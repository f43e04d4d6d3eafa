//! Bytes → text: which charset a document is in, and reading it in that charset.
//!
//! Order of evidence: byte order mark, the shape of UTF-16 and UTF-32, HTTP header, XML prolog or
//! `<meta>`, detection. A declaration that the bytes contradict is not believed.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, X_USER_DEFINED,
};

/// How far into a document a declaration of its charset is looked for, in bytes.
const DECLARATION_REACH: usize = 4096;

/// So many characters above ASCII that are valid UTF-8 are no accident, whatever is declared.
const BEYOND_CHANCE: usize = 8;

/// Decodes `bytes`; what no charset can read becomes U+FFFD. A byte order mark is not part of the
/// text. `content_type` is the value of the HTTP header.
pub fn decode<'a>(bytes: &'a [u8], content_type: Option<&str>) -> Cow<'a, str> {
    if let Some(text) = read_utf_32(bytes) {
        return Cow::Owned(text);
    }
    if let Some((encoding, skip)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[skip..]).0;
    }
    if let Some(encoding) = wide_by_shape(bytes) {
        return encoding.decode_without_bom_handling(bytes).0;
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        let foreign = text.chars().filter(|c| !c.is_ascii());
        if foreign.take(BEYOND_CHANCE).count() == BEYOND_CHANCE {
            return Cow::Borrowed(text);
        }
    }
    let mut declared: Vec<&'static Encoding> = content_type
        .and_then(charset_of_header)
        .into_iter()
        .chain(charset_of_markup(bytes))
        .filter(|e| *e != X_USER_DEFINED)
        .map(|e| if e.is_ascii_compatible() { e } else { UTF_8 })
        .collect();
    // Servers send `iso-8859-1` for whatever they have, and every byte is valid in it.
    declared.sort_by_key(|e| *e == WINDOWS_1252);
    for encoding in declared {
        if let Some(text) = read_strictly(bytes, encoding) {
            return text;
        }
    }
    detect(bytes).decode_without_bom_handling(bytes).0
}

/// Whether `bytes` begin as UTF-16 or UTF-32, by mark or by shape: zero bytes in them are text.
pub fn is_wide(bytes: &[u8]) -> bool {
    let marked = Encoding::for_bom(bytes).is_some_and(|(e, _)| e != UTF_8);
    marked || utf_32_order(bytes).is_some() || wide_by_shape(bytes).is_some()
}

/// UTF-32 by its mark or by the zeros around a first `<`; encoding_rs does not know it.
fn read_utf_32(bytes: &[u8]) -> Option<String> {
    let (big, skip) = utf_32_order(bytes)?;
    let unit = |c: &[u8; 4]| match big {
        true => u32::from_be_bytes(*c),
        false => u32::from_le_bytes(*c),
    };
    let (units, _) = bytes.get(skip..)?.as_chunks::<4>();
    let read = units.iter().map(|c| char::from_u32(unit(c)).unwrap_or('\u{fffd}'));
    Some(read.collect())
}

/// Whether UTF-32 has its high byte first, and how long its mark is.
fn utf_32_order(bytes: &[u8]) -> Option<(bool, usize)> {
    match bytes.get(..4)? {
        [0, 0, 0xfe, 0xff] => Some((true, 4)),
        [0xff, 0xfe, 0, 0] => Some((false, 4)),
        [0, 0, 0, b'<'] => Some((true, 0)),
        [b'<', 0, 0, 0] => Some((false, 0)),
        _ => None,
    }
}

/// UTF-16 without a mark, by the zero beside a first `<`.
fn wide_by_shape(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes.get(..4)? {
        [b'<', 0, second, 0] if *second != 0 => Some(UTF_16LE),
        [0, b'<', 0, second] if *second != 0 => Some(UTF_16BE),
        _ => None,
    }
}

/// `bytes` in `encoding`, unless so much of it is malformed that the declaration must be wrong.
fn read_strictly<'a>(bytes: &'a [u8], encoding: &'static Encoding) -> Option<Cow<'a, str>> {
    // GB18030 reads all that GBK and GB2312 read, and what pages so labelled contain besides.
    let encoding = if encoding == GBK { GB18030 } else { encoding };
    let (text, malformed) = encoding.decode_without_bom_handling(bytes);
    if encoding == WINDOWS_1252 && !bytes.is_ascii() {
        return match std::str::from_utf8(bytes) {
            Ok(utf8) => Some(Cow::Borrowed(utf8)),
            Err(_) => (!looks_double_byte(bytes)).then_some(text),
        };
    }
    if !malformed {
        return Some(text);
    }
    // A torn character or two, as in a page cut in the middle of one, is no contradiction.
    let torn = text.matches('\u{fffd}').count();
    let foreign = bytes.iter().filter(|b| !b.is_ascii()).count();
    (torn * 50 <= foreign).then_some(text)
}

/// Whether most bytes above ASCII come in runs of even length, as in a double-byte charset and
/// unlike accented letters in Latin text.
fn looks_double_byte(bytes: &[u8]) -> bool {
    let (mut even, mut odd, mut run) = (0usize, 0usize, 0usize);
    for b in bytes.iter().chain(std::iter::once(&b' ')) {
        if b.is_ascii() {
            match (run, run % 2) {
                (0, _) => {}
                (_, 0) => even += run,
                _ => odd += run,
            }
            run = 0;
        } else {
            run += 1;
        }
    }
    even > odd * 2
}

/// The encoding that the bytes themselves suggest.
fn detect(bytes: &[u8]) -> &'static Encoding {
    if std::str::from_utf8(bytes).is_ok() {
        return UTF_8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    let guess = detector.guess(None, Utf8Detection::Allow);
    if guess == GBK { GB18030 } else { guess }
}

/// The charset parameter of a `Content-Type` header.
fn charset_of_header(header: &str) -> Option<&'static Encoding> {
    let lower = header.to_ascii_lowercase();
    let at = lower.find("charset=")? + "charset=".len();
    Encoding::for_label(label_at(&lower.as_bytes()[at..]))
}

/// The charset that an XML prolog or `<meta>` declares near the top.
fn charset_of_markup(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes[..bytes.len().min(DECLARATION_REACH)].to_ascii_lowercase();
    let find = |from: usize, needle: &[u8]| {
        let at = head.get(from..)?.windows(needle.len()).position(|w| w == needle);
        at.map(|i| from + i)
    };
    if head.trim_ascii_start().starts_with(b"<?xml") {
        let end = find(0, b"?>").unwrap_or(head.len());
        let at = find(0, b"encoding").filter(|at| *at < end)?;
        let rest = head[at + b"encoding".len()..].trim_ascii_start();
        return Encoding::for_label(label_at(rest.strip_prefix(b"=")?));
    }
    let mut from = 0;
    while let Some(at) = find(from, b"<meta") {
        let end = find(at, b">").unwrap_or(head.len());
        if let Some(label) = find(at, b"charset=").filter(|c| *c < end) {
            return Encoding::for_label(label_at(&head[label + b"charset=".len()..]));
        }
        from = end;
    }
    None
}

/// The label at the start of `bytes`, quoted or not.
fn label_at(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.trim_ascii_start();
    let bytes = bytes.strip_prefix(b"\"").or_else(|| bytes.strip_prefix(b"'")).unwrap_or(bytes);
    let end = bytes
        .iter()
        .position(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b':' | b'.')))
        .unwrap_or(bytes.len());
    &bytes[..end]
}
#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::{BIG5, EUC_KR, SHIFT_JIS};

    const CHINESE: &str = "<html><body><p>观澜实验室今天发布了新的模型，参数规模达到三千亿。研究人员表示，训练只用了四周。</p></body></html>";

    #[test]
    fn finds_the_charset_without_any_declaration() {
        let cases = [
            (GB18030, CHINESE),
            (
                BIG5,
                "<p>觀瀾實驗室今天發布了新的模型，參數規模達到三千億。研究人員表示，訓練只用了四週時間。</p>",
            ),
            (
                SHIFT_JIS,
                "<p>研究所は本日、新しいモデルを発表した。パラメータ数は三千億に達するという。学習は四週間で終わった。</p>",
            ),
            (
                EUC_KR,
                "<p>연구소는 오늘 새로운 모델을 발표했다. 매개변수는 삼천억 개에 이른다. 학습에는 사 주가 걸렸다.</p>",
            ),
        ];
        for (encoding, text) in cases {
            let (bytes, _, unmappable) = encoding.encode(text);
            assert!(!unmappable);
            assert_eq!(decode(&bytes, Some("text/html")), text, "{}", encoding.name());
        }
    }

    #[test]
    fn a_label_is_believed_unless_the_bytes_contradict_it() {
        let (gbk, ..) = GB18030.encode(CHINESE);
        for label in ["text/html; charset=gb2312", "text/html; charset=\"GBK\""] {
            assert_eq!(decode(&gbk, Some(label)), CHINESE);
        }
        for wrong in ["text/html; charset=utf-8", "text/html; charset=iso-8859-1"] {
            assert_eq!(decode(&gbk, Some(wrong)), CHINESE, "{wrong}");
            assert_eq!(decode(CHINESE.as_bytes(), Some(wrong)), CHINESE, "{wrong}");
        }
        let page =
            format!("<meta http-equiv=Content-Type content='text/html; charset=gb2312'>{CHINESE}");
        assert_eq!(decode(&GB18030.encode(&page).0, None), page);
        let utf16: Vec<u8> = [0xff, 0xfe]
            .into_iter()
            .chain("中文".encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        assert_eq!(decode(&utf16, None), "中文");
        assert_eq!(
            decode(b"caf\xe9 au lait", Some("text/html; charset=iso-8859-1")),
            "café au lait"
        );
    }

    #[test]
    fn shape_beats_a_wrong_declaration() {
        let text = format!("<?xml version='1.0' encoding = 'gb2312'?><t>{CHINESE}</t>");
        assert_eq!(decode(text.as_bytes(), None), text);
        let (gbk, ..) = GB18030.encode(&text);
        assert_eq!(decode(&gbk, Some("text/xml; charset=iso-8859-1")), text);
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(decode(&wide, Some("text/xml; charset=utf-8")), text);
        let wider: Vec<u8> = text.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect();
        assert_eq!(decode(&wider, None), text);
    }
}
