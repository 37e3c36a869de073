//! The best plan of any one strategy: several fused blocks, paths that depend on each other or on
//! nothing, any number of slots.
//!
//! Paths are appended one after another, as in a schedule; a *label* is what of that still matters: the
//! set of placed paths, which paths left can start on neither side any more, until when each slot is
//! taken, and when what a path left needs has ended on the device and is at the server.
//!
//! A path that ends on the device sends the bounding box of what its dependents on the server read.
//! They come later, so the search chooses the box first, among those of all sets of dependents: then
//! dependents that read something outside it cannot start on the server, and those that alone reach one
//! of its sides have to. The others may start anywhere: a box larger than needed only takes longer, and
//! the exact one is among the choices. A plan with exact boxes is called exact below; the best plan is
//! one.
//!
//! Why the search is exact:
//! - *Dominance.* Appending is monotone in all times. So of two labels with equal sets one whose times
//!   are all no later makes the other superfluous.
//! - *Twins.* Paths that need the same paths and have the same ways, costs and dependents can change
//!   places in every plan, if the same starts are left to them: then the first of them goes first.
//! - *Silence.* With one device slot, a path that stays on the device and sends nothing can go behind
//!   the next path, if that one does not read it: the device ends both when it did, and nobody else
//!   waits for the first. So such paths come right before one that reads them, directly or not, in the
//!   order of their numbers, or at the very end: a step places another path, and before it all that are
//!   left of those that it needs.
//! - *Prices.* With prices `w`, `k·w₁ + w₂ + m·w₃ ≤ SCALE`, the end `T` of a completed label has
//!   `SCALE·T ≥ Σ w·(slot times) + Σ over paths left of the least price of their ways`: each slot's
//!   work must fit between its time now and `T`.
//! - *Rest.* A path that is alone (all others are before it or behind it) runs while every other path
//!   rests, so each slot is charged with its time. Transfers that nobody waits for may go on
//!   meanwhile, but exact plans have none. A label that dominates one of an exact plan may have some;
//!   its times are no later, so its bound is no larger: it stays as well. That needs bounds that depend on a label's
//!   times and sets only.
//! - *Tails.* Some path makes the last transfer; behind it there is still to be done what it leaves to
//!   the server, and all paths behind it if it leaves the device, or one that reads its box. The least
//!   of that over the paths left is time in which the uplink rests at the end, if one of them transfers
//!   something for certain. Alike the device (`tails`). Alone paths are left out: rest counts them.
//! - *Heads* (`heads`). Some path left is the first of which anything is at the server. All left before it stays on the
//!   device, for nothing comes back, and what it reads there is sent, or it leaves itself: until then the server has
//!   nothing to do. Where no path is, all that is left stays, and the end comes no sooner than the device has done it:
//!   so the lesser of both. Alike the uplink. Alone paths count as nothing: rest counts them.
//! - *Late work.* A tile that is sent early gives the server something to do, but not for long. So besides, only what it
//!   does in a block and those behind it is priced, and what paths before the first of that take on device and uplink is
//!   time in which it does nothing of it.
//! - *Eagerness.* With one server slot and nothing sent back, nobody but the server waits for the server: whatever the
//!   order there, it ends soonest if it never rests while it could work. So a path that starts on the server comes as
//!   soon as what it reads is there, of several the first that can; a step that places anything else keeps those that
//!   could have come from starting there.
//! - *Transfers between blocks* are charged to who reads: with a potential `φ` per position of a
//!   boundary, a path that starts on the server pays `φ` for each position of its own (no two paths own
//!   one), a path that ends on the server is paid `φ` for each position of its cell, and one that stays
//!   for each of its box, where `φ·positions ≤ w₂·(time of the box)`. What is taken has been given, so
//!   the sum over all paths is at most the real one; a path left does not pay for what placed paths gave, which is
//!   all of theirs that it reads if it may still start on the server. So this depends on a label's sets only, too.
//! - *Fixing* (`fix`). Before the search, ways are taken away that no exact plan below the limit has,
//!   until none is left or nothing changes. Twins and silence only change places, so they still hold.
//! - *Parts.* All plans are those in which some path has ways of one kind and those in which it has ways of the
//!   other. Each part has fewer ways, so tighter prices and more ways to take away.

mod fix;
mod heads;
mod label;
mod prices;
mod tails;
mod ways;

use crate::base::{ascending, order};
use crate::bounds::SCALE;
use crate::schedule::Instance;
use crate::search::exact::MANY;
use fix::{Fixed, fix, split};
use label::{Key, Label};
use prices::Prices;
pub use prices::Start;
pub use ways::{Beyond, Meant, Settled, Side};
use ways::{Jobs, bit, members};

/// Order and cuts, and when the last operation ends at the latest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Solution {
    /// The order of the paths.
    pub order: Vec<usize>,
    /// Their cuts.
    pub cuts: Vec<usize>,
    /// Their makespan in ns, with the boxes that the search chose: the plan's own is no larger.
    pub end: u64,
}

/// How a search of a strategy ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Solved {
    /// The best plan below the limit; none where none is.
    Proven(Option<Solution>),
    /// Labels ran out: what no plan of the strategy can beat, or the limit if that is less.
    Stopped(u64),
}

/// Labels with equally many paths placed, their times side by side.
#[derive(Debug, Default)]
struct Layer {
    keys: Vec<Key>,
    nodes: Vec<u32>,
    bounds: Vec<u64>,
    times: Vec<u64>,
    /// By label, where its times begin; and the end of all.
    starts: Vec<usize>,
}

/// How often prices are steered anew where that may take ways away.
const ROUNDS: usize = 1;

/// Stands in a node for all paths left, each staying on the device and sending nothing.
const REST: u16 = u16::MAX;

#[derive(Debug)]
struct Node {
    parent: u32,
    path: u16,
    cut: u16,
}

/// A strategy prepared for search.
#[derive(Debug)]
pub struct General {
    jobs: Jobs,
    prices: Prices,
    limit: u64,
    /// Whether there is no plan below the limit.
    is_closed: bool,
    /// No plan takes less, in ns.
    proven: u64,
    parts: Option<[Settled; 2]>,
    nodes: Vec<Node>,
}

impl General {
    /// Prepares a compiled strategy for plans below `limit` ns, of those that are meant; `start` is where
    /// prices are steered from, afterwards where they were steered to. None where the strategy has too many
    /// paths.
    pub fn new(instance: &Instance, meant: Meant, start: &mut Start, limit: u64) -> Option<Self> {
        let mut jobs = Jobs::new(instance)?;
        if !meant.are_all() {
            jobs.restrict(instance, meant);
        }
        let mut prices = Prices::new(&jobs, start);
        let (mut steered, mut has_boxes, mut proven) = (0, false, 0);
        let is_closed = loop {
            match fix(&mut jobs, &mut prices, limit, &mut proven) {
                Fixed::Closed => break true,
                Fixed::Fewer => continue,
                Fixed::Same if !has_boxes => {
                    has_boxes = jobs.tell_boxes(instance);
                    if !has_boxes {
                        return None;
                    }
                }
                Fixed::Same if steered == ROUNDS => break false,
                Fixed::Same => {
                    start.steer(&jobs);
                    steered += 1;
                }
            }
            prices = Prices::new(&jobs, start);
        };
        let mut parts = None;
        if !is_closed {
            parts = split(&jobs, &prices);
            jobs.find_twins();
        }
        let proven = (proven as u64).div_ceil(SCALE);
        Some(Self { jobs, prices, limit, is_closed, proven, parts, nodes: Vec::new() })
    }

    /// Two parts that together are all plans meant here, each with tighter bounds; none where there are none
    /// such.
    pub fn parts(&self) -> Option<[Settled; 2]> {
        self.parts
    }

    /// What no plan of the strategy can beat, in ns, or the limit if that is less: the least bound behind a first
    /// step.
    pub fn lower_bound(&mut self) -> u64 {
        if self.is_closed {
            return self.limit;
        }
        self.nodes.clear();
        let mut layers: Vec<Layer> = (0..=self.jobs.all.len()).map(|_| Layer::new()).collect();
        let first = self.first_layer();
        let _ = self.expand(&first, &mut layers, &mut u64::MAX.clone());
        layers
            .iter()
            .flat_map(|layer| &layer.bounds)
            .copied()
            .min()
            .unwrap_or(self.limit)
            .max(self.proven)
            .min(self.limit)
    }

    /// The best plan below the limit. Keeps the `beam` most promising labels of each number
    /// of placed paths (all of them: an exact search); stops where more than `most` labels are made.
    pub fn search(&mut self, beam: usize, most: &mut u64) -> Solved {
        if self.is_closed {
            return Solved::Proven(None);
        }
        self.nodes.clear();
        let count = self.jobs.all.len();
        // By number of placed paths.
        let mut layers: Vec<Layer> = (0..=count).map(|_| Layer::new()).collect();
        layers[0] = self.first_layer();
        for at in 0..count {
            let layer = reduced(&std::mem::take(&mut layers[at]), beam);
            if self.expand(&layer, &mut layers, most).is_none() {
                let open = layer.bounds.iter().chain(layers.iter().flat_map(|layer| &layer.bounds));
                return Solved::Stopped(open.copied().min().unwrap_or(self.limit).min(self.limit));
            }
        }
        let best = layers[count].bounds.iter().zip(&layers[count].nodes).min();
        Solved::Proven(best.map(|(&end, &node)| self.solution(node, end)))
    }

    fn first_layer(&self) -> Layer {
        let label = Label::new(&self.jobs);
        let mut layer = Layer::new();
        layer.push(&self.jobs, &label, u32::MAX, 0);
        layer
    }

    /// Does every next step of every label; none where labels run out.
    fn expand(&mut self, layer: &Layer, layers: &mut [Layer], most: &mut u64) -> Option<()> {
        let count = self.jobs.all.len();
        let mut now = Label::new(&self.jobs);
        let (mut ready, mut then) = (now.clone(), now.clone());
        for at in 0..layer.keys.len() {
            let node = layer.nodes[at];
            now.read(&self.jobs, layer.keys[at], layer.times(at));
            let eager = if MANY { now.eager(&self.jobs) } else { Vec::new() };
            for path in 0..count {
                ready.copy(&now);
                if MANY {
                    let others = eager.iter().filter(|&&other| other != path);
                    ready.no_server = others.fold(ready.no_server, |set, &other| set | bit(other));
                }
                if !now.may_place(&self.jobs, path) || !ready.place_silently(&self.jobs, self.jobs.all[path].before) {
                    continue;
                }
                for at in 0..self.jobs.all[path].ways.len() {
                    let way = self.jobs.all[path].ways[at];
                    if self.jobs.waits(path, at) || !ready.allows(path, &way) {
                        continue;
                    }
                    then.copy(&ready);
                    if MANY && way.cut == 0 && eager.contains(&path) {
                        // Those behind it may follow.
                        let passed = eager.iter().take_while(|&&other| other != path);
                        then.no_server = passed.fold(now.no_server, |set, &other| set | bit(other));
                    }
                    if then.append(&self.jobs, path, &way) {
                        let made = Node { parent: node, path: path as u16, cut: way.cut as u16 };
                        self.keep(&mut then, made, layers, most)?;
                    }
                }
            }
            then.copy(&now);
            if self.jobs.is_serial() && then.place_silently(&self.jobs, self.jobs.everything) {
                self.keep(&mut then, Node { parent: node, path: REST, cut: 0 }, layers, most)?;
            }
        }
        Some(())
    }

    /// Keeps a label that may lead below the limit; none where labels run out.
    fn keep(&mut self, label: &mut Label, made: Node, layers: &mut [Layer], most: &mut u64) -> Option<()> {
        let jobs = &self.jobs;
        label.raise(jobs);
        let times = [&label.device[..], &[label.uplink], &label.server];
        let bound = self.prices.bound(jobs, times, label.rest(jobs.everything), self.limit).max(label.end());
        if bound < self.limit {
            *most = most.checked_sub(1)?;
            layers[label.placed.count_ones() as usize].push(jobs, label, self.nodes.len() as u32, bound);
            self.nodes.push(made);
        }
        Some(())
    }

    fn solution(&self, mut node: u32, end: u64) -> Solution {
        let mut steps = Vec::new();
        while let Some(known) = self.nodes.get(node as usize) {
            steps.push(known);
            node = known.parent;
        }
        let (mut order, mut cuts, mut placed) = (Vec::new(), vec![0; self.jobs.all.len()], 0);
        for step in steps.into_iter().rev() {
            let job = self.jobs.all.get(usize::from(step.path));
            for path in members(job.map_or(self.jobs.everything, |job| job.before) & !placed) {
                let job = &self.jobs.all[path];
                cuts[path] = job.silent.map_or(0, |way| job.ways[way].cut);
                order.push(path);
                placed |= bit(path);
            }
            if job.is_some() {
                cuts[usize::from(step.path)] = usize::from(step.cut);
                order.push(usize::from(step.path));
                placed |= bit(usize::from(step.path));
            }
        }
        Solution { order, cuts, end }
    }
}

impl Layer {
    fn new() -> Self {
        Self { starts: vec![0], ..Self::default() }
    }

    fn push(&mut self, jobs: &Jobs, label: &Label, node: u32, bound: u64) {
        self.keys.push(label.key());
        self.nodes.push(node);
        self.bounds.push(bound);
        label.write(jobs, &mut self.times);
        self.starts.push(self.times.len());
    }

    fn times(&self, at: usize) -> &[u64] {
        &self.times[self.starts[at]..self.starts[at + 1]]
    }
}

/// The labels that no other covers, at most `beam` of them.
fn reduced(layer: &Layer, beam: usize) -> Layer {
    let by_key =
        |a: usize, b: usize| layer.keys[a].cmp(&layer.keys[b]).then_with(|| layer.times(a).cmp(layer.times(b)));
    let mut kept: Vec<usize> = Vec::new();
    let mut group = 0;
    for at in order(layer.keys.len(), &by_key) {
        if kept.last().is_some_and(|&last| layer.keys[last] != layer.keys[at]) {
            group = kept.len();
        }
        let covered = |&other: &usize| layer.times(other).iter().zip(layer.times(at)).all(|(a, b)| a <= b);
        if !kept[group..].iter().any(covered) {
            kept.push(at);
        }
    }
    if kept.len() > beam {
        let bounds: Vec<u64> = kept.iter().map(|&at| layer.bounds[at]).collect();
        kept = ascending(&bounds).into_iter().take(beam).map(|at| kept[at]).collect();
    }
    let mut made = Layer { starts: vec![0], ..Layer::default() };
    for at in kept {
        made.keys.push(layer.keys[at]);
        made.nodes.push(layer.nodes[at]);
        made.bounds.push(layer.bounds[at]);
        made.times.extend_from_slice(layer.times(at));
        made.starts.push(made.times.len());
    }
    made
}
