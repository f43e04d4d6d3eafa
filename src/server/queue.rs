//! What needs a decision, as the page lists it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::address::field_id;
use super::field::{Marks, is_droppable, is_rewritable};
use super::runs::Mark;
use super::words::Words;
use crate::compose::Issue;
use crate::review::queue::{Item, Queue, Weighed, Why};
use crate::review::{Checked, entry_key};
use crate::verify::{Origin, Severity};

/// Something to decide about one text.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct DecisionView {
    /// The id of the text's element.
    pub(super) field: String,
    /// The ids of the elements that say the same and are decided with it.
    also: Vec<String>,
    /// `red`, `amber` or `risky`.
    severity: &'static str,
    /// Whether an approval waits for it.
    forced: bool,
    /// What it is about, in a word.
    kind: String,
    /// The words it is about.
    quoted: String,
    /// The title of the entry it is about.
    entry: String,
    /// What is wrong, a sentence each.
    notes: Vec<String>,
    droppable: bool,
    rewritable: bool,
}

/// The decisions that are left. Risky texts that were read are decided: nothing was found on them.
pub(super) fn decisions(
    queue: &Queue,
    issue: &Issue,
    read: &BTreeSet<&str>,
    words: &Words,
) -> Vec<DecisionView> {
    let entries = issue.sections.iter().flat_map(|s| &s.entries);
    let titles: BTreeMap<String, &str> =
        entries.map(|e| (entry_key(e), e.title.as_str())).collect();
    let left = queue.items.iter().filter(|i| is_left(i, read));
    left.map(|i| decision(i, &titles, words)).collect()
}

/// Whether an item waits for a decision.
fn is_left(item: &Item, read: &BTreeSet<&str>) -> bool {
    item.why != Why::Risky || !read.contains(item.text.text.as_str())
}

fn decision(item: &Item, titles: &BTreeMap<String, &str>, words: &Words) -> DecisionView {
    let open = |w: &&Weighed| w.accepted.is_none();
    let mut found: Vec<&Weighed> = item.findings.iter().filter(open).collect();
    found.sort_by_key(|w| std::cmp::Reverse(w.finding.severity));
    let text = &item.text;
    let about = text.about.as_ref().and_then(|key| titles.get(key)).copied();
    let (kind, quoted, notes) = match found.first() {
        Some(first) => {
            let code = code(&first.finding.kind);
            let note = |w: &&Weighed| {
                // A finding on the whole text need not say it again.
                if w.finding.text == text.text {
                    words.note(&w.finding.note)
                } else {
                    noted(words, &w.finding.text, &w.finding.note)
                }
            };
            (
                words.get("kind", &code).to_owned(),
                excerpt(&text.text, first.finding.span),
                found.iter().map(note).collect(),
            )
        }
        None => {
            let risks = item.risks.iter().map(|r| words.get("risk", &code(r)).to_owned());
            let separator = words.get("words", "list_comma");
            let risks: Vec<String> = risks.collect();
            let note = format!("{}{}", words.get("words", "risky_note"), risks.join(separator));
            (words.get("severity", "risky").to_owned(), text.text.clone(), vec![note])
        }
    };
    DecisionView {
        field: field_id(&text.at),
        also: item.also.iter().map(field_id).collect(),
        severity: match item.why {
            Why::Red => "red",
            Why::Amber => "amber",
            Why::Risky => "risky",
        },
        forced: item.forced,
        kind,
        quoted,
        entry: about.unwrap_or_default().to_owned(),
        notes,
        droppable: is_droppable(text.at.field),
        rewritable: is_rewritable(text.at.field),
    }
}

/// Characters of a text that are shown before the words of a finding, and with them in all.
const BEFORE: usize = 8;
const SHOWN: usize = 40;

/// The words at `span` with what stands around them: a bare number tells nobody which it is.
fn excerpt(text: &str, span: [usize; 2]) -> String {
    let count = text.chars().count();
    let start = span[0].min(count).saturating_sub(BEFORE);
    let end = (start + SHOWN).max(span[1]).min(count);
    let words: String = text.chars().skip(start).take(end - start).collect();
    let (head, tail) = (if start > 0 { "…" } else { "" }, if end < count { "…" } else { "" });
    format!("{head}{}{tail}", words.trim())
}

/// A finding's note after the words it is about.
pub(super) fn noted(words: &Words, text: &str, note: &str) -> String {
    format!("“{text}” {}", words.note(note))
}

/// The code of a value of a closed list, as it is written in JSON.
pub(super) fn code(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(code)) => code,
        _ => String::new(),
    }
}

/// What is known of each text, for the paper. A text with findings that is not in the queue has all
/// of them accepted.
pub(super) fn marks(texts: &[Checked], queue: &Queue, read: &BTreeSet<&str>) -> Marks {
    let mut out = Marks::default();
    let items: BTreeMap<String, &Item> =
        queue.items.iter().flat_map(|i| i.places().map(move |p| (field_id(p), i))).collect();
    for text in texts {
        let id = field_id(&text.at);
        if text.origin == Some(Origin::Editor) {
            out.editor.insert(id.clone());
        }
        if read.contains(text.text.as_str()) {
            out.read.insert(id.clone());
        }
        let item = items.get(&id);
        if item.is_some_and(|i| i.why == Why::Risky && is_left(i, read)) {
            out.risky.insert(id.clone());
        }
        if !text.findings.is_empty() {
            let found = match item {
                Some(item) => item.findings.iter().map(mark).collect(),
                None => {
                    text.findings.iter().map(|f| Mark { span: f.span, class: "settled" }).collect()
                }
            };
            out.findings.insert(id, found);
        }
    }
    out
}

fn mark(weighed: &Weighed) -> Mark {
    let class = match (weighed.accepted.is_some(), weighed.finding.severity) {
        (true, _) => "settled",
        (false, Severity::Red) => "red",
        (false, Severity::Amber) => "amber",
    };
    Mark { span: weighed.finding.span, class }
}

/// How many decisions on texts that still stand were made.
pub(super) fn settled(texts: &[Checked], queue: &Queue, read: &BTreeSet<&str>) -> usize {
    let open: BTreeSet<String> = queue.items.iter().flat_map(Item::places).map(field_id).collect();
    let is_done = |t: &&Checked| match t.findings.is_empty() {
        true => read.contains(t.text.as_str()),
        false => !open.contains(&field_id(&t.at)),
    };
    texts.iter().filter(is_done).count()
}

/// How many of each there are.
pub(super) fn counts(decisions: &[DecisionView], done: usize) -> BTreeMap<&'static str, usize> {
    let count = |s: &str| decisions.iter().filter(|d| d.severity == s).count();
    BTreeMap::from([
        ("red", count("red")),
        ("amber", count("amber")),
        ("risky", count("risky")),
        ("done", done),
    ])
}

/// What the script and the help list: reasons to accept, and keys.
#[derive(Serialize)]
pub(super) struct ReasonView {
    code: &'static str,
    key: String,
    text: String,
}

/// The short list of reasons.
pub(super) fn reasons(words: &Words) -> Vec<ReasonView> {
    let reason = |(n, code): (usize, &'static str)| ReasonView {
        code,
        key: (n + 1).to_string(),
        text: words.get("reasons", code).to_owned(),
    };
    ["source_elsewhere", "rounding", "checked"].into_iter().enumerate().map(reason).collect()
}

/// A line of the help.
#[derive(Serialize)]
pub(super) struct KeyView {
    keys: &'static [&'static str],
    text: String,
}

/// The keys of the page.
pub(super) fn keys(words: &Words) -> Vec<KeyView> {
    const KEYS: [(&[&str], &str); 13] = [
        (&["j", "k"], "j_k"),
        (&["n", "p"], "n_p"),
        (&["o"], "o"),
        (&["a"], "a"),
        (&["e"], "e"),
        (&["r"], "r"),
        (&["d"], "d"),
        (&["+"], "add"),
        (&["m"], "m"),
        (&["u"], "u"),
        (&["Alt ↑", "Alt ↓"], "move"),
        (&["A"], "approve"),
        (&["?"], "help"),
    ];
    let key = |(keys, word)| KeyView { keys, text: words.get("keys", word).to_owned() };
    KEYS.map(key).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_holds_its_words() {
        let text = "集群平均利用率由41%升至67%，涉及 7 731 家机构。";
        assert_eq!(excerpt(text, [21, 22]), "…67%，涉及 7 731 家机构。");
        assert_eq!(excerpt("成本下降38%。", [4, 7]), "成本下降38%。");
        let long = "甲".repeat(100);
        assert_eq!(excerpt(&long, [0, 100]), long);
        assert_eq!(excerpt("短", [5, 9]), "短");
    }
}
