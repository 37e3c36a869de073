//! What paths cost at least, at prices of a nanosecond on each resource: bounds of labels.

use super::ways::{ANY, DEVICE, Job, Jobs, SERVER, Way, members};
use crate::bounds::{Load, SCALE, Weights, steer};
use crate::search::exact::MANY;

/// Steps towards the best prices.
const STEPS: u32 = 24;

/// How often prices and parts of transfers are bettered in turn.
const ROUNDS: usize = 3;
/// Of what transfers between blocks cost, so much is charged to who reads, in parts of the first.
const PARTS: [u64; 16] = [1024, 768, 512, 384, 256, 192, 128, 96, 64, 48, 32, 24, 16, 8, 4, 0];

/// No path does so. Sums over all paths stay far below the largest number.
pub const NEVER: i64 = i64::MAX >> 8;

/// One set of prices and what follows from it.
#[derive(Clone, Debug)]
pub struct Price {
    weights: Weights,
    /// Of the server only what paths of this block and those behind it do counts, and alone paths.
    from: usize,
    /// Before that the server begins none of it: see [`Jobs::late_head`]. 0 where all counts.
    head: u64,
    /// By block: what a position costs that a path of it takes from the block before.
    potential: Vec<i64>,
    /// Of all ways of all paths, one after another.
    pub costs: Vec<i64>,
    /// By path: the least price of its ways, of those that start on the server, and of the others.
    pub least: Vec<[i64; 3]>,
}

/// Several sets of prices.
#[derive(Clone, Debug)]
pub struct Prices {
    /// Each is a bound of its own.
    pub all: Vec<Price>,
}

/// What of an unplaced path's starts is ruled out, and what placed paths have given.
#[derive(Clone, Copy, Debug)]
pub struct Rest<'r> {
    /// Unplaced paths.
    pub unplaced: u128,
    /// Those of them that cannot start on the device.
    pub no_device: u128,
    /// Those of them that cannot start on the server.
    pub no_server: u128,
    /// By path: how many positions of its own placed paths have given.
    pub given: &'r [u64],
}

/// Shares that make prices, and where they are steered from.
#[derive(Clone, Debug, PartialEq)]
pub struct Start {
    /// Shares of the three resources.
    shares: [f64; 3],
    /// The same where only late work counts.
    late: [f64; 3],
    /// By block, the last one first: the part of transfers that is charged to who reads.
    parts: Vec<u64>,
}

impl Start {
    /// Transfers are charged to who sends.
    pub fn new(shares: [f64; 3]) -> Self {
        Self { shares, late: shares, parts: Vec::new() }
    }

    /// By block: see [`Start::parts`].
    fn parts_of(&self, jobs: &Jobs) -> Vec<u64> {
        let known = self.parts.iter().copied().chain(std::iter::repeat(0));
        let mut parts: Vec<u64> = known.take(jobs.blocks).collect();
        parts.reverse();
        parts
    }

    /// Steers them to where all paths at their cheapest cost most.
    pub fn steer(&mut self, jobs: &Jobs) {
        let (shares, mut parts) = Loads::new(jobs, 0).steered_with_parts(self.shares);
        let (from, mut best) = (self.late, f64::NEG_INFINITY);
        for &block in jobs.late() {
            let loads = Loads::new(jobs, block);
            let late = loads.steered(from, &parts);
            let value = loads.value(late, &parts);
            if value > best {
                (self.late, best) = (late, value);
            }
        }
        parts.reverse();
        (self.shares, self.parts) = (shares, parts);
    }
}

impl Prices {
    /// Prices of some shares, one set for each resource, and sets for late work.
    pub fn new(jobs: &Jobs, start: &Start) -> Self {
        let (none, all, steered) = (vec![0; jobs.blocks], vec![PARTS[0]; jobs.blocks], start.parts_of(jobs));
        let slots = [jobs.slots[0], 1, jobs.slots[1]];
        let price =
            |shares, from: usize, parts: &[u64]| Price::new(jobs, Weights::from_shares(shares, slots), from, parts);
        let mut sets = vec![
            price(start.shares, 0, &steered),
            price([1.0, 0.0, 0.0], 0, &none),
            price([0.0, 1.0, 0.0], 0, &all),
            price([0.0, 0.0, 1.0], 0, &none),
        ];
        for &block in jobs.late() {
            sets.push(price(start.late, block, &steered));
        }
        Self { all: sets }
    }

    /// Leaves those of all paths' ways out that are gone.
    pub fn keep(&mut self, jobs: &Jobs, gone: &[bool]) {
        for price in &mut self.all {
            let mut gone = gone.iter();
            price.costs.retain(|_| !gone.next().is_some_and(|&gone| gone));
            price.read_costs(jobs);
        }
    }

    /// What no completion of a label can beat, whose slots are free at these times: device, uplink,
    /// server. Where that is `limit` or more, it need not be the most.
    pub fn bound(&self, jobs: &Jobs, times: [&[u64]; 3], rest: Rest, limit: u64) -> u64 {
        let [device, uplink, server]: [u64; 3] = times.map(|slots| slots.iter().sum());
        let enough = limit.saturating_mul(SCALE);
        let tails = jobs.tails(rest.unplaced, rest.no_device, rest.no_server);
        let is_besides_left = jobs.is_besides_behind(rest.unplaced);
        let mut best = 0;
        for price in &self.all {
            let left = price.left(jobs, rest) + price.of_tails(jobs, tails) + price.of_besides(jobs, is_besides_left);
            let server = if MANY { server.max(jobs.slots[1] as u64 * price.head) } else { server };
            let now = price.weights.price(device, uplink, server) as i64;
            best = best.max((now + left).max(0) as u64);
            if best >= enough {
                break;
            }
        }
        best.div_ceil(SCALE)
    }
}

impl Price {
    fn new(jobs: &Jobs, weights: Weights, from: usize, parts: &[u64]) -> Self {
        let potential = (0..jobs.blocks).map(|block| (wire(jobs, block, weights) * parts[block] / PARTS[0]) as i64);
        let potential = potential.collect();
        let mut price = Self { weights, from, head: 0, potential, costs: Vec::new(), least: Vec::new() };
        let costs = jobs.all.iter().flat_map(|job: &Job| job.ways.iter().map(move |way| (job, way)));
        price.costs = costs.map(|(job, way)| price.of(jobs, job, way)).collect();
        price.read_costs(jobs);
        price
    }

    fn read_costs(&mut self, jobs: &Jobs) {
        let [device, uplink, _] = self.weights.0;
        self.head = if MANY && self.from > 0 { jobs.late_head(self.from, [device, uplink]) } else { 0 };
        self.least.clear();
        let mut costs = self.costs.iter();
        for job in &jobs.all {
            let mut least = [NEVER; 3];
            for (way, &cost) in job.ways.iter().zip(costs.by_ref()) {
                let start = if way.cut == 0 { SERVER } else { DEVICE };
                least[ANY] = least[ANY].min(cost);
                least[start] = least[start].min(cost);
            }
            self.least.push(least);
        }
    }

    fn of(&self, jobs: &Jobs, job: &Job, way: &Way) -> i64 {
        let times = times_of(job, way, self.from);
        let [device, server] = jobs.slots.map(|slots| slots as u64 * times.rested);
        // What all slots rest through, and what is worked besides.
        let rested = self.weights.price(device, times.rested, server);
        let worked = self.weights.price(times.worked[0], times.worked[1], times.worked[2]);
        let taken = if way.cut == 0 { self.potential[job.block] * job.own as i64 } else { 0 };
        let given = self.potential.get(job.block + 1).map_or(0, |potential| potential * way.supply as i64);
        (rested + worked) as i64 + taken - given
    }

    /// What it costs that resources have nothing to do at the end: see [`Jobs::tails`].
    pub fn of_tails(&self, jobs: &Jobs, [device, uplink]: [u64; 2]) -> i64 {
        self.weights.price(jobs.slots[0] as u64 * device, uplink, 0) as i64
    }

    /// What it costs that uplink and server have nothing to do at the beginning of plans: see [`Jobs::heads`].
    pub fn of_heads(&self, jobs: &Jobs) -> i64 {
        let [uplink, server] = if MANY { jobs.heads } else { return 0 };
        self.weights.price(0, uplink, jobs.slots[1] as u64 * server.max(self.head)) as i64
    }

    /// What plans cost besides their paths; with what the server does then where it is all left to do.
    pub fn of_besides(&self, jobs: &Jobs, is_all_left: bool) -> i64 {
        let [device, server] = jobs.besides;
        if MANY { self.weights.price(device, 0, if is_all_left { server } else { 0 }) as i64 } else { 0 }
    }

    fn left(&self, jobs: &Jobs, rest: Rest) -> i64 {
        let least = |path: usize| {
            let ([any, server, device], has) = (self.least[path], |set: u128| set >> path & 1 > 0);
            let given = self.potential[jobs.all[path].block] * rest.given[path] as i64;
            match (has(rest.no_device), has(rest.no_server)) {
                (true, _) => server - given,
                (_, true) => device,
                _ if given == 0 => any,
                _ => device.min(server - given),
            }
        };
        members(rest.unplaced).map(least).sum()
    }
}

/// Times of one way.
struct Times {
    /// During so much every other path rests.
    rested: u64,
    /// Work on each resource besides.
    worked: [u64; 3],
}

fn times_of(job: &Job, way: &Way, from: usize) -> Times {
    let (device, server) = (way.device.unwrap_or(0), way.server.unwrap_or(0));
    if !job.alone {
        let server = if MANY && job.block < from { 0 } else { server };
        return Times { rested: 0, worked: [device, way.upload, server] };
    }
    if way.stays() {
        // Paths behind it may start on the device while it sends.
        return Times { rested: device, worked: [0, way.upload, 0] };
    }
    Times { rested: device + way.upload + server + way.download, worked: [0; 3] }
}

/// The most that a position may cost which a path of a block takes from the block before: no box
/// that is sent costs less.
fn wire(jobs: &Jobs, block: usize, weights: Weights) -> u64 {
    let before = jobs.all.iter().filter(|job| job.block + 1 == block).filter_map(|job| job.largest_box);
    before.map(|[time, positions]| weights.0[1] * time / positions).min().unwrap_or(0)
}

/// How long device, uplink and server rest at the beginning and at the end, where of the server what blocks from one on
/// do counts.
fn edges(jobs: &Jobs, from: usize) -> [f64; 3] {
    let ([device, tail], [head, server]) = (jobs.all_tails(), jobs.heads);
    let late = if from > 0 { jobs.late_head(from, [1; 2]) } else { 0 };
    [device, tail + head, server.max(late)].map(|time| time as f64)
}

/// Loads of all ways, per slot, for steering.
struct Loads {
    /// See [`edges`].
    edges: [f64; 3],
    /// By path and way.
    ways: Vec<Vec<Load4>>,
    /// By block: time of a position on the uplink.
    wire: Vec<f64>,
}

/// What one way loads.
struct Load4 {
    times: [f64; 3],
    /// The block it takes positions for, and how many.
    taken: (usize, f64),
    /// The block it gives positions to, and how many.
    given: (usize, f64),
}

impl Loads {
    /// Of the server what blocks from one on do.
    fn new(jobs: &Jobs, from: usize) -> Self {
        let slots = jobs.slots.map(|slots| slots as f64);
        let one = Weights([0, SCALE, 0]);
        let load = |job: &Job, way: &Way| {
            let times = times_of(job, way, from);
            let rested = times.rested as f64;
            let [device, uplink, server] = times.worked.map(|time| time as f64);
            let taken = if way.cut == 0 { job.own as f64 } else { 0.0 };
            Load4 {
                times: [rested + device / slots[0], rested + uplink, rested + server / slots[1]],
                taken: (job.block, taken),
                given: ((job.block + 1).min(jobs.blocks - 1), if job.feeds == 0 { 0.0 } else { way.supply as f64 }),
            }
        };
        // What stays and sends is never the cheapest: sending nothing is cheaper.
        let counts = |job: &Job, way: &Way| !way.stays() || way.upload == 0 || job.silent.is_none();
        let loads = |job: &Job| job.ways.iter().filter(|way| counts(job, way)).map(|way| load(job, way)).collect();
        let ways = jobs.all.iter().map(loads).collect();
        let wire = (0..jobs.blocks).map(|block| wire(jobs, block, one) as f64 / SCALE as f64).collect();
        Self { edges: if MANY { edges(jobs, from) } else { [0.0; 3] }, ways, wire }
    }

    /// The load of all paths' cheapest ways.
    fn cheapest(&self, shares: [f64; 3], parts: &[u64]) -> [f64; 3] {
        let part =
            |(block, positions): (usize, f64)| positions * self.wire[block] * parts[block] as f64 / PARTS[0] as f64;
        let mut sum = self.edges;
        for ways in &self.ways {
            let mut best = (f64::INFINITY, [0.0; 3]);
            for way in ways {
                let [device, uplink, server] = way.times;
                let load = [device, uplink + part(way.taken) - part(way.given), server];
                let price = (0..3).map(|i| shares[i] * load[i]).sum::<f64>();
                if price < best.0 {
                    best = (price, load);
                }
            }
            for (sum, part) in sum.iter_mut().zip(best.1) {
                *sum += part;
            }
        }
        sum
    }

    /// Its price.
    fn value(&self, shares: [f64; 3], parts: &[u64]) -> f64 {
        let load = self.cheapest(shares, parts);
        (0..3).map(|i| shares[i] * load[i]).sum()
    }

    /// Shares at which the cheapest ways load the resources evenly.
    fn steered(&self, start: [f64; 3], parts: &[u64]) -> [f64; 3] {
        steer(start, STEPS, |shares| Load(self.cheapest(shares, parts)))
    }

    /// Shares and parts of transfers: each in turn as the others are best.
    fn steered_with_parts(&self, start: [f64; 3]) -> ([f64; 3], Vec<u64>) {
        let mut parts = vec![0; self.wire.len()];
        let mut shares = self.steered(start, &parts);
        for _ in 0..ROUNDS {
            for block in 1..parts.len() {
                let mut best = (f64::NEG_INFINITY, 0);
                for part in PARTS {
                    parts[block] = part;
                    let value = self.value(shares, &parts);
                    if value > best.0 {
                        best = (value, part);
                    }
                }
                parts[block] = best.1;
            }
            shares = self.steered(shares, &parts);
        }
        (shares, parts)
    }
}
