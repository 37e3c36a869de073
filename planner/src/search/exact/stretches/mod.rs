//! What strategies with any number of fused blocks cost at least, from tables of their parts.
//!
//! In a *connected* space every tile reads of the block before and feeds the one behind, so a block
//! that is not split parts all work in time: what comes before it has ended, what comes behind has
//! not begun. A plan leaves the device once: in a block that is not split, or in a *group* of fused
//! blocks that follow each other at once. All before that runs on the device, all behind on the
//! server, and the other resources rest meanwhile. So with prices as in [`crate::bounds::Weights`], a
//! strategy costs the least, over the places where the device may be left, of a sum over its parts.
//! In a group each tile costs its cheapest cut, transfers within the group charged to who reads.
//!
//! *Where blocks start.* Of two blocks of a group that follow each other at once, the first stays on the device
//! whole (is *held*; so is all before it), or the second starts on the server whole (is *ceded*; so is all behind
//! it), or neither (is *open*): then some tile of the first stays and some ends on the server, and some tile of
//! the second starts on each side. Prices that prove one of the cases need not prove the others: a strategy costs
//! the least over the cases of the most over all prices. `readers` betters that for two blocks.
//!
//! Besides, slots rest at a group's edges. The server has nothing to do before the first arrival of a
//! tile of the group's first block, or of a box that one of them sends when all of it has run on the
//! device. After the device's last operation in the group some tile of its last block still has to go its
//! way: the one that operation is of, or one that depends on it and so runs on the server whole; that is
//! a way of the last block, too.
//!
//! *Lone groups.* With one slot on each side and nothing sent back, splitting what is not in the group that
//! leaves the device gains nothing where tiles together never take less than the block that is not split, and
//! two such blocks never less than both in one (both are looked up, not assumed). Then a plan whose device is
//! left in a group is no better than the same one with all before the group in one block and all behind it in
//! another, and one that leaves it elsewhere no better than NFL. So only fused blocks right behind each other
//! count, and only plans that leave the device in them. Nor do plans count in which all tiles of the group's first
//! block start on the server, if a block comes before it, which sends one box then, as NFL does. (Tiles of the
//! picture are sent one by one.)
//!
//! Where a space is not connected, only the cheapest cuts of each path are summed.

mod readers;

use crate::bounds::{GroupEdges, SCALE, Single, Singles, Toll, Weights};
use crate::cost::Traces;
use crate::tiling::Grid;
use readers::Classes;

/// Of what transfers within a group cost, so much is charged to who reads, in parts of the first. The
/// whole is too much where the first block could not leave the device early but for being paid.
const PARTS: [u64; 5] = [128, 64, 32, 8, 0];

/// No plan goes on like that. Sums of a few stay far below the largest number.
pub const NEVER: i64 = i64::MAX / 16;

/// Bounds of strategies that begin alike, in ns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ahead {
    /// Of those with no block more, by how the last one starts: anywhere, because the one before stays on the
    /// device whole; on both sides; on the server whole.
    pub ends: [u64; 3],
    /// Of those with more.
    pub goes_on: u64,
}

const NOWHERE: Front = Front { device: NEVER, held: NEVER, open: NEVER, closed: NEVER, server: NEVER };

const NOWAY: Fused = Fused {
    device: NEVER,
    server: NEVER,
    held: NEVER,
    ceded: NEVER,
    first_open: NEVER,
    first_closed: NEVER,
    open: NEVER,
    closed: NEVER,
    later_open: NEVER,
    later_closed: NEVER,
};

/// A fused block of the space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Index into [`Singles::ends`].
    pub end: usize,
    /// Its first stage.
    pub first: usize,
    /// The boundary behind it.
    pub behind: usize,
}

/// The least cost of all before a boundary, by how a plan got there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Front {
    /// All on the device; what comes next is in no group with it that leaves the device.
    pub device: i64,
    /// In a group that leaves the device later: all on the device.
    pub held: i64,
    /// In such a group, and the next block starts on both sides.
    pub open: i64,
    /// In such a group, and the next block starts on the server whole, or the group ends here.
    pub closed: i64,
    /// The device was left before the last block.
    pub server: i64,
}

/// A block that is not split, in units of [`SCALE`]·ns.
#[derive(Clone, Copy, Debug)]
struct Whole {
    device: i64,
    server: i64,
    /// The device is left in it.
    leaves: i64,
}

/// A fused block.
#[derive(Clone, Copy, Debug)]
struct Fused {
    device: i64,
    server: i64,
    /// In a group that leaves the device: on the device whole, or on the server whole.
    held: i64,
    ceded: i64,
    /// The first of its group: the next block starts on both sides, or on the server whole or is in no group.
    first_open: i64,
    first_closed: i64,
    /// All before it in its group is on the device.
    open: i64,
    closed: i64,
    /// Itself it starts on both sides.
    later_open: i64,
    later_closed: i64,
}

/// A block's place in a group that leaves the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Group {
    /// It is the first.
    First,
    /// All before it in the group is on the device.
    Begins,
    /// It starts on both sides.
    Later,
}

impl Group {
    /// Each with what follows: a block that starts on both sides, and what is on the server.
    const ALL: [(Self, bool); 6] = [
        (Self::First, true),
        (Self::First, false),
        (Self::Begins, true),
        (Self::Begins, false),
        (Self::Later, true),
        (Self::Later, false),
    ];
}

/// Costs of all parts, at one set of prices.
#[derive(Debug)]
struct Costs {
    weights: Weights,
    /// For each ns of transfers within a group, what is charged to who reads.
    shared: u64,
    /// By first boundary and the one behind.
    wholes: Vec<Whole>,
    /// By entry.
    fused: Vec<Fused>,
    /// By number of fused blocks to come, then by boundary: the least that is still to come.
    ahead: Vec<Vec<Front>>,
}

/// The parts of all strategies of a space.
#[derive(Debug)]
pub struct Stretches {
    /// All fused blocks, by first stage.
    pub entries: Vec<Entry>,
    /// By stage: where in `entries` those that begin there or later are.
    from: Vec<usize>,
    stages: usize,
    /// Whether only fused blocks right behind each other count: see *Lone groups* above.
    is_lone: bool,
    costs: Vec<Costs>,
    /// By entry, in a connected space.
    edges: Vec<GroupEdges>,
    /// By end.
    classes: Vec<Classes>,
    /// The prices that were best last: see [`Stretches::better`].
    tried: [usize; 2],
}

impl Stretches {
    /// Tables of a space, for at most `most` blocks.
    pub fn new(traces: &mut Traces, singles: &Singles, weights: &[Weights], most: usize) -> Self {
        let stages = traces.model().network().stages().len();
        let mut entries = Vec::new();
        let mut from = vec![0; stages + 1];
        for (stage, from) in from.iter_mut().enumerate().take(stages) {
            *from = entries.len();
            for (end, single) in singles.ends.iter().enumerate().filter(|(_, s)| s.start <= stage && stage <= s.last) {
                entries.push(Entry { end, first: stage, behind: single.last + 1 });
            }
        }
        from[stages] = entries.len();
        let connected = entries.iter().all(|entry| singles.ends[entry.end].is_connected(entry.first));
        let is_lone = connected && is_lone(traces, singles, &entries);
        let edges = |entry: &Entry| singles.ends[entry.end].group_edges(entry.first);
        let edges = entries.iter().filter(|_| connected).map(edges).collect();
        let classes = singles.ends.iter().map(|single| Classes::new(traces.model(), single)).collect();
        let mut made = Self { entries, from, stages, is_lone, costs: Vec::new(), edges, classes, tried: [0; 2] };
        let parts = if connected { &PARTS[..] } else { &PARTS[..1] };
        let priced = weights.iter().flat_map(|&weights| parts.iter().map(move |&part| (weights, part)));
        for (weights, part) in priced.filter(|(weights, part)| weights.0[1] > 0 || *part == PARTS[0]) {
            let shared = weights.0[1] * part / PARTS[0];
            let wholes = wholes(traces, weights, connected);
            let fused = made.fused(traces, singles, weights, shared);
            let mut costs = Costs { weights, shared, wholes, fused, ahead: Vec::new() };
            for blocks in 0..=most {
                let ahead = made.look_ahead(&costs, blocks);
                costs.ahead.push(ahead);
            }
            made.costs.push(costs);
        }
        made
    }

    /// Whether every tile reads of the block before and feeds the one behind.
    pub fn is_connected(&self) -> bool {
        !self.edges.is_empty()
    }

    /// Nothing placed: everything is before the first block.
    pub fn start(&self) -> Vec<Front> {
        vec![Front { device: 0, ..NOWHERE }; self.costs.len()]
    }

    /// The fused blocks that count behind some that end at a boundary, which is the network's beginning where
    /// there are none.
    pub fn entries_from(&self, boundary: usize) -> std::ops::Range<usize> {
        let end = if self.is_lone && boundary > 0 { self.from.get(boundary + 1).copied() } else { None };
        self.from[boundary]..end.unwrap_or(self.entries.len())
    }

    /// The entry of an end and a first stage.
    pub fn find(&self, end: usize, first: usize) -> Option<usize> {
        let (start, behind) = (*self.from.get(first)?, *self.from.get(first + 1)?);
        let at = self.entries[start..behind].binary_search_by(|entry| entry.end.cmp(&end)).ok()?;
        Some(start + at)
    }

    /// Appends a fused block, and what lies between, to all before the boundary `at`.
    pub fn append(&self, fronts: &mut [Front], at: usize, entry: usize) {
        for (costs, front) in self.costs.iter().zip(fronts) {
            *front = self.appended(costs, *front, at, entry);
        }
    }

    /// Bounds of all before `at` with a fused block more, by entry of [`Stretches::entries_from`]; `most` blocks
    /// may come behind it. Those that are `limit` or more need not be the best.
    pub fn bounds_behind(&self, fronts: &[Front], at: usize, most: usize, limit: u64) -> Vec<Ahead> {
        let (range, limit) = (self.entries_from(at), scaled(limit));
        let mut best = vec![[[0; 3], [if most > 0 { 0 } else { NEVER }; 3]]; range.len()];
        let mut open: Vec<usize> = (0..range.len()).collect();
        for (costs, &front) in self.costs.iter().zip(fronts) {
            let cases = front.cases();
            open.retain(|&place| {
                let (entry, [ends, goes_on]) = (range.start + place, &mut best[place]);
                let behind = self.entries[entry].behind;
                for (case, &front) in cases.iter().enumerate() {
                    let front = self.appended(costs, front, at, entry);
                    ends[case] = front.and(costs.ahead[0][behind]).max(ends[case]);
                    if most > 0 {
                        let ahead = costs.ahead[1..=most].iter().map(|ahead| front.and(ahead[behind]));
                        goes_on[case] = ahead.min().unwrap_or(NEVER).max(goes_on[case]);
                    }
                }
                ends.iter().chain(&*goes_on).any(|&best| best < limit)
            });
        }
        let ahead = |[ends, goes_on]: [[i64; 3]; 2]| Ahead {
            ends: ends.map(in_ns),
            goes_on: goes_on.into_iter().min().map_or(0, in_ns),
        };
        best.into_iter().map(ahead).collect()
    }

    fn appended(&self, costs: &Costs, front: Front, at: usize, entry: usize) -> Front {
        let first = self.entries[entry].first;
        let fused = costs.fused[entry];
        match (at, first) {
            (0, 0) => apart(front, fused),
            _ if at == first => adjacent(front, fused),
            _ => apart(across(front, costs.wholes[at * (self.stages + 1) + first]), fused),
        }
    }

    fn fused(&self, traces: &Traces, singles: &Singles, weights: Weights, shared: u64) -> Vec<Fused> {
        let platform = traces.model().platform();
        let slots = [platform.device.slots as u64, platform.server.slots as u64];
        let total = rest(traces, weights);
        let uplink = weights.0[1];
        let table = |single: &Single| {
            Group::ALL.map(|(group, goes_on)| {
                let is_later = group == Group::Later;
                let toll = Toll {
                    taken: if is_later { shared } else { uplink },
                    given: goes_on.then_some(shared),
                    has_latency: !is_later,
                    // Where the device is left in no group before, a lone group is not all on the server.
                    some: [goes_on, goes_on, is_later || group == Group::First && self.is_lone, is_later],
                };
                single.group_prices(traces.model(), weights, toll)
            })
        };
        let tables: Vec<[Vec<i64>; 6]> = singles.ends.iter().map(table).collect();
        let of = |(place, entry): (usize, &Entry)| {
            let single = &singles.ends[entry.end];
            let at = entry.first - single.start;
            let [device, server] = single.loads(entry.first);
            let Some(edges) = self.edges.get(place) else {
                // Not connected. Cheapest cuts, whoever reads: nothing is charged to those that start on
                // the server.
                return Fused { device: single.least_prices(entry.first, weights) as i64, ..NOWAY };
            };
            let [first_open, first_closed, open, closed, later_open, later_closed] =
                [0, 1, 2, 3, 4, 5].map(|i| tables[entry.end][i][at]);
            let edges = Edges::new(edges, weights, slots);
            Fused {
                device: if self.is_lone { NEVER } else { (total * device / slots[0]) as i64 },
                server: if self.is_lone { NEVER } else { (total * server / slots[1]) as i64 },
                held: weights.price(device, 0, 0) as i64 + edges.held,
                ceded: weights.price(0, 0, server) as i64 + edges.ceded,
                first_open: first_open + edges.open,
                first_closed: first_closed + edges.closed + edges.behind,
                open: open + edges.open,
                closed: closed + edges.closed + edges.behind,
                later_open,
                later_closed: later_closed + edges.behind,
            }
        };
        self.entries.iter().enumerate().map(of).collect()
    }

    /// By boundary: the least cost of all behind it, with exactly so many fused blocks.
    fn look_ahead(&self, costs: &Costs, blocks: usize) -> Vec<Front> {
        let mut ahead = vec![NOWHERE; self.stages + 1];
        // What a block that begins there costs, after one that is not split: on device, on server.
        let mut begins = vec![[NEVER; 2]; self.stages + 1];
        if blocks == 0 {
            ahead[self.stages] = Front { device: 0, closed: 0, server: 0, ..NOWHERE };
            begins[self.stages] = [0, 0];
        }
        for at in (0..self.stages).rev() {
            let mut front = NOWHERE;
            let here = self.from[at]..self.from[at + 1];
            for entry in here.filter(|_| blocks > 0) {
                let fused = costs.fused[entry];
                let next = costs.ahead[blocks - 1][self.entries[entry].behind];
                let held = fused.held + next.held;
                let first = (fused.first_closed + next.closed).min(fused.first_open + next.open).min(held);
                let begun = (fused.closed + next.closed).min(fused.open + next.open).min(held);
                let later = (fused.later_closed + next.closed).min(fused.later_open + next.open);
                let device = fused.device + next.device;
                let server = fused.server + next.server;
                front.device = front.device.min(device);
                front.held = front.held.min(begun);
                front.open = front.open.min(later);
                front.closed = front.closed.min(fused.ceded + next.closed);
                front.server = front.server.min(server);
                begins[at][0] = begins[at][0].min(device).min(first);
                begins[at][1] = begins[at][1].min(server);
            }
            for (behind, &[device, server]) in begins.iter().enumerate().skip(at + 1) {
                let whole = costs.wholes[at * (self.stages + 1) + behind];
                front.device = front.device.min(whole.device + device).min(whole.leaves + server);
                front.closed = front.closed.min(whole.server + server);
                front.server = front.server.min(whole.server + server);
            }
            if at == 0 {
                front.device = front.device.min(begins[0][0]);
            }
            ahead[at] = front.capped();
        }
        ahead
    }
}

/// See *Lone groups* above.
fn is_lone(traces: &mut Traces, singles: &Singles, entries: &[Entry]) -> bool {
    let platform = traces.model().platform();
    if platform.device.slots > 1 || platform.server.slots > 1 || platform.link.return_result {
        return false;
    }
    let network = traces.model().network();
    let stages = network.stages().len();
    let mut loads = Vec::with_capacity(stages);
    for behind in 1..=stages {
        let shape = network.boundary(behind);
        let trace = &traces.of(behind - 1, &Grid::whole(shape.height, shape.width))[0];
        let of = |first: usize| [trace.device(first, behind).0, trace.server(first, behind).0];
        loads.push((0..behind).map(of).collect::<Vec<_>>());
    }
    let load = |first: usize, behind: usize| loads[behind - 1][first];
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

/// What it costs that slots rest at the edges of a group, by what a block of it does: see [`Fused`].
#[derive(Clone, Copy, Debug)]
struct Edges {
    held: i64,
    ceded: i64,
    open: i64,
    closed: i64,
    /// The group ends with it, or the next block starts on the server whole.
    behind: i64,
}

impl Edges {
    fn new(edges: &GroupEdges, weights: Weights, slots: [u64; 2]) -> Self {
        let before = |arrival: u64| weights.price(0, 0, slots[1] * arrival) as i64;
        let after = |time: u64| weights.price(slots[0] * time, 0, 0) as i64;
        Self {
            // The uplink has nothing to do, either, before a tile has ended.
            held: weights.price(0, edges.on_device, 0) as i64 + before(edges.on_device),
            ceded: after(edges.on_server),
            // What stays on the device may send less than its cell to others.
            open: before(edges.arrival.min(edges.on_device)),
            closed: before(edges.arrival),
            behind: after(edges.behind),
        }
    }
}

/// A block right behind a fused one: a group that goes on.
fn adjacent(front: Front, fused: Fused) -> Front {
    let Front { device, held, open, closed, server } = front;
    Front {
        device: device + fused.device,
        held: held + fused.held,
        open: (held + fused.open).min(open + fused.later_open),
        closed: (held + fused.closed).min(open + fused.later_closed).min(closed + fused.ceded),
        server: server + fused.server,
    }
    .capped()
}

/// A block behind one that is not split.
fn apart(front: Front, fused: Fused) -> Front {
    let Front { device, server, .. } = front;
    Front {
        device: device + fused.device,
        held: device + fused.held,
        open: device + fused.first_open,
        closed: device + fused.first_closed,
        server: server + fused.server,
    }
    .capped()
}

/// A block that is not split.
fn across(front: Front, whole: Whole) -> Front {
    let on_server = front.closed.min(front.server) + whole.server;
    let server = on_server.min(front.device + whole.leaves);
    Front { device: front.device + whole.device, server, ..NOWHERE }.capped()
}

fn scaled(limit: u64) -> i64 {
    (limit.min(NEVER as u64 / SCALE) * SCALE) as i64
}

fn in_ns(cost: i64) -> u64 {
    (cost.max(0) as u64).div_ceil(SCALE)
}

impl Front {
    /// The least of all before and behind a boundary.
    fn and(self, ahead: Self) -> i64 {
        let (device, held) = (self.device + ahead.device, self.held + ahead.held);
        let (open, closed, server) = (self.open + ahead.open, self.closed + ahead.closed, self.server + ahead.server);
        device.min(held).min(open).min(closed).min(server)
    }

    /// Its plans by how the next fused block starts: anywhere, because the one before stays on the device whole;
    /// on both sides; on the server whole.
    fn cases(self) -> [Self; 3] {
        let Self { device, held, open, closed, server } = self;
        [Self { device, held, ..NOWHERE }, Self { open, ..NOWHERE }, Self { closed, server, ..NOWHERE }]
    }

    fn capped(self) -> Self {
        let Self { device, held, open, closed, server } = self;
        Self {
            device: device.min(NEVER),
            held: held.min(NEVER),
            open: open.min(NEVER),
            closed: closed.min(NEVER),
            server: server.min(NEVER),
        }
    }
}

/// The price of one ns in which all slots rest but one.
fn rest(traces: &Traces, weights: Weights) -> u64 {
    let platform = traces.model().platform();
    weights.price(platform.device.slots as u64, 1, platform.server.slots as u64)
}

/// By first boundary and the one behind.
fn wholes(traces: &mut Traces, weights: Weights, connected: bool) -> Vec<Whole> {
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
