//! Arranges entries into an issue: the words of the language, the sections in their order, the
//! highlights in rank order. Pure: it reads no configuration and knows no Markdown.

mod arrange;
mod issue;
mod words;

pub use arrange::{ArrangeError, Plan, PlannedEntry, arrange};
pub use issue::{
    Edition, EntrySource, FreeText, HighlightLine, Issue, IssueDetail, IssueEntry, IssueKeyPoint,
    IssueSection, ReadingGroup, ReadingItem, TextLink, Verbatim, Window,
};
pub use words::{KEYS, UnknownWord, Words, built_in, words_for};
