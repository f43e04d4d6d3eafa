//! Scores, ratios and ranges: two numbers that belong together.

use std::ops::Range;

use super::said::Figures;
use crate::text::quantity::{Fact, Found, Quantity, Unit};

pub(super) fn pair_is_said((small, large): (i64, i64), figures: &Figures) -> bool {
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
pub(super) fn pairs(
    chars: &[char],
    found: &[Found],
    scores: bool,
) -> Vec<(Range<usize>, (i64, i64))> {
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
            let ranged =
                matches!(between.trim(), "to" | "-to-" | "至" | "到" | "and" | "~" | "～" | "和");
            let counts = a.counted || b.counted || a.ordinal || b.ordinal;
            let fits =
                if scores { joined && !counts && whole(a) && whole(b) } else { joined || ranged };
            let (x, y) = (a.value as i64, b.value as i64);
            fits.then(|| (a_span.start..b_span.end, (x.min(y), x.max(y))))
        })
        .collect()
}
