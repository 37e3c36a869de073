//! A plan that nobody has checked yet: made by hand, or read from a text.

use crate::plan::Strategy;
use crate::search::Found;

/// An FL strategy of a network, an order of all its paths and their cuts, none behind its path's
/// last stage. Whether it is a valid plan is for the schedule to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The FL strategy.
    pub strategy: Strategy,
    /// The order of its paths.
    pub order: Vec<usize>,
    /// By path: the stages that the device runs.
    pub cuts: Vec<usize>,
}

impl From<&Found> for Proposal {
    fn from(found: &Found) -> Self {
        Self { strategy: found.strategy.clone(), order: found.order.clone(), cuts: found.cuts.clone() }
    }
}
