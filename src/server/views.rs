//! What the page is asked for: itself, its parts, copies, and whether anything changed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError};

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::account;
use super::act::at_once;
use super::desk::{LastPage, Shared};
use super::diff::diff;
use super::memo::Around;
use super::page::{self, PageView, Printer};
use super::paper::{Material, paper};
use super::telling::{damage, refusal, told};
use super::words::Words;
use super::{queue, source as panel};
use crate::extract::Article;
use crate::format::{Field, rich_text, strip_draft_marks};
use crate::pipeline::desk::{DeskError, View};
use crate::review::edit::Target;
use crate::review::queue::Why;
use crate::template::TemplateError;

type Page = State<Arc<Shared>>;

/// Why a part cannot be shown.
enum Hidden {
    /// What the desk says.
    Desk(DeskError),
    /// A template of ours is wrong: a bug.
    Template(TemplateError),
    /// There is no such part or text.
    NotFound,
}

impl From<DeskError> for Hidden {
    fn from(error: DeskError) -> Self {
        Self::Desk(error)
    }
}

impl From<TemplateError> for Hidden {
    fn from(error: TemplateError) -> Self {
        Self::Template(error)
    }
}

impl Hidden {
    /// The status it is answered with, and what is told.
    fn told(&self, words: &Words) -> (StatusCode, String) {
        match self {
            Self::Desk(error) => (StatusCode::CONFLICT, told(words, error)),
            Self::Template(error) => {
                let bug = words.get("told", "bug");
                (StatusCode::INTERNAL_SERVER_ERROR, format!("{bug} [{error}]"))
            }
            Self::NotFound => (StatusCode::NOT_FOUND, words.get("told", "gone").to_owned()),
        }
    }
}

/// Answers with HTML, or with why there is none.
fn html(shared: &Shared, made: Result<String, Hidden>) -> Response {
    match made {
        Ok(html) => Html(html).into_response(),
        Err(hidden) => hidden.told(&shared.words).into_response(),
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
        Err(e) => Hidden::Desk(e).told(&shared.words).into_response(),
    }
}

/// The whole page; where the draft cannot be read, a page that says so and comes back by itself.
pub(super) async fn page(State(shared): Page) -> Response {
    let (status, told) = match at_once(|| page_of(&shared)) {
        Ok(page) => return Html(page).into_response(),
        Err(hidden) => hidden.told(&shared.words),
    };
    let data =
        json!({ "lang": shared.words.lang(), "w": shared.words.table("words"), "told": told });
    match shared.printer.print("broken", &data) {
        Ok(html) => (status, Html(html)).into_response(),
        Err(e) => html(&shared, Err(e.into())),
    }
}

/// Makes the page before anybody asks for it.
pub(super) fn prepare(shared: &Shared) {
    let _told_when_asked = page_of(shared);
}

/// The page of the issue as it stands; what was printed of the same state is given again.
fn page_of(shared: &Shared) -> Result<Bytes, Hidden> {
    let mut last = shared.last_page.lock().unwrap_or_else(PoisonError::into_inner);
    // Before the view: what changes in between is seen at the next look.
    let stamp = shared.room.desk.stamp()?;
    if let Some((_, page)) = last.page.as_ref().filter(|(of, _)| *of == stamp) {
        return Ok(page.clone());
    }
    let view = shared.room.desk.view()?;
    let page = Bytes::from(print_page(shared, &view, stamp.clone(), &mut last)?);
    let is_of_it = shared.room.desk.stamp()? == stamp;
    last.page = is_of_it.then(|| (stamp, page.clone()));
    Ok(page)
}

/// Prints the page of an issue as it stands.
fn print_page(
    shared: &Shared,
    view: &View,
    version: String,
    last: &mut LastPage,
) -> Result<String, Hidden> {
    let words = &shared.words;
    let read: BTreeSet<&str> = view.read.iter().map(String::as_str).collect();
    let marks = queue::marks(&view.texts, &view.queue, &read);
    let decisions = queue::decisions(&view.queue, &view.issue, &read, words);
    let done = queue::settled(&view.texts, &view.queue, &read);
    let wholes = view.pieces.iter().filter(|p| p.at.field == Field::Entry);
    let entries: BTreeMap<String, String> =
        wholes.filter_map(|p| Some((p.at.entry.clone()?, p.text.clone()))).collect();
    let material = Material { issue: &view.issue, entries: &entries, marks: &marks, words };
    let around = |name| Around {
        w: Printer::words_of(name, words),
        words: view.issue.words.clone(),
        model: shared.room.model.is_some(),
    };
    last.entries.begin(around("entry"));
    last.decisions.begin(around("decision"));
    let counts = queue::counts(&decisions, done);
    let decisions = decisions
        .into_iter()
        .map(|d| last.decisions.print(&shared.printer, d.field.clone(), d))
        .collect::<Result<Vec<String>, TemplateError>>()?;
    let paper =
        paper(&material, |entry| last.entries.print(&shared.printer, entry.id.clone(), entry))?;
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
        counts,
        decisions,
        reasons,
        keys,
        paper,
    };
    Ok(shared.printer.print("page", &page)?)
}

/// What an editor must hear of before all else.
fn banners(shared: &Shared, view: &View) -> Vec<String> {
    let mut out = Vec::new();
    let waiting = view.issue.sections.iter().filter(|s| s.waiting);
    let waiting: usize = waiting.map(|s| s.entries.len()).sum();
    if waiting > 0 {
        out.push(shared.word("words", "banner_waiting").replace("{n}", &waiting.to_string()));
    }
    out.extend(view.report_damage.as_ref().map(|d| damage(&shared.words, d)));
    if view.missing_articles > 0 {
        let told = shared.word("words", "banner_articles");
        out.push(told.replace("{n}", &view.missing_articles.to_string()));
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
    html(
        &shared,
        at_once(|| {
            let at: Target = serde_json::from_str(&asked.at).map_err(|_| Hidden::NotFound)?;
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
            Ok(shared.printer.print("source", &data)?)
        }),
    )
}

/// A part that is looked at when it is asked for.
pub(super) async fn view(State(shared): Page, Path(name): Path<String>) -> Response {
    html(
        &shared,
        at_once(|| {
            let view = shared.room.desk.view()?;
            let mut data = match name.as_str() {
                "left-out" => left_out(&shared, &view),
                "changes" => changes(&shared, &view),
                "run" => run(&shared, &view),
                "versions" => versions(&shared, &view),
                "approve" => approve(&shared, &view),
                _ => return Err(Hidden::NotFound),
            };
            data["w"] = json!(shared.words.table("words"));
            Ok(shared.printer.print(&name, &data)?)
        }),
    )
}

fn left_out(shared: &Shared, view: &View) -> Value {
    let groups = view.report.as_ref().map(|r| account::left_out(r, &shared.words));
    let deleted: Vec<Value> = view
        .deleted
        .iter()
        .map(|d| json!({ "key": d.key, "title": d.title, "why": d.section }))
        .collect();
    let trouble = view.report_damage.as_ref().map(|d| damage(&shared.words, d));
    json!({ "groups": groups.unwrap_or_default(), "deleted": deleted, "trouble": trouble })
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
            "notes": report.notes.iter().map(|n| words.sentence(n)).collect::<Vec<_>>(),
        }),
        None => {
            let told = view.report_damage.as_ref().map(|d| damage(words, d));
            json!({ "figures": [], "sources": [], "notes": [told] })
        }
    }
}

fn versions(shared: &Shared, view: &View) -> Value {
    let words = &shared.words;
    let rows = view.versions.iter().rev().map(|v| {
        let title = words.get("words", "version_n").replace("{n}", &v.number.to_string());
        let at = shared.room.config.zone.to_datetime(v.at);
        let why = queue::code(&v.why);
        let why = words.get("words", "version_before").replace("{why}", words.get("why", &why));
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
    refused.extend(view.approval.refused.as_ref().map(|why| refusal(words, why)));
    let before = view.approval.approved_text.as_deref();
    let lines = before.map(|b| diff(b, &view.markdown, words)).unwrap_or_default();
    let since = match (before, lines.is_empty()) {
        (None, _) => "",
        (_, true) => words.get("words", "approve_none"),
        (_, false) => words.get("words", "approve_since"),
    };
    let count = |why| {
        let of_it = view.queue.items.iter().filter(|i| i.why == why);
        of_it.filter(|i| why != Why::Risky || !view.read.contains(&i.text.text)).count()
    };
    json!({
        "refused": refused,
        "amber": count(Why::Amber),
        "risky": count(Why::Risky),
        "since": since,
        "lines": lines,
        "sha256": view.version,
    })
}

/// The issue as Markdown, without the marks of a draft.
pub(super) async fn copy_markdown(State(shared): Page) -> Response {
    match at_once(|| shared.room.desk.view()) {
        Ok(view) => strip_draft_marks(&view.markdown).into_response(),
        Err(e) => Hidden::Desk(e).told(&shared.words).into_response(),
    }
}

/// The issue as rich text.
pub(super) async fn copy_rich(State(shared): Page) -> Response {
    html(
        &shared,
        at_once(|| {
            let view = shared.room.desk.view()?;
            let text = strip_draft_marks(&view.markdown);
            Ok(rich_text(&text, &shared.room.config.edition.language)?)
        }),
    )
}
