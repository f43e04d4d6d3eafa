//! The room of an issue: how many stories get an entry, in all, in a section and from a source.
//!
//! Stories ask in their order; one that finds no room is passed over and the next may still find
//! some. What is full is said with a reason of a closed list.

use std::collections::BTreeMap;

use super::{Options, Story};

/// Why a story got no place. A closed list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoRoom {
    /// The issue has all its entries.
    Issue,
    /// Its section has as many as `max_entries` allows.
    Section,
    /// Each source that lists its leading article has as many as `max_entries` allows.
    Source,
}

impl NoRoom {
    /// The code for reports.
    pub fn code(self) -> &'static str {
        match self {
            Self::Issue => "no_room",
            Self::Section => "section_full",
            Self::Source => "source_full",
        }
    }

    /// The same for people; nothing where the code says all.
    pub fn words(self, story: &Story) -> String {
        match self {
            Self::Issue => String::new(),
            Self::Section => {
                format!("section `{}` has all entries that its max_entries allows", story.section)
            }
            Self::Source => format!(
                "source {} leads all entries that its max_entries allows",
                story.sources.join(", ")
            ),
        }
    }
}

/// What room is left. A key without a quota is not in the maps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Room {
    left: usize,
    sections: BTreeMap<String, usize>,
    sources: BTreeMap<String, usize>,
}

impl Room {
    /// The room of an empty issue.
    pub fn new(options: &Options) -> Self {
        let of_section = |s: &super::Section| s.max_entries.map(|most| (s.id.clone(), most));
        Self {
            left: options.entries,
            sections: options.sections.iter().filter_map(of_section).collect(),
            sources: options.source_quotas.clone(),
        }
    }

    /// The most room that there can be where the sections of stories are not known yet: as many
    /// as all sections together allow, and no more from a source than its quota.
    pub fn of_any_section(options: &Options) -> Self {
        let quotas: Option<Vec<usize>> = options.sections.iter().map(|s| s.max_entries).collect();
        let all = quotas.filter(|q| !q.is_empty()).map(|q| q.into_iter().sum());
        let left = all.map_or(options.entries, |all: usize| all.min(options.entries));
        Self { left, sections: BTreeMap::new(), sources: options.source_quotas.clone() }
    }

    /// Whether `story` finds room.
    ///
    /// # Errors
    /// What is full.
    pub fn check(&self, story: &Story) -> Result<(), NoRoom> {
        if self.left == 0 {
            return Err(NoRoom::Issue);
        }
        if self.sections.get(&story.section) == Some(&0) {
            return Err(NoRoom::Section);
        }
        let full = |name: &String| self.sources.get(name) == Some(&0);
        if !story.sources.is_empty() && story.sources.iter().all(full) {
            return Err(NoRoom::Source);
        }
        Ok(())
    }

    /// Gives `story` a place. It counts for its section, and for the first of its leading article's
    /// sources that has room.
    pub fn take(&mut self, story: &Story) {
        self.left = self.left.saturating_sub(1);
        if let Some(left) = self.sections.get_mut(&story.section) {
            *left = left.saturating_sub(1);
        }
        let full = |name: &&String| self.sources.get(*name) == Some(&0);
        let counted = story.sources.iter().find(|name| !full(name)).cloned();
        if let Some(left) = counted.and_then(|name| self.sources.get_mut(&name)) {
            *left = left.saturating_sub(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::select::rank::{Parts, SourceLink};
    use crate::select::rules::Merit;
    use crate::select::{DecidedBy, Section};
    use crate::text::Language;

    fn story(section: &str, sources: &[&str]) -> Story {
        Story {
            id: "s".into(),
            title: "T".into(),
            members: Vec::new(),
            link: SourceLink { url: "https://a.example/1".into(), candidate: None },
            outlets: 1,
            section: section.into(),
            label: String::new(),
            score: 3.0,
            parts: Parts {
                merit: Merit::Topic(3.0),
                authority: 3.0,
                length: 3.0,
                heat: 1.0,
                spread: 1.0,
            },
            decided_by: DecidedBy::Rule,
            published: None,
            late: false,
            undated: false,
            continues: None,
            bonds: Vec::new(),
            primary: None,
            sources: sources.iter().map(|s| (*s).to_owned()).collect(),
        }
    }

    fn room() -> Room {
        let section =
            |id: &str, most| Section { id: id.into(), max_entries: most, ..Section::default() };
        Room::new(&Options {
            entries: 3,
            sections: vec![section("a", Some(1)), section("b", None)],
            source_quotas: BTreeMap::from([("one".into(), 1)]),
            ..Options::new(Language("en".into()))
        })
    }

    #[test]
    fn what_is_full_is_said() {
        let mut room = room();
        room.take(&story("a", &["two"]));
        assert_eq!(room.check(&story("a", &["two"])), Err(NoRoom::Section));
        room.take(&story("b", &["one"]));
        assert_eq!(room.check(&story("b", &["one"])), Err(NoRoom::Source));
        assert_eq!(room.check(&story("b", &["one", "two"])), Ok(()));
        room.take(&story("b", &["one", "two"]));
        assert_eq!(room.check(&story("b", &["two"])), Err(NoRoom::Issue));
    }

    #[test]
    fn where_sections_are_not_known_all_of_them_together_bound_the_issue() {
        let section = |most| Section { max_entries: most, ..Section::default() };
        let options = |sections| Options {
            entries: 10,
            sections,
            source_quotas: BTreeMap::from([("one".into(), 1)]),
            ..Options::new(Language("en".into()))
        };
        let left = |sections| Room::of_any_section(&options(sections)).left;
        assert_eq!(left(vec![section(Some(2)), section(Some(3))]), 5);
        assert_eq!(left(vec![section(Some(20))]), 10);
        assert_eq!(left(vec![section(Some(2)), section(None)]), 10);
        assert_eq!(left(Vec::new()), 10);
        let mut room = Room::of_any_section(&options(vec![section(Some(2)), section(Some(3))]));
        room.take(&story("a", &["one"]));
        assert_eq!(room.check(&story("b", &["one"])), Err(NoRoom::Source));
    }

    #[test]
    fn a_story_of_two_sources_counts_for_the_one_that_has_room() {
        let mut room = room();
        room.take(&story("b", &["two", "one"]));
        assert_eq!(room.check(&story("b", &["one"])), Ok(()));
    }
}
