//! What an endpoint's refusal means: what to wait for, what to give up, what to tell a person.

use std::time::Duration;

use jiff::fmt::rfc2822;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use serde_json::Value;

use super::transport::{Break, HttpFailure};
use super::{Failure, Reason};

/// What to do about a request without an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Wait and send it again.
    Again,
    /// Send it at the next lower level.
    StepDown,
    /// Give the question up.
    GiveUp,
    /// Give all questions of the run up.
    Stop,
}

/// What `failure` means, and the failure to report if nothing helps.
pub(crate) fn judge(failure: &HttpFailure) -> (Verdict, Failure) {
    let said = Said::read(&failure.body);
    let (verdict, reason) = match failure.at {
        Break::Connect => (Verdict::Again, Reason::Connect),
        Break::Timeout => (Verdict::Again, Reason::Timeout),
        Break::Cut => (Verdict::Again, Reason::Cut),
        Break::Answered => by_status(failure.status, &said),
    };
    let report = Failure {
        status: (failure.status > 0).then_some(failure.status),
        retry_after: failure.retry_after,
        request_id: failure.request_id.clone(),
        ..Failure::new(reason, said.excerpt(failure.at))
    };
    (verdict, report)
}

fn by_status(status: u16, said: &Said) -> (Verdict, Reason) {
    if said.has_code(&["insufficient_quota", "insufficient_balance", "billing_hard_limit_reached"])
        || status == 402
    {
        return (Verdict::Stop, Reason::Quota);
    }
    if matches!(status, 400 | 422)
        && said.has_code(&["content_filter", "data_inspection_failed", "datainspectionfailed"])
    {
        return (Verdict::GiveUp, Reason::Filtered);
    }
    if status == 413
        || said.has_code(&["context_length_exceeded", "exceed_context_size_error"])
        || matches!(status, 400 | 422 | 500) && said.is_too_long()
    {
        return (Verdict::GiveUp, Reason::TooLong);
    }
    match status {
        200..=299 => (Verdict::GiveUp, Reason::NotAnAnswer),
        400 | 422 => (Verdict::StepDown, Reason::Refused),
        401 | 403 => (Verdict::Stop, Reason::Key),
        404 => (Verdict::GiveUp, Reason::NotFound),
        429 => (Verdict::Again, Reason::Throttled),
        500 if said.text.contains("response_format") => (Verdict::StepDown, Reason::Server),
        408 | 409 | 500..=599 => (Verdict::Again, Reason::Server),
        _ => (Verdict::GiveUp, Reason::Refused),
    }
}

/// What the body of a refusal says, whatever its shape.
struct Said {
    text: String,
    codes: Vec<String>,
    message: Option<String>,
}

impl Said {
    fn read(body: &str) -> Self {
        let json: Option<Value> = serde_json::from_str(body).ok();
        let mut codes = Vec::new();
        let mut message = None;
        if let Some(json) = &json {
            collect(json, 0, &mut codes, &mut message);
        }
        Self { text: body.to_owned(), codes, message }
    }

    fn has_code(&self, wanted: &[&str]) -> bool {
        self.codes.iter().any(|c| wanted.contains(&c.as_str()))
    }

    /// Whether it says in words that the question is too long: not every server has a code for it.
    fn is_too_long(&self) -> bool {
        let text = self.text.to_lowercase();
        ["maximum context length", "available context size", "context window", "prompt is too long"]
            .iter()
            .any(|words| text.contains(words))
    }

    /// The first words of it, for people.
    fn excerpt(&self, at: Break) -> String {
        let said = self.message.as_deref().unwrap_or(&self.text);
        let line: Vec<&str> = said.split_whitespace().collect();
        let line = mask(&line.join(" "));
        let line: String = line.chars().take(200).collect();
        match (at, line.is_empty()) {
            (Break::Connect, _) => format!("no connection to the endpoint: {line}"),
            (Break::Timeout, _) => "no answer in time".to_owned(),
            (Break::Cut, _) => format!("the connection broke: {line}"),
            (Break::Answered, true) => "the endpoint says nothing more".to_owned(),
            (Break::Answered, false) => format!("the endpoint says: {line}"),
        }
    }
}

/// `type` and `code` of an error object, and its message, at whatever place the endpoint puts them.
fn collect(json: &Value, depth: usize, codes: &mut Vec<String>, message: &mut Option<String>) {
    match json {
        Value::Object(fields) if depth < 4 => {
            for (name, value) in fields {
                match (name.as_str(), value) {
                    ("type" | "code", Value::String(code)) => codes.push(code.to_lowercase()),
                    ("message" | "detail" | "error" | "msg", Value::String(text)) => {
                        message.get_or_insert_with(|| text.clone());
                    }
                    (_, inner) => collect(inner, depth + 1, codes, message),
                }
            }
        }
        Value::Array(items) if depth < 4 => {
            for item in items.iter().take(4) {
                collect(item, depth + 1, codes, message);
            }
        }
        _ => {}
    }
}

/// Endpoints like to repeat a part of the key they refuse.
fn mask(line: &str) -> String {
    line.split(' ')
        .map(|word| {
            let long = word.len() >= 12 && (word.contains('*') || word.starts_with("sk-"));
            if long { "[key]" } else { word }
        })
        .collect::<Vec<_>>()
        .join(" ")
}

/// How long the endpoint asks to wait: `retry-after-ms`, or `Retry-After` as seconds, a fraction or
/// an HTTP date. A date is measured against the answer's own `Date`, so that no clock of ours and
/// no difference between two clocks matters; without one it says nothing.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok()).map(str::trim);
    let seconds = |s: f64| {
        (s.is_finite() && s >= 0.0).then(|| Duration::from_secs_f64(s.min(f64::from(u32::MAX))))
    };
    if let Some(ms) = text("retry-after-ms").and_then(|t| t.parse::<f64>().ok()) {
        return seconds(ms / 1000.0);
    }
    let after = text(RETRY_AFTER.as_str())?;
    if let Ok(number) = after.trim_end_matches('s').parse::<f64>() {
        return seconds(number);
    }
    let until = rfc2822::parse(after).ok()?.timestamp();
    let now = rfc2822::parse(text(DATE.as_str())?).ok()?.timestamp();
    seconds(until.duration_since(now).as_secs_f64().max(0.0))
}

/// The endpoint's id of a request, under the names in use.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<String> {
    ["x-request-id", "request-id", "x-dashscope-request-id", "cf-ray"]
        .iter()
        .find_map(|name| headers.get(*name)?.to_str().ok())
        .map(|id| id.chars().take(80).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(status: u16, body: &str) -> (Verdict, Reason) {
        let failure = HttpFailure {
            at: Break::Answered,
            status,
            retry_after: None,
            request_id: None,
            body: body.to_owned(),
        };
        let (verdict, failure) = judge(&failure);
        (verdict, failure.reason)
    }

    #[test]
    fn what_can_help_is_tried_and_nothing_else() {
        for status in [408, 409, 429, 500, 502, 503, 504, 529] {
            assert_eq!(answered(status, "busy").0, Verdict::Again, "{status}");
        }
        for status in [404, 413] {
            assert_eq!(answered(status, "{}").0, Verdict::GiveUp, "{status}");
        }
        for status in [400, 422] {
            assert_eq!(answered(status, "[\"no\"]").0, Verdict::StepDown, "{status}");
        }
        for status in [401, 403] {
            assert_eq!(answered(status, "").0, Verdict::Stop, "{status}");
        }
        let format = r#"{"detail":"response_format is not supported"}"#;
        assert_eq!(answered(500, format).0, Verdict::StepDown);
    }

    #[test]
    fn a_question_that_is_too_long_is_not_sent_again() {
        for body in [
            r#"{"object":"error","message":"This model's maximum context length is 4096 tokens.","code":400}"#,
            r#"{"error":{"message":"the request exceeds the available context size"}}"#,
            r#"{"error":{"code":"context_length_exceeded"}}"#,
        ] {
            assert_eq!(answered(400, body), (Verdict::GiveUp, Reason::TooLong), "{body}");
        }
    }

    #[test]
    fn no_quota_is_found_wherever_it_stands() {
        for body in [
            r#"{"error":{"message":"m","type":"insufficient_quota","code":null}}"#,
            r#"{"error":{"message":"m","type":"x","code":"insufficient_quota"}}"#,
            r#"[{"error":{"code":"insufficient_quota"}}]"#,
        ] {
            assert_eq!(answered(429, body), (Verdict::Stop, Reason::Quota), "{body}");
        }
        assert_eq!(answered(402, ""), (Verdict::Stop, Reason::Quota));
        let code = r#"{"error":{"code":429,"message":"slow down"}}"#;
        assert_eq!(answered(429, code), (Verdict::Again, Reason::Throttled));
    }

    #[test]
    fn every_spelling_of_retry_after() {
        let wait = |pairs: &[(&'static str, &str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(*name, value.parse().unwrap());
            }
            retry_after(&headers).map(|d| d.as_millis())
        };
        assert_eq!(wait(&[("retry-after", "7")]), Some(7000));
        assert_eq!(wait(&[("retry-after", "0.25")]), Some(250));
        assert_eq!(wait(&[("retry-after-ms", "40"), ("retry-after", "9")]), Some(40));
        let date = ("date", "Sat, 03 Jan 2026 00:00:00 GMT");
        let until = ("retry-after", "Sat, 03 Jan 2026 00:00:30 GMT");
        assert_eq!(wait(&[date, until]), Some(30_000));
        assert_eq!(wait(&[until]), None);
        assert_eq!(wait(&[("retry-after", "-5")]), None);
        assert_eq!(wait(&[("retry-after", "soon")]), None);
    }

    #[test]
    fn a_key_that_the_endpoint_repeats_is_masked() {
        let said =
            Said::read(r#"{"error":{"message":"Incorrect API key provided: sk-abcdefghijkl."}}"#);
        let line = said.excerpt(Break::Answered);
        assert!(line.contains("[key]") && !line.contains("abcdef"), "{line}");
    }
}
