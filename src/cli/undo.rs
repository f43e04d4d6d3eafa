//! `digestgen undo`: back to a version of a draft that was written over.

use digestgen::pipeline::{self, UndoError};
use digestgen::store::lock;

use super::args::{Shared, Undo};
use super::exit::{Exit, Stop, print};
use super::place::Place;
use super::tell::holder;

impl From<UndoError> for Stop {
    fn from(error: UndoError) -> Self {
        let message = error.to_string();
        match error {
            UndoError::Run(e) => e.into(),
            UndoError::None(_) | UndoError::Unknown(..) => Self::usage(message),
            UndoError::Gone(_) => Self::new(Exit::Disk, message),
            UndoError::Changed => Self::new(Exit::Gaps, message),
        }
    }
}

/// Shows the versions, or goes back to one.
pub(crate) fn run(shared: &Shared, options: &Undo) -> Result<Exit, Stop> {
    let place = Place::find(shared)?;
    let issue = place.issue(options.issue.as_deref())?;
    let edition = &place.config.edition.id;
    let store = place.store()?;
    if options.list {
        let rows = pipeline::versions(&store, edition, &issue)?;
        if shared.json {
            let json = serde_json::to_string(&rows)
                .map_err(|e| Stop::new(Exit::Bug, format!("versions: {e}")))?;
            print(&format!("{json}\n"))?;
            return Ok(Exit::Done);
        }
        if rows.is_empty() {
            eprintln!("nothing was written over yet");
        }
        for row in rows {
            let at = row.at.strftime("%Y-%m-%d %H:%M:%SZ");
            print(&format!("{:>3}  {at}  before {}\n", row.number, row.why.describe()))?;
        }
        return Ok(Exit::Done);
    }
    let _lock = lock(store.dir(), &format!("draft-{edition}"), &holder(place.now))?;
    let files = (&store, place.dir.as_path(), edition.as_str(), issue.as_str());
    let number = pipeline::undo(files, options.to, place.now)?;
    if shared.json {
        print(&format!("{}\n", serde_json::json!({ "issue": issue, "version": number })))?;
    } else if !shared.quiet {
        eprintln!("{issue} is as it was in version {number}; undo again takes that back");
    }
    Ok(Exit::Done)
}
