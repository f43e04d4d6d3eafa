//! Why each article belongs to its story.

use super::evidence::IMPOSSIBLE;
use super::{Bond, Grown, SURE, Verdicts};

/// Of a large story this many articles, the earliest, are looked at for each.
const LOOKED_AT: usize = 12;

/// What a feature must add to the evidence to be named.
const NAMED: f64 = 0.4;

/// A bond for each article of a story of several, by id.
pub(super) fn bonds(
    stories: &[Vec<usize>],
    grown: &Grown<'_>,
    verdicts: &Verdicts,
    name: &dyn Fn(usize) -> String,
) -> Vec<Bond> {
    let mut out = Vec::new();
    for story in stories.iter().filter(|s| s.len() > 1) {
        for member in story {
            let others = story.iter().filter(|o| *o != member).take(LOOKED_AT);
            let best = others
                .map(|other| {
                    let (a, b) = (*member.min(other), *member.max(other));
                    let evidence = verdicts.evidence(a, b, || grown.corpus.evidence(a, b));
                    (evidence, std::cmp::Reverse(*other))
                })
                .max_by(|x, y| x.0.total_cmp(&y.0).then(x.1.cmp(&y.1)));
            let Some((evidence, std::cmp::Reverse(other))) = best else { continue };
            let (a, b) = (*member.min(&other), *member.max(&other));
            let (by, evidence) = if evidence >= SURE && verdicts.get(a, b) == Some(true) {
                (vec!["told".to_owned()], evidence)
            } else if evidence <= IMPOSSIBLE {
                (vec!["across_languages".to_owned()], 0.0)
            } else {
                (shared(grown, a, b), evidence)
            };
            out.push(Bond {
                id: name(*member),
                with: name(other),
                by,
                evidence: (evidence * 100.0).round() / 100.0,
            });
        }
    }
    out.sort_by(|x, y| x.id.cmp(&y.id));
    out
}

/// What a pair shares that weighs, the weightiest first.
fn shared(grown: &Grown<'_>, a: usize, b: usize) -> Vec<String> {
    let mut parts = grown.corpus.parts(a, b);
    parts.retain(|(_, weight)| *weight >= NAMED);
    parts.sort_by(|x, y| y.1.total_cmp(&x.1).then(x.0.cmp(y.0)));
    parts.into_iter().map(|(part, _)| part.to_owned()).collect()
}
