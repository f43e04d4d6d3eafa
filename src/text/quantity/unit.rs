//! Units, and which of them measure the same thing.

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

const fn m(family: Family, factor: f64) -> Unit {
    Unit::Measure(family, factor)
}

/// Chinese units and symbols, the longer before the shorter.
const SUFFIXES: &[(&str, Unit)] = &[
    ("个百分点", Unit::Points),
    ("百分点", Unit::Points),
    ("percentage points", Unit::Points),
    ("percentage point", Unit::Points),
    ("percent", Unit::Percent),
    ("per cent", Unit::Percent),
    ("pct", Unit::Percent),
    ("%", Unit::Percent),
    ("倍", Unit::Times),
    ("×", Unit::Times),
    ("times", Unit::Times),
    ("-fold", Unit::Times),
    ("fold", Unit::Times),
    ("x", Unit::Times),
    ("美元", Unit::Money(Currency::Usd)),
    ("美金", Unit::Money(Currency::Usd)),
    ("欧元", Unit::Money(Currency::Euro)),
    ("英镑", Unit::Money(Currency::Pound)),
    ("日元", Unit::Money(Currency::Yen)),
    ("韩元", Unit::Money(Currency::Won)),
    ("港元", Unit::Money(Currency::OtherDollar)),
    ("港币", Unit::Money(Currency::OtherDollar)),
    ("新元", Unit::Money(Currency::OtherDollar)),
    ("加元", Unit::Money(Currency::OtherDollar)),
    ("澳元", Unit::Money(Currency::OtherDollar)),
    ("新台币", Unit::Money(Currency::OtherDollar)),
    ("卢布", Unit::Money(Currency::Rouble)),
    ("卢比", Unit::Money(Currency::Rupee)),
    ("瑞士法郎", Unit::Money(Currency::Franc)),
    ("元", Unit::Money(Currency::Yuan)),
    ("人民币", Unit::Money(Currency::Yuan)),
    ("块钱", Unit::Money(Currency::Yuan)),
    ("us dollars", Unit::Money(Currency::Usd)),
    ("u.s. dollars", Unit::Money(Currency::Usd)),
    ("dollars", Unit::Money(Currency::Dollar)),
    ("dollar", Unit::Money(Currency::Dollar)),
    ("usd", Unit::Money(Currency::Usd)),
    ("yuan", Unit::Money(Currency::Yuan)),
    ("renminbi", Unit::Money(Currency::Yuan)),
    ("rmb", Unit::Money(Currency::Yuan)),
    ("euros", Unit::Money(Currency::Euro)),
    ("euro", Unit::Money(Currency::Euro)),
    ("eur", Unit::Money(Currency::Euro)),
    ("yen", Unit::Money(Currency::Yen)),
    ("won", Unit::Money(Currency::Won)),
    ("rupees", Unit::Money(Currency::Rupee)),
    ("rubles", Unit::Money(Currency::Rouble)),
    ("roubles", Unit::Money(Currency::Rouble)),
    ("€", Unit::Money(Currency::Euro)),
    ("$", Unit::Money(Currency::Dollar)),
    ("微秒", m(Family::Time, 1e-6)),
    ("μs", m(Family::Time, 1e-6)),
    ("毫秒", m(Family::Time, 1e-3)),
    ("milliseconds", m(Family::Time, 1e-3)),
    ("millisecond", m(Family::Time, 1e-3)),
    ("ms", m(Family::Time, 1e-3)),
    ("纳秒", m(Family::Time, 1e-9)),
    ("秒钟", m(Family::Time, 1.0)),
    ("秒", m(Family::Time, 1.0)),
    ("seconds", m(Family::Time, 1.0)),
    ("second", m(Family::Time, 1.0)),
    ("分钟", m(Family::Time, 60.0)),
    ("minutes", m(Family::Time, 60.0)),
    ("minute", m(Family::Time, 60.0)),
    ("mins", m(Family::Time, 60.0)),
    ("min", m(Family::Time, 60.0)),
    ("个小时", m(Family::Time, 3600.0)),
    ("小时", m(Family::Time, 3600.0)),
    ("个钟头", m(Family::Time, 3600.0)),
    ("hours", m(Family::Time, 3600.0)),
    ("hour", m(Family::Time, 3600.0)),
    ("hrs", m(Family::Time, 3600.0)),
    ("天", m(Family::Time, 86400.0)),
    ("days", m(Family::Time, 86400.0)),
    ("day", m(Family::Time, 86400.0)),
    ("个星期", m(Family::Time, 604_800.0)),
    ("星期", m(Family::Time, 604_800.0)),
    ("周年", m(Family::Months, 12.0)),
    ("周岁", m(Family::Months, 12.0)),
    ("周", m(Family::Time, 604_800.0)),
    ("weeks", m(Family::Time, 604_800.0)),
    ("week", m(Family::Time, 604_800.0)),
    ("个月", m(Family::Months, 1.0)),
    ("months", m(Family::Months, 1.0)),
    ("month", m(Family::Months, 1.0)),
    ("年", m(Family::Months, 12.0)),
    ("岁", m(Family::Months, 12.0)),
    ("载", m(Family::Months, 12.0)),
    ("years", m(Family::Months, 12.0)),
    ("year", m(Family::Months, 12.0)),
    ("yrs", m(Family::Months, 12.0)),
    ("decades", m(Family::Months, 120.0)),
    ("decade", m(Family::Months, 120.0)),
    ("平方公里", m(Family::Area, 1e6)),
    ("平方千米", m(Family::Area, 1e6)),
    ("square kilometers", m(Family::Area, 1e6)),
    ("square kilometres", m(Family::Area, 1e6)),
    ("平方米", m(Family::Area, 1.0)),
    ("square meters", m(Family::Area, 1.0)),
    ("square metres", m(Family::Area, 1.0)),
    ("公顷", m(Family::Area, 1e4)),
    ("hectares", m(Family::Area, 1e4)),
    ("英亩", m(Family::Area, 4046.856)),
    ("acres", m(Family::Area, 4046.856)),
    ("平方英里", m(Family::Area, 2_589_988.0)),
    ("square miles", m(Family::Area, 2_589_988.0)),
    ("公里", m(Family::Length, 1e3)),
    ("千米", m(Family::Length, 1e3)),
    ("kilometers", m(Family::Length, 1e3)),
    ("kilometres", m(Family::Length, 1e3)),
    ("km", m(Family::Length, 1e3)),
    ("厘米", m(Family::Length, 0.01)),
    ("cm", m(Family::Length, 0.01)),
    ("毫米", m(Family::Length, 1e-3)),
    ("mm", m(Family::Length, 1e-3)),
    ("纳米", m(Family::Length, 1e-9)),
    ("nm", m(Family::Length, 1e-9)),
    ("微米", m(Family::Length, 1e-6)),
    ("英里", m(Family::Length, 1609.344)),
    ("miles", m(Family::Length, 1609.344)),
    ("mile", m(Family::Length, 1609.344)),
    ("英尺", m(Family::Length, 0.3048)),
    ("feet", m(Family::Length, 0.3048)),
    ("foot", m(Family::Length, 0.3048)),
    ("ft", m(Family::Length, 0.3048)),
    ("英寸", m(Family::Length, 0.0254)),
    ("inches", m(Family::Length, 0.0254)),
    ("inch", m(Family::Length, 0.0254)),
    ("米", m(Family::Length, 1.0)),
    ("meters", m(Family::Length, 1.0)),
    ("metres", m(Family::Length, 1.0)),
    ("公斤", m(Family::Mass, 1.0)),
    ("千克", m(Family::Mass, 1.0)),
    ("kilograms", m(Family::Mass, 1.0)),
    ("kg", m(Family::Mass, 1.0)),
    ("克", m(Family::Mass, 1e-3)),
    ("grams", m(Family::Mass, 1e-3)),
    ("吨", m(Family::Mass, 1e3)),
    ("tonnes", m(Family::Mass, 1e3)),
    ("tons", m(Family::Mass, 1e3)),
    ("tb", m(Family::Data, 1e12)),
    ("gb", m(Family::Data, 1e9)),
    ("mb", m(Family::Data, 1e6)),
    ("kb", m(Family::Data, 1e3)),
    ("pb", m(Family::Data, 1e15)),
    ("千瓦时", m(Family::Energy, 1e3)),
    ("kwh", m(Family::Energy, 1e3)),
    ("gwh", m(Family::Energy, 1e9)),
    ("mwh", m(Family::Energy, 1e6)),
    ("吉瓦", m(Family::Power, 1e9)),
    ("gigawatts", m(Family::Power, 1e9)),
    ("gigawatt", m(Family::Power, 1e9)),
    ("gw", m(Family::Power, 1e9)),
    ("兆瓦", m(Family::Power, 1e6)),
    ("megawatts", m(Family::Power, 1e6)),
    ("mw", m(Family::Power, 1e6)),
    ("千瓦", m(Family::Power, 1e3)),
    ("kw", m(Family::Power, 1e3)),
    ("瓦", m(Family::Power, 1.0)),
    ("watts", m(Family::Power, 1.0)),
    ("ghz", m(Family::Frequency, 1e9)),
    ("mhz", m(Family::Frequency, 1e6)),
    ("hz", m(Family::Frequency, 1.0)),
    ("赫兹", m(Family::Frequency, 1.0)),
    ("百帕", m(Family::Pressure, 1e2)),
    ("千帕", m(Family::Pressure, 1e3)),
    ("hpa", m(Family::Pressure, 1e2)),
    ("kpa", m(Family::Pressure, 1e3)),
    ("摄氏度", m(Family::Degrees, 1.0)),
    ("℃", m(Family::Degrees, 1.0)),
    ("°c", m(Family::Degrees, 1.0)),
    ("degrees celsius", m(Family::Degrees, 1.0)),
];

/// What may stand in front of money, the longer before the shorter.
const PREFIXES: &[(&str, Currency)] = &[
    ("us$", Currency::Usd),
    ("hk$", Currency::OtherDollar),
    ("nt$", Currency::OtherDollar),
    ("a$", Currency::OtherDollar),
    ("c$", Currency::OtherDollar),
    ("s$", Currency::OtherDollar),
    ("usd", Currency::Usd),
    ("rmb", Currency::Yuan),
    ("cny", Currency::Yuan),
    ("eur", Currency::Euro),
    ("$", Currency::Dollar),
    ("€", Currency::Euro),
    ("£", Currency::Pound),
    ("¥", Currency::YuanOrYen),
    ("₩", Currency::Won),
    ("₹", Currency::Rupee),
    ("ps", Currency::Pound),
];

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
                || *word == "克" && "拉林里".contains(next);
            (whole && direct && !other).then_some((*unit, end))
        })
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
