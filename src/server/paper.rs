//! The issue as the page shows it: every text with its address, its marks and its state.

use std::collections::BTreeMap;

use serde::Serialize;

use super::address::entry_id;
use super::field::{FieldView, Marks};
use super::words::Words;
use crate::compose::{Issue, IssueDetail, IssueEntry, IssueKeyPoint, TextLink};
use crate::format::Field;
use crate::related::source_name;
use crate::review::edit::Target;
use crate::review::entry_key;
use crate::verify::Claim;

/// What the paper is made of.
pub(super) struct Material<'a> {
    pub(super) issue: &'a Issue,
    /// The Markdown of each entry by its key, and of each line of the highlights by its number.
    pub(super) entries: &'a BTreeMap<String, String>,
    pub(super) marks: &'a Marks,
    pub(super) words: &'a Words,
}

#[derive(Serialize)]
pub(super) struct HighlightView {
    label: Option<FieldView>,
    headline: Option<FieldView>,
    text: FieldView,
}

#[derive(Serialize)]
pub(super) struct SectionView {
    index: usize,
    number: usize,
    title: String,
    /// The title as a text to edit; that of the heading for new entries is none.
    heading: Option<FieldView>,
    waiting: bool,
    free: Vec<FieldView>,
    /// The entries, printed.
    entries: Vec<String>,
}

#[derive(PartialEq, Serialize)]
struct PlaceView {
    index: usize,
    title: String,
    here: bool,
}

#[derive(PartialEq, Serialize)]
pub(super) struct EntryView {
    pub(super) id: String,
    key: String,
    base: String,
    number: String,
    title: FieldView,
    url: String,
    host: String,
    link: FieldView,
    date: FieldView,
    tags: Vec<String>,
    /// Whether all that it claims was read.
    read: bool,
    places: Vec<PlaceView>,
    summary: Vec<FieldView>,
    points: Vec<PointView>,
    papers: Vec<LinkView>,
    free: Vec<FieldView>,
}

#[derive(PartialEq, Serialize)]
struct PointView {
    heading: FieldView,
    details: Vec<DetailView>,
}

#[derive(PartialEq, Serialize)]
struct DetailView {
    lead: Option<FieldView>,
    text: FieldView,
}

#[derive(PartialEq, Serialize)]
pub(super) struct LinkView {
    text: String,
    url: String,
    host: String,
    source: String,
}

#[derive(Serialize)]
pub(super) struct GroupView {
    group: String,
    items: Vec<ItemView>,
}

/// An item of further reading.
#[derive(Serialize)]
struct ItemView {
    title: FieldView,
    url: String,
    source: String,
}

/// The whole paper.
#[derive(Serialize)]
pub(super) struct PaperView {
    pub(super) words: BTreeMap<String, String>,
    pub(super) issue_title: FieldView,
    pub(super) free_top: Vec<FieldView>,
    pub(super) highlights: Vec<HighlightView>,
    pub(super) sections: Vec<SectionView>,
    pub(super) reading: Vec<GroupView>,
    pub(super) free_end: Vec<FieldView>,
}

/// Lays out the issue; `print` prints an entry.
///
/// # Errors
/// What `print` says.
pub(super) fn paper<E>(
    material: &Material<'_>,
    mut print: impl FnMut(EntryView) -> Result<String, E>,
) -> Result<PaperView, E> {
    let issue = material.issue;
    let frees: Vec<(Place, FieldView)> = issue
        .free
        .iter()
        .enumerate()
        .map(|(n, free)| (Place::of(&free.after), material.free(n + 1, &free.text)))
        .collect();
    let at = |place: &Place| -> Vec<FieldView> {
        frees.iter().filter(|(p, _)| p == place).map(|(_, f)| f.clone()).collect()
    };
    let lines = issue.highlights.iter().enumerate();
    let mut number = 0;
    let mut sections = Vec::new();
    for (index, section) in issue.sections.iter().enumerate() {
        number += usize::from(!section.waiting);
        let name = if section.waiting { "new".to_owned() } else { number.to_string() };
        let entries = section.entries.iter().enumerate().map(|(e, entry)| {
            let free = at(&Place::Entry(format!("{name}.{}", e + 1)));
            print(material.entry(entry, &format!("{name}.{}", e + 1), index, free))
        });
        let entries = entries.collect::<Result<_, E>>()?;
        sections.push(SectionView {
            index,
            number,
            title: section.title.clone(),
            heading: (!section.waiting).then(|| {
                material.text(None, Field::SectionTitle { section: number }, &section.title)
            }),
            waiting: section.waiting,
            entries,
            free: at(&Place::Section(name.clone())),
        });
    }
    Ok(PaperView {
        words: issue.words.clone(),
        issue_title: material.text(None, Field::IssueTitle, &issue.edition.title),
        free_top: at(&Place::Top),
        highlights: lines
            .map(|(n, line)| {
                let field = |field, text: &str| {
                    (!text.is_empty()).then(|| material.text(None, field, text))
                };
                let n = n + 1;
                HighlightView {
                    label: field(Field::HighlightLabel { line: n }, &line.label),
                    headline: field(Field::HighlightHeadline { line: n }, &line.headline),
                    text: material.text(None, Field::HighlightText { line: n }, &line.text),
                }
            })
            .collect(),
        sections,
        reading: issue
            .further_reading
            .iter()
            .enumerate()
            .map(|(g, group)| {
                let items = group.items.iter().enumerate().map(|(i, it)| ItemView {
                    title: {
                        let field = Field::ReadingTitle { group: g + 1, item: i + 1 };
                        material.text(None, field, &it.title)
                    },
                    url: safe(&it.url),
                    source: it.source.clone(),
                });
                GroupView { group: group.group.clone(), items: items.collect() }
            })
            .collect(),
        free_end: at(&Place::End),
    })
}

/// Where free text is shown.
#[derive(PartialEq, Eq)]
enum Place {
    Top,
    Section(String),
    Entry(String),
    End,
}

impl Place {
    fn of(anchor: &str) -> Self {
        let mut parts = anchor.split(' ');
        let (kind, number) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        match kind {
            "entry" => Self::Entry(number.to_owned()),
            "section" => Self::Section(number.to_owned()),
            "start" | "top" | "highlights" => Self::Top,
            _ => Self::End,
        }
    }
}

impl Material<'_> {
    fn text(&self, entry: Option<&str>, field: Field, text: &str) -> FieldView {
        let target = Target { entry: entry.map(str::to_owned), field };
        FieldView::new(&target, text, self.marks, self.words)
    }

    fn free(&self, block: usize, text: &str) -> FieldView {
        self.text(None, Field::Free { block }, text)
    }

    fn entry(
        &self,
        entry: &IssueEntry,
        number: &str,
        section: usize,
        free: Vec<FieldView>,
    ) -> EntryView {
        let key = entry_key(entry);
        let title = self.text(Some(&key), Field::Title, &entry.title);
        let points = entry.key_points.iter().enumerate();
        let places = self.issue.sections.iter().enumerate().map(|(index, s)| PlaceView {
            index,
            title: s.title.clone(),
            here: index == section,
        });
        let points: Vec<PointView> =
            points.map(|(p, point)| self.point(&key, p + 1, point)).collect();
        let summary = self.summary(&key, &entry.summary);
        let details = points.iter().flat_map(|p| &p.details).map(|d| &d.text);
        let claims: Vec<&FieldView> = summary.iter().chain(details).collect();
        let read = !claims.is_empty() && claims.iter().all(|c| c.is_read(self.marks));
        EntryView {
            id: entry_id(&key),
            read,
            base: self.entries.get(&key).cloned().unwrap_or_default(),
            number: number.to_owned(),
            title,
            url: safe(&entry.link.url),
            host: shown_host(&entry.link.url),
            link: self.text(Some(&key), Field::Link, "").unseen(&entry.link.url),
            date: match entry.date.as_str() {
                "" => self.text(Some(&key), Field::Date, "").unseen(""),
                date => self.text(Some(&key), Field::Date, date),
            },
            tags: entry.marks.iter().map(|m| self.mark(m)).collect(),
            places: places.collect(),
            summary,
            points,
            papers: entry.papers.iter().map(|p| self.paper_link(p)).collect(),
            free,
            key,
        }
    }

    fn summary(&self, key: &str, claims: &[Claim]) -> Vec<FieldView> {
        let fields = claims.iter().enumerate().map(|(n, claim)| {
            let field = Field::Sentence { sentence: n + 1 };
            let mut view = self.text(Some(key), field, &claim.text);
            let joined = claims.get(n + 1).is_some_and(|next| {
                crate::format::join_claims(&[claim.clone(), next.clone()]).len()
                    > claim.text.len() + next.text.len()
            });
            view.gap = if joined { " " } else { "" };
            view
        });
        fields.collect()
    }

    fn point(&self, key: &str, point: usize, content: &IssueKeyPoint) -> PointView {
        let details = content.details.iter().enumerate();
        PointView {
            heading: self.text(Some(key), Field::Heading { point }, &content.heading),
            details: details.map(|(d, it)| self.detail(key, point, d + 1, it)).collect(),
        }
    }

    fn detail(&self, key: &str, point: usize, detail: usize, it: &IssueDetail) -> DetailView {
        let text = |field, text: &str| self.text(Some(key), field, text);
        let lead = Field::Lead { point, detail };
        DetailView {
            lead: (!it.lead.is_empty()).then(|| text(lead, &it.lead)),
            text: text(Field::Detail { point, detail }, &it.claim.text),
        }
    }

    fn paper_link(&self, paper: &TextLink) -> LinkView {
        let word = self.issue.words.get("related_paper").cloned().unwrap_or_default();
        let text = if paper.text.trim().is_empty() { word } else { paper.text.clone() };
        link(&text, &paper.url, "")
    }

    /// A draft's mark in words.
    fn mark(&self, mark: &str) -> String {
        let (code, rest) = mark.split_once(' ').unwrap_or((mark, ""));
        let word = self.words.get("words", code);
        if rest.is_empty() { word.to_owned() } else { format!("{word} {rest}") }
    }
}

fn link(text: &str, url: &str, source: &str) -> LinkView {
    LinkView {
        text: text.to_owned(),
        url: safe(url),
        host: shown_host(url),
        source: source.to_owned(),
    }
}

/// The address if a click may open it, else nothing.
pub(super) fn safe(url: &str) -> String {
    let parsed = url::Url::parse(url).ok();
    let web = parsed.is_some_and(|u| matches!(u.scheme(), "http" | "https"));
    if web { url.to_owned() } else { String::new() }
}

/// The host of an address for people; the address where it has none.
pub(super) fn shown_host(url: &str) -> String {
    let name = source_name(url);
    if name.is_empty() { url.to_owned() } else { name }
}
