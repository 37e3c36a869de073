//! A bound of plans with several fused blocks, of whose grids much may be unknown.
//!
//! Where splitting gains nothing but in one *group* of fused blocks right behind each other (*Lone groups* of
//! `search::exact::stretches`), all before the group is one block on the device, all behind it one on the server, and
//! nothing else works meanwhile. Of the group itself the device computes a part of each map and the server the rest:
//!
//! - Each element of a map is of one cell of the block before, and of the *own part* of one tile of the block behind:
//!   tiles' own parts divide the map as their cells divide the output, as far as each reads its own part.
//! - Own parts of tiles that begin on the device are of cells that stay there. Own parts of those that start on the
//!   server are of cells that end there, or that stay and are sent. Sending a part of a cell takes no less than that part
//!   of the time that all of it takes.
//!
//! So for any potentials of a map on the device and on the server, a group costs at least the potential of its output and,
//! block by block, the least over all grids of what its tiles cost at prices [`Weights`], with the potentials of their own
//! parts and without those of their cells (Lagrange multipliers of the two rules). Those of the server lie between what
//! having a map there costs in the unsplit network and what it is worth ([`Prices::dear`]).
//!
//! *Shapes.* What tiles may do depends on where the device is left ([`Shape`]): some first blocks are held there whole; of
//! the next one all tiles begin on the device, or some start on the server; it may be followed by others that are on both
//! sides; the last ones are ceded to the server whole. Of the last block that the device works in every cell that stays is
//! sent by itself, with its latency. Where some tile has to begin, start, leave or be sent, a block costs besides what
//! that costs more at least than its cheapest tiles.
//!
//! *Halos.* Where some tile starts on the server and one beside it begins on the device, what the one reads of the other's
//! own part stays there, and is sent besides.
//!
//! *Heads and tails.* Uplink and server wait for the first tile that is sent, and that for what it reads of held blocks:
//! the tiles that hold it take no less together than one that ends with it. The server of a group of which some tile
//! starts there waits for the first transfer. Behind its last operation the device waits for what is left of that tile, or of
//! one that reads it, and for a tile of each ceded block. If these are of the same tile, half of what it costs more is
//! counted for each.
//!
//! A grid's least is a shortest way over rows, each of them a shortest way over columns ([`Spans`]). Each row may choose
//! its own columns there, so the way costs no more than any grid. Whatever is known of a block's grid ([`Link`]) leaves
//! tiles out.

mod block;
mod kinds;
mod link;
mod reach;
mod shape;

use super::singles::unsplit_trace;
use super::{SCALE, Single, Singles, Spans, Weights};
use crate::base::Bytes;
use crate::cost::Traces;
use crate::plan::Space;
use block::{Block, Costs, Held};
use kinds::Kinds;
pub use link::{Grids, Link};
use reach::Reach;
pub use shape::Shape;

/// Lengths are counted in parts of a map's, of which this is the binary logarithm.
const PART: u32 = 24;
/// What no way costs.
const NEVER: i64 = i64::MAX / 4;

/// All tiles of a space.
#[derive(Clone, Copy)]
pub struct Tiles<'a> {
    /// Of even grids.
    pub singles: &'a Singles,
    /// By last stage: of grids whose boundaries may lie at many places.
    pub spans: &'a [Option<Spans>],
}

impl<'a> Tiles<'a> {
    /// Of blocks that end with `last`: of each even grid, transposed ones left out, and of all others.
    fn of(self, last: usize) -> impl Iterator<Item = (&'a Single, Option<&'a Spans>)> {
        let others = self.spans(last).map(|spans| (spans.all(), Some(spans)));
        self.even(last).map(|(_, single)| (single, None)).chain(others)
    }

    /// Even grids of blocks that end with `last`, transposed ones left out, each with its place among the ends.
    fn even(self, last: usize) -> impl Iterator<Item = (usize, &'a Single)> {
        let ends = self.singles.ends.iter().enumerate();
        ends.filter(move |(_, single)| single.last == last && single.mirror_of.is_none())
    }

    /// Of grids whose boundaries may lie at many places.
    fn spans(self, last: usize) -> Option<&'a Spans> {
        self.spans.get(last).and_then(Option::as_ref)
    }
}

/// Groups of several blocks.
#[derive(Clone, Copy, Debug)]
pub struct Chain<'l> {
    /// Their first stage.
    pub first: usize,
    /// Their last stage.
    pub last: usize,
    /// What their tiles do.
    pub shape: Shape,
    /// What is known of their blocks, from the first on.
    pub links: &'l [Link],
}

/// Prices of time, and where between what it costs and what it is worth to have a map on the server its price is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Prices {
    /// Of a nanosecond on each resource.
    pub weights: Weights,
    /// In [`Prices::DEAREST`] parts.
    pub dear: u8,
}

impl Prices {
    /// What it costs.
    pub const DEAREST: u8 = 64;
}

/// The unsplit network, and how tiles divide its maps.
#[derive(Debug)]
pub struct Flow {
    /// By boundary: ns of all stages before it, on device and server.
    sums: Vec<[u64; 2]>,
    /// By boundary: ns of sending all that is read there.
    sent: Vec<u64>,
    /// By last stage of a fused block: the earliest first one.
    starts: Vec<Option<usize>>,
    /// By last stage, by first stage from the earliest on, and as [`Tiles::of`].
    kinds: Vec<Vec<Vec<Kinds>>>,
    /// ns of the shortest transfer.
    shortest: u64,
    latency: u64,
    /// The most blocks of a strategy.
    most: usize,
}

impl Flow {
    /// Of a network and a space with several fused blocks. None where tiles leave gaps in what they read.
    pub fn new(traces: &mut Traces, space: &Space, tiles: Tiles) -> Option<Self> {
        let network = traces.model().network();
        let stages = network.stages().len();
        let trace = unsplit_trace(traces, network, stages - 1);
        let model = traces.model();
        let link = &model.platform().link;
        // A nanosecond less, for a part's time is rounded up by no more.
        let sent = |at: usize| link.upload(model.wire_bytes(at, trace.region(at))).0.saturating_sub(1);
        let start = |last: usize| space.may_fuse(network, last).then(|| space.run_start(network, last));
        let read = |at: usize| [trace.region(at).rows, trace.region(at).columns];
        let starts: Vec<Option<usize>> = (0..stages).map(start).collect();
        let kinds_of = |first: usize, last: usize, (single, spans): (&Single, Option<&Spans>)| {
            Kinds::new((single, spans), first, [read(first), read(last + 1)])
        };
        let mut all = Vec::with_capacity(stages);
        for (last, start) in starts.iter().enumerate() {
            let firsts = start.unwrap_or(last + 1)..=last;
            let of = |first: usize| tiles.of(last).map(|tiles| kinds_of(first, last, tiles)).collect::<Option<_>>();
            all.push(firsts.map(of).collect::<Option<_>>()?);
        }
        Some(Self {
            sums: (0..=stages).map(|at| [trace.device(0, at).0, trace.server(0, at).0]).collect(),
            sent: (0..=stages).map(sent).collect(),
            shortest: link.upload(Bytes(1)).0,
            latency: link.latency.0,
            starts,
            kinds: all,
            most: space.max_fused_blocks,
        })
    }

    /// Number of stages.
    pub fn stages(&self) -> usize {
        self.starts.len()
    }

    /// The most blocks of a group.
    pub fn most(&self) -> usize {
        self.most
    }

    /// ns of all before and behind the groups of several blocks over these stages, none where there are no such groups.
    pub fn around(&self, first: usize, last: usize) -> Option<u64> {
        let is_group = first < last && self.starts[last].is_some_and(|start| start <= first);
        is_group.then(|| self.sums[first][0] + self.sums[self.stages()][1] - self.sums[last + 1][1])
    }

    /// The unsplit stages of a group, by the cut among them: ns on device, uplink and server.
    pub fn cuts(&self, first: usize, last: usize) -> Vec<[u64; 3]> {
        let cut = |cut: usize| {
            let sent = if cut < self.stages() { self.sent[cut] } else { 0 };
            [self.sums[cut][0] - self.sums[first][0], sent, self.sums[last + 1][1] - self.sums[cut][1]]
        };
        (first..=last + 1).map(cut).collect()
    }

    /// Where blocks may end that begin at a stage.
    pub fn ends(&self, at: usize) -> impl Iterator<Item = usize> {
        (at..self.stages()).take_while(move |&last| self.starts[last].is_some_and(|start| start <= at))
    }

    /// At these prices no plan of these groups ends sooner, in ns.
    pub fn bound(&self, chain: Chain, prices: Prices, tiles: Tiles) -> u64 {
        let Chain { first, last, shape, links } = chain;
        let potentials = self.potentials([first, last], prices);
        let done = Reach {
            flow: self,
            first,
            last,
            shape: Some(shape),
            links,
            potentials: &potentials,
            weights: prices.weights,
            tiles,
        }
        .done();
        self.ended(first, last, &potentials, &done[last + 1], shape)
    }

    /// At these prices, by last stage and shape: no plan of a group of several blocks that begins at `first` ends
    /// sooner, in ns.
    pub fn bounds_from(&self, first: usize, weights: Weights, tiles: Tiles) -> Vec<[u64; Shape::COUNT]> {
        let last = self.stages() - 1;
        let potentials = self.potentials([first, last], Prices { weights, dear: Prices::DEAREST });
        let done =
            Reach { flow: self, first, last, shape: None, links: &[], potentials: &potentials, weights, tiles }.done();
        let of = |last: usize| {
            let mut all = [u64::MAX; Shape::COUNT];
            for (all, shape) in all.iter_mut().zip(Shape::all()) {
                *all = self.ended(first, last, &potentials, &done[last + 1], shape);
            }
            all
        };
        (0..self.stages()).map(of).collect()
    }

    /// What the device does before the last of some blocks, all of which hold but that: until a tile of it can begin at
    /// the earliest, and in all, in ns.
    pub fn head(&self, chain: Chain, tiles: Tiles) -> Option<[u64; 2]> {
        let time = Weights([1, 0, 0]);
        let (mut first, mut all) = (chain.first, Vec::<Costs>::new());
        let mut held: Vec<Held> = Vec::new();
        for Link { last, grids } in chain.links {
            let block = Block {
                flow: self,
                first,
                last: *last,
                weights: time,
                potentials: [[0; 2]; 2],
                is_first: all.is_empty(),
                held: &held,
                sent: 0,
                grids,
            };
            let costs = block.costs(tiles, [true; block::WAYS]);
            let before = held.last().zip(all.last()).map_or(0, |(held, costs)| held.before + costs.quickest.on_device);
            held = vec![Held { first, grids, before }];
            all.push(costs);
            first = last + 1;
        }
        let before = self.sums[chain.first][0];
        let next = all.last()?.ready;
        let (_, held) = all.split_last()?;
        // Each tile's cell is counted as a unit more.
        let total = held.iter().map(|costs| costs.holds.max(0) as u64).sum::<u64>();
        Some([before + next.min(total), before + total])
    }

    fn ended(
        &self,
        first: usize,
        last: usize,
        potentials: &[[i64; 2]],
        done: &[[i64; Shape::COUNT]],
        shape: Shape,
    ) -> u64 {
        let Some(around) = self.around(first, last) else { return u64::MAX };
        let cost = done.iter().skip(2).map(|shapes| shapes[shape.place()]).min().unwrap_or(NEVER);
        if cost >= NEVER {
            return u64::MAX;
        }
        around + ((cost + potentials[last + 1][1]).max(0) as u64).div_ceil(SCALE)
    }

    /// By boundary: the prices of what is read there on device and server, in groups over these stages.
    fn potentials(&self, [first, last]: [usize; 2], prices: Prices) -> Vec<[i64; 2]> {
        let price = |device: u64, uplink: u64, server: u64| prices.weights.price(device, uplink, server) as i64;
        let device = |at: usize| price(self.sums[at][0] - self.sums[first][0], 0, 0);
        let server = |at: usize| price(0, 0, self.sums[at][1] - self.sums[first][1]);
        let away =
            |at: usize| device(at) + if at < self.stages() { price(0, self.sent[at], 0) } else { 0 } - server(at);
        let mut all = vec![[0; 2]; self.sums.len()];
        let group = first..last + 2;
        let mut costs = NEVER;
        for (at, all) in group.clone().zip(&mut all[group.clone()]) {
            costs = costs.min(away(at));
            *all = [device(at), costs + server(at)];
        }
        let mut worth = NEVER;
        for (at, [_, all]) in group.clone().zip(&mut all[group]).rev() {
            worth = worth.min(away(at));
            let there = (worth + server(at)).clamp(0, *all);
            *all = there + (*all - there) * i64::from(prices.dear) / i64::from(Prices::DEAREST);
        }
        if first == 0 {
            // Tiles of the picture send it themselves.
            all[0] = [0; 2];
        } else {
            // Of a box whose latency is counted once.
            all[first][1] = price(0, self.sent[first].saturating_sub(self.latency + 1), 0);
        }
        if last + 1 == self.stages() {
            // A result that is not sent back may be on either side.
            all[last + 1] = [0; 2];
        }
        all
    }
}
