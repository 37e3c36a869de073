//! In place of [`super::several`] where the feature `several` is off, for a lighter page: strategies that
//! shops do not hold keep the bounds that are known of them and are not searched.

use super::super::{Context, Found};
use crate::bounds::{Singles, Weights};

/// What is known of strategies that are not searched.
#[derive(Debug)]
pub struct Several {
    /// Partial plans made: none.
    pub labels: u64,
    least: u64,
}

impl Several {
    /// Of spaces with several fused blocks nothing is known.
    pub fn new(context: &mut Context, _: &Singles, _: &[Weights], _: [f64; 3]) -> Self {
        Self { labels: 0, least: if context.space.max_fused_blocks > 1 { 0 } else { u64::MAX } }
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
    pub fn step(&mut self, _: &mut Context, _: &Singles, _: u64) -> Option<Found> {
        None
    }
}
