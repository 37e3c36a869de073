//! In place of `several` and `uneven` where the features of these names are off, for a lighter page: strategies that
//! shops do not hold, and uneven grids, keep the bounds that are known of them and are not searched.

use super::super::{Context, Found, Ranking};
#[cfg(not(feature = "several"))]
use crate::bounds::{Singles, Weights};

/// Uneven grids that the ranking does not hold: nothing is known of them.
#[cfg(not(feature = "uneven"))]
#[derive(Debug)]
pub struct Uneven {
    is_given_up: bool,
}

#[cfg(not(feature = "uneven"))]
impl Uneven {
    /// Whether there are any.
    pub fn new(context: &Context) -> Self {
        Self { is_given_up: !context.space.is_small(context.network()) }
    }

    /// Whether there are grids that are not searched.
    pub fn leaves_grids(&self) -> bool {
        self.is_given_up
    }

    /// No plan of these is faster.
    pub fn lower_bound(&self) -> u64 {
        if self.is_given_up { 0 } else { u64::MAX }
    }

    /// Nothing is searched here.
    pub fn is_open(&self, _: u64) -> bool {
        false
    }

    /// Finds nothing.
    pub fn step(&mut self, _: &mut Context, _: &Ranking, _: &mut Found) -> u64 {
        0
    }
}

/// What is known of strategies that are not searched.
#[cfg(not(feature = "several"))]
#[derive(Debug)]
pub struct Several {
    least: u64,
}

#[cfg(not(feature = "several"))]
impl Several {
    /// Of spaces with several fused blocks nothing is known.
    pub fn new(context: &mut Context, _: &Singles, _: &[Weights], _: [f64; 3]) -> Self {
        Self { least: if context.space.max_fused_blocks > 1 { 0 } else { u64::MAX } }
    }

    /// Of strategies with one fused block all is known.
    #[cfg(feature = "uneven")]
    pub fn of_one(_: &mut Context, _: &Ranking) -> Self {
        Self { least: u64::MAX }
    }

    /// Takes a strategy that shops do not hold.
    pub fn add_single(&mut self, _: usize, _: usize, bound: u64) {
        self.least = self.least.min(bound);
    }

    /// No strategy of these has a faster plan.
    pub fn lower_bound(&self) -> u64 {
        self.least
    }

    /// Nothing is searched here.
    pub fn is_open(&self, _: u64) -> bool {
        false
    }

    /// Finds nothing.
    pub fn step(&mut self, _: &mut Context, _: &Ranking, _: &mut Found) -> u64 {
        0
    }
}
