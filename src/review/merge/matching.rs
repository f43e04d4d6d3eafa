//! Which entry of one version is which of another: by any URL of its story, then by its exact
//! title, then by likeness of text.

use std::collections::BTreeSet;

use super::{Candidates, Decided, Machine, Pairs, Sides};
use crate::collect::canonical::canonical;
use crate::compose::IssueEntry;
use crate::format::Parsed;
use crate::text::hash::short_id;
use crate::text::similarity::{Term, jaccard, shingles, units};

/// How alike two entries without a common URL or title are at least, to be one: the Jaccard index
/// of their three-word shingles. A rewritten sentence or two leave more; two reports of different
/// events share next to nothing.
const ALIKE: f64 = 0.4;

/// An entry of one version, as far as it is needed to know it again.
pub(super) struct Seen {
    /// `entry 2.1`.
    pub(super) anchor: String,
    /// The index of its section among the version's sections, the one for new entries included.
    pub(super) section: usize,
    /// The title.
    pub(super) title: String,
    /// Its story, where the program wrote the version.
    pub(super) story: Option<String>,
    /// Ids of its candidates, of its source link at least.
    ids: BTreeSet<String>,
    /// What its claims say.
    text: String,
}

impl Seen {
    /// Whether one of its candidates is among `ids`.
    pub(super) fn has_any(&self, ids: &BTreeSet<String>) -> bool {
        !self.ids.is_disjoint(ids)
    }
}

/// The entries of a version in the order of its text.
pub(super) fn seen(parsed: &Parsed, machine: Option<&Machine<'_>>) -> Vec<Seen> {
    let mut out = Vec::new();
    let mut number = 0;
    for (s, section) in parsed.issue.sections.iter().enumerate() {
        number += usize::from(!section.waiting);
        let prefix = if section.waiting { "new".to_owned() } else { number.to_string() };
        for (e, entry) in section.entries.iter().enumerate() {
            let story =
                machine.and_then(|m| m.issue.sections.get(s)?.entries.get(e)?.story.clone());
            let mut ids = link_id(entry);
            if let (Some(machine), Some(story)) = (machine, &story) {
                ids.extend(machine.stories.get(story).into_iter().flatten().cloned());
            }
            out.push(Seen {
                anchor: format!("entry {prefix}.{}", e + 1),
                section: s,
                title: entry.title.clone(),
                story,
                ids,
                text: text_of(entry),
            });
        }
    }
    out
}

/// The id that an entry's source link would have as a candidate.
fn link_id(entry: &IssueEntry) -> BTreeSet<String> {
    canonical(&entry.link.url).map(|url| short_id(&url)).into_iter().collect()
}

fn text_of(entry: &IssueEntry) -> String {
    let details = entry.key_points.iter().flat_map(|p| &p.details).map(|d| &d.claim);
    entry.summary.iter().chain(details).map(|c| c.text.as_str()).collect::<Vec<_>>().join(" ")
}

fn shingles_of(text: &str) -> Vec<Term> {
    let units = units(text);
    if units.is_empty() { Vec::new() } else { shingles(&units, 3) }
}

/// For each of `a` the index of its like in `b`; none twice. Likeness of text serves only where an
/// editor may have changed link and title: two versions of the program's own know their candidates,
/// and yesterday's market report is as like today's as a text can be.
fn matched(a: &[&Seen], b: &[&Seen], by_text: bool) -> Vec<Option<usize>> {
    let mut of_a: Vec<Option<usize>> = vec![None; a.len()];
    let mut taken = vec![false; b.len()];
    let mut pass = |same: &dyn Fn(&Seen, &Seen) -> bool, of_a: &mut Vec<Option<usize>>| {
        for (i, x) in a.iter().enumerate().filter(|(i, _)| of_a[*i].is_none()).collect::<Vec<_>>() {
            let found = (0..b.len()).find(|j| !taken[*j] && same(x, b[*j]));
            if let Some(j) = found {
                taken[j] = true;
                of_a[i] = Some(j);
            }
        }
    };
    pass(&|x, y| !x.ids.is_disjoint(&y.ids), &mut of_a);
    pass(&|x, y| x.title == y.title, &mut of_a);
    if !by_text {
        return of_a;
    }
    let mut alike: Vec<(f64, usize, usize)> = Vec::new();
    let left: Vec<(usize, Vec<Term>)> =
        (0..b.len()).filter(|j| !taken[*j]).map(|j| (j, shingles_of(&b[j].text))).collect();
    for i in (0..a.len()).filter(|i| of_a[*i].is_none() && !left.is_empty()) {
        let own = shingles_of(&a[i].text);
        for (j, other) in &left {
            let (j, likeness) = (*j, jaccard(&own, other));
            if likeness >= ALIKE {
                alike.push((likeness, i, j));
            }
        }
    }
    alike.sort_by(|x, y| y.0.total_cmp(&x.0).then(x.1.cmp(&y.1)).then(x.2.cmp(&y.2)));
    for (_, i, j) in alike {
        if of_a[i].is_none() && !taken[j] {
            taken[j] = true;
            of_a[i] = Some(j);
        }
    }
    of_a
}

/// Pairs the entries of the three versions.
pub(super) fn pairs(sides: &Sides<'_>, decided: &Decided<'_>) -> Pairs {
    let file: Vec<&Seen> = sides.file.seen.iter().collect();
    let base: Vec<&Seen> = sides.base.seen.iter().collect();
    let new: Vec<&Seen> = sides.new.seen.iter().collect();
    let base_of_file = matched(&file, &base, true);
    let base_of_new = matched(&new, &base, false);
    // An entry of the file is the new one of the same base entry; what no base entry joins is
    // matched by itself.
    let mut new_of_file: Vec<Option<usize>> = base_of_file
        .iter()
        .map(|b| b.and_then(|b| base_of_new.iter().position(|n| *n == Some(b))))
        .collect();
    let taken: BTreeSet<usize> = new_of_file.iter().flatten().copied().collect();
    let left_file: Vec<usize> = (0..file.len()).filter(|i| new_of_file[*i].is_none()).collect();
    let left_new: Vec<usize> = (0..new.len()).filter(|i| !taken.contains(i)).collect();
    let a: Vec<&Seen> = left_file.iter().map(|i| file[*i]).collect();
    let b: Vec<&Seen> = left_new.iter().map(|i| new[*i]).collect();
    for (i, j) in matched(&a, &b, true).into_iter().enumerate() {
        new_of_file[left_file[i]] = j.map(|j| left_new[j]);
    }
    let in_file: BTreeSet<usize> = base_of_file.iter().flatten().copied().collect();
    let stays_out: Vec<bool> = new
        .iter()
        .enumerate()
        .map(|(n, seen)| {
            let deleted = base_of_new[n].is_some_and(|b| !in_file.contains(&b));
            deleted || is_removed(seen, decided.removed)
        })
        .collect();
    let back = decided
        .removed
        .iter()
        .filter(|(_, ids)| file.iter().any(|f| !f.ids.is_disjoint(ids)))
        .map(|(story, _)| story.clone())
        .collect();
    Pairs { base_of_file, new_of_file, stays_out, back }
}

fn is_removed(seen: &Seen, removed: &Candidates) -> bool {
    let by_story = seen.story.as_ref().is_some_and(|s| removed.contains_key(s));
    by_story || removed.values().any(|ids| !ids.is_disjoint(&seen.ids))
}

/// The indices of those `base` entries that are among `there`: the editor's, or a version of the
/// program's own.
pub(super) fn indices_among(there: &[Seen], base: &[Seen]) -> BTreeSet<usize> {
    let by_text = there.iter().all(|s| s.story.is_none());
    let there: Vec<&Seen> = there.iter().collect();
    let base: Vec<&Seen> = base.iter().collect();
    matched(&there, &base, by_text).into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(ids: &[&str], title: &str, text: &str) -> Seen {
        Seen {
            anchor: String::new(),
            section: 0,
            title: title.into(),
            story: None,
            ids: ids.iter().map(|i| (*i).to_owned()).collect(),
            text: text.into(),
        }
    }

    #[test]
    fn url_before_title_before_text() {
        let long = "the maker released a small model that runs on a phone without a network";
        let a = [
            one(&["1", "2"], "a", ""),
            one(&["9"], "b", ""),
            one(&["8"], "changed", &format!("today {long}")),
            one(&["7"], "own", "nothing like it anywhere in this file at all"),
        ];
        let b = [one(&["5"], "b", ""), one(&["2"], "x", ""), one(&["4"], "c", long)];
        let a: Vec<&Seen> = a.iter().collect();
        let b: Vec<&Seen> = b.iter().collect();
        assert_eq!(matched(&a, &b, true), [Some(1), Some(0), Some(2), None]);
    }
}
