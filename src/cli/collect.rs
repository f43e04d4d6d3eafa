//! `digestgen collect`: only gather and read what the sources show now, for a timer.
//!
//! It takes no lock of a draft: it works while a draft is open or another run writes.

use std::collections::BTreeMap;
use std::sync::Arc;

use digestgen::collect::Window;
use digestgen::model::Prompts;
use digestgen::net::Client;
use digestgen::pipeline::{self, Collected, Events, Run};
use digestgen::store::Store;
use jiff::ToSpan;
use serde_json::json;

use super::args::{Collect, Shared};
use super::exit::{Exit, Stop, print};
use super::place::Place;
use super::progress::Progress;
use super::web::{client, drive, finish_recording};

/// Days before today whose articles are read, beside the edition's `late_days`.
const DAYS_BACK: i64 = 7;

/// Gathers, reads, and says so in one line.
pub(crate) fn run(shared: &Shared, options: &Collect) -> Result<Exit, Stop> {
    let place = Place::find(shared)?;
    let client = client(&place.config.net, false, &options.web)?;
    let store = Arc::new(place.store()?);
    let client = client.with_cache(Arc::clone(&store));
    let progress = Progress::new(shared.quiet, shared.verbose > 0);
    let gathering = Gathering::new(&place)?;
    let run = gathering.run(&place, &store, &client, &progress);
    let collected = drive(async { pipeline::collect(&run).await.map_err(Stop::from) })?;
    finish_recording(&client)?;
    tell(shared, &collected)?;
    Ok(if collected.gaps.is_empty() { Exit::Done } else { Exit::Gaps })
}

/// What a run needs that writes no draft.
pub(crate) struct Gathering {
    prompts: Prompts,
    window: Window,
}

impl Gathering {
    pub(crate) fn new(place: &Place) -> Result<Self, Stop> {
        let prompts = Prompts::new(&BTreeMap::new())
            .map_err(|e| Stop::new(Exit::Bug, format!("built-in prompts: {e}")))?;
        let to = place.config.zone.to_datetime(place.now).date();
        let from = to.saturating_sub(DAYS_BACK.days());
        Ok(Self { prompts, window: Window { from, to, zone: place.config.zone.clone() } })
    }

    pub(crate) fn run<'a>(
        &'a self,
        place: &'a Place,
        store: &'a Store,
        client: &'a Client,
        events: &'a dyn Events,
    ) -> Run<'a> {
        Run {
            config: &place.config,
            config_dir: &place.config_dir,
            dir: &place.dir,
            store,
            client,
            model: None,
            prompts: &self.prompts,
            template: "",
            window: &self.window,
            now: place.now,
            offline: false,
            events,
        }
    }
}

fn tell(shared: &Shared, collected: &Collected) -> Result<(), Stop> {
    let Collected { sources, failed, listed, fresh, read, unreadable, gaps } = collected;
    gaps.iter().for_each(|gap| eprintln!("to do: {gap}"));
    if shared.json {
        let row = json!({
            "sources": sources, "failed": failed, "listed": listed, "fresh": fresh,
            "read": read, "unreadable": unreadable, "gaps": gaps,
        });
        return print(&format!("{row}\n"));
    }
    if shared.quiet {
        return Ok(());
    }
    let without = match failed {
        0 => String::new(),
        n => format!(" ({n} gave nothing)"),
    };
    print(&format!(
        "collected: {sources} sources{without}, {listed} items, {fresh} of them new; of the last \
         days {read} articles are stored, {unreadable} could not be read\n"
    ))
}
