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

/// Fused blocks right behind each other: the first stage, and of each its last stage and its grid's dimensions.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Chain {
    first: usize,
    blocks: Vec<(usize, [u32; 2])>,
}

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

/// What chains were tried, with the plan of each.
pub struct Chains<'e> {
    ends: &'e Ends,
    weights: Weights,
    /// The most blocks of a chain.
    most: usize,
    limit: u64,
    tried: Vec<Chain>,
    /// By chain tried.
    pub found: Vec<Found>,
}

impl<'e> Chains<'e> {
    /// Nothing tried, of at most so many blocks. Stops at `limit` evaluations of the context.
    pub fn new(ends: &'e Ends, shares: [f64; 3], most: usize, limit: u64) -> Self {
        let weights = Weights::from_shares(shares, [1; 3]);
        Self { ends, weights, most, limit, tried: Vec::new(), found: Vec::new() }
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
        let whole = grids.iter().map(|&grid| Chain { first: *first, blocks: vec![(*last, grid)] });
        let best = self.ascending().take(LAST_CLIMBS).map(|at| self.tried[at].clone());
        for start in best.chain(whole).collect::<Vec<_>>() {
            let _ =
                self.climb(context, start, &[Change::Grid, Change::Boundary, Change::More, Change::Less, Change::Any]);
        }
    }

    /// Splits blocks everywhere, both halves with one of these grids, then exchanges grids of the best splits.
    fn split(&mut self, context: &mut Context, ranges: &[[u32; 2]], grids: &[[u32; 2]]) {
        for &[first, last] in ranges {
            for &grid in grids {
                let whole = Chain { first: first as usize, blocks: vec![(last as usize, grid)] };
                for split in self.changed(&whole, 0, Change::More) {
                    if split.blocks.ends_with(&whole.blocks) {
                        let _ = self.try_out(context, &split);
                    }
                }
            }
        }
        let mut starts: Vec<Chain> = Vec::new();
        for at in self.ascending() {
            let chain = &self.tried[at];
            let is_same = |start: &Chain| start.first == chain.first && start.blocks[0].0 == chain.blocks[0].0;
            if starts.len() < CLIMBS && !starts.iter().any(is_same) {
                starts.push(chain.clone());
            }
        }
        for start in starts {
            let _ = self.climb(context, start, &[Change::Grid]);
        }
    }

    /// What was tried, the best plan first.
    fn ascending(&self) -> impl Iterator<Item = usize> + use<> {
        let makespans: Vec<u64> = self.found.iter().map(|found| found.makespan.0).collect();
        ascending(&makespans).into_iter()
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
                for at in (0..now.blocks.len()).rev() {
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

    /// Chains that differ from one at a block; some may be none of the space.
    fn changed(&self, chain: &Chain, at: usize, change: Change) -> Vec<Chain> {
        let (last, grid) = chain.blocks[at];
        let mut all = Vec::new();
        let mut add = |first: usize, at: usize, without: bool, block: Option<(usize, [u32; 2])>| {
            let mut blocks = chain.blocks.clone();
            if without {
                blocks.remove(at);
            }
            if let Some(block) = block {
                blocks.insert(at, block);
            }
            all.push(Chain { first, blocks });
        };
        for (end, _, grids) in self.ends {
            for other in grids.iter().map(Grid::dimensions) {
                let block = Some((*end, other));
                match change {
                    Change::Grid if *end == last => add(chain.first, at, true, block),
                    Change::Boundary if other == grid => add(chain.first, at, true, block),
                    Change::More if other == grid => add(chain.first, at + usize::from(*end > last), false, block),
                    Change::Any => add(chain.first, at + usize::from(*end > last), false, block),
                    _ => {}
                }
            }
        }
        match change {
            Change::Boundary if at == 0 => (0..=last).for_each(|first| add(first, 0, false, None)),
            Change::Less => add(chain.first, at, true, None),
            _ => {}
        }
        all
    }

    /// The blocks of a chain, if it is one of the space.
    fn blocks(&self, chain: &Chain) -> Option<Vec<Block>> {
        let mut first = chain.first;
        let mut blocks = Vec::with_capacity(chain.blocks.len());
        for &(last, dimensions) in &chain.blocks {
            let (_, start, grids) = self.ends.iter().find(|end| end.0 == last)?;
            let grid = grids.iter().find(|grid| grid.dimensions() == dimensions)?.clone();
            if first < *start || last < first {
                return None;
            }
            blocks.push(Block { first, last, grid });
            first = last + 1;
        }
        (1..=self.most).contains(&blocks.len()).then_some(blocks)
    }

    /// The makespan of a chain's plan, endless if it is none of the space; none where evaluations have run out.
    fn try_out(&mut self, context: &mut Context, chain: &Chain) -> Option<Nanos> {
        if let Some(at) = self.tried.iter().position(|known| known == chain) {
            return Some(self.found[at].makespan);
        }
        if context.evaluations() >= self.limit {
            return None;
        }
        let Some(blocks) = self.blocks(chain) else { return Some(Nanos(u64::MAX)) };
        let (strategy, instance) = context.compile(&blocks);
        let front = usize::from(chain.first > 0);
        let draft = construct(context, &instance, front, self.weights);
        let makespan = draft.makespan;
        self.tried.push(chain.clone());
        self.found.push(draft.found(strategy));
        Some(makespan)
    }
}

fn push_new(all: &mut Vec<[u32; 2]>, one: [u32; 2]) {
    if all.len() < SPLIT && !all.contains(&one) {
        all.push(one);
    }
}
