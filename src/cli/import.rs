//! `digestgen import`: older issues become earlier issues.

use std::path::Path;

use digestgen::pipeline::{ImportError, Imported, Taken, check_import, import};
use digestgen::store::read_text;

use super::args::{Import, Shared};
use super::exit::{Exit, Stop, print};
use super::place::Place;

/// Takes the files in, all or none where one is not in the format.
pub(crate) fn run(shared: &Shared, options: &Import) -> Result<Exit, Stop> {
    let place = Place::find(shared)?;
    let mut texts = Vec::new();
    for path in &options.files {
        let text = read_text(path)?.ok_or_else(|| {
            Stop::usage(format!("{} does not exist; name an issue's Markdown file", path.display()))
        })?;
        check_import(&text).map_err(|e| refused(path, e))?;
        texts.push((path, text));
    }
    let store = place.store()?;
    let mut all = Vec::new();
    for (path, text) in texts {
        let imported =
            import(&store, &place.config.edition, &text).map_err(|e| refused(path, e))?;
        if imported.title != place.config.edition.title && !shared.quiet {
            eprintln!(
                "{}: its title is “{}”, that of this edition “{}”; it was taken as an issue of \
                 edition {}",
                path.display(),
                imported.title,
                place.config.edition.title,
                place.config.edition.id
            );
        }
        all.push(imported);
    }
    if shared.json {
        let json = serde_json::to_string_pretty(&all)
            .map_err(|e| Stop::new(Exit::Bug, format!("import: {e}")))?;
        print(&format!("{json}\n"))?;
    } else {
        print(&all.iter().map(told).collect::<String>())?;
    }
    Ok(Exit::Done)
}

fn told(imported: &Imported) -> String {
    let what = match imported.taken {
        Taken::New => "taken in",
        Taken::Already => "was taken in before, nothing changed",
        Taken::Replaced => "taken in anew, its entries differ from before",
        Taken::Approved => "not taken in: an issue of these days was approved here",
    };
    let mut out = format!("{}: {what}, {} entries\n", imported.issue, imported.entries.len());
    for (title, url) in &imported.entries {
        out.push_str(&format!("  {title}\n    {url}\n"));
    }
    out
}

fn refused(path: &Path, error: ImportError) -> Stop {
    match error {
        ImportError::Store(e) => e.into(),
        ImportError::Format(_) => Stop::new(
            Exit::Refused,
            format!(
                "{} is not an issue in the format, and nothing was taken in:\n{error}\nMend these \
                 lines; `digestgen check {}` shows all",
                path.display(),
                path.display()
            ),
        ),
    }
}
