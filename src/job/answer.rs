//! All that the page draws and says of one situation, in one message.

use super::Task;
use super::planned::{Planned, blocks};
use super::solve::{SolveError, lower_bound, proof_labels, prove, ranking, swarm};
use crate::bounds::{ceiling, gapless};
use crate::cost::CostModel;
use crate::formats::{BlockFile, Method, OperationFile, RegionFile};
use crate::network::{Network, Stage};
use crate::schedule::Instance;
use crate::search::{Context, Found, Iteration, Observer, about_how_many_plans, device_only, mw, nfl, server_only};
use crate::tiling::Tracer;

/// A tensor between two stages.
#[derive(Clone, Debug, PartialEq)]
pub struct MapPart {
    /// The stage that makes it; `picture` for the network's input.
    pub label: String,
    /// Its layers' names; none for the input.
    pub layers: Vec<String>,
    /// Channels.
    pub channels: u32,
    /// Rows.
    pub height: u32,
    /// Columns.
    pub width: u32,
    /// Multiply-accumulates of the stage that makes it.
    pub macs: u64,
}

/// A path of the plan, with what it needs of every map.
#[derive(Clone, Debug, PartialEq)]
pub struct PathPart {
    /// Its block.
    pub block: usize,
    /// Row and column in the grid.
    pub tile: [u32; 2],
    /// Its first stage.
    pub first: usize,
    /// Stages that the device runs.
    pub cut: usize,
    /// By boundary from its first stage on: the region needed there; the last is its cell.
    pub regions: Vec<RegionFile>,
    /// Bytes that it sends up.
    pub sent: u64,
    /// Multiply-accumulates of the path.
    pub macs: u64,
}

/// One method's plan in numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct MethodPart {
    /// The method.
    pub method: Method,
    /// Its makespan.
    pub makespan_ns: u64,
    /// Plans evaluated for it.
    pub evaluations: u64,
}

/// The search at one moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SearchPoint {
    /// Plans evaluated so far.
    pub evaluations: u64,
    /// The best makespan so far.
    pub best_ns: u64,
    /// Mean makespan of the particles.
    pub mean_ns: f64,
}

/// The answer to one situation.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// Name of the network.
    pub name: String,
    /// Its multiply-accumulates.
    pub macs: u64,
    /// Its parameters.
    pub parameters: u64,
    /// Tensors at the stage boundaries, the network's input first.
    pub maps: Vec<MapPart>,
    /// The method that the plan is of.
    pub method: Method,
    /// Blocks of the plan.
    pub blocks: Vec<BlockFile>,
    /// Paths of the plan, by block and row by row.
    pub paths: Vec<PathPart>,
    /// Their order.
    pub order: Vec<usize>,
    /// Their operations.
    pub operations: Vec<OperationFile>,
    /// When the last of them ends.
    pub makespan_ns: u64,
    /// No plan of the space is faster.
    pub lower_bound_ns: u64,
    /// The fluid bound, where it applies.
    pub fluid_ns: Option<u64>,
    /// At most how many times faster than NFL a plan can be, where that is known.
    pub ceiling: Option<usize>,
    /// Whether no plan is faster.
    pub proven_optimal: bool,
    /// Device memory at the peak.
    pub device_memory_bytes: u64,
    /// The device's memory, where it is known.
    pub device_memory_limit: Option<u64>,
    /// Plans evaluated for it.
    pub evaluations: u64,
    /// NFL's operations: one path, one cut.
    pub nfl_operations: Vec<OperationFile>,
    /// NFL's cut.
    pub nfl_cut: usize,
    /// All methods that ran.
    pub methods: Vec<MethodPart>,
    /// The swarm's progress.
    pub search: Vec<SearchPoint>,
    /// Slots of device and server.
    pub slots: [usize; 2],
    /// About how many plans the space holds, where it has at most one fused block and few grids.
    pub plans: Option<f64>,
    /// The seed.
    pub seed: u64,
}

impl Answer {
    /// Makespan of a method that ran.
    pub fn makespan_of(&self, method: Method) -> Option<u64> {
        self.methods.iter().find(|part| part.method == method).map(|part| part.makespan_ns)
    }

    /// The shortest makespan of all methods.
    pub fn best_ns(&self) -> u64 {
        self.methods.iter().map(|part| part.makespan_ns).min().unwrap_or(self.makespan_ns)
    }

    /// MACs of a block unsplit, and summed over its tiles.
    pub fn block_macs(&self, block: usize) -> (u64, u64) {
        let BlockFile { first_stage, last_stage, .. } = self.blocks[block];
        let whole = self.maps[first_stage + 1..=last_stage + 1].iter().map(|map| map.macs).sum();
        (whole, self.paths.iter().filter(|path| path.block == block).map(|path| path.macs).sum())
    }
}

/// Records the search and passes on to another observer.
struct Recorder<'o, O: Observer> {
    points: Vec<SearchPoint>,
    outer: &'o mut O,
}

impl<O: Observer> Observer for Recorder<'_, O> {
    fn step(&mut self, iteration: &Iteration) -> bool {
        self.points.push(SearchPoint {
            evaluations: iteration.evaluations,
            best_ns: iteration.best.0,
            mean_ns: iteration.mean,
        });
        self.outer.step(iteration)
    }

    fn improved(&mut self, iteration: u32, found: &Found) {
        self.outer.improved(iteration, found);
    }
}

/// Solves a task by its method and by those it is compared with.
///
/// # Errors
/// The method cannot be run.
pub fn answer(task: &Task, observer: &mut impl Observer) -> Result<Answer, SolveError> {
    let model = CostModel::new(&task.network, &task.platform);
    let mut context = Context::new(&model, &task.space);
    let ranking = ranking(&mut context);
    let mut recorder = Recorder { points: Vec::new(), outer: observer };
    let proof = prove(&mut context, &ranking, proof_labels(&task.space));
    let bound = lower_bound(&context, &proof, &ranking);
    let psomw = swarm(&mut context, &ranking, task.search, None, &mut recorder, bound);
    let known = [
        (Method::DeviceOnly, counted(&mut context, device_only)),
        (Method::ServerOnly, counted(&mut context, server_only)),
        (Method::Nfl, counted(&mut context, nfl)),
        (Method::Mw, counted(&mut context, |context| mw(context, &ranking))),
        (Method::Psomw, (psomw.found.clone(), psomw.evaluations)),
        (Method::Exact, (proof.best().clone(), proof.evaluations())),
    ];
    // With several fused blocks, or very many grids, a proof is a matter of minutes: not for the page.
    let proven = task.space.max_fused_blocks <= 1 && task.space.is_small(&task.network);
    let known: Vec<(Method, (Found, u64))> =
        known.into_iter().filter(|(method, _)| proven || *method != Method::Exact).collect();
    let of = |wanted: Method| known.iter().find(|(method, _)| *method == wanted).map(|(_, found)| found);
    let method = task.search.method;
    let (found, evaluations) = of(method).ok_or(SolveError::Unavailable(method.id()))?;
    let plan = Planned::new(&model, found)?;
    let (unsplit, _) = of(Method::Nfl).ok_or(SolveError::Unavailable(method.id()))?;
    let applies = gapless(&task.network);
    let makespan = plan.schedule.makespan;
    Ok(Answer {
        name: task.network.name().to_owned(),
        macs: task.network.macs(),
        parameters: task.network.parameters(),
        maps: maps(&task.network),
        method,
        paths: paths(&model, found, &plan.instance),
        blocks: blocks(found),
        order: found.order.clone(),
        operations: plan.operations(),
        makespan_ns: makespan.0,
        lower_bound_ns: bound.min(makespan).0,
        fluid_ns: applies.then_some(ranking.fluid.value.0),
        ceiling: applies.then(|| ceiling(&task.platform)),
        proven_optimal: makespan <= bound,
        device_memory_bytes: plan.memory.0,
        device_memory_limit: task.platform.device.memory.map(|bytes| bytes.0),
        evaluations: *evaluations,
        nfl_cut: unsplit.cuts.first().copied().unwrap_or(0),
        nfl_operations: Planned::new(&model, unsplit)?.operations(),
        methods: known
            .iter()
            .map(|(method, (found, evaluations))| MethodPart {
                method: *method,
                makespan_ns: found.makespan.0,
                evaluations: *evaluations,
            })
            .collect(),
        search: recorder.points,
        slots: [task.platform.device.slots, task.platform.server.slots],
        plans: (proven && task.space.max_fused_blocks == 1)
            .then(|| about_how_many_plans(&ranking.singles, task.network.stages().len())),
        seed: task.search.seed,
    })
}

fn counted(context: &mut Context, method: impl FnOnce(&mut Context) -> Found) -> (Found, u64) {
    let before = context.evaluations();
    let found = method(context);
    (found, context.evaluations() - before)
}

fn maps(network: &Network) -> Vec<MapPart> {
    let part = |boundary: usize| {
        let shape = network.boundary(boundary);
        let stage = boundary.checked_sub(1).map(|index| &network.stages()[index]);
        MapPart {
            label: stage.map_or("picture".to_owned(), |stage| stage_label(network, stage)),
            layers: stage.map_or(Vec::new(), |s| s.layers.iter().map(|&id| network.layer(id).name.clone()).collect()),
            channels: shape.channels,
            height: shape.height,
            width: shape.width,
            macs: stage.map_or(0, |stage| {
                stage.layers.iter().map(|&id| network.layer(id).macs(&network.input_shapes(network.layer(id)))).sum()
            }),
        }
    };
    (0..=network.stages().len()).map(part).collect()
}

/// The name of a stage: that of its only real layer, or what its layers' names begin with.
fn stage_label(network: &Network, stage: &Stage) -> String {
    let names = |folded: bool| {
        let layers = stage.layers.iter().map(|&id| network.layer(id));
        layers.filter(|layer| folded || !layer.op.is_folded()).map(|layer| layer.name.as_str()).collect::<Vec<_>>()
    };
    let real = names(false);
    let Some(&first) = real.first().or(names(true).first()) else { return String::new() };
    if real.len() == 1 {
        return first.to_owned();
    }
    let shared = real.iter().fold(first, |common, name| {
        let same = common.bytes().zip(name.bytes()).take_while(|(a, b)| a == b).count();
        common.get(..same).unwrap_or("")
    });
    let whole = shared.rsplit_once('.').map_or(shared, |(front, _)| front);
    if whole.is_empty() { first.to_owned() } else { whole.to_owned() }
}

fn paths(model: &CostModel, found: &Found, instance: &Instance) -> Vec<PathPart> {
    let mut tracer = Tracer::new(model.network());
    let parts = instance.paths().iter().enumerate().map(|(index, path)| {
        let cut = found.cuts[index];
        PathPart {
            block: path.block,
            tile: path.tile,
            first: path.first,
            cut,
            regions: (0..=path.len).map(|boundary| instance.region(index, boundary).into()).collect(),
            sent: instance.wire_bytes(index, cut, instance.sent(index, &found.cuts)).0,
            macs: tracer.path(path.first, path.first + path.len - 1, path.cell).1,
        }
    });
    parts.collect()
}
