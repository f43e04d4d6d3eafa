//! When an article was published, in the page's own words and offset. Never a guess: where the page
//! says nothing there is no date, and a time without an offset is only a day.
//!
//! Order: JSON-LD, meta, `itemprop`, `<time>`, the URL, what stands near the title. Published wins
//! over modified.

use std::sync::LazyLock;

use dom_query::{Document, NodeRef};
use regex::Regex;
use serde_json::Value;

use super::blocks::Piece;
use super::dom;
use super::meta::Meta;
use super::spelled_date::{day, in_text, parse};
use crate::text::Moment;

const PUBLISHED: &[&str] = &[
    "article:published_time",
    "og:published_time",
    "og:article:published_time",
    "article:published",
    "datepublished",
    "publishdate",
    "publish_date",
    "publish-date",
    "published_date",
    "pubdate",
    "publication_date",
    "publicationdate",
    "published_time",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "bt:pubdate",
    "originalpublicationdate",
    "apub:time",
    "article_date_original",
    "weibo: article:create_at",
    "weibo:article:create_at",
    "datecreated",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date.created",
    "dcterms.date",
    "dc.date",
    "citation_publication_date",
    "citation_online_date",
    "citation_date",
    "og:release_date",
    "release_date",
    "article.published",
    "created",
    "date",
    "og:time",
    "bytedance:published_time",
];

/// The date of a page without what readers do not see; `shown` are its blocks.
pub(crate) fn find(doc: &Document, shown: &[Piece], meta: &Meta, url: &str) -> Option<Moment> {
    from_json_ld(meta, "datePublished")
        .or_else(|| from_json_ld(meta, "pubDate"))
        .or_else(|| PUBLISHED.iter().find_map(|k| parse(meta.get(&[k])?)))
        .or_else(|| {
            from_markup(
                doc,
                r#"[itemprop~="datePublished"], time[pubdate], .dt-published, .published[title]"#,
            )
        })
        .or_else(|| from_times(doc))
        .or_else(|| from_url(url))
        .or_else(|| from_labels(doc, shown))
        .or_else(|| from_json_ld(meta, "dateCreated"))
        .or_else(|| from_script(doc))
}

fn from_json_ld(meta: &Meta, key: &str) -> Option<Moment> {
    meta.articles.iter().find_map(|a| match a.get(key)? {
        Value::String(s) => parse(s),
        Value::Array(items) => items.first().and_then(Value::as_str).and_then(parse),
        _ => None,
    })
}

fn from_markup(doc: &Document, selector: &str) -> Option<Moment> {
    dom::all(doc, selector).iter().find_map(of_node)
}

fn of_node(node: &NodeRef<'_>) -> Option<Moment> {
    ["datetime", "content", "title", "data-time", "data-timestamp"]
        .iter()
        .find_map(|k| parse(&dom::attr(node, k)?))
        .or_else(|| parse(&dom::line(node)))
}

/// The first `<time>` that stands outside lists of other articles.
fn from_times(doc: &Document) -> Option<Moment> {
    let times = dom::all(doc, "time");
    let own: Vec<&NodeRef<'_>> = times.iter().filter(|t| !stands_aside(t)).collect();
    let updated = |t: &NodeRef<'_>| {
        let class = t.class().unwrap_or_default().to_ascii_lowercase();
        let around = t.parent().map(|p| dom::line(&p).to_ascii_lowercase()).unwrap_or_default();
        class.contains("updated") || class.contains("modified") || around.starts_with("updated")
    };
    own.iter()
        .find(|t| !updated(t))
        .and_then(|t| of_node(t))
        .or_else(|| own.iter().find_map(|t| of_node(t)))
}

/// Whether a node belongs to a list of other articles, a sidebar or the comments.
fn stands_aside(node: &NodeRef<'_>) -> bool {
    const ASIDE: &[&str] = &[
        "related",
        "sidebar",
        "comment",
        "recommend",
        "footer",
        "widget",
        "latest",
        "popular",
        "more-",
    ];
    node.ancestors_it(Some(8)).any(|a| {
        let name = dom::tag(&a);
        if matches!(&*name, "aside" | "nav" | "footer" | "li") {
            return true;
        }
        if matches!(&*name, "body" | "html" | "main" | "article") {
            return false;
        }
        let marks =
            format!("{} {}", a.class().unwrap_or_default(), a.id_attr().unwrap_or_default());
        let marks = marks.to_ascii_lowercase();
        ASIDE.iter().any(|m| marks.contains(m))
    })
}

/// A whole date in the path of a URL.
fn from_url(url: &str) -> Option<Moment> {
    static PATH: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"[/_\-.](20\d\d|19\d\d)([/\-_.]?)([01]\d)([/\-_.]?)([0-3]\d)(?:[/_\-.t]|$|\.)")
            .ok()
    });
    let path = url.split_once("://").map_or(url, |(_, p)| p);
    let path = path.split(['?', '#']).next().unwrap_or("");
    PATH.as_ref()?.captures_iter(path).find_map(|c| day(&c[1], &c[3], &c[5])).map(Moment::Day)
}

const LABELS: &[&str] = &[
    "发布时间",
    "发布日期",
    "发表时间",
    "发表于",
    "发布于",
    "时间：",
    "时间:",
    "日期：",
    "日期:",
    "更新时间",
    "更新于",
    "published",
    "posted",
    "publish date",
    "date:",
];

/// A date beside a label, or in a short element named for it.
fn from_labels(doc: &Document, shown: &[Piece]) -> Option<Moment> {
    let named = dom::all(
        doc,
        "[class*=time], [class*=date], [class*=Date], [class*=Time], [id*=time], [id*=date], \
         [class*=publish], [id*=publish], [class*=info], [class*=source], [class*=meta], [class*=byline]",
    );
    let short = |n: &NodeRef<'_>| {
        let text = dom::line(n);
        (text.chars().count() <= 160 && !stands_aside(n)).then_some(text)
    };
    let dated = named.iter().take(300).filter_map(short).find_map(|t| in_text(&t));
    dated.or_else(|| from_text(shown))
}

/// The first date in the page's text that stands in a short line of its own or beside a label.
fn from_text(shown: &[Piece]) -> Option<Moment> {
    let mut first = None;
    for piece in shown.iter().take(400) {
        let text = piece.text.as_str();
        if text.len() > 600 || piece.link_share() > 0.6 {
            continue;
        }
        let lower = text.to_lowercase();
        if let Some(label) = LABELS.iter().find_map(|l| lower.find(l))
            && let Some(moment) = lower.get(label..).and_then(in_text)
        {
            return Some(moment);
        }
        let short = text.chars().count() <= 60;
        // A line with a clock time is a dateline; a bare date may be anything.
        if first.is_none() && short && text.contains(':') {
            first = in_text(text);
        }
    }
    first
}

/// Dates that pages keep for their scripts.
fn from_script(doc: &Document) -> Option<Moment> {
    static KEYS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r#"(?i)["']?(?:pub_?(?:lish)?_?(?:date|time)|date_?published|published_?(?:at|time|date)|createTime|ptime)["']?\s*[:=]\s*["']([^"']{8,40})["']"#).ok()
    });
    dom::all(doc, "script").iter().take(100).find_map(|s| {
        let text = s.text();
        KEYS.as_ref()?.captures_iter(&text).find_map(|c| parse(&c[1]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_wins_and_nothing_is_guessed() {
        let find_in = |html: &str, url: &str| {
            let doc = Document::from(html);
            find(&doc, &super::super::blocks::read(&doc.root()), &Meta::read(&doc), url)
                .map(|m| m.to_string())
        };
        let both = "<meta property=article:modified_time content=2026-01-05T00:00:00Z>\
                    <meta property=article:published_time content=2026-01-03T00:00:00Z>";
        assert_eq!(find_in(both, "").as_deref(), Some("2026-01-03T00:00:00Z"));
        assert_eq!(
            find_in("<p>x</p>", "https://a.example/2026/01/03/x").as_deref(),
            Some("2026-01-03")
        );
        let zh = "<h1>题</h1><p>来源：灯塔网 发布时间：2026-01-03 10:20</p><p>文</p>";
        assert_eq!(find_in(zh, "").as_deref(), Some("2026-01-03"));
        assert_eq!(find_in("<p>In 2026 it began.</p><footer>© 2026</footer>", ""), None);
    }
}
