//! The most authoritative page of a story: the maker's own, then the paper, the code, then media.
//!
//! A source may have listed it, or a report only links to it. What a report links need not be on the
//! event at all (a paper that it cites in passing), so a linked page counts only once it was read
//! and [`on_same_event`] says so. What this refuses: to take a link's word for it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Readable;
use super::rank::{FEEDING, has_path, page};
use crate::collect::Authority;
use crate::collect::canonical::{canonical, is_expiring};
use crate::extract::{Article, LinkKind, kind_of_url};
use crate::text::anchors::{Anchors, anchors};
use crate::text::hash::short_id;
use crate::text::similarity;

/// How authoritative a page is; the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PageKind {
    /// The maker's own.
    Official,
    /// The paper.
    Paper,
    /// The code.
    Code,
    /// A report.
    Media,
    /// Social media and re-posts.
    Social,
}

/// A page of a story.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourcePage {
    /// The URL, as it was listed or linked.
    pub url: String,
    /// How authoritative it is.
    pub kind: PageKind,
    /// The id of its candidate; of a page that a report only links, the id that it would have.
    pub candidate: String,
    /// No source listed it: a report links to it.
    pub linked: bool,
}

/// The kind of the page of a candidate: by the authority of its source, and by its address.
pub fn kind(item: &Readable<'_>) -> PageKind {
    match (item.candidate.authority, kind_of_url(&item.candidate.url)) {
        (Authority::Official, _) => PageKind::Official,
        (_, LinkKind::Paper) => PageKind::Paper,
        (_, LinkKind::Code) => PageKind::Code,
        (Authority::Research, _) => PageKind::Paper,
        (Authority::Media, _) => PageKind::Media,
        (Authority::Social, _) => PageKind::Social,
    }
}

/// The most authoritative page that a source listed; `members` in the order of
/// [`super::rank::lead_order`], which breaks ties. `None` where all links expire.
pub fn listed(members: &[Readable<'_>]) -> Option<SourcePage> {
    let all = members.iter().filter_map(|m| {
        Some(SourcePage {
            url: page(m)?,
            kind: kind(m),
            candidate: m.candidate.id.clone(),
            linked: false,
        })
    });
    all.min_by_key(|p| p.kind)
}

/// The pages that the articles which feed an entry link to, and that would be more authoritative
/// than any listed one: the best first, each once.
pub fn linked(members: &[Readable<'_>]) -> Vec<SourcePage> {
    let least = listed(members).map_or(PageKind::Media, |p| p.kind.min(PageKind::Media));
    let mut seen = BTreeSet::new();
    let mut out: Vec<SourcePage> = Vec::new();
    for link in members.iter().take(FEEDING).flat_map(|m| &m.article.links) {
        let kind = match link.kind {
            LinkKind::Official => PageKind::Official,
            LinkKind::Paper => PageKind::Paper,
            LinkKind::Code => PageKind::Code,
            LinkKind::Media | LinkKind::Social => continue,
        };
        if kind >= least || !has_path(&link.url) || is_expiring(&link.url) {
            continue;
        }
        let Some(canonical) = canonical(&link.url) else { continue };
        let candidate = short_id(&canonical);
        if seen.insert(candidate.clone()) {
            out.push(SourcePage { url: link.url.clone(), kind, candidate, linked: true });
        }
    }
    out.sort_by_key(|p| p.kind);
    out
}

/// The most days that a page may have been out before a report of it: papers wait for their
/// reports, announcements do not.
const DAYS_BEFORE: f64 = 10.0;
const DAYS_BEFORE_PAPER: f64 = 45.0;
/// The most days by which its date may lie after the report's (another zone, a later revision).
const DAYS_AFTER: f64 = 3.0;

/// The years that a text of today names: numbers that prove nothing.
const YEARS: std::ops::RangeInclusive<u32> = 1990..=2050;

/// How many characters of a page are read: what it announces stands at its beginning.
const READ: usize = 3000;

/// Whether a page that a report links is on the report's event, and not on something that the
/// report mentions. Both are dated alike, and beyond a word or two they share what rewording and
/// translation keep:
///
/// * two numbers, and a name or a third of the page's title; or
/// * one number, and a name of both titles, or three fifths of the page's title.
pub fn on_same_event(report: &Readable<'_>, kind: PageKind, page: &Article) -> bool {
    if !dated_alike(report, kind, page) {
        return false;
    }
    let said = format!("{}\n{}", report.title(), report.article.document.text());
    let text: String = page.document.text().chars().take(READ).collect();
    let (of_report, of_page) = (anchors(&said), anchors(&format!("{}\n{text}", page.title)));
    let years = anchors(&YEARS.map(|y| y.to_string()).collect::<Vec<_>>().join(" ")).numbers;
    let numbers = similarity::shared(&of_report.numbers, &of_page.numbers).saturating_sub(
        years.iter().filter(|y| has(&of_report.numbers, y) && has(&of_page.numbers, y)).count(),
    );
    let names = similarity::shared(&of_report.names, &of_page.names);
    let titles = similarity::shared(&names_of_title(report.title()), &names_of_title(&page.title));
    let title = title_covered(&page.title, &said);
    match numbers {
        0 => false,
        1 => titles > 0 || title >= 0.6,
        _ => names > 0 || title >= 0.33,
    }
}

fn has(sorted: &[similarity::Term], term: &similarity::Term) -> bool {
    sorted.binary_search(term).is_ok()
}

fn dated_alike(report: &Readable<'_>, kind: PageKind, page: &Article) -> bool {
    let (Some(reported), Some(published)) = (report.published(), page.published) else {
        return true;
    };
    let days = reported.hours_apart(&published) / 24.0;
    if published.order_key() > reported.order_key() {
        return days <= DAYS_AFTER;
    }
    days <= if kind == PageKind::Paper { DAYS_BEFORE_PAPER } else { DAYS_BEFORE }
}

/// The names of a title; its first word counts too, though a sentence starts there.
fn names_of_title(title: &str) -> Vec<similarity::Term> {
    let Anchors { names, .. } = anchors(&format!("x {title}"));
    names
}

/// The part of the terms of `title` that stand in `text`; 0 of a title without two terms.
fn title_covered(title: &str, text: &str) -> f64 {
    let terms: BTreeSet<similarity::Term> = similarity::terms(title).into_iter().collect();
    if terms.len() < 2 {
        return 0.0;
    }
    let have: BTreeSet<similarity::Term> = similarity::terms(text).into_iter().collect();
    terms.intersection(&have).count() as f64 / terms.len() as f64
}

impl super::Story {
    /// The ids of the candidates whose articles feed its entry: the one that leads it, the most
    /// authoritative page, then the others in their order; at most [`FEEDING`].
    pub fn feeding(&self) -> Vec<&str> {
        let lead = self.members.first().map(|m| m.candidate.as_str());
        let primary = self.primary.as_ref().map(|p| p.candidate.as_str());
        let rest = self.members.iter().skip(1).map(|m| m.candidate.as_str());
        let mut out: Vec<&str> = Vec::new();
        for id in lead.into_iter().chain(primary).chain(rest) {
            if out.len() < FEEDING && !out.contains(&id) {
                out.push(id);
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::Candidate;
    use crate::extract::{Link, TextOrigin, Verdict};
    use crate::text::{Document, Language, Moment};

    fn article(title: &str, text: &str, published: &str) -> Article {
        Article {
            id: short_id(text),
            url: "https://a.example/x".into(),
            verdict: Verdict::Article,
            title: title.into(),
            byline: None,
            site: None,
            published: Moment::parse(published),
            language: Some(Language("en".into())),
            document: Document::from_text(text),
            links: Vec::new(),
            origin: TextOrigin::Page,
            way: "agreement".into(),
        }
    }

    fn candidate(id: &str, url: &str, authority: Authority) -> Candidate {
        Candidate {
            id: id.into(),
            url: url.into(),
            canonical: url.into(),
            title: String::new(),
            published: None,
            changed: None,
            first_seen: jiff::Timestamp::UNIX_EPOCH,
            sources: vec!["s".into()],
            authority,
            author: None,
            snippet: String::new(),
            content: None,
            whole: false,
        }
    }

    const REPORT: &str = "据介绍，Brindle B2 的内存带宽达 9.6 TB/s，解码速度为 118 token/s，\
        能耗降到 2.6 J。首席技术官 Maren Holt 说，2026 年量产。论文 PebbleCache 曾提到类似做法。";

    fn same(kind: PageKind, page: &Article) -> bool {
        let (article, candidate) = (
            article("Orrin Devices 推出芯片 Brindle B2", REPORT, "2026-01-03"),
            candidate("r", "https://media.example/1", Authority::Media),
        );
        let report =
            Readable { candidate: &candidate, article: &article, late: false, undated: false };
        on_same_event(&report, kind, page)
    }

    #[test]
    fn the_announcement_is_on_the_event_and_a_paper_cited_in_passing_is_not() {
        let text = "Brindle B2 reads its memory at 9.6 TB/s and decodes 118 tokens per second.";
        let page = article("Introducing Brindle B2", text, "2026-01-02");
        assert!(same(PageKind::Official, &page));
        let old = article("Introducing Brindle B2", text, "2025-11-02");
        assert!(!same(PageKind::Official, &old), "an announcement of two months ago");
        let cited = article(
            "PebbleCache: compressing the cache of reasoning traces",
            "In 2026 we present PebbleCache, which shrinks the cache by a factor of 5.2 and keeps \
             99.1 percent of accuracy on 64 tasks.",
            "2026-01-02",
        );
        assert!(!same(PageKind::Paper, &cited));
    }

    #[test]
    fn the_most_authoritative_first_and_only_what_beats_the_listed() {
        let link = |url: &str, kind| Link { url: url.into(), text: String::new(), kind };
        let mut report = article("T", REPORT, "2026-01-03");
        report.links = vec![
            link("https://github.com/orrin/b2", LinkKind::Code),
            link("https://orrin.example/", LinkKind::Official),
            link("https://arxiv.org/abs/2601.00001", LinkKind::Paper),
            link("https://arxiv.org/pdf/2601.00001v2", LinkKind::Paper),
            link("https://media.example/2", LinkKind::Media),
        ];
        let media = candidate("r", "https://media.example/1", Authority::Media);
        let of = |candidate| Readable { candidate, article: &report, late: false, undated: false };
        let urls = |members: &[Readable<'_>]| -> Vec<String> {
            linked(members).into_iter().map(|p| p.url).collect()
        };
        assert_eq!(
            urls(&[of(&media)]),
            ["https://arxiv.org/abs/2601.00001", "https://github.com/orrin/b2"]
        );
        let paper = candidate("p", "https://arxiv.org/abs/2601.00002", Authority::Media);
        assert!(urls(&[of(&media), of(&paper)]).is_empty());
        assert_eq!(listed(&[of(&media), of(&paper)]).unwrap().candidate, "p");
    }
}
