//! What strategies with any number of fused blocks cost at least, from tables of their parts.
//!
//! In a *connected* space every tile reads of the block before and feeds the one behind, so a block
//! that is not split parts all work in time: what comes before it has ended, what comes behind has
//! not begun. A plan leaves the device once: in a block that is not split, or in a *group* of fused
//! blocks that follow each other at once. All before that runs on the device, all behind on the
//! server, and the other resources rest meanwhile. So with prices as in [`crate::bounds::Weights`], a
//! strategy costs the least, over the places where the device may be left, of a sum over its parts.
//!
//! *How many tiles are where.* Offloading is one-way: a tile that begins on the device needs all it reads there. So of
//! two blocks of a group that follow each other at once, the first stays on the device whole (is *held*; so is all
//! before it), or the second starts on the server whole (is *ceded*; so is all behind it), or neither (is *open*): then
//! so many tiles of the second begin on the device that those of the first which stay there cover what they read, and
//! the others are sent what they read and no tile that ended on the server holds. How many cells so many tiles meet at
//! least, whichever they are, is the geometry of [`crate::bounds::least_areas`]; what so many tiles cost at least, of
//! [`crate::bounds::ByCount`]. If tiles of the second are linked by cells that two of them read, some cell is read on
//! both sides, and so is sent. Where more than two blocks may follow each other, what is sent is looked up over all sets
//! of tiles that may begin on the device (`sent`), for what is left of each block there narrows tile by tile, and
//! strategies of many blocks live on what counts alone leave out. A group costs the least over the numbers of tiles that
//! begin, and that stay, of each block.
//!
//! Prices that prove one of the cases need not prove the others: a strategy costs the least over the cases of the most
//! over all prices.
//!
//! Besides, slots rest at a group's edges. The server has nothing to do before the first arrival of a
//! tile of the group's first block, or of a box that one of them sends when all of it has run on the
//! device. After the device's last operation in the group some tile of its last block still has to go its
//! way: the one that operation is of, or one that depends on it and so runs on the server whole; that is
//! a way of the last block, too. Before the first transfer some tile of the last held block has ended (as many as
//! one tile behind it reads, if none there starts on the server), with all tiles before it that those read; and
//! after the last transfer all tiles of ceded blocks run on the server that read what it brought.
//!
//! *Lone groups.* With one slot on each side and nothing sent back, splitting what is not in the group that
//! leaves the device gains nothing where tiles together never take less than the block that is not split, and
//! two such blocks never less than both in one (both are looked up, not assumed). Then a plan whose device is
//! left in a group is no better than the same one with all before the group in one block and all behind it in
//! another, and one that leaves it elsewhere no better than NFL. So only fused blocks right behind each other
//! count, and only plans that leave the device in them. Nor do plans count in which all tiles of the group's first
//! block start on the server, if a block comes before it, which sends one box then, as NFL does. (Tiles of the
//! picture are sent one by one.) Where each tile of a block reads of all tiles of the one before, it waits for all of
//! that. If tiles leave no gaps in what they read together, so that no box is larger for it, neither do plans count in
//! which the block begins on the device whole, for it may follow on one block instead of all before it; nor those in which
//! it starts on the server whole: it and all behind it may be one block.
//!
//! *Cores.* Where strategies of more than two blocks are bounded together (*Any head* in `several`), a plan counts with the
//! first block that sends anything: if a fused block comes before that, all its tiles begin on the device, and what is held
//! counts with the two times of `heads`. So besides no fused block is held but a strategy's first, if it sends to some
//! tiles of the next one, others of which begin on the device.
//!
//! Where a space is not connected, or too large for these tables, only the cheapest cuts of each path are summed.

mod costs;
mod fronts;
mod heads;
mod reads;
mod rests;
mod sent;
mod whole;

use super::MANY;
use crate::bounds::{NEVER, Quickest, SCALE, Single, Singles, Weights};
use crate::cost::Traces;
use costs::Costs;
use fronts::{Joint, Place};
use heads::Heads;
pub use heads::{Heading, Led};
use reads::{Between, Reads, ends_at};
pub use rests::Rested;
use rests::Rests;
use std::ops::Range;
use whole::is_lone;

/// Spaces with more meetings of tiles take too long and too much memory: they count as not connected.
const MOST_MEETINGS: usize = 1 << 26;

/// Bounds of strategies that begin alike, in ns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ahead {
    /// Of those with no block more, by how the last one starts: not on the server whole, and the one before
    /// stays on the device whole; on both sides, and so does it; on the server whole.
    pub ends: [u64; 3],
    /// The same of those with more of which the next starts on the server whole.
    pub closes: [u64; 3],
    /// Of those with others; of both without the feature `many`.
    pub goes_on: u64,
}

/// The last end of some blocks, if there are any, and the boundary behind it.
pub type Behind = (Option<usize>, usize);

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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Front {
    /// All on the device; what comes next is in no group with it that leaves the device.
    pub device: i64,
    /// In a group that leaves the device later: all on the device. By how many tiles of the last block have ended when
    /// the first transfer begins.
    pub held: Vec<i64>,
    /// In such a group, and the next block starts on the server whole, or the group ends here. By how many tiles of the
    /// last block end, or are sent, after the last transfer begins.
    pub closed: Vec<i64>,
    /// The device was left before the last block.
    pub server: i64,
    /// In such a group, and the next block starts on both sides: by how many tiles stay on the device.
    pub open: Vec<i64>,
}

/// The parts of all strategies of a space.
#[derive(Debug)]
pub struct Stretches {
    /// All fused blocks, by first stage.
    pub entries: Vec<Entry>,
    /// By stage: where in `entries` those that begin there or later are.
    from: Vec<usize>,
    stages: usize,
    /// Slots of device and server.
    slots: [u64; 2],
    /// Whether only fused blocks right behind each other count: see *Lone groups* above.
    is_lone: bool,
    /// Whether more than one block may follow on the first of a strategy.
    is_deep: bool,
    costs: Vec<Costs>,
    /// By entry, in a connected space.
    quickest: Vec<Quickest>,
    /// In a connected space.
    reads: Option<Reads>,
    /// What may come before and behind cores, where there are such.
    #[cfg(feature = "many")]
    beyond: Option<(Heads, Rests)>,
    /// The prices that proved most the last time.
    tried: usize,
}

/// Tables that are not complete.
#[derive(Debug)]
pub struct Draft {
    made: Box<Stretches>,
    /// The prices of its tables.
    weights: Vec<Weights>,
}

impl Draft {
    /// Nothing is known yet of a space, for at most `most` blocks.
    pub fn new(traces: &mut Traces, singles: &Singles, weights: &[Weights], most: usize) -> Self {
        let platform = traces.model().platform();
        let slots = [platform.device.slots as u64, platform.server.slots as u64];
        let stages = traces.model().network().stages().len();
        let (entries, from) = entries(singles, stages);
        let connected = are_connected(singles, &entries) && meetings(singles, &entries) <= MOST_MEETINGS;
        let is_lone = connected && is_lone(traces, singles, &entries);
        let quickest = |entry: &Entry| singles.ends[entry.end].quickest(entry.first, slots);
        let quickest = entries.iter().filter(|_| connected).map(quickest).collect();
        let made = Stretches {
            entries,
            from,
            stages,
            slots,
            is_lone,
            is_deep: most > 2,
            costs: Vec::with_capacity(weights.len()),
            quickest,
            reads: connected.then(|| Reads::new(traces.model(), singles)),
            #[cfg(feature = "many")]
            beyond: None,
            tried: 0,
        };
        Self { made: Box::new(made), weights: weights.to_vec() }
    }

    /// The tables, if they are complete; or a little more of them. All steps together may take seconds.
    pub fn grown(mut self, traces: &mut Traces, singles: &Singles) -> Result<Stretches, Self> {
        let made = &mut *self.made;
        // Of two blocks each pair is soon looked at by itself.
        let has_tables = MANY && made.is_deep;
        let reads = made.reads.as_mut();
        if reads.is_some_and(|reads| reads.grow(traces.model(), singles, &made.entries, has_tables)) {
            return Err(self);
        }
        if let Some(&weights) = self.weights.get(made.costs.len()) {
            let costs = Costs::new(made, traces, singles, weights);
            made.costs.push(costs);
            return Err(self);
        }
        if made.has_cores() {
            let beyond = (Heads::new(made, singles), Rests::new(made, singles));
            made.keep(beyond);
        }
        Ok(*self.made)
    }
}

impl Stretches {
    /// Whether every tile reads of the block before and feeds the one behind.
    pub fn is_connected(&self) -> bool {
        self.reads.is_some()
    }

    /// Whether plans are left out in which a block waits for all of the one before: see *Lone groups*.
    pub fn joins_what_waits(&self) -> bool {
        MANY && self.is_lone && self.reads.as_ref().is_some_and(Reads::leave_no_gaps)
    }

    /// Whether strategies that differ in what comes before or behind a core are bounded together: only lone groups count,
    /// and whoever reads the last block's cells, no less of them is read than by a block that is not split. Of two blocks
    /// each pair is sooner looked at by itself.
    pub fn has_cores(&self) -> bool {
        self.is_deep && self.joins_what_waits()
    }

    /// ns of all before a boundary on the device, in one block.
    fn device_time(&self, boundary: usize) -> u64 {
        // At these prices a block that stays there costs its time.
        let device = Weights([SCALE, 0, 0]);
        let costs = self.costs.iter().find(|costs| boundary > 0 && costs.weights == device);
        costs.map_or(0, |costs| costs.whole(0, boundary).device.max(0) as u64 / SCALE)
    }

    /// Without the feature `many` there are none, and nothing has to be kept.
    fn keep(&mut self, beyond: (Heads, Rests)) {
        #[cfg(feature = "many")]
        {
            self.beyond = Some(beyond);
        }
        #[cfg(not(feature = "many"))]
        drop(beyond);
    }

    fn beyond(&self) -> Option<&(Heads, Rests)> {
        #[cfg(feature = "many")]
        return self.beyond.as_ref();
        #[cfg(not(feature = "many"))]
        None
    }

    /// The prices of its tables.
    pub fn weights(&self) -> Vec<Weights> {
        self.costs.iter().map(|costs| costs.weights).collect()
    }

    /// Number of stages.
    pub fn stages(&self) -> usize {
        self.stages
    }

    /// Nothing placed: everything is before the first block.
    pub fn start(&self) -> Vec<Front> {
        vec![Front::start(); self.costs.len()]
    }

    /// The fused blocks that count behind some that end at a boundary, which is the network's beginning where
    /// there are none.
    pub fn entries_from(&self, boundary: usize) -> Range<usize> {
        let end = if self.is_lone && boundary > 0 { self.from.get(boundary + 1).copied() } else { None };
        self.from[boundary]..end.unwrap_or(self.entries.len())
    }

    /// The entry of an end and a first stage.
    pub fn find(&self, end: usize, first: usize) -> Option<usize> {
        let (start, behind) = (*self.from.get(first)?, *self.from.get(first + 1)?);
        let at = self.entries[start..behind].binary_search_by(|entry| entry.end.cmp(&end)).ok()?;
        Some(start + at)
    }

    /// Appends a fused block, and what lies between, to all before it.
    fn append(&self, singles: &Singles, fronts: &mut [Front], place: Place, joint: &Joint) {
        for (costs, front) in self.costs.iter().zip(fronts) {
            *front = costs.append(self, singles, front, (place, joint));
        }
    }

    /// Bounds of all before the boundary `at`, behind the end `before`, with a fused block more, by entry of
    /// [`Stretches::entries_from`]; with some more behind it only where there may be. Those that are `limit` or more
    /// need not be the best.
    pub fn bounds_behind(&mut self, fronts: &[Front], (before, at): Behind, more: bool, limit: u64) -> Vec<Ahead> {
        let mut tried = self.tried;
        let of = |entry: usize| {
            let place = Place { before, at, entry };
            self.ahead(fronts, (place, &self.joint(place)), (more, limit), &mut tried)
        };
        let bounds = self.entries_from(at).map(of).collect();
        self.tried = tried;
        bounds
    }

    /// The same of one block.
    fn ahead(
        &self,
        fronts: &[Front],
        (place, joint): (Place, &Joint),
        (more, limit): (bool, u64),
        tried: &mut usize,
    ) -> Ahead {
        let limit = scaled(limit);
        let with_more = [if more { 0 } else { NEVER }; 3];
        let mut best = [[0; 3], with_more, with_more];
        let first = *tried;
        for step in 0..self.costs.len() {
            // Prices that proved most for the last block are good for this one.
            let prices = (first + step) % self.costs.len();
            let bounds = self.costs[prices].bounds(self, &fronts[prices], place, joint);
            for (best, bound) in best.as_flattened_mut().iter_mut().zip(bounds.as_flattened()) {
                *best = (*best).max(*bound);
            }
            if best.as_flattened().iter().all(|&best| best >= limit) {
                *tried = prices;
                break;
            }
        }
        let [ends, closes, goes_on] = best;
        let least = |bounds: &[i64]| bounds.iter().copied().min().map_or(0, in_ns);
        Ahead {
            ends: ends.map(in_ns),
            closes: if MANY { closes.map(in_ns) } else { [u64::MAX; 3] },
            goes_on: if MANY { least(&goes_on) } else { least(best[1..].as_flattened()) },
        }
    }

    /// What a fused block reads that comes right behind another one, in a connected space.
    fn between(&self, end: usize, entry: usize) -> Option<Between<'_>> {
        let reads = self.reads.as_ref()?;
        Some(reads.between(end, entry, self.joins_what_waits()))
    }

    /// How a fused block is joined to what comes before it.
    fn joint(&self, Place { before, at, entry }: Place) -> Joint<'_> {
        let first = self.entries[entry].first;
        match (&self.reads, before) {
            (None, _) => Joint::Unknown,
            (Some(_), Some(end)) if at == first => self.between(end, entry).map_or(Joint::Unknown, Joint::Adjacent),
            // Tiles of the picture send what they read themselves.
            (Some(reads), _) => Joint::Alone(reads.alone(entry, first == 0), usize::from(self.is_lone && first > 0)),
        }
    }
}

/// All fused blocks, and by stage where those begin that begin there or later.
fn entries(singles: &Singles, stages: usize) -> (Vec<Entry>, Vec<usize>) {
    let mut entries = Vec::new();
    let mut from = vec![0; stages + 1];
    for (stage, from) in from.iter_mut().enumerate().take(stages) {
        *from = entries.len();
        for (end, single) in singles.ends.iter().enumerate().filter(|(_, s)| s.start <= stage && stage <= s.last) {
            entries.push(Entry { end, first: stage, behind: single.last + 1 });
        }
    }
    from[stages] = entries.len();
    (entries, from)
}

fn are_connected(singles: &Singles, entries: &[Entry]) -> bool {
    entries.iter().all(|entry| singles.ends[entry.end].is_connected(entry.first))
}

/// Whether of a space only lone groups count: see *Lone groups* above.
#[cfg(feature = "uneven")]
pub fn has_lone_groups(traces: &mut Traces, singles: &Singles) -> bool {
    let (entries, _) = entries(singles, traces.model().network().stages().len());
    are_connected(singles, &entries) && is_lone(traces, singles, &entries)
}

/// How many pairs there are of a tile and one of a block that may come right before it.
fn meetings(singles: &Singles, entries: &[Entry]) -> usize {
    let tiles = |end: &Single| end.columns.len();
    let before = |boundary: usize| singles.ends[ends_at(&singles.ends, boundary)].iter().map(tiles).sum::<usize>();
    entries.iter().map(|entry| tiles(&singles.ends[entry.end]) * before(entry.first)).sum()
}

impl Front {
    /// Nothing is placed.
    fn start() -> Self {
        let [held, closed, open] = [const { Vec::new() }; 3];
        Self { device: 0, held, closed, server: NEVER, open }
    }

    fn capped(mut self) -> Self {
        let Self { device, held, closed, server, open } = &mut self;
        for cost in [device, server].into_iter().chain(held).chain(closed).chain(open) {
            *cost = NEVER.min(*cost);
        }
        self
    }
}

fn scaled(limit: u64) -> i64 {
    (limit.min(NEVER as u64 / SCALE) * SCALE) as i64
}

fn in_ns(cost: i64) -> u64 {
    (cost.max(0) as u64).div_ceil(SCALE)
}
