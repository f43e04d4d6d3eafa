//! `kind = "arxiv"`: papers by a query or by categories, through arXiv's Atom API
//! (<https://info.arxiv.org/help/api/user-manual.html>), newest first.
//!
//! A paper counts by its announcement, not by its submission: see [`announced`]. Its link is the
//! abstract's page without a version, its text the abstract; as that is all the page says, the page
//! is not asked for. It refuses answers that carry arXiv's
//! own error instead of papers. The pause of three seconds between requests that arXiv asks for is
//! kept by [`crate::net`] for all of arXiv's hosts, and so is its way of throttling with status 200.

use jiff::civil::{Weekday, time};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use url::Url;

use super::canonical::arxiv as canonical;
use super::source::{Reading, Request, Rules};
use super::{Authority, Listing, parse_feed};
use crate::net::Want;
use crate::text::{Moment, charset};

const API: &str = "https://export.arxiv.org/api/query";

/// Papers of one answer. The API allows 2000, but answers large pages slowly or not at all.
const PAGE: usize = 100;

/// More papers than this are a query that is too wide.
const MOST: usize = 2000;

/// The zone of arXiv's deadline and announcement.
const ZONE: &str = "America/New_York";

/// `kind = "arxiv"`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArxivSource {
    name: String,
    /// A query in arXiv's own words, such as `abs:"long context" AND ti:attention`.
    query: Option<String>,
    /// Categories, such as `cs.CL`; with a query a paper must fit both.
    #[serde(default)]
    categories: Vec<String>,
    #[serde(default = "hundred")]
    max_items: usize,
    #[serde(default = "research")]
    authority: Authority,
    /// The most entries of an issue that it may lead.
    max_entries: Option<usize>,
}

fn hundred() -> usize {
    100
}

fn research() -> Authority {
    Authority::Research
}

impl ArxivSource {
    fn search(&self) -> Result<String, String> {
        let name = &self.name;
        if !(1..=MOST).contains(&self.max_items) {
            return Err(format!("source `{name}`: `max_items` lies between 1 and {MOST}"));
        }
        let is_category = |c: &str| {
            let (archive, class) = c.split_once('.').unwrap_or((c, "*"));
            let word =
                |w: &str| !w.is_empty() && w.chars().all(|c| c.is_ascii_alphabetic() || c == '-');
            word(archive) && (class == "*" || word(class))
        };
        if let Some(wrong) = self.categories.iter().find(|c| !is_category(c)) {
            return Err(format!(
                "source `{name}`: `{wrong}` is no category of arXiv; write such as \"cs.CL\""
            ));
        }
        let categories: Vec<String> = self.categories.iter().map(|c| format!("cat:{c}")).collect();
        let categories = categories.join(" OR ");
        match self.query.as_deref().map(str::trim).filter(|q| !q.is_empty()) {
            None if categories.is_empty() => Err(format!(
                "source `{name}` needs a `query` or `categories`, such as [\"cs.AI\", \"cs.CL\"]"
            )),
            None => Ok(categories),
            Some(query) if categories.is_empty() => Ok(query.to_owned()),
            Some(query) => Ok(format!("({query}) AND ({categories})")),
        }
    }

    /// The URL of the page that begins with paper `start`.
    fn url(&self, start: usize) -> Result<String, String> {
        let count = PAGE.min(self.max_items.saturating_sub(start));
        let mut url = Url::parse(API).map_err(|e| format!("{API}: {e}"))?;
        url.query_pairs_mut()
            .append_pair("search_query", &self.search()?)
            .append_pair("sortBy", "submittedDate")
            .append_pair("sortOrder", "descending")
            .append_pair("start", &start.to_string())
            .append_pair("max_results", &count.to_string());
        Ok(url.into())
    }
}

/// The URL that asks arXiv for the `count` papers that fit `query` best.
pub fn search_url(query: &str, count: usize) -> Option<String> {
    let mut url = Url::parse(API).ok()?;
    url.query_pairs_mut()
        .append_pair("search_query", query)
        .append_pair("sortBy", "relevance")
        .append_pair("sortOrder", "descending")
        .append_pair("start", "0")
        .append_pair("max_results", &count.to_string());
    Some(url.into())
}

/// The papers of an answer of arXiv.
///
/// # Errors
/// It is none, or arXiv refuses the query.
pub fn papers(url: &str, content_type: Option<&str>, body: &[u8]) -> Result<Vec<Listing>, String> {
    let feed = parse_feed(url, content_type, body).map_err(|e| e.to_string())?;
    match feed.items.iter().find(|i| is_error(i)) {
        Some(error) => Err(format!("arXiv refuses the query: {}", error.snippet)),
        None => Ok(feed.items.into_iter().map(paper).collect()),
    }
}

impl Rules for ArxivSource {
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
        Ok(Request::Url(self.url(0)?, Want::Api))
    }

    fn most_requests(&self) -> usize {
        self.max_items.div_ceil(PAGE)
    }

    fn read(&self, url: &str, content_type: Option<&str>, body: &[u8]) -> Result<Reading, String> {
        let feed = parse_feed(url, content_type, body).map_err(|e| e.to_string())?;
        if let Some(error) = feed.items.iter().find(|i| is_error(i)) {
            return Err(format!("arXiv refuses the query: {}", error.snippet));
        }
        let text = charset::decode(body, content_type);
        let start = number(&text, "startIndex").unwrap_or(0);
        let total = number(&text, "totalResults");
        let end = start + feed.items.len();
        let mut reading = Reading::default();
        if total.is_some_and(|total| end < total.min(self.max_items)) {
            if feed.items.is_empty() {
                reading.problems.push(format!(
                    "arXiv gave none of its papers from number {start} on, as it does now and then; \
                     the next run asks again"
                ));
            } else {
                reading.more.push(self.url(end)?);
            }
        }
        reading.listings = feed.items.into_iter().map(paper).collect();
        Ok(reading)
    }

    fn settle(&self, mut listings: Vec<Listing>) -> Vec<Listing> {
        listings.truncate(self.max_items);
        listings
    }
}

/// The API gives an error as an entry of its own.
fn is_error(item: &Listing) -> bool {
    let of = |text: &Option<String>| text.as_deref().unwrap_or("").contains("/api/errors");
    of(&item.guid) || of(&item.url)
}

/// The number in an element of OpenSearch.
fn number(text: &str, element: &str) -> Option<usize> {
    let (_, after) = text.split_once(element)?;
    let (_, value) = after.split_once('>')?;
    value.split('<').next()?.trim().parse().ok()
}

/// An entry as a listing: linked without a version, dated by its announcement.
fn paper(item: Listing) -> Listing {
    let id = item.url.as_deref().and_then(|u| Url::parse(u).ok()).and_then(|u| canonical::id(&u));
    let published = item.published.map(|moment| match moment {
        Moment::Instant { at, .. } => announced(at).unwrap_or(moment),
        Moment::Day(_) => moment,
    });
    let content = (!item.snippet.is_empty()).then(|| {
        let text = item.snippet.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        format!("<p>{text}</p>")
    });
    Listing {
        url: id.as_ref().map(|id| format!("https://arxiv.org/abs/{id}")).or(item.url),
        guid: id.map(|id| format!("arXiv:{id}")).or(item.guid),
        published,
        whole: content.is_some(),
        content,
        ..item
    }
}

/// When a paper that was submitted `at` is announced, with the offset of US Eastern time.
///
/// The rule is arXiv's own (<https://info.arxiv.org/help/availability.html>): what comes in until
/// 14:00 Eastern on Monday to Friday is announced at 20:00 of the same day, that of Friday at 20:00
/// on Sunday; what comes in later waits for the next deadline. Holidays of arXiv and papers that
/// moderators hold back are announced later than this says; `late_days` lets those in.
fn announced(at: jiff::Timestamp) -> Option<Moment> {
    let zone = TimeZone::get(ZONE).ok()?;
    let received = zone.to_datetime(at);
    let mut day = received.date();
    if received.time() >= time(14, 0, 0, 0) {
        day = day.tomorrow().ok()?;
    }
    while matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
        day = day.tomorrow().ok()?;
    }
    if day.weekday() == Weekday::Friday {
        day = day.tomorrow().ok()?.tomorrow().ok()?;
    }
    let at = zone.to_timestamp(day.at(20, 0, 0, 0)).ok()?;
    Some(Moment::Instant { at, offset: zone.to_offset(at) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn announcement_days() {
        // 2026-01-05 is a Monday.
        for (submitted, shown) in [
            ("2026-01-05T13:59:59-05:00", "2026-01-05T20:00:00-05:00"),
            ("2026-01-05T14:00:00-05:00", "2026-01-06T20:00:00-05:00"),
            ("2026-01-08T13:00:00-05:00", "2026-01-08T20:00:00-05:00"),
            ("2026-01-08T15:00:00-05:00", "2026-01-11T20:00:00-05:00"),
            ("2026-01-09T13:00:00-05:00", "2026-01-11T20:00:00-05:00"),
            ("2026-01-09T15:00:00-05:00", "2026-01-12T20:00:00-05:00"),
            ("2026-01-10T09:00:00-05:00", "2026-01-12T20:00:00-05:00"),
            ("2026-01-11T23:00:00-05:00", "2026-01-12T20:00:00-05:00"),
            ("2026-07-06T17:59:00Z", "2026-07-06T20:00:00-04:00"),
            ("2026-07-06T18:00:00Z", "2026-07-07T20:00:00-04:00"),
        ] {
            let moment = announced(submitted.parse().unwrap()).unwrap();
            assert_eq!(moment.to_string(), shown, "{submitted}");
        }
    }

    #[test]
    fn what_is_asked() {
        let source = |text: &str| toml::from_str::<ArxivSource>(text).unwrap();
        let both = source(
            "name = \"a\"\nquery = \"ti:x OR ti:y\"\ncategories = [\"cs.CL\", \"hep-th\"]\nmax_items = 250",
        );
        assert_eq!(both.search().unwrap(), "(ti:x OR ti:y) AND (cat:cs.CL OR cat:hep-th)");
        assert_eq!(both.most_requests(), 3);
        let last = both.url(200).unwrap();
        assert!(last.ends_with("&start=200&max_results=50"), "{last}");
        for (text, says) in [
            ("name = \"a\"", "needs a `query`"),
            ("name = \"a\"\nquery = \" \"", "needs a `query`"),
            ("name = \"a\"\ncategories = [\"cs CL\"]", "no category"),
            ("name = \"a\"\nquery = \"x\"\nmax_items = 0", "max_items"),
        ] {
            let error = source(text).request().unwrap_err();
            assert!(error.contains(says), "{error}");
        }
    }
}
