//! A claim and its evidence side by side: which numbers, names and quotations stand on both sides,
//! and which of the claim stand nowhere. Pure; by the same reading of figures as `verify`.
//!
//! For a sentence without evidence, such as an editor's, it finds the likeliest source sentences.

use serde::Serialize;

use crate::extract::Article;
use crate::text::quantity::scan;
use crate::text::similarity::{Term, shared, units};
use crate::text::{Document, name, quotation};
use crate::verify::{Evidence, SourceText, figures};

/// What a part of a claim is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PartKind {
    /// A number, date, time or identifier.
    Number,
    /// A name in Latin letters.
    Name,
    /// Words between quotation marks.
    Quote,
}

/// A place in a sentence of an article. Spans are half-open, in Unicode code points.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SourceSpan {
    /// The article's id.
    pub article: String,
    /// The sentence's id.
    pub sentence: String,
    /// Where in the sentence.
    pub span: [usize; 2],
}

/// A part of a claim and where it stands in the evidence; nowhere: it is missing there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Part {
    /// What it is.
    pub kind: PartKind,
    /// Where in the claim.
    pub span: [usize; 2],
    /// Where in the sentences.
    pub at: Vec<SourceSpan>,
}

/// A sentence of an article beside a claim.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Shown {
    /// The article's id.
    pub article: String,
    /// The sentence's id.
    pub sentence: String,
    /// The words that the evidence quotes.
    pub quote: Option<[usize; 2]>,
    /// How much of the claim's words the sentence has, 0 to 1; only where it is a guess.
    pub likeness: Option<f64>,
}

/// A claim's side and its source's.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Sides {
    /// The sentences that are shown: those of the evidence, else the likeliest.
    pub sentences: Vec<Shown>,
    /// The numbers, names and quotations of the claim, in its order.
    pub parts: Vec<Part>,
}

/// How many sentences are guessed at, and how like they must be.
const GUESSES: usize = 3;
const LIKE: f64 = 0.2;

/// Sets `claim` beside its evidence in `articles`; beside the likeliest sentences where it has none.
pub fn sides(claim: &str, evidence: &[Evidence], articles: &[&Article]) -> Sides {
    let mut sentences: Vec<Shown> = Vec::new();
    for e in evidence {
        let article = articles.iter().find(|a| a.id == e.article);
        let Some((article, index)) =
            article.and_then(|a| Some((a, a.document.index_of(&e.sentence)?)))
        else {
            continue;
        };
        let quote = find_folded(&e.quote, article.document.sentence_text(index));
        let same = |s: &&mut Shown| s.article == e.article && s.sentence == e.sentence;
        match sentences.iter_mut().find(same) {
            Some(shown) => shown.quote = shown.quote.or(quote),
            None => sentences.push(Shown {
                article: e.article.clone(),
                sentence: e.sentence.clone(),
                quote,
                likeness: None,
            }),
        }
    }
    if sentences.is_empty() {
        sentences = likeliest(claim, articles);
    }
    let parts = parts(claim, &sentences, articles);
    Sides { sentences, parts }
}

/// The sentences that have most of the claim's words, best first.
fn likeliest(claim: &str, articles: &[&Article]) -> Vec<Shown> {
    let own = words(claim);
    let all = articles.iter().flat_map(|a| (0..a.document.sentences().len()).map(move |i| (*a, i)));
    let mut found: Vec<Shown> = all
        .map(|(article, index)| Shown {
            article: article.id.clone(),
            sentence: Document::id_of(index),
            quote: None,
            likeness: Some(share(&own, &words(article.document.sentence_text(index)))),
        })
        .filter(|s| s.likeness.is_some_and(|l| l >= LIKE))
        .collect();
    found.sort_by(|a, b| b.likeness.unwrap_or(0.0).total_cmp(&a.likeness.unwrap_or(0.0)));
    found.truncate(GUESSES);
    found
}

/// The words of a text, sorted, each once.
pub(super) fn words(text: &str) -> Vec<Term> {
    let mut words = units(text);
    words.sort_unstable();
    words.dedup();
    words
}

/// The share of `own` words that `source` has, 0 to 1.
pub(super) fn share(own: &[Term], source: &[Term]) -> f64 {
    if own.is_empty() { 0.0 } else { shared(own, source) as f64 / own.len() as f64 }
}

fn parts(claim: &str, shown: &[Shown], articles: &[&Article]) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let chars: Vec<char> = claim.chars().collect();
    let part = |kind, span: &std::ops::Range<usize>| Part {
        kind,
        span: [span.start, span.end],
        at: Vec::new(),
    };
    parts.extend(quotation::find(claim).iter().map(|s| part(PartKind::Quote, s)));
    parts.extend(scan(claim).iter().map(|f| part(PartKind::Number, &f.span)));
    parts.extend(name::latin(claim).iter().map(|s| part(PartKind::Name, s)));
    // a place may give two readings of a number
    parts.sort_by_key(|p| (p.span, p.kind as u8));
    parts.dedup_by(|b, a| a.kind == b.kind && b.span[0] < a.span[1]);
    for shown in shown {
        let Some(article) = articles.iter().find(|a| a.id == shown.article) else { continue };
        let Some(index) = article.document.index_of(&shown.sentence) else { continue };
        let sentence = article.document.sentence_text(index);
        for part in &mut parts {
            let words: String = chars[part.span[0]..part.span[1]].iter().collect();
            let spans = match part.kind {
                PartKind::Quote => find_folded(&words, sentence).into_iter().collect(),
                PartKind::Name => names(&words, sentence),
                PartKind::Number => numbers(&words, sentence, article),
            };
            part.at.extend(spans.into_iter().map(|span| SourceSpan {
                article: shown.article.clone(),
                sentence: shown.sentence.clone(),
                span,
            }));
        }
    }
    parts
}

/// Where the sentence says the same number: each of its figures is asked alone whether it supports
/// the claim's, by the rules that raise findings.
fn numbers(words: &str, sentence: &str, article: &Article) -> Vec<[usize; 2]> {
    let chars: Vec<char> = sentence.chars().collect();
    let mut spans: Vec<[usize; 2]> = Vec::new();
    for found in scan(sentence) {
        let text: String = chars[found.span.clone()].iter().collect();
        let document = Document::from_text(&text);
        let source = SourceText {
            article: &article.id,
            title: "",
            document: &document,
            published: None,
            language: article.language.as_ref(),
        };
        let span = [found.span.start, found.span.end];
        let supports = figures::check(words, &figures::Figures::read(&[source])).is_empty();
        if supports && !spans.contains(&span) {
            spans.push(span);
        }
    }
    spans
}

/// Where the sentence has the name as a word, whatever its case.
fn names(words: &str, sentence: &str) -> Vec<[usize; 2]> {
    let lower = |c: &char| c.to_lowercase().next().unwrap_or(*c);
    let wanted: Vec<char> = words.chars().map(|c| lower(&c)).collect();
    let chars: Vec<char> = sentence.chars().map(|c| lower(&c)).collect();
    let is_letter =
        |c: Option<&char>| c.is_some_and(|c| c.is_alphabetic() && !quotation::is_cjk(*c));
    let n = wanted.len();
    let starts = 0..(chars.len() + 1).saturating_sub(n);
    let at = starts.filter(|i| {
        n > 0
            && chars[*i..*i + n] == wanted[..]
            && !is_letter(i.checked_sub(1).and_then(|b| chars.get(b)))
            && !is_letter(chars.get(i + n).filter(|c| **c != 's'))
    });
    at.map(|i| [i, i + n]).collect()
}

/// Where the letters and digits of `words` stand in `text`, punctuation and case aside.
fn find_folded(words: &str, text: &str) -> Option<[usize; 2]> {
    let fold = |c: char| {
        let c = quotation::fold_char(c);
        c.is_alphanumeric().then(|| c.to_lowercase().next().unwrap_or(c))
    };
    let wanted: Vec<char> = words.chars().filter_map(fold).collect();
    let (at, letters): (Vec<usize>, Vec<char>) =
        text.chars().enumerate().filter_map(|(i, c)| Some((i, fold(c)?))).unzip();
    if wanted.is_empty() {
        return None;
    }
    let start = letters.windows(wanted.len()).position(|w| w == wanted)?;
    Some([at[start], at[start + wanted.len() - 1] + 1])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::{TextOrigin, Verdict};

    fn article(text: &str) -> Article {
        Article {
            id: "a".into(),
            url: "https://a.example/1".into(),
            verdict: Verdict::Article,
            title: String::new(),
            byline: None,
            site: None,
            published: None,
            language: None,
            document: Document::from_text(text),
            links: Vec::new(),
            origin: TextOrigin::Page,
            way: "plain".into(),
        }
    }

    fn cut(text: &str, span: [usize; 2]) -> String {
        text.chars().skip(span[0]).take(span[1] - span[0]).collect()
    }

    #[test]
    fn numbers_match_across_languages() {
        let own = article("Guanlan Lab raised $1.2 billion on 3 January, “a new record”, in 2026.");
        let claim = "Guanlan于1月3日融资12亿美元，另有7家跟投。";
        let evidence = [Evidence {
            article: "a".into(),
            sentence: "s1".into(),
            quote: "raised $1.2  billion".into(),
        }];
        let sides = sides(claim, &evidence, &[&own]);
        let sentence = own.document.sentence_text(0);
        assert_eq!(cut(sentence, sides.sentences[0].quote.unwrap()), "raised $1.2 billion");
        let of = |w: &str| sides.parts.iter().find(|p| cut(claim, p.span).contains(w)).unwrap();
        assert_eq!(cut(sentence, of("12亿").at[0].span), "$1.2 billion");
        assert_eq!(cut(sentence, of("Guanlan").at[0].span), "Guanlan");
        assert_eq!(cut(sentence, of("1月3日").at[0].span), "3 January");
        assert!(of("7").at.is_empty());
    }

    #[test]
    fn an_editors_sentence_gets_the_likeliest() {
        let own =
            article("天气晴朗。\n观澜实验室周六发布微光-3，参数量320亿。\n“开放权重”受到欢迎。");
        let claim = "微光-3参数量为320亿，“开放权重”。";
        let sides = sides(claim, &[], &[&own]);
        assert_eq!(sides.sentences[0].sentence, "s2");
        assert!(sides.sentences.iter().all(|s| s.sentence != "s1"));
        let number = sides.parts.iter().find(|p| cut(claim, p.span).contains("320")).unwrap();
        assert!(number.at.iter().any(|s| s.sentence == "s2"));
    }
}
