//! Articles as a model sees them: numbered sentences in a fence, whole or those that were chosen of
//! them; and how room is shared out and a long article is divided. Pure.

use std::ops::Range;

use crate::extract::Article;
use crate::model::fence;
use crate::text::Document;

/// The most articles of one story that are shown.
pub(crate) const ARTICLES: usize = 3;

/// One article of a question: `a1`, `a2` or `a3`.
pub(crate) struct Shown<'a> {
    pub(crate) article: &'a Article,
    /// The indices of the sentences that are shown, ascending.
    pub(crate) sentences: Vec<usize>,
}

/// What is shown of a story's articles.
pub(crate) struct Material<'a> {
    pub(crate) shown: Vec<Shown<'a>>,
}

impl<'a> Material<'a> {
    /// The articles whole.
    #[cfg(test)]
    pub(crate) fn whole(articles: &[&'a Article]) -> Self {
        Self { shown: articles.iter().map(|article| Shown::whole(article)).collect() }
    }

    /// The text for the prompt, each article in a fence of its own.
    pub(crate) fn render(&self, version: &str) -> String {
        let parts: Vec<String> = self
            .shown
            .iter()
            .enumerate()
            .filter(|(_, s)| !s.sentences.is_empty())
            .map(|(n, s)| {
                let text = numbered(s.article, n + 1, s.sentences.iter().copied());
                format!("Article a{}:\n{}", n + 1, fence(&text, version))
            })
            .collect();
        parts.join("\n\n")
    }

    /// The article and sentence index of an id such as `a1.s3`, among those shown.
    pub(crate) fn find(&self, id: &str) -> Option<(&'a Article, usize)> {
        let id = id.trim().trim_matches(['[', ']']);
        let (article, sentence) = id.split_once('.')?;
        let n: usize = article.strip_prefix('a')?.parse().ok()?;
        let shown = self.shown.get(n.checked_sub(1)?)?;
        let index = shown.article.document.index_of(sentence)?;
        shown.sentences.binary_search(&index).is_ok().then_some((shown.article, index))
    }

    /// All sentences that are shown.
    pub(crate) fn sentences(&self) -> impl Iterator<Item = (&'a Article, usize)> + '_ {
        self.shown.iter().flat_map(|s| s.sentences.iter().map(move |i| (s.article, *i)))
    }
}

impl<'a> Shown<'a> {
    pub(crate) fn whole(article: &'a Article) -> Self {
        Self { article, sentences: (0..article.document.sentences().len()).collect() }
    }
}

/// About how many bytes an id and the line's end take beside a sentence.
const ID: usize = 12;
/// About how many bytes the fence and the heading take beside an article.
const FRAME: usize = 80;

/// About how many bytes a sentence takes in a prompt.
pub(crate) fn size_of(document: &Document, sentence: usize) -> usize {
    document.sentence_text(sentence).len() + ID
}

/// About how many bytes an article takes in a prompt beside its sentences.
pub(crate) fn frame_of(article: &Article) -> usize {
    head(article).len() + FRAME
}

/// About how many bytes an article takes in a prompt when it is shown whole.
pub(crate) fn whole_size(article: &Article) -> usize {
    let document = &article.document;
    let blocks = document.blocks().len();
    let sentences = (0..document.sentences().len()).map(|i| size_of(document, i)).sum::<usize>();
    frame_of(article) + blocks + sentences
}

/// How many of `bytes` each of these sizes gets: an equal share, of which the smaller ones leave
/// to the larger ones what they do not need.
pub(crate) fn shares(sizes: &[usize], bytes: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    order.sort_by_key(|i| (sizes[*i], *i));
    let (mut left, mut out) = (bytes, vec![0; sizes.len()]);
    for (done, i) in order.iter().enumerate() {
        let given = sizes[*i].min(left / (sizes.len() - done));
        out[*i] = given;
        left -= given;
    }
    out
}

/// Divides a document into parts of at most `bytes`: on borders of blocks, and within a block only
/// where it is too large for a part of its own. Sentences that are too large are in no part.
pub(crate) fn parts(document: &Document, bytes: usize) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = Vec::new();
    let mut used = bytes;
    for block in blocks(document) {
        let whole: usize = block.clone().map(|i| size_of(document, i)).sum();
        let pieces: Vec<Range<usize>> = match whole <= bytes {
            true => vec![block],
            false => block.map(|i| i..i + 1).collect(),
        };
        for piece in pieces {
            let size: usize = piece.clone().map(|i| size_of(document, i)).sum();
            if size > bytes {
                used = bytes;
                continue;
            }
            match out.last_mut() {
                Some(last) if last.end == piece.start && used + size <= bytes => {
                    last.end = piece.end;
                    used += size;
                }
                _ => {
                    out.push(piece);
                    used = size;
                }
            }
        }
    }
    out
}

/// The sentences of each block.
fn blocks(document: &Document) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = Vec::new();
    let mut block = None;
    for (i, sentence) in document.sentences().iter().enumerate() {
        match out.last_mut() {
            Some(last) if block == Some(sentence.block) => last.end = i + 1,
            _ => out.push(i..i + 1),
        }
        block = Some(sentence.block);
    }
    out
}

fn head(article: &Article) -> String {
    let mut head = format!("Title: {}\n", one_line(&article.title));
    if let Some(site) = &article.site {
        head.push_str(&format!("Outlet: {}\n", one_line(site)));
    }
    if let Some(published) = &article.published {
        head.push_str(&format!("Published: {}\n", published.own_day()));
    }
    head
}

/// The head of article `n` and its sentences with their ids.
pub(crate) fn numbered(
    article: &Article,
    n: usize,
    sentences: impl Iterator<Item = usize>,
) -> String {
    let document = &article.document;
    let mut out = head(article);
    let mut block = None;
    for i in sentences {
        let own = document.sentences().get(i).map(|s| s.block);
        if block != own {
            out.push('\n');
            block = own;
        }
        let text = one_line(document.sentence_text(i));
        out.push_str(&format!("[a{n}.{}] {text}\n", Document::id_of(i)));
    }
    out
}

/// Text on one line, so that it cannot start a line of ours.
pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::extract::{TextOrigin, Verdict};
    use crate::text::{Language, Moment};

    pub(crate) fn article(title: &str, language: &str, text: &str) -> Article {
        let document = Document::from_text(text);
        Article {
            id: crate::text::hash::short_id(document.text()),
            url: "https://news.example/1".into(),
            verdict: Verdict::Article,
            title: title.into(),
            byline: None,
            site: Some("News Example".into()),
            published: Moment::parse("2026-01-03"),
            language: Some(Language(language.into())),
            document,
            links: Vec::new(),
            origin: TextOrigin::Page,
            way: "general".into(),
        }
    }

    #[test]
    fn sentences_are_numbered_and_found() {
        let one = article("一", "zh", "第一句话。第二句话。\n第三句话。");
        let two = article("Two", "en", "Only one sentence.");
        let material = Material::whole(&[&one, &two]);
        let text = material.render("v");
        assert!(text.contains("[a1.s3] 第三句话。") && text.contains("[a2.s1] Only one"));
        assert!(text.contains("Published: 2026-01-03"));
        assert_eq!(material.find("a1.s3").map(|(_, i)| i), Some(2));
        assert_eq!(material.find("[a2.s1]").map(|(_, i)| i), Some(0));
        assert!(material.find("a2.s2").is_none() && material.find("a3.s1").is_none());
    }

    #[test]
    fn what_the_small_do_not_need_the_large_get() {
        assert_eq!(shares(&[10, 50, 20], 100), [10, 50, 20]);
        assert_eq!(shares(&[10, 500, 400], 100), [10, 45, 45]);
        assert_eq!(shares(&[500, 20], 100), [80, 20]);
        assert_eq!(shares(&[], 100), Vec::<usize>::new());
    }

    #[test]
    fn parts_end_where_paragraphs_do() {
        let line = "This sentence is here to take room. ".repeat(4);
        let own = article("Long", "en", &format!("{line}\n{line}\n{line}\nShort one."));
        let document = &own.document;
        assert_eq!(parts(document, 400), [0..8, 8..13]);
        assert_eq!(parts(document, 100_000), vec![0..13]);
        // A paragraph that is too large alone is divided between sentences.
        assert_eq!(parts(document, 100), [0..2, 2..4, 4..6, 6..8, 8..10, 10..12, 12..13]);
        // A sentence that is too large alone is in no part.
        assert_eq!(parts(document, 25), vec![12..13]);
    }
}
