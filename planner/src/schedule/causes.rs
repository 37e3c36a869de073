//! Why every operation starts when it does, and the chain of operations that makes the makespan.

use super::{Busy, Clock, Instance, Invalid, Resource};
use crate::base::Nanos;

/// Names an operation: a path has at most one on each resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Which {
    /// Whose.
    pub path: usize,
    /// On what.
    pub resource: Resource,
}

/// An operation with what it had to wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caused {
    /// The operation.
    pub which: Which,
    /// Slot of its resource; 0 on links.
    pub slot: usize,
    /// When the slot was free.
    pub free: Nanos,
    /// When its data was there.
    pub ready: Nanos,
    /// When it starts: the later of the two.
    pub start: Nanos,
    /// When it ends.
    pub end: Nanos,
    /// Of the operations that make its data, the last to end; none where all is there at time 0.
    pub data: Option<Which>,
    /// The operation before it on its slot.
    pub before: Option<Which>,
}

/// All operations of a plan in the order in which resources are given them.
///
/// # Errors
/// The plan is not valid.
pub fn causes(instance: &Instance, order: &[usize], cuts: &[usize]) -> Result<Vec<Caused>, Invalid> {
    instance.check(order, cuts)?;
    let mut clock = Clock::new(instance);
    let mut made: Vec<Caused> = Vec::with_capacity(3 * order.len());
    for &path in order {
        let step = clock.step(instance, path, cuts[path], instance.upload_time(path, cuts));
        clock.apply(path, &step);
        for (resource, busy) in [
            (Resource::Device, step.device),
            (Resource::Uplink, step.uplink),
            (Resource::Server, step.server),
            (Resource::Downlink, step.downlink),
        ] {
            let Some(Busy { slot, free, start, end }) = busy else { continue };
            let which = Which { path, resource };
            let data = last_of(&made, &sources(instance, cuts, which));
            let on_slot = |other: &&Caused| other.which.resource == resource && other.slot == slot;
            let before = made.iter().rev().find(on_slot).map(|other| other.which);
            let ready = data.map_or(Nanos::ZERO, |data| data.end);
            made.push(Caused { which, slot, free, ready, start, end, data: data.map(|data| data.which), before });
        }
    }
    Ok(made)
}

/// Operations that make what an operation reads, those of its own path first; some may not be there.
fn sources(instance: &Instance, cuts: &[usize], which: Which) -> Vec<Which> {
    let own = |resource| vec![Which { path: which.path, resource }];
    let needed = || instance.needs(which.path).iter();
    match which.resource {
        Resource::Device => needed().map(|&path| Which { path, resource: Resource::Device }).collect(),
        Resource::Uplink => own(Resource::Device),
        Resource::Server if cuts[which.path] > 0 => own(Resource::Uplink),
        Resource::Server => {
            let at_server = |path: usize| {
                let stays = cuts[path] == instance.paths()[path].len;
                Which { path, resource: if stays { Resource::Uplink } else { Resource::Server } }
            };
            own(Resource::Uplink).into_iter().chain(needed().map(|&path| at_server(path))).collect()
        }
        Resource::Downlink => own(Resource::Server),
    }
}

/// The one of some operations that ends last, the first named on ties.
fn last_of(made: &[Caused], wanted: &[Which]) -> Option<Caused> {
    let mut last: Option<Caused> = None;
    for &which in wanted {
        let found = made.iter().find(|caused| caused.which == which);
        if let Some(&found) = found.filter(|found| last.is_none_or(|last| found.end > last.end)) {
            last = Some(found);
        }
    }
    last
}

/// The operations that make the makespan, first to last, as positions in `causes`: each starts the
/// moment that the one before it ends, the first at time 0 and the last at its end. Where slot and
/// data were free at the same moment, the chain stays on the slot.
pub fn critical(causes: &[Caused]) -> Vec<usize> {
    let at = |which: Which| causes.iter().position(|caused| caused.which == which);
    let mut chain: Vec<usize> = Vec::new();
    let mut next = (0..causes.len()).fold(None, |last: Option<usize>, index| match last {
        Some(last) if causes[last].end >= causes[index].end => Some(last),
        _ => Some(index),
    });
    while let Some(index) = next {
        chain.push(index);
        let Caused { start, free, data, before, .. } = causes[index];
        let cause = if start == Nanos::ZERO {
            None
        } else if free == start {
            before
        } else {
            data
        };
        // Causes come before what they cause, so this ends.
        next = cause.and_then(at).filter(|&cause| cause < index);
    }
    chain.reverse();
    chain
}
