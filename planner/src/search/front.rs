//! Plans of adjacent fused blocks, the first of which is the *front*: the device is left there.
//!
//! All before it stays on the device, its first tiles leave at once, the others go on into the next block, and what is
//! behind that runs on the server. Each tile comes as soon as what it reads is there, those of later blocks first.
//! (Plans with other blocks as the front were tried besides: where so many chains are tried instead, better ones are
//! found.)

use super::Context;
use super::local::Draft;
use crate::base::Nanos;
use crate::bounds::Weights;
use crate::schedule::Instance;
use std::cmp::Ordering;
use std::ops::Range;

/// The best of some plans in which a block is the front: of so many tiles leaving as long as more help.
pub fn construct(context: &mut Context, instance: &Instance, front: usize, weights: Weights) -> Draft {
    let order = sweep(instance);
    let mut best = Draft { order: Vec::new(), cuts: Vec::new(), makespan: Nanos(u64::MAX) };
    let tiles = instance.paths().iter().filter(|path| path.block == front).count();
    for leaving in 0..=tiles {
        let cuts = leave(instance, front, leaving, weights);
        let makespan = context.evaluate(instance, &order, &cuts);
        if makespan < best.makespan {
            best = Draft { order: order.clone(), cuts, makespan };
        } else if leaving > 1 {
            break;
        }
    }
    best
}

/// Cuts with which so many tiles of a block leave the device early, and all that read of them.
fn leave(instance: &Instance, front: usize, mut leaving: usize, weights: Weights) -> Vec<usize> {
    let mut cuts: Vec<usize> = Vec::with_capacity(instance.paths().len());
    for (path, known) in instance.paths().iter().enumerate() {
        let rows = instance.rows(path);
        let cheapest = |mut cuts: Range<usize>| {
            let mut best = cuts.next().unwrap_or(0);
            let price = |cut: usize| weights.price(rows[cut].device.0, rows[cut].upload.0, rows[cut].server.0);
            for cut in cuts {
                best = if price(cut) < price(best) { cut } else { best };
            }
            best
        };
        let stays = |needed: &usize| cuts[*needed] == instance.paths()[*needed].len;
        let on_device = known.block <= front + 1 && instance.needs(path).iter().all(stays);
        let cut = match known.block.cmp(&front) {
            Ordering::Equal if leaving > 0 => {
                leaving -= 1;
                cheapest(usize::from(front > 0)..known.len)
            }
            Ordering::Greater if on_device => cheapest(1..known.len + 1),
            Ordering::Greater => 0,
            _ => known.len,
        };
        cuts.push(cut);
    }
    cuts
}

/// Of the tiles that have all that they read those of the latest block first.
fn sweep(instance: &Instance) -> Vec<usize> {
    let paths = instance.paths();
    let mut waiting: Vec<usize> = (0..paths.len()).map(|path| instance.needs(path).len()).collect();
    let mut order: Vec<usize> = Vec::with_capacity(paths.len());
    loop {
        let mut next: Option<usize> = None;
        for path in 0..paths.len() {
            if waiting[path] == 0 && next.is_none_or(|known| paths[known].block < paths[path].block) {
                next = Some(path);
            }
        }
        let Some(path) = next else { return order };
        order.push(path);
        waiting[path] = usize::MAX;
        instance.dependents(path).iter().for_each(|dependent| waiting[dependent.path] -= 1);
    }
}
