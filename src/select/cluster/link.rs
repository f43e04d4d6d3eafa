//! Growing stories from pairs: the two stories with the most evidence between them become one,
//! as long as the average of all pairs between them speaks for it and none speaks strongly
//! against it.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BinaryHeap, HashMap};

/// The least average evidence between two stories that become one.
const JOIN: f64 = 0.0;

/// The least evidence a pair within a story may have.
const FLOOR: f64 = -2.0;

/// The part of the pairs between two stories that may fall below the floor: none as long as they
/// are small, for a long report may well share nothing with the shortest notice of forty.
const STRAYS: f64 = 0.15;

/// Of a large story this many members, the earliest, speak for it.
const SPOKESMEN: usize = 8;

/// What is known between two stories.
#[derive(Clone, Copy, Debug)]
struct Edge {
    sum: f64,
    count: usize,
    /// Whether every pair (of spokesmen) was looked at.
    complete: bool,
    /// How many pairs fell below the floor.
    strays: usize,
}

impl Edge {
    fn average(&self) -> f64 {
        self.sum / self.count.max(1) as f64
    }

    fn barred(&self) -> bool {
        self.strays as f64 > STRAYS * self.count as f64
    }
}

/// A union that may be worth making; ordered by evidence, then by the earliest members.
#[derive(Debug)]
struct Proposal {
    average: f64,
    first: (usize, usize),
    stories: (usize, usize),
}

impl Ord for Proposal {
    fn cmp(&self, other: &Self) -> Ordering {
        self.average
            .total_cmp(&other.average)
            .then_with(|| other.first.cmp(&self.first))
            .then_with(|| other.stories.cmp(&self.stories))
    }
}

impl PartialOrd for Proposal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Proposal {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Proposal {}

struct Linkage<F> {
    evidence: F,
    known: HashMap<(usize, usize), f64>,
    /// Members of each story in order; empty once it went into another.
    members: Vec<Vec<usize>>,
    edges: Vec<BTreeMap<usize, Edge>>,
    proposals: BinaryHeap<Proposal>,
}

/// The stories among `n` articles, each with its members in order. `seeds` are pairs with their
/// evidence; other pairs are asked of `evidence` when they matter.
pub(super) fn stories(
    n: usize,
    seeds: &[(usize, usize, f64)],
    evidence: impl Fn(usize, usize) -> f64,
) -> Vec<Vec<usize>> {
    let mut linkage = Linkage {
        evidence,
        known: HashMap::new(),
        members: (0..n).map(|i| vec![i]).collect(),
        edges: vec![BTreeMap::new(); n],
        proposals: BinaryHeap::new(),
    };
    for (a, b, value) in seeds.iter().copied() {
        linkage.known.insert((a, b), value);
        let edge =
            Edge { sum: value, count: 1, complete: true, strays: usize::from(value < FLOOR) };
        linkage.set(a, b, edge);
    }
    while let Some(proposal) = linkage.proposals.pop() {
        linkage.consider(&proposal);
    }
    linkage.members.into_iter().filter(|m| !m.is_empty()).collect()
}

impl<F: Fn(usize, usize) -> f64> Linkage<F> {
    fn set(&mut self, a: usize, b: usize, edge: Edge) {
        self.edges[a].insert(b, edge);
        self.edges[b].insert(a, edge);
        if !edge.barred() && edge.average() >= JOIN {
            let (x, y) = (self.members[a][0], self.members[b][0]);
            self.proposals.push(Proposal {
                average: edge.average(),
                first: (x.min(y), x.max(y)),
                stories: (a, b),
            });
        }
    }

    fn consider(&mut self, proposal: &Proposal) {
        let (a, b) = proposal.stories;
        let Some(edge) = self.edges[a].get(&b).copied() else {
            return;
        };
        // a later look at the same two stories has replaced this proposal
        if edge.barred() || edge.average().total_cmp(&proposal.average) != Ordering::Equal {
            return;
        }
        if edge.complete {
            self.unite(a, b);
        } else {
            let edge = self.look(a, b);
            self.set(a, b, edge);
        }
    }

    /// Compares all pairs between two stories, or their spokesmen where they are large.
    fn look(&mut self, a: usize, b: usize) -> Edge {
        let mut edge = Edge { sum: 0.0, count: 0, complete: true, strays: 0 };
        for x in self.members[a].iter().take(SPOKESMEN) {
            for y in self.members[b].iter().take(SPOKESMEN) {
                let key = (*x.min(y), *x.max(y));
                let evidence = &self.evidence;
                let value = *self.known.entry(key).or_insert_with(|| evidence(key.0, key.1));
                edge.sum += value;
                edge.count += 1;
                edge.strays += usize::from(value < FLOOR);
            }
        }
        edge
    }

    fn unite(&mut self, a: usize, b: usize) {
        let mut members = std::mem::take(&mut self.members[a]);
        members.append(&mut self.members[b]);
        members.sort_unstable();
        let (of_a, of_b) = (std::mem::take(&mut self.edges[a]), std::mem::take(&mut self.edges[b]));
        let union = self.members.len();
        self.members.push(members);
        self.edges.push(BTreeMap::new());
        let mut joint: BTreeMap<usize, Edge> = BTreeMap::new();
        for (other, edge) in of_a.into_iter().chain(of_b) {
            self.edges[other].remove(&a);
            self.edges[other].remove(&b);
            if other == a || other == b {
                continue;
            }
            // what one half shares with `other` is known; a proposal looks at the rest
            let joined =
                joint.entry(other).or_insert(Edge { sum: 0.0, count: 0, strays: 0, ..edge });
            joined.sum += edge.sum;
            joined.count += edge.count;
            joined.strays += edge.strays;
            joined.complete = false;
        }
        for (other, edge) in joint {
            self.set(union, other, edge);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Stories among `n`, given evidence for some pairs; the others are at -1.
    fn grow(n: usize, pairs: &[(usize, usize, f64)]) -> Vec<Vec<usize>> {
        let of =
            |a: usize, b: usize| pairs.iter().find(|p| (p.0, p.1) == (a, b)).map_or(-1.0, |p| p.2);
        let mut out = stories(n, pairs, of);
        out.sort();
        out
    }

    #[test]
    fn a_chain_is_no_story() {
        assert_eq!(grow(3, &[(0, 1, 3.0), (1, 2, 1.0), (0, 2, -5.0)]), [vec![0, 1], vec![2]]);
    }

    #[test]
    fn a_weak_pair_is_carried_by_the_others() {
        assert_eq!(grow(3, &[(0, 1, 3.0), (1, 2, 2.0), (0, 2, -0.5)]), [vec![0, 1, 2]]);
    }

    #[test]
    fn the_average_decides() {
        assert_eq!(grow(3, &[(0, 1, 3.0), (1, 2, 0.5)]), [vec![0, 1], vec![2]]);
    }
}
