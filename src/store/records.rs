//! Keyed records in SQLite.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Fault, StoreError, watch};

/// Each step takes the schema from one `user_version` to the next.
const MIGRATIONS: &[&str] = &["CREATE TABLE record (
        bucket   TEXT NOT NULL,
        key      TEXT NOT NULL,
        encoding INTEGER NOT NULL,
        body     BLOB NOT NULL,
        PRIMARY KEY (bucket, key)
    );"];

/// Bodies from this size on are deflated.
const DEFLATE_FROM: usize = 1024;

const PLAIN: i64 = 0;
const DEFLATED: i64 = 1;

/// The state of a digest's folder. What a write returned for survives the end of the process,
/// however it ends; only [`Store::put_durably`] waits for the disk itself.
pub struct Store {
    db: Mutex<Connection>,
    dir: PathBuf,
}

impl Store {
    /// Opens, or makes, the state in folder `dir` (`.digestgen`).
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        std::fs::create_dir_all(dir)
            .map_err(|e| StoreError::io("cannot create the folder", dir, &e))?;
        let path = dir.join("state.db");
        let fail = |e: &rusqlite::Error| StoreError::sql("cannot open", &path, e);
        watch::before("cannot open", &path)?;
        let mut db = Connection::open(&path).map_err(|e| fail(&e))?;
        db.busy_timeout(Duration::from_secs(10)).map_err(|e| fail(&e))?;
        db.pragma_update(None, "journal_mode", "WAL").map_err(|e| fail(&e))?;
        db.pragma_update(None, "synchronous", "NORMAL").map_err(|e| fail(&e))?;
        migrate(&mut db, &path)?;
        Ok(Self { db: Mutex::new(db), dir: dir.to_owned() })
    }

    /// Looks through the whole file for damage; gives the version of its schema.
    ///
    /// # Errors
    /// What is damaged, or what the disk refuses.
    pub fn look_through(&self) -> Result<usize, StoreError> {
        let found: String = self
            .db()
            .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
            .map_err(|e| self.sql("cannot read", &e))?;
        if found == "ok" {
            return Ok(MIGRATIONS.len());
        }
        Err(StoreError {
            fault: Fault::Damaged,
            what: "there is damage in",
            path: self.path(),
            detail: found,
        })
    }

    /// The state's folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Stores bytes, replacing what was there.
    pub fn put_bytes(&self, bucket: &str, key: &str, body: &[u8]) -> Result<(), StoreError> {
        let (encoding, body) = encode(body);
        self.before_write()?;
        self.db()
            .prepare_cached("INSERT OR REPLACE INTO record VALUES (?1, ?2, ?3, ?4)")
            .and_then(|mut s| s.execute(params![bucket, key, encoding, body]))
            .map_err(|e| self.sql("cannot write", &e))?;
        Ok(())
    }

    /// The bytes of a record.
    pub fn get_bytes(&self, bucket: &str, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let found = self
            .db()
            .prepare_cached("SELECT encoding, body FROM record WHERE bucket = ?1 AND key = ?2")
            .and_then(|mut s| s.query_row(params![bucket, key], row_body).optional())
            .map_err(|e| self.sql("cannot read", &e))?;
        found.map(|(encoding, body)| self.decode(encoding, body, bucket, key)).transpose()
    }

    /// Stores a value as JSON, replacing what was there.
    pub fn put<T: Serialize>(&self, bucket: &str, key: &str, value: &T) -> Result<(), StoreError> {
        let json = serde_json::to_vec(value).map_err(|e| self.json(bucket, key, &e))?;
        self.put_bytes(bucket, key, &json)
    }

    /// Stores a value as [`Store::put`] does; it and what was stored before survive a power failure
    /// when this returns. For what was paid for.
    ///
    /// # Errors
    /// What the disk refuses.
    pub fn put_durably<T: Serialize>(
        &self,
        bucket: &str,
        key: &str,
        value: &T,
    ) -> Result<(), StoreError> {
        let json = serde_json::to_vec(value).map_err(|e| self.json(bucket, key, &e))?;
        let (encoding, body) = encode(&json);
        self.before_write()?;
        let db = self.db();
        let wait = |mode: &str| {
            db.pragma_update(None, "synchronous", mode).map_err(|e| self.sql("cannot write", &e))
        };
        wait("FULL")?;
        let stored = db
            .prepare_cached("INSERT OR REPLACE INTO record VALUES (?1, ?2, ?3, ?4)")
            .and_then(|mut s| s.execute(params![bucket, key, encoding, body]))
            .map_err(|e| self.sql("cannot write", &e));
        wait("NORMAL")?;
        stored.map(|_| ())
    }

    /// Stores many values as JSON in one transaction: all or none.
    pub fn put_all<'a, T: Serialize + 'a>(
        &self,
        bucket: &str,
        values: impl IntoIterator<Item = (String, &'a T)>,
    ) -> Result<(), StoreError> {
        self.before_write()?;
        let mut db = self.db();
        let fail = |e: &rusqlite::Error| self.sql("cannot write", e);
        let transaction = db.transaction().map_err(|e| fail(&e))?;
        for (key, value) in values {
            let json = serde_json::to_vec(value).map_err(|e| self.json(bucket, &key, &e))?;
            let (encoding, body) = encode(&json);
            transaction
                .prepare_cached("INSERT OR REPLACE INTO record VALUES (?1, ?2, ?3, ?4)")
                .and_then(|mut s| s.execute(params![bucket, key, encoding, body]))
                .map_err(|e| fail(&e))?;
        }
        transaction.commit().map_err(|e| fail(&e))
    }

    /// The value of a record.
    pub fn get<T: DeserializeOwned>(
        &self,
        bucket: &str,
        key: &str,
    ) -> Result<Option<T>, StoreError> {
        let Some(bytes) = self.get_bytes(bucket, key)? else {
            return Ok(None);
        };
        serde_json::from_slice(&bytes).map(Some).map_err(|e| self.json(bucket, key, &e))
    }

    /// Takes a record away; says whether there was one.
    pub fn remove(&self, bucket: &str, key: &str) -> Result<bool, StoreError> {
        self.before_write()?;
        self.db()
            .execute("DELETE FROM record WHERE bucket = ?1 AND key = ?2", params![bucket, key])
            .map(|changed| changed > 0)
            .map_err(|e| self.sql("cannot write", &e))
    }

    /// Takes away all records of a bucket but the `most` that were written last; says how many went.
    pub fn trim(&self, bucket: &str, most: u32) -> Result<usize, StoreError> {
        self.before_write()?;
        // A record that is replaced gets a new, higher rowid.
        self.db()
            .execute(
                "DELETE FROM record WHERE bucket = ?1 AND rowid NOT IN
                 (SELECT rowid FROM record WHERE bucket = ?1 ORDER BY rowid DESC LIMIT ?2)",
                params![bucket, most],
            )
            .map_err(|e| self.sql("cannot write", &e))
    }

    fn before_write(&self) -> Result<(), StoreError> {
        watch::before("cannot write", &self.path())
    }

    /// A panic elsewhere cannot leave the connection half-way: SQLite rolls back.
    pub(super) fn db(&self) -> MutexGuard<'_, Connection> {
        self.db.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn path(&self) -> PathBuf {
        self.dir.join("state.db")
    }

    pub(super) fn sql(&self, what: &'static str, error: &rusqlite::Error) -> StoreError {
        StoreError::sql(what, &self.path(), error)
    }

    pub(super) fn json(&self, bucket: &str, key: &str, error: &serde_json::Error) -> StoreError {
        StoreError {
            fault: Fault::Damaged,
            what: "cannot read or write a record of",
            path: self.path(),
            detail: format!("{bucket}/{key}: {error}"),
        }
    }

    pub(super) fn decode(
        &self,
        encoding: i64,
        body: Vec<u8>,
        bucket: &str,
        key: &str,
    ) -> Result<Vec<u8>, StoreError> {
        if encoding == PLAIN {
            return Ok(body);
        }
        let mut out = Vec::new();
        match flate2::read::DeflateDecoder::new(&body[..]).read_to_end(&mut out) {
            Ok(_) if encoding == DEFLATED => Ok(out),
            Ok(_) => Err(self.damaged(bucket, key, "unknown encoding")),
            Err(e) => Err(self.damaged(bucket, key, &e.to_string())),
        }
    }

    fn damaged(&self, bucket: &str, key: &str, detail: &str) -> StoreError {
        StoreError {
            fault: Fault::Damaged,
            what: "cannot read a record of",
            path: self.path(),
            detail: format!("{bucket}/{key}: {detail}"),
        }
    }
}

pub(super) fn row_body(row: &rusqlite::Row<'_>) -> rusqlite::Result<(i64, Vec<u8>)> {
    Ok((row.get(0)?, row.get(1)?))
}

fn encode(body: &[u8]) -> (i64, Vec<u8>) {
    if body.len() >= DEFLATE_FROM {
        let mut deflate =
            flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
        if deflate.write_all(body).is_ok()
            && let Ok(small) = deflate.finish()
            && small.len() < body.len()
        {
            return (DEFLATED, small);
        }
    }
    (PLAIN, body.to_vec())
}

fn migrate(db: &mut Connection, path: &Path) -> Result<(), StoreError> {
    let fail = |e: &rusqlite::Error| StoreError::sql("cannot open", path, e);
    // Taken at once, so that two first runs do not both create the table.
    let transaction = db
        .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)
        .map_err(|e| fail(&e))?;
    let version: usize = transaction
        .query_row("PRAGMA user_version", [], |row| row.get::<_, i64>(0))
        .map(|v| usize::try_from(v).unwrap_or(usize::MAX))
        .map_err(|e| fail(&e))?;
    if version > MIGRATIONS.len() {
        return Err(StoreError {
            fault: Fault::Newer,
            what: "cannot open",
            path: path.to_owned(),
            detail: format!("its version is {version}, this program knows {}", MIGRATIONS.len()),
        });
    }
    for step in &MIGRATIONS[version..] {
        transaction.execute_batch(step).map_err(|e| fail(&e))?;
    }
    transaction
        .pragma_update(None, "user_version", MIGRATIONS.len() as i64)
        .map_err(|e| fail(&e))?;
    transaction.commit().map_err(|e| fail(&e))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_come_back() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path()).unwrap();
        let long = "长文".repeat(2000);
        store.put("article", "a1", &long).unwrap();
        store.put("article", "a2", &"short").unwrap();
        store.put("page", "a1", &1).unwrap();
        assert_eq!(store.get::<String>("article", "a1").unwrap().unwrap(), long);
        let all = store.scan::<String>("article", "a").unwrap();
        assert_eq!(all.len(), 2);
        store.put_durably("answer", "a", &"paid").unwrap();
        assert_eq!(store.get::<String>("answer", "a").unwrap().unwrap(), "paid");
        assert!(store.remove("page", "a1").unwrap());
        assert_eq!(store.get::<i32>("page", "a1").unwrap(), None);
        drop(store);
        let again = Store::open(dir.path()).unwrap();
        assert_eq!(again.get::<String>("article", "a2").unwrap().unwrap(), "short");
    }

    #[test]
    fn a_bucket_is_trimmed_to_what_was_written_last() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path()).unwrap();
        for key in ["a", "b", "c", "a"] {
            store.put("cache", key, &1).unwrap();
            store.put("page", key, &1).unwrap();
        }
        assert_eq!(store.trim("cache", 2).unwrap(), 1);
        assert_eq!(store.get::<i32>("cache", "b").unwrap(), None);
        assert_eq!(store.scan::<i32>("cache", "").unwrap().len(), 2);
        assert_eq!(store.scan::<i32>("page", "").unwrap().len(), 3);
    }

    #[test]
    fn a_file_that_is_no_database_is_refused_and_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("state.db"), "not a database, but long enough").unwrap();
        let Err(refused) = Store::open(dir.path()) else { panic!("opened") };
        assert_eq!(refused.fault, Fault::Damaged);
        let left = std::fs::read_to_string(dir.path().join("state.db")).unwrap();
        assert!(left.starts_with("not a database"));
    }

    #[test]
    fn a_newer_state_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        drop(Store::open(dir.path()).unwrap());
        let db = Connection::open(dir.path().join("state.db")).unwrap();
        db.pragma_update(None, "user_version", 99).unwrap();
        drop(db);
        let Err(refused) = Store::open(dir.path()) else { panic!("opened") };
        assert_eq!(refused.fault, Fault::Newer);
    }
}
