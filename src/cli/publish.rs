//! `digestgen publish`: the targets of an approved issue.

use digestgen::pipeline::{self, DeliveryError};
use digestgen::store::lock;
use serde_json::json;

use super::args::{Publish, Shared};
use super::exit::{Exit, Stop, print};
use super::place::Place;
use super::tell::holder;

impl From<DeliveryError> for Stop {
    fn from(error: DeliveryError) -> Self {
        match error {
            DeliveryError::Store(e) => e.into(),
            DeliveryError::Json(_) => Self::new(Exit::Bug, error.to_string()),
        }
    }
}

/// Publishes exactly the approved text, or nothing (exit 8).
pub(crate) fn run(shared: &Shared, options: &Publish) -> Result<Exit, Stop> {
    let place = Place::find(shared)?;
    let targets = &place.config.publish;
    if targets.is_empty() {
        return Err(Stop::usage(format!(
            "{} names no target; add one, such as\n  [[publish]]\n  kind = \"folder\"\n  path = \
             \"public\"",
            shared.config.display()
        )));
    }
    let issue = place.issue(options.issue.as_deref())?;
    let edition = &place.config.edition.id;
    let store = place.store()?;
    let _lock = lock(store.dir(), &format!("draft-{edition}"), &holder(place.now))?;
    let draft = pipeline::load_for_approval(&store, &place.dir, edition, &issue)?;
    let approved = draft.admit()?;
    let planned = pipeline::plan_delivery(targets, &approved, edition, &issue, &place.dir)?;
    for planned in &planned {
        if options.dry_run {
            for step in &planned.steps {
                let told = step.describe();
                let json = shared.json.then(|| json!({ "step": told }).to_string());
                print(&format!("{}\n", json.unwrap_or(told)))?;
            }
            continue;
        }
        let delivery = pipeline::deliver(&store, planned, &approved, edition, &issue, place.now)?;
        let receipt = &delivery.receipt;
        if shared.json {
            let row = json!({ "receipt": receipt, "already": delivery.already });
            print(&format!("{row}\n"))?;
        } else if !shared.quiet {
            let done = if delivery.already { "already done" } else { "done" };
            for step in &receipt.steps {
                print(&format!("{done}: {step}\n"))?;
            }
        }
    }
    Ok(Exit::Done)
}
