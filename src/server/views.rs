//! What the page is asked for: itself, its parts, copies, and whether anything changed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::account;
use super::act::at_once;
use super::desk::Shared;
use super::diff::diff;
use super::page::{self, PageView};
use super::paper::{Material, paper};
use super::{queue, source as panel};
use crate::extract::Article;
use crate::format::{Field, free_blocks, rich_text, strip_draft_marks};
use crate::pipeline::desk::{DeskError, View};
use crate::review::edit::Target;

type Page = State<Arc<Shared>>;

/// Why a part cannot be shown, with the status it is answered with.
struct Hidden(StatusCode, String);

impl From<DeskError> for Hidden {
    fn from(error: DeskError) -> Self {
        Self(StatusCode::CONFLICT, error.to_string())
    }
}

impl From<crate::template::TemplateError> for Hidden {
    fn from(error: crate::template::TemplateError) -> Self {
        Self(StatusCode::INTERNAL_SERVER_ERROR, format!("{error}; please report this"))
    }
}

/// Answers with HTML, or with why there is none.
fn html(made: Result<String, Hidden>) -> Response {
    match made {
        Ok(html) => Html(html).into_response(),
        Err(Hidden(status, told)) => (status, told).into_response(),
    }
}

pub(super) async fn style() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], page::STYLE).into_response()
}

pub(super) async fn script() -> Response {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], page::SCRIPT).into_response()
}

pub(super) async fn icon() -> Response {
    ([(header::CONTENT_TYPE, "image/svg+xml")], page::ICON).into_response()
}

/// What changes whenever the page would.
pub(super) async fn version(State(shared): Page) -> Response {
    match at_once(|| shared.room.desk.stamp()) {
        Ok(version) => Json(json!({ "version": version })).into_response(),
        Err(e) => (StatusCode::CONFLICT, e.to_string()).into_response(),
    }
}

/// The whole page; where the draft cannot be read, a page that says so and comes back by itself.
pub(super) async fn page(State(shared): Page) -> Response {
    let made = at_once(|| -> Result<String, Hidden> {
        // Before the view: what changes in between is seen at the next look.
        let version = shared.room.desk.stamp()?;
        print_page(&shared, &shared.room.desk.view()?, version)
    });
    let Err(Hidden(status, told)) = made else { return html(made) };
    let data =
        json!({ "lang": shared.words.lang(), "w": shared.words.table("words"), "told": told });
    match page::print("broken", &data) {
        Ok(html) => (status, Html(html)).into_response(),
        Err(e) => html(Err(e.into())),
    }
}

/// Prints the page of an issue as it stands.
fn print_page(shared: &Shared, view: &View, version: String) -> Result<String, Hidden> {
    let words = &shared.words;
    let read: BTreeSet<&str> = view.read.iter().map(String::as_str).collect();
    let marks = queue::marks(&view.texts, &view.queue, &read);
    let decisions = queue::decisions(&view.queue, &view.issue, &read, words);
    let done = queue::settled(&view.texts, &view.queue, &read);
    let wholes = view.pieces.iter().filter(|p| p.at.field == Field::Entry);
    let entries: BTreeMap<String, String> =
        wholes.filter_map(|p| Some((p.at.entry.clone()?, p.text.clone()))).collect();
    let free =
        free_blocks(&view.markdown).map_err(|e| Hidden(StatusCode::CONFLICT, e.to_string()))?;
    let material =
        Material { issue: &view.issue, free: &free, entries: &entries, marks: &marks, words };
    let (reasons, keys) = PageView::lists(words);
    let state = match (view.approval.current, &view.approval.last) {
        (true, _) => "state_approved",
        (false, Some(_)) => "state_changed",
        (false, None) => "state_draft",
    };
    let page = PageView {
        lang: words.lang(),
        w: words.table("words"),
        js_words: words.for_script(),
        version,
        edition: view.issue.edition.title.clone(),
        from: view.issue.window.from.clone(),
        to: view.issue.window.to.clone(),
        model: shared.room.model.is_some(),
        approved: view.approval.current,
        state: words.get("words", state).to_owned(),
        can_undo: view.undo.is_some(),
        banners: banners(shared, view),
        counts: queue::counts(&decisions, done),
        decisions,
        reasons,
        keys,
        paper: paper(&material),
    };
    Ok(page::print("page", &page)?)
}

/// What an editor must hear of before all else.
fn banners(shared: &Shared, view: &View) -> Vec<String> {
    let mut out = Vec::new();
    let waiting = view.issue.sections.iter().filter(|s| s.waiting);
    let waiting: usize = waiting.map(|s| s.entries.len()).sum();
    if waiting > 0 {
        out.push(shared.word("words", "banner_waiting").replace("{n}", &waiting.to_string()));
    }
    if !view.unreadable.is_empty() {
        let lines: Vec<String> = view.unreadable.iter().map(usize::to_string).collect();
        let told = shared.word("words", "banner_unreadable");
        out.push(told.replace("{lines}", &lines.join(", ")));
    }
    out
}

#[derive(Deserialize)]
pub(super) struct Asked {
    at: String,
}

/// What a text rests on.
pub(super) async fn source(State(shared): Page, Query(asked): Query<Asked>) -> Response {
    html(at_once(|| {
        let gone = || Hidden(StatusCode::NOT_FOUND, shared.word("told", "gone"));
        let at: Target = serde_json::from_str(&asked.at).map_err(|_| gone())?;
        let view = shared.room.desk.view()?;
        let text = view.texts.iter().find(|t| t.at == at);
        let mut data = match text {
            Some(text) => {
                let sides = view.sides(text);
                let own = text.sources.iter().filter_map(|id| view.articles.get(id));
                let own: Vec<&Article> = own.map(|a| &**a).collect();
                json!(panel::source(text, &sides, &own, &shared.words))
            }
            // A label or free text rests on nothing.
            None => {
                json!({ "claim": [], "note": shared.word("words", "no_evidence"), "articles": [] })
            }
        };
        data["w"] = json!(shared.words.table("words"));
        data["model"] = json!(shared.room.model.is_some());
        Ok(page::print("source", &data)?)
    }))
}

/// A part that is looked at when it is asked for.
pub(super) async fn view(State(shared): Page, Path(name): Path<String>) -> Response {
    html(at_once(|| {
        let view = shared.room.desk.view()?;
        let mut data = match name.as_str() {
            "left-out" => left_out(&shared, &view),
            "changes" => changes(&shared, &view),
            "run" => run(&shared, &view),
            "versions" => versions(&shared, &view),
            "approve" => approve(&shared, &view),
            _ => return Err(Hidden(StatusCode::NOT_FOUND, "there is no such part".to_owned())),
        };
        data["w"] = json!(shared.words.table("words"));
        Ok(page::print(&name, &data)?)
    }))
}

fn left_out(shared: &Shared, view: &View) -> Value {
    let groups = view.report.as_ref().map(|r| account::left_out(r, &shared.words));
    let deleted: Vec<Value> = view
        .deleted
        .iter()
        .map(|d| json!({ "key": d.key, "title": d.title, "why": d.section }))
        .collect();
    json!({ "groups": groups.unwrap_or_default(), "deleted": deleted })
}

fn changes(shared: &Shared, view: &View) -> Value {
    let words = &shared.words;
    let machine = view.machine_text.as_deref();
    let lines = machine.map(|m| diff(m, &view.markdown, words)).unwrap_or_default();
    let lead = match (machine, lines.is_empty()) {
        (None, _) => "changes_unknown",
        (_, true) => "changes_none",
        (_, false) => "changes_lead",
    };
    json!({ "lead": words.get("words", lead), "lines": lines })
}

fn run(shared: &Shared, view: &View) -> Value {
    let words = &shared.words;
    match &view.report {
        Some(report) => json!({
            "figures": account::figures(report, words),
            "sources": account::sources(report, words),
            "notes": report.notes,
        }),
        None => {
            json!({ "figures": [], "sources": [], "notes": [words.get("words", "run_unknown")] })
        }
    }
}

fn versions(shared: &Shared, view: &View) -> Value {
    let words = &shared.words;
    let rows = view.versions.iter().rev().map(|v| {
        let title = words.get("words", "version_n").replace("{n}", &v.number.to_string());
        let at = shared.room.config.zone.to_datetime(v.at);
        let why = words.get("why", &queue::code(&v.why)).to_owned();
        json!({ "id": v.number, "title": title, "why": format!("{} · {why}", at.strftime("%Y-%m-%d %H:%M")) })
    });
    let rows: Vec<Value> = rows.collect();
    let lead = if rows.is_empty() { "versions_none" } else { "versions_lead" };
    json!({ "lead": words.get("words", lead), "versions": rows })
}

fn approve(shared: &Shared, view: &View) -> Value {
    let words = &shared.words;
    let mut refused: Vec<String> = Vec::new();
    if view.queue.forced > 0 {
        let told = words.get("told", "unresolved").replace("{n}", &view.queue.forced.to_string());
        refused.push(told);
    }
    let waits = view.issue.sections.iter().any(|s| s.waiting && !s.entries.is_empty());
    refused.extend(match &view.approval.refused {
        Some(_) if waits => Some(words.get("words", "approve_waiting").to_owned()),
        Some(told) => Some(format!("{} {told}", words.get("told", "failed"))),
        None => None,
    });
    let before = view.approval.approved_text.as_deref();
    let lines = before.map(|b| diff(b, &view.markdown, words)).unwrap_or_default();
    let since = match (before, lines.is_empty()) {
        (None, _) => "",
        (_, true) => words.get("words", "approve_none"),
        (_, false) => words.get("words", "approve_since"),
    };
    json!({
        "refused": refused,
        "amber": view.queue.items.iter().filter(|i| i.why == crate::review::queue::Why::Amber).count(),
        "since": since,
        "lines": lines,
        "sha256": view.version,
    })
}

/// The issue as Markdown, without the marks of a draft.
pub(super) async fn copy_markdown(State(shared): Page) -> Response {
    match at_once(|| shared.room.desk.view()) {
        Ok(view) => strip_draft_marks(&view.markdown).into_response(),
        Err(e) => (StatusCode::CONFLICT, e.to_string()).into_response(),
    }
}

/// The issue as rich text.
pub(super) async fn copy_rich(State(shared): Page) -> Response {
    html(at_once(|| {
        let view = shared.room.desk.view()?;
        let text = strip_draft_marks(&view.markdown);
        Ok(rich_text(&text, &shared.room.config.edition.language)?)
    }))
}
