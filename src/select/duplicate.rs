//! Which candidates are the same text: the same page, the same words, or a re-post of them.
//!
//! A report in other words of the same event is no duplicate but a member of its story
//! ([`super::cluster`]).

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::collect::Authority;
use crate::collect::canonical::is_expiring;
use crate::text::Moment;
use crate::text::anchors::anchors;
use crate::text::similarity::{self, Term};

/// The units (words, ideographs) that make a shingle. Seven in a row seldom meet by chance.
const SHINGLE: usize = 7;

/// The part of the shorter text that the longer one must hold. A re-post changes its byline,
/// its first words and its tail; a rewritten report keeps less than a third.
const CONTAINED: f64 = 0.8;

/// The shorter text must be at least this part of the longer one: a round-up that quotes a short
/// item whole is not that item.
const LENGTH: f64 = 0.6;

/// The part of its numbers that a re-post keeps: a daily report in the same words has others.
const FIGURES: f64 = 0.75;

/// A text of fewer units is too short to be known by its words.
const LEAST_UNITS: usize = 20;

/// How many of a text's shingles, the lowest by hash, find the texts to compare it with. Of two
/// texts that agree as far as is asked here, all of them miss once in many thousand cases.
const SKETCH: usize = 24;

/// What is compared.
#[derive(Clone, Copy, Debug)]
pub struct Item<'a> {
    /// The candidate's id.
    pub id: &'a str,
    /// The canonical URL; empty where there is none.
    pub canonical: &'a str,
    /// The article's text.
    pub text: &'a str,
    /// The highest authority among its sources.
    pub authority: Authority,
    /// When it was published.
    pub published: Option<Moment>,
}

/// How a duplicate was found. A closed list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Likeness {
    /// The same canonical URL.
    SameUrl,
    /// The same text.
    SameText,
    /// The same text with another byline, head or tail.
    Repost,
}

impl Likeness {
    /// The code for reports.
    pub fn code(self) -> &'static str {
        match self {
            Self::SameUrl => "same_url",
            Self::SameText => "same_text",
            Self::Repost => "repost",
        }
    }
}

/// A candidate that another one stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duplicate {
    /// The candidate that goes.
    pub id: String,
    /// The candidate that stays; never a duplicate itself.
    pub of: String,
    /// How it was found.
    pub likeness: Likeness,
}

/// A text made ready for comparison.
struct Print<'a> {
    item: &'a Item<'a>,
    units: Vec<Term>,
    shingles: Vec<Term>,
    figures: Vec<Term>,
}

impl<'a> Print<'a> {
    fn of(item: &'a Item<'a>) -> Self {
        let units = similarity::units(item.text);
        let shingles = similarity::shingles(&units, SHINGLE);
        let anchors = anchors(item.text);
        let mut figures = [anchors.numbers, anchors.dates].concat();
        figures.sort_unstable();
        Self { item, units, shingles, figures }
    }

    /// The one that stays comes first: a link that lasts, the highest authority, the earliest, the
    /// lowest id.
    fn order(&self) -> impl Ord + 'a {
        let date: (bool, Option<Timestamp>) =
            (self.item.published.is_none(), self.item.published.map(|m| m.order_key()));
        let expires = is_expiring(self.item.canonical);
        (
            expires,
            Reverse(self.item.authority),
            date,
            self.item.id,
            self.item.canonical,
            self.item.text,
        )
    }

    fn likeness(&self, other: &Self) -> Option<Likeness> {
        if !self.item.canonical.is_empty() && self.item.canonical == other.item.canonical {
            return Some(Likeness::SameUrl);
        }
        let (short, long) =
            if self.units.len() <= other.units.len() { (self, other) } else { (other, self) };
        if short.units.len() < LEAST_UNITS {
            return None;
        }
        if short.units == long.units {
            return Some(Likeness::SameText);
        }
        let fewer = short.figures.len().min(long.figures.len());
        let figures = similarity::shared(&short.figures, &long.figures) as f64;
        let reposted = short.units.len() as f64 >= LENGTH * long.units.len() as f64
            && figures >= FIGURES * fewer as f64
            && similarity::containment(&short.shingles, &long.shingles) >= CONTAINED;
        reposted.then_some(Likeness::Repost)
    }
}

/// The duplicates among `items`, in order of their ids. The order of `items` changes nothing.
/// Ids are taken to be distinct.
pub fn duplicates(items: &[Item<'_>]) -> Vec<Duplicate> {
    let mut prints: Vec<Print<'_>> = items.iter().map(Print::of).collect();
    prints.sort_by(|a, b| a.order().cmp(&b.order()));
    let mut kept = Kept::default();
    let mut out = Vec::new();
    for (at, print) in prints.iter().enumerate() {
        let found = kept
            .near(print)
            .into_iter()
            .find_map(|k| print.likeness(&prints[k]).map(|likeness| (k, likeness)));
        match found {
            Some((k, likeness)) => out.push(Duplicate {
                id: print.item.id.to_owned(),
                of: prints[k].item.id.to_owned(),
                likeness,
            }),
            None => kept.add(at, print),
        }
    }
    out.sort_by(|a, b| a.id.cmp(&b.id));
    out
}

/// The prints that stay, and how to find those near another.
#[derive(Default)]
struct Kept<'a> {
    by_url: HashMap<&'a str, usize>,
    by_shingle: HashMap<Term, Vec<usize>>,
}

impl<'a> Kept<'a> {
    fn add(&mut self, at: usize, print: &Print<'a>) {
        self.by_url.insert(print.item.canonical, at);
        for shingle in print.shingles.iter().take(SKETCH) {
            self.by_shingle.entry(*shingle).or_default().push(at);
        }
    }

    /// Those that share the URL or a shingle of the sketch, in order.
    fn near(&self, print: &Print<'a>) -> BTreeSet<usize> {
        let sketch = print.shingles.iter().take(SKETCH);
        let mut out: BTreeSet<usize> =
            sketch.filter_map(|s| self.by_shingle.get(s)).flatten().copied().collect();
        out.extend(self.by_url.get(print.item.canonical));
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "观澜实验室周六发布了新一代模型，参数量为 320 亿，训练用了 4096 张加速卡，\
        历时 54 天。实验室说，新模型在公开的数学测试上得分 71.3，比上一代高出 12.5 分。";

    fn item<'a>(id: &'a str, text: &'a str, authority: Authority) -> Item<'a> {
        Item { id, canonical: "", text, authority, published: Moment::parse("2026-01-03") }
    }

    fn found(items: &[Item<'_>]) -> Vec<(String, String, Likeness)> {
        duplicates(items).into_iter().map(|d| (d.id, d.of, d.likeness)).collect()
    }

    #[test]
    fn authority_stays_and_a_repost_goes() {
        let repost = format!("来源：潮声网 记者 李某\n{TEXT}\n责任编辑：王某");
        let items = [item("a", &repost, Authority::Media), item("b", TEXT, Authority::Official)];
        assert_eq!(found(&items), [("a".into(), "b".into(), Likeness::Repost)]);
    }

    #[test]
    fn a_link_that_lasts_stays() {
        let mut first = item("a", TEXT, Authority::Official);
        first.canonical = "https://mp.weixin.qq.com/s?signature=x&src=11&timestamp=1767400000";
        let mut second = item("b", TEXT, Authority::Social);
        second.canonical = "https://mp.weixin.qq.com/s/Ab3";
        assert_eq!(found(&[first, second]), [("a".into(), "b".into(), Likeness::SameText)]);
    }

    #[test]
    fn other_numbers_are_another_report() {
        let next = TEXT.replace("320", "70").replace("4096", "512").replace("54", "11");
        assert_eq!(
            found(&[item("a", TEXT, Authority::Media), item("b", &next, Authority::Media)]),
            []
        );
    }

    #[test]
    fn equal_text_and_equal_url() {
        let mut page = item("c", "something else", Authority::Social);
        page.canonical = "https://a.example/1";
        let mut same = item("a", TEXT, Authority::Media);
        same.canonical = "https://a.example/1";
        let items = [page, same, item("b", TEXT, Authority::Media)];
        let want = [
            ("b".into(), "a".into(), Likeness::SameText),
            ("c".into(), "a".into(), Likeness::SameUrl),
        ];
        assert_eq!(found(&items), want);
    }

    #[test]
    fn a_short_text_is_not_known_by_its_words() {
        let items = [item("a", "视频", Authority::Media), item("b", "视频", Authority::Media)];
        assert_eq!(found(&items), []);
    }
}
