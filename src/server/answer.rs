//! What a changing request is answered with: a sentence for the person, and where to look next.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::queue::noted;
use super::words::Words;
use crate::pipeline::desk::Proposal;

/// The answer to a changing request.
#[derive(Debug, Serialize)]
pub(super) struct Answer {
    #[serde(skip)]
    status: StatusCode,
    /// What happened, in the page's language.
    told: String,
    /// The id of the text to look at next.
    #[serde(skip_serializing_if = "Option::is_none")]
    focus: Option<String>,
    /// Somebody else changed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    conflict: Option<ConflictView>,
    /// What the model proposes; nothing is written yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    proposal: Option<ProposalView>,
}

/// A sentence that the model proposes.
#[derive(Debug, Serialize)]
struct ProposalView {
    id: String,
    text: String,
    /// What does not hold up in it.
    notes: Vec<String>,
}

/// Both texts of a conflict are with the person: theirs comes, the person's own stays where it is.
#[derive(Debug, Serialize)]
struct ConflictView {
    /// What stands there now.
    theirs: Option<String>,
    /// Whether nothing stands there any more.
    gone: bool,
}

impl Answer {
    /// It was done.
    pub(super) fn done(told: &str) -> Self {
        Self {
            status: StatusCode::OK,
            told: told.to_owned(),
            focus: None,
            conflict: None,
            proposal: None,
        }
    }

    /// It was done; the person goes on at this text.
    pub(super) fn at(mut self, focus: Option<String>) -> Self {
        self.focus = focus;
        self
    }

    /// It was not done, and why.
    pub(super) fn refused(told: impl Into<String>) -> Self {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        Self { status, told: told.into(), focus: None, conflict: None, proposal: None }
    }

    /// It was not done, since what it was about was changed; `theirs` stands there now.
    pub(super) fn conflict(told: &str, theirs: Option<String>) -> Self {
        let gone = theirs.is_none();
        Self {
            status: StatusCode::CONFLICT,
            told: told.to_owned(),
            focus: None,
            conflict: Some(ConflictView { theirs, gone }),
            proposal: None,
        }
    }

    /// The model proposes a sentence.
    pub(super) fn proposed(words: &Words, proposal: &Proposal) -> Self {
        let findings = proposal.claim.findings.iter().flatten();
        let proposal = ProposalView {
            id: proposal.id.clone(),
            text: proposal.claim.text.clone(),
            notes: findings.map(|f| noted(words, &f.text, &f.note)).collect(),
        };
        Self { proposal: Some(proposal), ..Self::done(words.get("told", "proposed")) }
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        (self.status, Json(self)).into_response()
    }
}
