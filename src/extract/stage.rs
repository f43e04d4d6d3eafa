//! This room as a filter: one JSON object in, one out.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{PageSource, extract};

/// Reads one line of the `extract` stage: `url` and `html` (text), or `html_base64` (bytes in
/// whatever charset), optionally `content_type`. Gives `verdict, title, byline, published,
/// language, text, links[{url,text,kind}]`; the caller resolves `path` and adds `id`.
///
/// # Errors
/// A sentence that says what the line lacks.
pub fn stage(line: Value) -> Result<Value, String> {
    let text = |key: &str| line.get(key).and_then(Value::as_str);
    let bytes = match (text("html"), text("html_base64")) {
        (Some(html), _) => html.as_bytes().to_vec(),
        (None, Some(coded)) => STANDARD
            .decode(coded.trim())
            .map_err(|e| format!("`html_base64` is not base64 ({e}): encode the page's bytes"))?,
        (None, None) => {
            return Err("the line has no page: give `html`, `html_base64` or `path`".to_owned());
        }
    };
    // What came as a JSON string is decoded already, whatever its own markup declares.
    let decoded = text("html").map(|_| "text/html; charset=utf-8");
    let source = PageSource {
        url: text("url").unwrap_or(""),
        content_type: decoded.or_else(|| text("content_type")),
        bytes: &bytes,
    };
    let article = extract(&source);
    Ok(json!({
        "verdict": article.verdict,
        "title": article.title,
        "byline": article.byline,
        "published": article.published,
        "language": article.language,
        "text": article.document.text(),
        "links": article.links,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_without_a_page_says_what_to_give() {
        assert!(stage(json!({"url": "https://a.example/"})).unwrap_err().contains("html_base64"));
        assert!(stage(json!({"html_base64": "?"})).unwrap_err().contains("not base64"));
    }
}
