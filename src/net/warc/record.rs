//! One WARC record after another out of a stream of bytes.

use std::io::{self, BufRead, Read};

use super::super::transport::header;
use super::http::fields;

/// The longest line that is read as one.
const LINE: u64 = 64 * 1024;

/// A record's header fields and the beginning of its block.
#[derive(Debug)]
pub(super) struct Record {
    headers: Vec<(String, String)>,
    /// At most as many bytes as were asked for.
    pub(super) block: Vec<u8>,
    /// Where the record begins in the stream.
    pub(super) start: u64,
}

impl Record {
    /// The URL of a `response` record; `None` for every other type.
    pub(super) fn response_url(&self) -> Option<&str> {
        let kind = header(&self.headers, "WARC-Type")?;
        if !kind.eq_ignore_ascii_case("response") {
            return None;
        }
        let url = header(&self.headers, "WARC-Target-URI")?;
        // wget puts the URL into angle brackets, as WARC 1.0's grammar (but no example) has it.
        Some(url.trim_start_matches('<').trim_end_matches('>'))
    }

    /// A header field.
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        header(&self.headers, name)
    }
}

/// A stream of records with the position in it.
pub(super) struct Records<R> {
    inner: R,
    at: u64,
    /// The first line of the next record where it was read already, and where it begins.
    ahead: Option<u64>,
}

impl<R: BufRead> Records<R> {
    pub(super) fn new(inner: R, at: u64) -> Self {
        Self { inner, at, ahead: None }
    }

    /// The next record with up to `keep` bytes of its block; `None` at the end.
    ///
    /// What stands between records is skipped. A block that is longer than its header says (what
    /// follows it is no record) is taken whole; one that is cut off is taken as it is.
    pub(super) fn next(&mut self, keep: usize) -> io::Result<Option<Record>> {
        let start = match self.ahead.take() {
            Some(start) => start,
            None => match self.seek_record(None)? {
                Some(start) => start,
                None => return Ok(None),
            },
        };
        let headers = self.headers()?;
        let length = header(&headers, "Content-Length").and_then(|v| v.parse::<u64>().ok());
        let mut block = Vec::new();
        self.copy(length.unwrap_or(0), keep, &mut block)?;
        let mut rest = Vec::new();
        self.ahead = self.seek_record(Some((keep, &mut rest)))?;
        if rest.iter().any(|b| !b.is_ascii_whitespace()) {
            rest.truncate(keep.saturating_sub(block.len()));
            block.append(&mut rest);
        }
        Ok(Some(Record { headers, block, start }))
    }

    /// Reads lines up to the first one of a record and gives its place. The lines on the way go
    /// to `skipped`, as far as there is room.
    fn seek_record(&mut self, skipped: Option<(usize, &mut Vec<u8>)>) -> io::Result<Option<u64>> {
        let mut skipped = skipped;
        loop {
            let start = self.at;
            let line = self.line()?;
            if line.is_empty() {
                return Ok(None);
            }
            if line.starts_with(b"WARC/") {
                return Ok(Some(start));
            }
            if let Some((room, into)) = skipped.as_mut() {
                let room = room.saturating_sub(into.len());
                into.extend_from_slice(&line[..line.len().min(room)]);
            }
        }
    }

    fn headers(&mut self) -> io::Result<Vec<(String, String)>> {
        let mut lines = Vec::new();
        loop {
            let line = self.line()?;
            let text = String::from_utf8_lossy(&line);
            let text = text.trim_end_matches(['\r', '\n']);
            if line.is_empty() || text.is_empty() {
                return Ok(fields(lines.iter().map(String::as_str)));
            }
            lines.push(text.to_owned());
        }
    }

    fn line(&mut self) -> io::Result<Vec<u8>> {
        let mut line = Vec::new();
        self.at += (&mut self.inner).take(LINE).read_until(b'\n', &mut line)? as u64;
        Ok(line)
    }

    /// Reads `length` bytes and keeps the first `keep`.
    fn copy(&mut self, length: u64, keep: usize, into: &mut Vec<u8>) -> io::Result<()> {
        let kept = length.min(keep as u64);
        let got = (&mut self.inner).take(kept).read_to_end(into)? as u64;
        let passed = io::copy(&mut (&mut self.inner).take(length - kept), &mut io::sink())?;
        self.at += got + passed;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn urls(text: &[u8]) -> Vec<(String, Vec<u8>, u64)> {
        let mut records = Records::new(text, 0);
        let mut out = Vec::new();
        while let Some(r) = records.next(1000).unwrap() {
            let url = r.response_url().unwrap_or("-").to_owned();
            out.push((url, r.block, r.start));
        }
        out
    }

    #[test]
    fn types_folding_and_wrong_lengths() {
        let text = b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 2\r\n\r\nok\r\n\r\n\
            WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI:\r\n <https://a.example/1>\r\nContent-Length: 4\r\n\r\nlonger\n\nblock\r\n\r\n\
            WARC/1.1\nWARC-Type: response\nWARC-Target-URI: https://a.example/2\n\nno length";
        let got = urls(text);
        assert_eq!(got[0].0, "-");
        assert_eq!(got[0].1, b"ok");
        assert_eq!(got[1].0, "https://a.example/1");
        assert!(got[1].1.starts_with(b"longer\n\nblock"));
        assert_eq!(
            (got[2].0.as_str(), got[2].1.as_slice()),
            ("https://a.example/2", &b"no length"[..])
        );
        assert!(text[got[2].2 as usize..].starts_with(b"WARC/1.1"));
    }

    #[test]
    fn cut_off_and_garbage() {
        let got = urls(b"\r\n\r\ngarbage\nWARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: u\r\nContent-Length: 99\r\n\r\nshort");
        assert_eq!(got, [("u".into(), b"short".to_vec(), 12)]);
        assert!(urls(b"").is_empty());
    }
}
