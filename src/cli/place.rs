//! Where things are: configuration, digest's folder, issue; and what time it is.

use std::path::{Path, PathBuf};

use digestgen::config::{Config, ConfigError};
use digestgen::pipeline::issue_folder;
use digestgen::store::Store;
use jiff::Timestamp;

use super::args::Shared;
use super::exit::{Exit, Stop};

/// A digest's configuration and folders.
pub(crate) struct Place {
    pub(crate) config: Config,
    pub(crate) config_dir: PathBuf,
    pub(crate) dir: PathBuf,
    pub(crate) now: Timestamp,
}

impl From<ConfigError> for Stop {
    fn from(error: ConfigError) -> Self {
        Self::usage(error.to_string())
    }
}

impl Place {
    /// Reads the configuration and finds the folders.
    pub(crate) fn find(shared: &Shared) -> Result<Self, Stop> {
        let path = &shared.config;
        let text = std::fs::read_to_string(path).map_err(|e| {
            let what = format!("cannot read the configuration {}: {e}", path.display());
            match e.kind() {
                std::io::ErrorKind::NotFound => Stop::usage(format!(
                    "{what}; `digestgen init` writes one, --config FILE names another"
                )),
                _ => Stop::new(Exit::Usage, format!("{what}; check its rights and its encoding")),
            }
        })?;
        let config = Config::parse(path, &text)?;
        let (config_dir, dir) = folders(shared);
        Ok(Self { config, config_dir, dir, now: now(shared)? })
    }

    /// Opens the state.
    pub(crate) fn store(&self) -> Result<Store, Stop> {
        Ok(Store::open(&self.dir.join(".digestgen"))?)
    }

    /// The name of the issue that was asked for: a folder's name or path; else the latest.
    pub(crate) fn issue(&self, asked: Option<&Path>) -> Result<String, Stop> {
        let edition = &self.config.edition.id;
        let all = self.dir.join("issues").join(edition);
        if let Some(asked) = asked {
            // A file of the issue means the issue.
            let folder = if asked.is_file() { asked.parent().unwrap_or(asked) } else { asked };
            let name = folder.file_name().map(|n| n.to_string_lossy().into_owned());
            let name = name.unwrap_or_default();
            if !name.is_empty() && issue_folder(&self.dir, edition, &name).is_dir() {
                return Ok(name);
            }
            return Err(Stop::usage(format!(
                "there is no issue {} in {}; `digestgen run` drafts one",
                asked.display(),
                all.display()
            )));
        }
        let names = std::fs::read_dir(&all).into_iter().flatten().filter_map(|entry| {
            let entry = entry.ok()?;
            let is_issue = entry.path().join("report.json").is_file();
            is_issue.then(|| entry.file_name().to_string_lossy().into_owned())
        });
        names.max().ok_or_else(|| {
            Stop::usage(format!(
                "there is no issue in {}; `digestgen run` drafts one",
                all.display()
            ))
        })
    }
}

/// The configuration's folder and the digest's, whatever is in them.
pub(crate) fn folders(shared: &Shared) -> (PathBuf, PathBuf) {
    let parent = shared.config.parent().filter(|p| !p.as_os_str().is_empty());
    let config_dir = parent.unwrap_or(Path::new(".")).to_owned();
    let dir = shared.dir.clone().unwrap_or_else(|| config_dir.clone());
    (config_dir, dir)
}

/// The time it is, or is taken to be.
pub(crate) fn now(shared: &Shared) -> Result<Timestamp, Stop> {
    match &shared.now {
        Some(text) => text.parse().map_err(|_| {
            Stop::usage(format!("--now `{text}` is not RFC 3339; write 2026-01-05T08:00:00+08:00"))
        }),
        None => Ok(clock()),
    }
}

/// The one place of the terminal that reads the clock.
#[allow(clippy::disallowed_methods)]
pub(crate) fn clock() -> Timestamp {
    Timestamp::now()
}

/// The one place that reads the environment.
#[allow(clippy::disallowed_methods)]
pub(crate) fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
