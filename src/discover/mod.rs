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

use crate::collect::canonical::canonical;

/// A source as it would stand in the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposed {
    /// Its `kind`.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// Its other keys in order, each with its value as text.
    pub fields: Vec<(String, String)>,
}

impl Proposed {
    /// A source that stands under one address.
    pub fn at(kind: &'static str, name: &str, url: &str) -> Self {
        Self { kind, name: name.to_owned(), fields: vec![("url".into(), url.to_owned())] }
    }

    /// Its address; empty where it has none.
    pub fn url(&self) -> &str {
        self.fields.iter().find(|(key, _)| key == "url").map_or("", |(_, value)| value)
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
    let host = url::Url::parse(url).ok().and_then(|u| u.host_str().map(str::to_owned));
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
    fn names() {
        assert_eq!(name_of("  Two\nlines\u{7} ", "x"), "Two lines");
        assert_eq!(name_of(" \n", "x"), "x");
        assert_eq!(host_of("https://www.a.example/feed"), "a.example");
        assert_eq!(unused_name("A", |n| n == "A" || n == "A 2"), "A 3");
    }
}
