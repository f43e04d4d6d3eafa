//! What the sources say in figures, read once.

use std::collections::BTreeSet;

use jiff::civil::{Date as Day, Weekday};

use super::super::SourceText;
use super::course::{Course, courses};
use super::pair::pairs;
use super::{tables, versions};
use crate::text::Document;
use crate::text::quantity::{
    Clock, Date, Fact, Family, Found, Quantity, Relative, Unit, fold_identifier, scan,
};

/// What the sources say in figures.
#[derive(Debug, Default)]
pub struct Figures {
    pub(super) quantities: Vec<Quantity>,
    pub(super) dates: Vec<Date>,
    pub(super) years: BTreeSet<i32>,
    pub(super) months: BTreeSet<u8>,
    pub(super) quarters: BTreeSet<u8>,
    pub(super) decades: BTreeSet<i32>,
    pub(super) centuries: BTreeSet<i32>,
    pub(super) clocks: Vec<Clock>,
    /// Runs of letters or digits, lower case, with `None` where something else than a space,
    /// hyphen, dot or underscore stands between.
    pub(super) tokens: Vec<Option<String>>,
    /// Two numbers that belong together: scores, ratios, ranges; the smaller first.
    pub(super) pairs: BTreeSet<(i64, i64)>,
    pub(super) published: Vec<Day>,
    /// Courses that are said outright.
    pub(super) courses: Vec<Course>,
    /// The quantities of each sentence.
    pub(super) sentences: Vec<Vec<Quantity>>,
    /// Titles and texts as names are looked for.
    pub(super) texts: Vec<Vec<char>>,
}

/// The quantities of each sentence of `text`, which is the document's own or a title.
fn by_sentence(document: &Document, text: &str, found: &[Found]) -> Vec<Vec<Quantity>> {
    let quantity = |f: &Found| match f.fact {
        Fact::Quantity(q) => Some(q),
        _ => None,
    };
    if text != document.text() {
        return vec![found.iter().filter_map(quantity).collect()];
    }
    let ends: Vec<usize> = document.sentences().iter().map(|s| s.range.end).collect();
    let mut out = vec![Vec::new(); ends.len() + 1];
    let mut found = found.iter().peekable();
    let mut sentence = 0;
    for (at, (byte, _)) in text.char_indices().enumerate() {
        while ends.get(sentence).is_some_and(|end| byte >= *end) {
            sentence += 1;
        }
        while let Some(f) = found.next_if(|f| f.span.start <= at) {
            out[sentence].extend(quantity(f));
        }
    }
    out
}

/// Hours and minutes that are one duration (`3 小时 40 分`), in hours.
fn durations(chars: &[char], found: &[Found]) -> Vec<Quantity> {
    const HOURS: Unit = Unit::Measure(Family::Time, 3600.0);
    const MINUTES: Unit = Unit::Measure(Family::Time, 60.0);
    let pairs = found.windows(2).filter_map(|two| {
        let (Fact::Quantity(hours), Fact::Quantity(minutes)) = (&two[0].fact, &two[1].fact) else {
            return None;
        };
        let gap = chars.get(two[0].span.end..two[1].span.start)?;
        let said = minutes.unit == MINUTES
            || minutes.unit == Unit::Plain && chars.get(two[1].span.end..)?.starts_with(&['分'])
            || minutes.unit == Unit::Plain
                && chars.get(two[1].span.end..)?.starts_with(&[' ', '分']);
        let one = gap.iter().all(|c| c.is_whitespace());
        (hours.unit == HOURS && said && one && minutes.value < 60.0).then(|| Quantity {
            value: hours.value + minutes.value / 60.0,
            other: None,
            step: minutes.step / 60.0,
            ..*hours
        })
    });
    pairs.collect()
}

impl Figures {
    /// Reads the sources once; many claims are checked against the result.
    pub fn read(sources: &[SourceText<'_>]) -> Self {
        let mut figures = Self::default();
        for source in sources {
            figures.published.extend(source.published.map(|p| p.own_day()));
            for text in [source.title, source.document.text()] {
                let chars: Vec<char> = text.chars().collect();
                let found = scan(text);
                figures.pairs.extend(pairs(&chars, &found, false).into_iter().map(|p| p.1));
                figures.quantities.extend(durations(&chars, &found));
                figures.quantities.extend(tables::quantities(text));
                figures.courses.extend(courses(&chars, &found).into_iter().map(|c| c.1));
                figures.texts.push(chars.iter().copied().map(versions::fold).collect());
                figures.sentences.extend(by_sentence(source.document, text, &found));
                for found in found {
                    figures.add_inner(&chars[found.span.clone()], &found.fact);
                    figures.add(found.fact, source.published.map(|p| p.own_day()));
                }
                figures.tokens.extend(tokens(text));
                figures.tokens.push(None);
            }
        }
        for day in figures.published.clone() {
            figures.add_day(day);
        }
        figures.fill();
        figures
    }

    fn add(&mut self, fact: Fact, published: Option<Day>) {
        match fact {
            Fact::Quantity(q) => {
                if (1000.0..2200.0).contains(&q.value)
                    && q.value.fract() == 0.0
                    && q.unit == Unit::Plain
                {
                    self.years.insert(q.value as i32);
                }
                if q.ordinal && q.unit == Unit::Plain && (1.0..=31.0).contains(&q.value) {
                    self.dates.push(Date { day: Some(q.value as u8), ..Date::default() });
                }
                self.quantities.push(q);
            }
            Fact::Date(date) => {
                self.years.extend(date.year);
                self.months.extend(date.month);
                self.dates.push(date);
            }
            Fact::Relative(relative) => {
                if let Some(day) = published {
                    self.resolve(relative, day);
                }
            }
            Fact::Quarter(q) => {
                self.quarters.insert(q);
            }
            Fact::Decade(d) => {
                self.decades.insert(d);
            }
            Fact::Century(c) => {
                self.centuries.insert(c);
            }
            Fact::Clock(clock) => self.clocks.push(clock),
            Fact::Identifier => {}
        }
    }

    /// The number inside an identifier (`Au99.99`) counts as said.
    fn add_inner(&mut self, words: &[char], fact: &Fact) {
        if *fact == Fact::Identifier
            && let Some(start) = words.iter().position(char::is_ascii_digit)
        {
            let rest: String =
                words[start..].iter().take_while(|c| c.is_ascii_digit() || **c == '.').collect();
            let inner = scan(&rest).into_iter().filter_map(|f| match f.fact {
                Fact::Quantity(q) => Some(q),
                _ => None,
            });
            self.quantities.extend(inner);
        }
    }

    fn add_day(&mut self, day: Day) {
        self.years.insert(i32::from(day.year()));
        self.months.extend(u8::try_from(day.month()));
        self.dates.push(civil(day));
    }

    fn resolve(&mut self, relative: Relative, from: Day) {
        match relative {
            Relative::Days(n) => {
                if let Ok(day) = from.checked_add(jiff::Span::new().days(n)) {
                    self.add_day(day);
                }
            }
            Relative::Months(n) => {
                if let Ok(day) = from.checked_add(jiff::Span::new().months(n)) {
                    self.months.extend(u8::try_from(day.month()));
                    self.dates.push(Date { day: None, ..civil(day) });
                }
            }
            Relative::Years(n) => {
                self.years.insert(i32::from(from.year()) + n);
            }
            Relative::Weekday(n) => {
                // Said of the week before or after: both are readings.
                let weekday = Weekday::from_monday_one_offset(i8::try_from(n).unwrap_or(1))
                    .unwrap_or(Weekday::Monday);
                for nth in [-1, 1] {
                    if let Ok(day) = from.nth_weekday(nth, weekday) {
                        self.add_day(day);
                    }
                }
                if from.weekday() == weekday {
                    self.add_day(from);
                }
            }
        }
    }

    /// A bare day takes the month before it or that of publication: both stand as dates.
    fn fill(&mut self) {
        let mut month = None;
        for date in self.dates.clone() {
            if date.month.is_some() {
                month = date.month;
            } else if date.day.is_some() {
                self.dates.extend(month.map(|m| Date { month: Some(m), ..date }));
                for day in self.published.clone() {
                    let own = u8::try_from(day.month()).ok();
                    self.dates.push(Date { month: own, ..date });
                    // 31日 in an article of the 2nd is the month before.
                    let before = day.checked_sub(jiff::Span::new().months(1)).ok();
                    let before = before.and_then(|d| u8::try_from(d.month()).ok());
                    let late = date.day.is_some_and(|d| i32::from(d) > i32::from(day.day()));
                    if late {
                        self.dates.push(Date { month: before, ..date });
                    }
                }
            }
        }
    }
}

fn civil(day: Day) -> Date {
    Date {
        year: Some(i32::from(day.year())),
        month: u8::try_from(day.month()).ok(),
        day: u8::try_from(day.day()).ok(),
    }
}

/// Letters and digits in runs; a change from Han to Latin parts them as well.
fn tokens(text: &str) -> Vec<Option<String>> {
    let (mut out, mut run) = (Vec::new(), String::new());
    for c in text.chars() {
        let c = crate::text::quotation::fold_char(c).to_ascii_lowercase();
        if c.is_ascii_alphanumeric() {
            run.push(c);
            continue;
        }
        if !run.is_empty() {
            out.push(Some(std::mem::take(&mut run)));
        }
        if !matches!(c, ' ' | '-' | '.' | '_') {
            out.push(None);
        }
    }
    if !run.is_empty() {
        out.push(Some(run));
    }
    out
}

/// Whether `identifier` stands in the tokens, parted in whatever way.
pub(super) fn names(tokens: &[Option<String>], identifier: &str) -> bool {
    let wanted = fold_identifier(identifier);
    (0..tokens.len()).any(|start| {
        let mut rest = wanted.as_str();
        for token in &tokens[start..] {
            let Some(after) = token.as_deref().and_then(|t| rest.strip_prefix(t)) else {
                return false;
            };
            if after.is_empty() {
                return true;
            }
            rest = after;
        }
        false
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::check_text;

    fn found(source: &str, claim: &str) -> Vec<String> {
        let document = Document::from_text(source);
        let source = SourceText::new("a", &document);
        check_text(claim, &[source]).into_iter().map(|f| f.text).collect()
    }

    #[test]
    fn hours_and_minutes_are_one_duration() {
        let values = |text: &str| -> Vec<f64> {
            let chars: Vec<char> = text.chars().collect();
            durations(&chars, &scan(text)).into_iter().map(|q| q.value).collect()
        };
        assert_eq!(values("历时 3 小时 30 分"), [3.5]);
        assert_eq!(values("历时3小时45分钟"), [3.75]);
        assert_eq!(values("It took 1 hour 15 minutes."), [1.25]);
        assert_eq!(values("先用 3 小时，再用 30 分钟"), [0.0; 0], "two durations");
        assert_eq!(values("3 小时 90 分"), [0.0; 0], "no such minutes");
        assert_eq!(found("训练历时3小时30分。", "训练历时约3.5小时"), [""; 0]);
        assert_eq!(found("训练历时3小时30分。", "训练历时约4.5小时"), ["4.5小时"]);
    }

    #[test]
    fn a_table_says_the_units_of_its_numbers() {
        let source = "测试 | 甲 | 乙\n首token延迟（毫秒） | 410 | 165";
        assert_eq!(found(source, "首token延迟从0.41秒缩短到0.165秒"), [""; 0]);
        assert_eq!(found(source, "首token延迟从410秒缩短到165秒"), ["410秒", "165秒"]);
    }

    #[test]
    fn sentences_keep_their_own_figures() {
        let document = Document::from_text("甲有3台，乙有45台。\n丙有7台。");
        let text = document.text();
        let by = by_sentence(&document, text, &scan(text));
        let values: Vec<Vec<f64>> =
            by.iter().map(|s| s.iter().map(|q| q.value).collect()).collect();
        assert_eq!(values, [vec![3.0, 45.0], vec![7.0], vec![]]);
    }
}
