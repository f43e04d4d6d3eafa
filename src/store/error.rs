//! What the disk refuses, and what to do about it.

use std::io;
use std::path::{Path, PathBuf};

/// The kinds of refusal that call for different remedies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No right to read or write.
    Permission,
    /// The disk is full, or an input or output error.
    Disk,
    /// The state file is not one of ours, or is damaged.
    Damaged,
    /// The state file was written by a newer version.
    Newer,
    /// Another run writes.
    Busy,
    /// A text file that is not UTF-8.
    NotText,
    /// A folder or file on the way is not there.
    Missing,
    /// A folder stands where a file belongs, or a file where a folder does.
    Folder,
}

/// A refusal of the disk: what happened, to which file, and what to do.
#[derive(Debug, thiserror::Error)]
#[error("{what} {}: {detail}; {}", path.display(), remedy(*fault))]
pub struct StoreError {
    /// The kind.
    pub fault: Fault,
    /// What was tried (`cannot write`).
    pub what: &'static str,
    /// The file or folder.
    pub path: PathBuf,
    /// What the system says.
    pub detail: String,
}

fn remedy(fault: Fault) -> &'static str {
    match fault {
        Fault::Permission => "give this user the right to write it, or choose another --dir",
        Fault::Disk => "free some space or check the disk, then run again: nothing was lost",
        Fault::Damaged => {
            "move it away with the files named like it (paid answers and approvals are in them, so keep \
             them) and run again, or bring back a copy"
        }
        Fault::Newer => "use the newer digestgen",
        Fault::Busy => "wait for it to finish, or stop it",
        Fault::NotText => "save it as UTF-8 in your editor and run again",
        Fault::Folder => {
            "a folder stands where a file belongs (or the other way round): move it away"
        }
        Fault::Missing => "create the folder it lies in, or name another file",
    }
}

impl StoreError {
    /// Wraps an error of the file system.
    pub(crate) fn io(what: &'static str, path: &Path, error: &io::Error) -> Self {
        let fault = match error.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                Fault::Permission
            }
            io::ErrorKind::InvalidData => Fault::NotText,
            io::ErrorKind::NotFound => Fault::Missing,
            io::ErrorKind::IsADirectory | io::ErrorKind::NotADirectory => Fault::Folder,
            _ => Fault::Disk,
        };
        Self { fault, what, path: path.to_owned(), detail: error.to_string() }
    }

    /// Wraps an error of SQLite.
    pub(crate) fn sql(what: &'static str, path: &Path, error: &rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as E;
        let fault = match error.sqlite_error_code() {
            Some(E::PermissionDenied | E::ReadOnly | E::CannotOpen) => Fault::Permission,
            Some(E::NotADatabase | E::DatabaseCorrupt) => Fault::Damaged,
            Some(E::DatabaseBusy | E::DatabaseLocked) => Fault::Busy,
            _ => Fault::Disk,
        };
        Self { fault, what, path: path.to_owned(), detail: error.to_string() }
    }
}
