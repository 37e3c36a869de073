//! One fused block whose boundaries may lie at many places: too many grids to look at each.
//!
//! A grid's bound is the least price of its tiles in all, and a tile's price depends on its rows and columns alone
//! ([`Spans`]). So once the boundaries of one axis are chosen, those of the other that cost least are a shortest way
//! from its first place to its last: a [`Bundle`] of grids that share the one axis is bounded at once, and never opened
//! where that way is no better than the best plan. Opened ones, the least bound first, give their grids that may be
//! better; those are ranked, and searched as all others are, some hundred at a time.
//!
//! Nothing is lost: at any prices a plan takes at least what its tiles cost at their cheapest cuts, with the shortest
//! ways of any tile before and behind ([`Spans::bound`], as of every other strategy). Of boundaries not chosen yet the
//! shortest way is the least price in all and the ways are the shortest of any tile that may come, so a way that is
//! dropped has no end below the best plan. Where the block lies on one side whole, no grid takes less than the one tile
//! that it divides: [`Spans::new`] checks that of every two neighbours, and gives up where it is not so.

use super::super::{Context, Found, Ranked, Ranking};
use super::{Exact, bound};
use crate::base::Nanos;
use crate::bounds::{Single, Singles, Spans, Strip, Weights};
use crate::plan::boundaries;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Grids that are ranked together, about.
const BATCH: usize = 256;
/// Bundles that fit into memory.
const MOST_BUNDLES: usize = 1 << 21;
/// A way that does not exist.
const NEVER: u64 = u64::MAX / 4;

/// Grids of one block that share the boundaries of one axis.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Bundle {
    /// No plan of them is faster.
    bound: u64,
    last: usize,
    first: usize,
    /// The axis of the boundaries that they share: 0 for rows, 1 for columns.
    axis: usize,
    /// Those boundaries, as indices of places.
    shared: Vec<usize>,
    /// Parts of the other axis.
    parts: usize,
    /// The prices of the bound.
    weights: Weights,
}

/// Uneven grids that the ranking does not hold.
#[derive(Debug)]
pub struct Uneven {
    /// Last stages whose grids are not bounded yet.
    ends: Vec<usize>,
    /// By last stage.
    spans: Vec<Option<Spans>>,
    bundles: BinaryHeap<Reverse<Bundle>>,
    /// Grids that are being searched, and the least bound of the bundles that they are of.
    now: Option<(Box<Exact>, Ranking, u64)>,
    /// Whether some grids can neither be bounded nor looked at.
    is_given_up: bool,
}

/// The tiles between every two places of one axis, where the boundaries of the other one are chosen.
struct Strips {
    /// By the first place, then by the second from the one behind it on.
    all: Vec<Vec<Strip>>,
    /// What all of them have at least; no prices.
    least: Strip,
}

impl Uneven {
    /// Where all grids are in the ranking there are none.
    pub fn new(context: &Context) -> Self {
        if context.space.is_small(context.network()) { Self::none() } else { Self::of(context) }
    }

    /// Nothing bounded yet.
    pub fn of(context: &Context) -> Self {
        let (space, network) = (context.space, context.network());
        let ends: Vec<usize> = (0..network.stages().len()).filter(|&stage| space.may_fuse(network, stage)).collect();
        let has_places = || ends.iter().all(|&last| Spans::places(&context.traces, space, last).is_some());
        let is_given_up = space.max_fused_blocks > 1 || !has_places();
        let ends = if is_given_up { Vec::new() } else { ends };
        let spans = network.stages().iter().map(|_| None).collect();
        Self { ends, spans, is_given_up, ..Self::none() }
    }

    /// There are none.
    fn none() -> Self {
        Self { ends: Vec::new(), spans: Vec::new(), bundles: BinaryHeap::new(), now: None, is_given_up: false }
    }

    /// Whether there are grids that are not searched.
    pub fn is_given_up(&self) -> bool {
        self.is_given_up
    }

    /// No plan of these is faster.
    pub fn lower_bound(&self) -> u64 {
        if self.is_given_up || !self.ends.is_empty() {
            return 0;
        }
        let waiting = self.bundles.peek().map(|Reverse(bundle)| bundle.bound);
        let now = self.now.as_ref().map(|(exact, ranking, bound)| exact.lower_bound(ranking).0.max(*bound));
        [waiting, now].into_iter().flatten().min().unwrap_or(u64::MAX)
    }

    /// Whether any may have a plan below `limit`.
    pub fn is_open(&self, limit: u64) -> bool {
        let is_open = |(exact, ranking, _): &(Box<Exact>, Ranking, u64)| !exact.is_done(ranking);
        !self.is_given_up
            && (!self.ends.is_empty()
                || self.bundles.peek().is_some_and(|Reverse(bundle)| bundle.bound < limit)
                || self.now.as_ref().is_some_and(is_open))
    }

    /// Goes on; gives how many plans and parts of plans that took.
    pub fn step(&mut self, context: &mut Context, ranking: &Ranking, best: &mut Found) -> u64 {
        if let Some(last) = self.ends.pop() {
            self.bound_grids(context, ranking, last, best.makespan);
            return 0;
        }
        if let Some((exact, ranking, _)) = &mut self.now {
            exact.know(best);
            if !exact.is_done(ranking) {
                let before = exact.evaluations();
                exact.step(context, ranking);
                if exact.best().makespan < best.makespan {
                    *best = exact.best().clone();
                }
                return exact.evaluations() - before;
            }
            // What it has given up, for memory, stays unproven.
            self.is_given_up |= exact.lower_bound(ranking) < best.makespan;
            self.now = None;
        }
        if !self.bundles.is_empty() {
            self.open_bundles(ranking, best);
        }
        0
    }

    /// Bounds all grids over the output of a stage.
    fn bound_grids(&mut self, context: &mut Context, ranking: &Ranking, last: usize, limit: Nanos) {
        let singles = &ranking.singles;
        let Some(spans) = Spans::new(&mut context.traces, singles, context.space, last) else {
            self.is_given_up = true;
            return;
        };
        for first in spans.start()..=last {
            let mut known: Option<(Weights, Vec<Strip>)> = None;
            for (end, single) in singles.ends.iter().enumerate().filter(|(_, single)| single.last == last) {
                let mut shares = ranking.fluid.shares;
                bound(context, singles, (end, first), &mut shares, limit);
                let weights = Weights::from_shares(shares, context.slots());
                let tiles = match known.take().filter(|(known, _)| *known == weights) {
                    Some((_, tiles)) => tiles,
                    None => (0..spans.tiles()).map(|tile| spans.strip(tile, first, weights)).collect(),
                };
                let parts = single.grid.dimensions();
                let axis = usize::from(parts[1] < parts[0]);
                let (sharing, parts) = (parts[axis], parts[1 - axis] as usize);
                for shared in boundaries(sharing, spans.axes()[axis].len() as u32 - 1, 1) {
                    let shared: Vec<usize> = shared.into_iter().map(|at| at as usize).collect();
                    let strips = Strips::new(&spans, axis, &shared, |tile| tiles[tile]);
                    let Some(prices) = strips.shortest(parts).last().map(|by_place| by_place[0]) else { continue };
                    if prices[0] >= NEVER {
                        continue;
                    }
                    let bound = spans.bound(singles, first, weights, &strips.least.at(prices));
                    if bound < limit.0 {
                        self.bundles.push(Reverse(Bundle { bound, last, first, axis, shared, parts, weights }));
                    }
                }
                known = Some((weights, tiles));
            }
        }
        self.is_given_up |= self.bundles.len() > MOST_BUNDLES;
        self.spans[last] = Some(spans);
    }

    /// Ranks the grids of the next bundles that may have a plan below the best one.
    fn open_bundles(&mut self, ranking: &Ranking, best: &Found) {
        let limit = best.makespan;
        let mut found: Vec<(u64, Single)> = Vec::new();
        let mut least = u64::MAX;
        while found.len() < BATCH {
            let Some(Reverse(bundle)) = self.bundles.pop() else { break };
            if bundle.bound >= limit.0 {
                self.bundles.clear();
                break;
            }
            least = least.min(bundle.bound);
            let Some(spans) = &self.spans[bundle.last] else { continue };
            open(&bundle, spans, &ranking.singles, limit.0, &mut found);
        }
        let (bounds, ends): (Vec<u64>, Vec<Single>) = found.into_iter().unzip();
        let ranked = |(end, (&bound, single)): (usize, (&u64, &Single))| Ranked {
            bound: Nanos(bound),
            end,
            first: single.start,
        };
        let ranked: Vec<Ranked> = bounds.iter().zip(&ends).enumerate().map(ranked).collect();
        let now = ranking.over(ranking.singles.with_ends(ends), &ranked);
        let exact = Exact::knowing(best.clone(), Self::none());
        self.now = Some((Box::new(exact), now, least));
    }
}

/// The grids of a bundle that may have a plan below `limit`, each with its bound.
fn open(bundle: &Bundle, spans: &Spans, singles: &Singles, limit: u64, found: &mut Vec<(u64, Single)>) {
    let Bundle { first, axis, ref shared, parts, weights, .. } = *bundle;
    let strips = Strips::new(spans, axis, shared, |tile| spans.strip(tile, first, weights));
    let shortest = strips.shortest(parts);
    let end = spans.axes()[1 - axis].len() - 1;
    let mut begun: Vec<(Vec<usize>, Strip, u64)> = vec![(vec![0], Strip::NONE, bundle.bound)];
    while let Some((way, tiles, bound)) = begun.pop() {
        let (at, left) = (way[way.len() - 1], parts + 1 - way.len());
        if left == 0 {
            let [rows, columns] = if axis == 0 { [shared, &way] } else { [&way, shared] };
            found.extend(spans.single(first, rows, columns).map(|single| (bound, single)));
            continue;
        }
        for to in if left == 1 { end..=end } else { at + 1..=end - 1 } {
            let tiles = tiles.with(strips.all[at][to - at - 1]);
            let rest = if left == 1 { [0; 2] } else { shortest[left - 2][to] };
            if rest[0] >= NEVER {
                continue;
            }
            // What is left to choose may be any of the strips.
            let all = if left == 1 { tiles } else { tiles.or(strips.least) };
            let prices = [tiles.prices[0] + rest[0], tiles.prices[1] + rest[1]];
            let bound = spans.bound(singles, first, weights, &all.at(prices)).max(bound);
            if bound < limit {
                begun.push(([&way[..], &[to]].concat(), tiles, bound));
            }
        }
    }
}

impl Strips {
    fn new(spans: &Spans, axis: usize, shared: &[usize], of: impl Fn(usize) -> Strip) -> Self {
        let strip = |between: [usize; 2]| {
            let tile = |ends: &[usize]| {
                let ends = [ends[0], ends[1]];
                of(if axis == 0 { spans.tile(ends, between) } else { spans.tile(between, ends) })
            };
            shared.windows(2).fold(Strip::NONE, |all, ends| all.with(tile(ends)))
        };
        let count = spans.axes()[1 - axis].len();
        let all: Vec<Vec<Strip>> = (0..count).map(|at| (at + 1..count).map(|to| strip([at, to])).collect()).collect();
        let least = all.iter().flatten().fold(Strip::NONE, |least, &strip| least.or(strip));
        Self { all, least }
    }

    /// By number of parts, one first, then by the place that they begin with: the least prices of parts to the last
    /// place.
    fn shortest(&self, parts: usize) -> Vec<Vec<[u64; 2]>> {
        let one = self.all.iter().map(|strips| strips.last().map_or([NEVER; 2], |strip| strip.prices)).collect();
        let mut all: Vec<Vec<[u64; 2]>> = vec![one];
        for _ in 1..parts {
            let before = &all[all.len() - 1];
            let least = |(at, strips): (usize, &Vec<Strip>)| {
                let ways = strips.iter().zip(&before[at + 1..]);
                ways.fold([NEVER; 2], |[silent, any], (Strip { prices, .. }, rest)| {
                    [silent.min(prices[0] + rest[0]), any.min(prices[1] + rest[1])]
                })
            };
            all.push(self.all.iter().enumerate().map(least).collect());
        }
        all
    }
}
