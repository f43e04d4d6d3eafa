//! What an editor is shown of an issue.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;

use super::{Desk, DeskError};
use crate::compose::{Issue, IssueEntry, IssueSection};
use crate::extract::Article;
use crate::format::{self, Field};
use crate::pipeline::CandidateRow;
use crate::pipeline::approval::Approving;
use crate::pipeline::report::Report;
use crate::pipeline::versions::{VersionRow, versions};
use crate::review::edit::{Edit, EditError, Piece, Target, pieces};
use crate::review::queue::{Queue, queue};
use crate::review::record::{Record, What};
use crate::review::sides::{Sides, sides};
use crate::review::{
    Approval, Checked, OpenFindings, articles_of, carry, checked_texts, entry_key, highlight_of,
};
use crate::select::Kind;
use crate::text::hash::sha256_hex;
use crate::verify::{self, Claim, Finding, Origin, SourceText};

/// An entry beside its name.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EntryRow {
    /// Its key: what edits name it by.
    pub key: String,
    /// Its section's title.
    pub section: String,
    /// The key of the entry before it in that section.
    pub after: Option<String>,
    /// Its line in the highlights, counted from 1.
    pub highlight: Option<usize>,
    /// The articles behind its claims.
    pub articles: Vec<String>,
}

/// An entry that is not in the draft and can be brought back.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Deleted {
    /// Its key.
    pub key: String,
    /// Its title.
    pub title: String,
    /// Its Markdown.
    pub text: String,
    /// The title of the section it stood in.
    pub section: String,
}

/// What stands in the way of an approval, or that it was given.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ApprovalState {
    /// The last approval.
    pub last: Option<Approval>,
    /// It is of exactly this text and its evidence.
    pub current: bool,
    /// Why the text cannot be approved as it stands, for people; undecided findings aside.
    pub refused: Option<String>,
    /// The findings that are open.
    pub open: OpenFindings,
    /// The text that was approved last, to show what changed.
    pub approved_text: Option<String>,
}

/// What `undo` would take back.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct UndoOffer {
    /// What it was.
    pub what: What,
    /// Who did it.
    pub who: String,
    /// When.
    pub at: Timestamp,
    /// What it was about.
    pub target: Option<Target>,
}

/// An issue as it stands, with all that is known of it.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    /// The issue's folder name.
    pub name: String,
    /// The SHA-256 of the text.
    pub version: String,
    /// The text.
    pub markdown: String,
    /// What it says, with the machine's evidence and findings where its words stand. Free text is
    /// among the pieces.
    pub issue: Issue,
    /// Every field with its text: what edits name, and their `base`.
    pub pieces: Vec<Piece>,
    /// The entries in the order of the issue.
    pub entries: Vec<EntryRow>,
    /// Every text with its provenance and findings.
    pub texts: Vec<Checked>,
    /// What needs a decision, in order.
    pub queue: Queue,
    /// Texts that were marked as read.
    pub read: BTreeSet<String>,
    /// The articles behind the evidence, by id.
    #[serde(skip)]
    pub articles: BTreeMap<String, Arc<Article>>,
    /// The account of the last run; `None` where it cannot be read.
    pub report: Option<Report>,
    /// Candidates without a place in the issue, the best first.
    pub left_out: Vec<CandidateRow>,
    /// Entries that can be brought back.
    pub deleted: Vec<Deleted>,
    /// Versions that the program replaced.
    pub versions: Vec<VersionRow>,
    /// The approval.
    pub approval: ApprovalState,
    /// What `undo` would take back.
    pub undo: Option<UndoOffer>,
    /// Lines of `review.jsonl` that cannot be read.
    pub unreadable: Vec<usize>,
    /// The program's own text, to show what was changed; `None` where none is kept.
    pub machine_text: Option<String>,
}

/// What a text would be found to be.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Recheck {
    /// What does not hold up; it informs, and never blocks.
    pub findings: Vec<Finding>,
    /// The text beside the likeliest sentences.
    pub sides: Sides,
}

impl Desk {
    /// The issue as it stands.
    ///
    /// # Errors
    /// The draft is not in the format ([`EditError::Format`]), or files cannot be read.
    pub fn view(&self) -> Result<View, DeskError> {
        let draft = self.load()?;
        let known = self.known(&draft)?;
        let files = self.files();
        let report = Report::load(&files).ok();
        let base = files.standing()?.and_then(|s| s.base);
        let accepted = draft.record.accepted();
        let articles: Vec<&Article> = known.articles.values().map(|a| &**a).collect();
        let queue = queue(&known.texts, &accepted, &articles);
        let read = draft.record.read_claims().into_iter().map(str::to_owned).collect();
        let last = draft.record.last_to_undo().last().map(|(_, d)| UndoOffer {
            what: d.what,
            who: d.who.clone(),
            at: d.at,
            target: d.target.clone(),
        });
        Ok(View {
            name: self.issue.clone(),
            version: sha256_hex(draft.markdown.as_bytes()),
            pieces: pieces(&draft.markdown).map_err(EditError::from)?,
            entries: entry_rows(&known.issue),
            queue,
            read,
            left_out: report.as_ref().map(left_out).unwrap_or_default(),
            report,
            deleted: deleted(&known.issue, &draft),
            versions: versions(&self.store, &self.edition, &self.issue)?,
            approval: approval_state(&draft),
            undo: last,
            unreadable: draft.record.unreadable.clone(),
            machine_text: base.map(|b| b.text),
            issue: known.issue,
            texts: known.texts,
            articles: known.articles,
            markdown: draft.markdown,
        })
    }

    /// The texts of a draft with all that is known of them; an editor's own are checked now.
    pub(super) fn known(&self, draft: &Approving) -> Result<Known, DeskError> {
        let parsed = format::outline(&draft.markdown).map_err(EditError::from)?;
        let issue = carry(parsed.issue, &draft.machine);
        let mut texts = checked_texts(&issue);
        let ids: BTreeSet<&String> = texts.iter().flat_map(|t| &t.sources).collect();
        let articles: BTreeMap<String, Arc<Article>> =
            self.articles(ids)?.into_iter().map(|a| (a.id.clone(), a)).collect();
        for text in texts.iter_mut().filter(|t| t.origin == Some(Origin::Editor)) {
            let own: Vec<&Article> =
                text.sources.iter().filter_map(|id| articles.get(id)).map(|a| &**a).collect();
            text.findings = self.check(&text.text, &own);
        }
        Ok(Known { issue, texts, articles })
    }

    /// What an editor's text is found to be, against these articles; nothing without any.
    fn check(&self, text: &str, articles: &[&Article]) -> Vec<Finding> {
        if articles.is_empty() || text.trim().is_empty() {
            return Vec::new();
        }
        let claim =
            Claim { text: text.to_owned(), origin: Some(Origin::Editor), ..Claim::default() };
        let options = verify::Options { language: Some(self.language.clone()) };
        verify::check(&claim, &sources(articles), &options)
    }

    /// Checks what a person writes into the entry `key`, before or after it is saved. It informs
    /// and never blocks.
    ///
    /// # Errors
    /// The draft cannot be read.
    pub fn recheck(&self, key: &str, text: &str) -> Result<Recheck, DeskError> {
        let draft = self.load()?;
        let parsed = format::outline(&draft.markdown).map_err(EditError::from)?;
        let issue = carry(parsed.issue, &draft.machine);
        let entry = entries(&issue).find(|e| entry_key(e) == key).ok_or(DeskError::Gone)?;
        let articles = self.articles(&articles_of(entry))?;
        let articles: Vec<&Article> = articles.iter().map(|a| &**a).collect();
        let findings = self.check(text, &articles);
        Ok(Recheck { findings, sides: sides(text, &[], &articles) })
    }
}

impl View {
    /// A text beside its evidence; beside the likeliest sentences of its entry's articles where it
    /// has none.
    pub fn sides(&self, text: &Checked) -> Sides {
        let own: Vec<&Article> =
            text.sources.iter().filter_map(|id| self.articles.get(id)).map(|a| &**a).collect();
        sides(&text.text, &text.evidence, &own)
    }
}

/// A draft's texts with all that is known of them.
pub(super) struct Known {
    pub(super) issue: Issue,
    pub(super) texts: Vec<Checked>,
    pub(super) articles: BTreeMap<String, Arc<Article>>,
}

/// Articles as checks want them.
pub(super) fn sources<'a>(articles: &[&'a Article]) -> Vec<SourceText<'a>> {
    let one = |a: &&'a Article| SourceText {
        article: &a.id,
        title: &a.title,
        document: &a.document,
        published: a.published,
        language: a.language.as_ref(),
    };
    articles.iter().map(one).collect()
}

fn entries(issue: &Issue) -> impl Iterator<Item = &IssueEntry> {
    issue.sections.iter().flat_map(|s| &s.entries)
}

fn entry_rows(issue: &Issue) -> Vec<EntryRow> {
    let mut highlights = highlight_of(issue).into_iter();
    let mut out = Vec::new();
    for section in &issue.sections {
        let mut after = None;
        for entry in &section.entries {
            let key = entry_key(entry);
            out.push(EntryRow {
                key: key.clone(),
                section: section.title.clone(),
                after: after.replace(key),
                highlight: highlights.next().flatten().map(|n| n + 1),
                articles: articles_of(entry),
            });
        }
    }
    out
}

fn left_out(report: &Report) -> Vec<CandidateRow> {
    let placed = |c: &&CandidateRow| !matches!(c.outcome, Kind::Entry | Kind::Merged);
    let mut rows: Vec<CandidateRow> = report.candidates.iter().filter(placed).cloned().collect();
    rows.sort_by_key(|c| (c.rank.is_none(), c.rank, c.id.clone()));
    rows
}

/// Entries that a person deleted, as they stood then, and those of the machine that are not in the
/// draft.
fn deleted(issue: &Issue, draft: &Approving) -> Vec<Deleted> {
    let mut have: BTreeSet<String> = entries(issue).map(entry_key).collect();
    let mut out = Vec::new();
    for (text, section) in deleted_texts(&draft.record) {
        let file = format!("# T (2026-01-01 至 2026-01-01)\n\n## 1. S\n\n{text}\n\n---\n");
        let Ok(parsed) = format::parse(&file) else { continue };
        let Some(entry) = entries(&parsed.issue).next() else { continue };
        let key = entry_key(entry);
        if have.insert(key.clone()) {
            out.push(Deleted { key, title: entry.title.clone(), text, section });
        }
    }
    for machine in &draft.machine {
        for section in &machine.sections {
            for entry in section.entries.iter().filter(|e| !e.title.is_empty()) {
                let key = entry_key(entry);
                // Printing costs: only what is not in the draft is printed.
                if have.contains(&key) {
                    continue;
                }
                let Some(text) = printed(machine, entry) else { continue };
                if have.insert(key.clone()) {
                    let (title, section) = (entry.title.clone(), section.title.clone());
                    out.push(Deleted { key, title, text, section });
                }
            }
        }
    }
    out
}

/// The Markdown of entries that were deleted at the desk, the last first, with their section.
fn deleted_texts(record: &Record) -> Vec<(String, String)> {
    let deletions = record.standing().filter_map(|(_, d)| match (&d.edit, &d.after) {
        (Some(Edit::Delete { base, .. }), section) => {
            Some((base.clone(), section.clone().unwrap_or_default()))
        }
        _ => None,
    });
    let mut all: Vec<(String, String)> = deletions.collect();
    all.reverse();
    all
}

/// An entry's Markdown as the program would print it.
fn printed(issue: &Issue, entry: &IssueEntry) -> Option<String> {
    let section = IssueSection { entries: vec![entry.clone()], ..IssueSection::titled("S".into()) };
    let alone = Issue {
        sections: vec![section],
        highlights: Vec::new(),
        further_reading: Vec::new(),
        free: Vec::new(),
        verbatim: Vec::new(),
        ..issue.clone()
    };
    let markdown = format::render(&alone).ok()?;
    let (_, fields) = format::locate(&markdown).ok()?;
    fields.into_iter().find(|f| f.field == Field::Entry).map(|f| f.text)
}

fn approval_state(draft: &Approving) -> ApprovalState {
    let (refused, open) = match draft.examine() {
        Ok(examination) => (None, examination.open),
        Err(e) => (Some(e.to_string()), OpenFindings::default()),
    };
    ApprovalState {
        last: draft.approval.clone(),
        current: draft.is_approved(),
        refused,
        open,
        approved_text: draft.approved_text.clone(),
    }
}
