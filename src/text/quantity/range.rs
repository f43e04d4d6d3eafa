//! Numbers that belong together: what the one leaves out stands with the other.

use super::unit::Unit;
use super::{Fact, Found, Quantity, calendar};

/// `5–10 million`, `30至50%`: the first number takes the second's unit, and may take its scale.
pub(super) fn ranges(chars: &[char], found: &mut [Found]) {
    for i in 1..found.len() {
        let (left, right) = found.split_at_mut(i);
        let (Some(a), b) = (left.last_mut(), &right[0]) else {
            continue;
        };
        let Some(between) = chars.get(a.span.end..b.span.start) else {
            continue;
        };
        let between: String = between.iter().collect();
        let joins = ["-", "~", "至", "到", "to", "and", "、", "和", "或", "or", "与", "--"]
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
                let day = calendar::Date { day: Some(q.value as u8), ..*date };
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
                let day = calendar::Date { day: Some(q.value as u8), ..*date };
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
