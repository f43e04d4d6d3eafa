//! Candidate → Page → Article: fetches what is new, and reads it once.

use std::collections::BTreeSet;

use futures_util::StreamExt;
use futures_util::stream;
use serde::{Deserialize, Serialize};

use super::gather::{AT_ONCE, Item, candidates_of_editor};
use super::{Event, Phase, Run, RunError};
use crate::collect::canonical::canonical;
use crate::collect::{Candidate, Listed, Listing, Placement};
use crate::extract::{self, Article, FeedText, PageSource, Verdict};
use crate::fetch::{self, Page};
use crate::net::{Client, Failure};
use crate::store::{Store, StoreError};
use crate::text::hash::short_id;

/// What pages answered, by candidate.
const PAGES: &str = "page";
/// What came of reading, by candidate.
const READINGS: &str = "reading";
/// Articles for good, by the hash of their text.
pub(super) const ARTICLES: &str = "article";

/// What came of reading a candidate.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Reading {
    /// An article.
    Read(Box<Article>),
    /// None.
    Unreadable {
        /// A reason of the network, or a verdict.
        reason: String,
        /// What happened, for people.
        detail: String,
    },
}

/// How a reading is kept: the article stands in its own bucket.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kept {
    Read(String),
    Unreadable { reason: String, detail: String },
}

/// Which candidates that could not be read are tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Again {
    /// All.
    Always,
    /// Those whose reason may pass by itself: a timer must not ask for a dead page every hour.
    WherePassing,
}

/// Reasons of [`crate::net::Reason`] that may pass by themselves.
const PASSING: &[&str] = &[
    "dns",
    "connect",
    "timeout",
    "broken",
    "throttled",
    "server_error",
    "not_recorded",
    "offline",
];

/// Reads all candidates; undated ones whose page lies outside the window are none.
pub(super) async fn read_all(
    run: &Run<'_>,
    candidates: Vec<(Candidate, Placement)>,
    again: Again,
) -> Result<Vec<Item>, RunError> {
    run.events.on(Event::Begin(Phase::Read, candidates.len()));
    let work = candidates.into_iter().map(|(candidate, placement)| async move {
        let what = if candidate.url.is_empty() { &candidate.title } else { &candidate.url };
        run.events.on(Event::Start(Phase::Read, what));
        let reading = read(run, &candidate, again).await?;
        let wrong = match &reading {
            Reading::Read(_) => None,
            Reading::Unreadable { detail, .. } => Some(detail.as_str()),
        };
        run.events.on(Event::End(Phase::Read, what, wrong));
        Ok(place(run, candidate, placement, reading))
    });
    let items: Vec<Result<Option<Item>, RunError>> =
        stream::iter(work).buffer_unordered(AT_ONCE).collect().await;
    run.events.on(Event::Close(Phase::Read));
    let mut items: Vec<Item> =
        items.into_iter().filter_map(Result::transpose).collect::<Result<_, _>>()?;
    items.sort_by(|a, b| a.candidate.id.cmp(&b.candidate.id));
    Ok(items)
}

/// An undated candidate takes its page's date, else the day it was first stored; `None` where
/// that lies outside the window.
fn place(
    run: &Run<'_>,
    candidate: Candidate,
    placement: Placement,
    reading: Reading,
) -> Option<Item> {
    let late_days = run.config.late_days;
    let page_date = match &reading {
        Reading::Read(article) => article.published,
        Reading::Unreadable { .. } => None,
    };
    let (placement, undated) = match (placement, page_date) {
        (Placement::Undated, Some(date)) => (run.window.place_moment(&date, late_days), false),
        (Placement::Undated, None) => {
            (run.window.place_first_seen(candidate.first_seen, late_days), true)
        }
        (dated, _) => (dated, false),
    };
    match placement {
        Placement::Outside => None,
        other => Some(Item { candidate, late: other == Placement::Late, undated, reading }),
    }
}

/// Reads one candidate: what is stored serves; what could not be read is tried again.
pub(super) async fn read(
    run: &Run<'_>,
    candidate: &Candidate,
    again: Again,
) -> Result<Reading, RunError> {
    let kept: Option<Kept> = run.store.get(READINGS, &candidate.id)?;
    match kept {
        Some(Kept::Read(id)) => {
            if let Some(article) = run.store.get::<Article>(ARTICLES, &id)? {
                return Ok(Reading::Read(Box::new(article)));
            }
        }
        Some(Kept::Unreadable { reason, detail })
            if run.offline
                || (again == Again::WherePassing && !PASSING.contains(&reason.as_str())) =>
        {
            return Ok(Reading::Unreadable { reason, detail });
        }
        _ => {}
    }
    let reading = read_now(run, candidate).await?;
    if run.offline {
        if let Reading::Read(article) = &reading {
            run.store.put(ARTICLES, &article.id, article)?;
        }
    } else {
        keep(run, candidate, &reading)?;
    }
    Ok(reading)
}

fn keep(run: &Run<'_>, candidate: &Candidate, reading: &Reading) -> Result<(), RunError> {
    let kept = match reading {
        Reading::Read(article) => {
            run.store.put(ARTICLES, &article.id, article)?;
            Kept::Read(article.id.clone())
        }
        Reading::Unreadable { reason, detail } => {
            Kept::Unreadable { reason: reason.clone(), detail: detail.clone() }
        }
    };
    Ok(run.store.put(READINGS, &candidate.id, &kept)?)
}

/// What an editor gave in the place of a page.
pub(super) enum Given {
    /// The page, saved in a browser.
    Html(Vec<u8>),
    /// The article's text, its first line the title.
    Text(String),
}

/// Reads one candidate that an editor asked for: what is stored serves, unless they gave it anew.
pub(super) async fn read_one(
    run: &Run<'_>,
    listing: &Listing,
    given: Option<Given>,
) -> Result<Reading, RunError> {
    let listed = Listed { listing: listing.clone(), first_seen: run.now };
    let candidate = candidates_of_editor(vec![listed]).pop();
    let candidate =
        candidate.ok_or_else(|| RunError::Internal("a listing gave no candidate".to_owned()))?;
    let reading = match given {
        None => return read(run, &candidate, Again::Always).await,
        Some(Given::Html(body)) => {
            let page = Page {
                candidate: candidate.id.clone(),
                url: candidate.url.clone(),
                status: 200,
                content_type: None,
                body,
                hops: vec![candidate.url.clone()],
                at: run.now,
            };
            run.store.put_bytes(PAGES, &candidate.id, &page.to_record())?;
            extracted(candidate.clone(), Ok(page)).await?
        }
        Some(Given::Text(text)) => of_text(&candidate, &text),
    };
    if matches!(reading, Reading::Read(_)) {
        keep(run, &candidate, &reading)?;
    }
    Ok(reading)
}

/// What came of reading a candidate, as far as is stored.
pub(super) fn stored_reading(
    store: &Store,
    candidate: &str,
) -> Result<Option<Reading>, StoreError> {
    Ok(match store.get(READINGS, candidate)? {
        Some(Kept::Read(id)) => {
            store.get(ARTICLES, &id)?.map(|article| Reading::Read(Box::new(article)))
        }
        Some(Kept::Unreadable { reason, detail }) => Some(Reading::Unreadable { reason, detail }),
        None => None,
    })
}

/// The article of a text that a person typed or pasted: they have judged that it is one.
fn of_text(candidate: &Candidate, text: &str) -> Reading {
    let mut lines = text.lines().map(str::trim).filter(|l| !l.is_empty());
    let title = lines.next().unwrap_or_default();
    let escaped = |line: &str| line.replace('&', "&amp;").replace('<', "&lt;");
    let html: String = lines.map(|l| format!("<p>{}</p>", escaped(l))).collect();
    let article = extract::from_feed(&FeedText {
        url: &candidate.url,
        html: &html,
        title,
        byline: None,
        site: None,
        published: None,
    });
    if article.document.sentences().is_empty() {
        return Reading::Unreadable {
            reason: "empty".to_owned(),
            detail: "the text has a title at most; its first line is the title, the article \
                     follows"
                .to_owned(),
        };
    }
    Reading::Read(Box::new(article))
}

/// The stored article of a candidate.
pub(super) fn stored_article(
    store: &Store,
    candidate: &str,
) -> Result<Option<Article>, StoreError> {
    Ok(match stored_reading(store, candidate)? {
        Some(Reading::Read(article)) => Some(*article),
        _ => None,
    })
}

/// The page of a candidate with this address, as it was last fetched.
///
/// # Errors
/// The store cannot be read, or holds something else.
pub fn stored_page(store: &Store, url: &str) -> Result<Option<Page>, RunError> {
    let Some(canonical) = canonical(url) else { return Ok(None) };
    let record = store.get_bytes(PAGES, &short_id(&canonical))?;
    record
        .map(|r| Page::from_record(&r).map_err(|e| RunError::Internal(format!("{url}: {e}"))))
        .transpose()
}

/// Fetches the page and extracts its article; the feed's own text serves where the page has none.
async fn read_now(run: &Run<'_>, candidate: &Candidate) -> Result<Reading, RunError> {
    if let Some(article) = whole_article(candidate) {
        return Ok(Reading::Read(Box::new(article)));
    }
    let fetched = fetch::fetch(run.client, candidate).await;
    if let Ok(page) = &fetched {
        run.store.put_bytes(PAGES, &candidate.id, &page.to_record())?;
    }
    extracted(candidate.clone(), fetched).await
}

/// Fetches and reads a candidate without keeping anything: to see whether it can be read.
pub(super) async fn try_reading(
    client: &Client,
    candidate: Candidate,
) -> Result<Reading, RunError> {
    if let Some(article) = whole_article(&candidate) {
        return Ok(Reading::Read(Box::new(article)));
    }
    let fetched = fetch::fetch(client, &candidate).await;
    extracted(candidate, fetched).await
}

/// Extraction is work for the processor: it must not hold up the connections.
async fn extracted(
    candidate: Candidate,
    fetched: Result<Page, Failure>,
) -> Result<Reading, RunError> {
    tokio::task::spawn_blocking(move || reading_of(&candidate, fetched))
        .await
        .map_err(|e| RunError::Internal(format!("extraction failed: {e}")))
}

/// The article of a listing that carries all its page would say.
fn whole_article(candidate: &Candidate) -> Option<Article> {
    candidate.whole.then(|| listed_article(candidate)).flatten()
}

/// The article that the listing itself carries.
fn listed_article(candidate: &Candidate) -> Option<Article> {
    let article = extract::from_feed(&FeedText {
        url: &candidate.url,
        html: candidate.content.as_deref()?,
        title: &candidate.title,
        byline: candidate.author.as_deref(),
        site: None,
        published: candidate.published,
    });
    (article.verdict == Verdict::Article).then_some(article)
}

fn reading_of(candidate: &Candidate, fetched: Result<Page, Failure>) -> Reading {
    let feed = listed_article(candidate);
    let page = match fetched {
        Ok(page) => page,
        Err(failure) => {
            return match feed {
                Some(article) => Reading::Read(Box::new(article)),
                None => Reading::Unreadable {
                    reason: failure.reason.code().to_owned(),
                    detail: failure.to_string(),
                },
            };
        }
    };
    let source = PageSource {
        url: &page.url,
        content_type: page.content_type.as_deref(),
        bytes: &page.body,
    };
    let article = extract::extract(&source);
    match (article.verdict, feed) {
        (Verdict::Article, Some(feed)) if yields_less(&article, &feed) => {
            Reading::Read(Box::new(with_page_facts(feed, article)))
        }
        (Verdict::Article, _) => Reading::Read(Box::new(with_title(article, candidate))),
        (_, Some(feed)) => Reading::Read(Box::new(feed)),
        (verdict, None) => Reading::Unreadable {
            reason: verdict.code().to_owned(),
            detail: format!("{}: {}", page.url, verdict.describe()),
        },
    }
}

/// The page yields clearly less than the feed: less than four fifths of its characters.
fn yields_less(page: &Article, feed: &Article) -> bool {
    let length = |a: &Article| a.document.text().chars().count();
    length(page) * 5 < length(feed) * 4
}

/// The feed's text with what only the page says of it.
fn with_page_facts(mut feed: Article, page: Article) -> Article {
    feed.byline = feed.byline.or(page.byline);
    feed.site = feed.site.or(page.site);
    feed.published = page.published.or(feed.published);
    let have: BTreeSet<String> = feed.links.iter().map(|l| l.url.clone()).collect();
    feed.links.extend(page.links.into_iter().filter(|l| !have.contains(&l.url)));
    feed
}

fn with_title(mut article: Article, candidate: &Candidate) -> Article {
    if article.title.is_empty() {
        article.title.clone_from(&candidate.title);
    }
    article
}
