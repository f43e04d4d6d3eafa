//! The page's templates put together.

use std::collections::BTreeMap;

use serde::Serialize;

use super::paper::PaperView;
use super::queue::{self, DecisionView, KeyView, ReasonView};
use super::words::Words;
use crate::template::{Escape, TemplateError, render_parts};

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
const TEMPLATES: [(&str, &str); 17] = [
    ("page", file!("page.html.hbs")),
    ("bar", file!("bar.html.hbs")),
    ("banners", file!("banners.html.hbs")),
    ("paper", file!("paper.html.hbs")),
    ("entry", file!("entry.html.hbs")),
    ("field", file!("field.html.hbs")),
    ("queue", file!("queue.html.hbs")),
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

/// Prints a template.
///
/// # Errors
/// The data lacks a name that the template prints: a bug of ours.
pub(super) fn print(name: &str, data: &impl Serialize) -> Result<String, TemplateError> {
    // White space at the end of a part would stand between two sentences.
    let parts: Vec<(&str, &str)> = TEMPLATES.iter().map(|(n, s)| (*n, s.trim_end())).collect();
    let own = parts.iter().find(|(n, _)| *n == name).map_or("", |(_, s)| *s);
    render_parts(name, own, &parts, data, Escape::Html)
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
    pub(super) decisions: Vec<DecisionView>,
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
