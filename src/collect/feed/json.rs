//! JSON Feed 1 and 1.1.

use serde_json::{Deserializer, Value};
use url::Url;

use super::plain::{escape, plain, tidy};
use super::{Feed, FeedError, FeedKind, date, listing};
use crate::collect::Listing;

/// Reads a JSON Feed; of one that is cut off, the items before the cut.
pub(super) fn read(text: &str, url: Option<&Url>) -> Result<Feed, FeedError> {
    let none = |why: &str| FeedError::NotAFeed(format!("the answer is JSON, but {why}"));
    let (title, items) = match serde_json::from_str::<Value>(text) {
        Ok(whole) => {
            let items = whole.get("items").and_then(Value::as_array);
            let items = items.ok_or_else(|| none("has no `items`"))?.clone();
            (words(&whole, "title").unwrap_or_default(), items)
        }
        Err(error) => {
            let items = before_the_cut(text);
            if items.is_empty() {
                return Err(none(&format!("damaged: {error}")));
            }
            (String::new(), items)
        }
    };
    let items = items.iter().filter_map(|value| item(value, url)).collect();
    Ok(Feed {
        kind: FeedKind::Json,
        title: tidy(&title),
        items,
    })
}

fn before_the_cut(text: &str) -> Vec<Value> {
    let mut out = Vec::new();
    let list = text
        .find("\"items\"")
        .and_then(|at| Some(at + text[at..].find('[')? + 1));
    let mut rest = list.map_or("", |at| &text[at..]);
    loop {
        let mut values = Deserializer::from_str(rest).into_iter::<Value>();
        let Some(Ok(value @ Value::Object(_))) = values.next() else {
            return out;
        };
        rest = rest[values.byte_offset()..]
            .trim_start()
            .trim_start_matches(',');
        out.push(value);
    }
}

fn words(value: &Value, key: &str) -> Option<String> {
    match value.get(key)? {
        Value::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn item(value: &Value, base: Option<&Url>) -> Option<Listing> {
    if !value.is_object() {
        return None;
    }
    let guid = words(value, "id");
    let link = words(value, "url")
        .or_else(|| words(value, "external_url"))
        .or_else(|| guid.clone().filter(|g| g.starts_with("http")));
    let content = words(value, "content_html").or_else(|| {
        words(value, "content_text")
            .map(|t| format!("<p>{}</p>", escape(&t).replace("\n\n", "</p><p>")))
    });
    let summary = words(value, "summary")
        .or_else(|| content.clone())
        .unwrap_or_default();
    Some(Listing {
        url: link.and_then(|l| listing::absolute(&l, base)),
        guid,
        title: plain(&words(value, "title").unwrap_or_default()),
        published: ["date_published", "date_modified"]
            .iter()
            .find_map(|key| date::parse(&words(value, key)?)),
        author: author(value),
        snippet: listing::shortened(&plain(&summary)),
        content,
    })
}

fn author(value: &Value) -> Option<String> {
    let first = value
        .get("authors")
        .and_then(|list| list.get(0))
        .or_else(|| value.get("author"))?;
    words(first, "name")
}
