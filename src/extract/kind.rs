//! What a link leads to, by its address alone.

use url::Url;

use super::LinkKind;

/// Hosts of papers; a subdomain counts too.
const PAPERS: &[&str] = &[
    "arxiv.org",
    "doi.org",
    "openreview.net",
    "aclanthology.org",
    "biorxiv.org",
    "medrxiv.org",
    "ssrn.com",
    "semanticscholar.org",
    "pubmed.ncbi.nlm.nih.gov",
    "proceedings.mlr.press",
    "papers.nips.cc",
    "papers.neurips.cc",
    "openaccess.thecvf.com",
    "dl.acm.org",
    "ieeexplore.ieee.org",
];
/// Hosts of code, models and data.
const CODE: &[&str] = &[
    "github.com",
    "gitlab.com",
    "gitee.com",
    "huggingface.co",
    "modelscope.cn",
    "codeberg.org",
    "bitbucket.org",
    "pypi.org",
    "crates.io",
    "npmjs.com",
];
/// Hosts of social media, and of share buttons.
const SOCIAL: &[&str] = &[
    "twitter.com",
    "x.com",
    "facebook.com",
    "linkedin.com",
    "weibo.com",
    "weibo.cn",
    "instagram.com",
    "youtube.com",
    "youtu.be",
    "reddit.com",
    "t.me",
    "telegram.me",
    "whatsapp.com",
    "pinterest.com",
    "tiktok.com",
    "douyin.com",
    "zhihu.com",
    "bilibili.com",
    "threads.net",
    "bsky.app",
    "discord.gg",
    "addtoany.com",
];

/// What `url` leads to: paper, code, social media, else media. That a page is its maker's own
/// cannot be told from the address alone.
pub fn kind_of_url(url: &str) -> LinkKind {
    let Ok(url) = Url::parse(url) else {
        return LinkKind::Media;
    };
    let host = url.host_str().unwrap_or_default();
    let on = |hosts: &[&str]| {
        hosts.iter().any(|h| {
            host == *h
                || host
                    .strip_suffix(h)
                    .is_some_and(|before| before.ends_with('.'))
        })
    };
    let path = url.path();
    if on(PAPERS) || path.starts_with("/doi/") || is_arxiv_like(host, path) {
        LinkKind::Paper
    } else if on(CODE) {
        LinkKind::Code
    } else if on(SOCIAL) {
        LinkKind::Social
    } else {
        LinkKind::Media
    }
}

/// A preprint server as arXiv lays out its addresses: `/abs/2601.00417` on a host of papers.
fn is_arxiv_like(host: &str, path: &str) -> bool {
    let id = path
        .strip_prefix("/abs/")
        .or_else(|| path.strip_prefix("/pdf/"));
    let numbered = |id: &str| {
        let id = id.trim_end_matches(".pdf");
        id.split_once('.').is_some_and(|(a, b)| {
            a.len() == 4
                && a.bytes().all(|c| c.is_ascii_digit())
                && b.len() >= 4
                && b.bytes().next().is_some_and(|c| c.is_ascii_digit())
        })
    };
    (host.contains("arxiv") || host.starts_with("papers.")) && id.is_some_and(numbered)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_host_and_layout() {
        for (url, kind) in [
            ("http://arxiv.org/abs/2512.25072v1", LinkKind::Paper),
            ("https://doi.org/10.5555/x", LinkKind::Paper),
            ("https://papers.example/abs/2601.00417", LinkKind::Paper),
            ("https://link.outlet.example/doi/10.5555/x", LinkKind::Paper),
            ("https://github.com/a/b", LinkKind::Code),
            ("https://m.weibo.cn/1", LinkKind::Social),
            ("https://notx.com/abs/1", LinkKind::Media),
            ("no url", LinkKind::Media),
        ] {
            assert_eq!(kind_of_url(url), kind, "{url}");
        }
    }
}
