//! Source → Candidate → Page → Article: what the window holds, and what can be read of it.

use std::collections::BTreeMap;

use futures_util::StreamExt;
use futures_util::stream;
use jiff::civil::Date;

use super::decisions::{self, Decisions};
use super::health::{self, Asker, Seen, Trouble};
use super::listed::{self, LISTINGS};
use super::primary::Linked;
use super::reading::{Again, Reading, read_all};
use super::related::Related;
use super::{Event, Phase, Run, RunError};
use crate::collect::{
    self, Authority, Candidate, Group, Listed, Placement, Source, SourceResult, SourceStatus,
    Window, candidate_id,
};
use crate::extract::Article;
use crate::select::Readable;
use crate::store::StoreError;
use crate::text::hash::short_id;

/// The name under which what an editor asked for stands among the sources of a candidate.
const EDITOR: &str = "editor";
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

impl Item {
    /// It with its article, where it could be read.
    pub(super) fn readable(&self) -> Option<Readable<'_>> {
        match &self.reading {
            Reading::Read(article) => Some(Readable {
                candidate: &self.candidate,
                article,
                late: self.late,
                undated: self.undated,
            }),
            Reading::Unreadable { .. } => None,
        }
    }
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
    /// Those listed now that were never listed before.
    pub(super) fresh: usize,
    /// What is wrong with it.
    pub(super) trouble: Option<Trouble>,
    /// Who asked has not told of the trouble yet.
    begins: bool,
}

impl SourceState {
    fn unasked(source: &Source) -> Self {
        Self {
            result: None,
            name: source.name().to_owned(),
            items: 0,
            in_window: 0,
            fresh: 0,
            trouble: None,
            begins: false,
        }
    }

    /// What a person should look at, in a sentence; `None` where nothing is wrong.
    pub(super) fn complaint(&self) -> Option<String> {
        let trouble = self.trouble.as_ref()?;
        let what = match trouble.reason.as_str() {
            "old_items" => "lists",
            _ => "gave nothing:",
        };
        Some(format!("source {} {what} {}", self.name, trouble.detail))
    }
}

/// What the window holds.
pub(super) struct Gathered {
    /// Candidates, ordered by id.
    pub(super) items: Vec<Item>,
    /// Sources, in the order of the configuration.
    pub(super) sources: Vec<SourceState>,
    /// What the editor decided about this issue.
    pub(super) decisions: Decisions,
    /// Pages that no source lists and that an article of the window links.
    pub(super) linked: Linked,
    /// What belongs to entries beside their articles.
    pub(super) related: Related,
}

impl Gathered {
    /// The item of a candidate.
    pub(super) fn item(&self, candidate: &str) -> Option<&Item> {
        let at = self.items.binary_search_by(|i| i.candidate.id.as_str().cmp(candidate)).ok()?;
        self.items.get(at)
    }

    /// The article of a candidate or of a linked page, where it could be read.
    pub(super) fn article(&self, candidate: &str) -> Option<&Article> {
        match self.item(candidate).map(|i| &i.reading) {
            Some(Reading::Read(article)) => Some(article),
            Some(Reading::Unreadable { .. }) => None,
            None => self.linked.articles.get(candidate),
        }
    }

    /// A candidate with its article, where it could be read.
    pub(super) fn readable(&self, candidate: &str) -> Option<Readable<'_>> {
        self.item(candidate)?.readable()
    }

    /// Sources that a person must look at, and has not been told of.
    pub(super) fn gaps(&self) -> Vec<String> {
        let begins = self.sources.iter().filter(|s| s.begins);
        begins.filter_map(SourceState::complaint).collect()
    }

    /// Notes that [`Gathered::gaps`] were told.
    pub(super) fn told(&self, run: &Run<'_>, asker: Asker) -> Result<(), StoreError> {
        let states = run.config.sources.iter().zip(&self.sources);
        health::told(run.store, asker, states.filter(|(_, s)| s.begins).map(|(s, _)| s))
    }

    /// That no source could be read, each with its reason; `None` where one could.
    pub(super) fn all_failed(&self) -> Option<String> {
        let asked: Vec<_> = self.sources.iter().filter_map(|s| s.result.as_ref()).collect();
        let all = asked.iter().all(|r| r.status == SourceStatus::Failed);
        if asked.is_empty() || !all {
            return None;
        }
        let list: Vec<String> = asked
            .iter()
            .map(|r| format!("  {}: {}", r.name, r.detail.as_deref().unwrap_or("failed")))
            .collect();
        Some(format!(
            "all {} sources failed, so there is nothing to draft from:\n{}\nCheck the network and \
             the addresses, then run again",
            asked.len(),
            list.join("\n")
        ))
    }

    /// Why there is nothing to draft from, and what to do.
    pub(super) fn why_nothing(&self, window: &Window) -> String {
        if let Some(why) = self.all_failed() {
            return why;
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
pub(super) async fn gather(run: &Run<'_>, asker: Asker) -> Result<Gathered, RunError> {
    let decisions = match asker {
        Asker::Run => decisions::read_off(run)?,
        Asker::Collect | Asker::Probe => Decisions::default(),
    };
    gather_decided(run, asker, decisions).await
}

/// The same, with what the editor decided about the issue.
pub(super) async fn gather_decided(
    run: &Run<'_>,
    asker: Asker,
    decisions: Decisions,
) -> Result<Gathered, RunError> {
    let mut sources = ask_sources(run, asker).await?;
    let candidates = candidates(run, &mut sources, &decisions)?;
    let again = match asker {
        Asker::Run => Again::Always,
        Asker::Collect | Asker::Probe => Again::WherePassing,
    };
    let items = read_all(run, candidates, again).await?;
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
    Ok(Gathered {
        items,
        sources,
        decisions,
        linked: Linked::default(),
        related: Related::default(),
    })
}

/// A source's key in the store: the same while its address is the same.
pub(super) fn source_key(source: &Source) -> String {
    short_id(&source.scope())
}

/// Asks all sources at once and stores what they list and how they did.
pub(super) async fn ask_sources(run: &Run<'_>, asker: Asker) -> Result<Vec<SourceState>, RunError> {
    let all = &run.config.sources;
    if run.offline {
        return Ok(all.iter().map(SourceState::unasked).collect());
    }
    run.events.on(Event::Begin(Phase::Collect, all.len()));
    let asked = all.iter().enumerate().map(|(place, source)| async move {
        run.events.on(Event::Start(Phase::Collect, source.name()));
        let result = collect::collect(run.client, source, run.config_dir).await;
        run.events.on(Event::End(Phase::Collect, source.name(), result.detail.as_deref()));
        let (fresh, trouble) = keep_listings(run, source, &result)?;
        let state = SourceState {
            result: Some(result),
            fresh,
            begins: trouble.as_ref().is_some_and(|t| t.begins_for(asker)),
            trouble,
            ..SourceState::unasked(source)
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
/// Gives how many were never listed before, and the trouble the source is in.
fn keep_listings(
    run: &Run<'_>,
    source: &Source,
    result: &SourceResult,
) -> Result<(usize, Option<Trouble>), StoreError> {
    let key = source_key(source);
    // A file has no date of its own: in a replay the recording's date serves.
    let at = result.at.or_else(|| run.client.now()).unwrap_or(run.now);
    let scope = source.scope();
    let known = known_listings(run, &key, &scope, result)?;
    let mut listed: BTreeMap<String, Listed> = BTreeMap::new();
    for listing in &result.listings {
        let id = format!("{key}/{}", candidate_id(listing, &scope));
        let first_seen = known.get(&id).map_or(at, |k| k.first_seen);
        let item = Listed { listing: listing.clone(), first_seen };
        // Of one item listed twice in one answer the fuller listing is kept.
        match listed.get(&id) {
            Some(other) if weight(other) >= weight(&item) => {}
            _ => {
                listed.insert(id, item);
            }
        }
    }
    let changed = listed.iter().filter(|(id, l)| known.get(*id) != Some(*l));
    listed::keep(run.store, &key, changed)?;
    let newest = listed.values().map(|l| day_of(run, l)).max();
    let new = listed.iter().filter(|(id, _)| !known.contains_key(*id));
    let fresh_days: Vec<Date> = new.map(|(_, l)| day_of(run, l)).collect();
    let today = run.config.zone.to_datetime(at).date();
    let seen = Seen { at, today, fresh_days: &fresh_days, newest };
    Ok((fresh_days.len(), health::enter(run.store, source, result, &seen)?))
}

/// Those of the listings of an answer that were stored before. They are looked up one by one: over
/// the months a source lists far more than it shows at one time.
fn known_listings(
    run: &Run<'_>,
    key: &str,
    scope: &str,
    result: &SourceResult,
) -> Result<BTreeMap<String, Listed>, StoreError> {
    let mut known = BTreeMap::new();
    for listing in &result.listings {
        let id = format!("{key}/{}", candidate_id(listing, scope));
        if let Some(stored) = run.store.get(LISTINGS, &id)? {
            known.insert(id, stored);
        }
    }
    Ok(known)
}

/// The day of a listing in the edition's time zone; of an undated one the day it was first seen.
fn day_of(run: &Run<'_>, listed: &Listed) -> Date {
    let zone = &run.config.zone;
    let seen = || zone.to_datetime(listed.first_seen).date();
    listed.listing.published.map_or_else(seen, |p| p.day_in(zone))
}

fn weight(listed: &Listed) -> (usize, usize, usize) {
    let l = &listed.listing;
    (l.content.as_ref().map_or(0, String::len), l.snippet.len(), l.title.len())
}

/// What the editor asked for and no source lists.
fn by_the_editor(decisions: &Decisions, listed: &[Candidate]) -> Vec<Candidate> {
    let known = |id: &str| listed.iter().any(|c| c.id == id);
    let own = decisions.included.iter().filter(|(id, _)| !known(id)).map(|(_, i)| i);
    let listings = own.map(|i| Listed { listing: i.listing.clone(), first_seen: i.at }).collect();
    candidates_of_editor(listings)
}

/// The candidates of what an editor gave.
pub(super) fn candidates_of_editor(listings: Vec<Listed>) -> Vec<Candidate> {
    let (source, scope) = (EDITOR.to_owned(), EDITOR.to_owned());
    collect::merge(&[Group { source, scope, authority: Authority::default(), listings }])
}

/// The candidates that may belong to the window, of all that was ever listed; undated ones are
/// still among them.
fn candidates(
    run: &Run<'_>,
    sources: &mut [SourceState],
    decisions: &Decisions,
) -> Result<Vec<(Candidate, Placement)>, StoreError> {
    let late_days = run.config.late_days;
    let keys: Vec<String> = run.config.sources.iter().map(source_key).collect();
    let asked = decisions.included.keys().cloned();
    let found = listed::around(run.store, &keys, run.window, late_days, asked)?;
    let mut groups = Vec::new();
    for (((source, state), key), listings) in
        run.config.sources.iter().zip(sources).zip(&keys).zip(found)
    {
        state.items = run.store.count(LISTINGS, &format!("{key}/"))?;
        groups.push(Group {
            source: source.name().to_owned(),
            scope: source.scope(),
            authority: source.authority(),
            listings,
        });
    }
    let mut merged = collect::merge(&groups);
    merged.extend(by_the_editor(decisions, &merged));
    let placed = merged.into_iter().filter_map(|candidate| {
        // What the editor asked for is in, whenever it was published.
        if decisions.included.contains_key(&candidate.id) {
            return Some((candidate, Placement::In));
        }
        match run.window.place(&candidate, late_days) {
            Placement::Outside => None,
            placement => Some((candidate, placement)),
        }
    });
    Ok(placed.collect())
}
