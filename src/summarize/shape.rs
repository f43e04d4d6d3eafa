//! The shape of an entry as a model answers it: the schema that is sent, and the types that read it.
//! Pure.

use serde::Deserialize;
use serde_json::{Value, json};

/// An answer as the model gives it.
#[derive(Deserialize)]
pub(super) struct Answer {
    pub(super) title: String,
    pub(super) summary: Vec<Item>,
    pub(super) key_points: Vec<Point>,
}

#[derive(Deserialize)]
pub(super) struct Point {
    pub(super) heading: String,
    pub(super) details: Vec<PointDetail>,
}

#[derive(Deserialize)]
pub(super) struct PointDetail {
    pub(super) lead: String,
    #[serde(flatten)]
    pub(super) item: Item,
}

#[derive(Deserialize)]
pub(super) struct Item {
    pub(super) text: String,
    pub(super) sentences: Vec<String>,
    pub(super) quote: String,
}

/// The properties of a claim with what it rests on.
pub(super) fn item_properties() -> Value {
    json!({
        "text": {"type": "string"},
        "sentences": {"type": "array", "items": {"type": "string"}},
        "quote": {"type": "string"},
    })
}

/// The schema of an answer.
pub(super) fn schema() -> Value {
    let item = |lead: bool| {
        let mut properties = serde_json::Map::new();
        if lead {
            properties.insert("lead".to_owned(), json!({"type": "string"}));
        }
        properties.insert("text".to_owned(), json!({"type": "string"}));
        properties
            .insert("sentences".to_owned(), json!({"type": "array", "items": {"type": "string"}}));
        properties.insert("quote".to_owned(), json!({"type": "string"}));
        object(Value::Object(properties))
    };
    object(json!({
        "title": {"type": "string"},
        "summary": {"type": "array", "items": item(false)},
        "key_points": {"type": "array", "items": object(json!({
            "heading": {"type": "string"},
            "details": {"type": "array", "items": item(true)},
        }))},
    }))
}

/// An object of which every property is required, and no other allowed.
pub(super) fn object(properties: Value) -> Value {
    let names: Vec<&String> = properties.as_object().into_iter().flat_map(|p| p.keys()).collect();
    json!({
        "type": "object",
        "required": names,
        "properties": properties,
        "additionalProperties": false,
    })
}
