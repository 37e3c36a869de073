//! How much so many tiles of a fused block read of the one right before it, looked up by both.

use super::Entry;
use crate::base::Bytes;
use crate::bounds::{Axis, Single, Singles, least_areas, met};
use crate::cost::CostModel;
use std::ops::Range;

/// Tiles of a block among cells of the one before.
#[derive(Debug)]
struct Met {
    /// By number of tiles: how many cells they meet at least.
    least: Vec<u64>,
    /// Whether any two tiles are linked by tiles of which each meets a cell of the next.
    linked: bool,
}

/// Distinct axes, ascending, and when each of them came.
#[derive(Debug, Default)]
struct Patterns(Vec<(Axis, usize)>);

impl Patterns {
    fn number(&mut self, axis: Axis) -> usize {
        let count = self.0.len();
        match self.0.binary_search_by(|(known, _)| known.cmp(&axis)) {
            Ok(at) => self.0[at].1,
            Err(at) => {
                self.0.insert(at, (axis, count));
                count
            }
        }
    }
}

/// Of all fused blocks of a connected space.
#[derive(Debug)]
pub struct Reads {
    latency: u64,
    /// By end: the first that ends where it does.
    begin: Vec<usize>,
    /// By end: ns of sending so many of its cells at most, without latency, rounded up.
    cells: Vec<Vec<u64>>,
    /// By entry: ns of sending what so many of its tiles read at least, without latency.
    needs: Vec<Vec<u64>>,
    /// By entry, then by end that may come right before it, from the first on: index into `tables`.
    met: Vec<Vec<u32>>,
    tables: Vec<Met>,
}

impl Reads {
    pub fn new(model: &CostModel, singles: &Singles, entries: &[Entry]) -> Self {
        let ends = &singles.ends;
        let mut tables = Tables::default();
        let cells: Vec<[Axis; 2]> = ends.iter().map(|single| single.axes(single.last + 1)).collect();
        let mut needs: Vec<Vec<u64>> = Vec::with_capacity(entries.len());
        let mut all_met = Vec::with_capacity(entries.len());
        for entry in entries {
            let [rows, columns] = ends[entry.end].axes(entry.first);
            let element = bytes_an_element(model, &ends[entry.end], entry.first);
            let areas = least_areas(&rows, &columns);
            needs.push(areas.into_iter().map(|area| wire_ns(model, Bytes(area * element), false)).collect());
            let met_of = |end: usize| tables.of([met(&rows, &cells[end][0]), met(&columns, &cells[end][1])]);
            all_met.push(ends_at(ends, entry.first).map(met_of).collect());
        }
        Self {
            latency: model.platform().link.latency.0,
            begin: ends.iter().map(|single| ends_at(ends, single.last + 1).start).collect(),
            cells: ends.iter().map(|single| largest_cells(model, single)).collect(),
            needs,
            met: all_met,
            tables: tables.tables,
        }
    }

    /// What the block reads that is the second of two.
    pub fn between(&self, end: usize, entry: usize) -> Between<'_> {
        let met = &self.tables[self.met[entry][end - self.begin[end]] as usize];
        Between { needs: &self.needs[entry], cells: &self.cells[end], met, latency: self.latency }
    }

    /// By number of tiles that start on the server: ns of sending at once what they read of a block that is not
    /// split; nothing where they send it themselves.
    pub fn alone(&self, entry: usize, sends_itself: bool) -> Vec<u64> {
        let all = self.needs[entry].iter().enumerate();
        all.map(|(starts, needs)| if starts == 0 || sends_itself { 0 } else { needs + self.latency }).collect()
    }
}

/// What the tiles of one block read of the block right before it.
#[derive(Clone, Copy, Debug)]
pub struct Between<'r> {
    needs: &'r [u64],
    cells: &'r [u64],
    met: &'r Met,
    latency: u64,
}

impl Between<'_> {
    /// Of how many tiles the first block consists.
    pub fn before(&self) -> usize {
        self.cells.len() - 1
    }

    /// Of how many tiles the second block consists.
    pub fn tiles(&self) -> usize {
        self.needs.len() - 1
    }

    /// How many tiles of the first block so many of the second read at least: all on the device, if those begin there.
    pub fn read(&self, begin: usize) -> usize {
        self.met.least[begin] as usize
    }

    /// How many tiles of the first block, all on the device, have ended before the first transfer at least if so many
    /// of the second begin on the device: one that is sent, or all that a tile of the second reads.
    pub fn ended(&self, begin: usize) -> usize {
        if begin < self.tiles() { 1 } else { self.read(1) }
    }

    /// How many tiles of the second block read one of so many of the first at least.
    pub fn follow(&self, late: usize) -> usize {
        let others = (self.before() - late) as u64;
        let without = self.met.least.iter().take_while(|&&met| met <= others).count() - 1;
        (self.tiles() - without).max(1)
    }

    /// ns of transfers at least if so many tiles of the second start on the server, the others on the device, and so
    /// many of the first do not stay.
    pub fn upload(&self, starts: usize, away: usize) -> u64 {
        if starts == 0 {
            return 0;
        }
        let senders = self.met.least[starts].saturating_sub(away as u64).max(u64::from(self.met.linked));
        self.needs[starts].saturating_sub(self.cells[away]) + senders * self.latency
    }
}

/// The ends at a boundary.
pub fn ends_at(ends: &[Single], boundary: usize) -> Range<usize> {
    let begin = ends.iter().take_while(|single| single.last + 1 < boundary).count();
    begin..begin + ends[begin..].iter().take_while(|single| single.last + 1 == boundary).count()
}

/// Of a tensor on the wire.
fn bytes_an_element(model: &CostModel, single: &Single, boundary: usize) -> u64 {
    let region = single.columns.first().map(|column| column.region(single.from, boundary)).unwrap_or_default();
    model.wire_bytes(boundary, region).0 / region.area().max(1)
}

fn wire_ns(model: &CostModel, bytes: Bytes, up: bool) -> u64 {
    let kbps = model.platform().link.uplink_kbps;
    let times = u128::from(bytes.0) * 8_000_000;
    let ns = if up { times.div_ceil(u128::from(kbps)) } else { times / u128::from(kbps) };
    ns.min(u128::from(u64::MAX / 4)) as u64
}

fn largest_cells(model: &CostModel, single: &Single) -> Vec<u64> {
    let end = single.last + 1;
    let element = bytes_an_element(model, single, end);
    let mut areas: Vec<u64> = single.columns.iter().map(|column| column.region(single.from, end).area()).collect();
    crate::base::sort_few(&mut areas);
    let (mut total, mut sums) = (0, vec![0]);
    for area in areas.into_iter().rev() {
        total += area;
        sums.push(wire_ns(model, Bytes(total * element), true));
    }
    sums
}

/// Each table once.
#[derive(Debug, Default)]
struct Tables {
    patterns: Patterns,
    /// By pattern of rows, then of columns: index into `tables`, plus one.
    known: Vec<Vec<u32>>,
    tables: Vec<Met>,
}

impl Tables {
    fn of(&mut self, axes: [Axis; 2]) -> u32 {
        let [rows, columns] = [0, 1].map(|axis| self.patterns.number(axes[axis].clone()));
        if self.known.len() <= rows {
            self.known.resize(rows + 1, Vec::new());
        }
        let known = &mut self.known[rows];
        if known.len() <= columns {
            known.resize(columns + 1, 0);
        }
        if known[columns] == 0 {
            let is_linked = |axis: &Axis| axis.windows(2).all(|pair| pair[1].start() < pair[0].end());
            let linked = axes.iter().all(is_linked);
            self.tables.push(Met { least: least_areas(&axes[0], &axes[1]), linked });
            known[columns] = self.tables.len() as u32;
        }
        known[columns] - 1
    }
}
