//! `kind = "github"`: the releases of a repository, through GitHub's public interface for programs
//! (<https://docs.github.com/rest/releases/releases>), without a key.
//!
//! Without a key it answers 60 times an hour, which is enough: one request a repository and run.
//! The Atom feed of releases would not do: GitHub's robots.txt forbids it to programs, and it does
//! not say which releases are pre-releases. Drafts are never listed.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};
use serde::{Deserialize, Serialize};

use super::source::{Reading, Request, Rules};
use super::{Authority, Listing};
use crate::net::Want;
use crate::text::Moment;

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
    /// The most entries of an issue that it may lead.
    max_entries: Option<usize>,
}

fn official() -> Authority {
    Authority::Official
}

/// How many of the latest releases are asked for.
const LATEST: usize = 30;

/// A release as the interface gives it.
#[derive(Deserialize)]
struct Release {
    html_url: String,
    tag_name: String,
    name: Option<String>,
    body: Option<String>,
    #[serde(default)]
    draft: bool,
    #[serde(default)]
    prerelease: bool,
    published_at: Option<String>,
    author: Option<Account>,
}

#[derive(Deserialize)]
struct Account {
    login: String,
}

impl GithubSource {
    /// The name of the repository.
    fn project(&self) -> &str {
        self.repo.split_once('/').map_or("", |(_, name)| name)
    }

    fn listing(&self, release: Release) -> Listing {
        let content = release.body.as_deref().map(html).filter(|html| !html.is_empty());
        let own = release.name.as_deref().unwrap_or("").trim();
        Listing {
            title: title(self.project(), &release.tag_name, own),
            guid: None,
            published: release.published_at.as_deref().and_then(Moment::parse),
            changed: None,
            author: release.author.map(|a| a.login),
            snippet: String::new(),
            whole: content.is_some(),
            content,
            url: Some(release.html_url),
        }
    }
}

impl Rules for GithubSource {
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
        let plain = |part: &str| {
            let fits = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
            !part.is_empty() && !part.starts_with('.') && part.chars().all(fits)
        };
        match self.repo.split_once('/') {
            Some((owner, name)) if plain(owner) && plain(name) => {
                let url = format!(
                    "https://api.github.com/repos/{owner}/{name}/releases?per_page={LATEST}"
                );
                Ok(Request::Url(url, Want::Api))
            }
            _ => Err(format!(
                "source `{}`: `repo = \"{}\"` is no repository of GitHub; write \"OWNER/NAME\"",
                self.name, self.repo
            )),
        }
    }

    fn read(&self, _url: &str, _type: Option<&str>, body: &[u8]) -> Result<Reading, String> {
        let releases: Vec<Release> = serde_json::from_slice(body)
            .map_err(|e| format!("GitHub's answer is no list of releases: {e}"))?;
        let wanted = |r: &Release| !r.draft && (self.prereleases || !r.prerelease);
        let listings = releases.into_iter().filter(wanted).map(|r| self.listing(r)).collect();
        Ok(Reading { listings, ..Reading::default() })
    }
}

/// Release notes in Markdown as plain HTML: blocks and links. Raw HTML in them is left out.
fn html(markdown: &str) -> String {
    let mut out = String::with_capacity(markdown.len() * 2);
    for event in Parser::new(markdown) {
        match event {
            Event::Start(Tag::Link { dest_url, .. }) => {
                out.push_str(&format!("<a href=\"{}\">", escaped(&dest_url)));
            }
            Event::End(TagEnd::Link) => out.push_str("</a>"),
            Event::Start(tag) => {
                out.push_str(&block(&tag.to_end()).map_or(String::new(), |b| format!("<{b}>")));
            }
            Event::End(end) => {
                out.push_str(&block(&end).map_or(String::new(), |b| format!("</{b}>")));
            }
            Event::Text(text) | Event::Code(text) => out.push_str(&escaped(&text)),
            Event::SoftBreak => out.push(' '),
            Event::HardBreak => out.push_str("<br>"),
            _ => {}
        }
    }
    out
}

/// The element of a block; what stands in a line loses its marks.
fn block(end: &TagEnd) -> Option<String> {
    Some(match end {
        TagEnd::Paragraph => "p".into(),
        TagEnd::Heading(level) => level.to_string(),
        TagEnd::List(true) => "ol".into(),
        TagEnd::List(false) => "ul".into(),
        TagEnd::Item => "li".into(),
        TagEnd::CodeBlock => "pre".into(),
        TagEnd::BlockQuote(_) => "blockquote".into(),
        _ => return None,
    })
}

fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    text.replace('"', "&quot;")
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
    fn notes_keep_their_blocks_and_links() {
        let notes = "## New\n\n- **Fast** `a<b>`\n- [docs](https://a.example/?x=1&y=2)\n\nOne\ntwo.\n\n<script>x</script>\n";
        let want = "<h2>New</h2><ul><li>Fast a&lt;b&gt;</li><li><a href=\"https://a.example/?x=1&amp;y=2\">docs</a></li></ul><p>One two.</p>";
        assert_eq!(html(notes), want);
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
