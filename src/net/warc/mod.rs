//! Recordings of the web as WARC files.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

/// Why a recording could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct RecordingError(pub String);

/// One answer as a recording holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedAnswer {
    /// The URL that answered.
    pub url: String,
    /// The HTTP status.
    pub status: u16,
    /// The headers in order, without those that speak of the coding on the wire.
    pub headers: Vec<(String, String)>,
    /// The body after decoding.
    pub body: Vec<u8>,
    /// When it answered.
    pub at: Timestamp,
}

/// Collects answers and writes them as one recording at the end.
#[derive(Debug)]
pub struct Recorder {
    path: PathBuf,
}

impl Recorder {
    /// Opens a recording that will stand under `path` once it is finished.
    pub fn create(path: &Path) -> Result<Self, RecordingError> {
        Err(RecordingError(format!(
            "{}: this build writes no recordings yet",
            path.display()
        )))
    }

    /// The name under which it will stand.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// Writes `answers` as a recording, ordered by URL: the same answers give the same bytes.
pub fn write_recording(
    path: &Path,
    _answers: impl IntoIterator<Item = RecordedAnswer>,
) -> Result<(), RecordingError> {
    Err(RecordingError(format!(
        "{}: this build writes no recordings yet",
        path.display()
    )))
}
