//! Articles of WeChat accounts (`mp.weixin.qq.com`), whose links come in many spellings.
//!
//! An article is named by the account (`__biz`), the message (`mid`) and the place in it (`idx`);
//! the older names of the latter two are `appmsgid` and `itemidx`. `sn`, `chksm`, `scene` and the
//! rest sign or track. The short form `/s/XXXX` names an article too, but nothing in it tells which
//! long form it is, so it is an identity of its own.

use url::Url;

use super::percent_decode;

const HOST: &str = "mp.weixin.qq.com";

/// The canonical form of a WeChat article's URL; `None` for every other URL.
pub(super) fn identity(url: &Url) -> Option<String> {
    if !is_host(url) {
        return None;
    }
    if let Some(short) = short_name(url) {
        return Some(format!("https://{HOST}/s/{short}"));
    }
    let pairs = pairs(url);
    let find = |names: &[&str]| {
        let found = pairs.iter().find(|(k, v)| names.contains(&k.as_str()) && !v.is_empty());
        found.map(|(_, v)| v.trim_end_matches('=').to_owned())
    };
    let biz = find(&["__biz", "_biz", "biz"])?;
    let mid = find(&["mid", "appmsgid"])?;
    let idx = find(&["idx", "itemidx"]).unwrap_or_else(|| "1".into());
    Some(format!("https://{HOST}/s?__biz={biz}&idx={idx}&mid={mid}"))
}

/// Whether `url` is a link that stops working after hours or days: a WeChat article as a search
/// engine hands it out (`?src=11&timestamp=…&signature=…`), a temporary preview (`tempkey`), or
/// Sogou's own jump link. It can be read now, but an issue cannot link to it.
pub fn is_expiring(url: &str) -> bool {
    let Some(url) = super::parse(url) else {
        return false;
    };
    let host = url.host_str().unwrap_or("");
    if matches!(host, "weixin.sogou.com" | "www.sogou.com") && url.path() == "/link" {
        return true;
    }
    if !is_host(&url) || identity(&url).is_some() {
        return false;
    }
    let pairs = pairs(&url);
    let has = |name: &str| pairs.iter().any(|(k, _)| k == name);
    has("tempkey") || (has("signature") && (has("timestamp") || has("src")))
}

fn is_host(url: &Url) -> bool {
    url.host_str().is_some_and(|h| h.trim_end_matches('.') == HOST)
}

/// `XXXX` of `/s/XXXX`.
fn short_name(url: &Url) -> Option<&str> {
    let name = url.path().strip_prefix("/s/")?.trim_end_matches('/');
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    (!name.is_empty() && name.chars().all(plain)).then_some(name)
}

/// The parameters, decoded; also where the question mark or the whole query is percent-encoded.
fn pairs(url: &Url) -> Vec<(String, String)> {
    let path = percent_decode(url.path());
    let hidden = path.split_once('?').map_or("", |(_, query)| query);
    let query = url.query().unwrap_or("");
    let encoded = query.to_ascii_lowercase().contains("biz%3d");
    let query = if encoded { percent_decode(query) } else { query.to_owned() };
    format!("{hidden}&{query}")
        .replace("&amp;", "&")
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(k, v)| (k.trim_start_matches("amp;").to_ascii_lowercase(), percent_decode(v)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::canonical;
    use super::*;

    const ARTICLE: &str = "https://mp.weixin.qq.com/s?__biz=MzA1MjM0&idx=1&mid=2650001";

    #[test]
    fn one_article_in_all_spellings() {
        for url in [
            "https://mp.weixin.qq.com/s?__biz=MzA1MjM0==&mid=2650001&idx=1&sn=abc&chksm=f0&scene=21#wechat_redirect",
            "http://mp.weixin.qq.com/s?mid=2650001&idx=1&__biz=MzA1MjM0%3D%3D#rd",
            "https://mp.weixin.qq.com/s?__biz=MzA1MjM0==&amp;mid=2650001&amp;idx=1&amp;sn=x",
            "https://mp.weixin.qq.com/s?__biz=MzA1MjM0==&amp;amp;mid=2650001&amp;amp;idx=1",
            "http://mp.weixin.qq.com/mp/appmsg/show?__biz=MzA1MjM0==&appmsgid=2650001&itemidx=1&sign=1",
            "https%3A%2F%2Fmp.weixin.qq.com%2Fs%3F__biz%3DMzA1MjM0%3D%3D%26mid%3D2650001%26idx%3D1",
            "https://mp.weixin.qq.com/s%3F__biz%3DMzA1MjM0%3D%3D%26mid%3D2650001%26idx%3D1",
            "https://mp.weixin.qq.com/s?__biz%3DMzA1MjM0%3D%3D%26mid%3D2650001%26idx%3D1%26sn%3D2",
            "https://MP.weixin.qq.com:443/s/?__biz=MzA1MjM0==&mid=2650001&idx=1",
        ] {
            assert_eq!(canonical(url).unwrap(), ARTICLE, "{url}");
        }
    }

    #[test]
    fn other_articles() {
        let second = "https://mp.weixin.qq.com/s?__biz=MzA1MjM0==&mid=2650001&idx=2";
        assert_ne!(canonical(second).unwrap(), ARTICLE);
        let short = canonical("http://mp.weixin.qq.com/s/Ab_c-9?from=timeline#rd").unwrap();
        assert_eq!(short, "https://mp.weixin.qq.com/s/Ab_c-9");
        let profile = "https://mp.weixin.qq.com/mp/profile_ext?action=home";
        assert_eq!(canonical(profile).unwrap(), profile);
    }

    #[test]
    fn expiring_links() {
        let temporary =
            "https://mp.weixin.qq.com/s?src=11&timestamp=1700000000&ver=1&signature=a-b*c&new=1";
        assert!(is_expiring(temporary));
        assert!(is_expiring(&temporary.replace('&', "&amp;")));
        assert!(is_expiring("https://weixin.sogou.com/link?url=dn9a_x"));
        assert!(is_expiring("http://mp.weixin.qq.com/s?tempkey=MTIz"));
        assert!(!is_expiring(ARTICLE));
        assert!(!is_expiring("https://mp.weixin.qq.com/s/Ab_c-9"));
        assert!(!is_expiring("https://n.example/?src=11&signature=1"));
    }
}
