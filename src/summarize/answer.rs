//! From a model's answer to an entry: what it must show, what is taken out, what is sent back.
//! Whether a claim says what its sentences say is not judged here: that is `verify`'s. Pure.

use serde::Deserialize;
use serde_json::Value;

use super::clean::prose;
use super::limits::Limits;
use super::material::Material;
use super::model::Dropped;
use super::quote;
use super::shape::{Answer, Item, Point};
use super::{Detail, Entry, KeyPoint};
use crate::extract::Article;
use crate::text::{Document, Language, sentence};
use crate::verify::{Claim, Evidence, Finding, Origin};

/// What an answer gives: the part of it that can be proved, and what is wrong with the rest.
pub(crate) struct Read {
    /// `None` where no summary sentence shows what it rests on.
    pub(crate) entry: Option<Entry>,
    pub(crate) dropped: Vec<Dropped>,
    /// In words for the model.
    pub(crate) complaints: Vec<String>,
}

/// Reads `answer` against what the model was shown.
pub(crate) fn read(
    answer: &Value,
    story: &str,
    material: &Material<'_>,
    wanted: &Language,
) -> Read {
    let mut reader = Reader {
        material,
        wanted,
        limits: Limits::of(wanted),
        dropped: Vec::new(),
        complaints: Vec::new(),
    };
    let entry = match Answer::deserialize(answer) {
        Ok(answer) => reader.entry(answer, story),
        Err(error) => {
            reader.complaints.push(format!("the answer does not follow the schema: {error}"));
            None
        }
    };
    Read { entry, dropped: reader.dropped, complaints: reader.complaints }
}

/// Reads one claim: `None` where it does not show what it rests on; and what is wrong with it, in
/// words for the model.
pub(crate) fn read_claim(
    answer: &Value,
    material: &Material<'_>,
    wanted: &Language,
) -> (Option<Claim>, Vec<String>) {
    let limits = Limits::of(wanted);
    let (dropped, complaints) = (Vec::new(), Vec::new());
    let mut reader = Reader { material, wanted, limits, dropped, complaints };
    let claim = match Item::deserialize(answer) {
        Ok(item) => reader.claim("text", &item).map(|claim| ended(claim, wanted)),
        Err(error) => {
            reader.complaints.push(format!("the answer does not follow the schema: {error}"));
            None
        }
    };
    (claim, reader.complaints)
}

struct Reader<'a> {
    material: &'a Material<'a>,
    wanted: &'a Language,
    limits: Limits,
    dropped: Vec<Dropped>,
    complaints: Vec<String>,
}

impl Reader<'_> {
    fn entry(&mut self, answer: Answer, story: &str) -> Option<Entry> {
        let title = self.words("title", &answer.title);
        self.complaints.extend(self.limits.title(&title));
        self.complaints.extend(self.limits.counts(answer.summary.len(), answer.key_points.len()));
        let mut summary = Vec::new();
        for (i, item) in answer.summary.iter().enumerate() {
            if let Some(claim) = self.claim(&format!("summary[{i}]"), item) {
                summary.extend(split(claim, self.wanted));
            }
        }
        let mut key_points = Vec::new();
        for (i, point) in answer.key_points.iter().enumerate() {
            key_points.extend(self.key_point(&format!("key_points[{i}]"), point));
        }
        if summary.is_empty() || title.is_empty() {
            return None;
        }
        Some(Entry {
            story: story.to_owned(),
            title,
            summary,
            key_points,
            highlight: None,
            writer: Origin::Model,
        })
    }

    fn key_point(&mut self, at: &str, point: &Point) -> Option<KeyPoint> {
        let heading = self.words(&format!("{at}.heading"), &point.heading);
        if point.details.is_empty() {
            self.complain(at, "has no details");
        }
        let mut details = Vec::new();
        for (i, detail) in point.details.iter().enumerate() {
            let at = format!("{at}.details[{i}]");
            let lead = self.words(&format!("{at}.lead"), &detail.lead);
            let Some(claim) = self.claim(&at, &detail.item) else {
                continue;
            };
            if let Some(long) = self.limits.detail(&claim.text) {
                self.complain(&at, &long);
            }
            let claim = ended(claim, self.wanted);
            details.push(Detail { lead: lead.trim_end_matches(['：', ':']).to_owned(), claim });
        }
        if heading.is_empty() {
            let lost = details.drain(..).map(|d| Dropped {
                text: d.claim.text,
                why: "its key point has no heading".to_owned(),
            });
            self.dropped.extend(lost);
        }
        (!details.is_empty()).then_some(KeyPoint { heading, details })
    }

    /// A title, heading or lead: words without evidence.
    fn words(&mut self, at: &str, text: &str) -> String {
        let (text, findings) = prose(text);
        self.flagged(at, &findings);
        if text.is_empty() {
            self.complain(at, "is empty");
        }
        text
    }

    /// A claim that shows what it rests on; otherwise it is left out and named.
    fn claim(&mut self, at: &str, item: &Item) -> Option<Claim> {
        let (text, findings) = prose(&item.text);
        self.flagged(at, &findings);
        if text.is_empty() {
            self.complain(at, "is empty");
            return None;
        }
        let evidence = match self.evidence(at, item) {
            Ok(evidence) => evidence,
            Err(why) => {
                self.complain(at, &why);
                self.dropped.push(Dropped { text, why });
                return None;
            }
        };
        Some(Claim {
            text,
            origin: Some(Origin::Model),
            evidence: Some(evidence),
            findings: (!findings.is_empty()).then_some(findings),
        })
    }

    /// The sentences a claim cites, the one with its quote first.
    fn evidence(&mut self, at: &str, item: &Item) -> Result<Vec<Evidence>, String> {
        let mut cited = Vec::new();
        for id in &item.sentences {
            match self.material.find(id) {
                Some(found) if !cited.contains(&found) => cited.push(found),
                Some(_) => {}
                None => self.complain(at, &format!("cites `{id}`, which does not exist")),
            }
        }
        if cited.is_empty() {
            return Err("cites no sentence that exists".to_owned());
        }
        let quoted = |(article, index): &(&Article, usize)| {
            quote::find(article.document.sentence_text(*index), &item.quote).map(str::to_owned)
        };
        // A quote that stands in a sentence next to the cited ones is as good, once it is cited.
        let all: Vec<_> = cited.iter().copied().chain(self.material.sentences()).collect();
        let Some((home, words)) = all.iter().find_map(|s| Some((*s, quoted(s)?))) else {
            return Err(format!(
                "its quote `{}` stands letter for letter in no sentence",
                item.quote.chars().take(60).collect::<String>()
            ));
        };
        let mut evidence = vec![evidence_of(home, words)];
        for other in cited.into_iter().filter(|c| *c != home) {
            let words = quote::opening(other.0.document.sentence_text(other.1));
            evidence.push(evidence_of(other, words));
        }
        Ok(evidence)
    }

    fn flagged(&mut self, at: &str, findings: &[Finding]) {
        for finding in findings {
            let what =
                format!("holds `{}`; write plain prose without links or markup", finding.text);
            self.complain(at, &what);
        }
    }

    fn complain(&mut self, at: &str, what: &str) {
        self.complaints.push(format!("`{at}` {what}"));
    }
}

fn evidence_of((article, index): (&Article, usize), quote: String) -> Evidence {
    Evidence { article: article.id.clone(), sentence: Document::id_of(index), quote }
}

/// One claim a sentence, each with the same evidence, each ended by a full stop: joining the
/// summary and splitting it again are inverses.
fn split(claim: Claim, wanted: &Language) -> Vec<Claim> {
    let ranges = sentence::split(&claim.text);
    let mut findings = claim.findings.clone();
    ranges
        .into_iter()
        .map(|r| {
            let one = Claim {
                text: claim.text[r].to_owned(),
                findings: findings.take(),
                ..claim.clone()
            };
            ended(one, wanted)
        })
        .collect()
}

/// Ended as a sentence of the language is, so that nothing runs into what follows.
pub(crate) fn ended(mut claim: Claim, wanted: &Language) -> Claim {
    const ENDS: [char; 7] = ['。', '！', '？', '…', '.', '!', '?'];
    const CLOSING: [char; 9] = ['"', '\'', '”', '’', '」', '』', ')', '）', '》'];
    let text = claim.text.trim_end_matches(['；', ';', '，', ',', '：', ':']);
    let closed = text.trim_end_matches(CLOSING).ends_with(ENDS);
    claim.text = match (closed, wanted.is_chinese()) {
        (true, _) => text.to_owned(),
        (false, true) => format!("{text}。"),
        (false, false) => format!("{text}."),
    };
    claim
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::summarize::material::tests::article;

    fn read_answer(answer: &Value) -> Read {
        let text = "观澜实验室周六发布微光-3，参数量320亿。\n查询成本下降38%，不支持超长提示。";
        let own = article("微光-3", "zh", text);
        let material = Material::whole(&[&own]);
        read(answer, "s", &material, &Language("zh-CN".into()))
    }

    fn item(text: &str, sentence: &str, quote: &str) -> Value {
        json!({"text": text, "sentences": [sentence], "quote": quote})
    }

    #[test]
    fn two_sentences_of_an_item_are_two_claims() {
        let both = "微光-3的参数量为320亿。它由观澜实验室发布";
        let answer = json!({"title": "观澜实验室发布微光-3模型", "key_points": [],
            "summary": [item(both, "a1.s1", "参数量320亿")]});
        let entry = read_answer(&answer).entry.unwrap();
        let texts: Vec<&str> = entry.summary.iter().map(|c| c.text.as_str()).collect();
        assert_eq!(texts, ["微光-3的参数量为320亿。", "它由观澜实验室发布。"]);
    }

    #[test]
    fn a_quote_of_a_neighbour_is_cited_with_its_own_sentence() {
        let answer = json!({"title": "观澜实验室发布微光-3模型", "key_points": [],
            "summary": [item("查询成本下降38%。", "a1.s1", "查询成本下降 38%")]});
        let read = read_answer(&answer);
        let evidence = read.entry.unwrap().summary[0].evidence.clone().unwrap();
        let cited: Vec<&str> = evidence.iter().map(|e| e.sentence.as_str()).collect();
        assert_eq!(cited, ["s2", "s1"]);
        assert_eq!(evidence[0].quote, "查询成本下降38%");
        assert!(read.dropped.is_empty());
    }

    #[test]
    fn what_the_format_asks_for_is_named() {
        let answer = json!({"title": "观澜实验室发布微光-3模型？", "key_points": [],
            "summary": [item("参数量为320亿。", "a1.s1", "参数量320亿")]});
        let complaints = read_answer(&answer).complaints.join("\n");
        for wanted in ["question", "`summary` has 1", "`key_points` has 0"] {
            assert!(complaints.contains(wanted), "{wanted}: {complaints}");
        }
    }

    #[test]
    fn sentences_end_once() {
        let end = |text: &str, tag: &str| {
            let claim = Claim { text: text.into(), ..Claim::default() };
            ended(claim, &Language(tag.into())).text
        };
        assert_eq!(end("他说：“开放。”", "zh"), "他说：“开放。”");
        assert_eq!(end("权重开放；", "zh"), "权重开放。");
        assert_eq!(end("He said \"open.\"", "en"), "He said \"open.\"");
        assert_eq!(end("It is open (in part)", "en"), "It is open (in part).");
    }
}
