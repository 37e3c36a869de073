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
//! the other superfluous: whatever is added to both, it stays so, for the server's part is nothing or holds what
//! its slots wait for, which comes with its first work. What is left is priced as there.

use super::prices::Prices;
use super::trail::{START, Trail};
use super::{Choice, Class, Solver};
use crate::base::{ascending, order};
use crate::bounds::SCALE;

/// Which sums are kept.
#[derive(Clone, Copy)]
pub enum Which {
    /// Those that no other is below.
    Least,
    /// All.
    All,
}

/// What jobs chosen for so far take.
#[derive(Clone, Copy)]
pub struct Sum {
    load: [u64; 3],
    /// Their choices.
    pub trail: u32,
    /// The last of them, within its class.
    choice: usize,
}

impl Solver<'_> {
    /// Choices for all jobs with which a sequence may end before `limit`, the most promising first: all
    /// of them, or the least sums alone, which are none only if there are none at all. None where more
    /// than `most` sums are needed to tell.
    pub(super) fn chosen(&self, limit: u64, which: Which, most: u64) -> Option<(Trail, Vec<Sum>)> {
        let mut trail = Trail::default();
        let [k, m] = self.shop.slots.map(|slots| slots as u64);
        // What the server's slots wait for, as soon as anybody waits for the server.
        let waits = m * self.first_arrival();
        let mut load = self.edges(self.shop.sent);
        load[2] += if self.shop.tail.is_some() { waits } else { 0 };
        let mut sums = vec![Sum { load, trail: START, choice: 0 }];
        let mut left = self.all.counts.clone();
        let below = limit.saturating_sub(1).saturating_mul(SCALE);
        let mut room = Vec::with_capacity(self.prices.len());
        for (index, class) in self.shop.classes.iter().enumerate() {
            for sum in &mut sums {
                sum.choice = 0;
            }
            let [first, further] = [waits, 0].map(|waits| self.added(class, waits));
            for _ in 0..class.count {
                left[index] -= 1;
                let rest: Vec<u64> = self.prices.iter().map(|prices| prices.least(&left)).collect();
                let mut next = Vec::new();
                for sum in &sums {
                    if !self.leaves(sum.load, &rest, below, &mut room) {
                        continue;
                    }
                    // Choices of one class come once, in order, unless a sum stands for others: those may
                    // go on with any.
                    let from = match which {
                        Which::Least => 0,
                        Which::All => sum.choice,
                    };
                    let added = if sum.load[2] > 0 { &further } else { &first };
                    for (choice, (own, prices)) in added.iter().enumerate().skip(from) {
                        if prices.iter().zip(&room).all(|(price, room)| price <= room) {
                            let load = [0, 1, 2].map(|i| sum.load[i] + own[i]);
                            next.push(Sum { load, trail: trail.add(sum.trail, index, choice), choice });
                        }
                    }
                }
                if trail.len() as u64 > most {
                    return None;
                }
                sums = match which {
                    Which::Least => least(&next),
                    Which::All => next,
                };
            }
        }
        let end = |sum: &Sum| -> u64 {
            let [device, uplink, server] = sum.load;
            (device / k).max(uplink).max(server / m)
        };
        let ends: Vec<u64> = sums.iter().map(end).collect();
        Some((trail, ascending(&ends).into_iter().map(|at| sums[at]).collect()))
    }

    /// Whether a load and what jobs left cost at least leave anything below a price; by prices, how much is `room`.
    fn leaves(&self, [device, uplink, server]: [u64; 3], rest: &[u64], below: u64, room: &mut Vec<u64>) -> bool {
        let price = |prices: &Prices| prices.weights.price(device, uplink, server);
        let rooms = self.prices.iter().zip(rest);
        room.clear();
        room.extend(rooms.map_while(|(prices, rest)| below.checked_sub(price(prices) + rest)));
        room.len() == self.prices.len()
    }

    /// By choice of a class: what it adds to a sum, and its prices; `waits` are added to the server's first work.
    fn added(&self, class: &Class, waits: u64) -> Vec<([u64; 3], Vec<u64>)> {
        let added = |choice: &Choice| {
            let [device, uplink, server] = choice.load();
            let server = if server > 0 { server + waits } else { 0 };
            let prices = self.prices.iter().map(|prices| prices.weights.price(device, uplink, server));
            ([device, uplink, server], prices.collect())
        };
        class.choices.iter().map(added).collect()
    }
}

/// The sums that no other is below.
fn least(sums: &[Sum]) -> Vec<Sum> {
    let best = order(sums.len(), &|a, b| sums[a].load.cmp(&sums[b].load));
    let mut kept = Vec::new();
    // Uplink and server of those kept that no other is below in both: the one grows, the other falls.
    let mut stairs: Vec<[u64; 2]> = Vec::new();
    for at in best {
        let [_, uplink, server] = sums[at].load;
        let place = stairs.partition_point(|stair| stair[0] <= uplink);
        if place > 0 && stairs[place - 1][1] <= server {
            continue;
        }
        kept.push(sums[at]);
        let place = stairs.partition_point(|stair| stair[0] < uplink);
        while stairs.get(place).is_some_and(|stair| stair[1] >= server) {
            stairs.remove(place);
        }
        stairs.insert(place, [uplink, server]);
    }
    kept
}
