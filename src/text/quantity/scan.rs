//! The scan: from the first character to the last, the longest reading at each place first.

use super::unit::{self, Unit};
use super::{Fact, Found, Quantity, Slack, calendar};
use crate::text::number::{self, Numeral};

/// Everything that `text` says in figures, in order. Spans are in code points.
pub fn scan(text: &str) -> Vec<Found> {
    let original: Vec<char> = text.chars().map(narrow).collect();
    let chars: Vec<char> = original.iter().map(char::to_ascii_lowercase).collect();
    let mut out: Vec<Found> = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        at = step(&original, &chars, at, &mut out).max(at + 1);
    }
    ranges(&chars, &mut out);
    out
}

/// Width and dashes folded, one character for one; Chinese punctuation stays.
fn narrow(c: char) -> char {
    match c {
        '\u{ff10}'..='\u{ff19}'
        | '\u{ff21}'..='\u{ff3a}'
        | '\u{ff41}'..='\u{ff5a}'
        | '％'
        | '＄'
        | '．'
        | '：'
        | '＋'
        | '－'
        | '～' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => '-',
        '\u{a0}' | '\u{202f}' | '\u{2009}' | '\u{3000}' => ' ',
        '￥' => '¥',
        '’' => '\'',
        c => c,
    }
}

/// Reads what stands at `at`; gives where to go on.
fn step(original: &[char], chars: &[char], at: usize, out: &mut Vec<Found>) -> usize {
    let c = chars[at];
    let begins = at == 0 || !chars[at - 1].is_ascii_alphanumeric();
    if c.is_ascii_alphanumeric() && !begins {
        return at + 1;
    }
    if let Some(found) = calendar::relative(chars, at) {
        let end = found.span.end;
        out.push(found);
        return end;
    }
    if c.is_ascii_alphanumeric()
        && let Some(end) = identifier(original, chars, at)
    {
        out.push(Found {
            span: at..end,
            fact: Fact::Identifier,
        });
        return end;
    }
    let dated = calendar::quarter(chars, at)
        .or_else(|| calendar::numeric(chars, at))
        .or_else(|| calendar::long(chars, at))
        .or_else(|| calendar::chinese(chars, at))
        .or_else(|| calendar::month_first(chars, at, original[at].is_uppercase()))
        .or_else(|| calendar::day_first(chars, at))
        .or_else(|| calendar::clock(chars, at));
    if let Some(found) = dated {
        return dated_end(chars, found, out);
    }
    if c.is_ascii_alphabetic() {
        return english(chars, at, out);
    }
    chinese_or_digits(chars, at, out)
}

/// A day may be a duration (`为期5日`), a time of day a score (`7:6`): both readings are kept.
fn dated_end(chars: &[char], found: Found, out: &mut Vec<Found>) -> usize {
    let end = found.span.end;
    if let Fact::Clock(clock) = &found.fact
        && chars[found.span.clone()].contains(&':')
    {
        let colon = found.span.start
            + chars[found.span.clone()]
                .iter()
                .position(|c| *c == ':')
                .unwrap_or(0);
        for (value, span) in [
            (clock.hour, found.span.start..colon),
            (clock.minute, colon + 1..end),
        ] {
            out.push(Found {
                span,
                fact: Fact::Quantity(plain(f64::from(value))),
            });
        }
    }
    out.push(found);
    end
}

fn plain(value: f64) -> Quantity {
    Quantity {
        value,
        other: None,
        step: 1.0,
        unit: Unit::Plain,
        slack: Slack::Exact,
        spelled: false,
        ordinal: false,
        counted: false,
    }
}

/// Where an identifier ends that starts at `at`: letters and digits in one token, no unit.
fn identifier(original: &[char], chars: &[char], at: usize) -> Option<usize> {
    let mut end = at;
    while end < chars.len() {
        let c = chars[end];
        let joins = matches!(c, '-' | '.' | '_')
            && chars.get(end + 1).is_some_and(char::is_ascii_alphanumeric);
        if !c.is_ascii_alphanumeric() && !joins {
            break;
        }
        end += 1;
    }
    let token: String = original[at..end].iter().collect();
    is_identifier(&token).then_some(end)
}

fn is_identifier(token: &str) -> bool {
    let digits = token.chars().any(|c| c.is_ascii_digit());
    let letters = token.chars().any(|c| c.is_ascii_alphabetic());
    if !digits || !letters {
        return false;
    }
    let lower = token.to_ascii_lowercase();
    let parts: Vec<&str> = lower.split(['-', '_']).collect();
    let mixed = |p: &str| {
        p.chars().any(|c| c.is_ascii_digit())
            && p.chars().any(|c| c.is_ascii_alphabetic())
            && !is_measured(p)
    };
    if parts.iter().any(|p| mixed(p)) {
        return true;
    }
    // COVID-19, F-16, Llama-3.1: a name in capitals, then a number.
    let named = token.split(['-', '_']).next().is_some_and(|p| {
        p.starts_with(|c: char| c.is_ascii_uppercase())
            && p.chars().all(|c| c.is_ascii_alphabetic())
    });
    let number = parts.get(1).is_some_and(|p| {
        p.starts_with(|c: char| c.is_ascii_digit()) && !(p.len() == 4 && p.starts_with("20"))
    });
    let prefix = matches!(
        parts[0],
        "mid"
            | "pre"
            | "post"
            | "sub"
            | "non"
            | "under"
            | "over"
            | "top"
            | "early"
            | "late"
            | "rmb"
            | "usd"
            | "age"
            | "aged"
            | "about"
            | "some"
            | "grade"
            | "level"
            | "nearly"
    );
    named && number && !prefix
}

/// Whether a part of a token is a number with a unit, an ordinal or a year: `150m`, `19th`, `q3`.
fn is_measured(part: &str) -> bool {
    if matches!(part, "q1" | "q2" | "q3" | "q4") {
        return true;
    }
    if let Some(digits) = ["rmb", "usd", "us", "fy", "rs", "ps"]
        .iter()
        .find_map(|p| part.strip_prefix(p))
    {
        return digits.starts_with(|c: char| c.is_ascii_digit());
    }
    let split = part
        .find(|c: char| c.is_ascii_alphabetic())
        .unwrap_or(part.len());
    let (number, unit) = part.split_at(split);
    let known = matches!(
        unit,
        "st" | "nd"
            | "rd"
            | "th"
            | "k"
            | "m"
            | "b"
            | "t"
            | "bn"
            | "mn"
            | "tn"
            | "x"
            | "s"
            | "am"
            | "pm"
            | "h"
            | "min"
            | "mins"
            | "hrs"
            | "hr"
            | "ms"
            | "km"
            | "cm"
            | "mm"
            | "nm"
            | "kg"
            | "g"
            | "gb"
            | "tb"
            | "mb"
            | "kb"
            | "pb"
            | "ghz"
            | "mhz"
            | "hz"
            | "kw"
            | "mw"
            | "gw"
            | "kwh"
            | "mwh"
            | "gwh"
            | "w"
            | "c"
            | "p"
            | "q"
            | "ft"
            | "mph"
            | "kph"
            | "pc"
            | "yr"
            | "yo"
            | "usd"
            | "fold"
            | "pp"
            | "bps"
            | "pct"
            | "l"
            | "ml"
            | "mg"
    );
    number
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, '.' | ','))
        && !number.is_empty()
        && known
}

/// Number words, ordinals and multiples in English.
fn english(chars: &[char], at: usize, out: &mut Vec<Found>) -> usize {
    let (word, end) = number::word(chars, at);
    let whole = !chars.get(end).is_some_and(char::is_ascii_digit);
    if word.is_empty() || !whole {
        return end.max(at + 1);
    }
    // a year and a half
    if let Some((found, after)) = and_a_half(chars, at, &word, end) {
        out.push(found);
        return after;
    }
    if let Some(n) = number::english(chars, at) {
        return quantity(chars, at, n, out);
    }
    let multiple = match word.as_str() {
        "double" | "doubled" | "doubles" | "doubling" | "twice" | "twofold" => Some(2.0),
        "triple" | "tripled" | "triples" | "tripling" | "thrice" | "threefold" => Some(3.0),
        "quadruple" | "quadrupled" | "fourfold" => Some(4.0),
        "halved" | "halve" | "halves" | "halving" => Some(0.5),
        _ => word
            .strip_suffix("fold")
            .and_then(|n| number::english(&n.chars().collect::<Vec<_>>(), 0))
            .map(|n| n.value),
    };
    if let Some(value) = multiple {
        let found = Quantity {
            unit: Unit::Times,
            spelled: true,
            counted: true,
            ..plain(value)
        };
        out.push(Found {
            span: at..end,
            fact: Fact::Quantity(found),
        });
        return end;
    }
    if let Some(value) = number::english_ordinal(&word) {
        let found = Quantity {
            spelled: true,
            counted: true,
            ..plain(value)
        };
        out.push(Found {
            span: at..end,
            fact: Fact::Quantity(found),
        });
    }
    end
}

fn and_a_half(chars: &[char], at: usize, word: &str, end: usize) -> Option<(Found, usize)> {
    if !matches!(word, "a" | "an" | "one") {
        return None;
    }
    let (unit, after) = unit::suffix(chars, end)?;
    let after = unit::starts_with(chars, after, " and a half")?;
    let quantity = Quantity {
        unit,
        step: 0.5,
        spelled: true,
        counted: true,
        ..plain(1.5)
    };
    Some((
        Found {
            span: at..after,
            fact: Fact::Quantity(quantity),
        },
        after,
    ))
}

fn chinese_or_digits(chars: &[char], at: usize, out: &mut Vec<Found>) -> usize {
    if let Some(end) = fraction(chars, at, out) {
        return end;
    }
    if let Some(found) = halves(chars, at) {
        let end = found.span.end;
        out.push(found);
        return end;
    }
    let numeral = number::digits(chars, at).or_else(|| number::chinese(chars, at));
    match numeral {
        Some(n) => quantity(chars, at, n, out),
        None => at + 1,
    }
}

/// 百分之二十, 三分之一, 1/3, 千分之五, 三成, 三成半.
fn fraction(chars: &[char], at: usize, out: &mut Vec<Found>) -> Option<usize> {
    let mut push = |value: f64, step: f64, end: usize, unit: Unit, spelled: bool| {
        let found = Quantity {
            value,
            step,
            unit,
            spelled,
            counted: true,
            // 1/8决赛 is the name of a round, not a part of anything.
            slack: match unit::starts_with(chars, end, "决赛") {
                Some(_) => Slack::Vague,
                None => slack(chars, at, end),
            },
            ..plain(value)
        };
        out.push(Found {
            span: at..end,
            fact: Fact::Quantity(found),
        });
        Some(end)
    };
    let of = |whole: f64, end: usize| {
        let n = number::digits(chars, end).or_else(|| number::chinese(chars, end))?;
        Some((n.value / whole * 100.0, n.step / whole * 100.0, n.end))
    };
    if let Some((value, step, end)) =
        unit::starts_with(chars, at, "百分之").and_then(|e| of(100.0, e))
    {
        return push(value, step, end, Unit::Percent, false);
    }
    if let Some((value, step, end)) =
        unit::starts_with(chars, at, "千分之").and_then(|e| of(1000.0, e))
    {
        return push(value, step, end, Unit::Percent, false);
    }
    let n = number::chinese(chars, at).or_else(|| number::digits(chars, at))?;
    if let Some((value, _, end)) =
        unit::starts_with(chars, n.end, "分之").and_then(|e| of(n.value, e))
    {
        return push(value, 1.0, end, Unit::Percent, true);
    }
    let next = |i: usize| chars.get(i).copied().unwrap_or(' ');
    if !n.spelled && next(n.end) == '/' && n.scale == 1.0 {
        let d = number::digits(chars, n.end + 1)?;
        if n.value < d.value && d.value <= 100.0 && next(d.end) != '/' {
            return push(n.value / d.value * 100.0, 1.0, d.end, Unit::Percent, false);
        }
    }
    let tenths = next(n.end) == '成'
        && n.value <= 10.0
        && !"为了立都本员功果就效长年交人品绩分熟不型".contains(next(n.end + 1));
    if tenths {
        let half = next(n.end + 1) == '半';
        let value = n.value * 10.0 + if half { 5.0 } else { 0.0 };
        return push(
            value,
            10.0,
            n.end + 1 + usize::from(half),
            Unit::Percent,
            false,
        );
    }
    None
}

/// 一半, 半年, 半小时, 翻一番, 过半.
fn halves(chars: &[char], at: usize) -> Option<Found> {
    let found = |end, quantity| {
        Some(Found {
            span: at..end,
            fact: Fact::Quantity(quantity),
        })
    };
    if let Some(end) = unit::starts_with(chars, at, "十分") {
        // “Very”, hardly ever ten points.
        return found(end, Quantity { spelled: true, ..plain(10.0) });
    }
    if let Some(end) = unit::starts_with(chars, at, "一半") {
        return found(
            end,
            Quantity {
                unit: Unit::Percent,
                spelled: true,
                ..plain(50.0)
            },
        );
    }
    if let Some(end) = unit::starts_with(chars, at, "翻一番")
        .or_else(|| unit::starts_with(chars, at, "翻番"))
        .or_else(|| unit::starts_with(chars, at, "翻倍"))
    {
        return found(
            end,
            Quantity {
                unit: Unit::Times,
                spelled: true,
                counted: true,
                ..plain(2.0)
            },
        );
    }
    let end = unit::starts_with(chars, at, "半")?;
    let from = end + usize::from(chars.get(end) == Some(&'个'));
    let (unit, end) = unit::suffix(chars, from).or_else(|| unit::suffix(chars, end))?;
    matches!(unit, Unit::Measure(..)).then(|| Found {
        span: at..end,
        fact: Fact::Quantity(Quantity {
            unit,
            step: 0.5,
            spelled: true,
            counted: true,
            ..plain(0.5)
        }),
    })
}

/// Words after a Chinese numeral that show it to be a count.
const MEASURES: &str = "个名位人次家项条件部场届级层度台辆架座只张份款种类篇株头艘枚颗起例户组支队批期集章节轮点分页字道步代杯";

/// A numeral with what stands around it: currency, unit, half, approximation.
fn quantity(chars: &[char], start: usize, n: Numeral, out: &mut Vec<Found>) -> usize {
    let (mut at, mut end) = (start, n.end);
    let (mut value, mut step) = (n.value, n.step);
    let mut unit = Unit::Plain;
    if let Some((currency, from)) = unit::prefix(chars, start) {
        unit = Unit::Money(currency);
        at = from;
    }
    let gap = usize::from(chars.get(end) == Some(&' '));
    let more = matches!(chars.get(end + gap), Some('多' | '余' | '+' | '几'));
    end += if more { 1 + gap } else { 0 };
    if more && let Some((factor, after)) = bare_scale(chars, end) {
        value *= factor;
        step *= factor;
        end = after;
    }
    // 两个半小时, 一年半, 一个半月
    if let Some(half) = unit::starts_with(chars, end, "个半") {
        value += 0.5;
        step = 0.5;
        end = half;
    }
    if n.fraction && unit == Unit::Plain {
        let found = Quantity {
            value: value * 100.0,
            unit: Unit::Percent,
            spelled: true,
            slack: slack(chars, at, end),
            ..plain(0.0)
        };
        out.push(Found {
            span: at..end,
            fact: Fact::Quantity(found),
        });
        // Half an hour is a duration as well as a half.
        if let Some((u, e)) = unit::suffix(chars, end) {
            out.push(Found {
                span: at..e,
                fact: Fact::Quantity(Quantity {
                    unit: u,
                    spelled: true,
                    counted: true,
                    ..plain(value)
                }),
            });
        }
        return end;
    }
    let mut counted = n.scale > 1.0 || step >= 1e4;
    let (ending, after) = number::word(chars, end);
    let nth = !n.spelled && matches!(ending.as_str(), "st" | "nd" | "rd" | "th");
    if nth {
        end = after;
        counted = true;
    } else if let Some((found, after)) = unit::suffix(chars, end) {
        unit = if unit == Unit::Plain || matches!((unit, found), (Unit::Money(_), Unit::Money(_))) {
            found
        } else {
            unit
        };
        end = after;
        counted = true;
        if matches!(found, Unit::Measure(..)) && chars.get(end) == Some(&'半') {
            value += 0.5;
            step = 0.5;
            end += 1;
        }
    } else if chars.get(end).is_some_and(|c| MEASURES.contains(*c)) {
        counted = true;
    }
    let ordinal = at > 0 && chars[at - 1] == '第';
    let letter = n.scale > 1.0
        && chars.get(n.end - 1).is_some_and(char::is_ascii_alphabetic)
        && chars
            .get(n.end.wrapping_sub(2))
            .is_some_and(char::is_ascii_digit);
    let quantity = Quantity {
        value,
        other: letter.then_some(value / n.scale),
        step,
        unit,
        slack: if more {
            Slack::Over
        } else {
            slack(chars, at, end)
        },
        spelled: n.spelled,
        ordinal: ordinal || nth,
        counted: counted || ordinal,
    };
    out.push(Found {
        span: at - usize::from(ordinal)..end,
        fact: Fact::Quantity(quantity),
    });
    end
}

/// 10多万, 3000余亿: a scale behind 多 or 余.
fn bare_scale(chars: &[char], at: usize) -> Option<(f64, usize)> {
    [
        ("万亿", 1e12),
        ("亿", 1e8),
        ("万", 1e4),
        ("千", 1e3),
        ("百", 1e2),
    ]
    .iter()
    .find_map(|(word, factor)| unit::starts_with(chars, at, word).map(|end| (*factor, end)))
}

/// How exactly a number between `at` and `end` is meant, by the words around it.
fn slack(chars: &[char], at: usize, end: usize) -> Slack {
    let before: String = chars[at.saturating_sub(16)..at].iter().collect();
    let before = before.trim_end_matches([' ', '$', '€', '£', '¥', '~']);
    let after: String = chars[end..chars.len().min(end + 5)].iter().collect();
    let tail = chars[at.saturating_sub(1)..at].contains(&'~');
    let ends = |words: &[&str]| words.iter().any(|w| before.ends_with(w));
    if ends(&["数", "好几", "几", "上", "成"])
        && !ends(&[
            "人数", "总数", "次数", "以上", "指数", "点数", "户数", "系数", "加上", "达成",
        ])
    {
        return Slack::Vague;
    }
    if ends(&[
        "约",
        "大约",
        "大概",
        "估计",
        "左右",
        "about",
        "around",
        "approximately",
        "roughly",
        "some",
        "circa",
        "estimated",
    ]) || tail
    {
        return Slack::About;
    }
    if ["左右", "上下", "或"]
        .iter()
        .any(|w| after.trim_start().starts_with(w))
    {
        return Slack::About;
    }
    if ends(&[
        "逾",
        "超",
        "超过",
        "多于",
        "高于",
        "突破",
        "至少",
        "不少于",
        "以上",
        "over",
        "more than",
        "at least",
        "above",
        "exceeding",
        "exceeded",
        "exceeds",
        "surpassed",
        "greater than",
        "upwards of",
        "过",
    ]) {
        return Slack::Over;
    }
    if ["以上", "or more", "多"]
        .iter()
        .any(|w| after.trim_start().starts_with(w))
    {
        return Slack::Over;
    }
    if ends(&[
        "近",
        "将近",
        "接近",
        "不足",
        "不到",
        "低于",
        "少于",
        "至多",
        "多达",
        "高达",
        "最多",
        "nearly",
        "almost",
        "close to",
        "up to",
        "less than",
        "fewer than",
        "under",
        "below",
        "as many as",
        "as much as",
        "just under",
    ]) {
        return Slack::Under;
    }
    Slack::Exact
}

/// `5–10 million`, `30至50%`: the first number takes the second's unit, and may take its scale.
fn ranges(chars: &[char], found: &mut [Found]) {
    for i in 1..found.len() {
        let (left, right) = found.split_at_mut(i);
        let (Some(a), b) = (left.last_mut(), &right[0]) else {
            continue;
        };
        let Some(between) = chars.get(a.span.end..b.span.start) else {
            continue;
        };
        let between: String = between.iter().collect();
        let joins = [
            "-", "~", "至", "到", "to", "and", "、", "和", "或", "or", "与", "--",
        ]
        .contains(&between.trim());
        let mut right_fact = None;
        match (&mut a.fact, &b.fact) {
            (Fact::Quantity(a), Fact::Quantity(b)) if joins => {
                a.counted |= b.counted;
                a.unit = a.unit.or(b.unit);
                let scale = magnitude(b);
                if scale > 1.0 && a.other.is_none() && magnitude(a) == 1.0 {
                    a.other = Some(a.value * scale);
                }
            }
            // November 26 and 27
            (Fact::Date(date), Fact::Quantity(q))
                if joins && is_day(q) && date.day.is_some() && !q.counted =>
            {
                let day = calendar::Date {
                    day: Some(q.value as u8),
                    ..*date
                };
                right_fact = Some(Fact::Date(day));
            }
            // 21至23日: the first is a day too.
            (Fact::Quantity(q), Fact::Date(date))
                if joins
                    && q.unit == Unit::Plain
                    && date.day.is_some()
                    && (1.0..=31.0).contains(&q.value)
                    && q.value.fract() == 0.0 =>
            {
                let day = calendar::Date {
                    day: Some(q.value as u8),
                    ..*date
                };
                a.fact = Fact::Date(day);
            }
            // 2012-2014年
            (Fact::Quantity(q), Fact::Date(date))
                if joins
                    && date.year.is_some()
                    && date.day.is_none()
                    && (1000.0..2200.0).contains(&q.value) =>
            {
                a.fact = Fact::Date(calendar::Date {
                    year: Some(q.value as i32),
                    ..calendar::Date::default()
                });
            }
            _ => {}
        }
        if let Some(fact) = right_fact {
            right[0].fact = fact;
        }
    }
}

fn is_day(q: &Quantity) -> bool {
    q.unit == Unit::Plain && (1.0..=31.0).contains(&q.value) && q.value.fract() == 0.0
}

/// The scale that a value was written with: 1, 1e4, 1e6, 1e8 …
fn magnitude(quantity: &Quantity) -> f64 {
    [1e12, 1e9, 1e8, 1e6, 1e4, 1e3]
        .into_iter()
        .find(|m| quantity.step >= m / 100.0 && quantity.value >= *m)
        .unwrap_or(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(text: &str) -> Vec<(String, Fact)> {
        let chars: Vec<char> = text.chars().collect();
        scan(text)
            .into_iter()
            .map(|f| (chars[f.span].iter().collect(), f.fact))
            .collect()
    }

    fn values(text: &str) -> Vec<(f64, Unit)> {
        scan(text)
            .into_iter()
            .filter_map(|f| match f.fact {
                Fact::Quantity(q) => Some((q.value, q.unit)),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn units_and_currencies() {
        use super::super::{Currency, Family};
        assert_eq!(
            values("成本下降0.05％～4％"),
            [(0.05, Unit::Percent), (4.0, Unit::Percent)]
        );
        assert_eq!(
            values("$6.6 billion"),
            [(6.6e9, Unit::Money(Currency::Dollar))]
        );
        assert_eq!(values("66亿美元"), [(6.6e9, Unit::Money(Currency::Usd))]);
        assert_eq!(
            values("两个半小时"),
            [(2.5, Unit::Measure(Family::Time, 3600.0))]
        );
        assert_eq!(values("三成"), [(30.0, Unit::Percent)]);
        assert_eq!(values("百分之二十"), [(20.0, Unit::Percent)]);
        assert_eq!(values("it is 10x faster"), [(10.0, Unit::Times)]);
        assert_eq!(values("a tenfold rise"), [(10.0, Unit::Times)]);
    }

    #[test]
    fn dates_and_identifiers() {
        let date = |year, month, day| Fact::Date(calendar::Date { year, month, day });
        assert_eq!(
            facts("2026年1月24日")[0].1,
            date(Some(2026), Some(1), Some(24))
        );
        assert_eq!(
            facts("on 24 January 2026")[0].1,
            date(Some(2026), Some(1), Some(24))
        );
        assert_eq!(facts("on Jan. 24")[0].1, date(None, Some(1), Some(24)));
        assert_eq!(facts("第三季度")[0].1, Fact::Quarter(3));
        assert_eq!(facts("the 1990s")[0].1, Fact::Decade(1990));
        assert_eq!(facts("20世纪90年代")[0].1, Fact::Decade(1990));
        let ids: Vec<String> = facts("GPT-4o、o3-mini 与 GB200 及 COVID-19")
            .into_iter()
            .map(|f| f.0)
            .collect();
        assert_eq!(ids, ["GPT-4o", "o3-mini", "GB200", "COVID-19"]);
        assert_eq!(facts("a 27-year-old in mid-2025").len(), 2);
    }
}
