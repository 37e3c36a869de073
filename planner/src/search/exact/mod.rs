//! Exact: the proven best plan of a plan space, or the best so far and what no plan can beat.
//!
//! Two levels. Outside, every strategy of the space is bounded ([`Ranking`]) and those that cannot
//! beat the best plan known are gone; of strategies that are each other transposed one is looked at.
//! Inside, each one left is a few shops (`single`) whose best sequence is found by sums, dominance and
//! bounds (`shop` argues why nothing is lost). First every shop is bounded anew at prices of its own
//! and searched with a narrow beam, which gives the best plan nearly always; then the shops are searched
//! whole, each with few labels before any with more, the least bound first. Strategies that shops do
//! not hold, those with several fused blocks above all, come last (`several`, `general`); uneven grids, where they are
//! too many for the ranking, in bundles (`uneven`).

#[cfg(feature = "several")]
mod general;
#[cfg(feature = "several")]
mod several;
mod shop;
mod single;
#[cfg(feature = "several")]
mod stretches;
#[cfg(feature = "uneven")]
mod uneven;
#[cfg(any(not(feature = "several"), not(feature = "uneven")))]
mod unproven;

#[cfg(feature = "several")]
pub use general::{Beyond, General, Meant, Settled, Side, Solution, Solved, Start};
pub use shop::{Choice, Class, Ended, Sequence, Shop, Solver};
#[cfg(feature = "several")]
pub use stretches::{Ahead, Draft, Entry, Front, Heading, Led, Rested, Stretches};

#[cfg(all(feature = "several", feature = "uneven"))]
pub use stretches::has_lone_groups;
#[cfg(feature = "uneven")]
pub use uneven::{Bundle, Tables};

use super::{Context, Found, Outcome, Ranking, sides};
use crate::base::Nanos;
use crate::bounds::Singles;
#[cfg(feature = "several")]
use several::Several;
use single::{Part, Shops, TileShop};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
#[cfg(feature = "uneven")]
use uneven::Uneven;
#[cfg(not(feature = "several"))]
use unproven::Several;
#[cfg(not(feature = "uneven"))]
use unproven::Uneven;

/// Whether there is what makes spaces of many fused blocks quick; if not, what it needs is compiled away.
#[cfg(feature = "several")]
const MANY: bool = cfg!(feature = "many");
/// Labels of each count of jobs that the first, heuristic look keeps.
const BEAM: usize = 3;
/// Labels that a shop may make before the next one has its turn.
const FIRST_LABELS: u64 = 1 << 14;
/// So many times more when it has its turn again: a search starts anew.
const MORE: u64 = 4;
/// More labels than this do not fit into the memory that a browser gives.
const MOST_LABELS: u64 = 1 << 22;

/// A shop that may hold a better plan. Those that turned out to be hard come last: by then a better
/// plan may be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Open {
    labels: u64,
    bound: u64,
    end: usize,
    first: usize,
    part: Part,
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
    /// The shares that proved most for the last strategy: a good start for the next.
    shares: [f64; 3],
    /// Strategies that shops do not hold; not prepared before the first step.
    several: Option<Several>,
    /// Uneven grids, where the ranking does not hold all of them.
    uneven: Uneven,
    evaluations: u64,
    stopped_by: Option<&'static str>,
}

impl Exact {
    /// Knows NFL.
    pub fn new(context: &mut Context) -> Self {
        let before = context.evaluations();
        let best = sides::nfl(context);
        let uneven = Uneven::new(context);
        Self { evaluations: context.evaluations() - before, ..Self::knowing(best, uneven) }
    }

    /// The same for a ranking of even grids alone, however few others there are.
    #[cfg(feature = "uneven")]
    pub fn bundled(context: &mut Context) -> Self {
        let exact = Self::new(context);
        Self { uneven: Uneven::of(context), ..exact }
    }

    /// Knows a plan.
    fn knowing(best: Found, uneven: Uneven) -> Self {
        Self {
            best,
            looked_at: 0,
            open: BinaryHeap::new(),
            given_up: None,
            shares: [1.0 / 3.0; 3],
            several: None,
            uneven,
            evaluations: 0,
            stopped_by: None,
        }
    }

    /// Takes over a plan that something else has found, if it is better.
    pub fn know(&mut self, found: &Found) {
        if found.makespan < self.best.makespan {
            self.best = found.clone();
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
        let open = self.open.iter().map(|Reverse(open)| open.bound).min();
        let several = self.several.as_ref().map_or(0, Several::lower_bound);
        let uneven = Some(self.uneven.lower_bound());
        let least = [unseen, open, self.given_up, Some(several), uneven].into_iter().flatten().min();
        Nanos(least.unwrap_or(u64::MAX)).min(self.best.makespan)
    }

    fn is_any_open(&self) -> bool {
        self.open.iter().any(|Reverse(open)| open.bound < self.best.makespan.0)
    }

    /// Ends the search at the next look.
    pub fn stop(&mut self, reason: &'static str) {
        self.stopped_by = Some(reason);
    }

    /// Whether all grids of the space can be looked at.
    pub fn holds_all_grids(&self) -> bool {
        !self.uneven.leaves_grids()
    }

    /// Whether there is nothing left to do.
    pub fn is_done(&self, ranking: &Ranking) -> bool {
        let unseen = ranking.ranked.get(self.looked_at).is_some_and(|ranked| ranked.bound < self.best.makespan);
        let open = self.is_any_open();
        let several = self.several.as_ref().is_none_or(|several| several.is_open(self.best.makespan.0));
        let uneven = self.uneven.is_open(self.best.makespan.0);
        self.stopped_by.is_some() || !(unseen || open || several || uneven)
    }

    /// Looks at the next strategy, or searches the most promising shop.
    pub fn step(&mut self, context: &mut Context, ranking: &Ranking) {
        if self.several.is_none() {
            self.several = Some(Several::new(context, &ranking.singles, &ranking.weights, ranking.fluid.shares));
        }
        match ranking.ranked.get(self.looked_at).filter(|ranked| ranked.bound < self.best.makespan) {
            Some(ranked) => {
                let at = self.looked_at;
                self.looked_at += 1;
                if ranking.is_mirrored(at) {
                    return;
                }
                let bound = ranking.quick_bound(context, at, self.shares, self.best.makespan);
                if bound < self.best.makespan {
                    let bound = self.look(context, ranking, ranked.end, ranked.first, bound.0);
                    ranking.remember(at, Nanos(bound));
                }
            }
            None => {
                // Nothing behind it in the ranking is better either.
                self.looked_at = ranking.ranked.len();
                let limit = self.best.makespan.0;
                // What holds the bound down comes first.
                let before = if self.uneven.is_open(limit) { self.uneven.lower_bound() } else { u64::MAX };
                let is_next = |several: &&mut Several| several.is_open(limit) && several.lower_bound() <= before;
                let several = self.several.as_mut().filter(is_next);
                if self.open.iter().any(|Reverse(open)| open.bound < limit) {
                    self.prove(context, ranking);
                } else if let Some(several) = several {
                    self.evaluations += several.step(context, ranking, &mut self.best);
                } else {
                    self.evaluations += self.uneven.step(context, ranking, &mut self.best);
                }
            }
        }
    }

    /// Gives what no plan of the strategy can beat; only that it is not below what is known where that is
    /// so.
    fn look(&mut self, context: &mut Context, ranking: &Ranking, end: usize, first: usize, bound: u64) -> u64 {
        let mut proven = self.best.makespan.0;
        let shops = Shops::new(context.model, &ranking.singles, end, first);
        if !shops.hold_all_plans() {
            if let Some(several) = &mut self.several {
                several.add_single(end, first, bound);
            }
            return bound;
        }
        for (part, least) in shops.parts(&mut self.shares, self.best.makespan.0) {
            let Some(shop) = shops.shop(part) else { continue };
            let mut solver = Solver::new(&shop.shop, self.shares, self.best.makespan.0);
            let bound = solver.lower_bound().max(least).max(bound);
            proven = proven.min(bound);
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
                self.open.push(Reverse(Open { bound, end, first, part, labels: FIRST_LABELS }));
            }
        }
        proven.max(bound)
    }

    /// Leaves plans alone of which it is known only that they are not below a bound.
    fn give_up(&mut self, bound: u64) {
        self.given_up = Some(self.given_up.map_or(bound, |known| known.min(bound)));
    }

    fn prove(&mut self, context: &mut Context, ranking: &Ranking) {
        let Some(Reverse(open)) = self.open.pop() else { return };
        let shops = Shops::new(context.model, &ranking.singles, open.end, open.first);
        let Some(shop) = shops.shop(open.part) else { return };
        let mut labels = open.labels;
        let mut solver = Solver::new(&shop.shop, self.shares, self.best.makespan.0);
        // Easy ones that are no better any more come before hard ones that may be.
        if solver.lower_bound().max(open.bound) >= self.best.makespan.0 {
            return;
        }
        let ended = solver.search(self.best.makespan.0, usize::MAX, &mut labels);
        self.evaluations += open.labels - labels;
        if let Ended::Proven(Some(sequence)) | Ended::Stopped(_, Some(sequence)) = &ended {
            self.take(context, ranking, &shop, sequence, (open.end, open.first));
        }
        if let Ended::Stopped(bound, _) = ended {
            let bound = bound.max(open.bound);
            if open.labels < MOST_LABELS {
                self.open.push(Reverse(Open { bound, labels: open.labels * MORE, ..open }));
            } else {
                self.give_up(bound);
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
        let found = plan_of(context, ranking, shop, sequence, at);
        self.evaluations += 1;
        debug_assert!(found.makespan.0 <= sequence.end, "{:?} after {sequence:?}", found.makespan);
        if found.makespan < self.best.makespan {
            self.best = found;
        }
    }

    /// The outcome as it stands. What ended with nothing left to do but unproven was stopped by memory, or by grids that
    /// cannot be searched.
    pub fn outcome(&self, ranking: &Ranking) -> Outcome {
        let lower_bound = self.lower_bound(ranking);
        let has_given_up = self.is_done(ranking) && lower_bound < self.best.makespan;
        let why = if self.holds_all_grids() { "memory" } else { "grids" };
        Outcome {
            found: self.best.clone(),
            lower_bound,
            evaluations: self.evaluations,
            stopped_by: self.stopped_by.or(has_given_up.then_some(why)),
        }
    }
}

/// The plan that a sequence stands for, evaluated.
fn plan_of(
    context: &mut Context,
    ranking: &Ranking,
    shop: &TileShop,
    sequence: &Sequence,
    (end, first): (usize, usize),
) -> Found {
    let block = ranking.singles.block(end, first);
    let stages = context.network().stages().len();
    let (order, cuts) = shop.plan(sequence, first, block.last, stages);
    let (strategy, instance) = context.compile(&[block]);
    let makespan = context.evaluate(&instance, &order, &cuts);
    Found { strategy, order, cuts, makespan }
}

/// What no plan of a strategy can beat; only that it is not below `limit` where that is so. `shares`
/// are tried first; afterwards they are what proves most.
pub fn bound(
    context: &Context,
    singles: &Singles,
    (end, first): (usize, usize),
    shares: &mut [f64; 3],
    limit: Nanos,
) -> Nanos {
    let shops = Shops::new(context.model, singles, end, first);
    if !shops.hold_all_plans() {
        return Nanos::ZERO;
    }
    let parts = shops.parts(shares, limit.0).into_iter().map(|(part, least)| {
        let shop = shops.shop(part);
        shop.map_or(least, |shop| least.max(Solver::new(&shop.shop, *shares, limit.0).lower_bound()))
    });
    Nanos(parts.min().unwrap_or(u64::MAX)).min(limit)
}

/// The shops of a strategy that may hold a plan below `limit`; none where shops do not hold all plans.
pub fn shops(
    context: &Context,
    singles: &Singles,
    (end, first): (usize, usize),
    shares: &mut [f64; 3],
    limit: Nanos,
) -> Option<Vec<Shop>> {
    let shops = Shops::new(context.model, singles, end, first);
    if !shops.hold_all_plans() {
        return None;
    }
    let parts = shops.parts(shares, limit.0).into_iter();
    Some(parts.filter_map(|(part, _)| shops.shop(part)).map(|made| made.shop).collect())
}

/// The best plans that a narrow beam finds of a strategy, one for each of its parts that may hold one
/// below `limit`: minimising waiting with a look ahead. Takes what it makes from `labels`, and stops
/// where they run out. None where its shops do not hold all plans.
pub fn beam(
    context: &mut Context,
    ranking: &Ranking,
    (end, first): (usize, usize),
    width: usize,
    labels: &mut u64,
    limit: Nanos,
) -> Option<Vec<Found>> {
    let shops = Shops::new(context.model, &ranking.singles, end, first);
    if !shops.hold_all_plans() {
        return None;
    }
    let mut all = Vec::new();
    let mut shares = ranking.fluid.shares;
    for (part, _) in shops.parts(&mut shares, limit.0) {
        let Some(shop) = shops.shop(part) else { continue };
        let mut solver = Solver::new(&shop.shop, shares, limit.0);
        if solver.lower_bound() >= limit.0 {
            continue;
        }
        let given = (4 * FIRST_LABELS).min(*labels);
        let mut left = given;
        let ended = solver.search(limit.0, width, &mut left);
        *labels -= given - left;
        if let Ended::Proven(Some(sequence)) = ended {
            all.push(plan_of(context, ranking, &shop, &sequence, (end, first)));
        }
    }
    Some(all)
}
