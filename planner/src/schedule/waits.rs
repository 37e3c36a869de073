//! Idle time, each gap with its reason.

use super::{Caused, Instance, Resource, Which};
use crate::base::Nanos;

/// Why a slot idles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Nothing for it to do has come yet: its first operation waits for the end of another.
    NotYet {
        /// The first operation.
        next: Which,
        /// What it waits for.
        needs: Which,
    },
    /// The next operation waits for the end of another, and there is nothing else to do.
    Data {
        /// The next operation.
        next: Which,
        /// What it waits for.
        needs: Which,
    },
    /// Another operation could run, but the order puts it behind one that has to wait.
    Order {
        /// The operation that the order puts next.
        next: Which,
        /// What that one waits for.
        needs: Which,
        /// The first of those behind it whose data is there before the gap ends.
        ready: Which,
    },
    /// Nothing is left to do.
    Done,
    /// The plan never uses it.
    Unused,
}

/// A time in which a slot does nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The resource.
    pub resource: Resource,
    /// Its slot; 0 on links.
    pub slot: usize,
    /// When it begins.
    pub start: Nanos,
    /// When it ends.
    pub end: Nanos,
    /// Why.
    pub reason: Reason,
}

/// All gaps of device, uplink and server, and of the downlink where the plan uses it, from time 0 to
/// the makespan: slot by slot, first to last. With the operations they cover every slot exactly.
pub fn gaps(instance: &Instance, causes: &[Caused]) -> Vec<Gap> {
    let makespan = causes.iter().map(|caused| caused.end).max().unwrap_or(Nanos::ZERO);
    let returns = causes.iter().any(|caused| caused.which.resource == Resource::Downlink);
    let mut gaps = Vec::new();
    for (resource, slots) in [
        (Resource::Device, instance.slots.device),
        (Resource::Uplink, 1),
        (Resource::Server, instance.slots.server),
        (Resource::Downlink, usize::from(returns)),
    ] {
        for slot in 0..slots {
            let on_slot = |at: &usize| causes[*at].which.resource == resource && causes[*at].slot == slot;
            let mut last = None;
            for at in (0..causes.len()).filter(on_slot) {
                let Caused { free: start, start: end, .. } = causes[at];
                if let Some(reason) = reason(causes, at).filter(|_| start < end) {
                    gaps.push(Gap { resource, slot, start, end, reason });
                }
                last = Some(causes[at].end);
            }
            let (start, reason) = last.map_or((Nanos::ZERO, Reason::Unused), |end| (end, Reason::Done));
            if start < makespan {
                gaps.push(Gap { resource, slot, start, end: makespan, reason });
            }
        }
    }
    gaps
}

/// Why the slot of an operation idles before it.
fn reason(causes: &[Caused], at: usize) -> Option<Reason> {
    let Caused { which: next, start, data, before, .. } = causes[at];
    let needs = data?;
    let kept_back =
        |other: &&Caused| other.which.resource == next.resource && other.ready < start && other.start >= start;
    let ready = causes.get(at + 1..)?.iter().find(kept_back);
    Some(match (ready, before) {
        (Some(ready), _) => Reason::Order { next, needs, ready: ready.which },
        (None, None) => Reason::NotYet { next, needs },
        (None, Some(_)) => Reason::Data { next, needs },
    })
}
