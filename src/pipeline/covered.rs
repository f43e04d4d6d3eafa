//! Which stories an earlier issue carried, which of these go on, and what goes no further.
//!
//! A story is found in earlier issues by a common candidate, by its title, or as the same event. One
//! that was carried goes on only where a later article says something new ([`super::news`]); it is
//! then written from the articles that do, and the others are covered. What the editor left out of
//! an approved issue never comes back.

use std::collections::{BTreeMap, BTreeSet};

use super::RunError;
use super::choose::ended;
use super::earlier::Carried;
use super::news::{self, Then};
use crate::extract::Article;
use crate::select::cluster::{self, cluster};
use crate::select::outcome::Ledger;
use crate::select::rank::FEEDING;
use crate::select::rules::Judgement;
use crate::select::{Continues, DecidedBy, Kind, Options, Readable, Story, narrowed};
use crate::text::{Moment, similarity};

/// How a story was found in an earlier issue. A closed list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum By {
    Article,
    Title,
    Event,
}

impl By {
    fn code(self) -> &'static str {
        match self {
            Self::Article => "same_article",
            Self::Title => "same_title",
            Self::Event => "same_event",
        }
    }
}

/// Those of `stories` that go on, in their order; what the editor asked for always does.
pub(super) fn without_covered(
    stories: Vec<Story>,
    carried: &[Carried],
    readable: &[Readable<'_>],
    (judged, asked): (&BTreeMap<String, Judgement>, &BTreeSet<String>),
    options: &Options,
    ledger: &mut Ledger,
) -> Result<Vec<Story>, RunError> {
    if carried.is_empty() {
        return Ok(stories);
    }
    let by_id: BTreeMap<&str, Readable<'_>> =
        readable.iter().map(|r| (r.candidate.id.as_str(), *r)).collect();
    let events = same_events(&stories, carried, &by_id);
    let mut left = Vec::new();
    for story in stories {
        let members: Vec<Readable<'_>> =
            story.members.iter().filter_map(|m| by_id.get(m.candidate.as_str()).copied()).collect();
        // What the editor asked for is theirs to repeat.
        let is_asked = story.members.iter().any(|m| asked.contains(&m.candidate));
        let found = find(&story, &members, carried, &events).filter(|_| !is_asked);
        let Some((by, earlier)) = found else {
            left.push(story);
            continue;
        };
        let fresh = fresh(&members, carried, earlier);
        let going_on = if earlier.entry.left_out {
            None
        } else {
            going_on(&story, &fresh, options, judged, earlier)
        };
        let kept: BTreeSet<String> =
            going_on.iter().flat_map(|s| s.members.iter().map(|m| m.candidate.clone())).collect();
        for member in story.members.iter().filter(|m| !kept.contains(&m.candidate)) {
            let later = fresh.iter().any(|(r, _)| r.candidate.id == member.candidate);
            ledger.enter(&member.candidate, outcome(&story, by, earlier, later))?;
        }
        left.extend(going_on);
    }
    // A story that was narrowed has another score: all are put in order again.
    left.sort_by(crate::select::rank::order);
    Ok(left)
}

/// The earlier entry that a story belongs to, the surest way of finding it first.
fn find<'c>(
    story: &Story,
    members: &[Readable<'_>],
    carried: &'c [Carried],
    events: &BTreeMap<String, usize>,
) -> Option<(By, &'c Carried)> {
    let ids: BTreeSet<&str> = story.members.iter().map(|m| m.candidate.as_str()).collect();
    let by_article =
        carried.iter().find(|c| c.entry.candidates.iter().any(|id| ids.contains(id.as_str())));
    let titles: BTreeSet<String> = members
        .iter()
        .flat_map(|m| [m.title(), m.candidate.title.as_str()])
        .filter(|title| !title.trim().is_empty())
        .map(similarity::folded)
        .collect();
    let by_title = || carried.iter().find(|c| titles.contains(&similarity::folded(&c.entry.title)));
    let by_event = || events.get(&story.id).and_then(|at| carried.get(*at));
    by_article
        .map(|c| (By::Article, c))
        .or_else(|| by_title().map(|c| (By::Title, c)))
        .or_else(|| by_event().map(|c| (By::Event, c)))
}

/// The articles of a story that no earlier entry had, with what is new in each.
fn fresh<'a>(
    members: &[Readable<'a>],
    carried: &[Carried],
    earlier: &Carried,
) -> Vec<(Readable<'a>, Vec<String>)> {
    let old = |id: &str| carried.iter().any(|c| c.entry.candidates.contains(id));
    let then = Then { articles: &earlier.articles, entry: &earlier.entry };
    let new = members.iter().filter(|m| !old(&m.candidate.id));
    new.map(|m| (*m, news::news(m, &then))).collect()
}

/// The story of the articles that say something new; `None` where none does.
fn going_on(
    story: &Story,
    fresh: &[(Readable<'_>, Vec<String>)],
    options: &Options,
    judged: &BTreeMap<String, Judgement>,
    earlier: &Carried,
) -> Option<Story> {
    let newsy: Vec<Readable<'_>> =
        fresh.iter().filter(|(_, news)| !news.is_empty()).map(|(m, _)| *m).collect();
    let mut story = narrowed(story, &newsy, options, judged)?;
    let lead = story.members.first()?.candidate.clone();
    let news = fresh.iter().find(|(m, _)| m.candidate.id == lead).map(|(_, news)| news.clone());
    story.continues = Some(Continues {
        issue: earlier.issue.clone(),
        day: earlier.day.clone(),
        title: earlier.entry.title.clone(),
        summary: earlier.entry.summary.clone(),
        news: news.unwrap_or_default(),
    });
    Some(story)
}

/// The outcome of an article of a story that an earlier issue had.
fn outcome(story: &Story, by: By, earlier: &Carried, later: bool) -> crate::select::Outcome {
    let (title, issue) = (&earlier.entry.title, &earlier.issue);
    let mut outcome = if earlier.entry.left_out {
        let detail = format!("“{title}” was left out of issue {issue} by its editor");
        let mut outcome = ended(Kind::Excluded, "left_out_earlier", &detail);
        outcome.decided_by = DecidedBy::Editor;
        outcome
    } else {
        let more = match (later, earlier.articles.is_empty()) {
            (false, _) => "",
            (true, false) => {
                "; this article is another, but says no number, date or name that is new since then"
            }
            (true, true) => {
                "; what that entry was written from is not stored, so what is new cannot be told"
            }
        };
        ended(Kind::Covered, by.code(), &format!("“{title}” stands in issue {issue}{more}"))
    };
    outcome.story = Some(story.id.clone());
    outcome
}

/// For each story that reports the event of an earlier entry the index of that entry, of several
/// the first.
fn same_events(
    stories: &[Story],
    carried: &[Carried],
    by_id: &BTreeMap<&str, Readable<'_>>,
) -> BTreeMap<String, usize> {
    let now: Vec<(&str, Readable<'_>)> = stories
        .iter()
        .flat_map(|s| s.members.iter().take(FEEDING).map(|m| (s.id.as_str(), m)))
        .filter_map(|(story, m)| Some((story, *by_id.get(m.candidate.as_str())?)))
        .collect();
    let then: Vec<(usize, String, Text)> = carried
        .iter()
        .enumerate()
        .filter(|(_, c)| c.recent)
        .flat_map(|(at, c)| {
            let texts = Text::all(c).into_iter().enumerate();
            texts.map(move |(i, text)| (at, format!("earlier {at} {i}"), text))
        })
        .collect();
    let items: Vec<cluster::Item<'_>> = now
        .iter()
        .map(|(_, r)| item(&r.candidate.id, r.title(), r.article.document.text(), r.published()))
        .chain(then.iter().map(|(_, id, t)| item(id, t.title, t.text, t.published)))
        .collect();
    let groups = cluster(&items);
    let mut earlier: BTreeMap<&str, usize> = BTreeMap::new();
    for (group, (at, _, _)) in groups[now.len()..].iter().zip(&then) {
        earlier.entry(group).or_insert(*at);
    }
    let mut out: BTreeMap<String, usize> = BTreeMap::new();
    for ((story, _), group) in now.iter().zip(&groups) {
        if let Some(at) = earlier.get(group.as_str()) {
            let held = out.entry((*story).to_owned()).or_insert(*at);
            *held = (*held).min(*at);
        }
    }
    out
}

/// What of an earlier entry is compared: its articles, else its own prose.
struct Text<'a> {
    title: &'a str,
    text: &'a str,
    published: Option<Moment>,
}

impl<'a> Text<'a> {
    fn all(carried: &'a Carried) -> Vec<Self> {
        let of = |a: &'a Article| Self {
            title: &a.title,
            text: a.document.text(),
            published: a.published,
        };
        let mut out: Vec<Self> = carried.articles.iter().take(FEEDING).map(of).collect();
        let entry = &carried.entry;
        if out.is_empty() && !entry.text.is_empty() {
            let published = Moment::parse(&entry.date).or_else(|| Moment::parse(&carried.day));
            out.push(Self { title: &entry.title, text: &entry.text, published });
        }
        out
    }
}

fn item<'a>(
    id: &'a str,
    title: &'a str,
    text: &'a str,
    published: Option<Moment>,
) -> cluster::Item<'a> {
    cluster::Item { id, title, text, published, url: "", links: &[] }
}
