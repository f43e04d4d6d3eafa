//! The names of an issue's texts.

use serde::{Deserialize, Serialize};

/// A text of an issue; every number counts from 1. In JSON `{"kind":"detail","point":1,"detail":2}`.
///
/// The text of a whole (`entry`, `point`, `detail_line`, `highlight_line`, `reading_item`, `paper`,
/// `free`) is its Markdown as it stands in the file; every other text is what a reader sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Field {
    /// The issue's title without its window.
    IssueTitle,
    /// A whole line of the highlights.
    HighlightLine {
        /// Which line.
        line: usize,
    },
    /// Its label; empty where it has none.
    HighlightLabel {
        /// Which line.
        line: usize,
    },
    /// Its headline; empty where it has none.
    HighlightHeadline {
        /// Which line.
        line: usize,
    },
    /// Its sentences.
    HighlightText {
        /// Which line.
        line: usize,
    },
    /// The title of a section without its number; that of the draft's `🆕` heading is no text of
    /// the issue.
    SectionTitle {
        /// Which section, in the order of the file.
        section: usize,
    },
    /// A whole entry, its marks included.
    Entry,
    /// The title of an entry.
    Title,
    /// The URL of its source link.
    Link,
    /// Its date, `YYYY-MM-DD`; empty where it has none.
    Date,
    /// Its whole summary; empty where it has none.
    Summary,
    /// One sentence of its summary.
    Sentence {
        /// Which sentence.
        sentence: usize,
    },
    /// A whole key point with its details.
    Point {
        /// Which key point.
        point: usize,
    },
    /// The heading of a key point.
    Heading {
        /// Which key point.
        point: usize,
    },
    /// A whole detail with its lead.
    DetailLine {
        /// Which key point.
        point: usize,
        /// Which of its details.
        detail: usize,
    },
    /// The lead of a detail; empty where it has none.
    Lead {
        /// Which key point.
        point: usize,
        /// Which of its details.
        detail: usize,
    },
    /// The prose of a detail.
    Detail {
        /// Which key point.
        point: usize,
        /// Which of its details.
        detail: usize,
    },
    /// The line of a related paper.
    Paper {
        /// Which paper.
        paper: usize,
    },
    /// A whole item of further reading.
    ReadingItem {
        /// Which group.
        group: usize,
        /// Which of its items.
        item: usize,
    },
    /// The title of an item of further reading.
    ReadingTitle {
        /// Which group.
        group: usize,
        /// Which of its items.
        item: usize,
    },
    /// A block of the editor's own.
    Free {
        /// Which block, in the order of the file.
        block: usize,
    },
}

impl Field {
    /// Whether its text is the Markdown of several texts, or of a block.
    pub fn is_whole(self) -> bool {
        matches!(
            self,
            Self::Entry
                | Self::Point { .. }
                | Self::DetailLine { .. }
                | Self::HighlightLine { .. }
                | Self::ReadingItem { .. }
                | Self::Paper { .. }
                | Self::Free { .. }
        )
    }
}
