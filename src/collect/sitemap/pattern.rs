//! Patterns of paths: `*` stands for anything, also across `/`; the whole path must fit.

use url::Url;

use crate::collect::canonical::percent_decode;

/// One pattern.
pub(super) struct Pattern<'a>(Vec<&'a str>);

impl<'a> Pattern<'a> {
    /// Reads a pattern.
    ///
    /// # Errors
    /// It could fit no path.
    pub(super) fn new(text: &'a str) -> Result<Self, String> {
        if !text.starts_with(['/', '*']) {
            return Err(format!(
                "the pattern `{text}` fits no path: it begins with `/` or `*`, as in \"/blog/*\""
            ));
        }
        Ok(Self(text.split('*').collect()))
    }

    /// Whether the path of `page` fits, its percent-escapes decoded.
    pub(super) fn fits(&self, page: &str) -> bool {
        let Ok(url) = Url::parse(page) else { return false };
        let path = percent_decode(url.path());
        let [first, middle @ .., last] = self.0.as_slice() else {
            return self.0.first().is_some_and(|whole| *whole == path);
        };
        let Some(mut rest) = path.strip_prefix(first) else { return false };
        for part in middle {
            let Some((_, after)) = rest.split_once(part) else { return false };
            rest = after;
        }
        rest.ends_with(last)
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn stars() {
        let fits = |pattern, path: &str| {
            Pattern::new(pattern).unwrap().fits(&format!("https://a.example{path}"))
        };
        assert!(fits("/blog/*", "/blog/2026/x"));
        assert!(!fits("/blog/*", "/en/blog/x"));
        assert!(fits("*/blog/*", "/en/blog/x"));
        assert!(fits("/a", "/a?page=2") && !fits("/a", "/a/b"));
        assert!(fits("/*/news/*.html", "/cn/news/1.html") && !fits("/*/news/*.html", "/cn/news/1"));
        assert!(fits("/新闻/*", "/%E6%96%B0%E9%97%BB/1"));
        assert!(fits("*", "/") && fits("/a*a", "/aa") && !fits("/aba*ba", "/aba"));
        assert!(Pattern::new("").is_err());
    }
}
