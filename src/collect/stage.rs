//! `digestgen stage feed`: a feed's bytes in, what it lists out.

use base64::Engine;
use serde_json::{Value, json};

use super::{Listing, candidate_id, parse_feed};
use crate::text::Moment;

/// One line of the filter: reads `url` and `body` or `body_base64`, gives
/// `{kind, title, items[{id, url, title, published, author, summary, content}]}`. Times are RFC 3339
/// in UTC, or a bare day where no more is known.
///
/// # Errors
/// Why the line cannot be used: a missing key, damaged base64, no feed.
pub fn stage(line: Value) -> Result<Value, String> {
    let url = line.get("url").and_then(Value::as_str).unwrap_or("");
    let body = body_of(&line)?;
    let content_type = line.get("content_type").and_then(Value::as_str);
    let feed = parse_feed(url, content_type, &body).map_err(|e| e.to_string())?;
    let items: Vec<Value> = feed.items.iter().map(|item| item_json(item, url)).collect();
    Ok(json!({ "kind": feed.kind, "title": feed.title, "items": items }))
}

fn body_of(line: &Value) -> Result<Vec<u8>, String> {
    if let Some(text) = line.get("body").and_then(Value::as_str) {
        return Ok(text.as_bytes().to_vec());
    }
    let coded = line
        .get("body_base64")
        .and_then(Value::as_str)
        .ok_or("neither `body` nor `body_base64` is given")?;
    base64::engine::general_purpose::STANDARD
        .decode(coded.trim())
        .map_err(|e| format!("`body_base64` is no base64: {e}"))
}

fn item_json(item: &Listing, scope: &str) -> Value {
    let published = item.published.map(|moment| match moment {
        Moment::Day(day) => day.to_string(),
        Moment::Instant { at, .. } => at.to_string(),
    });
    json!({
        "id": candidate_id(item, scope),
        "url": item.url,
        "title": item.title,
        "published": published,
        "author": item.author,
        "summary": item.snippet,
        "content": item.content,
    })
}
