//! Files: replaced whole or not at all, and what is replaced is kept.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::{StoreError, watch};
use crate::text::hash::sha256_hex;

/// Writes `bytes` to `path` so that at every instant the old or the new file is there, never a
/// third. Makes the folders on the way. A link stays one: the file that it leads to is written. A
/// file that somebody made read-only is not replaced.
pub fn write_atomic(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let path = &behind_links(path)?;
    let fail = |e: &std::io::Error| StoreError::io("cannot write", path, e);
    let present = check_writable(path)?;
    let dir = match path.parent() {
        Some(dir) if !dir.as_os_str().is_empty() => dir,
        _ => Path::new("."),
    };
    fs::create_dir_all(dir).map_err(|e| fail(&e))?;
    let mut temporary =
        tempfile::Builder::new().prefix(TEMPORARY).tempfile_in(dir).map_err(|e| fail(&e))?;
    // Held until it has its name: what nobody holds was left behind. The system lets go of it when
    // the process ends, however it ends. Where files cannot be locked, nothing is swept either.
    let _ = temporary.as_file().lock();
    watch::before("cannot write", temporary.path())?;
    temporary.write_all(bytes).map_err(|e| fail(&e))?;
    let permissions = present.map_or_else(
        || readable_to_all(temporary.as_file()),
        |permissions| temporary.as_file().set_permissions(permissions),
    );
    permissions.map_err(|e| fail(&e))?;
    temporary.as_file().sync_all().map_err(|e| fail(&e))?;
    watch::before("cannot write", path)?;
    temporary.persist(path).map_err(|e| fail(&e.error))?;
    // The rename itself must reach the disk too.
    fs::File::open(dir).and_then(|d| d.sync_all()).map_err(|e| fail(&e))
}

/// The file that `path` names, through links: replacing a link would part an editor from their file.
fn behind_links(path: &Path) -> Result<PathBuf, StoreError> {
    let is_link = fs::symlink_metadata(path).is_ok_and(|m| m.file_type().is_symlink());
    if !is_link {
        return Ok(path.to_owned());
    }
    fs::canonicalize(path).map_err(|e| StoreError::io("cannot follow the link", path, &e))
}

/// The permissions of the file at `path`, where there is one that may be replaced.
///
/// # Errors
/// It is read-only, or a folder.
pub fn check_writable(path: &Path) -> Result<Option<fs::Permissions>, StoreError> {
    let refused = |kind| StoreError::io("cannot write", path, &std::io::Error::from(kind));
    match fs::metadata(path) {
        Ok(data) if data.is_dir() => Err(refused(std::io::ErrorKind::IsADirectory)),
        Ok(data) if data.permissions().readonly() => {
            let why = "it was made read-only";
            let error = std::io::Error::new(std::io::ErrorKind::PermissionDenied, why);
            Err(StoreError::io("cannot write", path, &error))
        }
        Ok(data) => Ok(Some(data.permissions())),
        Err(_) => Ok(None),
    }
}

/// How the names of files that are being filled begin.
const TEMPORARY: &str = ".digestgen-";

/// Takes away from `folder` the files that a process was filling when it ended. Files that another
/// process fills now stay.
///
/// # Errors
/// What the disk refuses; a folder that is not there is none.
pub fn sweep(folder: &Path) -> Result<(), StoreError> {
    let fail = |e: &std::io::Error| StoreError::io("cannot read the folder", folder, e);
    let entries = match fs::read_dir(folder) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        other => other.map_err(|e| fail(&e))?,
    };
    for entry in entries {
        let entry = entry.map_err(|e| fail(&e))?;
        let is_temporary = entry.file_name().to_string_lossy().starts_with(TEMPORARY);
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        // One that is gone by now was finished.
        if is_temporary
            && is_file
            && fs::File::open(entry.path()).is_ok_and(|f| f.try_lock().is_ok())
        {
            remove_file(&entry.path())?;
        }
    }
    Ok(())
}

/// A temporary file is private to its owner; a draft is an ordinary file.
#[cfg(unix)]
fn readable_to_all(file: &fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable_to_all(_: &fs::File) -> std::io::Result<()> {
    Ok(())
}

/// Reads a text file; `None` where there is none. Bytes that are no UTF-8 are an error, since
/// writing them back would change them.
pub fn read_text(path: &Path) -> Result<Option<String>, StoreError> {
    match fs::read(path) {
        Ok(bytes) => match String::from_utf8(bytes) {
            Ok(text) => Ok(Some(text)),
            Err(e) => {
                let e = std::io::Error::new(std::io::ErrorKind::InvalidData, e);
                Err(StoreError::io("cannot read as UTF-8", path, &e))
            }
        },
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(StoreError::io("cannot read", path, &e)),
    }
}

/// The bytes of a file of at most `cap` bytes.
///
/// # Errors
/// What went wrong, with the file's name; also a file that is larger.
pub fn read_capped(path: &Path, cap: u64) -> Result<Vec<u8>, StoreError> {
    let fail = |e: &std::io::Error| StoreError::io("cannot read", path, e);
    let size = fs::metadata(path).map_err(|e| fail(&e))?.len();
    if size > cap {
        let text = format!("it has {size} bytes, at most {cap} are read");
        return Err(fail(&std::io::Error::other(text)));
    }
    fs::read(path).map_err(|e| fail(&e))
}

/// Whether the file is there with just these bytes.
pub fn holds(path: &Path, bytes: &[u8]) -> bool {
    fs::read(path).is_ok_and(|present| present == bytes)
}

/// Takes a file away; one that is not there is no error.
pub fn remove_file(path: &Path) -> Result<(), StoreError> {
    watch::before("cannot remove", path)?;
    match fs::remove_file(path) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
            Err(StoreError::io("cannot remove", path, &e))
        }
        _ => Ok(()),
    }
}

/// Adds one line to a file that only grows; it is on the disk when this returns.
pub fn append_line(path: &Path, line: &str) -> Result<(), StoreError> {
    watch::before("cannot write", path)?;
    let fail = |e: &std::io::Error| StoreError::io("cannot write", path, e);
    let mut file =
        fs::OpenOptions::new().create(true).append(true).open(path).map_err(|e| fail(&e))?;
    file.write_all(format!("{line}\n").as_bytes())
        .and_then(|()| file.sync_all())
        .map_err(|e| fail(&e))
}

/// Writes files into a folder. A new folder appears whole or not at all; in one that exists each
/// file is replaced whole.
pub fn write_folder(folder: &Path, files: &[(String, Vec<u8>)]) -> Result<(), StoreError> {
    if folder.exists() {
        return files.iter().try_for_each(|(name, bytes)| write_atomic(&folder.join(name), bytes));
    }
    let fail = |e: &std::io::Error| StoreError::io("cannot write", folder, e);
    let parent = folder.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(|e| fail(&e))?;
    let making =
        tempfile::Builder::new().prefix(".digestgen-").tempdir_in(parent).map_err(|e| fail(&e))?;
    let whole = making.path().join("issue");
    for (name, bytes) in files {
        write_atomic(&whole.join(name), bytes)?;
    }
    watch::before("cannot write", folder)?;
    fs::rename(&whole, folder).map_err(|e| fail(&e))?;
    // The rename itself must reach the disk too.
    fs::File::open(parent).and_then(|d| d.sync_all()).map_err(|e| fail(&e))
}

/// A version of a file that was kept before it was replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The SHA-256 of its bytes.
    pub sha256: String,
    /// Where it is kept.
    pub path: PathBuf,
}

/// Keeps the present bytes of `path` under `state/kept/`; `None` where there is no such file.
pub fn keep_version(state: &Path, path: &Path) -> Result<Option<Kept>, StoreError> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(StoreError::io("cannot read", path, &e)),
    };
    keep_bytes(state, &bytes).map(Some)
}

/// Keeps `bytes` under `state/kept/`.
pub fn keep_bytes(state: &Path, bytes: &[u8]) -> Result<Kept, StoreError> {
    let sha256 = sha256_hex(bytes);
    let path = kept(state, &sha256);
    if !path.exists() {
        write_atomic(&path, bytes)?;
    }
    Ok(Kept { sha256, path })
}

/// Where the version with this hash is kept.
pub fn kept(state: &Path, sha256: &str) -> PathBuf {
    state.join("kept").join(sha256)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaces_whole_and_keeps_the_old() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a/b/issue.md");
        write_atomic(&path, b"one").unwrap();
        let kept = keep_version(dir.path(), &path).unwrap().unwrap();
        write_atomic(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read(kept.path).unwrap(), b"one");
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
        assert_eq!(read_text(&dir.path().join("none")).unwrap(), None);
    }

    #[test]
    #[cfg(unix)]
    fn a_link_stays_and_permissions_do() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        fs::create_dir(at("notes")).unwrap();
        fs::write(at("notes/draft.md"), "one").unwrap();
        symlink(at("notes/draft.md"), at("issue.md")).unwrap();
        let mode = |mode| fs::Permissions::from_mode(mode);
        fs::set_permissions(at("notes/draft.md"), mode(0o664)).unwrap();
        write_atomic(&at("issue.md"), b"two").unwrap();
        assert_eq!(fs::read(at("notes/draft.md")).unwrap(), b"two");
        assert!(fs::symlink_metadata(at("issue.md")).unwrap().is_symlink());
        let now = fs::metadata(at("issue.md")).unwrap().permissions().mode();
        assert_eq!(now & 0o777, 0o664);
        fs::set_permissions(at("notes/draft.md"), mode(0o444)).unwrap();
        let refused = write_atomic(&at("issue.md"), b"three").unwrap_err();
        assert_eq!(refused.fault, super::super::Fault::Permission, "{refused}");
        assert_eq!(fs::read(at("issue.md")).unwrap(), b"two");
        // A link that leads nowhere, to a disk that is not there, is not replaced either.
        fs::remove_file(at("notes/draft.md")).unwrap();
        let refused = write_atomic(&at("issue.md"), b"four").unwrap_err();
        assert!(refused.to_string().contains("cannot follow the link"), "{refused}");
        assert!(write_atomic(&at("notes"), b"x").unwrap_err().to_string().contains("folder"));
    }

    #[test]
    fn what_a_dead_process_was_filling_is_taken_away() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        for name in [".digestgen-dead", ".digestgen-alive", "issue.md"] {
            fs::write(at(name), "x").unwrap();
        }
        let held = fs::File::open(at(".digestgen-alive")).unwrap();
        held.lock().unwrap();
        sweep(dir.path()).unwrap();
        assert!(!at(".digestgen-dead").exists());
        assert!(at(".digestgen-alive").exists() && at("issue.md").exists());
        sweep(&at("none")).unwrap();
    }

    #[test]
    fn bytes_that_are_no_text_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x");
        fs::write(&path, [0xff, 0xfe]).unwrap();
        assert!(read_text(&path).unwrap_err().to_string().contains("UTF-8"));
    }
}
