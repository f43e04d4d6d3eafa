//! The review page without a browser: who is refused, and what an old base does.

use digestgen::review::key_of_url;
use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};

use super::{Review, demo};
use crate::harness::Digest;

fn client() -> Client {
    // A second installation finds the first in place.
    let _installed = rustls::crypto::ring::default_provider().install_default();
    Client::builder().no_proxy().build().unwrap()
}

async fn post(review: &Review, path: &str, body: &Value) -> Response {
    let request = client().post(format!("{}{path}", review.url)).json(body);
    request.header("x-digestgen-token", review.token()).send().await.unwrap()
}

/// The first sentence of the first summary, and the key of its entry.
fn first(digest: &Digest) -> (Value, String) {
    let issue = digest.issue_json();
    let entry = &issue["sections"][0]["entries"][0];
    let text = entry["summary"][0]["text"].as_str().unwrap().to_owned();
    let at = json!({ "entry": key_of_url(entry["link"]["url"].as_str().unwrap()), "field": { "kind": "sentence", "sentence": 1 } });
    (at, text)
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_are_refused_and_change_nothing() {
    let digest = demo();
    let review = Review::of(&digest);
    let before = digest.issue();
    let (at, base) = first(&digest);
    let edit = json!({ "at": at, "base": base, "text": "fremd" });
    let http = client();
    let url = |path: &str| format!("{}{path}", review.url);
    let bare = review.url.replace(review.token(), "");
    let token = ("x-digestgen-token", review.token());
    let refused = [
        http.get(&review.url).header("host", "evil.example"),
        http.get(&review.url).header("host", "127.0.0.1"),
        http.get(&review.url).header("origin", "https://evil.example"),
        http.get(&review.url).header("origin", "null"),
        http.get(&bare),
        http.get(bare.trim_end_matches('/').to_owned() + "/page.js"),
        http.get(review.url.replace(review.token(), &"0".repeat(48))),
        http.post(url("edit")).json(&edit),
        http.post(url("edit")).json(&edit).header("x-digestgen-token", "wrong"),
        http.post(url("edit"))
            .json(&edit)
            .header(token.0, token.1)
            .header("origin", "http://evil.example"),
        http.post(url("edit"))
            .json(&edit)
            .header(token.0, token.1)
            .header("host", "evil.example:80"),
        http.post(url("edit")).body(edit.to_string()).header(token.0, token.1),
        http.put(url("edit")).json(&edit).header(token.0, token.1),
    ];
    for (n, request) in refused.into_iter().enumerate() {
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "request {n}");
        let policy = answer.headers()["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'"), "{policy}");
    }
    assert_eq!(digest.issue(), before);
    let answer = http.get(&review.url).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    for (name, value) in [
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "no-store"),
        ("x-frame-options", "DENY"),
    ] {
        assert_eq!(answer.headers()[name], value);
    }
    let page = answer.text().await.unwrap();
    assert!(!page.contains(" style=") && !page.contains("<script>") && !page.contains(" onclick"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_base_is_refused_with_both_texts() {
    let digest = demo();
    let review = Review::of(&digest);
    let (at, base) = first(&digest);
    let edit = |base: &str, text: &str| json!({ "at": at, "base": base, "text": text });
    assert_eq!(post(&review, "edit", &edit(&base, "第一次。")).await.status(), StatusCode::OK);
    let stood = digest.issue();
    let answer = post(&review, "edit", &edit(&base, "第二次。")).await;
    assert_eq!(answer.status(), StatusCode::CONFLICT);
    let told: Value = answer.json().await.unwrap();
    assert_eq!(told["conflict"]["theirs"], "第一次。");
    assert_eq!(digest.issue(), stood);
    let answer = post(&review, "approve", &json!({ "text": "0".repeat(64) })).await;
    assert_eq!(answer.status(), StatusCode::CONFLICT);
    for (path, body) in [
        ("edit", json!({ "at": 1 })),
        ("move", json!({ "entry": "https://none.example/", "section": 0, "place": 0 })),
        ("include", json!({ "candidate": "none" })),
        ("bring", json!({ "url": "javascript:alert(1)" })),
        ("restore", json!({ "version": 99 })),
        ("edit", edit("第一次。", "a\u{7}b")),
        ("edit", edit("第一次。", "")),
    ] {
        let answer = post(&review, path, &body).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{path} {body}");
    }
    // It answers before it has read all, and hangs up.
    let body = edit("第一次。", &"长".repeat(4 << 20));
    let huge = client().post(format!("{}edit", review.url)).json(&body);
    match huge.header("x-digestgen-token", review.token()).send().await {
        Ok(answer) => assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE),
        Err(e) => assert!(e.is_request(), "{e}"),
    }
    assert_eq!(digest.issue(), stood);
}
