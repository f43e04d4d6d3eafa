//! What the page works with: the desk of one issue, and what bringing an article in needs.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use axum::body::Bytes;

use jiff::Timestamp;

use super::ServerError;
use super::memo::Memo;
use super::page::Printer;
use super::paper::EntryView;
use super::queue::DecisionView;
use super::words::Words;
use crate::collect::Window;
use crate::config::Config;
use crate::model::{Model, Prompts};
use crate::net::Client;
use crate::pipeline::desk::Desk;
use crate::pipeline::{Event, Events, Run};
use crate::store::{Lock, Store, StoreError, lock};

/// The room that an editor works in: one issue of one digest.
pub struct Room {
    /// The desk.
    pub desk: Desk,
    /// The configuration.
    pub config: Config,
    /// The folder of the configuration.
    pub config_dir: PathBuf,
    /// The digest's folder.
    pub dir: PathBuf,
    /// The days of the issue.
    pub window: Window,
    /// The state.
    pub store: Arc<Store>,
    /// The web, for what is brought in.
    pub client: Client,
    /// The model, where one is configured and its key is there.
    pub model: Option<Model>,
    /// What the model is told.
    pub prompts: Prompts,
    /// The template of `issue.md`.
    pub template: String,
    /// Who decides, as the system names them.
    pub who: String,
    /// How the holder of the draft's lock is described to others.
    pub holder: String,
    /// The clock.
    pub clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
}

/// The room with the words and templates of its page.
pub(super) struct Shared {
    pub(super) room: Room,
    pub(super) words: Words,
    pub(super) printer: Printer,
    /// The last page with the stamp of what it shows, and its parts.
    pub(super) last_page: Mutex<LastPage>,
}

/// What is remembered of the last page.
pub(super) struct LastPage {
    pub(super) page: Option<(String, Bytes)>,
    pub(super) entries: Memo<EntryView>,
    pub(super) decisions: Memo<DecisionView>,
}

impl Shared {
    pub(super) fn new(room: Room) -> Result<Self, ServerError> {
        let words = Words::of(&room.config.edition.language).map_err(ServerError::Words)?;
        let printer = Printer::new().map_err(ServerError::Templates)?;
        let last_page =
            LastPage { page: None, entries: Memo::new("entry"), decisions: Memo::new("decision") };
        Ok(Self { room, words, printer, last_page: Mutex::new(last_page) })
    }

    pub(super) fn word(&self, table: &'static str, key: &str) -> String {
        self.words.get(table, key).to_owned()
    }

    pub(super) fn now(&self) -> Timestamp {
        (self.room.clock)()
    }
}

impl Room {
    /// The draft's lock, as a run takes it.
    pub(super) fn lock(&self) -> Result<Lock, StoreError> {
        let name = format!("draft-{}", self.config.edition.id);
        lock(self.store.dir(), &name, &self.holder)
    }

    /// A run that brings one article in.
    pub(super) fn run<'a>(&'a self, now: Timestamp, events: &'a Silent) -> Run<'a> {
        Run {
            config: &self.config,
            config_dir: &self.config_dir,
            dir: &self.dir,
            store: &self.store,
            client: &self.client,
            model: self.model.as_ref(),
            prompts: &self.prompts,
            template: &self.template,
            window: &self.window,
            now,
            offline: false,
            events,
        }
    }
}

/// Nobody is told what goes on: the page waits for the answer.
pub(super) struct Silent;

impl Events for Silent {
    fn on(&self, _: Event<'_>) {}
}
