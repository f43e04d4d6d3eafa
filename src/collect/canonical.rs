//! One URL for one article, whatever a feed, a share button or a browser added to it.
//!
//! The canonical form is for identity alone; what is shown and asked is the URL as listed. That is
//! why it may fold more than a link could: `http` to `https`, a leading `www.` away, a trailing
//! slash away. Two articles that differ in nothing else do not occur in practice (a site serves one
//! of the forms and redirects the others to it), while feeds and share links mix them all the time.
//! A fragment names a place in a page and is dropped, except for `#!…` and `#/…`, which name the
//! page itself in older single-page sites.

pub(super) mod arxiv;
mod wechat;

use url::Url;

pub use wechat::is_expiring;

/// Parameters that say where a reader came from, never what the page shows.
const TRACKING: &[&str] = &[
    "fbclid",
    "gclid",
    "gclsrc",
    "dclid",
    "gbraid",
    "wbraid",
    "msclkid",
    "yclid",
    "ysclid",
    "twclid",
    "ttclid",
    "igshid",
    "igsh",
    "li_fat_id",
    "mc_cid",
    "mc_eid",
    "mkt_tok",
    "_hsenc",
    "_hsmi",
    "oly_anon_id",
    "oly_enc_id",
    "vero_id",
    "wickedid",
    "_openstat",
    "cmpid",
    "ncid",
    "ocid",
    "smid",
    "cvid",
    "ito",
    "spm",
    "spm_id_from",
    "vd_source",
    "share_source",
    "share_medium",
    "share_token",
    "share_from",
    "share_tag",
    "share_session_id",
    "isappinstalled",
    "nsukey",
    "wxshare_count",
    "traffic_source",
    "guccounter",
    "guce_referrer",
    "guce_referrer_sig",
    "__twitter_impression",
];

/// Beginnings of such parameters.
const TRACKING_PREFIXES: &[&str] = &[
    "utm_",
    "at_campaign",
    "at_custom",
    "at_medium",
    "pk_campaign",
    "pk_kwd",
    "mtm_",
    "hsa_",
    "share_utm",
];

/// Parameters that mean something on one site and the way of sharing on another: dropped only
/// with one of [`SHARED_BY`] as their value.
const AMBIGUOUS: &[&str] = &["from", "source", "src", "ref", "referrer", "scene", "channel", "via"];

/// What share buttons, messengers and feeds write there.
const SHARED_BY: &[&str] = &[
    "timeline",
    "singlemessage",
    "groupmessage",
    "message",
    "weixin",
    "wechat",
    "wechat_timeline",
    "wx",
    "weibo",
    "qq",
    "qzone",
    "rss",
    "feed",
    "rssfeed",
    "twitter",
    "facebook",
    "linkedin",
    "share",
    "newsletter",
    "homepage",
];

/// The canonical form of `url`: the same for every spelling of one article's address. `None` where
/// it is no http(s) URL.
pub fn canonical(url: &str) -> Option<String> {
    let url = parse(url)?;
    if let Some(identity) = wechat::identity(&url).or_else(|| arxiv::identity(&url)) {
        return Some(identity);
    }
    let host = url.host_str()?.trim_end_matches('.');
    let host = match host.strip_prefix("www.") {
        Some(rest) if rest.contains('.') => rest,
        _ => host,
    };
    let mut out = format!("https://{host}");
    if let Some(port) = url.port().filter(|p| !matches!(p, 80 | 443)) {
        out.push_str(&format!(":{port}"));
    }
    out.push_str(normal_escapes(url.path()).trim_end_matches('/'));
    let query = kept_query(&url);
    if !query.is_empty() {
        out.push('?');
        out.push_str(&query);
    }
    if let Some(route) = url.fragment().filter(|f| f.starts_with('!') || f.starts_with('/')) {
        out.push('#');
        out.push_str(route);
    }
    Some(out)
}

/// Reads an address as people hand it on: white space around it, `&amp;` inside, percent-encoded
/// as a whole.
fn parse(url: &str) -> Option<Url> {
    let mut text = url.trim().to_owned();
    while text.contains("&amp;") {
        text = text.replace("&amp;", "&");
    }
    let head: String = text.chars().take(12).collect::<String>().to_ascii_lowercase();
    if head.starts_with("http%3a") || head.starts_with("https%3a") {
        text = percent_decode(&text);
    }
    Url::parse(&text)
        .ok()
        .filter(|u| matches!(u.scheme(), "http" | "https") && u.host_str().is_some())
}

/// The query without tracking, ordered by key; pairs of one key keep their order, because there
/// it may mean something.
fn kept_query(url: &Url) -> String {
    let mut pairs: Vec<(String, String)> = url
        .query()
        .unwrap_or("")
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let key = pair.split('=').next().unwrap_or("");
            (normal_escapes(key), normal_escapes(pair))
        })
        .filter(|(key, pair)| !is_tracking(key, pair))
        .collect();
    pairs.sort_by(|a, b| a.0.cmp(&b.0));
    pairs.into_iter().map(|(_, pair)| pair).collect::<Vec<_>>().join("&")
}

fn is_tracking(key: &str, pair: &str) -> bool {
    let key = key.to_ascii_lowercase();
    let value = pair.split_once('=').map_or("", |(_, v)| v).to_ascii_lowercase();
    TRACKING.contains(&key.as_str())
        || TRACKING_PREFIXES.iter().any(|p| key.starts_with(p))
        || (AMBIGUOUS.contains(&key.as_str()) && SHARED_BY.contains(&value.as_str()))
}

/// Percent-escapes in one spelling: unreserved characters plain, hex digits in upper case
/// (RFC 3986, 6.2.2).
fn normal_escapes(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < bytes.len() {
        match escape_at(bytes, at) {
            Some(byte) if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => {
                out.push(char::from(byte));
                at += 3;
            }
            Some(byte) => {
                out.push_str(&format!("%{byte:02X}"));
                at += 3;
            }
            None => {
                let c = text[at..].chars().next().unwrap_or_default();
                out.push(c);
                at += c.len_utf8().max(1);
            }
        }
    }
    out
}

/// The byte that the escape at `at` stands for.
fn escape_at(bytes: &[u8], at: usize) -> Option<u8> {
    if bytes.get(at) != Some(&b'%') {
        return None;
    }
    let digit = |i: usize| bytes.get(i).and_then(|b| char::from(*b).to_digit(16));
    u8::try_from(digit(at + 1)? * 16 + digit(at + 2)?).ok()
}

/// `text` with its percent-escapes decoded; bytes that are no UTF-8 become U+FFFD.
pub(super) fn percent_decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        match escape_at(bytes, at) {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn same(a: &str, b: &str) {
        assert_eq!(canonical(a).unwrap(), canonical(b).unwrap());
    }

    #[track_caller]
    fn differ(a: &str, b: &str) {
        assert_ne!(canonical(a).unwrap(), canonical(b).unwrap());
    }

    #[test]
    fn spellings_of_one_address() {
        same("HTTP://WWW.News.Example:80/a/", "https://news.example/a");
        same("https://news.example./a#part", "https://news.example/a");
        same("https://news.example/%e4%b8%ad/%7Ex", "https://news.example/中/~x");
        same("https://n.example/?b=2&a=1&a=0", "https://n.example?a=1&a=0&b=2");
        same("https://n.example/a?x=1&amp;y=2", "https://n.example/a?y=2&x=1");
        same("https%3A%2F%2Fn.example%2Fa%3Fx%3D1", "https://n.example/a?x=1");
        same("https://n.example/a?", "https://n.example/a");
    }

    #[test]
    fn what_names_the_article_stays() {
        differ("https://n.example/a?id=1", "https://n.example/a?id=2");
        differ("https://n.example/a?a=1&a=0", "https://n.example/a?a=0&a=1");
        differ("https://n.example/A", "https://n.example/a");
        differ("https://n.example:8080/a", "https://n.example/a");
        differ("https://n.example/#!/a", "https://n.example/#!/b");
        differ("https://n.example/s?from=beijing", "https://n.example/s");
        differ("https://n.example/a%2Fb", "https://n.example/a/b");
        assert_eq!(canonical("https://www.example/a").unwrap(), "https://www.example/a");
    }

    #[test]
    fn tracking_goes() {
        for query in [
            "utm_source=rss&utm_medium=feed",
            "fbclid=x",
            "spm=a2c4e.11153940",
            "from=timeline&isappinstalled=0",
            "ref=rss",
            "share_token=abc",
            "UTM_Campaign=1",
        ] {
            same(&format!("https://n.example/a?id=1&{query}"), "https://n.example/a?id=1");
        }
    }

    #[test]
    fn no_url_of_the_web() {
        for text in ["", "mailto:a@b.example", "urn:uuid:1", "/relative", "javascript:1"] {
            assert_eq!(canonical(text), None);
        }
    }
}
