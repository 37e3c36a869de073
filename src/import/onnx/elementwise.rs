//! Operators that treat each element by itself, and the joins of tensors.

use super::Importer;
use super::proto::{Data, Node};
use super::values::{Constant, Map, Value, View};
use crate::import::draft::NoteKind;
use crate::network::{Op, Shape, Source as Made};

/// Operators that are one elementwise function, and the function's name.
const FUNCTIONS: &[(&str, &str)] = &[
    ("Relu", "relu"),
    ("LeakyRelu", "leaky_relu"),
    ("PRelu", "prelu"),
    ("Clip", "clip"),
    ("Sigmoid", "sigmoid"),
    ("HardSigmoid", "hardsigmoid"),
    ("HardSwish", "hardswish"),
    ("Swish", "silu"),
    ("Elu", "elu"),
    ("Selu", "selu"),
    ("Celu", "celu"),
    ("Tanh", "tanh"),
    ("Softplus", "softplus"),
    ("Softsign", "softsign"),
    ("ThresholdedRelu", "thresholded_relu"),
    ("Gelu", "gelu"),
    ("Mish", "mish"),
    ("Erf", "erf"),
    ("Exp", "exp"),
    ("Log", "log"),
    ("Sqrt", "sqrt"),
    ("Abs", "abs"),
    ("Neg", "neg"),
    ("Reciprocal", "reciprocal"),
    ("Floor", "floor"),
    ("Ceil", "ceil"),
    ("Round", "round"),
    ("Sign", "sign"),
];

/// The elementwise function that an operator is.
pub(super) fn function(op: &str) -> Option<&'static str> {
    FUNCTIONS.iter().find(|(name, _)| *name == op).map(|(_, function)| *function)
}

/// What a function and its argument multiply to.
fn product(function: &str) -> Option<&'static str> {
    Some(match function {
        "sigmoid" => "silu",
        "hardsigmoid" | "clip" | "relu6" => "hardswish",
        "erf" => "gelu",
        "softplus" => "mish",
        _ => return None,
    })
}

impl Importer<'_> {
    // What the inputs and outputs of the node at hand are.

    pub(super) fn value(&self, at: usize) -> Option<&Value> {
        self.values[self.wiring.input(self.node, at)?].as_ref()
    }

    pub(super) fn constant_of(&self, id: usize) -> Option<&Constant> {
        match &self.values[id] {
            Some(Value::Constant(constant)) => Some(constant),
            _ => None,
        }
    }

    pub(super) fn constant(&self, at: usize) -> Option<&Constant> {
        self.constant_of(self.wiring.input(self.node, at)?)
    }

    /// Whole numbers of a constant input.
    pub(super) fn ints(&self, at: usize) -> Option<Vec<i64>> {
        match self.constant(at)?.data.as_ref()? {
            Data::Ints(ints) => Some(ints.clone()),
            Data::Floats(_) => None,
        }
    }

    /// The input that depends on the picture.
    pub(super) fn map(&self, node: &Node, at: usize) -> Result<Map, String> {
        match self.value(at) {
            Some(Value::Map(map) | Value::Gate(map, _)) => Ok(map.clone()),
            Some(Value::Constant(_)) => {
                Err("its input does not depend on the picture; simplify the model before exporting it".to_owned())
            }
            None => match node.inputs.get(at) {
                Some(name) if !name.is_empty() => {
                    Err(format!("it uses `{name}`, which nothing makes; the file is damaged, export it again"))
                }
                _ => Err("an input is missing; the file is damaged, export it again".to_owned()),
            },
        }
    }

    /// The input as channels × height × width; what lies otherwise is put right by a layer of its own.
    pub(super) fn plain_input(&mut self, node: &Node, at: usize) -> Result<Made, String> {
        let map = self.map(node, at)?;
        match (map.view, &map.dims[..]) {
            (View::Plain, _) => Ok(map.source),
            (_, &[1, channels, height, width]) => {
                let out = Shape::new(channels, height, width);
                let made = self.draft.custom(&format!("{}.order", node.title()), out, 0, 0, map.source)?;
                self.draft.note(NoteKind::Approximated, "elements are put into another order before these layers; that cannot be tiled and is taken to cost nothing", Some(made));
                Ok(made)
            }
            (_, dims) => Err(format!(
                "it takes a tensor of {} dimensions, where a picture has 4; Offcut plans pictures only",
                dims.len()
            )),
        }
    }

    pub(super) fn put(&mut self, at: usize, value: Value) {
        if let Some(id) = self.wiring.output(self.node, at) {
            self.values[id] = Some(value);
        }
    }

    pub(super) fn put_map(&mut self, map: Map) {
        self.put(0, Value::Map(map));
    }

    /// The output is the input.
    pub(super) fn alias(&mut self, node: &Node) -> Result<(), String> {
        if let Some(value @ (Value::Gate(..) | Value::Map(_))) = self.value(0).cloned() {
            self.put(0, value);
            return Ok(());
        }
        self.map(node, 0).map(drop)
    }

    /// A layer that leaves the axes where they are.
    pub(super) fn keeping_view(&mut self, node: &Node, op: Op) -> Result<(), String> {
        let map = self.map(node, 0)?;
        let made = self.draft.add(node.title(), op, &[map.source])?;
        let moved = match map.view {
            View::Plain => self.plain(made),
            View::Permuted(order) => self.plain(made).permuted(order),
            _ => Map { source: made, ..map },
        };
        self.put_map(moved);
        self.refuse_more_outputs(node)
    }

    pub(super) fn activation(&mut self, node: &Node, function: &'static str) -> Result<(), String> {
        if let Some(gate @ Value::Gate(..)) = self.value(0).cloned() {
            self.put(0, gate);
            return Ok(());
        }
        let map = self.map(node, 0)?;
        if let Some(product) = product(function).filter(|_| self.gates(map.source, function)) {
            self.put(0, Value::Gate(map, product));
            return Ok(());
        }
        let function = if function == "clip" && self.is_relu6(node) { "relu6" } else { function };
        self.keeping_view(node, Op::Activation(function.to_owned()))
    }

    fn is_relu6(&self, node: &Node) -> bool {
        let bound = |at: usize, name: &str| {
            let given = node.attribute(name).and_then(|attribute| attribute.float);
            given.or_else(|| match self.constant(at)?.data.as_ref()? {
                Data::Floats(all) => all.first().copied(),
                Data::Ints(all) => all.first().map(|&value| value as f64),
            })
        };
        bound(1, "min") == Some(0.0) && bound(2, "max") == Some(6.0)
    }

    /// Whether all that becomes of the node's output is a factor of its own argument.
    fn gates(&self, argument: Made, function: &str) -> bool {
        let mut node = self.node;
        // Additions of constants and the like may lie between.
        for _ in 0..4 {
            let Some(output) = self.wiring.output(node, 0) else { return false };
            let Some(next) = self.wiring.only_taker(output) else { return false };
            let op = self.graph.nodes[next].op.as_str();
            if function == "softplus" && op == "Tanh" {
                node = next;
                continue;
            }
            let other = (0..2).filter_map(|at| self.wiring.input(next, at)).find(|&id| id != output);
            match (op, other.and_then(|id| self.values[id].as_ref())) {
                ("Mul", Some(Value::Map(map))) => return map.source == argument,
                ("Add" | "Mul" | "Div", Some(Value::Constant(_))) => node = next,
                _ => return false,
            }
        }
        false
    }

    /// A sum, product or the like.
    pub(super) fn joined(&mut self, node: &Node) -> Result<(), String> {
        let mut maps: Vec<Map> = Vec::new();
        let mut gate = None;
        let mut constants = 0_u64;
        for at in 0..self.wiring.input_count(self.node) {
            match self.value(at) {
                Some(Value::Map(map)) => maps.push(map.clone()),
                Some(Value::Gate(map, function)) => gate = Some((map.clone(), *function)),
                Some(Value::Constant(constant)) => constants = constants.max(constant.count().unwrap_or(1)),
                None => return self.map(node, at).map(drop),
            }
        }
        match (gate, maps.as_slice()) {
            (Some((map, function)), []) => {
                self.put(0, Value::Gate(map, function));
                Ok(())
            }
            (Some((_, function)), [map]) => {
                let map = map.clone();
                let made = self.draft.add(node.title(), Op::Activation(function.to_owned()), &[map.source])?;
                self.put_map(Map { source: made, ..map });
                Ok(())
            }
            (None, [map]) => self.with_constant(node, map.clone(), constants),
            (None, maps) => self.join(node, maps),
            (Some(_), _) => self.unknown(node),
        }
    }

    /// With a constant: one number a channel is folded into a neighbour, one an element is a layer.
    fn with_constant(&mut self, node: &Node, map: Map, elements: u64) -> Result<(), String> {
        let channels = u64::from(self.draft.shape(map.source).channels);
        if elements > map.elements() {
            return self.unknown(node);
        }
        if elements <= channels || matches!(self.draft.builder.op(map.source), Some(Op::Linear { .. })) {
            self.put_map(map);
            let what = "additions and factors of one number a channel are folded into their neighbours";
            self.draft.note(NoteKind::Folded, what, None);
            return Ok(());
        }
        let op = if matches!(node.op.as_str(), "Mul" | "Div" | "Pow") { Op::Mul } else { Op::Add };
        let made = self.draft.add(node.title(), op, &[map.source])?;
        self.put_map(Map { source: made, ..map });
        Ok(())
    }

    fn join(&mut self, node: &Node, maps: &[Map]) -> Result<(), String> {
        let op = if matches!(node.op.as_str(), "Mul" | "Div" | "Pow") { Op::Mul } else { Op::Add };
        let Some(first) = maps.first() else { return self.unknown(node) };
        let sources: Vec<Made> = maps.iter().map(|map| map.source).collect();
        let largest = maps.iter().max_by_key(|map| map.elements()).unwrap_or(first).clone();
        let is_same = |map: &Map| map.view == largest.view && map.dims == largest.dims;
        let is_gate = |map: &Map| {
            let [shape, whole] = [map, &largest].map(|map| self.draft.shape(map.source));
            map.view == largest.view && shape.area() == 1 && shape.channels == whole.channels && map.dims.len() == 4
        };
        let shapes_agree = |map: &Map| self.draft.shape(map.source) == self.draft.shape(largest.source) || is_gate(map);
        if maps.iter().all(|map| (is_same(map) || is_gate(map)) && shapes_agree(map)) {
            let made = self.draft.add(node.title(), op, &sources)?;
            self.put_map(Map { source: made, ..largest });
            return Ok(());
        }
        let mut dims = first.dims.clone();
        for map in &maps[1..] {
            dims = broadcast(&dims, &map.dims).ok_or_else(|| {
                format!(
                    "its inputs have sizes {dims:?} and {:?}, which cannot be joined; the file is damaged",
                    map.dims
                )
            })?;
        }
        let flops = dims.iter().fold(1_u64, |all, &dim| all.saturating_mul(u64::from(dim)));
        let source = self.bundle(node, &sources)?;
        self.other(node, source, dims, flops, 0)
    }

    /// Several tensors as one, each flattened: an op of Offcut's that has more than one input is a join.
    pub(super) fn bundle(&mut self, node: &Node, sources: &[Made]) -> Result<Made, String> {
        let mut flat: Vec<Made> = Vec::with_capacity(sources.len());
        for &source in sources {
            let made = self.flattened(&format!("{}.flat", node.title()), source)?;
            if !flat.contains(&made) {
                flat.push(made);
            }
        }
        match flat[..] {
            [one] => Ok(one),
            _ => self.draft.add(&format!("{}.bundle", node.title()), Op::Concat, &flat),
        }
    }

    /// A tensor as a row of numbers.
    pub(super) fn flattened(&mut self, name: &str, source: Made) -> Result<Made, String> {
        if self.draft.shape(source).area() == 1 {
            return Ok(source);
        }
        self.draft.add(name, Op::Flatten, &[source])
    }

    /// A layer that Offcut has no op for, but whose cost is known.
    pub(super) fn other(
        &mut self,
        node: &Node,
        source: Made,
        dims: Vec<u32>,
        flops: u64,
        weights: u64,
    ) -> Result<(), String> {
        let made = self.draft.custom(node.title(), shape_of(&dims)?, flops, weights, source)?;
        let what = format!("`{}` has no op of its own here; its cost is counted, but it cannot be tiled", node.op);
        self.draft.note(NoteKind::Approximated, &what, Some(made));
        let map = self.seen_as(made, dims);
        self.put_map(map);
        Ok(())
    }

    /// A tensor as ONNX sees it.
    pub(super) fn seen_as(&self, made: Made, dims: Vec<u32>) -> Map {
        let Shape { channels, height, width } = self.draft.shape(made);
        let view = match dims[..] {
            [1, c, h, w] if (c, h, w) == (channels, height, width) => View::Plain,
            [1, count] if count == channels && (height, width) == (1, 1) => View::Flat,
            _ => View::Other,
        };
        Map { source: made, dims, view }
    }
}

/// The dimensions of two tensors joined, each repeated where it has 1.
fn broadcast(a: &[u32], b: &[u32]) -> Option<Vec<u32>> {
    let rank = a.len().max(b.len());
    let at = |dims: &[u32], i: usize| (i + dims.len()).checked_sub(rank).map_or(1, |at| dims[at]);
    (0..rank)
        .map(|i| match (at(a, i), at(b, i)) {
            (x, y) if x == y => Some(x),
            (1, y) => Some(y),
            (x, 1) => Some(x),
            _ => None,
        })
        .collect()
}

/// Offcut's shape for a tensor of any rank.
pub(super) fn shape_of(dims: &[u32]) -> Result<Shape, String> {
    let rest = if dims.first() == Some(&1) { &dims[1..] } else { dims };
    let short = match *rest {
        [] => Shape::new(1, 1, 1),
        [a] => Shape::new(a, 1, 1),
        [a, b] => Shape::new(a, b, 1),
        [a, b, c] => Shape::new(a, b, c),
        _ => Shape::new(0, 0, 0),
    };
    if <[u32; 3]>::from(short).iter().all(|&side| (1..=65_536).contains(&side)) {
        return Ok(short);
    }
    let elements = dims.iter().try_fold(1_u32, |all, &dim| all.checked_mul(dim)).filter(|&all| all > 0);
    elements
        .map(|all| Shape::new(all, 1, 1))
        .ok_or_else(|| format!("its output has the size {dims:?}; that is more than can be planned"))
}
