//! MW: appends path after path, each time the one that adds the least idle time (planning model §5).

use super::{Context, Found, Ranking};
use crate::base::Nanos;
use crate::plan::Block;
use crate::schedule::{Clock, Instance};

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

/// MW on one strategy; keeps its memory between strategies.
#[derive(Debug)]
pub struct Mw {
    clock: Clock,
    order: Vec<usize>,
    cuts: Vec<usize>,
    waiting: Vec<usize>,
    ready: Vec<usize>,
}

impl Mw {
    /// For any instance of a context.
    pub fn new(context: &Context) -> Self {
        let clock = Clock::new(&context.unsplit());
        Self { clock, order: Vec::new(), cuts: Vec::new(), waiting: Vec::new(), ready: Vec::new() }
    }

    /// MW's best plan of one instance: order, cuts and makespan.
    pub fn best(&mut self, context: &mut Context, instance: &Instance) -> (Vec<usize>, Vec<usize>, Nanos) {
        let mut best: Option<(Vec<usize>, Vec<usize>, Nanos)> = None;
        for block in leaving_blocks(instance) {
            for fed in [true, false] {
                if block == 0 && !fed {
                    continue;
                }
                self.append_all(instance, Frontier { block, fed });
                instance.repair(&mut self.cuts);
                let makespan = context.evaluate(instance, &self.order, &self.cuts);
                if best.as_ref().is_none_or(|known| makespan < known.2) {
                    best = Some((self.order.clone(), self.cuts.clone(), makespan));
                }
            }
        }
        best.unwrap_or_default()
    }

    fn append_all(&mut self, instance: &Instance, frontier: Frontier) {
        let count = instance.paths().len();
        self.clock.reset(instance);
        self.order.clear();
        self.cuts.clear();
        self.cuts.resize(count, 0);
        self.waiting.clear();
        self.waiting.extend((0..count).map(|path| instance.needs(path).len()));
        self.ready.clear();
        self.ready.extend((0..count).filter(|&path| instance.needs(path).is_empty()));
        while let Some((at, cut, step)) = self.least_idle(instance, frontier) {
            let path = self.ready.remove(at);
            self.clock.apply(path, &step);
            self.order.push(path);
            self.cuts[path] = cut;
            for dependent in instance.dependents(path) {
                self.waiting[dependent.path] -= 1;
                if self.waiting[dependent.path] == 0 {
                    let place = self.ready.partition_point(|&p| p < dependent.path);
                    self.ready.insert(place, dependent.path);
                }
            }
        }
    }

    /// The ready path and cut that add the least idle time; earlier end, lower path, lower cut on ties.
    fn least_idle(&self, instance: &Instance, frontier: Frontier) -> Option<(usize, usize, crate::schedule::Step)> {
        let mut best: Option<((Nanos, Nanos), usize, usize, crate::schedule::Step)> = None;
        for (at, &path) in self.ready.iter().enumerate() {
            let known = &instance.paths()[path];
            let rows = instance.rows(path);
            let stays = instance.needs(path).iter().all(|&p| self.cuts[p] == instance.paths()[p].len);
            let (low, high) = match known.block.cmp(&frontier.block) {
                std::cmp::Ordering::Less => (known.len, known.len),
                std::cmp::Ordering::Greater => (0, 0),
                std::cmp::Ordering::Equal if !stays => (0, 0),
                std::cmp::Ordering::Equal => (usize::from(!frontier.fed), known.len),
            };
            for (cut, row) in rows.iter().enumerate().take(high + 1).skip(low) {
                // Before the frontier nothing is sent, unless the frontier's own paths ask for it.
                let sends = cut < known.len
                    || known.block == frontier.block
                    || (known.block + 1 == frontier.block && frontier.fed);
                let upload = if sends { row.upload } else { Nanos::ZERO };
                let step = self.clock.step(instance, path, cut, upload);
                let key = (step.idle(), step.end());
                if best.as_ref().is_none_or(|known| key < known.0) {
                    best = Some((key, at, cut, step));
                }
            }
        }
        best.map(|(_, at, cut, step)| (at, cut, step))
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
    let (order, cuts, makespan) = Mw::new(context).best(context, &unsplit);
    Found { strategy, order, cuts, makespan }
}

/// MW's answer where it is faster than a plan at hand.
pub fn better_than(context: &mut Context, ranking: &Ranking, known: &Found) -> Option<Found> {
    let mut mw = Mw::new(context);
    let mut best: Option<Found> = None;
    let mut makespan_to_beat = known.makespan;
    let fused = context.space.max_fused_blocks > 0;
    let mut shares = ranking.fluid.shares;
    for (at, ranked) in ranking.ranked.iter().enumerate().filter(|_| fused) {
        if ranked.bound >= makespan_to_beat {
            break;
        }
        if ranking.tight_bound(context, at, &mut shares, makespan_to_beat) >= makespan_to_beat {
            continue;
        }
        let block: [Block; 1] = [ranking.block(ranked)];
        let (strategy, instance) = context.compile(&block);
        let (order, cuts, makespan) = mw.best(context, &instance);
        if makespan < makespan_to_beat {
            makespan_to_beat = makespan;
            best = Some(Found { strategy, order, cuts, makespan });
        }
    }
    best
}
