//! What blocks of a group cost at some prices, whatever their grids.

use super::kinds::{Kind, Kinds, Quickest, pairs};
use super::link::parts_of;
use super::{Flow, Grids, NEVER, PART, Tiles};
use crate::base::{Region, Span};
use crate::bounds::{Single, Weights};

/// In how many ways a block may share its tiles: see [`Costs`].
pub const WAYS: usize = 7;
const HOLDS: usize = 0;
const SENDS: usize = 1;
const BEGINS: usize = 2;
const LAST_BEGINS: usize = 3;
const OPEN: usize = 4;
const ENDS: usize = 5;
const CEDED: usize = 6;

/// What a block costs by what its tiles do.
#[derive(Clone, Copy, Debug)]
pub struct Costs {
    /// All stay on the device, and nothing is sent.
    pub holds: i64,
    /// All stay on the device, and some are sent.
    pub holds_and_sends: i64,
    /// All begin on the device, some leave it, and the next block is on both sides; with what uplink and server wait for.
    pub begins: i64,
    /// All begin on the device, and what comes next is on the server; with that and what the device waits for.
    pub begins_and_ends: i64,
    /// Some begin and others start on the server, and the next block is on both sides.
    pub open: i64,
    /// The same, and what comes next is on the server; with what the device waits for.
    pub ends: i64,
    /// All are on the server.
    pub ceded: i64,
    /// What the server waits for where some tiles of a group's first block start there.
    pub arrives: i64,
    /// Its quickest tiles.
    pub quickest: Quickest,
    /// ns until one of its tiles may begin on the device.
    pub ready: u64,
}

/// Blocks over some stages, at some prices.
pub struct Block<'a> {
    /// What they are of.
    pub flow: &'a Flow,
    /// Their first stage.
    pub first: usize,
    /// Their last stage.
    pub last: usize,
    /// The prices of time.
    pub weights: Weights,
    /// Before and behind it, on device and server.
    pub potentials: [[i64; 2]; 2],
    /// Whether it is a group's first.
    pub is_first: bool,
    /// Blocks that may come right before it and are held.
    pub held: &'a [Held<'a>],
    /// The price of sending all before it, without latency.
    pub sent: i64,
    /// Which it may have.
    pub grids: &'a Grids,
}

/// A block that runs on the device whole.
pub struct Held<'a> {
    /// Its first stage.
    pub first: usize,
    /// Which grids it may have.
    pub grids: &'a Grids,
    /// ns until anything is ready that it reads.
    pub before: u64,
}

/// What it costs more at least that some tile does what it is said to do.
#[derive(Clone, Copy)]
struct More {
    /// Some is the first to be sent, where all begin on the device and the next block is on both sides, or is not.
    head: [i64; 2],
    /// Some is sent, where all stay.
    sends: i64,
    /// Some leaves, where all begin and the next block is on both sides.
    leaves: i64,
    /// Some is the last on the device where all begin there, and where not.
    tail: [i64; 2],
    /// Some begins where the next block is on both sides, and where it is not.
    begins: [i64; 2],
    /// Some starts on the server where the next block is on both sides, and where it is not.
    starts: [i64; 2],
    /// The server waits for the first of a group.
    arrives: i64,
    /// The quickest of all tiles.
    quickest: Quickest,
    /// ns until one of them may begin on the device.
    ready: u64,
}

impl More {
    /// Of no tile.
    const NEVER: Self = Self {
        head: [NEVER; 2],
        sends: NEVER,
        leaves: NEVER,
        tail: [NEVER; 2],
        begins: [NEVER; 2],
        starts: [NEVER; 2],
        arrives: NEVER,
        quickest: Quickest::NONE,
        ready: u64::MAX,
    };
}

impl Block<'_> {
    /// What the ways cost that are asked for.
    pub fn costs(&self, tiles: Tiles, asked: [bool; WAYS]) -> Costs {
        let all_kinds = &self.flow.kinds[self.last][self.first - self.flow.starts[self.last].unwrap_or(self.first)];
        let grids = self.grids.parts(self.last, tiles);
        let mut least = [NEVER; WAYS];
        let mut more = More::NEVER;
        for ((single, spans), kinds) in tiles.of(self.last).zip(all_kinds) {
            let sums = match spans {
                None if self.grids.has(single, tiles) => self.sum((single, kinds), (tiles, asked), &mut more),
                None => continue,
                Some(_) if grids.is_empty() => continue,
                Some(_) => self.of_any((single, kinds), (tiles, &grids), asked, &mut more),
            };
            for (least, sum) in least.iter_mut().zip(sums) {
                *least = sum.min(*least);
            }
        }
        let never = |cost: i64| cost.min(NEVER);
        let begins = least[BEGINS] + more.head[0].max(more.leaves).min(NEVER);
        let begin = if self.first == 0 { 0 } else { more.begins[0] };
        // Or a tile of the block before is the last on the device, and one of these reads it on the server.
        let quickest = more.quickest.or_nothing();
        let behind = self.weights.price(self.flow.shortest + quickest.on_server, 0, 0) as i64;
        Costs {
            holds: least[HOLDS],
            holds_and_sends: never(least[SENDS] + never(more.sends)),
            begins: never(begins),
            begins_and_ends: never(least[LAST_BEGINS] + never(more.head[1]) + never(more.tail[0])),
            open: never(least[OPEN] + never(begin) + never(more.starts[0])),
            ends: never(least[ENDS] + never(more.tail[1].min(never(more.begins[1]) + behind)) + never(more.starts[1])),
            ceded: least[CEDED],
            arrives: never(more.arrives),
            quickest,
            ready: if more.ready == u64::MAX { 0 } else { more.ready },
        }
    }

    /// All tiles of one grid.
    fn sum(&self, (single, kinds): (&Single, &Kinds), tiles: (Tiles, [bool; WAYS]), more: &mut More) -> [i64; WAYS] {
        let parts = Some(parts_of(single));
        let costs: Vec<[i64; WAYS]> =
            kinds.kinds.iter().map(|&kind| self.tile(single, kind, parts, tiles, more)).collect();
        let mut sum = [0; WAYS];
        for &kind in &kinds.of {
            sum.iter_mut().zip(costs[kind as usize]).for_each(|(sum, cost)| *sum = (*sum + cost).min(NEVER));
        }
        sum
    }

    /// The least of all grids with boundaries at any places, and so many rows and columns.
    fn of_any(
        &self,
        (single, kinds): (&Single, &Kinds),
        (all, grids): (Tiles, &[[usize; 2]]),
        asked: [bool; WAYS],
        more: &mut More,
    ) -> [i64; WAYS] {
        let [rows, columns] = kinds.places;
        let parts = <[[usize; 2]; 1]>::try_from(grids).ok().map(|[parts]| parts);
        let [row_pairs, column_pairs] = [rows, columns].map(pairs);
        let most = |of: &dyn Fn(&[usize; 2]) -> usize, is_strip: bool| {
            let some = grids.iter().filter(|grid| (grid[0] == 1) == is_strip);
            some.map(of).max().unwrap_or(0)
        };
        let across_of = [most(&|grid| grid[1], false), most(&|grid| grid[1], true)];
        let down = grids.iter().map(|grid| grid[0]).max().unwrap_or(0);
        let wide = across_of[0].max(across_of[1]);
        // By way, by number of columns, by span of rows.
        let mut across = vec![vec![vec![NEVER; row_pairs.len()]; wide + 1]; WAYS];
        // By kind, as far as looked at.
        let mut known: Vec<Option<[i64; WAYS]>> = vec![None; kinds.kinds.len()];
        let mut costs: [Vec<i64>; WAYS] = std::array::from_fn(|_| Vec::with_capacity(column_pairs.len()));
        for (at, (tiles, &row)) in kinds.of.chunks(column_pairs.len().max(1)).zip(&row_pairs).enumerate() {
            let is_whole = row == [0, rows - 1];
            let count = if is_whole { wide } else { across_of[0] };
            if count == 0 || !self.grids.may_lie(0, row) {
                continue;
            }
            costs.iter_mut().for_each(Vec::clear);
            for (&kind, &column) in tiles.iter().zip(&column_pairs) {
                if !self.grids.may_lie(1, column) {
                    costs.iter_mut().for_each(|costs| costs.push(NEVER));
                    continue;
                }
                let kind = kind as usize;
                let cost =
                    *known[kind].get_or_insert_with(|| self.tile(single, kinds.kinds[kind], parts, (all, asked), more));
                costs.iter_mut().zip(cost).for_each(|(costs, cost)| costs.push(cost));
            }
            for way in (0..WAYS).filter(|&way| asked[way]) {
                for (count, cost) in ways(columns, count, &costs[way]).into_iter().enumerate() {
                    across[way][count][at] = cost;
                }
            }
        }
        let mut least = [NEVER; WAYS];
        for way in (0..WAYS).filter(|&way| asked[way]) {
            let all: Vec<Vec<i64>> = across[way].iter().map(|costs| ways(rows, down, costs)).collect();
            least[way] = grids.iter().map(|&[rows, columns]| all[columns][rows]).fold(NEVER, i64::min);
        }
        least
    }

    /// What a tile costs at least.
    fn tile(
        &self,
        single: &Single,
        kind: Kind,
        parts: Option<[usize; 2]>,
        (tiles, asked): (Tiles, [bool; WAYS]),
        more: &mut More,
    ) -> [i64; WAYS] {
        let Kind { tile, own, cell, takes, .. } = kind;
        let tile = &single.columns[tile];
        let region = tile.region(single.from, self.first);
        let until = |held: &Held| held.before + held.until_reads(region, self.first, tiles);
        let ready = self.held.iter().map(until).min().unwrap_or(0);
        more.ready = more.ready.min(ready);
        more.quickest = more.quickest.or(takes);
        let [before, behind] = self.potentials;
        let [began, there] = before.map(|price| part_of(price, own));
        let [on_device, on_server] = behind.map(|price| part_of(price, cell) + 1);
        let (start, end) = (self.first - single.from, tile.len() - 1);
        let (is_picture, is_end) = (self.first == 0, self.last + 1 == self.flow.stages());
        let price = |device: u64, uplink: u64, server: u64| self.weights.price(device, uplink, server) as i64;
        let device = |at: usize| tile[at].device - tile[start].device;
        let server = |at: usize| tile[end].server - tile[at].server;
        let keeps = price(device(end), 0, 0) + began - on_device;
        // What others read of a tile that stays may be less than its cell.
        let (sent, least_sent) = (tile[end].upload.saturating_sub(1), self.flow.shortest.min(tile[end].upload));
        let sends = price(device(end), if is_end { 0 } else { sent }, 0) + began - on_server;
        let own_upload = if is_picture { tile[start].upload } else { 0 };
        let starts = price(0, own_upload, server(start)) + there - on_server;
        let cut = |at: usize| price(device(at), tile[at].upload, server(at)) + began - on_server;
        let leaves = (start + 1..end).map(cut).min().unwrap_or(NEVER);
        let begins = leaves.min(keeps).min(sends);
        let last = leaves.min(sends);
        let (open, ends) = (begins.min(starts), last.min(starts));
        let least = |known: &mut i64, cost: i64| *known = cost.min(*known);
        // A part of it has the latency of all.
        let sends_some = sends.min(keeps + price(0, self.flow.latency, 0));
        least(&mut more.sends, sends_some - keeps.min(sends));
        least(&mut more.leaves, leaves - begins);
        least(&mut more.begins[0], begins - open);
        least(&mut more.begins[1], last - ends);
        // What it reads beyond its own part is sent besides, for whoever's own it is begins on the device.
        let halo = if is_picture { 0 } else { part_of(self.sent, kind.halo(parts)) };
        least(&mut more.starts[0], starts - open + halo);
        least(&mut more.starts[1], starts - ends + halo);
        // What nobody asks for need not be the least.
        let waits = asked[BEGINS] || asked[LAST_BEGINS] || asked[ENDS] || asked[OPEN] && self.is_first;
        let from = if waits { start + 1 } else { end + 1 };
        for at in from..=end {
            let (cost, upload) = if at < end { (cut(at), tile[at].upload) } else { (sends.min(keeps), least_sent) };
            let last_cost = if at < end { cost } else { sends };
            let head = price(0, ready + device(at), ready + device(at) + upload);
            let tail = if at == end && is_end { 0 } else { price(upload + server(at), 0, 0) };
            least(&mut more.tail[0], (last_cost - last) / 2 + tail);
            least(&mut more.tail[1], last_cost - ends + tail);
            if at < end || !is_end {
                least(&mut more.head[0], cost - begins + head);
                least(&mut more.head[1], (last_cost - last) / 2 + head);
                least(&mut more.arrives, price(0, 0, device(at) + upload));
            }
        }
        if is_picture {
            // Perhaps nothing begins on the device at all.
            least(&mut more.tail[1], starts - ends + price(own_upload + server(start), 0, 0));
        }
        least(&mut more.arrives, price(0, 0, tile[start].upload));
        [keeps, keeps.min(sends), begins, last, open, ends, starts].map(|cost| cost.min(NEVER))
    }
}

impl Held<'_> {
    /// ns until all of this is on the device that a tile of the next block reads, which begins `at` some stage, or that the
    /// transposed tile reads, for which it may stand.
    fn until_reads(&self, read: Region, at: usize, tiles: Tiles) -> u64 {
        let until = self.until_has(read, at, tiles);
        let is_one_way = matches!(self.grids, Grids::Even(_) | Grids::Placed(..));
        if is_one_way { until.min(self.until_has(Region::new(read.columns, read.rows), at, tiles)) } else { until }
    }

    /// ns until all of this is on the device that the next block reads, which begins `at` some stage, at least. Whatever
    /// tiles hold it take no less together than one that ends with a part of it.
    fn until_has(&self, read: Region, at: usize, tiles: Tiles) -> u64 {
        let device = |single: &Single, tile: usize| {
            let tile = &single.columns[tile];
            tile[at - single.from].device - tile[self.first - single.from].device
        };
        if let Grids::Even(end) = self.grids {
            let Some(single) = tiles.singles.ends.get(*end) else { return 0 };
            let meets = |&tile: &usize| !single.columns[tile].region(single.from, at).intersect(read).is_empty();
            return (0..single.columns.len()).filter(meets).map(|tile| device(single, tile)).sum();
        }
        let Some(spans) = tiles.spans(at - 1) else { return 0 };
        let places = |axis: usize, span: Span| {
            let places = &spans.axes()[axis];
            let (from, to) = match self.grids {
                // Boundaries lie at places.
                Grids::Placed(..) => (
                    places.partition_point(|&at| at <= span.start()).saturating_sub(1),
                    places.partition_point(|&at| at < span.end()),
                ),
                _ => (
                    places.partition_point(|&at| at < span.start()),
                    places.partition_point(|&at| at <= span.end()).saturating_sub(1),
                ),
            };
            (from < to && to < places.len()).then_some([from, to])
        };
        let box_of = (places(0, read.rows), places(1, read.columns));
        if let (Some(rows), Some(columns)) = box_of { device(spans.all(), spans.tile(rows, columns)) } else { 0 }
    }
}

/// This part of a price, rounded down.
fn part_of(price: i64, part: i64) -> i64 {
    ((i128::from(price) * i128::from(part)) >> PART) as i64
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
