//! Which stories matter most by rules, and which article of a story leads it.

use serde::{Deserialize, Serialize};

/// How many articles of a story feed its entry.
pub const FEEDING: usize = 3;

/// What a score is made of; each part is from 1 to 5.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Parts {
    /// What the triage says.
    pub merit: super::rules::Merit,
    /// The highest authority among the story's sources.
    pub authority: f64,
    /// The length of the longest article that feeds it.
    pub length: f64,
    /// Independent outlets: 1–2 → 1, 3–5 → 2, 6–10 → 3, 11–20 → 4, more → 5.
    pub heat: f64,
}

/// Where an entry's source link leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceLink {
    /// The URL.
    pub url: String,
    /// The candidate whose page it is; `None` for a page that only a report links to.
    pub candidate: Option<String>,
}
