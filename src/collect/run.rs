//! Asking a source and reading its answers: the one place of this room that calls.

use std::collections::{HashSet, VecDeque};
use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use super::source::Request;
use super::{Listing, Source};
use crate::net::{Client, Effort, Want};
use crate::store::read_capped;

/// How a source did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceStatus {
    /// It was read.
    Ok,
    /// It was read, but some of it could not be.
    Partial,
    /// It answered and lists nothing.
    Silent,
    /// Nothing could be read.
    Failed,
}

/// What became of one source.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SourceResult {
    /// The source's name.
    pub name: String,
    /// How it did.
    pub status: SourceStatus,
    /// A code of a closed list where it did not do well: a reason of [`crate::net::Reason`],
    /// or `bad_source`, `file`, `not_a_feed`, `lines`, `incomplete` (one of several answers could
    /// not be had or read), `no_items`.
    pub reason: Option<String>,
    /// What happened, for people.
    pub detail: Option<String>,
    /// What it lists, in its order.
    pub listings: Vec<Listing>,
    /// When it first answered: the first sight of what it lists. Of a file: when it was read, in a replay
    /// the recording's date. `None` for a failure, and for a file with `--offline`.
    pub at: Option<Timestamp>,
    /// Bytes of all answers after decoding.
    pub bytes: u64,
    /// Milliseconds on the network.
    pub ms: u64,
    /// Requests sent, redirects and further tries included.
    pub attempts: u32,
}

/// The most bytes of a file.
const FILE_CAP: u64 = 10_000_000;

struct Given {
    url: String,
    content_type: Option<String>,
    body: Vec<u8>,
    at: Option<Timestamp>,
    effort: Effort,
}

/// Asks `source` and reads its answers; files are relative to `base_dir`. Never fails as a whole:
/// what went wrong is in the result.
///
/// An answer may say where its list goes on: such URLs are asked in turn, each once, within the
/// limit of the kind, and only on the site of the answer that names them.
pub async fn collect(client: &Client, source: &Source, base_dir: &Path) -> SourceResult {
    let mut account = Account::default();
    let requests = source.requests().unwrap_or_else(|detail| {
        account.fail("bad_source", detail, Effort::default());
        Vec::new()
    });
    let mut asked: HashSet<Request> = requests.iter().cloned().collect();
    let mut queue = VecDeque::from(requests);
    for _ in 0..source.most_requests() {
        let Some(request) = queue.pop_front() else { break };
        match ask(client, &request, base_dir).await {
            Err((reason, detail, effort)) => account.fail(reason, detail, effort),
            Ok(given) => {
                let want = match &request {
                    Request::Url(_, want) => *want,
                    Request::File(_) => Want::Feed,
                };
                for url in account.read(source, given) {
                    let request = Request::Url(url, want);
                    if asked.insert(request.clone()) {
                        queue.push_back(request);
                    }
                }
            }
        }
    }
    account.close(source)
}

/// A failure: its code, what happened, what it cost.
type Miss = (&'static str, String, Effort);

async fn ask(client: &Client, request: &Request, base_dir: &Path) -> Result<Given, Miss> {
    match request {
        Request::File(path) => {
            let body = read_file(&base_dir.join(path))
                .map_err(|detail| ("file", detail, Effort::default()))?;
            Ok(Given {
                url: path.to_string_lossy().into_owned(),
                content_type: None,
                body,
                at: client.now(),
                effort: Effort::default(),
            })
        }
        Request::Url(url, want) => match client.get(url, *want).await {
            Ok(answer) => Ok(Given {
                url: answer.url,
                content_type: answer.content_type,
                body: answer.body,
                at: Some(answer.at),
                effort: answer.effort,
            }),
            Err(f) => Err((f.reason.code(), f.to_string(), f.effort)),
        },
    }
}

/// What the answers of one source gave.
#[derive(Default)]
struct Account {
    /// The code of the first one that could not be had or read.
    missed: Option<&'static str>,
    problems: Vec<String>,
    listings: Vec<Listing>,
    at: Option<Timestamp>,
    bytes: u64,
    ms: u64,
    attempts: u32,
}

impl Account {
    fn fail(&mut self, reason: &'static str, detail: String, effort: Effort) {
        self.missed.get_or_insert(reason);
        self.problems.push(detail);
        self.bytes += effort.bytes;
        self.spend(effort);
    }

    fn spend(&mut self, effort: Effort) {
        self.ms += effort.ms;
        self.attempts += effort.requests;
    }

    /// Reads an answer; gives the URLs at which its list goes on.
    fn read(&mut self, source: &Source, given: Given) -> Vec<String> {
        self.bytes += given.body.len() as u64;
        self.spend(given.effort);
        let reading = match source.read(&given.url, given.content_type.as_deref(), &given.body) {
            Ok(reading) => reading,
            Err(detail) => {
                self.missed.get_or_insert("not_a_feed");
                self.problems.push(detail);
                return Vec::new();
            }
        };
        self.at = self.at.or(given.at);
        self.listings.extend(reading.listings);
        self.problems.extend(reading.problems);
        let (more, elsewhere): (Vec<String>, Vec<String>) =
            reading.more.into_iter().partition(|url| same_site(&given.url, url));
        self.problems.extend(elsewhere.into_iter().map(|url| {
            format!("{} goes on at another site, which is not asked: {url}", given.url)
        }));
        more
    }

    fn close(self, source: &Source) -> SourceResult {
        let listings = source.settle(self.listings);
        let (status, reason) = match (listings.is_empty(), self.missed) {
            (true, Some(reason)) => (SourceStatus::Failed, Some(reason)),
            (false, Some(_)) => (SourceStatus::Partial, Some("incomplete")),
            (true, None) if self.problems.is_empty() => (SourceStatus::Silent, Some("no_items")),
            (true, None) => (SourceStatus::Failed, Some("lines")),
            (false, None) if self.problems.is_empty() => (SourceStatus::Ok, None),
            (false, None) => (SourceStatus::Partial, Some("lines")),
        };
        SourceResult {
            name: source.name().to_owned(),
            status,
            reason: reason.map(Into::into),
            detail: (!self.problems.is_empty()).then(|| self.problems.join("; ")),
            listings,
            at: self.at.filter(|_| status != SourceStatus::Failed),
            bytes: self.bytes,
            ms: self.ms,
            attempts: self.attempts,
        }
    }
}

/// Whether `url` stands on the host of `from`, on a host above or below it, or beside its `www`.
fn same_site(from: &str, url: &str) -> bool {
    let host = |text: &str| {
        let url = Url::parse(text).ok().filter(|u| matches!(u.scheme(), "http" | "https"))?;
        let port = url.port();
        let host = url.host_str()?.trim_end_matches('.').to_ascii_lowercase();
        Some((host.strip_prefix("www.").unwrap_or(&host).to_owned(), port))
    };
    let (Some((a, port_a)), Some((b, port_b))) = (host(from), host(url)) else {
        return false;
    };
    let above = |upper: &str, lower: &str| {
        upper.contains('.') && lower.strip_suffix(upper).is_some_and(|rest| rest.ends_with('.'))
    };
    port_a == port_b && (a == b || above(&a, &b) || above(&b, &a))
}

fn read_file(path: &Path) -> Result<Vec<u8>, String> {
    read_capped(path, FILE_CAP).map_err(|e| e.to_string())
}

#[cfg(test)]
mod tests {
    use super::same_site;

    #[test]
    fn a_list_goes_on_on_its_own_site_only() {
        let from = "https://www.a.example/sitemap.xml";
        for url in
            ["https://a.example/2.xml", "http://www.a.example/3.xml", "https://cdn.a.example/4.xml"]
        {
            assert!(same_site(from, url), "{url}");
        }
        for url in [
            "https://b.example/",
            "https://nota.example/",
            "https://a.example:8443/",
            "http://127.0.0.1/",
            "https://example/",
            "file:///etc/passwd",
            "/relative",
        ] {
            assert!(!same_site(from, url), "{url}");
        }
    }
}
