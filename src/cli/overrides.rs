//! The files of a digest's folder that take the place of built-in ones: prompts and templates.

use std::collections::BTreeMap;
use std::path::Path;

use digestgen::compose::{Issue, IssueSection, Window};
use digestgen::config::Config;
use digestgen::format;
use digestgen::model::Prompts;
use digestgen::pipeline;
use digestgen::store::read_text;

use super::exit::{Exit, Stop};

/// The template of `issue.md`, below the digest's folder.
pub(crate) const TEMPLATE: &str = "issue.md.hbs";

/// The names of the files in `prompts/`.
pub(crate) fn prompt_names(dir: &Path) -> Result<Vec<String>, Stop> {
    let folder = dir.join("prompts");
    let unreadable = |e: &std::io::Error| {
        Stop::new(Exit::Disk, format!("cannot read {}: {e}; check its rights", folder.display()))
    };
    let mut names = Vec::new();
    match std::fs::read_dir(&folder) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
        Err(e) => return Err(unreadable(&e)),
        Ok(entries) => {
            for entry in entries {
                let name = entry.map_err(|e| unreadable(&e))?.file_name();
                let name = name.to_string_lossy().into_owned();
                if name.ends_with(".md") {
                    names.push(name);
                }
            }
        }
    }
    names.sort();
    Ok(names)
}

/// What the model is told, with the digest's own files in the place of built-in ones.
pub(crate) fn prompts(dir: &Path) -> Result<Prompts, Stop> {
    let mut overrides = BTreeMap::new();
    for name in prompt_names(dir)? {
        if let Some(text) = override_of(dir, "prompts", &name)? {
            overrides.insert(name, text);
        }
    }
    let folder = dir.join("prompts");
    Prompts::new(&overrides).map_err(|e| Stop::usage(format!("{}: {e}", folder.display())))
}

/// A file of the digest's folder that takes the place of a built-in one.
pub(crate) fn override_of(dir: &Path, folder: &str, name: &str) -> Result<Option<String>, Stop> {
    Ok(read_text(&dir.join(folder).join(name))?)
}

/// Whether the prompts can be rendered for this edition.
pub(crate) fn try_prompts(config: &Config, dir: &Path, prompts: &Prompts) -> Result<(), Stop> {
    pipeline::try_prompts(config, prompts).map_err(|e| {
        let folder = dir.join("prompts");
        Stop::usage(format!("{}: {e}; mend the file, or take it away", folder.display()))
    })
}

/// Whether a template prints the format.
pub(crate) fn try_template(config: &Config, dir: &Path, template: &str) -> Result<(), Stop> {
    let empty = Issue {
        edition: config.edition.clone(),
        words: config.words.clone(),
        sections: vec![IssueSection { title: "1".into(), ..IssueSection::default() }],
        window: Window { from: "2026-01-03".into(), to: "2026-01-04".into() },
        ..Issue::default()
    };
    format::render_with(template, &empty).map(|_| ()).map_err(|e| {
        Stop::usage(format!("{}: {e}", dir.join("templates").join(TEMPLATE).display()))
    })
}
