//! Edits of machine text as cases to test prompts and models against.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{Desk, DeskError};
use crate::format::Field;
use crate::pipeline::approval::Approving;
use crate::review::record::{Decision, FindingSeen, Reason, What};
use crate::review::{Checked, checked_texts};
use crate::verify::{Evidence, Finding, Origin};

/// Where a case is known from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Seen {
    /// A decision at the desk.
    Record,
    /// The difference between what the program wrote and the draft: a text editor did it.
    Difference,
}

/// A text of the machine's and what an editor made of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Case {
    /// The issue's folder name.
    pub issue: String,
    /// The entry's key; `None` outside of entries.
    pub entry: Option<String>,
    /// The kind of field, and which.
    pub field: Field,
    /// The machine's text.
    pub machine: String,
    /// The editor's text, after all edits; `None` where they took it out.
    pub editor: Option<String>,
    /// What the machine's text rested on.
    pub evidence: Vec<Evidence>,
    /// What did not hold up in it.
    pub findings: Vec<Finding>,
    /// The finding that it was rewritten for.
    pub finding: Option<FindingSeen>,
    /// Why, where the editor said.
    pub reason: Option<Reason>,
    /// Why, in the editor's words.
    pub note: Option<String>,
    /// The version of the prompt that the machine's text was written with.
    pub prompt: Option<String>,
    /// The model that wrote it; `None` for the extractive writer.
    pub model: Option<String>,
    /// Where it is known from.
    pub seen: Seen,
}

impl Desk {
    /// The edits of machine text: those of the record, in its order, then those that only the draft
    /// shows, in the order of what the program wrote. Entries that were deleted as a whole are no
    /// cases: what was wrong with them is not in their words.
    ///
    /// # Errors
    /// The draft cannot be read.
    pub fn cases(&self) -> Result<Vec<Case>, DeskError> {
        let draft = self.load()?;
        let base = self.files().standing()?.and_then(|s| s.base).map(|b| b.issue);
        let machine: Vec<Checked> = base
            .iter()
            .chain(&draft.machine)
            .flat_map(checked_texts)
            .filter(|t| t.origin != Some(Origin::Editor) && !t.text.is_empty())
            .collect();
        let mut cases = self.recorded(&draft, &machine)?;
        let recorded: BTreeSet<String> = cases.iter().map(|c| c.machine.clone()).collect();
        let own = base.as_ref().or(draft.machine.first());
        for text in own.map(checked_texts).unwrap_or_default() {
            let is_machines = text.origin != Some(Origin::Editor) && !text.text.is_empty();
            if is_machines && !recorded.contains(&text.text) {
                cases.extend(self.difference(&draft, &text, &machine)?);
            }
        }
        Ok(cases)
    }

    fn recorded(&self, draft: &Approving, machine: &[Checked]) -> Result<Vec<Case>, DeskError> {
        let decisions: Vec<&Decision> = draft
            .record
            .standing()
            .map(|(_, d)| d)
            .filter(|d| matches!(d.what, What::Edit | What::Rewrite | What::Drop))
            .collect();
        let known: BTreeMap<&str, &Checked> =
            machine.iter().map(|t| (t.text.as_str(), t)).collect();
        let mut cases = Vec::new();
        for (n, decision) in decisions.iter().enumerate() {
            let (Some(target), Some(before)) = (&decision.target, &decision.before) else {
                continue;
            };
            let Some(text) = known.get(before.as_str()) else { continue };
            let mut case = self.case(text, decision.after.clone(), Seen::Record)?;
            // later edits of the same text
            for later in &decisions[n + 1..] {
                let same = later.target.as_ref().is_some_and(|t| t.entry == target.entry);
                if same && case.editor.is_some() && later.before == case.editor {
                    case.editor.clone_from(&later.after);
                }
            }
            case.entry.clone_from(&target.entry);
            case.field = target.field;
            case.finding.clone_from(&decision.finding);
            (case.reason, case.note) = (decision.reason, decision.note.clone());
            (case.model, case.prompt) = (decision.model.clone(), decision.prompt.clone());
            if !decision.findings.is_empty() {
                case.findings.clone_from(&decision.findings);
            }
            cases.push(case);
        }
        Ok(cases)
    }

    /// What the draft says where the machine's text stood; nothing where it still says that.
    fn difference(
        &self,
        draft: &Approving,
        text: &Checked,
        machine: &[Checked],
    ) -> Result<Option<Case>, DeskError> {
        let pieces = crate::review::edit::pieces(&draft.markdown)
            .map_err(crate::review::edit::EditError::from)?;
        let own: Vec<_> = pieces.iter().filter(|p| p.at.entry == text.at.entry).collect();
        let stands = own.iter().any(|p| p.text.trim_end() == text.text.trim_end());
        if own.is_empty() || stands {
            return Ok(None);
        }
        let now = own.iter().find(|p| p.at.field == text.at.field).map(|p| p.text.clone());
        // another text of the machine's moved to this place: the one that stood here is gone
        let moved = |now: &String| machine.iter().any(|m| m.text.trim_end() == now.trim_end());
        let editor = now.filter(|now| !moved(now));
        Ok(Some(self.case(text, editor, Seen::Difference)?))
    }

    fn case(&self, text: &Checked, editor: Option<String>, seen: Seen) -> Result<Case, DeskError> {
        let (model, prompt) = match text.origin {
            Some(Origin::Extractive) => (None, None),
            _ => self.writer(&text.text)?,
        };
        Ok(Case {
            issue: self.issue.clone(),
            entry: text.at.entry.clone(),
            field: text.at.field,
            machine: text.text.clone(),
            editor,
            evidence: text.evidence.clone(),
            findings: text.findings.clone(),
            finding: None,
            reason: None,
            note: None,
            prompt,
            model,
            seen,
        })
    }
}
