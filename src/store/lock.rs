//! One writer at a time.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;

use super::{Fault, StoreError, watch};

/// Held while a draft is written. The system frees it when the process ends, however it ends.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// Takes the lock `name` in the state folder `state`, or says at once who holds it.
/// `who` describes the holder to others (`process 4711, since 10:31`).
pub fn lock(state: &Path, name: &str, who: &str) -> Result<Lock, StoreError> {
    std::fs::create_dir_all(state)
        .map_err(|e| StoreError::io("cannot create the folder", state, &e))?;
    let path = state.join(format!("{name}.lock"));
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)
        .map_err(|e| StoreError::io("cannot open the lock", &path, &e))?;
    match file.try_lock() {
        Ok(()) => {
            watch::before("cannot write the lock", &path)?;
            let stamp = |file: &mut File| {
                file.set_len(0)?;
                file.rewind()?;
                file.write_all(who.as_bytes())
            };
            stamp(&mut file).map_err(|e| StoreError::io("cannot write the lock", &path, &e))?;
            Ok(Lock { _file: file })
        }
        Err(TryLockError::WouldBlock) => {
            let mut holder = String::new();
            // The holder's description is a courtesy: an unreadable one changes nothing.
            if file.read_to_string(&mut holder).is_err() || holder.is_empty() {
                holder = "another run".to_owned();
            }
            Err(StoreError {
                fault: Fault::Busy,
                what: "another run writes this draft, see",
                path,
                detail: format!("held by {holder}"),
            })
        }
        Err(TryLockError::Error(e)) => Err(StoreError::io("cannot lock", &path, &e)),
    }
}

/// Who holds the lock in file `path`; `None` where nobody does. Nothing is made or changed.
///
/// # Errors
/// A file that cannot be read.
pub fn lock_holder(path: &Path) -> Result<Option<String>, StoreError> {
    let fail = |e: &std::io::Error| StoreError::io("cannot open the lock", path, e);
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(fail(&e)),
    };
    match file.try_lock_shared() {
        Ok(()) => Ok(None),
        Err(TryLockError::WouldBlock) => {
            let mut holder = String::new();
            let told = file.read_to_string(&mut holder).is_ok() && !holder.is_empty();
            Ok(Some(if told { holder } else { "another run".to_owned() }))
        }
        Err(TryLockError::Error(e)) => Err(fail(&e)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_is_told_who_holds_it() {
        let dir = tempfile::tempdir().unwrap();
        let first = lock(dir.path(), "draft", "process 1").unwrap();
        let refused = lock(dir.path(), "draft", "process 2").unwrap_err();
        assert_eq!(refused.fault, Fault::Busy);
        assert!(refused.to_string().contains("process 1"));
        let path = dir.path().join("draft.lock");
        assert_eq!(lock_holder(&path).unwrap().as_deref(), Some("process 1"));
        drop(first);
        assert_eq!(lock_holder(&path).unwrap(), None);
        assert_eq!(lock_holder(&dir.path().join("none.lock")).unwrap(), None);
        lock(dir.path(), "draft", "process 3").unwrap();
    }
}
