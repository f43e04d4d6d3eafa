//! A digest's folder in a temporary place, and the program run in it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use assert_cmd::Command;
use assert_cmd::assert::Assert;
use digestgen::net::{RecordedAnswer, write_recording};
use tempfile::TempDir;

/// The folder of fixtures.
pub fn fixtures() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// The program, without the caller's environment of keys.
pub fn digestgen() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_digestgen"));
    command.env_remove("OPENAI_API_KEY").env("NO_PROXY", "*");
    command
}

/// The time at which the demo is taken to run.
pub const NOW: &str = "2026-01-05T08:00:00+08:00";

/// A digest's folder.
pub struct Digest {
    dir: TempDir,
    config: PathBuf,
    replay: PathBuf,
    issue: String,
}

/// A digest's folder as bytes.
#[derive(Clone)]
struct Kept {
    files: Vec<(PathBuf, Vec<u8>)>,
    config: PathBuf,
    replay: PathBuf,
    issue: String,
}

/// A digest that is made once in this process: each caller gets a folder of its own with the same
/// files. `name` tells it from others.
pub fn drafted_once(name: &'static str, make: impl FnOnce() -> Digest) -> Digest {
    static ALL: Mutex<BTreeMap<&str, Kept>> = Mutex::new(BTreeMap::new());
    // Who comes while it is made waits for it; a failure fails those too, at their own try.
    let mut all = ALL.lock().unwrap_or_else(PoisonError::into_inner);
    let kept = all.entry(name).or_insert_with(|| Kept::of(&make())).clone();
    drop(all);
    kept.unpacked()
}

impl Kept {
    fn of(digest: &Digest) -> Self {
        let mut files = Vec::new();
        let mut folders = vec![digest.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let own = path.strip_prefix(digest.path()).unwrap().to_owned();
                    files.push((own, std::fs::read(&path).unwrap()));
                }
            }
        }
        // A path of the digest's own is one of the new folder's; others stay.
        let own = |path: &Path| path.strip_prefix(digest.path()).unwrap_or(path).to_owned();
        let (config, replay) = (own(&digest.config), own(&digest.replay));
        Self { files, config, replay, issue: digest.issue.clone() }
    }

    fn unpacked(self) -> Digest {
        let dir = tempfile::tempdir().unwrap();
        for (path, bytes) in self.files {
            let path = dir.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
        let (config, replay) = (dir.path().join(self.config), dir.path().join(self.replay));
        Digest { dir, config, replay, issue: self.issue }
    }
}

impl Digest {
    /// The demo digest, replayed into an empty folder.
    pub fn demo() -> Self {
        let demo = fixtures().join("demo");
        Self {
            dir: tempfile::tempdir().unwrap(),
            config: demo.join("digest.toml"),
            replay: demo.join("web.warc.gz"),
            issue: "ai/2026-01-03_2026-01-04".into(),
        }
    }

    /// The demo's sources under another configuration: `change` edits its text.
    pub fn demo_with(change: impl Fn(&str) -> String) -> Self {
        let mut digest = Self::demo();
        let text = std::fs::read_to_string(&digest.config).unwrap();
        let config = digest.path().join("digest.toml");
        std::fs::write(&config, change(&text)).unwrap();
        std::fs::copy(fixtures().join("demo/links.txt"), digest.path().join("links.txt")).unwrap();
        digest.config = config;
        digest
    }

    /// A digest of pages written by a test: edition `t` in `language`, one file of links that lists
    /// the pages (address, HTML), answered from a recording.
    pub fn of_pages(language: &str, pages: &[(String, String)]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let text = format!(
            "[edition]\nid = \"t\"\ntitle = \"Review\"\nlanguage = \"{language}\"\n\n[[sources]]\n\
             kind = \"links\"\nname = \"picked\"\npath = \"links.txt\"\n"
        );
        let config = dir.path().join("digest.toml");
        std::fs::write(&config, text).unwrap();
        let urls: Vec<&str> = pages.iter().map(|(url, _)| url.as_str()).collect();
        std::fs::write(dir.path().join("links.txt"), urls.join("\n")).unwrap();
        let replay = dir.path().join("web.warc.gz");
        let answers = pages.iter().map(|(url, html)| RecordedAnswer {
            url: url.clone(),
            status: 200,
            headers: vec![("content-type".into(), "text/html; charset=utf-8".into())],
            body: html.as_bytes().to_vec(),
            at: "2026-01-04T00:00:00Z".parse().unwrap(),
        });
        write_recording(&replay, answers).unwrap();
        Self { dir, config, replay, issue: "t/2026-01-03_2026-01-04".into() }
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// The configuration.
    pub fn config(&self) -> &Path {
        &self.config
    }

    /// The recording that it is replayed from.
    pub fn replay(&self) -> &Path {
        &self.replay
    }

    /// The issue's folder.
    pub fn folder(&self) -> PathBuf {
        self.path().join("issues").join(&self.issue)
    }

    /// The command `name` with this digest's configuration and folder.
    pub fn command(&self, name: &str) -> Command {
        let mut command = digestgen();
        command
            .arg(name)
            .arg("--config")
            .arg(&self.config)
            .arg("--dir")
            .arg(self.path())
            .args(["--now", NOW]);
        command
    }

    /// `digestgen run` on the recording.
    pub fn run(&self, args: &[&str]) -> Assert {
        self.command("run").arg("--replay").arg(&self.replay).args(args).assert()
    }

    /// `digestgen run --offline`.
    pub fn run_offline(&self, args: &[&str]) -> Assert {
        self.command("run").arg("--offline").args(args).assert()
    }

    /// A file of the issue.
    pub fn file(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder().join(name)).unwrap()
    }

    /// `issue.md`.
    pub fn issue(&self) -> String {
        self.file("issue.md")
    }

    /// `issue.json`.
    pub fn issue_json(&self) -> serde_json::Value {
        serde_json::from_str(&self.file("issue.json")).unwrap()
    }

    /// `report.json`.
    pub fn report(&self) -> serde_json::Value {
        serde_json::from_str(&self.file("report.json")).unwrap()
    }
}

/// What a command printed on standard error.
pub fn stderr(assert: &Assert) -> String {
    String::from_utf8_lossy(&assert.get_output().stderr).into_owned()
}
