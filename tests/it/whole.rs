//! A whole run in this process, as `digestgen run` makes it, with a clock that need not be waited
//! for and a disk that can be watched.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use digestgen::collect::Window;
use digestgen::config::Config;
use digestgen::format::DEFAULT_TEMPLATE;
use digestgen::model::{Clock, Model, Prompts};
use digestgen::net::Client;
use digestgen::pipeline::{self, Done, Event, Events, RunError};
use digestgen::store::{Store, lock};
use secrecy::SecretString;

use crate::harness::NOW;

struct Silent;

impl Events for Silent {
    fn on(&self, _: Event<'_>) {}
}

/// Drafts the issue of 3 and 4 January 2026 of the digest in `dir`.
pub(crate) fn draft(
    dir: &Path,
    replay: &Path,
    clock: Option<Arc<dyn Clock>>,
) -> Result<Done, RunError> {
    let path = dir.join("digest.toml");
    let config = Config::parse(&path, &std::fs::read_to_string(&path).unwrap()).unwrap();
    let store = Arc::new(Store::open(&dir.join(".digestgen")).unwrap());
    let client = Client::replay(replay).unwrap().with_cache(store.clone());
    let edition = &config.edition.id;
    let _lock = lock(store.dir(), &format!("draft-{edition}"), "a test").unwrap();
    let day = |day: &str| day.parse().unwrap();
    let window =
        Window { from: day("2026-01-03"), to: day("2026-01-04"), zone: config.zone.clone() };
    let model = config.model.clone().map(|options| {
        let issue = format!("{edition}/{}_{}", window.from, window.to);
        let (key, store) = (SecretString::from(""), store.clone());
        match clock {
            None => Model::new(options, key, store, &issue),
            Some(clock) => Model::with_clock(options, key, store, &issue, clock),
        }
        .unwrap()
    });
    let run = pipeline::Run {
        config: &config,
        config_dir: dir,
        dir,
        store: &store,
        client: &client,
        model: model.as_ref(),
        prompts: &Prompts::new(&BTreeMap::new()).unwrap(),
        template: DEFAULT_TEMPLATE,
        window: &window,
        now: NOW.parse().unwrap(),
        offline: false,
        events: &Silent,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(pipeline::run(&run))
}
