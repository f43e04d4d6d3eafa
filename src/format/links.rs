//! What a link must not be (rule 8), by its URL alone.

use url::Url;

/// Hosts, and the path they share links by.
const SHARE_LINKS: [(&str, &str); 9] = [
    ("facebook.com", "/sharer"),
    ("twitter.com", "/intent"),
    ("x.com", "/intent"),
    ("twitter.com", "/share"),
    ("linkedin.com", "/share"),
    ("service.weibo.com", "/share"),
    ("connect.qq.com", "/widget"),
    ("sns.qzone.qq.com", "/cgi-bin/qzshare"),
    ("t.me", "/share"),
];

/// Whether a URL leads to the web.
pub(super) fn is_web(url: &str) -> bool {
    Url::parse(url).is_ok_and(|u| matches!(u.scheme(), "http" | "https") && u.has_host())
}

/// Whether a URL names a site and nothing on it.
pub(super) fn is_home_page(url: &str) -> bool {
    Url::parse(url).is_ok_and(|u| u.path().trim_matches('/').is_empty() && u.query().is_none())
}

/// Whether a URL opens a form to share something by.
pub(super) fn is_share_link(url: &str) -> bool {
    let Ok(url) = Url::parse(url) else {
        return false;
    };
    let Some(host) = url.host_str() else {
        return false;
    };
    SHARE_LINKS.iter().any(|(domain, path)| {
        let same = host.strip_suffix(domain).is_some_and(|h| h.is_empty() || h.ends_with('.'));
        same && url.path().starts_with(path)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_the_url_alone() {
        assert!(is_home_page("https://a.example") && is_home_page("https://a.example/#top"));
        assert!(!is_home_page("https://a.example/x") && !is_home_page("https://a.example/?id=1"));
        assert!(is_share_link("https://twitter.com/intent/tweet?url=x"));
        assert!(is_share_link("https://www.linkedin.com/shareArticle?url=x"));
        assert!(!is_share_link("https://x.com/guanlan/status/1"));
        assert!(!is_share_link("https://notx.com/intent"));
        assert!(is_web("http://a.example/x") && !is_web("javascript:alert(1)") && !is_web("x"));
    }
}
