//! Writing a recording: complete under its name, or not there.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use flate2::{Compression, GzBuilder};
use tempfile::NamedTempFile;

use super::{RecordedAnswer, RecordingError};
use crate::text::hash::sha256_hex;

/// Headers that do not hold for a decoded body, or that nobody else should get.
const LEFT_OUT: &[&str] = &[
    "connection",
    "content-encoding",
    "content-length",
    "keep-alive",
    "proxy-authenticate",
    "set-cookie",
    "set-cookie2",
    "transfer-encoding",
    "alt-svc",
];

/// Collects answers and writes them as one recording at the end, ordered by URL. Of several answers
/// of one URL the last one stays.
#[derive(Debug)]
pub struct Recorder {
    path: PathBuf,
    /// Packed records in order of arrival; nameless, so that a run that dies leaves nothing.
    spool: File,
    end: u64,
    places: BTreeMap<String, (u64, u64)>,
    failed: Option<RecordingError>,
}

impl Recorder {
    /// Begins a recording that will stand under `path` once it is finished.
    ///
    /// # Errors
    /// Nothing can be written beside `path`.
    pub fn create(path: &Path) -> Result<Self, RecordingError> {
        let spool = tempfile::tempfile_in(folder(path))
            .map_err(|e| RecordingError::of(path, "cannot record beside it", e))?;
        Ok(Self { path: path.to_owned(), spool, end: 0, places: BTreeMap::new(), failed: None })
    }

    /// Takes one answer.
    ///
    /// # Errors
    /// The disk is full, or the like.
    pub fn add(&mut self, answer: &RecordedAnswer) -> Result<(), RecordingError> {
        let wrong = |e: io::Error| RecordingError::of(&self.path, "cannot record", e);
        let record = record(answer).map_err(wrong)?;
        self.spool.seek(SeekFrom::Start(self.end)).map_err(wrong)?;
        self.spool.write_all(&record).map_err(wrong)?;
        self.places.insert(answer.url.clone(), (self.end, record.len() as u64));
        self.end += record.len() as u64;
        Ok(())
    }

    /// Takes one answer; what goes wrong is told by [`Recorder::finish`], for an answer that came
    /// in is of use although it could not be recorded.
    pub(in crate::net) fn add_or_fail(&mut self, answer: &RecordedAnswer) {
        if self.failed.is_none() {
            self.failed = self.add(answer).err();
        }
    }

    /// Writes the recording under its name: first beside it, then renamed.
    ///
    /// # Errors
    /// The disk is full, or the like; what stood under the name is still there.
    pub fn finish(mut self) -> Result<(), RecordingError> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        let path = self.path.clone();
        self.write_out().map_err(|e| RecordingError::of(&path, "cannot write the recording", e))
    }

    fn write_out(&mut self) -> io::Result<()> {
        let packed = self.path.extension().is_some_and(|e| e == "gz");
        let beside = NamedTempFile::new_in(folder(&self.path))?;
        let mut out = BufWriter::new(beside);
        out.write_all(&pack(&info())?.for_name(packed)?)?;
        for (at, length) in self.places.values() {
            self.spool.seek(SeekFrom::Start(*at))?;
            let mut record = Vec::new();
            (&self.spool).take(*length).read_to_end(&mut record)?;
            out.write_all(&Packed(record).for_name(packed)?)?;
        }
        let beside = out.into_inner().map_err(io::IntoInnerError::into_error)?;
        beside.as_file().sync_all()?;
        open_to_others(beside.as_file())?;
        beside.persist(&self.path).map_err(|e| e.error)?;
        Ok(())
    }
}

/// Writes `answers` as a recording, ordered by URL: the same answers give the same bytes, whatever
/// their order. `.gz` is packed, one gzip member a record.
///
/// # Errors
/// The file cannot be written.
pub fn write_recording(
    path: &Path,
    answers: impl IntoIterator<Item = RecordedAnswer>,
) -> Result<(), RecordingError> {
    let mut recorder = Recorder::create(path)?;
    for answer in answers {
        recorder.add(&answer)?;
    }
    recorder.finish()
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A temporary file is the owner's alone; a recording is an ordinary file.
fn open_to_others(file: &File) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        file.set_permissions(std::fs::Permissions::from_mode(0o644))?;
    }
    Ok(())
}

/// A record as one gzip member.
struct Packed(Vec<u8>);

impl Packed {
    fn for_name(self, packed: bool) -> io::Result<Vec<u8>> {
        if packed {
            return Ok(self.0);
        }
        let mut plain = Vec::new();
        flate2::read::GzDecoder::new(&self.0[..]).read_to_end(&mut plain)?;
        Ok(plain)
    }
}

fn pack(record: &[u8]) -> io::Result<Packed> {
    let mut coder = GzBuilder::new().mtime(0).write(Vec::new(), Compression::default());
    coder.write_all(record)?;
    Ok(Packed(coder.finish()?))
}

fn record(answer: &RecordedAnswer) -> io::Result<Vec<u8>> {
    let block = block(answer);
    let mut out = head("response", &block, &answer.url);
    out.push_str(&format!(
        "WARC-Target-URI: {}\r\nWARC-Date: {}\r\nContent-Type: application/http; msgtype=response\r\n\
         Content-Length: {}\r\n\r\n",
        one_line(&answer.url),
        answer.at,
        block.len()
    ));
    Ok(pack(&whole(out, &block))?.0)
}

/// The first record: who wrote the file. It has the date of nothing, for it must not change.
fn info() -> Vec<u8> {
    let block = b"software: digestgen\r\nformat: WARC File Format 1.1\r\n";
    let mut out = head("warcinfo", block, "");
    out.push_str(&format!(
        "WARC-Date: 1970-01-01T00:00:00Z\r\nContent-Type: application/warc-fields\r\n\
         Content-Length: {}\r\n\r\n",
        block.len()
    ));
    whole(out, block)
}

/// The head's first lines. The id is made of what the record holds, so it never changes.
fn head(kind: &str, block: &[u8], url: &str) -> String {
    let hash = sha256_hex(&[url.as_bytes(), b"\n", block].concat());
    let id = format!(
        "{}-{}-8{}-a{}-{}",
        &hash[..8],
        &hash[8..12],
        &hash[13..16],
        &hash[17..20],
        &hash[20..32]
    );
    format!("WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{id}>\r\n")
}

fn whole(head: String, block: &[u8]) -> Vec<u8> {
    let mut out = head.into_bytes();
    out.extend_from_slice(block);
    out.extend_from_slice(b"\r\n\r\n");
    out
}

fn block(answer: &RecordedAnswer) -> Vec<u8> {
    let mut head = format!("HTTP/1.1 {}\r\n", answer.status);
    for (name, value) in &answer.headers {
        if !LEFT_OUT.contains(&name.to_ascii_lowercase().as_str()) {
            head.push_str(&format!("{}: {}\r\n", one_line(name), one_line(value)));
        }
    }
    head.push_str(&format!("Content-Length: {}\r\n\r\n", answer.body.len()));
    let mut out = head.into_bytes();
    out.extend_from_slice(&answer.body);
    out
}

/// A header value cannot begin another line.
fn one_line(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}
