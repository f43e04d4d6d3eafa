//! Dates, days said relatively, quarters, decades and centuries.

use super::unit::starts_with;
use super::{Fact, Found};
use crate::text::number::{self, Numeral};

/// A date, or what a text says of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Date {
    /// The year, four digits.
    pub year: Option<i32>,
    /// The month, 1..=12.
    pub month: Option<u8>,
    /// The day, 1..=31.
    pub day: Option<u8>,
}

/// A day, month or year said relative to the day of writing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relative {
    /// So many days from it: yesterday is -1.
    Days(i32),
    /// So many months from it: 上月 is -1.
    Months(i32),
    /// So many years from it: 去年 is -1.
    Years(i32),
    /// The nearest such weekday, Monday is 1.
    Weekday(u8),
}

const MONTHS: &[(&str, u8)] = &[
    ("january", 1),
    ("february", 2),
    ("march", 3),
    ("april", 4),
    ("may", 5),
    ("june", 6),
    ("july", 7),
    ("august", 8),
    ("september", 9),
    ("october", 10),
    ("november", 11),
    ("december", 12),
    ("jan", 1),
    ("feb", 2),
    ("mar", 3),
    ("apr", 4),
    ("jun", 6),
    ("jul", 7),
    ("aug", 8),
    ("sept", 9),
    ("sep", 9),
    ("oct", 10),
    ("nov", 11),
    ("dec", 12),
];

const RELATIVE: &[(&str, Relative)] = &[
    ("大前天", Relative::Days(-3)),
    ("前天", Relative::Days(-2)),
    ("前日", Relative::Days(-2)),
    ("昨天", Relative::Days(-1)),
    ("昨日", Relative::Days(-1)),
    ("昨晚", Relative::Days(-1)),
    ("今天", Relative::Days(0)),
    ("今日", Relative::Days(0)),
    ("今晨", Relative::Days(0)),
    ("今晚", Relative::Days(0)),
    ("当天", Relative::Days(0)),
    ("当日", Relative::Days(0)),
    ("明天", Relative::Days(1)),
    ("明日", Relative::Days(1)),
    ("后天", Relative::Days(2)),
    ("上个月", Relative::Months(-1)),
    ("上月", Relative::Months(-1)),
    ("本月", Relative::Months(0)),
    ("这个月", Relative::Months(0)),
    ("下个月", Relative::Months(1)),
    ("下月", Relative::Months(1)),
    ("前年", Relative::Years(-2)),
    ("去年", Relative::Years(-1)),
    ("上年", Relative::Years(-1)),
    ("今年", Relative::Years(0)),
    ("本年", Relative::Years(0)),
    ("明年", Relative::Years(1)),
    ("后年", Relative::Years(2)),
    ("yesterday", Relative::Days(-1)),
    ("today", Relative::Days(0)),
    ("tonight", Relative::Days(0)),
    ("tomorrow", Relative::Days(1)),
    ("last month", Relative::Months(-1)),
    ("this month", Relative::Months(0)),
    ("next month", Relative::Months(1)),
    ("last year", Relative::Years(-1)),
    ("this year", Relative::Years(0)),
    ("next year", Relative::Years(1)),
    ("monday", Relative::Weekday(1)),
    ("tuesday", Relative::Weekday(2)),
    ("wednesday", Relative::Weekday(3)),
    ("thursday", Relative::Weekday(4)),
    ("friday", Relative::Weekday(5)),
    ("saturday", Relative::Weekday(6)),
    ("sunday", Relative::Weekday(7)),
];

const WEEK: &[&str] = &["周", "星期", "礼拜"];
/// What these words begin with: most places of a text are passed over at once.
const OPENS: &str = "大前昨今当明后上本这下去周星礼ytlnmwfs";

/// A relative day, month or year at `at`.
pub(super) fn relative(chars: &[char], at: usize) -> Option<Found> {
    let found = |relative, end| Some(Found { span: at..end, fact: Fact::Relative(relative) });
    if !chars.get(at).is_some_and(|c| OPENS.contains(*c)) {
        return None;
    }
    for (word, relative) in RELATIVE {
        if let Some(end) = starts_with(chars, at, word) {
            let latin = word.is_ascii();
            if !latin || !chars.get(end).is_some_and(char::is_ascii_alphabetic) {
                return found(*relative, end);
            }
        }
    }
    WEEK.iter().find_map(|word| {
        let end = starts_with(chars, at, word)?;
        let day = "一二三四五六日天".chars().position(|c| chars.get(end) == Some(&c))?;
        let day = u8::try_from(day.min(6) + 1).unwrap_or(7);
        found(Relative::Weekday(day), end + 1)
    })
}

/// A numeral in digits or Chinese.
pub(super) fn numeral(chars: &[char], at: usize) -> Option<Numeral> {
    number::digits(chars, at).or_else(|| number::chinese(chars, at))
}

fn small(chars: &[char], at: usize, most: f64) -> Option<(u8, usize)> {
    let n = numeral(chars, at)?;
    let whole = n.value.fract() == 0.0 && (1.0..=most).contains(&n.value) && n.scale == 1.0;
    whole.then_some((n.value as u8, n.end))
}

pub(super) fn skip_space(chars: &[char], at: usize) -> usize {
    at + usize::from(chars.get(at) == Some(&' '))
}

/// A Chinese date at `at`: `2015年1月22日`, `1月22日`, `22日`, `2015年`, `12月份`.
pub(super) fn chinese(chars: &[char], at: usize) -> Option<Found> {
    let mut date = Date::default();
    let mut end = at;
    if let Some((year, after)) = year(chars, at) {
        let mark = skip_space(chars, after);
        if chars.get(mark) == Some(&'年') && !matches!(chars.get(mark + 1), Some('代')) {
            date.year = Some(year);
            end = mark + 1;
        }
    }
    let from = skip_space(chars, end);
    if let Some((month, after)) = small(chars, from, 12.0) {
        let mark = skip_space(chars, after);
        if chars.get(mark) == Some(&'月') {
            date.month = Some(month);
            end = mark + 1 + usize::from(chars.get(mark + 1) == Some(&'份'));
        }
    }
    let from = skip_space(chars, end);
    if let Some((day, after)) = small(chars, from, 31.0) {
        let mark = skip_space(chars, after);
        let number = chars.get(mark) == Some(&'号') && date.month.is_some();
        // 21日至23日 and 21、23日 are the caller's: each numeral comes by itself.
        if chars.get(mark) == Some(&'日') && chars.get(mark + 1) != Some(&'元') || number {
            date.day = Some(day);
            end = mark + 1;
        }
    }
    (date != Date::default()).then_some(Found { span: at..end, fact: Fact::Date(date) })
}

/// Four digits that are a year.
fn year(chars: &[char], at: usize) -> Option<(i32, usize)> {
    let end = at + 4;
    let four = chars.get(at..end)?;
    let arabic = four.iter().all(char::is_ascii_digit);
    let chinese = four.iter().all(|c| number::chinese_digit(*c).is_some());
    let alone = !chars.get(end).is_some_and(|c| c.is_ascii_digit());
    if !(arabic || chinese) || !alone {
        return None;
    }
    let value = four
        .iter()
        .fold(0, |v, c| v * 10 + c.to_digit(10).or_else(|| number::chinese_digit(*c)).unwrap_or(0));
    let value = i32::try_from(value).ok()?;
    (1000..=2199).contains(&value).then_some((value, end))
}

/// Two or three numbers joined by `-`, `/` or `.`: 2015-01-22, 2015/01/22.
pub(super) fn numeric(chars: &[char], at: usize) -> Option<Found> {
    let (year, mut end) = year(chars, at)?;
    let mut parts = [0u8; 2];
    for (part, most) in parts.iter_mut().zip([12.0, 31.0]) {
        if !matches!(chars.get(end), Some('-' | '/' | '.')) {
            return None;
        }
        let n = number::digits(chars, end + 1).filter(|n| n.end - end - 1 <= 2)?;
        if !(1.0..=most).contains(&n.value) || n.value.fract() != 0.0 {
            return None;
        }
        *part = n.value as u8;
        end = n.end;
    }
    let date = Date { year: Some(year), month: Some(parts[0]), day: Some(parts[1]) };
    Some(Found { span: at..end, fact: Fact::Date(date) })
}

fn month(chars: &[char], at: usize) -> Option<(u8, usize)> {
    let (word, end) = number::word(chars, at);
    let (_, month) = MONTHS.iter().find(|(m, _)| *m == word)?;
    Some((*month, end + usize::from(chars.get(end) == Some(&'.'))))
}

/// An ordinal's or a plain day of the month.
fn day(chars: &[char], at: usize) -> Option<(u8, usize)> {
    let n =
        number::digits(chars, at).filter(|n| n.end - at <= 2 && (1.0..=31.0).contains(&n.value))?;
    let (word, end) = number::word(chars, n.end);
    let end = if matches!(word.as_str(), "st" | "nd" | "rd" | "th") { end } else { n.end };
    Some((n.value as u8, end))
}

/// An English date that begins with a month: `Jan. 24, 2026`, `December 2025`; `may` only with
/// a day or a year (`capital` tells whether it was written `May`).
pub(super) fn month_first(chars: &[char], at: usize, capital: bool) -> Option<Found> {
    let (month, mut end) = month(chars, at)?;
    let mut date = Date { month: Some(month), ..Date::default() };
    let from = skip_space(chars, end);
    if let Some((found, after)) =
        day(chars, from).filter(|(_, e)| !chars.get(*e).is_some_and(|c| matches!(c, '%' | ':')))
    {
        date.day = Some(found);
        end = after;
        let from = skip_space(chars, end + usize::from(chars.get(end) == Some(&',')));
        if let Some((year, after)) = year(chars, from) {
            date.year = Some(year);
            end = after;
        }
    } else {
        let from = skip_space(chars, from + usize::from(chars.get(from) == Some(&',')));
        if let Some((year, after)) = year(chars, from) {
            date.year = Some(year);
            end = after;
        }
    }
    let bare = date.day.is_none() && date.year.is_none();
    let word = chars[at..end].iter().collect::<String>();
    (capital
        && !(bare
            && matches!(word.as_str(), "mar" | "dec" | "march" | "jan" | "sep" | "may")
            && !before_allows(chars, at)))
    .then_some(Found { span: at..end, fact: Fact::Date(date) })
}

/// Whether a preposition of time stands before: `in May`, `since March`.
fn before_allows(chars: &[char], at: usize) -> bool {
    let before: String = chars[at.saturating_sub(8)..at].iter().collect();
    [
        "in ", "since ", "until ", "by ", "from ", "to ", "of ", "last ", "this ", "next ",
        "early ", "late ", "mid-", "and ", "during ", "before ", "after ", "through ", "between ",
    ]
    .iter()
    .any(|p| before.ends_with(p))
}

/// An English date that begins with a day: `24 January 2026`, `the 3rd of May`.
pub(super) fn day_first(chars: &[char], at: usize) -> Option<Found> {
    let (found, end) = day(chars, at)?;
    let mut from = skip_space(chars, end);
    if from == end {
        return None;
    }
    from = starts_with(chars, from, "of ").unwrap_or(from);
    let (month, mut end) = month(chars, from)?;
    let mut date = Date { year: None, month: Some(month), day: Some(found) };
    let from = skip_space(chars, end + usize::from(chars.get(end) == Some(&',')));
    if let Some((year, after)) = year(chars, from) {
        date.year = Some(year);
        end = after;
    }
    Some(Found { span: at..end, fact: Fact::Date(date) })
}

/// Decades and centuries: `1990s`, `20世纪90年代`, `90年代`, `20th century`, `21世纪`.
pub(super) fn long(chars: &[char], at: usize) -> Option<Found> {
    let n = numeral(chars, at).filter(|n| n.value.fract() == 0.0 && n.scale == 1.0)?;
    let found = |end, fact| Some(Found { span: at..end, fact });
    let mark = skip_space(chars, n.end);
    if let Some(end) = starts_with(chars, mark, "世纪") {
        if let Some(decade) = numeral(chars, end)
            && let Some(after) = starts_with(chars, decade.end, "年代")
        {
            return found(after, Fact::Decade((n.value as i32 - 1) * 100 + decade.value as i32));
        }
        return found(end, Fact::Century(n.value as i32));
    }
    if let Some(end) = starts_with(chars, mark, "年代") {
        return found(end, Fact::Decade(n.value as i32));
    }
    let digits = !n.spelled && n.value % 10.0 == 0.0;
    let s = starts_with(chars, n.end, "s").or_else(|| starts_with(chars, n.end, "'s"));
    if let Some(end) = s.filter(|e| {
        digits
            && (10.0..2200.0).contains(&n.value)
            && !chars.get(*e).is_some_and(|c| c.is_ascii_alphanumeric())
    }) {
        return found(end, Fact::Decade(n.value as i32));
    }
    let (suffix, end) = number::word(chars, n.end);
    let century = matches!(suffix.as_str(), "st" | "nd" | "rd" | "th")
        .then(|| starts_with(chars, end + 1, "century"))
        .flatten()?;
    found(century, Fact::Century(n.value as i32))
}

/// Quarters: `第三季度`, `三季度`, `3季度`, `Q3`, `3Q`, `third quarter`.
pub(super) fn quarter(chars: &[char], at: usize) -> Option<Found> {
    let found = |end, quarter: f64| {
        (1.0..=4.0)
            .contains(&quarter)
            .then_some(Found { span: at..end, fact: Fact::Quarter(quarter as u8) })
    };
    if chars.get(at) == Some(&'q') {
        let n = number::digits(chars, at + 1)?;
        return found(n.end, n.value).filter(|_| {
            n.end == at + 2 && !chars.get(n.end).is_some_and(|c| c.is_ascii_alphanumeric())
        });
    }
    let (word, end) = number::word(chars, at);
    if let Some(n) = number::english_ordinal(&word) {
        let from = starts_with(chars, end + 1, "fiscal ").unwrap_or(end + 1);
        return found(starts_with(chars, from, "quarter")?, n);
    }
    let from = at + usize::from(chars.get(at) == Some(&'第'));
    let n = numeral(chars, from)?;
    let end = starts_with(chars, skip_space(chars, n.end), "季度").or_else(|| {
        starts_with(chars, n.end, "q")
            .filter(|e| !chars.get(*e).is_some_and(|c| c.is_ascii_alphanumeric()))
    })?;
    found(end, n.value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_begins_as_it_is_looked_for() {
        let words = RELATIVE.iter().map(|(word, _)| word).chain(WEEK);
        for word in words {
            assert!(word.starts_with(|c| OPENS.contains(c)), "{word}");
        }
    }
}
