//! Why something was not done, in the page's language.

use super::answer::Answer;
use super::words::Words;
use crate::pipeline::desk::DeskError;
use crate::review::edit::{EditError, RefusalCode};
use crate::store::Fault;

/// The answer to an act that failed.
pub(super) fn failed(words: &Words, error: &DeskError) -> Answer {
    let word = |key: &str| words.get("told", key).to_owned();
    match error {
        DeskError::Edit(EditError::Conflict(c)) => {
            Answer::conflict(&word("conflict"), c.theirs.clone())
        }
        DeskError::Edit(EditError::Refused { code, message }) => {
            let known = refusal(*code);
            let told = word(known);
            Answer::refused(if told == known { message.clone() } else { told })
        }
        DeskError::Changed => Answer::conflict(&word("changed"), None),
        DeskError::Gone => Answer::refused(word("gone")),
        DeskError::NothingToUndo => Answer::refused(word("nothing_to_undo")),
        DeskError::Unresolved(n) => {
            Answer::refused(word("unresolved").replace("{n}", &n.to_string()))
        }
        DeskError::Store(e) if e.fault == Fault::Busy => Answer::refused(word("busy")),
        other => Answer::refused(with_detail(words, other.to_string())),
    }
}

fn refusal(code: RefusalCode) -> &'static str {
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

/// What happened exactly, with the page's words before it.
pub(super) fn with_detail(words: &Words, message: String) -> String {
    format!("{} {message}", words.get("told", "failed"))
}
