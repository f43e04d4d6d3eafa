//! Selectors for an index page: which elements repeat, and where link, title and date stand in
//! them.
//!
//! The links of a page are grouped by the elements they stand in; the group with the most and
//! longest link texts is the list. A selector is proposed only where it finds that list again.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use dom_query::{Document, NodeId, NodeRef, Selection};
use url::Url;

use super::{Proposed, host_of, name_of};
use crate::extract::dom::{all, attr, first, line, name};
use crate::extract::spelled_date::{in_text, parse};
use crate::text::tame::tame;

/// Fewer items than this are no list.
const FEWEST: usize = 3;
/// Ancestors that make up the place of a link.
const PLACE: usize = 4;
/// The narrowest text of a link that may be a headline; a Chinese character is two wide.
const NARROWEST: usize = 12;
/// Links beyond this are not looked at.
const MOST_LINKS: usize = 3_000;
/// Parts of a page that hold no news.
const ASIDE: &[&str] = &["nav", "header", "footer", "aside", "form"];

/// A link of the list.
struct Entry<'a> {
    anchor: NodeRef<'a>,
    url: String,
    width: usize,
}

/// Proposes a source of `kind = "page"` (`item`, `link`, `title`, `date` as CSS selectors: the
/// others are looked for inside each `item`) for an HTML page that answered under `url`; `None`
/// where nothing on it repeats like a list of headlines. `date` is left out where none was found.
pub fn propose(url: &str, html: &str) -> Option<Proposed> {
    let own = Url::parse(url).ok()?;
    let doc = Document::from(tame(html));
    let group = list_of(&doc, &own)?;
    let items = items_of(&group);
    let item = item_selector(&doc, &items)?;
    let link =
        first_that(links_within(&items), |s| share(&items, |i| finds_link(i, s, &own)), 0.9)?;
    let title = ["h1", "h2", "h3", "h4", "h5"].map(str::to_owned);
    let title = first_that(title.to_vec(), |s| share(&items, |i| has_words(i, s)), 0.9);
    let date = first_that(dates_within(&items), |s| share(&items, |i| has_date(i, s)), 0.6);
    let page_title = first(&doc, "head > title").map(|t| line(&t)).unwrap_or_default();
    let proposed = Proposed::at("page", &name_of(&page_title, &host_of(url)), url)
        .with("item", &item)
        .with("link", &link)
        .with("title", title.as_deref().unwrap_or(&link));
    Some(match date {
        Some(date) => proposed.with("date", &date),
        None => proposed,
    })
}

/// The links of the list: those of one place that say the most.
fn list_of<'a>(doc: &'a Document, own: &Url) -> Option<Vec<Entry<'a>>> {
    let mut groups: BTreeMap<String, Vec<Entry<'a>>> = BTreeMap::new();
    for anchor in all(doc, "a[href]").into_iter().take(MOST_LINKS) {
        if let Some((place, entry)) = entry_of(anchor, own) {
            groups.entry(place).or_default().push(entry);
        }
    }
    let scored = groups.into_values().filter_map(|entries| {
        let distinct: BTreeSet<&str> = entries.iter().map(|e| e.url.as_str()).collect();
        let count = distinct.len();
        let mean = entries.iter().map(|e| e.width.min(120)).sum::<usize>() / entries.len();
        (count >= FEWEST && mean >= NARROWEST).then_some((count.min(30) * mean, entries))
    });
    // The first of equally good ones, so that the same page gives the same proposal.
    let mut best: Option<(usize, Vec<Entry<'a>>)> = None;
    for (score, entries) in scored {
        if best.as_ref().is_none_or(|(most, _)| score > *most) {
            best = Some((score, entries));
        }
    }
    best.map(|(_, entries)| entries)
}

fn entry_of<'a>(anchor: NodeRef<'a>, own: &Url) -> Option<(String, Entry<'a>)> {
    let url = target(&anchor, own)?;
    let host = |u: &Url| host_of(u.as_str());
    let (theirs, ours) = (host(&url), host(own));
    let same_site = theirs == ours
        || theirs.ends_with(&format!(".{ours}"))
        || ours.ends_with(&format!(".{theirs}"));
    if !same_site || url.path() == "/" || url.path() == own.path() {
        return None;
    }
    let around = anchor.ancestors(None);
    if around.iter().any(|a| ASIDE.contains(&name(a).as_str())) {
        return None;
    }
    let mut place: Vec<String> = around.iter().take(PLACE).map(kind_of).collect();
    place.insert(0, kind_of(&anchor));
    let width = line(&anchor).chars().map(|c| if c < '\u{2e80}' { 1 } else { 2 }).sum();
    Some((place.join("<"), Entry { anchor, url: url.into(), width }))
}

fn target(anchor: &NodeRef<'_>, own: &Url) -> Option<Url> {
    let mut url = own.join(&attr(anchor, "href")?).ok()?;
    url.set_fragment(None);
    matches!(url.scheme(), "http" | "https").then_some(url)
}

/// Tag and first lasting class.
fn kind_of(node: &NodeRef<'_>) -> String {
    match classes(node).first() {
        Some(class) => format!("{}.{class}", name(node)),
        None => name(node),
    }
}

/// The classes that a person wrote: those with digits change with the next build of a site.
fn classes(node: &NodeRef<'_>) -> Vec<String> {
    let plain = |c: &&str| {
        c.starts_with(|f: char| f.is_ascii_alphabetic())
            && c.chars().all(|x| x.is_ascii_alphabetic() || x == '-' || x == '_')
    };
    let value = attr(node, "class").unwrap_or_default();
    value.split_whitespace().filter(plain).map(str::to_owned).collect()
}

/// For each link the largest element that holds no other link of the list, with the link's URL.
fn items_of<'a>(group: &[Entry<'a>]) -> Vec<(NodeRef<'a>, String)> {
    let mut within: HashMap<NodeId, BTreeSet<&str>> = HashMap::new();
    for entry in group {
        for around in entry.anchor.ancestors(None) {
            within.entry(around.id).or_default().insert(&entry.url);
        }
    }
    let mut seen = BTreeSet::new();
    let mut items = Vec::new();
    for entry in group.iter().filter(|e| seen.insert(e.url.as_str())) {
        let around = entry.anchor.ancestors(None).into_iter();
        let alone = around.take_while(|a| within.get(&a.id).is_some_and(|urls| urls.len() == 1));
        items.push((alone.last().unwrap_or(entry.anchor), entry.url.clone()));
    }
    items
}

/// A selector that finds these items and hardly anything else.
fn item_selector(doc: &Document, items: &[(NodeRef<'_>, String)]) -> Option<String> {
    let wanted: BTreeSet<NodeId> = items.iter().map(|(i, _)| i.id).collect();
    let found = |selector: &String| {
        let nodes = all(doc, selector);
        let hits = nodes.iter().filter(|n| wanted.contains(&n.id)).count();
        let (hits, all) = (hits as f64, nodes.len().max(1) as f64);
        if hits / all >= 0.9 { hits / wanted.len().max(1) as f64 } else { 0.0 }
    };
    let mut own: Vec<String> = Vec::new();
    let mut parents: Vec<String> = Vec::new();
    for (item, _) in items {
        let tag = name(item);
        own.extend(classes(item).iter().map(|c| format!("{tag}.{c}")));
        own.push(tag);
        if let Some(parent) = item.parent() {
            parents.extend(spellings(&parent));
            parents.extend(parent.parent().iter().flat_map(spellings));
        }
    }
    let (own, parents) = (by_count(own), by_count(parents));
    let mut candidates: Vec<String> = own.iter().filter(|s| s.contains('.')).cloned().collect();
    for parent in &parents {
        candidates.extend(own.iter().map(|own| format!("{parent} > {own}")));
        candidates.extend(own.iter().map(|own| format!("{parent} {own}")));
    }
    candidates.extend(own);
    candidates.truncate(60);
    first_that(candidates, found, 0.8)
}

fn spellings(node: &NodeRef<'_>) -> Vec<String> {
    let tag = name(node);
    let plain = |id: &String| {
        id.starts_with(|c: char| c.is_ascii_alphabetic())
            && id.chars().all(|c| c.is_ascii_alphabetic() || c == '-' || c == '_')
    };
    let mut out: Vec<String> = classes(node).iter().map(|c| format!("{tag}.{c}")).collect();
    out.extend(attr(node, "id").filter(plain).map(|id| format!("{tag}#{id}")));
    if matches!(tag.as_str(), "main" | "article" | "section" | "ul" | "ol" | "tbody") {
        out.push(tag);
    }
    out
}

/// Each once, the commonest first.
fn by_count(all: Vec<String>) -> Vec<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    all.into_iter().for_each(|s| *counts.entry(s).or_insert(0) += 1);
    let mut counted: Vec<(String, usize)> = counts.into_iter().collect();
    counted.sort_by_key(|(s, n)| (std::cmp::Reverse(*n), !s.contains('.')));
    counted.into_iter().map(|(s, _)| s).collect()
}

fn first_that(
    candidates: Vec<String>,
    share: impl Fn(&String) -> f64,
    least: f64,
) -> Option<String> {
    candidates.into_iter().find(|c| share(c) >= least)
}

/// The share of items of which `test` holds.
fn share(items: &[(NodeRef<'_>, String)], test: impl Fn(&(NodeRef<'_>, String)) -> bool) -> f64 {
    items.iter().filter(|i| test(i)).count() as f64 / items.len().max(1) as f64
}

fn within<'a>(item: &NodeRef<'a>, selector: &str) -> Option<NodeRef<'a>> {
    Selection::from(*item).try_select(selector)?.nodes().first().copied()
}

/// Ways to the link: any, below a heading, by class.
fn links_within(items: &[(NodeRef<'_>, String)]) -> Vec<String> {
    let mut candidates: Vec<String> =
        ["a", "h1 a", "h2 a", "h3 a", "h4 a"].map(str::to_owned).into();
    let anchors = items.iter().flat_map(|(item, _)| {
        let selection = Selection::from(*item).try_select("a[href]");
        selection.map_or_else(Vec::new, |s| s.nodes().to_vec())
    });
    let named = anchors.flat_map(|a| {
        let mut out: Vec<String> = classes(&a).iter().map(|c| format!("a.{c}")).collect();
        out.extend(a.parent().iter().flat_map(spellings).map(|p| format!("{p} a")));
        out
    });
    candidates.extend(by_count(named.collect()).into_iter().take(20));
    candidates
}

fn finds_link((item, url): &(NodeRef<'_>, String), selector: &str, own: &Url) -> bool {
    let found = within(item, selector).and_then(|a| target(&a, own));
    found.is_some_and(|found| found.as_str() == url)
}

fn has_words((item, _): &(NodeRef<'_>, String), selector: &str) -> bool {
    within(item, selector).is_some_and(|n| line(&n).chars().count() > 3)
}

/// Where a date may stand: `time`, or a small element that holds nothing else.
fn dates_within(items: &[(NodeRef<'_>, String)]) -> Vec<String> {
    let mut candidates = vec!["time".to_owned(), "[datetime]".to_owned()];
    let leaves = items.iter().flat_map(|(item, _)| item.descendants());
    let dated = leaves.filter(|n| n.is_element() && date_of(n).is_some());
    let named: Vec<String> = dated
        .flat_map(|n| {
            let tag = name(&n);
            let mut out: Vec<String> = classes(&n).iter().map(|c| format!("{tag}.{c}")).collect();
            out.push(tag);
            out
        })
        .collect();
    candidates.extend(by_count(named));
    candidates
}

fn has_date((item, _): &(NodeRef<'_>, String), selector: &str) -> bool {
    within(item, selector).is_some_and(|n| date_of(&n).is_some())
}

fn date_of(node: &NodeRef<'_>) -> Option<crate::text::Moment> {
    let written = attr(node, "datetime").and_then(|d| parse(&d));
    written.or_else(|| {
        let text = line(node);
        (text.chars().count() <= 40).then(|| in_text(&text)).flatten()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(html: &str) -> BTreeMap<String, crate::discover::Field> {
        let proposed = propose("https://www.guanlan.example/news/", html).unwrap();
        assert_eq!(proposed.kind, "page");
        proposed.fields.into_iter().collect()
    }

    fn text(value: &str) -> crate::discover::Field {
        crate::discover::Field::Text(value.into())
    }

    #[test]
    fn a_list_of_cards() {
        let card = |n: usize| {
            format!(
                "<li class=\"card c{n}\"><a class=\"pic\" href=\"/news/{n}\"><img src=x></a><div>\
                 <h3><a href=\"/news/{n}\">观澜发布第{n}个模型，推理更快</a></h3>\
                 <span class=\"date\">2026-01-0{n}</span><a href=\"/tag/x\">大模型</a></div></li>"
            )
        };
        let cards: String = (1..6).map(card).collect();
        let html = format!(
            "<html><head><title>观澜 新闻</title></head><body><nav><ul><li><a href=\"/products\">\
             Products of our own company</a></li></ul></nav><ul class=\"list\">{cards}</ul>\
             <footer><a href=\"/imprint\">Imprint and legal notices</a></footer></body></html>"
        );
        let got = fields(&html);
        assert_eq!(got["item"], text("li.card"));
        assert_eq!(got["link"], text("a"));
        assert_eq!(got["title"], text("h3"));
        assert_eq!(got["date"], text("span.date"));
    }

    #[test]
    fn rows_without_classes() {
        let row = |n: usize| {
            format!(
                "<tr><td><a href=\"/a/{n}.html\">A headline long enough, number {n}</a></td>\
                 <td>Jan {n}, 2026</td></tr>"
            )
        };
        let rows: String = (1..9).map(row).collect();
        let html = format!("<body><table id=\"news\"><tbody>{rows}</tbody></table></body>");
        let got = fields(&html);
        assert_eq!(got["item"], text("table#news tr"));
        assert_eq!(got["link"], text("a"));
        assert_eq!(got["title"], text("a"));
    }

    #[test]
    fn a_page_without_a_list_gives_none() {
        for html in [
            "",
            "<p>One <a href=\"/news/1\">headline that is long enough</a>.</p>",
            "<ul><li><a href=\"/a\">A</a></li><li><a href=\"/b\">B</a></li><li><a href=\"/c\">C</a></li></ul>",
            "<ul><li><a href=\"https://b.example/1\">A headline elsewhere, one</a><li><a href=\"https://b.example/2\">A headline elsewhere, two</a><li><a href=\"https://b.example/3\">A headline elsewhere, three</a></ul>",
        ] {
            assert_eq!(propose("https://www.guanlan.example/", html), None, "{html}");
        }
    }
}
