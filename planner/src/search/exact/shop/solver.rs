//! Labels: jobs appended one after another (see the module above).

use super::arrival::Arrival;
use super::prices::{JobPrice, Prices, Rest};
use super::trail::{START, Trail};
use super::{Choice, Class, Ended, Sequence, Shop};
use crate::base::{ascending, order};
use crate::bounds::{SCALE, Weights, climb};

/// Labels that a search makes before it looks at what jobs choose in all: many shops need no more.
const EASY: u64 = 256;
/// Prices are chosen in steps down to this share.
const FINEST: f64 = 1.0 / 128.0;

/// Labels of one count of jobs, times side by side.
#[derive(Default)]
struct Layer {
    keys: Vec<u64>,
    nodes: Vec<u32>,
    times: Vec<u64>,
}

/// Jobs that are not placed yet, and what is known of them.
#[derive(Clone, Default)]
pub(super) struct Left {
    /// By class: how many.
    pub(super) counts: Vec<u64>,
    /// By prices: what they cost at least, and the device's last of them keeps waiting for.
    rest: Vec<u64>,
    /// Their first arrival at the server; none where nothing is known.
    arrival: Option<Arrival>,
    /// Device time if all of them end there; none where the server has work in any case.
    stay: Option<u64>,
}

/// A shop prepared for search: bounds, keys and memory.
pub struct Solver<'s> {
    pub(super) shop: &'s Shop,
    /// Times a label has: device slots, uplink, server slots, downlink.
    width: usize,
    /// By class: what one job adds to a key.
    units: Vec<u64>,
    /// Whether keys tell all counts apart: those of more than 63 jobs that all differ do not.
    has_keys: bool,
    pub(super) prices: Vec<Prices>,
    /// The shares whose prices prove most.
    pub(super) shares: [f64; 3],
    lower_bound: u64,
    /// After a device operation at least this long until the end.
    behind_device: u64,
    /// By class: see [`Left::arrival`]; none where something may be at the server at any time.
    arrivals: Option<Vec<Arrival>>,
    /// By class: least device time of a job that ends there; none where none does.
    stays: Vec<Option<u64>>,
    /// All jobs.
    pub(super) all: Left,
    trail: Trail,
}

impl<'s> Solver<'s> {
    /// Prepares a shop; `start` are shares to try first; `limit` is that of the search.
    pub fn new(shop: &'s Shop, start: [f64; 3], limit: u64) -> Self {
        let choices = || shop.classes.iter().flat_map(|class| &class.choices);
        let tail = shop.tail.unwrap_or(0);
        let behind = |choice: &Choice| choice.behind_device(tail);
        // What follows on the server waits for all jobs, wherever they end.
        let is_awaited = |choice: &&Choice| shop.tail.is_some() || choice.server.is_some();
        let arrives = choices().filter(is_awaited).all(|c| c.upload > 0 || c.device.is_none());
        let first = |class: &Class| {
            class.choices.iter().filter(is_awaited).map(Arrival::of).fold(Arrival::NEVER, Arrival::least)
        };
        let stay = |class: &Class| {
            let staying = class.choices.iter().filter(|c| shop.tail.is_none() && c.server.is_none());
            staying.map(|c| c.device.unwrap_or(0)).min()
        };
        let (mut unit, mut has_keys) = (1u64, true);
        let mut units = Vec::with_capacity(shop.classes.len());
        for class in &shop.classes {
            units.push(unit);
            let next = unit.checked_mul(class.count as u64 + 1);
            has_keys &= next.is_some();
            unit = next.unwrap_or(unit);
        }
        let mut solver = Self {
            shop,
            width: shop.slots[0] + shop.slots[1] + 2,
            units,
            has_keys,
            prices: Vec::new(),
            shares: start,
            lower_bound: 0,
            behind_device: choices().map(behind).min().unwrap_or(0),
            arrivals: arrives.then(|| shop.classes.iter().map(first).collect()),
            stays: shop.classes.iter().map(stay).collect(),
            all: Left::default(),
            trail: Trail::default(),
        };
        let mut all = Left { counts: shop.classes.iter().map(|class| class.count as u64).collect(), ..Left::default() };
        solver.look_at(&mut all);
        solver.all = all;
        solver.choose_prices(start, limit);
        solver
    }

    /// The prices whose bound is highest. Stops as soon as it reaches `limit`: then nothing more has to be known.
    ///
    /// What was cheapest at other shares costs at these no less than they prove, so most need not be tried.
    fn choose_prices(&mut self, start: [f64; 3], limit: u64) {
        let mut loads: Vec<[u64; 3]> = Vec::new();
        let (lower_bound, shares) = climb(start, limit, FINEST, |shares, best| {
            let weights = self.weights_of(shares);
            let proves_more =
                |&[device, uplink, server]: &[u64; 3]| weights.price(device, uplink, server).div_ceil(SCALE) > best;
            if !loads.iter().all(proves_more) {
                return 0;
            }
            let (value, load) = self.proven_by(weights);
            loads.extend(load);
            value
        });
        (self.shares, self.lower_bound) = (shares, lower_bound);
    }

    /// The best prices, and some around them for labels that have used up one resource.
    pub(super) fn spread_prices(&mut self) {
        let best = self.shares;
        self.prices.push(self.prices_of(best));
        for part in [0.25, 0.6, 1.0] {
            for resource in 0..3 {
                let mut shares = best.map(|share| (1.0 - part) * share);
                shares[resource] += part;
                self.prices.push(self.prices_of(shares));
            }
        }
    }

    fn prices_of(&self, shares: [f64; 3]) -> Prices {
        Prices::new(self.shop, self.weights_of(shares))
    }

    fn weights_of(&self, shares: [f64; 3]) -> Weights {
        Weights::from_shares(shares, [self.shop.slots[0], 1, self.shop.slots[1]])
    }

    /// What no sequence can beat, by these prices alone; and the load that has just this price, if it
    /// is one: no other prices prove more than it costs at them.
    fn proven_by(&self, weights: Weights) -> (u64, Option<[u64; 3]>) {
        let [k, m] = self.shop.slots.map(|slots| slots as u64);
        let tail = self.shop.tail.unwrap_or(0);
        let all = &self.all;
        let device = k * self.shop.device_ready + (k - 1) * self.behind_device;
        let arrival = self.first_arrival();
        let edges = [device, self.shop.sent + tail, m * tail];
        let mut rest = Rest::default();
        let (mut load, mut load_without) = (edges, edges);
        load_without[0] += self.behind_device;
        let mut last = None;
        for class in &self.shop.classes {
            let job = JobPrice::new(class, weights, tail);
            if job.last < rest.last {
                last = Some((job.load, job.last_load));
            }
            rest.add(job, class.count as u64);
            for resource in 0..3 {
                load[resource] += class.count as u64 * job.load[resource];
                load_without[resource] += class.count as u64 * job.load_without[resource];
            }
        }
        let times = weights.price(edges[0], edges[1], edges[2]);
        let [with, without] = rest.both(weights.price(self.behind_device, 0, 0));
        let price = times + with.min(without);
        let arrived = price + weights.price(0, 0, m * arrival);
        let stay = all.stay.map_or(u64::MAX, |stay| self.shop.device_ready + stay.div_ceil(k));
        let proven = arrived.div_ceil(SCALE).min(stay.max(price.div_ceil(SCALE)));
        let load = match last {
            _ if without <= with => Some(load_without),
            last => last.map(|(first, last)| [0, 1, 2].map(|i| load[i] - first[i] + last[i])),
        };
        (proven, load.map(|[device, uplink, server]| [device, uplink, server + m * arrival]))
    }

    /// Finds out what is to know of jobs left but their prices.
    fn look_at(&self, left: &mut Left) {
        let (mut arrival, mut stay, mut any) = (Arrival::NEVER, Some(0), false);
        for (class, &count) in left.counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            any = true;
            stay = stay.zip(self.stays[class]).map(|(sum, each)| sum + count * each);
            if let Some(arrivals) = &self.arrivals {
                arrival = arrival.least(arrivals[class]);
            }
        }
        left.stay = stay.filter(|_| any);
        left.arrival = self.arrivals.as_ref().map(|_| arrival).filter(|known| !known.is_never());
    }

    /// Finds out what jobs left cost as well.
    fn price(&self, left: &mut Left) {
        self.look_at(left);
        left.rest.clear();
        left.rest.extend(self.prices.iter().map(|prices| prices.rest(&left.counts, self.behind_device)));
    }

    /// The first moment at which anything of the jobs left can be at the server; 0 where it is not known.
    fn earliest_arrival(&self, arrival: Option<Arrival>, device: u64, uplink: u64) -> u64 {
        let Some(Arrival { through, sent, without }) = arrival else { return 0 };
        let through = through.saturating_add(device).max(sent.saturating_add(uplink));
        // A job of neither device nor uplink is there when the block before it is.
        let direct = if without == 0 { self.shop.sent } else { without.saturating_add(uplink) };
        through.min(direct)
    }

    /// The first moment at which anything at all can be at the server.
    pub(super) fn first_arrival(&self) -> u64 {
        self.earliest_arrival(self.all.arrival, self.shop.device_ready, self.shop.sent)
    }

    /// What each resource's slots together cannot use of the time until the end, if the uplink may begin
    /// at `sent`.
    pub(super) fn edges(&self, sent: u64) -> [u64; 3] {
        let [k, m] = self.shop.slots.map(|slots| slots as u64);
        let tail = self.shop.tail.unwrap_or(0);
        [k * (self.shop.device_ready + self.behind_device), sent + tail, m * tail]
    }

    fn first_label(&self) -> Vec<u64> {
        let [device, _] = self.shop.slots;
        let mut times = vec![0; self.width];
        times[..device].fill(self.shop.device_ready);
        times[device] = self.shop.sent;
        times
    }

    /// What each resource's slots together are busy or of no use at these times, and how long the server's
    /// slots wait for jobs left besides.
    fn used(&self, times: &[u64], left: &Left) -> ([u64; 3], u64) {
        let [k, m] = self.shop.slots;
        let tail = self.shop.tail.unwrap_or(0);
        let arrival = self.earliest_arrival(left.arrival, times[0], times[k]);
        // The slot that works last of all is part of the rest.
        let device = times[..k].iter().sum::<u64>() + (k as u64 - 1) * self.behind_device;
        let server = &times[k + 1..=k + m];
        let waits = server.iter().map(|&t| arrival.saturating_sub(t)).sum();
        ([device, times[k] + tail, server.iter().sum::<u64>() + m as u64 * tail], waits)
    }

    /// The end if all jobs left end on the device; never where the server has work in any case.
    fn stay(&self, times: &[u64], left: &Left) -> u64 {
        let k = self.shop.slots[0];
        left.stay.map_or(u64::MAX, |stay| (times[..k].iter().sum::<u64>() + stay).div_ceil(k as u64))
    }

    /// What no completion of these times can beat.
    fn bound(&self, times: &[u64], left: &Left) -> u64 {
        let ([device, uplink, server], waits) = self.used(times, left);
        let proven_from = |server: u64| {
            let prices = self.prices.iter().zip(&left.rest);
            let prices = prices.map(|(prices, rest)| prices.weights.price(device, uplink, server) + rest);
            prices.max().unwrap_or(0).div_ceil(SCALE)
        };
        let stayed = self.stay(times, left).max(proven_from(server));
        proven_from(server + waits).min(stayed).max(self.downlink(times))
    }

    /// Whether no completion of these times can end before `limit`: [`Solver::bound`], as soon as it is
    /// known.
    fn is_late(&self, times: &[u64], left: &Left, limit: u64) -> bool {
        let (mut used, waits) = self.used(times, left);
        if self.stay(times, left) >= limit {
            used[2] += waits;
        }
        self.downlink(times) >= limit || self.is_dear(used, &left.rest, limit)
    }

    /// Whether what is used and what is left, by prices, do not fit before `limit`.
    fn is_dear(&self, [device, uplink, server]: [u64; 3], rest: &[u64], limit: u64) -> bool {
        let below = limit.saturating_sub(1).saturating_mul(SCALE);
        let mut prices = self.prices.iter().zip(rest);
        prices.any(|(prices, rest)| prices.weights.price(device, uplink, server) + rest > below)
    }

    fn downlink(&self, times: &[u64]) -> u64 {
        times[self.width - 1]
    }

    /// When a completed label ends.
    fn end(&self, times: &[u64]) -> u64 {
        let [k, m] = self.shop.slots;
        let device = times[k - 1];
        let there = times[k].max(times[k + m]);
        device.max(there + self.shop.tail.unwrap_or(0)).max(self.downlink(times))
    }

    /// What no sequence can beat.
    pub fn lower_bound(&self) -> u64 {
        self.lower_bound
    }

    /// The shares of device, uplink and server that prove it.
    pub fn shares(&self) -> [f64; 3] {
        self.shares
    }

    /// The prices that prove it.
    pub fn weights(&self) -> Weights {
        self.weights_of(self.shares)
    }

    /// What no sequence can beat whose jobs cost `least` in all at these prices and which uses the server,
    /// if the uplink may begin at `sent` and nothing arrives before.
    pub fn bound_from(&self, sent: u64, weights: Weights, least: u64) -> u64 {
        let [device, uplink, server] = self.edges(sent);
        let waits = self.shop.slots[1] as u64 * sent;
        (weights.price(device, uplink, server + waits) + least).div_ceil(SCALE)
    }

    /// The best sequence that ends before `limit`. Keeps the `beam` most promising labels of each
    /// count of jobs (all of them: an exact search); stops where more than `most` labels are made.
    pub fn search(&mut self, limit: u64, beam: usize, most: &mut u64) -> Ended {
        if self.prices.is_empty() {
            self.spread_prices();
        }
        if beam < usize::MAX {
            return self.append_all(limit, beam, most);
        }
        let given = EASY.min(*most);
        let mut left = given;
        let ended = self.append_all(limit, beam, &mut left);
        *most -= given - left;
        match ended {
            Ended::Stopped(..) => self.choose_first(limit, most),
            proven => proven,
        }
    }

    /// [`Solver::search`], step by step.
    pub(super) fn append_all(&mut self, limit: u64, beam: usize, most: &mut u64) -> Ended {
        self.trail.clear();
        if !self.has_keys {
            return Ended::Stopped(self.lower_bound.min(limit), None);
        }
        let jobs: usize = self.shop.classes.iter().map(|class| class.count).sum();
        let mut layer = Layer { keys: vec![0], nodes: vec![START], times: self.first_label() };
        for _ in 0..jobs {
            let Some(next) = self.expand(&layer, limit, most) else {
                return Ended::Stopped(self.lower_bound.min(limit), None);
            };
            layer = self.reduced(next, beam);
            if layer.keys.is_empty() {
                return Ended::Proven(None);
            }
        }
        let ends = layer.times.chunks_exact(self.width).map(|times| self.end(times));
        let best = ends.zip(&layer.nodes).min().filter(|(end, _)| *end < limit);
        Ended::Proven(best.map(|(end, &node)| Sequence { jobs: self.trail.jobs(node), end }))
    }

    /// Appends every job to every label; none where labels run out.
    fn expand(&mut self, layer: &Layer, limit: u64, most: &mut u64) -> Option<Layer> {
        let mut next = Layer::default();
        let mut times = vec![0; self.width];
        let shop = self.shop;
        // By class: what is left behind one job of it. Labels with one key are neighbours mostly.
        let mut behind = vec![Left::default(); shop.classes.len()];
        let mut known = None;
        for (at, (&key, &node)) in layer.keys.iter().zip(&layer.nodes).enumerate() {
            let now = &layer.times[at * self.width..][..self.width];
            if known != Some(key) {
                known = Some(key);
                self.look_behind(key, &mut behind);
            }
            for (index, (class, left)) in shop.classes.iter().zip(&behind).enumerate() {
                if left.counts.is_empty() {
                    continue;
                }
                for (number, choice) in class.choices.iter().enumerate() {
                    times.copy_from_slice(now);
                    self.append(&mut times, choice);
                    self.wait_for_arrival(&mut times, left);
                    if self.is_late(&times, left, limit) {
                        continue;
                    }
                    *most = most.checked_sub(1)?;
                    next.keys.push(key + self.units[index]);
                    next.nodes.push(self.trail.add(node, index, number));
                    next.times.extend_from_slice(&times);
                }
            }
        }
        Some(next)
    }

    /// By class: what is left behind one job of it, of what a key leaves; no counts where it has none.
    fn look_behind(&self, key: u64, behind: &mut [Left]) {
        let counts = self.left(key);
        for (class, left) in behind.iter_mut().enumerate() {
            left.counts.clear();
            if counts[class] > 0 {
                left.counts.extend_from_slice(&counts);
                left.counts[class] -= 1;
                self.price(left);
            }
        }
    }

    /// Moves free slots of the server to the first moment at which anything can arrive: earlier they
    /// are of no use, and labels that differ only there are the same.
    fn wait_for_arrival(&self, times: &mut [u64], left: &Left) {
        let [k, m] = self.shop.slots;
        let mut arrival = self.earliest_arrival(left.arrival, times[0], times[k]);
        arrival = arrival.min(self.stay(times, left));
        for slot in &mut times[k + 1..=k + m] {
            *slot = arrival.max(*slot);
        }
    }

    /// Jobs of each class that a key has not placed.
    fn left(&self, mut key: u64) -> Vec<u64> {
        let mut counts = self.all.counts.clone();
        for (count, &unit) in counts.iter_mut().zip(&self.units).rev() {
            while key >= unit {
                key -= unit;
                *count -= 1;
            }
        }
        counts
    }

    /// Appends a job: the order rules every resource (planning model §4).
    fn append(&self, times: &mut [u64], choice: &Choice) {
        let [k, m] = self.shop.slots;
        let (device, rest) = times.split_at_mut(k);
        let (uplink, rest) = rest.split_at_mut(1);
        let (server, downlink) = rest.split_at_mut(m);
        let mut ready = 0;
        if let Some(time) = choice.device {
            ready = device[0].max(self.shop.device_ready) + time;
            take_first(device, ready);
        }
        let mut there = if choice.device.is_none() { self.shop.sent } else { 0 };
        if choice.upload > 0 {
            uplink[0] = uplink[0].max(ready) + choice.upload;
            there = uplink[0];
        }
        if let Some(time) = choice.server {
            let end = server[0].max(there) + time;
            take_first(server, end);
            if choice.download > 0 {
                downlink[0] = downlink[0].max(end) + choice.download;
            }
        }
    }

    /// The labels that no other covers, at most `beam` of them.
    fn reduced(&self, layer: Layer, beam: usize) -> Layer {
        let w = self.width;
        let times = |i: usize| &layer.times[i * w..][..w];
        let by_key = |a: usize, b: usize| layer.keys[a].cmp(&layer.keys[b]).then_with(|| times(a).cmp(times(b)));
        let mut kept: Vec<usize> = Vec::new();
        // Of the labels kept of this key, those that no other covers apart from the first time: by that
        // they are sorted, so it is no later in any of them.
        let mut front: Vec<usize> = Vec::new();
        let covers = |a: usize, b: usize| times(a)[1..].iter().zip(&times(b)[1..]).all(|(a, b)| a <= b);
        for at in order(layer.keys.len(), &by_key) {
            if kept.last().is_some_and(|&last| layer.keys[last] != layer.keys[at]) {
                front.clear();
            }
            if !front.iter().any(|&other| covers(other, at)) {
                front.retain(|&other| !covers(at, other));
                front.push(at);
                kept.push(at);
            }
        }
        if kept.len() > beam {
            let bounds: Vec<u64> = kept.iter().map(|&i| self.label_bound(layer.keys[i], times(i))).collect();
            kept = ascending(&bounds).into_iter().take(beam).map(|at| kept[at]).collect();
        }
        Layer {
            keys: kept.iter().map(|&i| layer.keys[i]).collect(),
            nodes: kept.iter().map(|&i| layer.nodes[i]).collect(),
            times: kept.iter().flat_map(|&i| times(i)).copied().collect(),
        }
    }

    fn label_bound(&self, key: u64, times: &[u64]) -> u64 {
        let mut left = Left { counts: self.left(key), ..Left::default() };
        self.price(&mut left);
        self.bound(times, &left)
    }
}

/// Puts a new end in place of the first free slot, slots sorted by their times.
fn take_first(slots: &mut [u64], end: u64) {
    slots[0] = end;
    for at in 1..slots.len() {
        if slots[at - 1] > slots[at] {
            slots.swap(at - 1, at);
        }
    }
}
