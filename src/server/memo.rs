//! Parts of the page that were printed before: an edit changes one entry, and only that is printed
//! again. A part is given again where its data is the same, never by a hash of it.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::page::Printer;
use crate::template::TemplateError;

/// What parts are printed with beside their own data.
#[derive(Clone, PartialEq, Serialize)]
pub(super) struct Around {
    /// The page's words that the part names.
    pub(super) w: BTreeMap<String, String>,
    /// The words.
    pub(super) words: BTreeMap<String, String>,
    /// Whether a model is configured.
    pub(super) model: bool,
}

/// The parts that are printed by one template, by their key.
pub(super) struct Memo<V> {
    template: &'static str,
    around: Option<Around>,
    printed: HashMap<String, (V, String)>,
    /// Those of the page that is being printed.
    next: HashMap<String, (V, String)>,
}

/// A part's data with what stands around it.
#[derive(Serialize)]
struct Alone<'a, V> {
    #[serde(flatten)]
    view: &'a V,
    #[serde(flatten)]
    around: &'a Around,
}

impl<V: PartialEq + Serialize> Memo<V> {
    /// Parts that the template of this name prints.
    pub(super) fn new(template: &'static str) -> Self {
        Self { template, around: None, printed: HashMap::new(), next: HashMap::new() }
    }

    /// Begins a page: parts that the last one had not are forgotten.
    pub(super) fn begin(&mut self, around: Around) {
        self.printed = std::mem::take(&mut self.next);
        if self.around.as_ref() != Some(&around) {
            self.printed.clear();
            self.around = Some(around);
        }
    }

    /// Prints a part.
    ///
    /// # Errors
    /// The template names what the data lacks: a bug of ours.
    pub(super) fn print(
        &mut self,
        printer: &Printer,
        key: String,
        view: V,
    ) -> Result<String, TemplateError> {
        let html = match (self.printed.remove(&key), &self.around) {
            (Some((of, html)), _) if of == view => html,
            (_, Some(around)) => printer.print(self.template, &Alone { view: &view, around })?,
            (_, None) => printer.print(self.template, &view)?,
        };
        self.next.insert(key, (view, html.clone()));
        Ok(html)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::queue;
    use crate::server::words::Words;

    #[test]
    fn a_part_is_printed_again_where_its_data_or_its_words_changed() {
        let printer = Printer::new().unwrap();
        let words = Words::of("en").unwrap();
        let mut memo = Memo::new("diff");
        let around = |name: &str| Around {
            w: BTreeMap::from([(name.to_owned(), name.to_owned())]),
            words: BTreeMap::new(),
            model: false,
        };
        let lines = |after: &str| {
            BTreeMap::from([("lines", crate::server::diff::diff("a\n", after, &words))])
        };
        memo.begin(around("x"));
        let first = memo.print(&printer, "k".into(), serde_json::json!(lines("b\n"))).unwrap();
        memo.begin(around("x"));
        let same = memo.print(&printer, "k".into(), serde_json::json!(lines("b\n"))).unwrap();
        assert_eq!(first, same);
        memo.begin(around("x"));
        let other = memo.print(&printer, "k".into(), serde_json::json!(lines("c\n"))).unwrap();
        assert!(other != first && other.contains('c'), "{other}");
        assert_eq!(queue::keys(&words).len(), 13);
    }
}
