//! The whole flow on one screen: from the sources to a draft on the disk.
//!
//! Each unit is saved when it is done, so that a run that dies loses nothing that was paid for or
//! fetched. What goes on is told as [`Event`]s; the terminal turns them into words.

mod amend;
mod approval;
mod checking;
mod choose;
mod collecting;
mod covered;
mod decisions;
mod delivery;
pub mod desk;
mod draft;
mod earlier;
mod estimate;
mod event;
mod exclude;
mod files;
mod finding;
mod gather;
mod health;
mod import;
mod include;
mod judging;
mod listed;
mod news;
mod places;
mod primary;
mod reading;
mod related;
mod report;
mod rewrites;
mod saving;
mod versions;
mod undo;
mod way;
mod write;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::collect::Window;
use crate::config::Config;
use crate::format::RenderError;
use crate::model::{self, Model, Prompts};
use crate::net::Client;
use crate::select::outcome::{Kind, Ledger, LedgerError};
use crate::select::triage;
use crate::store::{self, Store, StoreError};
use crate::summarize::model as writer;
use crate::template::TemplateError;

use choose::Scope;
use health::Asker;

pub use approval::{ApprovalError, Approving, approve, load_for_approval};
pub use collecting::{Collected, Probed, collect, probe};
pub use delivery::{DeliveryError, Planned, deliver, plan_delivery};
pub use draft::Draft;
pub use earlier::last_day;
pub use estimate::{Estimate, EstimateRow, estimate};
pub use event::{Event, Events, Phase};
pub use exclude::{TakenAway, exclude};
pub use finding::{FindError, Found, Newest, find_source};
pub use health::{Health, Trouble, Visit, health};
pub use import::{ImportError, Imported, Taken, check_import, import};
pub use include::{BroughtIn, IncludeError, Material, include};
pub use primary::LinkedRow;
pub use reading::stored_page;
pub use report::{CandidateRow, Report, SourceRow, TriageRow};
pub use saving::Saved;
pub use undo::undo;
pub use versions::{UndoError, VersionRow, Why, version_text, versions};
pub use way::{ListedBy, Read, Way, way};

/// Everything a run works with.
pub struct Run<'a> {
    /// The configuration.
    pub config: &'a Config,
    /// The folder that `path`s of sources are relative to.
    pub config_dir: &'a Path,
    /// The digest's folder: `issues/` is in it.
    pub dir: &'a Path,
    /// The state.
    pub store: &'a Store,
    /// The web: live, replayed or offline.
    pub client: &'a Client,
    /// The language model; `None` is the extractive writer.
    pub model: Option<&'a Model>,
    /// What the model is told.
    pub prompts: &'a Prompts,
    /// The template of `issue.md`.
    pub template: &'a str,
    /// The days the issue covers.
    pub window: &'a Window,
    /// Now.
    pub now: Timestamp,
    /// Use only what is stored.
    pub offline: bool,
    /// Who is told what goes on.
    pub events: &'a dyn Events,
}

impl Run<'_> {
    /// The issue's name: `2026-01-03_2026-01-04`.
    pub fn issue(&self) -> String {
        format!("{}_{}", self.window.from, self.window.to)
    }

    /// The issue's key in the store.
    pub fn key(&self) -> String {
        format!("{}/{}", self.config.edition.id, self.issue())
    }
}

/// The folder of an issue below the digest's.
pub fn issue_folder(dir: &Path, edition: &str, issue: &str) -> PathBuf {
    dir.join("issues").join(edition).join(issue)
}

/// A run that fails as a whole. A failed item is an outcome, not an error.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The disk refuses.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The endpoint refuses every call.
    #[error("{0}")]
    Model(Box<model::Failure>),
    /// Nothing to draft from.
    #[error("{0}")]
    Nothing(String),
    /// The budget ended before the first entry.
    #[error(
        "the budget of this issue ended before its first entry, and nothing was written; raise \
         [model] max_cost and run again: what was paid for is kept"
    )]
    Budget,
    /// A template of the digest's folder is wrong.
    #[error(transparent)]
    Template(#[from] RenderError),
    /// The account does not add up: a bug of ours.
    #[error("the account does not add up: {0}; please report this with report.json")]
    Ledger(#[from] LedgerError),
    /// Something that cannot be: a bug of ours.
    #[error("{0}; please report this")]
    Internal(String),
}

/// Renders all prompts for the edition with sample material: a file that names what is not there is
/// found out before anything is paid for.
///
/// # Errors
/// The first that cannot be rendered.
pub fn try_prompts(config: &Config, prompts: &Prompts) -> Result<(), TemplateError> {
    triage::try_prompt(prompts, &choose::line(config))?;
    writer::try_prompts(prompts, &write::edition(config))
}

/// What a run did.
#[derive(Debug)]
pub struct Done {
    /// The account; it stands in `report.json` too.
    pub report: Report,
    /// Where the draft is, and whether it was written.
    pub saved: Saved,
    /// What a person must act on (exit 3), a sentence each.
    pub gaps: Vec<String>,
    /// The budget ended before the last entry (exit 5).
    pub budget_reached: bool,
}

/// Drafts one issue.
///
/// # Errors
/// [`RunError`]; the draft on the disk is then as it was.
pub async fn run(run: &Run<'_>) -> Result<Done, RunError> {
    store::sweep(&issue_folder(run.dir, &run.config.edition.id, &run.issue()))?;
    store::sweep(&run.store.dir().join("kept"))?;
    let mut gathered = gather::gather(run, Asker::Run).await?;
    let mut gaps = gathered.gaps();
    if gathered.items.is_empty() {
        return Err(RunError::Nothing(gathered.why_nothing(run.window)));
    }
    let mut ledger = Ledger::default();
    let mut chosen = choose::choose(run, &gathered, &mut ledger, Scope::All).await?;
    gathered.linked = primary::find_primaries(run, &gathered, &mut chosen.stories).await?;
    let written = write::write(run, &gathered, chosen, Scope::All).await?;
    if written.budget_reached && !written.has_entries() {
        return Err(RunError::Budget);
    }
    gaps.extend(written.gaps.iter().cloned());
    gathered.related = related::look(run, &gathered, &written).await?;
    let draft = draft::arrange(run, &gathered, &written, &mut ledger)?;
    let totals = close(&gathered, &ledger)?;
    let mut report = report::report(run, &gathered, &written, &draft, &ledger, totals);
    if !written.has_entries() {
        report::save(run, &report)?;
        return Err(RunError::Nothing(report.why_no_entry()));
    }
    let saved = saving::save(run, &draft, &gathered.decisions)?;
    gaps.extend(saved.gaps());
    report.conflicts = saved.conflicts().to_vec();
    report.notes.extend(saved.notes());
    report::save(run, &report)?;
    gathered.told(run, Asker::Run)?;
    Ok(Done { report, saved, gaps, budget_reached: written.budget_reached })
}

/// Every candidate has exactly one outcome, or the run fails.
fn close(
    gathered: &gather::Gathered,
    ledger: &Ledger,
) -> Result<BTreeMap<Kind, usize>, LedgerError> {
    ledger.close(gathered.items.iter().map(|i| i.candidate.id.as_str()))
}
