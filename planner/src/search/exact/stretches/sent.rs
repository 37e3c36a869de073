//! What has to be sent between two fused blocks of a group that follow each other at once, by how many tiles are where.
//!
//! The tiles of the second block that begin on the device settle all that matters. What they read stays there, and of
//! each of those cells the box is sent that the other tiles read. Cells that stay and that none of them reads are sent
//! whole. So the least over all sets of tiles that begin on the device is the least there is.
//!
//! Sets are told apart *line* by line: tiles are the products of some rows and some columns, and what of a line of cells
//! is sent depends on the few lines of tiles alone that read it.

use crate::base::{Span, sort_few};

/// Times are kept in units of so many bits of ns, rounded down.
const UNIT: u32 = 6;
/// Bits behind the point of [`Wire::element`].
const POINT: u32 = 16;
/// Where a number of cells stands above a time.
const COUNT: u32 = 56;
/// Most lines of an axis.
const LINES: usize = 8;
/// Most tiles of the second block: of more there are too many sets.
pub const MOST_TILES: usize = 16;
/// Most sets of the tiles that read a line of cells, all lines together. Blocks with more read so much of each other that
/// little is gained by telling them apart.
const MOST_SETS: usize = 1 << 14;

/// What sending takes.
#[derive(Clone, Copy, Debug)]
pub struct Wire {
    /// ns of a position of the tensor, in fixed point, rounded down.
    element: u64,
    /// ns of each transfer besides.
    latency: u64,
}

impl Wire {
    /// `million` is what 2²⁰ positions take at least, without latency.
    pub fn new(million: u64, latency: u64) -> Self {
        Self { element: (u128::from(million) << POINT >> 20).min(1 << 40) as u64, latency }
    }

    fn time(self, area: u64) -> u64 {
        self.latency.saturating_add(area.saturating_mul(self.element) >> POINT).min(1 << 40)
    }
}

/// Two fused blocks on one axis.
#[derive(Clone, Copy, Debug)]
pub struct Pair<'p> {
    /// By line of tiles of the second: what it reads.
    pub reads: &'p [Span],
    /// Which lines of cells that meets.
    pub met: &'p [Span],
    /// By line of cells of the first.
    pub cells: &'p [Span],
}

impl Pair<'_> {
    /// The lines of tiles that read a line of cells, from one to the one behind.
    fn readers(&self, cell: usize) -> (usize, usize) {
        let reads = |met: &Span| (met.start() as usize..met.end() as usize).contains(&cell);
        let first = self.met.iter().position(reads).unwrap_or(0);
        (first, first + self.met[first..].iter().take_while(|met| reads(met)).count())
    }

    /// By two lines of tiles: how much of a line of cells lies in what those read from the first to the last.
    fn lengths(&self, cell: usize, (first, behind): (usize, usize)) -> [[u64; LINES]; LINES] {
        let mut lengths = [[0; LINES]; LINES];
        let read = |line: usize| self.reads[line].intersect(self.cells[cell]);
        for (line, lengths) in lengths.iter_mut().enumerate().take(behind).skip(first) {
            for (last, length) in lengths.iter_mut().enumerate().take(behind).skip(line) {
                *length = u64::from(read(last).end().saturating_sub(read(line).start()));
            }
        }
        lengths
    }

    /// How many sets of tiles there are to tell apart, `across` of them in a line.
    fn sets(&self, across: usize) -> usize {
        let of = |cell: usize| {
            let (first, behind) = self.readers(cell);
            1 << ((behind - first) * across)
        };
        (0..self.cells.len()).map(of).sum()
    }
}

/// By which tiles of the lines that read a line of cells begin on the device: how many of its cells those read, and
/// what is sent.
#[derive(Debug)]
struct Line {
    first: usize,
    behind: usize,
    sent: Vec<u64>,
}

/// Whether sets of a block's tiles, which read these rows and columns, can be told apart, and cells counted.
pub fn is_small([rows, columns]: &[Vec<Span>; 2], cells: &[Vec<Span>; 2]) -> bool {
    rows.len() * columns.len() <= MOST_TILES
        && rows.len().max(columns.len()) <= LINES
        && cells[0].len() * cells[1].len() < 1 << (64 - COUNT)
}

/// Units that transfers take at least, by number of tiles of the second block that begin on the device, and then by
/// number of tiles of the first that stay; none where there are too many sets. The pairs are of rows and of columns.
pub fn sent([rows, columns]: [Pair; 2], wire: Wire) -> Option<Vec<u32>> {
    let sets = [rows.sets(columns.reads.len()), columns.sets(rows.reads.len())];
    if sets[0].min(sets[1]) > MOST_SETS {
        return None;
    }
    let [along, across] = if sets[0] <= sets[1] { [rows, columns] } else { [columns, rows] };
    let width = across.reads.len();
    let mut wholes = Vec::with_capacity(rows.cells.len() * columns.cells.len());
    let lines: Vec<Line> = (0..along.cells.len()).map(|cell| line([along, across], cell, wire, &mut wholes)).collect();
    let stays = wholes.len() + 1;
    let mut sums = vec![u64::MAX; (along.reads.len() * width + 1) * stays];
    let mut keep = |begin: usize, sent: u64| {
        let known = &mut sums[begin * stays + (sent >> COUNT) as usize];
        *known = (*known).min(sent & ((1 << COUNT) - 1));
    };
    walk(&lines, [along.reads.len(), width], 0, 0, 0, &mut keep);
    sort_few(&mut wholes);
    for sums in sums.chunks_mut(stays) {
        for read in (0..stays).rev() {
            // More that stay: each sends its cell.
            let mut sum = sums[read];
            for (known, whole) in sums[read + 1..].iter_mut().zip(&wholes) {
                sum = sum.saturating_add(*whole);
                *known = sum.min(*known);
            }
        }
    }
    Some(sums.into_iter().map(|time| u32::try_from(time >> UNIT).unwrap_or(u32::MAX)).collect())
}

/// ns of units; where no plan is, so many that none is good.
pub fn in_ns(units: u32) -> u64 {
    if units == u32::MAX { 1 << 44 } else { u64::from(units) << UNIT }
}

fn line([along, across]: [Pair; 2], cell: usize, wire: Wire, wholes: &mut Vec<u64>) -> Line {
    let (first, behind) = along.readers(cell);
    let (width, lengths) = (across.reads.len(), along.lengths(cell, (first, behind)));
    let mut sent = vec![0; 1 << ((behind - first) * width)];
    let mut of_cell = sent.clone();
    let of_bit: [usize; MOST_TILES] = std::array::from_fn(|bit| bit / width);
    let (first_of, last_of) = (|set: usize| set.trailing_zeros() as usize, |set: usize| set.ilog2() as usize);
    for place in 0..across.cells.len() {
        let (left, right) = across.readers(place);
        let (readers, widths) = ((1_usize << right) - (1 << left), across.lengths(place, (left, right)));
        let all = (first..behind).fold(0, |set, line| set | readers << ((line - first) * width));
        let box_of = |set: usize| {
            let (mut flat, mut left_over) = (0, set);
            while left_over != 0 {
                flat |= left_over;
                left_over >>= width;
            }
            flat &= readers;
            let (top, bottom) = (of_bit[first_of(set)], of_bit[last_of(set)]);
            wire.time(lengths[first + top][first + bottom] * widths[first_of(flat)][last_of(flat)])
        };
        wholes.push(if all == 0 { 0 } else { box_of(all) });
        // Of each set of its readers, from all of them down to none.
        let mut device = all;
        while device != 0 {
            let others = all & !device;
            of_cell[device] = (1 << COUNT) + if others == 0 { 0 } else { box_of(others) };
            device = (device - 1) & all;
        }
        for (device, sent) in sent.iter_mut().enumerate() {
            *sent += of_cell[device & all];
        }
    }
    Line { first, behind, sent }
}

/// Goes through all sets of tiles that begin on the device, those of the lines before `at` given; `lines` are those of
/// cells that some other line reads, too.
fn walk(lines: &[Line], shape: [usize; 2], at: usize, device: usize, sum: u64, keep: &mut impl FnMut(usize, u64)) {
    let [count, width] = shape;
    let (ended, lines) = lines.split_at(lines.iter().take_while(|line| line.behind <= at + 1).count());
    for more in 0..1 << width {
        let device = device | more << (at * width);
        let mut sum = sum;
        for line in ended {
            sum += line.sent[device >> (line.first * width) & (line.sent.len() - 1)];
        }
        if at + 1 == count {
            keep(device.count_ones() as usize, sum);
        } else {
            walk(lines, shape, at + 1, device, sum, keep);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Region;
    use crate::bounds::met;

    struct Draw(u64);

    impl Draw {
        fn of(&mut self, most: u64) -> u32 {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            (self.0 % most) as u32
        }

        /// Cells that cover an axis, and what lines of tiles read of it: mostly all, but some lines of cells nobody reads.
        fn axis(&mut self, cells: u32, tiles: u32) -> [Vec<Span>; 2] {
            let length = cells.max(tiles) + self.of(9);
            let part = |count: u32, at: u32| at * length / count;
            let cell = |at: u32| Span::new(part(cells, at), part(cells, at + 1));
            let mut read = |at: u32| {
                let (above, below, [start, end]) = (self.of(3), self.of(3), [at, at + 1].map(|at| part(tiles, at)));
                if self.of(4) == 0 {
                    Span::new(start, start + 1)
                } else {
                    Span::new(start.saturating_sub(above), (end + below).min(length))
                }
            };
            let mut reads: Vec<Span> = (0..tiles).map(&mut read).collect();
            // Starts and ends ascend.
            for at in 1..reads.len() {
                let before = reads[at - 1];
                reads[at] = Span::new(reads[at].start().max(before.start()), reads[at].end().max(before.end()));
            }
            [(0..cells).map(cell).collect(), reads]
        }
    }

    fn boxes([rows, columns]: [&[Span]; 2]) -> Vec<Region> {
        rows.iter().flat_map(|&rows| columns.iter().map(move |&columns| Region::new(rows, columns))).collect()
    }

    /// Over all sets of cells that stay and all of tiles that begin: all that is sent.
    fn naive(cells: &[Region], tiles: &[Region], wire: Wire) -> Vec<u64> {
        let stays = cells.len() + 1;
        let mut least = vec![u64::MAX; (tiles.len() + 1) * stays];
        for begin in 0..1_usize << tiles.len() {
            for stay in 0..1_usize << cells.len() {
                let stays_here = |cell: usize| stay >> cell & 1 == 1;
                let reads = |tile: usize, cell: usize| !tiles[tile].intersect(cells[cell]).is_empty();
                let here = (0..tiles.len()).filter(|tile| begin >> tile & 1 == 1);
                if here
                    .flat_map(|tile| (0..cells.len()).map(move |cell| (tile, cell)))
                    .any(|(t, c)| reads(t, c) && !stays_here(c))
                {
                    continue;
                }
                let sent = (0..cells.len()).filter(|&cell| stays_here(cell)).map(|cell| {
                    let there = (0..tiles.len()).filter(|tile| begin >> tile & 1 == 0);
                    let sent =
                        there.fold(Region::EMPTY, |sent, tile| sent.bounding(tiles[tile].intersect(cells[cell])));
                    if sent.is_empty() { 0 } else { wire.time(sent.area()) }
                });
                let known = &mut least[begin.count_ones() as usize * stays + stay.count_ones() as usize];
                *known = sent.sum::<u64>().min(*known);
            }
        }
        least
    }

    #[test]
    fn tables_hold_the_least_over_all_sets() {
        let (mut equal, mut all) = (0, 0);
        for seed in 0..400 {
            let mut draw = Draw((seed + 1_u64).wrapping_mul(0x9E37_79B9_7F4A_7C15));
            let shapes = [[1, 1], [1, 2], [1, 5], [2, 2], [3, 1], [2, 3], [4, 2], [1, 8]];
            let [cells, tiles] = [0; 2].map(|_| shapes[draw.of(shapes.len() as u64) as usize]);
            let axes = [0, 1].map(|axis| draw.axis(cells[axis], tiles[axis]));
            let mets = axes.each_ref().map(|[cells, reads]| met(reads, cells));
            let pair = |axis: usize| Pair { reads: &axes[axis][1], met: &mets[axis], cells: &axes[axis][0] };
            let wire = Wire::new(u64::from(1 + draw.of(5000)) << 20, u64::from(draw.of(2)) * 100_000);
            let found = sent([pair(0), pair(1)], wire).expect("few sets");
            let least = naive(&boxes([&axes[0][0], &axes[1][0]]), &boxes([&axes[0][1], &axes[1][1]]), wire);
            assert_eq!(found.len(), least.len());
            for (found, least) in found.into_iter().zip(least) {
                let (found, rounded) = (in_ns(found), least >> UNIT << UNIT);
                assert!(found <= least, "seed {seed}: {found} is above {least}");
                equal += u32::from(found == rounded || least == u64::MAX && found == in_ns(u32::MAX));
                all += 1;
            }
        }
        assert!(equal * 10 >= all * 9, "{equal} of {all} are exact");
    }

    #[test]
    fn what_cannot_be_told_apart_has_no_table() {
        let lines = |count: u32| -> Vec<Span> { (0..count).map(|at| Span::new(at, at + 1)).collect() };
        let one = [lines(1), lines(1)];
        assert!(is_small(&[lines(4), lines(4)], &[lines(15), lines(17)]) && is_small(&[lines(8), lines(2)], &one));
        assert!(!is_small(&[lines(9), lines(1)], &one) && !is_small(&[lines(6), lines(3)], &one));
        assert!(!is_small(&[lines(4), lines(4)], &[lines(16), lines(16)]));
    }
}
