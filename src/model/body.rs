//! The JSON of an answer's body, as servers and the proxies before them write it: behind a byte
//! order mark or the comment lines that keep a connection open, as a stream that nobody asked for,
//! or broken off.

use serde_json::{Value, json};

/// What a body is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Body {
    /// JSON; a stream is put together into the answer that it would have been.
    Json(Value),
    /// Nothing, or JSON or a stream that ends too early: the answer got lost on its way.
    Broken,
    /// Something else: a page, plain words, JSON with errors in it.
    Other,
}

/// Reads the body of a success.
pub(crate) fn read(body: &[u8]) -> Body {
    let text = String::from_utf8_lossy(body);
    let text = text.trim_start_matches('\u{feff}').trim();
    let text = comments_off(text);
    if text.is_empty() {
        return Body::Broken;
    }
    if text.starts_with("data:") || text.starts_with("event:") {
        return unstream(text);
    }
    match serde_json::from_str(text) {
        Ok(value) => Body::Json(value),
        Err(error) if error.is_eof() => Body::Broken,
        Err(_) => Body::Other,
    }
}

/// What follows the lines that begin with a colon, which say only that somebody is still at work.
fn comments_off(mut text: &str) -> &str {
    while text.starts_with(':') {
        text = text.split_once('\n').map_or("", |(_, rest)| rest).trim_start();
    }
    text
}

/// Puts the pieces of a stream together.
fn unstream(text: &str) -> Body {
    let (mut words, mut finish, mut usage) = (String::new(), Value::Null, Value::Null);
    let mut ended = false;
    for line in text.lines() {
        let Some(data) = line.strip_prefix("data:").map(str::trim) else { continue };
        if data == "[DONE]" {
            ended = true;
            continue;
        }
        let Ok(piece) = serde_json::from_str::<Value>(data) else { return Body::Broken };
        let choice = &piece["choices"][0];
        // Some send the whole answer, or an error, as one event.
        if choice["message"].is_object() || piece.get("error").is_some_and(|e| !e.is_null()) {
            return Body::Json(piece);
        }
        words.push_str(choice["delta"]["content"].as_str().unwrap_or(""));
        if choice["finish_reason"].is_string() {
            finish = choice["finish_reason"].clone();
            ended = true;
        }
        if piece["usage"].is_object() {
            usage = piece["usage"].clone();
        }
    }
    if !ended {
        return Body::Broken;
    }
    let choice = json!({"message": {"content": words}, "finish_reason": finish});
    Body::Json(json!({"choices": [choice], "usage": usage}))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_before_the_json_is_skipped() {
        let whole = Body::Json(json!({"a": 1}));
        for text in [
            "{\"a\":1}",
            "\u{feff}{\"a\":1}\n\n",
            "\n\n {\"a\":1}",
            ": PROCESSING\n\n: x\n{\"a\":1}",
        ] {
            assert_eq!(read(text.as_bytes()), whole, "{text:?}");
        }
    }

    #[test]
    fn what_breaks_off_is_lost_and_what_is_wrong_is_not() {
        for text in ["", " \n", "{\"choices\":[{\"mess", "[", ": PROCESSING\n"] {
            assert_eq!(read(text.as_bytes()), Body::Broken, "{text:?}");
        }
        for text in ["<html>It works</html>", "too busy", "{\"a\": NaN}", "{'a': 1}"] {
            assert_eq!(read(text.as_bytes()), Body::Other, "{text:?}");
        }
    }

    #[test]
    fn a_stream_is_put_together() {
        let piece = |delta: &str, finish: Value| {
            let choice = json!({"delta": {"content": delta}, "finish_reason": finish});
            format!("data: {}\n\n", json!({"choices": [choice], "usage": null}))
        };
        let usage =
            "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":2}}\n\n";
        let stream =
            piece("{\"a\"", Value::Null) + &piece(":1}", json!("stop")) + usage + "data: [DONE]\n";
        let Body::Json(value) = read(stream.as_bytes()) else { panic!() };
        assert_eq!(value["choices"][0]["message"]["content"], "{\"a\":1}");
        assert_eq!(value["choices"][0]["finish_reason"], "stop");
        assert_eq!(value["usage"]["prompt_tokens"], 5);
        assert_eq!(read(piece("{\"a\"", Value::Null).as_bytes()), Body::Broken);
        let error = "event: error\ndata: {\"error\":{\"code\":429}}\n";
        assert_eq!(read(error.as_bytes()), Body::Json(json!({"error": {"code": 429}})));
    }
}
