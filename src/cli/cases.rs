//! `digestgen cases`: edits of machine text, to test prompts and models against.

use std::sync::Arc;

use digestgen::pipeline::desk::{Desk, DeskError};

use super::args::{Cases, Shared};
use super::exit::{Exit, Stop, print};
use super::place::Place;
use super::tell::holder;

impl From<DeskError> for Stop {
    fn from(error: DeskError) -> Self {
        match error {
            DeskError::Store(e) => e.into(),
            DeskError::Approval(e) => e.into(),
            DeskError::Run(e) => e.into(),
            DeskError::Include(e) => e.into(),
            other => Self::new(Exit::Refused, other.to_string()),
        }
    }
}

/// Prints the cases of an issue, a JSON object a line.
pub(crate) fn run(shared: &Shared, options: &Cases) -> Result<Exit, Stop> {
    let place = Place::find(shared)?;
    let issue = place.issue(options.issue.as_deref())?;
    let store = Arc::new(place.store()?);
    let desk = Desk::open(&place.config, &place.dir, store, &issue, &holder(place.now))?;
    let cases = desk.cases()?;
    for case in &cases {
        let line = serde_json::to_string(case)
            .map_err(|e| Stop::new(Exit::Bug, format!("a case has no JSON: {e}")))?;
        print(&format!("{line}\n"))?;
    }
    if cases.is_empty() && !shared.quiet {
        eprintln!("{issue}: no text of the machine's was edited");
    }
    Ok(Exit::Done)
}
