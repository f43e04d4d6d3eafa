//! Reads an answer of the protocol, as loosely as real services write it. How it ended comes first;
//! a status of 200 proves nothing.

use serde_json::Value;

use super::{Failure, Reason, Usage};

/// The words of an answer and what it used.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Words {
    pub(crate) text: String,
    pub(crate) usage: Option<Usage>,
}

/// The words of `raw`, or why it has none that can be used.
pub(crate) fn words(raw: &Value) -> Result<Words, Failure> {
    let choice = raw
        .pointer("/choices/0")
        .ok_or_else(|| Failure::new(Reason::NotAnAnswer, "the answer has no `choices`"))?;
    let message = choice.get("message").unwrap_or(&Value::Null);
    let mut text = content(message.get("content").unwrap_or(&Value::Null));
    if text.trim().is_empty() {
        text = elsewhere(choice, message).unwrap_or_default().to_owned();
    }
    let failure = |reason, detail: &str| Failure {
        answer: (!text.trim().is_empty()).then(|| text.clone()),
        ..Failure::new(reason, detail)
    };
    let refusal = message.get("refusal").and_then(Value::as_str);
    if let Some(refusal) = refusal.filter(|r| !r.trim().is_empty()) {
        let said: String = refusal.chars().take(160).collect();
        return Err(failure(Reason::Declined, &format!("the model declined: {said}")));
    }
    match choice.get("finish_reason").and_then(Value::as_str) {
        Some("length" | "max_tokens" | "model_length") => {
            Err(failure(Reason::Length, "the answer reached its limit before its end"))
        }
        Some("content_filter" | "sensitive") => {
            Err(failure(Reason::Filtered, "the endpoint's content filter stopped the answer"))
        }
        Some("network_error" | "error") => {
            Err(failure(Reason::NotAnAnswer, "the endpoint broke the answer off"))
        }
        _ if text.trim().is_empty() => Err(failure(Reason::Blank, "the answer has no words")),
        _ => Ok(Words { usage: usage(raw), text }),
    }
}

/// A text, or a list of parts of which those with text count.
fn content(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts
            .iter()
            .filter_map(|p| p.get("text").and_then(Value::as_str).or(p.as_str()))
            .collect(),
        _ => String::new(),
    }
}

/// Where some servers put what they were to answer: in the arguments of a call of a function that
/// stands for the schema, or in the text of the older protocol.
fn elsewhere<'a>(choice: &'a Value, message: &'a Value) -> Option<&'a str> {
    let called = ["/tool_calls/0/function/arguments", "/function_call/arguments"];
    let called = called.iter().find_map(|path| message.pointer(path)?.as_str());
    called.or_else(|| choice.get("text")?.as_str())
}

/// A count of tokens, which some write as a fraction or in quotation marks.
fn count(value: &Value) -> Option<u64> {
    let whole = |f: f64| (f >= 0.0 && f.fract() == 0.0 && f < 1e15).then_some(f as u64);
    value
        .as_u64()
        .or_else(|| whole(value.as_f64()?))
        .or_else(|| value.as_str()?.trim().parse().ok())
}

/// What an answer used; `None` where the endpoint does not say.
pub(crate) fn usage(raw: &Value) -> Option<Usage> {
    let usage = raw.get("usage")?;
    let number = |path: &str| usage.pointer(path).and_then(count);
    let cached = number("/prompt_tokens_details/cached_tokens")
        .or(number("/prompt_cache_hit_tokens"))
        .or(number("/cached_tokens"))
        .unwrap_or(0);
    let input = number("/prompt_tokens").or(number("/input_tokens"))?;
    let output = number("/completion_tokens").or(number("/output_tokens"))?;
    if input == 0 && output == 0 {
        return None;
    }
    Some(Usage {
        // Some bridges leave cached tokens out of the prompt's.
        input: if cached > input { input + cached } else { input },
        cached,
        output,
    })
}

/// The status that a body which came with 200 and is no answer names; 200 where it names none.
pub(crate) fn hidden_status(raw: &Value) -> Option<u16> {
    if raw.pointer("/choices/0").is_some() {
        return None;
    }
    let code = raw.pointer("/error/code").and_then(Value::as_u64);
    let code = code.and_then(|c| u16::try_from(c).ok());
    Some(code.filter(|c| (400..600).contains(c)).unwrap_or(200))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn reason(choice: Value) -> Reason {
        words(&json!({"choices": [choice]})).unwrap_err().reason
    }

    #[test]
    fn how_it_ended_comes_first() {
        let cut = json!({"message": {"content": "{\"a\":1}"}, "finish_reason": "length"});
        assert_eq!(reason(cut), Reason::Length);
        let filtered = json!({"message": {"content": null}, "finish_reason": "content_filter"});
        assert_eq!(reason(filtered), Reason::Filtered);
        let declined = json!({"message": {"content": null, "refusal": "I cannot"}});
        assert_eq!(reason(declined), Reason::Declined);
        assert_eq!(reason(json!({"message": {"content": " \n"}})), Reason::Blank);
        assert_eq!(words(&json!({})).unwrap_err().reason, Reason::NotAnAnswer);
    }

    #[test]
    fn loose_answers_are_read() {
        let raw = json!({
            "service_tier": "on_demand",
            "choices": [{"finish_reason": "", "message": {"content": [{"type": "text", "text": "hi"}]}}],
            "usage": {"prompt_tokens": 10, "completion_tokens": 3, "prompt_cache_hit_tokens": 4}
        });
        let read = words(&raw).unwrap();
        assert_eq!(read.text, "hi");
        let usage = read.usage.unwrap();
        assert_eq!((usage.input, usage.cached, usage.output), (10, 4, 3));
        assert_eq!(super::usage(&json!({"usage": null})), None);
    }

    #[test]
    fn words_that_stand_elsewhere_are_found() {
        let text = |choice: Value| words(&json!({"choices": [choice]})).map(|w| w.text);
        let call = json!({"function": {"name": "json", "arguments": "{}"}});
        let called = json!({"message": {"content": null, "tool_calls": [call]}, "finish_reason": "tool_calls"});
        assert_eq!(text(called).unwrap(), "{}");
        assert_eq!(text(json!({"text": "old", "finish_reason": "stop"})).unwrap(), "old");
        let usage = json!({"usage": {"prompt_tokens": "10", "completion_tokens": 3.0}});
        assert_eq!(super::usage(&usage).map(|u| (u.input, u.output)), Some((10, 3)));
        let wrong = json!({"usage": {"prompt_tokens": -10, "completion_tokens": 3}});
        assert_eq!(super::usage(&wrong), None);
    }

    #[test]
    fn an_error_behind_a_200_is_one() {
        assert_eq!(hidden_status(&json!({"error": {"code": 429}})), Some(429));
        assert_eq!(hidden_status(&json!({"error": "no"})), Some(200));
        assert_eq!(hidden_status(&json!({"error": null, "choices": [{}]})), None);
    }
}
