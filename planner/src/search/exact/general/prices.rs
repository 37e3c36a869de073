//! What paths cost at least, at prices of a nanosecond on each resource: bounds of labels.

use super::ways::{Job, Jobs, Way, members};
use crate::bounds::{Load, SCALE, Weights, steer};

/// Steps towards the best prices.
const STEPS: u32 = 24;

/// Which starts are left to a path.
const ANY: usize = 0;
const SERVER: usize = 1;
const DEVICE: usize = 2;

/// One set of prices and what follows from it.
#[derive(Clone, Debug)]
struct Price {
    weights: Weights,
    /// By block: what a position costs that a path of it takes from the block before.
    potential: Vec<i64>,
    /// By path: the least price of its ways, of those that start on the server, and of the others.
    least: Vec<[i64; 3]>,
}

/// Several sets of prices.
#[derive(Clone, Debug)]
pub struct Prices {
    all: Vec<Price>,
}

/// What of an unplaced path's starts is ruled out, and what placed paths have sent.
#[derive(Clone, Copy, Debug)]
pub struct Rest<'r> {
    /// Unplaced paths.
    pub unplaced: u128,
    /// Those of them that cannot start on the device.
    pub no_device: u128,
    /// Those of them that cannot start on the server.
    pub no_server: u128,
    /// By block: positions of the block before that are at the server and that no placed path took.
    pub supply: &'r [u64],
}

/// Whether prices count on the uplink resting while a path runs that is alone, or on transfers
/// between blocks. Not both: see the module above.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Counted {
    Rest,
    Transfers,
}

impl Prices {
    /// Prices steered from shares of the three resources, and one set for each resource.
    pub fn new(jobs: &Jobs, start: [f64; 3]) -> Self {
        let slots = [jobs.slots[0], 1, jobs.slots[1]];
        let rest = steered(jobs, start, Counted::Rest);
        let transfers = steered(jobs, start, Counted::Transfers);
        let sets = [
            (rest, Counted::Rest),
            (transfers, Counted::Transfers),
            ([1.0, 0.0, 0.0], Counted::Rest),
            ([0.0, 1.0, 0.0], Counted::Rest),
            ([0.0, 1.0, 0.0], Counted::Transfers),
            ([0.0, 0.0, 1.0], Counted::Rest),
        ];
        let all =
            sets.into_iter().map(|(shares, counted)| Price::new(jobs, Weights::from_shares(shares, slots), counted));
        Self { all: all.collect() }
    }

    /// What no completion of a label can beat, whose slots are free at these times: device, uplink,
    /// server.
    pub fn bound(&self, jobs: &Jobs, times: [&[u64]; 3], rest: Rest) -> u64 {
        let [device, uplink, server] = times.map(|slots| slots.iter().sum());
        let mut best = 0;
        for price in &self.all {
            let left = price.left(jobs, rest);
            let now = price.weights.price(device, uplink, server) as i64;
            best = best.max((now + left).max(0) as u64);
        }
        best.div_ceil(SCALE)
    }
}

impl Price {
    fn new(jobs: &Jobs, weights: Weights, counted: Counted) -> Self {
        let mut potential = vec![0; jobs.blocks];
        if counted == Counted::Transfers {
            for block in 1..jobs.blocks {
                let before = jobs.all.iter().filter(|job| job.block + 1 == block).flat_map(|job| &job.ways);
                let sent = before.filter(|way| way.stays() && way.supply > 0);
                potential[block] = sent.map(|way| (weights.0[1] * way.upload / way.supply) as i64).min().unwrap_or(0);
            }
        }
        let mut price = Self { weights, potential, least: Vec::new() };
        for job in &jobs.all {
            let mut least = [i64::MAX >> 8; 3];
            for way in &job.ways {
                let cost = price.of(jobs, job, way, counted);
                let start = if way.cut == 0 { SERVER } else { DEVICE };
                least[ANY] = least[ANY].min(cost);
                least[start] = least[start].min(cost);
            }
            price.least.push(least);
        }
        price
    }

    fn of(&self, jobs: &Jobs, job: &Job, way: &Way, counted: Counted) -> i64 {
        let times = times_of(jobs, job, way, counted);
        let [device, server] = jobs.slots.map(|slots| slots as u64 * times.rested);
        // What all slots rest through, and what is worked besides.
        let uplink = if counted == Counted::Rest { times.rested } else { 0 };
        let rested = self.weights.price(device, uplink, server);
        let worked = self.weights.price(times.worked[0], times.worked[1], times.worked[2]);
        let taken = if way.cut == 0 { self.potential[job.block] * job.own as i64 } else { 0 };
        let given = self.potential.get(job.block + 1).map_or(0, |potential| potential * way.supply as i64);
        (rested + worked) as i64 + taken - given
    }

    fn left(&self, jobs: &Jobs, rest: Rest) -> i64 {
        let starts = |path: usize| {
            let set = |set: u128| set >> path & 1 == 1;
            if set(rest.no_device) {
                SERVER
            } else if set(rest.no_server) {
                DEVICE
            } else {
                ANY
            }
        };
        let mut left: i64 = members(rest.unplaced).map(|path| self.least[path][starts(path)]).sum();
        for block in (1..jobs.blocks).filter(|&block| self.potential[block] > 0) {
            // No more can be taken than the paths left take.
            let takers = members(rest.unplaced & !rest.no_server).filter(|&path| jobs.all[path].block == block);
            let most: u64 = takers.map(|path| jobs.all[path].own).sum();
            left -= self.potential[block] * rest.supply[block].min(most) as i64;
        }
        left
    }
}

/// Times of one way.
struct Times {
    /// During so much every other path rests.
    rested: u64,
    /// Work on each resource besides.
    worked: [u64; 3],
}

fn times_of(jobs: &Jobs, job: &Job, way: &Way, counted: Counted) -> Times {
    let (device, server) = (way.device.unwrap_or(0), way.server.unwrap_or(0));
    if !job.alone || jobs.skips_uplink {
        return Times { rested: 0, worked: [device, way.upload, server] };
    }
    if way.stays() {
        // Paths behind it may start on the device while it sends.
        return Times { rested: device, worked: [0, way.upload, 0] };
    }
    let uplink = if counted == Counted::Rest { 0 } else { way.upload };
    Times { rested: device + way.upload + server + way.download, worked: [0, uplink, 0] }
}

/// Shares at which the cheapest ways load the resources evenly.
fn steered(jobs: &Jobs, start: [f64; 3], counted: Counted) -> [f64; 3] {
    let slots = [jobs.slots[0] as f64, 1.0, jobs.slots[1] as f64];
    // What a position costs on the uplink at least, by block that takes it.
    let one = Price::new(jobs, Weights([0, 1 << 12, 0]), counted);
    let wire: Vec<f64> = one.potential.iter().map(|&p| p as f64 / 4096.0).collect();
    let load = |job: &Job, way: &Way| {
        let times = times_of(jobs, job, way, counted);
        let rested = times.rested as f64;
        let taken = if way.cut == 0 { wire[job.block] * job.own as f64 } else { 0.0 };
        let given = wire.get(job.block + 1).map_or(0.0, |wire| wire * way.supply as f64);
        let [device, uplink, server] = times.worked.map(|time| time as f64);
        let up = if counted == Counted::Rest { rested } else { 0.0 };
        [rested + device / slots[0], up + uplink + taken - given, rested + server / slots[2]]
    };
    let loads: Vec<Vec<[f64; 3]>> =
        jobs.all.iter().map(|job| job.ways.iter().map(|way| load(job, way)).collect()).collect();
    steer(start, STEPS, |shares| {
        let mut sum = [0.0; 3];
        for ways in &loads {
            let mut best = (f64::INFINITY, [0.0; 3]);
            for &load in ways {
                let price = (0..3).map(|i| shares[i] * load[i]).sum::<f64>();
                if price < best.0 {
                    best = (price, load);
                }
            }
            for (sum, part) in sum.iter_mut().zip(best.1) {
                *sum += part;
            }
        }
        Load(sum)
    })
}
