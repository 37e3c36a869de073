//! Tiles of a block that cost the same.

use super::PART;
use crate::base::Span;
use crate::bounds::{Single, Spans, Times};
use std::collections::BTreeMap;

/// Tiles of a block by what they cost, of one even grid or of all others.
#[derive(Debug)]
pub struct Kinds {
    /// Each kind once.
    pub kinds: Vec<Kind>,
    /// By tile.
    pub of: Vec<u32>,
    /// How many places rows and columns begin or end at.
    pub places: [usize; 2],
}

/// What tells tiles apart: times by boundary, areas of own part and cell, halos.
type Signature = (Vec<[u64; 3]>, [u64; 2], [[i64; 2]; 2]);

/// What tiles of one kind have in common.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// One of them.
    pub tile: usize,
    /// Which part of the block's input is its own, rounded down.
    pub own: i64,
    /// Which part of the block's output is its cell, rounded up.
    pub cell: i64,
    /// Which part of the block's input, at least, it reads beyond an inner edge across rows, and across columns, rounded
    /// down; [`Kind::NO_EDGE`] where it has none. All of that, and what is a neighbour's own however thin that is.
    pub halos: [[i64; 2]; 2],
    /// What it takes.
    pub takes: Quickest,
}

impl Kind {
    /// More than any part.
    pub const NO_EDGE: i64 = 1 << (PART + 1);

    /// What it reads of a neighbour's own part at least, in grids of so many rows and columns, if that is known: of two
    /// tiles side by side, each has all beyond the edge.
    pub fn halo(&self, parts: Option<[usize; 2]>) -> i64 {
        let of = |axis: usize| self.halos[axis][usize::from(parts.is_none_or(|parts| parts[axis] > 2))];
        let least = of(0).min(of(1));
        if least == Self::NO_EDGE { 0 } else { least }
    }
}

/// What the quickest of some tiles take, in ns.
#[derive(Clone, Copy, Debug)]
pub struct Quickest {
    /// On the device, whole.
    pub on_device: u64,
    /// On the server, whole.
    pub on_server: u64,
}

impl Quickest {
    /// Of no tile.
    pub const NONE: Self = Self { on_device: u64::MAX, on_server: u64::MAX };

    /// No time where there are no tiles.
    pub fn or_nothing(self) -> Self {
        if self.on_device == u64::MAX { Self { on_device: 0, on_server: 0 } } else { self }
    }

    /// Of these and others.
    pub fn or(self, other: Self) -> Self {
        Self { on_device: self.on_device.min(other.on_device), on_server: self.on_server.min(other.on_server) }
    }
}

impl Kinds {
    /// Of blocks that begin with `first`, of whose input and output this is read. None where tiles leave gaps.
    pub fn new((single, spans): (&Single, Option<&Spans>), first: usize, read: [[Span; 2]; 2]) -> Option<Self> {
        let [reads, cells] =
            [first, single.last + 1].map(|at| spans.map_or_else(|| single.axes(at), |all| all.narrowest(at)));
        let axis = |axis: usize| places(&reads[axis], &cells[axis], [read[0][axis], read[1][axis]]);
        let axes = [axis(0)?, axis(1)?];
        let whole = [0, 1].map(|side| read[side].map(|span| u64::from(span.len())).iter().product::<u64>().max(1));
        let lines = axes.each_ref().map(|places| match spans {
            Some(_) => pairs(places.len()),
            None => (1..places.len()).map(|end| [end - 1, end]).collect(),
        });
        let mut known: BTreeMap<Signature, u32> = BTreeMap::new();
        let mut made = Self { kinds: Vec::new(), of: Vec::new(), places: axes.each_ref().map(Vec::len) };
        let areas = |[row, column]: [[usize; 2]; 2]| {
            [0, 1].map(|side| {
                let length = |axis: usize, [from, to]: [usize; 2]| axes[axis][to][side] - axes[axis][from][side];
                length(0, row) * length(1, column)
            })
        };
        let thinnest = axes.each_ref().map(|places| {
            let own = places.windows(2).map(|pair| pair[1][0] - pair[0][0]);
            own.min().unwrap_or(0)
        });
        let halos = |tile: usize, places: [[usize; 2]; 2]| {
            let region = single.columns[tile].region(single.from, first);
            let own = [0, 1].map(|axis| places[axis].map(|at| axes[axis][at][0]));
            [0, 1].map(|axis| {
                let (span, input) = ([region.rows, region.columns][axis], read[0][axis]);
                let place = |at: u32| u64::from(at.clamp(input.start(), input.end()) - input.start());
                let [from, to] = own[axis];
                let [is_first, is_last] = [places[axis][0] == 0, places[axis][1] + 1 == axes[axis].len()];
                let before = (!is_first).then(|| from.saturating_sub(place(span.start())));
                let behind = (!is_last).then(|| place(span.end()).saturating_sub(to));
                let [from, to] = own[1 - axis];
                let part = |beyond: u64| ((beyond * (to - from)) << PART) / whole[0];
                let beyond = before.into_iter().chain(behind).min();
                beyond.map_or([Kind::NO_EDGE; 2], |beyond| {
                    [beyond, beyond.min(thinnest[axis])].map(|beyond| part(beyond) as i64)
                })
            })
        };
        let tiles = lines[0].iter().flat_map(|&row| lines[1].iter().map(move |&column| [row, column]));
        for (tile, places) in tiles.enumerate() {
            let areas = areas(places);
            let halos = halos(tile, places);
            let times = single.columns[tile][first - single.from..].iter();
            let times = times.map(|&Times { device, server, upload, .. }| [device, server, upload]).collect();
            let next = made.kinds.len() as u32;
            let kind = *known.entry((times, areas, halos)).or_insert(next);
            if kind == next {
                let own = (areas[0] << PART) / whole[0];
                let cell = (areas[1] << PART).div_ceil(whole[1]);
                let takes = takes(single, tile, first);
                made.kinds.push(Kind { tile, own: own as i64, cell: cell as i64, halos, takes });
            }
            made.of.push(kind);
        }
        Some(made)
    }
}

fn takes(single: &Single, tile: usize, first: usize) -> Quickest {
    let tile = &single.columns[tile];
    let (start, end) = (first - single.from, tile.len() - 1);
    Quickest { on_device: tile[end].device - tile[start].device, on_server: tile[end].server - tile[start].server }
}

/// All pairs of places, by the first, then by the second.
pub fn pairs(places: usize) -> Vec<[usize; 2]> {
    (0..places).flat_map(|from| (from + 1..places).map(move |to| [from, to])).collect()
}

/// By place: how much of what is read of the input lies before it as own parts, and how much of what is read of the output,
/// of lines of tiles that read so much and end with these cells. None where they leave gaps.
fn places(reads: &[Span], cells: &[Span], [input, output]: [Span; 2]) -> Option<Vec<[u64; 2]>> {
    let part = |at: u32, of: Span| u64::from(at.clamp(of.start(), of.end()) - of.start());
    let place = |at: usize| {
        let (begin, end) = (reads[at].start(), reads[at - 1].end());
        let here = part(cells[at].start(), output);
        // As far into the input as into the output, where both tiles read.
        let even = here * u64::from(input.len()) / u64::from(output.len()).max(1);
        (begin <= end).then(|| [even.clamp(part(begin, input), part(end, input)), here])
    };
    let inner = (1..cells.len()).map(place);
    let end = [u64::from(input.len()), u64::from(output.len())];
    std::iter::once(Some([0; 2])).chain(inner).chain([Some(end)]).collect()
}
