//! Better bounds of two fused blocks right behind each other, from who reads whom.
//!
//! Where the second block starts on both sides, some tile of it begins on the device, and all that it reads of
//! the first stay there. And some tile of the first ends on the server, and all that read it start there. No
//! tile is of both kinds: one that reads the latter is none that begins on the device. So what these tiles cost
//! more than at their cheapest is added, of each kind the least.
//!
//! Where the first block stays on the device whole and a tile of the second starts on the server, each tile
//! that it reads sends something, with the latency of a transfer.

use super::{Costs, Edges, NEVER, Stretches, in_ns, scaled};
use crate::base::Span;
use crate::bounds::{Single, Singles, Toll, Weights};
use crate::cost::CostModel;
use std::ops::Range;

/// Tiles of all ends that cost the same.
#[derive(Debug)]
pub struct Readers {
    /// By end.
    classes: Vec<Classes>,
}

/// Tiles that cost the same.
#[derive(Debug)]
struct Classes {
    /// By class: one of its tiles.
    tiles: Vec<usize>,
    /// By tile: its class.
    of: Vec<u8>,
}

/// Prices of all tiles of a block: see [`Single::tile_prices`].
struct Prices<'c> {
    classes: &'c Classes,
    /// By class.
    ways: Vec<[i64; 3]>,
}

/// What tiles cost more than at their cheapest, by tile.
struct Regrets {
    /// All at their cheapest.
    base: i64,
    stays: Vec<i64>,
    ends_on_server: Vec<i64>,
    on_device: Vec<i64>,
    on_server: Vec<i64>,
}

/// Who reads whom: by row and by column of the second block, those of the first that it reads.
struct Reads {
    rows: Vec<Range<usize>>,
    columns: Vec<Range<usize>>,
    across: usize,
}

impl Readers {
    /// Classes of all ends' tiles.
    pub fn new(model: &CostModel, singles: &Singles) -> Self {
        Self { classes: singles.ends.iter().map(|single| Classes::new(model, single)).collect() }
    }
}

impl Classes {
    fn new(model: &CostModel, single: &Single) -> Self {
        let end = single.last + 1;
        let cell = |tile: usize| model.wire_bytes(end, single.columns[tile].region(single.from, end));
        let mut tiles: Vec<usize> = Vec::new();
        let mut of = Vec::with_capacity(single.columns.len());
        for (tile, column) in single.columns.iter().enumerate() {
            let is_same = |&other: &usize| single.columns[other].times == column.times && cell(other) == cell(tile);
            let known = tiles.iter().position(is_same);
            of.push(known.unwrap_or(tiles.len()) as u8);
            if known.is_none() {
                tiles.push(tile);
            }
        }
        Self { tiles, of }
    }

    fn prices(&self, model: &CostModel, single: &Single, first: usize, weights: Weights, toll: Toll) -> Prices<'_> {
        let ways = self.tiles.iter().map(|&tile| single.tile_prices(model, weights, toll, (tile, first)));
        Prices { classes: self, ways: ways.collect() }
    }
}

impl Prices<'_> {
    fn tiles(&self) -> impl Iterator<Item = [i64; 3]> {
        self.classes.of.iter().map(|&class| self.ways[usize::from(class)])
    }

    /// Where none of the tiles starts on the server, if `never_starts` is so.
    fn regrets(&self, never_starts: bool) -> Regrets {
        let known = |[stays, leaves, starts]: [i64; 3]| [stays, leaves, if never_starts { NEVER } else { starts }];
        let least = |ways: [i64; 3]| ways.into_iter().min().unwrap_or(0);
        let more = |of: fn([i64; 3]) -> i64| self.tiles().map(known).map(|ways| of(ways) - least(ways)).collect();
        Regrets {
            base: self.tiles().map(known).map(least).sum(),
            stays: more(|[stays, ..]| stays),
            ends_on_server: more(|[_, leaves, starts]| leaves.min(starts)),
            on_device: more(|[stays, leaves, _]| stays.min(leaves)),
            on_server: more(|[_, _, starts]| starts),
        }
    }
}

impl Reads {
    fn new(before: &Single, single: &Single, first: usize) -> Self {
        let [rows, across] = before.grid.dimensions().map(|count| count as usize);
        let [rows_behind, across_behind] = single.grid.dimensions().map(|count| count as usize);
        let cell = |tile: usize| before.columns[tile].region(before.from, first);
        let input = |tile: usize| single.columns[tile].region(single.from, first);
        let cells: Vec<Span> = (0..rows).map(|row| cell(row * across).rows).collect();
        let rows = (0..rows_behind).map(|row| overlap(&cells, input(row * across_behind).rows)).collect();
        let cells: Vec<Span> = (0..across).map(|column| cell(column).columns).collect();
        let columns = (0..across_behind).map(|column| overlap(&cells, input(column).columns)).collect();
        Self { rows, columns, across }
    }

    /// By tile of the second block: those that it reads.
    fn all(&self) -> impl Iterator<Item = impl Iterator<Item = usize>> {
        let tile = |row: usize, column: usize| row * self.across + column;
        let of = move |rows: Range<usize>, columns: Range<usize>| {
            rows.flat_map(move |row| columns.clone().map(move |column| tile(row, column)))
        };
        self.rows.iter().flat_map(move |rows| self.columns.iter().map(move |columns| of(rows.clone(), columns.clone())))
    }
}

fn overlap(cells: &[Span], input: Span) -> Range<usize> {
    let reads = |cell: &&Span| !cell.intersect(input).is_empty();
    let first = cells.iter().position(|cell| reads(&cell)).unwrap_or(0);
    first..first + cells[first..].iter().take_while(reads).count()
}

/// What is added where the second block starts on both sides.
fn both_sides(first: &Regrets, second: &Regrets, reads: &Reads) -> i64 {
    let mut begins = NEVER;
    let mut ends = first.ends_on_server.clone();
    for (tile, read) in reads.all().enumerate() {
        let mut sum = second.on_device[tile];
        for before in read {
            sum += first.stays[before];
            ends[before] += second.on_server[tile];
        }
        begins = begins.min(sum);
    }
    begins + ends.into_iter().min().unwrap_or(0)
}

impl Stretches {
    /// Betters the first two of the bounds `ends` in [`super::Ahead`] of two fused blocks right behind each
    /// other and no others, in a connected space.
    pub fn better(
        &self,
        model: &CostModel,
        singles: &Singles,
        blocks: [usize; 2],
        ends: [u64; 3],
        limit: u64,
    ) -> [u64; 3] {
        let [before, entry] = blocks.map(|entry| self.entries[entry]);
        let [single, behind] = [before, entry].map(|entry| &singles.ends[entry.end]);
        let reads = Reads::new(single, behind, entry.first);
        let (mut best, limit) = (ends.map(scaled), scaled(limit));
        for costs in &self.costs {
            let of = Two { stretches: self, model, costs, blocks, singles: [single, behind], reads: &reads };
            if self.is_lone && best[0] < limit {
                best[0] = best[0].max(of.held());
            }
            if best[1] < limit {
                best[1] = best[1].max(of.open());
            }
            if best[1] >= limit && (best[0] >= limit || !self.is_lone) {
                break;
            }
        }
        best.map(in_ns)
    }
}

/// Two fused blocks at one set of prices.
struct Two<'s> {
    stretches: &'s Stretches,
    model: &'s CostModel<'s>,
    costs: &'s Costs,
    blocks: [usize; 2],
    singles: [&'s Single; 2],
    reads: &'s Reads,
}

impl Two<'_> {
    /// All before both and behind them.
    fn around(&self) -> i64 {
        let Self { stretches, costs, .. } = self;
        let [first, behind] = [stretches.entries[self.blocks[0]].first, stretches.entries[self.blocks[1]].behind];
        let before = if first > 0 { costs.wholes[first].device } else { 0 };
        before + costs.ahead[0][behind].closed
    }

    fn edges(&self, at: usize) -> Edges {
        let platform = self.model.platform();
        let slots = [platform.device.slots as u64, platform.server.slots as u64];
        Edges::new(&self.stretches.edges[self.blocks[at]], self.costs.weights, slots)
    }

    fn prices(&self, at: usize, taken: u64, given: Option<u64>) -> Prices<'_> {
        let entry = self.stretches.entries[self.blocks[at]];
        let classes = &self.stretches.readers.classes[entry.end];
        let toll = Toll { taken, given, has_latency: false, some: [false; 4] };
        classes.prices(self.model, self.singles[at], entry.first, self.costs.weights, toll)
    }

    fn latency(&self) -> i64 {
        (self.costs.weights.0[1] * self.model.platform().link.latency.0) as i64
    }

    /// The first block stays on the device whole.
    fn held(&self) -> i64 {
        let prices = self.prices(1, self.costs.weights.0[1], None);
        let regrets = prices.regrets(false);
        let sends =
            self.reads.all().zip(&regrets.on_server).map(|(read, more)| more + read.count() as i64 * self.latency());
        let starts = regrets.base + sends.min().unwrap_or(0);
        let none_starts = prices.regrets(true).base;
        let (entry, edges) = (self.blocks[0], self.edges(1));
        self.around() + self.costs.fused[entry].held + edges.closed + edges.behind + starts.min(none_starts)
    }

    /// The second block starts on both sides.
    fn open(&self) -> i64 {
        let shared = self.costs.shared;
        let first = self.prices(0, self.costs.weights.0[1], Some(shared));
        let second = self.prices(1, shared, None).regrets(false);
        let sum = |first: &Regrets| first.base + second.base + both_sides(first, &second, self.reads);
        let mut least = sum(&first.regrets(false));
        // Tiles that start on the server wait for a transfer with its latency.
        if self.latency() > 0 && self.stretches.entries[self.blocks[0]].first > 0 {
            least = sum(&first.regrets(true)).min(least + self.latency());
        }
        self.around() + self.edges(0).open + self.edges(1).behind + least
    }
}
