//! Sets material apart from instructions, so that what an article says cannot pass for ours.

use crate::text::hash::short_id;
use crate::text::invisible;

/// `material` between two lines with a marker that it cannot hold: the first 16 hex digits of the
/// hash of the material and the prompt's version, taken out of the material itself. Who wrote the
/// article cannot know the marker, and a re-run has the same. Invisible characters are removed.
pub fn fence(material: &str, version: &str) -> String {
    let visible = invisible::strip(material);
    let marker = short_id(&format!("{visible}\n{version}"));
    let inside = visible.replace(&marker, "");
    format!("<<< {marker}\n{}\n{marker} >>>", inside.trim_end())
}

/// The name of a language for a prompt; the tag itself where it is not known here.
pub fn language_name(tag: &str) -> String {
    let primary = tag.split(['-', '_']).next().unwrap_or("");
    let name = match (primary.to_ascii_lowercase().as_str(), tag) {
        ("zh", "zh-TW" | "zh-HK" | "zh-Hant") => "Traditional Chinese",
        ("zh", _) => "Simplified Chinese",
        ("en", _) => "English",
        ("ja", _) => "Japanese",
        ("ko", _) => "Korean",
        ("de", _) => "German",
        ("fr", _) => "French",
        ("es", _) => "Spanish",
        _ => return format!("the language with the tag {tag}"),
    };
    format!("{name} ({tag})")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_marker_is_not_in_the_material() {
        let once = fence("text\u{200b}\u{e0041}", "v");
        let marker: String = once.chars().skip(4).take(16).collect();
        assert_eq!(once, format!("<<< {marker}\ntext\n{marker} >>>"));
        assert_ne!(fence("text", "w"), once);
        assert_eq!(fence("text", "v"), once);
    }

    #[test]
    fn languages_have_names() {
        assert_eq!(language_name("zh-CN"), "Simplified Chinese (zh-CN)");
        assert_eq!(language_name("sw"), "the language with the tag sw");
    }
}
