//! Grids that share boundaries, bounded together.
//!
//! A grid's bound is the least price of its tiles in all, and a tile's price depends on its rows and columns alone
//! ([`Spans`]). So where the boundaries of one axis are chosen, and some of the other, those left that cost least are a
//! shortest way to the last place.
//!
//! Where a block comes before, it either sends nothing, and no tile begins on the server; or it sends a box first, and
//! uplink and server wait for that. Which box that is makes the difference, so each is looked at: of the parts of the
//! shared axis a range, of the other axis all between two boundaries. Tiles in it begin on the server for nothing
//! more; the shortest way goes to the box, through it and on.

use crate::bounds::{Single, Singles, Spans, Strip, Weights, climb};
use crate::plan::boundaries;
use std::ops::Range;

/// Prices are sought in steps down to this share: what is left of a bundle is soon split.
const FINEST: f64 = 1.0 / 32.0;
/// The price of a way that does not exist.
const NEVER: u64 = u64::MAX / 4;

/// Grids of one block that share all boundaries of one axis and the first ones of the other.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bundle {
    /// No plan of them is faster.
    pub bound: u64,
    /// Whether prices of its own were sought for the bound.
    pub is_steered: bool,
    /// Last stage of the block.
    pub last: usize,
    /// First stage of the block.
    pub first: usize,
    /// The axis whose boundaries are all chosen: 0 for rows, 1 for columns.
    axis: usize,
    /// Those boundaries, as indices of places.
    shared: Vec<usize>,
    /// The boundaries of the other axis that are chosen, from its first place on.
    way: Vec<usize>,
    /// Parts of the other axis.
    parts: usize,
    /// The prices of the bound.
    pub weights: Weights,
}

/// What bounds of bundles are taken from.
#[derive(Clone, Copy)]
pub struct Tables<'a> {
    /// The tiles of blocks with the bundle's last stage.
    pub spans: &'a Spans,
    /// What comes before them.
    pub singles: &'a Singles,
    /// Slots of device, uplink and server.
    pub slots: [usize; 3],
}

/// The tiles that a bundle's grids may have, at some prices.
struct Tiles {
    weights: Weights,
    /// Places of the axis that is not shared.
    places: usize,
    /// By place from and to, then by part of the shared axis.
    all: Vec<Strip>,
}

impl Bundle {
    /// All bundles of blocks of so many parts an axis, not bounded yet; the axis of fewer parts is shared.
    pub fn all(spans: &Spans, [first, last]: [usize; 2], parts: [u32; 2], weights: Weights) -> Vec<Self> {
        let axis = usize::from(parts[1] < parts[0]);
        let bundle = |shared: Vec<u32>| Self {
            bound: 0,
            is_steered: false,
            last,
            first,
            axis,
            shared: shared.into_iter().map(|at| at as usize).collect(),
            way: vec![0],
            parts: parts[1 - axis] as usize,
            weights,
        };
        boundaries(parts[axis], spans.axes()[axis].len() as u32 - 1, 1).into_iter().map(bundle).collect()
    }

    /// With a quick bound, which knows no boxes; none where there is no grid. `at` gives tiles at its prices.
    pub fn quickly_bounded(self, tables: Tables, at: impl Fn(usize) -> Strip) -> Option<Self> {
        let tiles = self.tiles(tables.spans, self.weights, at);
        let bound = self.bound_at(tables, &tiles, 0)?;
        Some(Self { bound, ..self })
    }

    /// What all tiles have at least; no prices.
    fn least(&self, tiles: &Tiles) -> Strip {
        let strips = self.pairs(tiles.places).map(|[from, to]| tiles.between(from, to, self.shared.len() - 1));
        strips.flatten().fold(Strip::NONE, |least, &tile| least.or(tile))
    }

    /// A bound at the prices of these tiles, as soon as one reaches `limit`; none where no grid is left.
    fn bound_at(&self, tables: Tables, tiles: &Tiles, limit: u64) -> Option<u64> {
        let Tables { spans, singles, .. } = tables;
        let silent = self.costs(tiles, |_, tile| tile.prices[0]);
        let before = self.ways(tiles.places, &silent);
        let begun = self.ways(tiles.places, &self.costs(tiles, |_, tile| tile.prices[1]));
        let price = |ways: &[Vec<u64>]| ways.last()?.last().copied().filter(|&price| price < NEVER);
        let all = self.least(tiles).at([price(&before)?, price(&begun)?]);
        let quick = spans.bound(singles, self.first, tiles.weights, &all);
        if self.first == 0 || quick >= limit {
            return Some(quick);
        }
        let sent = self.least_with_box(tables, tiles, &silent, &before);
        Some(spans.bound_sent(singles, self.first, tiles.weights, &all, sent))
    }

    /// The least price of tiles and box, over all boxes that the head may send.
    fn least_with_box(&self, tables: Tables, tiles: &Tiles, silent: &[u64], before: &[Vec<u64>]) -> u64 {
        let Tables { spans, singles, .. } = tables;
        let places = tiles.places;
        let behind = self.ways_to_end(places, silent);
        let mut least = NEVER;
        for begin in 0..self.shared.len() - 1 {
            for end in begin + 1..self.shared.len() {
                let costs = self.costs(
                    tiles,
                    |part, tile| {
                        if (begin..end).contains(&part) { tile.sent } else { tile.prices[0] }
                    },
                );
                for from in (0..places).filter(|&from| before.iter().any(|ways| ways[from] < NEVER)) {
                    let inside = self.ways_from(places, &costs, from, |parts| before[parts][from]);
                    for to in from + 1..places {
                        let ways =
                            inside.iter().zip(behind.iter().rev()).map(|(inside, behind)| inside[to] + behind[to]);
                        let price = ways.fold(NEVER, u64::min);
                        if price < least {
                            let tile = self.tile(spans, [self.shared[begin], self.shared[end]], [from, to]);
                            least = least.min(price + spans.sending(singles, tile, self.first, tiles.weights));
                        }
                    }
                }
            }
        }
        least
    }

    /// By place to and from: the price of the tiles between them, each by its part of the shared axis.
    fn costs(&self, tiles: &Tiles, price: impl Fn(usize, &Strip) -> u64) -> Vec<u64> {
        let mut costs = vec![NEVER; tiles.places * tiles.places];
        for [from, to] in self.pairs(tiles.places) {
            let strip = tiles.between(from, to, self.shared.len() - 1);
            costs[to * tiles.places + from] = strip.iter().enumerate().map(|(part, tile)| price(part, tile)).sum();
        }
        costs
    }

    /// By number of parts, none first, then by place: the least price of the parts up to it.
    fn ways(&self, places: usize, costs: &[u64]) -> Vec<Vec<u64>> {
        self.ways_from(places, costs, 0, |parts| if parts == 0 { 0 } else { NEVER })
    }

    /// The same behind one place, where the parts up to that have a price, by their number.
    fn ways_from(&self, places: usize, costs: &[u64], from: usize, start: impl Fn(usize) -> u64) -> Vec<Vec<u64>> {
        let mut all: Vec<Vec<u64>> = Vec::with_capacity(self.parts + 1);
        for parts in 0..=self.parts {
            let mut ways = vec![NEVER; places];
            ways[from] = start(parts);
            if let Some(before) = all.last() {
                for to in from + 1..places {
                    let prices =
                        before[from..to].iter().zip(&costs[to * places + from..]).map(|(before, cost)| before + cost);
                    ways[to] = prices.fold(NEVER, u64::min);
                }
            }
            all.push(ways);
        }
        all
    }

    /// By number of parts, none first, then by place: the least price of the parts from it to the last place.
    fn ways_to_end(&self, places: usize, costs: &[u64]) -> Vec<Vec<u64>> {
        let mut all = vec![vec![NEVER; places]];
        all[0][places - 1] = 0;
        for _ in 0..self.parts {
            let behind = &all[all.len() - 1];
            let from =
                |from: usize| (from + 1..places).map(|to| costs[to * places + from] + behind[to]).fold(NEVER, u64::min);
            all.push((0..places).map(from).collect());
        }
        all
    }

    /// Where a part that begins at a place may end.
    fn ends(&self, from: usize, places: usize) -> Range<usize> {
        let chosen = self.way.iter().position(|&at| at >= from);
        match chosen {
            Some(at) if self.way[at] == from && at + 1 < self.way.len() => self.way[at + 1]..self.way[at + 1] + 1,
            Some(at) if self.way[at] > from => 0..0,
            _ => from + 1..places,
        }
    }

    /// The places between which a part may lie.
    fn pairs(&self, places: usize) -> impl Iterator<Item = [usize; 2]> {
        (0..places).flat_map(move |from| self.ends(from, places).map(move |to| [from, to]))
    }

    /// Where the tile between two places of the shared axis and two of the other is.
    fn tile(&self, spans: &Spans, shared: [usize; 2], other: [usize; 2]) -> usize {
        if self.axis == 0 { spans.tile(shared, other) } else { spans.tile(other, shared) }
    }

    /// The tiles that its grids may have, each looked up `at` these prices.
    fn tiles(&self, spans: &Spans, weights: Weights, at: impl Fn(usize) -> Strip) -> Tiles {
        let places = spans.axes()[1 - self.axis].len();
        let parts = self.shared.len() - 1;
        let mut all = vec![Strip::NONE; places * places * parts];
        for [from, to] in self.pairs(places) {
            let strip = &mut all[(from * places + to) * parts..][..parts];
            for (tile, ends) in strip.iter_mut().zip(self.shared.windows(2)) {
                *tile = at(self.tile(spans, [ends[0], ends[1]], [from, to]));
            }
        }
        Tiles { weights, places, all }
    }

    /// A bound at these prices, as soon as one reaches `limit`.
    pub fn bound_by(&self, tables: Tables, weights: Weights, limit: u64) -> u64 {
        let tiles = self.tiles(tables.spans, weights, |tile| tables.spans.strip(tile, self.first, weights));
        self.bound_at(tables, &tiles, limit).unwrap_or(u64::MAX)
    }

    /// Seeks prices that prove more, up to `limit`; `good` are some that have proved much elsewhere. Steps from
    /// one resource to another end where no single one of them proves more, so they begin with the best of `starts`.
    pub fn steer(&mut self, tables: Tables, good: Weights, starts: &[Weights], limit: u64) {
        self.is_steered = true;
        let bound_by = |weights: Weights| self.bound_by(tables, weights, limit);
        let (mut bound, mut weights) = (self.bound, self.weights);
        for &start in [good].iter().chain(starts) {
            let value = if bound < limit { bound_by(start) } else { 0 };
            if value > bound {
                (bound, weights) = (value, start);
            }
        }
        if bound < limit {
            let at = |shares: [f64; 3]| Weights::from_shares(shares, tables.slots);
            let (value, shares) = climb(weights.shares(tables.slots), limit, FINEST, |shares, _| bound_by(at(shares)));
            if value > bound {
                (bound, weights) = (value, at(shares));
            }
        }
        (self.bound, self.weights) = (bound, weights);
    }

    /// The grid, where all boundaries are chosen.
    pub fn single(&self, spans: &Spans) -> Option<Single> {
        let [rows, columns] = if self.axis == 0 { [&self.shared, &self.way] } else { [&self.way, &self.shared] };
        spans.single(self.first, rows, columns)
    }

    /// Whether all boundaries are chosen.
    pub fn is_grid(&self) -> bool {
        self.way.len() == self.parts + 1
    }

    /// The bundles with one boundary more that may have a plan below `limit`, at the same prices: others rarely prove
    /// more of them.
    pub fn split(&self, tables: Tables, limit: u64, found: &mut impl FnMut(Self)) {
        let tiles = self.tiles(tables.spans, self.weights, |tile| tables.spans.strip(tile, self.first, self.weights));
        let left = self.parts + 1 - self.way.len();
        let at = self.way.last().map_or(0, |&at| at + 1);
        let last = tiles.places - 1;
        for to in if left == 1 { last..last + 1 } else { at..last } {
            let mut part = Self { way: [&self.way[..], &[to]].concat(), ..self.clone() };
            if let Some(bound) = part.bound_at(tables, &tiles, limit) {
                part.bound = bound.max(self.bound);
                if part.bound < limit {
                    found(part);
                }
            }
        }
    }
}

impl Tiles {
    /// The tiles between two places.
    fn between(&self, from: usize, to: usize, parts: usize) -> &[Strip] {
        &self.all[(from * self.places + to) * parts..][..parts]
    }
}
