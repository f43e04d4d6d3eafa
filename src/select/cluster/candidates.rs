//! Which pairs are worth comparing: those near in their lead or in their weightiest words.

use std::collections::BTreeSet;

use crate::text::similarity::{Term, TermMap};

use super::evidence::Weighed;
use super::{WINDOW_HOURS, hours};

/// How many of a text's weightiest terms find it.
const FINDING: usize = 48;

/// How many candidates each article takes, by lead and by body.
const NEAREST: usize = 20;

/// The least likeness worth a look.
const LEAST: f64 = 0.08;

/// Pairs `(a, b)` with `a < b`, in order. An article may stand in many pairs that others chose.
pub(super) fn pairs(articles: &[Weighed<'_>]) -> Vec<(usize, usize)> {
    let leads = articles.iter().map(|p| weightiest(&p.lead.entries, p.lead.norm, usize::MAX));
    let bodies = articles.iter().map(|p| weightiest(&p.body.entries, p.body.norm, FINDING));
    let mut out = BTreeSet::new();
    near(articles, &leads.collect::<Vec<_>>(), &mut out);
    near(articles, &bodies.collect::<Vec<_>>(), &mut out);
    out.into_iter().collect()
}

/// The `n` weightiest entries, of unit norm; ties go to the lower term.
fn weightiest(entries: &[(Term, f32)], norm: f32, n: usize) -> Vec<(Term, f32)> {
    let mut out: Vec<(Term, f32)> =
        entries.iter().map(|(t, w)| (*t, w / norm.max(f32::MIN_POSITIVE))).collect();
    if out.len() > n {
        out.sort_unstable_by(|x, y| y.1.total_cmp(&x.1).then(x.0.cmp(&y.0)));
        out.truncate(n);
    }
    out
}

/// Adds for each vector its nearest ones by dot product.
fn near(
    articles: &[Weighed<'_>],
    vectors: &[Vec<(Term, f32)>],
    out: &mut BTreeSet<(usize, usize)>,
) {
    let mut postings: TermMap<Vec<(u32, f32)>> = TermMap::default();
    for (at, vector) in vectors.iter().enumerate() {
        for (term, weight) in vector {
            postings.entry(*term).or_default().push((at as u32, *weight));
        }
    }
    // A word that a tenth of many articles use finds nothing that rarer words would not.
    let common = (vectors.len() / 10).max(200);
    let mut dots = vec![0.0_f32; vectors.len()];
    let mut touched: Vec<u32> = Vec::new();
    for (at, vector) in vectors.iter().enumerate() {
        for (term, weight) in vector {
            let Some(list) = postings.get(term).filter(|l| l.len() <= common) else {
                continue;
            };
            for (other, theirs) in list {
                let dot = &mut dots[*other as usize];
                if *dot == 0.0 {
                    touched.push(*other);
                }
                *dot += weight * theirs;
            }
        }
        let mut found: Vec<(f32, u32)> = Vec::new();
        for other in touched.drain(..) {
            let dot = std::mem::take(&mut dots[other as usize]);
            let far =
                || hours(articles[at].profile, articles[other as usize].profile) > WINDOW_HOURS;
            if f64::from(dot) >= LEAST && other as usize != at && !far() {
                found.push((dot, other));
            }
        }
        found.sort_unstable_by(|x, y| y.0.total_cmp(&x.0).then(x.1.cmp(&y.1)));
        for (_, other) in found.into_iter().take(NEAREST) {
            let other = other as usize;
            out.insert((at.min(other), at.max(other)));
        }
    }
}
