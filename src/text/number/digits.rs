//! Digits with separators, decimals and scales.

use super::Numeral;

/// Reads digits with thousands separators, decimals and a scale: `1,234.5`, `1.5亿`, `2万4801`,
/// `150M`, `6.6 billion`. `chars` must be lower case and in narrow forms.
pub fn digits(chars: &[char], start: usize) -> Option<Numeral> {
    let (mut value, mut step, mut end) = plain_digits(chars, start)?;
    let mut scale = 1.0;
    while let Some((factor, next)) = scale_at(chars, end) {
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
    Some(Numeral { value, step, scale, end, spelled: false, fraction: false })
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
pub(super) fn scale_at(chars: &[char], at: usize) -> Option<(f64, usize)> {
    let gap = usize::from(matches!(chars.get(at), Some(' ' | '-' | '\u{a0}')));
    SCALES.iter().find_map(|(word, factor)| {
        let latin = word.is_ascii();
        let from = at + if word.len() == 1 { 0 } else { gap };
        let mut ends = from;
        for c in word.chars() {
            if chars.get(ends) != Some(&c) {
                return None;
            }
            ends += 1;
        }
        let next = chars.get(ends).copied().unwrap_or(' ');
        // 百帕, 千米, 千克, 千瓦 are units; `5 m` is metres and `5mb` megabytes.
        let unit = *word == "千"
            && matches!(next, '米' | '克' | '瓦' | '卡' | '赫' | '帕' | '伏' | '字')
            || *word == "百" && next == '帕';
        let plural =
            latin && next == 's' && !chars.get(ends + 1).is_some_and(char::is_ascii_alphabetic);
        let whole = !latin || !next.is_ascii_alphanumeric() || plural;
        (!unit && whole).then_some((*factor, ends + usize::from(plural)))
    })
}
