//! Which style declarations make text invisible, for inline styles and rules of sheets alike.

use super::color::{self, Color};

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

/// What one style attribute or rule declares, as far as it bears on being seen.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Declared {
    gone: bool,
    faded: bool,
    away: bool,
    positioned: bool,
    cut: bool,
    flat: bool,
    /// It says that the element is displayed, visible or opaque.
    pub(crate) shows: bool,
    /// A declaration that bears on being seen is `!important`.
    pub(crate) important: bool,
    /// The colour of its text.
    pub(crate) color: Option<Color>,
    /// What is painted behind it.
    pub(crate) background: Option<Color>,
}

/// Reads declarations: `display:none; color:#fff`.
pub(crate) fn read(style: &str) -> Declared {
    let mut seen = Declared::default();
    for declaration in style.split(';') {
        let Some((key, value)) = declaration.split_once(':') else {
            continue;
        };
        let key = key.trim();
        let Some(key) = KEYS.iter().find(|k| k.eq_ignore_ascii_case(key)) else {
            continue;
        };
        let value = value.trim().to_ascii_lowercase();
        let plain = value.trim_end_matches("!important").trim_end_matches("! important").trim();
        seen.important |= plain.len() < value.len();
        seen.take(key, plain);
    }
    seen
}

/// The properties that bear on whether text is seen.
const KEYS: &[&str] = &[
    "display",
    "visibility",
    "content-visibility",
    "opacity",
    "filter",
    "font-size",
    "font",
    "zoom",
    "height",
    "max-height",
    "width",
    "max-width",
    "line-height",
    "overflow",
    "overflow-x",
    "overflow-y",
    "position",
    "left",
    "top",
    "right",
    "bottom",
    "text-indent",
    "margin-left",
    "margin-top",
    "transform",
    "scale",
    "clip",
    "clip-path",
    "color",
    "-webkit-text-fill-color",
    "background",
    "background-color",
    "background-image",
];

impl Declared {
    fn take(&mut self, key: &str, value: &str) {
        match key {
            "display" => self.switch(value == "none", true),
            "visibility" => self.switch(matches!(value, "hidden" | "collapse"), false),
            "content-visibility" => self.gone |= value == "hidden",
            "opacity" => self.switch(number(value).is_some_and(|n| n < 0.05), false),
            "filter" => self.faded |= value.replace(' ', "").contains("opacity(0"),
            "font-size" => self.gone |= number(value).is_some_and(|n| n < 0.1 || is_tiny(value, n)),
            "font" => self.gone |= value.starts_with("0/") || value.starts_with("0 "),
            "zoom" | "scale" => self.gone |= number(value) == Some(0.0),
            "height" | "max-height" | "width" | "max-width" | "line-height" => {
                self.flat |=
                    number(value).is_some_and(|n| n == 0.0 || (n <= 1.0 && value.ends_with("px")));
            }
            "overflow" | "overflow-x" | "overflow-y" => {
                self.cut |= matches!(value.split(' ').next(), Some("hidden" | "clip"));
            }
            "position" => self.positioned |= matches!(value, "absolute" | "fixed" | "relative"),
            "left" | "top" | "right" | "bottom" => {
                self.away |= pixels(value).is_some_and(|n| n <= -500.0 || n >= 9000.0);
            }
            // Columns are laid out by margins of -100%.
            "text-indent" | "margin-left" | "margin-top" if !value.ends_with('%') => {
                self.gone |= pixels(value).is_some_and(|n| n <= -900.0);
            }
            "transform" => self.gone |= is_away(&value.replace(' ', "")),
            "clip" => self.gone |= is_empty_clip(value),
            "clip-path" => self.gone |= is_empty_path(&value.replace(' ', "")),
            "color" | "-webkit-text-fill-color" => self.color = color::read(value),
            "background-color" if matches!(self.background, Some(Color::Other(_))) => {}
            "background" | "background-color" => self.background = color::of_background(value),
            "background-image" if value != "none" => {
                self.background = Some(Color::Other(value.to_owned()));
            }
            _ => {}
        }
    }

    /// A property that either hides or shows; the last one said counts.
    fn switch(&mut self, hides: bool, for_good: bool) {
        if for_good {
            self.gone |= hides;
        } else {
            self.faded |= hides;
        }
        self.shows = !hides;
    }

    /// Whether a colour is declared.
    pub(crate) fn has_colors(&self) -> bool {
        self.color.is_some() || self.background.is_some()
    }

    /// What these declarations alone do to an element.
    pub(crate) fn hiding(&self) -> Hiding {
        let same = match (&self.color, &self.background) {
            (Some(text), Some(behind)) => text.like(behind),
            _ => false,
        };
        // Text filled by its own background shows that.
        let clear = self.color == Some(Color::Clear) && self.background.is_none();
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

/// A length in pixels, near enough: an `em` is sixteen, one percent of the window nine.
fn pixels(value: &str) -> Option<f64> {
    let unit = value.trim_start_matches(|c: char| c.is_ascii_digit() || "+-.".contains(c));
    let factor = match unit {
        "em" | "rem" => 16.0,
        "vw" | "vh" | "%" => 9.0,
        "in" => 96.0,
        "cm" => 38.0,
        _ => 1.0,
    };
    number(value.strip_prefix("calc(").unwrap_or(value)).map(|n| n * factor)
}

/// A transformation to nothing, or far away.
fn is_away(value: &str) -> bool {
    ["scale(0)", "scale(0,", "scalex(0)", "scaley(0)"].iter().any(|s| value.contains(s))
        || value.split("translate").skip(1).any(|rest| {
            let inside = rest.split_once('(').map_or("", |(_, inside)| inside);
            inside.split([',', ')']).take(2).filter_map(pixels).any(|n| n <= -900.0)
        })
}

/// A shape without an area.
fn is_empty_path(value: &str) -> bool {
    let insets = value.strip_prefix("inset(").and_then(number);
    insets.is_some_and(|n| n >= 50.0 && value.contains('%'))
        || ["circle(0)", "circle(0px)", "circle(0%)", "polygon(00)", "polygon(00,00,00)"]
            .contains(&value)
        || value.starts_with("polygon(00,00,00,00")
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
            "transform: translate(-9999px, 0)",
            "position:relative;left:-999em",
            "position:fixed; left:-100vw",
            "font:0/0 a",
            "max-height:0;overflow:hidden",
            "color:#fefefe;background-color:#ffffff",
            "content-visibility:hidden",
        ] {
            assert_eq!(read(style).hiding(), Hiding::Gone, "{style}");
        }
        for style in ["visibility:hidden", "opacity:0", "opacity: 0.0;"] {
            assert_eq!(read(style).hiding(), Hiding::Faded, "{style}");
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
            "color:transparent;background:linear-gradient(red, blue)",
            "color:#fff;background:#fff url(dark.png)",
            "transform:translate(-50%, -50%)",
            "margin-left:-15px",
        ] {
            assert_eq!(read(style).hiding(), Hiding::None, "{style}");
        }
    }
}
