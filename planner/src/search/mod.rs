//! The methods: each finds a plan of a scenario's space (planning model §5).
//!
//! Entry points: [`Context`], [`Swarm`]. Must not know files or the browser.

mod boundaries;
mod brute;
mod chains;
mod context;
mod count;
mod decode;
pub mod exact;
mod front;
mod local;
mod mw;
mod ranking;
mod seeds;
mod sides;
mod swarm;

pub use brute::{Brute, Count, Strategies, at_most, strategies};
pub use context::{Context, Found};
pub use count::about_how_many_plans;
pub use exact::Exact;
pub use mw::{Mw, mw, unsplit_mw};
pub use ranking::{Ranked, Ranking};
pub use sides::{device_only, nfl, server_only};
pub use swarm::{Settings, Swarm};

use crate::base::Nanos;

/// What a search says of itself after each step.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Iteration {
    /// Steps done.
    pub iteration: u32,
    /// Plans evaluated so far.
    pub evaluations: u64,
    /// The best makespan so far.
    pub best: Nanos,
    /// Mean makespan of the swarm's particles at this step.
    pub mean: f64,
    /// Their standard deviation.
    pub deviation: f64,
    /// The least of them.
    pub least: Nanos,
    /// The worst of them.
    pub worst: Nanos,
}

/// What watches a search, and may stop it.
pub trait Observer {
    /// After each step; false stops the search.
    fn step(&mut self, iteration: &Iteration) -> bool;

    /// The time of the best plan of the space, proven before the search begins.
    fn proven(&mut self, best: Nanos) {
        let _ = best;
    }

    /// A better plan than any before, after so many evaluations.
    fn improved(&mut self, iteration: u32, evaluations: u64, found: &Found) {
        let _ = (iteration, evaluations, found);
    }
}

/// Watches nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unwatched;

impl Observer for Unwatched {
    fn step(&mut self, _: &Iteration) -> bool {
        true
    }
}

/// The end of a search.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The best plan found.
    pub found: Found,
    /// No plan of the space is faster.
    pub lower_bound: Nanos,
    /// Plans evaluated.
    pub evaluations: u64,
    /// What ended it early, if anything did.
    pub stopped_by: Option<&'static str>,
}

impl Outcome {
    /// Whether the plan is as fast as the bound.
    pub fn is_proven(&self) -> bool {
        self.found.makespan <= self.lower_bound
    }
}
