//! Craft on text, Chinese and English alike: sentences, languages, numbers, names, likeness.
//!
//! Everything here is pure. Nothing knows what an article or a feed is.

pub mod hash;
pub mod charset;
pub mod time;
pub mod date;
pub mod language;
pub mod invisible;
pub mod sentence;
pub mod document;
pub mod measure;
pub mod nearest;
pub mod words;
pub mod similarity;
pub mod anchors;
pub mod terms;
pub mod number;
pub mod quantity;
pub mod name;
pub mod quotation;
pub mod markup;
pub mod promotion;
pub mod tame;

pub use document::{BlockKind, Document};
pub use language::Language;
pub use time::Moment;
