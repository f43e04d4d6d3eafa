//! What of an article is compared: vectors of its words, and the anchors that rewording keeps.

use std::cmp::Ordering;

use crate::text::Moment;
use crate::text::anchors::{Anchors, anchors};
use crate::text::similarity::{self, Sparse, Term};
use crate::text::terms::Folded;

use super::Item;

/// How many characters of a text are read: news say what happened early, and a long review or a
/// live ticker would only thin out its vector.
const READ_ALPHABETIC: usize = 6000;
const READ_IDEOGRAPHS: usize = 2500;

/// How many characters of the text count as its lead.
const LEAD_ALPHABETIC: usize = 450;
const LEAD_IDEOGRAPHS: usize = 160;

/// How many units (words, ideographs) of a text are compared for repeated phrases, and how many
/// make a phrase.
const PHRASED: usize = 400;
const PHRASE: usize = 4;

/// What round-ups call themselves.
const ROUND_UPS: &[&str] = &[
    "早报",
    "晚报",
    "早知道",
    "速览",
    "盘点",
    "周报",
    "汇总",
    "合集",
    "要闻",
    "roundup",
    "round-up",
    "briefing",
    "newsletter",
    "things to know",
    "need to know",
    "week in",
    "daily deals",
    "gift guide",
];

/// One article made ready for comparison.
#[derive(Debug)]
pub(super) struct Profile<'a> {
    /// The candidate's id.
    pub(super) id: &'a str,
    /// Where it stood in the input.
    pub(super) position: usize,
    /// When it was published.
    pub(super) published: Option<Moment>,
    /// Whether it is written in ideographs.
    pub(super) ideographs: bool,
    /// Title and text.
    pub(super) body: Sparse,
    /// Title and the first sentences.
    pub(super) lead: Sparse,
    /// The title.
    pub(super) title: Sparse,
    /// What rewording keeps.
    pub(super) anchors: Anchors,
    /// Numbers and dates together, sorted.
    pub(super) figures: Vec<Term>,
    /// Shingles of its phrases without the numbers.
    pub(super) phrases: Vec<Term>,
    /// Whether its title says that it gathers many events.
    pub(super) round_up: bool,
    /// Its own URL.
    pub(super) url: Option<Term>,
    /// The URLs it links to, sorted.
    pub(super) links: Vec<Term>,
    /// The hash of title and text: the last word on order.
    content: Term,
}

impl<'a> Profile<'a> {
    pub(super) fn new(item: &Item<'a>, position: usize) -> Self {
        let ideographs = mostly_ideographs(item.title, item.text);
        let (read, lead) = if ideographs {
            (READ_IDEOGRAPHS, LEAD_IDEOGRAPHS)
        } else {
            (READ_ALPHABETIC, LEAD_ALPHABETIC)
        };
        let text = first_chars(item.text, read);
        let title = similarity::terms(item.title);
        let with_title = |n: usize| {
            let mut terms = title.clone();
            terms.extend(similarity::terms(first_chars(text, n)));
            Sparse::count(terms)
        };
        let mut links: Vec<Term> = item.links.iter().filter_map(|l| link(l)).collect();
        links.sort_unstable();
        links.dedup();
        let anchors = anchors(text);
        let mut figures = [anchors.numbers.as_slice(), anchors.dates.as_slice()].concat();
        figures.sort_unstable();
        Self {
            id: item.id,
            position,
            published: item.published,
            ideographs,
            body: with_title(read),
            lead: with_title(lead),
            title: Sparse::count(title),
            anchors,
            figures,
            phrases: phrases(text),
            round_up: is_round_up(item.title),
            url: link(item.url),
            links,
            content: similarity::hash(item.title.bytes().chain(item.text.bytes())),
        }
    }

    /// The order that ids and ties follow: earliest first, undated last, then by id, then by
    /// content (two items may carry one id).
    pub(super) fn order(&self, other: &Self) -> Ordering {
        let key = |p: &Self| (p.published.is_none(), p.published.map(|m| m.order_key()));
        key(self)
            .cmp(&key(other))
            .then_with(|| self.id.cmp(other.id))
            .then_with(|| self.content.cmp(&other.content))
    }
}

/// The first `n` characters, cut back to the last line or space so that no word is halved.
fn first_chars(text: &str, n: usize) -> &str {
    match text.char_indices().nth(n) {
        Some((at, _)) => &text[..at],
        None => text,
    }
}

fn phrases(text: &str) -> Vec<Term> {
    let wordy: String = text.chars().take(8 * PHRASED).filter(|c| !c.is_ascii_digit()).collect();
    let mut units = similarity::units(&wordy);
    units.truncate(PHRASED);
    similarity::shingles(&units, PHRASE)
}

/// What a list in a title counts: `the 40 best`, `10 things`.
const LISTED: &[&str] =
    &["best", "deals", "gifts", "reasons", "takeaways", "things", "tips", "ways"];

/// Whether a title names itself a round-up or a list, or strings three headlines together.
fn is_round_up(title: &str) -> bool {
    let folded = Folded::new(title);
    let headlines = title.matches([';', '；', '|', '｜']).count() + 1;
    headlines >= 3 || is_list(title) || ROUND_UPS.iter().any(|word| folded.count(word) > 0)
}

/// Whether a title counts what it lists: a number, then a word of [`LISTED`] within the next two.
fn is_list(title: &str) -> bool {
    let folded = similarity::folded(title);
    let words: Vec<&str> = folded.split_whitespace().collect();
    let listed = |w: &str| LISTED.contains(&w.trim_matches(|c: char| !c.is_alphabetic()));
    words.iter().enumerate().any(|(at, w)| {
        w.bytes().all(|b| b.is_ascii_digit()) && words[at + 1..].iter().take(2).any(|w| listed(w))
    })
}

fn mostly_ideographs(title: &str, text: &str) -> bool {
    let (mut ideographs, mut letters) = (0usize, 0usize);
    for c in title.chars().chain(text.chars().take(1000)) {
        if similarity::is_ideograph(c) {
            ideographs += 1;
        } else if c.is_alphabetic() {
            letters += 1;
        }
    }
    ideographs * 3 > letters
}

/// A URL without scheme, `www.`, query and fragment; `None` for a bare host, which says nothing.
fn link(url: &str) -> Option<Term> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.split(['?', '#']).next().unwrap_or("").trim_end_matches('/');
    let rest = rest.strip_prefix("www.").unwrap_or(rest);
    rest.contains('/').then(|| similarity::hash(rest.bytes().map(|b| b.to_ascii_lowercase())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_ups_and_lists_by_their_titles() {
        for title in
            ["The 40 best Winter Sale deals so far", "10 things in tech", "甲；乙；丙", "早报｜甲"]
        {
            assert!(is_round_up(title), "{title}");
        }
        for title in
            ["Fire kills 10 in the best-known tower", "8-year-old found", "2020 Sentra is best"]
        {
            assert!(!is_round_up(title), "{title}");
        }
    }
}
