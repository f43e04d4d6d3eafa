//! A recording as an index of its answers; bodies stay in the file until they are asked for.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Mutex;

use flate2::bufread::{GzDecoder, MultiGzDecoder};
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use url::Url;

use super::super::Reason;
use super::super::coding::CodingError;
use super::super::transport::{Ask, Exchange, Fault, Transport, header};
use super::record::{Record, Records};
use super::{RecordingError, http};

/// The longest record that is read whole.
const BLOCK: usize = 64_000_000;

/// The most that a recording in one piece of gzip may unpack to.
const UNPACKED: u64 = 8_000_000_000;

/// A recording that is open for reading.
#[derive(Debug)]
pub struct Recording {
    name: String,
    file: Mutex<File>,
    /// Whether each record is a gzip member of its own; else the file is plain.
    members: bool,
    index: HashMap<String, Place>,
    /// The latest date of its answers; that of answers which carry none, too.
    date: Timestamp,
    cut_off: Option<String>,
}

#[derive(Clone, Copy, Debug)]
struct Place {
    at: u64,
    rank: u8,
}

impl Recording {
    /// Opens `.warc` or `.warc.gz` (told by its bytes) and reads it through once.
    ///
    /// # Errors
    /// The file cannot be read, or holds no record. One that is cut off or damaged further on
    /// gives what stands before ([`Recording::cut_off`]).
    pub fn open(path: &Path) -> Result<Self, RecordingError> {
        let wrong = |e: io::Error| RecordingError::of(path, "cannot read the recording", e);
        let mut file = File::open(path).map_err(wrong)?;
        let members = is_gzip(&mut file).map_err(wrong)?;
        let mut recording = Self {
            name: path.display().to_string(),
            file: Mutex::new(file),
            members,
            index: HashMap::new(),
            date: Timestamp::UNIX_EPOCH,
            cut_off: None,
        };
        let one_each = recording.scan().map_err(wrong)?;
        if members && !one_each {
            recording.unpack().map_err(wrong)?;
            recording.scan().map_err(wrong)?;
        }
        if recording.index.is_empty() {
            let what = recording.cut_off.unwrap_or_else(|| "it holds no `response` record".into());
            return Err(RecordingError::of(path, "no recording of the web", what));
        }
        Ok(recording)
    }

    /// How many URLs it answers for.
    pub fn len(&self) -> usize {
        self.index.len()
    }

    /// The URLs it answers for, in no order; one that is written unusually stands in its normal
    /// form too.
    pub fn urls(&self) -> impl Iterator<Item = &str> {
        self.index.keys().map(String::as_str)
    }

    /// Whether it answers for none.
    pub fn is_empty(&self) -> bool {
        self.index.is_empty()
    }

    /// What is wrong with the end of the file, where it is cut off or damaged.
    pub fn cut_off(&self) -> Option<&str> {
        self.cut_off.as_deref()
    }

    /// Reads all records into the index. `false` where a gzip member holds more or less than one
    /// record, so that a record cannot be found again by its member.
    fn scan(&mut self) -> io::Result<bool> {
        self.index.clear();
        self.cut_off = None;
        let mut file = self.handle().try_clone()?;
        file.seek(SeekFrom::Start(0))?;
        let mut counted = Counted { inner: BufReader::new(file), at: 0 };
        let mut dates = None;
        if !self.members {
            let mut records = Records::new(counted, 0);
            self.take_all(&mut records, None, &mut dates);
        } else {
            while !counted.fill_buf()?.is_empty() {
                let start = counted.at;
                let mut records = Records::new(BufReader::new(GzDecoder::new(&mut counted)), 0);
                let count = self.take_all(&mut records, Some(start), &mut dates);
                if self.cut_off.is_some() {
                    break;
                }
                if count != 1 {
                    return Ok(false);
                }
            }
        }
        self.date = dates.unwrap_or(Timestamp::UNIX_EPOCH);
        Ok(true)
    }

    /// Takes all records of one stream into the index and counts them. `member` is where the
    /// stream's gzip member begins.
    fn take_all<R: BufRead>(
        &mut self,
        records: &mut Records<R>,
        member: Option<u64>,
        date: &mut Option<Timestamp>,
    ) -> usize {
        let mut count = 0;
        loop {
            match records.next(64) {
                Ok(None) => return count,
                Ok(Some(record)) => {
                    count += 1;
                    if record.response_url().is_some() {
                        *date = (*date).max(warc_date(&record));
                    }
                    self.enter(&record, member.unwrap_or(record.start));
                }
                Err(error) => {
                    self.cut_off = Some(format!("damaged or cut off: {error}"));
                    return count;
                }
            }
        }
    }

    /// Enters a response. Of several for one URL a success goes before a redirect, that before
    /// anything else, and the later before the earlier.
    fn enter(&mut self, record: &Record, at: u64) {
        let Some((url, status)) = record.response_url().zip(http::status(&record.block)) else {
            return;
        };
        let rank = match status {
            200..=299 => 2,
            300..=399 => 1,
            _ => 0,
        };
        let mut names = vec![url.to_owned()];
        names.extend(normal(url).filter(|n| n != url));
        for name in names {
            let better = self.index.get(&name).is_none_or(|old| rank >= old.rank);
            if better {
                self.index.insert(name, Place { at, rank });
            }
        }
    }

    /// Unpacks a file that is one piece of gzip into a nameless temporary file: a record in the
    /// middle could else be found only by unpacking all before it.
    fn unpack(&mut self) -> io::Result<()> {
        let mut file = self.handle().try_clone()?;
        file.seek(SeekFrom::Start(0))?;
        let mut plain = tempfile::tempfile()?;
        let mut packed = MultiGzDecoder::new(BufReader::new(file)).take(UNPACKED);
        // A damaged end shows again as a record that is cut off.
        if let Err(error) = io::copy(&mut packed, &mut plain) {
            tracing::warn!("{}: damaged or cut off: {error}", self.name);
        }
        self.file = Mutex::new(plain);
        self.members = false;
        Ok(())
    }

    fn handle(&self) -> std::sync::MutexGuard<'_, File> {
        self.file.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// The answer of exactly `url`, decoded to at most `cap` bytes; no redirect is followed.
    fn answer(&self, url: &Url, cap: usize) -> Result<Exchange, Fault> {
        let place = self.find(url).ok_or_else(|| {
            Fault::new(
                Reason::NotRecorded,
                format!("the recording {} has no answer for it", self.name),
            )
        })?;
        let broken =
            |e: String| Fault::new(Reason::Broken, format!("in the recording {}: {e}", self.name));
        let record = self.read_at(place.at).map_err(|e| broken(e.to_string()))?;
        let record = record.ok_or_else(|| broken("the record is gone".into()))?;
        let message = http::parse(&record.block, cap)
            .ok_or_else(|| broken("the record is no HTTP response".into()))?
            .map_err(|e| match e {
                CodingError::TooLarge => too_large(cap),
                CodingError::Damaged(e) => broken(format!("its body is damaged: {e}")),
                CodingError::Unknown(name) => broken(format!("its coding `{name}` is unknown")),
            })?;
        let at = warc_date(&record).or_else(|| http_date(&message.headers)).unwrap_or(self.date);
        Ok(Exchange {
            status: message.status,
            headers: message.headers,
            body: message.body,
            wire: message.wire,
            at,
        })
    }

    fn find(&self, url: &Url) -> Option<Place> {
        let mut bare = url.clone();
        bare.set_fragment(None);
        [url.as_str(), bare.as_str()].iter().find_map(|name| self.index.get(*name)).copied()
    }

    fn read_at(&self, at: u64) -> io::Result<Option<Record>> {
        let mut file = self.handle();
        file.seek(SeekFrom::Start(at))?;
        let reader = BufReader::new(&mut *file);
        if self.members {
            Records::new(BufReader::new(GzDecoder::new(reader)), 0).next(BLOCK)
        } else {
            Records::new(reader, at).next(BLOCK)
        }
    }
}

impl Transport for Recording {
    fn once<'a>(&'a self, ask: Ask<'a>) -> BoxFuture<'a, Result<Exchange, Fault>> {
        Box::pin(async move { self.answer(ask.url, ask.cap) })
    }

    fn now(&self) -> Option<Timestamp> {
        Some(self.date)
    }
}

/// The failure of a body over the cap.
pub(in crate::net) fn too_large(cap: usize) -> Fault {
    Fault::new(Reason::TooLarge, format!("the body is larger than {} MB", cap / 1_000_000))
}

/// `url` as it is asked for: normalised, without a fragment.
fn normal(url: &str) -> Option<String> {
    let mut url = Url::parse(url).ok()?;
    url.set_fragment(None);
    Some(url.into())
}

fn warc_date(record: &Record) -> Option<Timestamp> {
    record.field("WARC-Date")?.parse().ok()
}

fn http_date(headers: &[(String, String)]) -> Option<Timestamp> {
    DateTimeParser::new().parse_timestamp(header(headers, "Date")?).ok()
}

fn is_gzip(file: &mut File) -> io::Result<bool> {
    let mut magic = Vec::new();
    file.take(2).read_to_end(&mut magic)?;
    Ok(magic == b"\x1f\x8b")
}

/// A reader that knows how far it has come.
struct Counted<R> {
    inner: R,
    at: u64,
}

impl<R: BufRead> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let got = self.inner.read(into)?;
        self.at += got as u64;
        Ok(got)
    }
}

impl<R: BufRead> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.at += amount as u64;
        self.inner.consume(amount);
    }
}
