//! The account of a run, amended by what the editor decided afterwards.

use std::collections::{BTreeMap, BTreeSet};

use super::draft;
use super::files::{Files, StoryRecord};
use super::gather::Gathered;
use super::report::{FindingsRow, Report, rows_of, totals_row};
use super::write::WrittenStory;
use super::{Run, RunError};
use crate::compose::Issue;
use crate::review::findings_of;
use crate::select::outcome::Ledger;
use crate::select::{DecidedBy, Kind};
use crate::store::{read_text, write_atomic};
use crate::verify::Severity;

impl Report {
    /// The account of the last run.
    pub(super) fn load(files: &Files<'_>) -> Result<Self, RunError> {
        let path = files.folder.join("report.json");
        let broken = |what: &str| {
            RunError::Internal(format!("{} {what}; run `digestgen run` again", path.display()))
        };
        let text = read_text(&path)?.ok_or_else(|| broken("is missing"))?;
        serde_json::from_str(&text).map_err(|e| broken(&format!("cannot be read: {e}")))
    }

    /// Writes it.
    pub(super) fn save_to(&self, files: &Files<'_>) -> Result<(), RunError> {
        let mut json = serde_json::to_vec_pretty(self)
            .map_err(|e| RunError::Internal(format!("report.json: {e}")))?;
        json.push(b'\n');
        Ok(write_atomic(&files.folder.join("report.json"), &json)?)
    }

    /// The story that a candidate belongs to, as far as the account tells.
    pub(super) fn story_of(&self, candidate: &str, title: Option<String>) -> StoryRecord {
        let row = self.candidates.iter().find(|c| c.id == candidate);
        let story = row.and_then(|r| r.story.clone());
        let of_story = self.candidates.iter().filter(|c| story.is_some() && c.story == story);
        let mut candidates: BTreeSet<String> = of_story.map(|c| c.id.clone()).collect();
        candidates.insert(candidate.to_owned());
        let title = title.or_else(|| row.map(|r| r.title.clone())).unwrap_or_default();
        StoryRecord { title, candidates, article: None, score: 0.0 }
    }

    /// Enters that the editor took these candidates out.
    pub(super) fn exclude(&mut self, candidates: &BTreeSet<String>) {
        for row in self.candidates.iter_mut().filter(|c| candidates.contains(&c.id)) {
            row.outcome = Kind::Excluded;
            "excluded".clone_into(&mut row.reason);
            "the editor took it out; `digestgen include` brings it back"
                .clone_into(&mut row.detail);
            row.decided_by = DecidedBy::Editor;
        }
        self.add_up();
    }

    /// Enters again what an earlier account told of these candidates.
    pub(super) fn put_back(&mut self, before: &Self, candidates: &BTreeSet<String>) {
        self.candidates.retain(|c| !candidates.contains(&c.id));
        let rows = before.candidates.iter().filter(|c| candidates.contains(&c.id));
        self.candidates.extend(rows.cloned());
        self.candidates.sort_by(|a, b| a.id.cmp(&b.id));
        self.findings = before.findings;
        self.add_up();
    }

    /// The best-ranked story without an entry, for want of room: its title and URL.
    pub(super) fn next_in_rank(&self) -> Option<(String, String)> {
        let waits = |kind| matches!(kind, Kind::BelowCut | Kind::FurtherReading);
        let rows = self.candidates.iter().filter(|c| waits(c.outcome) && c.rank.is_some());
        let first = rows.min_by_key(|c| (c.rank, c.id.clone()))?;
        Some((first.title.clone(), first.url.clone()))
    }

    fn add_up(&mut self) {
        let mut totals: BTreeMap<Kind, usize> = BTreeMap::new();
        for row in &self.candidates {
            *totals.entry(row.outcome).or_insert(0) += 1;
        }
        self.totals = totals_row(self.candidates.len(), &totals);
    }
}

/// Enters a story that the editor brought in.
pub(super) fn enter_story(
    run: &Run<'_>,
    gathered: &Gathered,
    story: &WrittenStory,
) -> Result<(), RunError> {
    let files = Files::of(run);
    let mut report = Report::load(&files)?;
    let mut ledger = Ledger::default();
    draft::enter(story, &BTreeSet::new(), &mut ledger)?;
    for row in rows_of(gathered, story, &ledger) {
        match report.candidates.iter_mut().find(|c| c.id == row.id) {
            Some(old) => *old = row,
            None => report.candidates.push(row),
        }
    }
    report.candidates.sort_by(|a, b| a.id.cmp(&b.id));
    report.add_up();
    if let Some(text) = read_text(&files.folder.join("issue.json"))?
        && let Ok(issue) = serde_json::from_str::<Issue>(&text)
    {
        let findings = findings_of(&issue);
        let count = |s| findings.iter().filter(|(_, f)| f.severity == s).count();
        report.findings = FindingsRow { red: count(Severity::Red), amber: count(Severity::Amber) };
    }
    report.save_to(&files)
}
