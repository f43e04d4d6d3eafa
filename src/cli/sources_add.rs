//! `digestgen sources add URL`: from an address to a source that is known to work.

use std::path::Path;

use digestgen::config::edit::{Present, shown, with_sources};
use digestgen::discover::{Proposed, name_of, unused_name};
use digestgen::extract::TextOrigin;
use digestgen::net::Reason;
use digestgen::pipeline::{FindError, Found, Newest, find_source};
use digestgen::store::{read_text, write_atomic};
use serde_json::{Value, json};

use super::args::{Shared, SourcesAdd};
use super::exit::{Exit, Stop, print};
use super::place::now;
use super::web::{client, drive, finish_recording};

impl From<FindError> for Stop {
    fn from(error: FindError) -> Self {
        match error {
            FindError::Unreachable(failure) if failure.reason == Reason::PrivateAddress => {
                Self::usage(format!("{failure}{}", lifted(&failure.detail)))
            }
            FindError::Run(e) => e.into(),
            other => Self::usage(other.to_string()),
        }
    }
}

/// The line of the configuration that a refusal names, on lines of its own to be copied.
fn lifted(detail: &str) -> String {
    let line = detail.find("allow = [").and_then(|at| {
        let end = detail[at..].find(']')?;
        detail.get(at..=at + end)
    });
    line.map(|line| format!("\n\n[net]\n{line}")).unwrap_or_default()
}

/// The text of the configuration and what stands in it.
pub(super) fn present(path: &Path) -> Result<(String, Present), Stop> {
    let text = read_text(path)?.ok_or_else(|| {
        Stop::usage(format!(
            "there is no configuration {}; `digestgen init` writes one, --config FILE names another",
            path.display()
        ))
    })?;
    let present = Present::parse(path, &text)?;
    Ok((text, present))
}

/// Writes these sources into the configuration as it stands now.
pub(super) fn write(path: &Path, added: &[Proposed]) -> Result<(), Stop> {
    // Finding a source takes a while: what was edited meanwhile stays.
    let (text, _) = present(path)?;
    let edited = with_sources(path, &text, added)?;
    Ok(write_atomic(&real(path), edited.as_bytes())?)
}

/// A link is followed, so that the file it leads to is replaced and not the link.
fn real(path: &Path) -> std::path::PathBuf {
    std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// Finds, shows and adds.
pub(crate) fn run(shared: &Shared, options: &SourcesAdd) -> Result<Exit, Stop> {
    let path = &shared.config;
    let (_, present) = present(path)?;
    let url = with_scheme(&options.url);
    refuse_known(&present, &Proposed::at("feed", "", &url))?;
    let client = client(&present.net, false, &options.web)?;
    let now = now(shared)?;
    let found = drive(async { find_source(&client, &url, now).await.map_err(Stop::from) })?;
    finish_recording(&client)?;
    refuse_known(&present, &found.proposed)?;
    let found = named(found, options, &present);
    let unusable = found.unusable.clone();
    let add = unusable.is_none() && !options.dry_run;
    if add {
        write(path, std::slice::from_ref(&found.proposed))?;
    }
    match shared.json {
        true => print(&format!("{}\n", report(&found, add)))?,
        false => print(&words(&found))?,
    }
    if let Some(why) = unusable {
        return Err(Stop::usage(format!("found, but not added: {why}")));
    }
    if !shared.quiet {
        match add {
            true => {
                eprintln!("added to {}", path.display());
                example_of(&present).into_iter().for_each(|hint| eprintln!("{hint}"));
            }
            false => eprintln!("--dry-run: {} was not touched", path.display()),
        }
    }
    if found.newest.iter().all(|item| item.readable.is_err()) {
        eprintln!("to do: none of its newest items can be read; see the reasons above");
        return Ok(Exit::Gaps);
    }
    Ok(Exit::Done)
}

/// What `init` wrote as an example does not answer.
fn example_of(present: &Present) -> Option<String> {
    let example = present.sources.iter().find(|s| s.scope().contains("//outlet.example/"))?;
    Some(format!("source `{}` is an example and does not answer: take it out", example.name()))
}

/// People leave the scheme out.
fn with_scheme(url: &str) -> String {
    match url.contains("://") {
        true => url.to_owned(),
        false => format!("https://{url}"),
    }
}

fn refuse_known(present: &Present, proposed: &Proposed) -> Result<(), Stop> {
    match present.same_as(proposed) {
        None => Ok(()),
        Some(known) => Err(Stop::usage(format!(
            "{} is configured already, as source `{}`; nothing was added",
            proposed.url(),
            known.name()
        ))),
    }
}

fn named(mut found: Found, options: &SourcesAdd, present: &Present) -> Found {
    let wanted = options.name.as_deref().unwrap_or(&found.proposed.name);
    let name = name_of(wanted, &found.proposed.name);
    found.proposed.name = unused_name(&name, |n| present.has_name(n));
    if let Some(authority) = &options.authority {
        found.proposed = found.proposed.with("authority", authority);
    }
    found
}

fn words(found: &Found) -> String {
    let mut out = format!("found: {}, {} items\n", found.how, found.listed);
    found.newest.iter().for_each(|item| out.push_str(&item_words(item)));
    out.push_str(&format!("\n{}", shown(&found.proposed)));
    out
}

fn item_words(item: &Newest) -> String {
    let date = item.published.map_or_else(|| "undated".to_owned(), |p| p.to_string());
    let title = if item.title.is_empty() { "(no title)" } else { &item.title };
    let verdict = match &item.readable {
        Ok((length, origin)) => {
            format!("can be read: {length} characters from the {}", origin_word(*origin))
        }
        Err(why) => format!("cannot be read: {why}"),
    };
    format!("  {date}  {title}\n      {}\n      {verdict}\n", item.url)
}

fn origin_word(origin: TextOrigin) -> &'static str {
    match origin {
        TextOrigin::Page => "page",
        TextOrigin::Feed => "feed",
    }
}

fn report(found: &Found, added: bool) -> Value {
    let newest: Vec<Value> = found
        .newest
        .iter()
        .map(|item| {
            json!({
                "title": item.title, "url": item.url, "published": item.published,
                "readable": item.readable.is_ok(),
                "characters": item.readable.as_ref().ok().map(|(n, _)| n),
                "from": item.readable.as_ref().ok().map(|(_, o)| origin_word(*o)),
                "why": item.readable.as_ref().err(),
            })
        })
        .collect();
    json!({
        "found": found.how, "kind": found.proposed.kind, "name": found.proposed.name,
        "toml": shown(&found.proposed), "items": found.listed, "newest": newest,
        "unusable": found.unusable, "added": added,
    })
}
