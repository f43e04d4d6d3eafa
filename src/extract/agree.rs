//! What two readings of one page have in common, word by word.

use super::blocks::Piece;
use super::{general, links};
use crate::text::BlockKind;

/// Where the other reading has less than this share of the words, it failed on the page.
const TRUST: f64 = 0.6;
/// A block is confirmed when this share of its word groups stands in the other text.
const CONFIRMED: f64 = 0.5;
/// So many words make a group.
const GROUP: usize = 4;

/// The blocks that the other reading has too. Prose in the middle that it lacks stays, as do the
/// short lines (headings, items of a list) between two confirmed blocks. All of them come back as
/// an error where the other reading has too little to be trusted.
pub(crate) fn confirm(found: Vec<Piece>, other: &[Piece]) -> Result<Vec<Piece>, Vec<Piece>> {
    let other = Text::of(other);
    let mut agreed = 0usize;
    let mut total = 0usize;
    let confirmed: Vec<bool> = found
        .iter()
        .map(|piece| {
            let words = words(&piece.text);
            total += words.len();
            let yes = other.has(&words);
            agreed += if yes { words.len() } else { 0 };
            yes
        })
        .collect();
    if (agreed as f64) < TRUST * total as f64 {
        return Err(found);
    }
    let first = confirmed.iter().position(|c| *c).unwrap_or(0);
    let last = confirmed.iter().rposition(|c| *c).unwrap_or(0);
    let kept = found
        .into_iter()
        .enumerate()
        .filter(|(i, piece)| {
            let within = *i + 1 >= first && *i <= last + 1;
            let structured = matches!(piece.kind, BlockKind::Code | BlockKind::TableRow);
            // One paragraph past the last may still say where paper and code are.
            let work = || {
                *i <= last + 2
                    && piece.link_share() < 0.8
                    && piece.links.iter().any(|(href, _)| links::leads_to_work(href))
            };
            confirmed[*i] || (within && (structured || general::is_prose(piece))) || work()
        })
        .map(|(_, piece)| piece)
        .collect();
    Ok(kept)
}

/// A text as its words and their groups, by their hashes.
struct Text {
    words: Vec<u64>,
    /// Sorted.
    groups: Vec<u64>,
}

impl Text {
    fn of(pieces: &[Piece]) -> Self {
        let (mut all, mut groups) = (Vec::new(), Vec::new());
        for piece in pieces {
            let words = words(&piece.text);
            groups.extend(words.windows(GROUP).map(group));
            all.extend(words);
        }
        groups.sort_unstable();
        Self { words: all, groups }
    }

    /// Whether these words stand here: most of their groups, or all in a row where they are few.
    fn has(&self, words: &[u64]) -> bool {
        if words.len() < GROUP {
            return !words.is_empty() && self.words.windows(words.len()).any(|w| w == words);
        }
        let mut own: Vec<u64> = words.windows(GROUP).map(group).collect();
        own.sort_unstable();
        own.dedup();
        let shared = own.iter().filter(|g| self.groups.binary_search(g).is_ok()).count();
        shared as f64 >= CONFIRMED * own.len() as f64
    }
}

/// The hashes of the words of a text in lower case; each Chinese, Japanese or Korean character is
/// a word.
fn words(text: &str) -> Vec<u64> {
    let mut out = Vec::with_capacity(text.len() / 5);
    each_word(text, |hash| out.push(hash));
    out
}

/// How many words a text has.
pub(crate) fn count_words(text: &str) -> usize {
    let mut count = 0;
    each_word(text, |_| count += 1);
    count
}

fn each_word(text: &str, mut take: impl FnMut(u64)) {
    let mut hash = EMPTY;
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            hash = mix(hash, u64::from(c.to_ascii_lowercase()));
            continue;
        }
        let wide = !c.is_ascii()
            && matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}');
        if !c.is_ascii() && !wide && c.is_alphanumeric() {
            hash = c.to_lowercase().fold(hash, |hash, c| mix(hash, u64::from(c)));
            continue;
        }
        if hash != EMPTY {
            take(hash);
            hash = EMPTY;
        }
        if wide {
            take(mix(EMPTY, u64::from(c)));
        }
    }
    if hash != EMPTY {
        take(hash);
    }
}

/// The offset basis of FNV-1a: the hash of nothing.
const EMPTY: u64 = 0xcbf2_9ce4_8422_2325;

/// One step of FNV-1a, over a character instead of a byte.
fn mix(hash: u64, value: u64) -> u64 {
    (hash ^ value).wrapping_mul(0x0000_0100_0000_01b3)
}

fn group(words: &[u64]) -> u64 {
    words.iter().fold(EMPTY, |hash, word| mix(hash.rotate_left(29), *word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_apart() {
        assert_eq!(words("GPT-4 模型"), words("gpt 4，模 型"));
        assert_eq!(words("Éa b"), words("éa, B."));
        assert_eq!((count_words("It's 3 words — 四个"), count_words(" … ")), (6, 0));
        assert_ne!(words("ab c"), words("a bc"));
        assert_ne!(group(&words("a b c d")), group(&words("b a c d")));
    }

    fn piece(text: &str) -> Piece {
        Piece {
            kind: BlockKind::Paragraph,
            text: text.to_owned(),
            links: Vec::new(),
            caption: false,
        }
    }

    #[test]
    fn what_both_have_stays() {
        let first = piece("The laboratory said on Saturday that its model had passed every test.");
        let last = piece("It will be published in the spring, the laboratory said in a statement.");
        let more = piece("More from the Beacon");
        let found = vec![more.clone(), piece("Models"), first.clone(), last.clone(), more];
        let other = [first.clone(), last.clone()];
        let kept = confirm(found.clone(), &other).unwrap();
        assert_eq!(kept, [first, last]);
        assert_eq!(confirm(found.clone(), &[piece("Something else.")]), Err(found));
    }
}
