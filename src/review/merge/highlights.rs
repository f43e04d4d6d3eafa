//! The lines of the highlights, each by itself.

use std::collections::BTreeSet;
use std::ops::Range;

use super::patch::Patches;
use super::{Conflict, Merged, Pairs, Side, Sides, Verdict, plain, verdict};
use crate::compose::Issue;
use crate::text::similarity::{jaccard, shingles, units};

/// How alike a changed line is to the one it was, at least: Jaccard index of its word pairs.
const ALIKE: f64 = 0.25;

/// A line of the highlights.
struct Item {
    bytes: Range<usize>,
    text: String,
    story: Option<String>,
}

/// Merges the highlights line by line.
pub(super) fn merge(
    sides: &Sides<'_>,
    base_issue: &Issue,
    new_issue: &Issue,
    pairs: &Pairs,
    patches: &mut Patches<'_>,
    merged: &mut Merged,
) {
    let base = items(&sides.base, Some(base_issue));
    let new = items(&sides.new, Some(new_issue));
    let file = items(&sides.file, None);
    if file.is_empty() {
        return whole(sides, &base, &new, patches);
    }
    let base_of_file = matched(&file, &base);
    let file_of = |b: usize| base_of_file.iter().position(|x| *x == Some(b));
    let stands = stories_in_file(sides, pairs);
    // What stands in the place of each line of the file: itself, another text, or several lines.
    let mut lines: Vec<Vec<String>> = file.iter().map(|f| vec![f.text.clone()]).collect();
    for (b, line) in base.iter().enumerate() {
        let Some(f) = file_of(b) else { continue };
        let counterpart = new.iter().find(|n| n.story.is_some() && n.story == line.story);
        let stays = line.story.as_ref().is_none_or(|s| stands.contains(s));
        match counterpart.filter(|_| stays) {
            // The line of an entry that the editor deleted is theirs to delete too.
            None => {}
            Some(n) => match verdict(&line.text, &file[f].text, &n.text) {
                Verdict::Keep => {}
                Verdict::Take => lines[f] = vec![n.text.clone()],
                Verdict::Conflict => merged.conflicts.push(Conflict {
                    entry: title_of(sides, line.story.as_deref()),
                    field: "highlight".to_owned(),
                    yours: file[f].text.clone(),
                    new: n.text.clone(),
                }),
            },
        }
    }
    let mut fresh_at_start = 0;
    for (n, line) in new.iter().enumerate() {
        let known = base.iter().any(|b| b.story.is_some() && b.story == line.story);
        let stays = line.story.as_ref().is_some_and(|s| stands.contains(s));
        if known || !stays || file.iter().any(|f| f.text == line.text) {
            continue;
        }
        let before = new[..n].iter().rev().find_map(|earlier| {
            let b = base.iter().position(|b| b.story.is_some() && b.story == earlier.story)?;
            file_of(b)
        });
        match before {
            Some(f) => lines[f].push(line.text.clone()),
            None => {
                lines[0].insert(fresh_at_start, line.text.clone());
                fresh_at_start += 1;
            }
        }
    }
    for (item, lines) in file.iter().zip(lines) {
        match lines.as_slice() {
            [same] if *same == item.text => {}
            lines => patches.replace(item.bytes.clone(), &lines.join("\n")),
        }
    }
}

/// Where the file has no highlights: an editor who took them out keeps it so; where there were
/// none before, the new ones come in.
fn whole(sides: &Sides<'_>, base: &[Item], new: &[Item], patches: &mut Patches<'_>) {
    if !base.is_empty() || new.is_empty() {
        return;
    }
    let text = ["highlights heading", "highlights", "highlights rule"]
        .iter()
        .filter_map(|anchor| sides.new.block(anchor))
        .collect::<Vec<_>>()
        .join("\n\n");
    if let Some(first) = sides.file.parsed.bytes_of("section 1 heading") {
        patches.insert_block(first.start, &text);
    }
}

/// The stories whose entries stand in the file, or are put into it.
fn stories_in_file(sides: &Sides<'_>, pairs: &Pairs) -> BTreeSet<String> {
    let base = sides.base.seen.iter().enumerate();
    let kept = base.filter(|(b, _)| pairs.file_of_base(*b).is_some()).map(|(_, s)| s);
    let new = sides.new.seen.iter().enumerate();
    let there = new
        .filter(|(n, _)| pairs.file_of_new(*n).is_some() || !pairs.stays_out[*n])
        .map(|(_, s)| s);
    kept.chain(there).filter_map(|s| s.story.clone()).collect()
}

fn title_of(sides: &Sides<'_>, story: Option<&str>) -> String {
    let seen = sides.base.seen.iter().find(|s| s.story.as_deref() == story);
    seen.map(|s| s.title.clone()).unwrap_or_default()
}

/// The bytes of the line of the file that speaks of `story`.
pub(super) fn line_of(
    file: &Side<'_>,
    base: &Side<'_>,
    base_issue: &Issue,
    story: Option<&str>,
) -> Option<Range<usize>> {
    let story = story?;
    let (lines, old) = (items(file, None), items(base, Some(base_issue)));
    let of_file = matched(&lines, &old);
    let at = of_file.iter().position(|b| b.is_some_and(|b| old[b].story.as_deref() == Some(story)));
    at.map(|at| lines[at].bytes.clone())
}

/// The lines of the list with what continues them. A machine's line has its story.
fn items(side: &Side<'_>, machine: Option<&Issue>) -> Vec<Item> {
    let Some(place) = side.parsed.places.iter().find(|p| p.anchor == "highlights") else {
        return Vec::new();
    };
    let mut items: Vec<Item> = Vec::new();
    let mut at = place.bytes.start;
    for line in side.text[place.bytes.clone()].split_inclusive('\n') {
        let bytes = at..at + line.trim_end_matches(['\n', '\r']).len();
        at += line.len();
        let bare = line.trim_start_matches(' ');
        let opens = line.len() - bare.len() < 2
            && (bare.starts_with("- ") || bare.starts_with("* ") || bare.starts_with("+ "));
        match items.last_mut() {
            Some(last) if !opens => {
                if !line.trim().is_empty() {
                    last.bytes.end = bytes.end;
                }
            }
            _ => items.push(Item { bytes, text: String::new(), story: None }),
        }
    }
    let stories = machine.map(|m| &m.highlights).filter(|h| h.len() == items.len());
    for (i, item) in items.iter_mut().enumerate() {
        item.text = plain(&side.text[item.bytes.clone()]);
        item.story = stories.and_then(|s| s[i].story.clone());
    }
    items
}

/// For each line of the file the line of `base` it is or was.
fn matched(file: &[Item], base: &[Item]) -> Vec<Option<usize>> {
    let mut of_file: Vec<Option<usize>> = vec![None; file.len()];
    let mut taken = vec![false; base.len()];
    for (i, line) in file.iter().enumerate() {
        let same = (0..base.len()).find(|j| !taken[*j] && base[*j].text == line.text);
        if let Some(j) = same {
            taken[j] = true;
            of_file[i] = Some(j);
        }
    }
    let terms = |text: &str| shingles(&units(text), 2);
    let mut alike: Vec<(f64, usize, usize)> = Vec::new();
    for i in (0..file.len()).filter(|i| of_file[*i].is_none()) {
        for j in (0..base.len()).filter(|j| !taken[*j]) {
            let likeness = jaccard(&terms(&file[i].text), &terms(&base[j].text));
            if likeness >= ALIKE {
                alike.push((likeness, i, j));
            }
        }
    }
    alike.sort_by(|x, y| y.0.total_cmp(&x.0).then(x.1.cmp(&y.1)).then(x.2.cmp(&y.2)));
    for (_, i, j) in alike {
        if of_file[i].is_none() && !taken[j] {
            taken[j] = true;
            of_file[i] = Some(j);
        }
    }
    of_file
}
