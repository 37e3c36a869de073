//! What the server may do behind a core: see *Any rest* in `several`.
//!
//! Of all behind a block that runs on the server two times matter: how long the server works, and how much of that has to
//! come after the last transfer to it. Both are sums over the blocks, as those of `heads` are: of each so many tiles come
//! late as read one at least of those of the block before that do.

use super::heads::{standing_for, together, told_apart, totals};
use super::reads::ends_at;
use super::{Entry, Stretches};
use crate::bounds::{SCALE, Singles, Weights};
use crate::search::exact::general::Beyond;

/// Rests of all blocks of a space.
#[derive(Debug)]
pub struct Rests {
    /// By end: what may come behind it; by the server's time, ascending.
    of_end: Vec<Vec<Beyond>>,
}

impl Rests {
    /// Of a connected space.
    pub fn new(stretches: &Stretches, singles: &Singles) -> Self {
        // By number of tiles that come late: of all behind an end, and of all from an entry on.
        let mut behind: Vec<Vec<Vec<Beyond>>> = vec![Vec::new(); singles.ends.len()];
        let mut from: Vec<Vec<Vec<Beyond>>> = vec![Vec::new(); stretches.entries.len()];
        for at in (1..=stretches.stages).rev() {
            let next = stretches.entries_from(at);
            for entry in next.clone() {
                let end = stretches.entries[entry].end;
                let with = |late: usize, rest: &Beyond| rest.and(stretches.ceded(singles, entry, late));
                let all = behind[end].iter().enumerate();
                from[entry] = all.map(|(late, all)| all.iter().map(|rest| with(late, rest)).collect()).collect();
            }
            for end in ends_at(&singles.ends, at) {
                let rests = |late: usize| {
                    let mut all = vec![stretches.whole_rest(at)];
                    for entry in next.clone() {
                        let between = stretches.between(end, entry).filter(|between| !between.waits_for_all());
                        all.extend(between.iter().flat_map(|between| &from[entry][between.follow(late)]));
                    }
                    told_apart(all)
                };
                behind[end] = (0..=singles.ends[end].columns.len()).map(|late| rests(late.max(1))).collect();
            }
        }
        Self { of_end: behind.into_iter().map(|all| all.into_iter().nth(1).unwrap_or_default()).collect() }
    }
}

/// Which rests of an end are meant, from one to the one behind. Without the feature `many` there are none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rested(#[cfg(feature = "many")] [u16; 2]);

impl Rested {
    /// These.
    #[cfg_attr(not(feature = "many"), expect(unused_variables))]
    pub fn new(rests: [u16; 2]) -> Self {
        Self(
            #[cfg(feature = "many")]
            rests,
        )
    }

    /// The first, and the one behind the last.
    pub fn range(self) -> [u16; 2] {
        #[cfg(feature = "many")]
        return self.0;
        #[cfg(not(feature = "many"))]
        [0; 2]
    }

    /// The first half and the second, if there are several.
    pub fn halves(self) -> Option<[Self; 2]> {
        let [from, to] = self.range();
        let middle = from.midpoint(to);
        (to > from + 1).then(|| [[from, middle], [middle, to]].map(Self::new))
    }
}

impl Stretches {
    /// All behind a boundary is one block, or nothing.
    fn whole_rest(&self, boundary: usize) -> Beyond {
        // At these prices all that comes after the last transfer costs its time, and nothing else anything.
        let uplink = Weights([0, SCALE, 0]);
        let costs = self.costs.iter().find(|costs| boundary < self.stages && costs.weights == uplink);
        let next = costs.map_or(0, |costs| costs.whole(boundary, self.stages).server.max(0) as u64 / SCALE);
        Beyond { next, besides: 0 }
    }

    /// What a block adds that runs on the server whole, of which so many tiles come late.
    fn ceded(&self, singles: &Singles, entry: usize, late: usize) -> Beyond {
        let Entry { end, first, .. } = self.entries[entry];
        let [_, server] = singles.ends[end].loads(first);
        let next = self.quickest[entry].on_server[late].min(server);
        Beyond { next, besides: server - next }
    }

    fn rests_of(&self, end: usize) -> &[Beyond] {
        self.beyond().map_or(&[], |(_, rests)| &rests.of_end[end])
    }

    /// All rests of an end.
    pub fn rests(&self, end: usize) -> Rested {
        Rested::new([0, self.rests_of(end).len() as u16])
    }

    /// What the server does behind an end: what each has at least of the rests that are meant.
    pub fn rest(&self, end: usize, rests: Rested) -> Option<Beyond> {
        let [from, to] = rests.range().map(usize::from);
        together(self.rests_of(end).get(from..to)?)
    }

    /// Of some rests of an end, what may come with this block next: the rests of that one's end, if any, and whether all
    /// behind that may be one block. With none: whether all may be one block.
    pub fn rests_with(
        &self,
        singles: &Singles,
        (end, rests): (usize, Rested),
        next: Option<&Entry>,
    ) -> (Option<Rested>, bool) {
        let totals = totals(self.rests_of(end), rests.range().map(usize::from));
        let load = next.map_or(0, |next| singles.ends[next.end].loads(next.first)[1]);
        let whole = load + self.whole_rest(next.map_or(singles.ends[end].last + 1, |next| next.behind)).total();
        let own = next.map_or(&[][..], |next| self.rests_of(next.end));
        let own = standing_for(own, load, &totals).map(|rests| Rested::new(rests.map(|rest| rest as u16)));
        (own, totals.contains(&whole))
    }
}
