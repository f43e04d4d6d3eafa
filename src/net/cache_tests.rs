use tempfile::TempDir;

use super::*;

const NOW: &str = "2026-01-03T00:00:00Z";

fn cache() -> (TempDir, Cache) {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(Store::open(folder.path()).unwrap());
    (folder, Cache::new(store))
}

fn url() -> Url {
    Url::parse("https://news.example/feed").unwrap()
}

fn at(seconds: i64) -> Timestamp {
    let now: Timestamp = NOW.parse().unwrap();
    Timestamp::from_second(now.as_second() + seconds).unwrap()
}

fn answer(status: u16, headers: &[(&str, &str)], body: &str, seconds: i64) -> Exchange {
    Exchange {
        status,
        headers: headers.iter().map(|(n, v)| ((*n).into(), (*v).into())).collect(),
        body: body.into(),
        wire: body.len() as u64,
        at: at(seconds),
    }
}

/// What is found after `seconds` of an answer with `headers`: `fresh`, `none`, or the conditions.
fn found(headers: &[(&str, &str)], seconds: i64) -> String {
    let (_folder, cache) = cache();
    cache.keep(&url(), &answer(200, headers, "list", 0)).unwrap();
    match cache.find(&url(), at(seconds)) {
        Found::Fresh(exchange) => {
            assert_eq!((exchange.body.as_slice(), exchange.at), (&b"list"[..], at(0)));
            "fresh".into()
        }
        Found::Stale(stale) => {
            let pairs: Vec<String> =
                stale.conditions.iter().map(|(n, v)| format!("{n}: {v}")).collect();
            pairs.join(", ")
        }
        Found::Nothing => "none".into(),
    }
}

#[test]
fn lifetimes() {
    let date = ("Date", "Sat, 03 Jan 2026 00:00:00 GMT");
    assert_eq!(found(&[("Cache-Control", "max-age=60")], 59), "fresh");
    assert_eq!(found(&[("Cache-Control", "max-age=60")], 61), "");
    assert_eq!(found(&[("Cache-Control", "s-maxage=60")], 1), "none");
    assert_eq!(found(&[("Cache-Control", "private, max-age=60")], 1), "fresh");
    assert_eq!(found(&[("Cache-Control", "max-age=60"), ("Age", "50")], 11), "");
    assert_eq!(found(&[date, ("Expires", "Sat, 03 Jan 2026 00:01:00 GMT")], 30), "fresh");
    assert_eq!(found(&[date, ("Expires", "0"), ("ETag", "\"a\"")], 1), "if-none-match: \"a\"");
    // An age of eternities overflows nothing; a year is not believed, nor an entry of the future.
    assert_eq!(found(&[("Cache-Control", "public, max-age=31536000, immutable")], 3599), "fresh");
    assert_eq!(found(&[("Cache-Control", "public, max-age=31536000, immutable")], 3601), "");
    assert_eq!(found(&[("Cache-Control", "max-age=60")], -5), "none");
    assert_eq!(
        found(&[("Cache-Control", "max-age=60"), ("Age", "18446744073709551615")], 5),
        "none"
    );
    assert_eq!(found(&[("Cache-Control", "max-age=18446744073709551615")], 5), "fresh");
}

#[test]
fn a_host_that_says_nothing_is_asked_again() {
    assert_eq!(found(&[("Content-Type", "application/rss+xml")], 0), "none");
    let modified = "Thu, 01 Jan 2015 00:00:00 GMT";
    let condition = format!("if-modified-since: {modified}");
    assert_eq!(found(&[("Last-Modified", modified)], 0), condition);
}

#[test]
fn what_must_not_be_stored_is_not() {
    let etag = ("ETag", "\"a\"");
    for control in ["no-store", "No-Store, max-age=60", "NO-STORE"] {
        assert_eq!(found(&[etag, ("Cache-Control", control)], 0), "none");
    }
    let asked = "if-none-match: \"a\"";
    assert_eq!(found(&[etag, ("Cache-Control", "no-cache, max-age=60")], 1), asked);
    assert_eq!(found(&[etag, ("Pragma", "No-Cache"), ("Expires", "x")], 1), asked);
    assert_eq!(found(&[etag, ("Vary", "*"), ("Cache-Control", "max-age=60")], 1), "");
    let (_folder, cache) = cache();
    cache.keep(&url(), &answer(200, &[etag, ("Set-Cookie", "secret")], "list", 0)).unwrap();
    let record = cache.0.get_bytes(BUCKET, url().as_str()).unwrap().unwrap();
    assert!(!String::from_utf8_lossy(&record).contains("secret"));
    cache.keep(&url(), &answer(200, &[("Cache-Control", "no-store")], "new", 9)).unwrap();
    assert!(matches!(cache.find(&url(), at(9)), Found::Nothing));
}

fn confirmed(stored: &[(&str, &str)], sent: &[(&str, &str)]) -> Option<Exchange> {
    let (_folder, cache) = cache();
    cache.keep(&url(), &answer(200, stored, "list", 0)).unwrap();
    let Found::Stale(stale) = cache.find(&url(), at(100)) else { panic!("not stale") };
    let exchange = cache.confirm(&url(), *stale, &answer(304, sent, "", 100)).unwrap()?;
    let later = cache.find(&url(), at(101));
    let lives = stored.iter().chain(sent).any(|(name, _)| *name == "Cache-Control");
    assert_eq!(matches!(later, Found::Fresh(_)), lives);
    Some(exchange)
}

#[test]
fn a_304_confirms_the_entry_it_speaks_of() {
    let kind = ("Content-Type", "text/xml");
    let stored = [("ETag", "W/\"a\""), kind, ("Cache-Control", "max-age=5")];
    let exchange = confirmed(&stored, &[("ETag", "\"a\""), ("Cache-Control", "max-age=50")]);
    let exchange = exchange.unwrap();
    assert_eq!((exchange.status, exchange.body.as_slice()), (200, &b"list"[..]));
    assert_eq!((exchange.header("content-type"), exchange.at), (Some("text/xml"), at(100)));
    assert!(confirmed(&stored, &[]).is_some());
    assert!(confirmed(&stored, &[("ETag", "\"b\"")]).is_none());
    let modified = [("Last-Modified", "Thu, 01 Jan 2015 00:00:00 GMT")];
    assert!(confirmed(&modified, &[]).is_some());
    assert!(confirmed(&modified, &modified).is_some());
}

#[test]
fn a_damaged_entry_is_none() {
    let (_folder, cache) = cache();
    for record in [&b""[..], b"no line", b"{}\nbody"] {
        cache.0.put_bytes(BUCKET, url().as_str(), record).unwrap();
        assert!(matches!(cache.find(&url(), at(0)), Found::Nothing));
    }
}
