//! Numbers, units, dates, times and identifiers of a claim against what its sources say.
//!
//! A figure is supported when some reading of it agrees with some reading of a figure anywhere in
//! the sources, within the rounding that it was written with. A date is supported by dates only.

use std::collections::BTreeSet;
use std::ops::Range;

use jiff::civil::{Date as Day, Weekday};

use super::{Finding, FindingKind, Severity, SourceText};
use crate::text::quantity::{
    Clock, Currency, Date, Fact, Family, Found, Quantity, Relative, Slack, Unit, fold_identifier,
    scan,
};

/// What the sources say in figures.
#[derive(Debug, Default)]
pub struct Figures {
    quantities: Vec<Quantity>,
    dates: Vec<Date>,
    years: BTreeSet<i32>,
    months: BTreeSet<u8>,
    quarters: BTreeSet<u8>,
    decades: BTreeSet<i32>,
    centuries: BTreeSet<i32>,
    clocks: Vec<Clock>,
    /// Runs of letters or digits, lower case, with `None` where something else than a space,
    /// hyphen, dot or underscore stands between.
    tokens: Vec<Option<String>>,
    /// Two numbers that belong together: scores, ratios, ranges; the smaller first.
    pairs: BTreeSet<(i64, i64)>,
    published: Vec<Day>,
}

impl Figures {
    /// Reads the sources once; many claims are checked against the result.
    pub fn read(sources: &[SourceText<'_>]) -> Self {
        let mut figures = Self::default();
        for source in sources {
            figures
                .published
                .extend(source.published.map(|p| p.own_day()));
            for text in [source.title, source.document.text()] {
                let chars: Vec<char> = text.chars().collect();
                let found = scan(text);
                figures
                    .pairs
                    .extend(pairs(&chars, &found, false).into_iter().map(|p| p.1));
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
                    self.dates.push(Date {
                        day: Some(q.value as u8),
                        ..Date::default()
                    });
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
            let rest: String = words[start..]
                .iter()
                .take_while(|c| c.is_ascii_digit() || **c == '.')
                .collect();
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
                    self.dates.push(Date {
                        day: None,
                        ..civil(day)
                    });
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
                self.dates.extend(month.map(|m| Date {
                    month: Some(m),
                    ..date
                }));
                for day in self.published.clone() {
                    let own = u8::try_from(day.month()).ok();
                    self.dates.push(Date { month: own, ..date });
                    // 31日 in an article of the 2nd is the month before.
                    let before = day.checked_sub(jiff::Span::new().months(1)).ok();
                    let before = before.and_then(|d| u8::try_from(d.month()).ok());
                    let late = date
                        .day
                        .is_some_and(|d| i32::from(d) > i32::from(day.day()));
                    if late {
                        self.dates.push(Date {
                            month: before,
                            ..date
                        });
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
fn names(tokens: &[Option<String>], identifier: &str) -> bool {
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

/// Checks the figures of `text`. Spans are in code points.
pub fn check(text: &str, figures: &Figures) -> Vec<Finding> {
    let chars: Vec<char> = text.chars().collect();
    let found = scan(text);
    let scores = pairs(&chars, &found, true);
    let within = |f: &Found| {
        scores
            .iter()
            .any(|(s, _)| s.start <= f.span.start && f.span.end <= s.end)
    };
    let single = found
        .iter()
        .filter(|f| !within(f) && !is_list_number(&chars, f))
        .filter_map(|f| {
            let (severity, kind, note) = problem(&f.fact, &chars[f.span.clone()], figures)?;
            Some(finding(&chars, f.span.clone(), severity, kind, note))
        });
    let paired = scores
        .iter()
        .filter(|(_, pair)| !pair_is_said(*pair, figures))
        .map(|(span, _)| {
            let note = "the source does not have these two numbers together".to_owned();
            finding(
                &chars,
                span.clone(),
                Severity::Red,
                FindingKind::Number,
                note,
            )
        });
    single.chain(paired).collect()
}

fn pair_is_said((small, large): (i64, i64), figures: &Figures) -> bool {
    let clock = |hour: i64, minute: i64| {
        figures
            .clocks
            .iter()
            .any(|c| i64::from(c.hour) % 12 == hour % 12 && i64::from(c.minute) == minute)
    };
    figures.pairs.contains(&(small, large)) || clock(small, large) || clock(large, small)
}

/// Numbers that stand as a pair, with their span and the smaller first. `scores`: only those that
/// are written as a score or ratio (`3:2`, `21比15`, `6-3`) and count nothing; else ranges, too.
fn pairs(chars: &[char], found: &[Found], scores: bool) -> Vec<(Range<usize>, (i64, i64))> {
    let numbers: Vec<(&Range<usize>, &Quantity)> = found
        .iter()
        .filter_map(|f| match &f.fact {
            Fact::Quantity(q) => Some((&f.span, q)),
            _ => None,
        })
        .collect();
    let whole = |q: &Quantity| {
        q.unit == Unit::Plain && q.value.fract() == 0.0 && q.value <= 300.0 && !q.spelled
    };
    numbers
        .windows(2)
        .filter_map(|pair| {
            let ((a_span, a), (b_span, b)) = (pair[0], pair[1]);
            let between: String = chars.get(a_span.end..b_span.start)?.iter().collect();
            let joined = matches!(between.trim(), ":" | "：" | "-" | "–" | "—" | "比");
            let ranged = matches!(
                between.trim(),
                "to" | "-to-" | "至" | "到" | "and" | "~" | "～" | "和"
            );
            let counts = a.counted || b.counted || a.ordinal || b.ordinal;
            let fits = if scores {
                joined && !counts && whole(a) && whole(b)
            } else {
                joined || ranged
            };
            let (x, y) = (a.value as i64, b.value as i64);
            fits.then(|| (a_span.start..b_span.end, (x.min(y), x.max(y))))
        })
        .collect()
}

fn finding(
    chars: &[char],
    span: Range<usize>,
    severity: Severity,
    kind: FindingKind,
    note: String,
) -> Finding {
    let text = chars[span.clone()].iter().collect();
    Finding {
        severity,
        kind,
        span: [span.start, span.end],
        text,
        note,
    }
}

/// `1.` or `(2)` at the very start of the text.
fn is_list_number(chars: &[char], found: &Found) -> bool {
    let before = chars[..found.span.start]
        .iter()
        .all(|c| "（( ".contains(*c));
    let after = chars
        .get(found.span.end)
        .is_some_and(|c| "、.．)）".contains(*c));
    before
        && after
        && matches!(found.fact, Fact::Quantity(q) if q.unit == Unit::Plain && q.value < 100.0)
}

type Problem = (Severity, FindingKind, String);

fn problem(fact: &Fact, words: &[char], figures: &Figures) -> Option<Problem> {
    let red = |kind, note: String| Some((Severity::Red, kind, note));
    match fact {
        Fact::Quantity(q) => quantity_problem(q, figures),
        Fact::Date(date) => date_problem(*date, figures),
        Fact::Quarter(q) => {
            let said = figures.quarters.contains(q);
            if said {
                None
            } else {
                red(FindingKind::Date, "the source names no such quarter".into())
            }
        }
        Fact::Decade(d) => {
            let same = |x: &i32| *x == *d || *x % 100 == *d || *d % 100 == *x;
            let within = figures.years.iter().any(|y| y - y.rem_euclid(10) == *d);
            if figures.decades.iter().any(same) || within {
                None
            } else {
                red(FindingKind::Date, "the source names no such decade".into())
            }
        }
        Fact::Century(c) => {
            let within = figures
                .years
                .iter()
                .chain(&figures.decades)
                .any(|y| (y - 1) / 100 + 1 == *c);
            if figures.centuries.contains(c) || within {
                None
            } else {
                red(FindingKind::Date, "the source names no such century".into())
            }
        }
        Fact::Clock(clock) => clock_problem(*clock, words, figures),
        Fact::Identifier => {
            let identifier: String = words.iter().collect();
            if names(&figures.tokens, &identifier) {
                None
            } else {
                red(
                    FindingKind::Identifier,
                    "the source does not have this name".into(),
                )
            }
        }
        Fact::Relative(_) => None,
    }
}

fn clock_problem(clock: Clock, words: &[char], figures: &Figures) -> Option<Problem> {
    let same = |c: &Clock| {
        let hour = c.hour % 24 == clock.hour % 24
            || !(c.known && clock.known) && c.hour % 12 == clock.hour % 12;
        hour && c.minute == clock.minute
    };
    let score = words.contains(&':') || words.contains(&'：');
    // 3:2 is a score: its two numbers are checked by themselves.
    (!score && !figures.clocks.iter().any(same)).then(|| {
        (
            Severity::Red,
            FindingKind::Date,
            "the source names no such time".to_owned(),
        )
    })
}

fn date_problem(date: Date, figures: &Figures) -> Option<Problem> {
    let red = |note: &str| Some((Severity::Red, FindingKind::Date, note.to_owned()));
    if date.year.is_some_and(|y| !figures.years.contains(&y)) {
        return red("the source does not have this year");
    }
    let agrees = |a: Option<u8>, b: Option<u8>| a.is_none() || b.is_none() || a == b;
    if let Some(day) = date.day {
        let said = figures.dates.iter().any(|d| {
            d.day == Some(day)
                && agrees(date.month, d.month)
                && (d.year.is_none() || date.year.is_none() || d.year == date.year)
        });
        return if said {
            None
        } else {
            red("the source does not have this date")
        };
    }
    if date.month.is_some_and(|m| !figures.months.contains(&m)) {
        return red("the source does not have this month");
    }
    None
}

fn quantity_problem(q: &Quantity, figures: &Figures) -> Option<Problem> {
    if !is_checked(q) {
        return None;
    }
    let candidates = &figures.quantities;
    if candidates
        .iter()
        .any(|s| units_agree(q.unit, s.unit) && values_agree(q, s))
        || converted(q, figures)
    {
        return None;
    }
    let other = candidates.iter().find(|s| values_agree(q, s));
    if let Some(other) = other.filter(|s| s.unit != Unit::Plain && q.unit != Unit::Plain) {
        return Some((
            Severity::Amber,
            FindingKind::Unit,
            format!("the source has this number as {}", describe(other.unit)),
        ));
    }
    let kind = FindingKind::Number;
    Some((
        Severity::Red,
        kind,
        "the source does not have this number".to_owned(),
    ))
}

/// Numbers that are no claim: vague ones, spelled-out small counts, words that hold a numeral.
fn is_checked(q: &Quantity) -> bool {
    let half = q.spelled && (q.value == 50.0 && q.unit == Unit::Percent || q.value == 0.5);
    let count = matches!(
        q.unit,
        Unit::Plain | Unit::Measure(Family::Time | Family::Months, _)
    );
    let small = q.spelled && q.value <= 5.0 && q.value.fract() == 0.0 && count;
    let word = q.spelled && !q.counted;
    q.slack != Slack::Vague && !half && !small && !word
}

/// Whether two units may measure the same thing.
fn units_agree(claim: Unit, source: Unit) -> bool {
    match (claim, source) {
        (Unit::Plain, _) | (_, Unit::Plain) => true,
        (Unit::Money(a), Unit::Money(b)) => a.agrees(b),
        (Unit::Measure(a, x), Unit::Measure(b, y)) => a == b && x == y,
        (Unit::Percent, Unit::Points) | (Unit::Points, Unit::Percent) => false,
        (a, b) => a == b,
    }
}

/// The same amount in another unit of its family: 300 ms and 0.3 s, a half and 50 %, 2× and 200 %.
fn converted(q: &Quantity, figures: &Figures) -> bool {
    let as_claim = |s: &Quantity| -> Option<f64> {
        match (q.unit, s.unit) {
            (Unit::Measure(a, x), Unit::Measure(b, y)) if a == b => Some(s.value * y / x),
            (Unit::Measure(Family::Time, x), Unit::Measure(Family::Months, y)) => {
                Some(s.value * y * 30.4375 * 86_400.0 / x)
            }
            (Unit::Times, Unit::Percent) => Some(s.value / 100.0),
            (Unit::Percent, Unit::Times) if s.value >= 1.0 => Some(s.value * 100.0),
            (Unit::Times | Unit::Percent, Unit::Plain) => None,
            _ => None,
        }
    };
    let scaled = |s: &Quantity, value: f64| Quantity {
        value,
        other: None,
        step: s.step,
        ..*s
    };
    figures.quantities.iter().any(|s| as_claim(s).is_some_and(|v| values_agree(q, &scaled(s, v))))
        // Two times as much is a rise of 100 %, and the other way round.
        || q.unit == Unit::Percent && figures.quantities.iter().any(|s| s.unit == Unit::Times && near(q.value, (s.value - 1.0) * 100.0, 0.5))
        || q.unit == Unit::Times && figures.quantities.iter().any(|s| s.unit == Unit::Percent && near(q.value, s.value / 100.0 + 1.0, 0.01))
}

fn near(a: f64, b: f64, by: f64) -> bool {
    (a - b).abs() <= by
}

/// Whether some reading of the claim's number is some reading of the source's, rounded.
fn values_agree(claim: &Quantity, source: &Quantity) -> bool {
    let claims = std::iter::once(claim.value).chain(claim.other);
    claims.into_iter().any(|c| {
        let sources = std::iter::once(source.value).chain(source.other);
        sources.into_iter().any(|s| agrees(c, claim, s))
    })
}

fn agrees(claim: f64, as_written: &Quantity, source: f64) -> bool {
    let size = claim.abs();
    let gap = source - claim;
    // What was rounded away: half of the last digit, and little of the whole.
    let rounding = (as_written.step / 2.0).min(size * 0.025) + size * 1e-9;
    if gap.abs() <= rounding {
        return true;
    }
    // A round number said with `about` may be off by its last digit; an exact one may not.
    let round = as_written.step > 1.0 || claim.fract() != 0.0;
    if !round {
        return false;
    }
    match as_written.slack {
        Slack::About => gap.abs() <= as_written.step.min(size * 0.1),
        Slack::Over => (0.0..as_written.step.min(size * 0.3)).contains(&gap),
        Slack::Under => (0.0..as_written.step.min(size * 0.15)).contains(&-gap),
        Slack::Exact | Slack::Vague => false,
    }
}

fn describe(unit: Unit) -> &'static str {
    match unit {
        Unit::Plain => "a count",
        Unit::Percent => "per cent",
        Unit::Points => "percentage points",
        Unit::Times => "a multiple",
        Unit::Money(Currency::Yuan) => "yuan",
        Unit::Money(Currency::Dollar | Currency::Usd) => "dollars",
        Unit::Money(_) => "another currency",
        Unit::Measure(..) => "another measure",
    }
}
