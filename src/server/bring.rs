//! Bringing an article in: a candidate that was left out, an address, a text, a saved page.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use super::act::at_once;
use super::address::field_id;
use super::answer::Answer;
use super::desk::{Shared, Silent};
use super::telling::failed;
use crate::format::Field;
use crate::pipeline::Material;
use crate::review::edit::Target;
use crate::review::key_of_url;

type Page = State<Arc<Shared>>;

#[derive(Deserialize)]
pub(super) struct Candidate {
    /// The id of a candidate of the report.
    candidate: String,
}

/// Brings in a candidate that was left out.
pub(super) async fn include(State(shared): Page, Json(it): Json<Candidate>) -> Answer {
    let view = match at_once(|| shared.room.desk.view()) {
        Ok(view) => view,
        Err(e) => return failed(&shared.words, &e),
    };
    let rows = view.report.iter().flat_map(|r| &r.candidates);
    let Some(row) = rows.clone().find(|c| c.id == it.candidate) else {
        return Answer::refused(shared.word("told", "no_candidate"));
    };
    put(&shared, &row.url, Material::Web)
}

#[derive(Deserialize)]
pub(super) struct Given {
    url: String,
    /// Its text, the first line its title; where the page cannot be fetched.
    #[serde(default)]
    text: String,
    /// A saved page, in base64.
    #[serde(default)]
    page: String,
}

/// Brings in what no source listed.
pub(super) async fn bring(State(shared): Page, Json(given): Json<Given>) -> Answer {
    let material = match (given.page.is_empty(), given.text.trim().is_empty()) {
        (false, _) => match STANDARD.decode(&given.page) {
            Ok(bytes) => Material::Html(bytes),
            Err(_) => return Answer::refused(shared.word("told", "bad_request")),
        },
        (true, false) => Material::Text(given.text),
        (true, true) => Material::Web,
    };
    put(&shared, given.url.trim(), material)
}

/// Brings it in, and waits for that on this thread: what a run does is not made to wander between
/// threads.
fn put(shared: &Shared, url: &str, material: Material) -> Answer {
    let silent = Silent;
    let run = shared.room.run(shared.now(), &silent);
    let work = shared.room.desk.include(&run, url, material, &shared.room.who);
    match at_once(|| tokio::runtime::Handle::current().block_on(work)) {
        Ok(brought) => {
            let title = Target { entry: Some(key_of_url(url)), field: Field::Title };
            let told = shared.word("told", "included").replace("{title}", &brought.title);
            let told = match brought.gaps.is_empty() {
                true => told,
                false => {
                    let gaps = brought.gaps.iter().map(|g| shared.words.sentence(g));
                    let gaps: Vec<String> = gaps.collect();
                    format!("{told} {} {}", shared.word("told", "gaps"), gaps.join(" "))
                }
            };
            Answer::done(&told).at(Some(field_id(&title)))
        }
        Err(e) => failed(&shared.words, &e),
    }
}
