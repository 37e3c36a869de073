//! What a fused block costs that has other fused blocks right before or behind it.

use super::Weights;
use super::singles::{Column, Single, Times, Ways, wire_floor};
use crate::cost::CostModel;

/// What transfers between fused blocks cost, and what tiles there are for certain: see
/// [`Single::group_prices`].
#[derive(Clone, Copy, Debug)]
pub struct Toll {
    /// For each ns that starting on the server takes of the transfers to it.
    pub taken: u64,
    /// For each ns that the next fused block saves by what ends on the server; none where none follows.
    pub given: Option<u64>,
    /// Whether all before is on the device: then a tile that starts on the server, if not with the picture, waits
    /// for a transfer with its latency.
    pub has_latency: bool,
    /// Whether some tile for certain stays on the device, ends on the server, begins on the device, starts on the
    /// server. Of a block that begins with the picture only the first two count.
    pub some: [bool; 4],
}

/// What the quickest tile of a fused block takes.
#[derive(Clone, Copy, Debug)]
pub struct GroupEdges {
    /// To the first moment at which the server can work, if all before is on the device.
    pub arrival: u64,
    /// From the end of its device part to its end on the server.
    pub behind: u64,
    /// On the device, whole.
    pub on_device: u64,
    /// On the server, whole.
    pub on_server: u64,
}

impl Single {
    /// Σ over tiles of the least price over their cuts, by first stage from `start` on, where other
    /// fused blocks come right before or behind. A tile that starts on the server pays `taken` for each
    /// ns of its part of the transfers to it. Where `given` is there, another fused block follows: what
    /// stays on the device sends nothing, what ends on the server is paid `given` for each ns that its
    /// cell would have taken. Added is what tiles that there are for certain cost more than at their cheapest.
    pub fn group_prices(&self, model: &CostModel, weights: Weights, toll: Toll) -> Vec<i64> {
        let latency = (weights.0[1] * model.platform().link.latency.0) as i64;
        let firsts = self.last + 1 - self.start;
        // Of all ways, and where none starts on the server: the sum, and what some tile costs more.
        let mut sums = vec![[0; 2]; firsts];
        let mut more = vec![[[i64::MAX; 4]; 2]; firsts];
        for column in &self.columns {
            self.each_way(
                model,
                column,
                weights,
                (toll.taken, toll.given),
                self.start,
                |first, [stays, leaves, starts]| {
                    let on_device = stays.min(leaves);
                    for (at, (least, ends)) in
                        [(on_device.min(starts), leaves.min(starts)), (on_device, leaves)].into_iter().enumerate()
                    {
                        sums[first - self.start][at] += least;
                        for (known, cost) in
                            more[first - self.start][at].iter_mut().zip([stays, ends, on_device, starts])
                        {
                            *known = (*known).min(cost - least);
                        }
                    }
                },
            );
        }
        let all = (self.start..).zip(sums.into_iter().zip(more));
        let sum = |(first, ([total, on_device], [of_all, of_device])): (usize, ([i64; 2], [[i64; 4]; 2]))| {
            // All tiles of the picture may start on the server, in transfers of their own.
            let some = if first == 0 { [toll.some[0], toll.some[1], false, false] } else { toll.some };
            let most = |more: [i64; 4], counted: usize| {
                more.into_iter()
                    .zip(some)
                    .take(counted)
                    .filter(|(_, some)| *some)
                    .map(|(more, _)| more)
                    .max()
                    .unwrap_or(0)
            };
            let total = total + most(of_all, 4);
            match toll.has_latency && first > 0 {
                true => (total + latency).min(on_device + most(of_device, 3)),
                false => total,
            }
        };
        all.map(sum).collect()
    }

    /// The least prices of a tile's ways as in [`Single::group_prices`], where the block begins at `first`: of
    /// staying on the device, of beginning there and ending on the server, of starting on the server. `charged` is
    /// what is taken and given: see [`Toll`].
    pub fn tile_prices(
        &self,
        model: &CostModel,
        weights: Weights,
        charged: (u64, Option<u64>),
        (tile, first): (usize, usize),
    ) -> [i64; 3] {
        let mut prices = [0; 3];
        self.each_way(model, &self.columns[tile], weights, charged, first, |_, ways| prices = ways);
        prices
    }

    /// Visits a tile's least prices by first stage, from the last one down to `lowest`.
    fn each_way(
        &self,
        model: &CostModel,
        column: &Column,
        weights: Weights,
        (taken, given): (u64, Option<u64>),
        lowest: usize,
        mut visit: impl FnMut(usize, [i64; 3]),
    ) {
        let [device, uplink, server] = weights.0;
        let end = self.last + 1 - self.from;
        let cell = model.wire_bytes(self.last + 1, column.region(self.from, self.last + 1));
        let paid = (given.unwrap_or(0) * (wire_floor(cell, model.platform().link.uplink_kbps) + 1)) as i64;
        let priced = |at: usize, up: u64| {
            let server = server * (column[end].server - column[at].server);
            (device * column[at].device + up + server) as i64 - paid
        };
        let up = if given.is_some() { 0 } else { uplink * column[end].upload };
        let stays = (device * column[end].device + up) as i64;
        let mut leaves = i64::MAX / 2;
        for first in (lowest..=self.last).rev() {
            let at = first - self.from;
            let up = if first == 0 { uplink * column[at].upload } else { taken * column[at].share };
            let before = (device * column[at].device) as i64;
            visit(first, [stays, leaves, priced(at, up)].map(|price| price - before));
            leaves = leaves.min(priced(at, uplink * column[at].upload));
        }
    }

    /// What single tiles of a group of fused blocks take, in which the device is left.
    pub fn group_edges(&self, first: usize) -> GroupEdges {
        let Ways { behind, arrival } = self.all_ways()[first - self.start];
        let (start, end) = (first - self.from, self.last + 1 - self.from);
        let least = |side: fn(&Times) -> u64| {
            let times = self.columns.iter().map(|column| side(&column[end]) - side(&column[start]));
            times.min().unwrap_or(0)
        };
        GroupEdges { arrival, behind, on_device: least(|t| t.device), on_server: least(|t| t.server) }
    }
}
