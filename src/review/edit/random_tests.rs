//! Two tabs and an editor's own program on one file, in random order: no update is lost.

use super::tests::{at, draft, plain, replaceable};
use super::*;

/// Numbers from a seed (xorshift64*).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % sides
    }
}

/// What was accepted, in order: the text that came, and what was known to go.
#[derive(Default)]
struct History {
    accepted: Vec<(String, String)>,
    conflicts: usize,
}

impl History {
    /// Every text that was accepted stands in the file, or went knowingly.
    fn check(&self, file: &str, seed: u64) {
        for (n, (came, _)) in self.accepted.iter().enumerate().filter(|(_, a)| !a.0.is_empty()) {
            let known = self.accepted[n + 1..].iter().any(|(_, gone)| gone.contains(came));
            assert!(file.contains(came) || known, "seed {seed}: {came} is lost in\n{file}");
        }
    }
}

/// What a tab does to what it saw.
fn tab_edit(dice: &mut Dice, seen: &str, token: &str) -> Option<(Edit, String, String)> {
    let all = pieces(seen).unwrap();
    let entries: Vec<&Piece> = all.iter().filter(|p| p.at.field == Field::Entry).collect();
    match dice.roll(10) {
        0..=5 => {
            let plain = plain(&all);
            let piece = &plain[dice.roll(plain.len())];
            let text = if matches!(piece.at.field, Field::Sentence { .. }) {
                format!("{token}。")
            } else {
                token.to_owned()
            };
            let edit = Edit::Replace { at: piece.at.clone(), base: piece.text.clone(), text };
            Some((edit, token.to_owned(), piece.text.clone()))
        }
        6..=7 => {
            let piece = &all[dice.roll(all.len())];
            let edit = drop_of(&all, &piece.at)?;
            let Edit::Drop { base, .. } = &edit else { return None };
            let base = base.clone();
            Some((edit, String::new(), base))
        }
        8 => {
            let entry = entries.get(dice.roll(entries.len().max(1)))?;
            let key = entry.at.entry.clone()?;
            let base = entry.text.clone();
            let edit = Edit::Delete { entry: key, base: base.clone(), highlight: None };
            Some((edit, String::new(), base))
        }
        _ => {
            let page = page::Page::read(seen).unwrap();
            let n = dice.roll(page.keys.len().max(1));
            let key = page.keys.get(n)?.clone();
            let from = entry::spot_of(&page, n);
            let sections = &page.parsed.issue.sections;
            let section = sections[dice.roll(sections.len())].title.clone();
            Some((
                Edit::Move { entry: key, from, to: Spot { section, after: None } },
                String::new(),
                String::new(),
            ))
        }
    }
}

/// The editor's own program writes over one text of the file as it stands.
fn outside_edit(dice: &mut Dice, file: &str, token: &str) -> Option<(String, String)> {
    let places = crate::format::locate(file).unwrap().1;
    let plain = replaceable(file);
    let wanted = &plain[dice.roll(plain.len())];
    let keys = page::Page::read(file).unwrap().keys;
    let place = places.iter().find(|f| {
        at(f.entry.map(|n| keys[n].as_str()), f.field) == wanted.at && !f.bytes.is_empty()
    })?;
    let mut out = file.to_owned();
    let gone = out[place.bytes.clone()].to_owned();
    out.replace_range(place.bytes.clone(), &format!("{token}。"));
    Some((out, gone))
}

fn play(seed: u64) -> History {
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let mut file = draft(if dice.roll(2) == 0 { "\n" } else { "\r\n" });
    let mut tabs = [file.clone(), file.clone()];
    let mut history = History::default();
    for step in 0..9 {
        let token = format!("甲{seed}乙{step}丙");
        let actor = dice.roll(3);
        if actor == 2 {
            if let Some((next, gone)) = outside_edit(&mut dice, &file, &token) {
                file = next;
                history.accepted.push((token, gone));
            }
            continue;
        }
        if dice.roll(4) == 0 {
            tabs[actor].clone_from(&file);
            continue;
        }
        let Some((edit, came, gone)) = tab_edit(&mut dice, &tabs[actor], &token) else { continue };
        match apply(&file, &edit) {
            Ok(next) => {
                file = next;
                tabs[actor].clone_from(&file);
                history.accepted.push((came, gone));
            }
            Err(EditError::Conflict(conflict)) => {
                history.conflicts += 1;
                if let Edit::Replace { base, text, .. } = &edit {
                    assert_eq!((&conflict.base, conflict.mine.as_ref()), (base, Some(text)));
                    assert_ne!(conflict.theirs.as_ref(), Some(base), "seed {seed}");
                }
                tabs[actor].clone_from(&file);
            }
            Err(EditError::Refused { .. }) => {}
            Err(other) => panic!("seed {seed}: {other:?} in\n{file}"),
        }
    }
    history.check(&file, seed);
    history
}

#[test]
fn a_thousand_random_interleavings_lose_no_update() {
    let (mut accepted, mut conflicts) = (0, 0);
    for seed in 1..=1000 {
        let history = play(seed);
        accepted += history.accepted.len();
        conflicts += history.conflicts;
    }
    assert!(accepted > 3000 && conflicts > 300, "{accepted} accepted, {conflicts} conflicts");
}
