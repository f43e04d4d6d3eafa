//! The HTTP message inside a record.

use super::super::coding::{self, CodingError};
use super::super::transport::header;

/// A response as it stands in a record, its body decoded.
#[derive(Debug)]
pub(super) struct Message {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
    pub(super) wire: u64,
}

/// The status of `block`'s first line: `HTTP/1.1 200 OK`.
pub(super) fn status(block: &[u8]) -> Option<u16> {
    let line = block.split(|b| *b == b'\n').next()?;
    let line = String::from_utf8_lossy(line);
    let mut words = line.split_whitespace();
    words.next().filter(|w| w.starts_with("HTTP"))?;
    words.next()?.parse().ok()
}

/// Reads a response. The `Content-Length` header is not believed, and a coding that the header
/// names but the body does not have any more is passed over: tools differ in what they keep.
///
/// # Errors
/// `None` where it is no HTTP response; a [`CodingError`] where the body is over `cap` or damaged.
pub(super) fn parse(block: &[u8], cap: usize) -> Option<Result<Message, CodingError>> {
    let status = status(block)?;
    let (head, body) = split_head(block);
    let headers = headers(head);
    let wire = body.len() as u64;
    let chunked = header(&headers, "transfer-encoding")
        .is_some_and(|v| v.to_ascii_lowercase().contains("chunked"));
    let unchunked = if chunked { coding::unchunk(body) } else { None };
    let body = unchunked.unwrap_or_else(|| body.to_vec());
    let coded = header(&headers, "content-encoding").unwrap_or("");
    let body = match coding::decode(coded, body.clone(), cap) {
        Err(CodingError::Damaged(_)) if !coding::looks_coded(coded, &body) => {
            if body.len() > cap {
                return Some(Err(CodingError::TooLarge));
            }
            body
        }
        Err(error) => return Some(Err(error)),
        Ok(body) => body,
    };
    Some(Ok(Message { status, headers, body, wire }))
}

/// The head without its last blank line, and the body behind it.
fn split_head(block: &[u8]) -> (&[u8], &[u8]) {
    let mut from = 0;
    while let Some(end) = block[from..].iter().position(|b| *b == b'\n') {
        let line = &block[from..from + end];
        let next = from + end + 1;
        if line.is_empty() || line == b"\r" {
            return (&block[..from], &block[next..]);
        }
        from = next;
    }
    (block, b"")
}

fn headers(head: &[u8]) -> Vec<(String, String)> {
    let text = String::from_utf8_lossy(head);
    fields(text.lines().skip(1))
}

/// Header fields of lines; a line that begins with white space goes on with the one before it.
pub(super) fn fields<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = Vec::new();
    for line in lines {
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = out.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            out.push((name.trim().to_owned(), value.trim().to_owned()));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(block: &[u8]) -> Message {
        parse(block, 100).unwrap().unwrap()
    }

    #[test]
    fn folding_chunks_and_lengths() {
        let block = b"HTTP/1.1 200 OK\r\nX-Long: one\r\n  two\r\nContent-Length: 3\r\n\
            Transfer-Encoding: chunked\r\n\r\n4\r\ntext\r\n0\r\n\r\n";
        let message = read(block);
        assert_eq!(message.status, 200);
        assert_eq!(message.headers[0], ("X-Long".into(), "one two".into()));
        assert_eq!(message.body, b"text");
        assert_eq!(read(b"HTTP/2 200\n\n\nbody").body, b"\nbody");
        assert_eq!(read(b"HTTP/1.1 404 Not Found\r\n").status, 404);
        assert!(parse(b"GET / HTTP/1.1\r\n\r\n", 9).is_none());
    }

    #[test]
    fn a_coding_that_is_gone() {
        let block = b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ntransfer-encoding: chunked\r\n\r\n<p>plain</p>";
        assert_eq!(read(block).body, b"<p>plain</p>");
        let broken = b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n\x1f\x8bno gzip";
        assert!(matches!(parse(broken, 99), Some(Err(CodingError::Damaged(_)))));
        let large = b"HTTP/1.1 200 OK\r\n\r\nlong";
        assert!(matches!(parse(large, 3), Some(Err(CodingError::TooLarge))));
    }
}
