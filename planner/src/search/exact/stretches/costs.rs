//! What the parts of strategies cost at one set of prices, in units of [`crate::bounds::SCALE`]·ns.

use super::fronts::Place;
use super::reads::ends_at;
use super::whole::{Whole, rest, wholes};
use super::{Entry, Front, Stretches};
use crate::bounds::{NEVER, Singles, Weights};
use crate::cost::Traces;

/// The least of all behind a boundary, by how a plan got there: see [`super::Front`].
#[derive(Clone, Copy, Debug)]
pub struct Behind {
    pub device: i64,
    /// In no group that goes on.
    pub server: i64,
}

const NOWHERE: Behind = Behind { device: NEVER, server: NEVER };

impl Behind {
    fn least(self, other: Self) -> Self {
        Self { device: self.device.min(other.device), server: self.server.min(other.server) }
    }
}

/// A fused block.
#[derive(Clone, Debug)]
pub struct Fused {
    pub device: i64,
    pub server: i64,
    /// By number of tiles, one list after the other: see [`Lists`].
    lists: Vec<i64>,
}

const NOWAY: Fused = Fused { device: NEVER, server: NEVER, lists: Vec::new() };

/// How many lists a fused block has.
const LISTS: usize = 10;

/// What a fused block of a group that leaves the device costs.
pub struct Lists<'f> {
    /// By number of tiles that begin on the device, with all behind the block: if no fused block comes behind it, if
    /// one does that starts on the server whole, and if one does that starts on both sides.
    pub later: [&'f [i64]; 3],
    /// The same where it is the first that leaves the device.
    pub first: [&'f [i64]; 3],
    /// By number of tiles that have ended when the first transfer begins: all on the device, alone and with all behind.
    pub held: [&'f [i64]; 2],
    /// By number of tiles that end after the last transfer: all on the server, alone and with some fused blocks behind.
    pub ceded: [&'f [i64]; 2],
}

impl Fused {
    pub fn lists(&self) -> Lists<'_> {
        let length = self.lists.len() / LISTS;
        let list = |at: usize| &self.lists[at * length..(at + 1) * length];
        Lists {
            later: [0, 1, 2].map(list),
            first: [3, 4, 5].map(list),
            held: [6, 7].map(list),
            ceded: [8, 9].map(list),
        }
    }

    /// By number of tiles that begin on the device, whatever comes behind it: where the block before is on both sides,
    /// and where it is the first that leaves the device.
    fn least(&self, begin: usize, is_deep: bool) -> [i64; 2] {
        let Lists { later, first, .. } = self.lists();
        let least = |[ends, closes, goes_on]: [&[i64]; 3]| ends[begin].min(closes[begin]).min(goes_on[begin]);
        [later, first].map(|lists| if is_deep { least(lists) } else { lists[0][begin] })
    }
}

/// What comes right behind an end of a group, with all behind that.
#[derive(Clone, Debug)]
struct Group {
    /// By number of its tiles that have ended when the first transfer begins: all stays on the device.
    held: Vec<i64>,
    /// By number of its tiles that stay on the device: what comes next is on both sides.
    open: Vec<i64>,
    /// By number of its tiles that end, or are sent, after the last transfer begins: what comes next is on the server.
    closed: Vec<i64>,
}

impl Group {
    fn new(tiles: usize) -> Self {
        let never = vec![NEVER; tiles + 1];
        Self { held: never.clone(), open: never.clone(), closed: never }
    }
}

/// Costs of all parts.
#[derive(Debug)]
pub struct Costs {
    pub weights: Weights,
    /// By first boundary and the one behind.
    wholes: Vec<Whole>,
    /// By entry.
    pub fused: Vec<Fused>,
    /// By boundary: the least of all behind it, with no fused block, and with some.
    pub behind: Vec<[Behind; 2]>,
}

impl Costs {
    pub fn new(stretches: &Stretches, traces: &mut Traces, singles: &Singles, weights: Weights) -> Self {
        let stages = stretches.stages;
        let wholes = wholes(traces, weights, stretches.reads.is_some());
        let fused = vec![NOWAY; stretches.entries.len()];
        let mut made = Self { weights, wholes, fused, behind: vec![[NOWHERE; 2]; stages + 1] };
        made.behind[stages][0] = Behind { device: 0, server: 0 };
        let total = rest(traces, weights);
        let mut groups: Vec<Group> = singles.ends.iter().map(|end| Group::new(end.columns.len())).collect();
        // By boundary: what begins there with a fused block, after one that is not split: on device, on server.
        let mut begins = vec![[NEVER; 2]; stages + 1];
        for at in (0..stages).rev() {
            let (mut some, ends) = (NOWHERE, ends_at(&singles.ends, at));
            for entry in stretches.from[at]..stretches.from[at + 1] {
                let Entry { end, behind, .. } = stretches.entries[entry];
                made.fused[entry] = made.fused(stretches, singles, total, entry, &groups[end]);
                let (fused, next) = (&made.fused[entry], made.behind[behind]);
                let next = if stretches.is_deep { next[0].least(next[1]) } else { next[0] };
                some = some.least(Behind { device: fused.device + next.device, server: fused.server + next.server });
                let place = Place { before: None, at, entry };
                let [none, closed, more] = made.bounds(stretches, &Front::start(), place, &stretches.joint(place));
                let begun = if stretches.is_deep { none[0].min(closed[0]).min(more[0]) } else { none[0] };
                begins[at][0] = begins[at][0].min(begun);
                for end in ends.clone() {
                    made.put_before(stretches, (end, entry), &mut groups[end]);
                }
            }
            begins[at][1] = some.server;
            for (behind, &[device, server]) in begins.iter().enumerate().skip(at + 1) {
                let whole = made.whole(at, behind);
                some = some.least(Behind {
                    device: (whole.device + device).min(whole.leaves + server),
                    server: whole.server + server,
                });
                for end in ends.clone() {
                    // It waits for all.
                    let closed = &mut groups[end].closed;
                    closed.iter_mut().for_each(|closed| *closed = (whole.server + server).min(*closed));
                }
            }
            let whole = made.whole(at, stages);
            made.behind[at] = [Behind { device: whole.device.min(whole.leaves), server: whole.server }, some];
        }
        made
    }

    pub fn whole(&self, first: usize, behind: usize) -> Whole {
        self.wholes[first * self.behind.len() + behind]
    }

    fn fused(&self, stretches: &Stretches, singles: &Singles, total: u64, entry: usize, next: &Group) -> Fused {
        let Entry { end, first, behind } = stretches.entries[entry];
        let single = &singles.ends[end];
        if stretches.reads.is_none() {
            // Cheapest cuts, whoever reads: nothing is charged to those that start on the server.
            return Fused { device: single.least_prices(first, self.weights) as i64, ..NOWAY };
        }
        let [device, server] = single.loads(first);
        let counts = single.by_count(first, self.weights, stretches.slots);
        let tiles = counts.tiles();
        let last = self.behind[behind][0].server;
        let stays = |begin: usize| {
            let stays = (1..=begin.min(tiles - 1)).map(|stay| counts.goes_on(begin, stay) + next.open[stay]);
            stays.min().unwrap_or(NEVER)
        };
        let [on_device, on_server] = [stretches.slots[0] * self.weights.0[0], stretches.slots[1] * self.weights.0[2]];
        let (uplink, quickest) = (self.weights.0[1], &stretches.quickest[entry]);
        let held = |ended: usize| self.weights.price(device, 0, 0) + (uplink + on_server) * quickest.on_device[ended];
        let ceded = |late: usize| self.weights.price(0, 0, server) + (uplink + on_device) * quickest.on_server[late];
        let mut lists = vec![0; LISTS * (tiles + 1)];
        for count in 0..=tiles {
            let (held, ceded) = (held(count) as i64, ceded(count) as i64);
            let (stays, [ends, first_ends]) = (stays(count), counts.ends(count));
            // What a tile does last, or sends, comes after the last transfer.
            let closes = next.closed[1];
            let later = [ends + last, ends + closes, stays];
            let first = [first_ends + last, first_ends + closes, stays + counts.head(count)];
            let rest = [held, held + next.held[count], ceded, ceded + next.closed[count]];
            let all = later.iter().chain(&first).chain(&rest);
            for (kept, cost) in lists[count..].iter_mut().step_by(tiles + 1).zip(all) {
                *kept = *cost;
            }
        }
        let is_lone = stretches.is_lone;
        Fused {
            device: if is_lone { NEVER } else { (total * device / stretches.slots[0]) as i64 },
            server: if is_lone { NEVER } else { (total * server / stretches.slots[1]) as i64 },
            lists,
        }
    }

    /// Keeps what comes behind an end, if it is this block.
    fn put_before(&self, stretches: &Stretches, (end, entry): (usize, usize), group: &mut Group) {
        let Some(between) = stretches.between(end, entry) else { return };
        let (fused, uplink) = (&self.fused[entry], self.weights.0[1]);
        let last = self.behind[stretches.entries[entry].behind][0].server;
        let Lists { held: [_, holds], ceded: [ceded, cedes], .. } = fused.lists();
        let (all, tiles) = (between.before(), between.tiles());
        for late in 1..=if between.waits_for_all() { 0 } else { all } {
            let follow = between.follow(late);
            let behind = (ceded[follow] + last).min(if stretches.is_deep { cedes[follow] } else { NEVER });
            group.closed[late] = group.closed[late].min(behind);
        }
        for (begin, &holds) in holds.iter().enumerate().skip(1) {
            let [later, first] = fused.least(begin, stretches.is_deep);
            let (read, starts) = (between.read(begin), tiles - begin);
            let send = |away: usize| (uplink * between.upload(starts, away)) as i64;
            for stay in read..all {
                group.open[stay] = group.open[stay].min(later + send(all - stay));
            }
            let is_left_out = between.waits_for_all() || stretches.has_cores();
            if is_left_out && starts == 0 {
                continue;
            }
            let ended = &mut group.held[between.ended(begin)];
            *ended = (*ended).min(first + send(0));
            if stretches.is_deep && !is_left_out {
                // As many as tiles read that have ended: so many as `begin` counts.
                group.held[read] = group.held[read].min(holds);
            }
        }
    }
}
