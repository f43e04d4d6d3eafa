//! What an editor does: each act names the text that the editor saw.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;

use super::address::field_id;
use super::answer::Answer;
use super::desk::Shared;
use super::telling::{failed, not_restored};
use crate::format::Field;
use crate::pipeline::desk::{Acceptance, DeskError, View, Wish};
use crate::pipeline::{self, UndoError};
use crate::review::edit::{Conflict, Edit, EditError, Spot, Target, drop_of};
use crate::review::record::{FindingSeen, Reason};
use crate::summarize::model::Edition;

type Page = State<Arc<Shared>>;

/// The draft's texts are read and written at once; others are answered meanwhile.
pub(super) fn at_once<T>(work: impl FnOnce() -> T) -> T {
    tokio::task::block_in_place(work)
}

/// Answers with what was done, or with why not.
fn told(shared: &Shared, done: Result<(&str, Option<Target>), DeskError>) -> Answer {
    match done {
        Ok((key, focus)) => {
            Answer::done(shared.words.get("told", key)).at(focus.as_ref().map(field_id))
        }
        Err(error) => failed(&shared.words, &error),
    }
}

fn apply(shared: &Shared, edit: &Edit) -> Result<bool, DeskError> {
    let applied = shared.room.desk.apply(edit, &shared.room.who, shared.now())?;
    Ok(applied.changed)
}

/// A text and its words as the editor saw it.
#[derive(Deserialize)]
pub(super) struct Seen {
    at: Target,
    base: String,
}

#[derive(Deserialize)]
pub(super) struct Written {
    at: Target,
    base: String,
    text: String,
}

/// Another text in the place of one, and of those that say the same where a decision waits on both.
pub(super) async fn edit(
    State(shared): Page,
    Json(Written { at, base, text }): Json<Written>,
) -> Answer {
    told(
        &shared,
        at_once(|| {
            let twins = shared.room.desk.twins(&at, &base)?;
            let replace = |at| Edit::Replace { at, base: base.clone(), text: text.clone() };
            let edit = together(replace(at.clone()), twins.iter().cloned().map(replace).collect());
            let changed = apply(&shared, &edit)?;
            let key = match (changed, twins.is_empty()) {
                (true, true) => "saved",
                (true, false) => "saved_both",
                (false, _) => "unchanged",
            };
            Ok((key, Some(at)))
        }),
    )
}

/// An edit with others that are the same decision.
fn together(first: Edit, others: Vec<Edit>) -> Edit {
    if others.is_empty() {
        return first;
    }
    Edit::Together { edits: std::iter::once(first).chain(others).collect() }
}

/// Takes a text out: the sentence, or the line that it fills; and where a decision waits on it, what
/// says the same.
pub(super) async fn drop(State(shared): Page, Json(seen): Json<Seen>) -> Answer {
    told(
        &shared,
        at_once(|| {
            let view = shared.room.desk.view()?;
            let twins = shared.room.desk.twins(&seen.at, &seen.base)?;
            let others = twins.iter().map(|at| dropping(&view, at, &seen.base));
            let others: Vec<Edit> = others.collect::<Result<_, _>>()?;
            apply(&shared, &together(dropping(&view, &seen.at, &seen.base)?, others))?;
            Ok((if twins.is_empty() { "dropped" } else { "dropped_both" }, None))
        }),
    )
}

fn dropping(view: &View, at: &Target, base: &str) -> Result<Edit, DeskError> {
    let now = view.pieces.iter().find(|p| p.at == *at).map(|p| p.text.clone());
    if now.as_deref() != Some(base) {
        let conflict = Conflict { base: base.to_owned(), theirs: now, mine: None };
        return Err(EditError::Conflict(conflict).into());
    }
    // Where it cannot be dropped the edit itself says why.
    let plain = || Edit::Drop { at: at.clone(), base: base.to_owned() };
    Ok(drop_of(&view.pieces, at).unwrap_or_else(plain))
}

#[derive(Deserialize)]
pub(super) struct Added {
    /// What it goes after as the editor saw it: a detail, a heading, a sentence of the summary.
    #[serde(flatten)]
    seen: Seen,
    /// The heading of a new key point; without it a detail is added.
    #[serde(default)]
    heading: Option<String>,
    #[serde(default)]
    lead: String,
    text: String,
}

/// Adds a detail, or a key point with its first detail.
pub(super) async fn add(State(shared): Page, Json(it): Json<Added>) -> Answer {
    told(
        &shared,
        at_once(|| {
            let view = shared.room.desk.view()?;
            let field = match (it.seen.at.field, &it.heading) {
                (Field::Detail { point, .. } | Field::Lead { point, .. }, Some(_))
                | (Field::Heading { point }, Some(_)) => Field::Point { point },
                (Field::Detail { point, detail } | Field::Lead { point, detail }, None) => {
                    Field::DetailLine { point, detail }
                }
                (Field::Sentence { .. }, _) => Field::Summary,
                (other, _) => other,
            };
            let after = Target { entry: it.seen.at.entry.clone(), field };
            let base = whole_of(&view, &it.seen, &after)?;
            let Added { heading, lead, text, .. } = it;
            apply(&shared, &Edit::Add { after, base, heading, lead, text })?;
            Ok(("added", None))
        }),
    )
}

/// The text of the whole that a text stands in, if that text is still what the editor saw.
fn whole_of(view: &View, seen: &Seen, whole: &Target) -> Result<String, DeskError> {
    let text = |at: &Target| view.pieces.iter().find(|p| p.at == *at).map(|p| p.text.clone());
    let now = text(&seen.at);
    if now.as_deref() != Some(&seen.base) {
        let conflict = Conflict { base: seen.base.clone(), theirs: now, mine: None };
        return Err(EditError::Conflict(conflict).into());
    }
    text(whole).ok_or(DeskError::Gone)
}

#[derive(Deserialize)]
pub(super) struct Entry {
    entry: String,
    /// Its Markdown as the editor saw it.
    base: String,
}

/// Takes an entry out, with its line in the highlights.
pub(super) async fn delete(State(shared): Page, Json(seen): Json<Entry>) -> Answer {
    told(
        &shared,
        at_once(|| {
            let view = shared.room.desk.view()?;
            let line = view.entries.iter().find(|e| e.key == seen.entry).and_then(|e| e.highlight);
            let highlight = line.and_then(|line| line_text(&view, line));
            let edit = Edit::Delete { entry: seen.entry, base: seen.base, highlight };
            apply(&shared, &edit)?;
            Ok(("deleted", None))
        }),
    )
}

/// The Markdown of a line of the highlights.
fn line_text(view: &View, line: usize) -> Option<String> {
    let at = Target { entry: None, field: Field::HighlightLine { line } };
    view.pieces.iter().find(|p| p.at == at).map(|p| p.text.clone())
}

#[derive(Deserialize)]
pub(super) struct Back {
    entry: String,
}

/// Brings a deleted entry back, at the end of its section.
pub(super) async fn bring_back(State(shared): Page, Json(Back { entry }): Json<Back>) -> Answer {
    told(
        &shared,
        at_once(|| {
            shared.room.desk.bring_back(&entry, &shared.room.who, shared.now())?;
            Ok(("brought_back", Some(Target { entry: Some(entry), field: Field::Title })))
        }),
    )
}

#[derive(Deserialize)]
pub(super) struct Moved {
    entry: String,
    /// The index of the section it goes to, as the page shows them.
    section: usize,
    /// How many entries of that section stand before it, itself not counted.
    place: usize,
}

/// Moves an entry.
pub(super) async fn shift(State(shared): Page, Json(moved): Json<Moved>) -> Answer {
    told(
        &shared,
        at_once(|| {
            let view = shared.room.desk.view()?;
            let row = view.entries.iter().find(|e| e.key == moved.entry).ok_or(DeskError::Gone)?;
            let section = view.issue.sections.get(moved.section).ok_or(DeskError::Gone)?;
            let mut others =
                view.entries.iter().filter(|e| e.section == section.title && e.key != row.key);
            let before = moved
                .place
                .checked_sub(1)
                .and_then(|n| others.clone().nth(n).or(others.next_back()));
            let from = Spot { section: row.section.clone(), after: row.after.clone() };
            let to = Spot { section: section.title.clone(), after: before.map(|e| e.key.clone()) };
            let title = Target { entry: Some(row.key.clone()), field: Field::Title };
            apply(&shared, &Edit::Move { entry: moved.entry, from, to })?;
            Ok(("moved", Some(title)))
        }),
    )
}

#[derive(Deserialize)]
pub(super) struct Accepted {
    at: Target,
    base: String,
    reason: Reason,
    #[serde(default)]
    note: String,
}

/// Accepts what was found on a text; where nothing was found, notes that it was looked at.
pub(super) async fn accept(State(shared): Page, Json(it): Json<Accepted>) -> Answer {
    told(
        &shared,
        at_once(|| {
            let (desk, who, now) = (&shared.room.desk, &shared.room.who, shared.now());
            let view = desk.view()?;
            let text = view.texts.iter().find(|t| t.at == it.at && t.text == it.base);
            let text = text.ok_or(DeskError::Gone)?;
            if text.findings.is_empty() {
                desk.mark_read(vec![it.base], who, now)?;
                return Ok(("read", None));
            }
            let note = Some(it.note).filter(|n| !n.trim().is_empty());
            let (at, text, reason) = (it.at, it.base, it.reason);
            let acceptance = Acceptance { at, text, findings: Vec::new(), reason, note };
            desk.accept(&acceptance, who, now)?;
            Ok(("accepted", None))
        }),
    )
}

/// Marks all texts of an entry as read.
pub(super) async fn read(State(shared): Page, Json(Back { entry }): Json<Back>) -> Answer {
    told(
        &shared,
        at_once(|| {
            let desk = &shared.room.desk;
            let view = desk.view()?;
            let own = view.texts.iter().filter(|t| t.at.entry.as_ref() == Some(&entry));
            let claims = own.filter(|t| t.findings.is_empty() && !t.text.is_empty());
            let claims = claims.map(|t| t.text.clone()).collect();
            desk.mark_read(claims, &shared.room.who, shared.now())?;
            Ok(("read", None))
        }),
    )
}

/// Lets the model write a sentence anew. Nothing is written until the editor takes it.
pub(super) async fn rewrite(State(shared): Page, Json(seen): Json<Seen>) -> Answer {
    let room = &shared.room;
    let Some(model) = &room.model else {
        return Answer::refused(shared.words.get("js", "no_model"));
    };
    let edition = Edition {
        title: &room.config.edition.title,
        about: &room.config.select.about,
        language: &room.config.edition.language,
    };
    let done = async {
        let finding = at_once(|| worst(&shared, &seen))?;
        let wish = Wish { at: seen.at.clone(), base: seen.base, finding, instruction: None };
        room.desk.rewrite(model, &room.prompts, &edition, &wish).await
    };
    match done.await {
        Ok(proposal) => Answer::proposed(&shared.words, &proposal),
        Err(error) => failed(&shared.words, &error),
    }
}

#[derive(Deserialize)]
pub(super) struct Taken {
    /// The id of a proposal.
    proposal: String,
}

/// Takes what the model proposed.
pub(super) async fn take(State(shared): Page, Json(it): Json<Taken>) -> Answer {
    told(
        &shared,
        at_once(|| {
            let room = &shared.room;
            let (_, at) = room.desk.take(&it.proposal, &room.who, shared.now())?;
            Ok(("rewritten", Some(at)))
        }),
    )
}

/// The gravest finding that is open on a text: what the model is told to mend.
fn worst(shared: &Shared, seen: &Seen) -> Result<Option<FindingSeen>, DeskError> {
    let view = shared.room.desk.view()?;
    let item = view.queue.items.iter().find(|i| i.is_at(&seen.at) && i.text.text == seen.base);
    let open = item.iter().flat_map(|i| &i.findings).filter(|w| w.accepted.is_none());
    Ok(open.max_by_key(|w| w.finding.severity).map(|w| FindingSeen::from(&w.finding)))
}

/// Takes back the last step.
pub(super) async fn undo(State(shared): Page) -> Answer {
    told(
        &shared,
        at_once(|| {
            let desk = &shared.room.desk;
            let target = desk.view()?.undo.as_ref().and_then(|u| u.target.clone());
            desk.undo(&shared.room.who, shared.now())?;
            let target = target.filter(|t| t.field != Field::Entry);
            Ok(("undone", target))
        }),
    )
}

#[derive(Deserialize)]
pub(super) struct Approved {
    /// The hash of the text that the editor saw.
    text: String,
}

/// Approves exactly the text that was shown.
pub(super) async fn approve(State(shared): Page, Json(it): Json<Approved>) -> Answer {
    told(
        &shared,
        at_once(|| {
            shared.room.desk.approve(&it.text, &shared.room.who, shared.now())?;
            Ok(("approved", None))
        }),
    )
}

#[derive(Deserialize)]
pub(super) struct Restored {
    version: usize,
}

/// Goes back to a version that the program wrote over.
pub(super) async fn restore(State(shared): Page, Json(it): Json<Restored>) -> Answer {
    let room = &shared.room;
    let done = at_once(|| -> Result<(), UndoError> {
        let _lock = room.lock().map_err(pipeline::RunError::from)?;
        let files = (&*room.store, room.dir.as_path(), &*room.config.edition.id, room.desk.issue());
        pipeline::undo(files, Some(it.version), shared.now()).map(|_| ())
    });
    match done {
        Ok(()) => Answer::done(shared.words.get("told", "restored")),
        Err(e) => not_restored(&shared.words, &e),
    }
}
