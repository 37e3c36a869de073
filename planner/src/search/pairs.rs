//! Two adjacent fused blocks in place of one.
//!
//! Bounds of adjacent blocks are too weak to rank them by, so splits are ranked by a plan of each: the
//! first tiles of the first block leave the device at once, the others go on into the second block,
//! each of its tiles as soon as what it reads is there. Grids are then exchanged one by one, from the
//! splits of most promise on, until nothing helps.

use super::local::Draft;
use super::{Context, Found};
use crate::base::{Nanos, ascending};
use crate::bounds::Weights;
use crate::plan::Block;
use crate::schedule::Instance;
use crate::tiling::Grid;
use std::cmp::Ordering;

/// So many splits are improved.
const CLIMBS: usize = 9;

/// A block to be split in two.
type Range = (usize, usize);
/// Stages that may end a block, each with its earliest beginning and its grids.
type Ends = [(usize, usize, Vec<Grid>)];

/// Two adjacent fused blocks: the first stage, the entries of both ends, and their grids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Split {
    first: usize,
    ends: [usize; 2],
    grids: [usize; 2],
}

/// What splits were tried, with the plan of each.
pub struct Pairs<'e> {
    ends: &'e Ends,
    weights: Weights,
    limit: u64,
    tried: Vec<Split>,
    /// By split tried.
    pub found: Vec<Found>,
}

impl<'e> Pairs<'e> {
    /// Nothing tried. Stops at `limit` evaluations of the context.
    pub fn new(ends: &'e Ends, shares: [f64; 3], limit: u64) -> Self {
        Self { ends, weights: Weights::from_shares(shares, [1; 3]), limit, tried: Vec::new(), found: Vec::new() }
    }

    /// Splits blocks everywhere, both halves with one of these grids, then improves the best splits.
    pub fn search(&mut self, context: &mut Context, ranges: &[Range], grids: &[[u32; 2]]) {
        for &(first, last) in ranges {
            for at in first..last {
                for &grid in grids {
                    if let Some(split) = self.split(first, [at, last], grid) {
                        self.try_out(context, split);
                    }
                }
            }
        }
        let mut starts: Vec<Split> = Vec::new();
        let makespans: Vec<u64> = self.found.iter().map(|found| found.makespan.0).collect();
        for at in ascending(&makespans) {
            let split = self.tried[at];
            // Each range has its share: splits of the best alone would be much the same.
            let same = starts.iter().filter(|start| start.first == split.first && start.ends[1] == split.ends[1]);
            if same.clone().count() < CLIMBS / ranges.len() && same.clone().all(|start| start.ends != split.ends) {
                starts.push(split);
            }
        }
        for start in starts {
            self.climb(context, start);
        }
    }

    fn split(&self, first: usize, lasts: [usize; 2], grid: [u32; 2]) -> Option<Split> {
        let end = |last: usize| self.ends.iter().position(|end| end.0 == last);
        let ends = [end(lasts[0])?, end(lasts[1])?];
        let of = |end: usize| self.ends[end].2.iter().position(|known| known.dimensions() == grid);
        Some(Split { first, ends, grids: [of(ends[0])?, of(ends[1])?] })
    }

    /// Exchanges one of the grids for the best other one, until nothing helps.
    fn climb(&mut self, context: &mut Context, start: Split) {
        let Some(mut best) = self.try_out(context, start) else { return };
        let mut now = start;
        let mut stuck = 0;
        for side in [1, 0].into_iter().cycle() {
            let before = best;
            for grid in 0..self.ends[now.ends[side]].2.len() {
                let mut other = now;
                other.grids[side] = grid;
                match self.try_out(context, other) {
                    Some(makespan) if makespan < best => (best, now) = (makespan, other),
                    Some(_) => {}
                    None => return,
                }
            }
            stuck = if best < before { 0 } else { stuck + 1 };
            if stuck > 1 {
                return;
            }
        }
    }

    /// The makespan of a split's plan; none where evaluations have run out.
    fn try_out(&mut self, context: &mut Context, split: Split) -> Option<Nanos> {
        if let Some(at) = self.tried.iter().position(|known| *known == split) {
            return Some(self.found[at].makespan);
        }
        if context.evaluations() >= self.limit {
            return None;
        }
        let [front, back] = [0, 1].map(|side| &self.ends[split.ends[side]]);
        let block = |first: usize, side: usize, last: usize, grids: &[Grid]| Block {
            first,
            last,
            grid: grids[split.grids[side]].clone(),
        };
        let blocks = [block(split.first, 0, front.0, &front.2), block(front.0 + 1, 1, back.0, &back.2)];
        let (strategy, instance) = context.compile(&blocks);
        let draft = construct(context, &instance, usize::from(split.first > 0), self.weights);
        let makespan = draft.makespan;
        self.tried.push(split);
        self.found.push(draft.found(strategy));
        Some(makespan)
    }
}

/// The best of some plans of two adjacent fused blocks, of which `block` is the first.
fn construct(context: &mut Context, instance: &Instance, block: usize, weights: Weights) -> Draft {
    let mut best = Draft { order: Vec::new(), cuts: Vec::new(), makespan: Nanos(u64::MAX) };
    let tiles = instance.paths().iter().filter(|path| path.block == block).count();
    let order = sweep(instance, block);
    for leaving in 0..=tiles {
        let cuts = leave(instance, block, leaving, weights);
        let makespan = context.evaluate(instance, &order, &cuts);
        if makespan < best.makespan {
            best = Draft { order: order.clone(), cuts, makespan };
        } else if leaving > 1 {
            break;
        }
    }
    best
}

/// Cuts with which so many tiles of a block leave the device early, and all that read of them.
fn leave(instance: &Instance, block: usize, mut leaving: usize, weights: Weights) -> Vec<usize> {
    let mut cuts: Vec<usize> = Vec::with_capacity(instance.paths().len());
    for (path, known) in instance.paths().iter().enumerate() {
        let rows = instance.rows(path);
        let cheapest = |mut cuts: std::ops::Range<usize>| {
            let mut best = cuts.next().unwrap_or(0);
            let price = |cut: usize| weights.price(rows[cut].device.0, rows[cut].upload.0, rows[cut].server.0);
            for cut in cuts {
                best = if price(cut) < price(best) { cut } else { best };
            }
            best
        };
        let stays = |needed: &usize| cuts[*needed] == instance.paths()[*needed].len;
        let on_device = known.block <= block + 1 && instance.needs(path).iter().all(stays);
        let cut = match known.block.cmp(&block) {
            Ordering::Equal if leaving > 0 => {
                leaving -= 1;
                cheapest(usize::from(block > 0)..known.len)
            }
            Ordering::Greater if on_device => cheapest(1..known.len + 1),
            Ordering::Greater => 0,
            _ => known.len,
        };
        cuts.push(cut);
    }
    cuts
}

/// Block after block, but every tile of the second as soon as those that it reads of are placed.
fn sweep(instance: &Instance, block: usize) -> Vec<usize> {
    let count = instance.paths().len();
    let mut order: Vec<usize> = Vec::with_capacity(count);
    let (mut seconds, mut others): (Vec<usize>, Vec<usize>) =
        (0..count).partition(|&path| instance.paths()[path].block == block + 1);
    others.reverse();
    while order.len() < count {
        let ready = |path: &usize| instance.needs(*path).iter().all(|needed| order.contains(needed));
        match seconds.iter().position(ready) {
            Some(at) => order.push(seconds.remove(at)),
            None => order.extend(others.pop()),
        }
    }
    order
}
