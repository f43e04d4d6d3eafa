//! What a reader does not see is taken out of the tree before anything reads it.
//!
//! One exception: a page that keeps most of its text transparent until a script fades it in. Such
//! a container is shown to every reader, so it stays. What is not rendered at all never stays.

use std::collections::HashMap;

use dom_query::{Document, NodeId, NodeRef};

use super::color::{self, Color};
use super::css::{self, Declared, Hiding};
use super::dom;
use super::sheet::{self, Styled};

/// A container with more than this share of the page's characters is its body, not hidden text.
const BODY_SHARE: f64 = 0.5;
/// Classes that by convention leave an element to screen readers alone, whichever sheet says so.
const UNSEEN: &[&str] = &[
    "sr-only",
    "visually-hidden",
    "visuallyhidden",
    "screen-reader-text",
    "screen-reader-only",
    "u-visually-hidden",
    "element-invisible",
];

/// Removes what is hidden by attributes, inline style, or simple rules of the page's own sheets.
pub(crate) fn remove(doc: &Document) {
    let page = Page::scan(doc);
    let whole = !page.has_other_sheets();
    // Colours that only a sheet sets are judged where no sheet is missing.
    let styles = sheet::styles(doc, &page.elements, whole || page.colored);
    let view = View { styles: &styles, behind: backgrounds(&page.painted, &styles), whole };
    let mut hidden: Vec<(NodeRef<'_>, Hiding)> = Vec::new();
    for node in &page.marked {
        let hiding = view.judge(node);
        if hiding != Hiding::None {
            hidden.push((*node, hiding));
        }
    }
    for (id, styled) in &styles {
        // What has a class was judged above, by both its own style and the sheets.
        if let Some(node) = doc.tree.get(id).filter(|n| !is_judged(n)) {
            let hiding = view.by_styles(&node, &Declared::default(), Some(styled));
            if hiding != Hiding::None {
                hidden.push((node, hiding));
            }
        }
    }
    take_out(doc, hidden);
}

/// What one walk over the page's elements finds.
#[derive(Default)]
struct Page<'a> {
    elements: Vec<NodeRef<'a>>,
    /// Those with an attribute that bears on being seen.
    marked: Vec<NodeRef<'a>>,
    /// Those that say what is painted behind them.
    painted: Vec<NodeRef<'a>>,
    /// Something has a colour of its own.
    colored: bool,
    links: Vec<NodeRef<'a>>,
    sheets: Vec<NodeRef<'a>>,
}

impl<'a> Page<'a> {
    fn scan(doc: &'a Document) -> Self {
        let mut page = Self { elements: dom::elements(doc), ..Self::default() };
        for node in &page.elements {
            let Some(element) = node.element_ref() else { continue };
            let name: &str = &element.name.local;
            let (mut marked, mut painted) = (false, false);
            for attribute in &element.attrs {
                match &*attribute.name.local {
                    "style" => {
                        marked = true;
                        painted |= attribute.value.contains("background");
                        page.colored |= attribute.value.contains("color");
                    }
                    "hidden" | "aria-hidden" | "class" => marked = true,
                    "bgcolor" => painted = true,
                    "color" if name == "font" => (marked, page.colored) = (true, true),
                    _ => {}
                }
            }
            page.marked.extend(marked.then_some(*node));
            page.painted.extend(painted.then_some(*node));
            match name {
                "link" => page.links.push(*node),
                "style" => page.sheets.push(*node),
                _ => {}
            }
        }
        page
    }

    /// Whether the page has sheets that are not known here.
    fn has_other_sheets(&self) -> bool {
        let is_sheet = |link: &NodeRef<'_>| {
            let rel = dom::attr(link, "rel").unwrap_or_default().to_ascii_lowercase();
            let says = |word| rel.split_ascii_whitespace().any(|r| r == word);
            says("stylesheet")
                || (says("preload") && dom::attr(link, "as").is_some_and(|a| a == "style"))
        };
        self.links.iter().any(is_sheet) || self.sheets.iter().any(|s| s.text().contains("@import"))
    }
}

fn is_judged(node: &NodeRef<'_>) -> bool {
    ["style", "hidden", "aria-hidden", "class"].iter().any(|a| node.has_attr(a))
}

fn take_out(doc: &Document, hidden: Vec<(NodeRef<'_>, Hiding)>) {
    if hidden.is_empty() {
        return;
    }
    let faded = hidden.iter().any(|(_, h)| *h == Hiding::Faded);
    let page = if faded { weight(&doc.root()) } else { 0 };
    for (node, hiding) in hidden {
        let name = dom::tag(&node);
        if matches!(&*name, "html" | "body" | "head" | "script" | "style" | "meta" | "link") {
            continue;
        }
        let is_body = hiding == Hiding::Faded && weight(&node) as f64 > BODY_SHARE * page as f64;
        if !is_body {
            node.remove_from_parent();
        }
    }
}

/// All that is painted somewhere on the page, and white.
fn backgrounds(painted: &[NodeRef<'_>], styles: &HashMap<NodeId, Styled>) -> Vec<Color> {
    let inline = painted.iter().filter_map(|n| {
        let style = dom::attr(n, "style").and_then(|s| css::read(&s).background);
        style.or_else(|| color::read(&dom::attr(n, "bgcolor")?.to_ascii_lowercase()))
    });
    let mut all = vec![Color::WHITE];
    for color in inline.chain(styles.values().filter_map(|s| s.background.clone())) {
        if !all.contains(&color) {
            all.push(color);
        }
    }
    all
}

/// What is known of how the page looks.
struct View<'a> {
    styles: &'a HashMap<NodeId, Styled>,
    /// All colours that something is painted in.
    behind: Vec<Color>,
    /// No other sheet has a say.
    whole: bool,
}

impl View<'_> {
    fn judge(&self, node: &NodeRef<'_>) -> Hiding {
        if node.has_attr("hidden") {
            return Hiding::Gone;
        }
        if dom::has_class_of(node, UNSEEN) {
            return Hiding::Gone;
        }
        let own = dom::attr(node, "style").map(|s| css::read(&s)).unwrap_or_default();
        let by_style = self.by_styles(node, &own, self.styles.get(&node.id));
        // Said of what a screen reader shall skip; whole pages are so marked behind a dialog.
        let silent = dom::attr(node, "aria-hidden").is_some_and(|v| v.eq_ignore_ascii_case("true"));
        if by_style == Hiding::None && silent { Hiding::Faded } else { by_style }
    }

    /// The element's own style is stronger than a sheet.
    fn by_styles(&self, node: &NodeRef<'_>, own: &Declared, styled: Option<&Styled>) -> Hiding {
        let said = own.hiding();
        if said != Hiding::None {
            return said;
        }
        if let Some(hiding) = styled.and_then(|s| s.hiding)
            && hiding != Hiding::None
            && !own.shows
        {
            return hiding;
        }
        if self.is_on_its_color(node, own, styled) { Hiding::Gone } else { Hiding::None }
    }

    /// Whether the text has the colour of what is painted behind it, white where nothing is.
    fn is_on_its_color(&self, node: &NodeRef<'_>, own: &Declared, styled: Option<&Styled>) -> bool {
        let attribute = || color::read(&dom::attr(node, "color")?.to_ascii_lowercase());
        let inline = own.color.clone().or_else(attribute);
        let by_sheet = inline.is_none();
        let Some(text) = inline.or_else(|| styled?.color.clone()) else {
            return false;
        };
        if text != Color::Clear && !self.behind.iter().any(|c| c.like(&text)) {
            return false;
        }
        if text == Color::Clear {
            return by_sheet && self.whole && self.painted_behind(node).is_none();
        }
        // A sheet that is not known here may paint behind what has a class.
        let sure =
            if by_sheet { self.whole } else { self.whole || text != Color::WHITE || is_bare(node) };
        let same = match self.painted_behind(node) {
            Some(behind) => behind.like(&text),
            None => text.like(&Color::WHITE),
        };
        sure && same && !self.is_recolored(node)
    }

    /// What is painted behind the text of a node, as far as it is known.
    fn painted_behind(&self, node: &NodeRef<'_>) -> Option<Color> {
        std::iter::once(*node).chain(node.ancestors_it(Some(64))).find_map(|around| {
            let own = dom::attr(&around, "style").and_then(|s| css::read(&s).background);
            own.or_else(|| self.styles.get(&around.id)?.background.clone())
                .or_else(|| color::read(&dom::attr(&around, "bgcolor")?.to_ascii_lowercase()))
                .filter(|c| *c != Color::Clear)
        })
    }

    /// Whether something inside has colours of its own.
    fn is_recolored(&self, node: &NodeRef<'_>) -> bool {
        node.descendants_it().filter(NodeRef::is_element).any(|inner| {
            let own = dom::attr(&inner, "style").map(|s| css::read(&s)).unwrap_or_default();
            let sheet = self.styles.get(&inner.id);
            own.has_colors()
                || inner.has_attr("bgcolor")
                || sheet.is_some_and(|s| s.color.is_some() || s.background.is_some())
        })
    }
}

/// Whether neither the node nor what stands close around it has a class.
fn is_bare(node: &NodeRef<'_>) -> bool {
    node.class().is_none() && node.ancestors_it(Some(3)).all(|a| a.class().is_none())
}

/// The characters of a node's text without white space, scripts and styles.
pub(crate) fn weight(node: &NodeRef<'_>) -> usize {
    let mut count = 0;
    for text in node.descendants_it().filter(NodeRef::is_text) {
        let in_code = text.parent().is_some_and(|p| {
            matches!(&*dom::tag(&p), "script" | "style" | "noscript" | "template")
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
            "<style>@media screen{.a,.b{display:none}}</style><p class=b>X</p>",
            "<style>.w{color:#fff}</style><p class=w>X</p>",
            "<style>body{background:#eee}.w{color:#eee}</style><p class=w>X</p>",
            "<style>aside p{display:none}</style><aside><p>X</p></aside>",
            "<p style='color:#fefefe'>X</p>",
            "<p class='note sr-only'>X</p>",
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

    #[test]
    fn what_another_colour_makes_visible_stays() {
        for shown in [
            "<style>.h{background:#000}.h p{color:#fff}</style><div class=h><p>X</p></div>",
            "<style>.w{color:#fff}.w b{color:#000}</style><p class=w><b>X</b></p>",
            "<link rel=stylesheet href=a.css><style>.w{color:#fff}</style><p class=w>X</p>",
            "<style>.h{background:url(dark.png)}</style><div class=h style='color:#fff'>X</div>",
            "<style>.t{display:none}</style><p class=t style='display:block'>X</p>",
        ] {
            assert_eq!(visible(shown), "X", "{shown}");
        }
    }
}
