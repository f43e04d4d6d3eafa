//! The page's templates put together.

use std::collections::BTreeMap;

use serde::Serialize;

use super::paper::PaperView;
use super::queue::{self, KeyView, ReasonView};
use super::words::Words;
use crate::template::{Escape, TemplateError, Templates};

macro_rules! file {
    ($name:literal) => {
        include_str!(concat!("../../templates/review/", $name))
    };
}

/// The style sheet.
pub(super) const STYLE: &str = file!("page.css");
/// The script.
pub(super) const SCRIPT: &str = file!("page.js");
/// The icon.
pub(super) const ICON: &str = file!("icon.svg");

/// Templates by name.
const TEMPLATES: [(&str, &str); 18] = [
    ("page", file!("page.html.hbs")),
    ("bar", file!("bar.html.hbs")),
    ("banners", file!("banners.html.hbs")),
    ("paper", file!("paper.html.hbs")),
    ("entry", file!("entry.html.hbs")),
    ("field", file!("field.html.hbs")),
    ("queue", file!("queue.html.hbs")),
    ("decision", file!("decision.html.hbs")),
    ("dialogs", file!("dialogs.html.hbs")),
    ("source", file!("source.html.hbs")),
    ("sentence", file!("sentence.html.hbs")),
    ("left-out", file!("left-out.html.hbs")),
    ("changes", file!("changes.html.hbs")),
    ("run", file!("run.html.hbs")),
    ("versions", file!("versions.html.hbs")),
    ("approve", file!("approve.html.hbs")),
    ("diff", file!("diff.html.hbs")),
    ("broken", file!("broken.html.hbs")),
];

/// The templates, parsed once.
pub(super) struct Printer(Templates);

impl Printer {
    /// Parses them.
    ///
    /// # Errors
    /// One does not parse: a bug of ours, which a test holds.
    pub(super) fn new() -> Result<Self, TemplateError> {
        // White space at the end of a part would stand between two sentences.
        let parts: Vec<(&str, &str)> = TEMPLATES.iter().map(|(n, s)| (*n, s.trim_end())).collect();
        Ok(Self(Templates::new(&parts, Escape::Html)?))
    }

    /// The page's words that a template names.
    pub(super) fn words_of(name: &str, words: &Words) -> BTreeMap<String, String> {
        let named = |key: &str| {
            let word = format!("w.{key}");
            let ends = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
            let own = TEMPLATES.iter().filter(|(n, _)| [name, "field"].contains(n));
            own.into_iter()
                .any(|(_, s)| s.match_indices(&word).any(|(at, _)| ends(&s[at + word.len()..])))
        };
        words.table("words").into_iter().filter(|(key, _)| named(key)).collect()
    }

    /// Prints a template.
    ///
    /// # Errors
    /// The data lacks a name that the template prints: a bug of ours.
    pub(super) fn print(&self, name: &str, data: &impl Serialize) -> Result<String, TemplateError> {
        self.0.print(name, data)
    }
}

/// What the whole page is made of.
#[derive(Serialize)]
pub(super) struct PageView {
    pub(super) lang: &'static str,
    pub(super) w: BTreeMap<String, String>,
    pub(super) js_words: String,
    pub(super) version: String,
    pub(super) edition: String,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) model: bool,
    pub(super) approved: bool,
    pub(super) state: String,
    pub(super) can_undo: bool,
    pub(super) banners: Vec<String>,
    pub(super) counts: BTreeMap<&'static str, usize>,
    /// What is left to decide, printed.
    pub(super) decisions: Vec<String>,
    pub(super) reasons: Vec<ReasonView>,
    pub(super) keys: Vec<KeyView>,
    #[serde(flatten)]
    pub(super) paper: PaperView,
}

impl PageView {
    /// The parts that do not hang on the issue.
    pub(super) fn lists(words: &Words) -> (Vec<ReasonView>, Vec<KeyView>) {
        (queue::reasons(words), queue::keys(words))
    }
}
