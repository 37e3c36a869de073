//! A bound of plans with several fused blocks, whatever their grids.
//!
//! Where splitting gains nothing but in one *group* of fused blocks right behind each other (*Lone groups* of
//! `search::exact::stretches`), all before the group is one block on the device, all behind it one on the server, and
//! nothing else works meanwhile. Of the group itself the device computes a part of each map and the server the rest:
//!
//! - Each element of a map is of one cell of the block before, and of the *own part* of one tile of the block behind:
//!   tiles' own parts divide the map as their cells divide the output, as far as each reads its own part.
//! - Own parts of tiles that begin on the device are of cells that stay there. Own parts of those that start on the
//!   server are of cells that end there, or are sent; sending a part of a map takes no less than that part of the time
//!   that all of it takes.
//!
//! So for any potentials of a map on the device and on the server that differ by no more than the price of sending it, a
//! group costs at least the potential of its output and, block by block, the least over all grids of what its tiles cost
//! at prices [`Weights`], with the potentials of their own parts and without those of their cells (Lagrange multipliers of
//! the two rules). Potentials are the least prices of the unsplit network, so what blocks add is what halos, overheads,
//! latencies and weights read anew for each tile cost.
//!
//! Besides, the server rests until something has arrived, and the device, if something comes behind the group, while what it
//! has done last is on its way.
//!
//! A grid's least is a shortest way over rows, each of them a shortest way over columns ([`Spans`]). Each row may choose
//! its own columns there, so the way costs no more than any grid.

use super::singles::unsplit_trace;
use super::{Column, SCALE, Single, Singles, Spans, Weights};
use crate::base::{Bytes, Span};
use crate::cost::Traces;
use crate::plan::Space;

/// Lengths are counted in parts of a map's, of which this is the binary logarithm.
const PART: u32 = 24;
/// What no way costs.
const NEVER: i64 = i64::MAX / 4;

/// By axis and place of a boundary: which part of the block's input lies before it as own parts, and which of its output.
type Places = [Vec<[i64; 2]>; 2];

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
        let even = self.singles.ends.iter().filter(move |single| single.last == last && single.mirror_of.is_none());
        let others = self.spans.get(last).and_then(Option::as_ref).map(|spans| (spans.all(), Some(spans)));
        even.map(|single| (single, None)).chain(others)
    }
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
    places: Vec<Vec<Vec<Places>>>,
    /// By first stage of a block: ns until something of it is on the server at the earliest.
    arrivals: Vec<u64>,
    /// ns of the shortest transfer.
    shortest: u64,
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
        // A nanosecond less, for a part's time is rounded up by no more.
        let sent = |at: usize| model.platform().link.upload(model.wire_bytes(at, trace.region(at))).0.saturating_sub(1);
        let start = |last: usize| space.may_fuse(network, last).then(|| space.run_start(network, last));
        let read = |at: usize| [trace.region(at).rows, trace.region(at).columns];
        let starts: Vec<Option<usize>> = (0..stages).map(start).collect();
        let shortest = model.platform().link.upload(Bytes(1)).0;
        let places_of = |first: usize, last: usize, (single, spans): (&Single, Option<&Spans>)| {
            let [reads, cells] =
                [first, last + 1].map(|at| spans.map_or_else(|| single.axes(at), |all| all.narrowest(at)));
            let of = |axis: usize| places(&reads[axis], &cells[axis], [read(first)[axis], read(last + 1)[axis]]);
            Some([of(0)?, of(1)?])
        };
        let mut all = Vec::with_capacity(stages);
        for (last, start) in starts.iter().enumerate() {
            let firsts = start.unwrap_or(last + 1)..=last;
            let of = |first: usize| tiles.of(last).map(|tiles| places_of(first, last, tiles)).collect::<Option<_>>();
            all.push(firsts.map(of).collect::<Option<_>>()?);
        }
        Some(Self {
            sums: (0..=stages).map(|at| [trace.device(0, at).0, trace.server(0, at).0]).collect(),
            sent: (0..=stages).map(sent).collect(),
            arrivals: (0..stages).map(|first| arrival(&starts, first, shortest, tiles)).collect(),
            shortest,
            starts,
            places: all,
            most: space.max_fused_blocks,
        })
    }

    /// Number of stages.
    pub fn stages(&self) -> usize {
        self.starts.len()
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

    /// At these prices, by last stage: no plan of a group of several blocks that begins at `first` ends sooner, in ns.
    pub fn bounds_from(&self, first: usize, weights: Weights, tiles: Tiles) -> Vec<u64> {
        let potentials = self.potentials(first, weights);
        // By boundary, by number of blocks: what the blocks up to it cost at least.
        let mut least = vec![vec![NEVER; self.most + 1]; self.stages() + 1];
        least[first][0] = 0;
        for at in first..self.stages() {
            let before = least[at].clone();
            let follows = |last: &usize| self.starts[*last].is_some_and(|start| start <= at);
            for last in (at..self.stages()).take_while(follows) {
                let cost = self.block(at, last, weights, [potentials[at], potentials[last + 1]], tiles);
                for (known, before) in least[last + 1][1..].iter_mut().zip(&before) {
                    *known = (before + cost).min(*known).min(NEVER);
                }
            }
        }
        let bound = |last: usize| {
            let blocks = least[last + 1].iter().skip(2).copied().min().unwrap_or(NEVER);
            let [device, server] = potentials[last + 1];
            // A result that is not sent back may be on either side.
            let is_end = last + 1 == self.stages();
            let end = if is_end { device.min(server) } else { server };
            let rests = weights.price(if is_end { 0 } else { self.shortest }, 0, self.arrivals[first]);
            let group = ((blocks + end).max(0) as u64 + rests).div_ceil(SCALE);
            self.around(first, last).filter(|_| blocks < NEVER).map_or(u64::MAX, |around| around + group)
        };
        (0..self.stages()).map(bound).collect()
    }

    /// By boundary: what all that is read there has cost at least, on device and server, of what begins at a stage.
    fn potentials(&self, first: usize, weights: Weights) -> Vec<[i64; 2]> {
        let mut all: Vec<[i64; 2]> = vec![[0; 2]; self.sums.len()];
        for at in first..self.sums.len() {
            let device = self.sums[at][0] - self.sums[first][0];
            let sent = weights.price(device, self.sent[at], 0) as i64;
            let here =
                |before: [i64; 2]| before[1] + weights.price(0, 0, self.sums[at][1] - self.sums[at - 1][1]) as i64;
            let server = if at > first { here(all[at - 1]).min(sent) } else { sent };
            all[at] = [weights.price(device, 0, 0) as i64, server];
        }
        all
    }

    /// The least over all grids of what a block's tiles cost, with the potentials before it and without those behind.
    fn block(&self, first: usize, last: usize, weights: Weights, potentials: [[i64; 2]; 2], tiles: Tiles) -> i64 {
        let places = &self.places[last][first - self.starts[last].unwrap_or(first)];
        let of_grid = |single: &Single| single.grid.dimensions().map(|count| count as usize);
        let grids: Vec<[usize; 2]> =
            tiles.singles.ends.iter().filter(|single| single.last == last).map(of_grid).collect();
        let most = [0, 1].map(|axis| grids.iter().map(|grid| grid[axis]).max().unwrap_or(0));
        let mut least = NEVER;
        for ((single, spans), places) in tiles.of(last).zip(places) {
            let block = Block { single, first, weights, places, potentials };
            if spans.is_none() {
                least = least.min(block.sum());
                continue;
            }
            let [rows, columns] = [0, 1].map(|axis| places[axis].len());
            // By span of rows, by number of columns.
            let across: Vec<Vec<i64>> = block.lines().map(|costs| ways(columns, most[1], &costs)).collect();
            let along = |count: usize| {
                let costs: Vec<i64> = across.iter().map(|across| across[count]).collect();
                ways(rows, most[0], &costs)
            };
            let all: Vec<Vec<i64>> = (0..=most[1]).map(along).collect();
            least = grids.iter().map(|&[rows, columns]| all[columns][rows]).fold(least, i64::min);
        }
        least
    }
}

/// ns from the beginning of a block that begins at a stage until something of it is on the server at the earliest.
fn arrival(starts: &[Option<usize>], first: usize, shortest: u64, tiles: Tiles) -> u64 {
    let follows = |last: &usize| starts[*last].is_some_and(|start| start <= first);
    let of_tile = |single: &Single, tile: &Column| {
        let (start, end) = (first - single.from, tile.len() - 1);
        // Of what it ends with some part may be sent.
        let sent = |at: usize| if at < end { tile[at].upload } else { shortest };
        let times = (start..=end).map(|at| tile[at].device - tile[start].device + sent(at));
        times.min().unwrap_or(0)
    };
    let of_block = |(single, _): (&Single, _)| single.columns.iter().map(|tile| of_tile(single, tile)).min();
    (first..starts.len()).take_while(follows).flat_map(|last| tiles.of(last).filter_map(of_block)).min().unwrap_or(0)
}

/// The tiles of a block, at some prices.
struct Block<'a> {
    single: &'a Single,
    first: usize,
    weights: Weights,
    places: &'a Places,
    potentials: [[i64; 2]; 2],
}

impl Block<'_> {
    /// All tiles of one grid.
    fn sum(&self) -> i64 {
        let columns = self.places[1].len() - 1;
        let least = |(at, tile): (usize, &Column)| {
            let [row, column] = [at / columns, at % columns];
            self.least(tile, [row, row + 1], [column, column + 1])
        };
        self.single.columns.iter().enumerate().map(least).sum()
    }

    /// By span between two places of rows, the costs of all tiles between two places of columns.
    fn lines(&self) -> impl Iterator<Item = Vec<i64>> {
        let [rows, columns] = [0, 1].map(|axis| pairs(self.places[axis].len()));
        let lines = self.single.columns.chunks(columns.len().max(1)).zip(rows);
        lines.map(move |(tiles, row)| {
            tiles.iter().zip(&columns).map(|(tile, &column)| self.least(tile, row, column)).collect()
        })
    }

    /// What a tile costs at least, between these places of rows and columns.
    fn least(&self, tile: &Column, rows: [usize; 2], columns: [usize; 2]) -> i64 {
        let [leaves, stays, starts] = self.ways(tile);
        let length = |axis: usize, [from, to]: [usize; 2], side: usize| {
            self.places[axis][to][side] - self.places[axis][from][side]
        };
        // Places are rounded down, so lengths may be off by almost a part: own parts count as less, cells as more.
        let own = ((length(0, rows, 0) - 1).max(0) * (length(1, columns, 0) - 1).max(0)) >> PART;
        let cell = (((length(0, rows, 1) + 1) * (length(1, columns, 1) + 1)) >> PART) + 1;
        let [before, behind] = self.potentials;
        let [began, there] = before.map(|price| part_of(price, own));
        let [on_device, on_server] = behind.map(|price| part_of(price, cell) + 1);
        (leaves + began - on_server).min(stays + began - on_device).min(starts + there - on_server)
    }

    /// The price of a tile that is cut within the block, that stays on the device, that starts on the server. Tiles of the
    /// picture are sent themselves.
    fn ways(&self, tile: &Column) -> [i64; 3] {
        let (start, end) = (self.first - self.single.from, tile.len() - 1);
        let price = |at: usize, upload: u64| {
            self.weights.price(tile[at].device - tile[start].device, upload, tile[end].server - tile[at].server) as i64
        };
        let is_picture = self.first == 0;
        let cuts = if is_picture { start } else { start + 1 }..end;
        let leaves = cuts.map(|at| price(at, tile[at].upload)).min().unwrap_or(NEVER);
        [leaves, price(end, 0), if is_picture { NEVER } else { price(start, 0) }]
    }
}

/// This part of a price, rounded down.
fn part_of(price: i64, part: i64) -> i64 {
    ((i128::from(price) * i128::from(part)) >> PART) as i64
}

/// All pairs of places, by the first, then by the second.
fn pairs(places: usize) -> Vec<[usize; 2]> {
    (0..places).flat_map(|from| (from + 1..places).map(move |to| [from, to])).collect()
}

/// By number of parts: the least cost of a way from the first place to the last; costs as [`pairs`].
fn ways(places: usize, most: usize, costs: &[i64]) -> Vec<i64> {
    let mut before = vec![NEVER; places];
    before[0] = 0;
    let mut found = vec![NEVER; most + 1];
    for found in &mut found[1..] {
        let mut now = vec![NEVER; places];
        let mut costs = costs;
        for (from, &before) in before.iter().enumerate() {
            let (here, others) = costs.split_at(places - from - 1);
            for (now, cost) in now[from + 1..].iter_mut().zip(here) {
                *now = (*now).min(before + cost);
            }
            costs = others;
        }
        *found = now[places - 1];
        before = now;
    }
    found
}

/// By place: which part of what is read of the input lies before it as own parts, and which of what is read of the output,
/// of lines of tiles that read so much and end with these cells. None where they leave gaps.
fn places(reads: &[Span], cells: &[Span], [input, output]: [Span; 2]) -> Option<Vec<[i64; 2]>> {
    let part = |at: u32, of: Span| {
        let at = at.clamp(of.start(), of.end()) - of.start();
        (i64::from(at) << PART) / i64::from(of.len().max(1))
    };
    let place = |at: usize| {
        let (begin, end) = (reads[at].start(), reads[at - 1].end());
        let here = part(cells[at].start(), output);
        (begin <= end).then(|| [here.clamp(part(begin, input), part(end, input)), here])
    };
    let inner = (1..cells.len()).map(place);
    std::iter::once(Some([0; 2])).chain(inner).chain([Some([1 << PART; 2])]).collect()
}
