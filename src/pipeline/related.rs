//! Entries → papers that belong to them, and links that are dead.
//!
//! arXiv is asked once for an entry, where the edition wants it; what it answered is stored for good,
//! so that a re-run and an offline run give the same. A link that nothing was read from is asked for
//! once; only a host that says that there is nothing makes it dead.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::{StreamExt, stream};

use super::gather::{AT_ONCE, Gathered};
use super::write::{Fate, Written, WrittenStory, feeding};
use super::{Run, RunError};
use crate::collect::canonical::canonical;
use crate::collect::{Listing, arxiv};
use crate::net::{Reason, Want};
use crate::related::papers::{Belongs, MOST_FOUND, belongs, query};
use crate::related::{Lead, linked_reading, papers_of, source_name};
use crate::text::hash::short_id;

/// Answers of arXiv, by the hash of their query.
const SEARCHES: &str = "arxiv";
/// Whether links are dead, by the hash of their canonical URL.
const LINKS: &str = "link";
/// How many papers one query asks for.
const RESULTS: usize = 10;
/// The most links that one run asks for.
const MOST_LINKS: usize = 40;

/// What belongs to entries beside their articles.
#[derive(Debug, Default)]
pub(super) struct Related {
    /// Links that lead nowhere.
    pub(super) dead: BTreeSet<String>,
    /// By story the papers that its articles name by title.
    pub(super) named: BTreeMap<String, Vec<String>>,
    /// By story papers for further reading.
    pub(super) alike: BTreeMap<String, Vec<Lead>>,
    /// What an editor should know.
    pub(super) notes: Vec<String>,
}

/// Looks for papers, and whether links lead anywhere.
pub(super) async fn look(
    run: &Run<'_>,
    gathered: &Gathered,
    written: &Written,
) -> Result<Related, RunError> {
    let mut out = Related::default();
    let entries: Vec<&WrittenStory> =
        written.stories.iter().filter(|w| matches!(w.fate, Fate::Entry(_))).collect();
    if run.config.asks_arxiv() {
        for entry in &entries {
            search(run, gathered, entry, &mut out).await?;
        }
    }
    if run.config.related.check_links {
        check_links(run, gathered, &entries, &mut out).await?;
    }
    Ok(out)
}

/// Asks arXiv for one entry; the door keeps its three seconds between two questions.
async fn search(
    run: &Run<'_>,
    gathered: &Gathered,
    written: &WrittenStory,
    out: &mut Related,
) -> Result<(), RunError> {
    let story = &written.story;
    let articles = feeding(gathered, story);
    let Some(query) = articles.first().and_then(|lead| query(lead)) else { return Ok(()) };
    let stored: Option<Vec<Listing>> = run.store.get(SEARCHES, &short_id(&query))?;
    let papers = match stored {
        Some(papers) => papers,
        None if run.offline => return Ok(()),
        None => match ask(run, &query).await {
            Ok(papers) => {
                run.store.put(SEARCHES, &short_id(&query), &papers)?;
                papers
            }
            Err(why) => {
                out.notes.push(format!("arXiv was not asked for “{}”: {why}", story.title));
                return Ok(());
            }
        },
    };
    for paper in &papers {
        let Some(url) = paper.url.clone() else { continue };
        let how = articles.iter().filter_map(|a| belongs(a, paper)).min_by_key(|b| *b as u8);
        match how {
            Some(Belongs::Named) => out.named.entry(story.id.clone()).or_default().push(url),
            Some(Belongs::Alike) => {
                let alike = out.alike.entry(story.id.clone()).or_default();
                if alike.len() < MOST_FOUND {
                    alike.push(Lead {
                        title: paper.title.clone(),
                        source: source_name(&url),
                        url,
                        group: story.label.clone(),
                        paper: true,
                        candidate: None,
                    });
                }
            }
            None => {}
        }
    }
    Ok(())
}

async fn ask(run: &Run<'_>, query: &str) -> Result<Vec<Listing>, String> {
    let url = arxiv::search_url(query, RESULTS).ok_or("its address cannot be made")?;
    let answer = run.client.get(&url, Want::Api).await.map_err(|f| f.detail)?;
    arxiv::papers(&answer.url, answer.content_type.as_deref(), &answer.body)
}

/// Asks for the links that would be listed and that nothing was read from.
async fn check_links(
    run: &Run<'_>,
    gathered: &Gathered,
    entries: &[&WrittenStory],
    out: &mut Related,
) -> Result<(), RunError> {
    let mut links: Vec<String> = Vec::new();
    for written in entries {
        let articles = feeding(gathered, &written.story);
        let leads = linked_reading(&articles, "").into_iter().map(|l| l.url);
        let of_entry = papers_of(&articles).into_iter().take(crate::related::MOST_RELATED);
        links.extend(of_entry.chain(leads));
    }
    let mut seen = BTreeSet::new();
    let key = |url: &str| short_id(&canonical(url).unwrap_or_else(|| url.to_owned()));
    links.retain(|url| seen.insert(key(url)) && gathered.article(&key(url)).is_none());
    let mut open = Vec::new();
    for url in links {
        match run.store.get::<bool>(LINKS, &key(&url))? {
            Some(true) => out.mark_dead(url),
            Some(false) => {}
            None => open.push(url),
        }
    }
    if run.offline {
        return Ok(());
    }
    open.truncate(MOST_LINKS);
    let asked = open.into_iter().map(|url| async move {
        let answer = run.client.get(&url, Want::Page).await;
        (url, answer.err().map(|f| f.reason))
    });
    let answers: Vec<(String, Option<Reason>)> =
        stream::iter(asked).buffered(AT_ONCE).collect().await;
    for (url, reason) in answers {
        let dead = matches!(reason, Some(Reason::Gone | Reason::BadUrl | Reason::PrivateAddress));
        // A host that was busy or refused says nothing about its page: it is asked again.
        if dead || reason.is_none() {
            run.store.put(LINKS, &key(&url), &dead)?;
        }
        if dead {
            out.mark_dead(url);
        }
    }
    Ok(())
}

impl Related {
    fn mark_dead(&mut self, url: String) {
        self.notes.push(format!("{url} is not listed: it leads nowhere"));
        self.dead.insert(url);
    }
}
