//! One candidate into a draft, at the editor's word. Nothing else of the draft changes, and only what
//! is brought in is read, judged and written.

use std::collections::{BTreeMap, BTreeSet};

use super::amend;
use super::choose::{self, Scope};
use super::decisions::{self, Decisions, Included};
use super::draft;
use super::files::{Base, Change, Files, Standing, StoryRecord, candidates_of, structure};
use super::gather::{self, Gathered};
use super::health::Asker;
use super::primary;
use super::reading::{self, Given};
use super::versions::Why;
use super::write::{self, Fate, WrittenStory};
use super::{Run, RunError};
use crate::collect::Listing;
use crate::collect::canonical::canonical;
use crate::compose::{Issue, IssueSection};
use crate::format::render_with;
use crate::review::{Decided, TakenOut, Unmergeable, merge, take_out, unlist};
use crate::select::outcome::Ledger;
use crate::store::StoreError;
use crate::text::hash::{sha256_hex, short_id};

/// Where the text of what is brought in comes from.
#[derive(Clone, Debug)]
pub enum Material {
    /// Its address.
    Web,
    /// A saved page: what no program may fetch.
    Html(Vec<u8>),
    /// Plain text, its first line the title.
    Text(String),
}

/// A candidate that cannot be brought in or taken out; the draft is as it was.
#[derive(Debug, thiserror::Error)]
pub enum IncludeError {
    /// There is no draft.
    #[error("there is no draft {0}; run `digestgen run` first")]
    NoDraft(String),
    /// The draft was made before drafts were kept.
    #[error("the draft {0} was written by an older version; run `digestgen run` once more first")]
    OldDraft(String),
    /// The address is none.
    #[error("`{0}` is no web address; write it as https://site.example/page")]
    BadUrl(String),
    /// It stands in the draft already.
    #[error("{url} is a source of “{title}”, which stands in the draft already")]
    AlreadyIn {
        /// What was asked for.
        url: String,
        /// The entry's title.
        title: String,
    },
    /// It cannot be read.
    #[error(
        "{url} cannot be read ({reason}): {detail}; save the page in a browser and pass it with \
         --html FILE, or its text with --text -"
    )]
    Unreadable {
        /// What was asked for.
        url: String,
        /// A reason of the network, or a verdict.
        reason: String,
        /// What happened.
        detail: String,
    },
    /// It cannot be written.
    #[error("{url} cannot be written: {detail}")]
    Unwritten {
        /// What was asked for.
        url: String,
        /// What happened.
        detail: String,
    },
    /// The budget of the issue is used up.
    #[error("the budget of this issue is used up ({0}); raise [model] max_cost and ask again")]
    Budget(String),
    /// The draft cannot be read.
    #[error("{0}; mend the draft, `digestgen check` shows where")]
    Unmergeable(#[from] Unmergeable),
    /// The draft was changed at this very moment.
    #[error("the draft was changed while this went on and was not touched; ask again")]
    Changed,
    /// The disk refuses, the model refuses, or a bug of ours.
    #[error(transparent)]
    Run(#[from] RunError),
}

impl From<StoreError> for IncludeError {
    fn from(error: StoreError) -> Self {
        Self::Run(error.into())
    }
}

/// What was brought in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BroughtIn {
    /// The entry's title.
    pub title: String,
    /// The section it went to; `None` where it waits under the heading for new entries, since the
    /// draft no longer has its section.
    pub section: Option<String>,
    /// What a person must act on.
    pub gaps: Vec<String>,
}

/// Brings `url` into the draft.
///
/// # Errors
/// Why not; the draft is then as it was.
pub async fn include(
    run: &Run<'_>,
    url: &str,
    material: Material,
) -> Result<BroughtIn, IncludeError> {
    let prepared = prepare(run, url, material).await?;
    settle(run, &prepared)
}

/// An entry that was written for the draft and does not stand in it yet.
pub(super) struct Prepared {
    url: String,
    id: String,
    listing: Listing,
    gathered: Gathered,
    story: WrittenStory,
    gaps: Vec<String>,
}

/// Fetches, reads and writes what is to be brought in. The draft is read, not touched: it may be
/// edited meanwhile.
///
/// # Errors
/// Why it cannot be brought in.
pub(super) async fn prepare(
    run: &Run<'_>,
    url: &str,
    material: Material,
) -> Result<Prepared, IncludeError> {
    let id = id_of(url)?;
    let (standing, base) = standing(&Files::of(run))?;
    already_in(&standing, &base, &id, url)?;
    let listing = listing(url);
    let mut decisions = decisions::as_they_stand(run)?;
    decide(&mut decisions, &id, &listing, run);
    read(run, &listing, material).await?;
    // All the rest comes from the store: nothing else is fetched.
    let stored = Run { offline: true, ..*run };
    let mut gathered = gather::gather_decided(&stored, Asker::Run, decisions).await?;
    let wanted = BTreeSet::from([id.clone()]);
    let scope = Scope::Only(&wanted);
    let mut ledger = Ledger::default();
    let mut chosen = choose::choose(&stored, &gathered, &mut ledger, scope).await?;
    chosen.stories.retain(|s| s.members.iter().any(|m| m.candidate == id));
    gathered.linked = primary::find_primaries(run, &gathered, &mut chosen.stories).await?;
    let mut written = write::write(&stored, &gathered, chosen, scope).await?;
    let holds = |w: &WrittenStory| w.story.members.iter().any(|m| m.candidate == id);
    let Some(at) = written.stories.iter().position(holds) else {
        let outcome = ledger.get(&id).map(|o| o.detail.clone()).unwrap_or_default();
        return Err(IncludeError::Unwritten { url: url.to_owned(), detail: outcome });
    };
    let story = written.stories.swap_remove(at);
    is_written(url, &story)?;
    Ok(Prepared { url: url.to_owned(), id, listing, gathered, story, gaps: written.gaps })
}

/// Notes that the editor wants a candidate in.
fn decide(decisions: &mut Decisions, id: &str, listing: &Listing, run: &Run<'_>) {
    decisions.removed.retain(|_, r| !r.story.candidates.contains(id));
    let included = Included { listing: listing.clone(), at: run.now };
    decisions.included.insert(id.to_owned(), included);
}

/// Puts what was prepared into the draft as it stands now. The draft's lock is the caller's.
///
/// # Errors
/// Why not; the draft is then as it was.
pub(super) fn settle(run: &Run<'_>, prepared: &Prepared) -> Result<BroughtIn, IncludeError> {
    let Prepared { url, id, listing, gathered, story, gaps } = prepared;
    let files = Files::of(run);
    let (standing, base) = standing(&files)?;
    let mut decisions = decisions::read_off(run)?;
    already_in(&standing, &base, id, url)?;
    decide(&mut decisions, id, listing, run);
    for member in &story.story.members {
        already_in(&standing, &base, &member.candidate, url)?;
    }
    let (entry, highlight, section) = draft::single(run, gathered, story)?;
    let record = draft::record_of(&story.story);
    let mut stories = standing.record.stories.clone();
    stories.retain(|_, s| s.candidates.is_disjoint(&record.candidates));
    let before = without(&base.issue, |s| stories.contains_key(s));
    stories.insert(story.story.id.clone(), record);
    let mut issue = before.clone();
    put_by_rank(&mut issue, &section, entry, highlight, &stories);
    unlist(&mut issue);
    let all = candidates_of(&stories);
    let old = Base { text: render(run, &before)?, issue: before, stories: all.clone() };
    let new = Base { text: render(run, &issue)?, issue, stories: all };
    let title = put(run, &files, (standing, old, new), stories, &decisions)?;
    decisions.save(run.store, &run.key())?;
    amend::enter_story(run, gathered, story)?;
    let section = title.1.then_some(section);
    Ok(BroughtIn { title: title.0, section, gaps: gaps.clone() })
}

/// Merges the draft with the new entry into the file; gives the title, and whether the entry found
/// its section.
fn put(
    run: &Run<'_>,
    files: &Files<'_>,
    (standing, old, new): (Standing, Base, Base),
    stories: BTreeMap<String, StoryRecord>,
    decisions: &Decisions,
) -> Result<(String, bool), IncludeError> {
    let (removed, included) = (decisions.removed_candidates(), decisions.included_ids());
    let decided = Decided { removed: &removed, included: &included };
    let merged = merge(&old.machine(), &standing.text, &new.machine(), &decided)?;
    let title = merged.placed.first().map(|t| (t.clone(), true));
    let title = title.or_else(|| merged.added.first().map(|t| (t.clone(), false)));
    let title =
        title.ok_or_else(|| RunError::Internal("what was brought in went nowhere".to_owned()))?;
    let change = Change {
        before: Some(sha256_hex(standing.text.as_bytes())),
        issue: structure(files, &merged.text, &new.issue)?,
        text: merged.text,
        base: new,
        stories,
        why: Why::Include,
        at: run.now,
    };
    if files.commit(change)? { Ok(title) } else { Err(IncludeError::Changed) }
}

fn render(run: &Run<'_>, issue: &Issue) -> Result<String, RunError> {
    Ok(render_with(run.template, issue)?)
}

pub(super) fn id_of(url: &str) -> Result<String, IncludeError> {
    let web = url.starts_with("http://") || url.starts_with("https://");
    let canonical = canonical(url).filter(|_| web);
    canonical.map(|u| short_id(&u)).ok_or_else(|| IncludeError::BadUrl(url.to_owned()))
}

fn listing(url: &str) -> Listing {
    Listing {
        url: Some(url.to_owned()),
        guid: None,
        title: String::new(),
        published: None,
        changed: None,
        author: None,
        snippet: String::new(),
        content: None,
        whole: false,
    }
}

pub(super) fn standing(files: &Files<'_>) -> Result<(Standing, Base), IncludeError> {
    let folder = || files.folder.display().to_string();
    let mut standing = files.standing()?.ok_or_else(|| IncludeError::NoDraft(folder()))?;
    let base = standing.base.take().ok_or_else(|| IncludeError::OldDraft(folder()))?;
    Ok((standing, base))
}

/// Refuses what the draft holds: an entry is not there twice.
fn already_in(
    standing: &Standing,
    base: &Base,
    candidate: &str,
    url: &str,
) -> Result<(), IncludeError> {
    let found = take_out(&base.machine(), &standing.text, |entry, story| {
        let of_story = story.and_then(|s| standing.record.stories.get(s));
        of_story.is_some_and(|s| s.candidates.contains(candidate))
            || id_of(&entry.link.url).is_ok_and(|id| id == candidate)
    })?;
    match found {
        None => Ok(()),
        Some(TakenOut { entry, .. }) => {
            Err(IncludeError::AlreadyIn { url: url.to_owned(), title: entry.title })
        }
    }
}

/// Reads what is brought in, from the web or from what the editor gave.
async fn read(run: &Run<'_>, listing: &Listing, material: Material) -> Result<(), IncludeError> {
    let url = listing.url.clone().unwrap_or_default();
    let given = match material {
        Material::Web => None,
        Material::Html(bytes) => Some(Given::Html(bytes)),
        Material::Text(text) => Some(Given::Text(text)),
    };
    match reading::read_one(run, listing, given).await? {
        reading::Reading::Read(_) => Ok(()),
        reading::Reading::Unreadable { reason, detail } => {
            Err(IncludeError::Unreadable { url, reason, detail })
        }
    }
}

fn is_written(url: &str, story: &WrittenStory) -> Result<(), IncludeError> {
    let detail = match &story.fate {
        Fate::Entry(_) => return Ok(()),
        Fate::NeedsModel(language) => {
            format!("it is written in `{language}`, and only a model can write of it")
        }
        Fate::Pending(detail) => return Err(IncludeError::Budget(detail.clone())),
        Fate::Failed(_, detail) => detail.clone(),
        Fate::BelowCut(_) | Fate::Excluded(_) => {
            return Err(RunError::Internal(format!("{url} was given no place")).into());
        }
    };
    Err(IncludeError::Unwritten { url: url.to_owned(), detail })
}

/// The issue without the entries and lines of stories that are not kept.
fn without(issue: &Issue, keeps: impl Fn(&str) -> bool) -> Issue {
    let mut issue = issue.clone();
    let stays = |story: &Option<String>| story.as_deref().is_none_or(&keeps);
    issue.sections.iter_mut().for_each(|s| s.entries.retain(|e| stays(&e.story)));
    issue.highlights.retain(|h| stays(&h.story));
    issue
}

/// Puts an entry and its line where their score says.
fn put_by_rank(
    issue: &mut Issue,
    section: &str,
    entry: crate::compose::IssueEntry,
    highlight: Option<crate::compose::HighlightLine>,
    stories: &BTreeMap<String, StoryRecord>,
) {
    let score = |story: &Option<String>| {
        story.as_ref().and_then(|s| stories.get(s)).map_or(0.0, |s| s.score)
    };
    let own = score(&entry.story);
    let there = issue.sections.iter().position(|s| s.title == section);
    let at = there.unwrap_or_else(|| {
        issue.sections.push(IssueSection::titled(section.to_owned()));
        issue.sections.len() - 1
    });
    let entries = &mut issue.sections[at].entries;
    let place = entries.iter().position(|e| score(&e.story) < own).unwrap_or(entries.len());
    entries.insert(place, entry);
    if let Some(line) = highlight {
        let lines = &mut issue.highlights;
        let place = lines.iter().position(|h| score(&h.story) < own).unwrap_or(lines.len());
        lines.insert(place, line);
    }
}
