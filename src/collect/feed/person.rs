//! The names of people in feeds.

use super::{html, markup::Markup};

/// The name in what a feed gives as an author: `zhang@example.com (张三)`, `张三 <zhang@…>` and the
/// like without the address; the address alone where there is no name.
pub(super) fn name(text: &str) -> Option<String> {
    let plain = Markup::guess(text, None).to_plain();
    let plain = if plain.is_empty() { html::one_line(text) } else { plain };
    let (mut outside, mut inside) = (String::new(), String::new());
    let mut depth = 0usize;
    for c in plain.chars() {
        match c {
            '(' | '（' | '<' => depth += 1,
            ')' | '）' | '>' => depth = depth.saturating_sub(1),
            c if depth > 0 => inside.push(c),
            c => outside.push(c),
        }
    }
    let is_address = |t: &str| t.contains('@') && !t.trim().contains(' ');
    let (outside, inside) = (html::one_line(&outside), html::one_line(&inside));
    let best = if is_address(&outside) && !inside.is_empty() {
        inside
    } else if is_address(&inside) && !outside.is_empty() {
        outside.trim_matches('"').to_owned()
    } else {
        plain
    };
    (!best.is_empty()).then_some(best)
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn addresses_are_left_out() {
        for text in [
            "zhang@news.example (张三)",
            "zhang@news.example（张三）",
            "张三 <zhang@news.example>",
            "\"张三\" &lt;zhang@news.example&gt;",
            " 张三\n",
        ] {
            assert_eq!(name(text).as_deref(), Some("张三"), "{text}");
        }
        assert_eq!(name("zhang@news.example").as_deref(), Some("zhang@news.example"));
        assert_eq!(name("Ann Lee (Reuters)").as_deref(), Some("Ann Lee (Reuters)"));
        assert_eq!(name(" "), None);
    }
}
