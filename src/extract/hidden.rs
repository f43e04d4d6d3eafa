//! What a reader does not see is taken out of the tree before anything reads it.
//!
//! One exception: a page that keeps most of its text transparent until a script fades it in. Such
//! a container is shown to every reader, so it stays. What is not rendered at all never stays.

use dom_query::{Document, NodeRef};

use super::css::{self, Hiding};
use super::dom;

/// A container with more than this share of the page's characters is its body, not hidden text.
const BODY_SHARE: f64 = 0.5;
/// Style rules that are looked at.
const MAX_RULES: usize = 400;

/// Removes what is hidden by attributes, inline style, or simple rules of the page's own sheets.
pub(crate) fn remove(doc: &Document) {
    let mut hidden: Vec<(NodeRef<'_>, Hiding)> = Vec::new();
    for node in dom::all(doc, "[style], [hidden], [aria-hidden], font[color]") {
        let hiding = judge(&node);
        if hiding != Hiding::None {
            hidden.push((node, hiding));
        }
    }
    for (selector, hiding) in rules(doc) {
        for node in dom::all(doc, &selector) {
            // The element's own style is stronger than a sheet.
            let shown = dom::attr(&node, "style").is_some_and(|s| shows(&s));
            if !shown {
                hidden.push((node, hiding));
            }
        }
    }
    if hidden.is_empty() {
        return;
    }
    let page = weight(&doc.root());
    for (node, hiding) in hidden {
        let name = dom::name(&node);
        if matches!(name.as_str(), "html" | "body" | "head" | "script" | "style" | "meta" | "link")
        {
            continue;
        }
        let is_body = hiding == Hiding::Faded && weight(&node) as f64 > BODY_SHARE * page as f64;
        if !is_body {
            node.remove_from_parent();
        }
    }
}

fn judge(node: &NodeRef<'_>) -> Hiding {
    if node.has_attr("hidden") && dom::attr(node, "hidden").is_none_or(|v| v != "false") {
        return Hiding::Gone;
    }
    let by_style = dom::attr(node, "style").map_or(Hiding::None, |style| {
        let own = css::judge(&style);
        if own == Hiding::None && on_its_background(node, &style) { Hiding::Gone } else { own }
    });
    if by_style == Hiding::None {
        // Said of what a screen reader shall skip; whole pages are so marked behind a dialog.
        if dom::attr(node, "aria-hidden").is_some_and(|v| v.eq_ignore_ascii_case("true")) {
            return Hiding::Faded;
        }
        if let Some(color) = dom::attr(node, "color") {
            let style = format!("color:{color}");
            return if on_its_background(node, &style) { Hiding::Gone } else { Hiding::None };
        }
    }
    by_style
}

/// Whether the text has the colour of the nearest background set around it; white on a page that
/// sets none.
fn on_its_background(node: &NodeRef<'_>, style: &str) -> bool {
    let Some(color) = declared(style, &["color"]) else {
        return false;
    };
    for (up, around) in node.ancestors_it(Some(12)).enumerate() {
        let style = dom::attr(&around, "style").unwrap_or_default();
        let set = declared(&style, &["background-color", "background"])
            .or_else(|| dom::attr(&around, "bgcolor").map(|c| css::color(&c.to_ascii_lowercase())));
        if let Some(background) = set {
            return background == color;
        }
        // A class may set a background that is not known here.
        if up < 3 && around.class().is_some() && color == "#ffffff" {
            return false;
        }
    }
    color == "#ffffff"
        && declared(style, &["background-color", "background", "background-image"]).is_none()
        && node.class().is_none()
}

fn declared(style: &str, keys: &[&str]) -> Option<String> {
    style
        .split(';')
        .filter_map(|d| d.split_once(':'))
        .filter(|(k, _)| keys.iter().any(|key| k.trim().eq_ignore_ascii_case(key)))
        .map(|(_, v)| css::color(&v.trim().to_ascii_lowercase()))
        .next_back()
}

fn shows(style: &str) -> bool {
    let style = style.to_ascii_lowercase().replace(' ', "");
    (style.contains("display:") && !style.contains("display:none"))
        || style.contains("visibility:visible")
        || style.contains("opacity:1")
}

fn rules(doc: &Document) -> Vec<(String, Hiding)> {
    let mut rules = Vec::new();
    for style in dom::all(doc, "style") {
        // Both hide the page until a script or a timer shows it.
        if style.has_attr("amp-boilerplate") || style.has_attr("media") {
            continue;
        }
        rules.extend(css::hiding_rules(&style.text()));
    }
    rules.truncate(MAX_RULES);
    rules
}

/// The characters of a node's text without white space, scripts and styles.
pub(crate) fn weight(node: &NodeRef<'_>) -> usize {
    let mut count = 0;
    for text in node.descendants_it().filter(NodeRef::is_text) {
        let in_code = text.parent().is_some_and(|p| {
            matches!(dom::name(&p).as_str(), "script" | "style" | "noscript" | "template")
        });
        if !in_code {
            count += text.text().chars().filter(|c| !c.is_whitespace()).count();
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visible(html: &str) -> String {
        let doc = Document::from(html);
        remove(&doc);
        for style in dom::all(&doc, "style") {
            style.remove_from_parent();
        }
        dom::line(&doc.root())
    }

    #[test]
    fn hidden_elements_go() {
        let text = "What stands here is read by everyone who opens the page. ".repeat(3);
        for hidden in [
            "<p style='display:none'>X</p>",
            "<p hidden>X</p>",
            "<span aria-hidden=true>X</span>",
            "<div style='color:#fff'>X</div>",
            "<div style='background:#123456'><p style='color:#123456'>X</p></div>",
            "<font color=white>X</font>",
            "<style>.gone{visibility:hidden}</style><p class=gone>X</p>",
        ] {
            assert_eq!(visible(&format!("<p>{text}</p>{hidden}")), text.trim(), "{hidden}");
        }
    }

    #[test]
    fn a_body_that_fades_in_stays() {
        assert_eq!(
            visible("<main style='opacity:0'><p>All of the text.</p></main>"),
            "All of the text."
        );
        assert_eq!(visible("<main style='display:none'><p>All of the text.</p></main>"), "");
    }
}
