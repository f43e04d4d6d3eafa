//! Entries → further reading and related papers, from what the articles of this run link and from
//! the stories that got no entry.
//!
//! A related paper is one that an article of the story links. Likeness never makes one. No link
//! stands twice in an issue, no social media link and no bare home page is listed.

pub mod papers;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::collect::canonical::{canonical, is_expiring};
use crate::extract::{Article, Link, LinkKind};
use crate::text::promotion::is_promotion;

/// The most items of further reading.
pub const MOST_ITEMS: usize = 25;
/// The most of them that are papers.
pub const MOST_PAPERS: usize = 15;
/// The most related papers of one entry.
pub const MOST_RELATED: usize = 3;

/// `[related]` of the configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// Whether arXiv is asked for papers on the entries; left out, it is where arXiv is a source.
    pub arxiv: Option<bool>,
    /// Whether links that nothing was read from are asked for, so that a dead one is left out.
    pub check_links: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { arxiv: None, check_links: true }
    }
}

/// Something that may be listed as further reading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lead {
    /// The title.
    pub title: String,
    /// Where it leads, as it was listed.
    pub url: String,
    /// The name of its source.
    pub source: String,
    /// The label that groups it.
    pub group: String,
    /// Whether it is a paper.
    pub paper: bool,
    /// The candidate that it is, where it is one.
    pub candidate: Option<String>,
}

/// The links that already stand in the issue.
#[derive(Clone, Debug, Default)]
pub struct Used(BTreeSet<String>);

impl Used {
    /// Notes that `url` stands in the issue; says whether it is new.
    pub fn note(&mut self, url: &str) -> bool {
        self.0.insert(canonical(url).unwrap_or_else(|| url.to_owned()))
    }

    /// Whether `url` stands in the issue.
    pub fn has(&self, url: &str) -> bool {
        self.0.contains(&canonical(url).unwrap_or_else(|| url.to_owned()))
    }
}

/// The papers that the articles of one story are, link or name, without those that stand in the
/// issue already, at most [`MOST_RELATED`]. `named` are those that they name by title.
pub fn related_papers(articles: &[&Article], named: &[String], used: &mut Used) -> Vec<String> {
    let mut papers = Vec::new();
    for url in papers_of(articles).into_iter().chain(named.iter().cloned()) {
        if papers.len() < MOST_RELATED && used.note(&url) {
            papers.push(url);
        }
    }
    papers
}

/// The papers that articles are, link, or name by DOI or arXiv number, in that order.
pub fn papers_of(articles: &[&Article]) -> Vec<String> {
    let own = articles.iter().filter(|a| kind_of(&a.url) == LinkKind::Paper).map(|a| a.url.clone());
    let links = articles.iter().flat_map(|a| &a.links);
    let linked = links.filter(|l| l.kind == LinkKind::Paper).map(|l| l.url.clone());
    let numbers = articles.iter().flat_map(|a| papers::numbered(a.document.text()));
    own.chain(linked).chain(numbers).collect()
}

/// Papers and code that the articles of a story link by a title of their own.
pub fn linked_reading(articles: &[&Article], group: &str) -> Vec<Lead> {
    let links = articles.iter().flat_map(|a| &a.links);
    links.filter(|l| worth_reading(l)).map(|l| lead_of(l, group)).collect()
}

fn lead_of(link: &Link, group: &str) -> Lead {
    Lead {
        title: link.text.trim().to_owned(),
        url: link.url.clone(),
        source: source_name(&link.url),
        group: group.to_owned(),
        paper: link.kind == LinkKind::Paper,
        candidate: None,
    }
}

/// A link serves further reading where it is a paper or code and its text is a title: of four
/// words that begin like one, or of ten Chinese characters. The words of a running sentence that
/// happen to be linked (“as shown in 2013”) are none.
fn worth_reading(link: &Link) -> bool {
    let text = link.text.trim();
    let words = text.split_whitespace().count();
    let wide = text.chars().filter(|c| ('\u{3400}'..='\u{9fff}').contains(c)).count();
    let begins = text.chars().next().is_some_and(|c| c.is_uppercase() || c.is_numeric());
    matches!(link.kind, LinkKind::Paper | LinkKind::Code)
        && ((words >= 4 && begins) || wide >= 10)
        && !text.contains("://")
}

/// Which leads are listed: papers first, each link once, none that stands above, none that
/// expires, no bare home page, no advertisement; the order is kept otherwise.
pub fn choose(leads: Vec<Lead>, used: &mut Used) -> Vec<Lead> {
    let (papers, others): (Vec<Lead>, Vec<Lead>) = leads.into_iter().partition(|l| l.paper);
    let mut listed = Vec::new();
    let fits = |lead: &Lead, used: &mut Used| {
        !lead.title.is_empty()
            && (lead.paper || !is_promotion(&lead.title))
            && !is_home_page(&lead.url)
            && !is_expiring(&lead.url)
            && kind_of(&lead.url) != LinkKind::Social
            && used.note(&lead.url)
    };
    for lead in papers {
        if listed.len() < MOST_PAPERS && fits(&lead, used) {
            listed.push(lead);
        }
    }
    for lead in others {
        if listed.len() < MOST_ITEMS && fits(&lead, used) {
            listed.push(lead);
        }
    }
    listed
}

fn kind_of(url: &str) -> LinkKind {
    crate::extract::kind_of_url(url)
}

fn is_home_page(url: &str) -> bool {
    url::Url::parse(url)
        .map_or(true, |u| u.path().trim_matches('/').is_empty() && u.query().is_none())
}

/// The name of a host that readers know by another name than its address.
pub fn known_host(url: &str) -> Option<&'static str> {
    match bare_host(url)?.as_str() {
        "arxiv.org" => Some("arXiv"),
        "github.com" => Some("GitHub"),
        "huggingface.co" => Some("Hugging Face"),
        "openreview.net" => Some("OpenReview"),
        "doi.org" => Some("DOI"),
        _ => None,
    }
}

/// The name that follows a link: `arXiv`, `GitHub`, else the host without `www.`.
pub fn source_name(url: &str) -> String {
    let known = known_host(url).map(str::to_owned);
    known.or_else(|| bare_host(url)).unwrap_or_default()
}

fn bare_host(url: &str) -> Option<String> {
    let url = url::Url::parse(url).ok()?;
    let host = url.host_str()?;
    Some(host.strip_prefix("www.").unwrap_or(host).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lead(title: &str, url: &str, paper: bool) -> Lead {
        Lead {
            title: title.into(),
            url: url.into(),
            source: source_name(url),
            group: "g".into(),
            paper,
            candidate: None,
        }
    }

    #[test]
    fn papers_first_and_no_link_twice() {
        let mut used = Used::default();
        used.note("https://a.example/above");
        let leads = vec![
            lead("A report", "https://a.example/report?utm_source=x", false),
            lead("The same report", "https://a.example/report", false),
            lead("Above", "https://a.example/above#top", false),
            lead("Home", "https://a.example/", false),
            lead("Webinar: how to ship agents", "https://a.example/webinar", false),
            lead("海港智能大会报名通道开启", "https://b.example/event", false),
            lead("A paper", "https://arxiv.org/abs/2601.00001", true),
        ];
        let titles: Vec<String> = choose(leads, &mut used).into_iter().map(|l| l.title).collect();
        assert_eq!(titles, ["A paper", "A report"]);
    }

    #[test]
    fn no_more_than_the_format_allows() {
        let leads =
            (0..60).map(|i| lead("T", &format!("https://a.example/{i}"), i % 2 == 0)).collect();
        let listed = choose(leads, &mut Used::default());
        assert_eq!(listed.len(), MOST_ITEMS);
        assert_eq!(listed.iter().filter(|l| l.paper).count(), MOST_PAPERS);
    }

    #[test]
    fn a_link_with_a_title_is_worth_reading() {
        let link =
            |text: &str, kind| Link { url: "https://a.example/x".into(), text: text.into(), kind };
        assert!(worth_reading(&link("Sparse attention for long documents", LinkKind::Paper)));
        assert!(!worth_reading(&link("论文", LinkKind::Paper)));
        assert!(!worth_reading(&link("as they demonstrated in 2013", LinkKind::Paper)));
        assert!(!worth_reading(&link("https://arxiv.org/abs/2601.00001", LinkKind::Paper)));
        assert!(!worth_reading(&link("another long media title", LinkKind::Media)));
    }
}
