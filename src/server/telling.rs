//! Why something was not done, in the page's language. Every failure has a code of a closed list, and
//! a sentence for each code in both languages; what may stand behind it in another language is a
//! detail: a path, an address, what the system said.

use super::answer::Answer;
use super::words::Words;
use crate::format::FormatError;
use crate::model::Failure;
use crate::pipeline::desk::{Damage, DeskError};
use crate::pipeline::{ApprovalError, IncludeError, RunError, UndoError};
use crate::review::edit::{EditError, RefusalCode};
use crate::review::{Refusal, Unmergeable};
use crate::store::{Fault, StoreError};
use crate::summarize::model::Gap;

/// The answer to an act that failed.
pub(super) fn failed(words: &Words, error: &DeskError) -> Answer {
    match error {
        DeskError::Edit(EditError::Conflict(c)) => {
            Answer::conflict(&word(words, "conflict"), c.theirs.clone())
        }
        DeskError::Changed => Answer::conflict(&word(words, "changed"), None),
        other => Answer::refused(told(words, other)),
    }
}

/// Why the desk cannot do something.
pub(super) fn told(words: &Words, error: &DeskError) -> String {
    match error {
        DeskError::Edit(EditError::Conflict(_)) => word(words, "conflict"),
        DeskError::Edit(EditError::Refused { code, .. }) => word(words, refusal_code(*code)),
        DeskError::Edit(EditError::Format(e)) => format(words, e),
        DeskError::Approval(e) => approval(words, e),
        DeskError::Store(e) => store(words, e),
        DeskError::Run(e) => run(words, e),
        DeskError::Include(e) => include(words, e),
        DeskError::Undo(e) => undo(words, e),
        DeskError::Changed => word(words, "changed"),
        DeskError::Gone => word(words, "gone"),
        DeskError::NothingToUndo => word(words, "nothing_to_undo"),
        DeskError::NotKept(version) => with(words, "not_kept", version),
        DeskError::Unresolved(n) => numbered(words, "unresolved", *n),
        DeskError::Rewrite(gap) => rewrite(words, gap),
    }
}

fn word(words: &Words, code: &str) -> String {
    words.get("told", code).to_owned()
}

/// A sentence and the detail that no language has.
fn with(words: &Words, code: &str, detail: &str) -> String {
    let detail = detail.trim();
    match detail.is_empty() {
        true => word(words, code),
        false => format!("{} [{detail}]", word(words, code)),
    }
}

fn numbered(words: &Words, code: &str, n: usize) -> String {
    words.get("told", code).replace("{n}", &n.to_string())
}

fn refusal_code(code: RefusalCode) -> &'static str {
    match code {
        RefusalCode::Empty => "refused_empty",
        RefusalCode::Lines => "refused_lines",
        RefusalCode::Control => "refused_control",
        RefusalCode::Address => "refused_address",
        RefusalCode::Date => "refused_date",
        RefusalCode::Field => "refused_field",
        RefusalCode::Last => "refused_last",
        RefusalCode::Place => "refused_place",
        RefusalCode::Present => "refused_present",
        RefusalCode::Meaning => "refused_meaning",
    }
}

/// Where a file is not in the format.
fn format(words: &Words, error: &FormatError) -> String {
    let expected = words.expected(&error.expected);
    let found = words.expected(&error.found);
    words
        .get("told", "format")
        .replace("{line}", &error.line.to_string())
        .replace("{expected}", &expected)
        .replace("{found}", &found)
}

/// Why a text cannot be approved.
pub(super) fn refusal(words: &Words, refusal: &Refusal) -> String {
    match refusal {
        Refusal::Format(e) => format(words, e),
        Refusal::Waiting(n) => numbered(words, "waiting", *n),
        Refusal::NotApproved => word(words, "not_approved"),
        Refusal::Changed => word(words, "changed"),
        Refusal::Evidence => word(words, "evidence_changed"),
        Refusal::Machine(name) => words.get("told", "machine").replace("{file}", name),
    }
}

fn approval(words: &Words, error: &ApprovalError) -> String {
    match error {
        ApprovalError::NoDraft(folder) => with(words, "no_draft", folder),
        ApprovalError::Refused { refusal: why, .. } => refusal(words, why),
        ApprovalError::Store(e) => store(words, e),
        ApprovalError::Json(file, e) => with(words, "json", &format!("{file}: {e}")),
    }
}

fn store(words: &Words, error: &StoreError) -> String {
    let code = match error.fault {
        Fault::Permission => "store_permission",
        Fault::Disk => "store_disk",
        Fault::Damaged => "store_damaged",
        Fault::Newer => "store_newer",
        Fault::Busy => return word(words, "busy"),
        Fault::NotText => "store_not_text",
        Fault::Missing => "store_missing",
        Fault::Folder => "store_folder",
    };
    with(words, code, &format!("{}: {}", error.path.display(), error.detail))
}

fn run(words: &Words, error: &RunError) -> String {
    match error {
        RunError::Store(e) => store(words, e),
        RunError::Model(failure) => model(words, failure),
        RunError::Nothing(detail) => with(words, "nothing", detail),
        RunError::Budget => word(words, "include_budget"),
        RunError::Template(e) => with(words, "template", &e.to_string()),
        RunError::Ledger(e) => with(words, "bug", &e.to_string()),
        RunError::Internal(detail) => with(words, "bug", detail),
    }
}

fn model(words: &Words, failure: &Failure) -> String {
    let told = words.get("model", failure.reason.code());
    match failure.status {
        Some(status) => format!("{told} [HTTP {status}]"),
        None => told.to_owned(),
    }
}

fn undo(words: &Words, error: &UndoError) -> String {
    match error {
        UndoError::None(_) => word(words, "nothing_to_undo"),
        UndoError::Unknown(_, n) => numbered(words, "no_version", *n),
        UndoError::Gone(n) => with(words, "not_kept", &n.to_string()),
        UndoError::Changed => word(words, "changed"),
        UndoError::Run(e) => run(words, e),
    }
}

fn rewrite(words: &Words, gap: &Gap) -> String {
    match &gap.failure {
        Some(failure) => model(words, failure),
        None => {
            let code = match gap.reason.as_str() {
                "no_article" => "rewrite_no_article",
                "unproved" => "rewrite_unproved",
                "prompt" => "rewrite_prompt",
                "budget" => return word(words, "include_budget"),
                _ => "rewrite_unusable",
            };
            word(words, code)
        }
    }
}

fn include(words: &Words, error: &IncludeError) -> String {
    match error {
        IncludeError::NoDraft(folder) => with(words, "no_draft", folder),
        IncludeError::OldDraft(folder) => with(words, "old_draft", folder),
        IncludeError::BadUrl(url) => with(words, "include_bad_url", url),
        IncludeError::AlreadyIn { title, .. } => {
            words.get("told", "include_already").replace("{title}", title)
        }
        IncludeError::Unreadable { reason, detail, .. } => {
            let why = words.get("reason", reason);
            let detail = if why == reason { detail } else { "" };
            with(words, "include_unreadable", &format!("{why} {detail}"))
        }
        IncludeError::Unwritten { detail, .. } => {
            with(words, "include_unwritten", &words.sentence(detail))
        }
        IncludeError::Budget(_) => word(words, "include_budget"),
        IncludeError::Unmergeable(e) => match e {
            Unmergeable::File(e) => format(words, e),
            Unmergeable::Machine(e) => with(words, "template", &e.to_string()),
            Unmergeable::Lost(text) => with(words, "lost", text),
        },
        IncludeError::Changed => word(words, "include_changed"),
        IncludeError::Run(e) => run(words, e),
    }
}

/// The answer where a version cannot be put back.
pub(super) fn not_restored(words: &Words, error: &UndoError) -> Answer {
    Answer::refused(undo(words, error))
}

/// What is wrong with the account of the last run.
pub(super) fn damage(words: &Words, damage: &Damage) -> String {
    match damage {
        Damage::Missing => word(words, "report_missing"),
        Damage::Unreadable(detail) => with(words, "report_damaged", detail),
    }
}
