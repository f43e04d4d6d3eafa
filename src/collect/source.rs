//! `[[sources]]` of the configuration, and the table of their kinds.
//!
//! A kind is a file with its options and its [`Rules`], and one line in the table below.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{Authority, Listing};
use crate::net::Want;

/// What a kind of source does. It builds a request and reads the answer; it never calls.
pub trait Rules {
    /// The name under which the source is reported.
    fn name(&self) -> &str;
    /// How much its word weighs.
    fn authority(&self) -> Authority;
    /// The most entries of an issue that it may lead; `None` for any number.
    fn max_entries(&self) -> Option<usize>;
    /// What to ask; with several addresses the first of them.
    ///
    /// # Errors
    /// What is wrong with the configuration of this source.
    fn request(&self) -> Result<Request, String>;
    /// All that is asked to begin with; one request where a kind says nothing else.
    ///
    /// # Errors
    /// As [`Rules::request`].
    fn requests(&self) -> Result<Vec<Request>, String> {
        self.request().map(|request| vec![request])
    }
    /// How many requests are made at most, those that answers lead to included.
    fn most_requests(&self) -> usize {
        1
    }
    /// Reads what was answered. `url` is the one that answered, or the file's path.
    ///
    /// # Errors
    /// Why nothing could be read at all.
    fn read(&self, url: &str, content_type: Option<&str>, body: &[u8]) -> Result<Reading, String>;
    /// What of the listings of all answers counts, in the order of the source.
    fn settle(&self, listings: Vec<Listing>) -> Vec<Listing> {
        listings
    }
}

/// What a source asks for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Request {
    /// A URL.
    Url(String, Want),
    /// A file, relative to the configuration's folder.
    File(PathBuf),
}

/// What was read of one answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// The listings, in order of the source.
    pub listings: Vec<Listing>,
    /// What could not be read, one sentence each.
    pub problems: Vec<String>,
    /// Where the list goes on, in the order in which it shall be asked for: URLs of the same site.
    pub more: Vec<String>,
}

/// Makes [`Source`] of the table: the kind's name as written is the variant in snake case.
macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident($options:ty),)*) => {
        /// A source of the configuration, told apart by its `kind`.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "kind", rename_all = "snake_case")]
        pub enum Source {
            $($(#[$doc])* $kind($options),)*
        }

        impl Source {
            fn rules(&self) -> &dyn Rules {
                match self {
                    $(Self::$kind(options) => options,)*
                }
            }
        }
    };
}

kinds! {
    /// RSS, Atom or JSON Feed.
    Feed(super::feed::FeedSource),
    /// A file (or a page of plain text) with one URL a line.
    Links(super::links::LinksSource),
    /// Papers of arXiv, by a query or by categories.
    Arxiv(super::arxiv::ArxivSource),
    /// A site's sitemap, or an index of sitemaps.
    Sitemap(super::sitemap::SitemapSource),
    /// An index page, read by CSS selectors.
    Page(super::page::PageSource),
    /// The releases of a repository on GitHub.
    Github(super::github::GithubSource),
}

impl Source {
    /// The name under which the source is reported.
    pub fn name(&self) -> &str {
        self.rules().name()
    }

    /// How much its word weighs.
    pub fn authority(&self) -> Authority {
        self.rules().authority()
    }

    /// The most entries of an issue that it may lead.
    pub fn max_entries(&self) -> Option<usize> {
        self.rules().max_entries()
    }

    /// What to ask; for the configuration also the check of the source's fields.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn request(&self) -> Result<Request, String> {
        self.rules().request()
    }

    /// The scope of ids that are unique within this source only: its URL or path as configured.
    pub fn scope(&self) -> String {
        match self.request() {
            Ok(Request::Url(url, _)) => url,
            Ok(Request::File(path)) => path.to_string_lossy().into_owned(),
            Err(_) => self.name().to_owned(),
        }
    }

    /// All that is asked to begin with, see [`Rules::requests`].
    ///
    /// # Errors
    /// What is wrong with the source's fields.
    pub fn requests(&self) -> Result<Vec<Request>, String> {
        self.rules().requests()
    }

    /// How many requests are made at most.
    pub fn most_requests(&self) -> usize {
        self.rules().most_requests()
    }

    /// What of the listings of all answers counts.
    pub fn settle(&self, listings: Vec<Listing>) -> Vec<Listing> {
        self.rules().settle(listings)
    }

    /// Reads what was answered, see [`Rules::read`].
    ///
    /// # Errors
    /// Why nothing could be read at all.
    pub fn read(
        &self,
        url: &str,
        content_type: Option<&str>,
        body: &[u8],
    ) -> Result<Reading, String> {
        self.rules().read(url, content_type, body)
    }
}

/// The request of a source that stands under a URL or in a file.
pub(super) fn url_or_path(
    name: &str,
    url: Option<&str>,
    path: Option<&PathBuf>,
) -> Result<Request, String> {
    match (url, path) {
        (Some(url), None) => Ok(Request::Url(url.to_owned(), Want::Feed)),
        (None, Some(path)) => Ok(Request::File(path.clone())),
        (Some(_), Some(_)) => {
            Err(format!("source `{name}` has both `url` and `path`: keep one of them"))
        }
        (None, None) => Err(format!("source `{name}` needs a `url` or a `path`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_table_of_the_configuration() {
        let text = "kind = \"feed\"\nname = \"量子位\"\nurl = \"https://a.example/feed\"\nauthority = \"official\"";
        let source: Source = toml::from_str(text).unwrap();
        assert_eq!((source.name(), source.authority()), ("量子位", Authority::Official));
        assert_eq!(source.request(), Ok(Request::Url("https://a.example/feed".into(), Want::Feed)));
        let links: Source =
            toml::from_str("kind = \"links\"\nname = \"l\"\npath = \"l.txt\"").unwrap();
        assert_eq!(links.request(), Ok(Request::File("l.txt".into())));
        assert_eq!(links.scope(), "l.txt");
    }

    #[test]
    fn refuses_what_it_does_not_know() {
        for (text, why) in [
            ("kind = \"feed\"\nname = \"a\"\nurl = \"u\"\nulr = \"x\"", "ulr"),
            ("kind = \"telegram\"\nname = \"a\"", "telegram"),
            ("kind = \"feed\"\nurl = \"u\"", "name"),
        ] {
            let error = toml::from_str::<Source>(text).unwrap_err().to_string();
            assert!(error.contains(why), "{error}");
        }
        let both: Source =
            toml::from_str("kind = \"feed\"\nname = \"a\"\nurl = \"u\"\npath = \"p\"").unwrap();
        assert!(both.request().unwrap_err().contains("both"));
        let none: Source = toml::from_str("kind = \"links\"\nname = \"a\"").unwrap();
        assert!(none.request().unwrap_err().contains("needs"));
    }
}
