//! What a claim reckons from its own figures: `由 41% 升至 67%，提高 26 个百分点`.
//!
//! Only from figures that the sources bear out and that the claim names itself, and only where the
//! result is a difference or said roughly: an exact share would find a pair that gives it by chance.

use super::agree::{figures_agree, units_match};
use crate::text::quantity::{Quantity, Slack, Unit};

/// Whether `q` is the difference of two of `borne`, or about the share or multiple that two of them
/// make, or about the change from one to the other.
pub(super) fn is_reckoned(q: &Quantity, borne: &[Quantity]) -> bool {
    let rough = q.spelled || q.slack == Slack::About || q.step >= 10.0;
    let pairs = borne.iter().enumerate().flat_map(|(i, a)| {
        let others = borne.iter().enumerate().filter(move |(j, _)| *j != i);
        others.map(move |(_, b)| (a, b))
    });
    pairs.filter(|(a, b)| units_match(a.unit, b.unit) && b.value != 0.0).any(|(a, b)| {
        let share = a.value / b.value;
        let result = match (q.unit, a.unit) {
            (Unit::Points, Unit::Percent) => a.value - b.value,
            (Unit::Measure(..) | Unit::Money(_), unit) if unit == q.unit => a.value - b.value,
            (Unit::Percent, _) if rough => {
                return [share, share - 1.0, 1.0 - share]
                    .into_iter()
                    .any(|part| part > 0.0 && figures_agree(q, part * 100.0));
            }
            (Unit::Times, _) if rough => share,
            _ => return false,
        };
        result > 0.0 && figures_agree(q, result)
    })
}
