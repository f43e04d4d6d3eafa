//! Units, and which of them measure the same thing.

use super::symbols::{CENTS, PREFIXES, SUFFIXES};

/// A currency, as far as a text tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Currency {
    /// A dollar; whose is often left out.
    Dollar,
    /// US dollars, said so.
    Usd,
    /// Another country's dollar.
    OtherDollar,
    /// Chinese yuan.
    Yuan,
    /// `¥`: yuan or yen.
    YuanOrYen,
    /// Japanese yen.
    Yen,
    /// Euro.
    Euro,
    /// Pound sterling.
    Pound,
    /// South Korean won.
    Won,
    /// Indian rupees.
    Rupee,
    /// Russian roubles.
    Rouble,
    /// Swiss francs.
    Franc,
}

impl Currency {
    /// Whether both may be the same currency.
    pub fn agrees(self, other: Self) -> bool {
        use Currency::{Dollar, OtherDollar, Usd, Yen, Yuan, YuanOrYen};
        self == other
            || matches!((self, other), (Dollar, Usd | OtherDollar) | (Usd | OtherDollar, Dollar))
            || matches!((self, other), (YuanOrYen, Yuan | Yen) | (Yuan | Yen, YuanOrYen))
    }
}

/// What a unit measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Seconds.
    Time,
    /// Months.
    Months,
    /// Metres.
    Length,
    /// Square metres.
    Area,
    /// Kilograms.
    Mass,
    /// Bytes.
    Data,
    /// Watts.
    Power,
    /// Watt-hours.
    Energy,
    /// Hertz.
    Frequency,
    /// Degrees.
    Degrees,
    /// Pascals.
    Pressure,
    /// Litres.
    Volume,
    /// Operations a second.
    Computing,
    /// Bits a second.
    BitRate,
}

/// A unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Unit {
    /// None, or a measure word.
    Plain,
    /// Per cent.
    Percent,
    /// Percentage points.
    Points,
    /// So many times.
    Times,
    /// Money.
    Money(Currency),
    /// A measure, with its factor to the family's base.
    Measure(Family, f64),
}

/// The unit at `at` and where it ends; a Latin one must be a whole word.
pub(super) fn suffix(chars: &[char], at: usize) -> Option<(Unit, usize)> {
    let mut from = at;
    if matches!(chars.get(from), Some(' ' | '-' | '\u{a0}')) {
        from += 1;
    }
    [at, from].into_iter().find_map(|from| {
        SUFFIXES.iter().find_map(|(word, unit)| {
            let end = starts_with(chars, from, word)?;
            let latin = word.ends_with(|c: char| c.is_ascii_alphabetic());
            let next = chars.get(end).copied().unwrap_or(' ');
            let whole = !latin || !next.is_ascii_alphanumeric();
            // 5 x 5 is no multiple; x must follow directly.
            let direct = *word != "x" || from == at;
            // 元 of 元旦, 年 of 年代 (a decade), 天 of 天后 stay; 周 of 周三 is a weekday.
            let other = *word == "周" && "一二三四五六日末".contains(next)
                || *word == "星期" && "一二三四五六日天".contains(next)
                || *word == "年" && next == '代'
                || *word == "克" && "拉林里".contains(next)
                // 10w+ is slang for 万.
                || *word == "w" && next == '+'
                || *word == "焦" && "点虑距土".contains(next)
                || *word == "升" && !is_litres(next)
                || *word == "斤" && next == '斗';
            (whole && direct && !other).then_some((*unit, end))
        })
    })
}

/// Whether what follows `2 升` leaves it a measure: 升 before a number or 到, 至 and the like is a verb.
fn is_litres(next: char) -> bool {
    !next.is_ascii_digit() && !"到至为高级值幅降温空学任职".contains(next)
}

/// Hundredths of a currency at `at` (`25 cents`, `8.5美分`), and where they end.
pub(super) fn cents(chars: &[char], at: usize) -> Option<(Currency, usize)> {
    let from = at + usize::from(chars.get(at) == Some(&' '));
    CENTS.iter().find_map(|(word, currency)| {
        let end = starts_with(chars, from, word)?;
        let whole = !word.is_ascii() || !chars.get(end).is_some_and(char::is_ascii_alphanumeric);
        whole.then_some((*currency, end))
    })
}

/// The currency sign that ends right before `at`, and where it starts.
pub(super) fn prefix(chars: &[char], at: usize) -> Option<(Currency, usize)> {
    let before = if at > 0 && chars[at - 1] == ' ' { at - 1 } else { at };
    PREFIXES.iter().find_map(|(sign, currency)| {
        let length = sign.chars().count();
        let start = before.checked_sub(length)?;
        let here = starts_with(chars, start, sign)? == before;
        let latin = sign.starts_with(|c: char| c.is_ascii_alphabetic());
        let whole = !latin || start == 0 || !chars[start - 1].is_ascii_alphanumeric();
        (here && whole).then_some((*currency, start))
    })
}

/// Where `word` ends if it stands at `at`.
pub(super) fn starts_with(chars: &[char], at: usize, word: &str) -> Option<usize> {
    let mut end = at;
    for c in word.chars() {
        if chars.get(end) != Some(&c) {
            return None;
        }
        end += 1;
    }
    Some(end)
}

impl Unit {
    /// The unit of a number that stands before one with `other`, as in `5–10%`.
    pub(super) fn or(self, other: Self) -> Self {
        if self == Self::Plain { other } else { self }
    }
}
