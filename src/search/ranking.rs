//! The strategies with one fused block, most promising first.

use super::Context;
use crate::base::Nanos;
use crate::bounds::{Fluid, Singles, Weights};
use crate::plan::Block;

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
    /// By bound, then end, then first stage.
    pub ranked: Vec<Ranked>,
    /// The fluid bound's prices, at which the bounds were taken.
    pub fluid: Fluid,
}

impl Ranking {
    /// Builds the tables and bounds every strategy.
    pub fn new(context: &mut Context) -> Self {
        let singles = Singles::new(&mut context.traces, context.space);
        let platform = context.model.platform();
        let fluid = Fluid::new(context.model);
        let grid = (0..=PRICE_STEPS).flat_map(|a| (0..=PRICE_STEPS - a).map(move |b| [a, b, PRICE_STEPS - a - b]));
        let mut weights = vec![Weights::from_shares(fluid.shares, platform)];
        weights.extend(grid.map(|parts| Weights::from_shares(parts.map(f64::from), platform)));
        let mut ranked = Vec::with_capacity(singles.len());
        for end in 0..singles.ends.len() {
            let start = singles.ends[end].start;
            let bounds = singles.bounds(end, &weights);
            ranked.extend(bounds.into_iter().zip(start..).map(|(bound, first)| Ranked {
                bound: Nanos(bound),
                end,
                first,
            }));
        }
        ranked.sort_unstable();
        Self { singles, ranked, fluid }
    }

    /// The fused block of a ranked strategy.
    pub fn block(&self, ranked: &Ranked) -> Block {
        self.singles.block(ranked.end, ranked.first)
    }

    /// The least bound of all: with the unsplit network's best, a bound of the space.
    pub fn least(&self) -> Option<Nanos> {
        self.ranked.first().map(|ranked| ranked.bound)
    }
}
