//! A text as numbered sentences in typed blocks: the form in which an article is read, shown to a
//! model and cited.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::sentence;

/// What a block of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BlockKind {
    /// Running text.
    Paragraph,
    /// A heading of the article's own.
    Heading,
    /// One item of a list.
    ListItem,
    /// A quotation set off from the text.
    Quote,
    /// Program code or preformatted text: one sentence, its lines kept.
    Code,
    /// One row of a table, cells joined by ` | `.
    TableRow,
}

/// A block and where it lies in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Its bytes in [`Document::text`].
    pub range: Range<usize>,
}

/// A sentence and where it lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// The index of its block.
    pub block: usize,
    /// Its bytes in [`Document::text`].
    pub range: Range<usize>,
}

/// A text, its blocks and its sentences. Sentence ids are `s1`, `s2` … in order of the text.
///
/// In JSON it is the list of its blocks; the rest follows from them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<(BlockKind, String)>", into = "Vec<(BlockKind, String)>")]
pub struct Document {
    text: String,
    blocks: Vec<Block>,
    sentences: Vec<Sentence>,
}

impl Document {
    /// Builds a document of blocks; empty ones are dropped. Blocks are joined by a blank line,
    /// items of a list and rows of a table by a line feed.
    pub fn from_blocks(parts: impl IntoIterator<Item = (BlockKind, String)>) -> Self {
        let mut doc = Self::default();
        for (kind, part) in parts {
            let part = part.trim();
            if part.is_empty() {
                continue;
            }
            if let Some(last) = doc.blocks.last() {
                let tight =
                    last.kind == kind && matches!(kind, BlockKind::ListItem | BlockKind::TableRow);
                doc.text.push_str(if tight { "\n" } else { "\n\n" });
            }
            let start = doc.text.len();
            doc.text.push_str(part);
            let block = doc.blocks.len();
            doc.blocks.push(Block { kind, range: start..doc.text.len() });
            let ranges = match kind {
                BlockKind::Code | BlockKind::TableRow | BlockKind::Heading => {
                    std::iter::once(0..part.len()).collect()
                }
                _ => sentence::split(part),
            };
            doc.sentences.extend(
                ranges
                    .into_iter()
                    .map(|r| Sentence { block, range: start + r.start..start + r.end }),
            );
        }
        doc
    }

    /// Reads plain text: each line that is not blank is a paragraph.
    pub fn from_text(text: &str) -> Self {
        Self::from_blocks(text.lines().map(|l| (BlockKind::Paragraph, l.to_owned())))
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The blocks, in order.
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// The text of block `index`.
    pub fn block_text(&self, index: usize) -> &str {
        self.blocks.get(index).map_or("", |b| &self.text[b.range.clone()])
    }

    /// The sentences, in order; the one at index 0 is `s1`.
    pub fn sentences(&self) -> &[Sentence] {
        &self.sentences
    }

    /// The text of the sentence at `index` (0 is `s1`).
    pub fn sentence_text(&self, index: usize) -> &str {
        self.sentences.get(index).map_or("", |s| &self.text[s.range.clone()])
    }

    /// The index of a sentence id: `s3` gives 2. `None` where no such sentence exists.
    pub fn index_of(&self, id: &str) -> Option<usize> {
        let n: usize = id.strip_prefix('s')?.parse().ok()?;
        let index = n.checked_sub(1)?;
        (index < self.sentences.len()).then_some(index)
    }

    /// The id of the sentence at `index`.
    pub fn id_of(index: usize) -> String {
        format!("s{}", index + 1)
    }

    /// Whether there is no sentence.
    pub fn is_empty(&self) -> bool {
        self.sentences.is_empty()
    }
}

impl From<Vec<(BlockKind, String)>> for Document {
    fn from(parts: Vec<(BlockKind, String)>) -> Self {
        Self::from_blocks(parts)
    }
}

impl From<Document> for Vec<(BlockKind, String)> {
    fn from(doc: Document) -> Self {
        (0..doc.blocks.len()).map(|i| (doc.blocks[i].kind, doc.block_text(i).to_owned())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_sentences_across_blocks() {
        let doc = Document::from_text("标题行\n第一句。第二句。\n\nLast one.");
        assert_eq!(doc.sentences().len(), 4);
        assert_eq!(doc.sentence_text(doc.index_of("s3").unwrap()), "第二句。");
        assert_eq!(doc.index_of("s9"), None);
        let json = serde_json::to_string(&doc).unwrap();
        assert_eq!(serde_json::from_str::<Document>(&json).unwrap(), doc);
    }
}
