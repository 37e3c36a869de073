//! The strategies with one fused block, most promising first.

use super::{Context, exact};
use crate::base::{Nanos, ascending};
use crate::bounds::{Fluid, Singles, Weights};
use crate::plan::Block;
use std::cell::RefCell;

/// Prices are tried in steps of one over this, besides the fluid bound's.
const PRICE_STEPS: u32 = 4;

/// A strategy of the ranking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ranked {
    /// No plan of it is faster.
    pub bound: Nanos,
    /// Index into [`Singles::ends`].
    pub end: usize,
    /// First stage of the fused block.
    pub first: usize,
}

/// Strategies with one fused block, sorted by their bounds.
#[derive(Clone, Debug)]
pub struct Ranking {
    /// The tables.
    pub singles: Singles,
    /// Those that may be faster than what was known, by bound, then end, then first stage.
    pub ranked: Vec<Ranked>,
    /// The fluid bound, with its prices.
    pub fluid: Fluid,
    /// By place: what has been proven of it since.
    tight: RefCell<Vec<Nanos>>,
    /// All prices at which the bounds were taken.
    pub weights: Vec<Weights>,
}

impl Ranking {
    /// Builds the tables and bounds every strategy; keeps those that may be faster than `known`.
    pub fn new(context: &mut Context, known: Nanos) -> Self {
        let singles = Singles::new(&mut context.traces, context.space);
        let slots = context.slots();
        let fluid = Fluid::new(context.model);
        let grid = (0..=PRICE_STEPS).flat_map(|a| (0..=PRICE_STEPS - a).map(move |b| [a, b, PRICE_STEPS - a - b]));
        let mut weights = vec![Weights::from_shares(fluid.shares, slots)];
        weights.extend(grid.map(|parts| Weights::from_shares(parts.map(f64::from), slots)));
        let mut ranked = Vec::with_capacity(singles.len());
        let ends = if context.space.max_fused_blocks > 0 { singles.ends.len() } else { 0 };
        let mut bounds: Vec<Vec<u64>> = Vec::with_capacity(ends);
        for (end, single) in singles.ends.iter().enumerate().take(ends) {
            let own = match single.mirror_of {
                Some(other) => bounds[other].clone(),
                None => singles.bounds(end, &weights, known.0),
            };
            let all = own.iter().zip(single.start..);
            let all = all.map(|(&bound, first)| Ranked { bound: Nanos(bound), end, first });
            ranked.extend(all.filter(|ranked| ranked.bound < known));
            bounds.push(own);
        }
        Self::of(singles, fluid, weights, &ranked)
    }

    /// Other strategies of the same network, each with its bound.
    #[cfg(feature = "uneven")]
    pub fn over(&self, singles: Singles, ranked: &[Ranked]) -> Self {
        Self::of(singles, self.fluid, self.weights.clone(), ranked)
    }

    fn of(singles: Singles, fluid: Fluid, weights: Vec<Weights>, ranked: &[Ranked]) -> Self {
        let tight = RefCell::new(vec![Nanos::ZERO; ranked.len()]);
        // They come by end and first stage, and equal ones keep their order.
        let bounds: Vec<u64> = ranked.iter().map(|ranked| ranked.bound.0).collect();
        let ranked = ascending(&bounds).into_iter().map(|at| ranked[at]).collect();
        Self { singles, ranked, fluid, tight, weights }
    }

    /// The best bound of the strategy at this place that is known so far.
    pub fn known_bound(&self, at: usize) -> Nanos {
        self.tight.borrow()[at].max(self.ranked[at].bound)
    }

    /// A bound of the strategy at this place: where it is below `limit`, as tight as its shops prove it.
    /// Searches of one ranking share what they found out. `shares` are tried first; afterwards they
    /// are what proved most.
    pub fn tight_bound(&self, context: &Context, at: usize, shares: &mut [f64; 3], limit: Nanos) -> Nanos {
        let Ranked { end, first, .. } = self.ranked[at];
        let known = self.quick_bound(context, at, *shares, limit);
        if known < limit {
            self.remember(at, exact::bound(context, &self.singles, (end, first), shares, limit));
        }
        self.known_bound(at)
    }

    /// A bound of the strategy at this place: the best that is known, and what these shares prove alone.
    pub fn quick_bound(&self, context: &Context, at: usize, shares: [f64; 3], limit: Nanos) -> Nanos {
        if self.known_bound(at) < limit {
            let Ranked { end, first, .. } = self.ranked[at];
            let weights = Weights::from_shares(shares, context.slots());
            self.remember(at, Nanos(self.singles.bound((end, first), weights)));
        }
        self.known_bound(at)
    }

    /// Keeps what has been proven of the strategy at this place.
    pub fn remember(&self, at: usize, bound: Nanos) {
        let mut tight = self.tight.borrow_mut();
        tight[at] = tight[at].max(bound);
    }

    /// Whether the strategy at this place is another one transposed, with plans of the same makespans:
    /// the other one comes before it. What is known of that one is known of this one then.
    pub fn is_mirrored(&self, at: usize) -> bool {
        let Some(end) = self.singles.ends[self.ranked[at].end].mirror_of else { return false };
        if let Ok(other) = self.ranked.binary_search(&Ranked { end, ..self.ranked[at] }) {
            let mut tight = self.tight.borrow_mut();
            tight[at] = tight[at].max(tight[other]);
        }
        true
    }

    /// The fused block of a ranked strategy.
    pub fn block(&self, ranked: &Ranked) -> Block {
        self.singles.block(ranked.end, ranked.first)
    }

    /// The least bound of all: with the plan known before, a bound of the space.
    pub fn least(&self) -> Option<Nanos> {
        self.ranked.first().map(|ranked| ranked.bound)
    }
}
