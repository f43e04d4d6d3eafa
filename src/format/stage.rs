//! `digestgen stage parse` and `stage render`: the two directions as text in, text out.

use serde_json::Value;

use super::{FormatError, RenderError, parse, render};
use crate::compose::Issue;

/// Why a stage gives nothing.
#[derive(Debug, thiserror::Error)]
pub enum StageError {
    /// The Markdown is not in the format.
    #[error("not in the digest format: {0}")]
    Format(#[from] FormatError),
    /// The JSON is no `issue.json`.
    #[error("not an issue.json: {0}")]
    Json(#[from] serde_json::Error),
    /// The issue cannot be printed.
    #[error(transparent)]
    Render(#[from] RenderError),
}

/// An issue's Markdown as its `issue.json`.
///
/// # Errors
/// A file that is not in the format, with the line and what was expected there.
pub fn stage_parse(markdown: &str) -> Result<Value, StageError> {
    Ok(serde_json::to_value(parse(markdown)?.issue)?)
}

/// An `issue.json` as Markdown by the default template. Fields that Markdown does not carry, lists
/// that are empty and words of the language may be missing; keys that are not known are ignored.
///
/// # Errors
/// What is missing or of another shape, with line and column of the JSON, or what cannot be
/// printed, with its path.
pub fn stage_render(json: &str) -> Result<String, StageError> {
    let issue: Issue = serde_json::from_str(json)?;
    Ok(render(&issue)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = r#"{"edition": {"title": "Digest", "language": "en"},
        "window": {"from": "2026-01-03", "to": "2026-01-04"},
        "sections": [{"title": "News", "entries": [{"title": "T", "date": null,
            "link": {"url": "https://a.example/"}, "summary": [{"text": "One."}, {"text": "Two."}]}]}]}"#;

    #[test]
    fn what_is_optional_may_be_missing() {
        let markdown = stage_render(SMALL).unwrap();
        assert_eq!(
            markdown,
            "# Digest (2026-01-03 to 2026-01-04)\n\n## 1. News\n\n### **T**\n\n\
             [Read the original](https://a.example/)\n\n> **Summary**: One. Two.\n\n---\n"
        );
        let json = stage_parse(&markdown).unwrap();
        let entry = &json["sections"][0]["entries"][0];
        assert!(entry["story"].is_null() && entry["summary"][0]["evidence"].is_null());
        assert_eq!(entry["summary"][1]["text"], "Two.");
        assert_eq!(stage_render(&json.to_string()).unwrap(), markdown);
    }

    #[test]
    fn another_structure_is_refused() {
        for (json, says) in [
            ("[]", "issue.json"),
            ("{}", "edition"),
            (
                r#"{"edition":{"title":"T"},"window":{"from":"a","to":"b"},"sections":"x"}"#,
                "sections",
            ),
            (&SMALL.replace("https://a.example/", ""), "sections[0].entries[0]: link.url"),
            (&SMALL.replace("\"url\"", "\"href\""), "url"),
        ] {
            let error = stage_render(json).unwrap_err().to_string();
            assert!(error.contains(says) || error.contains("line 1"), "{error}");
        }
        let error = stage_parse("# A README\n\n## Usage\n\n```\nx\n```\n").unwrap_err().to_string();
        assert!(error.contains("line 8: expected a section"), "{error}");
    }
}
