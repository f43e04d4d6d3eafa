//! Formulas as TeX in the line of text: `$…$`, and `$$…$$` where they stand alone.

use dom_query::{Document, NodeRef};

use super::dom;

/// The TeX that a `<math>` carries, else its text.
pub(crate) fn of_math(math: &NodeRef<'_>) -> String {
    let annotated = math
        .descendants_it()
        .find(|n| {
            n.has_name("annotation")
                && dom::attr(n, "encoding").is_some_and(|e| e.to_ascii_lowercase().contains("tex"))
        })
        .map(|n| dom::line(&n))
        .filter(|t| !t.is_empty());
    let display = dom::attr(math, "display").is_some_and(|d| d == "block");
    match annotated.or_else(|| dom::attr(math, "alttext")) {
        Some(tex) => wrap(&tex, display),
        None => dom::line(math),
    }
}

fn wrap(tex: &str, display: bool) -> String {
    let tex = dom::squeeze(tex);
    if display { format!("$${tex}$$") } else { format!("${tex}$") }
}

/// Puts the TeX of every formula of the page into its text, in place of what scripts or style
/// sheets draw. Extractors drop scripts and MathML alike.
pub(crate) fn write_out(doc: &Document) {
    let (mut scripts, mut drawn, mut maths, mut images) = (vec![], vec![], vec![], vec![]);
    for node in dom::elements(doc) {
        match &*dom::tag(&node) {
            "script" => scripts.push(node),
            "math" => maths.push(node),
            "img" => images.push(node),
            _ => {}
        }
        if dom::has_class_of(&node, DRAWN) {
            drawn.push(node);
        }
    }
    for script in scripts {
        let kind = dom::attr(&script, "type").unwrap_or_default().to_ascii_lowercase();
        if kind.starts_with("math/tex") {
            let display = kind.contains("mode=display");
            replace_by_text(&script, &wrap(&script.text(), display));
        }
    }
    for drawn in drawn {
        drawn.remove_from_parent();
    }
    for math in maths {
        replace_by_text(&math, &of_math(&math));
    }
    for image in images.into_iter().filter(is_formula) {
        let tex = dom::attr(&image, "data-tex").or_else(|| dom::attr(&image, "alt"));
        // The picture that stands beside a formula already written out repeats it.
        let repeats = image.class().is_some_and(|c| c.contains("mwe-math-fallback"));
        if let Some(tex) = tex.filter(|_| !repeats) {
            replace_by_text(&image, &wrap(&tex, false));
        }
    }
}

/// What scripts draw of a formula.
const DRAWN: &[&str] = &["MathJax_Preview", "MathJax", "MathJax_Display", "katex-html"];

/// Whether an image is the picture of a formula.
fn is_formula(image: &NodeRef<'_>) -> bool {
    dom::has_class_of(image, &["latex", "mwe-math-fallback-image-inline"])
        || image.has_attr("data-tex")
        || image.has_attr("eeimg")
}

/// Replaces a node by text, never read as markup.
fn replace_by_text(node: &NodeRef<'_>, text: &str) {
    let new = node.tree.new_text(text);
    node.replace_with(&new);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_become_tex() {
        let doc = Document::from(
            "<p>Mass <script type='math/tex'>E=mc^2</script> and \
             <math display='block'><semantics><mi>x</mi><annotation encoding='application/x-tex'>x_1 < 2\
             </annotation></semantics></math> or <math><mi>y</mi></math>.</p>",
        );
        write_out(&doc);
        assert_eq!(dom::line(&doc.root()), "Mass $E=mc^2$ and $$x_1 < 2$$ or y.");
    }
}
