//! What an editor is shown of an issue.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::sync::{Arc, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde::Serialize;

use super::deleted::{Deleted, deleted};
use super::{Desk, DeskError, Rating};
use crate::compose::{Issue, IssueEntry};
use crate::extract::Article;
use crate::format::{self, Parsed};
use crate::pipeline::CandidateRow;
use crate::pipeline::approval::Approving;
use crate::pipeline::report::Report;
use crate::pipeline::versions::{VersionRow, versions};
use crate::review::edit::{EditError, Piece, Target, pieces_of};
use crate::review::queue::{Queue, Rated, queue, risk};
use crate::review::record::What;
use crate::review::sides::{Sides, sides};
use crate::review::{
    Approval, Checked, OpenFindings, Refusal, articles_of, carry, checked_texts, entry_key,
    highlight_of, obstacle,
};
use crate::select::Kind;
use crate::store::{Fault, StoreError, read_text};
use crate::text::hash::sha256_hex;
use crate::verify::{self, Claim, Finding, Origin, Severity, SourceText};

/// The most texts whose findings are remembered.
const MOST_CHECKED: usize = 20_000;

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

/// What stands in the way of an approval, or that it was given.
#[derive(Clone, Debug, PartialEq)]
pub struct ApprovalState {
    /// The last approval.
    pub last: Option<Approval>,
    /// It is of exactly this text and its evidence.
    pub current: bool,
    /// Why the text cannot be approved as it stands; undecided findings aside.
    pub refused: Option<Refusal>,
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
#[derive(Clone, Debug)]
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
    pub articles: BTreeMap<String, Arc<Article>>,
    /// The account of the last run; `None` where it cannot be read.
    pub report: Option<Report>,
    /// Why it cannot be read.
    pub report_damage: Option<Damage>,
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
    /// How many articles behind the evidence are not stored.
    pub missing_articles: usize,
}

/// What is wrong with the account of the last run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Damage {
    /// There is none.
    Missing,
    /// It is no account: damaged, or changed by hand.
    Unreadable(String),
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
    /// The issue as it stands. What was made of the same files before is given again.
    ///
    /// # Errors
    /// The draft is not in the format ([`EditError::Format`]), or files cannot be read.
    pub fn view(&self) -> Result<Arc<View>, DeskError> {
        let mut last = self.last_view.lock().unwrap_or_else(PoisonError::into_inner);
        let stamp = self.stamp()?;
        if let Some((_, view)) = last.as_ref().filter(|(of, _)| *of == stamp) {
            return Ok(Arc::clone(view));
        }
        let view = Arc::new(self.look()?);
        // Files that were changed meanwhile may have given a view of neither state, and an article
        // that is missing may come: only a view of exactly these files is kept.
        let is_whole = view.missing_articles == 0 && self.stamp()? == stamp;
        *last = is_whole.then(|| (stamp, Arc::clone(&view)));
        Ok(view)
    }

    /// Reads the issue as it stands.
    fn look(&self) -> Result<View, DeskError> {
        let draft = self.load()?;
        let (parsed, fields) = format::locate(&draft.markdown).map_err(EditError::from)?;
        let refused = obstacle(&draft.markdown, &parsed);
        let pieces = pieces_of(&parsed, fields);
        let known = self.known_of(parsed, &draft)?;
        let files = self.files();
        let (report, report_damage) = match account(&files.folder.join("report.json"))? {
            Ok(report) => (Some(report), None),
            Err(damage) => (None, Some(damage)),
        };
        let version = sha256_hex(draft.markdown.as_bytes());
        let machine_text = files.base_text(&version)?;
        let accepted = draft.record.accepted();
        let queue = queue(&known.texts, &accepted, |text| self.rate(text, &known.articles));
        let read = draft.record.read_claims().into_iter().map(str::to_owned).collect();
        let last = draft.record.last_to_undo().last().map(|(_, d)| UndoOffer {
            what: d.what,
            who: d.who.clone(),
            at: d.at,
            target: d.target.clone(),
        });
        Ok(View {
            name: self.issue.clone(),
            version,
            pieces,
            entries: entry_rows(&known.issue),
            queue,
            read,
            left_out: report.as_ref().map(left_out).unwrap_or_default(),
            report,
            report_damage,
            deleted: deleted(&known.issue, &draft),
            versions: versions(&self.store, &self.edition, &self.issue)?,
            approval: approval_state(&draft, refused, &known.texts),
            undo: last,
            unreadable: draft.record.unreadable.clone(),
            machine_text,
            missing_articles: known.missing,
            issue: known.issue,
            texts: known.texts,
            articles: known.articles,
            markdown: draft.markdown,
        })
    }

    /// The texts of a draft with all that is known of them; an editor's own are checked now.
    pub(super) fn known(&self, draft: &Approving) -> Result<Known, DeskError> {
        let parsed = format::outline(&draft.markdown).map_err(EditError::from)?;
        self.known_of(parsed, draft)
    }

    /// As [`Self::known`], of what was read of the draft.
    fn known_of(&self, parsed: Parsed, draft: &Approving) -> Result<Known, DeskError> {
        let issue = carry(parsed.issue, &draft.machine);
        let mut texts = checked_texts(&issue);
        let ids: BTreeSet<&String> = texts.iter().flat_map(|t| &t.sources).collect();
        let wanted = ids.len();
        let articles: BTreeMap<String, Arc<Article>> =
            self.articles(ids)?.into_iter().map(|a| (a.id.clone(), a)).collect();
        for text in texts.iter_mut().filter(|t| t.origin == Some(Origin::Editor)) {
            let own: Vec<&Article> =
                text.sources.iter().filter_map(|id| articles.get(id)).map(|a| &**a).collect();
            text.findings = self.check(&text.text, &own);
        }
        let missing = wanted.saturating_sub(articles.len());
        Ok(Known { issue, texts, articles, missing })
    }

    /// What an editor's text is found to be, against these articles; nothing without any. It hangs
    /// on the text and the articles alone, whose ids are hashes of their texts: what was found once
    /// is remembered.
    fn check(&self, text: &str, articles: &[&Article]) -> Vec<Finding> {
        if articles.is_empty() || text.trim().is_empty() {
            return Vec::new();
        }
        let ids = articles.iter().map(|a| a.id.as_str());
        let key = sha256_hex(ids.chain([text]).collect::<Vec<_>>().join("\n").as_bytes());
        if let Some(found) = self.checked().get(&key) {
            return found.clone();
        }
        let claim =
            Claim { text: text.to_owned(), origin: Some(Origin::Editor), ..Claim::default() };
        let options = verify::Options { language: Some(self.language.clone()) };
        let found = verify::check(&claim, &sources(articles), &options);
        let mut checked = self.checked();
        if checked.len() >= MOST_CHECKED {
            checked.clear();
        }
        checked.insert(key, found.clone());
        found
    }

    /// The risk of a text. It hangs on the text and its evidence alone: what was rated once is
    /// remembered.
    fn rate(&self, text: &Checked, articles: &BTreeMap<String, Arc<Article>>) -> Rated {
        let mut all = self.rated.lock().unwrap_or_else(PoisonError::into_inner);
        let same = |r: &&Rating| r.evidence == text.evidence && r.origin == text.origin;
        if let Some(known) = all.get(&text.text).filter(same) {
            return known.rated.clone();
        }
        let made = risk(text, articles);
        // An article that is missing may come.
        if text.evidence.iter().all(|e| articles.contains_key(&e.article)) {
            if all.len() >= MOST_CHECKED {
                all.clear();
            }
            let (evidence, origin) = (text.evidence.clone(), text.origin);
            all.insert(text.text.clone(), Rating { evidence, origin, rated: made.clone() });
        }
        made
    }

    fn checked(&self) -> MutexGuard<'_, HashMap<String, Vec<Finding>>> {
        self.checked.lock().unwrap_or_else(PoisonError::into_inner)
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
    /// How many articles behind the texts are not stored.
    missing: usize,
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

pub(super) fn entries(issue: &Issue) -> impl Iterator<Item = &IssueEntry> {
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

/// The account of the last run.
fn account(path: &Path) -> Result<Result<Report, Damage>, StoreError> {
    let text = match read_text(path) {
        Err(e) if e.fault == Fault::NotText => return Ok(Err(Damage::Unreadable(e.detail))),
        text => text?,
    };
    Ok(match text {
        None => Err(Damage::Missing),
        Some(text) => serde_json::from_str(&text).map_err(|e| Damage::Unreadable(e.to_string())),
    })
}

fn left_out(report: &Report) -> Vec<CandidateRow> {
    let placed = |c: &&CandidateRow| !matches!(c.outcome, Kind::Entry | Kind::Merged);
    let mut rows: Vec<CandidateRow> = report.candidates.iter().filter(placed).cloned().collect();
    rows.sort_by_key(|c| (c.rank.is_none(), c.rank, c.id.clone()));
    rows
}

fn approval_state(draft: &Approving, refused: Option<Refusal>, texts: &[Checked]) -> ApprovalState {
    let accepted = draft.record.accepted();
    let open = texts.iter().filter(|t| t.is_machine()).flat_map(|text| {
        let is_open = |f: &&Finding| accepted.of(&text.text, f, &text.sources).is_none();
        text.findings.iter().filter(is_open).map(|f| f.severity)
    });
    let open: Vec<Severity> = open.collect();
    let count = |s| open.iter().filter(|o| **o == s).count();
    ApprovalState {
        last: draft.approval.clone(),
        current: draft.is_approved(),
        refused,
        open: OpenFindings { red: count(Severity::Red), amber: count(Severity::Amber) },
        approved_text: draft.approved_text.clone(),
    }
}
