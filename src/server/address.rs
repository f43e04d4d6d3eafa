//! Addresses of texts and entries as elements of the page carry them.

use crate::review::edit::Target;
use crate::text::hash::short_id;

/// The address of a text, for an attribute: the JSON of its target.
pub(super) fn written(target: &Target) -> String {
    // Strings and numbers always have a JSON form.
    serde_json::to_string(target).unwrap_or_default()
}

/// The id of a text's element.
pub(super) fn field_id(target: &Target) -> String {
    format!("f-{}", short_id(&written(target)))
}

/// The id of an entry's element.
pub(super) fn entry_id(key: &str) -> String {
    format!("e-{}", short_id(key))
}
