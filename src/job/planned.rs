//! A found plan with its schedule, in the words of the plan document.

use super::Proposal;
use crate::base::Bytes;
use crate::cost::{CostModel, Traces};
use crate::formats::{BlockFile, OperationFile};
use crate::plan::Strategy;
use crate::schedule::{Instance, Invalid, Operation, Schedule, device_memory, schedule};

/// A plan, compiled and scheduled anew.
pub struct Planned {
    /// Its paths and their costs.
    pub instance: Instance,
    /// Its schedule.
    pub schedule: Schedule,
    /// The device memory that it needs.
    pub memory: Bytes,
}

impl Planned {
    /// Schedules a plan.
    ///
    /// # Errors
    /// It is not valid.
    pub fn new(model: &CostModel, plan: &Proposal) -> Result<Self, Invalid> {
        let instance = Instance::new(&mut Traces::new(model), &plan.strategy);
        let Proposal { order, cuts, .. } = plan;
        let schedule = schedule(&instance, order, cuts)?;
        let memory = device_memory(model, &instance, cuts, &schedule);
        Ok(Self { instance, schedule, memory })
    }

    /// Its operations, sorted as in the document.
    pub fn operations(&self) -> Vec<OperationFile> {
        let operation = |operation: &Operation| OperationFile {
            path: operation.path,
            resource: operation.resource.name().to_owned(),
            slot: operation.slot,
            start_ns: operation.start.0,
            end_ns: operation.end.0,
            bytes: operation.bytes.map(|bytes| bytes.0),
        };
        self.schedule.operations.iter().map(operation).collect()
    }
}

/// The blocks of a strategy.
pub fn blocks(strategy: &Strategy) -> Vec<BlockFile> {
    let block = |block: &crate::plan::Block| BlockFile {
        first_stage: block.first,
        last_stage: block.last,
        rows: block.grid.rows().to_vec(),
        columns: block.grid.columns().to_vec(),
    };
    strategy.blocks().iter().map(block).collect()
}
