//! When an article was published, in the page's own words and offset. Never a guess: where the page
//! says nothing there is no date, and a time without an offset is only a day.
//!
//! Order: JSON-LD, meta, `itemprop`, `<time>`, the URL, what stands near the title. Published wins
//! over modified.

use std::sync::LazyLock;

use dom_query::{Document, NodeRef};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use regex::Regex;
use serde_json::Value;

use super::blocks::Piece;
use super::dom;
use super::meta::Meta;
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
    [
        "datetime",
        "content",
        "title",
        "data-time",
        "data-timestamp",
    ]
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
        let around = t
            .parent()
            .map(|p| dom::line(&p).to_ascii_lowercase())
            .unwrap_or_default();
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
        let name = dom::name(&a);
        if matches!(name.as_str(), "aside" | "nav" | "footer" | "li") {
            return true;
        }
        if matches!(name.as_str(), "body" | "html" | "main" | "article") {
            return false;
        }
        let marks = format!(
            "{} {}",
            a.class().unwrap_or_default(),
            a.id_attr().unwrap_or_default()
        );
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
    PATH.as_ref()?
        .captures_iter(path)
        .find_map(|c| day(&c[1], &c[3], &c[5]))
        .map(Moment::Day)
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
    let dated = named
        .iter()
        .take(300)
        .filter_map(short)
        .find_map(|t| in_text(&t));
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
        if let Some(label) = LABELS.iter().find_map(|l| lower.find(l)) {
            if let Some(moment) = lower.get(label..).and_then(in_text) {
                return Some(moment);
            }
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
        KEYS.as_ref()?
            .captures_iter(&text)
            .find_map(|c| parse(&c[1]))
    })
}

fn day(year: &str, month: &str, day: &str) -> Option<Date> {
    let year: i16 = year.parse().ok()?;
    if !(1990..=2099).contains(&year) {
        return None;
    }
    Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()
}

struct Patterns {
    iso: Regex,
    english: Regex,
    english_day_first: Regex,
    slashed: Regex,
    clock: Regex,
}

static PATTERNS: LazyLock<Option<Patterns>> = LazyLock::new(|| {
    const MONTH: &str = "(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*";
    Some(Patterns {
        iso: Regex::new(r"((?:20|19)\d\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?:\s*日)?").ok()?,
        english: Regex::new(&format!(r"(?i)\b{MONTH}\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+((?:20|19)\d\d)")).ok()?,
        english_day_first: Regex::new(&format!(r"(?i)\b(\d{{1,2}})(?:st|nd|rd|th)?(?:\s+|-)(?:of\s+)?{MONTH}\.?,?(?:\s+|-)((?:20|19)\d\d)")).ok()?,
        slashed: Regex::new(r"\b(\d{1,2})/(\d{1,2})/((?:20|19)\d\d)\b").ok()?,
        clock: Regex::new(r"(?i)^[\sT,|]*(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*(Z\b|UTC|GMT|[+-]\d\d:?\d\d|[+-]\d\d\b)?").ok()?,
    })
});

/// Reads a date that makes up a value: of an attribute, a meta tag, JSON.
pub(crate) fn parse(value: &str) -> Option<Moment> {
    let value = value.trim();
    if value.len() > 80 {
        return None;
    }
    if let Ok(number) = value.parse::<i64>() {
        return match value.len() {
            10 => from_epoch(number),
            13 => from_epoch(number / 1000),
            8 => day(&value[..4], &value[4..6], &value[6..]).map(Moment::Day),
            _ => None,
        };
    }
    in_text(value)
}

fn from_epoch(seconds: i64) -> Option<Moment> {
    Timestamp::from_second(seconds)
        .ok()
        .filter(|_| seconds > 631_152_000)
        .map(Moment::utc)
}

/// The first date inside a text, with its time where time and offset follow.
pub(crate) fn in_text(text: &str) -> Option<Moment> {
    let patterns = PATTERNS.as_ref()?;
    let iso = patterns.iso.captures(text).and_then(|c| {
        Some((
            c.get(0)?.start(),
            c.get(0)?.end(),
            day(&c[1], &c[2], &c[3])?,
        ))
    });
    let english = patterns.english.captures(text).and_then(|c| {
        Some((
            c.get(0)?.start(),
            c.get(0)?.end(),
            day(&c[3], month(&c[1])?, &c[2])?,
        ))
    });
    let day_first = patterns.english_day_first.captures(text).and_then(|c| {
        Some((
            c.get(0)?.start(),
            c.get(0)?.end(),
            day(&c[3], month(&c[2])?, &c[1])?,
        ))
    });
    // 03/04/2026 is March to some and April to others: read only where it can be but one.
    let slashed = patterns.slashed.captures(text).and_then(|c| {
        let (a, b): (u8, u8) = (c[1].parse().ok()?, c[2].parse().ok()?);
        let date = if a > 12 {
            day(&c[3], &c[2], &c[1])
        } else if b > 12 || a == b {
            day(&c[3], &c[1], &c[2])
        } else {
            None
        };
        Some((c.get(0)?.start(), c.get(0)?.end(), date?))
    });
    let (_, end, date) = [iso, english, day_first, slashed]
        .into_iter()
        .flatten()
        .min_by_key(|(s, ..)| *s)?;
    Some(with_clock(date, &text[end..], patterns).unwrap_or(Moment::Day(date)))
}

fn with_clock(date: Date, rest: &str, patterns: &Patterns) -> Option<Moment> {
    let clock = patterns.clock.captures(rest)?;
    let zone = clock.get(4)?.as_str();
    let part = |i: usize| {
        clock
            .get(i)
            .and_then(|m| m.as_str().parse::<i8>().ok())
            .unwrap_or(0)
    };
    let offset = offset(zone)?;
    let time = jiff::civil::Time::new(part(1), part(2), part(3).min(59), 0).ok()?;
    let at = offset.to_timestamp(date.to_datetime(time)).ok()?;
    Some(Moment::Instant { at, offset })
}

fn offset(zone: &str) -> Option<Offset> {
    let sign = match zone.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return Some(Offset::UTC),
    };
    let digits: String = zone.chars().filter(char::is_ascii_digit).collect();
    let hours: i32 = digits.get(..2)?.parse().ok()?;
    let minutes: i32 = digits.get(2..4).and_then(|m| m.parse().ok()).unwrap_or(0);
    Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok()
}

fn month(name: &str) -> Option<&'static str> {
    const MONTHS: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    const NUMBERS: [&str; 12] = [
        "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12",
    ];
    let lower = name.to_ascii_lowercase();
    MONTHS
        .iter()
        .position(|m| lower.starts_with(m))
        .map(|i| NUMBERS[i])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings() {
        for (text, want) in [
            ("2026-01-03T09:30:00+08:00", "2026-01-03T09:30:00+08:00"),
            ("2026-01-03T09:30:00.123+0800", "2026-01-03T09:30:00+08:00"),
            ("2026-01-03T01:30:00Z", "2026-01-03T01:30:00Z"),
            ("2026-01-03 09:30", "2026-01-03"),
            ("2026年1月3日 09:30", "2026-01-03"),
            ("Sat, 03 Jan 2026 01:30:00 GMT", "2026-01-03T01:30:00Z"),
            ("January 3rd, 2026", "2026-01-03"),
            ("Jan. 3, 2026, 9:30 a.m.", "2026-01-03"),
            ("20260103", "2026-01-03"),
            ("1767403800", "2026-01-03T01:30:00Z"),
            ("13/01/2026", "2026-01-13"),
        ] {
            assert_eq!(parse(text).unwrap().to_string(), want, "{text}");
        }
        for text in ["yesterday", "03/04/2026", "2026-13-41", "v2026"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn published_wins_and_nothing_is_guessed() {
        let find_in = |html: &str, url: &str| {
            let doc = Document::from(html);
            find(
                &doc,
                &super::super::blocks::read(&doc.root()),
                &Meta::read(&doc),
                url,
            )
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
        assert_eq!(
            find_in("<p>In 2026 it began.</p><footer>© 2026</footer>", ""),
            None
        );
    }
}
