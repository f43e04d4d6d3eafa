//! Strict Handlebars with Markdown and HTML escaping.
//!
//! A template prints a value with `{{value}}`, which escapes it, or with `{{{value}}}`, which does
//! not. Beside Handlebars' own helpers there are, with [`Escape::Markdown`]:
//!
//! * `{{start value}}`: as `{{value}}`, for a value that begins a block (the text of a list item
//!   or a paragraph), where `- `, `1. `, `>` or `#` would be markup too;
//! * `{{link url}}`: a URL as a link's destination, between the parentheses of `[text](…)`;
//! * `{{comment value}}`: a value inside `<!-- … -->`.
//!
//! A name that the data does not have is an error, also in `{{#if name}}` and `{{#each name}}`.

mod markdown;
mod parts;

use handlebars::{
    Context, Handlebars, Helper, HelperDef, HelperResult, Output, RenderContext, RenderError,
    RenderErrorReason, Renderable, ScopedJson,
};
use serde::Serialize;
use serde_json::Value;

pub use markdown::{
    comment, escape, escape_start, link_destination, uncomment, unescape, unescaped,
};

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
    render_parts(name, source, &[], data, escape)
}

/// Renders as [`render`] does; `source` may take in the templates `parts` (name, source) by
/// `{{> name}}`.
///
/// # Errors
/// A template that does not parse, or names a value or a part that is not there.
pub fn render_parts(
    name: &str,
    source: &str,
    parts: &[(&str, &str)],
    data: &impl Serialize,
    escape: Escape,
) -> Result<String, TemplateError> {
    let source = parts::put_together(name, source, parts)?;
    Templates::registry(escape)
        .render_template(&source, data)
        .map_err(|e| TemplateError { name: name.to_owned(), detail: e.to_string() })
}

/// Templates that were parsed, to print with them again and again. Each may take in the others by
/// `{{> name}}`, or `{{> name value}}` to print it with a value of its data.
pub struct Templates {
    registry: Handlebars<'static>,
}

impl Templates {
    /// Parses `parts` (name, source).
    ///
    /// # Errors
    /// A template that does not parse, or takes in one that is not there.
    pub fn new(parts: &[(&str, &str)], escape: Escape) -> Result<Self, TemplateError> {
        let mut registry = Self::registry(escape);
        for (name, source) in parts {
            let source = parts::put_together(name, source, parts)?;
            registry
                .register_template_string(name, source)
                .map_err(|e| TemplateError { name: (*name).to_owned(), detail: e.to_string() })?;
        }
        Ok(Self { registry })
    }

    fn registry(escape: Escape) -> Handlebars<'static> {
        let mut registry = Handlebars::new();
        registry.set_strict_mode(true);
        registry.register_helper("if", Box::new(StrictIf { wanted: true }));
        registry.register_helper("unless", Box::new(StrictIf { wanted: false }));
        match escape {
            Escape::Html => {}
            Escape::None => registry.register_escape_fn(handlebars::no_escape),
            Escape::Markdown => {
                registry.register_escape_fn(markdown::escape);
                registry.register_helper("start", Box::new(Printed(markdown::escape_start)));
                registry.register_helper("link", Box::new(Printed(markdown::link_destination)));
                registry.register_helper("comment", Box::new(Printed(markdown::comment)));
            }
        }
        registry
    }

    /// Prints the template `name` with `data`.
    ///
    /// # Errors
    /// There is no such template, or it names a value that is not there.
    pub fn print(&self, name: &str, data: &impl Serialize) -> Result<String, TemplateError> {
        self.registry
            .render(name, data)
            .map_err(|e| TemplateError { name: name.to_owned(), detail: e.to_string() })
    }
}

/// `if` and `unless` that refuse a name the data does not have; Handlebars' own take it for false.
struct StrictIf {
    wanted: bool,
}

impl HelperDef for StrictIf {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        registry: &'reg Handlebars<'reg>,
        context: &'rc Context,
        render_context: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let param = helper.param(0).ok_or(RenderErrorReason::ParamNotFoundForIndex("if", 0))?;
        if param.is_value_missing() {
            return Err(RenderError::strict_error(param.relative_path()));
        }
        let chosen = if is_truthy(param.value()) == self.wanted {
            helper.template()
        } else {
            helper.inverse()
        };
        chosen.map_or(Ok(()), |t| t.render(registry, context, render_context, out))
    }
}

/// What counts as true in a template: not null, false, zero or empty.
fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(b) => *b,
        Value::Number(n) => n.as_f64() != Some(0.0),
        Value::String(s) => !s.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
    }
}

/// A helper that prints its one text through a function.
struct Printed(fn(&str) -> String);

impl HelperDef for Printed {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let param = helper
            .param(0)
            .ok_or_else(|| RenderErrorReason::Other(format!("{} needs a value", helper.name())))?;
        if param.is_value_missing() {
            return Err(RenderError::strict_error(param.relative_path()));
        }
        let value = ScopedJson::Derived(param.value().clone()).render();
        out.write(&(self.0)(&value))?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn markdown(source: &str, data: &Value) -> Result<String, TemplateError> {
        render("t", source, data, Escape::Markdown)
    }

    #[test]
    fn a_missing_name_is_an_error_everywhere() {
        let data = json!({"there": "", "list": []});
        for source in [
            "{{typo}}",
            "{{#if typo}}x{{/if}}",
            "{{#unless typo}}x{{/unless}}",
            "{{#each typo}}x{{/each}}",
            "{{link typo}}",
            "{{start typo}}",
        ] {
            let error = markdown(source, &data).unwrap_err().to_string();
            assert!(error.contains("typo"), "{source}: {error}");
        }
        let source =
            "{{#if there}}a{{else}}b{{/if}}{{#each list}}c{{/each}}{{#unless there}}d{{/unless}}";
        assert_eq!(markdown(source, &data).unwrap(), "bd");
    }

    #[test]
    fn parts_are_taken_in_and_missing_ones_are_told() {
        let data = json!({"list": [{"t": "<a>"}, {"t": "b"}]});
        let page = "{{#each list}}{{> item}};{{/each}}";
        let parts = [("item", "[{{t}}]")];
        let html = render_parts("page", page, &parts, &data, Escape::Html).unwrap();
        assert_eq!(html, "[&lt;a&gt;];[b];");
        let error = render("page", page, &data, Escape::Html).unwrap_err().to_string();
        assert!(error.contains("item"), "{error}");
    }

    #[test]
    fn values_are_escaped_for_their_place() {
        let data = json!({"t": "- *a*", "u": "https://a.example/x (1)", "c": "a --> b"});
        let source = "{{t}}|{{start t}}|{{{t}}}|{{link u}}|{{comment c}}";
        assert_eq!(
            markdown(source, &data).unwrap(),
            "- \\*a\\*|\\- \\*a\\*|- *a*|https://a.example/x%20%281%29|a --&gt; b"
        );
        assert_eq!(render("t", "{{t}}", &json!({"t": "a<b*"}), Escape::Html).unwrap(), "a&lt;b*");
        assert_eq!(render("t", "{{t}}", &json!({"t": "a<b*"}), Escape::None).unwrap(), "a<b*");
    }
}
