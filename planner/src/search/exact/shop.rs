//! The shop that a fused block is: jobs that each choose what they cost device, uplink and server.
//!
//! A tile is a job, its cuts are its choices; tiles with equal choices form a class and are counted
//! instead of named. With one order for all resources (planning model §4) a sequence of (class,
//! choice) pairs is a plan, so the best plan is found by appending pairs: a *label* is how many jobs
//! of each class are placed and until when each slot is taken.
//!
//! Why the search is exact:
//! - *Dominance.* Appending is monotone: later slots never make an operation earlier, and sorted slot
//!   times stay ordered when the first free one is taken. So of two labels with the same counts one
//!   whose times are all no later makes the other superfluous. A choice is superfluous only where
//!   another one is no longer on *every* resource; "smaller upload and no larger total" is not enough.
//! - *Bound.* For prices `w` with `k·w₁ + w₂ + m·w₃ ≤ SCALE` every end `T` of a completed label has
//!   `SCALE·T ≥ Σ w·(times) + Σ over jobs left of their least price`, because each slot's work must
//!   fit between its time now and `T`. After the device's last job comes at least the shortest way
//!   through uplink and server: which job that is and what it costs is chosen together.
//! - *Arrival.* The server takes up new work no sooner than the first arrival of any job left. Where
//!   nothing follows on the server it may get no new work at all: then all jobs left end on the device,
//!   one after another on each slot, so the lesser of both bounds holds. A server slot that is free
//!   before both the first arrival and that end on the device may as well be free then: work that comes
//!   finds it no later, and where none comes the end is no sooner.

use super::sums::{Around, Which};
use super::trail::{START, Trail};
use crate::base::order;
use crate::bounds::{SCALE, Weights};

/// What a job costs if it is run in one of its ways. `None`: the resource has no operation of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Choice {
    /// Time on the device.
    pub device: Option<u64>,
    /// Time on the uplink; 0 where nothing is sent.
    pub upload: u64,
    /// Time on the server.
    pub server: Option<u64>,
    /// Time on the downlink; 0 where nothing is sent back.
    pub download: u64,
}

impl Choice {
    /// Whether this choice can never be worse than another.
    pub fn covers(&self, other: &Self) -> bool {
        // An operation of 0 ns still waits for its slot: no operation is better than that.
        let no_longer = |a: Option<u64>, b: Option<u64>| a.is_none_or(|a| b.is_some_and(|b| a <= b));
        // What does without the device waits for the block before; what sends nothing from there waits for nobody.
        let waits_longer =
            self.device.is_none() && other.device.is_some() && other.upload == 0 && other.server.is_some();
        !waits_longer
            && no_longer(self.device, other.device)
            && self.upload <= other.upload
            && no_longer(self.server, other.server)
            && self.download <= other.download
    }

    /// What it takes of device, uplink and server.
    pub(super) fn load(&self) -> [u64; 3] {
        [self.device.unwrap_or(0), self.upload, self.server.unwrap_or(0)]
    }

    /// How long the end has to wait behind this job's device part, at least.
    fn behind_device(&self, tail: u64) -> u64 {
        match self {
            // What sends nothing keeps nobody waiting.
            Choice { device: Some(_), upload: 0, .. } => 0,
            Choice { upload, server, .. } => upload + server.unwrap_or(0) + tail,
        }
    }
}

/// Jobs that look alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Class {
    /// How many.
    pub count: usize,
    /// What each may cost; never empty.
    pub choices: Vec<Choice>,
}

/// Jobs, and what comes before and behind them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shop {
    /// Slots of device and server.
    pub slots: [usize; 2],
    /// When the device may begin.
    pub device_ready: u64,
    /// When the uplink may begin.
    pub uplink_ready: u64,
    /// When the server may begin a job that neither device nor uplink works on.
    pub server_ready: u64,
    /// What the server does once everything has arrived; none where nothing follows.
    pub tail: Option<u64>,
    /// The jobs.
    pub classes: Vec<Class>,
}

/// A sequence of jobs, each with its class and choice, and when its last operation ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sequence {
    /// Class and choice, in order.
    pub jobs: Vec<(usize, usize)>,
    /// The end, tail included.
    pub end: u64,
}

/// How a search of a shop ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The best sequence below the limit; none where none is.
    Proven(Option<Sequence>),
    /// Labels ran out: what no sequence can beat, and the best below the limit so far.
    Stopped(u64, Option<Sequence>),
}

/// Choices for all jobs that are put in order before any other, and labels of each count of jobs that
/// are kept then.
const FEW: usize = 8;
const ORDERS: usize = 16;
/// Sums that may be made for each label that may be, and in all.
const SUMS: u64 = 4;
/// Labels that could be made in the time that looking for an order takes.
const LABELS_AN_ORDER: u64 = 32;
const MOST_SUMS: u64 = 1 << 18;

impl Ended {
    fn sequence(self) -> Option<Sequence> {
        match self {
            Self::Proven(found) | Self::Stopped(_, found) => found,
        }
    }
}

/// Labels of one count of jobs, times side by side.
#[derive(Default)]
struct Layer {
    keys: Vec<u128>,
    nodes: Vec<u32>,
    times: Vec<u64>,
}

/// Jobs that are not placed yet, and what is known of them.
#[derive(Clone, Default)]
struct Left {
    /// By class: how many.
    counts: Vec<u64>,
    /// Whether there are any.
    any: bool,
    /// By prices: what they cost at least, and the device's last of them keeps waiting for.
    rest: Vec<u64>,
    /// Their first arrival at the server; none where nothing is known.
    arrival: Option<Arrival>,
    /// Device time if all of them end there; none where the server has work in any case.
    stay: Option<u64>,
}

/// What passes at least until anything of some jobs is at the server.
#[derive(Clone, Copy)]
struct Arrival {
    /// Of a job on the device: from the device's first free moment.
    through: u64,
    /// Of a job on the device: from the uplink's first free moment.
    sent: u64,
    /// Of a job that does without the device: from the uplink's first free moment.
    without: u64,
}

impl Arrival {
    const NEVER: Self = Self { through: u64::MAX, sent: u64::MAX, without: u64::MAX };

    fn of(choice: &Choice) -> Self {
        match choice.device {
            Some(device) => Self { through: device + choice.upload, sent: choice.upload, ..Self::NEVER },
            None => Self { without: choice.upload, ..Self::NEVER },
        }
    }

    fn least(self, other: Self) -> Self {
        Self {
            through: self.through.min(other.through),
            sent: self.sent.min(other.sent),
            without: self.without.min(other.without),
        }
    }

    fn is_never(self) -> bool {
        self.through == u64::MAX && self.without == u64::MAX
    }
}

/// A shop prepared for search: bounds, keys and memory.
pub struct Solver<'s> {
    shop: &'s Shop,
    /// Times a label has: device slots, uplink, server slots, downlink.
    width: usize,
    /// By class: what one job adds to a key.
    units: Vec<u128>,
    prices: Vec<Prices>,
    /// The shares whose prices prove most.
    shares: [f64; 3],
    lower_bound: u64,
    /// After a device operation at least this long until the end.
    behind_device: u64,
    /// By class: see [`Left::arrival`]; none where something may be at the server at any time.
    arrivals: Option<Vec<Arrival>>,
    /// By class: least device time of a job that ends there; none where none does.
    stays: Vec<Option<u64>>,
    /// All jobs.
    all: Left,
    trail: Trail,
}

/// One set of prices, and what a job of each class costs at them.
pub(super) struct Prices {
    weights: Weights,
    jobs: Vec<JobPrice>,
}

/// What a job costs at some prices.
#[derive(Clone, Copy)]
struct JobPrice {
    /// At least.
    least: u64,
    /// More than that, at least, if it is the device's last and so the end has to wait for its way
    /// through uplink and server.
    last: u64,
    /// At least, if it does without the device; none where there is no such way.
    without: Option<u64>,
    /// What the cheapest choice takes of device, uplink and server.
    load: [u64; 3],
    /// What the cheapest last one takes, with what the end waits for behind it.
    last_load: [u64; 3],
}

impl JobPrice {
    fn new(class: &Class, weights: Weights, tail: u64) -> Self {
        // The cheapest choice, and the cheapest that is the device's last: prices and places.
        let (mut least, mut last) = ((u64::MAX, None), (u64::MAX, None));
        let mut without = None::<u64>;
        for choice in &class.choices {
            let [device, uplink, server] = choice.load();
            let price = weights.price(device, uplink, server);
            if price < least.0 {
                least = (price, Some(choice));
            }
            if choice.device.is_none() {
                without = Some(without.map_or(price, |known| known.min(price)));
                continue;
            }
            let price = price + weights.price(choice.behind_device(tail), 0, 0);
            if price < last.0 {
                last = (price, Some(choice));
            }
        }
        let load = least.1.map_or([0; 3], Choice::load);
        let last_load = last.1.map_or([0; 3], |choice| {
            let [device, uplink, server] = choice.load();
            [device + choice.behind_device(tail), uplink, server]
        });
        Self { least: least.0, last: last.0.saturating_sub(least.0), without, load, last_load }
    }
}

/// Prices of jobs left, summed up.
#[derive(Clone, Copy)]
struct Rest {
    least: u64,
    last: u64,
    without: Option<u64>,
}

impl Default for Rest {
    fn default() -> Self {
        Self { least: 0, last: u64::MAX, without: Some(0) }
    }
}

impl Rest {
    fn add(&mut self, job: JobPrice, count: u64) {
        self.least += count * job.least;
        self.last = self.last.min(job.last);
        self.without = self.without.zip(job.without).map(|(sum, each)| sum + count * each);
    }

    /// Either one of the jobs is the device's last, and the end waits for it; or none works on the
    /// device, and the end waits for what was placed there before.
    fn least(self, waits: u64) -> u64 {
        let without = self.without.map_or(u64::MAX, |without| without + waits);
        without.min(self.least.saturating_add(self.last))
    }
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
        let mut unit = 1u128;
        let mut units = Vec::with_capacity(shop.classes.len());
        for class in &shop.classes {
            units.push(unit);
            unit = unit.saturating_mul(class.count as u128 + 1);
        }
        let mut solver = Self {
            shop,
            width: shop.slots[0] + shop.slots[1] + 2,
            units,
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

    /// The prices whose bound is highest, found by moving shares from one resource to another in ever
    /// smaller steps. Stops as soon as the bound reaches `limit`: then nothing more has to be known.
    fn choose_prices(&mut self, start: [f64; 3], limit: u64) {
        let mut best = (0, start);
        let mut loads = Vec::new();
        self.improve(&mut best, start, limit, &mut loads);
        let mut step: f64 = 1.0 / 4.0;
        while step > 1.0 / 200.0 && best.0 < limit {
            let before = best.0;
            for (from, to) in [(0, 1), (1, 0), (0, 2), (2, 0), (1, 2), (2, 1)] {
                let mut shares = best.1;
                let moved = step.min(shares[from]);
                shares[from] -= moved;
                shares[to] += moved;
                self.improve(&mut best, shares, limit, &mut loads);
            }
            if best.0 == before {
                step /= 2.0;
            }
        }
        self.shares = best.1;
        self.lower_bound = best.0;
    }

    /// The best prices, and some around them for labels that have used up one resource.
    fn spread_prices(&mut self) {
        let best = self.shares;
        let units = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
        let near = [0.25, 0.6].into_iter().flat_map(|part| units.map(|unit| mixed(best, unit, part)));
        let all = [best].into_iter().chain(near).chain(units);
        self.prices = all.map(|shares| Prices::new(self.shop, self.weights_of(shares))).collect();
    }

    fn weights_of(&self, shares: [f64; 3]) -> Weights {
        Weights::from_shares(shares, [self.shop.slots[0], 1, self.shop.slots[1]])
    }

    /// Takes shares that prove more. What was cheapest at other shares costs at these no less than
    /// they prove, so most need not be tried.
    fn improve(&self, best: &mut (u64, [f64; 3]), shares: [f64; 3], limit: u64, loads: &mut Vec<[u64; 3]>) {
        let weights = self.weights_of(shares);
        let proves_more =
            |&[device, uplink, server]: &[u64; 3]| weights.price(device, uplink, server).div_ceil(SCALE) > best.0;
        if best.0 < limit && loads.iter().all(proves_more) {
            let (value, load) = self.proven_by(weights);
            loads.extend(load);
            if value > best.0 {
                *best = (value, shares);
            }
        }
    }

    /// What no sequence can beat, by these prices alone; and the load that has just this price, if it
    /// is one: no other prices prove more than it costs at them.
    fn proven_by(&self, weights: Weights) -> (u64, Option<[u64; 3]>) {
        let [k, m] = self.shop.slots.map(|slots| slots as u64);
        let tail = self.shop.tail.unwrap_or(0);
        let all = &self.all;
        let device = k * self.shop.device_ready + (k - 1) * self.behind_device;
        let arrival = self.earliest_arrival(all.arrival, self.shop.device_ready, self.shop.uplink_ready);
        let edges = [device, self.shop.uplink_ready + tail, m * tail];
        let mut rest = Rest::default();
        let mut load = edges;
        let mut last = None;
        for class in &self.shop.classes {
            let job = JobPrice::new(class, weights, tail);
            if job.last < rest.last {
                last = Some((job.load, job.last_load));
            }
            rest.add(job, class.count as u64);
            for (load, each) in load.iter_mut().zip(job.load) {
                *load += class.count as u64 * each;
            }
        }
        let times = weights.price(edges[0], edges[1], edges[2]);
        let price = times + rest.least(weights.price(self.behind_device, 0, 0));
        let arrived = price + weights.price(0, 0, m * arrival);
        let stay = all.stay.map_or(u64::MAX, |stay| self.shop.device_ready + stay.div_ceil(k));
        let proven = arrived.div_ceil(SCALE).min(stay.max(price.div_ceil(SCALE)));
        load[2] += m * arrival;
        (proven, last.map(|(first, last)| [0, 1, 2].map(|i| load[i] - first[i] + last[i])))
    }

    /// Finds out what is to know of jobs left but their prices.
    fn look_at(&self, left: &mut Left) {
        let (mut arrival, mut stay) = (Arrival::NEVER, Some(0));
        left.any = false;
        for (class, &count) in left.counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            left.any = true;
            stay = stay.zip(self.stays[class]).map(|(sum, each)| sum + count * each);
            if let Some(arrivals) = &self.arrivals {
                arrival = arrival.least(arrivals[class]);
            }
        }
        left.stay = stay.filter(|_| left.any);
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
        let direct = if without == 0 { self.shop.server_ready } else { without.saturating_add(uplink) };
        through.min(direct)
    }

    fn first_label(&self) -> Vec<u64> {
        let [device, _] = self.shop.slots;
        let mut times = vec![0; self.width];
        times[..device].fill(self.shop.device_ready);
        times[device] = self.shop.uplink_ready;
        times
    }

    /// What no completion of these times can beat where the jobs left cost `rest`.
    fn bound(&self, times: &[u64], left: &Left) -> u64 {
        let [k, m] = self.shop.slots;
        let tail = self.shop.tail.unwrap_or(0);
        let arrival = self.earliest_arrival(left.arrival, times[0], times[k]);
        let busy: u64 = times[..k].iter().sum();
        // The slot that works last of all is part of the rest.
        let device = busy + (k as u64 - 1) * self.behind_device;
        let uplink = times[k] + tail;
        let server: u64 = times[k + 1..=k + m].iter().sum::<u64>() + m as u64 * tail;
        let waits: u64 = times[k + 1..=k + m].iter().map(|&t| arrival.saturating_sub(t)).sum();
        let (mut arrived, mut stayed) = (0, 0);
        for (prices, rest) in self.prices.iter().zip(&left.rest) {
            let price = prices.weights.price(device, uplink, server) + rest;
            arrived = arrived.max(price + prices.weights.price(0, 0, waits));
            stayed = stayed.max(price);
        }
        let stay = left.stay.map_or(u64::MAX, |stay| (busy + stay).div_ceil(k as u64));
        arrived.div_ceil(SCALE).min(stay.max(stayed.div_ceil(SCALE))).max(times[k + m + 1])
    }

    /// Whether no completion of these times can end before `limit`: [`Solver::bound`] tells the same.
    fn reaches(&self, times: &[u64], left: &Left, limit: u64) -> bool {
        if left.stay.is_some() || times[times.len() - 1] >= limit {
            return self.bound(times, left) >= limit;
        }
        let [k, m] = self.shop.slots;
        let tail = self.shop.tail.unwrap_or(0);
        let arrival = self.earliest_arrival(left.arrival, times[0], times[k]);
        let device = times[..k].iter().sum::<u64>() + (k as u64 - 1) * self.behind_device;
        let uplink = times[k] + tail;
        let server = times[k + 1..=k + m].iter().map(|&time| time.max(arrival) + tail).sum();
        let below = limit.saturating_sub(1).saturating_mul(SCALE);
        let mut prices = self.prices.iter().zip(&left.rest);
        prices.any(|(prices, rest)| prices.weights.price(device, uplink, server) + rest > below)
    }

    /// When a completed label ends.
    fn end(&self, times: &[u64]) -> u64 {
        let [k, m] = self.shop.slots;
        let device = times[k - 1];
        let there = times[k].max(times[k + m]);
        device.max(there + self.shop.tail.unwrap_or(0)).max(times[k + m + 1])
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

    /// What no sequence can beat whose jobs cost `least` in all at these prices, if the uplink may
    /// begin at `uplink_ready`.
    pub fn bound_from(&self, uplink_ready: u64, weights: Weights, least: u64) -> u64 {
        let tail = self.shop.tail.unwrap_or(0);
        let device = self.shop.slots[0] as u64 * (self.shop.device_ready + self.behind_device);
        (weights.price(device, uplink_ready + tail, self.shop.slots[1] as u64 * tail) + least).div_ceil(SCALE)
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
        let (best, is_proven) = self.choose_first(limit, most);
        if is_proven {
            return Ended::Proven(best);
        }
        let limit = best.as_ref().map_or(limit, |best| best.end);
        match self.append_all(limit, beam, most) {
            Ended::Proven(found) => Ended::Proven(found.or(best)),
            Ended::Stopped(bound, _) => Ended::Stopped(bound, best),
        }
    }

    /// Lets every job choose before any order is known, and then looks for an order: the best sequence
    /// found, and whether no other ends sooner.
    fn choose_first(&self, mut limit: u64, most: &mut u64) -> (Option<Sequence>, bool) {
        let mut best: Option<Sequence> = None;
        let sums = most.saturating_mul(SUMS).min(MOST_SUMS);
        loop {
            let Some(chosen) = self.around().chosen(limit, Which::Least, sums) else { return (best, false) };
            if chosen.is_empty() {
                return (best, true);
            }
            let mut orders = chosen.iter().take(FEW).map(|jobs| self.ordered(jobs, limit, ORDERS, most));
            let Some(better) = orders.find_map(Ended::sequence) else { break };
            limit = better.end;
            best = Some(better);
        }
        let Some(chosen) = self.around().chosen(limit, Which::All, sums) else { return (best, false) };
        if chosen.len() as u64 > *most / LABELS_AN_ORDER {
            return (best, false);
        }
        for jobs in chosen {
            match self.ordered(&jobs, limit, usize::MAX, most) {
                Ended::Stopped(..) => return (best, false),
                Ended::Proven(None) => {}
                Ended::Proven(Some(better)) => {
                    limit = better.end;
                    best = Some(better);
                }
            }
        }
        (best, true)
    }

    /// The best sequence before `limit` of jobs that have chosen, as far as a search so wide finds it.
    fn ordered(&self, jobs: &[(usize, usize)], limit: u64, beam: usize, most: &mut u64) -> Ended {
        let mut shop = Shop { classes: Vec::new(), ..*self.shop };
        let mut kinds: Vec<(usize, usize)> = Vec::new();
        for &(class, choice) in jobs {
            match shop.classes.last_mut().filter(|_| kinds.last() == Some(&(class, choice))) {
                Some(last) => last.count += 1,
                None => {
                    kinds.push((class, choice));
                    shop.classes.push(Class { count: 1, choices: vec![self.shop.classes[class].choices[choice]] });
                }
            }
        }
        let mut solver = Solver::new(&shop, self.shares, limit);
        if solver.lower_bound() >= limit {
            return Ended::Proven(None);
        }
        solver.spread_prices();
        let named = |Sequence { jobs, end }| {
            Sequence { jobs: jobs.into_iter().map(|(kind, _): (usize, usize)| kinds[kind]).collect(), end }
        };
        match solver.append_all(limit, beam, most) {
            Ended::Proven(found) => Ended::Proven(found.map(named)),
            stopped => stopped,
        }
    }

    fn around(&self) -> Around<'_> {
        let Shop { slots: [k, m], device_ready, uplink_ready, .. } = *self.shop;
        let [k, m] = [k, m].map(|slots| slots as u64);
        let tail = self.shop.tail.unwrap_or(0);
        Around {
            shop: self.shop,
            edges: [k * (device_ready + self.behind_device), uplink_ready + tail, m * tail],
            arrival: self.earliest_arrival(self.all.arrival, device_ready, uplink_ready),
            prices: &self.prices,
        }
    }

    fn append_all(&mut self, limit: u64, beam: usize, most: &mut u64) -> Ended {
        self.trail.clear();
        let jobs: usize = self.shop.classes.iter().map(|class| class.count).sum();
        let mut layer = Layer { keys: vec![0], nodes: vec![START], times: self.first_label() };
        for _ in 0..jobs {
            let Some(next) = self.expand(&layer, limit, most) else {
                return Ended::Stopped(self.layer_bound(&layer).min(limit), None);
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
                    if self.reaches(&times, left, limit) {
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
    fn look_behind(&self, key: u128, behind: &mut [Left]) {
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
        if let Some(stay) = left.stay {
            arrival = arrival.min((times[..k].iter().sum::<u64>() + stay).div_ceil(k as u64));
        }
        for slot in &mut times[k + 1..=k + m] {
            *slot = arrival.max(*slot);
        }
    }

    /// Jobs of each class that a key has not placed.
    fn left(&self, key: u128) -> Vec<u64> {
        let counts = self.shop.classes.iter().zip(&self.units);
        counts.map(|(class, unit)| class.count as u64 - (key / unit % (class.count as u128 + 1)) as u64).collect()
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
        let mut there = if choice.device.is_none() { self.shop.server_ready } else { 0 };
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
            let best = order(kept.len(), &|a, b| bounds[a].cmp(&bounds[b]));
            kept = best.into_iter().take(beam).map(|at| kept[at]).collect();
        }
        Layer {
            keys: kept.iter().map(|&i| layer.keys[i]).collect(),
            nodes: kept.iter().map(|&i| layer.nodes[i]).collect(),
            times: kept.iter().flat_map(|&i| times(i)).copied().collect(),
        }
    }

    fn label_bound(&self, key: u128, times: &[u64]) -> u64 {
        let mut left = Left { counts: self.left(key), ..Left::default() };
        self.price(&mut left);
        self.bound(times, &left)
    }

    /// What no completion of these labels can beat.
    fn layer_bound(&self, layer: &Layer) -> u64 {
        let labels = layer.keys.iter().zip(layer.times.chunks_exact(self.width));
        labels.map(|(&key, times)| self.label_bound(key, times)).min().unwrap_or(u64::MAX)
    }
}

impl Prices {
    fn new(shop: &Shop, weights: Weights) -> Self {
        let tail = shop.tail.unwrap_or(0);
        Self { weights, jobs: shop.classes.iter().map(|class| JobPrice::new(class, weights, tail)).collect() }
    }

    pub(super) fn weights(&self) -> Weights {
        self.weights
    }

    /// What jobs left cost at least, wherever they are in the order.
    pub(super) fn least(&self, left: &[u64]) -> u64 {
        self.jobs.iter().zip(left).map(|(job, count)| count * job.least).sum()
    }

    /// What jobs left cost at least.
    fn rest(&self, left: &[u64], behind_device: u64) -> u64 {
        let mut rest = Rest::default();
        for (&job, &count) in self.jobs.iter().zip(left).filter(|(_, count)| **count > 0) {
            rest.add(job, count);
        }
        rest.least(self.weights.price(behind_device, 0, 0))
    }
}

/// A mixture of two shares.
fn mixed(a: [f64; 3], b: [f64; 3], part: f64) -> [f64; 3] {
    [0, 1, 2].map(|i| (1.0 - part) * a[i] + part * b[i])
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
