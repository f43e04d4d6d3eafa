//! `digestgen run`: draft an issue.

use std::path::Path;
use std::sync::Arc;

use digestgen::collect::Window;
use digestgen::format::DEFAULT_TEMPLATE;
use digestgen::model::{Model, ModelError, Writer};
use digestgen::pipeline::{self, Done, RunError};
use digestgen::store::{Store, check_writable, lock, read_text, remove_file, write_atomic};
use jiff::ToSpan;
use jiff::civil::Date;

use super::args::{Run, Shared};
use super::estimate;
use super::exit::{Exit, Stop, print};
use super::overrides::{TEMPLATE, override_of, prompts, try_prompts, try_template};
use super::place::{Place, environment};
use super::progress::Progress;
use super::tell::{self, holder};
use super::web::{client, drive, finish_recording};

impl From<RunError> for Stop {
    fn from(error: RunError) -> Self {
        let message = error.to_string();
        match error {
            RunError::Store(e) => e.into(),
            RunError::Model(_) | RunError::Template(_) => Self::usage(message),
            RunError::Nothing(_) => Self::new(Exit::Nothing, message),
            RunError::Budget => Self::new(Exit::Budget, message),
            RunError::Ledger(_) | RunError::Internal(_) => Self::new(Exit::Bug, message),
        }
    }
}

impl From<ModelError> for Stop {
    fn from(error: ModelError) -> Self {
        match error {
            ModelError::Store(e) => e.into(),
            other => Self::usage(other.to_string()),
        }
    }
}

/// Drafts an issue and reports what became of it.
pub(crate) fn run(shared: &Shared, options: &Run) -> Result<Exit, Stop> {
    let place = Place::find(shared)?;
    let today = place.config.zone.to_datetime(place.now).date();
    let asked = Days::read(options, today)?;
    let template = override_of(&place.dir, "templates", TEMPLATE)?;
    let prompts = prompts(&place.dir)?;
    let client = client(&place.config.net, options.offline, &options.web)?;
    let store = Arc::new(place.store()?);
    let client = client.with_cache(Arc::clone(&store));
    let edition = &place.config.edition.id;
    let window = asked.window(&place, &store, today)?;
    let issue = format!("{}_{}", window.from, window.to);
    let issue_key = format!("{edition}/{issue}");
    let model = if options.dry_run {
        planning_model(&place, &store, &issue_key)?
    } else {
        model(&place, options.offline, &store, &issue_key)?
    };
    let progress = Progress::new(shared.quiet, shared.verbose > 0);
    let run = pipeline::Run {
        config: &place.config,
        config_dir: &place.config_dir,
        dir: &place.dir,
        store: &store,
        client: &client,
        model: model.as_ref(),
        prompts: &prompts,
        template: template.as_deref().unwrap_or(DEFAULT_TEMPLATE),
        window: &window,
        now: place.now,
        offline: options.offline,
        events: &progress,
    };
    if options.dry_run {
        let estimate = drive(async { pipeline::estimate(&run).await.map_err(Stop::from) })?;
        finish_recording(&client)?;
        return estimate::tell(shared, &estimate);
    }
    let _lock = lock(store.dir(), &format!("draft-{edition}"), &holder(place.now))?;
    check_ahead(&run, &pipeline::issue_folder(&place.dir, edition, &issue))?;
    let done = drive(async { pipeline::run(&run).await.map_err(Stop::from) })?;
    finish_recording(&client)?;
    finish(shared, options, &done)
}

fn finish(shared: &Shared, options: &Run, done: &Done) -> Result<Exit, Stop> {
    let json = serde_json::to_string_pretty(&done.report)
        .map_err(|e| Stop::new(Exit::Bug, format!("report: {e}")))?;
    if let Some(path) = &options.report {
        write_atomic(path, format!("{json}\n").as_bytes())?;
    }
    if shared.json {
        print(&format!("{json}\n"))?;
    }
    if !shared.quiet {
        eprint!("{}", tell::done(done));
    } else {
        done.gaps.iter().for_each(|gap| eprintln!("to do: {gap}"));
    }
    // The gravest wins: a budget that ended is graver than a gap.
    Ok(match (done.budget_reached, done.gaps.is_empty()) {
        (true, _) => Exit::Budget,
        (false, false) => Exit::Gaps,
        (false, true) => Exit::Done,
    })
}

/// The days as they were typed.
struct Days {
    from: Option<Date>,
    to: Option<Date>,
}

impl Days {
    fn read(options: &Run, today: Date) -> Result<Self, Stop> {
        let day = |flag: &str, text: &Option<String>| {
            text.as_deref().map(|t| day(flag, t, today)).transpose()
        };
        let days = Self { from: day("--from", &options.from)?, to: day("--to", &options.to)? };
        if let (Some(from), Some(to)) = (days.from, days.to)
            && from > to
        {
            return Err(Stop::usage(format!("--from {from} is after --to {to}; exchange them")));
        }
        Ok(days)
    }

    /// Without dates: since the last approved issue, else yesterday and today.
    fn window(&self, place: &Place, store: &Store, today: Date) -> Result<Window, Stop> {
        let to = self.to.unwrap_or(today);
        let from = match self.from {
            Some(from) => from,
            None if self.to.is_some() => to,
            None => match pipeline::last_day(store, &place.config.edition.id)? {
                Some(last) => after(&last)?,
                None => today.saturating_sub(1.day()),
            },
        };
        if from > to {
            return Err(Stop::usage(format!(
                "the days from {from} to {to} are none: the last approved issue covers today \
                 already, or --from lies in the future; name the days with --from and --to"
            )));
        }
        Ok(Window { from, to, zone: place.config.zone.clone() })
    }
}

fn after(last: &str) -> Result<Date, Stop> {
    let last: Date = last
        .parse()
        .map_err(|e| Stop::new(Exit::Bug, format!("the last issue's day `{last}`: {e}")))?;
    Ok(last.saturating_add(1.day()))
}

fn day(flag: &str, text: &str, today: Date) -> Result<Date, Stop> {
    match text {
        "today" => Ok(today),
        "yesterday" => Ok(today.saturating_sub(1.day())),
        // Exactly ten characters: the date library alone takes other forms too.
        _ if text.len() == 10 => text.parse().map_err(|_| bad_day(flag, text)),
        _ => Err(bad_day(flag, text)),
    }
}

fn bad_day(flag: &str, text: &str) -> Stop {
    Stop::usage(format!("{flag} `{text}` is no day; write YYYY-MM-DD, today or yesterday"))
}

/// The model's table, where one shall write.
fn writing_model(place: &Place) -> Option<&digestgen::model::Options> {
    place.config.model.as_ref().filter(|m| m.writer == Writer::Model)
}

/// A door that only notes what would be asked.
fn planning_model(place: &Place, store: &Arc<Store>, issue: &str) -> Result<Option<Model>, Stop> {
    let plan = |m: &digestgen::model::Options| Model::planning(m.clone(), store.clone(), issue);
    Ok(writing_model(place).map(plan).transpose()?)
}

/// The model, where one is configured and shall write.
pub(super) fn model(
    place: &Place,
    offline: bool,
    store: &Arc<Store>,
    issue: &str,
) -> Result<Option<Model>, Stop> {
    let Some(configured) = writing_model(place) else {
        return Ok(None);
    };
    if offline {
        // Stored answers need no key.
        return Ok(Some(Model::offline(configured.clone(), store.clone(), issue)?));
    }
    let key = match configured.key_env()? {
        None => String::new(),
        Some(name) => environment(&name).filter(|k| !k.trim().is_empty()).ok_or_else(|| {
            Stop::usage(format!(
                "no key: the environment variable {name} is not set; set it to the key of your \
                 account, or set writer = \"extractive\" under [model]"
            ))
        })?,
    };
    Ok(Some(Model::new(configured.clone(), key.into(), store.clone(), issue)?))
}

/// How much room a draft with its report needs, generously.
const ROOM: usize = 1 << 20;

/// What would fail at the end is found out before anything is fetched or paid for: a folder that
/// cannot be written, a full disk, a draft that is no text, a prompt that names what is not there,
/// a template that does not print the format.
fn check_ahead(run: &pipeline::Run<'_>, folder: &Path) -> Result<(), Stop> {
    let probe = folder.join(".digestgen-probe");
    let written = write_atomic(&probe, &vec![0; ROOM]);
    let removed = remove_file(&probe);
    written?;
    removed?;
    let draft = folder.join("issue.md");
    read_text(&draft)?;
    check_writable(&draft)?;
    if run.model.is_some() {
        try_prompts(run.config, run.dir, run.prompts)?;
    }
    try_template(run.config, run.dir, run.template)
}
