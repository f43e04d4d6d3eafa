//! Triage by rules: whether an article is the edition's topic, and which section and label it
//! gets, from the configured terms alone.
//!
//! These are rules about words, and no more: they do not know what an article is about, only
//! which of the configured terms stand where in it. Nothing is rejected unless `reject` says so;
//! an article without any term of `keep` stays and ranks low.
//!
//! **When `reject` decides.** A term speaks by its most prominent place; the sides are compared,
//! and `reject` must be the stronger:
//!
//! | | in the title | in the lead (three sentences) | often (four times and more) |
//! |---|---|---|---|
//! | a term of `reject` | 3 | 2 | 1 |
//! | a term of `keep` | 2 (two different terms: 3) | 1 | 1 |
//!
//! So a title that speaks of funding is rejected although it names a model, unless it names two
//! kept terms; a lead that mentions funding is not, where the title names a kept term; a term
//! that is mentioned in passing never decides.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::{DecidedBy, Options, Section};
use crate::text::Document;
use crate::text::terms::Folded;

/// How many sentences after the title are the lead.
const LEAD_SENTENCES: usize = 3;

/// From how many occurrences on a term is often in a text.
const OFTEN: usize = 4;

/// Why an article is kept or rejected. A closed list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// A term of `keep` stands in it.
    KeepTerm,
    /// No configured term decides.
    NothingAgainst,
    /// A term of `reject` is prominent in it, and nothing outweighs that.
    RejectTerm,
    /// A model kept it.
    ModelKeep,
    /// A model rejected it.
    ModelReject,
    /// The editor decided.
    Editor,
}

impl Reason {
    /// The code for reports.
    pub fn code(self) -> &'static str {
        match self {
            Self::KeepTerm => "keep_term",
            Self::NothingAgainst => "nothing_against",
            Self::RejectTerm => "reject_term",
            Self::ModelKeep => "model_keep",
            Self::ModelReject => "model_reject",
            Self::Editor => "editor",
        }
    }
}

/// What the triage knows of an article's worth.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Merit {
    /// How strongly the terms of `keep` speak for it, from 1 (none does) to 5.
    Topic(f64),
    /// A model's scores, each from 1 to 5.
    Model {
        /// How far it moves things.
        impact: u8,
        /// For how many it matters.
        scope: u8,
    },
}

/// What the triage says of one article.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Judgement {
    /// Whether it is the edition's topic.
    pub keep: bool,
    /// Why.
    pub reason: Reason,
    /// The configured terms that decided, the weightiest first.
    pub terms: Vec<String>,
    /// The id of its section; empty where the edition has no sections.
    pub section: String,
    /// Its label; empty where the edition has neither labels nor sections.
    pub label: String,
    /// What it is worth.
    pub merit: Merit,
    /// Who judged.
    pub decided_by: DecidedBy,
}

/// An article, folded for searching.
struct View {
    title: Folded,
    lead: Folded,
    text: Folded,
}

/// A configured term and where it stands.
struct Hit<'a> {
    term: &'a str,
    title: bool,
    lead: bool,
    count: usize,
}

impl View {
    fn new(title: &str, document: &Document) -> Self {
        let lead: Vec<&str> = (0..LEAD_SENTENCES).map(|i| document.sentence_text(i)).collect();
        Self {
            title: Folded::new(title),
            lead: Folded::new(&lead.join("\n")),
            text: Folded::new(document.text()),
        }
    }

    /// The terms that occur, the weightiest first; ties in the order of the configuration.
    fn hits<'a>(&self, terms: &'a [String]) -> Vec<Hit<'a>> {
        let mut hits: Vec<Hit<'_>> = terms
            .iter()
            .map(|term| {
                let title = self.title.count(term);
                let count = title + self.text.count(term);
                Hit { term, title: title > 0, lead: self.lead.count(term) > 0, count }
            })
            .filter(|h| h.count > 0)
            .collect();
        hits.sort_by(|a, b| b.weight().partial_cmp(&a.weight()).unwrap_or(Ordering::Equal));
        hits
    }
}

impl Hit<'_> {
    /// What the term adds: four for the title, two for the lead, a half for each occurrence up to
    /// four.
    fn weight(&self) -> f64 {
        let place = if self.title { 4.0 } else { 0.0 } + if self.lead { 2.0 } else { 0.0 };
        place + 0.5 * self.count.min(OFTEN) as f64
    }
}

fn weight(hits: &[Hit<'_>]) -> f64 {
    hits.iter().map(Hit::weight).sum()
}

/// Judges one article by the terms of `options`; see the module's table.
pub fn judge(title: &str, document: &Document, options: &Options) -> Judgement {
    let view = View::new(title, document);
    let (keep, reject) = (view.hits(&options.keep), view.hits(&options.reject));
    let against = reject.iter().map(strength_against).max().unwrap_or(0);
    let rejected = against > strength_for(&keep);
    let reason = match (rejected, keep.is_empty()) {
        (true, _) => Reason::RejectTerm,
        (false, false) => Reason::KeepTerm,
        (false, true) => Reason::NothingAgainst,
    };
    let decisive: Vec<&Hit<'_>> = if rejected {
        reject.iter().filter(|h| strength_against(h) > 0).collect()
    } else {
        keep.iter().collect()
    };
    let section = section(&view, &options.sections);
    Judgement {
        keep: !rejected,
        reason,
        terms: decisive.into_iter().map(|h| h.term.to_owned()).collect(),
        label: label(&view, options, section),
        merit: Merit::Topic(topic(&view, &keep, &options.sections)),
        section: section.map(|s| s.id.clone()).unwrap_or_default(),
        decided_by: DecidedBy::Rule,
    }
}

fn strength_against(hit: &Hit<'_>) -> u8 {
    match hit {
        Hit { title: true, .. } => 3,
        Hit { lead: true, .. } => 2,
        Hit { count: OFTEN.., .. } => 1,
        _ => 0,
    }
}

fn strength_for(keep: &[Hit<'_>]) -> u8 {
    match keep.iter().filter(|h| h.title).count() {
        0 => u8::from(keep.iter().any(|h| h.lead || h.count >= OFTEN)),
        1 => 2,
        _ => 3,
    }
}

/// From 1 (no term of `keep`) towards 5. Terms of a section count half.
fn topic(view: &View, keep: &[Hit<'_>], sections: &[Section]) -> f64 {
    let of_sections: f64 = sections.iter().map(|s| weight(&view.hits(&s.keep))).sum();
    let weight = weight(keep) + 0.5 * of_sections;
    1.0 + 4.0 * (1.0 - (-weight / 8.0).exp())
}

/// The section whose terms weigh most, those of its `reject` against it; the first where none
/// weighs more than nothing. `None` only where the edition has no sections.
fn section<'a>(view: &View, sections: &'a [Section]) -> Option<&'a Section> {
    let mut best: Option<(&Section, f64)> = None;
    for section in sections {
        let weight = weight(&view.hits(&section.keep)) - weight(&view.hits(&section.reject));
        if weight > best.map_or(0.0, |(_, w)| w) {
            best = Some((section, weight));
        }
    }
    best.map(|(s, _)| s).or(sections.first())
}

/// The label whose own text weighs most; ties to the first. Where none occurs, the section's
/// title.
fn label(view: &View, options: &Options, section: Option<&Section>) -> String {
    match view.hits(&options.labels).first() {
        Some(hit) => hit.term.to_owned(),
        None => section.map(|s| s.title.clone()).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Language;

    fn options() -> Options {
        let of = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>();
        let section = |id: &str, title: &str, keep: &[&str]| Section {
            id: id.into(),
            title: title.into(),
            keep: of(keep),
            ..Section::default()
        };
        Options {
            keep: of(&["大模型", "推理", "agent"]),
            reject: of(&["融资", "股价", "funding"]),
            labels: of(&["芯片", "前沿研究"]),
            sections: vec![
                section("models", "模型", &["训练"]),
                section("infra", "基础设施", &["GPU", "算力"]),
            ],
            ..Options::new(Language("zh-CN".into()))
        }
    }

    fn judged(title: &str, text: &str) -> Judgement {
        judge(title, &Document::from_text(text), &options())
    }

    #[test]
    fn a_reject_term_in_the_title_decides() {
        let j = judged("大模型公司观澜完成新一轮融资", "观澜宣布完成融资。");
        assert!(!j.keep);
        assert_eq!((j.reason, j.terms), (Reason::RejectTerm, vec!["融资".to_owned()]));
    }

    #[test]
    fn a_mention_in_passing_does_not() {
        let text = "观澜发布模型。第二句。第三句。公司去年完成融资。";
        assert!(judged("观澜发布新模型", text).keep);
        assert!(judged("观澜的大模型开源", "观澜此前完成融资。今天它开源了模型。").keep);
        assert!(!judged("观澜有了新消息", "观澜完成融资。").keep);
    }

    #[test]
    fn letters_match_whole_words() {
        assert_eq!(judged("Reagent supply", "A reagent.").reason, Reason::NothingAgainst);
        assert_eq!(judged("New agents", "Two agents.").reason, Reason::KeepTerm);
    }

    #[test]
    fn section_and_label() {
        let j = judged("算力集群上线", "新的 GPU 芯片集群上线。");
        assert_eq!((j.section.as_str(), j.label.as_str()), ("infra", "芯片"));
        let j = judged("一则消息", "没有词。");
        assert_eq!((j.section.as_str(), j.label.as_str()), ("models", "模型"));
        assert_eq!(j.merit, Merit::Topic(1.0));
    }

    #[test]
    fn more_kept_terms_are_worth_more() {
        let worth = |title: &str| match judged(title, "正文。").merit {
            Merit::Topic(t) => t,
            Merit::Model { .. } => 0.0,
        };
        assert!(worth("大模型推理") > worth("大模型"));
        assert!(worth("大模型") > worth("天气"));
    }
}
