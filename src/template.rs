//! Strict Handlebars with Markdown and HTML escaping.

use serde::Serialize;

/// How values are escaped when a template prints them with `{{value}}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Escape {
    /// Nothing is escaped: prompts and plain text.
    None,
    /// A value shows in Markdown as it was written and can start no markup.
    Markdown,
    /// HTML text and attribute values.
    Html,
}

/// A template that does not parse, or names a value that is not there.
#[derive(Debug, thiserror::Error)]
#[error("template {name}: {detail}")]
pub struct TemplateError {
    /// The template's file name.
    pub name: String,
    /// What is wrong, with line and column where they are known.
    pub detail: String,
}

/// Renders `source` (called `name` in errors) with `data`. A name that `data` does not have is an
/// error.
pub fn render(
    name: &str,
    source: &str,
    data: &impl Serialize,
    escape: Escape,
) -> Result<String, TemplateError> {
    let mut registry = handlebars::Handlebars::new();
    registry.set_strict_mode(true);
    if escape != Escape::Html {
        registry.register_escape_fn(handlebars::no_escape);
    }
    registry
        .render_template(source, data)
        .map_err(|e| TemplateError {
            name: name.to_owned(),
            detail: e.to_string(),
        })
}
