//! What lies inside the stages: branches, joins, and parts that repeat.

use super::{Proposal, Task};
use crate::base::Region;
use crate::cost::{CostModel, Traces};
use crate::network::{Layer, LayerId, Network, Op, Shape, Source, Stage};
use crate::schedule::Instance;
use crate::tiling::Tracer;

/// Where an edge inside a stage begins or ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The stage's input.
    Entry,
    /// One of its inner tensors.
    Node(usize),
    /// Its output.
    Exit,
}

/// A tensor inside a stage: what a layer that is not folded makes, or a concatenation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Position of its layer in the network.
    pub layer: usize,
    /// The layer's name without what it shares with the others of its stage.
    pub label: String,
    /// Name of its operation.
    pub op: &'static str,
    /// Its shape.
    pub shape: Shape,
    /// The longest way from the stage's input, at least 1.
    pub depth: usize,
    /// Which branch it lies on.
    pub row: usize,
}

/// The inside of a stage. A stage with one layer has no inner tensors, one edge and no join.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inner {
    /// Its tensors, in the network's order.
    pub nodes: Vec<Node>,
    /// Who reads whom.
    pub edges: Vec<(End, End)>,
    /// The operation that joins branches into the stage's output, where one does.
    pub join: Option<&'static str>,
    /// Layers that are not folded, the one that makes the output among them.
    pub real: usize,
    /// Position of the layer that makes the output; folded layers behind it change nothing.
    pub exit: usize,
}

/// Neighbouring units of stages with the same structure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repeat {
    /// The first stage.
    pub first: usize,
    /// Stages of one unit.
    pub period: usize,
    /// How many units follow each other; two at least.
    pub times: usize,
}

/// The insides of a network's stages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Graph {
    /// By stage.
    pub stages: Vec<Inner>,
    /// What repeats, in order and apart from each other.
    pub repeats: Vec<Repeat>,
}

impl Graph {
    /// Looks into a network's stages.
    pub fn of(network: &Network) -> Self {
        let stages: Vec<Inner> = network.stages().iter().map(|stage| Inner::of(network, stage)).collect();
        let repeats = repeats(network, &stages);
        Self { stages, repeats }
    }
}

impl Inner {
    fn of(network: &Network, stage: &Stage) -> Self {
        let exit = through(network, stage, stage.output);
        let is_kept = |id: &&LayerId| {
            let layer = network.layer(**id);
            **id != exit && (!layer.op.is_folded() || layer.op == Op::Concat)
        };
        let kept: Vec<LayerId> = stage.layers.iter().filter(is_kept).copied().collect();
        let shared = shared_prefix(network, stage);
        let join = join_of(network.layer(exit));
        let mut inner = Self { nodes: Vec::new(), edges: Vec::new(), join, real: 0, exit: exit.index() };
        let end = |source: Source| match source {
            Source::Layer(id) if stage.layers.contains(&id) => {
                let at = through(network, stage, id);
                kept.iter().position(|&kept| kept == at).map_or(End::Entry, End::Node)
            }
            _ => End::Entry,
        };
        for (at, &id) in kept.iter().enumerate() {
            let layer = network.layer(id);
            let from: Vec<End> = layer.inputs.iter().map(|&source| end(source)).collect();
            inner.place(layer, id, &from, shared);
            inner.edges.extend(from.into_iter().map(|from| (from, End::Node(at))));
        }
        inner.edges.extend(network.layer(exit).inputs.iter().map(|&source| (end(source), End::Exit)));
        inner.real = stage.layers.iter().filter(|&&id| !network.layer(id).op.is_folded()).count();
        inner
    }

    fn place(&mut self, layer: &Layer, id: LayerId, from: &[End], shared: usize) {
        let known = |end: &End| if let End::Node(at) = end { self.nodes.get(*at) } else { None };
        let depth = 1 + from.iter().filter_map(known).map(|node| node.depth).max().unwrap_or(0);
        let wanted = from.first().and_then(known).map_or(0, |node| node.row);
        let is_free =
            |row: &usize| !self.nodes.iter().any(|node| node.row == *row && (node.depth >= depth || wanted != *row));
        let row = (wanted..).find(is_free).unwrap_or(wanted);
        let label = layer.name.get(shared..).filter(|label| !label.is_empty()).unwrap_or(&layer.name).to_owned();
        self.nodes.push(Node { layer: id.index(), label, op: layer.op.name(), shape: layer.output, depth, row });
    }

    /// Steps from the input to the output: one more than the deepest inner tensor.
    pub fn depth(&self) -> usize {
        1 + self.nodes.iter().map(|node| node.depth).max().unwrap_or(0)
    }

    /// Branches that lie side by side.
    pub fn rows(&self) -> usize {
        1 + self.nodes.iter().map(|node| node.row).max().unwrap_or(0)
    }

    /// Whether the stage is more than one layer after another.
    pub fn branches(&self) -> bool {
        self.join.is_some() || self.rows() > 1
    }

    /// By layer of the stage: its position, and the tensor that stands for what it makes. Folded layers stand for what
    /// they read.
    pub fn stand_ins(&self, network: &Network, stage: &Stage) -> Vec<(usize, End)> {
        let end = |&id: &LayerId| {
            let at = through(network, stage, id).index();
            let node = self.nodes.iter().position(|node| node.layer == at).map(End::Node);
            (id.index(), if at == self.exit { End::Exit } else { node.unwrap_or(End::Entry) })
        };
        stage.layers.iter().map(end).collect()
    }

    /// How deep an end lies.
    pub fn depth_of(&self, end: End) -> usize {
        match end {
            End::Entry => 0,
            End::Node(at) => self.nodes.get(at).map_or(0, |node| node.depth),
            End::Exit => self.depth(),
        }
    }
}

/// The layer whose tensor this one hands on: folded layers with one input are left out.
fn through(network: &Network, stage: &Stage, id: LayerId) -> LayerId {
    let layer = network.layer(id);
    match layer.inputs[..] {
        [Source::Layer(before)] if layer.op.is_folded() && stage.layers.contains(&before) => {
            through(network, stage, before)
        }
        _ => id,
    }
}

fn join_of(layer: &Layer) -> Option<&'static str> {
    matches!(layer.op, Op::Add | Op::Mul | Op::Concat).then(|| layer.op.name())
}

/// How much of their names the layers of a stage share, up to the last dot.
fn shared_prefix(network: &Network, stage: &Stage) -> usize {
    let mut names = stage.layers.iter().map(|&id| network.layer(id).name.as_str());
    let Some(first) = names.next() else { return 0 };
    let common = names.fold(first, |common, name| {
        let same = common.bytes().zip(name.bytes()).take_while(|(a, b)| a == b).count();
        common.get(..same).unwrap_or("")
    });
    common.rfind(['.', '/']).map_or(0, |dot| dot + 1)
}

/// Longest unit of stages that is looked for.
const LONGEST_UNIT: usize = 3;

/// What repeats. A unit has two layers or more, so that chains like VGG's stay as they are; channels may
/// differ from unit to unit, sizes may not.
fn repeats(network: &Network, inners: &[Inner]) -> Vec<Repeat> {
    let alike = |a: usize, b: usize| {
        let (one, other) = (&network.stages()[a], &network.stages()[b]);
        let (map, next) = (network.boundary(a + 1), network.boundary(b + 1));
        one.layers.len() == other.layers.len()
            && one.tileable == other.tileable
            && (map.height, map.width) == (next.height, next.width)
            && inners[a].edges == inners[b].edges
            && one
                .layers
                .iter()
                .zip(&other.layers)
                .all(|(&x, &y)| same_kind(&network.layer(x).op, &network.layer(y).op))
    };
    let (mut repeats, mut first) = (Vec::new(), 0);
    while first < inners.len() {
        let best = (1..=LONGEST_UNIT).filter_map(|period| {
            let layers: usize = inners.get(first..first + period)?.iter().map(|inner| inner.real).sum();
            let more = (first + period..inners.len()).take_while(|&stage| alike(stage, stage - period)).count();
            let times = 1 + more / period;
            (layers >= 2 && times >= 2 && times * layers >= 4).then_some(Repeat { first, period, times })
        });
        // The most stages; of those, the smallest unit.
        let longest = best.fold(None, |longest: Option<Repeat>, repeat| match longest {
            Some(known) if known.times * known.period >= repeat.times * repeat.period => Some(known),
            _ => Some(repeat),
        });
        first = longest.map_or(first + 1, |repeat| repeat.first + repeat.times * repeat.period);
        repeats.extend(longest);
    }
    repeats
}

/// Whether two layers do the same but for the number of channels.
fn same_kind(a: &Op, b: &Op) -> bool {
    match (a, b) {
        (Op::Conv(a), Op::Conv(b)) => a.window == b.window && (a.groups > 1) == (b.groups > 1),
        (Op::Slice { .. }, Op::Slice { .. }) | (Op::ChannelShuffle { .. }, Op::ChannelShuffle { .. }) => true,
        _ => a == b,
    }
}

/// What one path makes of every layer of its block: position of the layer in the network, and region.
pub fn layer_regions(task: &Task, plan: &Proposal, path: usize) -> Vec<(usize, Region)> {
    let model = CostModel::new(&task.network, &task.platform);
    let instance = Instance::new(&mut Traces::new(&model), &plan.strategy);
    let Some(known) = instance.paths().get(path) else { return Vec::new() };
    let mut tracer = Tracer::new(&task.network);
    let (mut region, mut made) = (known.cell, Vec::new());
    for stage in task.network.stages()[known.first..known.first + known.len].iter().rev() {
        region = tracer.back(stage, region);
        made.extend(stage.layers.iter().map(|&id| (id.index(), tracer.produced(id))));
    }
    made
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::zoo;

    fn graph(id: &str) -> (Network, Graph) {
        let network = zoo::build(id).expect("a network of the zoo").expect("it can be built");
        let graph = Graph::of(&network);
        (network, graph)
    }

    #[test]
    fn units_that_repeat_are_recognised() {
        let (network, resnet) = graph("resnet50");
        let times: Vec<(usize, usize)> = resnet.repeats.iter().map(|repeat| (repeat.period, repeat.times)).collect();
        assert_eq!(times, [(1, 2), (1, 3), (1, 5), (1, 2)], "the first unit of each layer has a projection");
        let labels = resnet.repeats.iter().map(|repeat| network.stages()[repeat.first].layers.first());
        assert!(labels.flatten().all(|&id| network.layer(id).name.contains(".1.")));
        assert_eq!(graph("vgg16").1.repeats, Vec::new());
        assert!(!graph("mobilenet-v2").1.repeats.is_empty());
    }

    #[test]
    fn branches_are_where_they_should_be() {
        let (_, resnet) = graph("resnet50");
        let units: Vec<&Inner> = resnet.stages.iter().filter(|inner| inner.join == Some("add")).collect();
        assert_eq!(units.len(), 16);
        let identity = units.iter().filter(|inner| inner.edges.contains(&(End::Entry, End::Exit))).count();
        assert_eq!(identity, 12);
        let (_, google) = graph("googlenet");
        let modules: Vec<&Inner> = google.stages.iter().filter(|inner| inner.join == Some("concat")).collect();
        assert_eq!(modules.len(), 9);
        assert!(
            modules
                .iter()
                .all(|inner| inner.rows() == 4 && inner.edges.iter().filter(|e| e.1 == End::Exit).count() == 4)
        );
        let (_, vgg) = graph("vgg16");
        assert!(vgg.stages.iter().all(|inner| inner.nodes.is_empty() && inner.join.is_none()));
        for inner in resnet.stages.iter().chain(&google.stages) {
            for (index, node) in inner.nodes.iter().enumerate() {
                let same =
                    inner.nodes.iter().filter(|other| (other.row, other.depth) == (node.row, node.depth)).count();
                assert_eq!(same, 1, "{} shares its place", node.label);
                assert!(inner.edges.iter().any(|(from, _)| *from == End::Node(index)), "{} is read", node.label);
            }
        }
    }
}
