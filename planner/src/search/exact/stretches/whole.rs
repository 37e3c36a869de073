//! Blocks that are not split, and where splitting gains nothing.

use super::Entry;
use crate::bounds::{NEVER, Singles, Weights};
use crate::cost::Traces;
use crate::tiling::Grid;

/// A block that is not split, in units of [`crate::bounds::SCALE`]·ns.
#[derive(Clone, Copy, Debug)]
pub struct Whole {
    pub device: i64,
    pub server: i64,
    /// The device is left in it.
    pub leaves: i64,
}

/// Whether only lone groups count: see [`super`].
pub fn is_lone(traces: &mut Traces, singles: &Singles, entries: &[Entry]) -> bool {
    let platform = traces.model().platform();
    if platform.device.slots > 1 || platform.server.slots > 1 || platform.link.return_result {
        return false;
    }
    let stages = traces.model().network().stages().len();
    // At a price of one a ns, each costs its time.
    let wholes = wholes(traces, Weights([1, 0, 0]), true);
    let load = |first: usize, behind: usize| {
        let Whole { device, server, .. } = wholes[first * (stages + 1) + behind];
        [device as u64, server as u64]
    };
    let is_no_more = |whole: [u64; 2], parts: [u64; 2]| whole[0] <= parts[0] && whole[1] <= parts[1];
    let both = |a: [u64; 2], b: [u64; 2]| [a[0] + b[0], a[1] + b[1]];
    let joins = |first: usize, behind: usize| {
        let parts = |middle: usize| both(load(first, middle), load(middle, behind));
        (first + 1..behind).all(|middle| is_no_more(load(first, behind), parts(middle)))
    };
    let splits =
        |entry: &Entry| is_no_more(load(entry.first, entry.behind), singles.ends[entry.end].loads(entry.first));
    (1..=stages).all(|behind| (0..behind).all(|first| joins(first, behind))) && entries.iter().all(splits)
}

/// The price of one ns in which all slots rest but one.
pub fn rest(traces: &Traces, weights: Weights) -> u64 {
    let platform = traces.model().platform();
    weights.price(platform.device.slots as u64, 1, platform.server.slots as u64)
}

/// By first boundary and the one behind.
pub fn wholes(traces: &mut Traces, weights: Weights, connected: bool) -> Vec<Whole> {
    let network = traces.model().network();
    let link = &traces.model().platform().link;
    let stages = network.stages().len();
    let total = rest(traces, weights);
    let none = Whole { device: NEVER, server: NEVER, leaves: NEVER };
    let mut wholes = vec![none; (stages + 1) * (stages + 1)];
    for behind in 1..=stages {
        let shape = network.boundary(behind);
        let trace = traces.of(behind - 1, &Grid::whole(shape.height, shape.width))[0].clone();
        for first in 0..behind {
            let way = |cut: usize| {
                let sends = cut < behind && (cut > first || first == 0);
                let bytes = traces.model().wire_bytes(cut, trace.region(cut));
                let upload = if sends { link.upload(bytes).0 } else { 0 };
                [trace.device(first, cut).0, upload, trace.server(cut, behind).0]
            };
            let whole = &mut wholes[first * (stages + 1) + behind];
            if !connected {
                let least = (first..=behind).map(way).map(|[d, u, s]| weights.price(d, u, s)).min();
                whole.device = least.unwrap_or(0) as i64;
                continue;
            }
            whole.device = (total * way(behind)[0]) as i64;
            whole.server = (total * way(first)[2]) as i64;
            let leaves = (if first == 0 { 0 } else { first + 1 }..behind).map(way);
            // What sends nothing lets the server go on at once.
            let time = |[device, upload, server]: [u64; 3]| if upload > 0 { device + upload + server } else { server };
            let least = leaves.map(|times| total * time(times)).min();
            whole.leaves = least.map_or(NEVER, |least| least as i64);
        }
    }
    wholes
}
