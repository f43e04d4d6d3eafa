//! Story → Entry (+ Findings): the writers, their fallbacks, and the checks.

use std::collections::BTreeMap;

use futures_util::StreamExt;
use futures_util::stream;

use super::checking::{check, complaints};
use super::choose::{Chosen, Scope};
use super::decisions::How;
use super::gather::Gathered;
use super::places::{Place, Placed, places, shared_out};
use super::{Event, Phase, Run, RunError, judging};
use crate::config::Config;
use crate::extract::Article;
use crate::model::{Model, Reason};
use crate::select::Story;
use crate::select::quota::{NoRoom, Room};
use crate::select::rules::Judgement;
use crate::summarize::{Entry, extractive, highlights, model as writer};
use crate::text::language;
use crate::verify::{Finding, Origin};

/// How many stories are written at one time; the model's door limits the calls.
pub(super) const AT_ONCE: usize = 8;

/// What became of a story that had a place in the issue.
pub(super) enum Fate {
    /// An entry.
    Entry(Box<Entry>),
    /// It is in another language and waits for a model.
    NeedsModel(String),
    /// There was no room for it.
    BelowCut(NoRoom),
    /// The editor took it out.
    Excluded(How),
    /// The budget ended before its turn.
    Pending(String),
    /// It could not be written: a reason of the writer, and what happened.
    Failed(String, String),
}

/// A story and what became of it.
pub(super) struct WrittenStory {
    /// The story.
    pub(super) story: Story,
    /// What became of it.
    pub(super) fate: Fate,
    /// What does not hold up in title, headline, headings and leads.
    pub(super) findings: Vec<Finding>,
    /// The editor asked for it.
    asked: bool,
}

impl WrittenStory {
    fn new(story: Story, fate: Fate) -> Self {
        Self { story, fate, findings: Vec::new(), asked: false }
    }
}

/// All stories, best first, with what became of them.
pub(super) struct Written {
    /// The stories.
    pub(super) stories: Vec<WrittenStory>,
    /// What a person must act on.
    pub(super) gaps: Vec<String>,
    /// What an editor should know, without having to act on it.
    pub(super) notes: Vec<String>,
    /// The budget ended before the last entry.
    pub(super) budget_reached: bool,
    /// What the triage said, by candidate.
    pub(super) judged: BTreeMap<String, Judgement>,
}

impl Written {
    /// Whether any story got an entry.
    pub(super) fn has_entries(&self) -> bool {
        self.stories.iter().any(|w| matches!(w.fate, Fate::Entry(_)))
    }
}

/// Writes the entries of the best stories.
pub(super) async fn write(
    run: &Run<'_>,
    gathered: &Gathered,
    chosen: Chosen,
    scope: Scope<'_>,
) -> Result<Written, RunError> {
    let mut written = Written {
        stories: Vec::new(),
        gaps: chosen.gaps,
        notes: chosen.notes.into_iter().chain(gathered.linked.notes(&chosen.stories)).collect(),
        budget_reached: chosen.budget_reached,
        judged: chosen.judged,
    };
    let places = places(&gathered.decisions, scope, chosen.stories);
    match run.model {
        None => by_extraction(run, gathered, places, &mut written),
        Some(model) => by_model(run, model, gathered, places, &mut written).await?,
    }
    for WrittenStory { story, fate, findings, .. } in &mut written.stories {
        if let Fate::Entry(entry) = fate {
            *findings = check(run, &feeding(gathered, story), entry);
        }
    }
    if let Some(model) = run.model.filter(|m| m.has_judge()) {
        judging::judge(run, model, gathered, &mut written).await;
    }
    Ok(written)
}

/// The articles that an entry is written from, the lead first.
pub(super) fn feeding<'a>(gathered: &'a Gathered, story: &Story) -> Vec<&'a Article> {
    story.feeding().into_iter().filter_map(|id| gathered.article(id)).collect()
}

/// Writes without a model. A story in another language takes no place of the issue.
fn by_extraction(
    run: &Run<'_>,
    gathered: &Gathered,
    stories: Vec<(Story, Place)>,
    written: &mut Written,
) {
    let mut room = Room::new(&run.config.select);
    run.events.on(Event::Begin(Phase::Write, run.config.select.entries.min(stories.len())));
    for (story, place) in stories {
        let full = if place == Place::Ranked { room.check(&story).err() } else { None };
        let fate = if let Place::Out(how) = place {
            room.take(&story);
            Fate::Excluded(how)
        } else if let Some(language) = foreign(run, gathered, &story) {
            Fate::NeedsModel(language)
        } else if let Place::None = place {
            Fate::BelowCut(NoRoom::Issue)
        } else if let Some(full) = full {
            Fate::BelowCut(full)
        } else {
            run.events.on(Event::Start(Phase::Write, &story.title));
            let fate = match extract_entry(run, gathered, &story) {
                Ok(entry) => {
                    if place == Place::Ranked {
                        room.take(&story);
                    }
                    Fate::Entry(Box::new(entry))
                }
                Err(gap) => Fate::Failed("too_little_text".into(), gap),
            };
            run.events.on(Event::End(Phase::Write, &story.title, None));
            fate
        };
        written.stories.push(WrittenStory::new(story, fate));
    }
    run.events.on(Event::Close(Phase::Write));
}

/// The language of a story's lead where it is not the edition's.
pub(super) fn foreign(run: &Run<'_>, gathered: &Gathered, story: &Story) -> Option<String> {
    let lead = feeding(gathered, story).into_iter().next()?;
    let own = lead.language.clone().or_else(|| language::detect(lead.document.text()))?;
    (!own.same_as(run.config.language())).then(|| own.primary())
}

fn extract_entry(run: &Run<'_>, gathered: &Gathered, story: &Story) -> Result<Entry, String> {
    let lead = feeding(gathered, story).into_iter().next();
    let lead = lead.ok_or_else(|| "the story has no readable article".to_owned())?;
    extractive::write(&story.id, lead, run.config.language(), &extractive::Options::default())
        .map_err(|gap| gap.to_string())
}

async fn by_model(
    run: &Run<'_>,
    model: &Model,
    gathered: &Gathered,
    places: Vec<(Story, Place)>,
    written: &mut Written,
) -> Result<(), RunError> {
    let placed = shared_out(&run.config.select, places);
    let open = placed.iter().filter(|p| p.fate.is_none());
    run.events.on(Event::Begin(Phase::Write, open.clone().count()));
    let calls = open.map(|Placed { story, .. }| async move {
        run.events.on(Event::Start(Phase::Write, &story.title));
        let answer = write_one(run, model, gathered, story).await;
        let wrong = answer.as_ref().err().map(|gap| gap.detail.clone());
        run.events.on(Event::End(Phase::Write, &story.title, wrong.as_deref()));
        answer
    });
    let answers: Vec<_> = stream::iter(calls).buffered(AT_ONCE).collect().await;
    run.events.on(Event::Close(Phase::Write));
    let mut answers = answers.into_iter();
    for Placed { story, fate, asked } in placed {
        let fate = match fate {
            Some(fate) => fate,
            None => match answers.next() {
                Some(Ok(answer)) => {
                    note_losses(&story, &answer, written);
                    Fate::Entry(Box::new(answer.entry))
                }
                Some(Err(gap)) => without_answer(run, gathered, &story, gap, written)?,
                None => return Err(RunError::Internal(format!("{} was not written", story.id))),
            },
        };
        written.stories.push(WrittenStory { asked, ..WrittenStory::new(story, fate) });
    }
    write_highlights(run, model, written).await
}

/// The entry of one story by the model; what does not hold up goes back to it.
pub(super) async fn write_one(
    run: &Run<'_>,
    model: &Model,
    gathered: &Gathered,
    story: &Story,
) -> Result<writer::Written, writer::Gap> {
    let articles = feeding(gathered, story);
    let inspect = |entry: &mut Entry| complaints(&check(run, &articles, entry), entry);
    let earlier = story.continues.as_ref().map(|c| writer::Earlier {
        day: &c.day,
        title: &c.title,
        summary: &c.summary,
    });
    let (told, edition) = (earlier.as_ref(), edition(run.config));
    writer::write(model, run.prompts, story, &articles, &edition, told, &inspect).await
}

/// What the writers must know of the edition.
pub(super) fn edition(config: &Config) -> writer::Edition<'_> {
    writer::Edition {
        title: &config.edition.title,
        about: &config.select.about,
        language: &config.edition.language,
    }
}

/// An article of which not all was read is said aloud; so is what an answer lost on the way.
fn note_losses(story: &Story, answer: &writer::Written, written: &mut Written) {
    for cut in &answer.cut {
        written.gaps.push(format!(
            "“{}”: the model read {} of {} sentences of article {}; set [model] context to what it \
             can read",
            story.title, cut.read, cut.of, cut.article
        ));
    }
    for long in &answer.in_parts {
        written.notes.push(format!(
            "“{}”: article {} was read in {} parts; {} of its {} sentences matter, and the entry \
             was written from {}",
            story.title, long.article, long.parts, long.named, long.of, long.shown
        ));
    }
    for dropped in &answer.dropped {
        let note = format!("“{}”: left out “{}”: {}", story.title, dropped.text, dropped.why);
        written.notes.push(note);
    }
    for warning in &answer.warnings {
        written.notes.push(format!("“{}”: {warning}", story.title));
    }
}

/// A story without an answer becomes an extractive entry in the edition's language, or a gap.
fn without_answer(
    run: &Run<'_>,
    gathered: &Gathered,
    story: &Story,
    gap: writer::Gap,
    written: &mut Written,
) -> Result<Fate, RunError> {
    if let Some(failure) = &gap.failure {
        if failure.is_fatal() {
            return Err(RunError::Model(failure.clone()));
        }
        if failure.reason == Reason::Budget {
            written.budget_reached = true;
            return Ok(Fate::Pending(gap.detail));
        }
    }
    let entry = match foreign(run, gathered, story) {
        None => extract_entry(run, gathered, story),
        Some(language) => Err(format!("the article is in `{language}`")),
    };
    match entry {
        Ok(entry) => {
            written.gaps.push(format!(
                "“{}” is extractive, since the model gave no entry: {}",
                story.title, gap.detail
            ));
            Ok(Fate::Entry(Box::new(entry)))
        }
        Err(why) => {
            written
                .gaps
                .push(format!("“{}” could not be written: {}; {why}", story.title, gap.detail));
            Ok(Fate::Failed(gap.reason, gap.detail))
        }
    }
}

/// One call for the highlights of all entries that the model wrote; one for each that the editor
/// asked for, so that the others' stay as they are.
async fn write_highlights(
    run: &Run<'_>,
    model: &Model,
    written: &mut Written,
) -> Result<(), RunError> {
    let by_model = |w: &WrittenStory| match &w.fate {
        Fate::Entry(entry) if entry.writer == Origin::Model => Some((**entry).clone()),
        _ => None,
    };
    let (asked, ranked): (Vec<_>, Vec<_>) =
        written.stories.iter().filter_map(|w| Some((w.asked, by_model(w)?))).partition(|e| e.0);
    let alone = asked.into_iter().map(|e| vec![e]);
    let groups = std::iter::once(ranked).chain(alone).filter(|g| !g.is_empty());
    for group in groups.collect::<Vec<_>>() {
        let entries: Vec<&Entry> = group.iter().map(|(_, entry)| entry).collect();
        let mut lines = highlights::write(model, run.prompts, &edition(run.config), &entries).await;
        for WrittenStory { story, fate, .. } in &mut written.stories {
            let Fate::Entry(entry) = fate else { continue };
            match lines.remove(&entry.story) {
                None => {}
                Some(Ok(highlight)) => entry.highlight = Some(highlight),
                Some(Err(missing)) => {
                    if let Some(failure) = missing.failure.filter(|f| f.is_fatal()) {
                        return Err(RunError::Model(failure));
                    }
                    let gap = format!("“{}” has no highlight: {}", story.title, missing.detail);
                    written.gaps.push(gap);
                }
            }
        }
    }
    Ok(())
}
