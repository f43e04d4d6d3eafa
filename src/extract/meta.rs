//! What a page says about itself: `<meta>`, JSON-LD, and the names it goes by.

use dom_query::Document;
use serde_json::Value;
use url::Url;

use super::dom;

/// How many JSON-LD objects of a page are looked at.
const MAX_OBJECTS: usize = 400;

/// A page's own description of itself.
#[derive(Debug, Default)]
pub(crate) struct Meta {
    /// `name`, `property` or `itemprop` in lower case, and content, in order.
    pairs: Vec<(String, String)>,
    /// JSON-LD objects of the article kinds.
    pub(crate) articles: Vec<Value>,
}

impl Meta {
    /// Reads a page; before anything is removed from it.
    pub(crate) fn read(doc: &Document) -> Self {
        let mut meta = Self::default();
        for node in dom::all(doc, "meta[content]") {
            let Some(content) = dom::attr(&node, "content") else {
                continue;
            };
            for key in ["property", "name", "itemprop"] {
                if let Some(name) = dom::attr(&node, key) {
                    meta.pairs.push((name.to_ascii_lowercase(), content.clone()));
                }
            }
        }
        for script in dom::all(doc, r#"script[type="application/ld+json"]"#) {
            if let Some(value) = parse_json(&script.text()) {
                let mut left = MAX_OBJECTS;
                collect(&value, &mut meta.articles, &mut left);
            }
        }
        meta
    }

    /// The first value of the first key that has one.
    pub(crate) fn get(&self, keys: &[&str]) -> Option<&str> {
        keys.iter().find_map(|k| self.pairs.iter().find(|(n, _)| n == k)).map(|(_, v)| v.as_str())
    }

    /// A text of the article's JSON-LD.
    pub(crate) fn ld(&self, key: &str) -> Option<String> {
        self.articles.iter().find_map(|a| name_of(a.get(key)?)).filter(|s| !s.is_empty())
    }

    /// The site's name where the page gives it.
    pub(crate) fn site(&self) -> Option<String> {
        self.get(&["og:site_name", "application-name"])
            .map(dom::squeeze)
            .or_else(|| self.ld("publisher"))
            .filter(|s| !s.is_empty() && s.chars().count() <= 80)
    }
}

/// JSON as pages write it: with raw line feeds inside strings, CDATA marks, or a trailing `;`.
pub(crate) fn parse_json(text: &str) -> Option<Value> {
    let text = text.trim().trim_start_matches("//<![CDATA[").trim_start_matches("<![CDATA[");
    let text = text.trim_end_matches("//]]>").trim_end_matches("]]>").trim().trim_end_matches(';');
    serde_json::from_str(text).ok().or_else(|| {
        let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        serde_json::from_str(&clean).ok()
    })
}

fn collect(value: &Value, out: &mut Vec<Value>, left: &mut usize) {
    if *left == 0 {
        return;
    }
    *left -= 1;
    match value {
        Value::Array(items) => items.iter().for_each(|v| collect(v, out, left)),
        Value::Object(map) => {
            let kinds = map.get("@type").map(|t| t.to_string()).unwrap_or_default();
            let is_article =
                ["Article", "Posting", "Report", "Review\"", "TechArticle", "VideoObject"]
                    .iter()
                    .any(|k| kinds.contains(k));
            if is_article {
                out.push(value.clone());
            }
            for key in ["@graph", "mainEntity", "mainEntityOfPage", "hasPart", "itemReviewed"] {
                if let Some(inner) = map.get(key).filter(|v| !v.is_string()) {
                    collect(inner, out, left);
                }
            }
            // Some name no kind, but a headline and a date.
            if !is_article && map.contains_key("headline") && map.contains_key("datePublished") {
                out.push(value.clone());
            }
            if !is_article && kinds.is_empty() && map.contains_key("pubDate") {
                out.push(value.clone());
            }
        }
        _ => {}
    }
}

/// The text of a value: itself, its `name`, or those of its items joined.
fn name_of(value: &Value) -> Option<String> {
    match value {
        Value::String(s) => Some(decode_entities(&dom::squeeze(s))),
        Value::Object(map) => map.get("name").and_then(name_of),
        Value::Array(items) => {
            let names: Vec<String> = items.iter().filter_map(name_of).collect();
            (!names.is_empty()).then(|| names.join(", "))
        }
        _ => None,
    }
}

/// Text in which a page left HTML entities.
pub(crate) fn decode_entities(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let escaped = text.replace('<', "&lt;");
    dom::squeeze(&Document::fragment(escaped.as_str()).text())
}

/// Letters and digits only, in lower case: for comparing titles and names.
pub(crate) fn fold(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The label of a host that names its owner: `example` of `www.example.com.cn`.
pub(crate) fn owner_label(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    let labels: Vec<&str> = url.host_str()?.split('.').collect();
    const SECOND: &[&str] = &["com", "co", "org", "net", "gov", "edu", "ac"];
    let last = labels.len().checked_sub(2)?;
    let at = if last > 0 && SECOND.contains(&labels[last]) { last - 1 } else { last };
    Some(labels[at].to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_ld_is_found_in_graphs_and_sloppy_text() {
        let doc = Document::from(
            "<meta property=og:site_name content='Beacon'>\
             <script type='application/ld+json'>{\"@graph\":[{\"@type\":\"NewsArticle\",\
             \"headline\":\"A\nB\",\"author\":[{\"name\":\"Ann\"},{\"name\":\"Bo\"}]}]}</script>",
        );
        let meta = Meta::read(&doc);
        assert_eq!(meta.ld("headline").as_deref(), Some("A B"));
        assert_eq!(meta.ld("author").as_deref(), Some("Ann, Bo"));
        assert_eq!(meta.site().as_deref(), Some("Beacon"));
    }

    #[test]
    fn owners() {
        assert_eq!(owner_label("https://www.beacon.example/a").as_deref(), Some("beacon"));
        assert_eq!(owner_label("https://news.beacon.com.cn/").as_deref(), Some("beacon"));
    }
}
