//! A digest of a few invented reports: feeds as files, pages from a recording that the test writes.

use std::path::Path;

use assert_cmd::assert::Assert;
use digestgen::net::{RecordedAnswer, write_recording};
use serde_json::Value;
use tempfile::TempDir;

use crate::harness::digestgen;

/// A report: its address, title, time of publication, and paragraphs as HTML.
#[derive(Clone)]
pub struct Report {
    pub url: &'static str,
    pub title: &'static str,
    pub published: &'static str,
    pub paragraphs: Vec<&'static str>,
}

/// A report of these words.
pub fn report(
    url: &'static str,
    title: &'static str,
    published: &'static str,
    paragraphs: &[&'static str],
) -> Report {
    Report { url, title, published, paragraphs: paragraphs.to_vec() }
}

impl Report {
    /// Its page.
    pub fn page(&self) -> String {
        let body: String = self.paragraphs.iter().map(|p| format!("<p>{p}</p>")).collect();
        format!(
            "<html><head><meta charset=\"utf-8\"><title>{0}</title>\
             <meta property=\"article:published_time\" content=\"{1}\"></head>\
             <body><article><h1>{0}</h1>{body}</article></body></html>",
            self.title, self.published
        )
    }
}

/// The digest's folder.
pub struct Small(TempDir);

impl Small {
    /// A digest with the tables `config` and an edition of its own.
    pub fn new(config: &str) -> Self {
        let small = Self(tempfile::tempdir().unwrap());
        small.write("digest.toml", &format!("[edition]\nid = \"t\"\ntitle = \"速报\"\n{config}"));
        small
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path().join(name), text).unwrap();
    }

    /// Writes the feed `file` that lists these reports.
    pub fn feed(&self, file: &str, reports: &[&Report]) {
        let items: String = reports
            .iter()
            .map(|r| {
                format!(
                    "<entry><id>{0}</id><title>{1}</title><link href=\"{0}\"/>\
                     <published>{2}</published></entry>",
                    r.url, r.title, r.published
                )
            })
            .collect();
        let feed =
            format!("<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>F</title>{items}</feed>");
        self.write(file, &feed);
    }

    /// Records the pages of `reports`, and `more` addresses with their status and page.
    pub fn record(&self, reports: &[&Report], more: &[(&str, u16, &str)]) {
        let answer = |url: &str, status: u16, body: &str| RecordedAnswer {
            url: url.to_owned(),
            status,
            headers: vec![("content-type".into(), "text/html; charset=utf-8".into())],
            body: body.as_bytes().to_vec(),
            at: "2026-01-05T23:00:00Z".parse().unwrap(),
        };
        let pages = reports.iter().map(|r| answer(r.url, 200, &r.page()));
        let more = more.iter().map(|(url, status, body)| answer(url, *status, body));
        write_recording(&self.path().join("web.warc.gz"), pages.chain(more)).unwrap();
    }

    /// A command in the folder.
    pub fn command(&self, args: &[&str]) -> Assert {
        let mut command = digestgen();
        command.current_dir(self.path()).args(args).args(["--now", "2026-01-06T08:00:00+08:00"]);
        command.assert()
    }

    /// A run over these days, on the recording.
    pub fn run(&self, from: &str, to: &str) -> Assert {
        self.command(&["run", "--replay", "web.warc.gz", "--from", from, "--to", to])
    }

    /// A file of an issue.
    pub fn file(&self, issue: &str, name: &str) -> String {
        std::fs::read_to_string(self.path().join("issues/t").join(issue).join(name)).unwrap()
    }

    /// The row of `report.json` for an address.
    pub fn row(&self, issue: &str, url: &str) -> Value {
        let report: Value = serde_json::from_str(&self.file(issue, "report.json")).unwrap();
        let all = report["candidates"].as_array().unwrap().clone();
        all.into_iter().find(|c| c["url"] == url).unwrap_or(Value::Null)
    }

    /// Outcome and reason of the candidate with this address.
    pub fn outcome(&self, issue: &str, url: &str) -> (String, String) {
        let row = self.row(issue, url);
        let text = |key: &str| row[key].as_str().unwrap_or("none").to_owned();
        (text("outcome"), text("reason"))
    }
}
