//! A few words for what every part of this room asks of a tree.

use dom_query::NodeRef;

/// The lower-case name of an element; empty for anything else.
pub(crate) fn name(node: &NodeRef<'_>) -> String {
    node.qual_name_ref().map_or_else(String::new, |q| q.local.to_ascii_lowercase().to_string())
}

/// The value of attribute `key`, trimmed; `None` where it is missing or empty.
pub(crate) fn attr(node: &NodeRef<'_>, key: &str) -> Option<String> {
    node.attr(key).map(|v| v.trim().to_owned()).filter(|v| !v.is_empty())
}

/// `text` with each run of white space as one space, none at the ends.
pub(crate) fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text of a node in one line.
pub(crate) fn line(node: &NodeRef<'_>) -> String {
    squeeze(&node.text())
}

/// The elements that match a selector of ours.
pub(crate) fn all<'a>(doc: &'a dom_query::Document, selector: &str) -> Vec<NodeRef<'a>> {
    doc.try_select(selector).map_or_else(Vec::new, |s| s.nodes().to_vec())
}

/// The first element that matches a selector of ours.
pub(crate) fn first<'a>(doc: &'a dom_query::Document, selector: &str) -> Option<NodeRef<'a>> {
    doc.try_select(selector)?.nodes().first().copied()
}
