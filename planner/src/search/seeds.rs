//! Constructive plans of one strategy: tiles priced by what each resource is worth.
//!
//! Prices λ of device, uplink and server are steered to where the cheapest cuts load the resources
//! evenly. Near there identical tiles want two cuts at once, so mixtures of neighbouring choices
//! are tried, each in Johnson's order.

use super::Context;
use super::decode::{Decoder, Johnson, useful_cuts};
use super::local::{Draft, order_for};
use crate::base::Nanos;
use crate::bounds::{Load, steer};
use crate::schedule::Instance;

/// The best constructed plan of an instance in which the paths of `block` are cut, those before
/// stay on the device and those behind run on the server. Stops at `limit` evaluations.
pub fn construct(
    context: &mut Context,
    decoder: &mut Decoder,
    instance: &Instance,
    block: usize,
    start: [f64; 3],
    limit: u64,
) -> Option<Draft> {
    let (base, choices) = frontier(instance, block);
    let slots = [instance.slots.device as f64, 1.0, instance.slots.server as f64];
    let fixed = fixed_load(instance, block);
    let mut visited: Vec<Vec<usize>> = Vec::new();
    steer(start, 12, |shares| {
        let mut cuts = base.clone();
        let mut load = fixed;
        for (path, useful) in &choices {
            let cut = cheapest(instance, *path, useful, shares, slots);
            let row = instance.rows(*path)[cut];
            for (sum, part) in load.iter_mut().zip([row.device, row.upload, row.server]) {
                *sum += part.0 as f64;
            }
            cuts[*path] = cut;
        }
        if visited.last() != Some(&cuts) {
            visited.push(cuts);
        }
        Load([load[0] / slots[0], load[1] / slots[1], load[2] / slots[2]])
    });
    let mut best: Option<Draft> = None;
    let mut keep = |found: Draft| {
        if best.as_ref().is_none_or(|known| found.makespan < known.makespan) {
            best = Some(found);
        }
    };
    for cuts in &visited {
        keep(order_for(context, decoder, instance, cuts, &Johnson::ALL, false));
    }
    for pair in visited.windows(2) {
        let mut cuts = pair[0].clone();
        for (path, _) in &choices {
            if pair[0][*path] == pair[1][*path] {
                continue;
            }
            if context.evaluations() >= limit {
                return best;
            }
            cuts[*path] = pair[1][*path];
            keep(order_for(context, decoder, instance, &cuts, &Johnson::ALL[..2], false));
        }
    }
    best
}

type Choices = Vec<(usize, Vec<usize>)>;

/// Cuts of all paths but those of the block, and the useful cuts of each of the block's.
fn frontier(instance: &Instance, block: usize) -> (Vec<usize>, Choices) {
    let mut choices = Vec::new();
    let cuts = instance.paths().iter().enumerate().map(|(path, known)| {
        if known.block == block {
            let mut useful = Vec::new();
            useful_cuts(instance, path, usize::from(block > 0), &mut useful);
            choices.push((path, useful));
        }
        if known.block < block { known.len } else { 0 }
    });
    let cuts = cuts.collect();
    (cuts, choices)
}

/// Load of the paths before and behind the block.
fn fixed_load(instance: &Instance, block: usize) -> [f64; 3] {
    let mut load = [0.0; 3];
    for (path, known) in instance.paths().iter().enumerate() {
        let rows = instance.rows(path);
        match known.block.cmp(&block) {
            std::cmp::Ordering::Less => load[0] += rows[known.len].device.0 as f64,
            std::cmp::Ordering::Greater => load[2] += rows[0].server.0 as f64,
            std::cmp::Ordering::Equal => {}
        }
    }
    load
}

fn cheapest(instance: &Instance, path: usize, useful: &[usize], shares: [f64; 3], slots: [f64; 3]) -> usize {
    let rows = instance.rows(path);
    let price = |cut: usize| {
        let part = |time: Nanos, i: usize| shares[i] * time.0 as f64 / slots[i];
        part(rows[cut].device, 0) + part(rows[cut].upload, 1) + part(rows[cut].server, 2)
    };
    let mut best = (f64::INFINITY, useful.first().copied().unwrap_or(0));
    for &cut in useful {
        let found = price(cut);
        if found < best.0 {
            best = (found, cut);
        }
    }
    best.1
}
