//! Device memory at its peak (planning model §3).

use super::layout::Path;
use super::simulate::{Operation, Resource, Schedule};
use super::stages::Stage;
use super::time::{held_bytes, weight_bytes};
use crate::network::Network;
use crate::platform::{DataTypes, Platform};
use std::collections::BTreeMap;

/// Something held from a time until another.
struct Hold {
    from: u128,
    until: u128,
    bytes: u128,
}

/// Weights of all layers with a device part, and the most that is held at any time.
pub(super) fn peak(
    network: &Network,
    platform: &Platform,
    stages: &[Stage],
    paths: &[Path],
    cuts: &[usize],
    schedule: &Schedule,
) -> u128 {
    let mut used = vec![false; stages.len()];
    for (path, &cut) in paths.iter().zip(cuts) {
        used[path.first..path.first + cut].fill(true);
    }
    let layers = stages.iter().zip(used).filter(|(_, used)| *used).flat_map(|(stage, _)| stage.layers.clone());
    let weights: u128 = layers.map(|layer| weight_bytes(network, &network.layers()[layer], platform.data)).sum();
    weights + most(holds(platform.data, paths, cuts, schedule))
}

fn most(holds: Vec<Hold>) -> u128 {
    // By time: bytes that begin and end to be held.
    let mut changes: BTreeMap<u128, (u128, u128)> = BTreeMap::new();
    for Hold { from, until, bytes } in holds.into_iter().filter(|hold| hold.from < hold.until) {
        changes.entry(from).or_default().0 += bytes;
        changes.entry(until).or_default().1 += bytes;
    }
    let (mut held, mut most) = (0u128, 0);
    for (begins, ends) in changes.into_values() {
        held = (held + begins).saturating_sub(ends);
        most = most.max(held);
    }
    most
}

fn holds(data: DataTypes, paths: &[Path], cuts: &[usize], schedule: &Schedule) -> Vec<Hold> {
    let on = |path: usize, resource: Resource| schedule.of[path][resource as usize];
    let end = |operation: Option<Operation>| operation.map(|operation| operation.end);
    // By path: when the last later path on the device has read it.
    let mut read: Vec<Option<u128>> = vec![None; paths.len()];
    for (reader, path) in paths.iter().enumerate() {
        for &earlier in &path.needs {
            read[earlier] = read[earlier].max(end(on(reader, Resource::Device)));
        }
    }
    let mut holds = Vec::new();
    for (index, path) in paths.iter().enumerate() {
        let (cut, device, uplink) = (cuts[index], on(index, Resource::Device), on(index, Resource::Uplink));
        let bytes = |boundary: usize| {
            held_bytes(path.tensors[boundary], path.regions[boundary], path.first + boundary == 0, data)
        };
        if path.block == 0 {
            let reader = if cut == 0 { uplink } else { device };
            holds.push(Hold { from: 0, until: end(reader).unwrap_or(0), bytes: bytes(0) });
        }
        let Some(device) = device else { continue };
        let largest = path.largest[..cut].iter().copied().max().unwrap_or(0);
        holds.push(Hold { from: device.start, until: device.end, bytes: largest });
        let whole = cut == path.len();
        let last = end(uplink).max(if whole { read[index] } else { None });
        let unread = if whole { schedule.makespan } else { device.end };
        holds.push(Hold { from: device.end, until: last.unwrap_or(unread), bytes: bytes(cut) });
    }
    holds
}
