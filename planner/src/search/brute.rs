//! Brute force: every plan of a space, none left out (planning model §5).
//!
//! The reference for small cases: it enumerates and evaluates, and knows neither bounds nor which
//! plans are superfluous. The plans of a strategy are its orders (each path behind those that it
//! depends on) times its cuts (a path starts on the device only if all that it depends on stays
//! there): neither asks for the other.

use super::{Context, Found};
use crate::base::{Big, order};
use crate::network::Network;
use crate::plan::{Block, Space, Strategy};
use crate::schedule::Instance;
use crate::tiling::Grid;

/// Strategies with one fused block that are counted one by one; where there are more, one number
/// stands for all.
const COUNTED: u64 = 1 << 18;
/// The same for spaces with several blocks, whose counts are no more than upper ones anyway.
const COUNTED_OF_SEVERAL: u64 = 1 << 15;

/// Where a fused block may end, and how.
#[derive(Clone, Debug)]
struct End {
    last: usize,
    /// The first stage of its run.
    start: usize,
    grids: Vec<Grid>,
}

/// A fused block of the enumeration: which end, its first stage, which grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Choice {
    end: usize,
    first: usize,
    grid: usize,
}

/// Every FL strategy of a space, each once, as its fused blocks; the unsplit one first.
#[derive(Clone, Debug)]
pub struct Strategies {
    ends: Vec<End>,
    most: usize,
    chosen: Vec<Choice>,
    started: bool,
}

/// Every FL strategy of a space, in a fixed order.
pub fn strategies(space: &Space, network: &Network) -> Strategies {
    let of =
        |(last, grids): (usize, Vec<Grid>)| End { last, start: space.run_start(network, last), grids: once(&grids) };
    let ends = space.grids_at(network).into_iter().map(of).collect();
    Strategies { ends, most: space.max_fused_blocks, chosen: Vec::new(), started: false }
}

/// Each grid once: a space may name one twice.
fn once(grids: &[Grid]) -> Vec<Grid> {
    let mut keep = vec![true; grids.len()];
    for pair in order(grids.len(), &|a, b| grids[a].cmp(&grids[b])).windows(2) {
        // Equal ones keep their order, so the first of them stays.
        keep[pair[1]] = grids[pair[0]] != grids[pair[1]];
    }
    grids.iter().zip(keep).filter(|(_, keep)| *keep).map(|(grid, _)| grid.clone()).collect()
}

impl Strategies {
    /// The first block that starts at stage `from` or later and ends at `end` or later.
    fn first_block(&self, from: usize, end: usize) -> Option<Choice> {
        let fits = (end..self.ends.len()).find(|&e| self.ends[e].last >= from)?;
        Some(Choice { end: fits, first: self.ends[fits].start.max(from), grid: 0 })
    }

    /// The block behind another, among those that start at stage `from` or later.
    fn next_block(&self, from: usize, at: Choice) -> Option<Choice> {
        let end = &self.ends[at.end];
        if at.grid + 1 < end.grids.len() {
            return Some(Choice { grid: at.grid + 1, ..at });
        }
        if at.first < end.last {
            return Some(Choice { first: at.first + 1, grid: 0, ..at });
        }
        self.first_block(from, at.end + 1)
    }

    /// How many strategies there are, counted without going through them all.
    pub fn number(&self) -> Big {
        let stages = self.ends.iter().map(|end| end.last + 1).max().unwrap_or(0);
        // By stage: strategies of the stages before it, with so many fused blocks at most.
        let mut with = vec![Big::from(1); stages + 1];
        for _ in 0..self.most.min(stages) {
            let mut more = with.clone();
            for stage in 1..=stages {
                let ends = self.ends.iter().filter(|end| end.last + 1 == stage);
                let before =
                    |end: &End| with[end.start..=end.last].iter().fold(Big::default(), |all, each| all.plus(each));
                let added = ends.map(|end| before(end).times(&Big::from(end.grids.len() as u64)));
                more[stage] = added.fold(more[stage - 1].clone(), |all, each| all.plus(&each));
            }
            with = more;
        }
        with.swap_remove(stages)
    }

    /// The first stage behind the chosen blocks.
    fn behind(&self) -> usize {
        self.chosen.last().map_or(0, |last| self.ends[last.end].last + 1)
    }
}

impl Iterator for Strategies {
    type Item = Vec<Block>;

    fn next(&mut self) -> Option<Vec<Block>> {
        if self.started {
            let deeper = if self.chosen.len() < self.most { self.first_block(self.behind(), 0) } else { None };
            let mut next = deeper;
            while next.is_none() {
                let at = self.chosen.pop()?;
                next = self.next_block(self.behind(), at);
            }
            self.chosen.extend(next);
        }
        self.started = true;
        let block = |choice: &Choice| {
            let end = &self.ends[choice.end];
            Block { first: choice.first, last: end.last, grid: end.grids[choice.grid].clone() }
        };
        Some(self.chosen.iter().map(block).collect())
    }
}

/// How many plans there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// So many valid plans.
    pub plans: Big,
    /// Whether it is exactly so many; else at most.
    pub is_exact: bool,
}

/// A brute force between two steps.
#[derive(Debug)]
pub struct Brute {
    strategies: Strategies,
    now: Option<Plans>,
    best: Option<Found>,
    evaluations: u64,
}

/// The plans of one strategy, the one at hand to be evaluated next.
#[derive(Debug)]
struct Plans {
    strategy: Strategy,
    instance: Instance,
    order: Vec<usize>,
    cuts: Vec<usize>,
}

impl Brute {
    /// Nothing evaluated yet.
    pub fn new(context: &mut Context) -> Self {
        Self::over(context, strategies(context.space, context.network()))
    }

    /// Of the plans of one strategy only, given by its fused blocks.
    pub fn of_strategy(context: &mut Context, fused: &[Block]) -> Self {
        let end = |block: &Block| End { last: block.last, start: block.first, grids: vec![block.grid.clone()] };
        let chosen = (0..fused.len()).map(|end| Choice { end, first: fused[end].first, grid: 0 }).collect();
        let ends = fused.iter().map(end).collect();
        let only = Strategies { ends, most: fused.len(), chosen, started: false };
        let mut brute = Self::over(context, only);
        brute.strategies.chosen.clear();
        brute.strategies.most = 0;
        brute
    }

    fn over(context: &mut Context, strategies: Strategies) -> Self {
        let mut brute = Self { strategies, now: None, best: None, evaluations: 0 };
        brute.now = brute.next_strategy(context);
        brute
    }

    /// How many valid plans there are: exactly so many in a space with at most one fused block, at
    /// most so many where there may be more (or where there are too many strategies to count each).
    pub fn count(context: &mut Context) -> Count {
        let mut count = Count { plans: Big::default(), is_exact: true };
        let too_many = || Count { plans: at_most(context.space, context.network()), is_exact: false };
        if !context.space.is_small(context.network()) {
            return too_many();
        }
        let all = strategies(context.space, context.network());
        let few = if all.most > 1 { COUNTED_OF_SEVERAL } else { COUNTED };
        if all.number().to_u64().is_none_or(|number| number > few) {
            return too_many();
        }
        for fused in all {
            let (_, instance) = context.compile(&fused);
            count.is_exact &= fused.len() <= 1;
            let plans = if fused.len() <= 1 { plans_around_one(&instance) } else { most_plans_of(&instance) };
            count.plans = count.plans.plus(&plans);
        }
        count
    }

    /// Plans evaluated so far.
    pub fn evaluations(&self) -> u64 {
        self.evaluations
    }

    /// Whether every plan has been evaluated.
    pub fn is_done(&self) -> bool {
        self.now.is_none()
    }

    /// The best plan so far, the first of those that are equally fast.
    pub fn best(&self) -> Option<&Found> {
        self.best.as_ref()
    }

    /// Evaluates the next `plans` plans, or those that are left.
    pub fn step(&mut self, context: &mut Context, plans: u64) {
        for _ in 0..plans {
            let Some(now) = &mut self.now else { return };
            let makespan = context.evaluate(&now.instance, &now.order, &now.cuts);
            self.evaluations += 1;
            if self.best.as_ref().is_none_or(|best| makespan < best.makespan) {
                let (strategy, order, cuts) = (now.strategy.clone(), now.order.clone(), now.cuts.clone());
                self.best = Some(Found { strategy, order, cuts, makespan });
            }
            if !(next_cuts(&now.instance, &mut now.cuts) || next_order(&now.instance, &mut now.order)) {
                self.now = self.next_strategy(context);
            }
        }
    }

    fn next_strategy(&mut self, context: &mut Context) -> Option<Plans> {
        let (strategy, instance) = context.compile(&self.strategies.next()?);
        let count = instance.paths().len();
        // Blocks follow each other, so paths in their own order are a first order.
        Some(Plans { strategy, instance, order: (0..count).collect(), cuts: vec![0; count] })
    }
}

/// The next valid cuts, the last path's first; back to all 0 where there are none.
fn next_cuts(instance: &Instance, cuts: &mut [usize]) -> bool {
    for path in (0..cuts.len()).rev() {
        let paths = instance.paths();
        let stays = |&needs: &usize| cuts[needs] == paths[needs].len;
        if cuts[path] < paths[path].len && instance.needs(path).iter().all(stays) {
            cuts[path] += 1;
            return true;
        }
        cuts[path] = 0;
    }
    false
}

/// The lexicographically next order in which each path is behind those that it depends on.
fn next_order(instance: &Instance, order: &mut Vec<usize>) -> bool {
    let count = order.len();
    let ready = |done: &[usize], path: usize| {
        !done.contains(&path) && instance.needs(path).iter().all(|needs| done.contains(needs))
    };
    while let Some(last) = order.pop() {
        let Some(next) = (last + 1..count).find(|&path| ready(order, path)) else { continue };
        order.push(next);
        while let Some(path) = (0..count).find(|&path| ready(order, path)) {
            order.push(path);
        }
        return true;
    }
    order.extend(0..count);
    false
}

/// Tiles of a fused block by what they depend on and what depends on them.
#[derive(Clone, Copy, Debug, Default)]
struct Tiles {
    /// Need the block before and feed the one behind.
    both: usize,
    need: usize,
    feed: usize,
    neither: usize,
}

/// The number of valid plans of a strategy with at most one fused block.
fn plans_around_one(instance: &Instance) -> Big {
    let paths = instance.paths();
    let fused = (1..paths.len()).find(|&path| paths[path].block == paths[path - 1].block).map_or(0, |p| paths[p].block);
    let one = |before: bool| paths.iter().find(|p| p.block != fused && (p.block < fused) == before).map(|p| p.len);
    let (head, tail) = (one(true), one(false));
    let mut tiles = Tiles::default();
    let mut len = 0;
    for path in (0..paths.len()).filter(|&path| paths[path].block == fused) {
        len = paths[path].len as u64;
        // Without a block before (behind), nothing is needed of it (fed to it).
        match (instance.needs(path).is_empty(), instance.dependents(path).is_empty()) {
            (false, false) => tiles.both += 1,
            (false, true) => tiles.need += 1,
            (true, false) => tiles.feed += 1,
            (true, true) => tiles.neither += 1,
        }
    }
    orders_around_one(tiles, head.is_some(), tail.is_some()).times(&cuts_around_one(tiles, len, head, tail))
}

/// Orders in which the head is before all that need it and the tail behind all that feed it.
fn orders_around_one(tiles: Tiles, head: bool, tail: bool) -> Big {
    let Tiles { both, need, feed, neither } = tiles;
    let (both, need, feed, neither) = (both as u64, need as u64, feed as u64, neither as u64);
    let factorial = |n: u64| Big::product(1, n);
    let mut orders = Big::default();
    // So many of those that only need come behind the tail, so many that only feed before the head.
    for late in 0..=if tail { need } else { 0 } {
        for early in 0..=if head { feed } else { 0 } {
            let placed = Big::product(need - late + 1, need).times(&Big::product(feed - early + 1, feed));
            orders = orders.plus(&placed.times(&factorial(both + need + feed - late - early)));
        }
    }
    if head && tail && both == 0 {
        orders = orders.plus(&factorial(need).times(&factorial(feed)));
    }
    let others = both + need + feed + u64::from(head) + u64::from(tail);
    // Those that nothing depends on go in between anywhere.
    orders.times(&Big::product(others + 1, others + neither))
}

/// Valid cuts of head, tiles of `len` stages and tail.
fn cuts_around_one(tiles: Tiles, len: u64, head: Option<usize>, tail: Option<usize>) -> Big {
    let mut cuts = Big::default();
    for (head_stays, heads) in [(false, head.unwrap_or(0) as u64), (true, 1)] {
        for (tail_starts, tails) in [(false, 1), (true, tail.unwrap_or(0) as u64)] {
            // One way where the tile must run on one side whole; none where on both.
            let ways = |needs: bool, feeds: bool| match (needs && !head_stays, feeds && tail_starts) {
                (true, true) => 0,
                (false, false) => len + 1,
                _ => 1,
            };
            let mut all = Big::from(heads).times(&Big::from(tails));
            for (count, needs, feeds) in [
                (tiles.both, true, true),
                (tiles.need, true, false),
                (tiles.feed, false, true),
                (tiles.neither, false, false),
            ] {
                all = all.times(&Big::power(ways(needs, feeds), count));
            }
            cuts = cuts.plus(&all);
        }
    }
    cuts
}

/// At most so many plans has a strategy: between two paths that all others are before or behind,
/// any order and any cuts.
fn most_plans_of(instance: &Instance) -> Big {
    let (mut orders, mut cuts, mut prefix, mut group) = (Big::from(1), Big::default(), Big::from(1), 0);
    for (path, known) in instance.paths().iter().enumerate() {
        let ways = Big::from(known.len as u64 + 1);
        if is_between(instance, path) {
            // Paths behind it have one way only, unless all before it stay on the device.
            orders = orders.times(&Big::product(1, group));
            cuts = cuts.plus(&prefix).plus(&ways);
            (prefix, group) = (Big::from(1), 0);
        } else {
            prefix = prefix.times(&ways);
            group += 1;
        }
    }
    orders.times(&Big::product(1, group)).times(&cuts.plus(&prefix))
}

/// Whether a path is the only one of its block, reads of all paths of the block before, and all
/// paths of the block behind read of it: then all others are before it or behind it.
fn is_between(instance: &Instance, path: usize) -> bool {
    let paths = instance.paths();
    let of = |block: usize| (0..paths.len()).filter(move |&other| paths[other].block == block);
    let block = paths[path].block;
    let alone = of(block).count() == 1;
    let before = block == 0 || instance.needs(path).len() == of(block - 1).count();
    let behind = instance.dependents(path).len() == of(block + 1).count();
    // Blocks farther away must not hold paths that depend on nothing, or that nothing depends on.
    let connected = (0..paths.len()).all(|other| {
        let needs = paths[other].block <= block || !instance.needs(other).is_empty();
        needs && (paths[other].block >= block || !instance.dependents(other).is_empty())
    });
    alone && before && behind && connected
}

/// A space holds at most so many plans: as many for each strategy as any of them can have.
pub fn at_most(space: &Space, network: &Network) -> Big {
    let stages = network.stages().len() as u64;
    let tiles = space.grids.iter().map(|&[rows, columns]| (rows * columns) as usize).max().unwrap_or(1);
    let most = space.max_fused_blocks.min(network.stages().len());
    let paths = tiles * most + most + 1;
    let plans = Big::product(1, paths as u64).times(&Big::power(stages + 1, paths));
    plans.times(&match space.is_small(network) {
        true => strategies(space, network).number(),
        // Each block is none, or of any of all grids and of any first stage.
        false => Big::power(space.grid_count(network).saturating_mul(stages).saturating_add(1), most),
    })
}
