//! Clustering as a filter: JSON lines in and out.

use serde_json::Value;

/// `digestgen stage cluster`: for each line with `id`, `title`, `text`, `published` and
/// optionally `url` an object `{story}`, in the same order; an error says what a line lacks.
pub fn stage(lines: Vec<Value>) -> Vec<Result<Value, String>> {
    let _ = lines;
    unimplemented!()
}
