//! Colours as styles write them, for one question: is text in the colour of what is behind it.

/// The largest difference in one channel at which two colours look the same.
const NEAR: u8 = 6;

/// A colour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Color {
    /// Not painted at all.
    Clear,
    /// Red, green, blue.
    Rgb([u8; 3]),
    /// A spelling that is not resolved here; it is like itself alone.
    Other(String),
}

impl Color {
    /// Whether a reader cannot tell both apart.
    pub(crate) fn like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Rgb(a), Self::Rgb(b)) => a.iter().zip(b).all(|(x, y)| x.abs_diff(*y) <= NEAR),
            (Self::Other(a), Self::Other(b)) => a == b,
            _ => false,
        }
    }

    /// White.
    pub(crate) const WHITE: Self = Self::Rgb([255; 3]);
}

const NAMES: &[(&str, [u8; 3])] = &[
    ("white", [255, 255, 255]),
    ("black", [0, 0, 0]),
    ("red", [255, 0, 0]),
    ("lime", [0, 255, 0]),
    ("green", [0, 128, 0]),
    ("blue", [0, 0, 255]),
    ("yellow", [255, 255, 0]),
    ("gray", [128, 128, 128]),
    ("grey", [128, 128, 128]),
    ("silver", [192, 192, 192]),
    ("snow", [255, 250, 250]),
    ("ivory", [255, 255, 240]),
    ("ghostwhite", [248, 248, 255]),
    ("whitesmoke", [245, 245, 245]),
    ("navy", [0, 0, 128]),
];

/// Reads a colour in lower case; `None` for words that name none, such as `inherit`.
pub(crate) fn read(value: &str) -> Option<Color> {
    let value = value.trim();
    if let Some(hex) = value.strip_prefix('#') {
        return Some(of_hex(hex).unwrap_or_else(|| Color::Other(value.to_owned())));
    }
    for name in ["rgba(", "rgb("] {
        if let Some(rest) = value.strip_prefix(name) {
            return Some(of_numbers(rest).unwrap_or_else(|| Color::Other(value.to_owned())));
        }
    }
    match value {
        "transparent" => Some(Color::Clear),
        "" | "inherit" | "initial" | "unset" | "revert" | "currentcolor" | "none" | "auto" => None,
        _ => {
            let known = NAMES.iter().find(|(name, _)| *name == value);
            Some(known.map_or_else(|| Color::Other(value.to_owned()), |(_, c)| Color::Rgb(*c)))
        }
    }
}

/// What a `background` paints: its colour, or something that is no single colour (an image).
pub(crate) fn of_background(value: &str) -> Option<Color> {
    if value.contains("url(") || value.contains("gradient(") {
        return Some(Color::Other(value.to_owned()));
    }
    // A function is one word, whatever white space is in it.
    let value = value.trim();
    let end = match value.find('(') {
        Some(open) if !value[..open].contains(' ') => {
            value.find(')').map_or(value.len(), |i| i + 1)
        }
        _ => value.find(' ').unwrap_or(value.len()),
    };
    read(&value[..end])
}

fn of_hex(hex: &str) -> Option<Color> {
    let digits: Vec<u8> =
        hex.chars().map(|c| c.to_digit(16).map(|d| d as u8)).collect::<Option<_>>()?;
    let (rgb, alpha) = match digits.as_slice() {
        [r, g, b] => ([r * 17, g * 17, b * 17], 15),
        [r, g, b, a] => ([r * 17, g * 17, b * 17], *a),
        [a, b, c, d, e, f] => ([a * 16 + b, c * 16 + d, e * 16 + f], 15),
        [a, b, c, d, e, f, g, h] => ([a * 16 + b, c * 16 + d, e * 16 + f], g * 16 + h),
        _ => return None,
    };
    Some(if alpha == 0 { Color::Clear } else { Color::Rgb(rgb) })
}

/// `255, 255, 255)`, `255 255 255 / 50%)`.
fn of_numbers(rest: &str) -> Option<Color> {
    let inner = rest.split(')').next()?;
    let numbers: Vec<f64> = inner
        .split(|c: char| c == ',' || c == '/' || c.is_whitespace())
        .filter(|n| !n.is_empty())
        .map(|n| n.trim_end_matches('%').parse().ok())
        .collect::<Option<_>>()?;
    if numbers.get(3) == Some(&0.0) {
        return Some(Color::Clear);
    }
    match numbers.as_slice() {
        [r, g, b, ..] => Some(Color::Rgb([*r as u8, *g as u8, *b as u8])),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_colour_in_many_spellings() {
        for white in
            ["#fff", "#FFFFFF", "white", "rgb(255, 255, 255)", "rgba(255,255,255,1)", "#fefefe"]
        {
            assert!(read(&white.to_lowercase()).unwrap().like(&Color::WHITE), "{white}");
        }
        assert!(!read("#eee").unwrap().like(&Color::WHITE));
        for clear in ["transparent", "rgba(0,0,0,0)", "#0000", "rgb(1 2 3 / 0%)"] {
            assert_eq!(read(clear), Some(Color::Clear), "{clear}");
        }
        assert_eq!(read("inherit"), None);
        assert_eq!(of_background("rgb(1, 2, 3) no-repeat"), Some(Color::Rgb([1, 2, 3])));
        assert!(matches!(of_background("#fff url(a.png)"), Some(Color::Other(_))));
    }
}
