//! Key points: only under headings that the article has itself.
//!
//! A heading is a subheading, a line that stands alone above paragraphs, or the short clause
//! before a colon that opens a paragraph. Where fewer than three have something under them, there
//! are none: bold whole sentences are no key points.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::Options;
use super::boilerplate;
use super::rank::{self, Ranked};
use super::unit::{Script, Text, short_line};
use crate::text::BlockKind;

/// Bytes of a document.
pub(super) type Passage = Range<usize>;

/// A heading and what stands under it: leads (often empty) and passages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Point {
    pub(super) heading: String,
    pub(super) details: Vec<(String, Passage)>,
}

/// Key points fewer than this are none.
const FEWEST: usize = 3;

/// The key points of an article, or none. Units in `used` are not printed again.
pub(super) fn collect(
    text: &Text<'_>,
    ranked: &Ranked,
    used: &BTreeSet<usize>,
    options: &Options,
) -> Vec<Point> {
    let sections = from_headings(text, ranked, used, options.details);
    let points = if sections.len() >= FEWEST { sections } else { from_clauses(text, ranked, used) };
    if points.len() < FEWEST { Vec::new() } else { best(points, ranked, text, options.key_points) }
}

/// The points that score best, in the order of the text.
fn best(mut points: Vec<Point>, ranked: &Ranked, text: &Text<'_>, most: usize) -> Vec<Point> {
    let score = |point: &Point| {
        let inside =
            |u: &usize| point.details.iter().any(|(_, p)| p.contains(&text.units[*u].range.start));
        (0..text.units.len()).filter(inside).filter_map(|u| ranked.scores[u]).fold(0.0, f64::max)
    };
    while points.len() > most.max(FEWEST) {
        let least =
            (0..points.len()).min_by(|a, b| score(&points[*a]).total_cmp(&score(&points[*b])));
        let Some(least) = least else { break };
        points.remove(least);
    }
    points
}

fn from_headings(
    text: &Text<'_>,
    ranked: &Ranked,
    used: &BTreeSet<usize>,
    most: usize,
) -> Vec<Point> {
    let blocks = text.document.blocks().len();
    let headings: Vec<(usize, String)> =
        (0..blocks).filter_map(|b| heading(text, b).map(|h| (b, h))).collect();
    let ends = headings.iter().skip(1).map(|(b, _)| *b).chain(std::iter::once(blocks));
    headings
        .iter()
        .zip(ends)
        // A heading that comes again names a kind of box, not what is said in it.
        .filter(|((_, h), _)| headings.iter().filter(|(_, other)| other == h).count() == 1)
        .filter_map(|((start, heading), end)| {
            let units: Vec<usize> = (0..text.units.len())
                .filter(|u| (*start + 1..end).contains(&text.units[*u].block))
                .collect();
            let details = details(text, ranked, &units, used, most);
            (!details.is_empty()).then(|| Point { heading: heading.clone(), details })
        })
        .collect()
}

static NUMBERING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:[（(][一二三四五六七八九十\d]{1,3}[）)][、.．：:]?|[一二三四五六七八九十]{1,3}[、.．：:]|\d{1,2}[）)、.．：:]|\d{1,2}\s|(?:PART|Part|第)\s*[\d一二三四五六七八九十]{1,3}\s*(?:部分|章|节)?[、.．：: ]|[#▍▌■●◆▶➤•·*–-]+)\s*").ok()
});

/// The length in bytes of the number or bullet in front of `line`; `3.5 times` has none.
fn numbering(line: &str) -> usize {
    let end = NUMBERING.as_ref().and_then(|n| n.find(line)).map_or(0, |hit| hit.end());
    let decimal = line[end..].starts_with(|c: char| c.is_ascii_digit());
    if decimal { 0 } else { end }
}

/// The heading that block `block` is, without its number and brackets.
fn heading(text: &Text<'_>, block: usize) -> Option<String> {
    let line = text.document.block_text(block);
    let kind = text.document.blocks()[block].kind;
    let bracketed = line.starts_with('【') && line.ends_with('】');
    let plain =
        kind == BlockKind::Heading || bracketed || numbered(line) || stands_alone(text, block);
    if !plain || !short_line(line) || line.trim() == text.title.trim() {
        return None;
    }
    let bare = line.trim_matches(['【', '】', ' ', '：', ':']);
    let bare = bare[numbering(bare)..].trim();
    let length = text.script.length(bare);
    let fits = (text.script.pick(2, 1)..=text.script.pick(24, 14)).contains(&length);
    let broken = bare.contains(['|', '[', ']', '®']) || bare.starts_with(char::is_lowercase);
    let ends = broken || bare.ends_with(['。', '.', '，', ',', '；', '！', '!', '…']);
    (fits && !ends && !boilerplate::is_boilerplate(bare)).then(|| bare.to_owned())
}

fn numbered(line: &str) -> bool {
    short_line(line)
        && !line.ends_with(['。', '.', '；', ';', '，'])
        && numbering(line) > 0
        && line.chars().any(char::is_alphabetic)
}

/// Whether a paragraph is a short line without a full stop between two that are running text.
fn stands_alone(text: &Text<'_>, block: usize) -> bool {
    let line = text.document.block_text(block);
    let running = |b: usize| text.units.iter().any(|u| u.block == b && u.fit);
    let short = match text.script {
        Script::Characters => {
            (4..=16).contains(&text.script.length(line)) && !line.contains(['：', ' ', '/', '，'])
        }
        Script::Words => (2..=8).contains(&text.script.length(line)) && is_label(line),
    };
    let open = !line.ends_with(|c: char| "。.！!？?”\"）)…，,：:；;".contains(c));
    short && open && block > 0 && running(block - 1) && running(block + 1)
}

/// A heading's words in English: all in capitals, or joined by a small word; two names in a row
/// are more likely a credit.
fn is_label(line: &str) -> bool {
    let starts = |w: &str, test: fn(char) -> bool| w.chars().next().is_some_and(test);
    let capitals = !line.chars().any(char::is_lowercase);
    let joined = line.split_whitespace().any(|w| starts(w, char::is_lowercase));
    starts(line, char::is_uppercase) && (capitals || joined)
}

/// The best passages of a section, in the order of the text.
fn details(
    text: &Text<'_>,
    ranked: &Ranked,
    units: &[usize],
    used: &BTreeSet<usize>,
    most: usize,
) -> Vec<(String, Passage)> {
    let limit = text.script.pick(200, 80);
    let free = |u: usize| text.units[u].fit && !used.contains(&u) && text.length(u) <= limit;
    let weight = |u: usize| {
        let concrete = if rank::facts(text.units[u].text) > 0 { 0.5 } else { 0.0 };
        ranked.scores[u].map(|s| s + concrete)
    };
    let mut order: Vec<(usize, f64)> =
        units.iter().filter(|u| free(**u)).filter_map(|u| weight(*u).map(|w| (*u, w))).collect();
    order.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let mut chosen: Vec<(usize, usize)> = Vec::new();
    for (unit, _) in order {
        if chosen.len() == most.max(1) {
            break;
        }
        let Some((from, to)) = with_neighbours(text, unit, &free, limit) else {
            continue;
        };
        if chosen.iter().all(|(a, b)| to < *a || *b < from) {
            chosen.push((from, to));
        }
    }
    chosen.sort_unstable();
    chosen
        .into_iter()
        .map(|(a, b)| lead_and_rest(text, text.units[a].range.start..text.units[b].range.end))
        .collect()
}

/// `unit` with the ones before it that it leans on and the one after that leans on it, where
/// they fit; `None` where it leans on what cannot be printed with it.
fn with_neighbours(
    text: &Text<'_>,
    unit: usize,
    free: &dyn Fn(usize) -> bool,
    limit: usize,
) -> Option<(usize, usize)> {
    let (mut from, mut to, mut length) = (unit, unit, text.length(unit));
    while text.units[from].leans {
        let before = from.checked_sub(1).filter(|b| text.follows(from) && free(*b))?;
        length += text.length(before);
        from = before;
        if length > limit || to - from > 2 {
            return None;
        }
    }
    let next = to + 1;
    if next < text.units.len()
        && text.follows(next)
        && text.units[next].leans
        && free(next)
        && length + text.length(next) <= limit
    {
        to = next;
    }
    Some((from, to))
}

/// Splits a passage at the colon of its short leading clause, if it has one.
fn lead_and_rest(text: &Text<'_>, passage: Passage) -> (String, Passage) {
    let words = &text.document.text()[passage.clone()];
    match clause(words, text.script) {
        Some((lead, rest)) => (lead.to_owned(), passage.start + rest..passage.end),
        None => (String::new(), passage),
    }
}

static SPEAKING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)[说称道问答写示为出是有到如括下：，。？“”\x22；,]$|[，。；“]|(?:表示|指出|强调|介绍|认为|解释|坦言|透露|补充|总结|回应|显示|如下|例如|比如|包括|注意|问题|结果|网友|记者|编辑|来源|原文|链接|地址|时间|图)$|\b(?:said|says|told|asked|wrote|added|note|warning|update|example|source|q|a|photo|image|is|are|was|were|include|includes|including|that|by|of|to|following)$").ok()
});

/// The short clause before a colon that opens `text`, and where the rest begins: a name of what
/// follows (`推理成本：…`), never somebody speaking (`他说：…`).
fn clause(text: &str, script: Script) -> Option<(&str, usize)> {
    let (at, colon) = text.char_indices().take(60).find(|(_, c)| matches!(c, '：' | ':'))?;
    let rest = &text[at + colon.len_utf8()..];
    if colon == ':' && script == Script::Words && !rest.starts_with(' ') {
        return None;
    }
    let skipped = rest.len() - rest.trim_start().len();
    let lead = text[..at].trim();
    let lead = &lead[numbering(lead)..];
    let length = script.length(lead);
    let short = (script.pick(2, 1)..=script.pick(14, 6)).contains(&length);
    let opens_speech = rest.trim_start().starts_with(['“', '"', '「']);
    let sentence = script == Script::Words && lead.contains([',', '\'', '’']);
    let speaks = sentence || SPEAKING.as_ref().is_some_and(|s| s.is_match(lead));
    let whole =
        script.length(rest) >= script.pick(8, 4) && !lead.ends_with(|c: char| c.is_ascii_digit());
    (short && !opens_speech && !speaks && whole).then_some((lead, at + colon.len_utf8() + skipped))
}

/// A point for each paragraph or list item that opens with a short leading clause.
fn from_clauses(text: &Text<'_>, ranked: &Ranked, used: &BTreeSet<usize>) -> Vec<Point> {
    let limit = text.script.pick(200, 80);
    let mut points: Vec<Point> = Vec::new();
    for unit in 0..text.units.len() {
        let opens_block = unit == 0 || !text.follows(unit);
        if !opens_block
            || !text.units[unit].fit
            || used.contains(&unit)
            || ranked.scores[unit].is_none()
        {
            continue;
        }
        let free = |u: usize| text.units[u].fit && !used.contains(&u);
        let Some((from, to)) = with_neighbours(text, unit, &free, limit) else {
            continue;
        };
        let passage = text.units[from].range.start..text.units[to].range.end;
        let (lead, rest) = lead_and_rest(text, passage);
        let fits = text.script.length(&text.document.text()[rest.clone()]) <= limit;
        let new = points.iter().all(|p| p.heading != lead);
        if !lead.is_empty() && fits && new {
            points.push(Point { heading: lead, details: vec![(String::new(), rest)] });
        }
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lead_names_and_does_not_speak() {
        let lead = |t| clause(t, Script::Characters).map(|(l, _)| l);
        assert_eq!(lead("推理成本：每百万词元的价格降到原来的三分之一。"), Some("推理成本"));
        assert_eq!(lead("1、低维适配器：插入可学习的低维适配器。"), Some("低维适配器"));
        assert_eq!(lead("他说：“这一版更快，也更便宜。”"), None);
        assert_eq!(lead("林某表示：这一版更快，也更便宜。"), None);
        assert_eq!(lead("会议于 12:30 开始并在两小时后结束。"), None);
        let lead = |t| clause(t, Script::Words).map(|(l, _)| l);
        assert_eq!(lead("Lower memory: the adapters need half of it."), Some("Lower memory"));
        assert_eq!(lead("He said: the adapters need half of it."), None);
    }
}
