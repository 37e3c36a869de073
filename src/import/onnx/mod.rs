//! ONNX: the structure of the network, never its weights, becomes a network of Offcut's layers.
//!
//! Entry point: [`read`]. `wire` and `proto` know the file, `values` what flows, the rest one family of
//! operators each.

mod arithmetic;
mod elementwise;
mod matrix;
mod proto;
mod shapes;
mod slices;
mod values;
mod windows;
mod wire;

use super::draft::{Draft, NoteKind};
use super::source::Window;
use super::{Ask, Built, Options, Refusal};
use crate::formats::{Problem, Problems, clipped};
use crate::import::problem;
use crate::network::{Shape, Source as Made};
use proto::{Dim, Graph, Node, ValueInfo};
use values::{Constant, Map, Value, View, Wiring};

/// Reads an ONNX file.
///
/// # Errors
/// What is wrong with it, or what has to be asked first.
pub(super) fn read(window: Window, file_name: &str, options: &Options) -> Result<Built, Refusal> {
    let graph = proto::read(&mut wire::Wire::of(window))?;
    let wiring = Wiring::of(&graph)?;
    let output = output(&graph, &wiring, options)?;
    let needed = wiring.needed(output)?;
    let input = input(&graph, &wiring)?;
    let sizes = sizes(input, options)?;
    let stem = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
    let mut draft = Draft::new(stem.strip_suffix(".onnx").unwrap_or(stem), sizes.shape)?;
    if let Some(batch) = sizes.batch.filter(|&batch| batch != 1) {
        let what = format!("the model takes {batch} pictures at a time; all numbers are for one of them");
        draft.note(NoteKind::Assumed, &what, None);
    }
    for (symbol, value) in &sizes.taken {
        draft.note(NoteKind::Assumed, &format!("{symbol} is taken as {value}"), None);
    }
    let mut importer = Importer {
        graph: &graph,
        wiring: &wiring,
        draft,
        values: vec![None; wiring.names.len()],
        batch: sizes.batch.unwrap_or(1),
        node: 0,
    };
    importer.start(input, &sizes);
    for index in needed {
        importer.convert(index)?;
    }
    importer.end(output)
}

/// The sizes of the picture, and where they come from.
struct Sizes {
    shape: Shape,
    is_channels_last: bool,
    /// Pictures at a time, where the file says how many.
    batch: Option<i64>,
    taken: Vec<(String, u32)>,
}

/// The one input that is no weight.
fn input<'a>(graph: &'a Graph, wiring: &Wiring) -> Result<&'a ValueInfo, Problems> {
    // Old files list weights among the inputs.
    let is_weight = |info: &&ValueInfo| wiring.id(&info.name).is_some_and(|id| wiring.tensors[id].is_some());
    let inputs: Vec<&ValueInfo> = graph.inputs.iter().filter(|info| !is_weight(info)).collect();
    let names = || inputs.iter().take(8).map(|info| clipped(&info.name)).collect::<Vec<_>>().join(", ");
    match inputs[..] {
        [one] => Ok(one),
        [] => Err(problem("E060", "the model has no input", "export it with an example picture")),
        _ => {
            let what = format!(
                "the model takes {} inputs ({}), but Offcut plans networks that take one picture",
                inputs.len(),
                names()
            );
            Err(problem("E060", what, "export the part that works on the picture"))
        }
    }
}

fn sizes(input: &ValueInfo, options: &Options) -> Result<Sizes, Refusal> {
    let refused = |what: String| {
        Refusal::from(problem(
            "E061",
            what,
            "Offcut plans networks whose input is one picture: batch × channels × height × width",
        ))
    };
    let name = clipped(&input.name);
    let Some(dims) = &input.dims else { return Err(refused(format!("the input `{name}` is no tensor of known rank"))) };
    let [batch, rest @ ..] = dims.as_slice() else {
        return Err(refused(format!("the input `{name}` is a single number")));
    };
    let [first, second, third] = rest else {
        return Err(refused(format!("the input `{name}` has {} dimensions, where a picture has 4", dims.len())));
    };
    // TensorFlow's exports have the channels last: 1, 3 or 4 of them.
    let few = |dim: &Dim| matches!(dim, Dim::Known(1 | 3 | 4));
    let is_channels_last = few(third) && !few(first);
    let axes = if is_channels_last { ["height", "width", "channels"] } else { ["channels", "height", "width"] };
    let mut found = [0_u32; 3];
    let (mut asks, mut taken) = (Vec::new(), Vec::new());
    for ((slot, dim), axis) in found.iter_mut().zip([first, second, third]).zip(axes) {
        let symbol = match dim {
            Dim::Known(value) if *value > 0 => {
                *slot = u32::try_from(*value).unwrap_or(u32::MAX);
                continue;
            }
            Dim::Symbol(symbol) if !symbol.is_empty() => symbol.as_str(),
            _ => axis,
        };
        let given = options.sizes.iter().find(|(name, _)| name == symbol || name == axis);
        match given {
            Some((_, value)) => {
                *slot = *value;
                taken.push((format!("the size `{}` ({axis})", clipped(symbol)), *value));
            }
            None => asks.push(Ask::Size { symbol: symbol.to_owned(), axis: axis.to_owned() }),
        }
    }
    if !asks.is_empty() {
        return Err(Refusal::asking(asks));
    }
    let [a, b, c] = found;
    let shape = if is_channels_last { Shape::new(c, a, b) } else { Shape::new(a, b, c) };
    let batch = match batch {
        Dim::Known(value) if *value > 0 => Some(*value),
        _ => None,
    };
    Ok(Sizes { shape, is_channels_last, batch, taken })
}

/// The one output, or the chosen one of several.
fn output(graph: &Graph, wiring: &Wiring, options: &Options) -> Result<usize, Refusal> {
    let names: Vec<&str> = graph.outputs.iter().map(|info| info.name.as_str()).collect();
    let chosen = match (&options.output, names.as_slice()) {
        (_, []) => {
            let what = "the model has no output";
            return Err(problem("E062", what, "export it again").into());
        }
        (_, [one]) => one,
        (Some(name), _) if names.contains(&name.as_str()) => name.as_str(),
        _ => {
            return Err(Refusal::asking(vec![Ask::Output {
                names: names.iter().map(|&name| name.to_owned()).collect(),
            }]));
        }
    };
    wiring.id(chosen).ok_or_else(|| {
        let what = format!("nothing makes the output `{}`", clipped(chosen));
        problem("E062", what, "the file is damaged; export it again").into()
    })
}

/// Turns nodes into layers, one after the other, each after those that it needs.
pub(super) struct Importer<'a> {
    graph: &'a Graph,
    wiring: &'a Wiring<'a>,
    draft: Draft,
    values: Vec<Option<Value>>,
    /// Pictures at a time, as shapes of the file have them.
    batch: i64,
    /// The node at hand.
    node: usize,
}

impl<'a> Importer<'a> {
    fn start(&mut self, input: &ValueInfo, sizes: &Sizes) {
        for (id, tensor) in self.wiring.tensors.iter().enumerate() {
            if let Some(at) = tensor {
                let tensor = &self.graph.tensors[*at];
                let dims = Some(tensor.dims.clone());
                self.values[id] = Some(Value::Constant(Constant { dims, data: tensor.data.clone() }));
            }
        }
        if let Some(id) = self.wiring.id(&input.name) {
            let mut map = self.plain(Made::Input);
            if sizes.is_channels_last {
                map = map.permuted([0, 2, 3, 1]);
            }
            self.values[id] = Some(Value::Map(map));
        }
    }

    /// What a plain tensor of Offcut is in ONNX.
    fn plain(&self, source: Made) -> Map {
        let Shape { channels, height, width } = self.draft.shape(source);
        Map { source, dims: vec![1, channels, height, width], view: View::Plain }
    }

    /// A row of numbers, as classifiers have it.
    fn flat(&self, source: Made) -> Map {
        let shape = self.draft.shape(source);
        let count = u32::try_from(shape.elements()).unwrap_or(u32::MAX);
        Map { source, dims: vec![1, count], view: View::Flat }
    }

    fn at(&self) -> &'a Node {
        &self.graph.nodes[self.node]
    }

    fn convert(&mut self, index: usize) -> Result<(), Refusal> {
        self.node = index;
        let node = self.at();
        self.operator(node).map_err(|text| {
            let what = format!("node `{}` ({}): {text}", clipped(node.title()), clipped(&node.op));
            Refusal {
                partial: self.draft.builder.clone().finish_longest(usize::MAX).map(Box::new),
                ..Problem::said("E063", "", &what).into()
            }
        })
    }

    fn operator(&mut self, node: &Node) -> Result<(), String> {
        // What follows from constants alone is a constant, and weights stay weights.
        if self.inputs_are_constant(node) {
            return self.fold(node);
        }
        match node.op.as_str() {
            "Conv" | "FusedConv" | "ConvInteger" => self.conv(node, [0, 1, 2]),
            "QLinearConv" => self.conv(node, [0, 3, 8]),
            "ConvTranspose" => self.conv_transpose(node),
            "MaxPool" | "AveragePool" => self.pool(node),
            "GlobalAveragePool" | "GlobalMaxPool" | "GlobalLpPool" => self.global_pool(node, true),
            "ReduceMean" | "ReduceMax" => self.reduce(node),
            "Pad" => self.pad(node),
            "Resize" | "Upsample" => self.resize(node),
            "Gemm" | "MatMul" | "MatMulInteger" => self.product(node, [0, 1, 2]),
            "QLinearMatMul" => self.product(node, [0, 3, 99]),
            "BatchNormalization" => self.keeping_view(node, crate::network::Op::BatchNorm),
            "LRN" => self.keeping_view(node, crate::network::Op::Lrn),
            "Dropout" => self.keeping_view(node, crate::network::Op::Dropout),
            "Softmax" | "LogSoftmax" => self.keeping_view(node, crate::network::Op::Softmax),
            "Identity" | "Cast" | "CastLike" | "QuantizeLinear" | "DequantizeLinear" | "DynamicQuantizeLinear" => {
                self.alias(node)
            }
            "Add" | "Sub" | "Sum" | "Max" | "Min" | "Mean" | "Mul" | "Div" | "Pow" => self.joined(node),
            "Concat" => self.concat(node),
            "Split" => self.split(node),
            "Slice" => self.slice(node),
            "Gather" => self.gather(node),
            "Shape" | "Size" => self.shape_of(node),
            "Reshape" | "Flatten" | "Squeeze" | "Unsqueeze" => self.reshape(node),
            "Transpose" => self.transpose(node),
            "SpaceToDepth" | "DepthToSpace" => self.depth(node),
            "Expand" | "Tile" => self.expand(node),
            other => match elementwise::function(other) {
                Some(function) => self.activation(node, function),
                None => self.unknown(node),
            },
        }
    }

    fn end(self, output: usize) -> Result<Built, Refusal> {
        let name = clipped(self.wiring.names[output]);
        match &self.values[output] {
            Some(Value::Map(map)) => {
                let (network, notes) = self.draft.finish(map.source)?;
                Ok(Built { network, notes })
            }
            _ => {
                let what = format!("the output `{name}` does not depend on the picture");
                Err(problem("E062", what, "choose another output, or export the model again").into())
            }
        }
    }
}
