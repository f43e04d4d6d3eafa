//! Whoever must know of a write before it is made: a proof that a run survives its end at any of
//! them, an audit, a disk that refuses.
//!
//! Nothing in this program watches; no environment variable and no option reaches this. It holds
//! for one process and one folder, so that several can be watched at one time, and it refuses to
//! be a second way to write: a watch is asked, it changes nothing.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use super::StoreError;

type Ask = Arc<dyn Fn(&Path) -> io::Result<()> + Send + Sync>;

struct Watched {
    id: usize,
    folder: PathBuf,
    ask: Ask,
}

static WATCHED: RwLock<Vec<Watched>> = RwLock::new(Vec::new());
static NEXT: AtomicUsize = AtomicUsize::new(0);

/// Watches until it is dropped; made by [`watch`].
#[must_use = "nothing is watched once it is dropped"]
#[derive(Debug)]
pub struct Watch(usize);

impl Drop for Watch {
    fn drop(&mut self) {
        let mut all = WATCHED.write().unwrap_or_else(PoisonError::into_inner);
        all.retain(|w| w.id != self.0);
    }
}

/// From now on `ask` is called right before each change of the disk that this module makes below
/// `folder` in this process, with the file that is about to change: `state.db` for each record or
/// transaction of records; for a file that is replaced first the temporary one that is filled,
/// then the file itself; a line that is added; a file or folder that is taken away or moved.
///
/// An error refuses the change as the disk would: the caller gets it as a [`StoreError`]. `folder`
/// is compared as it is spelled.
pub fn watch(
    folder: &Path,
    ask: impl Fn(&Path) -> io::Result<()> + Send + Sync + 'static,
) -> Watch {
    let id = NEXT.fetch_add(1, Ordering::Relaxed);
    let watched = Watched { id, folder: folder.to_owned(), ask: Arc::new(ask) };
    WATCHED.write().unwrap_or_else(PoisonError::into_inner).push(watched);
    Watch(id)
}

/// Asks those who watch `path`, which is about to change; `what` is what the refusal is called.
pub(super) fn before(what: &'static str, path: &Path) -> Result<(), StoreError> {
    let asked: Vec<Ask> = {
        let all = WATCHED.read().unwrap_or_else(PoisonError::into_inner);
        let own = all.iter().filter(|w| path.starts_with(&w.folder));
        own.map(|w| w.ask.clone()).collect()
    };
    // Asked without the list held: a watch may end itself.
    asked.iter().try_for_each(|ask| ask(path)).map_err(|e| StoreError::io(what, path, &e))
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::store::{Fault, Store, append_line, remove_file, write_atomic};

    #[test]
    fn every_change_is_asked_for_and_can_be_refused() {
        let dir = tempfile::tempdir().unwrap();
        let seen: Arc<Mutex<Vec<String>>> = Arc::default();
        let (folder, log) = (dir.path().to_owned(), seen.clone());
        let watch = watch(dir.path(), move |path| {
            let name = path.strip_prefix(&folder).unwrap().display().to_string();
            let temporary = name.starts_with(".digestgen-");
            log.lock().unwrap().push(if temporary { "temporary".into() } else { name.clone() });
            match name.as_str() {
                "full" => Err(io::ErrorKind::StorageFull.into()),
                _ => Ok(()),
            }
        });
        let taken = || std::mem::take(&mut *seen.lock().unwrap());
        let store = Store::open(dir.path()).unwrap();
        taken();
        store.put("a", "k", &1).unwrap();
        store.put_durably("a", "k", &2).unwrap();
        store.put_all("a", [("l".to_owned(), &1), ("m".to_owned(), &1)]).unwrap();
        store.remove("a", "k").unwrap();
        assert_eq!(taken(), ["state.db"; 4]);
        write_atomic(&dir.path().join("x"), b"1").unwrap();
        append_line(&dir.path().join("x"), "2").unwrap();
        remove_file(&dir.path().join("x")).unwrap();
        assert_eq!(taken(), ["temporary", "x", "x", "x"]);
        let refused = write_atomic(&dir.path().join("full"), b"1").unwrap_err();
        assert_eq!(refused.fault, Fault::Disk);
        assert!(!dir.path().join("full").exists());
        let other = tempfile::tempdir().unwrap();
        taken();
        write_atomic(&other.path().join("x"), b"1").unwrap();
        drop(watch);
        write_atomic(&dir.path().join("full"), b"1").unwrap();
        assert!(taken().is_empty());
    }
}
