//! Chinese numerals.

use super::Numeral;
use super::digits::scale_at;

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
        && chars.get(end).is_some_and(|c| "米克瓦卡赫帕伏".contains(*c))
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
        (run.iter().fold(0.0, |v, c| v * 10.0 + f64::from(chinese_digit(*c).unwrap_or(0))), 1.0)
    } else {
        with_factors(run)
    };
    // 三点五, followed by digits only; 七点 is a time of day.
    if chars.get(end) == Some(&'点')
        && chars.get(end + 1).is_some_and(|c| chinese_digit(*c).is_some())
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
    Some(Numeral { value, step, scale: 1.0, end, spelled: true, fraction: false })
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
                    + digit.unwrap_or(if section == 0.0 && total == 0.0 { 1.0 } else { 0.0 });
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
