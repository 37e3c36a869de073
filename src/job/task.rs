//! What there is to plan, without its documents.

use crate::formats::{Scenario, SearchFile};
use crate::network::Network;
use crate::plan::Space;
use crate::platform::Platform;

/// A network, what it runs on, which plans count and how they are searched for.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// The network.
    pub network: Network,
    /// What it runs on.
    pub platform: Platform,
    /// The plan space.
    pub space: Space,
    /// Method, seed, budget.
    pub search: SearchFile,
}

impl From<&Scenario> for Task {
    fn from(scenario: &Scenario) -> Self {
        Self {
            network: scenario.network.clone(),
            platform: scenario.platform.clone(),
            space: scenario.space.clone(),
            search: scenario.search,
        }
    }
}
