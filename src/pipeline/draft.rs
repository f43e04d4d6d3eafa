//! Entries → Issue → Draft: arranges the issue, closes the account, and writes the files without
//! ever writing over what a person changed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::approval::APPROVALS;
use super::choose::ended;
use super::gather::Gathered;
use super::write::{Fate, Written, WrittenStory, feeding};
use super::{Run, RunError, issue_folder};
use crate::collect::canonical::is_expiring;
use crate::compose::{
    EntrySource, Issue, Plan, PlannedEntry, ReadingGroup, ReadingItem, TextLink, Window,
    arrange as compose,
};
use crate::format::render_with;
use crate::related::{self, Lead, Used};
use crate::review::Approval;
use crate::select::outcome::Ledger;
use crate::select::rank::on_shared_host;
use crate::select::{Kind, Story, primary};
use crate::store::{StoreError, holds, keep_version, read_text, remove_file, write_atomic};
use crate::summarize::Entry;
use crate::text::hash::sha256_hex;
use crate::verify::Origin;

/// Drafts as last written, keyed `EDITION/ISSUE`.
pub(super) const DRAFTS: &str = "draft";

/// An issue, drafted.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// Its structure.
    pub issue: Issue,
    /// Its text.
    pub markdown: String,
    stories: BTreeMap<String, StoryRecord>,
}

/// What was last written for a draft.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct DraftRecord {
    /// The hash of `issue.md` as written.
    pub(super) markdown: String,
    /// The hash of the text that was about to be written: ours too, if the process died there.
    writing: Option<String>,
    /// The hash of `issue.json` as written.
    json: String,
    /// The hash of `issue.new.json` where the new draft stands beside an edited one.
    new_json: Option<String>,
    /// The stories that got an entry.
    pub(super) stories: BTreeMap<String, StoryRecord>,
}

impl DraftRecord {
    /// The names of the program's own files, and the hashes of what it wrote into them.
    pub(super) fn json_files(&self) -> impl Iterator<Item = (&'static str, &String)> {
        let new = self.new_json.as_ref().map(|hash| ("issue.new.json", hash));
        std::iter::once(("issue.json", &self.json)).chain(new)
    }
}

/// A story that got an entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct StoryRecord {
    /// Its title.
    pub(super) title: String,
    /// The ids of its candidates.
    pub(super) candidates: BTreeSet<String>,
    /// The article its entry was written from first.
    pub(super) article: Option<String>,
}

/// What became of the files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Saved {
    /// The draft was written.
    Written(PathBuf),
    /// The draft on the disk is just this one; nothing was touched.
    Unchanged(PathBuf),
    /// A person changed the draft: it was left, and the new one stands beside it.
    Beside {
        /// The editor's file.
        edited: PathBuf,
        /// The new draft.
        new: PathBuf,
    },
}

impl Saved {
    /// What a person must do about it.
    pub(super) fn gap(&self) -> Option<String> {
        match self {
            Self::Beside { edited, new } => Some(format!(
                "{} was edited or approved and was not touched; compare it with {} and take over \
                 what you want",
                edited.display(),
                new.display()
            )),
            Self::Written(_) | Self::Unchanged(_) => None,
        }
    }
}

/// Arranges the issue and enters the outcome of each story's candidates.
pub(super) fn arrange(
    run: &Run<'_>,
    gathered: &Gathered,
    written: &Written,
    ledger: &mut Ledger,
) -> Result<Draft, RunError> {
    let mut used = Used::default();
    let entries: Vec<(&WrittenStory, &Entry)> = written
        .stories
        .iter()
        .filter_map(|w| match &w.fate {
            Fate::Entry(entry) => Some((w, &**entry)),
            _ => None,
        })
        .collect();
    // All source links first: a paper that is itself an entry is nobody's related paper.
    entries.iter().for_each(|(w, _)| {
        used.note(&w.story.link.url);
    });
    let planned: Vec<PlannedEntry> =
        entries.iter().map(|(w, entry)| plan_entry(gathered, w, entry, &mut used)).collect();
    let leads = reading_leads(run, gathered, written);
    let listed = related::choose(leads, &mut used);
    let on_the_list: BTreeSet<&str> =
        listed.iter().filter_map(|l| l.candidate.as_deref()).collect();
    for story in &written.stories {
        enter(story, &on_the_list, ledger)?;
    }
    let issue = compose(Plan {
        edition: run.config.edition.clone(),
        words: run.config.words.clone(),
        window: Window { from: run.window.from.to_string(), to: run.window.to.to_string() },
        sections: sections(run),
        entries: planned,
        further_reading: groups(&listed),
    })
    .map_err(|e| RunError::Internal(e.to_string()))?;
    let markdown = render_with(run.template, &issue)?;
    let stories = entries.iter().map(|(w, _)| (w.story.id.clone(), record_of(&w.story))).collect();
    Ok(Draft { issue, markdown, stories })
}

fn sections(run: &Run<'_>) -> Vec<(String, String)> {
    run.config.select.sections.iter().map(|s| (s.id.clone(), s.title.clone())).collect()
}

fn record_of(story: &Story) -> StoryRecord {
    StoryRecord {
        title: story.title.clone(),
        candidates: story
            .members
            .iter()
            .map(|m| &m.candidate)
            .chain(story.primary.iter().map(|p| &p.candidate))
            .cloned()
            .collect(),
        article: story.members.first().map(|m| m.article.clone()),
    }
}

fn plan_entry(
    gathered: &Gathered,
    written: &WrittenStory,
    entry: &Entry,
    used: &mut Used,
) -> PlannedEntry {
    let story = &written.story;
    let papers = related::related_papers(&feeding(gathered, story), used);
    let marks = [
        (entry.writer == Origin::Extractive).then(|| "extractive".to_owned()),
        story.late.then(|| "late".to_owned()),
        story.undated.then(|| "undated".to_owned()),
        story.continues.as_ref().map(|c| format!("continuing {} {}", c.day, on_one_line(&c.title))),
    ];
    PlannedEntry {
        entry: entry.clone(),
        section: story.section.clone(),
        label: story.label.clone(),
        url: story.link.url.clone(),
        date: story.published.map(|p| p.own_day().to_string()).unwrap_or_default(),
        papers: papers.into_iter().map(|url| TextLink { text: String::new(), url }).collect(),
        marks: marks.into_iter().flatten().collect(),
        findings: written.findings.clone(),
        sources: sources_of(gathered, story),
    }
}

/// The pages that feed an entry, the leading report first.
fn sources_of(gathered: &Gathered, story: &Story) -> Vec<EntrySource> {
    let fed = story.feeding().into_iter().filter_map(|id| {
        let article = gathered.article(id)?;
        let listed = gathered.readable(id);
        let primary = story.primary.as_ref().filter(|p| p.candidate == id);
        let url = listed.map(|r| &r.candidate.url).or(primary.map(|p| &p.url));
        Some(EntrySource {
            url: url.filter(|u| !u.is_empty()).unwrap_or(&article.url).clone(),
            title: article.title.clone(),
            kind: listed.map(|r| primary::kind(&r)).or(primary.map(|p| p.kind)),
            article: article.id.clone(),
            linked: primary.is_some_and(|p| p.linked),
        })
    });
    fed.collect()
}

/// A title on one line.
fn on_one_line(title: &str) -> String {
    title.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What may be listed as further reading: what entries link, then the stories without an entry.
fn reading_leads(run: &Run<'_>, gathered: &Gathered, written: &Written) -> Vec<Lead> {
    let mut leads = Vec::new();
    for WrittenStory { story, fate, .. } in &written.stories {
        let articles = feeding(gathered, story);
        match fate {
            Fate::Entry(_) => leads.extend(related::linked_reading(&articles, &story.label)),
            Fate::NeedsModel(_) => {
                let group = run.config.words.get("other_language");
                let lead = story_lead(gathered, story);
                leads.extend(lead.map(|l| Lead { group: group.cloned().unwrap_or(l.group), ..l }));
            }
            _ => leads.extend(story_lead(gathered, story)),
        }
    }
    leads
}

fn story_lead(gathered: &Gathered, story: &Story) -> Option<Lead> {
    let first = story.members.first()?;
    // A link that expires is not published: another article of the story has one that lasts.
    let lasts =
        |candidate: &str| gathered.item(candidate).is_some_and(|i| !is_expiring(&i.candidate.url));
    let other = story.link.candidate.as_ref().filter(|_| !lasts(&first.candidate));
    let shown = other.unwrap_or(&first.candidate);
    let item = gathered.item(shown)?;
    let article = gathered.article(shown)?;
    let url = if lasts(shown) { &item.candidate.url } else { &story.link.url };
    // Where many outlets share a host the byline is the outlet (a WeChat account).
    let site = if on_shared_host(url) { &article.byline } else { &article.site };
    let site = site.clone().filter(|s| !s.trim().is_empty());
    let known = related::known_host(url).map(str::to_owned);
    Some(Lead {
        title: story.title.clone(),
        url: url.clone(),
        source: known
            .or(site)
            .or_else(|| item.candidate.sources.first().cloned())
            .unwrap_or_else(|| related::source_name(url)),
        group: story.label.clone(),
        paper: crate::extract::kind_of_url(url) == crate::extract::LinkKind::Paper,
        candidate: Some(first.candidate.clone()),
    })
}

/// Groups in the order of their first item.
fn groups(listed: &[Lead]) -> Vec<ReadingGroup> {
    let mut groups: Vec<ReadingGroup> = Vec::new();
    for lead in listed {
        let item = ReadingItem {
            title: lead.title.clone(),
            url: lead.url.clone(),
            source: lead.source.clone(),
        };
        match groups.iter_mut().find(|g| g.group == lead.group) {
            Some(group) => group.items.push(item),
            None => groups.push(ReadingGroup { group: lead.group.clone(), items: vec![item] }),
        }
    }
    groups
}

/// Enters the outcome of each candidate of a story.
fn enter(
    written: &WrittenStory,
    listed: &BTreeSet<&str>,
    ledger: &mut Ledger,
) -> Result<(), RunError> {
    let story = &written.story;
    for (at, member) in story.members.iter().enumerate() {
        let lead = at == 0;
        let in_reading = lead && listed.contains(member.candidate.as_str());
        let (kind, reason, detail) = match &written.fate {
            Fate::Entry(_) if lead => (Kind::Entry, "lead", String::new()),
            Fate::Entry(_) => (Kind::Merged, "same_story", format!("reports “{}”", story.title)),
            Fate::NeedsModel(language) => (
                Kind::NeedsModel,
                "other_language",
                format!("written in `{language}`; a run with a model writes it"),
            ),
            Fate::BelowCut(full) if in_reading => {
                (Kind::FurtherReading, "below_cut", full.words(story))
            }
            Fate::BelowCut(full) => (Kind::BelowCut, full.code(), full.words(story)),
            Fate::Pending(detail) => (Kind::Pending, "budget", detail.clone()),
            Fate::Failed(reason, detail) => (Kind::Failed, reason.as_str(), detail.clone()),
        };
        let mut outcome = ended(kind, reason, &detail);
        outcome.decided_by = story.decided_by;
        outcome.story = Some(story.id.clone());
        ledger.enter(&member.candidate, outcome)?;
    }
    Ok(())
}

/// Writes `issue.md` and `issue.json`. A draft that a person changed is left as it is, with its
/// `issue.json`, and the new one is written beside it.
///
/// The order holds at every crash: what will be written is noted first, then the text, then the
/// rest; a text whose hash was noted is one of ours.
pub(super) fn save(run: &Run<'_>, draft: &Draft) -> Result<Saved, RunError> {
    let folder = issue_folder(run.dir, &run.config.edition.id, &run.issue());
    let path = folder.join("issue.md");
    let mut json = serde_json::to_vec_pretty(&draft.issue)
        .map_err(|e| RunError::Internal(format!("issue.json: {e}")))?;
    json.push(b'\n');
    let old: Option<DraftRecord> = run.store.get(DRAFTS, &run.key())?;
    let record = DraftRecord {
        markdown: sha256_hex(draft.markdown.as_bytes()),
        writing: None,
        json: sha256_hex(&json),
        new_json: None,
        stories: draft.stories.clone(),
    };
    let saved = match hash_of(&path)? {
        Some(hash) if hash == record.markdown => Saved::Unchanged(path.clone()),
        Some(hash) if !is_ours(old.as_ref(), &hash) || is_approved(run, &hash)? => {
            return beside(run, &folder, draft, &json, old, record);
        }
        before => {
            let mut intent = old.unwrap_or_else(|| record.clone());
            intent.writing = Some(record.markdown.clone());
            run.store.put(DRAFTS, &run.key(), &intent)?;
            keep_version(run.store.dir(), &path)?;
            if hash_of(&path)? != before {
                return beside(run, &folder, draft, &json, Some(intent), record);
            }
            write_atomic(&path, draft.markdown.as_bytes())?;
            Saved::Written(path.clone())
        }
    };
    replace(run, &folder.join("issue.json"), &json)?;
    for name in ["issue.new.md", "issue.new.json"] {
        // What stood beside an edited draft is out of date now; it stays among the kept versions.
        keep_version(run.store.dir(), &folder.join(name))?;
        remove_file(&folder.join(name))?;
    }
    run.store.put(DRAFTS, &run.key(), &record)?;
    Ok(saved)
}

fn hash_of(path: &Path) -> Result<Option<String>, StoreError> {
    Ok(read_text(path)?.map(|text| sha256_hex(text.as_bytes())))
}

/// Leaves an edited draft as it is and writes the new one beside it.
fn beside(
    run: &Run<'_>,
    folder: &Path,
    draft: &Draft,
    json: &[u8],
    old: Option<DraftRecord>,
    record: DraftRecord,
) -> Result<Saved, RunError> {
    let new = folder.join("issue.new.md");
    replace(run, &folder.join("issue.new.json"), json)?;
    replace(run, &new, draft.markdown.as_bytes())?;
    if old.is_none() {
        // The file was there before our first draft: this is the only account of what we wrote.
        replace(run, &folder.join("issue.json"), json)?;
    }
    // The stories of both are known: the editor may take over from the new one.
    let mut kept = old.unwrap_or_else(|| DraftRecord { markdown: String::new(), ..record.clone() });
    kept.new_json = Some(record.json);
    kept.stories.extend(record.stories);
    run.store.put(DRAFTS, &run.key(), &kept)?;
    Ok(Saved::Beside { edited: folder.join("issue.md"), new })
}

/// Whether a person approved the text with this hash: it is theirs then.
fn is_approved(run: &Run<'_>, hash: &str) -> Result<bool, StoreError> {
    let approval: Option<Approval> = run.store.get(APPROVALS, &run.key())?;
    Ok(approval.is_some_and(|a| a.sha256 == hash))
}

/// Whether a text with this hash was written by the program.
fn is_ours(record: Option<&DraftRecord>, hash: &str) -> bool {
    record.is_some_and(|r| r.markdown == hash || r.writing.as_deref() == Some(hash))
}

/// Replaces a file of ours where its bytes differ; what it replaces is kept.
fn replace(run: &Run<'_>, path: &Path, bytes: &[u8]) -> Result<(), RunError> {
    if holds(path, bytes) {
        return Ok(());
    }
    keep_version(run.store.dir(), path)?;
    Ok(write_atomic(path, bytes)?)
}
