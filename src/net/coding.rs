//! Undoing `Content-Encoding` under a cap, so that a small body cannot grow without end.

use std::io::Read;

use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

/// Why a body could not be decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum CodingError {
    /// It is larger than the cap once decoded.
    TooLarge,
    /// The data are damaged.
    Damaged(String),
    /// A coding that nothing here knows.
    Unknown(String),
}

/// More codings than this on top of each other are refused.
const MOST_LAYERS: usize = 3;

/// Undoes the codings of `header` (the value of `Content-Encoding`, in the order in which they
/// were applied); more than `cap` bytes are refused.
pub(super) fn decode(header: &str, body: Vec<u8>, cap: usize) -> Result<Vec<u8>, CodingError> {
    let body = undo_all(header, body, cap, false)?;
    if body.len() > cap { Err(CodingError::TooLarge) } else { Ok(body) }
}

/// As [`decode`], but gives the first `cap` bytes of a longer body, and of a damaged one what comes
/// before the damage: `body` may be cut off.
pub(super) fn decode_start(
    header: &str,
    body: Vec<u8>,
    cap: usize,
) -> Result<Vec<u8>, CodingError> {
    let mut body = undo_all(header, body, cap, true)?;
    body.truncate(cap);
    Ok(body)
}

fn undo_all(header: &str, body: Vec<u8>, cap: usize, start: bool) -> Result<Vec<u8>, CodingError> {
    let layers: Vec<String> = header
        .split(',')
        .map(|name| name.trim().to_ascii_lowercase())
        .filter(|name| !matches!(name.as_str(), "" | "identity" | "none" | "utf-8"))
        .collect();
    if layers.len() > MOST_LAYERS {
        return Err(CodingError::Unknown(header.to_owned()));
    }
    let mut body = body;
    for name in layers.iter().rev() {
        // A redirect or a refusal may name a coding and have no body.
        if body.is_empty() {
            break;
        }
        body = undo(name, &body, cap, start)?;
    }
    Ok(body)
}

fn undo(name: &str, body: &[u8], cap: usize, start: bool) -> Result<Vec<u8>, CodingError> {
    match name {
        "gzip" | "x-gzip" => capped(MultiGzDecoder::new(body), cap, start),
        "br" => capped(brotli_decompressor::Decompressor::new(body, 16 * 1024), cap, start),
        // RFC 9110 means zlib by `deflate`; some servers send the bare stream.
        "deflate" if is_zlib(body) => capped(ZlibDecoder::new(body), cap, start),
        "deflate" => capped(DeflateDecoder::new(body), cap, start),
        other => Err(CodingError::Unknown(other.to_owned())),
    }
}

fn capped(reader: impl Read, cap: usize, start: bool) -> Result<Vec<u8>, CodingError> {
    let mut out = Vec::new();
    let most = u64::try_from(cap).unwrap_or(u64::MAX).saturating_add(1);
    let read = reader.take(most).read_to_end(&mut out);
    if start && !out.is_empty() {
        return Ok(out);
    }
    read.map_err(|e| CodingError::Damaged(e.to_string()))?;
    if out.len() > cap { Err(CodingError::TooLarge) } else { Ok(out) }
}

fn is_zlib(body: &[u8]) -> bool {
    matches!(body, [a, b, ..] if a & 0x0f == 8 && (u16::from(*a) * 256 + u16::from(*b)).is_multiple_of(31))
}

/// Whether `body` begins as something that was coded by `header` does. Brotli has no mark.
pub(super) fn looks_coded(header: &str, body: &[u8]) -> bool {
    match header.rsplit(',').next().unwrap_or("").trim().to_ascii_lowercase().as_str() {
        "gzip" | "x-gzip" => body.starts_with(b"\x1f\x8b"),
        "deflate" => is_zlib(body),
        _ => false,
    }
}

/// A body without its chunks (RFC 9112, 7.1); `None` where it was not sent in chunks. A last chunk
/// that is cut off gives what is there.
pub(super) fn unchunk(body: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(body.len());
    let mut rest = body;
    loop {
        let end = rest.iter().position(|b| *b == b'\n');
        let Some(end) = end else {
            return (!out.is_empty()).then_some(out);
        };
        let line = std::str::from_utf8(&rest[..end]).ok()?.trim_end_matches('\r');
        let digits = line.split(';').next().unwrap_or("").trim();
        let size = usize::from_str_radix(digits, 16).ok()?;
        rest = &rest[end + 1..];
        if size == 0 {
            return Some(out);
        }
        out.extend_from_slice(&rest[..size.min(rest.len())]);
        let Some(after) = rest.get(size..) else {
            return Some(out);
        };
        rest = after.strip_prefix(b"\r\n").or(after.strip_prefix(b"\n")).unwrap_or(after);
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn gzip(data: &[u8]) -> Vec<u8> {
        let mut coder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        coder.write_all(data).unwrap();
        coder.finish().unwrap()
    }

    #[test]
    fn layers_come_off_in_reverse() {
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        zlib.write_all(&gzip(b"text")).unwrap();
        let body = zlib.finish().unwrap();
        assert_eq!(decode("gzip, deflate", body, 100).unwrap(), b"text");
        let mut bare =
            flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
        bare.write_all(b"text").unwrap();
        assert_eq!(decode("deflate", bare.finish().unwrap(), 100).unwrap(), b"text");
        let brotli = [0x8b, 0x01, 0x80, b't', b'e', b'x', b't', 0x03];
        assert_eq!(decode("br", brotli.to_vec(), 100).unwrap(), b"text");
    }

    #[test]
    fn a_bomb_stops_at_the_cap() {
        let bomb = gzip(&vec![0; 1_000_000]);
        assert!(bomb.len() < 2_000);
        assert_eq!(decode("gzip", bomb.clone(), 1_000), Err(CodingError::TooLarge));
        assert_eq!(decode("gzip", gzip(&bomb), 10).map(|_| ()), Err(CodingError::TooLarge));
        assert_eq!(decode_start("gzip", bomb.clone(), 1_000).unwrap().len(), 1_000);
        assert_eq!(decode_start("gzip", bomb[..900].to_vec(), 9).unwrap(), [0; 9]);
        assert_eq!(decode("gzip", bomb, 1_000_000).unwrap().len(), 1_000_000);
    }

    #[test]
    fn damage_is_named() {
        let mut cut = gzip(b"some longer text, some longer text");
        cut.truncate(15);
        assert!(matches!(decode("gzip", cut, 100), Err(CodingError::Damaged(_))));
        assert!(matches!(decode("gzip", b"plain".to_vec(), 100), Err(CodingError::Damaged(_))));
        assert_eq!(decode("zz", vec![1], 9), Err(CodingError::Unknown("zz".into())));
        assert!(decode("gzip,gzip,gzip,gzip", vec![1], 9).is_err());
    }

    #[test]
    fn chunks() {
        assert_eq!(unchunk(b"4\r\ntext\r\n3;x=y\r\nabc\r\n0\r\n\r\n").unwrap(), b"textabc");
        assert_eq!(unchunk(b"ff\r\ncut off").unwrap(), b"cut off");
        assert_eq!(unchunk(b"<html>\nno chunks"), None);
        assert_eq!(unchunk(b"0\r\n\r\n").unwrap(), b"");
    }
}
