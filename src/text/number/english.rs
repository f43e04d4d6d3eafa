//! English number words.

use super::Numeral;

/// The word of Latin letters at `start`, and where it ends.
pub fn word(chars: &[char], start: usize) -> (String, usize) {
    let mut end = start;
    while chars.get(end).is_some_and(char::is_ascii_alphabetic) {
        end += 1;
    }
    (chars[start..end].iter().collect(), end)
}

fn english_unit(word: &str) -> Option<f64> {
    const WORDS: &[&str] = &[
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ];
    const TENS: &[&str] =
        &["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    let at = |list: &[&str]| list.iter().position(|w| *w == word);
    at(WORDS).map(|n| n as f64).or_else(|| at(TENS).map(|n| (n as f64 + 2.0) * 10.0))
}

/// The number of an ordinal word (`third`: 3), `None` for other words.
pub fn english_ordinal(word: &str) -> Option<f64> {
    const WORDS: &[&str] = &[
        "first",
        "second",
        "third",
        "fourth",
        "fifth",
        "sixth",
        "seventh",
        "eighth",
        "ninth",
        "tenth",
        "eleventh",
        "twelfth",
        "thirteenth",
        "fourteenth",
        "fifteenth",
        "sixteenth",
        "seventeenth",
        "eighteenth",
        "nineteenth",
        "twentieth",
    ];
    WORDS.iter().position(|w| *w == word).map(|n| n as f64 + 1.0)
}

fn english_scale(word: &str) -> Option<f64> {
    Some(match word.strip_suffix('s').unwrap_or(word) {
        "hundred" => 1e2,
        "thousand" => 1e3,
        "million" => 1e6,
        "billion" => 1e9,
        "trillion" => 1e12,
        "dozen" => 12.0,
        _ => return None,
    })
}

/// Reads English number words: `twenty-five`, `two hundred and fifty`, `two and a half million`,
/// `half a million`, `two-thirds`, `a quarter`, `one in five`.
pub fn english(chars: &[char], start: usize) -> Option<Numeral> {
    let words = words(chars, start, 12);
    let (value, step, used) = cardinal(&words)?;
    let next = words.get(used).map(|(w, _)| w.as_str()).unwrap_or("");
    let (value, used, fraction) = match denominator(next, used) {
        Some(d) if value < d => (value / d, used + 1, true),
        _ => match (next, words.get(used + 1)) {
            ("in" | "of", Some((w, _))) if used == 1 && (next == "in") => match english_unit(w) {
                Some(d) if d > value && d >= 2.0 => (value / d, used + 2, true),
                _ => (value, used, value == 0.5),
            },
            _ => (value, used, value == 0.5),
        },
    };
    let end = words.get(used - 1)?.1;
    Some(Numeral { value, step, scale: 1.0, end, spelled: true, fraction })
}

fn denominator(word: &str, used: usize) -> Option<f64> {
    if used == 0 {
        return None;
    }
    Some(match word {
        "half" | "halves" => 2.0,
        "third" | "thirds" => 3.0,
        "quarter" | "quarters" => 4.0,
        _ => {
            let base = word.strip_suffix('s').unwrap_or(word);
            english_ordinal(base).filter(|n| (4.0..=20.0).contains(n))?
        }
    })
}

/// Words from `start` on, joined by one space or hyphen, each with its end.
fn words(chars: &[char], start: usize, most: usize) -> Vec<(String, usize)> {
    let (mut out, mut at) = (Vec::new(), start);
    while out.len() < most {
        let (found, end) = word(chars, at);
        if found.is_empty() {
            break;
        }
        out.push((found, end));
        if !matches!(chars.get(end), Some(' ' | '-')) {
            break;
        }
        at = end + 1;
    }
    out
}

/// The value of the number words in front, the weight of the last, and how many words it took.
fn cardinal(words: &[(String, usize)]) -> Option<(f64, f64, usize)> {
    let (mut total, mut current, mut step) = (0.0, None::<f64>, 1.0);
    let mut used = 0;
    let mut at = 0;
    while let Some((word, _)) = words.get(at) {
        let word = word.as_str();
        let next = words.get(at + 1).map(|(w, _)| w.as_str()).unwrap_or("");
        if let Some(unit) = english_unit(word) {
            if current.is_some_and(|c: f64| {
                c % 100.0 != 0.0 && !(c % 10.0 == 0.0 && c % 100.0 >= 20.0 && unit < 10.0)
            }) {
                break;
            }
            current = Some(current.unwrap_or(0.0) + unit);
            step = if unit >= 20.0 { 10.0 } else { 1.0 };
        } else if let Some(scale) = english_scale(word) {
            let plural = word.ends_with('s') && at == 0;
            if plural {
                return None;
            }
            let base = current.unwrap_or(1.0);
            step = scale;
            if scale == 100.0 {
                current = Some(base * scale);
            } else {
                total += base * scale;
                current = None;
            }
        } else if word == "half" && at == 0 {
            current = Some(0.5);
            step = 0.5;
            if next == "a" || next == "an" {
                at += 1;
            }
            used = 1;
            at += 1;
            if english_scale(words.get(at).map_or("", |(w, _)| w)).is_none() {
                break;
            }
            continue;
        } else if (word == "a" || word == "an")
            && at == 0
            && (english_scale(next).is_some() || denominator(next, 1).is_some())
        {
            current = Some(1.0);
            at += 1;
            used = at;
            continue;
        } else if word == "and"
            && at > 0
            && next == "a"
            && words.get(at + 2).is_some_and(|(w, _)| w == "half")
        {
            current = Some(current.unwrap_or(0.0) + 0.5);
            step = 0.5;
            at += 2;
        } else if word == "and"
            && at > 0
            && english_unit(next).is_some()
            && (total > 0.0 || current.is_some_and(|c| c >= 100.0))
        {
            at += 1;
            continue;
        } else {
            break;
        }
        at += 1;
        used = at;
    }
    (used > 0).then(|| (total + current.unwrap_or(0.0), step, used))
}
