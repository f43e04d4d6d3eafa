//! `digestgen approve`: open findings, and the approval itself.

use std::io::{IsTerminal, Write};

use digestgen::pipeline::{self, ApprovalError, Approving};
use digestgen::review::{Examination, loose_ends};
use digestgen::store::lock;
use digestgen::verify::Severity;
use serde_json::json;

use super::args::{Approve, Shared};
use super::diff::unified;
use super::exit::{Exit, Stop, print};
use super::place::{Place, environment};
use super::tell::holder;

impl From<ApprovalError> for Stop {
    fn from(error: ApprovalError) -> Self {
        match error {
            ApprovalError::Store(e) => e.into(),
            ApprovalError::NoDraft(_) => Self::usage(error.to_string()),
            ApprovalError::Refused { .. } | ApprovalError::Json(..) => {
                Self::new(Exit::Refused, error.to_string())
            }
        }
    }
}

/// Shows what is open and records the approval of this exact text.
pub(crate) fn run(shared: &Shared, options: &Approve) -> Result<Exit, Stop> {
    let place = Place::find(shared)?;
    let issue = place.issue(options.issue.as_deref())?;
    let edition = &place.config.edition.id;
    let store = place.store()?;
    let _lock = lock(store.dir(), &format!("draft-{edition}"), &holder(place.now))?;
    let draft = pipeline::load_for_approval(&store, &place.dir, edition, &issue)?;
    let examination = draft.examine()?;
    show(shared, &draft, &examination)?;
    if examination.open.red > 0 && !confirmed(examination.open.red) {
        return Err(Stop::new(Exit::Refused, "not approved; nothing was recorded"));
    }
    let who = environment("USER").unwrap_or_else(|| "editor".to_owned());
    let approval = pipeline::approve(&store, &place.dir, edition, &issue, &draft, &who, place.now)?;
    if shared.json {
        let row = json!({ "issue": issue, "sha256": approval.sha256, "open": approval.open });
        print(&format!("{row}\n"))?;
    } else if !shared.quiet {
        eprintln!(
            "approved {issue} as it stands ({}); any later edit needs approval again",
            &approval.sha256[..12]
        );
        eprintln!("next: digestgen publish");
    }
    Ok(Exit::Done)
}

fn show(shared: &Shared, draft: &Approving, examination: &Examination) -> Result<(), Stop> {
    // What cannot be read was refused before.
    let loose = loose_ends(&draft.markdown, &draft.machine).unwrap_or_default();
    if shared.json {
        let findings: Vec<_> = examination
            .findings
            .iter()
            .map(|(claim, finding)| json!({ "claim": claim, "finding": finding }))
            .collect();
        let accepted = &examination.accepted;
        let row = json!({ "findings": findings, "accepted": accepted, "loose_ends": loose });
        return print(&format!("{row}\n"));
    }
    if let Some(before) = &draft.approved_text {
        let changes = unified(before, &draft.markdown);
        match changes.is_empty() {
            true => print("Nothing changed since the last approval.\n")?,
            false => print(&format!("Since the last approval:\n{changes}\n"))?,
        }
    }
    let open = examination.open;
    let accepted = match examination.accepted.len() {
        0 => String::new(),
        n => format!(" ({n} accepted before)"),
    };
    print(&format!("Open findings: {} red, {} amber{accepted}\n", open.red, open.amber))?;
    for (claim, finding) in &examination.findings {
        let severity = match finding.severity {
            Severity::Red => "red",
            Severity::Amber => "amber",
        };
        print(&format!("  {severity}: “{}” in: {claim}\n    {}\n", finding.text, finding.note))?;
    }
    loose.iter().try_for_each(|end| print(&format!("Look again: {end}\n")))
}

/// A person at a terminal is asked about red findings. Where there is no terminal the command
/// itself is the decision, and the record says what was open.
fn confirmed(red: usize) -> bool {
    if !std::io::stdin().is_terminal() {
        eprintln!("warning: approving with {red} red findings open");
        return true;
    }
    eprint!("Approve with {red} red findings open? [y/N] ");
    let mut answer = String::new();
    std::io::stderr().flush().is_ok()
        && std::io::stdin().read_line(&mut answer).is_ok()
        && matches!(answer.trim(), "y" | "Y" | "yes")
}
