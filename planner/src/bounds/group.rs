//! What a fused block costs that has other fused blocks right before or behind it.

use super::Weights;
use super::singles::{Single, Times};
use crate::base::sort_few;

/// No plan goes on like that. Sums of a few stay far below the largest number.
pub const NEVER: i64 = i64::MAX / 16;

/// What the quickest tiles of a fused block take, by their number, from none on.
#[derive(Clone, Debug)]
pub struct Quickest {
    /// On the device, whole.
    pub on_device: Vec<u64>,
    /// On the server, whole.
    pub on_server: Vec<u64>,
}

/// What it costs that slots rest at an edge of a group: where all tiles of a block start on the server, where some do,
/// and where none does.
type Edge = [i64; 3];

/// What a fused block costs at least by how many of its tiles begin on the device and how many of them stay, without
/// transfers to it: those are of what others send. In units of [`super::SCALE`]·ns.
///
/// Each tile costs its cheapest way, and what its own way costs more; of the tiles of each kind at least what that
/// many cost more that cost least more.
#[derive(Debug)]
pub struct ByCount {
    /// Of tiles that stay and send nothing, by their number; with all tiles' cheapest ways.
    stays: Vec<u64>,
    /// Of tiles that begin on the device and end on the server.
    leaves: Vec<u64>,
    /// Of tiles that start on the server.
    starts: Vec<u64>,
    /// Where what comes next is on the server whole, so that what stays sends its cell: of tiles that begin on the
    /// device; with all tiles' cheapest ways.
    last_begins: Vec<u64>,
    /// Of tiles that start on the server, there.
    last_starts: Vec<u64>,
    /// Before the server's first operation and the uplink's first transfer, where all before is on the device: if
    /// some tiles stay, and where what comes next is on the server.
    heads: [Edge; 2],
    /// After the device's last operation, where what comes next is on the server: of a block that has a head there, and
    /// of another.
    tails: [Edge; 2],
}

impl ByCount {
    /// Number of tiles.
    pub fn tiles(&self) -> usize {
        self.starts.len() - 1
    }

    /// So many tiles begin on the device, of which so many stay there and send what others read, who pay for it.
    pub fn goes_on(&self, begin: usize, stay: usize) -> i64 {
        (self.stays[stay] + self.leaves[begin - stay] + self.starts[self.tiles() - begin]) as i64
    }

    /// So many tiles begin on the device, and what comes next is on the server whole; where a block before is on both
    /// sides, and where all before is on the device.
    pub fn ends(&self, begin: usize) -> [i64; 2] {
        let sum = (self.last_begins[begin] + self.last_starts[self.tiles() - begin]) as i64;
        [sum + self.edge(self.tails[1], begin), sum + self.edge(self.heads[1], begin) + self.edge(self.tails[0], begin)]
    }

    /// What [`ByCount::goes_on`] leaves out where all before is on the device.
    pub fn head(&self, begin: usize) -> i64 {
        self.edge(self.heads[0], begin)
    }

    fn edge(&self, edge: Edge, begin: usize) -> i64 {
        edge[usize::from(begin > 0) + usize::from(begin == self.tiles())]
    }
}

/// Sums of the least so many, from `sum` on.
pub fn least_sums(mut sum: u64, mut all: Vec<u64>) -> Vec<u64> {
    sort_few(&mut all);
    let mut sums = Vec::with_capacity(all.len() + 1);
    sums.push(sum);
    for more in all {
        sum = (sum + more).min(NEVER as u64);
        sums.push(sum);
    }
    sums
}

/// A way of a tile: so much on the device, sent, and on the server.
#[derive(Clone, Copy, Debug)]
struct Way {
    device: u64,
    upload: u64,
    server: u64,
}

impl Way {
    /// Before the uplink's and the server's first work, if it is the first that sends; whether others can be sent
    /// something from the beginning.
    fn head(self, weights: Weights, slots: [u64; 2], others: bool) -> i64 {
        let Self { device, upload, .. } = self;
        // What sends nothing lets the server go on at once.
        let before = if upload > 0 { device + upload } else { 0 };
        weights.price(0, if upload > 0 && !others { device } else { 0 }, slots[1] * before) as i64
    }

    /// After the device's last work, if that is its.
    fn tail(self, weights: Weights, slots: [u64; 2]) -> i64 {
        let behind = if self.upload > 0 { self.upload + self.server } else { 0 };
        weights.price(slots[0] * behind, 0, 0) as i64
    }
}

impl Single {
    /// What the block that begins at `first` costs by how many of its tiles are where; on so many slots.
    pub fn by_count(&self, first: usize, weights: Weights, slots: [u64; 2]) -> ByCount {
        let (start, end) = (first - self.from, self.last + 1 - self.from);
        let (mut total, mut last_total) = (0, 0);
        let mut more: [Vec<u64>; 5] = std::array::from_fn(|_| Vec::with_capacity(self.columns.len()));
        let (mut heads, mut tails) = ([[NEVER; 3]; 2], [[NEVER; 3]; 2]);
        for column in &self.columns {
            let way = |at: usize| Way {
                device: column[at].device - column[start].device,
                upload: column[at].upload,
                server: column[end].server - column[at].server,
            };
            let price = |way: Way| weights.price(way.device, way.upload, way.server) as i64;
            let stays = weights.price(way(end).device, 0, 0) as i64;
            // Transfers to it are of what others send, but of the picture.
            let starts = weights.price(0, if first == 0 { way(start).upload } else { 0 }, way(start).server) as i64;
            let leaves = (start + 1..end).map(|at| price(way(at))).min().unwrap_or(NEVER);
            let last_begins = leaves.min(price(way(end)));
            let (least, last_least) = (stays.min(leaves).min(starts), last_begins.min(starts));
            total += least;
            last_total += last_least;
            let regrets =
                [stays - least, leaves - least, starts - least, last_begins - last_least, starts - last_least];
            for (all, regret) in more.iter_mut().zip(regrets) {
                all.push(regret as u64);
            }

            let least_of = |known: &mut i64, cost: i64| *known = cost.min(*known);
            let tail =
                weights.price(slots[0] * (way(start).server + if first == 0 { way(start).upload } else { 0 }), 0, 0);
            for kind in [0, 1] {
                heads.iter_mut().for_each(|head| least_of(&mut head[kind], way(start).head(weights, slots, true)));
                tails.iter_mut().for_each(|edge| least_of(&mut edge[kind], tail as i64));
            }
            for at in start + 1..=end {
                for kind in [1, 2] {
                    let head = way(at).head(weights, slots, kind == 1);
                    let sent = if at < end { price(way(at)) - leaves } else { 0 };
                    // What is sent of a tile that stays may be less than its cell.
                    let stays = Way { upload: 1, ..way(at) };
                    let open = if at < end { head } else { stays.head(weights, slots, kind == 1) };
                    least_of(&mut heads[0][kind], sent + open);
                    let last = price(way(at)) - last_begins;
                    let tail = way(at).tail(weights, slots);
                    // A block's head and its tail may be of the same tile.
                    least_of(&mut heads[1][kind], last / 2 + head);
                    least_of(&mut tails[0][kind], last / 2 + tail);
                    least_of(&mut tails[1][kind], last + tail);
                }
            }
        }
        let [stays, leaves, starts, last_begins, last_starts] = more;
        ByCount {
            stays: least_sums(total as u64, stays),
            leaves: least_sums(0, leaves),
            starts: least_sums(0, starts),
            last_begins: least_sums(last_total as u64, last_begins),
            last_starts: least_sums(0, last_starts),
            heads,
            tails,
        }
    }

    /// What tiles of a group of fused blocks take, on so many slots.
    pub fn quickest(&self, first: usize, slots: [u64; 2]) -> Quickest {
        let (start, end) = (first - self.from, self.last + 1 - self.from);
        let quickest = |side: fn(&Times) -> u64, slots: u64| {
            let times = self.columns.iter().map(|column| side(&column[end]) - side(&column[start]));
            let mut sums = least_sums(0, times.collect());
            if slots > 1 {
                // Others may run beside the first.
                let least = sums[1];
                sums[1..].fill(least);
            }
            sums
        };
        Quickest {
            on_device: quickest(|times| times.device, slots[0]),
            on_server: quickest(|times| times.server, slots[1]),
        }
    }
}
