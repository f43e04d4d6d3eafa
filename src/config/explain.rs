//! Where a configuration is wrong, and what to do about it.

use std::path::Path;

use super::ConfigError;
use crate::collect::Source;
use crate::text::nearest::nearest;

/// Turns an error of the TOML reader into one that names line, key and remedy.
pub(super) fn explain(path: &Path, text: &str, error: &toml::de::Error) -> ConfigError {
    let message = error.message();
    let span = source_at_fault(text, message).map(|at| at..at).or(error.span());
    let start = span.as_ref().map_or(0, |s| s.start);
    let mut ticks = message.split('`').skip(1).step_by(2);
    if message.starts_with("unknown field") || message.starts_with("unknown variant") {
        let unknown = ticks.next().unwrap_or_default().to_owned();
        let known: Vec<&str> = ticks.collect();
        let hint = match nearest(&unknown, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("known here: {}", known.join(", ")),
        };
        let what = if message.starts_with("unknown field") { "key" } else { "value" };
        let line = line_of_key(text, start, &unknown).or_else(|| line_of(text, span));
        return ConfigError {
            path: path.to_owned(),
            line,
            detail: format!("unknown {what} `{unknown}`; {hint}"),
        };
    }
    let detail = if message.starts_with("missing field") {
        format!("{message}; add it")
    } else {
        message.to_owned()
    };
    ConfigError { path: path.to_owned(), line: line_of(text, span), detail }
}

/// Where the source begins that `message` is about. The reader of TOML knows only that one of the
/// sources is wrong, because what a source may hold depends on its `kind`.
fn source_at_fault(text: &str, message: &str) -> Option<usize> {
    let file: toml::Table = text.parse().ok()?;
    let sources = file.get("sources")?.as_array()?;
    let wrong = |source: &toml::Value| {
        source.clone().try_into::<Source>().is_err_and(|e| e.message() == message)
    };
    start_of_source(text, sources.iter().position(wrong)?)
}

/// The byte at which source number `at` begins, where each has a heading of its own.
pub(super) fn start_of_source(text: &str, at: usize) -> Option<usize> {
    let mut start = 0;
    let starts = text.split_inclusive('\n').filter_map(|line| {
        let here = start;
        start += line.len();
        let heading: String = line.split_whitespace().collect();
        heading.starts_with("[[sources]]").then_some(here)
    });
    starts.into_iter().nth(at)
}

/// The line in which `span` begins.
pub(super) fn line_of(text: &str, span: Option<std::ops::Range<usize>>) -> Option<usize> {
    let start = span?.start;
    Some(text.get(..start)?.matches('\n').count() + 1)
}

/// The line from byte `start` on where `key` is set, heads a table or is a value.
pub(super) fn line_of_key(text: &str, start: usize, key: &str) -> Option<usize> {
    let before = text.get(..start)?.matches('\n').count();
    let sets = |line: &str| {
        let line = line.trim_start();
        let bare = line.trim_start_matches('[').trim_start();
        let after = bare
            .strip_prefix(key)
            .or_else(|| bare.strip_prefix("edition.").and_then(|rest| rest.strip_prefix(key)));
        after.is_some_and(|rest| rest.trim_start().starts_with(['=', ']', '.']))
            || line.contains(&format!("\"{key}\""))
            || line.split(['{', ',']).skip(1).any(|p| {
                p.trim_start().strip_prefix(key).is_some_and(|r| r.trim_start().starts_with('='))
            })
    };
    text.get(start..)?.lines().position(sets).map(|at| before + at + 1)
}
