//! The review page in a real browser, headless. Each test has a digest's folder and a server of its
//! own, and a browser to itself that the next test takes over; conditions are waited for in the page,
//! nothing sleeps.

mod adding;
mod care;
pub mod driver;
mod editing;
mod http;
mod proposal;
mod reading;
mod together;
mod trouble;
mod vectors;

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;

use crate::harness::{Digest, NOW, drafted_once};
use crate::stub_model::{Fault, StubModel};
pub use driver::Browser;

/// `digestgen review` at work; it ends when it is dropped.
pub struct Review {
    process: Child,
    /// The page's address, with the token.
    pub url: String,
    token: String,
}

impl Drop for Review {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _killed = self.process.kill();
        let _ended = self.process.wait();
    }
}

impl Review {
    /// Serves the issue of a digest.
    pub fn of(digest: &Digest) -> Self {
        Self::with(digest, &[])
    }

    /// Serves it with the environment `env`.
    pub fn with(digest: &Digest, env: &[(&str, &str)]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_digestgen"));
        command
            .args(["review", "--no-open", "--now", NOW, "--config"])
            .arg(digest.config())
            .arg("--dir")
            .arg(digest.path())
            .env_remove("OPENAI_API_KEY")
            .env("NO_PROXY", "*")
            .env("USER", "test")
            .envs(env.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim().to_owned();
        if !url.starts_with("http://127.0.0.1:") {
            let mut told = String::new();
            process.stderr.take().unwrap().read_to_string(&mut told).unwrap();
            panic!("no address: {url:?} {told}");
        }
        let token = url.trim_end_matches('/').rsplit('/').next().unwrap().to_owned();
        Self { process, url, token }
    }

    /// The token of the page.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Sends SIGINT, as Ctrl-C does, and gives the exit code.
    pub fn interrupt(mut self) -> Option<i32> {
        let sent = Command::new("kill").args(["-INT", &self.process.id().to_string()]).status();
        assert!(sent.unwrap().success());
        self.process.wait().unwrap().code()
    }
}

/// A browser on the page of `digest`; `None` where browser tests are left out.
pub async fn opened(digest: &Digest) -> Option<(Browser, Review)> {
    let browser = Browser::start().await?;
    let review = Review::of(digest);
    browser.open(&review.url).await;
    browser.until("document.body.dataset.ready").await;
    Some((browser, review))
}

/// The demo's issue, drafted.
pub fn demo() -> Digest {
    drafted_once("demo", || {
        let digest = Digest::demo();
        digest.run(&["--from", "2026-01-03", "--to", "2026-01-04"]).success();
        digest
    })
}

/// The model that all drafts of [`doubtful`] ask.
static MODEL: LazyLock<StubModel> = LazyLock::new(|| StubModel::start(Vec::new()));

/// The demo's issue as a model wrote it that gets numbers wrong: in every second entry a number of
/// the summary is another than the source's, twice.
pub fn doubtful() -> Digest {
    drafted_once("doubtful", || {
        let wrong = || {
            Fault::twist(|answer| {
                let odd = answer["title"].as_str().is_some_and(|t| t.chars().count() % 2 == 1);
                if let (true, Some(summary)) = (odd, answer["summary"].as_array_mut()) {
                    let text = summary[0]["text"].as_str().unwrap().to_owned();
                    let end = text.trim_end_matches(['。', '.']);
                    summary[0]["text"] = format!("{end}，涉及 7 731 家机构。").into();
                }
            })
        };
        MODEL.fail_next((0..200).map(|_| wrong()));
        let table = format!(
            "\n[model]\nbase_url = \"{}\"\nname = \"stub\"\napi_key_env = \"\"\n",
            MODEL.base_url
        );
        let digest = Digest::demo_with(|t| format!("{t}{table}"));
        digest.run(&["--from", "2026-01-03", "--to", "2026-01-04"]).success();
        MODEL.forgive();
        digest
    })
}

/// Keeps a picture of the window where `DIGESTGEN_PICTURES` names a folder: for people to look at.
pub async fn picture(browser: &Browser, name: &str) {
    if let Some(folder) = std::env::var_os("DIGESTGEN_PICTURES") {
        // What was just changed is painted by the second frame.
        browser
            .await_js("new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))")
            .await;
        let path = std::path::Path::new(&folder).join(format!("{name}.png"));
        std::fs::write(path, browser.picture().await).unwrap();
    }
}

/// A page as an outlet would serve it.
fn article(title: &str, paragraphs: &[String]) -> String {
    let text: String = paragraphs.iter().map(|p| format!("<p>{}</p>\n", escaped(p))).collect();
    let title = escaped(title);
    format!(
        "<!doctype html><html><head><meta charset=\"utf-8\"><title>{title}</title>\
         <meta property=\"article:published_time\" content=\"2026-01-03T09:00:00+08:00\"></head>\
         <body><article><h1>{title}</h1>\n{text}</article></body></html>"
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn drafted(language: &str, pages: &[(String, String)]) -> Digest {
    let digest = Digest::of_pages(language, pages);
    digest.run(&["--from", "2026-01-03", "--to", "2026-01-04"]).success();
    digest
}

/// An issue in English.
pub fn english() -> Digest {
    let story = |n: usize, maker: &str, thing: &str| {
        let paragraphs = [
            format!(
                "{maker} opened the design files of its {thing} on Saturday, and four universities have tested it for six months. The files come under an open licence, and a unit costs {n}80 dollars to build."
            ),
            format!(
                "The {thing} handles 1{n} kilograms and weighs {n}00 grams. Its controller adapts to the load without a camera, which keeps the power draw below {n} watts."
            ),
            format!(
                "The company says that {n}2 partners have ordered samples. It plans to publish the firmware in March and a larger version by the end of the year."
            ),
            format!(
                "Researchers at Skerry University measured a failure rate of 0.{n} percent over 10,000 cycles. They caution that the test bench did not include wet surfaces."
            ),
        ];
        let url = format!("https://news.example/{n}/{}", thing.replace(' ', "-"));
        (url, article(&format!("{maker} opens the design of its {thing}"), &paragraphs))
    };
    let pages = [
        story(3, "Harbour Robotics", "soft gripper"),
        story(4, "Lattice Works", "tidal turbine blade"),
        story(5, "Orrin Devices", "inference card"),
    ];
    drafted("en", &pages)
}

/// An issue whose titles and articles are made of `vectors`.
pub fn nasty(vectors: &[String]) -> Digest {
    let pages: Vec<(String, String)> = vectors
        .chunks(20)
        .enumerate()
        .map(|(n, some)| {
            let paragraphs: Vec<String> = some
                .iter()
                .enumerate()
                .map(|(i, v)| format!("The laboratory published report {n}{i} on Saturday and wrote {v} into the log of the machine, which measured {i}{n} samples in an hour."))
                .collect();
            let title = format!("Report {n} of the laboratory {}", some[0]);
            (format!("https://lab{n}.example/report/{n}"), article(&title, &paragraphs))
        })
        .collect();
    drafted("en", &pages)
}
