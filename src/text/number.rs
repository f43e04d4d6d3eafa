//! Numerals, in digits, Chinese and English words: what value stands here, and how exact it is.
//!
//! It reads one numeral at a place; units, dates and ranges are [`super::quantity`]'s.

mod chinese;
mod digits;
mod english;

pub use chinese::{chinese, chinese_digit};
pub use digits::digits;
pub use english::{english, english_ordinal, word};

/// A numeral.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Numeral {
    /// Its value, scales (`万`, `million`) included.
    pub value: f64,
    /// The weight of its last significant digit: 0.1 for `1.5`, 1e7 for `1.5亿`, 1000 for `2,000`.
    pub step: f64,
    /// What a scale behind the digits multiplied by; 1 where there is none.
    pub scale: f64,
    /// Where it ends (exclusive), in characters.
    pub end: usize,
    /// Whether it was written in words, Chinese or English.
    pub spelled: bool,
    /// Whether it is a fraction of a whole (`一半`, `two-thirds`).
    pub fraction: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chars(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    #[test]
    fn reads_digits() {
        for (text, value, step) in [
            ("1,234,567 x", 1_234_567.0, 1.0),
            ("1.5亿", 1.5e8, 1e7),
            ("2万4801", 24801.0, 1.0),
            ("150m users", 1.5e8, 1e7),
            ("6.6bn", 6.6e9, 1e8),
            ("6.6 billion", 6.6e9, 1e8),
            ("2000人", 2000.0, 1000.0),
            ("1.8万亿", 1.8e12, 1e11),
            ("5 m", 5.0, 1.0),
            ("30千米", 30.0, 10.0),
            ("3,45", 3.0, 1.0),
            ("3亿5000万", 3.5e8, 1e7),
        ] {
            let got = digits(&chars(text), 0).unwrap();
            assert!((got.value - value).abs() < value * 1e-9, "{text}: {got:?}");
            assert!((got.step - step).abs() < step * 1e-6, "{text}: {got:?}");
        }
    }

    #[test]
    fn reads_chinese() {
        for (text, value) in [
            ("十五", 15.0),
            ("二十", 20.0),
            ("一百二十三", 123.0),
            ("两万三千", 23000.0),
            ("百万", 1e6),
            ("三点五", 3.5),
            ("二〇一五", 2015.0),
            ("一亿两千万", 1.2e8),
            ("七点三十", 7.0),
            ("一千零五", 1005.0),
        ] {
            assert_eq!(chinese(&chars(text), 0).unwrap().value, value, "{text}");
        }
    }

    #[test]
    fn reads_english() {
        for (text, value) in [
            ("twenty-five people", 25.0),
            ("two hundred and fifty", 250.0),
            ("two and a half million", 2.5e6),
            ("half a million", 5e5),
            ("two-thirds of", 2.0 / 3.0),
            ("a third of", 1.0 / 3.0),
            ("three-quarters", 0.75),
            ("one in five users", 0.2),
            ("two dozen staff", 24.0),
            ("a hundred", 100.0),
            ("ten years", 10.0),
            ("million tokens", 1e6),
        ] {
            let got = english(&chars(text), 0).unwrap();
            assert!((got.value - value).abs() < 1e-9, "{text}: {got:?}");
        }
        assert_eq!(english(&chars("hundreds of"), 0), None);
        assert_eq!(english(&chars("a year"), 0), None);
    }
}
