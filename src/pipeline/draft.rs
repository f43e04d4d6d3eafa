//! Entries → Issue → Draft: arranges the issue and closes the account.

use std::collections::{BTreeMap, BTreeSet};

use super::choose::ended;
use super::files::StoryRecord;
use super::gather::Gathered;
use super::write::{Fate, Written, WrittenStory, feeding};
use super::{Run, RunError};
use crate::collect::canonical::is_expiring;
use crate::compose::{
    EntrySource, HighlightLine, Issue, IssueEntry, Plan, PlannedEntry, ReadingGroup, ReadingItem,
    TextLink, Window, arrange as compose,
};
use crate::format::render_with;
use crate::related::{self, Lead, Used};
use crate::select::outcome::Ledger;
use crate::select::rank::on_shared_host;
use crate::select::{DecidedBy, Kind, Story, primary};
use crate::summarize::Entry;
use crate::verify::Origin;

/// An issue, drafted.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// Its structure.
    pub issue: Issue,
    /// Its text.
    pub markdown: String,
    pub(super) stories: BTreeMap<String, StoryRecord>,
}

/// Arranges the issue and enters the outcome of each story's candidates.
pub(super) fn arrange(
    run: &Run<'_>,
    gathered: &Gathered,
    written: &Written,
    ledger: &mut Ledger,
) -> Result<Draft, RunError> {
    let mut used = Used::default();
    // A link that leads nowhere counts as listed: nothing lists it then.
    gathered.related.dead.iter().for_each(|url| _ = used.note(url));
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

/// One entry by itself, with its line of the highlights and the title of its section.
pub(super) fn single(
    run: &Run<'_>,
    gathered: &Gathered,
    written: &WrittenStory,
) -> Result<(IssueEntry, Option<HighlightLine>, String), RunError> {
    let Fate::Entry(entry) = &written.fate else {
        return Err(RunError::Internal(format!("{} has no entry", written.story.id)));
    };
    let mut used = Used::default();
    used.note(&written.story.link.url);
    let mut issue = compose(Plan {
        edition: run.config.edition.clone(),
        words: run.config.words.clone(),
        window: Window { from: run.window.from.to_string(), to: run.window.to.to_string() },
        sections: sections(run),
        entries: vec![plan_entry(gathered, written, entry, &mut used)],
        further_reading: Vec::new(),
    })
    .map_err(|e| RunError::Internal(e.to_string()))?;
    let highlight = issue.highlights.pop();
    let found = issue.sections.into_iter().find(|s| !s.entries.is_empty());
    let found = found.and_then(|mut s| Some((s.entries.pop()?, s.title)));
    let (entry, section) =
        found.ok_or_else(|| RunError::Internal("an entry was arranged nowhere".to_owned()))?;
    Ok((entry, highlight, section))
}

fn sections(run: &Run<'_>) -> Vec<(String, String)> {
    run.config.select.sections.iter().map(|s| (s.id.clone(), s.title.clone())).collect()
}

pub(super) fn record_of(story: &Story) -> StoryRecord {
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
        score: story.score,
    }
}

fn plan_entry(
    gathered: &Gathered,
    written: &WrittenStory,
    entry: &Entry,
    used: &mut Used,
) -> PlannedEntry {
    let story = &written.story;
    let named = gathered.related.named.get(&story.id).map_or(&[][..], Vec::as_slice);
    let papers = related::related_papers(&feeding(gathered, story), named, used);
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
        let url = url.filter(|u| !u.is_empty()).unwrap_or(&article.url);
        let lasting = Some(url).filter(|u| !is_expiring(u));
        Some(EntrySource {
            url: lasting.cloned().unwrap_or_default(),
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
            Fate::Entry(_) => {
                leads.extend(related::linked_reading(&articles, &story.label));
                leads.extend(gathered.related.alike.get(&story.id).into_iter().flatten().cloned());
            }
            Fate::NeedsModel(_) => {
                let group = run.config.words.get("other_language");
                let lead = story_lead(gathered, story);
                leads.extend(lead.map(|l| Lead { group: group.cloned().unwrap_or(l.group), ..l }));
            }
            Fate::Excluded(_) => {}
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
pub(super) fn enter(
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
            Fate::Excluded(how) => (
                Kind::Excluded,
                how.code(),
                "the editor took it out; `digestgen include` brings it back".to_owned(),
            ),
            Fate::Pending(detail) => (Kind::Pending, "budget", detail.clone()),
            Fate::Failed(reason, detail) => (Kind::Failed, reason.as_str(), detail.clone()),
        };
        let mut outcome = ended(kind, reason, &detail);
        outcome.decided_by = match &written.fate {
            Fate::Excluded(_) => DecidedBy::Editor,
            _ => story.decided_by,
        };
        outcome.story = Some(story.id.clone());
        ledger.enter(&member.candidate, outcome)?;
    }
    Ok(())
}
