//! `kind = "sitemap"`: a site's sitemap or an index of sitemaps (<https://www.sitemaps.org/protocol.html>),
//! news sitemaps, plain lists of URLs, each of them also gzipped.
//!
//! `<lastmod>` is the date of a change, never that of a publication. So what is listed is undated,
//! except where a news sitemap gives a `publication_date`; but nothing was published after its last
//! change, and what last changed before the days of an issue is not asked for. Of an index the
//! newest files are read, of all files the newest pages, both within limits: a site lists every
//! page it ever had.

mod pattern;
mod xml;

use std::collections::HashSet;
use std::io::Read;
use std::path::PathBuf;

use flate2::read::MultiGzDecoder;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use self::pattern::Pattern;
use self::xml::{Kind, Node};
use super::canonical::canonical;
use super::source::{Reading, Request, Rules, url_or_path};
use super::{Authority, Listing, parse_feed};
use crate::net::Want;
use crate::text::{charset, date};

/// The most files and pages that may be configured.
const MOST_FILES: usize = 200;
const MOST_ITEMS: usize = 2000;

/// `kind = "sitemap"`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SitemapSource {
    name: String,
    url: Option<String>,
    path: Option<PathBuf>,
    /// Patterns of paths, `*` for anything: only pages that fit one of them; all without any.
    #[serde(default)]
    include: Vec<String>,
    /// Pages that fit one of these are left out.
    #[serde(default)]
    exclude: Vec<String>,
    /// How many files of an index are asked for, the index itself included.
    #[serde(default = "ten")]
    max_files: usize,
    /// How many pages are listed, the newest.
    #[serde(default = "hundred")]
    max_items: usize,
    #[serde(default)]
    authority: Authority,
    /// The most entries of an issue that it may lead.
    max_entries: Option<usize>,
}

fn ten() -> usize {
    10
}

fn hundred() -> usize {
    100
}

impl Rules for SitemapSource {
    fn name(&self) -> &str {
        &self.name
    }

    fn authority(&self) -> Authority {
        self.authority
    }

    fn max_entries(&self) -> Option<usize> {
        self.max_entries
    }

    fn request(&self) -> Result<Request, String> {
        let between = |key: &str, value: usize, most: usize| match (1..=most).contains(&value) {
            true => Ok(()),
            false => Err(format!("source `{}`: `{key}` lies between 1 and {most}", self.name)),
        };
        between("max_files", self.max_files, MOST_FILES)?;
        between("max_items", self.max_items, MOST_ITEMS)?;
        for text in self.include.iter().chain(&self.exclude) {
            Pattern::new(text).map_err(|e| format!("source `{}`: {e}", self.name))?;
        }
        url_or_path(&self.name, self.url.as_deref(), self.path.as_ref())
    }

    fn most_requests(&self) -> usize {
        self.max_files
    }

    fn read(&self, url: &str, content_type: Option<&str>, body: &[u8]) -> Result<Reading, String> {
        let mut reading = Reading::default();
        let (bytes, problem) = unpacked(url, body);
        reading.problems.extend(problem);
        let text = charset::decode(&bytes, content_type);
        let base = Url::parse(url).ok();
        let (kind, nodes) = match xml::read(&text) {
            Some(found) => found,
            None if is_list_of_urls(&text) => (Kind::Pages, lines(&text)),
            None => return self.feed(url, content_type, &bytes),
        };
        let all = nodes.len();
        let found: Vec<(String, Node)> = nodes
            .into_iter()
            .filter_map(|node| Some((absolute(base.as_ref(), &node.loc)?, node)))
            .collect();
        if found.len() < all {
            let lost = all - found.len();
            reading.problems.push(format!("{url}: {lost} of {all} entries hold no http(s) URL"));
        }
        match kind {
            Kind::Index => reading.more = newest_first(found),
            Kind::Pages => {
                let wanted = found.into_iter().filter(|(page, _)| self.wants(page));
                reading.listings = wanted.map(|(page, node)| listing(page, &node)).collect();
            }
        }
        Ok(reading)
    }

    /// The newest pages first, as far as they have a date; each once.
    fn settle(&self, mut listings: Vec<Listing>) -> Vec<Listing> {
        listings
            .sort_by_key(|l| std::cmp::Reverse(l.published.or(l.changed).map(|m| m.order_key())));
        let mut seen = HashSet::new();
        listings.retain(|l| seen.insert(l.url.as_deref().and_then(canonical)));
        listings.truncate(self.max_items);
        listings
    }
}

impl SitemapSource {
    fn wants(&self, page: &str) -> bool {
        let fits = |texts: &[String]| {
            texts.iter().filter_map(|t| Pattern::new(t).ok()).any(|pattern| pattern.fits(page))
        };
        (self.include.is_empty() || fits(&self.include)) && !fits(&self.exclude)
    }

    /// RSS and Atom may stand in for a sitemap.
    fn feed(&self, url: &str, content_type: Option<&str>, body: &[u8]) -> Result<Reading, String> {
        let feed = parse_feed(url, content_type, body)
            .map_err(|e| format!("{url} is no sitemap, no list of URLs and no feed: {e}"))?;
        let wanted = |l: &Listing| l.url.as_deref().is_some_and(|page| self.wants(page));
        Ok(Reading {
            listings: feed.items.into_iter().filter(wanted).collect(),
            ..Reading::default()
        })
    }
}

/// The body without its gzip, known by its first bytes. A damaged or an oversized one gives what
/// can be had, and a sentence about it.
fn unpacked(url: &str, body: &[u8]) -> (Vec<u8>, Option<String>) {
    if !body.starts_with(b"\x1f\x8b") {
        return (body.to_vec(), None);
    }
    let cap = Want::Feed.cap();
    let mut out = Vec::new();
    let limit = u64::try_from(cap).unwrap_or(u64::MAX).saturating_add(1);
    let read = MultiGzDecoder::new(body).take(limit).read_to_end(&mut out);
    let problem = match read {
        Err(e) => Some(format!("{url}: its gzip is damaged ({e}); what stands before is used")),
        Ok(_) if out.len() > cap => {
            out.truncate(cap);
            Some(format!("{url}: unpacked it has more than {cap} bytes; the first are used"))
        }
        Ok(_) => None,
    };
    (out, problem)
}

fn absolute(base: Option<&Url>, loc: &str) -> Option<String> {
    let url = Url::options().base_url(base).parse(loc.trim()).ok().filter(|_| !loc.is_empty())?;
    let web = matches!(url.scheme(), "http" | "https") && url.host_str().is_some();
    web.then(|| if loc.contains("://") { loc.trim().to_owned() } else { url.into() })
}

/// The files of an index, the newest first; those without a date last, in the index's order.
fn newest_first(files: Vec<(String, Node)>) -> Vec<String> {
    let mut dated: Vec<(Option<Timestamp>, String)> = files
        .into_iter()
        .map(|(url, node)| (date::read(&node.lastmod).map(|m| m.order_key()), url))
        .collect();
    dated.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    dated.into_iter().map(|(_, url)| url).collect()
}

/// Whether the first line that is not empty is a URL.
fn is_list_of_urls(text: &str) -> bool {
    let first =
        text.lines().map(|l| l.trim_matches(['\u{feff}', ' ', '\t', '\r'])).find(|l| !l.is_empty());
    first.is_some_and(|l| absolute(None, l).is_some())
}

fn lines(text: &str) -> Vec<Node> {
    let lines = text.lines().map(|l| l.trim_matches(['\u{feff}', ' ', '\t', '\r']));
    lines.filter(|l| !l.is_empty()).map(|l| Node { loc: l.to_owned(), ..Node::default() }).collect()
}

fn listing(url: String, node: &Node) -> Listing {
    Listing {
        url: Some(url),
        guid: None,
        title: node.title.clone(),
        published: date::read(&node.published),
        changed: date::read(&node.lastmod),
        whole: false,
        author: None,
        snippet: String::new(),
        content: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> SitemapSource {
        toml::from_str(&format!("name = \"a\"\nurl = \"https://a.example/sitemap.xml\"\n{text}"))
            .unwrap()
    }

    #[test]
    fn a_bomb_stops_at_the_cap() {
        use std::io::Write;
        let mut coder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        coder.write_all(b"https://a.example/1\n").unwrap();
        coder.write_all(&vec![b'\n'; 2 * Want::Feed.cap()]).unwrap();
        let reading = source("").read("https://a.example/s.gz", None, &coder.finish().unwrap());
        let reading = reading.unwrap();
        assert_eq!(reading.listings.len(), 1);
        assert!(reading.problems[0].contains("more than"), "{:?}", reading.problems);
    }

    #[test]
    fn what_cannot_be_used_is_refused() {
        for (text, says) in [
            ("max_files = 0", "max_files"),
            ("max_items = 100000", "max_items"),
            ("include = [\"blog/*\"]", "begins with `/`"),
        ] {
            let error = source(text).request().unwrap_err();
            assert!(error.contains(says), "{error}");
        }
    }
}
