//! Numerals, in digits, Chinese and English words: what value stands here, and how exact it is.
//!
//! It reads one numeral at a place; units, dates and ranges are [`super::quantity`]'s.

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

/// Reads digits with thousands separators, decimals and a scale: `1,234.5`, `1.5亿`, `2万4801`,
/// `150M`, `6.6 billion`. `chars` must be lower case and in narrow forms.
pub fn digits(chars: &[char], start: usize) -> Option<Numeral> {
    let (mut value, mut step, mut end) = plain_digits(chars, start)?;
    let mut scale = 1.0;
    loop {
        let Some((factor, next)) = scale_at(chars, end) else {
            break;
        };
        value *= factor;
        step *= factor;
        scale *= factor;
        end = next;
        // 2万4801, 3亿5000万: what follows is smaller than the scale.
        if let Some((more, more_step, more_end)) = plain_digits(chars, end) {
            let (inner, inner_end) = scale_at(chars, more_end).unwrap_or((1.0, more_end));
            let joined = chars[end - 1] >= '\u{4e00}' && more * inner < factor;
            if joined {
                value += more * inner;
                step = more_step * inner;
                end = inner_end;
            }
            break;
        }
    }
    Some(Numeral {
        value,
        step,
        scale,
        end,
        spelled: false,
        fraction: false,
    })
}

fn plain_digits(chars: &[char], start: usize) -> Option<(f64, f64, usize)> {
    let digit = |i: usize| chars.get(i).is_some_and(char::is_ascii_digit);
    if !digit(start) {
        return None;
    }
    let (mut text, mut i) = (String::new(), start);
    while digit(i) {
        text.push(chars[i]);
        i += 1;
    }
    while text.len() <= 3 || i > start + 4 {
        let group = chars.get(i) == Some(&',') && (1..=3).all(|k| digit(i + k)) && !digit(i + 4);
        if !group {
            break;
        }
        text.extend(&chars[i + 1..i + 4]);
        i += 4;
    }
    let mut step = 1.0;
    if chars.get(i) == Some(&'.') && digit(i + 1) {
        text.push('.');
        i += 1;
        while digit(i) {
            text.push(chars[i]);
            step /= 10.0;
            i += 1;
        }
    } else {
        let zeros = text.len() - text.trim_end_matches('0').len();
        step = 10f64.powi(i32::try_from(zeros.min(text.len().saturating_sub(1))).unwrap_or(0));
    }
    Some((text.parse().ok()?, step, i))
}

const SCALES: &[(&str, f64)] = &[
    ("万亿", 1e12),
    ("千亿", 1e11),
    ("百亿", 1e10),
    ("十亿", 1e9),
    ("千万", 1e7),
    ("百万", 1e6),
    ("十万", 1e5),
    ("亿", 1e8),
    ("萬億", 1e12),
    ("億", 1e8),
    ("万", 1e4),
    ("萬", 1e4),
    ("千", 1e3),
    ("百", 1e2),
    ("hundred", 1e2),
    ("thousand", 1e3),
    ("million", 1e6),
    ("billion", 1e9),
    ("trillion", 1e12),
    ("dozen", 12.0),
    ("crore", 1e7),
    ("lakh", 1e5),
    ("mn", 1e6),
    ("mln", 1e6),
    ("bn", 1e9),
    ("tn", 1e12),
    ("k", 1e3),
    ("m", 1e6),
    ("b", 1e9),
    ("t", 1e12),
];

/// A scale at `at`, after one space or hyphen at most; a letter only right behind the digits.
fn scale_at(chars: &[char], at: usize) -> Option<(f64, usize)> {
    let gap = usize::from(matches!(chars.get(at), Some(' ' | '-' | '\u{a0}')));
    SCALES.iter().find_map(|(word, factor)| {
        let letters: Vec<char> = word.chars().collect();
        let from = at
            + if letters.len() == 1 && letters[0].is_ascii() {
                0
            } else {
                gap
            };
        let ends = from + letters.len();
        let here = chars.get(from..ends)? == letters.as_slice();
        let latin = letters[0].is_ascii();
        let next = chars.get(ends).copied().unwrap_or(' ');
        // 千米, 千克, 千瓦 are units; `5 m` is metres and `5mb` megabytes.
        let unit =
            *word == "千" && matches!(next, '米' | '克' | '瓦' | '卡' | '赫' | '帕' | '伏' | '字');
        let plural =
            latin && next == 's' && !chars.get(ends + 1).is_some_and(char::is_ascii_alphabetic);
        let whole = !latin || !next.is_ascii_alphanumeric() || plural;
        (here && !unit && whole).then_some((*factor, ends + usize::from(plural)))
    })
}

/// The value of a Chinese digit, 0..=9.
pub fn chinese_digit(c: char) -> Option<u32> {
    Some(match c {
        '零' | '〇' => 0,
        '一' | '壹' => 1,
        '二' | '两' | '贰' => 2,
        '三' | '叁' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

fn chinese_factor(c: char) -> Option<f64> {
    Some(match c {
        '十' | '拾' => 10.0,
        '百' => 100.0,
        '千' => 1000.0,
        '万' | '萬' => 1e4,
        '亿' | '億' => 1e8,
        _ => return None,
    })
}

/// Reads Chinese numerals: `一百二十`, `两万`, `十五`, `二〇一五` (digit by digit), `三点五`.
pub fn chinese(chars: &[char], start: usize) -> Option<Numeral> {
    let mut end = start;
    while chars
        .get(end)
        .is_some_and(|c| chinese_digit(*c).is_some() || chinese_factor(*c).is_some())
    {
        end += 1;
    }
    // 每千克, 三千米: the last character belongs to the unit.
    if end > start
        && chars[end - 1] == '千'
        && chars
            .get(end)
            .is_some_and(|c| "米克瓦卡赫帕伏".contains(*c))
    {
        end -= 1;
    }
    let run = &chars[start..end];
    if run.is_empty() {
        return None;
    }
    let digit_by_digit = run.iter().all(|c| chinese_digit(*c).is_some());
    // 三四个 is vague, 唯一一部 is no number at all.
    if digit_by_digit && (2..4).contains(&run.len()) && !run.contains(&'〇') && !run.contains(&'零')
    {
        return None;
    }
    let (mut value, mut step) = if digit_by_digit {
        (
            run.iter().fold(0.0, |v, c| {
                v * 10.0 + f64::from(chinese_digit(*c).unwrap_or(0))
            }),
            1.0,
        )
    } else {
        with_factors(run)
    };
    // 三点五, followed by digits only; 七点 is a time of day.
    if chars.get(end) == Some(&'点')
        && chars
            .get(end + 1)
            .is_some_and(|c| chinese_digit(*c).is_some())
    {
        let mut at = end + 1;
        let mut weight = 1.0;
        while let Some(digit) = chars.get(at).and_then(|c| chinese_digit(*c)) {
            weight /= 10.0;
            value += f64::from(digit) * weight;
            at += 1;
        }
        let minutes = matches!(chars.get(at), Some('十' | '分' | '刻'));
        if !minutes {
            step = weight;
            end = at;
            if let Some((factor, next)) = scale_at(chars, end) {
                return Some(Numeral {
                    value: value * factor,
                    step: step * factor,
                    scale: factor,
                    end: next,
                    spelled: true,
                    fraction: false,
                });
            }
        } else {
            value = value.floor();
        }
    }
    Some(Numeral {
        value,
        step,
        scale: 1.0,
        end,
        spelled: true,
        fraction: false,
    })
}

fn with_factors(run: &[char]) -> (f64, f64) {
    let (mut total, mut section, mut digit, mut last) = (0.0, 0.0, None::<f64>, 1.0);
    for c in run {
        if let Some(d) = chinese_digit(*c) {
            digit = Some(f64::from(d));
            last = 1.0;
        } else if let Some(factor) = chinese_factor(*c) {
            last = factor;
            if factor >= 1e4 {
                let part = section
                    + digit.unwrap_or(if section == 0.0 && total == 0.0 {
                        1.0
                    } else {
                        0.0
                    });
                total = if factor > 1e4 || total < factor {
                    (total + part) * factor
                } else {
                    total + part * factor
                };
                section = 0.0;
            } else {
                section += digit.unwrap_or(1.0) * factor;
            }
            digit = None;
        }
    }
    (total + section + digit.unwrap_or(0.0), last)
}

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
    const TENS: &[&str] = &[
        "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
    ];
    let at = |list: &[&str]| list.iter().position(|w| *w == word);
    at(WORDS)
        .map(|n| n as f64)
        .or_else(|| at(TENS).map(|n| (n as f64 + 2.0) * 10.0))
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
    WORDS
        .iter()
        .position(|w| *w == word)
        .map(|n| n as f64 + 1.0)
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
    Some(Numeral {
        value,
        step,
        scale: 1.0,
        end,
        spelled: true,
        fraction,
    })
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
