//! A few words for what every part of this room asks of a tree.

use dom_query::{LocalName, NodeRef, local_name};

/// The name of an element, in lower case as the parser wrote it; empty for anything else.
pub(crate) fn tag(node: &NodeRef<'_>) -> LocalName {
    node.qual_name_ref().map_or(local_name!(""), |q| q.local.clone())
}

/// The same as text.
pub(crate) fn name(node: &NodeRef<'_>) -> String {
    tag(node).to_string()
}

/// The value of attribute `key`, trimmed; `None` where it is missing or empty.
pub(crate) fn attr(node: &NodeRef<'_>, key: &str) -> Option<String> {
    node.attr(key).map(|v| v.trim().to_owned()).filter(|v| !v.is_empty())
}

/// `text` with each run of white space as one space, none at the ends.
pub(crate) fn squeeze(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
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

/// The elements of a tree, in order. One walk costs a fraction of what a list of selectors does.
pub(crate) fn elements(doc: &dom_query::Document) -> Vec<NodeRef<'_>> {
    doc.root().descendants_it().filter(NodeRef::is_element).collect()
}

/// Whether one of an element's classes is in a list.
pub(crate) fn has_class_of(node: &NodeRef<'_>, list: &[&str]) -> bool {
    node.class().is_some_and(|c| c.split_ascii_whitespace().any(|c| list.contains(&c)))
}
