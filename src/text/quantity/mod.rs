//! What a text says in figures: quantities with their units, dates, times of day, identifiers.
//!
//! The scan is liberal: a place may give two readings (`5 m` is five metres or five million; the
//! first number of `5–10 million` may be 5 or five million). Who checks decides which readings
//! count. It resolves nothing: relative days stand as they are said.

use std::ops::Range;

mod amount;
mod calendar;
mod clock;
mod identifier;
mod part;
mod range;
mod scan;
mod slack;
mod symbols;
mod unit;

pub use calendar::{Date, Relative};
pub use clock::Clock;
pub use scan::scan;
pub use unit::{Currency, Family, Unit};

/// How exactly a number is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slack {
    /// As written, rounded to its last digit.
    Exact,
    /// 约, about, 左右.
    About,
    /// 超过, over, 多: at least so much.
    Over,
    /// 近, nearly, 不到, up to: at most about so much.
    Under,
    /// 数百, dozens: no number at all.
    Vague,
}

/// A number with its unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quantity {
    /// The value, scales included, in the unit as written.
    pub value: f64,
    /// A second reading of the value.
    pub other: Option<f64>,
    /// The weight of the last significant digit.
    pub step: f64,
    /// The unit.
    pub unit: Unit,
    /// How exactly it is meant.
    pub slack: Slack,
    /// Whether it is written in words.
    pub spelled: bool,
    /// Whether it is an ordinal: `10th`, `第16`.
    pub ordinal: bool,
    /// Whether a unit or a measure word, known or not, follows.
    pub counted: bool,
    /// Whether a Chinese measure word follows (25个): a count, whatever else it is.
    pub measured: bool,
}

/// One thing that a text says in figures.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact {
    /// A number.
    Quantity(Quantity),
    /// A date, or a part of one.
    Date(Date),
    /// A day that is said relative to the day of writing.
    Relative(Relative),
    /// A quarter of a year, 1..=4.
    Quarter(u8),
    /// A decade: 1990; 90 where the century is not said.
    Decade(i32),
    /// A century: 20 for `20世纪`.
    Century(i32),
    /// A time of day.
    Clock(Clock),
    /// A token of letters and digits (`GPT-4o`).
    Identifier,
}

/// A fact and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Code points of the text, half-open.
    pub span: Range<usize>,
    /// What it says.
    pub fact: Fact,
}

/// `identifier` with case, spaces, hyphens and dots in between folded: `Llama-3` is `llama3`.
pub fn fold_identifier(identifier: &str) -> String {
    identifier.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
