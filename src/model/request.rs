//! From a question to the bytes that are sent, its size, and the key its answer is stored under.

use serde_json::{Map, Value, json};

use super::endpoint::{Endpoint, Target};
use super::{Level, Question};
use crate::text::hash::sha256_hex;

/// The request at `level`.
pub(crate) fn body(question: &Question, endpoint: &Endpoint, level: Level) -> Value {
    let target = endpoint.target(question.kind);
    let mut body = Map::new();
    body.insert("model".to_owned(), json!(target.name));
    body.insert("messages".to_owned(), messages(question, level));
    match level {
        Level::JsonSchema => {
            let schema = json!({
                "type": "json_schema",
                "json_schema": {
                    "name": question.schema_name,
                    "strict": true,
                    "schema": question.schema,
                },
            });
            body.insert("response_format".to_owned(), schema);
        }
        Level::JsonObject => {
            body.insert("response_format".to_owned(), json!({"type": "json_object"}));
        }
        Level::Plain => {}
    }
    body.insert(endpoint.max_tokens_field.clone(), json!(question.max_output));
    if let Some(temperature) = target.temperature {
        body.insert("temperature".to_owned(), json!(temperature));
    }
    body.insert("stream".to_owned(), json!(false));
    for (name, value) in &target.extra_body {
        body.insert(name.clone(), value.clone());
    }
    Value::Object(body)
}

/// The conversation, its unchanging part first, so that endpoints can cache it.
fn messages(question: &Question, level: Level) -> Value {
    let mut system = question.system.clone();
    if level != Level::JsonSchema {
        system.push_str("\n\nAnswer with one JSON object and nothing else: no code fence, no text before or after it. It follows this JSON Schema:\n");
        system.push_str(&question.schema.to_string());
    }
    let mut list = vec![
        json!({"role": "system", "content": system}),
        json!({"role": "user", "content": question.user}),
    ];
    for turn in &question.turns {
        list.push(json!({"role": "assistant", "content": turn.answer}));
        list.push(json!({"role": "user", "content": turn.feedback}));
    }
    Value::Array(list)
}

/// The bytes of all texts of a question.
pub(crate) fn bytes(question: &Question) -> usize {
    let turns = question.turns.iter();
    let turns: usize = turns.map(|t| t.answer.len() + t.feedback.len()).sum();
    question.system.len() + question.user.len() + turns
}

/// About how many tokens a text of `bytes` has: a third of its bytes, which is a little much for
/// Chinese and a quarter too much for English.
pub(crate) fn tokens(bytes: usize) -> u64 {
    (bytes as u64).div_ceil(3)
}

/// The key of a question's answer: the SHA-256 of the canonical JSON of all that the answer depends
/// on. Time, run, order, level and API key are not in it.
pub(crate) fn key(question: &Question, endpoint: &Endpoint) -> String {
    let target: &Target = endpoint.target(question.kind);
    let turns: Vec<Value> = question.turns.iter().map(|t| json!([t.answer, t.feedback])).collect();
    let whole = json!({
        "host": endpoint.host,
        "model": target.name,
        "system": question.system,
        "user": question.user,
        "turns": turns,
        "schema": question.schema,
        "version": question.version,
        "max_output": question.max_output,
        "temperature": target.temperature,
        "extra_body": target.extra_body,
    });
    sha256_hex(canonical(&whole).as_bytes())
}

/// JSON without white space, properties in order of their names.
pub(crate) fn canonical(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let mut names: Vec<&String> = fields.keys().collect();
            names.sort();
            let parts: Vec<String> = names
                .iter()
                .map(|n| format!("{}:{}", json!(n), canonical(&fields[n.as_str()])))
                .collect();
            format!("{{{}}}", parts.join(","))
        }
        Value::Array(items) => {
            let parts: Vec<String> = items.iter().map(canonical).collect();
            format!("[{}]", parts.join(","))
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Kind, Options, Turn};

    fn question() -> Question {
        Question {
            kind: Kind::Entry,
            version: "v1".into(),
            system: "Be brief.".into(),
            user: "Say hello.".into(),
            schema_name: "hello".into(),
            schema: json!({"type": "object"}),
            list: None,
            max_output: 50,
            turns: Vec::new(),
        }
    }

    fn endpoint(toml: &str) -> Endpoint {
        let options: Options = toml::from_str(toml).unwrap();
        options.endpoint().unwrap()
    }

    #[test]
    fn quirks_are_sent_as_configured() {
        let plain = endpoint("name = 'm'\nbase_url = 'https://m.example/v1'");
        let sent = body(&question(), &plain, Level::JsonSchema);
        assert_eq!(sent["max_tokens"], 50);
        assert_eq!(sent["response_format"]["json_schema"]["strict"], true);
        assert!(sent.get("temperature").is_none());
        let quirky = endpoint(
            "name = 'm'\npreset = 'openai'\ntemperature = 0.5\nextra_body = { enable_thinking = false }",
        );
        let sent = body(&question(), &quirky, Level::Plain);
        assert_eq!(sent["max_completion_tokens"], 50);
        assert_eq!(sent["enable_thinking"], false);
        assert_eq!(sent["temperature"], 0.5);
        assert!(sent.get("response_format").is_none());
        let system = sent["messages"][0]["content"].as_str().unwrap();
        assert!(system.starts_with("Be brief.") && system.contains("JSON Schema"));
    }

    #[test]
    fn the_key_follows_what_the_answer_depends_on() {
        let one = endpoint("name = 'm'\nbase_url = 'http://m.example:1/v1'");
        let port = endpoint("name = 'm'\nbase_url = 'http://m.example:2/v1'");
        let other = endpoint("name = 'n'\nbase_url = 'http://m.example:1/v1'");
        let first = key(&question(), &one);
        assert_eq!(first, key(&question(), &port));
        assert_ne!(first, key(&question(), &other));
        let mut again = question();
        again.turns.push(Turn { answer: "{}".into(), feedback: "More.".into() });
        assert_ne!(first, key(&again, &one));
        let mut version = question();
        version.version = "v2".into();
        assert_ne!(first, key(&version, &one));
    }

    #[test]
    fn canonical_json_sorts_names() {
        assert_eq!(
            canonical(&json!({"b": [1, {"d": null, "c": "x"}], "a": 1.5})),
            r#"{"a":1.5,"b":[1,{"c":"x","d":null}]}"#
        );
    }
}
