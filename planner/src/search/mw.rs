//! MW: appends path after path, each time the one that adds the least idle time (planning model §5).

use super::{Context, Found, Ranking};
use crate::base::Nanos;
use crate::bounds::{SCALE, Weights};
use crate::plan::Block;
use crate::schedule::{Clock, Instance, Step};
use std::cmp::Ordering;

/// How far the device goes, the part of a plan that the greedy choice cannot see ahead.
///
/// A path that ends on the device sends its output only if something behind it runs on the server;
/// so MW is run once for each block at which the plan may leave the device, and the best counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Frontier {
    /// Blocks before it stay on the device; those behind it run on the server.
    block: usize,
    /// Whether paths of this block may start on the server, so that the block before sends.
    fed: bool,
}

impl Frontier {
    /// Cuts that a path may have.
    #[inline]
    fn cuts(self, instance: &Instance, path: usize) -> std::ops::RangeInclusive<usize> {
        let known = &instance.paths()[path];
        match known.block.cmp(&self.block) {
            Ordering::Less => known.len..=known.len,
            Ordering::Equal => usize::from(!self.fed)..=known.len,
            Ordering::Greater => 0..=0,
        }
    }

    /// Time of a path's transfer: before the frontier nothing is sent, unless the frontier's own
    /// paths ask for it.
    #[inline]
    fn upload(self, instance: &Instance, path: usize, cut: usize) -> Nanos {
        let known = &instance.paths()[path];
        let sends = cut < known.len || known.block == self.block || (known.block + 1 == self.block && self.fed);
        if sends { instance.rows(path)[cut].upload } else { Nanos::ZERO }
    }

    /// What a path costs at least, at these prices.
    fn least(self, instance: &Instance, path: usize, weights: Weights) -> u64 {
        let price = |cut: usize| {
            let row = instance.rows(path)[cut];
            weights.price(row.device.0, self.upload(instance, path, cut).0, row.server.0)
        };
        self.cuts(instance, path).map(price).min().unwrap_or(0)
    }
}

/// Order, cuts and makespan.
type Built = (Vec<usize>, Vec<usize>, Nanos);

/// MW on one strategy; keeps its memory between strategies.
#[derive(Debug)]
pub struct Mw {
    clock: Clock,
    order: Vec<usize>,
    cuts: Vec<usize>,
    waiting: Vec<usize>,
    ready: Vec<usize>,
    /// By path: the first path that any clock treats like it.
    twins: Vec<usize>,
}

impl Mw {
    /// For any instance of a context.
    pub fn new(context: &Context) -> Self {
        let clock = Clock::new(&context.unsplit());
        Self { clock, order: Vec::new(), cuts: Vec::new(), waiting: Vec::new(), ready: Vec::new(), twins: Vec::new() }
    }

    /// MW's best plan of one instance where it is faster than `limit`: order, cuts and makespan.
    /// `weights` only decide how early a slower plan is given up.
    fn best(&mut self, context: &mut Context, instance: &Instance, weights: Weights, limit: Nanos) -> Option<Built> {
        self.find_twins(instance);
        let mut best: Option<Built> = None;
        for block in leaving_blocks(instance) {
            for fed in [true, false] {
                let limit = best.as_ref().map_or(limit, |known| known.2);
                if (block == 0 && !fed) || !self.append_all(instance, Frontier { block, fed }, weights, limit) {
                    continue;
                }
                instance.repair(&mut self.cuts);
                let makespan = context.evaluate(instance, &self.order, &self.cuts);
                if makespan < limit {
                    best = Some((self.order.clone(), self.cuts.clone(), makespan));
                }
            }
        }
        best
    }

    /// Paths of one block with the same costs that wait for nothing.
    fn find_twins(&mut self, instance: &Instance) {
        self.twins.clear();
        for (path, known) in instance.paths().iter().enumerate() {
            let is_twin = |other: usize| {
                let first = &instance.paths()[other];
                first.block == known.block
                    && first.download == known.download
                    && instance.needs(other).is_empty()
                    && instance.needs(path).is_empty()
                    && instance.rows(other) == instance.rows(path)
            };
            let first = (0..path).find(|&other| self.twins[other] == other && is_twin(other));
            self.twins.push(first.unwrap_or(path));
        }
    }

    /// Appends all paths; says whether the plan may be faster than `limit`. Where not, it may be left unfinished.
    fn append_all(&mut self, instance: &Instance, frontier: Frontier, weights: Weights, limit: Nanos) -> bool {
        let count = instance.paths().len();
        self.clock.reset(instance);
        self.order.clear();
        self.cuts.clear();
        self.cuts.resize(count, 0);
        self.waiting.clear();
        self.waiting.extend((0..count).map(|path| instance.needs(path).len()));
        self.ready.clear();
        self.ready.extend((0..count).filter(|&path| instance.needs(path).is_empty()));
        // What is still to come costs at least this, at these prices: with what the clock shows, a bound.
        let mut to_come: u64 = (0..count).map(|path| frontier.least(instance, path, weights)).sum();
        // A block that feeds the frontier may in the end send less than is assumed here.
        let is_bounded = !frontier.fed || frontier.block == 0;
        while let Some((at, cut, step)) = self.least_idle(instance, frontier) {
            let path = self.ready.remove(at);
            self.clock.apply(path, &step);
            self.order.push(path);
            self.cuts[path] = cut;
            to_come -= frontier.least(instance, path, weights);
            let [device, uplink, server] = self.clock.busy_until();
            if is_bounded && weights.price(device, uplink, server) + to_come >= limit.0.saturating_mul(SCALE) {
                return false;
            }
            for dependent in instance.dependents(path) {
                self.waiting[dependent.path] -= 1;
                if self.waiting[dependent.path] == 0 {
                    let place = self.ready.partition_point(|&p| p < dependent.path);
                    self.ready.insert(place, dependent.path);
                }
            }
        }
        true
    }

    /// The ready path and cut that add the least idle time; earlier end, lower path, lower cut on ties.
    fn least_idle(&self, instance: &Instance, frontier: Frontier) -> Option<(usize, usize, Step)> {
        let mut best: Option<((Nanos, Nanos), usize, usize)> = None;
        // Of twins the lowest is ready first and wins every tie: the others need not be tried.
        let mut tried = [usize::MAX; 8];
        for (at, &path) in self.ready.iter().enumerate() {
            let twin = &mut tried[self.twins[path] % 8];
            if *twin == self.twins[path] {
                continue;
            }
            *twin = self.twins[path];
            for cut in frontier.cuts(instance, path) {
                let key = self.clock.wait(instance, path, cut, frontier.upload(instance, path, cut));
                if best.as_ref().is_none_or(|known| key < known.0) {
                    best = Some((key, at, cut));
                }
            }
        }
        best.map(|(_, at, cut)| {
            let path = self.ready[at];
            (at, cut, self.clock.step(instance, path, cut, frontier.upload(instance, path, cut)))
        })
    }
}

/// Blocks at which a plan may leave the device: the fused ones, or the only one. Leaving within a
/// block that is not split is the unsplit network's affair.
fn leaving_blocks(instance: &Instance) -> Vec<usize> {
    let blocks = instance.paths().iter().map(|path| path.block);
    let mut fused: Vec<usize> = blocks.clone().zip(blocks.skip(1)).filter(|(a, b)| a == b).map(|(a, _)| a).collect();
    fused.dedup();
    if fused.is_empty() { vec![0] } else { fused }
}

/// MW's answer over a space: the best of its strategies, with one fused block or none.
///
/// Strategies whose bound is no better than a plan at hand cannot change the answer and are skipped.
pub fn mw(context: &mut Context, ranking: &Ranking) -> Found {
    let start = unsplit_mw(context);
    better_than(context, ranking, &start).unwrap_or(start)
}

/// MW on the network as it is. Rankings for [`mw`] hold all strategies bounded below it.
pub fn unsplit_mw(context: &mut Context) -> Found {
    let (strategy, unsplit) = context.compile(&[]);
    let built = Mw::new(context).best(context, &unsplit, Weights([0; 3]), Nanos(u64::MAX));
    let (order, cuts, makespan) = built.unwrap_or_default();
    Found { strategy, order, cuts, makespan }
}

/// MW's answer where it is faster than a plan at hand.
pub fn better_than(context: &mut Context, ranking: &Ranking, known: &Found) -> Option<Found> {
    let mut mw = Mw::new(context);
    let mut best: Option<Found> = None;
    let mut makespan_to_beat = known.makespan;
    let weights = Weights::from_shares(ranking.fluid.shares, context.slots());
    for (at, ranked) in ranking.ranked.iter().enumerate() {
        if ranked.bound >= makespan_to_beat {
            break;
        }
        if ranking.known_bound(at) >= makespan_to_beat {
            continue;
        }
        let block: [Block; 1] = [ranking.block(ranked)];
        let (strategy, instance) = context.compile(&block);
        if let Some((order, cuts, makespan)) = mw.best(context, &instance, weights, makespan_to_beat) {
            makespan_to_beat = makespan;
            best = Some(Found { strategy, order, cuts, makespan });
        }
    }
    best
}
