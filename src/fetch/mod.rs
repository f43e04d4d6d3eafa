//! Candidate → Page: asks for the page of a candidate and keeps what it answered.
//!
//! It refuses what is neither HTML nor text, by its first bytes as well as by its header.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::collect::Candidate;
use crate::net::{Answer, Client, Effort, Failure, Reason, Want};

/// What a candidate's URL answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// The candidate's id.
    pub candidate: String,
    /// The URL that answered, after redirects.
    pub url: String,
    /// The HTTP status.
    pub status: u16,
    /// The `Content-Type` header as sent.
    pub content_type: Option<String>,
    /// The body after content decoding; in a record it stands behind the header.
    #[serde(skip)]
    pub body: Vec<u8>,
    /// Each URL on the way, the first the one asked for, the last the one that answered.
    pub hops: Vec<String>,
    /// When it answered.
    pub at: Timestamp,
}

/// Why bytes are no stored page.
#[derive(Debug, thiserror::Error)]
#[error("not a stored page: {0}")]
pub struct RecordError(String);

impl Page {
    /// The page as bytes for the store: one line of JSON, a line feed, the body.
    pub fn to_record(&self) -> Vec<u8> {
        let mut record = serde_json::to_vec(self).unwrap_or_default();
        record.push(b'\n');
        record.extend_from_slice(&self.body);
        record
    }

    /// Reads what [`Page::to_record`] wrote.
    ///
    /// # Errors
    /// The bytes are none.
    pub fn from_record(record: &[u8]) -> Result<Self, RecordError> {
        let end = record
            .iter()
            .position(|b| *b == b'\n')
            .ok_or_else(|| RecordError("it has no header line".into()))?;
        let mut page: Self =
            serde_json::from_slice(&record[..end]).map_err(|e| RecordError(e.to_string()))?;
        page.body = record[end + 1..].to_vec();
        Ok(page)
    }
}

/// Asks for the page of `candidate`.
///
/// # Errors
/// A [`Failure`] of the web, or [`Reason::BadUrl`] where the candidate has no URL, or
/// [`Reason::MediaType`] where the answer is neither HTML nor text.
pub async fn fetch(client: &Client, candidate: &Candidate) -> Result<Page, Failure> {
    if candidate.url.is_empty() {
        return Err(Failure {
            url: String::new(),
            reason: Reason::BadUrl,
            detail: "its source lists no link: only what the source itself says can be used".into(),
            status: None,
            effort: Effort::default(),
        });
    }
    let answer = client.get(&candidate.url, Want::Page).await?;
    if let Some(what) = unreadable(answer.content_type.as_deref(), &answer.body) {
        return Err(Failure {
            url: answer.asked,
            reason: Reason::MediaType,
            detail: format!("the answer is {what}, neither HTML nor text"),
            status: Some(answer.status),
            effort: answer.effort,
        });
    }
    Ok(page(candidate, answer))
}

fn page(candidate: &Candidate, answer: Answer) -> Page {
    Page {
        candidate: candidate.id.clone(),
        url: answer.url,
        status: answer.status,
        content_type: answer.content_type,
        body: answer.body,
        hops: answer.hops,
        at: answer.at,
    }
}

/// What the body is where it is neither HTML nor text. Bytes speak before the header: a PDF sent
/// as `text/html` is a PDF, and HTML sent as `application/octet-stream` is HTML.
fn unreadable(content_type: Option<&str>, body: &[u8]) -> Option<String> {
    if let Some(kind) = magic(body) {
        return Some(kind.to_owned());
    }
    let media = content_type?.split(';').next()?.trim().to_ascii_lowercase();
    let readable = media.is_empty()
        || media.starts_with("text/")
        || matches!(media.as_str(), "application/xhtml+xml" | "application/xml");
    if readable || looks_like_html(body) { None } else { Some(format!("`{media}`")) }
}

/// The kinds of files that are told by their first bytes.
fn magic(body: &[u8]) -> Option<&'static str> {
    const KINDS: &[(&[u8], &str)] = &[
        (b"%PDF-", "a PDF"),
        (b"\x89PNG\r\n", "a PNG image"),
        (b"\xff\xd8\xff", "a JPEG image"),
        (b"GIF8", "a GIF image"),
        (b"PK\x03\x04", "a ZIP archive or office document"),
        (b"\x1f\x8b", "a gzip archive"),
        (b"ID3", "an MP3 file"),
    ];
    if body.get(8..12) == Some(b"WEBP") && body.starts_with(b"RIFF") {
        return Some("a WebP image");
    }
    if body.get(4..8) == Some(b"ftyp") {
        return Some("a video");
    }
    KINDS.iter().find(|(bytes, _)| body.starts_with(bytes)).map(|(_, name)| *name)
}

fn looks_like_html(body: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&body[..body.len().min(1024)]).to_ascii_lowercase();
    let head = head.trim_start_matches('\u{feff}').trim_start();
    head.starts_with('<')
        && ["<!doctype html", "<html", "<head", "<body"].iter().any(|t| head.contains(t))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_speak_before_the_header() {
        assert_eq!(unreadable(Some("text/html"), b"%PDF-1.7 ..."), Some("a PDF".into()));
        let html = b"\n<!DOCTYPE html><html><body>x</body></html>";
        assert_eq!(unreadable(Some("application/octet-stream"), html), None);
        assert_eq!(unreadable(None, b"plain"), None);
        assert_eq!(unreadable(Some("Text/Plain; charset=gbk"), b"plain"), None);
        assert_eq!(unreadable(Some("application/json"), b"{}"), Some("`application/json`".into()));
    }

    #[test]
    fn a_record_round_trips() {
        let page = Page {
            candidate: "c".into(),
            url: "https://n.example/a".into(),
            status: 200,
            content_type: Some("text/html".into()),
            body: b"line\nline\n\xff".to_vec(),
            hops: vec!["https://n.example/a".into()],
            at: "2026-01-03T00:00:00Z".parse().unwrap(),
        };
        assert_eq!(Page::from_record(&page.to_record()).unwrap(), page);
        assert!(Page::from_record(b"no").is_err());
    }
}
