//! PSOMW: a particle swarm over FL strategy, order and cuts, its particles decoded by the
//! minimising-waiting rule so that none is invalid (planning model §5).
//!
//! A particle's position has, for every fused block that the space allows, where the block ends,
//! begins, its grid and whether it is there; then a cut key and a priority for every path. Constants
//! are Clerc and Kennedy's. What decides the quality is around the swarm: strategies ranked by their
//! proven bounds, constructed seeds, and a local search of every new best plan.

use super::boundaries::move_boundaries;
use super::chains::{Chains, ends_of};
use super::decode::{Decoder, Johnson, useful_cuts};
use super::local::{Draft, improve, order_for};
use super::mw::{better_than, unsplit_mw};
use super::seeds::construct;
use super::{Context, Found, Iteration, Observer, Outcome, Ranked, Ranking, exact, sides};
use crate::base::{Nanos, ascending, sort_few};
use crate::plan::{Block, Strategy};
use crate::schedule::Instance;
use crate::tiling::Grid;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg32;

const INERTIA: f64 = 0.7298;
const PULL: f64 = 1.496;
/// Partial plans that a constructed seed keeps of each length, and how many may be made in all: few
/// for every strategy first, then more, the best-bounded strategies first.
const BEAMS: [(usize, u64); 3] = [(4, u64::MAX), (40, u64::MAX), (2000, 250_000)];
/// Coordinates of one fused block: end, beginning, grid, presence.
const PER_BLOCK: usize = 4;

/// Size and budget of a swarm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Particles.
    pub particles: u32,
    /// Plans that may be evaluated, counted like the context's.
    pub max_evaluations: u64,
    /// Plans that may be evaluated in all, as the parts of the search share them out.
    pub budget: u64,
    /// The seed of all that is drawn.
    pub seed: u64,
}

#[derive(Clone, Debug)]
struct Particle {
    position: Vec<f64>,
    velocity: Vec<f64>,
    best_position: Vec<f64>,
    best: Nanos,
    now: Nanos,
}

/// A swarm between two iterations.
#[derive(Debug)]
pub struct Swarm<'r> {
    settings: Settings,
    /// 64 bits of state: WebAssembly has no wider product.
    generator: Pcg32,
    ranking: &'r Ranking,
    /// Stages at which a fused block may end, each with its grids and earliest beginning.
    ends: Vec<(usize, usize, Vec<Grid>)>,
    max_blocks: usize,
    max_paths: usize,
    particles: Vec<Particle>,
    decoder: Decoder,
    best: Found,
    best_position: Vec<f64>,
    iteration: u32,
    stopped_by: Option<&'static str>,
}

impl<'r> Swarm<'r> {
    /// Seeds the swarm: single sides, NFL, MW, and constructed plans of the best-bounded strategies.
    pub fn new(context: &mut Context, ranking: &'r Ranking, settings: Settings, observer: &mut dyn Observer) -> Self {
        let best = sides::nfl(context);
        let greedy = unsplit_mw(context);
        let ends = ends_of(context);
        let max_blocks = if ends.is_empty() { 0 } else { context.space.max_fused_blocks };
        let tiles = ends.iter().flat_map(|(_, _, grids)| grids).map(Grid::tiles).max().unwrap_or(1);
        let decoder = Decoder::new(&context.unsplit());
        let max_paths = max_blocks * tiles + max_blocks + 1;
        let mut swarm = Self {
            settings,
            generator: Pcg32::seed_from_u64(settings.seed),
            ranking,
            ends,
            max_blocks,
            max_paths,
            particles: Vec::new(),
            decoder,
            best,
            best_position: Vec::new(),
            iteration: 0,
            stopped_by: None,
        };
        observer.improved(0, context.evaluations(), &swarm.best);
        swarm.offer(context, &greedy, observer);
        let seeds = if max_blocks > 0 { swarm.seed_plans(context, observer) } else { Vec::new() };
        swarm.populate(context, seeds);
        swarm
    }

    /// The best plan so far.
    pub fn best(&self) -> &Found {
        &self.best
    }

    /// What the swarm says of itself now.
    pub fn state(&self, context: &Context) -> Iteration {
        let count = self.particles.len().max(1) as f64;
        let now = || self.particles.iter().map(|particle| particle.now);
        let mean = now().map(|ns| ns.0 as f64).sum::<f64>() / count;
        let variance = now().map(|ns| (ns.0 as f64 - mean) * (ns.0 as f64 - mean)).sum::<f64>() / count;
        Iteration {
            iteration: self.iteration,
            evaluations: context.evaluations(),
            best: self.best.makespan,
            mean,
            deviation: variance.sqrt(),
            least: now().min().unwrap_or(self.best.makespan),
            worst: now().max().unwrap_or(self.best.makespan),
        }
    }

    /// Whether the budget is spent, or nothing better can be.
    pub fn is_done(&self, context: &Context) -> bool {
        let nothing_better =
            self.max_blocks <= 1 && self.ranking.least().is_none_or(|bound| bound >= self.best.makespan);
        self.stopped_by.is_some()
            || self.max_blocks == 0
            || nothing_better
            || context.evaluations() >= self.settings.max_evaluations
    }

    /// Ends the search at the next look.
    pub fn stop(&mut self, reason: &'static str) {
        self.stopped_by = Some(reason);
    }

    /// Takes MW's answer where it is better: what the swarm found is never worse. MW's evaluations
    /// come on top of the budget; they are few, because only strategies bounded below the best count.
    pub fn finish(&mut self, context: &mut Context, observer: &mut dyn Observer) {
        if let Some(found) = better_than(context, self.ranking, &self.best) {
            self.offer(context, &found, observer);
        }
        // Boundaries may move: another quarter of the budget for that.
        let limit = context.evaluations() + self.settings.budget / 4;
        let (start, shares) = (self.best.clone(), self.ranking.fluid.shares);
        if let Some(found) = move_boundaries(context, &mut self.decoder, &start, shares, limit) {
            self.offer(context, &found, observer);
        }
    }

    /// The outcome as it stands, with a proven bound of the space.
    pub fn outcome(&self, context: &Context, lower_bound: Nanos) -> Outcome {
        Outcome {
            found: self.best.clone(),
            lower_bound,
            evaluations: context.evaluations(),
            stopped_by: self.stopped_by,
        }
    }

    /// Plans of the best-bounded strategies, as many as a third of the budget allows.
    fn seed_plans(&mut self, context: &mut Context, observer: &mut dyn Observer) -> Vec<Found> {
        let limit = context.evaluations() + self.settings.budget / 3;
        let mut seeds: Vec<Found> = Vec::new();
        let mut shares = self.ranking.fluid.shares;
        let mut promising: Vec<usize> = (0..self.ranking.ranked.len()).collect();
        for (width, mut labels) in BEAMS {
            let bounds: Vec<u64> = promising.iter().map(|&at| self.ranking.known_bound(at).0).collect();
            promising = ascending(&bounds).into_iter().map(|at| promising[at]).collect();
            for &at in &promising {
                let ranked = self.ranking.ranked[at];
                if context.evaluations() >= limit || labels == 0 {
                    break;
                }
                if self.ranking.tight_bound(context, at, &mut shares, self.best.makespan) >= self.best.makespan {
                    continue;
                }
                for found in self.construct(context, &ranked, width, &mut labels, limit) {
                    self.offer(context, &found, observer);
                    seeds.push(found);
                }
            }
        }
        seeds = self.best_of(&seeds);
        if self.max_blocks > 1 {
            seeds.extend(self.chained(context, &seeds));
            seeds = self.best_of(&seeds);
        }
        let polish = context.evaluations() + self.settings.budget / 4;
        for seed in seeds.iter_mut().take(6) {
            let (_, instance) = context.compile(&seed.strategy.fused().cloned().collect::<Vec<_>>());
            let mut draft = Draft { order: seed.order.clone(), cuts: seed.cuts.clone(), makespan: seed.makespan };
            improve(context, &mut self.decoder, &instance, &mut draft, polish);
            *seed = draft.found(seed.strategy.clone());
            self.offer(context, seed, observer);
        }
        seeds
    }

    /// The best of these plans, as many as there are particles.
    fn best_of(&self, seeds: &[Found]) -> Vec<Found> {
        let makespans: Vec<u64> = seeds.iter().map(|seed| seed.makespan.0).collect();
        ascending(&makespans).into_iter().take(self.settings.particles as usize).map(|at| seeds[at].clone()).collect()
    }

    /// Plans with several fused blocks in place of the best seeds', or of the best-bounded strategies' where there are
    /// none, as many as two thirds of the budget allow.
    fn chained(&self, context: &mut Context, seeds: &[Found]) -> Vec<Found> {
        let limit = context.evaluations() + 2 * self.settings.budget / 3;
        let mut chains = Chains::new(&self.ends, self.ranking.fluid.shares, self.max_blocks, limit);
        let ranked = self.ranking.ranked.iter().filter(|_| seeds.is_empty()).map(|ranked| self.ranking.block(ranked));
        let known: Vec<Block> = seeds.iter().flat_map(|seed| seed.strategy.fused()).cloned().chain(ranked).collect();
        chains.search(context, &known);
        chains.found
    }

    /// Constructed plans of one strategy.
    fn construct(
        &mut self,
        context: &mut Context,
        ranked: &Ranked,
        width: usize,
        labels: &mut u64,
        limit: u64,
    ) -> Vec<Found> {
        let at = (ranked.end, ranked.first);
        if let Some(found) = exact::beam(context, self.ranking, at, width, labels, self.best.makespan) {
            return found;
        }
        let block = [self.ranking.block(ranked)];
        let (strategy, instance) = context.compile(&block);
        let index = usize::from(block[0].first > 0);
        let built = construct(context, &mut self.decoder, &instance, index, self.ranking.fluid.shares, limit);
        built.map(|draft| draft.found(strategy)).into_iter().collect()
    }

    fn offer(&mut self, context: &Context, found: &Found, observer: &mut dyn Observer) {
        if found.makespan < self.best.makespan {
            self.best = found.clone();
            observer.improved(self.iteration, context.evaluations(), found);
        }
    }

    /// Coordinates of a position, each from 0 to 1.
    pub fn dimensions(&self) -> usize {
        self.max_blocks * PER_BLOCK + 2 * self.max_paths
    }

    fn populate(&mut self, context: &mut Context, seeds: Vec<Found>) {
        let count = self.settings.particles as usize;
        let dimensions = self.dimensions();
        let best = self.best.clone();
        let mut places: Vec<(Vec<f64>, Nanos)> = Vec::with_capacity(count);
        for seed in [best].into_iter().chain(seeds).take(count) {
            places.push((self.encode(context, &seed), seed.makespan));
        }
        self.best_position = places.first().map(|place| place.0.clone()).unwrap_or_default();
        // A third of the swarm starts anywhere.
        places.truncate(count - count / 3);
        while places.len() < count {
            places.push(((0..dimensions).map(|_| self.generator.random::<f64>()).collect(), Nanos(u64::MAX)));
        }
        self.particles = places
            .into_iter()
            .map(|(position, best)| Particle {
                velocity: (0..dimensions).map(|_| (self.generator.random::<f64>() - 0.5) * 0.2).collect(),
                best_position: position.clone(),
                position,
                best,
                now: if best.0 == u64::MAX { self.best.makespan } else { best },
            })
            .collect();
    }

    /// Makespan of the plan that a position stands for; none where it has too few or too many
    /// coordinates. The swarm itself stays as it is.
    pub fn makespan_of(&mut self, context: &mut Context, position: &[f64]) -> Option<Nanos> {
        (position.len() == self.dimensions()).then(|| self.decode(context, position).2.makespan)
    }

    /// One iteration: every particle moves and is decoded.
    pub fn step(&mut self, context: &mut Context, observer: &mut dyn Observer) -> Iteration {
        self.iteration += 1;
        for at in 0..self.particles.len() {
            if context.evaluations() >= self.settings.max_evaluations {
                break;
            }
            self.fly(at);
            let position = self.particles[at].position.clone();
            let (strategy, instance, draft) = self.decode(context, &position);
            let particle = &mut self.particles[at];
            particle.now = draft.makespan;
            if draft.makespan < particle.best {
                particle.best = draft.makespan;
                particle.best_position.clone_from(&particle.position);
            }
            // A plan near the best is worth a local search; so is the best itself.
            if draft.makespan.0 <= self.best.makespan.0.saturating_add(self.best.makespan.0 / 200) {
                self.refine(context, at, strategy, &instance, draft, observer);
            }
        }
        let state = self.state(context);
        if !observer.step(&state) {
            self.stop("request");
        }
        state
    }

    fn refine(
        &mut self,
        context: &mut Context,
        at: usize,
        strategy: Strategy,
        instance: &Instance,
        mut draft: Draft,
        observer: &mut dyn Observer,
    ) {
        let limit = self.settings.max_evaluations;
        let known = strategy == self.best.strategy && draft.cuts == self.best.cuts;
        if !known {
            improve(context, &mut self.decoder, instance, &mut draft, limit);
        }
        if draft.makespan < self.best.makespan {
            let found = draft.found(strategy);
            self.offer(context, &found, observer);
            self.best_position = self.encode(context, &found);
            self.particles[at].best = found.makespan;
            self.particles[at].best_position.clone_from(&self.best_position);
        }
    }

    fn fly(&mut self, at: usize) {
        let Self { particles, generator, best_position, .. } = self;
        let Particle { position, velocity, best_position: own, .. } = &mut particles[at];
        for i in 0..position.len() {
            let (a, b) = (generator.random::<f64>(), generator.random::<f64>());
            let pull = PULL * a * (own[i] - position[i]) + PULL * b * (best_position[i] - position[i]);
            velocity[i] = (INERTIA * velocity[i] + pull).clamp(-0.5, 0.5);
            position[i] += velocity[i];
            // Walls reflect.
            if position[i] < 0.0 {
                position[i] = (-position[i]).min(1.0);
                velocity[i] = -velocity[i];
            } else if position[i] > 1.0 {
                position[i] = (2.0 - position[i]).max(0.0);
                velocity[i] = -velocity[i];
            }
        }
    }

    /// The fused blocks that a position stands for: in order, overlaps left out.
    fn blocks(&self, position: &[f64]) -> Vec<Block> {
        let mut blocks: Vec<Block> = Vec::new();
        for (slot, keys) in position.chunks_exact(PER_BLOCK).take(self.max_blocks).enumerate() {
            // The first block is always there; the others where their presence says so.
            if slot > 0 && keys[3] < 0.5 {
                continue;
            }
            let (last, start, grids) = &self.ends[pick(keys[0], self.ends.len())];
            let first = start + pick(keys[1], last + 1 - start);
            let grid = grids[pick(keys[2], grids.len())].clone();
            if blocks.iter().all(|block| block.last < first || *last < block.first) {
                blocks.push(Block { first, last: *last, grid });
            }
        }
        sort_few(&mut blocks);
        blocks
    }

    fn decode(&mut self, context: &mut Context, position: &[f64]) -> (Strategy, Instance, Draft) {
        let fused = self.blocks(position);
        let (strategy, instance) = context.compile(&fused);
        let keys = &position[self.max_blocks * PER_BLOCK..];
        let (cut_keys, priorities) = keys.split_at(self.max_paths);
        let mut useful = Vec::new();
        let mut cuts: Vec<usize> = Vec::with_capacity(instance.paths().len());
        for (path, known) in instance.paths().iter().enumerate() {
            useful_cuts(&instance, path, usize::from(known.block > 0), &mut useful);
            if known.block > 0 {
                useful.insert(0, 0);
            }
            cuts.push(useful[pick(cut_keys[path], useful.len())]);
        }
        instance.repair(&mut cuts);
        let mut draft = order_for(context, &mut self.decoder, &instance, &cuts, &Johnson::ALL[..1], true);
        let mut order = Vec::new();
        self.decoder.by_priority(&instance, |path| priorities[path], &mut order);
        let makespan = context.evaluate(&instance, &order, &cuts);
        if makespan < draft.makespan {
            draft = Draft { order, cuts, makespan };
        }
        (strategy, instance, draft)
    }

    /// A position that decodes to this plan's strategy and cuts, with its order as priorities.
    fn encode(&mut self, context: &mut Context, found: &Found) -> Vec<f64> {
        let mut position: Vec<f64> = (0..self.dimensions()).map(|_| self.generator.random::<f64>()).collect();
        let fused: Vec<Block> = found.strategy.fused().cloned().collect();
        for (slot, block) in fused.iter().take(self.max_blocks).enumerate() {
            let Some(end) = self.ends.iter().position(|(last, ..)| *last == block.last) else { continue };
            let (last, start, grids) = &self.ends[end];
            let grid = grids.iter().position(|grid| *grid == block.grid).unwrap_or(0);
            let keys = &mut position[slot * PER_BLOCK..][..PER_BLOCK];
            keys[0] = middle(end, self.ends.len());
            keys[1] = middle(block.first - start, last + 1 - start);
            keys[2] = middle(grid, grids.len());
            keys[3] = 0.75;
        }
        for slot in fused.len().max(1)..self.max_blocks {
            position[slot * PER_BLOCK + 3] *= 0.5;
        }
        let (_, instance) = context.compile(&fused);
        let offset = self.max_blocks * PER_BLOCK;
        let mut useful = Vec::new();
        for (path, known) in instance.paths().iter().enumerate() {
            useful_cuts(&instance, path, usize::from(known.block > 0), &mut useful);
            if known.block > 0 {
                useful.insert(0, 0);
            }
            let index = useful.iter().position(|&cut| cut == found.cuts[path]).unwrap_or(0);
            position[offset + path] = middle(index, useful.len());
        }
        for (rank, &path) in found.order.iter().enumerate() {
            position[offset + self.max_paths + path] = middle(rank, found.order.len());
        }
        position
    }
}

/// The index that a key in `[0, 1]` picks of `count`.
fn pick(key: f64, count: usize) -> usize {
    ((key * count as f64) as usize).min(count - 1)
}

/// The key in the middle of those that pick `index`.
fn middle(index: usize, count: usize) -> f64 {
    (index as f64 + 0.5) / count as f64
}
