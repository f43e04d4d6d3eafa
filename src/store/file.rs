//! Files: replaced whole or not at all, and what is replaced is kept.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::StoreError;
use crate::text::hash::sha256_hex;

/// Writes `bytes` to `path` so that at every instant the old or the new file is there, never a
/// third. Makes the folders on the way.
pub fn write_atomic(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let fail = |e: &std::io::Error| StoreError::io("cannot write", path, e);
    let dir = match path.parent() {
        Some(dir) if !dir.as_os_str().is_empty() => dir,
        _ => Path::new("."),
    };
    fs::create_dir_all(dir).map_err(|e| fail(&e))?;
    let mut temporary = tempfile::Builder::new()
        .prefix(".digestgen-")
        .tempfile_in(dir)
        .map_err(|e| fail(&e))?;
    temporary.write_all(bytes).map_err(|e| fail(&e))?;
    readable_to_all(temporary.as_file()).map_err(|e| fail(&e))?;
    temporary.as_file().sync_all().map_err(|e| fail(&e))?;
    temporary.persist(path).map_err(|e| fail(&e.error))?;
    // The rename itself must reach the disk too.
    fs::File::open(dir)
        .and_then(|d| d.sync_all())
        .map_err(|e| fail(&e))
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
    let sha256 = sha256_hex(&bytes);
    let kept = state.join("kept").join(&sha256);
    if !kept.exists() {
        write_atomic(&kept, &bytes)?;
    }
    Ok(Some(Kept { sha256, path: kept }))
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
    fn bytes_that_are_no_text_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x");
        fs::write(&path, [0xff, 0xfe]).unwrap();
        assert!(read_text(&path).unwrap_err().to_string().contains("UTF-8"));
    }
}
