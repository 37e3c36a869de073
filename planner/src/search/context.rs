//! What all searches of one scenario share: traces, instances, the clock.

use crate::base::Nanos;
use crate::cost::{CostModel, Traces};
use crate::network::Network;
use crate::plan::{Block, Space, Strategy};
use crate::schedule::{Clock, Instance};
use std::rc::Rc;

/// A valid plan and its makespan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The FL strategy.
    pub strategy: Strategy,
    /// The order of its paths.
    pub order: Vec<usize>,
    /// Their cuts.
    pub cuts: Vec<usize>,
    /// When its last operation ends.
    pub makespan: Nanos,
}

/// A scenario being searched.
#[derive(Debug)]
pub struct Context<'a> {
    /// Costs of the network on the platform.
    pub model: &'a CostModel<'a>,
    /// The plan space.
    pub space: &'a Space,
    /// Traces that strategies share.
    pub traces: Traces<'a>,
    clock: Clock,
    evaluations: u64,
    unsplit: Rc<Instance>,
}

impl<'a> Context<'a> {
    /// Nothing evaluated yet.
    pub fn new(model: &'a CostModel<'a>, space: &'a Space) -> Self {
        Self::with(space, Traces::new(model))
    }

    /// The same, with traces that may have been made before.
    pub fn with(space: &'a Space, mut traces: Traces<'a>) -> Self {
        let model = traces.model();
        let unsplit = Rc::new(Instance::new(&mut traces, &Strategy::unsplit(model.network())));
        let clock = Clock::new(&unsplit);
        Self { model, space, traces, clock, evaluations: 0, unsplit }
    }

    /// The network.
    pub fn network(&self) -> &'a Network {
        self.model.network()
    }

    /// Slots of device, uplink and server.
    pub fn slots(&self) -> [usize; 3] {
        let platform = self.model.platform();
        [platform.device.slots, 1, platform.server.slots]
    }

    /// Plans evaluated so far.
    pub fn evaluations(&self) -> u64 {
        self.evaluations
    }

    /// The network as one block that is not split.
    pub fn unsplit(&self) -> Rc<Instance> {
        Rc::clone(&self.unsplit)
    }

    /// A strategy around fused blocks, and its compiled form.
    pub fn compile(&mut self, fused: &[Block]) -> (Strategy, Instance) {
        let strategy = Strategy::around(self.model.network(), fused);
        let instance = Instance::new(&mut self.traces, &strategy);
        (strategy, instance)
    }

    /// Makespan of a valid plan; counts one evaluation.
    #[inline]
    pub fn evaluate(&mut self, instance: &Instance, order: &[usize], cuts: &[usize]) -> Nanos {
        self.evaluations += 1;
        self.clock.makespan(instance, order, cuts)
    }
}
