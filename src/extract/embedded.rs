//! Text that a page holds for its scripts: read only where the page itself yields little.

use dom_query::Document as Tree;
use serde_json::Value;

use super::blocks::{self, Piece};
use super::dom;
use super::meta::{Meta, parse_json};
use crate::text::{BlockKind, tame};

/// JSON values of one page that are looked at.
const MAX_VALUES: usize = 20_000;

/// The best text found in JSON-LD, script state and `<noscript>`, with the way's name.
pub(crate) fn read(doc: &Tree, meta: &Meta) -> Option<(Vec<Piece>, &'static str)> {
    json_ld(meta)
        .map(|p| (p, "json_ld"))
        .or_else(|| script_state(doc).map(|p| (p, "script_state")))
        .or_else(|| noscript(doc).map(|p| (p, "noscript")))
        .filter(|(p, _)| !p.is_empty())
}

fn json_ld(meta: &Meta) -> Option<Vec<Piece>> {
    let body = meta
        .articles
        .iter()
        .filter_map(|a| a.get("articleBody").or_else(|| a.get("text")).and_then(Value::as_str))
        .max_by_key(|b| b.len())?;
    Some(from_text(body))
}

/// The longest text that looks like an article's in the state a page hands to its scripts.
fn script_state(doc: &Tree) -> Option<Vec<Piece>> {
    const MARKS: &[&str] = &[
        "__INITIAL_STATE__",
        "__NUXT__",
        "__PRELOADED_STATE__",
        "__APOLLO_STATE__",
        "__data",
        "__INITIAL_DATA__",
    ];
    let mut best: Option<String> = None;
    for script in dom::all(doc, "script") {
        let text = script.text();
        let kind = dom::attr(&script, "type").unwrap_or_default();
        let whole = kind.contains("json") && !kind.contains("ld+json");
        let value = if whole {
            parse_json(&text)
        } else if MARKS.iter().any(|m| text.contains(m)) {
            object_after_assignment(&text)
        } else {
            None
        };
        if let Some(value) = value {
            longest(&value, "", &mut best, &mut MAX_VALUES.clone());
        }
    }
    best.map(|b| from_text(&b))
}

/// The object in `window.__STATE__ = {…};`.
fn object_after_assignment(script: &str) -> Option<Value> {
    let start = script.find('{').filter(|i| script[..*i].contains('='))?;
    serde_json::Deserializer::from_str(&script[start..]).into_iter::<Value>().next()?.ok()
}

fn longest(value: &Value, key: &str, best: &mut Option<String>, left: &mut usize) {
    if *left == 0 {
        return;
    }
    *left -= 1;
    match value {
        Value::String(text) => {
            const KEYS: &[&str] = &["body", "content", "html", "text", "article", "markdown"];
            let lower = key.to_ascii_lowercase();
            let named = KEYS.iter().any(|k| lower.contains(k));
            if named
                && text.chars().count() > 120
                && best.as_ref().is_none_or(|b| b.len() < text.len())
            {
                *best = Some(text.clone());
            }
        }
        // Paragraphs as a list of strings, or of objects with a text each.
        Value::Array(items) => {
            let texts: Vec<&str> = items
                .iter()
                .filter_map(|v| {
                    v.as_str().or_else(|| v.get("text").or_else(|| v.get("content"))?.as_str())
                })
                .filter(|t| t.chars().count() > 20)
                .collect();
            let joined = texts.join("\n\n");
            if texts.len() > 1 && best.as_ref().is_none_or(|b| b.len() < joined.len()) {
                *best = Some(joined);
            }
            items.iter().for_each(|v| longest(v, key, best, left));
        }
        Value::Object(map) => map.iter().for_each(|(k, v)| longest(v, k, best, left)),
        _ => {}
    }
}

fn noscript(doc: &Tree) -> Option<Vec<Piece>> {
    let pieces: Vec<Piece> = dom::all(doc, "noscript")
        .iter()
        .flat_map(|n| {
            let inside = Tree::fragment(n.inner_html());
            blocks::read(&inside.root())
        })
        .collect();
    let length: usize = pieces.iter().map(|p| p.text.chars().count()).sum();
    (length > 200).then_some(pieces)
}

/// Blocks of a text that may be HTML.
fn from_text(text: &str) -> Vec<Piece> {
    let is_html = ["<p", "<br", "<div", "<h2", "&lt;p"].iter().any(|t| text.contains(t));
    if is_html {
        let text = if text.contains("&lt;p") && !text.contains("<p") {
            text.replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&amp;", "&")
        } else {
            text.to_owned()
        };
        let tree = Tree::from(tame::tame(&text));
        super::hidden::remove(&tree);
        return blocks::read(&tree.root());
    }
    text.lines()
        .map(|l| dom::squeeze(&crate::text::invisible::strip(l)))
        .filter(|l| !l.is_empty())
        .map(|text| Piece { kind: BlockKind::Paragraph, text, links: Vec::new(), caption: false })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn state_of_scripts() {
        let long = "The laboratory said on Saturday that its model had passed. ".repeat(4);
        for html in [
            format!(
                "<script id=__NEXT_DATA__ type=application/json>{{\"props\":{{\"body\":\"<p>{long}</p>\"}}}}</script>"
            ),
            format!(
                "<script>window.__INITIAL_STATE__ = {{\"a\":{{\"content\":\"{long}\"}}}};</script>"
            ),
            format!(
                "<script type='application/ld+json'>{{\"@type\":\"Article\",\"articleBody\":\"{long}\"}}</script>"
            ),
        ] {
            let doc = Tree::from(html);
            let (pieces, _) = read(&doc, &Meta::read(&doc)).unwrap();
            assert_eq!(pieces[0].text, long.trim());
        }
    }
}
