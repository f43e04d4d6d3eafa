//! The links in the body of an article and what they lead to.

use url::Url;

use super::blocks::Piece;
use super::meta::owner_label;
use super::{Link, LinkKind};

const PAPER: &[&str] = &[
    "arxiv.org",
    "doi.org",
    "openreview.net",
    "aclanthology.org",
    "proceedings.mlr.press",
    "papers.nips.cc",
    "proceedings.neurips.cc",
    "openaccess.thecvf.com",
    "biorxiv.org",
    "medrxiv.org",
    "chemrxiv.org",
    "ssrn.com",
    "semanticscholar.org",
    "dl.acm.org",
    "ieeexplore.ieee.org",
    "pubmed.ncbi.nlm.nih.gov",
    "jmlr.org",
    "ecva.net",
    "isca-archive.org",
    "eprint.iacr.org",
    "hal.science",
    "alphaxiv.org",
    "ar5iv.labs.arxiv.org",
    "roboticsproceedings.org",
];
/// Publishers whose sites hold papers beside other pages: only these paths are papers.
const PAPER_PATHS: &[(&str, &str)] = &[
    ("nature.com", "/articles/s"),
    ("science.org", "/doi/"),
    ("cell.com", "/fulltext/"),
    ("pnas.org", "/doi/"),
    ("huggingface.co", "/papers/"),
    ("link.springer.com", "/article/"),
    ("link.springer.com", "/chapter/"),
    ("sciencedirect.com", "/science/article/"),
    ("onlinelibrary.wiley.com", "/doi/"),
    ("thelancet.com", "/article/"),
    ("nejm.org", "/doi/"),
    ("ijcai.org", "/proceedings/"),
    ("ojs.aaai.org", "/index.php/AAAI/"),
];
const CODE: &[&str] = &[
    "github.com",
    "gist.github.com",
    "gitlab.com",
    "huggingface.co",
    "gitee.com",
    "modelscope.cn",
    "bitbucket.org",
    "codeberg.org",
    "pypi.org",
    "npmjs.com",
    "crates.io",
    "kaggle.com",
    "colab.research.google.com",
    "gitcode.com",
    "sourceforge.net",
    "zenodo.org",
    "raw.githubusercontent.com",
];
const SOCIAL: &[&str] = &[
    "twitter.com",
    "x.com",
    "facebook.com",
    "fb.com",
    "linkedin.com",
    "weibo.com",
    "weibo.cn",
    "instagram.com",
    "reddit.com",
    "t.me",
    "telegram.me",
    "wa.me",
    "whatsapp.com",
    "pinterest.com",
    "tumblr.com",
    "threads.net",
    "threads.com",
    "bsky.app",
    "mastodon.social",
    "youtube.com",
    "youtu.be",
    "tiktok.com",
    "douyin.com",
    "bilibili.com",
    "discord.gg",
    "discord.com",
    "douban.com",
    "qzone.qq.com",
    "connect.qq.com",
    "zhihu.com",
    "xiaohongshu.com",
    "news.ycombinator.com",
    "t.co",
    "medium.com",
];
/// Paths under which a maker announces or documents its own work.
const OFFICIAL_PATHS: &[&str] = &[
    "/news",
    "/blog",
    "/press",
    "/newsroom",
    "/research",
    "/docs",
    "/index/",
    "/announcements",
    "/product",
];
const OFFICIAL_LABELS: &[&str] =
    &["blog", "docs", "developer", "developers", "research", "press", "newsroom", "about", "ai"];

/// The links of these blocks, absolute, each URL once, in order. Links to the page itself, and
/// anything but http, are left out.
pub(crate) fn collect(url: &str, pieces: &[Piece], title: &str) -> Vec<Link> {
    let base = Url::parse(url).ok();
    let mut links: Vec<Link> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for (href, text) in pieces.iter().flat_map(|p| p.links.iter()) {
        let target = match &base {
            Some(base) => base.join(href),
            None => Url::parse(href),
        };
        let Ok(target) = target else { continue };
        let same_page = base.as_ref().is_some_and(|b| {
            b.host() == target.host() && b.path() == target.path() && b.query() == target.query()
        });
        if !matches!(target.scheme(), "http" | "https") || same_page {
            continue;
        }
        let absolute = target.to_string();
        if seen.insert(absolute.clone()) {
            let kind = kind_of(&target, base.as_ref(), title);
            links.push(Link { url: absolute, text: text.clone(), kind });
        }
    }
    links
}

/// What `url` leads to, by its address alone: never official, since that takes the article that
/// links it.
pub fn kind_of_url(url: &str) -> LinkKind {
    Url::parse(url).map_or(LinkKind::Media, |url| kind_of(&url, None, ""))
}

/// Whether a link as written leads to a paper or to code: what a digest wants to keep.
pub(crate) fn leads_to_work(href: &str) -> bool {
    matches!(kind_of_url(href), LinkKind::Paper | LinkKind::Code)
}

/// A preprint as arXiv lays out its addresses: `/abs/2601.00417` on a host of papers.
fn is_preprint(host: &str, path: &str) -> bool {
    let id = path.strip_prefix("/abs/").or_else(|| path.strip_prefix("/pdf/"));
    let numbered = |id: &str| {
        let digits = |part: &str| part.bytes().take(4).filter(u8::is_ascii_digit).count() == 4;
        id.split_once('.')
            .is_some_and(|(year, number)| year.len() == 4 && digits(year) && digits(number))
    };
    (host.contains("arxiv") || host.starts_with("papers.")) && id.is_some_and(numbered)
}

fn kind_of(target: &Url, base: Option<&Url>, title: &str) -> LinkKind {
    let host = target.host_str().unwrap_or("").trim_start_matches("www.");
    let path = target.path();
    let on = |domain: &str| {
        host == domain || host.strip_suffix(domain).is_some_and(|h| h.ends_with('.'))
    };
    let conference_pdf = path.to_ascii_lowercase().ends_with(".pdf")
        && [
            "usenix.org",
            "kdd.org",
            "vldb.org",
            "ndss-symposium.org",
            "iclr.cc",
            "icml.cc",
            "neurips.cc",
        ]
        .iter()
        .any(|d| on(d));
    if PAPER.iter().any(|d| on(d))
        || conference_pdf
        || is_preprint(host, path)
        || PAPER_PATHS.iter().any(|(d, p)| on(d) && path.starts_with(p))
    {
        return LinkKind::Paper;
    }
    if CODE.iter().any(|d| on(d)) || host.ends_with(".github.io") {
        return LinkKind::Code;
    }
    if SOCIAL.iter().any(|d| on(d)) {
        return LinkKind::Social;
    }
    if is_official(target, base, title) { LinkKind::Official } else { LinkKind::Media }
}

/// Whether a link leads to the maker's own announcement: another site whose own name stands in the
/// title of the article, at a place where makers announce. Said only of what shows both.
fn is_official(target: &Url, base: Option<&Url>, title: &str) -> bool {
    let Some(owner) = owner_label(target.as_str()).filter(|o| o.len() > 2) else {
        return false;
    };
    let own = base.and_then(|b| owner_label(b.as_str()));
    if own.as_deref() == Some(owner.as_str()) {
        return false;
    }
    let folded: String =
        title.to_lowercase().chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let names_it = folded.contains(&owner.replace('-', ""));
    let first_label = target.host_str().and_then(|h| h.split('.').next()).unwrap_or("");
    let announces = OFFICIAL_PATHS.iter().any(|p| target.path().contains(p))
        || OFFICIAL_LABELS.contains(&first_label);
    names_it && (announces || target.path().len() > 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use LinkKind::{Code, Media, Official, Paper, Social};

    #[test]
    fn kinds() {
        let base = Url::parse("https://media.example/news/1").unwrap();
        for (url, want) in [
            ("https://arxiv.org/abs/2601.00001", Paper),
            ("https://www.nature.com/articles/s41586-026-1", Paper),
            ("https://www.nature.com/news", Media),
            ("https://huggingface.co/papers/2601.00001", Paper),
            ("https://huggingface.co/guanlan/weiguang-3", Code),
            ("https://guanlan.github.io/weiguang", Code),
            ("https://x.com/share?u=1", Social),
            ("https://guanlan.example/blog/weiguang-3", Official),
            ("https://guanlanfans.example/blog/weiguang-3", Media),
            ("https://media.example/news/2", Media),
        ] {
            let url = Url::parse(url).unwrap();
            assert_eq!(kind_of(&url, Some(&base), "Guanlan releases WeiGuang-3"), want, "{url}");
        }
    }
}
