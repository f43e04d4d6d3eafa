//! Approved → Receipts: plans and carries out the publish targets of a digest.

use std::path::Path;

use jiff::Timestamp;

use crate::publish::{self, Delivery, Step, Target};
use crate::review::Approved;
use crate::store::{Store, StoreError};

/// A delivery that failed.
#[derive(Debug, thiserror::Error)]
pub enum DeliveryError {
    /// The issue cannot be written as JSON: a bug of ours.
    #[error("the issue cannot be written as JSON: {0}; please report this")]
    Json(#[from] serde_json::Error),
    /// The disk refuses.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A target and what will be done for it.
#[derive(Debug)]
pub struct Planned<'a> {
    /// The target.
    pub target: &'a Target,
    /// The steps.
    pub steps: Vec<Step>,
}

/// Plans all targets for one approved issue; nothing is done yet.
///
/// # Errors
/// The issue cannot be written as JSON.
pub fn plan_delivery<'a>(
    targets: &'a [Target],
    approved: &Approved,
    edition: &str,
    issue: &str,
    dir: &Path,
) -> Result<Vec<Planned<'a>>, DeliveryError> {
    let plan = |target| {
        let steps = publish::plan(target, approved, edition, issue, dir)?;
        Ok(Planned { target, steps })
    };
    targets.iter().map(plan).collect()
}

/// Carries out one planned target.
///
/// # Errors
/// What the disk refuses; what was done before stands, and a later call does the rest.
pub fn deliver(
    store: &Store,
    planned: &Planned<'_>,
    approved: &Approved,
    edition: &str,
    issue: &str,
    now: Timestamp,
) -> Result<Delivery, DeliveryError> {
    let Planned { target, steps } = planned;
    Ok(publish::carry_out(store, target, edition, issue, approved, steps, now)?)
}
