//! Sites whose pages the general way cannot read: one row of data a site.

use dom_query::{Document, NodeRef};
use jiff::Timestamp;
use jiff::tz::Offset;
use url::Url;

use super::dom;
use super::spelled_date;
use crate::text::Moment;

/// How to read the pages of one site. Selectors are CSS; empty ones say nothing.
pub(crate) struct Rule {
    /// The name that [`Article::way`](super::Article::way) shows.
    pub(crate) name: &'static str,
    /// The hosts, without `www.`.
    hosts: &'static [&'static str],
    /// The container of the text; it is read whatever its style says.
    body: &'static str,
    /// What is no text inside it.
    without: &'static str,
    title: &'static str,
    byline: &'static str,
    /// The script variables that hold the date: seconds since 1970, or a date.
    date_variables: &'static [&'static str],
    /// The offset in hours of a date in seconds: where the site shows its times.
    offset: i8,
}

const RULES: &[Rule] = &[
    Rule {
        name: "wechat",
        hosts: &["mp.weixin.qq.com"],
        body: "#js_content",
        without: "#js_pc_qr_code, .js_uneditable, mp-common-profile, .rich_media_meta_list, .js_profile_container",
        title: "#activity-name, .rich_media_title",
        byline: "#js_name, .rich_media_meta_nickname",
        date_variables: &["ct", "createTime", "create_time", "oriCreateTime"],
        offset: 8,
    },
    Rule {
        name: "arxiv",
        hosts: &["arxiv.org"],
        body: "blockquote.abstract",
        without: ".descriptor",
        title: "h1.title",
        byline: ".authors",
        date_variables: &[],
        offset: 0,
    },
];

/// The rule for a page, if its site has one.
pub(crate) fn rule_for(url: &str) -> Option<&'static Rule> {
    let url = Url::parse(url).ok()?;
    let host = url.host_str()?.trim_start_matches("www.").to_ascii_lowercase();
    RULES.iter().find(|r| r.hosts.contains(&host.as_str()))
}

impl Rule {
    /// The container of the text, made visible, without what does not belong to it.
    pub(crate) fn body<'a>(&self, doc: &'a Document) -> Option<NodeRef<'a>> {
        let body = dom::first(doc, self.body)?;
        body.remove_attr("style");
        body.remove_attr("hidden");
        if !self.without.is_empty() {
            for node in dom::all(doc, self.without) {
                if node.ancestors_it(None).any(|a| a.id == body.id) {
                    node.remove_from_parent();
                }
            }
        }
        Some(body)
    }

    /// The title as the site marks it up.
    pub(crate) fn title(&self, doc: &Document) -> Option<String> {
        // The label inside a title (`Title:` on arXiv) is told apart by its own element.
        let node = dom::first(doc, self.title)?;
        let text = dom::line(&node);
        let text = text.strip_prefix("Title:").unwrap_or(&text).trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// The author or account as the site marks it up.
    pub(crate) fn byline(&self, doc: &Document) -> Option<String> {
        let text = dom::line(&dom::first(doc, self.byline)?);
        let text = text.strip_prefix("Authors:").unwrap_or(&text).trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// The date that the site keeps for its scripts: `var ct = "1767403800"`.
    pub(crate) fn published(&self, doc: &Document) -> Option<Moment> {
        let scripts: Vec<String> =
            dom::all(doc, "script").iter().map(|s| s.text().to_string()).collect();
        self.date_variables.iter().find_map(|name| {
            scripts
                .iter()
                .find_map(|s| values_of(s, name).into_iter().find_map(|v| self.moment(&v)))
        })
    }

    fn moment(&self, value: &str) -> Option<Moment> {
        let offset = Offset::from_hours(self.offset).ok()?;
        if value.len() == 10 && value.bytes().all(|b| b.is_ascii_digit()) {
            let at = Timestamp::from_second(value.parse().ok()?).ok()?;
            return Some(Moment::Instant { at, offset });
        }
        spelled_date::parse(value)
    }
}

/// The quoted or bare values assigned to a script variable, in order.
fn values_of(script: &str, name: &str) -> Vec<String> {
    let mut values = Vec::new();
    let mut from = 0;
    while let Some(at) = script[from..].find(name).map(|i| from + i) {
        from = at + name.len();
        let before = script[..at].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '.') {
            continue;
        }
        let rest = script[from..].trim_start_matches(['"', '\'']).trim_start();
        let Some(rest) = rest.strip_prefix(['=', ':']) else {
            continue;
        };
        let rest = rest.trim_start().trim_start_matches(['"', '\'']);
        let end = rest.find(['"', '\'', ';', ',', '\n']).unwrap_or(rest.len());
        let value = rest[..end].trim();
        if (8..=40).contains(&value.len()) {
            values.push(value.to_owned());
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn script_variables() {
        let script = "var act = '1111111111'; var ct = \"1767403800\"; window.createTime: '2026-01-03 09:30'";
        assert_eq!(values_of(script, "ct"), ["1767403800"]);
        let rule = rule_for("https://mp.weixin.qq.com/s/abc").unwrap();
        let doc = Document::from(format!("<script>{script}</script>"));
        assert_eq!(rule.published(&doc).unwrap().to_string(), "2026-01-03T09:30:00+08:00");
    }
}
