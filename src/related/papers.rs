//! Papers that belong to an entry: named in its articles, or found at arXiv. Pure.
//!
//! What is asked of arXiv are the distinctive names of an article: `PebbleCache`, `LZ-Grip`. What
//! comes back is judged against the article, and rather nothing is listed than noise. A paper whose
//! title stands in the article is named by it; likeness alone makes further reading.

use std::collections::{BTreeMap, BTreeSet};

use crate::collect::Listing;
use crate::extract::Article;
use crate::text::anchors::anchors;
use crate::text::{Moment, similarity};

/// The most names in one query.
const MOST_NAMES: usize = 3;
/// The least letters of a name that is asked for.
const LEAST_LETTERS: usize = 5;
/// How many sentences after the title are looked through for names.
const SENTENCES: usize = 6;
/// The most days that a paper may have been out before its report, or after it.
const DAYS: f64 = 120.0;
/// The most papers that one entry brings to further reading.
pub const MOST_FOUND: usize = 2;
/// Words of a paper's title that say enough to be found in a text.
const TITLE_WORDS: usize = 4;

/// The URLs of papers that a text names by number: `arXiv:2601.00417`, `doi:10.5555/x.1`.
pub fn numbered(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let lower = text.to_ascii_lowercase();
    for (at, _) in lower.match_indices("arxiv") {
        let rest = lower[at + 5..].trim_start_matches([':', '：', ' ', '#']);
        let id: String = rest.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
        let id = id.trim_end_matches('.');
        if let Some((month, number)) = id.split_once('.')
            && month.len() == 4
            && (4..=5).contains(&number.len())
            && !number.contains('.')
        {
            out.push(format!("https://arxiv.org/abs/{id}"));
        }
    }
    for (at, _) in lower.match_indices("10.") {
        let before = lower[..at].chars().next_back();
        let doi: String = text[at..]
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || "./-_();:".contains(*c))
            .collect();
        let doi = doi.trim_end_matches(['.', ';', ':', ')', '(']);
        let registrant = doi.split('/').next().unwrap_or("");
        let digits = registrant.strip_prefix("10.").unwrap_or("");
        let is_number =
            (4..=9).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        // `1.10.5555/x` is no DOI, and neither is one that is part of a link.
        let free = !before.is_some_and(|c| c.is_ascii_alphanumeric() || c == '.');
        let in_link = lower[..at].ends_with("doi.org/");
        if is_number && doi.len() > registrant.len() + 1 && free && !in_link {
            out.push(format!("https://doi.org/{doi}"));
        }
    }
    let mut seen = BTreeSet::new();
    out.retain(|url| seen.insert(url.clone()));
    out
}

/// What arXiv is asked for an article; `None` where it has no distinctive name.
pub fn query(article: &Article) -> Option<String> {
    let names = names(article);
    if names.is_empty() {
        return None;
    }
    let terms: Vec<String> = names.iter().map(|n| format!("all:\"{n}\"")).collect();
    Some(terms.join(" OR "))
}

/// Distinctive names of title and first sentences, the commonest first: a word of Latin letters with
/// a capital inside or with a digit, as makers call methods and models.
fn names(article: &Article) -> Vec<String> {
    let document = &article.document;
    let count = document.sentences().len().min(SENTENCES);
    let mut text = article.title.clone();
    (0..count).for_each(|i| {
        text.push('\n');
        text.push_str(document.sentence_text(i));
    });
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-';
    for word in text.split(|c: char| !is_part(c)) {
        let word = word.trim_matches('-');
        let letters = word.chars().filter(char::is_ascii_alphabetic).count();
        let inner = word.chars().skip(1).any(|c| c.is_ascii_uppercase());
        let lower = word.chars().any(|c| c.is_ascii_lowercase());
        if letters >= LEAST_LETTERS && inner && lower {
            *counts.entry(word).or_default() += 1;
        }
    }
    let mut names: Vec<(&str, usize)> = counts.into_iter().collect();
    names.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    names.into_iter().take(MOST_NAMES).map(|(name, _)| name.to_owned()).collect()
}

/// How a paper belongs to an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Belongs {
    /// The article names it by its title.
    Named,
    /// It is on the same work by all signs: further reading.
    Alike,
}

/// Whether a paper belongs to `article`: its title stands there; or a distinctive name of the
/// article does in the paper's title, or in its abstract with a number or two further names that
/// both have, and it came out at about the same time.
pub fn belongs(article: &Article, paper: &Listing) -> Option<Belongs> {
    let text = format!("{}\n{}", article.title, article.document.text());
    if is_named(&text, &paper.title) {
        return Some(Belongs::Named);
    }
    let alike_in_time = |a: &Moment, b: &Moment| a.hours_apart(b) <= DAYS * 24.0;
    if let (Some(a), Some(b)) = (&article.published, &paper.published)
        && !alike_in_time(a, b)
    {
        return None;
    }
    let names = names(article);
    let holds = |text: &str| {
        let words = |t: &str| -> Vec<String> {
            let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-';
            t.split(|c| !is_part(c)).map(str::to_ascii_lowercase).collect()
        };
        let words = words(text);
        names.iter().any(|n| words.contains(&n.to_ascii_lowercase()))
    };
    let (mine, theirs) = (anchors(&text), anchors(&format!("{}\n{}", paper.title, paper.snippet)));
    let numbers = similarity::shared(&mine.numbers, &theirs.numbers);
    let further = similarity::shared(&mine.names, &theirs.names).saturating_sub(1);
    let alike = holds(&paper.title) || (holds(&paper.snippet) && (numbers > 0 || further >= 2));
    alike.then_some(Belongs::Alike)
}

/// Whether a text holds a title of some words, case and marks folded.
fn is_named(text: &str, title: &str) -> bool {
    let folded = |t: &str| -> String {
        let words: Vec<String> = t
            .split(|c: char| !c.is_alphanumeric())
            .filter(|w| !w.is_empty())
            .map(str::to_lowercase)
            .collect();
        format!(" {} ", words.join(" "))
    };
    let title = folded(title);
    title.split(' ').filter(|w| !w.is_empty()).count() >= TITLE_WORDS
        && folded(text).contains(&title)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::{TextOrigin, Verdict};
    use crate::text::Document;

    fn article(title: &str, text: &str) -> Article {
        Article {
            id: "a".into(),
            url: "https://a.example/1".into(),
            verdict: Verdict::Article,
            title: title.into(),
            byline: None,
            site: None,
            published: Moment::parse("2026-01-03"),
            language: None,
            document: Document::from_text(text),
            links: Vec::new(),
            origin: TextOrigin::Page,
            way: String::new(),
        }
    }

    fn paper(title: &str, snippet: &str, published: &str) -> Listing {
        Listing {
            url: Some("https://arxiv.org/abs/2601.00417".into()),
            guid: None,
            title: title.into(),
            published: Moment::parse(published),
            changed: None,
            author: None,
            snippet: snippet.into(),
            content: None,
            whole: false,
        }
    }

    #[test]
    fn numbers_of_papers_in_a_text() {
        let text = "论文编号 arXiv:2601.00417v2，另见 DOI 10.5555/rainloom.2026.0103。版本 1.10.2 \
                    与 https://doi.org/10.5555/x 不算，arXiv 也不算。";
        assert_eq!(
            numbered(text),
            ["https://arxiv.org/abs/2601.00417", "https://doi.org/10.5555/rainloom.2026.0103"]
        );
    }

    #[test]
    fn distinctive_names_are_asked_for() {
        let a = article(
            "东澜理工提出 PebbleCache：缓存压到五分之一",
            "PebbleCache 不用训练。GPU 够了。",
        );
        assert_eq!(query(&a).unwrap(), "all:\"PebbleCache\"");
        assert_eq!(query(&article("A quiet day in London", "Nothing happened here.")), None);
        assert_eq!(query(&article("切尔西 2:1 胜", "比赛在 London 进行。")), None);
    }

    #[test]
    fn rather_nothing_than_noise() {
        let text =
            "PebbleCache 把缓存占用降到 1/5.2，论文题为 Small Caches for Long Reasoning Traces。";
        let a = article("东澜理工提出 PebbleCache", text);
        let of = |title: &str, snippet: &str, date: &str| belongs(&a, &paper(title, snippet, date));
        let named = of("Small caches for long reasoning traces", "x", "2025-01-01");
        assert_eq!(named, Some(Belongs::Named));
        let title = of("PebbleCache: keeping one in five", "We compress.", "2025-12-20");
        assert_eq!(title, Some(Belongs::Alike));
        assert_eq!(of("PebbleCache: keeping one in five", "We compress.", "2024-12-20"), None);
        let cites = of("A survey of caches", "Methods such as PebbleCache exist.", "2025-12-20");
        assert_eq!(cites, None);
        let figures = of("One in five", "PebbleCache shrinks it 5.2 times.", "2025-12-20");
        assert_eq!(figures, Some(Belongs::Alike));
    }
}
