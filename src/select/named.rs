//! Whether an answer speaks of the thing whose id it bears: an exchange of ids is seen by the words
//! that the answer repeats of a title.
//!
//! A model that is asked about several things at once repeats, beside each id, how the thing's title
//! begins. These words are held against all titles of the question. A model copies imperfectly (case,
//! width, signs, a cut, a letter), so the words need not be the title's own; they must be nearer to
//! it than to any other. Words that are near to none (a translation, a blank) name nothing: such an
//! item is taken only where the whole answer keeps the order of the question, so that a model that
//! cannot copy is not asked again for each thing.

use std::collections::BTreeSet;

use crate::text::similarity::{Term, units};

/// How many units of a title the model is asked to repeat: words, in Chinese characters.
const BEGINNING: usize = 8;
/// The most units of an answer's words that are looked at.
const LOOKED_AT: usize = 40;
/// Words of which less than this part stands in a title, in its order, do not name it.
const NAMES: f64 = 0.5;

/// How a model is asked to repeat a title.
pub(super) const HOW: &str = "how its title begins, copied as it stands and in its own language, not translated: eight words, in Chinese twelve characters, or all of a shorter one";

/// What two things of one question must not share: then no answer could tell them apart.
type Beginning = Vec<Vec<Term>>;

/// One thing of a question by its title, or by two where it is a pair.
#[derive(Clone, Debug)]
pub(super) struct Name(Vec<Vec<Term>>);

impl Name {
    /// The name of a thing with these titles.
    pub(super) fn new(titles: &[&str]) -> Self {
        Self(titles.iter().map(|t| units(t)).collect())
    }

    fn beginning(&self) -> Beginning {
        let mut out: Beginning =
            self.0.iter().map(|t| t[..t.len().min(BEGINNING)].to_vec()).collect();
        out.sort();
        out
    }

    /// How near `words` come to it, with the sides of a pair in the better order.
    fn nearness(&self, words: &[Vec<Term>]) -> Nearness {
        let sides = |turned: bool| {
            let count = self.0.len().max(1);
            let mut all = Nearness { part: 0.0, whole: true };
            for (i, title) in self.0.iter().enumerate() {
                let of = words.get(if turned { count - 1 - i } else { i });
                let one = nearness(of.map_or(&[], Vec::as_slice), title);
                all.part += one.part / count as f64;
                all.whole &= one.whole;
            }
            all
        };
        let (straight, turned) = (sides(false), sides(true));
        if turned.part > straight.part { turned } else { straight }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
struct Nearness {
    /// The part of the words that stands in the title, in its order.
    part: f64,
    /// The words tell all of its beginning.
    whole: bool,
}

/// Which of a question's things some words name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// The one whose id they stand beside.
    Own,
    /// Another one, by its place.
    Other(usize),
    /// It and others alike.
    Several,
    /// None.
    Nothing,
}

/// What `words` beside the id of `names[place]` name.
pub(super) fn named(names: &[Name], place: usize, words: &[&str]) -> Named {
    let words: Vec<Vec<Term>> =
        words.iter().map(|w| units(w).into_iter().take(LOOKED_AT).collect()).collect();
    let of = |i: usize| names.get(i).map(|name| name.nearness(&words));
    let Some(own) = of(place) else { return Named::Nothing };
    let others = (0..names.len()).filter(|i| *i != place);
    let near = others.filter_map(|i| of(i).map(|n| (i, n)));
    let nearest = near.fold(None, |best: Option<(usize, Nearness)>, one| match best {
        Some(best) if best.1 >= one.1 => Some(best),
        _ => Some(one),
    });
    let (other, best) = nearest.unwrap_or((place, Nearness { part: 0.0, whole: false }));
    if own.part < NAMES && best.part < NAMES {
        Named::Nothing
    } else if own > best {
        Named::Own
    } else if best > own {
        Named::Other(other)
    } else {
        Named::Several
    }
}

/// How near `words` come to some stretch of `title`, by what must be changed in them (Sellers, “The
/// theory and computation of evolutionary distances”, 1980: edit distance with free ends).
fn nearness(words: &[Term], title: &[Term]) -> Nearness {
    if words.is_empty() || title.is_empty() {
        return Nearness { part: 0.0, whole: false };
    }
    let mut row = vec![0usize; title.len() + 1];
    for (i, word) in words.iter().enumerate() {
        let mut before = row[0];
        row[0] = i + 1;
        for (j, unit) in title.iter().enumerate() {
            let changed = before + usize::from(word != unit);
            before = row[j + 1];
            row[j + 1] = changed.min(before + 1).min(row[j] + 1);
        }
    }
    let edits = row.into_iter().min().unwrap_or(words.len()).min(words.len());
    let kept = words.len() - edits;
    Nearness {
        part: kept as f64 / words.len() as f64,
        whole: edits == 0 && kept >= title.len().min(BEGINNING),
    }
}

/// Whether the places that an answer speaks of, in its order, are in that of the question.
pub(super) fn in_order(places: &[usize]) -> bool {
    places.windows(2).all(|w| w[0] < w[1])
}

/// `items` in batches of at most `most`, no two with the same beginning of a name in one. Each goes
/// to the first that takes it, so that without a whole batch the others stay as they are.
pub(super) fn batches<T>(
    items: impl IntoIterator<Item = T>,
    most: usize,
    name: impl Fn(&T) -> Name,
) -> Vec<Vec<T>> {
    let mut out: Vec<(BTreeSet<Beginning>, Vec<T>)> = Vec::new();
    for item in items {
        let beginning = name(&item).beginning();
        let takes = |(has, batch): &&mut (BTreeSet<_>, Vec<T>)| {
            batch.len() < most && !has.contains(&beginning)
        };
        match out.iter_mut().find(takes) {
            Some((has, batch)) => {
                has.insert(beginning);
                batch.push(item);
            }
            None => out.push((BTreeSet::from([beginning]), vec![item])),
        }
    }
    out.into_iter().map(|(_, batch)| batch).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TITLES: [&str; 6] = [
        "观澜实验室发布开放权重的微光-3模型，推理成本下降38%",
        "观澜实验室开源微光-3的训练数据",
        "Harbour Robotics opens the design of its four-finger gripper",
        "Harbour Robotics raises prices of grippers by 8%",
        "OpenWeave 发布 Loom",
        "OpenWeave 发布 Loom 2 与配套的调度器",
    ];

    fn of(place: usize, words: &str) -> Named {
        let names: Vec<Name> = TITLES.iter().map(|t| Name::new(&[t])).collect();
        named(&names, place, &[words])
    }

    #[test]
    fn an_imperfect_copy_names_its_own() {
        for (place, words) in [
            (0, "观澜实验室发布开放权重的"),
            (0, "观澜实验室发布开放权重模型微光3"),
            (1, "《观澜实验室开源微光－３…》"),
            (2, "HARBOUR ROBOTICS opens the desing of its"),
            (2, "opens the design of its four-finger gripper"),
            (3, "Harbour Robotics raises pri"),
            (4, "OpenWeave发布Loom"),
            (5, "OpenWeave 发布 Loom 2"),
        ] {
            assert_eq!(of(place, words), Named::Own, "{words}");
        }
    }

    #[test]
    fn the_words_of_another_name_the_other() {
        for (place, title) in TITLES.iter().enumerate() {
            let beginning: String = title.chars().take(24).collect();
            for other in (0..TITLES.len()).filter(|o| *o != place) {
                assert_eq!(of(other, &beginning), Named::Other(place), "{beginning} for {other}");
            }
        }
    }

    #[test]
    fn words_of_both_or_of_none_are_told_apart() {
        assert_eq!(of(2, "Harbour Robotics"), Named::Several);
        for nothing in ["", "港口机器人公司公开夹爪的设计", "…", "Guanlan Lab opens weights"]
        {
            assert_eq!(of(2, nothing), Named::Nothing, "{nothing}");
        }
        assert_eq!(named(&[Name::new(&[""])], 0, &["x"]), Named::Nothing);
    }

    #[test]
    fn a_pair_is_named_by_both_sides_in_either_order() {
        let pair = |a: usize, b: usize| Name::new(&[TITLES[a], TITLES[b]]);
        let names = [pair(0, 1), pair(0, 2), pair(3, 2)];
        let words = |a: usize, b: usize| [TITLES[a], TITLES[b]];
        assert_eq!(named(&names, 0, &words(0, 1)), Named::Own);
        assert_eq!(named(&names, 0, &words(1, 0)), Named::Own);
        assert_eq!(named(&names, 0, &words(2, 0)), Named::Other(1));
        assert_eq!(named(&names, 2, &words(0, 1)), Named::Other(0));
    }

    #[test]
    fn what_begins_alike_is_not_asked_together() {
        let titles = ["日报：一", "港口机器人公司公开夹爪", "日报：一", "日报：二", "日报:一"];
        let got = batches(titles, 3, |t| Name::new(&[t]));
        assert_eq!(got, [vec![titles[0], titles[1], titles[3]], vec![titles[2]], vec![titles[4]]]);
        // Without one whole batch the others are the same.
        let rest = batches([titles[2], titles[4]], 3, |t| Name::new(&[t]));
        assert_eq!(rest, got[1..]);
        assert!(
            in_order(&[]) && in_order(&[0, 2, 3]) && !in_order(&[0, 2, 2]) && !in_order(&[1, 0])
        );
    }
}
