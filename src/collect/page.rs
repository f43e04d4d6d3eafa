//! `kind = "page"`: a page that lists articles, read by CSS selectors.
//!
//! `item` finds the entries; inside each, `link`, `title` and `date` find the rest. A selector that
//! is none is refused with the configuration. What it refuses: entries without a link, dates
//! without a year (`3 hours ago`, `01-03`), which leave an entry undated.

use dom_query::{Document, Matcher, NodeRef, Selection};
use serde::{Deserialize, Serialize};
use url::Url;

use super::source::{Reading, Request, Rules};
use super::{Authority, Listing};
use crate::net::Want;
use crate::text::{Moment, charset, date, tame};

/// More pages than this are no index page any more.
const MOST_PAGES: usize = 50;

/// More entries of one page than this are not read.
const MOST_ITEMS: usize = 2000;

/// `kind = "page"`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageSource {
    name: String,
    url: Option<String>,
    /// Several pages instead of one.
    #[serde(default)]
    pages: Vec<String>,
    /// Finds the entries.
    item: String,
    /// Finds the link inside an entry; without it the entry itself or its first link.
    link: Option<String>,
    /// Finds the title; without it the link's text.
    title: Option<String>,
    /// Finds the date: its `datetime` or `content`, else its text.
    date: Option<String>,
    /// Finds the link to the next page.
    next: Option<String>,
    /// How many pages are read at most where `next` leads on.
    #[serde(default = "three")]
    max_pages: usize,
    #[serde(default)]
    authority: Authority,
    /// The most entries of an issue that it may lead.
    max_entries: Option<usize>,
}

fn three() -> usize {
    3
}

impl Rules for PageSource {
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
        let first = self.requests()?.into_iter().next();
        first.ok_or_else(|| format!("source `{}` needs a `url` or `pages`", self.name))
    }

    fn requests(&self) -> Result<Vec<Request>, String> {
        let name = &self.name;
        self.selectors().map_err(|e| format!("source `{name}`: {e}"))?;
        if !(1..=MOST_PAGES).contains(&self.max_pages) || self.pages.len() > MOST_PAGES {
            return Err(format!(
                "source `{name}`: a source reads between 1 and {MOST_PAGES} pages"
            ));
        }
        let urls = match (&self.url, self.pages.as_slice()) {
            (Some(_), [_, ..]) => {
                return Err(format!(
                    "source `{name}` has both `url` and `pages`: keep one of them"
                ));
            }
            (None, []) => return Err(format!("source `{name}` needs a `url` or `pages`")),
            (Some(url), []) => std::slice::from_ref(url),
            (None, pages) => pages,
        };
        Ok(urls.iter().map(|url| Request::Url(url.clone(), Want::Feed)).collect())
    }

    fn most_requests(&self) -> usize {
        match self.next {
            Some(_) => self.max_pages.max(self.pages.len()),
            None => self.pages.len().max(1),
        }
    }

    fn read(&self, url: &str, content_type: Option<&str>, body: &[u8]) -> Result<Reading, String> {
        let selectors = self.selectors()?;
        let text = charset::decode(body, content_type);
        let tree = Document::from(tame::tame(&text));
        let base = base(url, &tree);
        let items = tree.select_matcher(&selectors.item);
        if items.is_empty() {
            return Err(format!(
                "nothing on {url} fits `item = \"{}\"`: look whether the page has changed",
                self.item
            ));
        }
        let mut dates = Dates::default();
        let nodes = items.nodes().iter().take(MOST_ITEMS);
        let all = nodes.len();
        let listings: Vec<Listing> =
            nodes.filter_map(|node| selectors.listing(node, base.as_ref(), &mut dates)).collect();
        let mut reading = Reading { listings, ..Reading::default() };
        let lost = all - reading.listings.len();
        if lost > 0 {
            reading.problems.push(format!("{url}: {lost} of {all} entries hold no link"));
        }
        reading.problems.extend(dates.problem(url));
        reading.more.extend(selectors.next(&tree, base.as_ref()));
        Ok(reading)
    }
}

impl PageSource {
    fn selectors(&self) -> Result<Selectors, String> {
        let one = |key: &str, text: &str| {
            Matcher::new(text).map_err(|_| {
                format!("`{key} = \"{text}\"` is no CSS selector; write such as \"article h2 a\"")
            })
        };
        let optional = |key: &str, text: &Option<String>| {
            text.as_deref().map(|text| one(key, text)).transpose()
        };
        Ok(Selectors {
            item: one("item", &self.item)?,
            link: optional("link", &self.link)?,
            title: optional("title", &self.title)?,
            date: optional("date", &self.date)?,
            next: optional("next", &self.next)?,
        })
    }
}

struct Selectors {
    item: Matcher,
    link: Option<Matcher>,
    title: Option<Matcher>,
    date: Option<Matcher>,
    next: Option<Matcher>,
}

/// How the dates of a page came out.
#[derive(Default)]
struct Dates {
    read: usize,
    unread: Option<String>,
}

impl Dates {
    /// Where not one date could be read the selector is wrong, or the page writes them in a way
    /// that says too little.
    fn problem(self, url: &str) -> Option<String> {
        let text = self.unread.filter(|_| self.read == 0)?;
        Some(format!("{url}: no date can be read; the first is `{text}`"))
    }
}

impl Selectors {
    fn listing(
        &self,
        item: &NodeRef<'_>,
        base: Option<&Url>,
        dates: &mut Dates,
    ) -> Option<Listing> {
        let link = match &self.link {
            Some(matcher) => first(item, matcher),
            None => own_link(item),
        }?;
        let url = address(&link, base)?;
        let title = match &self.title {
            Some(matcher) => first(item, matcher).map(|node| words(&node)).unwrap_or_default(),
            None => String::new(),
        };
        let published = self.date.as_ref().and_then(|matcher| first(item, matcher));
        Some(Listing {
            url: Some(url),
            guid: None,
            title: if title.is_empty() { words(&link) } else { title },
            published: published.and_then(|node| moment(&node, dates)),
            changed: None,
            whole: false,
            author: None,
            snippet: String::new(),
            content: None,
        })
    }

    fn next(&self, tree: &Document, base: Option<&Url>) -> Option<String> {
        let found = tree.select_single_matcher(self.next.as_ref()?);
        address(found.nodes().first()?, base)
    }
}

/// The first element inside `item` that fits, or `item` itself.
fn first<'a>(item: &NodeRef<'a>, matcher: &Matcher) -> Option<NodeRef<'a>> {
    let item = Selection::from(*item);
    let inside = item.select_single_matcher(matcher).nodes().first().copied();
    inside.or_else(|| item.is_matcher(matcher).then(|| item.nodes().first().copied()).flatten())
}

/// The entry itself where it is a link, else its first link.
fn own_link<'a>(item: &NodeRef<'a>) -> Option<NodeRef<'a>> {
    let link = Matcher::new("a[href]").ok()?;
    first(item, &link)
}

/// Where `link` leads, absolute and without its fragment; `None` where that is not the web.
fn address(link: &NodeRef<'_>, base: Option<&Url>) -> Option<String> {
    let href = link.attr("href")?;
    let mut url = Url::options().base_url(base).parse(href.trim()).ok()?;
    if !url.fragment().is_some_and(|f| f.starts_with(['!', '/'])) {
        url.set_fragment(None);
    }
    matches!(url.scheme(), "http" | "https").then(|| url.into())
}

/// The words of an element on one line; where it has none, what its attributes or its picture say.
fn words(node: &NodeRef<'_>) -> String {
    let line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let own = line(&node.text());
    let of = |key: &str| node.attr(key).map(|value| line(&value)).unwrap_or_default();
    let picture = || Selection::from(*node).select_single("img[alt]").attr("alt");
    [own, of("title"), of("aria-label")]
        .into_iter()
        .find(|text| !text.is_empty())
        .unwrap_or_else(|| picture().map(|alt| line(&alt)).unwrap_or_default())
}

fn moment(node: &NodeRef<'_>, dates: &mut Dates) -> Option<Moment> {
    let own = ["datetime", "content"].into_iter().filter_map(|key| node.attr(key));
    let read = own.map(|value| date::read(&value)).find(Option::is_some).flatten();
    let text = words(node);
    let read = read.or_else(|| date::read(&text));
    match read {
        Some(_) => dates.read += 1,
        None => _ = dates.unread.get_or_insert(text),
    }
    read
}

/// The base of relative links: what the page says, else where it came from.
fn base(url: &str, tree: &Document) -> Option<Url> {
    let own = Url::parse(url).ok();
    let said = tree.select_single("base[href]").attr("href");
    let said = said.and_then(|href| Url::options().base_url(own.as_ref()).parse(&href).ok());
    said.or(own)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> PageSource {
        toml::from_str(&format!("name = \"a\"\n{text}")).unwrap()
    }

    #[test]
    fn what_cannot_be_used_is_refused() {
        for (text, says) in [
            ("url = \"u\"\nitem = \"div[\"", "`item = \"div[\"` is no CSS selector"),
            ("url = \"u\"\nitem = \"li\"\ndate = \"::\"", "`date = \"::\"`"),
            ("item = \"li\"", "needs a `url` or `pages`"),
            ("url = \"u\"\npages = [\"v\"]\nitem = \"li\"", "both"),
            ("url = \"u\"\nitem = \"li\"\nnext = \"a\"\nmax_pages = 0", "between 1 and"),
        ] {
            let error = source(text).request().unwrap_err();
            assert!(error.contains(says), "{error}");
        }
    }

    #[test]
    fn deep_nesting_costs_no_square() {
        let deep = format!("<li><a href='/1'>x</a></li>{}", "<div>".repeat(50_000));
        let reading = source("url = \"u\"\nitem = \"li\"");
        let reading = reading.read("https://a.example/", None, deep.as_bytes()).unwrap();
        assert_eq!(reading.listings[0].url.as_deref(), Some("https://a.example/1"));
    }
}
