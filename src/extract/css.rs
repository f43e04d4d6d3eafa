//! Which style declarations make text invisible. Reads inline styles and simple `<style>` rules.

/// What a style says about an element that hides it, in rising order of certainty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Hiding {
    /// Nothing.
    None,
    /// Transparent or `visibility: hidden`: pages fade their whole body in this way.
    Faded,
    /// Not rendered, of no size, out of sight, or in the colour of its background.
    Gone,
}

/// Judges the declarations of one style attribute or rule.
pub(crate) fn judge(style: &str) -> Hiding {
    let mut seen = Declared::default();
    for declaration in style.split(';') {
        let Some((key, value)) = declaration.split_once(':') else {
            continue;
        };
        let value = value.trim().to_ascii_lowercase();
        let value = value.trim_end_matches("!important").trim();
        seen.take(&key.trim().to_ascii_lowercase(), value);
    }
    seen.verdict()
}

#[derive(Default)]
struct Declared {
    gone: bool,
    faded: bool,
    away: bool,
    positioned: bool,
    cut: bool,
    flat: bool,
    color: Option<String>,
    background: Option<String>,
}

impl Declared {
    fn take(&mut self, key: &str, value: &str) {
        match key {
            "display" => self.gone |= value == "none",
            "visibility" => self.faded |= matches!(value, "hidden" | "collapse"),
            "opacity" => self.faded |= number(value).is_some_and(|n| n < 0.05),
            "font-size" => self.gone |= number(value).is_some_and(|n| n < 0.1 || is_tiny(value, n)),
            "height" | "max-height" | "width" | "max-width" => {
                self.flat |=
                    number(value).is_some_and(|n| n == 0.0 || (n <= 1.0 && value.ends_with("px")));
            }
            "overflow" | "overflow-x" | "overflow-y" => {
                self.cut |= matches!(value.split(' ').next(), Some("hidden" | "clip"));
            }
            "position" => self.positioned |= matches!(value, "absolute" | "fixed"),
            "left" | "top" | "right" | "bottom" => {
                self.away |= number(value).is_some_and(|n| n <= -500.0 || n >= 9000.0);
            }
            "text-indent" | "margin-left" | "margin-top" => {
                self.gone |= number(value).is_some_and(|n| n <= -900.0);
            }
            "transform" => {
                self.gone |= value.contains("scale(0)")
                    || (value.contains("translate") && value.contains("-9999"));
            }
            "clip" => self.gone |= is_empty_clip(value),
            "clip-path" => {
                self.gone |= value.contains("inset(50%")
                    || value.contains("inset(100%")
                    || matches!(value, "circle(0)" | "circle(0px)" | "circle(0%)" | "polygon(0 0)");
            }
            "color" => self.color = Some(color(value)),
            "background" | "background-color" => self.background = Some(color(value)),
            _ => {}
        }
    }

    fn verdict(self) -> Hiding {
        let same = matches!((&self.color, &self.background), (Some(a), Some(b)) if a == b);
        let clear = self.color.as_deref() == Some("transparent");
        if self.gone || same || clear || (self.positioned && self.away) || (self.flat && self.cut) {
            Hiding::Gone
        } else if self.faded {
            Hiding::Faded
        } else {
            Hiding::None
        }
    }
}

fn number(value: &str) -> Option<f64> {
    let end = value
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-' | '+')))
        .unwrap_or(value.len());
    value[..end].parse().ok()
}

/// A size too small to read: below two pixels or points.
fn is_tiny(value: &str, n: f64) -> bool {
    n < 2.0 && (value.ends_with("px") || value.ends_with("pt"))
}

/// `rect(0, 0, 0, 0)`, `rect(1px 1px 1px 1px)` and the like.
fn is_empty_clip(value: &str) -> bool {
    let Some(inner) = value.strip_prefix("rect(") else {
        return false;
    };
    let sides: Vec<f64> = inner
        .split(|c: char| c == ',' || c == ')' || c.is_whitespace())
        .filter_map(number)
        .collect();
    sides.len() == 4 && (sides[2] - sides[0]).abs() <= 1.0 && (sides[1] - sides[3]).abs() <= 1.0
}

/// A colour in one spelling, for comparing; the first token of a `background`.
pub(crate) fn color(value: &str) -> String {
    let compact: String = if value.starts_with("rgb") || value.starts_with("hsl") {
        value.split_inclusive(')').next().unwrap_or(value).split_whitespace().collect()
    } else {
        value.split_whitespace().next().unwrap_or("").to_owned()
    };
    let hex = match compact.as_str() {
        "white" => "#ffffff",
        "black" => "#000000",
        "red" => "#ff0000",
        "rgba(0,0,0,0)" | "rgba(255,255,255,0)" => "transparent",
        other => other,
    };
    if let Some(short) = hex.strip_prefix('#').filter(|h| h.len() == 3) {
        return format!("#{}", short.chars().flat_map(|c| [c, c]).collect::<String>());
    }
    let parts = hex.strip_prefix("rgb(").or_else(|| hex.strip_prefix("rgba(")).map(|p| {
        p.trim_end_matches(')')
            .split(',')
            .take(3)
            .filter_map(|n| n.parse::<u8>().ok())
            .collect::<Vec<_>>()
    });
    match parts.as_deref() {
        Some([r, g, b]) => format!("#{r:02x}{g:02x}{b:02x}"),
        _ => hex.to_owned(),
    }
}

/// The hiding rules of a style sheet: a simple selector (`.a`, `#a`, `tag.a`, `.a.b`) and what it
/// does. Rules inside `@media` and the like are left out: they hold under a condition.
pub(crate) fn hiding_rules(sheet: &str) -> Vec<(String, Hiding)> {
    let sheet = without_comments(sheet);
    let mut rules = Vec::new();
    let mut rest = sheet.as_str();
    while let Some(open) = rest.find('{') {
        let selector = rest[..open].rsplit([';', '}']).next().unwrap_or("").trim();
        let body = &rest[open + 1..];
        if selector.starts_with('@') {
            rest = &body[end_of_block(body)..];
            continue;
        }
        let close = body.find('}').unwrap_or(body.len());
        let hiding = judge(&body[..close]);
        if hiding != Hiding::None {
            rules.extend(
                selector
                    .split(',')
                    .map(str::trim)
                    .filter(|s| is_simple(s))
                    .map(|s| (s.to_owned(), hiding)),
            );
        }
        rest = body.get(close + 1..).unwrap_or("");
    }
    rules
}

fn is_simple(selector: &str) -> bool {
    (selector.contains('.') || selector.contains('#'))
        && selector.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '#' | '-' | '_'))
}

fn without_comments(sheet: &str) -> String {
    let mut out = String::with_capacity(sheet.len());
    let mut rest = sheet;
    while let Some(at) = rest.find("/*") {
        out.push_str(&rest[..at]);
        rest = rest[at + 2..].split_once("*/").map_or("", |(_, tail)| tail);
    }
    out.push_str(rest);
    out
}

/// The index after the `}` that closes an already opened block.
fn end_of_block(body: &str) -> usize {
    let mut depth = 1usize;
    for (i, b) in body.bytes().enumerate() {
        match b {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return i + 1;
        }
    }
    body.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_to_hide() {
        for style in [
            "display:none",
            "DISPLAY: None !important",
            "font-size:0",
            "font-size: 1px",
            "height:0;overflow:hidden",
            "position:absolute;left:-9999px",
            "text-indent:-9999px",
            "clip:rect(0,0,0,0)",
            "clip: rect(1px 1px 1px 1px)",
            "clip-path: inset(50%)",
            "color:#fff;background:white",
            "color: rgb(255, 255, 255); background-color: #FFF",
            "color:transparent",
            "transform:scale(0)",
        ] {
            assert_eq!(judge(style), Hiding::Gone, "{style}");
        }
        for style in ["visibility:hidden", "opacity:0", "opacity: 0.0;"] {
            assert_eq!(judge(style), Hiding::Faded, "{style}");
        }
        for style in [
            "display:block",
            "opacity:0.9",
            "font-size:0.9em",
            "height:0",
            "color:#fff",
            "left:-9999px",
            "overflow:hidden;height:300px",
            "color:#fff;background:#000",
        ] {
            assert_eq!(judge(style), Hiding::None, "{style}");
        }
    }

    #[test]
    fn only_plain_rules_count() {
        let sheet = "/* .c{display:none} */ @media print{.a{display:none}} .x, p .y, #z { display:none } .w{color:red}";
        assert_eq!(
            hiding_rules(sheet),
            [(".x".to_owned(), Hiding::Gone), ("#z".to_owned(), Hiding::Gone)]
        );
    }
}
