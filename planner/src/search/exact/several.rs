//! Strategies that shops do not hold: those with several fused blocks, the most promising first.
//!
//! A *prefix* is some fused blocks from the network's beginning on, bounded over all strategies that
//! add blocks behind them; it opens into the prefixes with one block more. What is still below the best
//! plan known when its turn comes is opened, compiled, taken apart, or searched; the least bound of all
//! that waits bounds every plan not yet excluded.
//!
//! Where every stage that may be fused treats rows and columns alike, each strategy has the plans of the
//! transposed one, and of the two only that is looked at whose first grid that changes by being
//! transposed comes first in [`Singles::ends`].

use super::general::{General, Settled, Solution, Solved, Start};
use super::stretches::{Ahead, Entry, Place, Stretches};
use crate::bounds::{Singles, Weights};
use crate::plan::{Block, Strategy};
use crate::schedule::Instance;
use crate::search::{Context, Found};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Labels of each number of paths that the first, heuristic look keeps.
const BEAM: usize = 3;
/// Labels that a strategy, or a part of one, may make before it is taken apart.
const FIRST_LABELS: u64 = 1 << 6;
/// More labels than this take too long in one step, and too much memory.
const MOST_LABELS: u64 = 1 << 16;
/// So many times more when it has its turn again.
const MORE: u64 = 8;
/// Prefixes opened count as so many strategies bounded for one label.
const BOUNDS_A_LABEL: u64 = 8;

/// More than this do not wait: memory is bounded.
const MOST_WAITING: usize = 1 << 20;
/// Spaces with more fused blocks than this are left alone.
const MOST_ENTRIES: usize = 1 << 15;

/// What to do with some fused blocks next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Task {
    /// Search the strategy, with so many labels.
    Search(u64),
    /// Compile the strategy and bound it anew.
    Compile,
    /// Add a block.
    Open,
}

/// Fused blocks that wait for their turn.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Waiting {
    bound: u64,
    task: Task,
    /// The blocks in order, each by its index into [`Singles::ends`] and its first stage.
    blocks: Vec<[u32; 2]>,
    /// Which of the strategy's plans are meant.
    settled: Vec<Settled>,
}

/// A strategy and what it costs.
#[derive(Debug)]
struct Compiled {
    blocks: Vec<[u32; 2]>,
    strategy: Strategy,
    instance: Instance,
}

impl Compiled {
    fn new(context: &mut Context, singles: &Singles, blocks: &[[u32; 2]]) -> Self {
        let block = |&[end, first]: &[u32; 2]| singles.block(end as usize, first as usize);
        let fused: Vec<Block> = blocks.iter().map(block).collect();
        let (strategy, instance) = context.compile(&fused);
        Self { blocks: blocks.to_vec(), strategy, instance }
    }
}

/// What waits, and the least bound of what does not for want of memory.
#[derive(Debug)]
struct Queue {
    waiting: BinaryHeap<Reverse<Waiting>>,
    given_up: u64,
}

impl Queue {
    fn push(&mut self, waiting: Waiting) {
        if self.waiting.len() < MOST_WAITING {
            self.waiting.push(Reverse(waiting));
        } else {
            self.give_up(waiting.bound);
        }
    }

    /// Leaves plans alone of which only this bound is known.
    fn give_up(&mut self, bound: u64) {
        self.given_up = self.given_up.min(bound);
    }
}

/// The search over strategies with several fused blocks, between two steps.
#[derive(Debug)]
pub struct Several {
    stretches: Option<Stretches>,
    queue: Queue,
    most: usize,
    /// Whether every strategy has the plans of the transposed one.
    has_mirrors: bool,
    /// The shares that proved most for the last strategy: a good start for the next.
    start: Start,
    /// The strategy looked at last: its parts often come one after another.
    compiled: Option<Compiled>,
    /// Labels made, and a part for each strategy bounded.
    pub labels: u64,
}

impl Several {
    /// Of a space with at most `most` fused blocks a strategy; nothing to do where that is one.
    pub fn new(context: &mut Context, singles: &Singles, weights: &[Weights], shares: [f64; 3]) -> Self {
        let most = context.space.max_fused_blocks.min(context.network().stages().len());
        let has_mirrors = singles.ends.iter().all(|single| single.has_mirror);
        let queue = Queue { waiting: BinaryHeap::new(), given_up: u64::MAX };
        let mut made =
            Self { stretches: None, queue, most, has_mirrors, start: Start::new(shares), compiled: None, labels: 0 };
        if most > 1 && singles.len() > MOST_ENTRIES {
            made.queue.give_up(0);
        } else if most > 1 {
            let stretches = Stretches::new(&mut context.traces, singles, weights, most);
            made.queue.push(Waiting { bound: 0, task: Task::Open, blocks: Vec::new(), settled: Vec::new() });
            made.stretches = Some(stretches);
        }
        made
    }

    /// No plan that is not excluded yet is faster, in ns.
    pub fn lower_bound(&self) -> u64 {
        self.queue.waiting.peek().map_or(u64::MAX, |Reverse(first)| first.bound).min(self.queue.given_up)
    }

    /// Whether a plan faster than `limit` ns may still be found.
    pub fn is_open(&self, limit: u64) -> bool {
        self.queue.waiting.peek().is_some_and(|Reverse(first)| first.bound < limit)
    }

    /// Leaves a strategy to the general search, by its fused blocks' end and first stage.
    pub fn add_single(&mut self, end: usize, first: usize, bound: u64) {
        let blocks = vec![[end as u32, first as u32]];
        self.queue.push(Waiting { bound, task: Task::Compile, blocks, settled: Vec::new() });
    }

    /// Does the most promising task; gives a plan that is faster than `limit` ns, if it finds one.
    pub fn step(&mut self, context: &mut Context, singles: &Singles, limit: u64) -> Option<Found> {
        let Reverse(now) = self.queue.waiting.pop()?;
        if now.bound >= limit {
            self.queue.waiting.clear();
            return None;
        }
        if now.task == Task::Open {
            self.open(singles, &now, limit);
            return None;
        }
        let known = self.compiled.take().filter(|known| known.blocks == now.blocks);
        let compiled = known.unwrap_or_else(|| Compiled::new(context, singles, &now.blocks));
        let found = self.look_at(&compiled.instance, now, limit).map(|solution| {
            let makespan = context.evaluate(&compiled.instance, &solution.order, &solution.cuts);
            Found { strategy: compiled.strategy.clone(), order: solution.order, cuts: solution.cuts, makespan }
        });
        self.compiled = Some(compiled);
        found
    }

    /// Excludes plans of a strategy, or puts them back with what is known of them.
    fn look_at(&mut self, instance: &Instance, now: Waiting, limit: u64) -> Option<Solution> {
        let Some(mut general) = General::new(instance, &now.settled, &mut self.start, limit) else {
            self.queue.give_up(now.bound);
            return None;
        };
        let (mut bound, mut labels) = (now.bound, FIRST_LABELS);
        if let Task::Search(more) = now.task {
            labels = more;
        } else {
            bound = bound.max(general.lower_bound());
            self.labels += 1;
            if bound >= limit {
                return None;
            }
        }
        let mut left = labels;
        let mut solved = general.search(usize::MAX, &mut left);
        self.labels += labels - left;
        if let Solved::Stopped(found) = solved {
            let is_new = now.task == Task::Compile && now.settled.is_empty();
            self.put_back(Waiting { bound: bound.max(found), ..now }, general.parts(), labels);
            if is_new {
                left = u64::MAX;
                solved = general.search(BEAM, &mut left);
                self.labels += u64::MAX - left;
            }
        }
        match solved {
            Solved::Proven(solution) => solution,
            Solved::Stopped(_) => None,
        }
    }

    /// Looks at plans again later that so many labels did not exclude: in parts where there are some, with more
    /// labels else.
    fn put_back(&mut self, again: Waiting, parts: Option<[Settled; 2]>, labels: u64) {
        match parts {
            Some(parts) => {
                for part in parts {
                    let settled = again.settled.iter().copied().chain([part]).collect();
                    self.queue.push(Waiting { task: Task::Compile, settled, ..again.clone() });
                }
            }
            None if labels * MORE > MOST_LABELS => self.queue.give_up(again.bound),
            None => self.queue.push(Waiting { task: Task::Search(labels * MORE), ..again }),
        }
    }

    /// Adds a block to a prefix, in every way.
    fn open(&mut self, singles: &Singles, prefix: &Waiting, limit: u64) {
        let Some(stretches) = &mut self.stretches else { return };
        let (mut fronts, mut at, mut before) = (stretches.start(), 0, None);
        for &[end, first] in &prefix.blocks {
            let (end, first) = (end as usize, first as usize);
            let Some(entry) = stretches.find(end, first) else { return };
            stretches.append(singles, &mut fronts, Place { before, at, entry });
            at = stretches.entries[entry].behind;
            before = Some(end);
        }
        let count = prefix.blocks.len() + 1;
        let stays_the_same = |&[end, _]: &[u32; 2]| {
            let grid = &singles.ends[end as usize].grid;
            grid.rows() == grid.columns()
        };
        let halves = self.has_mirrors && prefix.blocks.iter().all(stays_the_same);
        let bounds = stretches.bounds_behind(&fronts, (before, at), count < self.most, limit);
        for (entry, Ahead { ends, goes_on }) in stretches.entries_from(at).zip(bounds) {
            let Entry { end, first, .. } = stretches.entries[entry];
            if halves && singles.ends[end].mirror_of.is_some() {
                continue;
            }
            let mut push = |bound: u64, task: Task| {
                let bound = bound.max(prefix.bound);
                if bound < limit {
                    let blocks = prefix.blocks.iter().copied().chain([[end as u32, first as u32]]).collect();
                    self.queue.push(Waiting { bound, task, blocks, settled: Vec::new() });
                }
            };
            if count > 1 {
                push(ends.into_iter().min().unwrap_or(0), Task::Compile);
            }
            if count < self.most {
                push(goes_on, Task::Open);
            }
        }
        self.labels += stretches.entries_from(at).len() as u64 / BOUNDS_A_LABEL + 1;
    }
}
