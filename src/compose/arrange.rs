//! Puts entries, their links and their highlights into the order of an issue.

use super::issue::{
    Edition, EntrySource, HighlightLine, Issue, IssueDetail, IssueEntry, IssueKeyPoint,
    IssueSection, ReadingGroup, TextLink, Window,
};
use super::words::Words;
use crate::summarize::{Entry, KeyPoint};
use crate::verify::Finding;

/// An entry and all that the issue shows with it.
#[derive(Clone, Debug)]
pub struct PlannedEntry {
    /// What was written.
    pub entry: Entry,
    /// The id of its section; ignored where the edition has no sections.
    pub section: String,
    /// The label of its line in the highlights; the section's title where it is empty.
    pub label: String,
    /// The source link as it was listed.
    pub url: String,
    /// The article's own date as `YYYY-MM-DD`; empty where there is none.
    pub date: String,
    /// Related papers; an empty text becomes the language's word for one.
    pub papers: Vec<TextLink>,
    /// Marks of a draft: `extractive`, `late`, `undated`, `continuing …`, `missing …`.
    pub marks: Vec<String>,
    /// What does not hold up in title, headings and leads.
    pub findings: Vec<Finding>,
    /// The pages that it was written from.
    pub sources: Vec<EntrySource>,
}

/// All that goes into an issue.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The edition.
    pub edition: Edition,
    /// The template's words, from [`super::words_for`].
    pub words: Words,
    /// The window.
    pub window: Window,
    /// Id and title of each section, in order; none gives one section under the language's word.
    pub sections: Vec<(String, String)>,
    /// The entries in rank order over all sections.
    pub entries: Vec<PlannedEntry>,
    /// Further reading, in order.
    pub further_reading: Vec<ReadingGroup>,
}

/// A plan that no issue can be made of.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ArrangeError {
    /// An entry stands in a section that the edition does not have.
    #[error("story {story} is planned for section `{section}`, which the edition does not have")]
    UnknownSection {
        /// The story's id.
        story: String,
        /// The section's id.
        section: String,
    },
}

/// Arranges `plan` into an issue: every section of the edition in its order, also an empty one;
/// entries in rank order within theirs; a line of the highlights for each entry that has one, in
/// rank order over all sections.
///
/// # Errors
/// An entry whose section does not exist: it is not moved elsewhere silently.
pub fn arrange(plan: Plan) -> Result<Issue, ArrangeError> {
    let Plan { edition, words, window, sections, entries, further_reading } = plan;
    let named = !sections.is_empty();
    let word = |key: &str| words.get(key).cloned().unwrap_or_default();
    let (ids, mut sections): (Vec<String>, Vec<IssueSection>) = if named {
        sections.into_iter().map(|(id, title)| (id, IssueSection::titled(title))).unzip()
    } else {
        (vec![String::new()], vec![IssueSection::titled(word("section"))])
    };
    let mut highlights = Vec::new();
    for planned in entries {
        let place = if named { ids.iter().position(|id| *id == planned.section) } else { Some(0) };
        let Some(section) = place.and_then(|i| sections.get_mut(i)) else {
            return Err(ArrangeError::UnknownSection {
                story: planned.entry.story,
                section: planned.section,
            });
        };
        highlights.extend(highlight(&planned, &section.title));
        section.entries.push(entry(planned, &word("read_original"), &word("related_paper")));
    }
    Ok(Issue { edition, words, window, highlights, sections, further_reading, ..Issue::default() })
}

/// The line of the highlights for an entry that has one.
fn highlight(planned: &PlannedEntry, section_title: &str) -> Option<HighlightLine> {
    let highlight = planned.entry.highlight.as_ref()?;
    let label = if planned.label.trim().is_empty() { section_title } else { &planned.label };
    let claim = highlight.claim.clone();
    Some(HighlightLine {
        label: label.to_owned(),
        headline: highlight.headline.clone(),
        text: claim.text,
        story: Some(planned.entry.story.clone()),
        origin: claim.origin,
        evidence: claim.evidence,
        findings: claim.findings,
    })
}

/// The entry as the issue holds it.
fn entry(planned: PlannedEntry, read_original: &str, related_paper: &str) -> IssueEntry {
    let PlannedEntry { entry, url, date, mut papers, marks, findings, sources, .. } = planned;
    for paper in papers.iter_mut().filter(|p| p.text.trim().is_empty()) {
        paper.text = related_paper.to_owned();
    }
    IssueEntry {
        story: Some(entry.story),
        title: entry.title,
        link: TextLink { text: read_original.to_owned(), url },
        date,
        summary: entry.summary,
        key_points: entry.key_points.into_iter().map(key_point).collect(),
        papers,
        marks,
        sources,
        findings: Some(findings),
    }
}

fn key_point(point: KeyPoint) -> IssueKeyPoint {
    let details =
        point.details.into_iter().map(|d| IssueDetail { lead: d.lead, claim: d.claim }).collect();
    IssueKeyPoint { heading: point.heading, details }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compose::built_in;
    use crate::summarize::Highlight;
    use crate::verify::{Claim, Origin};

    fn planned(story: &str, section: &str, label: &str, highlighted: bool) -> PlannedEntry {
        let claim = Claim { text: format!("句子{story}。"), ..Claim::default() };
        let highlight = highlighted
            .then(|| Highlight { headline: format!("速览{story}"), claim: claim.clone() });
        PlannedEntry {
            entry: Entry {
                story: story.into(),
                title: format!("标题{story}"),
                summary: vec![claim],
                key_points: Vec::new(),
                highlight,
                writer: Origin::Extractive,
            },
            section: section.into(),
            label: label.into(),
            url: format!("https://news.example/{story}"),
            date: "2026-01-03".into(),
            papers: vec![TextLink { text: String::new(), url: "https://doi.example/1".into() }],
            findings: Vec::new(),
            sources: Vec::new(),
            marks: Vec::new(),
        }
    }

    fn plan(sections: &[(&str, &str)], entries: Vec<PlannedEntry>) -> Plan {
        let sections = sections.iter().map(|(i, t)| ((*i).into(), (*t).into())).collect();
        Plan { words: built_in("zh-CN"), sections, entries, ..Plan::default() }
    }

    #[test]
    fn highlights_follow_rank_over_all_sections() {
        let entries = vec![
            planned("1", "b", "芯片", true),
            planned("2", "a", "", true),
            planned("3", "b", "应用", false),
        ];
        let issue = arrange(plan(&[("a", "甲"), ("b", "乙"), ("c", "丙")], entries)).unwrap();
        let lines: Vec<_> =
            issue.highlights.iter().map(|h| (h.label.as_str(), h.headline.as_str())).collect();
        assert_eq!(lines, [("芯片", "速览1"), ("甲", "速览2")]);
        let titles: Vec<Vec<_>> = issue
            .sections
            .iter()
            .map(|s| s.entries.iter().map(|e| e.title.as_str()).collect())
            .collect();
        assert_eq!(titles, [vec!["标题2"], vec!["标题1", "标题3"], vec![]]);
        let first = &issue.sections[0].entries[0];
        assert_eq!(
            (first.link.text.as_str(), first.papers[0].text.as_str()),
            ("阅读原文", "相关论文")
        );
    }

    #[test]
    fn an_edition_without_sections_has_one() {
        let issue = arrange(plan(&[], vec![planned("1", "anything", "", true)])).unwrap();
        assert_eq!(issue.sections.len(), 1);
        assert_eq!(issue.sections[0].title, "要闻");
        assert_eq!(issue.highlights[0].label, "要闻");
    }

    #[test]
    fn an_unknown_section_is_an_error() {
        let error = arrange(plan(&[("a", "甲")], vec![planned("1", "z", "", true)])).unwrap_err();
        assert_eq!(error, ArrangeError::UnknownSection { story: "1".into(), section: "z".into() });
    }
}
