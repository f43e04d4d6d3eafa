//! One item of an XML feed → a listing.

use url::Url;

use super::entity::{self, Declared};
use super::markup::{self, Markup};
use super::name::Ns;
use super::token::attributes;
use super::tree::{Child, Tree};
use super::{FeedKind, html, person};
use crate::collect::Listing;
use crate::text::{Moment, date};

/// What is known about the feed around an item.
#[derive(Debug, Default)]
pub(super) struct Place {
    base: Option<Url>,
    site: Option<Url>,
    author: Option<String>,
}

impl Place {
    pub(super) fn new(base: Option<Url>) -> Self {
        Self { base, ..Self::default() }
    }

    /// Where the feed came from.
    pub(super) fn base(&self) -> Option<&Url> {
        self.base.as_ref()
    }

    /// The site that the feed says it belongs to.
    pub(super) fn learn_site(&mut self, link: Option<String>) {
        if self.site.is_none() {
            self.site = link.and_then(|l| Url::parse(&l).ok());
        }
    }

    /// The author of all items that name none.
    pub(super) fn learn_author(&mut self, author: Option<String>) {
        self.author = self.author.take().or(author);
    }

    /// The base of an RSS item's links: where the feed came from, but the feed's own site where
    /// that is another host, as behind a feed service.
    fn rss_base(&self) -> Option<&Url> {
        match (&self.base, &self.site) {
            (Some(base), Some(site)) if base.host() == site.host() => Some(base),
            (base, site) => site.as_ref().or(base.as_ref()),
        }
    }
}

/// The base that an `xml:base` among the raw attributes `inside` sets.
pub(super) fn own_base(inside: &str, declared: &Declared, outer: Option<&Url>) -> Option<Url> {
    if !inside.contains("base") {
        return None;
    }
    let value = attribute(inside, "xml:base", declared)?;
    Url::parse(&html::join(outer, &value)?).ok()
}

/// The value of the attribute `name` among the raw attributes `inside`.
pub(super) fn attribute(inside: &str, name: &str, declared: &Declared) -> Option<String> {
    let found = attributes(inside).into_iter().find(|(key, _)| key.eq_ignore_ascii_case(name))?;
    Some(entity::resolve(found.1, declared).trim().to_owned())
}

/// Reads one tree.
pub(super) struct Reader<'t, 'a> {
    pub(super) tree: &'t Tree<'a>,
    pub(super) declared: &'t Declared,
    pub(super) place: &'t Place,
    /// The base that the elements around the item set.
    pub(super) frame_base: Option<&'t Url>,
    /// Whether the item is not cut off by the end of the text.
    pub(super) whole: bool,
}

/// A list of names in order of preference.
type Names = &'static [(Ns, &'static str)];

const TITLES: Names =
    &[(Ns::Plain, "title"), (Ns::Dc, "title"), (Ns::Media, "title"), (Ns::Itunes, "title")];
const SUMMARIES: Names = &[
    (Ns::Plain, "summary"),
    (Ns::Plain, "description"),
    (Ns::Plain, "abstract"),
    (Ns::Dc, "description"),
    (Ns::DcTerms, "abstract"),
    (Ns::Itunes, "summary"),
    (Ns::Media, "description"),
];
const CONTENTS: Names = &[
    (Ns::Content, "encoded"),
    (Ns::Plain, "content"),
    (Ns::Xhtml, "body"),
    (Ns::Plain, "fullitem"),
];
const AUTHORS: Names =
    &[(Ns::Plain, "author"), (Ns::Dc, "creator"), (Ns::Dc, "author"), (Ns::Itunes, "author")];
const DATES: Names = &[
    (Ns::Plain, "pubdate"),
    (Ns::Plain, "published"),
    (Ns::Plain, "issued"),
    (Ns::DcTerms, "issued"),
    (Ns::Dc, "date"),
    (Ns::Plain, "date"),
    (Ns::Plain, "created"),
    (Ns::DcTerms, "created"),
    (Ns::Plain, "updated"),
    (Ns::Plain, "modified"),
    (Ns::DcTerms, "modified"),
    (Ns::DcTerms, "date"),
    (Ns::Other, "publicationdate"),
];

impl Reader<'_, '_> {
    /// The listing of the item; `None` where it was cut off before it said anything.
    pub(super) fn listing(&self, kind: FeedKind) -> Option<Listing> {
        let atom = kind == FeedKind::Atom;
        let base = self.base(atom);
        let base = base.as_ref();
        let summary = self.markup(SUMMARIES, atom, base);
        let content = self.content(atom, base);
        let listing = Listing {
            url: self.url(base),
            guid: self.guid(),
            title: self.title(atom, base),
            published: self.published(),
            changed: None,
            whole: false,
            author: self.author(atom),
            snippet: markup::snippet(summary.as_ref()),
            content: content.or_else(|| markup::article_in(summary.as_ref())),
        };
        let says_something = listing.url.is_some() || !listing.title.is_empty();
        (self.whole || says_something).then_some(listing)
    }

    pub(super) fn feed_title(&self) -> String {
        self.plain(0, self.frame_base, true)
    }

    pub(super) fn feed_link(&self) -> Option<String> {
        let inside = self.tree.elements[0].attributes;
        let rel = attribute(inside, "rel", self.declared);
        let text = attribute(inside, "href", self.declared).unwrap_or_else(|| self.text(0));
        let usable = rel.is_none_or(|r| r.eq_ignore_ascii_case("alternate"));
        usable.then(|| web(html::join(self.place.base(), &text))).flatten()
    }

    pub(super) fn feed_author(&self) -> Option<String> {
        self.person(0)
    }

    fn base(&self, atom: bool) -> Option<Url> {
        let outer = self.frame_base.or(match atom {
            true => self.place.base(),
            false => self.place.rss_base(),
        });
        own_base(self.tree.elements[0].attributes, self.declared, outer).or(outer.cloned())
    }

    /// The elements of `names` that can be relied on, by preference; those of `media:group` too.
    fn all(&self, names: Names) -> impl Iterator<Item = usize> {
        let groups = self.tree.children(0).filter(|(_, e)| e.name.is(Ns::Media, "group"));
        let parents: Vec<usize> = std::iter::once(0).chain(groups.map(|(n, _)| n)).collect();
        names.iter().flat_map(move |(ns, local)| {
            let of = parents.clone();
            of.into_iter().flat_map(move |parent| {
                let found = self.tree.children(parent);
                found.filter(|(_, e)| e.name.is(*ns, local)).map(|(n, _)| n)
            })
        })
    }

    /// Whether the element was not cut off.
    fn complete(&self, number: usize) -> bool {
        self.whole || self.tree.elements[number].ended
    }

    /// All character data below an element, references resolved.
    pub(super) fn text(&self, number: usize) -> String {
        let mut out = String::new();
        self.gather(number, &mut out);
        out.trim().to_owned()
    }

    fn gather(&self, number: usize, out: &mut String) {
        for child in &self.tree.elements[number].children {
            match child {
                Child::Element(n) => self.gather(*n, out),
                Child::Text(text) => out.push_str(&entity::resolve(text, self.declared)),
                Child::Cdata(text) => out.push_str(text),
            }
        }
    }

    fn plain(&self, number: usize, base: Option<&Url>, atom: bool) -> String {
        markup::read(self.tree, number, self.declared, base, atom)
            .map(|m| m.to_plain())
            .unwrap_or_default()
    }

    fn title(&self, atom: bool, base: Option<&Url>) -> String {
        self.all(TITLES)
            .filter(|n| self.complete(*n))
            .map(|n| self.plain(n, base, atom))
            .find(|t| !t.is_empty())
            // No title means `&amp;`: what is left of a reference was escaped once too often.
            .map(|t| html::one_line(&entity::resolve(&t, &Declared::new())))
            .unwrap_or_default()
    }

    fn markup(&self, names: Names, atom: bool, base: Option<&Url>) -> Option<Markup> {
        self.all(names)
            .filter_map(|n| markup::read(self.tree, n, self.declared, base, atom))
            .find(|m| !m.is_blank())
    }

    fn content(&self, atom: bool, base: Option<&Url>) -> Option<String> {
        let all = self.all(CONTENTS).filter_map(|n| {
            let read = markup::read(self.tree, n, self.declared, base, atom)?;
            let encoded = self.tree.elements[n].name.ns == Ns::Content;
            let html = if encoded { read.taken_as_html(base) } else { read.to_html() };
            (!html.trim().is_empty()).then_some(html)
        });
        all.max_by_key(String::len)
    }

    fn published(&self) -> Option<Moment> {
        self.all(DATES)
            .filter(|n| self.complete(*n))
            .find_map(|n| date::read(&self.text(n)))
            .or_else(|| {
                let own = self.tree.elements[0].attributes;
                date::read(&attribute(own, "lastmod", self.declared)?)
            })
    }

    fn author(&self, atom: bool) -> Option<String> {
        let mut names: Vec<String> = Vec::new();
        for (ns, local) in AUTHORS {
            let found = self.tree.children(0).filter(|(_, e)| e.name.is(*ns, local));
            for name in found.filter_map(|(n, _)| self.person(n)) {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
            if !names.is_empty() {
                return Some(names.join(", "));
            }
        }
        self.place.author.clone().filter(|_| atom)
    }

    /// The name in an element that holds a person.
    fn person(&self, number: usize) -> Option<String> {
        let name = self
            .tree
            .children(number)
            .find(|(_, e)| e.name.local == "name" && e.name.ns == Ns::Plain);
        match name {
            Some((n, _)) => person::name(&self.text(n)),
            None => person::name(&self.text(number)),
        }
    }

    fn guid(&self) -> Option<String> {
        const GUIDS: Names = &[(Ns::Plain, "guid"), (Ns::Plain, "id"), (Ns::Dc, "identifier")];
        self.all(GUIDS)
            .filter(|n| self.complete(*n))
            .map(|n| self.text(n))
            .find(|g| !g.is_empty())
            .or_else(|| {
                let own = self.tree.elements[0].attributes;
                attribute(own, "rdf:about", self.declared).filter(|a| !a.is_empty())
            })
    }

    /// The item's page: its link, else a guid that is one, else where its content lies.
    fn url(&self, base: Option<&Url>) -> Option<String> {
        let resolve = |link: String| web(html::join(base, &link.replace("&amp;", "&")));
        self.links(base)
            .or_else(|| self.permalink().and_then(resolve))
            .or_else(|| {
                let own = self.tree.elements[0].attributes;
                let about = attribute(own, "href", self.declared)
                    .or_else(|| attribute(own, "rdf:about", self.declared));
                about.and_then(resolve)
            })
            .or_else(|| {
                let content = self.all(CONTENTS).find_map(|n| {
                    attribute(self.tree.elements[n].attributes, "src", self.declared)
                });
                content.and_then(resolve)
            })
    }

    /// The last link to a page in HTML, else the last to the item in another format.
    fn links(&self, base: Option<&Url>) -> Option<String> {
        let (mut page, mut other) = (None, None);
        for n in self.all(&[(Ns::Plain, "link")]).filter(|n| self.complete(*n)) {
            let inside = self.tree.elements[n].attributes;
            let get = |name| attribute(inside, name, self.declared);
            let own = own_base(inside, self.declared, base);
            let link = get("href").unwrap_or_else(|| self.text(n));
            let link = web(html::join(own.as_ref().or(base), &link.replace("&amp;", "&")));
            let rel = get("rel").unwrap_or_default().to_ascii_lowercase();
            if link.is_none() || !matches!(rel.as_str(), "" | "alternate") {
                continue;
            }
            let media_type = get("type").unwrap_or_default().to_ascii_lowercase();
            if media_type.is_empty() || media_type.contains("html") {
                page = link;
            } else {
                other = link;
            }
        }
        page.or(other)
    }

    /// A guid that is the item's address: RSS says so unless it says no; an Atom id where it is a
    /// web address.
    fn permalink(&self) -> Option<String> {
        let guid = self.all(&[(Ns::Plain, "guid")]).find(|n| self.complete(*n));
        if let Some(n) = guid {
            let inside = self.tree.elements[n].attributes;
            let is = attribute(inside, "ispermalink", self.declared);
            let text = self.text(n);
            let no = is.is_some_and(|v| !v.eq_ignore_ascii_case("true"));
            return (!no && Url::parse(&text).is_ok()).then_some(text);
        }
        self.guid().filter(|g| Url::parse(g).is_ok())
    }
}

/// `link` where it leads into the web.
pub(super) fn web(link: Option<String>) -> Option<String> {
    link.filter(|l| {
        let scheme = l.split_once(':').map_or("", |(scheme, _)| scheme);
        scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https")
    })
}
