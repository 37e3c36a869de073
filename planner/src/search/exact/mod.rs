//! Exact: the proven best plan of a plan space, or the best so far and what no plan can beat.
//!
//! Two levels. Outside, every strategy of the space is bounded ([`Ranking`]) and those that cannot
//! beat the best plan known are gone. Inside, each one left is a few shops ([`single`]) whose best
//! sequence is found by dominance and bounds ([`shop`] argues why nothing is lost). First every shop
//! is bounded anew at prices of its own and searched with a narrow beam, which gives the best plan
//! nearly always; then the shops are searched whole, the least bound first. Strategies that shops do
//! not hold, those with several fused blocks above all, come last ([`several`], [`general`]).

mod general;
mod several;
mod shop;
mod single;
mod stretches;

pub use general::{General, Solution, Solved};
pub use shop::{Choice, Class, Ended, Sequence, Shop, Solver};

use super::{Context, Found, Outcome, Ranking, sides};
use crate::base::Nanos;
use several::Several;
use single::{Shops, TileShop};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Labels of each count of jobs that the first, heuristic look keeps.
const BEAM: usize = 3;
/// Labels that a shop may make before the next one has its turn.
const FIRST_LABELS: u64 = 1 << 16;
/// More labels than this do not fit into the memory that a browser gives.
const MOST_LABELS: u64 = 1 << 22;

/// A shop that may hold a better plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Open {
    bound: u64,
    end: usize,
    first: usize,
    shop: usize,
    labels: u64,
}

/// An exact search between two steps.
#[derive(Debug)]
pub struct Exact {
    best: Found,
    /// The strategies looked at so far, in the ranking's order.
    looked_at: usize,
    open: BinaryHeap<Reverse<Open>>,
    /// The least bound of what is not searched because of memory.
    given_up: Option<u64>,
    /// Strategies that shops do not hold; not prepared before the first step.
    several: Option<Several>,
    evaluations: u64,
    stopped_by: Option<&'static str>,
}

impl Exact {
    /// Knows NFL.
    pub fn new(context: &mut Context) -> Self {
        let before = context.evaluations();
        let best = sides::nfl(context);
        Self {
            best,
            looked_at: 0,
            open: BinaryHeap::new(),
            given_up: None,
            several: None,
            evaluations: context.evaluations() - before,
            stopped_by: None,
        }
    }

    /// The best plan so far.
    pub fn best(&self) -> &Found {
        &self.best
    }

    /// Plans and parts of plans evaluated so far.
    pub fn evaluations(&self) -> u64 {
        self.evaluations
    }

    /// No plan of the space is faster.
    pub fn lower_bound(&self, ranking: &Ranking) -> Nanos {
        let unseen = ranking.ranked.get(self.looked_at).map(|ranked| ranked.bound.0);
        let open = self.open.peek().map(|Reverse(open)| open.bound);
        let several = self.several.as_ref().map_or(0, Several::lower_bound);
        let least = [unseen, open, self.given_up, Some(several)].into_iter().flatten().min();
        Nanos(least.unwrap_or(u64::MAX)).min(self.best.makespan)
    }

    /// Ends the search at the next look.
    pub fn stop(&mut self, reason: &'static str) {
        self.stopped_by = Some(reason);
    }

    /// Whether there is nothing left to do.
    pub fn is_done(&self, ranking: &Ranking) -> bool {
        let unseen = ranking.ranked.get(self.looked_at).is_some_and(|ranked| ranked.bound < self.best.makespan);
        let open = self.open.peek().is_some_and(|Reverse(open)| open.bound < self.best.makespan.0);
        let several = self.several.as_ref().is_none_or(|several| several.is_open(self.best.makespan.0));
        self.stopped_by.is_some() || !(unseen || open || several)
    }

    /// Looks at the next strategy, or searches the most promising shop.
    pub fn step(&mut self, context: &mut Context, ranking: &Ranking) {
        if self.several.is_none() {
            self.several = Some(Several::new(context, &ranking.singles, &ranking.weights));
        }
        match ranking.ranked.get(self.looked_at).filter(|ranked| ranked.bound < self.best.makespan) {
            Some(ranked) => {
                self.looked_at += 1;
                self.look(context, ranking, ranked.end, ranked.first, ranked.bound.0);
            }
            None => {
                // Nothing behind it in the ranking is better either.
                self.looked_at = ranking.ranked.len();
                let limit = self.best.makespan.0;
                if self.open.peek().is_some_and(|Reverse(open)| open.bound < limit) {
                    self.prove(context, ranking);
                } else if let Some(several) = &mut self.several {
                    let before = several.labels;
                    let found = several.step(context, &ranking.singles, ranking.fluid.shares, limit);
                    self.evaluations += several.labels - before;
                    if let Some(found) = found.filter(|found| found.makespan.0 < limit) {
                        self.best = found;
                    }
                }
            }
        }
    }

    fn look(&mut self, context: &mut Context, ranking: &Ranking, end: usize, first: usize, bound: u64) {
        let shops = Shops::new(context.model, &ranking.singles, end, first);
        if !shops.hold_all_plans() {
            if let Some(several) = &mut self.several {
                several.add_single(end, first, bound);
            }
            return;
        }
        for (index, shop) in shops.all().into_iter().enumerate() {
            let mut solver = Solver::new(&shop.shop, ranking.fluid.shares);
            let bound = solver.lower_bound().max(bound);
            if bound >= self.best.makespan.0 {
                continue;
            }
            let mut labels = FIRST_LABELS;
            let ended = solver.search(self.best.makespan.0, BEAM, &mut labels);
            self.evaluations += FIRST_LABELS - labels;
            if let Ended::Proven(Some(sequence)) = ended {
                self.take(context, ranking, &shop, &sequence, (end, first));
            }
            if bound < self.best.makespan.0 {
                self.open.push(Reverse(Open { bound, end, first, shop: index, labels: FIRST_LABELS }));
            }
        }
    }

    /// Leaves plans alone of which it is known only that they are not below a bound.
    fn give_up(&mut self, bound: u64) {
        self.given_up = Some(self.given_up.map_or(bound, |known| known.min(bound)));
    }

    fn prove(&mut self, context: &mut Context, ranking: &Ranking) {
        let Some(Reverse(open)) = self.open.pop() else { return };
        let shops = Shops::new(context.model, &ranking.singles, open.end, open.first).all();
        let Some(shop) = shops.get(open.shop) else { return };
        let mut labels = open.labels;
        let mut solver = Solver::new(&shop.shop, ranking.fluid.shares);
        let ended = solver.search(self.best.makespan.0, usize::MAX, &mut labels);
        self.evaluations += open.labels - labels;
        match ended {
            Ended::Proven(None) => {}
            Ended::Proven(Some(sequence)) => self.take(context, ranking, shop, &sequence, (open.end, open.first)),
            Ended::Stopped(bound) => {
                let bound = bound.max(open.bound);
                if open.labels < MOST_LABELS {
                    self.open.push(Reverse(Open { bound, labels: open.labels * 8, ..open }));
                } else {
                    self.give_up(bound);
                }
            }
        }
    }

    fn take(
        &mut self,
        context: &mut Context,
        ranking: &Ranking,
        shop: &TileShop,
        sequence: &Sequence,
        at: (usize, usize),
    ) {
        let (end, first) = at;
        let block = ranking.singles.block(end, first);
        let stages = context.network().stages().len();
        let (order, cuts) = shop.plan(sequence, first, block.last, stages);
        let (strategy, instance) = context.compile(&[block]);
        let makespan = context.evaluate(&instance, &order, &cuts);
        self.evaluations += 1;
        debug_assert!(makespan.0 <= sequence.end, "{makespan:?} after {sequence:?}");
        if makespan < self.best.makespan {
            self.best = Found { strategy, order, cuts, makespan };
        }
    }

    /// The outcome as it stands.
    pub fn outcome(&self, ranking: &Ranking) -> Outcome {
        Outcome {
            found: self.best.clone(),
            lower_bound: self.lower_bound(ranking),
            evaluations: self.evaluations,
            stopped_by: self.stopped_by,
        }
    }
}
