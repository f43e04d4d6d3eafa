//! The door to the disk: keyed records in SQLite, files replaced atomically, one writer at a time.
//!
//! It knows no article: rooms own their types and convert. Everything under `.digestgen/`:
//!
//! ```text
//! state.db          table `record(bucket, key, encoding, body)`: a bucket is a room's name for one
//!                   kind of record, a body is JSON or bytes, deflated where that saves space
//! draft-*.lock      held while a draft is written; says who holds it
//! kept/<sha256>     every version of a file that was replaced, and each draft as the program made it
//! ```

mod error;
mod file;
mod lock;
mod records;
mod ranges;
mod watch;

pub use error::{Fault, StoreError};
pub use file::{
    Kept, append_line, check_writable, holds, keep_bytes, keep_version, kept, read_capped,
    read_text, remove_file, sweep, write_atomic, write_folder,
};
pub use lock::{Lock, lock, lock_holder};
pub use records::Store;
pub use watch::{Watch, watch};
