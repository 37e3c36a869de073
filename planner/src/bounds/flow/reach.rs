//! What groups cost, block by block.

use super::block::{Block, Costs, Held, WAYS};
use super::{Flow, Grids, Link, NEVER, Shape, Tiles};
use crate::bounds::Weights;

/// What all groups that begin at a stage cost, block by block.
pub struct Reach<'a> {
    /// What they are of.
    pub flow: &'a Flow,
    /// Their first stage.
    pub first: usize,
    /// The last of theirs at most.
    pub last: usize,
    /// The one that counts, if not all do.
    pub shape: Option<Shape>,
    /// What is known of their blocks, from the first on.
    pub links: &'a [Link],
    /// By boundary: the prices of what is read there on device and server.
    pub potentials: &'a [[i64; 2]],
    /// The prices of time.
    pub weights: Weights,
    /// All tiles.
    pub tiles: Tiles<'a>,
}

/// What some blocks cost that end at a boundary, by their number.
#[derive(Clone)]
struct Reached {
    /// All of them hold.
    held: Vec<i64>,
    /// The last one and the next are on both sides; by shape so far.
    open: Vec<[i64; 8]>,
    /// What comes next is on the server; by shape.
    done: Vec<[i64; Shape::COUNT]>,
    /// Blocks that end there and may hold, with their first stage, and ns until anything is ready that they read.
    holds: Vec<(usize, u64, Costs)>,
}

fn put(known: &mut i64, cost: i64) {
    *known = cost.min(*known).min(NEVER);
}

impl Reach<'_> {
    fn wants(&self, bit: u8, value: bool) -> bool {
        self.shape.is_none_or(|shape| shape.has(bit) == value)
    }

    fn price(&self, device: u64, uplink: u64, server: u64) -> i64 {
        self.weights.price(device, uplink, server) as i64
    }

    /// By boundary, by number of blocks, by shape: what groups cost that end there.
    pub fn done(self) -> Vec<Vec<[i64; Shape::COUNT]>> {
        let wide = self.flow.most + 1;
        let none = Reached {
            held: vec![NEVER; wide],
            open: vec![[NEVER; 8]; wide],
            done: vec![[NEVER; Shape::COUNT]; wide],
            holds: Vec::new(),
        };
        let mut all = vec![none; self.flow.stages() + 1];
        all[self.first].held[0] = 0;
        let known = |count: usize| self.links.get(count).map(|link| link.last);
        for at in self.first..=self.last {
            let counts: Vec<usize> = (0..self.flow.most)
                .filter(|&count| all[at].is_reached(count) || count == 0 && at == self.first)
                .collect();
            if counts.is_empty() {
                continue;
            }
            for last in self.flow.ends(at).take_while(|&last| last <= self.last) {
                let is_meant = |&&count: &&usize| known(count).is_none_or(|known| known == last);
                let counts: Vec<usize> = counts.iter().filter(is_meant).copied().collect();
                // All counts of one boundary have the same grids but where blocks are known.
                let Some(&count) = counts.first() else { continue };
                let costs = self.costs(&all[at], (at, last), count, self.asked(&counts));
                for count in counts {
                    self.add(&mut all, (at, last), count, &costs);
                }
                if self.wants(Shape::HOLDS, true) {
                    let ready = |(_, before, costs): &(usize, u64, Costs)| before + costs.quickest.on_device;
                    let before = all[at].holds.iter().map(ready).min().unwrap_or(0);
                    all[last + 1].holds.push((at, before, costs));
                }
            }
        }
        all.into_iter().map(|reached| reached.done).collect()
    }

    /// What a block costs that is behind so many.
    fn costs(&self, before: &Reached, (at, last): (usize, usize), count: usize, asked: [bool; WAYS]) -> Costs {
        let grids_of = |count: usize| self.links.get(count).map_or(&Grids::Any, |link| &link.grids);
        let grids = count.checked_sub(1).map_or(&Grids::Any, grids_of);
        let held = |&(first, before, _): &(usize, u64, Costs)| Held { first, grids, before };
        let held: Vec<Held> = before.holds.iter().map(held).collect();
        let block = Block {
            flow: self.flow,
            first: at,
            last,
            is_first: at == self.first,
            held: &held,
            weights: self.weights,
            potentials: [self.potentials[at], self.potentials[last + 1]],
            sent: self.price(0, self.flow.sent[at].saturating_sub(self.flow.latency + 1), 0),
            grids: grids_of(count),
        };
        block.costs(self.tiles, asked)
    }

    /// What is asked of a block behind any of these numbers.
    fn asked(&self, counts: &[usize]) -> [bool; WAYS] {
        let mut all = [false; WAYS];
        for &count in counts {
            all.iter_mut().zip(self.ways(count)).for_each(|(asked, more)| *asked |= more);
        }
        all
    }

    /// What is asked of the block behind so many.
    fn ways(&self, count: usize) -> [bool; WAYS] {
        let Some(shape) = self.shape else { return [true; WAYS] };
        let [holds, starts, opens, cedes] =
            [Shape::HOLDS, Shape::STARTS, Shape::OPENS, Shape::CEDES].map(|bit| shape.has(bit));
        let is_entry = holds == (count > 0);
        let is_later = count > usize::from(holds);
        [
            holds,
            holds && starts,
            is_entry && !starts && opens,
            is_entry && !starts && !opens,
            opens && (is_entry && starts || is_later),
            is_entry && starts && !opens || is_later && opens,
            cedes && is_later,
        ]
    }

    /// Adds a block to all before it.
    fn add(&self, all: &mut [Reached], (at, last): (usize, usize), count: usize, costs: &Costs) {
        let quick = costs.quickest;
        for (starts, heads) in self.heads(all, at, count).into_iter().enumerate() {
            if heads >= NEVER || !self.wants(Shape::STARTS, starts > 0) {
                continue;
            }
            let shape = usize::from(count > 0) * usize::from(Shape::HOLDS) + starts * usize::from(Shape::STARTS);
            let [opens, ends] = match starts {
                0 => [costs.begins, costs.begins_and_ends],
                _ if count == 0 => [costs.open + costs.arrives, costs.ends + costs.arrives],
                _ => [costs.open, costs.ends],
            };
            if self.wants(Shape::OPENS, true) {
                put(&mut all[last + 1].open[count + 1][shape | usize::from(Shape::OPENS)], heads + opens);
            }
            if self.wants(Shape::OPENS, false) {
                put(&mut all[last + 1].done[count + 1][shape], heads + ends);
            }
        }
        for shape in 0..8 {
            let before = all[at].open[count][shape];
            if before < NEVER {
                put(&mut all[last + 1].open[count + 1][shape], before + costs.open);
                put(&mut all[last + 1].done[count + 1][shape], before + costs.ends);
            }
        }
        let ceded = costs.ceded + self.price(quick.on_server, quick.on_server, 0);
        for shape in 0..Shape::COUNT {
            let before = all[at].done[count][shape];
            if before < NEVER && self.wants(Shape::CEDES, true) {
                put(&mut all[last + 1].done[count + 1][shape | usize::from(Shape::CEDES)], before + ceded);
            }
        }
        let before = all[at].held[count];
        if before < NEVER && self.wants(Shape::HOLDS, true) {
            put(&mut all[last + 1].held[count + 1], before + costs.holds);
        }
    }

    /// All before the first block that leaves the device, with what uplink and server wait for: where all its tiles begin
    /// there, and where some start on the server.
    fn heads(&self, all: &[Reached], at: usize, count: usize) -> [i64; 2] {
        if count == 0 {
            let is_first = at == self.first && self.wants(Shape::HOLDS, false);
            let box_sent = if self.first > 0 { self.price(0, self.flow.latency, 0) } else { 0 };
            return if is_first { [0, box_sent] } else { [NEVER; 2] };
        }
        let mut heads = [NEVER; 2];
        for (begin, until, held) in &all[at].holds {
            let before = all[*begin].held[count - 1];
            if before < NEVER {
                let quick = held.quickest;
                // What its first tile waits for is counted with that.
                put(&mut heads[0], before + held.holds);
                let ended = until + quick.on_device;
                put(&mut heads[1], before + held.holds_and_sends + self.price(0, ended, ended + self.flow.shortest));
            }
        }
        heads
    }
}

impl Reached {
    fn is_reached(&self, count: usize) -> bool {
        self.held[count] < NEVER || self.open[count].iter().chain(&self.done[count]).any(|&cost| cost < NEVER)
    }
}
