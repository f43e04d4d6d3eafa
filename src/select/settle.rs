//! The whole of selection by rules: duplicates, judgements, stories, ranking. Pure, and the same
//! in whatever order the articles come.

use std::collections::{BTreeMap, BTreeSet};

use super::cluster::{self, Told, cluster_told};
use super::duplicate::{self, duplicates};
use super::rank::{self, FEEDING, lead_order};
use super::rules::{Judgement, Merit, Reason, judge};
use super::{DecidedBy, Kind, Member, Options, Outcome, Story, primary};
use crate::collect::Candidate;
use crate::collect::canonical::canonical;
use crate::extract::{Article, LinkKind};
use crate::text::Moment;

/// A candidate whose article could be read.
#[derive(Clone, Copy, Debug)]
pub struct Readable<'a> {
    /// The candidate.
    pub candidate: &'a Candidate,
    /// Its article.
    pub article: &'a Article,
    /// It was published before the window.
    pub late: bool,
    /// Neither source nor page dates it.
    pub undated: bool,
}

impl Readable<'_> {
    /// When it was published: as the source lists it, else as the page says.
    pub fn published(&self) -> Option<Moment> {
        self.candidate.published.or(self.article.published)
    }

    /// The title of the article, or the listed one where the page gives none.
    pub fn title(&self) -> &str {
        let own = self.article.title.as_str();
        if own.is_empty() { &self.candidate.title } else { own }
    }
}

/// What selection yields. Every candidate handed in is in exactly one place: member of one story,
/// or in `outcomes`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Selection {
    /// All kept stories, best first; the pipeline decides where the cut is.
    pub stories: Vec<Story>,
    /// Rejected candidates and duplicates, by candidate id.
    pub outcomes: BTreeMap<String, Outcome>,
    /// The judgement of each article that is no duplicate, by candidate id.
    pub judged: BTreeMap<String, Judgement>,
}

/// Selects among `articles`, whose candidates are distinct: duplicates, judgements, stories,
/// ranking. A candidate that `judgements` (of a model or an editor) does not name is judged by
/// rules. A story is rejected when most of the articles that feed it are, or half of them with
/// the leading one; within a story the judgements of the editor count before a model's, and those
/// before the rules'.
pub fn select(
    articles: &[Readable<'_>],
    options: &Options,
    judgements: &BTreeMap<String, Judgement>,
) -> Selection {
    select_told(articles, options, judgements, &Told::new())
}

/// As [`select`], where it is `told` of some pairs whether they report one event.
pub fn select_told(
    articles: &[Readable<'_>],
    options: &Options,
    judgements: &BTreeMap<String, Judgement>,
    told: &Told,
) -> Selection {
    let (articles, same) = without_duplicates(articles);
    let judged: BTreeMap<String, Judgement> = articles
        .iter()
        .map(|a| {
            let id = a.candidate.id.clone();
            let given = judgements.get(&id).cloned();
            (id, given.unwrap_or_else(|| judge(a.title(), &a.article.document, options)))
        })
        .collect();
    let mut selection = Selection::default();
    let (stories, bonds) = stories(&articles, told);
    for (id, members) in stories {
        settle(&id, &members, options, &judged, &mut selection);
    }
    for story in &mut selection.stories {
        let own = |b: &&cluster::Bond| story.members.iter().any(|m| m.candidate == b.id);
        story.bonds = bonds.iter().filter(own).cloned().collect();
    }
    selection.stories.sort_by(rank::order);
    enter_duplicates(&articles, &same, &mut selection);
    selection.judged = judged;
    selection
}

fn find_duplicates(articles: &[Readable<'_>]) -> Vec<duplicate::Duplicate> {
    let items: Vec<duplicate::Item<'_>> = articles
        .iter()
        .map(|a| duplicate::Item {
            id: &a.candidate.id,
            canonical: &a.candidate.canonical,
            text: a.article.document.text(),
            authority: a.candidate.authority,
            published: a.published(),
        })
        .collect();
    duplicates(&items)
}

/// Distinct articles by id without those that say the same, and these.
fn without_duplicates<'a>(
    articles: &[Readable<'a>],
) -> (Vec<Readable<'a>>, Vec<duplicate::Duplicate>) {
    let mut by_id: BTreeMap<&str, Readable<'a>> = BTreeMap::new();
    for article in articles {
        by_id.entry(article.candidate.id.as_str()).or_insert(*article);
    }
    let mut articles: Vec<Readable<'a>> = by_id.into_values().collect();
    let same = find_duplicates(&articles);
    let gone: BTreeSet<&str> = same.iter().map(|d| d.id.as_str()).collect();
    articles.retain(|a| !gone.contains(a.candidate.id.as_str()));
    (articles, same)
}

/// The pairs among `articles` of which the rules are of two minds whether they report one event.
pub fn doubtful<'a>(articles: &[Readable<'a>]) -> Vec<(Readable<'a>, Readable<'a>)> {
    let (articles, _) = without_duplicates(articles);
    let found = clustered(&articles, &linked(&articles)).doubtful;
    let by_id: BTreeMap<&str, Readable<'a>> =
        articles.iter().map(|a| (a.candidate.id.as_str(), *a)).collect();
    let pair = |(a, b): &(String, String)| Some((*by_id.get(a.as_str())?, *by_id.get(b.as_str())?));
    found.iter().filter_map(pair).collect()
}

/// The stories among `articles`, by id, and why their articles belong together.
fn stories<'a>(
    articles: &[Readable<'a>],
    told: &Told,
) -> (BTreeMap<String, Vec<Readable<'a>>>, Vec<cluster::Bond>) {
    let mut known = linked(articles);
    known.extend(told.iter().map(|(pair, same)| (pair.clone(), *same)));
    let clustering = clustered(articles, &known);
    let mut out: BTreeMap<String, Vec<Readable<'a>>> = BTreeMap::new();
    for (article, story) in articles.iter().zip(clustering.stories) {
        out.entry(story).or_default().push(*article);
    }
    (out, clustering.bonds)
}

/// Reports that link the maker's page, the paper or the code among `articles`, and are on its event.
fn linked(articles: &[Readable<'_>]) -> Told {
    let pages: BTreeMap<&str, &Readable<'_>> = articles
        .iter()
        .filter(|a| {
            primary::kind(a) <= primary::PageKind::Code && !a.candidate.canonical.is_empty()
        })
        .map(|a| (a.candidate.canonical.as_str(), a))
        .collect();
    let mut out = Told::new();
    if pages.is_empty() {
        return out;
    }
    for report in articles.iter().filter(|a| primary::kind(a) > primary::PageKind::Code) {
        for link in &report.article.links {
            let found = canonical(&link.url).and_then(|url| pages.get(url.as_str()).copied());
            if let Some(page) = found
                && primary::on_same_event(report, primary::kind(page), page.article)
            {
                out.insert(cluster::pair_of(&report.candidate.id, &page.candidate.id), true);
            }
        }
    }
    out
}

fn clustered(articles: &[Readable<'_>], told: &Told) -> cluster::Clustering {
    let links: Vec<Vec<&str>> = articles
        .iter()
        .map(|a| {
            let body = a.article.links.iter().filter(|l| l.kind != LinkKind::Social);
            body.map(|l| l.url.as_str()).collect()
        })
        .collect();
    let items: Vec<cluster::Item<'_>> = articles
        .iter()
        .zip(&links)
        .map(|(a, links)| cluster::Item {
            id: &a.candidate.id,
            title: a.title(),
            text: a.article.document.text(),
            published: a.published(),
            url: &a.candidate.url,
            links,
        })
        .collect();
    cluster_told(&items, told)
}

/// Makes a story of `members` or rejects them.
fn settle(
    id: &str,
    members: &[Readable<'_>],
    options: &Options,
    judged: &BTreeMap<String, Judgement>,
    selection: &mut Selection,
) {
    let unjudged = lead_order(members, options, |_| None);
    let Some(verdict) = verdict(&unjudged, judged) else {
        return;
    };
    if !verdict.keep {
        for m in members {
            let outcome = rejected(m, verdict, judged);
            selection.outcomes.insert(m.candidate.id.clone(), outcome);
        }
        return;
    }
    let members = lead_order(members, options, |id| judged.get(id));
    let standing = Standing {
        merit: verdict.merit,
        section: &verdict.section,
        label: &verdict.label,
        decided_by: verdict.decided_by,
    };
    match story_of(id, &members, &standing, options) {
        Some(story) => selection.stories.push(story),
        None => {
            for m in members {
                selection.outcomes.insert(m.candidate.id.clone(), linkless());
            }
        }
    }
}

/// What a judgement gives a story.
struct Standing<'a> {
    merit: Merit,
    section: &'a str,
    label: &'a str,
    decided_by: DecidedBy,
}

/// The story of `members`, which stand in [`lead_order`]. `None` where all their links expire.
fn story_of(
    id: &str,
    members: &[Readable<'_>],
    standing: &Standing<'_>,
    options: &Options,
) -> Option<Story> {
    let lead = members.first()?;
    let parts = rank::parts(members, standing.merit);
    Some(Story {
        id: id.to_owned(),
        title: lead.title().to_owned(),
        members: members
            .iter()
            .map(|m| Member { candidate: m.candidate.id.clone(), article: m.article.id.clone() })
            .collect(),
        link: rank::source_link(members, options.link_to)?,
        outlets: rank::outlets(members),
        section: standing.section.to_owned(),
        label: standing.label.to_owned(),
        score: parts.score(&options.weights),
        parts,
        decided_by: standing.decided_by,
        published: lead.article.published.or(lead.candidate.published),
        late: members.iter().all(|m| m.late),
        undated: members.iter().all(|m| m.undated),
        sources: lead.candidate.sources.clone(),
        primary: primary::listed(members).filter(|p| p.candidate != lead.candidate.id),
        continues: None,
        bonds: Vec::new(),
    })
}

/// `story` with `members` alone, which are some of its own, judged as it was. `None` where there are
/// none, or all their links expire.
pub fn narrowed(
    story: &Story,
    members: &[Readable<'_>],
    options: &Options,
    judged: &BTreeMap<String, Judgement>,
) -> Option<Story> {
    let members = lead_order(members, options, |id| judged.get(id));
    let standing = Standing {
        merit: story.parts.merit,
        section: &story.section,
        label: &story.label,
        decided_by: story.decided_by,
    };
    let narrowed = story_of(&story.id, &members, &standing, options)?;
    Some(Story { bonds: story.bonds.clone(), ..narrowed })
}

/// The outcome of each article of a story whose links all expire.
fn linkless() -> Outcome {
    Outcome {
        kind: Kind::Rejected,
        reason: "expiring_link".into(),
        detail: "its link stops working within days, and no other article of the story has one \
                 that lasts; list it under its permanent link, as WeChat's share button or a \
                 bridge's feed gives it"
            .into(),
        decided_by: DecidedBy::Rule,
        story: None,
    }
}

/// The judgement that stands for a story: of those by the highest judge among the articles that
/// feed it, the first on the side of the majority.
fn verdict<'j>(
    ordered: &[Readable<'_>],
    judged: &'j BTreeMap<String, Judgement>,
) -> Option<&'j Judgement> {
    let all: Vec<&Judgement> =
        ordered.iter().take(FEEDING).filter_map(|m| judged.get(&m.candidate.id)).collect();
    let weight = |j: &Judgement| match j.decided_by {
        DecidedBy::Rule => 0,
        DecidedBy::Model => 1,
        DecidedBy::Editor => 2,
    };
    let highest = all.iter().map(|j| weight(j)).max()?;
    let voices: Vec<&Judgement> = all.into_iter().filter(|j| weight(j) == highest).collect();
    let keeping = voices.iter().filter(|j| j.keep).count();
    let keep = match (keeping * 2).cmp(&voices.len()) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Greater => true,
        std::cmp::Ordering::Equal => voices.first()?.keep,
    };
    voices.into_iter().find(|j| j.keep == keep)
}

fn rejected(
    member: &Readable<'_>,
    verdict: &Judgement,
    judged: &BTreeMap<String, Judgement>,
) -> Outcome {
    let own = judged.get(&member.candidate.id).filter(|j| !j.keep).unwrap_or(verdict);
    let detail = match own.reason {
        Reason::RejectTerm => format!("terms of `reject`: {}", own.terms.join(", ")),
        _ => own.terms.join(", "),
    };
    Outcome {
        kind: Kind::Rejected,
        reason: own.reason.code().to_owned(),
        detail,
        decided_by: own.decided_by,
        story: None,
    }
}

/// A duplicate belongs to the story of the candidate that stands for it, where that has one.
fn enter_duplicates(
    articles: &[Readable<'_>],
    same: &[duplicate::Duplicate],
    selection: &mut Selection,
) {
    let story_of: BTreeMap<&str, &str> = selection
        .stories
        .iter()
        .flat_map(|s| s.members.iter().map(|m| (m.candidate.as_str(), s.id.as_str())))
        .collect();
    let titles: BTreeMap<&str, &str> =
        articles.iter().map(|a| (a.candidate.id.as_str(), a.article.title.as_str())).collect();
    for d in same {
        let outcome = Outcome {
            kind: Kind::Duplicate,
            reason: d.likeness.code().to_owned(),
            detail: format!("the same text as “{}”", titles.get(d.of.as_str()).unwrap_or(&"")),
            decided_by: DecidedBy::Rule,
            story: story_of.get(d.of.as_str()).map(|s| (*s).to_owned()),
        };
        selection.outcomes.insert(d.id.clone(), outcome);
    }
}
