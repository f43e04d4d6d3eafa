//! JSON Feed.

use serde_json::Value;
use url::Url;

use super::markup::{self, Markup};
use super::{Feed, FeedError, FeedKind, html, item, person};
use crate::collect::Listing;
use crate::text::date;

/// Reads a JSON Feed from its text. A truncated one gives the items that are whole.
pub(super) fn read(text: &str, base: Option<Url>) -> Result<Feed, FeedError> {
    // Raw control characters are no JSON inside strings and white space outside.
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let feed: Value = match serde_json::from_str(&text) {
        Ok(value) => value,
        Err(e) => partial(&text).ok_or_else(|| {
            FeedError::NotAFeed(format!("the answer starts like JSON but is damaged: {e}"))
        })?,
    };
    let Some(items) = feed.get("items").and_then(Value::as_array) else {
        return Err(FeedError::NotAFeed(
            "the answer is JSON without `items`, so it is no JSON Feed".into(),
        ));
    };
    let outer = feed_author(&feed);
    Ok(Feed {
        kind: FeedKind::Json,
        title: plain(feed.get("title")),
        items: items
            .iter()
            .filter(|i| i.is_object())
            .map(|i| listing(i, base.as_ref(), outer.as_ref()))
            .collect(),
    })
}

/// The whole items of a damaged feed.
fn partial(text: &str) -> Option<Value> {
    let (head, rest) = text.split_once("\"items\"")?;
    let mut rest = rest.split_once('[')?.1;
    let mut items = Vec::new();
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
        if !rest.starts_with('{') {
            break;
        }
        let mut stream = serde_json::Deserializer::from_str(rest).into_iter::<Value>();
        let Some(Ok(item)) = stream.next() else { break };
        rest = rest.get(stream.byte_offset()..)?;
        items.push(item);
    }
    let head = format!("{}}}", head.trim_end().trim_end_matches(','));
    let mut feed = serde_json::from_str::<Value>(&head)
        .ok()
        .filter(Value::is_object)
        .unwrap_or_else(|| Value::Object(serde_json::Map::new()));
    let found = !items.is_empty();
    feed["items"] = Value::Array(items);
    found.then_some(feed)
}

fn text(value: Option<&Value>) -> Option<String> {
    let text = match value? {
        Value::String(s) => s.trim().to_owned(),
        Value::Number(n) => n.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

fn plain(value: Option<&Value>) -> String {
    let text = text(value).unwrap_or_default();
    Markup::guess(&text, None).to_plain()
}

fn feed_author(of: &Value) -> Option<String> {
    let many = of.get("authors").and_then(Value::as_array);
    let all: Vec<&Value> = match many {
        Some(list) if !list.is_empty() => list.iter().collect(),
        _ => of.get("author").into_iter().collect(),
    };
    let names: Vec<String> = all
        .into_iter()
        .filter_map(|a| text(a.get("name")).or_else(|| text(Some(a))))
        .filter_map(|n| person::name(&n))
        .collect();
    (!names.is_empty()).then(|| names.join(", "))
}

fn listing(of: &Value, base: Option<&Url>, outer: Option<&String>) -> Listing {
    let get = |key: &str| text(of.get(key));
    let link = |key: &str| item::web(html::join(base, &get(key)?));
    let guid = get("id");
    let own_page = guid
        .as_deref()
        .filter(|g| Url::parse(g).is_ok())
        .and_then(|g| item::web(html::join(base, g)));
    let summary = get("summary").map(|s| Markup::guess(&s, base));
    let html = get("content_html").map(|c| Markup::html(&c, base));
    let content = html.or_else(|| get("content_text").map(|c| Markup::text(&c)));
    Listing {
        url: link("url").or(own_page).or_else(|| link("external_url")),
        guid,
        title: plain(of.get("title")),
        published: ["date_published", "date_modified"]
            .iter()
            .find_map(|key| date::read(&get(key)?)),
        changed: None,
        whole: false,
        author: feed_author(of).or_else(|| outer.cloned()),
        snippet: markup::snippet(summary.as_ref()),
        content: content.map(|c| c.to_html()).filter(|c| !c.is_empty()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_truncated_feed_gives_its_whole_items() {
        let whole = r#"{"version":"https://jsonfeed.org/version/1.1","title":"观澜",
            "items":[{"id":7,"url":"/a","title":"A [1] {","content_text":"x<y"},{"id":"b","url":"/b"}]}"#;
        let base = Url::parse("https://news.example/feed.json").ok();
        let feed = read(whole, base.clone()).unwrap();
        assert_eq!(feed.items.len(), 2);
        let first = &feed.items[0];
        assert_eq!(first.url.as_deref(), Some("https://news.example/a"));
        assert_eq!(first.guid.as_deref(), Some("7"));
        assert_eq!(first.content.as_deref(), Some("<p>x&lt;y</p>"));
        let cut = read(&whole[..whole.len() - 8], base).unwrap();
        assert_eq!(cut.title, "观澜");
        assert_eq!(cut.items, feed.items[..1]);
        for no in ["{}", "[1]", "{\"items\":[", "{\"items\":3}"] {
            assert!(read(no, None).is_err(), "{no}");
        }
    }
}
