//! Title and highlight: what the article calls itself, and the sentence that tells it to a reader
//! with thirty seconds.
//!
//! A headline of our own wording cannot be made up here: it is the part of the title that says
//! most, or the main clause that opens a sentence, or none. The title is not told twice.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use super::boilerplate;
use super::rank::{self, Ranked};
use super::unit::{Script, Text};

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
/// the title has parts: it names who did what. Else the main clause that opens the first sentence,
/// where the highlight shows another one (`telling`). Else nothing.
pub(super) fn headline(title: &str, text: &Text<'_>, first: usize, telling: usize) -> String {
    let lead: BTreeSet<String> =
        rank::terms(text.units[first].text, text.script).into_iter().collect();
    let weight =
        |part: &str| rank::terms(part, text.script).iter().filter(|t| lead.contains(*t)).count();
    let (least, most) = (text.script.pick(8, 4), text.script.pick(20, 12));
    let part = parts(title)
        .into_iter()
        .filter(|p| (least..=most).contains(&text.script.length(p)))
        .find(|p| weight(p) >= 2 && p.matches('“').count() == p.matches('”').count());
    if let Some(part) = part {
        return part.to_owned();
    }
    // A clause of the highlight's own sentence would stand there twice.
    let clause = (telling != first).then(|| main_clause(text, first, title)).flatten();
    clause.unwrap_or_default().to_owned()
}

/// The most of a clause's terms that the title may hold: beyond, it is the title again.
const NEW_WORDING: f64 = 0.75;

/// What may stand before the clause that says something: a day, a time, a place of time.
static WHEN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:[^，]{0,8}\d{1,4}\s?[年月日][^，]{0,6}|[^，]{0,4}(?:今天|昨天|近日|日前|今日|昨日|周[一二三四五六日])[^，]{0,4})，").ok()
});

/// A word that an English main clause has: a verb in a common form.
static VERB: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)^\S+(?: \S+)* (?:\w{3,}ed|is|are|was|were|has|have|had|will|can|could|says|said|plans|sold|won|lost|made|built|found|set|cut|rose|fell|grew|began|begins|opens|shipped|put|took|led|gave|got|hit) \S").ok()
});

/// The main clause that opens a unit, where it can stand alone: it ends at a comma, leans on
/// nothing, shares words with the title and is not the title again.
fn main_clause<'t>(text: &Text<'t>, unit: usize, title: &str) -> Option<&'t str> {
    let words: &'t str = text.units[unit].text;
    let skipped = WHEN.as_ref().and_then(|w| w.find(words)).map_or(0, |hit| hit.end());
    let rest = &words[skipped..];
    let end = match text.script {
        Script::Characters => rest.find(['，', '；'])?,
        Script::Words => rest.find(", ")?,
    };
    let clause = rest[..end].trim();
    let (least, most) = (text.script.pick(8, 4), text.script.pick(26, 13));
    let balanced = [('“', '”'), ('（', '）'), ('(', ')'), ('《', '》')]
        .iter()
        .all(|(open, close)| clause.matches(*open).count() == clause.matches(*close).count());
    let title_terms: BTreeSet<String> = rank::terms(title, text.script).into_iter().collect();
    let terms: BTreeSet<String> = rank::terms(clause, text.script).into_iter().collect();
    let shared = terms.intersection(&title_terms).count();
    let shares = shared >= 2 && shared as f64 <= NEW_WORDING * terms.len() as f64;
    let whole = match text.script {
        Script::Characters => !clause
            .starts_with(['在', '据', '随', '当', '为', '如', '对', '从', '由', '与', '作', '除']),
        Script::Words => VERB.as_ref().is_some_and(|verb| verb.is_match(clause)),
    };
    let fits = (least..=most).contains(&text.script.length(clause));
    let fit = fits && balanced && shares && whole && !clause.contains('"');
    (fit && !boilerplate::leans(clause)).then_some(clause)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Document;

    fn made(title: &str, body: &str, script: Script, telling: usize) -> String {
        let document = Document::from_text(body);
        headline(title, &Text::read(&document, title, script), 0, telling)
    }

    #[test]
    fn the_title_is_not_told_again() {
        let title = "织机框架把编译时间缩短一半";
        let body = "海港大学团队近日公布开源编译框架“织机”，在十二个模型上把编译时间平均缩短52%。\n织机只编译改动过的块，缓存命中率达到93%。";
        let own = "海港大学团队近日公布开源编译框架“织机”";
        assert_eq!(made(title, body, Script::Characters, 1), own);
        assert_eq!(
            made(title, body, Script::Characters, 0),
            "",
            "its sentence stands right behind"
        );
        assert_eq!(made(own, body, Script::Characters, 1), "", "it is the title");
        let title = "Harbour Lab opens the Lantern speech model";
        let body = "Harbour Lab released the Lantern speech model on Tuesday, saying that it runs on a phone.\nLantern understands 42 languages and has 310 million parameters.";
        let own = "Harbour Lab released the Lantern speech model on Tuesday";
        assert_eq!(made(title, body, Script::Words, 1), own);
        let body = "A new speech model from Harbour Lab, Lantern runs on a phone.\nLantern understands 42 languages and has 310 million parameters.";
        assert_eq!(made(title, body, Script::Words, 1), "", "no main clause");
    }
}
