//! All that the page draws and says of one situation, in one message.

use super::planned::{Planned, blocks};
use super::{Known, Proposal, SearchPoint, Searched, Task};
use crate::base::Nanos;
use crate::bounds::ceiling;
use crate::cost::{CostModel, Traces};
use crate::formats::{BlockFile, Method, OperationFile, RegionFile};
use crate::network::{Network, Stage};
use crate::schedule::{Instance, Invalid, faults};
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
    /// Why the plan is not valid; none of a plan that a search found.
    pub faults: Vec<Invalid>,
}

impl MethodPart {
    /// A method's plan, its numbers alone.
    fn of(known: &Known) -> Self {
        let Known { method, evaluations, found } = known;
        Self { method: *method, makespan_ns: found.makespan.0, evaluations: *evaluations }
    }
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

    /// Takes over what has become known of bounds and of other methods since.
    pub fn learn(&mut self, searched: &Searched) {
        let bound = searched.lower_bound.0;
        // A plan that is not valid has no operations.
        let is_valid = !self.operations.is_empty();
        self.lower_bound_ns = if is_valid { bound.min(self.makespan_ns) } else { bound };
        self.proven_optimal = is_valid && self.makespan_ns <= bound;
        self.methods = searched.methods.iter().map(MethodPart::of).collect();
    }

    /// MACs of a block unsplit, and summed over its tiles.
    pub fn block_macs(&self, block: usize) -> (u64, u64) {
        let BlockFile { first_stage, last_stage, .. } = self.blocks[block];
        let whole = self.maps[first_stage + 1..=last_stage + 1].iter().map(|map| map.macs).sum();
        (whole, self.paths.iter().filter(|path| path.block == block).map(|path| path.macs).sum())
    }
}

impl Answer {
    /// All that is drawn of one plan of a task, whether the search found it or somebody made it. Where
    /// it is not valid there is no schedule: no operations, and [`Answer::faults`] says why.
    pub fn of(task: &Task, searched: &Searched, method: Method, plan: &Proposal) -> Self {
        Self::found(task, searched, method, plan).unwrap_or_else(|_| {
            let model = CostModel::new(&task.network, &task.platform);
            let instance = Instance::new(&mut Traces::new(&model), &plan.strategy);
            let paths = paths(&model, &plan.cuts, &instance);
            let faults = faults(&instance, &plan.order, &plan.cuts);
            Self { faults, ..Self::around(task, &model, searched, method, plan, paths, None) }
        })
    }

    /// The same of a plan that a search found.
    ///
    /// # Errors
    /// It is not valid: a bug in the search.
    pub fn found(task: &Task, searched: &Searched, method: Method, plan: &Proposal) -> Result<Self, Invalid> {
        let model = CostModel::new(&task.network, &task.platform);
        let planned = Planned::new(&model, plan)?;
        let paths = paths(&model, &plan.cuts, &planned.instance);
        Ok(Self::around(task, &model, searched, method, plan, paths, Some(&planned)))
    }

    fn around(
        task: &Task,
        model: &CostModel,
        searched: &Searched,
        method: Method,
        plan: &Proposal,
        paths: Vec<PathPart>,
        planned: Option<&Planned>,
    ) -> Self {
        let makespan = planned.map_or(Nanos::ZERO, |plan| plan.schedule.makespan);
        let unsplit = searched.of(Method::Nfl).map(|known| &known.found);
        let beneath = unsplit.and_then(|nfl| Planned::new(model, &Proposal::from(nfl)).ok());
        let mut answer = Self {
            name: task.network.name().to_owned(),
            macs: task.network.macs(),
            parameters: task.network.parameters(),
            maps: maps(&task.network),
            method,
            paths,
            blocks: blocks(&plan.strategy),
            order: plan.order.clone(),
            operations: planned.map_or(Vec::new(), Planned::operations),
            makespan_ns: makespan.0,
            lower_bound_ns: 0,
            fluid_ns: searched.fluid.map(|ns| ns.0),
            ceiling: searched.fluid.map(|_| ceiling(&task.platform)),
            proven_optimal: false,
            device_memory_bytes: planned.map_or(0, |plan| plan.memory.0),
            device_memory_limit: task.platform.device.memory.map(|bytes| bytes.0),
            evaluations: searched.of(method).map_or(0, |known| known.evaluations),
            nfl_cut: unsplit.and_then(|nfl| nfl.cuts.first().copied()).unwrap_or(0),
            nfl_operations: beneath.as_ref().map_or(Vec::new(), Planned::operations),
            methods: Vec::new(),
            search: searched.points.clone(),
            slots: [task.platform.device.slots, task.platform.server.slots],
            plans: searched.plans,
            seed: task.search.seed,
            faults: Vec::new(),
        };
        answer.learn(searched);
        answer
    }
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
pub fn stage_label(network: &Network, stage: &Stage) -> String {
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

fn paths(model: &CostModel, cuts: &[usize], instance: &Instance) -> Vec<PathPart> {
    let mut tracer = Tracer::new(model.network());
    let parts = instance.paths().iter().enumerate().map(|(index, path)| {
        let cut = cuts[index];
        PathPart {
            block: path.block,
            tile: path.tile,
            first: path.first,
            cut,
            regions: (0..=path.len).map(|boundary| instance.region(index, boundary).into()).collect(),
            sent: instance.wire_bytes(index, cut, instance.sent(index, cuts)).0,
            macs: tracer.path(path.first, path.first + path.len - 1, path.cell).1,
        }
    });
    parts.collect()
}
