//! URL → Source: asks for a page, tries what it names and what usually stands there, and shows
//! what the source would list and whether that can be read. It stores nothing.

use futures_util::StreamExt;
use futures_util::stream;
use jiff::Timestamp;
use url::Url;

use super::RunError;
use super::reading::{Reading, try_reading};
use crate::collect::{
    self, Authority, Candidate, Feed, Group, Listed, Listing, SourceStatus, candidate_id,
    parse_feed,
};
use crate::config::edit::source_of;
use crate::discover::{
    Hints, Proposed, hints, host_of, is_sitemap, known, name_of, propose, sitemaps_of_robots,
};
use crate::net::{Answer, Client, Failure, Want};
use crate::text::{Moment, charset};

/// Items that are shown and read.
const SHOWN: usize = 5;
/// Addresses of likely feeds, and of sitemaps, that are asked.
const MOST_FEEDS: usize = 12;
const MOST_SITEMAPS: usize = 3;

/// A source that was found.
#[derive(Clone, Debug)]
pub struct Found {
    /// As it would stand in the configuration.
    pub proposed: Proposed,
    /// How it was found, for people.
    pub how: &'static str,
    /// How many items it lists.
    pub listed: usize,
    /// The newest five, newest first, undated ones in their order behind them.
    pub newest: Vec<Newest>,
    /// Why it cannot be used although it was found: this version lacks the kind, or it lists
    /// nothing.
    pub unusable: Option<String>,
}

/// An item of a source that was found.
#[derive(Clone, Debug)]
pub struct Newest {
    /// Its title as listed; may be empty.
    pub title: String,
    /// Its URL as listed; empty where there is none.
    pub url: String,
    /// When the source says it was published.
    pub published: Option<Moment>,
    /// How many characters could be read, and whether from the page or the feed.
    pub readable: Result<(usize, crate::extract::TextOrigin), String>,
}

/// Why no source was found.
#[derive(Debug, thiserror::Error)]
pub enum FindError {
    /// The address itself does not answer.
    #[error("{0}")]
    Unreachable(Box<Failure>),
    /// Nothing there lists articles.
    #[error(
        "{url} is no feed, names none, and nothing on it repeats like a list of articles; asked \
         without success: {}",
        if tried.is_empty() { "nothing else".to_owned() } else { tried.join(", ") }
    )]
    Nothing {
        /// The address.
        url: String,
        /// What was asked.
        tried: Vec<String>,
    },
    /// A bug of ours.
    #[error(transparent)]
    Run(#[from] RunError),
}

/// Finds the source behind `url`: the feed itself, a feed its page names, a feed where one usually
/// stands, a sitemap, the list of articles on the page; in this order. `now` serves as first sight
/// of undated items.
///
/// # Errors
/// [`FindError`].
pub async fn find_source(client: &Client, url: &str, now: Timestamp) -> Result<Found, FindError> {
    if let Some(proposed) = known(url) {
        return from_kind(client, now, proposed, "a site with a kind of source of its own").await;
    }
    let answer = match client.get(url, Want::Feed).await {
        Ok(answer) => answer,
        Err(failure) => return beside_a_wall(client, now, url, failure).await,
    };
    if let Some(feed) = feed_of(&answer) {
        return from_feed(client, now, url, &feed, "the address is a feed").await;
    }
    if is_sitemap(&answer.body) {
        let proposed = Proposed::at("sitemap", &host_of(url), url);
        return from_kind(client, now, proposed, "the address is a sitemap").await;
    }
    let html = charset::decode(&answer.body, answer.content_type.as_deref()).into_owned();
    let hints = hints(&answer.url, &html);
    let mut tried = Vec::new();
    if let Some(found) = try_feeds(client, now, &hints, &mut tried).await? {
        return Ok(found);
    }
    if let Some(found) = try_sitemaps(client, now, &answer.url, &hints, &mut tried).await? {
        return Ok(found);
    }
    match propose(&answer.url, &html) {
        Some(proposed) => {
            let how = "its list of articles, by the selectors below: look whether they fit";
            from_kind(client, now, proposed, how).await
        }
        None => Err(FindError::Nothing { url: url.to_owned(), tried }),
    }
}

/// A host that answers, but not with this page, may have a feed where one usually stands.
async fn beside_a_wall(
    client: &Client,
    now: Timestamp,
    url: &str,
    failure: Failure,
) -> Result<Found, FindError> {
    if failure.status.is_some()
        && let Some(found) = try_feeds(client, now, &hints(url, ""), &mut Vec::new()).await?
    {
        return Ok(found);
    }
    Err(FindError::Unreachable(Box::new(failure)))
}

fn feed_of(answer: &Answer) -> Option<Feed> {
    parse_feed(&answer.url, answer.content_type.as_deref(), &answer.body).ok()
}

async fn try_feeds(
    client: &Client,
    now: Timestamp,
    hints: &Hints,
    tried: &mut Vec<String>,
) -> Result<Option<Found>, FindError> {
    let declared = hints.declared.iter().map(|url| (url, "the page names this feed"));
    let likely = hints.likely.iter().map(|url| (url, "a feed stands where one usually does"));
    for (url, how) in declared.chain(likely).take(MOST_FEEDS) {
        tried.push(url.clone());
        let Ok(answer) = client.get(url, Want::Feed).await else { continue };
        if let Some(feed) = feed_of(&answer).filter(|f| !f.items.is_empty()) {
            return from_feed(client, now, url, &feed, how).await.map(Some);
        }
    }
    Ok(None)
}

async fn try_sitemaps(
    client: &Client,
    now: Timestamp,
    page: &str,
    hints: &Hints,
    tried: &mut Vec<String>,
) -> Result<Option<Found>, FindError> {
    let below_root = |path: &str| Some(Url::parse(page).ok()?.join(path).ok()?.to_string());
    let mut places = Vec::new();
    if let Some(robots) = below_root("/robots.txt")
        && let Ok(answer) = client.get(&robots, Want::Feed).await
    {
        places = sitemaps_of_robots(&String::from_utf8_lossy(&answer.body));
    }
    places.extend(below_root("/sitemap.xml"));
    for url in places.into_iter().take(MOST_SITEMAPS) {
        tried.push(url.clone());
        let Ok(answer) = client.get(&url, Want::Feed).await else { continue };
        if is_sitemap(&answer.body) {
            let proposed = Proposed::at("sitemap", &name_of(&hints.title, &host_of(page)), &url);
            let found = from_kind(client, now, proposed, "the site's sitemap").await?;
            // A sitemap that gives nothing is worse than the list on the page.
            if found.unusable.is_none() {
                return Ok(Some(found));
            }
        }
    }
    Ok(None)
}

async fn from_feed(
    client: &Client,
    now: Timestamp,
    url: &str,
    feed: &Feed,
    how: &'static str,
) -> Result<Found, FindError> {
    let proposed = Proposed::at("feed", &name_of(&feed.title, &host_of(url)), url);
    let unusable = feed.items.is_empty().then(|| "the feed lists nothing".to_owned());
    let newest = read_newest(client, now, url, feed.items.clone()).await?;
    Ok(Found { proposed, how, listed: feed.items.len(), newest, unusable })
}

/// Asks a source of another kind as a run would.
async fn from_kind(
    client: &Client,
    now: Timestamp,
    proposed: Proposed,
    how: &'static str,
) -> Result<Found, FindError> {
    let unusable = |why: String, proposed: Proposed| Found {
        proposed,
        how,
        listed: 0,
        newest: Vec::new(),
        unusable: Some(why),
    };
    let source = match source_of(&proposed) {
        Ok(source) => source,
        Err(why) => return Ok(unusable(why, proposed)),
    };
    // The proposal has an address, so that no file is read and the folder does not matter.
    let result = collect::collect(client, &source, std::path::Path::new(".")).await;
    if matches!(result.status, SourceStatus::Failed | SourceStatus::Silent) {
        let why = result.detail.unwrap_or_else(|| "it lists nothing".to_owned());
        return Ok(unusable(why, proposed));
    }
    let listed = result.listings.len();
    let newest = read_newest(client, now, &source.scope(), result.listings).await?;
    Ok(Found { proposed, how, listed, newest, unusable: None })
}

async fn read_newest(
    client: &Client,
    now: Timestamp,
    scope: &str,
    mut listings: Vec<Listing>,
) -> Result<Vec<Newest>, FindError> {
    listings.sort_by_key(|l| std::cmp::Reverse(l.published.map(|p| p.order_key())));
    let work = newest_candidates(scope, now, &listings).into_iter().map(|candidate| async move {
        let (title, url) = (candidate.title.clone(), candidate.url.clone());
        let published = candidate.published;
        let readable = match try_reading(client, candidate).await? {
            Reading::Read(article) => Ok((article.document.text().chars().count(), article.origin)),
            Reading::Unreadable { reason, detail } => Err(format!("{reason}: {detail}")),
        };
        Ok(Newest { title, url, published, readable })
    });
    let read: Vec<Result<Newest, RunError>> = stream::iter(work).buffered(SHOWN).collect().await;
    Ok(read.into_iter().collect::<Result<_, _>>()?)
}

/// The first candidates of these listings, in their order.
fn newest_candidates(scope: &str, now: Timestamp, listings: &[Listing]) -> Vec<Candidate> {
    let group = Group {
        source: scope.to_owned(),
        scope: scope.to_owned(),
        authority: Authority::default(),
        listings: listings.iter().map(|l| Listed { listing: l.clone(), first_seen: now }).collect(),
    };
    let mut all = collect::merge(&[group]);
    let mut newest = Vec::new();
    for listing in listings {
        let id = candidate_id(listing, scope);
        if let Some(at) = all.iter().position(|c| c.id == id) {
            newest.push(all.swap_remove(at));
        }
        if newest.len() == SHOWN {
            break;
        }
    }
    newest
}
