//! What items of every format share.

use url::Url;

/// The longest snippet, in characters.
const SNIPPET: usize = 1000;

/// `text` cut to the length of a snippet.
pub(super) fn shortened(text: &str) -> String {
    text.chars().take(SNIPPET).collect()
}

/// `written` made absolute; as written where it is no link of the web and there is no base.
pub(super) fn absolute(written: &str, base: Option<&Url>) -> Option<String> {
    let written: String = written.trim().chars().filter(|c| !c.is_control()).collect();
    if written.is_empty() {
        return None;
    }
    match Url::parse(&written) {
        Ok(_) => Some(written),
        Err(_) => base.and_then(|b| b.join(&written).ok()).map(Into::into),
    }
}
