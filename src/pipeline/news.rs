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
//! covered.

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
