//! What flows between nodes, and who makes and takes it.

use super::proto::{Data, Graph};
use crate::base::order;
use crate::formats::{Problems, clipped};
use crate::import::problem;
use crate::network::Source as Made;

/// Something known before any picture comes.
#[derive(Clone, Debug, Default)]
pub(super) struct Constant {
    /// Its dimensions, where they are known.
    pub dims: Option<Vec<i64>>,
    /// Its numbers, where they are few and known.
    pub data: Option<Data>,
}

impl Constant {
    pub(super) fn ints(values: Vec<i64>) -> Self {
        Self { dims: Some(vec![values.len() as i64]), data: Some(Data::Ints(values)) }
    }

    /// Number of elements, where it is known.
    pub(super) fn count(&self) -> Option<u64> {
        let dims = self.dims.as_ref()?;
        dims.iter().try_fold(1_u64, |all, &dim| all.checked_mul(u64::try_from(dim).ok()?))
    }
}

/// How the axes of an ONNX tensor lie on Offcut's channels × height × width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum View {
    /// Batch, channels, height, width.
    Plain,
    /// By axis: which of the plain ones it is.
    Permuted([u8; 4]),
    /// Batch, and all elements in a row.
    Flat,
    /// The channels split: batch, groups, channels of a group, height, width.
    Groups(u32),
    /// The same, the two exchanged: half of a channel shuffle.
    Swapped(u32),
    /// Height and width split: batch, channels, rows, block, columns, block.
    Blocks(u32),
    /// The same, the blocks moved to the channels: all but the last step of space to depth.
    Gathered(u32),
    /// As many elements in some other order.
    Other,
}

/// A tensor that depends on the picture; its batch is 1.
#[derive(Clone, Debug)]
pub(super) struct Map {
    pub source: Made,
    pub dims: Vec<u32>,
    pub view: View,
}

impl Map {
    pub(super) fn elements(&self) -> u64 {
        self.dims.iter().fold(1, |all: u64, &dim| all.saturating_mul(u64::from(dim)))
    }

    /// The map with its axes in another order; a plain one may become plain again.
    pub(super) fn permuted(&self, order: [u8; 4]) -> Self {
        let now = match self.view {
            View::Permuted(now) => now,
            _ => [0, 1, 2, 3],
        };
        let next = order.map(|axis| now[usize::from(axis & 3)]);
        let view = if next == [0, 1, 2, 3] { View::Plain } else { View::Permuted(next) };
        Self { source: self.source, dims: order.iter().map(|&axis| self.dims[usize::from(axis & 3)]).collect(), view }
    }

    /// Which of Offcut's axes (0 batch, 1 channels, 2 height, 3 width) an axis is.
    pub(super) fn axis(&self, axis: usize) -> Option<u8> {
        match self.view {
            View::Plain => [0, 1, 2, 3].get(axis).copied(),
            View::Permuted(all) => all.get(axis).copied(),
            View::Flat => [0, 1].get(axis).copied(),
            _ => None,
        }
    }
}

#[derive(Clone, Debug)]
pub(super) enum Value {
    Constant(Constant),
    Map(Map),
    /// A factor of its own argument, like the sigmoid in x·sigmoid(x): the product is one function.
    Gate(Map, &'static str),
}

/// A value that nobody has.
const NONE: usize = usize::MAX;

/// The graph by numbers instead of names.
pub(super) struct Wiring<'a> {
    /// All values' names, sorted.
    pub names: Vec<&'a str>,
    /// By value: its initialiser.
    pub tensors: Vec<Option<usize>>,
    /// By node: its inputs and outputs; none where they are left out.
    inputs: Vec<Vec<usize>>,
    outputs: Vec<Vec<usize>>,
    /// By value: the node that makes it.
    maker: Vec<Option<usize>>,
    /// By value: the nodes that take it.
    pub takers: Vec<Vec<usize>>,
    is_output: Vec<bool>,
}

impl<'a> Wiring<'a> {
    pub(super) fn of(graph: &'a Graph) -> Result<Self, Problems> {
        let mut all: Vec<&str> = Vec::new();
        for node in &graph.nodes {
            all.extend(node.inputs.iter().chain(&node.outputs).map(String::as_str));
        }
        all.extend(graph.inputs.iter().chain(&graph.outputs).map(|info| info.name.as_str()));
        all.extend(graph.tensors.iter().map(|tensor| tensor.name.as_str()));
        all.retain(|name| !name.is_empty());
        let mut names: Vec<&str> = order(all.len(), &|a, b| all[a].cmp(all[b])).into_iter().map(|at| all[at]).collect();
        names.dedup();
        let count = names.len();
        let mut wiring = Self {
            names,
            tensors: vec![None; count],
            inputs: Vec::with_capacity(graph.nodes.len()),
            outputs: Vec::with_capacity(graph.nodes.len()),
            maker: vec![None; count],
            takers: vec![Vec::new(); count],
            is_output: vec![false; count],
        };
        for (at, tensor) in graph.tensors.iter().enumerate() {
            if let Some(id) = wiring.id(&tensor.name) {
                wiring.tensors[id] = Some(at);
            }
        }
        for info in &graph.outputs {
            if let Some(id) = wiring.id(&info.name) {
                wiring.is_output[id] = true;
            }
        }
        for (index, node) in graph.nodes.iter().enumerate() {
            let ids = |names: &[String]| names.iter().map(|name| wiring.id(name).unwrap_or(NONE)).collect::<Vec<_>>();
            let (inputs, outputs) = (ids(&node.inputs), ids(&node.outputs));
            for &id in inputs.iter().filter(|&&id| id != NONE) {
                wiring.takers[id].push(index);
            }
            for &id in outputs.iter().filter(|&&id| id != NONE) {
                if wiring.maker[id].replace(index).is_some() {
                    let what = format!("two nodes make `{}`", clipped(wiring.names[id]));
                    return Err(problem("E064", what, "the file is damaged; export it again"));
                }
            }
            wiring.inputs.push(inputs);
            wiring.outputs.push(outputs);
        }
        Ok(wiring)
    }

    pub(super) fn id(&self, name: &str) -> Option<usize> {
        self.names.binary_search(&name).ok()
    }

    /// The value at a node's input; none where it is left out.
    pub(super) fn input(&self, node: usize, at: usize) -> Option<usize> {
        self.inputs[node].get(at).copied().filter(|&id| id != NONE)
    }

    pub(super) fn output(&self, node: usize, at: usize) -> Option<usize> {
        self.outputs[node].get(at).copied().filter(|&id| id != NONE)
    }

    pub(super) fn input_count(&self, node: usize) -> usize {
        self.inputs[node].len()
    }

    pub(super) fn output_count(&self, node: usize) -> usize {
        self.outputs[node].len()
    }

    /// Whether anybody wants a node's output.
    pub(super) fn is_wanted(&self, id: usize) -> bool {
        self.is_output[id] || !self.takers[id].is_empty()
    }

    /// The only node that takes a value, where nobody else does.
    pub(super) fn only_taker(&self, id: usize) -> Option<usize> {
        match self.takers[id][..] {
            [one] if !self.is_output[id] => Some(one),
            _ => None,
        }
    }

    /// The nodes that a value needs, each after those that it needs itself.
    pub(super) fn needed(&self, output: usize) -> Result<Vec<usize>, Problems> {
        #[derive(Clone, Copy, PartialEq)]
        enum Mark {
            New,
            Open,
            Done,
        }
        let mut marks = vec![Mark::New; self.inputs.len()];
        let mut sorted = Vec::new();
        let mut open: Vec<(usize, usize)> = self.maker[output].map(|node| (node, 0)).into_iter().collect();
        while let Some((node, next)) = open.last_mut() {
            marks[*node] = Mark::Open;
            let Some(&input) = self.inputs[*node].get(*next) else {
                marks[*node] = Mark::Done;
                sorted.push(*node);
                open.pop();
                continue;
            };
            *next += 1;
            let Some(maker) = self.maker.get(input).copied().flatten() else { continue };
            match marks[maker] {
                Mark::New => open.push((maker, 0)),
                Mark::Done => {}
                Mark::Open => {
                    let what = format!("`{}` depends on itself: the graph has a cycle", clipped(self.names[input]));
                    return Err(problem("E064", what, "export the model again"));
                }
            }
        }
        Ok(sorted)
    }
}
