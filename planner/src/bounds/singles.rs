//! Every strategy with one fused block, its costs shared in tables and its bound proven quickly.
//!
//! The cost of a tile at a cut depends only on where the block ends, on its grid and on the stage
//! boundary at which it is cut; so one table per (last stage, grid) serves every first stage, and
//! one pass backwards gives the bounds of them all.
//!
//! Where all maps of a run are square and all its layers treat rows and columns alike, a transposed
//! grid needs transposed regions. Nothing costs more or less for being transposed: its tables are those
//! of the other grid, its strategies have the same bounds and plans of the same makespans.

use super::Weights;
use super::weights::SCALE;
use crate::base::{Bytes, Nanos, Region, Span};
use crate::cost::{CostModel, TileTrace, Traces, behind};
use crate::network::Network;
use crate::plan::{Block, Space};
use crate::tiling::Grid;
use std::ops::Deref;
use std::rc::Rc;

/// One tile's costs by stage boundary, from its trace's beginning to the block's end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Rows of the region needed at the boundary; at the end those of the cell.
    pub(super) rows: Rc<[Span]>,
    /// Its columns.
    pub(super) columns: Rc<[Span]>,
    /// What it takes.
    pub times: Rc<[Times]>,
}

/// What a tile takes if it is cut at a stage boundary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    /// Device time of the stages up to the boundary.
    pub device: u64,
    /// Server time of the stages up to the boundary.
    pub server: u64,
    /// Time of sending the region at the boundary; at the end what the next block reads of the cell.
    pub upload: u64,
    /// A lower bound on this tile's part of one transfer that several tiles share; of the picture it
    /// shares nothing.
    pub share: u64,
}

impl Deref for Column {
    type Target = [Times];

    fn deref(&self) -> &[Times] {
        &self.times
    }
}

impl Column {
    /// The tile of the transposed grid.
    fn transposed(&self) -> Self {
        let Self { rows, columns, times } = self;
        Self { rows: Rc::clone(columns), columns: Rc::clone(rows), times: Rc::clone(times) }
    }

    /// The region at a stage boundary of a column that begins at `from`.
    pub fn region(&self, from: usize, boundary: usize) -> Region {
        Region::new(self.rows[boundary - from], self.columns[boundary - from])
    }
}

/// All strategies whose one fused block ends at one stage with one grid.
#[derive(Clone, Debug)]
pub struct Single {
    /// Last stage of the fused block.
    pub last: usize,
    /// Its grid.
    pub grid: Grid,
    /// The earliest first stage.
    pub start: usize,
    /// The boundary that the columns begin with.
    pub from: usize,
    /// One column a tile, row by row.
    pub columns: Vec<Column>,
    /// Tiles with equal times, as one of them and how many there are.
    pub alike: Vec<(usize, usize)>,
    /// Server time of what follows, where all tiles end before it starts; else 0.
    pub tail: u64,
    /// Least time of what follows when the device begins it, and the cut of that; none where nothing
    /// follows.
    pub device_tail: Option<(u64, usize)>,
    /// Whether what follows reads of every tile.
    pub all_feed: bool,
    /// The end whose tables these are, transposed.
    pub mirror_of: Option<usize>,
    /// Whether a transposed grid needs transposed regions.
    pub has_mirror: bool,
}

/// Every strategy of a space with at most one fused block.
#[derive(Clone, Debug)]
pub struct Singles {
    /// By last stage and grid.
    pub ends: Vec<Single>,
    /// By first stage: device time of the unsplit block before it.
    pub head: Vec<u64>,
    /// By first stage: least time of the unsplit block before it when it ends on the server, and the
    /// cut of that; none where nothing comes before.
    pub server_head: Vec<Option<(u64, usize)>>,
    /// Slots of device and server.
    pub(super) slots: [u64; 2],
    /// By end, then by first stage from its earliest on; of mirrored ends there are none.
    edges: Vec<Vec<Edge>>,
}

impl Singles {
    /// Builds the tables of a space; only its grids and fusible stages count.
    pub fn new(traces: &mut Traces, space: &Space) -> Self {
        let network = traces.model().network();
        let stages = network.stages().len();
        let platform = traces.model().platform();
        let whole_end = unsplit_trace(traces, network, stages - 1);
        let mut ends: Vec<Single> = Vec::new();
        let mut firsts = vec![false; stages];
        for (last, grids) in space.starting_grids_at(network) {
            let start = space.run_start(network, last);
            firsts[start..=last].fill(true);
            let rest = Rest::new(traces.model(), &whole_end, last);
            // What follows has to read as many rows as columns, too.
            let mirrors = rest.read.rows == rest.read.columns && traces.are_symmetric(traces.run_start(last), last);
            let begin = ends.len();
            for grid in grids {
                let is_other =
                    |other: &Grid| mirrors && other.rows() == grid.columns() && other.columns() == grid.rows();
                let other = (begin..ends.len()).find(|&end| is_other(&ends[end].grid));
                let made = match other {
                    Some(end) => ends[end].transposed(end, grid),
                    None => {
                        let tiles = traces.of(last, &grid);
                        Single { has_mirror: mirrors, ..Single::new(traces, (start, last), grid, &tiles, &rest) }
                    }
                };
                ends.push(made);
            }
        }
        let mut head = vec![0; stages];
        let mut server_head = vec![None; stages];
        for first in (1..stages).filter(|&first| firsts[first]) {
            let before = unsplit_trace(traces, network, first - 1);
            head[first] = before.device(0, first).0;
            server_head[first] = (0..first)
                .map(|cut| {
                    let up = platform.link.upload(traces.model().wire_bytes(cut, before.region(cut)));
                    ((before.device(0, cut) + up + before.server(cut, first)).0, cut)
                })
                .min();
        }
        let slots = [platform.device.slots as u64, platform.server.slots as u64];
        Self { ends, head, server_head, slots, edges: Vec::new() }.bounded()
    }

    /// The same network's strategies with other ends.
    #[cfg(feature = "uneven")]
    pub fn with_ends(&self, ends: Vec<Single>) -> Self {
        let Self { head, server_head, slots, .. } = self;
        let (head, server_head) = (head.clone(), server_head.clone());
        Self { ends, head, server_head, slots: *slots, edges: Vec::new() }.bounded()
    }

    fn bounded(self) -> Self {
        let mut made = self;
        let edges = |single: &Single| if single.mirror_of.is_none() { made.edges_of(single) } else { Vec::new() };
        made.edges = made.ends.iter().map(edges).collect();
        made
    }

    /// Number of strategies, the unsplit one not counted.
    pub fn len(&self) -> usize {
        self.ends.iter().map(|end| end.last + 1 - end.start).sum()
    }

    /// Whether the space fuses nothing.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The fused block of an end that begins at `first`.
    pub fn block(&self, end: usize, first: usize) -> Block {
        let Single { last, grid, .. } = &self.ends[end];
        Block { first, last: *last, grid: grid.clone() }
    }

    /// Lower bounds of every strategy that ends like `end`, by first stage from its `start` on: the
    /// least over all its plans, for the best of the given weights. Those that are `limit` or more need
    /// not be the best.
    pub fn bounds(&self, end: usize, weights: &[Weights], limit: u64) -> Vec<u64> {
        let single = &self.ends[end];
        let edges = &self.edges[end];
        let mut bounds = vec![0; edges.len()];
        let mut prices = vec![[0; 2]; edges.len()];
        let mut lowest = 0;
        for &weights in weights {
            let prices = &mut prices[lowest..];
            single.prices(weights, single.start + lowest, prices);
            for ((bound, edge), &prices) in bounds[lowest..].iter_mut().zip(&edges[lowest..]).zip(&*prices) {
                *bound = self.bound_of(edge, weights, prices).max(*bound);
            }
            let open = bounds.iter().zip(edges).position(|(&bound, edge)| edge.least_with(bound) < limit);
            let Some(open) = open else { break };
            lowest = open;
        }
        bounds.iter().zip(edges).map(|(&bound, edge)| edge.least_with(bound)).collect()
    }

    /// A lower bound of one strategy, by these weights alone.
    pub fn bound(&self, (end, first): (usize, usize), weights: Weights) -> u64 {
        let single = &self.ends[end];
        let edge = self.edge(end, first);
        let mut prices = vec![[0; 2]; single.last + 1 - first];
        single.prices(weights, first, &mut prices);
        edge.least_with(self.bound_of(edge, weights, prices[0]))
    }

    /// Either the head sends nothing, or nobody is done before it has.
    pub(super) fn bound_of(&self, edge: &Edge, weights: Weights, prices: [u64; 2]) -> u64 {
        let [silent, any] = [SILENT, ANY].map(|kind| self.bound_by(edge, weights, prices[kind], kind));
        any.max(silent.min(edge.sends))
    }

    /// A bound of the plans of this kind whose tiles in all have this price.
    #[inline]
    pub(super) fn bound_by(&self, edge: &Edge, weights: Weights, price: u64, kind: usize) -> u64 {
        let ways = &edge.ways[kind];
        let around = weights.price(
            self.slots[0] * (edge.head + ways.behind + edge.tail),
            edge.head + edge.tail,
            self.slots[1] * (edge.head + ways.arrival + edge.tail),
        );
        (price + around).div_ceil(SCALE)
    }

    fn edge(&self, end: usize, first: usize) -> &Edge {
        &self.edges[self.ends[end].mirror_of.unwrap_or(end)][first - self.ends[end].start]
    }

    /// Bounds of the plans in which the fused block lies on one side whole: the block before it ends
    /// on the server, or the device goes on behind it.
    pub fn pure_cases(&self, end: usize, first: usize) -> [u64; 2] {
        self.edge(end, first).pure
    }

    /// Where the block before the fused one sends something no plan ends sooner.
    pub fn sends(&self, end: usize, first: usize) -> u64 {
        self.edge(end, first).sends
    }

    /// By first stage: what comes before and behind the work of a block that ends like this.
    fn edges_of(&self, single: &Single) -> Vec<Edge> {
        let edge = |(first, (ways, direct)): (usize, ([Ways; 2], u64))| {
            let pure = self.pure(single, first);
            if !single.all_need(first) {
                return Edge { pure, ..Edge::default() };
            }
            let (head, tail) = (self.head[first], single.tail);
            let sends = if first == 0 { 0 } else { head + direct + tail };
            let ways = if single.all_feed { ways } else { Default::default() };
            Edge { head, ways, tail, sends, pure }
        };
        (single.start..).zip(single.all_ways()).map(edge).collect()
    }

    /// See [`Singles::pure_cases`]. Tiles that need nothing of the block before are left out: they may be
    /// on either side.
    fn pure(&self, single: &Single, first: usize) -> [u64; 2] {
        let (start, end) = (first - single.from, single.last + 1 - single.from);
        let bound = || single.kinds().filter(|(column, _)| single.needs(column, first));
        if bound().next().is_none() {
            return [0, 0];
        }
        let sum = |side: fn(&Times) -> u64, slots: u64| {
            let times = bound().map(|(column, count)| (side(&column[end]) - side(&column[start]), count));
            let (total, longest) = times.fold((0, 0), |(total, longest), (t, n)| (total + n * t, t.max(longest)));
            longest.max(total.div_ceil(slots))
        };
        let on_server = match self.server_head[first] {
            None => u64::MAX,
            Some((head, _)) => head + sum(|t| t.server, self.slots[1]) + single.tail,
        };
        let on_device = match single.device_tail {
            None => u64::MAX,
            // Tiles that nobody reads may be anywhere.
            Some(_) if !single.all_feed => self.head[first],
            Some((tail, _)) => self.head[first] + sum(|t| t.device, self.slots[0]) + tail,
        };
        [on_server, on_device]
    }
}

/// Of plans whose head sends nothing, so that no tile starts on the server.
pub(super) const SILENT: usize = 0;
/// Of all plans.
pub(super) const ANY: usize = 1;

/// The shortest ways of a block's tiles.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Ways {
    /// From the end of a tile's device part to its end on the server.
    behind: u64,
    /// From the end of the block before to the first moment at which the server can work.
    pub(super) arrival: u64,
}

/// Times that are added to a block's work on each resource.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Edge {
    /// Before device and uplink begin.
    pub head: u64,
    /// The ways of its tiles, of silent plans and of all.
    pub ways: [Ways; 2],
    /// Where the head sends something nothing ends sooner.
    pub sends: u64,
    /// After the server's last tile.
    pub tail: u64,
    /// See [`Singles::pure_cases`].
    pub pure: [u64; 2],
}

/// The shortest ways of a tile over its cuts behind a block's first stage.
#[derive(Clone, Copy)]
pub(super) struct Later {
    behind: u64,
    /// From the columns' beginning until the server has the tile.
    there: u64,
    /// Whether the server waits for the uplink: what sends nothing keeps nobody waiting.
    waits: bool,
}

impl Later {
    /// Over no cuts.
    pub const NONE: Self = Self { behind: u64::MAX, there: u64::MAX, waits: true };

    /// Over one cut more, of a block that ends at `end`.
    pub fn with(self, column: &Column, cut: usize, end: usize) -> Self {
        let Times { device, server, upload, .. } = column[cut];
        Self {
            behind: self.behind.min(upload + column[end].server - server),
            there: self.there.min(device + upload),
            waits: self.waits && upload > 0,
        }
    }

    /// The tile's ways in silent plans and in all, of a block that begins `at` this boundary; and what passes from the
    /// end of the block before to the tile's end, where that block sends its input.
    pub fn ways(self, column: &Column, at: usize, end: usize, is_first: bool) -> ([Ways; 2], u64) {
        let by_device = match self.waits {
            true => Ways { behind: self.behind, arrival: self.there - column[at].device },
            false => Ways::default(),
        };
        // On the server from its beginning: the tile itself or the block before sends its input.
        let (server, upload) = (column[end].server - column[at].server, column[at].upload);
        let direct = Ways { behind: if is_first { upload } else { 0 } + server, arrival: upload };
        ([by_device, by_device.least(direct)], upload + server)
    }
}

impl Ways {
    /// Of no tile.
    pub const NEVER: Self = Self { behind: u64::MAX, arrival: u64::MAX };

    pub fn least(self, other: Self) -> Self {
        Self { behind: self.behind.min(other.behind), arrival: self.arrival.min(other.arrival) }
    }
}

impl Edge {
    /// The least of a bound of mixed plans and those of the others.
    pub fn least_with(&self, mixed: u64) -> u64 {
        mixed.min(self.pure[0]).min(self.pure[1])
    }
}

/// What follows on a block that ends with some stage: one block that is not split.
pub(super) struct Rest {
    /// What it reads of that stage's output.
    pub read: Region,
    /// Its server time.
    pub server: u64,
    /// See [`Single::device_tail`].
    pub device_tail: Option<(u64, usize)>,
}

impl Rest {
    pub fn new(model: &CostModel, rest: &TileTrace, last: usize) -> Self {
        let link = &model.platform().link;
        let stages = model.network().stages().len();
        if last + 1 == stages {
            return Self { read: Region::EMPTY, server: 0, device_tail: None };
        }
        let back = link.way_back(model.wire_bytes(stages, rest.region(stages)));
        let cuts = (last + 2..=stages).map(|cut| {
            let (sent, back) = match cut < stages {
                true => (model.wire_bytes(cut, rest.region(cut)), back),
                false => (Bytes::ZERO, Nanos::ZERO),
            };
            let time = rest.device(last + 1, cut) + link.upload(sent) + rest.server(cut, stages) + back;
            (time.0, cut - last - 1)
        });
        let device_tail = Some(cuts.min().unwrap_or_default());
        Self { read: rest.region(last + 1), server: rest.server(last + 1, stages).0, device_tail }
    }
}

/// The one tile of the stages up to `last`, not split.
pub(super) fn unsplit_trace(traces: &mut Traces, network: &Network, last: usize) -> TileTrace {
    let shape = network.boundary(last + 1);
    traces.of(last, &Grid::whole(shape.height, shape.width))[0].clone()
}

impl Single {
    fn new(traces: &Traces, (start, last): (usize, usize), grid: Grid, tiles: &[TileTrace], rest: &Rest) -> Self {
        let model = traces.model();
        let from = tiles.first().map_or(start, |tile| tile.from);
        let columns_across = grid.dimensions()[1] as usize;
        let sent = |tile: &TileTrace| tile.region(last + 1).intersect(rest.read);
        let mut columns: Vec<Column> = Vec::with_capacity(tiles.len());
        for (index, tile) in tiles.iter().enumerate() {
            let (rows, across) = (Rc::clone(&tile.rows), Rc::clone(&tile.columns));
            let is_like = |other: &TileTrace| sent(tile).area() == sent(other).area();
            if let Some(like) = columns.get(tile.like).filter(|_| is_like(&tiles[tile.like])) {
                let times = Rc::clone(&like.times);
                columns.push(Column { rows, columns: across, times });
                continue;
            }
            let above = index.checked_sub(columns_across).map(|i| &tiles[i]);
            let left = (tile.tile[1] > 0).then(|| &tiles[index - 1]);
            let times = times(model, tile, [above, left], sent(tile));
            columns.push(Column { rows, columns: across, times });
        }
        let all_feed = tiles.iter().all(|tile| !sent(tile).is_empty());
        let tail = if all_feed { rest.server } else { 0 };
        let device_tail = rest.device_tail;
        let alike = alike(&columns);
        Self {
            last,
            grid,
            start,
            from,
            columns,
            alike,
            tail,
            device_tail,
            all_feed,
            mirror_of: None,
            has_mirror: false,
        }
    }

    /// The tables of the transposed grid; this one is at `end`.
    fn transposed(&self, end: usize, grid: Grid) -> Self {
        let [rows, columns] = self.grid.dimensions().map(|count| count as usize);
        let place = |tile: usize| tile % columns * rows + tile / columns;
        let tiles = (0..columns).flat_map(|column| (0..rows).map(move |row| row * columns + column));
        let alike = self.alike.iter().map(|&(tile, count)| (place(tile), count)).collect();
        let columns = tiles.map(|tile| self.columns[tile].transposed()).collect();
        Self { grid, columns, alike, mirror_of: Some(self.mirror_of.unwrap_or(end)), ..*self }
    }

    /// One column for all tiles with equal times, and how many there are.
    fn kinds(&self) -> impl Iterator<Item = (&Column, u64)> {
        self.alike.iter().map(|&(tile, count)| (&self.columns[tile], count as u64))
    }

    /// Whether every tile reads something of what comes before `first`.
    pub fn all_need(&self, first: usize) -> bool {
        self.kinds().all(|(column, _)| self.needs(column, first))
    }

    /// Whether a tile reads something of what comes before `first`, if anything does: sending it takes time.
    fn needs(&self, column: &Column, first: usize) -> bool {
        first == 0 || column[first - self.from].upload > 0
    }

    /// By first stage from `start` on: the shortest ways of any tile, however it is cut, where all of them
    /// end at the server; and what passes at least from the end of the block before to the end of a tile
    /// whose input that block sends.
    pub(super) fn all_ways(&self) -> Vec<([Ways; 2], u64)> {
        let mut all = vec![([Ways::NEVER; 2], u64::MAX); self.last + 1 - self.start];
        let end = self.last + 1 - self.from;
        for (column, _) in self.kinds() {
            let mut later = Later::NONE;
            for first in (self.start..=self.last).rev() {
                let at = first - self.from;
                later = later.with(column, at + 1, end);
                let (own, direct) = later.ways(column, at, end, first == 0);
                let (ways, least) = &mut all[first - self.start];
                *ways = [ways[SILENT].least(own[SILENT]), ways[ANY].least(own[ANY])];
                *least = (*least).min(direct);
            }
        }
        all
    }

    /// Whether every tile of the block that begins at `first` reads of the one before and feeds what
    /// follows, and together they read all of a box, so that nothing in it feeds nobody.
    pub fn is_connected(&self, first: usize) -> bool {
        let joined = |spans: &[Span]| spans.windows(2).all(|pair| pair[1].start() <= pair[0].end());
        let [rows, columns] = self.axes(first);
        let products = rows.iter().flat_map(|&rows| columns.iter().map(move |&columns| Region::new(rows, columns)));
        let is_box = self.columns.iter().map(|column| column.region(self.from, first)).eq(products);
        let follows = self.device_tail.is_none() || self.all_feed;
        follows && self.all_need(first) && (first == 0 || is_box && joined(&rows) && joined(&columns))
    }

    /// Σ over tiles of the time of the stages from `first` on, on device and server.
    pub fn loads(&self, first: usize) -> [u64; 2] {
        let (start, end) = (first - self.from, self.last + 1 - self.from);
        let sum = |side: fn(&Times) -> u64| self.kinds().map(|(c, n)| n * (side(&c[end]) - side(&c[start]))).sum();
        [sum(|t| t.device), sum(|t| t.server)]
    }

    /// Σ over tiles of the least price over their cuts, whatever other blocks do: what starts on the
    /// server has been sent by others, what ends on the device sends nothing.
    pub fn least_prices(&self, first: usize, weights: Weights) -> u64 {
        let (start, end) = (first - self.from, self.last + 1 - self.from);
        let least = |(column, count): (&Column, u64)| {
            let way = |at: usize| {
                let sends = at < end && (at > start || first == 0);
                let upload = if sends { column[at].upload } else { 0 };
                weights.price(column[at].device - column[start].device, upload, column[end].server - column[at].server)
            };
            count * (start..=end).map(way).min().unwrap_or(0)
        };
        self.kinds().map(least).sum()
    }

    /// Σ over tiles of the least price over their cuts, by first stage from `lowest` on: of silent plans
    /// and of all.
    fn prices(&self, weights: Weights, lowest: usize, totals: &mut [[u64; 2]]) {
        let [device, uplink, server] = weights.0;
        totals.fill([0; 2]);
        for (column, count) in self.kinds() {
            let Some((whole, times)) = column[lowest - self.from..].split_last() else { continue };
            let mut least = device * whole.device + uplink * whole.upload;
            for (totals, times) in totals.iter_mut().zip(times).rev() {
                let before = device * times.device;
                let both = before + server * (whole.server - times.server);
                totals[SILENT] += count * (least - before);
                totals[ANY] += count * (least.min(both + uplink * times.share) - before);
                least = least.min(both + uplink * times.upload);
            }
        }
    }
}

/// What a tile takes; of what it sends at its end only this part is read.
pub(super) fn times(
    model: &CostModel,
    tile: &TileTrace,
    [above, left]: [Option<&TileTrace>; 2],
    sent: Region,
) -> Rc<[Times]> {
    let (link, end) = (&model.platform().link, tile.from + tile.rows.len() - 1);
    let times = |at: usize| {
        let boundary = tile.from + at;
        let sent = if boundary == end { sent } else { tile.region(boundary) };
        let upload = link.upload(model.wire_bytes(boundary, sent)).0;
        let own = || model.wire_bytes(boundary, own_part(tile, above, left, boundary));
        Times {
            device: tile.sums[at].device.0,
            server: tile.sums[at].server.0,
            upload,
            share: if boundary == 0 { upload } else { link.upload_of_part(own()) },
        }
    };
    (0..tile.rows.len()).map(times).collect()
}

pub(super) fn alike(columns: &[Column]) -> Vec<(usize, usize)> {
    let mut groups: Vec<(usize, usize)> = Vec::new();
    for (tile, column) in columns.iter().enumerate() {
        match groups.iter_mut().find(|(known, _)| is_same(&columns[*known].times, &column.times)) {
            Some((_, count)) => *count += 1,
            None => groups.push((tile, 1)),
        }
    }
    groups
}

fn is_same(a: &Rc<[Times]>, b: &Rc<[Times]>) -> bool {
    Rc::ptr_eq(a, b) || a == b
}

/// The part of a tile's region that neither the tile above nor the one to the left reads.
fn own_part(tile: &TileTrace, above: Option<&TileTrace>, left: Option<&TileTrace>, boundary: usize) -> Region {
    let region = tile.region(boundary);
    let behind = |span: Span, other: Option<Span>| other.map_or(span, |other| behind(span, other));
    Region::new(
        behind(region.rows, above.map(|t| t.region(boundary).rows)),
        behind(region.columns, left.map(|t| t.region(boundary).columns)),
    )
}
