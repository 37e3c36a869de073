//! What the jobs of a shop take of device, uplink and server in all, whatever their order.
//!
//! Prices bound a shop as if jobs could be split between choices; where few jobs of many kinds have to
//! balance three resources, that leaves a gap which only appending whole jobs in every order closes.
//! Here each job makes one choice, and order is left out: a *sum* is what the jobs chosen for so far
//! take of each resource, besides what comes before and behind them.
//!
//! Why nothing is lost: each resource's work fits between its first moment and the end, less what must
//! follow (`shop`, *Bound* and *Arrival*), so a sequence that ends before the limit has a sum none of
//! whose parts reaches it. Of two sums of the same jobs one that is no larger in all three parts makes
//! the other superfluous, for what is added and what is asked of them grows with each part. What is
//! left is priced as there.

use super::Shop;
use super::prices::Prices;
use super::trail::{START, Trail};
use crate::base::order;
use crate::bounds::SCALE;

/// What surrounds the jobs of a shop.
pub struct Around<'s> {
    /// The shop.
    pub shop: &'s Shop,
    /// What each resource's slots together cannot use, with nothing chosen.
    pub edges: [u64; 3],
    /// When the server may begin with what has work there.
    pub arrival: u64,
    /// Prices of jobs.
    pub prices: &'s [Prices],
}

/// Which sums are kept.
#[derive(Clone, Copy)]
pub enum Which {
    /// Those that no other is below.
    Least,
    /// All.
    All,
}

/// What jobs chosen for so far take, and their choices.
struct Sum {
    load: [u64; 3],
    trail: u32,
}

impl Around<'_> {
    /// Choices for all jobs, as class and choice, with which a sequence may end before `limit`, the
    /// most promising first: all of them, or the least sums alone, which are none only if there are
    /// none at all. None where more than `most` sums are needed to tell.
    pub fn chosen(&self, limit: u64, which: Which, most: u64) -> Option<Vec<Vec<(usize, usize)>>> {
        let mut trail = Trail::default();
        let mut sums = vec![Sum { load: self.edges, trail: START }];
        let mut left: Vec<u64> = self.shop.classes.iter().map(|class| class.count as u64).collect();
        for (index, class) in self.shop.classes.iter().enumerate() {
            for _ in 0..class.count {
                left[index] -= 1;
                let rest: Vec<u64> = self.prices.iter().map(|prices| prices.least(&left)).collect();
                let mut next = Vec::new();
                for sum in &sums {
                    // Jobs of one class choose in order: otherwise choices would come several times.
                    let from = trail.last(sum.trail).filter(|(last, _)| *last == index).map_or(0, |(_, from)| from);
                    for (number, choice) in class.choices.iter().enumerate().skip(from) {
                        let own = choice.load();
                        let load = [0, 1, 2].map(|i| sum.load[i] + own[i]);
                        if !self.is_late(load, &rest, limit) {
                            next.push(Sum { load, trail: trail.add(sum.trail, index, number) });
                        }
                    }
                }
                if trail.len() as u64 > most {
                    return None;
                }
                sums = match which {
                    Which::Least => least(next),
                    Which::All => next,
                };
            }
        }
        let ends: Vec<Option<u64>> = sums.iter().map(|sum| self.end(sum.load)).collect();
        let best = order(sums.len(), &|a, b| ends[a].cmp(&ends[b]));
        Some(best.into_iter().map(|at| trail.jobs(sums[at].trail)).collect())
    }

    /// What no sequence of jobs that take this load can beat.
    fn end(&self, load: [u64; 3]) -> Option<u64> {
        let each = self.waiting(load).into_iter().zip(self.slots());
        each.map(|(load, slots)| load.div_ceil(slots)).max()
    }

    fn slots(&self) -> [u64; 3] {
        [self.shop.slots[0] as u64, 1, self.shop.slots[1] as u64]
    }

    /// A load with what the server's slots wait for.
    fn waiting(&self, [device, uplink, server]: [u64; 3]) -> [u64; 3] {
        // Where nothing follows and nothing runs on the server, nobody waits for it.
        let waits = if self.shop.tail.is_some() || server > self.edges[2] { self.arrival } else { 0 };
        [device, uplink, server + self.slots()[2] * waits]
    }

    /// Whether no completion of a load can end before `limit` where the jobs left cost `rest`.
    fn is_late(&self, load: [u64; 3], rest: &[u64], limit: u64) -> bool {
        let [device, uplink, server] = self.waiting(load);
        let below = limit.saturating_sub(1).saturating_mul(SCALE);
        let mut prices = self.prices.iter().zip(rest);
        prices.any(|(prices, rest)| prices.weights.price(device, uplink, server) + rest > below)
    }
}

/// The sums that no other is below.
fn least(sums: Vec<Sum>) -> Vec<Sum> {
    let best = order(sums.len(), &|a, b| sums[a].load.cmp(&sums[b].load));
    let mut is_kept = vec![false; sums.len()];
    // Uplink and server of those kept that no other is below in both: the one grows, the other falls.
    let mut stairs: Vec<[u64; 2]> = Vec::new();
    for at in best {
        let [_, uplink, server] = sums[at].load;
        let place = stairs.partition_point(|stair| stair[0] <= uplink);
        if place > 0 && stairs[place - 1][1] <= server {
            continue;
        }
        is_kept[at] = true;
        let from = stairs.partition_point(|stair| stair[0] < uplink);
        let covered = stairs[from..].iter().take_while(|stair| stair[1] >= server).count();
        stairs.splice(from..from + covered, [[uplink, server]]);
    }
    sums.into_iter().zip(is_kept).filter(|(_, is_kept)| *is_kept).map(|(sum, _)| sum).collect()
}
