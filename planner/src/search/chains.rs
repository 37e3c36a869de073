//! Fused blocks right behind each other, in place of one.
//!
//! Bounds of several blocks are too weak to rank them by, so strategies are ranked by a plan of each (`front`). First
//! the best blocks are split in two, everywhere, and the splits of most promise are given other grids, one by one. Then
//! the best of those, and all that may be fused at once, are split, joined, moved and given other grids, until nothing
//! helps: two blocks are most of what there is to gain, and found with few plans.

use super::front::construct;
use super::{Context, Found};
use crate::base::{Nanos, ascending};
use crate::bounds::Weights;
use crate::plan::Block;
use crate::tiling::Grid;

/// So many splits are improved.
const CLIMBS: usize = 9;
/// So many of what they lead to are changed in every way.
const LAST_CLIMBS: usize = 2;
/// Ranges of stages that are split, and grids tried first.
const SPLIT: usize = 3;

/// Stages that may end a block, ascending, each with its earliest beginning and its grids.
pub type Ends = [(usize, usize, Vec<Grid>)];

/// Stages that may end a block of a context's space.
pub fn ends_of(context: &Context) -> Vec<(usize, usize, Vec<Grid>)> {
    let network = context.network();
    let starting = context.space.starting_grids_at(network).into_iter();
    starting.map(|(last, grids)| (last, context.space.run_start(network, last), grids)).collect()
}

/// Fused blocks right behind each other.
type Chain = Vec<Block>;

/// How a chain is changed.
#[derive(Clone, Copy, Debug)]
enum Change {
    /// Another grid of a block.
    Grid,
    /// Another end of a block, or another beginning of the first.
    Boundary,
    /// A block more: one is split, or another follows.
    More,
    /// One less: its stages go to the next, or are not fused.
    Less,
    /// A block more, in any grid.
    Any,
}

/// What chains were tried, by the plan of each.
pub struct Chains<'e> {
    ends: &'e Ends,
    weights: Weights,
    /// The most blocks of a chain.
    most: usize,
    limit: u64,
    /// By chain tried.
    pub found: Vec<Found>,
}

impl<'e> Chains<'e> {
    /// Nothing tried, of at most so many blocks. Stops at `limit` evaluations of the context.
    pub fn new(ends: &'e Ends, shares: [f64; 3], most: usize, limit: u64) -> Self {
        Self { ends, weights: Weights::from_shares(shares, [1; 3]), most, limit, found: Vec::new() }
    }

    /// Searches from some blocks on, the best ones first.
    pub fn search(&mut self, context: &mut Context, blocks: &[Block]) {
        let (mut ranges, mut grids) = (Vec::new(), Vec::new());
        for block in blocks {
            push_new(&mut ranges, [block.first as u32, block.last as u32]);
            push_new(&mut grids, block.grid.dimensions());
        }
        // The latest of the longest runs.
        let Some((last, first, of_last)) = self.ends.iter().max_by_key(|(last, first, _)| last - first) else { return };
        of_last.iter().for_each(|grid| push_new(&mut grids, grid.dimensions()));
        let all = self.limit;
        self.limit = context.evaluations().midpoint(all);
        self.split(context, &ranges, &grids);
        self.limit = all;
        let mut starts: Vec<Chain> = self.best().take(LAST_CLIMBS).collect();
        starts.append(&mut self.single([*first as u32, *last as u32], &grids));
        for start in starts {
            let _ =
                self.climb(context, start, &[Change::Grid, Change::Boundary, Change::More, Change::Less, Change::Any]);
        }
    }

    /// Splits blocks everywhere, both halves with one of these grids, then exchanges grids of the best splits.
    fn split(&mut self, context: &mut Context, ranges: &[[u32; 2]], grids: &[[u32; 2]]) {
        for &range in ranges {
            for whole in self.single(range, grids) {
                for split in self.changed(&whole, 0, Change::More) {
                    if split.last().map(|block| block.last) == Some(range[1] as usize) {
                        let _ = self.try_out(context, &split);
                    }
                }
            }
        }
        let mut starts: Vec<Chain> = Vec::new();
        for chain in self.best() {
            let is_same = |start: &Chain| start[0].first == chain[0].first && start[0].last == chain[0].last;
            if starts.len() < CLIMBS && !starts.iter().any(is_same) {
                starts.push(chain);
            }
        }
        for start in starts {
            let _ = self.climb(context, start, &[Change::Grid]);
        }
    }

    /// All of a range in one block, with each of these grids.
    fn single(&self, [first, last]: [u32; 2], grids: &[[u32; 2]]) -> Vec<Chain> {
        let (first, last) = (first as usize, last as usize);
        let of_last = self.ends.iter().filter(|end| end.0 == last).flat_map(|end| &end.2);
        let meant = of_last.filter(|grid| grids.contains(&grid.dimensions()));
        meant.map(|grid| vec![Block { first, last, grid: grid.clone() }]).collect()
    }

    /// What was tried, the best plan first.
    fn best(&self) -> impl Iterator<Item = Chain> {
        let makespans: Vec<u64> = self.found.iter().map(|found| found.makespan.0).collect();
        ascending(&makespans).into_iter().map(|at| self.found[at].strategy.fused().cloned().collect())
    }

    /// Changes a chain as long as that helps; none where evaluations have run out.
    fn climb(&mut self, context: &mut Context, start: Chain, changes: &[Change]) -> Option<()> {
        let mut best = self.try_out(context, &start)?;
        let mut now = start;
        loop {
            let before = best;
            for &change in changes {
                // There are many of these.
                if matches!(change, Change::Any) && best < before {
                    continue;
                }
                // Backwards: each change leaves at most one block less.
                for at in (0..now.len()).rev() {
                    for other in self.changed(&now, at, change) {
                        let makespan = self.try_out(context, &other)?;
                        if makespan < best {
                            (best, now) = (makespan, other);
                        }
                    }
                }
            }
            if best == before {
                return Some(());
            }
        }
    }

    /// Chains of the space that differ from one at a block.
    fn changed(&self, chain: &[Block], at: usize, change: Change) -> Vec<Chain> {
        let (first, now) = (chain[0].first, &chain[at]);
        let mut all = Vec::new();
        let mut add = |first: usize, at: usize, without: bool, block: Option<Block>| {
            let mut blocks = chain.to_vec();
            if without {
                blocks.remove(at);
            }
            if let Some(block) = block {
                blocks.insert(at, block);
            }
            all.extend(self.laid_out(first, blocks));
        };
        for &(last, _, ref grids) in self.ends {
            for grid in grids {
                let is_same = grid.dimensions() == now.grid.dimensions();
                let [without, behind] = match change {
                    Change::Grid if last == now.last => [true, false],
                    Change::Boundary if is_same => [true, false],
                    Change::More if is_same => [false, last > now.last],
                    Change::Any => [false, last > now.last],
                    _ => continue,
                };
                let block = Block { first, last, grid: grid.clone() };
                add(first, at + usize::from(behind), without, Some(block));
            }
        }
        match change {
            Change::Boundary if at == 0 => (0..=now.last).for_each(|first| add(first, 0, false, None)),
            Change::Less => add(first, at, true, None),
            _ => {}
        }
        all
    }

    /// Blocks right behind each other from a stage on, if they are of the space.
    fn laid_out(&self, mut first: usize, mut chain: Chain) -> Option<Chain> {
        for block in &mut chain {
            let (last, start, _) = self.ends.iter().find(|end| end.0 == block.last)?;
            if first < *start || *last < first {
                return None;
            }
            block.first = first;
            first = last + 1;
        }
        (1..=self.most).contains(&chain.len()).then_some(chain)
    }

    /// The makespan of a chain's plan; none where evaluations have run out.
    fn try_out(&mut self, context: &mut Context, chain: &[Block]) -> Option<Nanos> {
        if let Some(known) = self.found.iter().find(|found| found.strategy.fused().eq(chain)) {
            return Some(known.makespan);
        }
        if context.evaluations() >= self.limit {
            return None;
        }
        let (strategy, instance) = context.compile(chain);
        let draft = construct(context, &instance, usize::from(chain[0].first > 0), self.weights);
        let makespan = draft.makespan;
        self.found.push(draft.found(strategy));
        Some(makespan)
    }
}

fn push_new(all: &mut Vec<[u32; 2]>, one: [u32; 2]) {
    if all.len() < SPLIT && !all.contains(&one) {
        all.push(one);
    }
}
