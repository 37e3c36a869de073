//! Strategies that shops do not hold: those with several fused blocks, the most promising first.
//!
//! A *prefix* is some fused blocks from the network's beginning on, bounded over all strategies that
//! add blocks behind them; it opens into the prefixes with one block more. What is still below the best
//! plan known when its turn comes is opened, compiled, taken apart, or searched; the least bound of all
//! that waits bounds every plan not yet excluded.
//!
//! *Any rest.* Where only lone groups count (see `stretches`), all behind the last block that the device works in runs
//! on the server. How that is split matters little, and there are thousands of ways. So they are excluded together,
//! by the strategy that splits none of it, with a last path that stands for all of them: the server is known to do at
//! least so much when everything else is there, and so much besides ([`super::general::Beyond`]). Of any plan of
//! any of them leave out what is done behind the group: nothing before ends later, for all keep their order; and no box
//! is larger that the group sends, where tiles of a block leave no gaps in what they read together. At the end, device and
//! uplink rest while the server works through all that depends on what came last. What it does besides is counted in whole
//! plans, and in labels while nothing is placed that it reads. Of the rests of a block those count of which no other has
//! both times less; each stands for all ways to split what is behind that take no less time than it, and less than the
//! next.
//!
//! *Any head.* Alike, what comes before the first fused block that sends anything is *held*: it runs on the device and
//! sends nothing. That block, and what follows up to the last one that the device works in, is a *core*. All its tiles
//! begin on the device, or those before would send. So plans that differ in what is held are excluded together, by the
//! strategy that splits none of it, with a first path that stands for all: the device is known to work at least so long
//! before anything else begins, and so much besides (alike). Of any plan of any of them leave out what
//! the device does in held blocks, but the first delay: nothing ends later, for the device never rests before its last
//! operation, and only the core sends. What it does besides takes it longer, whenever that is, and so counts in every label;
//! and its last operation is of the core, for of what is held all is read there later, so what is left to do behind that
//! is left. The heads of a block are told apart by the device's time, as its rests are by the server's.
//!
//! Many heads or rests together have the least of each time, which none of them may have. Where those differ much, they are
//! halved as soon as labels run out; heads where a search finds a plan, too. At last both are taken apart block by block.
//!
//! *What is near.* Far more is excluded at once of which only a plan well below the best one is asked for. So that is
//! asked first, as long as the bound is no nearer; what is excluded so comes back with that as its bound.
//!
//! *First plans.* The lower the limit, the more is excluded. So plans are looked for before anything is proven, as the
//! swarm does (`first`).
//!
//! *Few blocks.* Good plans often have two blocks, and are found late among all with more, of which more is open for
//! long. So those with two have a search of their own by turns, which proves nothing here, but finds plans.
//!
//! Where every stage that may be fused treats rows and columns alike, each strategy has the plans of the transposed one.
//! So as long as all blocks known of some strategies stay the same when transposed, of two blocks that are each other
//! transposed only the one is added that comes first in [`Singles::ends`].

mod cores;
mod first;

use super::MANY;
use super::general::{General, Meant, Settled, Solution, Solved, Start};
use super::stretches::{Ahead, Draft, Entry, Heading, Rested, Stretches};
use crate::bounds::{Singles, Weights};
use crate::plan::{Block, Strategy};
use crate::schedule::Instance;
use crate::search::{Context, Found, Ranking};
use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

/// Labels of each number of paths that the first, heuristic look keeps.
const BEAM: usize = 3;
/// Labels that a strategy, or a part of one, may make before it is taken apart.
const FIRST_LABELS: u64 = 1 << 6;
/// More labels than this take too long in one step, and too much memory.
const MOST_LABELS: u64 = 1 << 16;
/// So many times more when it has its turn again.
const MORE: u64 = 8;
/// Plans are looked for, and excluded, first that are faster than the best known by this part of it: more falls away then.
const NEAR: u64 = 50;
/// Prefixes opened count as so many strategies bounded for one label.
const BOUNDS_A_LABEL: u64 = 8;

/// When there are so many labels, strategies with few blocks have their turns.
const FEW_AFTER: u64 = 1 << 12;
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

/// Which plans are meant that begin with some fused blocks.
#[derive(Clone, Copy, Debug)]
enum Plans {
    /// Those with no block more.
    All,
    /// Those of them that run all behind so many blocks on the server.
    Ceded(usize),
    /// The same of all strategies that add blocks behind, too, so that they have these of the last block's rests.
    AnyRest(usize, Rested),
}

impl Plans {
    /// Whether all strategies are meant that add blocks behind. Known to be false where the feature `many` is off.
    fn have_any_rest(self) -> bool {
        MANY && matches!(self, Self::AnyRest(..))
    }
}

/// Fused blocks that wait for their turn. Parts of a strategy's plans with equal bounds count as equal.
#[derive(Clone, Debug)]
struct Waiting {
    bound: u64,
    task: Task,
    /// The blocks in order, each by its index into [`Singles::ends`] and its first stage.
    blocks: Vec<[u32; 2]>,
    /// Which of them, and of what comes before, are held.
    by: Heading,
    plans: Plans,
    /// Which of the strategy's plans are meant, by what their paths do.
    settled: Vec<Settled>,
}

impl Ord for Waiting {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.bound, self.task, &self.blocks).cmp(&(other.bound, other.task, &other.blocks))
    }
}

impl PartialOrd for Waiting {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Waiting {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Waiting {}

impl Waiting {
    /// All plans of some fused blocks.
    fn new(bound: u64, task: Task, blocks: Vec<[u32; 2]>) -> Self {
        Self { bound, task, blocks, by: Heading::default(), plans: Plans::All, settled: Vec::new() }
    }

    /// The same with a block more, of plans that are no better than `bound`.
    fn with(&self, entry: Entry, bound: u64, task: Task, plans: Plans) -> Self {
        let blocks = self.blocks.iter().copied().chain([[entry.end as u32, entry.first as u32]]).collect();
        Self { bound: bound.max(self.bound), task, blocks, by: self.by, plans, settled: self.settled.clone() }
    }

    /// Whether plans of many strategies are meant.
    fn has_any(&self) -> bool {
        self.by.heads().is_some() || self.plans.have_any_rest()
    }

    /// Of how many blocks the strategies consist at least that are meant.
    fn count(&self) -> usize {
        self.blocks.len() + usize::from(self.by.heads().is_some())
    }
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

    /// Leaves out what is no better than `limit` ns.
    fn push_below(&mut self, limit: u64, waiting: Waiting) {
        if waiting.bound < limit {
            self.push(waiting);
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
    /// Tables that are still to be completed.
    draft: Option<Draft>,
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
    labels: u64,
    /// Whether anything was done.
    has_begun: bool,
    /// Where more than two blocks may be fused, the search over strategies with two.
    few: Option<Box<Self>>,
}

impl Several {
    /// Of a space; nothing to do where at most one block may be fused.
    pub fn new(context: &mut Context, singles: &Singles, weights: &[Weights], shares: [f64; 3]) -> Self {
        let most = context.space.max_fused_blocks.min(context.network().stages().len());
        Self::with(context, singles, weights, (Start::new(shares), most))
    }

    /// Of strategies with one fused block alone, which shops do not hold.
    #[cfg(feature = "uneven")]
    pub fn of_one(context: &mut Context, ranking: &Ranking) -> Self {
        Self::with(context, &ranking.singles, &ranking.weights, (Start::new(ranking.fluid.shares), 1))
    }

    /// Of strategies with at most `most` fused blocks.
    fn with(context: &mut Context, singles: &Singles, weights: &[Weights], (start, most): (Start, usize)) -> Self {
        let has_mirrors = singles.ends.iter().all(|single| single.has_mirror);
        let queue = Queue { waiting: BinaryHeap::new(), given_up: u64::MAX };
        let (draft, stretches, compiled, few) = (None, None, None, None);
        let mut made =
            Self { draft, stretches, queue, most, has_mirrors, start, compiled, labels: 0, has_begun: most < 2, few };
        if most > 1 && singles.len() > MOST_ENTRIES {
            made.queue.give_up(0);
        } else if most > 1 {
            made.queue.push(Waiting::new(0, Task::Open, Vec::new()));
            made.draft = Some(Draft::new(&mut context.traces, singles, weights, most));
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
        self.queue.push(Waiting::new(bound, Task::Compile, vec![[end as u32, first as u32]]));
    }

    /// Leaves a strategy to the general search, by each block's end and first stage.
    #[cfg(feature = "uneven")]
    pub fn add_strategy(&mut self, blocks: Vec<[u32; 2]>, bound: u64) {
        self.queue.push(Waiting::new(bound, Task::Compile, blocks));
    }

    /// Does the most promising task, and takes a plan over that is faster than the best known. Gives how many plans and
    /// parts of plans that took.
    pub fn step(&mut self, context: &mut Context, ranking: &Ranking, best: &mut Found) -> u64 {
        if MANY && !self.has_begun {
            self.has_begun = true;
            return first::look_around(context, ranking, best);
        }
        let before = self.labels;
        let found = self.next(context, &ranking.singles, best.makespan.0);
        if let Some(found) = found.filter(|found| found.makespan < best.makespan) {
            *best = found;
        }
        self.labels - before
    }

    /// Does the most promising task; gives a plan that is faster than `limit` ns, if it finds one.
    fn next(&mut self, context: &mut Context, singles: &Singles, limit: u64) -> Option<Found> {
        if let Some(draft) = self.draft.take() {
            match draft.grown(&mut context.traces, singles) {
                Ok(stretches) => self.stretches = Some(stretches),
                Err(draft) => self.draft = Some(draft),
            }
            return None;
        }
        let of_few = self.few.as_ref().map_or(0, |few| few.labels);
        if MANY && self.most > 2 && self.labels >= FEW_AFTER + 2 * of_few {
            let before = self.labels;
            let found = self.step_of_few(context, singles, limit);
            if self.labels > before {
                return found;
            }
        }
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
        let found = self.look_at(singles, &compiled.instance, now, limit).map(|solution| {
            let makespan = context.evaluate(&compiled.instance, &solution.order, &solution.cuts);
            Found { strategy: compiled.strategy.clone(), order: solution.order, cuts: solution.cuts, makespan }
        });
        self.compiled = Some(compiled);
        found
    }

    /// The same among strategies with few blocks, as long as there are such.
    fn step_of_few(&mut self, context: &mut Context, singles: &Singles, limit: u64) -> Option<Found> {
        let few = match &mut self.few {
            Some(few) => few,
            few => {
                let weights = self.stretches.as_ref().map_or(Vec::new(), Stretches::weights);
                few.insert(Box::new(Self::with(context, singles, &weights, (self.start.clone(), 2))))
            }
        };
        let mut found = None;
        let before = few.labels;
        while found.is_none() && few.is_open(limit) && few.labels == before {
            found = few.next(context, singles, limit);
            if few.draft.is_some() {
                break;
            }
        }
        self.labels += few.labels - before;
        found
    }

    /// Excludes plans of a strategy, or puts them back with what is known of them.
    fn look_at(&mut self, singles: &Singles, instance: &Instance, now: Waiting, limit: u64) -> Option<Solution> {
        let meant = self.meant(singles, &now);
        // First only what is well below the best plan known.
        let near = limit - limit / NEAR;
        let (most, limit) = (limit, if MANY && now.bound < near { near } else { limit });
        let Some(mut general) = General::new(instance, meant, &mut self.start, limit) else {
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
                self.queue.push_below(most, Waiting { bound: limit, task: Task::Compile, ..now });
                return None;
            }
        }
        let mut left = labels;
        let mut solved = general.search(usize::MAX, &mut left);
        self.labels += labels - left;
        let has_any = now.has_any();
        match &solved {
            Solved::Proven(Some(solution)) if has_any => {
                self.take_apart(singles, Waiting { bound: bound.max(solution.end), ..now }, most);
                return None;
            }
            Solved::Stopped(found) => {
                let is_new = now.task == Task::Compile && now.settled.is_empty() && !has_any;
                let again = Waiting { bound: bound.max(*found), ..now };
                if MANY && again.settled.is_empty() && self.are_far_apart(&again, limit) {
                    self.halve(singles, &again, most);
                    return None;
                }
                self.put_back(singles, again, general.parts(), (labels, most));
                if is_new {
                    left = u64::MAX;
                    solved = general.search(BEAM, &mut left);
                    self.labels += u64::MAX - left;
                }
            }
            Solved::Proven(None) => {
                self.queue.push_below(most, Waiting { bound: limit, task: Task::Compile, ..now });
            }
            Solved::Proven(_) => {}
        }
        match solved {
            Solved::Proven(solution) => solution,
            Solved::Stopped(_) => None,
        }
    }

    fn meant<'w>(&self, singles: &Singles, now: &'w Waiting) -> Meant<'w> {
        let held = (!now.by.is_plain()).then(|| now.blocks.get(now.by.held()).map_or(0, |&[_, first]| first as usize));
        let head = self.stretches.as_ref().filter(|_| MANY).and_then(|stretches| stretches.head(now.led()));
        let meant = Meant { settled: &now.settled, held, head, ..Meant::default() };
        let core = match now.plans {
            Plans::Ceded(core) | Plans::AnyRest(core, _) if MANY => core,
            _ => return meant,
        };
        let last_of = |count: usize| now.blocks.get(count.wrapping_sub(1)).map(|&[end, _]| end as usize);
        let ceded = last_of(core).map(|end| singles.ends[end].last + 1);
        let rest = match (now.plans, &self.stretches) {
            (Plans::AnyRest(_, rests), Some(stretches)) => {
                last_of(now.blocks.len()).and_then(|end| stretches.rest(end, rests))
            }
            _ => None,
        };
        Meant { ceded, rest, ..meant }
    }

    /// Looks at plans again later that so many labels did not exclude: in parts where there are some, with more
    /// labels else.
    fn put_back(
        &mut self,
        singles: &Singles,
        again: Waiting,
        parts: Option<[Settled; 2]>,
        (labels, limit): (u64, u64),
    ) {
        match parts {
            Some(parts) => {
                for part in parts {
                    let settled = again.settled.iter().copied().chain([part]).collect();
                    self.queue.push(Waiting { task: Task::Compile, settled, ..again.clone() });
                }
            }
            None if labels * MORE <= MOST_LABELS => {
                self.queue.push(Waiting { task: Task::Search(labels * MORE), ..again });
            }
            None if again.has_any() => self.take_apart(singles, again, limit),
            None => self.queue.give_up(again.bound),
        }
    }

    /// What a block more behind some leads to.
    fn behind(&mut self, singles: &Singles, prefix: &Waiting, limit: u64) -> Vec<(Entry, Ahead)> {
        let halves = self.is_symmetric(singles, &prefix.blocks);
        let Some(stretches) = &mut self.stretches else { return Vec::new() };
        let Some((fronts, behind)) = stretches.fronts(singles, prefix.led()) else { return Vec::new() };
        let (bounds, at) = (stretches.bounds_behind(&fronts, behind, prefix.count() + 1 < self.most, limit), behind.1);
        self.labels += bounds.len() as u64 / BOUNDS_A_LABEL + 1;
        let all = stretches.entries_from(at).map(|entry| stretches.entries[entry]).zip(bounds);
        all.filter(|(entry, _)| !halves || singles.ends[entry.end].mirror_of.is_none()).collect()
    }

    /// Whether the transposed strategies begin with the same blocks, so that of any two that add a block only one counts.
    fn is_symmetric(&self, singles: &Singles, blocks: &[[u32; 2]]) -> bool {
        let stays_the_same = |&[end, _]: &[u32; 2]| {
            let grid = &singles.ends[end as usize].grid;
            grid.rows() == grid.columns()
        };
        self.has_mirrors && blocks.iter().all(stays_the_same)
    }

    /// Adds a block to a prefix, in every way.
    fn open(&mut self, singles: &Singles, prefix: &Waiting, limit: u64) {
        for (entry, ahead) in self.behind(singles, prefix, limit) {
            self.add(prefix, entry, ahead, limit);
        }
        if MANY && prefix.blocks.is_empty() {
            self.open_headed(singles, prefix, limit);
        }
    }

    /// Adds a block to a prefix.
    fn add(&mut self, prefix: &Waiting, entry: Entry, Ahead { ends, closes, goes_on }: Ahead, limit: u64) {
        let Some(stretches) = &self.stretches else { return };
        let (has_cores, stages) = (stretches.has_cores(), stretches.stages());
        let count = prefix.count() + 1;
        let has_more = count < self.most && (!has_cores || entry.behind < stages);
        let (here, on, plans) = if has_cores {
            let core = prefix.blocks.len() + 1;
            // The next block starts on the server whole, or on both sides.
            let plans = if has_more { Plans::AnyRest(core, stretches.rests(entry.end)) } else { Plans::Ceded(core) };
            (least(&ends[..2]).min(least(&closes[..2])), goes_on, plans)
        } else {
            (least(&ends), if MANY { least(&closes).min(goes_on) } else { goes_on }, Plans::All)
        };
        // The ranking has those with one block.
        if count > 1 || plans.have_any_rest() {
            self.queue.push_below(limit, prefix.with(entry, here, Task::Compile, plans));
        }
        if has_more {
            self.queue.push_below(limit, prefix.with(entry, on, Task::Open, Plans::All));
        }
    }
}

fn least(bounds: &[u64]) -> u64 {
    bounds.iter().copied().min().unwrap_or(0)
}
