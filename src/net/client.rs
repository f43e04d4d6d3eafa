//! The one way to ask a URL.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;

use super::{Answer, Effort, Failure, Options, Reason, Recorder, RecordingError, Want};

/// Where a live client takes the time of an answer from.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Why no client could be made.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct SetupError(pub String);

/// Asks URLs: live, from a recording, or not at all. Cheap to clone.
#[derive(Clone)]
pub struct Client {
    mode: Mode,
}

#[derive(Clone)]
enum Mode {
    Offline,
}

impl Client {
    /// A client of the open web. `clock` dates the answers; with a `recorder` each answer is
    /// recorded too (call [`Client::finish_recording`] at the end).
    pub fn live(
        _options: &Options,
        _clock: Clock,
        _recorder: Option<Recorder>,
    ) -> Result<Self, SetupError> {
        Err(SetupError(
            "this build cannot reach the open web yet".into(),
        ))
    }

    /// A client that answers from a recording alone: `.warc` or `.warc.gz`.
    pub fn replay(path: &Path) -> Result<Self, RecordingError> {
        Err(RecordingError(format!(
            "{}: this build reads no recordings yet",
            path.display()
        )))
    }

    /// A client that refuses every request with [`Reason::Offline`].
    pub fn offline() -> Self {
        Self {
            mode: Mode::Offline,
        }
    }

    /// Asks `url` and follows redirects.
    ///
    /// # Errors
    /// A [`Failure`] with its reason: the guard, the connection, a limit, the status, an empty body.
    pub async fn get(&self, url: &str, _want: Want) -> Result<Answer, Failure> {
        match self.mode {
            Mode::Offline => Err(Failure {
                url: url.to_owned(),
                reason: Reason::Offline,
                detail: "not asked, because of --offline".into(),
                status: None,
                effort: Effort::default(),
            }),
        }
    }

    /// Writes the recording under its name. Does nothing where none is made.
    pub fn finish_recording(&self) -> Result<(), RecordingError> {
        Ok(())
    }
}
