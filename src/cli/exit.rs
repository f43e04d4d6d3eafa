//! Exit codes, and the errors that end a command.

use std::process::ExitCode;

use digestgen::store::{Fault, StoreError};

/// How a command ends. Other programs rely on the numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done.
    Done = 0,
    /// A bug of ours.
    Bug = 1,
    /// Usage, configuration, a refused key.
    Usage = 2,
    /// Done, with gaps that a person must act on.
    Gaps = 3,
    /// Another run writes this digest.
    Busy = 4,
    /// The budget is reached.
    Budget = 5,
    /// Disk or permission.
    Disk = 6,
    /// Nothing to draft from.
    Nothing = 7,
    /// Not in the format, or not approved.
    Refused = 8,
    /// Interrupted.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// An error that ends a command: what happened, to which object, what to do; and the exit code.
#[derive(Debug)]
pub(crate) struct Stop {
    pub(crate) exit: Exit,
    pub(crate) message: String,
}

impl Stop {
    pub(crate) fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into() }
    }

    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        let exit = match error.fault {
            Fault::Busy => Exit::Busy,
            Fault::NotText => Exit::Refused,
            _ => Exit::Disk,
        };
        Self::new(exit, error.to_string())
    }
}

/// Writes to standard output; a reader that went away (`| head`) ends the command quietly.
pub(crate) fn print(text: &str) -> Result<(), Stop> {
    use std::io::Write;
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Ok(()) => Ok(()),
        Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => {
            Err(Stop::new(Exit::Done, String::new()))
        }
        Err(e) => Err(Stop::new(Exit::Disk, format!("cannot write to standard output: {e}"))),
    }
}
