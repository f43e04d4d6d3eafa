//! A file of links: one URL a line, a title after white space, `#` begins a comment line.
//!
//! Lines that hold no http(s) URL are reported with their number and skipped.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use url::Url;

use super::source::{Reading, Request, Rules, url_or_path};
use super::{Authority, Listing};

/// `kind = "links"`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinksSource {
    name: String,
    url: Option<String>,
    path: Option<PathBuf>,
    #[serde(default)]
    authority: Authority,
    /// The most entries of an issue that it may lead.
    max_entries: Option<usize>,
}

impl Rules for LinksSource {
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
        url_or_path(&self.name, self.url.as_deref(), self.path.as_ref())
    }

    fn read(&self, _url: &str, _type: Option<&str>, body: &[u8]) -> Result<Reading, String> {
        let text = std::str::from_utf8(body).map_err(|e| {
            let line = 1 + body[..e.valid_up_to()].iter().filter(|b| **b == b'\n').count();
            format!("line {line} is not UTF-8: save the file as UTF-8")
        })?;
        Ok(read_links(text))
    }
}

fn read_links(text: &str) -> Reading {
    let mut reading = Reading::default();
    for (index, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (address, title) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        match Url::parse(address) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => {
                reading.listings.push(listing(url.as_str(), title.trim()));
            }
            _ => reading
                .problems
                .push(format!("line {}: `{address}` is not an http or https URL", index + 1)),
        }
    }
    reading
}

fn listing(url: &str, title: &str) -> Listing {
    Listing {
        url: Some(url.to_owned()),
        guid: None,
        title: title.to_owned(),
        published: None,
        changed: None,
        whole: false,
        author: None,
        snippet: String::new(),
        content: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_url_a_line() {
        let text = "\u{feff}# read later\r\nhttps://a.example/1  一个 标题 \n\nftp://a.example/2\nb.example/3\nhttp://c.example/#x\n";
        let reading = read_links(text);
        let urls: Vec<_> = reading.listings.iter().map(|l| l.url.as_deref().unwrap()).collect();
        assert_eq!(urls, ["https://a.example/1", "http://c.example/#x"]);
        assert_eq!(reading.listings[0].title, "一个 标题");
        assert_eq!(reading.problems.len(), 2);
        assert!(reading.problems[0].starts_with("line 4: `ftp://a.example/2`"));
    }
}
