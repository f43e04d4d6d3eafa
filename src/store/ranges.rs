//! Records by their keys' order: prefixes and ranges, which the index answers without reading the
//! rest of a bucket.

use rusqlite::params;
use serde::de::DeserializeOwned;

use super::StoreError;
use super::records::{Store, row_body};

impl Store {
    /// All values of a bucket whose key starts with `prefix`, ordered by key.
    pub fn scan<T: DeserializeOwned>(
        &self,
        bucket: &str,
        prefix: &str,
    ) -> Result<Vec<(String, T)>, StoreError> {
        let fail = |e: &rusqlite::Error| self.sql("cannot read", e);
        let rows: Vec<(String, (i64, Vec<u8>))> = {
            let db = self.db();
            let mut statement = db
                .prepare_cached(
                    "SELECT encoding, body, key FROM record
                     WHERE bucket = ?1 AND key >= ?2 AND key < ?3 ORDER BY key",
                )
                .map_err(|e| fail(&e))?;
            let end = after(prefix);
            statement
                .query_map(params![bucket, prefix, end], |row| Ok((row.get(2)?, row_body(row)?)))
                .and_then(Iterator::collect)
                .map_err(|e| fail(&e))?
        };
        rows.into_iter()
            .map(|(key, (encoding, body))| {
                let bytes = self.decode(encoding, body, bucket, &key)?;
                let value =
                    serde_json::from_slice(&bytes).map_err(|e| self.json(bucket, &key, &e))?;
                Ok((key, value))
            })
            .collect()
    }

    /// The keys of a bucket from `from` on and before `to`, in order.
    pub fn keys_between(
        &self,
        bucket: &str,
        from: &str,
        to: &str,
    ) -> Result<Vec<String>, StoreError> {
        let db = self.db();
        db.prepare_cached(
            "SELECT key FROM record WHERE bucket = ?1 AND key >= ?2 AND key < ?3 ORDER BY key",
        )
        .and_then(|mut s| s.query_map(params![bucket, from, to], |row| row.get(0))?.collect())
        .map_err(|e| self.sql("cannot read", &e))
    }

    /// How many keys of a bucket start with `prefix`.
    pub fn count(&self, bucket: &str, prefix: &str) -> Result<usize, StoreError> {
        let count: i64 = self
            .db()
            .prepare_cached(
                "SELECT count(*) FROM record WHERE bucket = ?1 AND key >= ?2 AND key < ?3",
            )
            .and_then(|mut s| s.query_row(params![bucket, prefix, after(prefix)], |row| row.get(0)))
            .map_err(|e| self.sql("cannot read", &e))?;
        Ok(usize::try_from(count).unwrap_or_default())
    }
}

/// What comes after all keys that start with `prefix`, as SQLite orders them: by their bytes. No key
/// has the last of all characters.
fn after(prefix: &str) -> String {
    format!("{prefix}\u{10ffff}")
}
