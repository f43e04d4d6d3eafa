//! The scan: from the first character to the last, the longest reading at each place first.

use super::amount::{chinese_or_digits, english};
use super::identifier::identifier;
use super::range::ranges;
use super::unit::Unit;
use super::{Fact, Found, Quantity, Slack, calendar, clock};

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
        out.push(Found { span: at..end, fact: Fact::Identifier });
        return end;
    }
    let dated = calendar::quarter(chars, at)
        .or_else(|| calendar::numeric(chars, at))
        .or_else(|| calendar::long(chars, at))
        .or_else(|| calendar::chinese(chars, at))
        .or_else(|| calendar::month_first(chars, at, original[at].is_uppercase()))
        .or_else(|| calendar::day_first(chars, at))
        .or_else(|| clock::clock(chars, at));
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
            + chars[found.span.clone()].iter().position(|c| *c == ':').unwrap_or(0);
        for (value, span) in [(clock.hour, found.span.start..colon), (clock.minute, colon + 1..end)]
        {
            out.push(Found { span, fact: Fact::Quantity(plain(f64::from(value))) });
        }
    }
    out.push(found);
    end
}

pub(super) fn plain(value: f64) -> Quantity {
    Quantity {
        value,
        other: None,
        step: 1.0,
        unit: Unit::Plain,
        slack: Slack::Exact,
        spelled: false,
        ordinal: false,
        counted: false,
        measured: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(text: &str) -> Vec<(String, Fact)> {
        let chars: Vec<char> = text.chars().collect();
        scan(text).into_iter().map(|f| (chars[f.span].iter().collect(), f.fact)).collect()
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
        assert_eq!(values("成本下降0.05％～4％"), [(0.05, Unit::Percent), (4.0, Unit::Percent)]);
        assert_eq!(values("$6.6 billion"), [(6.6e9, Unit::Money(Currency::Dollar))]);
        assert_eq!(values("66亿美元"), [(6.6e9, Unit::Money(Currency::Usd))]);
        assert_eq!(values("两个半小时"), [(2.5, Unit::Measure(Family::Time, 3600.0))]);
        assert_eq!(values("三成"), [(30.0, Unit::Percent)]);
        assert_eq!(values("百分之二十"), [(20.0, Unit::Percent)]);
        assert_eq!(values("it is 10x faster"), [(10.0, Unit::Times)]);
        assert_eq!(values("a tenfold rise"), [(10.0, Unit::Times)]);
    }

    #[test]
    fn units_of_one_family_convert() {
        use super::super::Family;
        let base = |text: &str| match values(text).as_slice() {
            [(value, Unit::Measure(family, factor))] => (*family, value * factor),
            other => panic!("{text}: {other:?}"),
        };
        let same = |a: &str, b: &str, family: Family| {
            let ((fa, a), (fb, b)) = (base(a), base(b));
            assert_eq!((fa, fb), (family, family));
            assert!((a - b).abs() <= a.abs() * 1e-9, "{a} {b}");
        };
        same("500百帕", "500 hPa", Family::Pressure);
        same("101.3千帕", "101.3 kPa", Family::Pressure);
        same("0.5兆帕", "500千帕", Family::Pressure);
        same("101300帕", "1013百帕", Family::Pressure);
        same("90兆瓦时", "90 megawatt-hours", Family::Energy);
        same("3.6千焦", "1瓦时", Family::Energy);
        same("300-megawatt", "300兆瓦", Family::Power);
        same("2.4PFLOPS", "2400 TFLOPS", Family::Computing);
        same("0.2 liters", "200毫升", Family::Volume);
        same("612平方毫米", "6.12平方厘米", Family::Area);
        same("2海里", "3704米", Family::Length);
        same("100 Gbps", "0.1 Tbps", Family::BitRate);
        assert_eq!(values("8.5美分"), [(0.085, Unit::Money(super::super::Currency::Usd))]);
        assert_eq!(values("25 cents"), [(0.25, Unit::Money(super::super::Currency::Dollar))]);
        // 升 before another number or 到 is a verb, 10w+ is slang.
        assert_eq!(values("由3升到1"), [(3.0, Unit::Plain), (1.0, Unit::Plain)]);
        assert_eq!(values("阅读量10w+")[0].1, Unit::Plain);
    }

    #[test]
    fn a_word_before_digits_makes_no_number_vague() {
        let slack = |text: &str| match scan(text)[0].fact {
            Fact::Quantity(q) => q.slack,
            _ => panic!("{text}"),
        };
        assert_eq!(slack("总参数4860亿"), Slack::Exact);
        assert_eq!(slack("完成9.2亿元融资"), Slack::Exact);
        assert_eq!(slack("数百家企业"), Slack::Vague);
        assert_eq!(slack("上千人"), Slack::Vague);
    }

    #[test]
    fn dates_and_identifiers() {
        let date = |year, month, day| Fact::Date(calendar::Date { year, month, day });
        assert_eq!(facts("2026年1月24日")[0].1, date(Some(2026), Some(1), Some(24)));
        assert_eq!(facts("on 24 January 2026")[0].1, date(Some(2026), Some(1), Some(24)));
        assert_eq!(facts("on Jan. 24")[0].1, date(None, Some(1), Some(24)));
        assert_eq!(facts("第三季度")[0].1, Fact::Quarter(3));
        assert_eq!(facts("the 1990s")[0].1, Fact::Decade(1990));
        assert_eq!(facts("20世纪90年代")[0].1, Fact::Decade(1990));
        let ids: Vec<String> =
            facts("GPT-4o、o3-mini 与 GB200 及 COVID-19").into_iter().map(|f| f.0).collect();
        assert_eq!(ids, ["GPT-4o", "o3-mini", "GB200", "COVID-19"]);
        assert_eq!(facts("新款PS5主机")[0], ("PS5".to_owned(), Fact::Identifier));
        assert_eq!(facts("a 27-year-old in mid-2025").len(), 2);
    }
}
