//! How long it takes to find the stories among many articles, and the duplicates.
//!
//! The articles are made up: words drawn by Zipf's law from a made-up vocabulary, half of them in
//! ideographs, each story with words, names and figures of its own. `cargo bench --bench cluster`
//! prints the times and the memory; 5,000 articles are to cluster within five seconds on one core
//! and 500 MB.
#![allow(missing_docs)]

use std::collections::HashSet;
use std::time::Instant;

use digestgen::collect::Authority;
use digestgen::select::cluster::{Item, cluster};
use digestgen::select::duplicate::{self, duplicates};
use digestgen::text::Moment;

fn main() {
    once();
    divan::main();
}

/// One run before all others, as memory that was once used is not told apart later.
fn once() {
    let made = articles(5000);
    let items = items(&made);
    let before = memory("VmRSS:");
    let start = Instant::now();
    let found = cluster(&items);
    let seconds = start.elapsed().as_secs_f64();
    let peak = match (before, memory("VmHWM:")) {
        (Some(before), Some(peak)) => format!("{peak} MB at the peak ({before} MB before)"),
        _ => "the memory is not known on this system".to_owned(),
    };
    let stories = found.iter().collect::<HashSet<_>>().len();
    println!("5000 articles, {stories} stories: {seconds:.2} s, {peak}");
}

/// A size of this process in megabytes, as Linux tells it.
#[allow(clippy::disallowed_methods)]
fn memory(key: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|l| l.strip_prefix(key))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kb| kb / 1024)
}

struct Made {
    id: String,
    title: String,
    text: String,
    published: Option<Moment>,
}

/// A linear congruential generator: the same articles at every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below.max(1)
    }

    /// A rank below `below`, the low ones likely as Zipf's law has it.
    fn zipf(&mut self, below: u64) -> u64 {
        let even = self.roll(1 << 30) as f64 / (1u64 << 30) as f64;
        ((below as f64).powf(even) - 1.0) as u64
    }
}

/// The word of a rank: letters or two to three ideographs.
fn word(rank: u64, ideographs: bool) -> String {
    let mut dice = Dice(rank.wrapping_mul(2_654_435_761).wrapping_add(u64::from(ideographs)));
    dice.roll(7);
    if ideographs {
        let pick = |n: u64| char::from_u32(0x4e00 + n as u32).unwrap_or('一');
        return (0..2 + dice.roll(2)).map(|_| pick(dice.roll(3000))).collect();
    }
    const SYLLABLES: [&str; 24] = [
        "ba", "con", "de", "el", "fi", "gor", "hu", "in", "jo", "ka", "lum", "mi", "nor", "o",
        "per", "qui", "ra", "ster", "ti", "un", "ver", "wo", "xi", "zen",
    ];
    (0..2 + dice.roll(3)).map(|_| SYLLABLES[dice.roll(24) as usize]).collect()
}

fn article(story: u64, n: usize, ideographs: bool, dice: &mut Dice) -> Made {
    let own: Vec<u64> = {
        let mut of_story = Dice(story.wrapping_mul(97) + 13);
        (0..40).map(|_| 500 + of_story.roll(30_000)).collect()
    };
    let gap = if ideographs { "" } else { " " };
    let say = |dice: &mut Dice, own_in_ten: u64| {
        let from_own = dice.roll(10) < own_in_ten;
        let rank = if from_own { own[dice.zipf(40) as usize % 40] } else { dice.zipf(30_000) };
        word(rank, ideographs)
    };
    let title: Vec<String> = (0..8).map(|_| say(dice, 7)).collect();
    let mut text = String::new();
    for sentence in 0..24 {
        let mut words: Vec<String> = (0..14 + dice.roll(10)).map(|_| say(dice, 2)).collect();
        if sentence % 3 == 0 {
            let name = word(own[dice.roll(6) as usize], false);
            words.insert(1, format!(" {}{} ", name[..1].to_uppercase(), &name[1..]));
            words.push(format!("{}", 11 + (story * 31 + dice.roll(4)) % 9000));
        }
        text.push_str(&words.join(gap));
        text.push_str(if ideographs { "。" } else { ". " });
    }
    let hour = dice.roll(72);
    let at = format!("2026-01-{:02}T{:02}:00:00Z", 1 + hour / 24, hour % 24);
    Made { id: format!("{n:05}"), title: title.join(gap), text, published: Moment::parse(&at) }
}

/// `n` articles in stories of one to eight.
fn articles(n: usize) -> Vec<Made> {
    let (mut dice, mut out, mut story) = (Dice(1), Vec::new(), 0);
    while out.len() < n {
        story += 1;
        for _ in 0..1 + dice.zipf(8) {
            out.push(article(story, out.len(), story % 2 == 0, &mut dice));
        }
    }
    out.truncate(n);
    out
}

fn items(made: &[Made]) -> Vec<Item<'_>> {
    fn item(a: &Made) -> Item<'_> {
        let Made { id, title, text, published } = a;
        Item { id, title, text, published: *published, url: "", links: &[] }
    }
    made.iter().map(item).collect()
}

#[divan::bench(args = [500, 5000], sample_count = 3, sample_size = 1)]
fn stories(bencher: divan::Bencher<'_, '_>, n: usize) {
    let made = articles(n);
    let items = items(&made);
    bencher.bench_local(|| cluster(divan::black_box(&items)));
}

#[divan::bench(args = [5000], sample_count = 3, sample_size = 1)]
fn same_texts(bencher: divan::Bencher<'_, '_>, n: usize) {
    let made = articles(n);
    let items: Vec<duplicate::Item<'_>> = made
        .iter()
        .map(|a| duplicate::Item {
            id: &a.id,
            canonical: "",
            text: &a.text,
            authority: Authority::Media,
            published: a.published,
        })
        .collect();
    bencher.bench_local(|| duplicates(divan::black_box(&items)));
}
