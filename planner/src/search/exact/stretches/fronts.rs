//! What all before a boundary costs, block by block, and what that proves of what may come behind.

use super::costs::{Costs, Lists};
use super::reads::Between;
use super::{Entry, Front, Stretches};
use crate::bounds::{ByCount, NEVER, Singles};
use crate::search::exact::MANY;
use crate::search::exact::general::Beyond;

/// A fused block behind some others.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The end of the last one before it.
    pub before: Option<usize>,
    /// The boundary behind that.
    pub at: usize,
    /// Itself, by its place in [`Stretches::entries`].
    pub entry: usize,
}

/// All before a fused block.
struct Reached {
    device: i64,
    /// The device was left in the block that is not split right before it, or earlier.
    server: [i64; 2],
}

/// How a fused block of a connected space is joined to what comes before it.
pub enum Joint<'r> {
    /// It reads another fused block.
    Adjacent(Between<'r>),
    /// It reads a block that is not split, or the picture. By number of tiles that start on the server: ns of sending
    /// to them; and how many tiles begin on the device at least.
    Alone(Vec<u64>, usize),
    /// All before it runs on the device, sends nothing, and is one of these; so all its tiles begin there, so many.
    Headed(&'r [Beyond], usize),
    /// The space is not connected.
    Unknown,
}

impl<'r> Joint<'r> {
    /// What it reads, if that may matter where all of it starts on the server.
    fn ceded(&self) -> Option<&Between<'r>> {
        match self {
            Self::Adjacent(between) if !between.waits_for_all() => Some(between),
            _ => None,
        }
    }
}

impl Costs {
    /// Bounds of all before with a fused block more, by how it starts: with no fused block behind it, with some of which
    /// the next starts on the server whole, and with others.
    pub fn bounds(&self, stretches: &Stretches, front: &Front, place: Place, joint: &Joint) -> [[i64; 3]; 3] {
        let fused = &self.fused[place.entry];
        let reached = self.reached(stretches, front, place);
        let behind = self.behind[stretches.entries[place.entry].behind];
        let [mut none, mut some] = behind.map(|behind| {
            let server = reached.server.map(|server| server + fused.server + behind.server);
            [(reached.device + fused.device + behind.device).min(server[0]), NEVER, server[1]]
        });
        let mut closed = [NEVER, NEVER, some[2]];
        some[2] = NEVER;
        let Lists { later, first: as_first, held: [_, holds], ceded: [ceded, cedes] } = fused.lists();
        if let Some(between) = joint.ceded() {
            for late in 1..=between.before() {
                let follow = between.follow(late);
                none[2] = none[2].min(front.closed[late] + ceded[follow] + behind[0].server);
                closed[2] = closed[2].min(front.closed[late] + cedes[follow]);
            }
        }
        for begin in 0..holds.len() {
            let [held, first, both] = self.begins(stretches, front, (&reached, joint), begin);
            none[0] = none[0].min(first + as_first[0][begin]);
            closed[0] = closed[0].min(first + as_first[1][begin]);
            some[0] = some[0].min(first + as_first[2][begin]).min(held + holds[begin]);
            none[1] = none[1].min(both + later[0][begin]);
            closed[1] = closed[1].min(both + later[1][begin]);
            some[1] = some[1].min(both + later[2][begin]);
        }
        [none, closed, some]
    }

    /// All before, with a fused block more.
    pub fn append(
        &self,
        stretches: &Stretches,
        singles: &Singles,
        front: &Front,
        (place, joint): (Place, &Joint),
    ) -> Front {
        let Entry { end, first, .. } = stretches.entries[place.entry];
        let fused = &self.fused[place.entry];
        let reached = self.reached(stretches, front, place);
        let never = vec![NEVER; singles.ends[end].columns.len() + 1];
        let mut made = Front {
            device: reached.device + fused.device,
            held: never.clone(),
            closed: never.clone(),
            server: reached.server[0].min(reached.server[1]) + fused.server,
            open: never,
        };
        if stretches.reads.is_some() {
            let counts: ByCount = singles.ends[end].by_count(first, self.weights, stretches.slots);
            let Lists { held: [holds, _], ceded: [ceded, _], .. } = fused.lists();
            for (begin, holds) in holds.iter().enumerate() {
                let [held, first, later] = self.begins(stretches, front, (&reached, joint), begin);
                made.held[begin] = held + holds;
                let begins = (first + counts.head(begin)).min(later);
                let [ends, first_ends] = counts.ends(begin);
                let closed = (first + first_ends).min(later + ends);
                made.closed[1] = made.closed[1].min(closed);
                for stay in 1..=begin.min(counts.tiles() - 1) {
                    made.open[stay] = made.open[stay].min(begins + counts.goes_on(begin, stay));
                }
            }
            if let Some(between) = joint.ceded() {
                for late in 1..=between.before() {
                    let closed = &mut made.closed[between.follow(late)];
                    *closed = (*closed).min(front.closed[late] + ceded[between.follow(late)]);
                }
            }
        }
        made.capped()
    }

    fn reached(&self, stretches: &Stretches, front: &Front, place: Place) -> Reached {
        let &Front { device, server, ref closed, .. } = front;
        let first = stretches.entries[place.entry].first;
        if place.at == first {
            return Reached { device, server: [NEVER, server] };
        }
        let whole = self.whole(place.at, first);
        let left = closed.iter().copied().min().unwrap_or(NEVER).min(server);
        Reached { device: device + whole.device, server: [device + whole.leaves, left + whole.server] }
    }

    /// All before a block of which so many tiles begin on the device, or have ended there before the first transfer if
    /// it is held, and what is sent to it: where it is held; where it is the first that leaves the device; where the
    /// one before is on both sides.
    fn begins(
        &self,
        stretches: &Stretches,
        front: &Front,
        (reached, joint): (&Reached, &Joint),
        begin: usize,
    ) -> [i64; 3] {
        let uplink = self.weights.0[1];
        let price = |time: u64| (uplink * time) as i64;
        match joint {
            Joint::Adjacent(between) if begin > 0 => {
                let (all, starts) = (between.before(), between.tiles() - begin);
                let read = between.read(begin);
                let later = (read..all).map(|stay| front.open[stay] + price(between.upload(starts, all - stay)));
                let first = front.held[between.ended(begin)] + price(between.upload(starts, 0));
                let [held, first] = match between.waits_for_all() || stretches.has_cores() {
                    true => [NEVER, if starts > 0 { first } else { NEVER }],
                    false => [front.held[read], first],
                };
                [held, first, later.min().unwrap_or(NEVER)]
            }
            Joint::Alone(sent, least) => {
                let starts = sent.len() - 1 - begin;
                let first = if begin < *least { NEVER } else { reached.device + price(sent[starts]) };
                [if begin > 0 { reached.device } else { NEVER }, first, NEVER]
            }
            Joint::Headed(heads, tiles) if MANY => {
                let [device, rests] = [self.weights.price(1, 0, 0), self.weights.price(0, 1, 1)];
                let cost = heads.iter().map(|head| (device * head.total() + rests * head.next) as i64);
                let cost = if begin > 0 { cost.min().unwrap_or(NEVER) } else { NEVER };
                [cost, if begin == *tiles { cost } else { NEVER }, NEVER]
            }
            _ => [NEVER; 3],
        }
    }
}
