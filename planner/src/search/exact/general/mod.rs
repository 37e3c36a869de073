//! The best plan of any one strategy: several fused blocks, paths that depend on each other or on
//! nothing, any number of slots.
//!
//! Paths are appended one after another, as in a schedule; a *label* is what of that still matters: the
//! set of placed paths, which paths left can start on neither side any more, until when each slot is
//! taken, and when what a path left needs has ended on the device and is at the server.
//!
//! A path that ends on the device sends the bounding box of what its dependents on the server read.
//! They come later, so the search chooses the box first, among those of all sets of dependents: then
//! dependents that read something outside it cannot start on the server, the others may start
//! anywhere. A box larger than needed only takes longer, and the exact one is among the choices.
//! A plan with exact boxes is called exact below; the best plan is one.
//!
//! Why the search is exact:
//! - *Dominance.* Appending is monotone in all times. So of two labels with equal sets one whose times
//!   are all no later makes the other superfluous.
//! - *Twins.* Paths that need the same paths and have the same ways, costs and dependents can change
//!   places in every plan, if the same starts are left to them: then the first of them goes first.
//! - *Prices.* With prices `w`, `k·w₁ + w₂ + m·w₃ ≤ SCALE`, the end `T` of a completed label has
//!   `SCALE·T ≥ Σ w·(slot times) + Σ over paths left of the least price of their ways`: each slot's
//!   work must fit between its time now and `T`.
//! - *Rest.* A path that is alone (all others are before it or behind it) runs while every other path
//!   rests, so each slot is charged with its time. Transfers that nobody waits for may go on
//!   meanwhile, but exact plans have none. A label that dominates one of an exact plan may have some;
//!   its times are no later, so its bound is no larger: it stays as well.
//! - *Transfers between blocks* are charged to who reads: with a potential `φ` per position of a
//!   boundary, a path that starts on the server pays `φ` for each position of its own (no two paths own
//!   one), a path that ends on the server is paid `φ` for each position of its cell, and one that stays
//!   for each of its box, where `φ·positions ≤ w₂·(time of the box)`. What is taken has been given, so
//!   the sum over all paths is at most the real one; what placed paths have given and nobody took is
//!   subtracted, as far as paths left can take it. That bounds labels with larger boxes, too; but
//!   it has to be a set of prices of its own, apart from *rest*, because the argument there needs
//!   bounds that depend on a label's times and sets only.

mod label;
mod prices;
mod ways;

use crate::base::order;
use crate::schedule::Instance;
use label::{Key, Label};
use prices::Prices;
use ways::Jobs;

/// Order and cuts, and when the last operation ends at the latest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Solution {
    /// The order of the paths.
    pub order: Vec<usize>,
    /// Their cuts.
    pub cuts: Vec<usize>,
    /// Their makespan in ns, with the boxes that the search chose: the plan's own is no larger.
    pub end: u64,
}

/// How a search of a strategy ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Solved {
    /// The best plan below the limit; none where none is.
    Proven(Option<Solution>),
    /// Labels ran out: what no plan of the strategy can beat, or the limit if that is less.
    Stopped(u64),
}

/// Labels with equally many paths placed, their times side by side.
#[derive(Debug, Default)]
struct Layer {
    keys: Vec<Key>,
    nodes: Vec<u32>,
    bounds: Vec<u64>,
    supply: Vec<u64>,
    times: Vec<u64>,
    /// By label, where its times begin; and the end of all.
    starts: Vec<usize>,
}

#[derive(Debug)]
struct Node {
    parent: u32,
    path: u16,
    cut: u16,
}

/// A strategy prepared for search.
#[derive(Debug)]
pub struct General {
    jobs: Jobs,
    prices: Prices,
    nodes: Vec<Node>,
}

impl General {
    /// Prepares a compiled strategy; `start` is where prices are steered from. None where the strategy
    /// has too many paths.
    pub fn new(instance: &Instance, start: [f64; 3]) -> Option<Self> {
        let jobs = Jobs::new(instance)?;
        let prices = Prices::new(&jobs, start);
        Some(Self { jobs, prices, nodes: Vec::new() })
    }

    /// What no plan of the strategy can beat, in ns: the least bound with one path placed.
    pub fn lower_bound(&mut self) -> u64 {
        self.nodes.clear();
        let first = self.first_layer();
        let next = self.expand(&first, u64::MAX, &mut u64::MAX.clone());
        next.and_then(|layer| layer.bounds.into_iter().min()).unwrap_or(0)
    }

    /// The best plan that ends before `limit` ns. Keeps the `beam` most promising labels of each number
    /// of placed paths (all of them: an exact search); stops where more than `most` labels are made.
    pub fn search(&mut self, limit: u64, beam: usize, most: &mut u64) -> Solved {
        self.nodes.clear();
        let mut layer = self.first_layer();
        for _ in 0..self.jobs.all.len() {
            let Some(next) = self.expand(&layer, limit, most) else {
                return Solved::Stopped(layer.bounds.into_iter().min().unwrap_or(limit).min(limit));
            };
            layer = reduced(&next, self.jobs.blocks, beam);
            if layer.keys.is_empty() {
                return Solved::Proven(None);
            }
        }
        let best = layer.bounds.iter().zip(&layer.nodes).min();
        Solved::Proven(best.map(|(&end, &node)| self.solution(node, end)))
    }

    fn first_layer(&self) -> Layer {
        let label = Label::new(&self.jobs);
        let mut layer = Layer { starts: vec![0], ..Layer::default() };
        layer.push(&self.jobs, &label, u32::MAX, 0);
        layer
    }

    /// Appends every path that is ready to every label; none where labels run out.
    fn expand(&mut self, layer: &Layer, limit: u64, most: &mut u64) -> Option<Layer> {
        let jobs = &self.jobs;
        let everything = jobs.everything;
        let mut next = Layer { starts: vec![0], ..Layer::default() };
        let mut now = Label::new(jobs);
        let mut then = now.clone();
        for at in 0..layer.keys.len() {
            now.read(jobs, layer.keys[at], layer.times(at), layer.supply(at, jobs.blocks));
            for path in (0..jobs.all.len()).filter(|&path| now.may_place(jobs, path)) {
                for way in jobs.all[path].ways.iter().filter(|way| now.allows(path, way)) {
                    then.copy(&now);
                    if !then.append(jobs, path, way) {
                        continue;
                    }
                    then.raise(jobs);
                    let times = [&then.device[..], &[then.uplink], &then.server];
                    let bound = self.prices.bound(jobs, times, then.rest(everything), limit).max(then.end());
                    if bound >= limit {
                        continue;
                    }
                    *most = most.checked_sub(1)?;
                    next.push(jobs, &then, self.nodes.len() as u32, bound);
                    self.nodes.push(Node { parent: layer.nodes[at], path: path as u16, cut: way.cut as u16 });
                }
            }
        }
        Some(next)
    }

    fn solution(&self, mut node: u32, end: u64) -> Solution {
        let (mut order, mut cuts) = (Vec::new(), vec![0; self.jobs.all.len()]);
        while let Some(known) = self.nodes.get(node as usize) {
            order.push(usize::from(known.path));
            cuts[usize::from(known.path)] = usize::from(known.cut);
            node = known.parent;
        }
        order.reverse();
        Solution { order, cuts, end }
    }
}

impl Layer {
    fn push(&mut self, jobs: &Jobs, label: &Label, node: u32, bound: u64) {
        self.keys.push(label.key());
        self.nodes.push(node);
        self.bounds.push(bound);
        self.supply.extend_from_slice(&label.supply);
        label.write(jobs, &mut self.times);
        self.starts.push(self.times.len());
    }

    fn times(&self, at: usize) -> &[u64] {
        &self.times[self.starts[at]..self.starts[at + 1]]
    }

    fn supply(&self, at: usize, blocks: usize) -> &[u64] {
        &self.supply[at * blocks..][..blocks]
    }
}

/// The labels that no other covers, at most `beam` of them.
fn reduced(layer: &Layer, blocks: usize, beam: usize) -> Layer {
    let by_key =
        |a: usize, b: usize| layer.keys[a].cmp(&layer.keys[b]).then_with(|| layer.times(a).cmp(layer.times(b)));
    let mut kept: Vec<usize> = Vec::new();
    let mut group = 0;
    for at in order(layer.keys.len(), &by_key) {
        if kept.last().is_some_and(|&last| layer.keys[last] != layer.keys[at]) {
            group = kept.len();
        }
        let covered = |&other: &usize| layer.times(other).iter().zip(layer.times(at)).all(|(a, b)| a <= b);
        if !kept[group..].iter().any(covered) {
            kept.push(at);
        }
    }
    if kept.len() > beam {
        let best = order(kept.len(), &|a, b| layer.bounds[kept[a]].cmp(&layer.bounds[kept[b]]));
        kept = best.into_iter().take(beam).map(|at| kept[at]).collect();
    }
    let mut made = Layer { starts: vec![0], ..Layer::default() };
    for at in kept {
        made.keys.push(layer.keys[at]);
        made.nodes.push(layer.nodes[at]);
        made.bounds.push(layer.bounds[at]);
        made.supply.extend_from_slice(layer.supply(at, blocks));
        made.times.extend_from_slice(layer.times(at));
        made.starts.push(made.times.len());
    }
    made
}
