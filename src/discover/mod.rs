//! An address → the source behind it: which feed or sitemap a page names, where a feed usually
//! stands, and selectors for an index page that has neither. Pure.
//!
//! It proposes and never asks: what is proposed here is tried by the wiring. Also the exchange of
//! lists of feeds with other programs (OPML).

mod hints;
pub mod opml;
mod selectors;

pub use hints::{Hints, hints, is_sitemap, sitemaps_of_robots};
pub use selectors::propose;

use url::Url;

use crate::collect::canonical::canonical;

/// A source as it would stand in the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposed {
    /// Its `kind`.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// Its other keys in order.
    pub fields: Vec<(String, Field)>,
}

/// The value of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Field {
    /// A text.
    Text(String),
    /// A list of texts.
    List(Vec<String>),
}

impl Proposed {
    /// A source that stands under one address.
    pub fn at(kind: &'static str, name: &str, url: &str) -> Self {
        Self { kind, name: name.to_owned(), fields: Vec::new() }.with("url", url)
    }

    /// The same with one more key.
    pub fn with(mut self, key: &str, value: &str) -> Self {
        self.fields.push((key.to_owned(), Field::Text(value.to_owned())));
        self
    }

    /// Its `url`; empty where it has none.
    pub fn url(&self) -> &str {
        let found = self.fields.iter().find(|(key, _)| key == "url");
        match found {
            Some((_, Field::Text(url))) => url,
            _ => "",
        }
    }
}

/// The source of a site that has a kind of its own: the releases of a repository on GitHub, a
/// category of arXiv.
pub fn known(url: &str) -> Option<Proposed> {
    let url = Url::parse(url).ok()?;
    let parts: Vec<&str> = url.path_segments()?.filter(|p| !p.is_empty()).collect();
    let of = |kind, name: String| Proposed { kind, name, fields: Vec::new() };
    match (url.host_str()?.trim_start_matches("www."), parts.as_slice()) {
        ("github.com", [owner, name]) | ("github.com", [owner, name, "releases"]) => {
            let name = name.trim_end_matches(".git");
            Some(of("github", name.to_owned()).with("repo", &format!("{owner}/{name}")))
        }
        ("arxiv.org", ["list", category, ..]) => {
            let mut found = of("arxiv", format!("arXiv {category}"));
            let list = Field::List(vec![(*category).to_owned()]);
            found.fields.push(("categories".to_owned(), list));
            Some(found)
        }
        _ => None,
    }
}

impl Proposed {
    /// Whether both ask the same address.
    pub fn same_address(&self, other: &Self) -> bool {
        canonical(self.url()).is_some() && canonical(self.url()) == canonical(other.url())
    }
}

/// A name on one line, at most 60 characters; `otherwise` where nothing is left.
pub fn name_of(title: &str, otherwise: &str) -> String {
    let shown: String = title.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let words = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    let name: String = words.chars().take(60).collect();
    let name = name.trim();
    if name.is_empty() { otherwise.to_owned() } else { name.to_owned() }
}

/// The host of an address without `www.`, as a name of last resort.
pub fn host_of(url: &str) -> String {
    let host = Url::parse(url).ok().and_then(|u| u.host_str().map(str::to_owned));
    let host = host.unwrap_or_else(|| url.to_owned());
    host.strip_prefix("www.").map_or(host.clone(), str::to_owned)
}

/// `name`, or with a number behind it where `taken` has it.
pub fn unused_name(name: &str, taken: impl Fn(&str) -> bool) -> String {
    if !taken(name) {
        return name.to_owned();
    }
    let numbered = (2..).map(|n| format!("{name} {n}"));
    numbered.into_iter().find(|n| !taken(n)).unwrap_or_else(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sites_with_a_kind_of_their_own() {
        let repo =
            Some(Proposed { kind: "github", name: "b".into(), fields: vec![] }.with("repo", "a/b"));
        assert_eq!(known("https://github.com/a/b"), repo);
        assert_eq!(known("https://www.github.com/a/b/releases/"), repo);
        assert_eq!(known("https://github.com/a"), None);
        let arxiv = known("https://arxiv.org/list/cs.CL/recent").unwrap();
        assert_eq!(arxiv.fields[0].1, Field::List(vec!["cs.CL".into()]));
        assert_eq!(known("https://a.example/list/cs.CL"), None);
    }

    #[test]
    fn names() {
        assert_eq!(name_of("  Two\nlines\u{7} ", "x"), "Two lines");
        assert_eq!(name_of(" \n", "x"), "x");
        assert_eq!(host_of("https://www.a.example/feed"), "a.example");
        assert_eq!(unused_name("A", |n| n == "A" || n == "A 2"), "A 3");
    }
}
