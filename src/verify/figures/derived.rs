//! What a claim reckons: `由 41% 升至 67%，提高 26 个百分点`, `价格由 15 美元降到 12 美元，降低 20%`.
//!
//! From its own figures that the sources bear out, a claim may reckon a difference or a rough share.
//! What it reckons from figures of the source that it does not name is amber: an exact share would
//! find a pair that gives it by chance, so a person looks at it. Both need a word that says what was
//! reckoned.

use std::ops::Range;

use super::agree::{figures_agree, units_match};
use super::said::Figures;
use crate::text::quantity::{Quantity, Slack, Unit};

/// Words that say that a number is a change or a difference.
const CHANGE: &[&str] = &[
    "降",
    "升",
    "涨",
    "跌",
    "增",
    "减",
    "低",
    "高",
    "多",
    "少",
    "缩",
    "扩",
    "提",
    "差",
    "快",
    "慢",
    "贵",
    "便宜",
    "省",
    "掉",
    "lower",
    "higher",
    "more",
    "less",
    "fewer",
    "up",
    "down",
    "by",
    "cut",
    "cuts",
    "rise",
    "rises",
    "rose",
    "fell",
    "fall",
    "falls",
    "drop",
    "drops",
    "dropped",
    "gain",
    "gained",
    "grew",
    "growth",
    "increase",
    "increased",
    "decrease",
    "decreased",
    "reduced",
    "faster",
    "slower",
    "cheaper",
];
/// Words that say that a number is a sum.
const TOTAL: &[&str] =
    &["合计", "共计", "总计", "合共", "累计", "一共", "total", "altogether", "combined"];
/// Words that say that a share is the most that is reached.
const REACH: &[&str] = &["达", "至", "到", "为", "reach", "reaches", "to"];
/// Words that say that a number is meant roughly, though they do not stand right before it.
const ROUGH: &[&str] = &["约", "近", "大概", "about", "roughly", "nearly", "almost"];
/// Figures of one unit in a sentence beyond which any result is found by chance.
const CROWD: usize = 6;

/// What the words around a number say of how it came about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Words {
    change: bool,
    total: bool,
    reach: bool,
    rough: bool,
}

impl Words {
    /// The words of the clause before and right after the number at `span`.
    pub(super) fn around(chars: &[char], span: &Range<usize>) -> Self {
        let start = span.start.saturating_sub(12);
        let before: String = chars[start..span.start].iter().collect();
        let clause = before.rsplit(['，', '。', '；', '、', '（', ';']).next().unwrap_or("");
        let after: String = chars[span.end..].iter().take(8).collect();
        let near = format!("{clause} {after}").to_lowercase();
        let says = |words: &[&str]| {
            words.iter().any(|word| match word.is_ascii() {
                true => near.split(|c: char| !c.is_ascii_alphabetic()).any(|w| w == *word),
                false => near.contains(word),
            })
        };
        Self { change: says(CHANGE), total: says(TOTAL), reach: says(REACH), rough: says(ROUGH) }
    }
}

/// Whether `q` is the difference of two of `borne`, or about the share or multiple that two of them
/// make, or about the change from one to the other, or their sum or product where it says so.
pub(super) fn is_reckoned(q: &Quantity, borne: &[Quantity], words: &Words) -> bool {
    let rough = q.spelled || q.slack == Slack::About || words.rough || q.step >= 10.0;
    pairs(borne).any(|(a, b)| {
        if words.total && is_total(q, a, b) {
            return true;
        }
        if !units_match(a.unit, b.unit) || b.value == 0.0 {
            return false;
        }
        let share = a.value / b.value;
        let result = match (q.unit, a.unit) {
            (Unit::Points, Unit::Percent) => a.value - b.value,
            (Unit::Measure(..) | Unit::Money(_), unit) if unit == q.unit => a.value - b.value,
            (Unit::Plain, Unit::Plain) if words.change && !q.spelled => a.value - b.value,
            (Unit::Percent, _) if rough => {
                return [share, share - 1.0, 1.0 - share]
                    .into_iter()
                    .any(|part| part > 0.0 && figures_agree(q, part * 100.0));
            }
            (Unit::Times, _) if rough => share,
            _ => return false,
        };
        result > 0.0 && figures_agree(q, result)
    })
}

/// A sum of two like amounts, or so many times an amount.
fn is_total(q: &Quantity, a: &Quantity, b: &Quantity) -> bool {
    let sum = a.unit == b.unit && q.unit == a.unit && figures_agree(q, a.value + b.value);
    let times = a.unit == Unit::Plain && q.unit == b.unit && figures_agree(q, a.value * b.value);
    sum || times
}

/// What `q` may have been reckoned from, where the claim does not name all of it: a note for people.
///
/// Two figures of one sentence of a source, or a share that the claim names and another share.
pub(super) fn reckoned_from(
    q: &Quantity,
    borne: &[Quantity],
    figures: &Figures,
    words: &Words,
) -> Option<String> {
    let note = |a: &Quantity, b: &Quantity| {
        format!("not in the source; it may be reckoned from {} and {}", shown(a), shown(b))
    };
    let is_share = |s: &&Quantity| s.unit == Unit::Percent;
    if q.unit == Unit::Points && words.change {
        let all = figures.quantities.iter().filter(is_share);
        let by_claim = borne.iter().filter(is_share).flat_map(|a| all.clone().map(move |b| (a, b)));
        let differ = |a: &Quantity, b: &Quantity| figures_agree(q, (a.value - b.value).abs());
        if let Some((a, b)) = by_claim.into_iter().find(|(a, b)| differ(a, b)) {
            return Some(note(a, b));
        }
    }
    let crowded =
        |sentence: &[Quantity], unit| sentence.iter().filter(|s| s.unit == unit).count() > CROWD;
    let mut all = figures.sentences.iter().flat_map(|sentence| {
        pairs(sentence).filter(|(a, b)| !crowded(sentence, a.unit) && !crowded(sentence, b.unit))
    });
    all.find(|(a, b)| gives(q, a, b, words)).map(|(a, b)| note(a, b))
}

/// Whether two figures of one sentence give `q` in the way that its words say.
fn gives(q: &Quantity, a: &Quantity, b: &Quantity, words: &Words) -> bool {
    if words.reach && q.unit == Unit::Percent && (a.unit, b.unit) == (Unit::Percent, Unit::Points) {
        return figures_agree(q, a.value + b.value) || figures_agree(q, a.value - b.value);
    }
    if !words.change || !units_match(a.unit, b.unit) || a.value <= b.value || b.value <= 0.0 {
        return false;
    }
    match q.unit {
        Unit::Percent if a.unit != Unit::Percent => {
            let (drop, rise) = (1.0 - b.value / a.value, a.value / b.value - 1.0);
            figures_agree(q, drop * 100.0) || figures_agree(q, rise * 100.0)
        }
        Unit::Points => a.unit == Unit::Percent && figures_agree(q, a.value - b.value),
        Unit::Measure(..) | Unit::Money(_) => {
            a.unit == q.unit && figures_agree(q, a.value - b.value)
        }
        _ => false,
    }
}

/// All ordered pairs of two different ones.
fn pairs(all: &[Quantity]) -> impl Iterator<Item = (&Quantity, &Quantity)> {
    all.iter().enumerate().flat_map(move |(i, a)| {
        let others = all.iter().enumerate().filter(move |(j, _)| *j != i);
        others.map(move |(_, b)| (a, b))
    })
}

fn shown(q: &Quantity) -> String {
    let unit = match q.unit {
        Unit::Percent => " %",
        Unit::Points => " points",
        _ => "",
    };
    format!("{}{unit}", q.value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Document;
    use crate::text::quantity::{Fact, scan};
    use crate::verify::{SourceText, check_text};

    fn quantities(text: &str) -> Vec<Quantity> {
        let quantity = |fact| match fact {
            Fact::Quantity(q) => Some(q),
            _ => None,
        };
        scan(text).into_iter().filter_map(|f| quantity(f.fact)).collect()
    }

    /// Whether the last number of `claim` is reckoned from the others.
    fn reckoned(claim: &str) -> bool {
        let all = quantities(claim);
        let (last, borne) = all.split_last().unwrap();
        let span = scan(claim).pop().unwrap().span;
        let chars: Vec<char> = claim.chars().collect();
        is_reckoned(last, borne, &Words::around(&chars, &span))
    }

    #[test]
    fn differences_of_like_figures() {
        assert!(reckoned("由41%升至67%，提高26个百分点"));
        assert!(!reckoned("由41%升至67%，提高27个百分点"));
        assert!(reckoned("由203公里减到161公里，少了42公里"));
        assert!(!reckoned("由203公里减到161小时，少了42公里"));
        assert!(reckoned("由79.2分降到54.6分，下降24.6"));
        assert!(!reckoned("得分为79.2和54.6，另有24.6"), "no word says that it is a difference");
    }

    #[test]
    fn shares_and_multiples_only_roughly() {
        assert!(reckoned("由410毫秒缩短到165毫秒，缩短约六成"));
        assert!(!reckoned("由410毫秒缩短到165毫秒，缩短59.8%"), "an exact share is not taken");
        assert!(reckoned("由2350个提高到6480个，约为2.8倍"));
        assert!(!reckoned("由2350个提高到6480个，约为3.8倍"));
        assert!(reckoned("由180小时提高到1100小时，约为原来的6倍"));
    }

    #[test]
    fn totals_where_they_are_called_so() {
        assert!(reckoned("28台14兆瓦的轮机，合计近400兆瓦"));
        assert!(!reckoned("28台14兆瓦的轮机，约500兆瓦"));
        assert!(reckoned("债务52亿美元，股本22亿美元，合计74亿美元"));
    }

    /// Severity and text of each finding.
    fn found(source: &str, claim: &str) -> Vec<(String, String)> {
        let document = Document::from_text(source);
        let source = SourceText::new("a", &document);
        let all = check_text(claim, &[source]);
        all.into_iter().map(|f| (format!("{:?}", f.severity), f.text)).collect()
    }

    #[test]
    fn what_the_claim_does_not_name_is_amber() {
        let source =
            "It costs $12 per million tokens, down from $15.\nThe other one is 7 years old.";
        let amber = |text: &str| vec![("Amber".to_owned(), text.to_owned())];
        let red = |text: &str| vec![("Red".to_owned(), text.to_owned())];
        assert_eq!(found(source, "输出价格降低 20%"), amber("20%"));
        assert_eq!(found(source, "输出价格降低 35%"), red("35%"));
        assert_eq!(found(source, "占比为 20%"), red("20%"));
        let source = "补贴比例为30%，使用国产芯片的再上浮5个百分点。";
        assert_eq!(found(source, "使用国产芯片的可达35%"), amber("35%"));
        let source = "敏感度为82.4%。\n上调阈值后，敏感度降到79.5%。";
        assert_eq!(found(source, "敏感度降到79.5%，低了2.9个百分点"), amber("2.9个百分点"));
        assert_eq!(found(source, "敏感度降到79.5%，低了3.9个百分点"), red("3.9个百分点"));
    }
}
