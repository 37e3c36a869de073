//! One fused block whose boundaries may lie at many places: too many grids to look at each.
//!
//! A grid's bound is the least price of its tiles in all, and a tile's price depends on its rows and columns alone
//! ([`Spans`]). So once the boundaries of one axis are chosen, those of the other that cost least are a shortest way
//! from its first place to its last: a [`Bundle`] of grids that share the one axis is bounded at once, and never opened
//! where that way is no better than the best plan. Opened ones, the least bound first, give their grids that may be
//! better; those are ranked, and searched as all others are, some hundred at a time.

use super::super::{Context, Found, Ranking};
use super::{Exact, bound};
use crate::base::Nanos;
use crate::bounds::{Single, Singles, Spans, Weights};
use crate::tiling::Grid;
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

/// By tile: its price.
struct Prices<'a> {
    spans: &'a Spans,
    by_tile: Vec<u64>,
}

impl Uneven {
    /// Nothing bounded yet; of spaces whose grids are all in the ranking there is nothing to do.
    pub fn new(context: &Context) -> Self {
        let (space, network) = (context.space, context.network());
        let is_small = space.is_small(network);
        let ends: Vec<usize> = (0..network.stages().len()).filter(|&stage| space.may_fuse(network, stage)).collect();
        let has_places = || ends.iter().all(|&last| Spans::places(&context.traces, space, last).is_some());
        let is_given_up = !is_small && (space.max_fused_blocks > 1 || !has_places());
        let ends = if is_small || is_given_up { Vec::new() } else { ends };
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
            self.open_bundles(context, ranking, best);
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
            let mut known: Option<(Weights, Vec<u64>)> = None;
            for (end, single) in singles.ends.iter().enumerate().filter(|(_, single)| single.last == last) {
                let mut shares = ranking.fluid.shares;
                bound(context, singles, (end, first), &mut shares, limit);
                let weights = Weights::from_shares(shares, context.slots());
                let by_tile = match known.take().filter(|(known, _)| *known == weights) {
                    Some((_, prices)) => prices,
                    None => spans.prices(first, weights, limit.0),
                };
                let prices = Prices { spans: &spans, by_tile };
                let parts = single.grid.dimensions().map(|parts| parts as usize);
                let axis = usize::from(parts[1] < parts[0]);
                for shared in ways(spans.axes()[axis].len(), parts[axis]) {
                    let price = prices.shortest(axis, &shared, parts[1 - axis])[parts[1 - axis] - 1][0];
                    let bound =
                        if price >= NEVER { continue } else { spans.bound(singles, first, weights, limit.0, price) };
                    if bound < limit.0 {
                        let parts = parts[1 - axis];
                        self.bundles.push(Reverse(Bundle { bound, last, first, axis, shared, parts, weights }));
                    }
                }
                known = Some((weights, prices.by_tile));
            }
        }
        self.is_given_up |= self.bundles.len() > MOST_BUNDLES;
        self.spans[last] = Some(spans);
    }

    /// Ranks the grids of the next bundles that may have a plan below the best one.
    fn open_bundles(&mut self, context: &mut Context, ranking: &Ranking, best: &Found) {
        let limit = best.makespan;
        let mut found: Vec<(usize, Grid, usize)> = Vec::new();
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
        found.sort_unstable();
        found.dedup();
        let mut grids: Vec<(usize, Vec<Grid>)> = Vec::new();
        for (last, grid, _) in &found {
            match grids.last_mut().filter(|(known, _)| known == last) {
                Some((_, grids)) if grids.last() == Some(grid) => {}
                Some((_, grids)) => grids.push(grid.clone()),
                None => grids.push((*last, vec![grid.clone()])),
            }
        }
        let singles = Singles::over(&mut context.traces, context.space, grids);
        let is_wanted = |single: &Single, first: usize| {
            found
                .binary_search_by(|(last, grid, at)| (last, grid, at).cmp(&(&single.last, &single.grid, &first)))
                .is_ok()
        };
        let now = Ranking::of(context, singles, limit, &is_wanted);
        let exact = Exact::knowing(best.clone(), Self::none());
        self.now = Some((Box::new(exact), now, least));
    }
}

/// The grids of a bundle that may have a plan below `limit`, each with its last and first stage.
fn open(bundle: &Bundle, spans: &Spans, singles: &Singles, limit: u64, found: &mut Vec<(usize, Grid, usize)>) {
    let Bundle { last, first, axis, ref shared, parts, weights, .. } = *bundle;
    let prices = Prices { spans, by_tile: spans.prices(first, weights, limit) };
    let shortest = prices.shortest(axis, shared, parts);
    let places = spans.axes();
    let [height, width] = places.each_ref().map(|places| places.last().copied().unwrap_or(0));
    let mut begun: Vec<(Vec<usize>, u64)> = vec![(vec![0], 0)];
    while let Some((way, price)) = begun.pop() {
        let (at, left) = (way[way.len() - 1], parts + 1 - way.len());
        if left == 0 {
            let bounds = |axis: usize, way: &[usize]| way.iter().map(|&at| places[axis][at]).collect();
            let (other, shared) = (bounds(1 - axis, &way), bounds(axis, shared));
            let [rows, columns] = if axis == 0 { [shared, other] } else { [other, shared] };
            found.extend(Grid::new(rows, columns, height, width).ok().map(|grid| (last, grid, first)));
            continue;
        }
        let end = places[1 - axis].len() - 1;
        let next = if left == 1 { end..=end } else { at + 1..=end - 1 };
        for to in next {
            let so_far = price + prices.between(axis, shared, [at, to]);
            let rest = if left == 1 { 0 } else { shortest[left - 2][to] };
            if rest < NEVER && spans.bound(singles, first, weights, limit, so_far + rest) < limit {
                begun.push(([&way[..], &[to]].concat(), so_far));
            }
        }
    }
}

impl Prices<'_> {
    /// The price of all tiles between two places of the one axis, where the boundaries of the other one are these.
    fn between(&self, axis: usize, shared: &[usize], between: [usize; 2]) -> u64 {
        let tile = |ends: &[usize]| {
            let ends = [ends[0], ends[1]];
            if axis == 0 { self.spans.tile(ends, between) } else { self.spans.tile(between, ends) }
        };
        shared.windows(2).map(|ends| self.by_tile[tile(ends)]).sum()
    }

    /// By number of parts, one first, then by the place that they begin with: the least price of parts to the last
    /// place.
    fn shortest(&self, axis: usize, shared: &[usize], parts: usize) -> Vec<Vec<u64>> {
        let count = self.spans.axes()[1 - axis].len();
        let one: Vec<u64> = (0..count)
            .map(|at| if at + 1 < count { self.between(axis, shared, [at, count - 1]) } else { NEVER })
            .collect();
        let mut all = vec![one];
        if parts > 1 {
            let between: Vec<Vec<u64>> =
                (0..count).map(|at| (at + 1..count).map(|to| self.between(axis, shared, [at, to])).collect()).collect();
            for _ in 1..parts {
                let before = &all[all.len() - 1];
                let least = |at: usize| {
                    let ways = between[at].iter().zip(&before[at + 1..]).map(|(price, rest)| price + rest);
                    ways.min().unwrap_or(NEVER).min(NEVER)
                };
                all.push((0..count).map(least).collect());
            }
        }
        all
    }
}

/// All ways from the first of so many places to the last in so many parts.
fn ways(places: usize, parts: usize) -> Vec<Vec<usize>> {
    let mut all = vec![vec![0]];
    for left in (1..parts).rev() {
        let longer = |way: &Vec<usize>| -> Vec<Vec<usize>> {
            let next = way[way.len() - 1] + 1..places.saturating_sub(left);
            next.map(|to| [&way[..], &[to]].concat()).collect()
        };
        all = all.iter().flat_map(longer).collect();
    }
    all.iter().filter(|way| way[way.len() - 1] + 1 < places).map(|way| [&way[..], &[places - 1]].concat()).collect()
}
