//! `kind = "github"`: the releases of a repository, through its public Atom feed.
//!
//! The feed needs no key and has no limit of requests an hour, and carries the notes as HTML, but
//! lists the latest ten only and does not say which of them are pre-releases: those are known by
//! their tag, as Semantic Versioning writes them (`v2.0.0-rc.1`). The feed's only date is that of
//! the last change; where notes were edited later it is later than the release.

use std::sync::LazyLock;

use regex::Regex;
use serde::{Deserialize, Serialize};
use url::Url;

use super::source::{Reading, Request, Rules};
use super::{Authority, Listing, parse_feed};
use crate::net::Want;

/// `kind = "github"`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GithubSource {
    name: String,
    /// `OWNER/NAME`.
    repo: String,
    #[serde(default)]
    prereleases: bool,
    #[serde(default = "official")]
    authority: Authority,
}

fn official() -> Authority {
    Authority::Official
}

// A constant pattern: a failure to compile it shows in the first test.
static PRERELEASE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?i)(?:\d[-._]?(?:alpha|beta|rc|pre|preview|dev|snapshot|canary|nightly|next|a|b)\b|\d(?:a|b|rc)\d+\b|\b(?:alpha|beta|rc|preview|pre-?release|dev|snapshot|canary|nightly|next|latest)(?:[-._]?\d+)*\b)",
    )
    .ok()
});

impl GithubSource {
    /// The name of the repository.
    fn project(&self) -> &str {
        self.repo.split_once('/').map_or("", |(_, name)| name)
    }

    fn release(&self, item: Listing) -> Listing {
        let tag = tag(&item).unwrap_or_default();
        Listing { title: title(self.project(), &tag, &item.title), ..item }
    }
}

impl Rules for GithubSource {
    fn name(&self) -> &str {
        &self.name
    }

    fn authority(&self) -> Authority {
        self.authority
    }

    fn request(&self) -> Result<Request, String> {
        let plain = |part: &str| {
            let fits = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
            !part.is_empty() && !part.starts_with('.') && part.chars().all(fits)
        };
        match self.repo.split_once('/') {
            Some((owner, name)) if plain(owner) && plain(name) => {
                let url = format!("https://github.com/{owner}/{name}/releases.atom");
                Ok(Request::Url(url, Want::Feed))
            }
            _ => Err(format!(
                "source `{}`: `repo = \"{}\"` is no repository of GitHub; write \"OWNER/NAME\"",
                self.name, self.repo
            )),
        }
    }

    fn read(&self, url: &str, content_type: Option<&str>, body: &[u8]) -> Result<Reading, String> {
        let feed = parse_feed(url, content_type, body).map_err(|e| e.to_string())?;
        let wanted =
            |item: &Listing| self.prereleases || !tag(item).is_some_and(|tag| is_prerelease(&tag));
        let listings =
            feed.items.into_iter().filter(wanted).map(|item| self.release(item)).collect();
        Ok(Reading { listings, ..Reading::default() })
    }
}

/// The tag of a release, from its address.
fn tag(item: &Listing) -> Option<String> {
    let url = Url::parse(item.url.as_deref()?).ok()?;
    let (_, tag) = url.path().split_once("/releases/tag/")?;
    Some(super::canonical::percent_decode(tag))
}

fn is_prerelease(tag: &str) -> bool {
    PRERELEASE.as_ref().is_some_and(|pattern| pattern.is_match(tag))
}

/// `NAME VERSION`, and the release's own name where it says more than that.
fn title(project: &str, tag: &str, own: &str) -> String {
    let has = |part: &str| own.to_lowercase().contains(&part.to_lowercase());
    let version = tag.trim_start_matches(['v', 'V']);
    match (has(project), has(version)) {
        (_, _) if own.is_empty() => format!("{project} {tag}").trim_end().to_owned(),
        (true, true) => own.to_owned(),
        (false, true) => format!("{project} {own}"),
        (_, false) => format!("{project} {tag}: {own}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prereleases_are_known_by_their_tag() {
        for tag in [
            "v2.0.0-rc.1",
            "2.0.0-beta",
            "v1.0.0-alpha.3",
            "1.0.0rc2",
            "3.12.0b1",
            "nightly",
            "v1.2-preview",
            "canary-2026-01-03",
            "0.4.0.dev1",
            "1.1.0-next.4",
        ] {
            assert!(is_prerelease(tag), "{tag}");
        }
        for tag in ["v2.0.0", "b4521", "release-2026-01-03", "v1.0.0-1", "tools-v3.1", "2026.1"] {
            assert!(!is_prerelease(tag), "{tag}");
        }
    }

    #[test]
    fn titles_name_project_and_version() {
        assert_eq!(title("runner", "v1.2.0", "v1.2.0"), "runner v1.2.0");
        assert_eq!(title("runner", "v1.2.0", "Runner 1.2.0"), "Runner 1.2.0");
        assert_eq!(title("runner", "v1.2.0", "Winter"), "runner v1.2.0: Winter");
        assert_eq!(title("runner", "v1.2.0", ""), "runner v1.2.0");
    }

    #[test]
    fn the_repository_is_checked() {
        for repo in ["owner", "https://github.com/o/n", "o/n/x", "o/../x", "o/", "/n", "o/n?x"] {
            let text = format!("name = \"a\"\nrepo = \"{repo}\"");
            let source: GithubSource = toml::from_str(&text).unwrap();
            assert!(source.request().unwrap_err().contains("OWNER/NAME"), "{repo}");
        }
    }
}
