//! Title and highlight: what the article calls itself, and the sentence that tells it to a reader
//! with thirty seconds.
//!
//! A headline of our own wording cannot be made up here: it is the part of the title that says
//! most, or the title.

use super::rank::Ranked;
use super::unit::Text;

/// The article's title as it stands, white space and a trailing full stop aside. Where there is
/// none: the first clause of the first sentence.
pub(super) fn title(title: &str, text: &Text<'_>, first: usize) -> String {
    let clean = title.split_whitespace().collect::<Vec<_>>().join(" ");
    if !clean.is_empty() {
        return clean;
    }
    let lead = text.units[first].text;
    let end = lead.find(['，', '。', '；', ',', ';']).unwrap_or(lead.len());
    let fits = text.script.length(&lead[..end]) >= text.script.pick(6, 4);
    let clause = if fits { &lead[..end] } else { lead };
    clause.trim_end_matches(['。', '.', '！', '!', ' ']).to_owned()
}

/// The first part of the title that is long enough and shares words with the first sentence, where
/// the title has parts: it names who did what. Else the title.
pub(super) fn headline(title: &str, text: &Text<'_>, first: usize) -> String {
    let lead: std::collections::BTreeSet<String> =
        super::rank::terms(text.units[first].text, text.script).into_iter().collect();
    let weight = |part: &str| {
        super::rank::terms(part, text.script).iter().filter(|t| lead.contains(*t)).count()
    };
    let (least, most) = (text.script.pick(8, 4), text.script.pick(20, 12));
    parts(title)
        .into_iter()
        .filter(|p| (least..=most).contains(&text.script.length(p)))
        .find(|p| weight(p) >= 2 && p.matches('“').count() == p.matches('”').count())
        .unwrap_or(title)
        .to_owned()
}

/// The title cut where its punctuation cuts it.
fn parts(title: &str) -> Vec<&str> {
    let mut out = vec![title];
    for cut in ["：", ": ", " | ", "｜", " — ", " – ", " - ", "——", "！", "; ", "；", "，"]
    {
        out = out.into_iter().flat_map(|part| part.split(cut)).collect();
    }
    out.into_iter()
        .map(|p| p.trim().trim_end_matches(['。', '？', '?']))
        .filter(|p| *p != title)
        .collect()
}

/// The unit that a highlight shows: the best one that stands alone, is not long, speaks of what
/// the title speaks of no less than the summary's first, and is not that; else the first.
pub(super) fn sentence(text: &Text<'_>, ranked: &Ranked, first: usize) -> usize {
    let limit = text.script.pick(90, 40);
    (first + 1..text.units.len())
        .filter(|u| !text.units[*u].leans && text.length(*u) <= limit)
        .filter(|u| ranked.title[*u] >= ranked.title[first].max(0.2))
        .filter(|u| ranked.likeness(*u, first) < 0.6)
        .filter_map(|u| ranked.scores[u].map(|s| (u, s)))
        .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))
        .map_or(first, |(u, _)| u)
}
