//! How much so many tiles of a fused block read of the one right before it, looked up by both.

use super::Entry;
use super::sent::{MOST_TILES, Pair, Wire, in_ns, is_small, sent};
use crate::base::Bytes;
use crate::bounds::{Axis, Single, Singles, least_areas, least_sums, met};
use crate::cost::CostModel;
use crate::search::exact::MANY;
use std::ops::Range;
use std::rc::Rc;

/// When so many sets of tiles have been looked at, blocks are only bounded by how many cells so many tiles meet.
const MOST_SETS_OF_ALL: usize = 1 << 29;

/// Tiles of a block among cells of the one before.
#[derive(Debug)]
struct Met {
    /// By row and by column of tiles: which cells.
    cells: [Axis; 2],
    /// By number of tiles: how many cells they meet at least.
    least: Vec<u64>,
    /// Whether any two tiles are linked by tiles of which each meets a cell of the next.
    linked: bool,
}

/// So many fused blocks are looked at in one step.
const SLICE: usize = 64;

/// Of fused blocks of a connected space, from the first on.
#[derive(Debug)]
pub struct Reads {
    latency: u64,
    /// By end: rows and columns of its cells.
    axes: Vec<[Axis; 2]>,
    /// By end: the first that ends where it does.
    begin: Vec<usize>,
    /// By end: ns of sending so many of its cells at most, without latency, rounded up.
    cells: Vec<Vec<u64>>,
    /// By entry: ns of sending what so many of its tiles read at least, without latency.
    needs: Vec<Vec<u64>>,
    /// By entry, then by end that may come right before it, from the first on.
    met: Vec<Vec<Rc<Met>>>,
    tables: Tables,
    transfers: Transfers,
    /// Whether tiles of a block together read all that lies between what any two of them read.
    no_gaps: bool,
}

impl Reads {
    /// Of no block yet.
    pub fn new(model: &CostModel, singles: &Singles) -> Self {
        let ends = &singles.ends;
        Self {
            latency: model.platform().link.latency.0,
            axes: ends.iter().map(|single| single.axes(single.last + 1)).collect(),
            begin: ends.iter().map(|single| ends_at(ends, single.last + 1).start).collect(),
            cells: ends.iter().map(|single| largest_cells(model, single)).collect(),
            needs: Vec::new(),
            met: Vec::new(),
            tables: Tables::default(),
            transfers: Transfers::default(),
            no_gaps: MANY,
        }
    }

    /// Looks at some blocks more, with tables of [`sent`] or without; whether there were any.
    pub fn grow(&mut self, model: &CostModel, singles: &Singles, entries: &[Entry], has_tables: bool) -> bool {
        let known = self.needs.len();
        for at in (known..entries.len()).take(SLICE) {
            self.append(model, singles, (entries, at), has_tables);
        }
        known < entries.len()
    }

    fn append(&mut self, model: &CostModel, singles: &Singles, (entries, at): (&[Entry], usize), has_tables: bool) {
        let (ends, link, entry) = (&singles.ends, &model.platform().link, entries[at]);
        let reads = ends[entry.end].axes(entry.first);
        let has_no_gaps = |axis: &Axis| axis.windows(2).all(|pair| pair[1].start() <= pair[0].end());
        self.no_gaps = self.no_gaps && reads.iter().all(has_no_gaps);
        let element = bytes_an_element(model, &ends[entry.end], entry.first);
        let areas = least_areas(&reads[0], &reads[1]);
        self.needs.push(areas.into_iter().map(|area| link.upload_of_part(Bytes(area * element))).collect());
        let before = ends_at(ends, entry.first);
        let (axes, tables) = (&self.axes[before.clone()], &mut self.tables);
        let met_of = |cells: &[Axis; 2]| tables.of([0, 1].map(|axis| met(&reads[axis], &cells[axis])));
        let all: Vec<Rc<Met>> = axes.iter().map(met_of).collect();
        if has_tables {
            let wire = Wire::new(link.upload_of_part(Bytes(element << 20)), link.latency.0);
            // The mirror comes as much earlier as its end does.
            let mirror = ends[entry.end].mirror_of.and_then(|other| (at + other).checked_sub(entry.end));
            let mirror = mirror.filter(|&mirror| entries[mirror].first == entry.first);
            self.transfers.append(&reads, wire, (axes, &all), mirror);
        }
        self.met.push(all);
    }

    /// Whether tiles of a block together read all that lies between what any two of them read, whichever the block.
    pub fn leave_no_gaps(&self) -> bool {
        self.no_gaps
    }

    /// What the block reads that is the second of two; whether it waits for all is told where that `counts`.
    pub fn between(&self, end: usize, entry: usize, counts: bool) -> Between<'_> {
        let (needs, cells, at) = (&self.needs[entry], &self.cells[end], end - self.begin[end]);
        let met = &self.met[entry][at];
        let table = if MANY { self.transfers.table(entry, at, needs.len() * cells.len()) } else { None };
        let waits_for_all = MANY && counts && met.least[1] as usize == cells.len() - 1;
        Between { needs, cells, met, table, latency: self.latency, waits_for_all }
    }

    /// By number of tiles that start on the server: ns of sending at once what they read of a block that is not
    /// split; nothing where they send it themselves.
    pub fn alone(&self, entry: usize, sends_itself: bool) -> Vec<u64> {
        let all = self.needs[entry].iter().enumerate();
        all.map(|(starts, needs)| if starts == 0 || sends_itself { 0 } else { needs + self.latency }).collect()
    }
}

/// Tables of [`sent`], one after another.
#[derive(Debug, Default)]
struct Transfers {
    sent: Vec<u32>,
    /// By entry: what its tiles read, and by end that may come right before it where its table begins, if it has one.
    tables: Vec<([Axis; 2], Vec<Option<usize>>)>,
    /// How many sets of tiles were looked at.
    sets: usize,
}

impl Transfers {
    fn table(&self, entry: usize, end: usize, length: usize) -> Option<&[u32]> {
        let begin = (*self.tables.get(entry)?.1.get(end)?)?;
        self.sent.get(begin..begin + length)
    }

    /// Those of the next entry, by end that may come right before it. Transposed blocks have the same: they are
    /// looked up in those of the entry's mirror.
    fn append(
        &mut self,
        reads: &[Axis; 2],
        wire: Wire,
        (cells, met): (&[[Axis; 2]], &[Rc<Met>]),
        mirror: Option<usize>,
    ) {
        let is_transposed = |a: &[Axis; 2], b: &[Axis; 2]| a[0] == b[1] && a[1] == b[0];
        let is_square = is_transposed(reads, reads);
        let mirror = mirror.filter(|&mirror| is_transposed(&self.tables[mirror].0, reads));
        let sets = 1 << (reads[0].len() * reads[1].len()).min(MOST_TILES);
        let mut tables: Vec<Option<usize>> = Vec::with_capacity(cells.len());
        for (end, axes) in cells.iter().enumerate() {
            let twin = cells.iter().position(|other| is_transposed(axes, other));
            let known = match mirror {
                Some(mirror) => twin.and_then(|twin| self.tables[mirror].1[twin]),
                None => twin.filter(|&twin| is_square && twin < end).and_then(|twin| tables[twin]),
            };
            // Where each tile reads of all cells, hardly anything is left to tell.
            let waits_for_all = met[end].least[1] as usize == axes[0].len() * axes[1].len();
            let pair = |axis: usize| Pair { reads: &reads[axis], met: &met[end].cells[axis], cells: &axes[axis] };
            let made = match known {
                None if waits_for_all || self.sets > MOST_SETS_OF_ALL || !is_small(reads, axes) => None,
                None => sent([pair(0), pair(1)], wire),
                Some(_) => None,
            };
            tables.push(if made.is_some() { Some(self.sent.len()) } else { known });
            if let Some(mut made) = made {
                self.sent.append(&mut made);
                self.sets += sets;
            }
        }
        self.tables.push((reads.clone(), tables));
    }
}

/// What the tiles of one block read of the block right before it.
#[derive(Clone, Copy, Debug)]
pub struct Between<'r> {
    needs: &'r [u64],
    cells: &'r [u64],
    met: &'r Met,
    table: Option<&'r [u32]>,
    latency: u64,
    waits_for_all: bool,
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

    /// Whether each tile of the second block reads of all tiles of the first, and this leaves plans out: see *Lone
    /// groups* in the module above.
    pub fn waits_for_all(&self) -> bool {
        MANY && self.waits_for_all
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
        if let Some(table) = self.table.filter(|_| MANY) {
            return in_ns(table[(self.tiles() - starts) * self.cells.len() + self.before() - away]);
        }
        let senders = self.met.least[starts].saturating_sub(away as u64).max(u64::from(self.met.linked));
        self.needs[starts].saturating_sub(self.cells[away]) + senders * self.latency
    }
}

/// The ends at a boundary; all of them ascend by their last stage.
pub fn ends_at(ends: &[Single], boundary: usize) -> Range<usize> {
    ends.partition_point(|single| single.last + 1 < boundary)..ends.partition_point(|single| single.last < boundary)
}

/// Of a tensor on the wire.
fn bytes_an_element(model: &CostModel, single: &Single, boundary: usize) -> u64 {
    let region = single.columns.first().map(|column| column.region(single.from, boundary)).unwrap_or_default();
    model.wire_bytes(boundary, region).0 / region.area().max(1)
}

fn largest_cells(model: &CostModel, single: &Single) -> Vec<u64> {
    let end = single.last + 1;
    let element = bytes_an_element(model, single, end);
    let areas: Vec<u64> = single.columns.iter().map(|column| column.region(single.from, end).area()).collect();
    let (all, link) = (areas.iter().sum::<u64>(), &model.platform().link);
    let smallest = least_sums(0, areas);
    smallest.into_iter().rev().map(|others| link.upload_of_part(Bytes((all - others) * element)) + 1).collect()
}

/// Each table once, ascending by cells.
#[derive(Debug, Default)]
struct Tables(Vec<Rc<Met>>);

impl Tables {
    fn of(&mut self, cells: [Axis; 2]) -> Rc<Met> {
        let at = self.0.binary_search_by(|known| known.cells.cmp(&cells)).unwrap_or_else(|at| {
            let is_linked = |axis: &Axis| axis.windows(2).all(|pair| pair[1].start() < pair[0].end());
            let (least, linked) = (least_areas(&cells[0], &cells[1]), cells.iter().all(is_linked));
            self.0.insert(at, Rc::new(Met { cells, least, linked }));
            at
        });
        Rc::clone(&self.0[at])
    }
}
