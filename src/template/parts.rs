//! Templates that take in others, put together before they are parsed.
//!
//! Handlebars copies the data for every part that it takes in, down to the leaves: a page of some
//! megabytes took a second. Put together as text the parts read the data where it is.

use super::TemplateError;

/// How deep parts may take in parts.
const DEPTH: usize = 8;

/// `source` with every `{{> part}}` and `{{> part value}}` replaced by that part's own source.
///
/// # Errors
/// There is no such part, or parts take in each other without end.
pub(super) fn put_together(
    name: &str,
    source: &str,
    parts: &[(&str, &str)],
) -> Result<String, TemplateError> {
    within(name, source, parts, DEPTH)
}

fn within(
    name: &str,
    source: &str,
    parts: &[(&str, &str)],
    depth: usize,
) -> Result<String, TemplateError> {
    let wrong = |detail: String| TemplateError { name: name.to_owned(), detail };
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(at) = rest.find("{{>") {
        let (before, call) = rest.split_at(at);
        let end = call.find("}}").ok_or_else(|| wrong("`{{>` without `}}`".to_owned()))?;
        out.push_str(before);
        let mut words = call[3..end].split_whitespace();
        let (part, value) = (words.next().unwrap_or_default(), words.next());
        let own = parts.iter().find(|(n, _)| *n == part).map(|(_, source)| *source);
        let own = own.ok_or_else(|| wrong(format!("there is no template `{part}` to take in")))?;
        let deeper =
            depth.checked_sub(1).ok_or_else(|| wrong(format!("`{part}` takes in itself")))?;
        let own = within(part, own, parts, deeper)?;
        match value.filter(|v| *v != "this") {
            None => out.push_str(&own),
            Some(value) => out.push_str(&format!("{{{{#with {value}}}}}{own}{{{{/with}}}}")),
        }
        rest = &call[end + 2..];
    }
    out.push_str(rest);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_stand_where_they_are_taken_in() {
        let parts = [("a", "[{{x}}{{> b this}}]"), ("b", "{{y}}"), ("c", "{{> c}}")];
        let made = put_together("t", "1{{> a}}2{{> a value}}3", &parts).unwrap();
        assert_eq!(made, "1[{{x}}{{y}}]2{{#with value}}[{{x}}{{y}}]{{/with}}3");
        assert!(put_together("t", "{{> d}}", &parts).unwrap_err().to_string().contains("`d`"));
        assert!(put_together("t", "{{> c}}", &parts).is_err());
    }
}
