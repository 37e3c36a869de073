//! Better bounds of two fused blocks right behind each other, from who reads whom.
//!
//! Where the second block starts on both sides, some tile of it begins on the device, and all that it reads of
//! the first stay there. And some tile of the first ends on the server, and all that read it start there. No
//! tile is of both kinds: one that reads the latter is none that begins on the device. So what these tiles cost
//! more than at their cheapest is added, of each kind the least.
//!
//! Where the first block stays on the device whole and a tile of the second starts on the server, each tile
//! that it reads sends something, with the latency of a transfer.

use super::{Costs, Edges, Entry, NEVER, Stretches, in_ns, scaled};
use crate::base::Span;
use crate::bounds::{Single, Singles};
use crate::cost::CostModel;
use std::ops::Range;

/// Tiles of a block that cost the same.
#[derive(Debug)]
pub struct Classes {
    /// By class: one of its tiles, and how many there are.
    tiles: Vec<(usize, i64)>,
    /// By tile: its class.
    of: Vec<usize>,
}

impl Classes {
    /// Those of an end.
    pub fn new(model: &CostModel, single: &Single) -> Self {
        let end = single.last + 1;
        let cell = |tile: usize| model.wire_bytes(end, single.columns[tile].region(single.from, end));
        let mut made = Self { tiles: Vec::new(), of: Vec::with_capacity(single.columns.len()) };
        for (tile, column) in single.columns.iter().enumerate() {
            let is_same =
                |&(other, _): &(usize, i64)| single.columns[other].times == column.times && cell(other) == cell(tile);
            let class = made.tiles.iter().position(is_same).unwrap_or(made.tiles.len());
            if class == made.tiles.len() {
                made.tiles.push((tile, 0));
            }
            made.tiles[class].1 += 1;
            made.of.push(class);
        }
        made
    }
}

/// Tiles of one class that read, or are read by, tiles of the same classes.
#[derive(Debug, PartialEq, Eq)]
struct Kind {
    class: usize,
    /// By class of the other block: how many.
    others: Vec<i64>,
}

/// What a tile costs more than at its cheapest.
#[derive(Clone, Copy, Debug)]
struct Regret {
    stays: i64,
    ends_on_server: i64,
    begins_on_device: i64,
    starts_on_server: i64,
}

/// A block's tiles at one set of prices.
#[derive(Debug)]
struct Tiles {
    /// All at their cheapest.
    sum: i64,
    /// By class.
    regrets: Vec<Regret>,
}

impl Tiles {
    /// `ways` are those of [`Single::tile_prices`], by class.
    fn new(classes: &Classes, ways: &[[i64; 3]]) -> Self {
        let least = |ways: &[i64; 3]| ways.iter().copied().min().unwrap_or(0);
        let regret = |ways: &[i64; 3]| {
            let [stays, leaves, starts] = ways.map(|price| price - least(ways));
            Regret {
                stays,
                ends_on_server: leaves.min(starts),
                begins_on_device: stays.min(leaves),
                starts_on_server: starts,
            }
        };
        let sum = ways.iter().zip(&classes.tiles).map(|(ways, (_, count))| least(ways) * count).sum();
        Self { sum, regrets: ways.iter().map(regret).collect() }
    }

    /// What the tile costs more that costs least more, of these kinds: it itself, and others.
    fn least_more(&self, kinds: &[Kind], own: fn(&Regret) -> i64, others: impl Fn(usize) -> i64) -> i64 {
        let more = |kind: &Kind| {
            let of_others = kind.others.iter().enumerate().filter(|(_, count)| **count > 0);
            own(&self.regrets[kind.class]) + of_others.map(|(class, count)| count * others(class)).sum::<i64>()
        };
        kinds.iter().map(more).min().unwrap_or(0)
    }
}

/// Two fused blocks, the second right behind the first.
struct Two<'s> {
    stretches: &'s Stretches,
    model: &'s CostModel<'s>,
    blocks: [usize; 2],
    entries: [Entry; 2],
    singles: [&'s Single; 2],
    classes: [&'s Classes; 2],
    /// Tiles of the first block by who reads them, and of the second by whom they read.
    kinds: [Vec<Kind>; 2],
}

impl<'s> Two<'s> {
    fn new(stretches: &'s Stretches, model: &'s CostModel, singles: &'s Singles, blocks: [usize; 2]) -> Self {
        let entries = blocks.map(|entry| stretches.entries[entry]);
        let ends = entries.map(|entry| &singles.ends[entry.end]);
        let classes = entries.map(|entry| &stretches.classes[entry.end]);
        let kinds = kinds(ends, classes, entries[1].first);
        Self { stretches, model, blocks, entries, singles: ends, classes, kinds }
    }

    fn ways(&self, costs: &Costs, at: usize, taken: u64, given: Option<u64>) -> Vec<[i64; 3]> {
        let first = self.entries[at].first;
        let of = |&(tile, _): &(usize, i64)| {
            self.singles[at].tile_prices(self.model, costs.weights, (taken, given), (tile, first))
        };
        self.classes[at].tiles.iter().map(of).collect()
    }

    fn latency(&self, costs: &Costs) -> i64 {
        (costs.weights.0[1] * self.model.platform().link.latency.0) as i64
    }

    fn edges(&self, costs: &Costs, at: usize) -> Edges {
        let platform = self.model.platform();
        let slots = [platform.device.slots as u64, platform.server.slots as u64];
        Edges::new(&self.stretches.edges[self.blocks[at]], costs.weights, slots)
    }

    /// All before both, on the device, and behind them, on the server.
    fn around(&self, costs: &Costs) -> i64 {
        let first = self.entries[0].first;
        let before = if first > 0 { costs.wholes[first].device } else { 0 };
        before + costs.ahead[0][self.entries[1].behind].closed
    }

    /// The first block stays on the device whole.
    fn held(&self, costs: &Costs) -> i64 {
        let latency = self.latency(costs);
        let mut ways = self.ways(costs, 1, costs.weights.0[1], None);
        let some = Tiles::new(self.classes[1], &ways);
        let some = some.sum + some.least_more(&self.kinds[1], |regret| regret.starts_on_server, |_| latency);
        ways.iter_mut().for_each(|[.., starts]| *starts = NEVER);
        let none = Tiles::new(self.classes[1], &ways).sum;
        let edges = self.edges(costs, 1);
        self.around(costs) + costs.fused[self.blocks[0]].held + edges.closed + edges.behind + some.min(none)
    }

    /// The second block starts on both sides.
    fn open(&self, costs: &Costs) -> i64 {
        let mut ways = self.ways(costs, 0, costs.weights.0[1], Some(costs.shared));
        let second = Tiles::new(self.classes[1], &self.ways(costs, 1, costs.shared, None));
        let sum = |ways: &[[i64; 3]]| {
            let first = Tiles::new(self.classes[0], ways);
            let ends = |class: usize| second.regrets[class].starts_on_server;
            let begins = |class: usize| first.regrets[class].stays;
            first.sum
                + second.sum
                + first.least_more(&self.kinds[0], |regret| regret.ends_on_server, ends)
                + second.least_more(&self.kinds[1], |regret| regret.begins_on_device, begins)
        };
        let mut least = sum(&ways);
        // Where some start on the server, they wait for a transfer with its latency.
        let latency = self.latency(costs);
        if latency > 0 && self.entries[0].first > 0 {
            ways.iter_mut().for_each(|[.., starts]| *starts = NEVER);
            least = sum(&ways).min(least + latency);
        }
        self.around(costs) + self.edges(costs, 0).open + self.edges(costs, 1).behind + least
    }
}

/// See [`Two::kinds`].
fn kinds(singles: [&Single; 2], classes: [&Classes; 2], boundary: usize) -> [Vec<Kind>; 2] {
    let [across, across_behind] = singles.map(|single| single.grid.dimensions()[1] as usize);
    let region = |at: usize, tile: usize| singles[at].columns[tile].region(singles[at].from, boundary);
    let count = singles[0].columns.len();
    let cells: Vec<Span> = (0..count / across).map(|row| region(0, row * across).rows).collect();
    let all = (0..singles[1].columns.len() / across_behind).map(|row| region(1, row * across_behind).rows);
    let rows: Vec<Range<usize>> = all.map(|input| overlap(&cells, input)).collect();
    let cells: Vec<Span> = (0..across).map(|column| region(0, column).columns).collect();
    let all = (0..across_behind).map(|column| region(1, column).columns);
    let columns: Vec<Range<usize>> = all.map(|input| overlap(&cells, input)).collect();
    let new = |class: usize, other: usize| Kind { class, others: vec![0; classes[other].tiles.len()] };
    let mut first: Vec<Kind> = classes[0].of.iter().map(|&class| new(class, 1)).collect();
    let mut second: Vec<Kind> = Vec::new();
    for (tile, &class) in classes[1].of.iter().enumerate() {
        let mut kind = new(class, 0);
        for row in rows[tile / across_behind].clone() {
            for column in columns[tile % across_behind].clone() {
                let read = row * across + column;
                kind.others[classes[0].of[read]] += 1;
                first[read].others[class] += 1;
            }
        }
        second.push(kind);
    }
    [first, second].map(distinct)
}

fn distinct(kinds: Vec<Kind>) -> Vec<Kind> {
    let mut kept: Vec<Kind> = Vec::new();
    for kind in kinds {
        if !kept.contains(&kind) {
            kept.push(kind);
        }
    }
    kept
}

fn overlap(cells: &[Span], input: Span) -> Range<usize> {
    let reads = |cell: &Span| !cell.intersect(input).is_empty();
    let first = cells.iter().position(reads).unwrap_or(0);
    first..first + cells[first..].iter().take_while(|cell| reads(cell)).count()
}

impl Stretches {
    /// Betters the first two of the bounds `ends` in [`super::Ahead`] of two fused blocks right behind each
    /// other and no others, in a connected space. Tries the prices first that were best the last time.
    pub fn better(
        &mut self,
        model: &CostModel,
        singles: &Singles,
        blocks: [usize; 2],
        ends: [u64; 3],
        limit: u64,
    ) -> [u64; 3] {
        let two = Two::new(self, model, singles, blocks);
        let (mut best, limit) = (ends.map(scaled), scaled(limit));
        let mut tried = self.tried;
        if self.is_lone {
            // What is charged to who reads makes no difference here.
            let held = |costs: &Costs| if costs.shared == costs.weights.0[1] { two.held(costs) } else { 0 };
            best[0] = self.most(best[0], limit, &mut tried[0], held);
        }
        best[1] = self.most(best[1], limit, &mut tried[1], |costs| two.open(costs));
        self.tried = tried;
        best.map(in_ns)
    }

    /// The most of some bounds, or one that is `limit` or more; `first` is the set of prices to begin with.
    fn most(&self, known: i64, limit: i64, first: &mut usize, bound: impl Fn(&Costs) -> i64) -> i64 {
        let mut best = known;
        for step in 0..self.costs.len() {
            if best >= limit {
                break;
            }
            let at = (*first + step) % self.costs.len();
            best = best.max(bound(&self.costs[at]));
            if best >= limit {
                *first = at;
            }
        }
        best
    }
}
