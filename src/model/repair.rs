//! Finds the JSON object in an answer that has finished. It drops what stands around it, trailing
//! commas and raw control characters; it never closes what is open, for then something is missing.

use serde_json::Value;

/// The object in `text`, and whether anything had to be done to read it.
pub(crate) fn object(text: &str) -> Option<(Value, bool)> {
    let whole = text.trim().trim_start_matches('\u{feff}');
    if let Ok(value @ Value::Object(_)) = serde_json::from_str(whole) {
        return Some((value, false));
    }
    let spoken = after_thinking(whole)?;
    let inner = match spoken.find("```") {
        Some(fence) => fenced(&spoken[fence..]).unwrap_or(spoken),
        None => spoken,
    };
    let found = balanced(inner)?;
    match serde_json::from_str(&cleaned(found)) {
        Ok(value @ Value::Object(_)) => Some((value, true)),
        _ => None,
    }
}

/// What follows a leading `<think>…</think>`; `None` where it does not end. Where the server put the
/// opening tag into the prompt, only the closing one stands here.
fn after_thinking(text: &str) -> Option<&str> {
    match text.strip_prefix("<think>") {
        None if text.starts_with(['{', '`']) => Some(text),
        None => Some(text.split_once("</think>").map_or(text, |(_, rest)| rest)),
        Some(thought) => thought.split_once("</think>").map(|(_, rest)| rest),
    }
}

/// The inside of a fence that starts `text`; its first line is the language's name.
fn fenced(text: &str) -> Option<&str> {
    let (_, inside) = text.split_once('\n')?;
    inside.contains('{').then_some(inside)
}

/// The first object whose braces close.
fn balanced(text: &str) -> Option<&str> {
    let start = text.find('{')?;
    let (mut depth, mut in_string, mut escaped) = (0usize, false, false);
    for (at, c) in text[start..].char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if in_string => escaped = true,
            '"' => in_string = !in_string,
            '{' if !in_string => depth += 1,
            '}' if !in_string => {
                depth -= 1;
                if depth == 0 {
                    return Some(&text[start..=start + at]);
                }
            }
            _ => {}
        }
    }
    None
}

/// Without trailing commas, raw control characters in strings escaped.
fn cleaned(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut in_string, mut escaped) = (false, false);
    for (at, c) in text.char_indices() {
        if in_string {
            match c {
                '\n' => out.push_str("\\n"),
                '\t' => out.push_str("\\t"),
                c if (c as u32) < 0x20 => out.push_str(&format!("\\u{:04x}", c as u32)),
                c => out.push(c),
            }
            (in_string, escaped) = match c {
                _ if escaped => (true, false),
                '\\' => (true, true),
                '"' => (false, false),
                _ => (true, false),
            };
            continue;
        }
        let closes = || text[at + 1..].trim_start().starts_with(['}', ']']);
        if c != ',' || !closes() {
            out.push(c);
        }
        in_string = c == '"';
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_stands_around_is_dropped() {
        for text in [
            "<think>maybe {\"a\": 2}</think>{\"a\": 1}",
            "maybe {\"a\": 2}\n</think>\n{\"a\": 1}",
            "Here it is:\n```json\n{\"a\": 1}\n```\nDone.",
            "{\"a\": 1,}",
            "Sure! {\"a\": 1} and {\"a\": 2}",
        ] {
            assert_eq!(object(text), Some((json!({"a": 1}), true)), "{text}");
        }
        assert_eq!(object(" {\"a\": 1}\n"), Some((json!({"a": 1}), false)));
        let raw = object("{\"a\": \"one\ntwo, }\",}").unwrap().0;
        assert_eq!(raw, json!({"a": "one\ntwo, }"}));
    }

    #[test]
    fn nothing_open_is_closed() {
        for text in
            ["{\"a\": [1, 2", "<think>hm {\"a\":1}", "[1]", "", "{\"a\": 1", "```json\n{\"a\":"]
        {
            assert_eq!(object(text), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_odd(text in "[ \\PC{}\\[\\]\",:`<>\n\\\\]{0,80}") {
            if let Some((value, _)) = object(&text) {
                proptest::prop_assert!(value.is_object());
            }
        }

        #[test]
        fn a_beginning_of_an_answer_is_no_answer(cut in 1usize..60) {
            let whole = json!({"a": ["x, }", {"b": "\"{"}], "c": "d"}).to_string();
            let part: String = whole.chars().take(cut.min(whole.len() - 1)).collect();
            proptest::prop_assert_eq!(object(&part), None);
        }
    }
}
