//! Which stories have a place in the issue: by rank as long as there is room, and by the editor's
//! word.

use super::Run;
use super::choose::Scope;
use super::decisions::{Decisions, How};
use super::gather::Gathered;
use super::write::Fate;
use crate::select::quota::{NoRoom, Room};
use crate::select::{Options, Story};

/// Whether a story has a place in the issue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// It ranks high enough, as long as there is room.
    Ranked,
    /// The editor asked for it.
    Asked,
    /// The editor took it out. Its place stays free: what comes next is offered, not forced.
    Out(How),
    /// It has none.
    None,
}

/// The place of each story, best first.
pub(super) fn places(
    decisions: &Decisions,
    scope: Scope<'_>,
    stories: Vec<Story>,
) -> Vec<(Story, Place)> {
    let place = |story: &Story| {
        let ids = || story.members.iter().map(|m| m.candidate.as_str());
        match scope {
            Scope::Only(wanted) if ids().any(|id| wanted.contains(id)) => Place::Asked,
            Scope::Only(_) => Place::None,
            Scope::All if ids().any(|id| decisions.included.contains_key(id)) => Place::Asked,
            Scope::All => decisions.how_removed(&story.id, ids()).map_or(Place::Ranked, Place::Out),
        }
    };
    stories.into_iter().map(|story| (place(&story), story)).map(|(p, s)| (s, p)).collect()
}

/// A story with its fate, where that is known before it is written.
pub(super) struct Placed {
    /// The story.
    pub(super) story: Story,
    /// Its fate; `None` is to be written.
    pub(super) fate: Option<Fate>,
    /// The editor asked for it.
    pub(super) asked: bool,
}

/// Gives the room of the issue to the best stories. What the editor took out keeps its place free;
/// what they asked for needs none.
pub(super) fn shared_out(options: &Options, places: Vec<(Story, Place)>) -> Vec<Placed> {
    let mut room = Room::new(options);
    let mut share = |(story, place): (Story, Place)| {
        let fate = match place {
            Place::Out(how) => Some(Fate::Excluded(how)),
            Place::None => Some(Fate::BelowCut(NoRoom::Issue)),
            Place::Ranked => room.check(&story).err().map(Fate::BelowCut),
            Place::Asked => None,
        };
        if matches!(place, Place::Out(_)) || (place == Place::Ranked && fate.is_none()) {
            room.take(&story);
        }
        Placed { story, fate, asked: place == Place::Asked }
    };
    places.into_iter().map(&mut share).collect()
}

/// Which of these stories, best first, a whole run writes.
pub(super) fn placed(run: &Run<'_>, gathered: &Gathered, stories: Vec<Story>) -> Vec<Placed> {
    shared_out(&run.config.select, places(&gathered.decisions, Scope::All, stories))
}
