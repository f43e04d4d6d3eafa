//! `digestgen include` and `digestgen exclude`: what the editor wants in a draft, and what not.

use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use digestgen::collect::Window;
use digestgen::format::DEFAULT_TEMPLATE;
use digestgen::pipeline::{self, IncludeError, Material};
use digestgen::store::{lock, read_capped};
use serde_json::json;

use super::args::{Exclude, Include, Shared};
use super::exit::{Exit, Stop, print};
use super::overrides::{TEMPLATE, override_of, prompts};
use super::place::Place;
use super::progress::Progress;
use super::run::model;
use super::tell::holder;
use super::web::{client, drive, finish_recording};

/// The most bytes that are taken from a file or standard input: as many as of a page.
const CAP: u64 = 5 << 20;

impl From<IncludeError> for Stop {
    fn from(error: IncludeError) -> Self {
        let message = error.to_string();
        match error {
            IncludeError::Run(e) => e.into(),
            IncludeError::NoDraft(_) | IncludeError::OldDraft(_) | IncludeError::BadUrl(_) => {
                Self::usage(message)
            }
            IncludeError::Budget(_) => Self::new(Exit::Budget, message),
            IncludeError::Unmergeable(_) => Self::new(Exit::Refused, message),
            IncludeError::AlreadyIn { .. }
            | IncludeError::Unreadable { .. }
            | IncludeError::Unwritten { .. }
            | IncludeError::Changed => Self::new(Exit::Gaps, message),
        }
    }
}

/// Brings candidates into a draft.
pub(crate) fn include(shared: &Shared, options: &Include) -> Result<Exit, Stop> {
    let place = Place::find(shared)?;
    let issue = place.issue(Some(&options.issue))?;
    let material = material(options)?;
    let template = override_of(&place.dir, "templates", TEMPLATE)?;
    let prompts = prompts(&place.dir)?;
    let client = client(&place.config.net, false, &options.web)?;
    let store = Arc::new(place.store()?);
    let client = client.with_cache(Arc::clone(&store));
    let edition = &place.config.edition.id;
    let window = window_of(&place, &issue)?;
    let model = model(&place, false, &store, &format!("{edition}/{issue}"))?;
    let _lock = lock(store.dir(), &format!("draft-{edition}"), &holder(place.now))?;
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
        offline: false,
        events: &progress,
    };
    let mut exit = Exit::Done;
    for url in &options.urls {
        let asked = drive(async { Ok(pipeline::include(&run, url, material.clone()).await) })?;
        match asked {
            Ok(brought) => {
                if shared.json {
                    let row =
                        json!({ "url": url, "title": brought.title, "section": brought.section });
                    print(&format!("{row}\n"))?;
                } else if !shared.quiet {
                    let place = brought.section.as_deref().unwrap_or("the new entries");
                    eprintln!("brought in: {} ({place})", brought.title);
                }
                brought.gaps.iter().for_each(|gap| eprintln!("to do: {gap}"));
                if !brought.gaps.is_empty() {
                    exit = Exit::Gaps;
                }
            }
            // It is as the editor wants it.
            Err(already @ IncludeError::AlreadyIn { .. }) => eprintln!("{already}"),
            Err(error) => {
                let stop = Stop::from(error);
                // With several addresses one that fails leaves the others their turn.
                if options.urls.len() == 1 || stop.exit != Exit::Gaps {
                    return Err(stop);
                }
                eprintln!("to do: {}", stop.message);
                exit = Exit::Gaps;
            }
        }
    }
    finish_recording(&client)?;
    Ok(exit)
}

/// Where the text of what is brought in comes from.
fn material(options: &Include) -> Result<Material, Stop> {
    if options.urls.len() > 1 && (options.html.is_some() || options.text.is_some()) {
        return Err(Stop::usage("--html and --text are of one article; give one URL with them"));
    }
    if let Some(path) = &options.html {
        return Ok(Material::Html(given(path)?));
    }
    let Some(path) = &options.text else { return Ok(Material::Web) };
    String::from_utf8(given(path)?)
        .map(Material::Text)
        .map_err(|_| Stop::usage(format!("{} is no UTF-8 text; save it as UTF-8", path.display())))
}

fn given(path: &Path) -> Result<Vec<u8>, Stop> {
    if path != Path::new("-") {
        return Ok(read_capped(path, CAP)?);
    }
    let mut bytes = Vec::new();
    let read = std::io::stdin().take(CAP + 1).read_to_end(&mut bytes);
    match read {
        Err(e) => Err(Stop::new(Exit::Disk, format!("cannot read standard input: {e}"))),
        Ok(_) if bytes.len() as u64 > CAP => {
            Err(Stop::usage(format!("standard input has more than {CAP} bytes")))
        }
        Ok(_) => Ok(bytes),
    }
}

/// The days of an issue, by its name.
pub(super) fn window_of(place: &Place, issue: &str) -> Result<Window, Stop> {
    let days = issue.split_once('_').and_then(|(from, to)| {
        Some(Window {
            from: from.parse().ok()?,
            to: to.parse().ok()?,
            zone: place.config.zone.clone(),
        })
    });
    days.ok_or_else(|| {
        Stop::usage(format!("`{issue}` is no issue's name; they are like 2026-01-03_2026-01-04"))
    })
}

/// Takes entries out of a draft.
pub(crate) fn exclude(shared: &Shared, options: &Exclude) -> Result<Exit, Stop> {
    let place = Place::find(shared)?;
    let issue = place.issue(Some(&options.issue))?;
    let store = place.store()?;
    let edition = &place.config.edition.id;
    let _lock = lock(store.dir(), &format!("draft-{edition}"), &holder(place.now))?;
    for url in &options.urls {
        let files = (&store, place.dir.as_path(), edition.as_str(), issue.as_str());
        let taken = pipeline::exclude(files, url, place.now)?;
        if shared.json {
            let next =
                taken.next.as_ref().map(|(title, url)| json!({ "title": title, "url": url }));
            print(&format!("{}\n", json!({ "url": url, "title": taken.title, "next": next })))?;
            continue;
        }
        if shared.quiet {
            continue;
        }
        match &taken.title {
            Some(title) => eprintln!("taken out: {title}"),
            None => eprintln!("{url} was not in the draft; it stays out of later runs"),
        }
        if let Some((title, next)) = &taken.next {
            eprintln!("next in rank: {title}\n  digestgen include {issue} {next}");
        }
    }
    Ok(Exit::Done)
}
