//! Papers of arXiv: abstract, PDF, HTML, each version, mirrors and the DOI are one identity.

use std::sync::LazyLock;

use regex::Regex;
use url::Url;

// A constant pattern: a failure to compile it shows in the first test.
static ID: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:(\d{4}\.\d{4,5})|([a-z-]+)(?:\.[A-Za-z-]+)?/(\d{7}))(?:v\d+)?$").ok()
});

/// The parts of arXiv's site that show one paper each.
const VIEWS: &[&str] = &["abs", "pdf", "html", "format", "ps", "src", "e-print"];

/// The canonical form of a paper's URL; `None` for every other URL.
pub(super) fn identity(url: &Url) -> Option<String> {
    id(url).map(|id| format!("https://arxiv.org/abs/{id}"))
}

/// The id of the paper that `url` shows, without its version: `2601.00001`, `cs/0601001`. The
/// subject class of an old id (`math.GT/0309136`) is no part of it.
pub(in crate::collect) fn id(url: &Url) -> Option<String> {
    let host = url.host_str()?.trim_end_matches('.');
    let path = super::percent_decode(url.path());
    let rest = match host {
        "doi.org" | "dx.doi.org" => {
            let prefix = "/10.48550/arxiv.";
            let fits = path.get(..prefix.len()).is_some_and(|p| p.eq_ignore_ascii_case(prefix));
            fits.then(|| &path[prefix.len()..])?
        }
        "arxiv.org" | "ar5iv.org" => of_view(&path)?,
        other if other.ends_with(".arxiv.org") => of_view(&path)?,
        _ => return None,
    };
    let rest = rest.trim_end_matches('/');
    let found = ID.as_ref()?.captures(rest.strip_suffix(".pdf").unwrap_or(rest))?;
    Some(match found.get(1) {
        Some(new) => new.as_str().to_owned(),
        None => format!("{}/{}", found.get(2)?.as_str(), found.get(3)?.as_str()),
    })
}

/// What follows the name of a view in a path.
fn of_view(path: &str) -> Option<&str> {
    let (view, rest) = path.strip_prefix('/')?.split_once('/')?;
    VIEWS.contains(&view).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::super::canonical;

    #[test]
    fn one_paper_in_all_spellings() {
        for url in [
            "https://arxiv.org/abs/2601.00001",
            "http://arxiv.org/abs/2601.00001v3",
            "https://www.arxiv.org/pdf/2601.00001",
            "https://arxiv.org/pdf/2601.00001v2.pdf",
            "https://export.arxiv.org/abs/2601.00001?context=cs",
            "https://arxiv.org/html/2601.00001v1#S2",
            "https://ar5iv.labs.arxiv.org/html/2601.00001",
            "https://doi.org/10.48550/arXiv.2601.00001",
        ] {
            assert_eq!(canonical(url).unwrap(), "https://arxiv.org/abs/2601.00001", "{url}");
        }
        for url in ["https://arxiv.org/abs/math.GT/0309136v1", "arxiv.org/pdf/math/0309136"] {
            let url = if url.contains("://") { url.to_owned() } else { format!("http://{url}") };
            assert_eq!(canonical(&url).unwrap(), "https://arxiv.org/abs/math/0309136");
        }
    }

    #[test]
    fn what_is_no_paper_is_left_alone() {
        for url in [
            "https://arxiv.org/list/cs.AI/recent",
            "https://arxiv.org/abs/26.1",
            "https://info.arxiv.org/help/api",
            "https://notarxiv.org/abs/2601.00001",
            "https://doi.org/10.1000/2601.00001",
        ] {
            assert_eq!(canonical(url).unwrap(), url);
        }
    }
}
