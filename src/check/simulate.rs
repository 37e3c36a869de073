//! A plan run resource by resource: each takes its own queue in order (planning model §4).

use super::layout::Path;
use super::region::Patch;
use super::time::{sent_bytes, transfer};
use crate::network::Network;
use crate::platform::Platform;
use std::collections::VecDeque;

/// What an operation occupies, in the order of plan documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Resource {
    Device,
    Uplink,
    Server,
    Downlink,
}

impl Resource {
    pub(super) const ALL: [Self; 4] = [Self::Device, Self::Uplink, Self::Server, Self::Downlink];

    /// The name in plan documents.
    pub(super) fn name(self) -> &'static str {
        ["device", "uplink", "server", "downlink"][self as usize]
    }
}

/// An operation that has its place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Operation {
    pub path: usize,
    pub resource: Resource,
    pub slot: usize,
    pub start: u128,
    pub end: u128,
    pub bytes: Option<u128>,
}

/// All operations of a plan.
pub(super) struct Schedule {
    /// By path and resource.
    pub of: Vec<[Option<Operation>; 4]>,
    /// The end of the last one.
    pub makespan: u128,
}

impl Schedule {
    /// All operations, sorted as in plan documents.
    pub(super) fn sorted(&self) -> Vec<Operation> {
        let mut all: Vec<Operation> = self.of.iter().flatten().flatten().copied().collect();
        all.sort_by_key(|op| (op.start, op.resource, op.slot, op.path));
        all
    }
}

/// An operation before it has its place.
#[derive(Clone, Debug, Default)]
struct Task {
    time: u128,
    bytes: Option<u128>,
    /// What has to end before: operations by path and resource.
    after: Vec<(usize, Resource)>,
}

/// Runs a valid plan.
pub(super) fn run(network: &Network, platform: &Platform, paths: &[Path], order: &[usize], cuts: &[usize]) -> Schedule {
    let uploads = uploads(platform, paths, cuts);
    let mut queues: [VecDeque<(usize, Task)>; 4] = Default::default();
    for &path in order {
        for (queue, task) in queues.iter_mut().zip(tasks(network, platform, paths, cuts, &uploads, path)) {
            queue.extend(task.map(|task| (path, task)));
        }
    }
    let mut slots = [platform.device.slots, 1, platform.server.slots, 1].map(|count| vec![0u128; count.max(1)]);
    let mut schedule = Schedule { of: vec![[None; 4]; paths.len()], makespan: 0 };
    // Whatever is not blocked goes on; a valid plan never blocks all four.
    while Resource::ALL.iter().any(|&on| advance(on, &mut queues[on as usize], &mut slots[on as usize], &mut schedule))
    {
    }
    schedule
}

/// Places the operations at the head of a queue as far as their predecessors have ended; whether any.
fn advance(
    resource: Resource,
    queue: &mut VecDeque<(usize, Task)>,
    slots: &mut [u128],
    schedule: &mut Schedule,
) -> bool {
    let mut moved = false;
    while let Some((path, task)) = queue.front() {
        let ends: Option<Vec<u128>> =
            task.after.iter().map(|&(path, on)| schedule.of[path][on as usize].map(|op| op.end)).collect();
        let Some(ends) = ends else { break };
        let Some(slot) = (0..slots.len()).min_by_key(|&slot| (slots[slot], slot)) else { break };
        let start = ends.into_iter().fold(slots[slot], u128::max);
        let end = start + task.time;
        slots[slot] = end;
        schedule.makespan = schedule.makespan.max(end);
        let bytes = task.bytes;
        schedule.of[*path][resource as usize] = Some(Operation { path: *path, resource, slot, start, end, bytes });
        queue.pop_front();
        moved = true;
    }
    moved
}

/// Bytes that each path sends up, 0 where it sends nothing.
fn uploads(platform: &Platform, paths: &[Path], cuts: &[usize]) -> Vec<u128> {
    let mut wanted = vec![Patch::EMPTY; paths.len()];
    for (reader, _) in paths.iter().zip(cuts).filter(|(_, cut)| **cut == 0) {
        for &earlier in &reader.needs {
            wanted[earlier] = wanted[earlier].around(paths[earlier].cell().and(reader.input()));
        }
    }
    let region = |index: usize| match cuts[index] {
        cut if cut == paths[index].len() => wanted[index],
        0 if paths[index].block > 0 => Patch::EMPTY,
        cut => paths[index].regions[cut],
    };
    let bytes = |index: usize| {
        let (path, cut) = (&paths[index], cuts[index]);
        sent_bytes(path.tensors[cut], region(index), path.first + cut == 0, platform.data)
    };
    (0..paths.len()).map(bytes).collect()
}

/// The operations of one path, by resource.
fn tasks(
    network: &Network,
    platform: &Platform,
    paths: &[Path],
    cuts: &[usize],
    uploads: &[u128],
    index: usize,
) -> [Option<Task>; 4] {
    let (path, cut, sent) = (&paths[index], cuts[index], uploads[index]);
    let device = (cut > 0).then(|| Task {
        time: path.times[..cut].iter().map(|time| time[0]).sum(),
        bytes: None,
        after: path.needs.iter().map(|&earlier| (earlier, Resource::Device)).collect(),
    });
    let uplink = (sent > 0).then(|| Task {
        time: transfer(&platform.link, platform.link.uplink_kbps, sent),
        bytes: Some(sent),
        after: if cut > 0 { vec![(index, Resource::Device)] } else { Vec::new() },
    });
    let server = (cut < path.len()).then(|| {
        let arrived = |earlier: usize| match cuts[earlier] == paths[earlier].len() {
            true => (earlier, Resource::Uplink),
            false => (earlier, Resource::Server),
        };
        let own = (sent > 0).then_some((index, Resource::Uplink));
        let others = path.needs.iter().filter(|_| cut == 0).map(|&earlier| arrived(earlier));
        Task {
            time: path.times[cut..].iter().map(|time| time[1]).sum(),
            bytes: None,
            after: own.into_iter().chain(others).collect(),
        }
    });
    let returned = sent_bytes(
        network.layers().last().map_or(network.input(), |layer| layer.output),
        path.cell(),
        false,
        platform.data,
    );
    let returns = platform.link.return_result && path.ends && cut < path.len() && returned > 0;
    let downlink = returns.then(|| Task {
        time: transfer(&platform.link, platform.link.downlink_kbps, returned),
        bytes: Some(returned),
        after: vec![(index, Resource::Server)],
    });
    [device, uplink, server, downlink]
}
