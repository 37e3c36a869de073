//! Every tile between two places of each axis, so that grids whose boundaries may lie at any of them are bounded
//! together.
//!
//! A grid's price is the sum of its tiles' least prices, and those depend on nothing but the tile's rows and columns:
//! `search::exact::uneven` chooses boundaries by it.

#[cfg(feature = "several")]
use super::Axis;
use super::Weights;
use super::singles::{
    ANY, Column, Edge, Later, Rest, SILENT, Single, Singles, Times, Ways, alike, times, unsplit_trace,
};
use crate::base::Span;
use crate::cost::Traces;
use crate::plan::Space;
use crate::tiling::Grid;
use std::rc::Rc;

/// More places than these on one axis would make too many tiles.
const MOST_PLACES: usize = 17;

/// All tiles of the blocks that end with one stage.
#[derive(Debug)]
pub struct Spans {
    /// Rows and columns at which a boundary may lie, the first and the last included.
    places: [Vec<u32>; 2],
    /// Each tile once, by its rows, then by its columns.
    all: Single,
    /// By first stage, without what depends on tiles.
    edges: Vec<Edge>,
}

impl Spans {
    /// The places of a stage's output at which boundaries of the space may lie; none where they are too many.
    pub fn places(traces: &Traces, space: &Space, last: usize) -> Option<[Vec<u32>; 2]> {
        let shape = traces.model().network().boundary(last + 1);
        let places = [shape.height, shape.width].map(|length| space.places(length));
        places.iter().all(|places| (2..=MOST_PLACES).contains(&places.len())).then_some(places)
    }

    /// The tiles of the blocks that end with `last`. None where boundaries have too many places, where some layer reads
    /// nothing, where some tile reads nothing of what comes before or feeds nothing, or where tiles together take less
    /// time or read less far than the one that they make up.
    pub fn new(traces: &mut Traces, singles: &Singles, space: &Space, last: usize) -> Option<Self> {
        let places = Self::places(traces, space, last)?;
        let model = traces.model();
        let network = model.network();
        let whole = unsplit_trace(traces, network, network.stages().len() - 1);
        let rest = Rest::new(model, &whole, last);
        let spans = places.each_ref().map(|places| spans_of(places));
        let [rows, columns] = &spans;
        let tiles = traces.crossed(last, rows, columns)?;
        let lines: [Vec<&[Span]>; 2] = [
            tiles.iter().step_by(columns.len()).map(|tile| &*tile.rows).collect(),
            tiles.iter().take(columns.len()).map(|tile| &*tile.columns).collect(),
        ];
        if !lines.iter().all(|lines| are_joined(lines)) {
            return None;
        }
        let before = |spans: &[Span], at: usize| spans.iter().position(|span| span.end() == spans[at].start());
        let [above, left] =
            spans.each_ref().map(|spans| -> Vec<_> { (0..spans.len()).map(|at| before(spans, at)).collect() });
        let mut all = Vec::with_capacity(tiles.len());
        for (index, tile) in tiles.iter().enumerate() {
            let (row, column) = (index / columns.len(), index % columns.len());
            let above = above[row].map(|row| &tiles[row * columns.len() + column]);
            let left = left[column].map(|column| &tiles[row * columns.len() + column]);
            let sent = tile.region(last + 1).intersect(rest.read);
            if rest.device_tail.is_some() && sent.is_empty() {
                return None;
            }
            let times = times(model, tile, [above, left], sent);
            all.push(Column { rows: Rc::clone(&tile.rows), columns: Rc::clone(&tile.columns), times });
        }
        let (start, from) = (space.run_start(network, last), tiles.first()?.from);
        let all = Single {
            last,
            grid: Grid::whole(1, 1),
            start,
            from,
            alike: (0..all.len()).map(|tile| (tile, 1)).collect(),
            columns: all,
            tail: rest.server,
            device_tail: rest.device_tail,
            all_feed: rest.device_tail.is_some(),
            mirror_of: None,
            has_mirror: false,
        };
        let mut made = Self { places, all, edges: Vec::new() };
        for first in start..=last {
            let (head, tail, pure) = (singles.head[first], made.all.tail, made.pure(singles, first)?);
            made.edges.push(Edge { head, tail, pure, ..Edge::default() });
        }
        Some(made)
    }

    /// The earliest first stage.
    pub fn start(&self) -> usize {
        self.all.start
    }

    /// Rows, and columns, at which a boundary may lie.
    pub fn axes(&self) -> &[Vec<u32>; 2] {
        &self.places
    }

    /// All tiles, each once.
    #[cfg(feature = "several")]
    pub(super) fn all(&self) -> &Single {
        &self.all
    }

    /// The rows and the columns that tiles between neighbouring places need at a boundary.
    #[cfg(feature = "several")]
    pub(super) fn narrowest(&self, boundary: usize) -> [Axis; 2] {
        let lines = self.places.each_ref().map(|places| (0..places.len() - 1).map(|at| [at, at + 1]));
        let region = |rows, columns| self.all.columns[self.tile(rows, columns)].region(self.all.from, boundary);
        let [rows, columns] = lines;
        [
            rows.map(|row| region(row, [0, 1]).rows).collect(),
            columns.map(|column| region([0, 1], column).columns).collect(),
        ]
    }

    /// The block of these boundaries, as indices of places, that begins at `first`.
    pub fn single(&self, first: usize, rows: &[usize], columns: &[usize]) -> Option<Single> {
        let places = |axis: usize, way: &[usize]| way.iter().map(|&at| self.places[axis][at]).collect();
        let [height, width] = self.places.each_ref().map(|places| places.last().copied().unwrap_or(0));
        let grid = Grid::new(places(0, rows), places(1, columns), height, width).ok()?;
        let column = |rows: &[usize], columns: &[usize]| {
            self.all.columns[self.tile([rows[0], rows[1]], [columns[0], columns[1]])].clone()
        };
        let tiles = rows.windows(2).flat_map(|rows| columns.windows(2).map(move |columns| column(rows, columns)));
        let columns: Vec<Column> = tiles.collect();
        let alike = alike(&columns);
        Some(Single { start: first, grid, columns, alike, ..self.all })
    }

    /// How many tiles there are.
    pub fn tiles(&self) -> usize {
        self.all.columns.len()
    }

    fn counts(&self) -> [usize; 2] {
        self.places.each_ref().map(|places| places.len() * (places.len() - 1) / 2)
    }

    /// Bounds of the plans in which the block lies on one side whole: no grid takes less than no grid.
    fn pure(&self, singles: &Singles, first: usize) -> Option<[u64; 2]> {
        let [device, server] = [|times: &Times| times.device, |times: &Times| times.server].map(|side| {
            let (start, end) = (first - self.all.from, self.all.last + 1 - self.all.from);
            let time = |tile: usize| side(&self.all.columns[tile][end]) - side(&self.all.columns[tile][start]);
            self.adds_up(&time).then(|| time(self.tile([0, self.places[0].len() - 1], [0, self.places[1].len() - 1])))
        });
        let [device, server] = [device? / singles.slots[0], server? / singles.slots[1]];
        if !self.all.all_need(first) {
            return None;
        }
        let on_server = singles.server_head[first].map_or(u64::MAX, |(head, _)| head + server + self.all.tail);
        let on_device = self.all.device_tail.map_or(u64::MAX, |(tail, _)| singles.head[first] + device + tail);
        Some([on_server, on_device])
    }

    /// Whether no tile takes more than the two that any place divides it into.
    fn adds_up(&self, time: &dyn Fn(usize) -> u64) -> bool {
        let [rows, columns] = self.places.each_ref().map(Vec::len);
        let divided = |count: usize, time: &dyn Fn(usize, usize) -> u64| {
            (2..count).all(|end| {
                (0..end - 1).all(|start| (start + 1..end).all(|at| time(start, end) <= time(start, at) + time(at, end)))
            })
        };
        let across = (1..rows)
            .all(|end| (0..end).all(|start| divided(columns, &|from, to| time(self.tile([start, end], [from, to])))));
        across && divided(rows, &|from, to| time(self.tile([from, to], [0, columns - 1])))
    }

    /// Where the tile between two places of each axis is.
    pub fn tile(&self, rows: [usize; 2], columns: [usize; 2]) -> usize {
        let at = |axis: usize, [start, end]: [usize; 2]| {
            let count = self.places[axis].len();
            start * (2 * count - start - 1) / 2 + end - start - 1
        };
        at(0, rows) * self.counts()[1] + at(1, columns)
    }

    /// A tile of a block that begins at `first`, at these prices.
    pub fn strip(&self, tile: usize, first: usize, weights: Weights) -> Strip {
        let column = &self.all.columns[tile];
        let (start, end) = (first - self.all.from, self.all.last + 1 - self.all.from);
        let price = |at: usize, upload: u64| {
            weights.price(column[at].device - column[start].device, upload, column[end].server - column[at].server)
        };
        let silent = (start + 1..=end).map(|at| price(at, column[at].upload)).min().unwrap_or(0);
        let begun = silent.min(price(start, column[start].share));
        let sent = silent.min(price(start, 0));
        let later = (start + 1..=end).fold(Later::NONE, |later, cut| later.with(column, cut, end));
        let (ways, direct) = later.ways(column, start, end, first == 0);
        Strip { prices: [silent, begun], sent, ways, direct }
    }

    /// The price of sending what a tile reads of the head, for which uplink and server wait: that of the box of all tiles
    /// that this one could be divided into.
    pub fn sending(&self, singles: &Singles, tile: usize, first: usize, weights: Weights) -> u64 {
        let time = self.all.columns[tile][first - self.all.from].upload;
        weights.price(0, time, singles.slots[1] * time)
    }

    /// A lower bound of every plan of a grid whose tiles in all are these.
    pub fn bound(&self, singles: &Singles, first: usize, weights: Weights, tiles: &Strip) -> u64 {
        let edge = self.edge(first, tiles);
        edge.least_with(singles.bound_of(&edge, weights, tiles.prices))
    }

    /// The same behind a head, where `sent` is the least price of the tiles and of what it sends first
    /// ([`Spans::sending`]), for which uplink and server wait.
    pub fn bound_sent(&self, singles: &Singles, first: usize, weights: Weights, tiles: &Strip, sent: u64) -> u64 {
        let mut edge = self.edge(first, tiles);
        edge.ways[ANY].arrival = 0;
        let silent = singles.bound_by(&edge, weights, tiles.prices[SILENT], SILENT);
        let sent = singles.bound_by(&edge, weights, sent, ANY).max(edge.sends);
        edge.least_with(silent.min(sent))
    }

    fn edge(&self, first: usize, tiles: &Strip) -> Edge {
        let edge = &self.edges[first - self.all.start];
        let ways = if self.all.all_feed { tiles.ways } else { Default::default() };
        let sends = if first == 0 { 0 } else { edge.head.saturating_add(tiles.direct).saturating_add(edge.tail) };
        Edge { ways, sends, ..*edge }
    }
}

/// What counts of some tiles of a grid.
#[derive(Clone, Copy, Debug)]
pub struct Strip {
    /// Their least prices in all, in plans whose head sends nothing and in all.
    pub prices: [u64; 2],
    /// Their least price in all where the head has sent what they read, whatever that took.
    pub sent: u64,
    /// The shortest ways of any.
    ways: [Ways; 2],
    /// What passes at least from the head's end to the end of one whose input the head sends.
    direct: u64,
}

impl Strip {
    /// Of no tiles.
    pub const NONE: Self = Self { prices: [0; 2], sent: 0, ways: [Ways::NEVER; 2], direct: u64::MAX };

    /// Of these tiles and others.
    pub fn with(self, other: Self) -> Self {
        let [a, b] = [self.prices, other.prices];
        Self { prices: [a[0] + b[0], a[1] + b[1]], sent: self.sent + other.sent, ..self.or(other) }
    }

    /// The same at other prices.
    pub fn at(self, prices: [u64; 2]) -> Self {
        Self { prices, ..self }
    }

    /// What both have at least; the prices of the one.
    pub fn or(self, other: Self) -> Self {
        let [a, b] = [self.ways, other.ways];
        let ways = [a[0].least(b[0]), a[1].least(b[1])];
        Self { ways, direct: self.direct.min(other.direct), ..self }
    }
}

/// Whether lines that begin at one place read from one place on at every boundary, and those that end at one up to one:
/// then the box of some tiles is what the tile reads that they make up.
fn are_joined(lines: &[&[Span]]) -> bool {
    let agree = |side: fn(Span) -> u32| {
        let cell = |line: &[Span]| line.last().map(|&span| side(span));
        lines.iter().all(|line| {
            let mut like = lines.iter().filter(|other| cell(other) == cell(line));
            like.all(|other| other.iter().zip(*line).all(|(&a, &b)| side(a) == side(b)))
        })
    };
    agree(Span::start) && agree(Span::end)
}

/// All spans between two places, by the first, then by the second.
fn spans_of(places: &[u32]) -> Vec<Span> {
    let ends = |start: usize| places[start + 1..].iter().map(move |&end| Span::new(places[start], end));
    (0..places.len()).flat_map(ends).collect()
}
