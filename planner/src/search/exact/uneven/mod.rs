//! Fused blocks whose boundaries may lie at many places: too many grids to look at each.
//!
//! Grids of one block that share the boundaries of one axis are a [`Bundle`], and bounded at once (`bundle`). The one
//! with the least bound is next: first prices of its own are sought; where those do not rule it out, it is split by the
//! next boundary of the other axis, until all are chosen. Such grids are ranked, and searched as all others are, some
//! hundred at a time.
//!
//! Nothing is lost: at any prices a plan takes at least what its tiles cost at their cheapest cuts, with the shortest
//! ways of any tile before and behind ([`Spans::bound`], as of every other strategy). Of boundaries not chosen yet the
//! shortest way is the least price in all and the ways are the shortest of any tile that may come, so a bundle that is
//! dropped has no grid below the best plan. Where the block lies on one side whole, no grid takes less than the one tile
//! that it divides: [`Spans::new`] checks that of every two neighbours, and gives up where it is not so.
//!
//! Where several blocks may be fused, grids of one are searched alike, those of several even ones by `several`, and those
//! of several blocks with uneven boundaries by what they have in common (`groups`).

mod bundle;
#[cfg(feature = "several")]
mod groups;

use super::super::{Context, Found, Ranked, Ranking};
use super::{Exact, Several};
use crate::base::Nanos;
use crate::bounds::{Single, Spans, Strip, Weights};
pub use bundle::{Bundle, Tables};
#[cfg(feature = "several")]
use groups::Groups;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

/// Bundles that have their turn together.
const AT_ONCE: usize = 64;
/// Bundles that fit into memory.
const MOST_BUNDLES: usize = 1 << 21;

/// Uneven grids that the ranking does not hold.
#[derive(Debug)]
pub struct Uneven {
    /// Last stages whose grids are not bounded yet.
    ends: Vec<usize>,
    /// By last stage.
    spans: Vec<Option<Spans>>,
    bundles: BinaryHeap<Reverse<Bundle>>,
    /// By last and first stage: prices that proved enough of some bundle.
    good: BTreeMap<(usize, usize), Weights>,
    /// Grids that are being searched, and the least bound of the bundles that they are of.
    now: Option<(Box<Exact>, Ranking, u64)>,
    /// Whether some grids can neither be bounded nor looked at: nothing is proven then.
    is_given_up: bool,
    /// Whether strategies with several blocks are still to be bounded.
    has_groups: bool,
    #[cfg(feature = "several")]
    groups: Option<Groups>,
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
        let has_places = ends.iter().all(|&last| Spans::places(&context.traces, space, last).is_some());
        let ends = if has_places { ends } else { Vec::new() };
        let spans = network.stages().iter().map(|_| None).collect();
        Self { ends, spans, is_given_up: !has_places, has_groups: space.max_fused_blocks > 1, ..Self::none() }
    }

    /// There are none.
    fn none() -> Self {
        let (bundles, good) = (BinaryHeap::new(), BTreeMap::new());
        Self {
            ends: Vec::new(),
            spans: Vec::new(),
            bundles,
            good,
            now: None,
            is_given_up: false,
            has_groups: false,
            #[cfg(feature = "several")]
            groups: None,
        }
    }

    /// Whether there are grids that are not searched.
    pub fn leaves_grids(&self) -> bool {
        self.is_given_up
    }

    /// No plan of several blocks is faster.
    fn groups_bound(&self) -> u64 {
        if self.has_groups {
            return 0;
        }
        #[cfg(feature = "several")]
        return self.groups.as_ref().map_or(u64::MAX, Groups::lower_bound);
        #[cfg(not(feature = "several"))]
        u64::MAX
    }

    /// No plan of these is faster.
    pub fn lower_bound(&self) -> u64 {
        if self.is_given_up || !self.ends.is_empty() {
            return 0;
        }
        let waiting = self.bundles.peek().map(|Reverse(bundle)| bundle.bound);
        let now = self.now.as_ref().map(|(exact, ranking, bound)| exact.lower_bound(ranking).0.max(*bound));
        [waiting, now].into_iter().flatten().min().unwrap_or(u64::MAX).min(self.groups_bound())
    }

    /// Whether any may have a plan below `limit`.
    pub fn is_open(&self, limit: u64) -> bool {
        let is_open = |(exact, ranking, _): &(Box<Exact>, Ranking, u64)| !exact.is_done(ranking);
        !self.ends.is_empty()
            || self.are_groups_open(limit)
            || self.bundles.peek().is_some_and(|Reverse(bundle)| bundle.bound < limit)
            || self.now.as_ref().is_some_and(is_open)
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
        if self.bundles.peek().is_some_and(|Reverse(bundle)| bundle.bound < best.makespan.0) {
            self.open_bundles(context, ranking, best);
            return 0;
        }
        self.open_groups(context, ranking, best)
    }

    /// Whether strategies with several blocks may be bounded better.
    #[cfg_attr(not(feature = "several"), expect(unused_variables))]
    fn are_groups_open(&self, limit: u64) -> bool {
        #[cfg(feature = "several")]
        if self.groups.as_ref().is_some_and(|groups| groups.is_open(limit)) {
            return true;
        }
        self.has_groups && !self.is_given_up
    }

    /// Goes on with strategies of several blocks; gives how many bounds that took.
    #[cfg(feature = "several")]
    fn open_groups(&mut self, context: &mut Context, ranking: &Ranking, best: &Found) -> u64 {
        if self.has_groups {
            self.has_groups = false;
            self.groups = Groups::new(&mut context.traces, &ranking.singles, context.space, &self.spans);
            self.is_given_up |= self.groups.is_none();
        }
        let Some(groups) = &mut self.groups else { return 0 };
        let before = groups.bounds();
        let found = groups.step(context, ranking, &self.spans, best.makespan.0);
        let bounds = groups.bounds() - before;
        if let Some(least) = found.iter().map(|(bound, _)| *bound).min() {
            let (mut ends, mut strategies) = (Vec::new(), Vec::with_capacity(found.len()));
            for (bound, blocks) in found {
                let mut placed = Vec::with_capacity(blocks.len());
                for (single, first) in blocks {
                    placed.push([ends.len() as u32, first as u32]);
                    ends.push(single);
                }
                strategies.push((bound, placed));
            }
            let now = ranking.over(ranking.singles.with_ends(ends), &[]);
            let mut several = Several::of_one(context, &now);
            for (bound, blocks) in strategies {
                several.add_strategy(blocks, bound);
            }
            self.search(best, several, (now, least));
        }
        bounds
    }

    /// They cannot be bounded here.
    #[cfg(not(feature = "several"))]
    fn open_groups(&mut self, _: &mut Context, _: &Ranking, _: &Found) -> u64 {
        self.is_given_up |= self.has_groups;
        0
    }

    /// Has some strategies searched, none of which has a plan below this bound.
    fn search(&mut self, best: &Found, several: Several, (ranking, least): (Ranking, u64)) {
        let exact = Exact { several: Some(several), ..Exact::knowing(best.clone(), Self::none()) };
        self.now = Some((Box::new(exact), ranking, least));
    }

    /// Bounds all grids over the output of a stage.
    fn bound_grids(&mut self, context: &mut Context, ranking: &Ranking, last: usize, limit: Nanos) {
        let singles = &ranking.singles;
        let Some(spans) = Spans::new(&mut context.traces, singles, context.space, last) else {
            self.is_given_up = true;
            return;
        };
        let tables = Tables { spans: &spans, singles, slots: context.slots() };
        let weights = Weights::from_shares(ranking.fluid.shares, context.slots());
        // What is another one transposed has plans of the same makespans, wherever its boundaries are.
        let is_meant = |single: &&Single| single.last == last && single.mirror_of.is_none();
        for first in spans.start()..=last {
            let tiles: Vec<Strip> = (0..spans.tiles()).map(|tile| spans.strip(tile, first, weights)).collect();
            for parts in singles.ends.iter().filter(is_meant).map(|single| single.grid.dimensions()) {
                let all = Bundle::all(&spans, [first, last], parts, weights).into_iter();
                let bounded = all.filter_map(|bundle| bundle.quickly_bounded(tables, |tile| tiles[tile]));
                self.bundles.extend(bounded.filter(|bundle| bundle.bound < limit.0).map(Reverse));
            }
        }
        self.spans[last] = Some(spans);
        self.keep_within_memory();
    }

    /// Leaves all alone where there are too many.
    fn keep_within_memory(&mut self) {
        if self.bundles.len() > MOST_BUNDLES {
            self.is_given_up = true;
            self.ends.clear();
            self.bundles.clear();
        }
    }

    /// Steers or splits the next bundles, and ranks the grids among them.
    fn open_bundles(&mut self, context: &mut Context, ranking: &Ranking, best: &Found) {
        let limit = best.makespan.0;
        let mut found: Vec<(u64, Single)> = Vec::new();
        for _ in 0..AT_ONCE {
            let Some(Reverse(mut bundle)) = self.bundles.pop() else { break };
            if bundle.bound >= limit {
                self.bundles.clear();
                break;
            }
            let Some(spans) = &self.spans[bundle.last] else { continue };
            let tables = Tables { spans, singles: &ranking.singles, slots: context.slots() };
            if bundle.is_grid() {
                found.extend(bundle.single(spans).map(|single| (bundle.bound, single)));
            } else if bundle.is_steered {
                bundle.split(tables, limit, &mut |part| self.bundles.push(Reverse(part)));
            } else {
                let good = self.good.entry((bundle.last, bundle.first)).or_insert(bundle.weights);
                bundle.steer(tables, *good, &ranking.weights, limit);
                if bundle.bound < limit {
                    self.bundles.push(Reverse(bundle));
                } else {
                    *good = bundle.weights;
                }
            }
        }
        self.keep_within_memory();
        let Some(least) = found.iter().map(|(bound, _)| *bound).min() else { return };
        let (bounds, ends): (Vec<u64>, Vec<Single>) = found.into_iter().unzip();
        let ranked = |(end, (&bound, single)): (usize, (&u64, &Single))| Ranked {
            bound: Nanos(bound),
            end,
            first: single.start,
        };
        let ranked: Vec<Ranked> = bounds.iter().zip(&ends).enumerate().map(ranked).collect();
        let now = ranking.over(ranking.singles.with_ends(ends), &ranked);
        // Several blocks are the whole search's affair.
        let several = Several::of_one(context, &now);
        self.search(best, several, (now, least));
    }
}
