//! Source → Candidate → Page → Article: what the window holds, and what can be read of it.

use std::collections::BTreeMap;

use futures_util::StreamExt;
use futures_util::stream;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::reading::{Reading, read_all};
use super::{Event, Phase, Run, RunError};
use crate::collect::{
    self, Candidate, Group, Listed, Placement, Source, SourceResult, SourceStatus, Window,
    candidate_id,
};
use crate::extract::Article;
use crate::store::StoreError;
use crate::text::hash::short_id;

/// What sources listed, keyed `SOURCE/CANDIDATE`.
const LISTINGS: &str = "listing";
/// How sources have been doing, by source.
const HEALTH: &str = "source";
/// How many sources or articles are under way at one time. The client limits the connections: most
/// of these wait until it is their host's turn, or for a slow one.
pub(super) const AT_ONCE: usize = 32;

/// A candidate of the window, and what could be read of it.
pub(super) struct Item {
    /// The candidate.
    pub(super) candidate: Candidate,
    /// It was published before the window.
    pub(super) late: bool,
    /// Neither source nor page dates it.
    pub(super) undated: bool,
    /// Its article, or why there is none.
    pub(super) reading: Reading,
}

/// How a source has been doing.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Health {
    last_success: Option<Timestamp>,
    failing_since: Option<Timestamp>,
}

/// One source in this run.
pub(super) struct SourceState {
    /// What it answered now; `None` where it was not asked.
    pub(super) result: Option<SourceResult>,
    /// Its name.
    pub(super) name: String,
    /// What it lists in all, as far as is stored.
    pub(super) items: usize,
    /// How many of these are candidates of this issue.
    pub(super) in_window: usize,
    /// It fails now and did not before.
    newly_failing: bool,
}

/// What the window holds.
pub(super) struct Gathered {
    /// Candidates, ordered by id.
    pub(super) items: Vec<Item>,
    /// Sources, in the order of the configuration.
    pub(super) sources: Vec<SourceState>,
}

impl Gathered {
    /// The item of a candidate.
    pub(super) fn item(&self, candidate: &str) -> Option<&Item> {
        let at = self.items.binary_search_by(|i| i.candidate.id.as_str().cmp(candidate)).ok()?;
        self.items.get(at)
    }

    /// The article of a candidate, where it could be read.
    pub(super) fn article(&self, candidate: &str) -> Option<&Article> {
        match &self.item(candidate)?.reading {
            Reading::Read(article) => Some(article),
            Reading::Unreadable { .. } => None,
        }
    }

    /// Sources that a person must look at.
    pub(super) fn gaps(&self) -> Vec<String> {
        let failing = self.sources.iter().filter(|s| s.newly_failing);
        failing
            .map(|s| {
                let detail = s.result.as_ref().and_then(|r| r.detail.clone());
                let detail = detail.unwrap_or_else(|| "it answered, but lists nothing".into());
                format!("source {} gave nothing: {detail}", s.name)
            })
            .collect()
    }

    /// Why there is nothing to draft from, and what to do.
    pub(super) fn why_nothing(&self, window: &Window) -> String {
        let asked: Vec<_> = self.sources.iter().filter_map(|s| s.result.as_ref()).collect();
        let failed: Vec<_> = asked.iter().filter(|r| r.status == SourceStatus::Failed).collect();
        if !failed.is_empty() && failed.len() == asked.len() {
            let list: Vec<String> = failed
                .iter()
                .map(|r| format!("  {}: {}", r.name, r.detail.as_deref().unwrap_or("failed")))
                .collect();
            return format!(
                "all {} sources failed, so there is nothing to draft from:\n{}\nCheck the network \
                 and the addresses, then run again",
                failed.len(),
                list.join("\n")
            );
        }
        let items: usize = self.sources.iter().map(|s| s.items).sum();
        format!(
            "no source listed anything from {} to {} ({items} items are outside these days); \
             choose other days with --from and --to, or add sources",
            window.from, window.to
        )
    }
}

/// Asks the sources, fetches what is new, and reads it.
pub(super) async fn gather(run: &Run<'_>) -> Result<Gathered, RunError> {
    let mut sources = ask_sources(run).await?;
    let candidates = candidates(run, &mut sources)?;
    let items = read_all(run, candidates).await?;
    let names: BTreeMap<String, usize> = items
        .iter()
        .flat_map(|i| i.candidate.sources.iter().cloned())
        .fold(BTreeMap::new(), |mut counts, name| {
            *counts.entry(name).or_insert(0) += 1;
            counts
        });
    for source in &mut sources {
        source.in_window = names.get(&source.name).copied().unwrap_or(0);
    }
    Ok(Gathered { items, sources })
}

/// A source's key in the store: the same while its address is the same.
fn source_key(source: &Source) -> String {
    short_id(&source.scope())
}

async fn ask_sources(run: &Run<'_>) -> Result<Vec<SourceState>, RunError> {
    let all = &run.config.sources;
    if run.offline {
        let unasked = |s: &Source| SourceState {
            result: None,
            name: s.name().to_owned(),
            items: 0,
            in_window: 0,
            newly_failing: false,
        };
        return Ok(all.iter().map(unasked).collect());
    }
    run.events.on(Event::Begin(Phase::Collect, all.len()));
    let asked = all.iter().enumerate().map(|(place, source)| async move {
        run.events.on(Event::Start(Phase::Collect, source.name()));
        let result = collect::collect(run.client, source, run.config_dir).await;
        run.events.on(Event::End(Phase::Collect, source.name(), result.detail.as_deref()));
        let newly_failing = keep_listings(run, source, &result)?;
        let state = SourceState {
            name: source.name().to_owned(),
            result: Some(result),
            items: 0,
            in_window: 0,
            newly_failing,
        };
        Ok((place, state))
    });
    // Not in order: one that is slow at the head of the line would hold up those behind it.
    let states: Vec<Result<(usize, SourceState), StoreError>> =
        stream::iter(asked).buffer_unordered(AT_ONCE).collect().await;
    run.events.on(Event::Close(Phase::Collect));
    let mut states: Vec<_> = states.into_iter().collect::<Result<_, _>>()?;
    states.sort_by_key(|(place, _)| *place);
    Ok(states.into_iter().map(|(_, state)| state).collect())
}

/// Stores what a source listed, each with the day it was first seen, and how the source did.
/// Says whether the source fails now and did not before.
fn keep_listings(
    run: &Run<'_>,
    source: &Source,
    result: &SourceResult,
) -> Result<bool, StoreError> {
    let key = source_key(source);
    // A file has no date of its own: in a replay the recording's date serves.
    let at = result.at.or_else(|| run.client.now()).unwrap_or(run.now);
    let known: BTreeMap<String, Listed> =
        run.store.scan(LISTINGS, &format!("{key}/"))?.into_iter().collect();
    let scope = source.scope();
    let mut fresh: BTreeMap<String, Listed> = BTreeMap::new();
    for listing in &result.listings {
        let id = format!("{key}/{}", candidate_id(listing, &scope));
        let first_seen = known.get(&id).map_or(at, |k| k.first_seen);
        let listed = Listed { listing: listing.clone(), first_seen };
        // Of one item listed twice in one answer the fuller listing is kept.
        match fresh.get(&id) {
            Some(other) if weight(other) >= weight(&listed) => {}
            _ => {
                fresh.insert(id, listed);
            }
        }
    }
    let changed = fresh.iter().filter(|(id, l)| known.get(*id) != Some(*l));
    run.store.put_all(LISTINGS, changed.map(|(id, l)| (id.clone(), l)))?;
    let mut health: Health = run.store.get(HEALTH, &key)?.unwrap_or_default();
    let fails = matches!(result.status, SourceStatus::Failed | SourceStatus::Silent);
    let newly = fails && health.failing_since.is_none();
    if fails {
        health.failing_since.get_or_insert(run.now);
    } else {
        health = Health { last_success: Some(run.now), failing_since: None };
    }
    run.store.put(HEALTH, &key, &health)?;
    Ok(newly)
}

fn weight(listed: &Listed) -> (usize, usize, usize) {
    let l = &listed.listing;
    (l.content.as_ref().map_or(0, String::len), l.snippet.len(), l.title.len())
}

/// The candidates that may belong to the window, of all that was ever listed; undated ones are
/// still among them.
fn candidates(
    run: &Run<'_>,
    sources: &mut [SourceState],
) -> Result<Vec<(Candidate, Placement)>, StoreError> {
    let mut groups = Vec::new();
    for (source, state) in run.config.sources.iter().zip(sources) {
        let prefix = format!("{}/", source_key(source));
        let listings: Vec<Listed> =
            run.store.scan(LISTINGS, &prefix)?.into_iter().map(|(_, l)| l).collect();
        state.items = listings.len();
        groups.push(Group {
            source: source.name().to_owned(),
            scope: source.scope(),
            authority: source.authority(),
            listings,
        });
    }
    let late_days = run.config.late_days;
    let placed = collect::merge(&groups).into_iter().filter_map(|candidate| {
        match run.window.place(&candidate, late_days) {
            Placement::Outside => None,
            placement => Some((candidate, placement)),
        }
    });
    Ok(placed.collect())
}
