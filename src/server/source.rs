//! A text of the issue beside the articles it rests on: cited sentences marked, and the numbers,
//! names and quotations that stand on both sides.

use std::ops::Range;

use serde::Serialize;

use super::paper::{safe, shown_host};
use super::runs::{Mark, Run, marked};
use super::words::Words;
use crate::extract::Article;
use crate::review::Checked;
use crate::review::sides::{Shown, Sides};
use crate::text::BlockKind;
use crate::verify::Origin;

/// What the panel shows.
#[derive(Serialize)]
pub(super) struct SourceView {
    claim: Vec<Run>,
    note: String,
    articles: Vec<ArticleView>,
}

#[derive(Serialize)]
struct ArticleView {
    title: String,
    url: String,
    host: String,
    date: String,
    byline: String,
    blocks: Vec<BlockView>,
}

#[derive(Serialize)]
struct BlockView {
    heading: bool,
    sentences: Vec<SentenceView>,
}

#[derive(Serialize)]
struct SentenceView {
    id: String,
    cited: bool,
    likely: bool,
    runs: Vec<QuotedRun>,
    gap: &'static str,
}

#[derive(Serialize)]
struct QuotedRun {
    quoted: bool,
    text: String,
    matched: bool,
}

/// Lays out `text` and its articles.
pub(super) fn source(
    text: &Checked,
    sides: &Sides,
    articles: &[&Article],
    words: &Words,
) -> SourceView {
    let parts = sides.parts.iter();
    let marks = parts.map(|p| Mark {
        span: p.span,
        class: if p.at.is_empty() && !sides.sentences.is_empty() { "miss" } else { "match" },
    });
    let marks = if sides.sentences.is_empty() { Vec::new() } else { marks.collect() };
    let word = |key| words.get("words", key).to_owned();
    let note = if articles.is_empty() {
        word("no_article")
    } else if text.origin == Some(Origin::Editor) {
        word("editor_wrote")
    } else if text.evidence.is_empty() {
        word("no_evidence")
    } else {
        String::new()
    };
    SourceView {
        claim: marked(&text.text, marks),
        note,
        articles: articles.iter().map(|a| article(a, sides)).collect(),
    }
}

fn article(article: &Article, sides: &Sides) -> ArticleView {
    let document = &article.document;
    let mut blocks: Vec<BlockView> = Vec::new();
    let mut last = None;
    for (index, sentence) in document.sentences().iter().enumerate() {
        if last != Some(sentence.block) {
            let kind = document.blocks().get(sentence.block).map(|b| b.kind);
            let heading = kind == Some(BlockKind::Heading);
            blocks.push(BlockView { heading, sentences: Vec::new() });
            last = Some(sentence.block);
        }
        let next = document.sentences().get(index + 1).filter(|n| n.block == sentence.block);
        let apart = next.is_some_and(|n| n.range.start > sentence.range.end);
        if let Some(block) = blocks.last_mut() {
            block.sentences.push(self::sentence(article, index, sides, apart));
        }
    }
    ArticleView {
        title: article.title.clone(),
        url: safe(&article.url),
        host: shown_host(&article.url),
        date: article.published.map(|p| p.own_day().to_string()).unwrap_or_default(),
        byline: article.byline.clone().unwrap_or_default(),
        blocks,
    }
}

fn sentence(article: &Article, index: usize, sides: &Sides, apart: bool) -> SentenceView {
    let id = crate::text::Document::id_of(index);
    let own = |s: &&Shown| s.article == article.id && s.sentence == id;
    let shown = sides.sentences.iter().find(own);
    let text = article.document.sentence_text(index);
    let here = sides.parts.iter().flat_map(|p| &p.at);
    let marks = here
        .filter(|s| s.article == article.id && s.sentence == id)
        .map(|s| Mark { span: s.span, class: "match" });
    let quote = shown.and_then(|s| s.quote).map(|[from, to]| from..to);
    SentenceView {
        cited: shown.is_some_and(|s| s.likeness.is_none()),
        likely: shown.is_some_and(|s| s.likeness.is_some()),
        runs: quoted(marked(text, marks.collect()), quote),
        gap: if apart { " " } else { "" },
        id,
    }
}

/// Cuts runs at the ends of the quote.
fn quoted(runs: Vec<Run>, quote: Option<Range<usize>>) -> Vec<QuotedRun> {
    let mut out: Vec<QuotedRun> = Vec::new();
    let mut at = 0;
    for run in runs {
        let matched = !run.mark.is_empty();
        let mut fresh = true;
        for c in run.text.chars() {
            let inside = quote.as_ref().is_some_and(|q| q.contains(&at));
            match out.last_mut() {
                Some(last) if !fresh && last.quoted == inside => last.text.push(c),
                _ => out.push(QuotedRun { quoted: inside, text: c.to_string(), matched }),
            }
            fresh = false;
            at += 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_cut_where_the_quote_begins_and_ends() {
        let runs = marked("成本下降38%。", vec![Mark { span: [4, 7], class: "match" }]);
        let shown: Vec<String> = quoted(runs, Some(2..5))
            .iter()
            .map(|r| {
                let text = if r.matched { format!("<{}>", r.text) } else { r.text.clone() };
                if r.quoted { format!("[{text}]") } else { text }
            })
            .collect();
        assert_eq!(shown, ["成本", "[下降]", "[<3>]", "<8%>", "。"]);
    }
}
