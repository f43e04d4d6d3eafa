//! What a later article says that an earlier entry did not have: by rules, and conservative.
//!
//! The title and the first sentences of the article are held against all that the entry was written
//! from, as a claim is held against its source ([`crate::verify`]). A number, a date, an identifier
//! or a name in Latin letters that stands nowhere there is a new fact, and so is a page of the maker
//! or of its authors where the entry had none. Two facts are asked for, one of them a number, a date
//! or an identifier: another outlet's report of the same event brings a name or a figure of its own
//! now and then. The article must have come out later, too.
//!
//! What it cannot see: news that are told without a figure or a name in Latin letters; they stay
//! covered. So does all that goes on from an imported entry: its prose has a few of the facts that
//! its article had, and another report of the same event would have “new” ones. The editor is told,
//! and can bring it in.

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::Date;

use super::earlier::EarlierEntry;
use crate::collect::Authority;
use crate::extract::{Article, LinkKind, kind_of_url};
use crate::select::Readable;
use crate::text::{Document, Moment};
use crate::verify::{FindingKind, SourceText, check_text};

/// How many sentences after the title are read: news stand first.
const SENTENCES: usize = 3;
/// The least number of new facts.
const LEAST: usize = 2;
/// How much later the article must have come out, in hours: reports of one event come within hours
/// of each other.
const LATER_HOURS: f64 = 6.0;

/// What an earlier entry rests on.
#[derive(Clone, Copy)]
pub(super) struct Then<'a> {
    /// The articles.
    pub(super) articles: &'a [Article],
    /// The entry.
    pub(super) entry: &'a EarlierEntry,
}

/// The new facts of `now`, in its own words; none where it says nothing new. Without the articles
/// of then nobody can say what is new.
pub(super) fn news(now: &Readable<'_>, then: &Then<'_>) -> Vec<String> {
    let Some(published) = now.published().filter(|p| is_later(p, then)) else {
        return Vec::new();
    };
    let own_days = Document::from_text(&days_around(published.own_day()));
    let entry = Document::from_text(&[then.entry.title.as_str(), &then.entry.text].join("\n"));
    let said: Vec<SourceText<'_>> = then
        .articles
        .iter()
        .map(|a| SourceText {
            article: &a.id,
            document: &a.document,
            title: &a.title,
            published: a.published,
            language: a.language.as_ref(),
        })
        .chain([&own_days, &entry].map(|document| SourceText {
            article: "",
            document,
            title: "",
            published: Some(published),
            language: None,
        }))
        .collect();
    let document = &now.article.document;
    let count = document.sentences().len().min(SENTENCES);
    let texts = std::iter::once(now.title()).chain((0..count).map(|i| document.sentence_text(i)));
    let (mut facts, mut hard) = (BTreeSet::new(), 0);
    for finding in texts.flat_map(|text| check_text(text, &said)) {
        let is_hard = match finding.kind {
            FindingKind::Number | FindingKind::Date | FindingKind::Identifier => true,
            FindingKind::Name => false,
            _ => continue,
        };
        if facts.insert(finding.text) {
            hard += usize::from(is_hard);
        }
    }
    if hard == 0 {
        return Vec::new();
    }
    let mut out: Vec<String> = facts.into_iter().collect();
    out.extend(new_page(now, then).map(str::to_owned));
    if out.len() < LEAST { Vec::new() } else { out }
}

/// Whether an article came out later than all articles of then.
fn is_later(published: &Moment, then: &Then<'_>) -> bool {
    let dates: Vec<Moment> = then.articles.iter().filter_map(|a| a.published).collect();
    let latest = dates.iter().max_by_key(|m| m.order_key());
    latest.is_some_and(|latest| {
        published.order_key() > latest.order_key() && published.hours_apart(latest) >= LATER_HOURS
    })
}

/// A page of the maker or of its authors, where the entry had none.
fn new_page(now: &Readable<'_>, then: &Then<'_>) -> Option<&'static str> {
    let works = |url: &str| matches!(kind_of_url(url), LinkKind::Paper | LinkKind::Code);
    let first = now.candidate.authority >= Authority::Research || works(&now.candidate.url);
    let had = then.articles.iter().any(|a| works(&a.url));
    (first && !had).then_some("a page of its makers")
}

/// The day of an article, the one before and the one after, as they are written: a report's own day
/// is no news.
fn days_around(day: Date) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let days = [day.saturating_sub(1.day()), day, day.saturating_add(1.day())];
    let written = days.map(|d| {
        let month = usize::try_from(d.month() - 1).ok().and_then(|m| MONTHS.get(m));
        format!(
            "{}年{}月{}日。\n{} {}, {}.",
            d.year(),
            d.month(),
            d.day(),
            month.copied().unwrap_or(""),
            d.day(),
            d.year()
        )
    });
    written.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::Candidate;
    use crate::extract::{TextOrigin, Verdict};

    const THEN: &str = "岚图芯1月3日发布加速卡苍穹C7，内存带宽4.8TB/s，功耗350瓦。\n样卡送往12家客户，二季度量产。";

    fn article(at: &str, title: &str, text: &str) -> Article {
        Article {
            id: at.into(),
            url: "https://a.example/x".into(),
            verdict: Verdict::Article,
            title: title.into(),
            byline: None,
            site: None,
            published: Moment::parse(at),
            language: None,
            document: Document::from_text(text),
            links: Vec::new(),
            origin: TextOrigin::Page,
            way: "general".into(),
        }
    }

    /// The news of a later article with this text, from a source of `authority`.
    fn of(at: &str, text: &str, authority: Authority, then: &[Article]) -> Vec<String> {
        let now = article(at, "岚图芯苍穹C7的后续", text);
        let candidate = Candidate {
            id: "later".into(),
            url: "https://b.example/y".into(),
            canonical: "https://b.example/y".into(),
            title: now.title.clone(),
            published: now.published,
            changed: None,
            whole: false,
            first_seen: "2026-01-05T00:00:00Z".parse().unwrap(),
            sources: Vec::new(),
            authority,
            author: None,
            snippet: String::new(),
            content: None,
        };
        let readable =
            Readable { candidate: &candidate, article: &now, late: false, undated: false };
        news(&readable, &Then { articles: then, entry: &EarlierEntry::default() })
    }

    fn later(text: &str) -> Vec<String> {
        let then = [article("2026-01-03T09:00:00+08:00", "岚图芯发布苍穹C7", THEN)];
        of("2026-01-05T09:00:00+08:00", text, Authority::Media, &then)
    }

    #[test]
    fn two_facts_of_which_one_is_a_figure_are_news() {
        let got = later("岚图芯1月5日召回首批苍穹C7，涉及860张。\nNorthgate已停止采购。");
        assert!(got.iter().any(|f| f.contains("860")), "{got:?}");
        assert!(got.iter().any(|f| f.contains("Northgate")), "{got:?}");
        assert!(!later("岚图芯召回860张苍穹C7，退款3100万元。").is_empty());
    }

    #[test]
    fn the_same_facts_in_other_words_are_none() {
        for text in [
            "苍穹C7的功耗为350瓦，每秒4.8TB的带宽，已有12家客户在试用。",
            "岚图芯今天（1月5日）没有更多的消息，二季度量产的计划不变。",
            // One figure more is what another outlet may have.
            "苍穹C7功耗350瓦，岚图芯有员工920人。",
            "Northgate和Brightwater都对苍穹C7感兴趣。",
            "岚图芯召回首批苍穹C7，称将全额退款。",
        ] {
            assert_eq!(later(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn only_what_came_out_later_has_news() {
        let text = "岚图芯召回860张苍穹C7，退款3100万元。";
        let then = [article("2026-01-05T05:00:00+08:00", "岚图芯发布苍穹C7", THEN)];
        let media = Authority::Media;
        assert!(of("2026-01-05T09:00:00+08:00", text, media, &then).is_empty(), "within hours");
        assert!(of("2026-01-04T09:00:00+08:00", text, media, &then).is_empty(), "before");
        assert!(of("no date", text, media, &then).is_empty(), "undated");
        assert!(of("2026-01-09T09:00:00+08:00", text, media, &[]).is_empty(), "nothing to compare");
        assert!(!of("2026-01-05T12:00:00+08:00", text, media, &then).is_empty());
    }

    #[test]
    fn the_makers_own_page_is_a_fact() {
        let text = "召回的苍穹C7共860张。";
        let then = [article("2026-01-03T09:00:00+08:00", "岚图芯发布苍穹C7", THEN)];
        let at = "2026-01-05T09:00:00+08:00";
        assert!(of(at, text, Authority::Media, &then).is_empty());
        assert_eq!(of(at, text, Authority::Official, &then).len(), 2);
    }
}
