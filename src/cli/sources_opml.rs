//! `digestgen sources --import` and `--export`: lists of feeds, as feed readers exchange them.

use std::path::Path;

use digestgen::collect::Source;
use digestgen::discover::{Proposed, opml, unused_name};
use digestgen::store::read_text;
use serde_json::json;

use super::args::Shared;
use super::exit::{Exit, Stop, print};
use super::sources_add::{present, write};

/// Adds the feeds of a file that are not configured yet; asks none of them.
pub(crate) fn import(shared: &Shared, file: &Path, dry_run: bool) -> Result<Exit, Stop> {
    let text = read_text(file)?
        .ok_or_else(|| Stop::usage(format!("there is no file {}", file.display())))?;
    let outlines =
        opml::read(&text).map_err(|e| Stop::usage(format!("{}: {e}", file.display())))?;
    let (_, present) = present(&shared.config)?;
    let (mut added, mut known): (Vec<Proposed>, usize) = (Vec::new(), 0);
    for mut feed in outlines.feeds {
        let twice = added.iter().any(|a| Proposed::same_address(a, &feed));
        if twice || present.same_as(&feed).is_some() {
            known += 1;
            continue;
        }
        let taken = |n: &str| present.has_name(n) || added.iter().any(|a| a.name == n);
        feed.name = unused_name(&feed.name, taken);
        added.push(feed);
    }
    if !added.is_empty() && !dry_run {
        write(&shared.config, &added)?;
    }
    for feed in &added {
        print(&match shared.json {
            true => format!("{}\n", json!({ "name": feed.name, "url": feed.url() })),
            false => format!("{}  {}\n", feed.name, feed.url()),
        })?;
    }
    outlines.problems.iter().for_each(|problem| eprintln!("left out: {problem}"));
    if !shared.quiet {
        let what = if dry_run { "would be added" } else { "added" };
        eprintln!("{} feeds {what}, {known} were there already", added.len());
        eprintln!("next: `digestgen sources --probe` asks them");
    }
    Ok(Exit::Done)
}

/// Prints the feeds as OPML; other kinds of sources have no place in it.
pub(crate) fn export(shared: &Shared) -> Result<Exit, Stop> {
    let (_, present) = present(&shared.config)?;
    let feed = |source: &Source| {
        let scope = source.scope();
        let of_web = scope.starts_with("http://") || scope.starts_with("https://");
        (matches!(source, Source::Feed(_)) && of_web).then(|| (source.name().to_owned(), scope))
    };
    let feeds: Vec<(String, String)> = present.sources.iter().filter_map(feed).collect();
    for source in present.sources.iter().filter(|s| feed(s).is_none()) {
        eprintln!("left out: source {} is no feed of the web", source.name());
    }
    let rows = feeds.iter().map(|(name, url)| (name.as_str(), url.as_str()));
    print(&opml::write(&present.title, rows))?;
    Ok(Exit::Done)
}
