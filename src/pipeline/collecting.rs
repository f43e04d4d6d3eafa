//! Source → Article without a draft: what a timer does between runs, because feeds forget.
//!
//! It takes no lock and may work while a draft is written: each record is whole by itself.

use super::gather::{self, SourceState};
use super::health::Asker;
use super::reading::Reading;
use super::{Run, RunError};
use crate::collect::SourceResult;

/// What was collected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collected {
    /// Sources that were asked.
    pub sources: usize,
    /// Those of them that could not be read, or listed nothing.
    pub failed: usize,
    /// Items they listed.
    pub listed: usize,
    /// Items that were never listed before.
    pub fresh: usize,
    /// Candidates of the window whose article is stored.
    pub read: usize,
    /// Candidates of the window that could not be read.
    pub unreadable: usize,
    /// What a person must look at, a sentence each.
    pub gaps: Vec<String>,
}

/// Asks the sources and reads the articles of what may still belong to an issue: what
/// `run.window` holds, and the edition's `late_days` before it.
///
/// # Errors
/// [`RunError::Nothing`] where no source could be read, or what the disk refuses.
pub async fn collect(run: &Run<'_>) -> Result<Collected, RunError> {
    let gathered = gather::gather(run, Asker::Collect).await?;
    let gaps = gathered.gaps();
    gathered.told(run, Asker::Collect)?;
    if let Some(why) = gathered.all_failed() {
        return Err(RunError::Nothing(why));
    }
    let read = gathered.items.iter().filter(|i| matches!(i.reading, Reading::Read(_))).count();
    let listed = |s: &SourceState| s.result.as_ref().map_or(0, |r| r.listings.len());
    Ok(Collected {
        sources: gathered.sources.len(),
        failed: gathered.sources.iter().filter(|s| listed(s) == 0).count(),
        listed: gathered.sources.iter().map(listed).sum(),
        fresh: gathered.sources.iter().map(|s| s.fresh).sum(),
        read,
        unreadable: gathered.items.len() - read,
        gaps,
    })
}

/// What a source answered when it was asked only to see how it does.
#[derive(Clone, Debug, PartialEq)]
pub struct Probed {
    /// What it answered.
    pub result: SourceResult,
    /// What is wrong with it, in a sentence.
    pub complaint: Option<String>,
}

/// Asks all sources, in the order of the configuration; what they list is stored, no article is
/// read.
///
/// # Errors
/// What the disk refuses.
pub async fn probe(run: &Run<'_>) -> Result<Vec<Probed>, RunError> {
    let states = gather::ask_sources(run, Asker::Probe).await?;
    let probed = states.into_iter().filter_map(|state| {
        let complaint = state.complaint();
        Some(Probed { result: state.result?, complaint })
    });
    Ok(probed.collect())
}
