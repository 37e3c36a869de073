//! Plans: an FL strategy, an order of its paths and a cut for each; and the space they come from.
//!
//! Entry points: [`Strategy`], [`Plan`], [`Space`]. Must not know times or the browser.

mod space;
mod strategy;

#[cfg(feature = "uneven")]
pub(crate) use space::boundaries;
pub use space::{GridRule, Space, default_grids};
pub use strategy::{Block, Strategy, StrategyError};

/// An FL strategy with its path scheduling and path offloading. Paths count by block, then row by
/// row; whether order and cuts fit the strategy is for [`crate::schedule`] to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The blocks and their grids.
    pub strategy: Strategy,
    /// All paths, in the one order that every resource obeys.
    pub order: Vec<usize>,
    /// By path: how many of its stages the device runs.
    pub cuts: Vec<usize>,
}
