//! Articles as a model sees them: numbered sentences in a fence, and what of them had no room.
//! Pure.

use super::model::Cut;
use crate::extract::Article;
use crate::model::fence;
use crate::text::Document;

/// The most articles of one story that are shown.
pub(crate) const ARTICLES: usize = 3;

/// One article of a question: `a1`, `a2` or `a3`.
pub(crate) struct Shown<'a> {
    pub(crate) article: &'a Article,
    /// How many of its sentences are shown, from the first.
    pub(crate) sentences: usize,
}

/// What is shown of a story's articles.
pub(crate) struct Material<'a> {
    pub(crate) shown: Vec<Shown<'a>>,
}

impl<'a> Material<'a> {
    /// As many whole blocks of the articles as `bytes` hold, those of the first article first.
    pub(crate) fn fit(articles: &[&'a Article], bytes: usize) -> Self {
        let mut left = bytes;
        let mut shown = Vec::new();
        for article in articles.iter().take(ARTICLES) {
            let head = head(article).len();
            let (mut sentences, mut used) = (0, head);
            for (end, size) in blocks(&article.document) {
                if used + size > left {
                    break;
                }
                used += size;
                sentences = end;
            }
            left -= if sentences == 0 { 0 } else { used };
            shown.push(Shown { article, sentences });
        }
        Self { shown }
    }

    /// The articles that are not shown whole.
    pub(crate) fn cuts(&self) -> Vec<Cut> {
        self.shown
            .iter()
            .map(|s| Cut {
                article: s.article.id.clone(),
                shown: s.sentences,
                of: s.article.document.sentences().len(),
            })
            .filter(|c| c.shown < c.of)
            .collect()
    }

    /// The text for the prompt, each article in a fence of its own.
    pub(crate) fn render(&self, version: &str) -> String {
        let parts: Vec<String> = self
            .shown
            .iter()
            .enumerate()
            .filter(|(_, s)| s.sentences > 0)
            .map(|(n, s)| {
                let text = numbered(s.article, n + 1, s.sentences);
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
        (index < shown.sentences).then_some((shown.article, index))
    }

    /// All sentences that are shown.
    pub(crate) fn sentences(&self) -> impl Iterator<Item = (&'a Article, usize)> + '_ {
        self.shown.iter().flat_map(|s| (0..s.sentences).map(move |i| (s.article, i)))
    }
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

fn numbered(article: &Article, n: usize, sentences: usize) -> String {
    let document = &article.document;
    let mut out = head(article);
    let mut block = None;
    for (i, sentence) in document.sentences().iter().take(sentences).enumerate() {
        if block != Some(sentence.block) {
            out.push('\n');
            block = Some(sentence.block);
        }
        let text = one_line(document.sentence_text(i));
        out.push_str(&format!("[a{n}.{}] {text}\n", Document::id_of(i)));
    }
    out
}

/// For each block, the number of sentences up to its end, and about how many bytes it takes.
fn blocks(document: &Document) -> Vec<(usize, usize)> {
    const ID: usize = 12;
    let mut out: Vec<(usize, usize)> = Vec::new();
    let mut block = None;
    for (i, sentence) in document.sentences().iter().enumerate() {
        let size = sentence.range.len() + ID;
        match out.last_mut() {
            Some(last) if block == Some(sentence.block) => {
                last.0 = i + 1;
                last.1 += size;
            }
            _ => out.push((i + 1, size + 1)),
        }
        block = Some(sentence.block);
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
        let material = Material::fit(&[&one, &two], 10_000);
        let text = material.render("v");
        assert!(text.contains("[a1.s3] 第三句话。") && text.contains("[a2.s1] Only one"));
        assert!(text.contains("Published: 2026-01-03"));
        assert_eq!(material.find("a1.s3").map(|(_, i)| i), Some(2));
        assert_eq!(material.find("[a2.s1]").map(|(_, i)| i), Some(0));
        assert!(material.find("a2.s2").is_none() && material.find("a3.s1").is_none());
        assert!(material.cuts().is_empty());
    }

    #[test]
    fn what_has_no_room_is_cut_at_a_paragraph_and_named() {
        let line = "This sentence is here to take room in the prompt. ".repeat(4);
        let one = article("Long", "en", &format!("{line}\n{line}\n{line}"));
        let two = article("Other", "en", &line);
        let material = Material::fit(&[&one, &two], 620);
        let cuts = material.cuts();
        assert_eq!((cuts[0].shown, cuts[0].of), (8, 12));
        assert_eq!((cuts[1].shown, cuts[1].of), (0, 4));
        assert!(material.find("a1.s9").is_none());
        assert!(!material.render("v").contains("a2"));
    }
}
