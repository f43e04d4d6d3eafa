//! `digestgen doctor`: whether everything is in place for a run, each thing with its remedy.
//!
//! It mends nothing and makes no state; a key is never shown. Nothing is asked of the network
//! unless `--probe` says so.

mod model;
mod place;
mod sources;

use std::path::PathBuf;
use std::sync::Arc;

use digestgen::config::Config;
use digestgen::store::Store;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;

use super::args::{Doctor, Shared};
use super::exit::{Exit, Stop, print};
use super::overrides;
use super::place::{Place, folders, now};

/// How a thing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum State {
    /// As it should be.
    Ok,
    /// It works, and a person should know.
    Warning,
    /// A person must do something.
    Wrong,
}

/// One thing that was looked at.
#[derive(Clone, Debug, Serialize)]
struct Check {
    name: &'static str,
    state: State,
    detail: String,
    /// What to do; `None` where all is well.
    remedy: Option<String>,
    /// It makes the configuration unusable.
    #[serde(skip)]
    unusable: bool,
}

impl Check {
    fn ok(name: &'static str, detail: impl Into<String>) -> Self {
        Self { name, state: State::Ok, detail: detail.into(), remedy: None, unusable: false }
    }

    fn warning(name: &'static str, detail: impl Into<String>, remedy: &str) -> Self {
        Self { state: State::Warning, remedy: Some(remedy.to_owned()), ..Self::ok(name, detail) }
    }

    fn wrong(name: &'static str, detail: impl Into<String>, remedy: &str) -> Self {
        Self { state: State::Wrong, ..Self::warning(name, detail, remedy) }
    }

    /// From an error, whose message ends with its remedy.
    fn failed(name: &'static str, stop: &Stop) -> Self {
        let (detail, remedy) = match stop.message.rsplit_once("; ") {
            Some((detail, remedy)) => (detail, remedy),
            None => (stop.message.as_str(), "mend this, and look again"),
        };
        let unusable = stop.exit == Exit::Usage;
        Self { unusable, ..Self::wrong(name, detail, remedy) }
    }

    fn line(&self) -> String {
        let state = match self.state {
            State::Ok => "ok     ",
            State::Warning => "warning",
            State::Wrong => "wrong  ",
        };
        let remedy = match &self.remedy {
            Some(remedy) => format!("         -> {remedy}\n"),
            None => String::new(),
        };
        format!("{state}  {}: {}\n{remedy}", self.name, self.detail)
    }
}

/// Where things are, as far as that can be known.
struct Ground {
    dir: PathBuf,
    now: Timestamp,
    /// `None` where there is no state yet, or it cannot be opened.
    store: Option<Arc<Store>>,
}

/// Looks at everything and says how it is.
pub(crate) fn run(shared: &Shared, options: &Doctor) -> Result<Exit, Stop> {
    let mut checks = Vec::new();
    let (_, dir) = folders(shared);
    let now = now(shared)?;
    let place = match Place::find(shared) {
        Ok(place) => {
            checks.push(configuration(shared, &place));
            Some(place)
        }
        Err(stop) => {
            checks.push(Check::failed("configuration", &stop));
            None
        }
    };
    place::look(&dir, &mut checks);
    let store = place::state(&dir, &mut checks);
    let ground = Ground { dir, now, store };
    checks.push(place::clock(&ground, place.as_ref().map(|p| &p.config))?);
    match &place {
        Some(place) => {
            checks.extend(overridden(&place.config, &ground));
            model::look(&place.config, &ground, options, &mut checks)?;
            checks.extend(sources::look(&place.config, &ground)?);
        }
        None => checks.push(Check::warning(
            "left out",
            "templates, prompts, model and sources were not looked at",
            "mend the configuration first",
        )),
    }
    tell(shared, &checks)
}

fn configuration(shared: &Shared, place: &Place) -> Check {
    let config = &place.config;
    Check::ok(
        "configuration",
        format!(
            "{}: edition {} (“{}”, {}, {}), {} sections, {} entries, {} sources, {} publish targets",
            shared.config.display(),
            config.edition.id,
            config.edition.title,
            config.edition.language,
            config.zone_name,
            config.select.sections.len(),
            config.select.entries,
            config.sources.len(),
            config.publish.len()
        ),
    )
}

/// The files that take the place of built-in ones.
fn overridden(config: &Config, ground: &Ground) -> Vec<Check> {
    let prompts = || -> Result<Check, Stop> {
        let names = overrides::prompt_names(&ground.dir)?;
        overrides::try_prompts(config, &ground.dir, &overrides::prompts(&ground.dir)?)?;
        Ok(Check::ok(
            "prompts",
            match names.is_empty() {
                true => "the built-in ones".to_owned(),
                false => format!("{} replaced, and all can be rendered", names.join(", ")),
            },
        ))
    };
    let template = || -> Result<Check, Stop> {
        let own = overrides::override_of(&ground.dir, "templates", overrides::TEMPLATE)?;
        let Some(own) = own else {
            return Ok(Check::ok("template", "the built-in one"));
        };
        overrides::try_template(config, &ground.dir, &own)?;
        let name = overrides::TEMPLATE;
        Ok(Check::ok("template", format!("{name} replaced, and it prints the format")))
    };
    [("prompts", prompts()), ("template", template())]
        .into_iter()
        .map(|(name, found)| found.unwrap_or_else(|stop| Check::failed(name, &stop)))
        .collect()
}

fn tell(shared: &Shared, checks: &[Check]) -> Result<Exit, Stop> {
    let exit = match (checks.iter().any(|c| c.unusable), checks) {
        (true, _) => Exit::Usage,
        (false, all) if all.iter().any(|c| c.state == State::Wrong) => Exit::Gaps,
        (false, _) => Exit::Done,
    };
    if shared.json {
        print(&format!("{}\n", json!({"checks": checks, "exit": exit as u8})))?;
        return Ok(exit);
    }
    let shown = checks.iter().filter(|c| !(shared.quiet && c.state == State::Ok));
    print(&shown.map(Check::line).collect::<String>())?;
    Ok(exit)
}
