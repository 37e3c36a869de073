//! The whole schedule of a valid plan, operation by operation.

use super::{Busy, Clock, Instance, Invalid};
use crate::base::{self, Bytes, Nanos, Region};

/// What an operation occupies, in the order of the plan document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Resource {
    /// A slot of the device.
    Device,
    /// The link up.
    Uplink,
    /// A slot of the server.
    Server,
    /// The link down.
    Downlink,
}

impl Resource {
    /// The name in plan documents.
    pub fn name(self) -> &'static str {
        match self {
            Resource::Device => "device",
            Resource::Uplink => "uplink",
            Resource::Server => "server",
            Resource::Downlink => "downlink",
        }
    }
}

/// One piece of work on one resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation {
    /// Whose.
    pub path: usize,
    /// On what.
    pub resource: Resource,
    /// Slot of it; 0 on links.
    pub slot: usize,
    /// When it starts.
    pub start: Nanos,
    /// When it ends.
    pub end: Nanos,
    /// Bytes sent; transfers only.
    pub bytes: Option<Bytes>,
}

/// All operations, sorted by start, resource, slot and path; and when the last one ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// The operations.
    pub operations: Vec<Operation>,
    /// The inference time.
    pub makespan: Nanos,
}

/// Schedules order and cuts on an instance.
///
/// # Errors
/// They are no valid plan of it.
pub fn schedule(instance: &Instance, order: &[usize], cuts: &[usize]) -> Result<Schedule, Invalid> {
    instance.check(order, cuts)?;
    let mut clock = Clock::new(instance);
    let mut operations = Vec::with_capacity(3 * order.len());
    for &path in order {
        let cut = cuts[path];
        let step = clock.step(instance, path, cut, instance.upload_time(path, cuts));
        clock.apply(path, &step);
        let mut push = |busy: Option<Busy>, resource: Resource, boundary: usize, sent: Option<Region>| {
            if let Some(Busy { slot, start, end, .. }) = busy {
                let bytes = sent.map(|region| instance.wire_bytes(path, boundary, region));
                operations.push(Operation { path, resource, slot, start, end, bytes });
            }
        };
        push(step.device, Resource::Device, 0, None);
        push(step.uplink, Resource::Uplink, cut, Some(instance.sent(path, cuts)));
        push(step.server, Resource::Server, 0, None);
        let known = &instance.paths()[path];
        push(step.downlink, Resource::Downlink, known.len, Some(known.cell));
    }
    let key = |at: usize| {
        let op: &Operation = &operations[at];
        (op.start, op.resource, op.slot, op.path)
    };
    let by_start = base::order(operations.len(), &|a, b| key(a).cmp(&key(b)));
    Ok(Schedule { operations: by_start.into_iter().map(|at| operations[at]).collect(), makespan: clock.end() })
}
