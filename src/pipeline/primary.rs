//! Stories → Stories with their most authoritative page: what a report links is fetched and read.
//!
//! Only for stories that may get an entry, and within bounds; through the same door as any page, so
//! that politeness, guard, recording and store hold. A page that cannot be read, or that is on
//! something else, is no gap: the story keeps the best page that a source listed.

use std::collections::BTreeMap;

use futures_util::{StreamExt, stream};
use serde::{Deserialize, Serialize};

use super::gather::{AT_ONCE, Gathered};
use super::reading::{Again, Reading, read};
use super::{Event, Phase, Run, RunError};
use crate::collect::{Authority, Candidate};
use crate::extract::Article;
use crate::select::primary::{SourcePage, linked, on_same_event};
use crate::select::quota::Room;
use crate::select::rank::SourceLink;
use crate::select::{LinkTo, Readable, Story};

/// The most links of one story that are tried.
const MOST_OF_STORY: usize = 2;
/// The most links of one run.
const MOST_OF_RUN: usize = 24;
/// Stories after the last that has a place, since one before it may turn out not to be writable.
const RESERVE: usize = 3;

/// A page that a report links, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkedRow {
    /// The story.
    pub story: String,
    /// The page.
    #[serde(flatten)]
    pub page: SourcePage,
    /// `primary` where it is the story's most authoritative page, `other_event`, or why it could not
    /// be read: a verdict or a reason of the network.
    pub reading: String,
    /// The same for people; may be empty.
    pub detail: String,
}

/// Pages that reports link.
#[derive(Default)]
pub(super) struct Linked {
    /// Articles that feed an entry, by the id that their candidate would have.
    pub(super) articles: BTreeMap<String, Article>,
    /// Every page that was tried.
    pub(super) rows: Vec<LinkedRow>,
}

/// A link to be tried.
struct Try {
    story: usize,
    page: SourcePage,
}

/// Finds the most authoritative page of each story that may get an entry. The order of the stories
/// stays, and so does their score.
pub(super) async fn find_primaries(
    run: &Run<'_>,
    gathered: &Gathered,
    stories: &mut [Story],
) -> Result<Linked, RunError> {
    let tries = tries(run, gathered, stories);
    let mut out = Linked::default();
    if tries.is_empty() {
        return Ok(out);
    }
    run.events.on(Event::Begin(Phase::Read, tries.len()));
    let work = tries.iter().map(|t| async move {
        run.events.on(Event::Start(Phase::Read, &t.page.url));
        // What could not be read may be tried again at every run; a dead page need not be.
        let reading = read(run, &candidate(run, &t.page), Again::WherePassing).await;
        run.events.on(Event::End(Phase::Read, &t.page.url, None));
        reading
    });
    let readings: Vec<Result<Reading, RunError>> =
        stream::iter(work).buffered(AT_ONCE).collect().await;
    run.events.on(Event::Close(Phase::Read));
    for (t, reading) in tries.into_iter().zip(readings) {
        let story = &mut stories[t.story];
        let (code, detail) = match reading? {
            Reading::Unreadable { reason, detail } => (reason, detail),
            Reading::Read(_) if story.primary.as_ref().is_some_and(|p| p.linked) => continue,
            Reading::Read(article) if is_on_story(gathered, story, &t.page, &article) => {
                out.articles.insert(t.page.candidate.clone(), *article);
                story.primary = Some(t.page.clone());
                if run.config.select.link_to == LinkTo::Primary {
                    story.link = SourceLink { url: t.page.url.clone(), candidate: None };
                }
                ("primary".to_owned(), String::new())
            }
            Reading::Read(_) => {
                let detail = "what the report links is on something else".to_owned();
                ("other_event".to_owned(), detail)
            }
        };
        out.rows.push(LinkedRow { story: story.id.clone(), page: t.page, reading: code, detail });
    }
    Ok(out)
}

/// The links to be tried: of the stories in their order, the most authoritative first. A page that
/// is a candidate of this run was read as one.
fn tries(run: &Run<'_>, gathered: &Gathered, stories: &[Story]) -> Vec<Try> {
    let mut room = Room::new(&run.config.select);
    let (mut out, mut reserve) = (Vec::new(), RESERVE);
    for (at, story) in stories.iter().enumerate() {
        // What the editor brought in stays as they saw it.
        if story.members.iter().any(|m| gathered.decisions.included.contains_key(&m.candidate)) {
            continue;
        }
        if run.model.is_none() && super::write::foreign(run, gathered, story).is_some() {
            continue;
        }
        match room.check(story) {
            Ok(()) => room.take(story),
            Err(_) if reserve == 0 => break,
            Err(_) => reserve -= 1,
        }
        let members = members(gathered, story);
        let new = linked(&members).into_iter().filter(|p| gathered.item(&p.candidate).is_none());
        out.extend(new.take(MOST_OF_STORY).map(|page| Try { story: at, page }));
    }
    out.truncate(MOST_OF_RUN);
    out
}

fn members<'a>(gathered: &'a Gathered, story: &Story) -> Vec<Readable<'a>> {
    story.members.iter().filter_map(|m| gathered.readable(&m.candidate)).collect()
}

fn is_on_story(gathered: &Gathered, story: &Story, page: &SourcePage, article: &Article) -> bool {
    let mut members = members(gathered, story).into_iter();
    members.any(|report| on_same_event(&report, page.kind, article))
}

/// A linked page as it is fetched: a paper of arXiv by its abstract, since a PDF cannot be read.
fn candidate(run: &Run<'_>, page: &SourcePage) -> Candidate {
    let canonical = crate::collect::canonical::canonical(&page.url).unwrap_or_default();
    let url = match canonical.contains("//arxiv.org/abs/") {
        true => canonical.clone(),
        false => page.url.clone(),
    };
    Candidate {
        id: page.candidate.clone(),
        url,
        canonical,
        title: String::new(),
        published: None,
        changed: None,
        first_seen: run.client.now().unwrap_or(run.now),
        sources: Vec::new(),
        authority: Authority::default(),
        author: None,
        snippet: String::new(),
        content: None,
        whole: false,
    }
}

impl Linked {
    /// What an editor should know: links that could not be read, a sentence each.
    pub(super) fn notes<'a>(&'a self, stories: &'a [Story]) -> impl Iterator<Item = String> + 'a {
        let unreadable =
            self.rows.iter().filter(|r| !matches!(r.reading.as_str(), "primary" | "other_event"));
        unreadable.map(|row| {
            let title = stories.iter().find(|s| s.id == row.story).map_or("", |s| &s.title);
            format!("“{title}”: a page that its report links could not be read: {}", row.detail)
        })
    }
}
