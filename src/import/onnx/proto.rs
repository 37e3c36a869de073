//! The part of ONNX's messages that shapes and costs follow from. Weights are stepped over.

use super::wire::{Payload, Wire, damaged};
use crate::formats::Problems;
use crate::import::problem;

/// The most numbers of a constant or an attribute that are kept: enough for shapes, pads and scales.
const MAX_NUMBERS: usize = 64;
/// The most dimensions of a tensor.
const MAX_RANK: usize = 16;
/// The most nodes, tensors or named values.
const MAX_ENTRIES: usize = 100_000;

/// Small constants.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Data {
    Ints(Vec<i64>),
    Floats(Vec<f64>),
}

#[derive(Clone, Debug, Default)]
pub(super) struct Tensor {
    pub name: String,
    pub dims: Vec<i64>,
    /// Its numbers, where they are few.
    pub data: Option<Data>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Dim {
    Known(i64),
    Symbol(String),
    Unknown,
}

#[derive(Clone, Debug, Default)]
pub(super) struct ValueInfo {
    pub name: String,
    /// ONNX's number of the element type; 0 where it is no tensor.
    pub element: i64,
    pub dims: Option<Vec<Dim>>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Attribute {
    pub name: String,
    pub int: Option<i64>,
    pub float: Option<f64>,
    pub text: Option<String>,
    pub ints: Vec<i64>,
    pub floats: Vec<f64>,
    pub tensor: Option<Tensor>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Node {
    pub name: String,
    pub op: String,
    pub inputs: Vec<String>,
    pub outputs: Vec<String>,
    pub attributes: Vec<Attribute>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Graph {
    pub name: String,
    pub nodes: Vec<Node>,
    pub tensors: Vec<Tensor>,
    pub inputs: Vec<ValueInfo>,
    pub outputs: Vec<ValueInfo>,
    pub values: Vec<ValueInfo>,
}

/// The first graph of a file.
pub(super) fn read(wire: &mut Wire) -> Result<Graph, Problems> {
    let (mut at, end) = (0, wire.size());
    let mut graph = None;
    while let Some((number, payload)) = wire.next(&mut at, end)? {
        if let (7, Payload::Range(start, end)) = (number, payload) {
            graph = Some(read_graph(wire, start, end)?);
        }
    }
    graph.ok_or_else(|| {
        let what = "the file holds no ONNX graph";
        problem("E052", what, "give an .onnx file as torch.onnx.export writes it")
    })
}

fn read_graph(wire: &mut Wire, mut at: u64, end: u64) -> Result<Graph, Problems> {
    let mut graph = Graph::default();
    while let Some((number, payload)) = wire.next(&mut at, end)? {
        let Payload::Range(start, end) = payload else { continue };
        match number {
            1 => graph.nodes.push(node(wire, start, end)?),
            2 => graph.name = wire.text(payload)?,
            5 => graph.tensors.push(tensor(wire, start, end)?),
            11 => graph.inputs.push(value_info(wire, start, end)?),
            12 => graph.outputs.push(value_info(wire, start, end)?),
            13 => graph.values.push(value_info(wire, start, end)?),
            15 => graph.tensors.push(sparse_tensor(wire, start, end)?),
            _ => {}
        }
        wire.keep(160)?;
        if graph.nodes.len().max(graph.tensors.len()).max(graph.values.len()) > MAX_ENTRIES {
            return Err(damaged(start, "more than 100,000 nodes or tensors"));
        }
    }
    Ok(graph)
}

fn node(wire: &mut Wire, mut at: u64, end: u64) -> Result<Node, Problems> {
    let mut node = Node::default();
    while let Some((number, payload)) = wire.next(&mut at, end)? {
        match (number, payload) {
            (1, _) => node.inputs.push(wire.text(payload)?),
            (2, _) => node.outputs.push(wire.text(payload)?),
            (3, _) => node.name = wire.text(payload)?,
            (4, _) => node.op = wire.text(payload)?,
            (5, Payload::Range(start, end)) => node.attributes.push(attribute(wire, start, end)?),
            _ => {}
        }
    }
    Ok(node)
}

fn attribute(wire: &mut Wire, mut at: u64, end: u64) -> Result<Attribute, Problems> {
    let mut attribute = Attribute::default();
    wire.keep(200)?;
    while let Some((number, payload)) = wire.next(&mut at, end)? {
        match (number, payload) {
            (1, _) => attribute.name = wire.text(payload)?,
            (2, _) => attribute.float = Some(payload.float()),
            (3, _) => attribute.int = Some(payload.int()),
            // A text may be anything, even a program: only short ones are of interest.
            (4, Payload::Range(start, end)) if end - start <= 64 => attribute.text = Some(wire.text(payload)?),
            (5, Payload::Range(start, end)) => attribute.tensor = Some(tensor(wire, start, end)?),
            (7, _) => floats(wire, payload, 4, &mut attribute.floats)?,
            (8, _) => wire.numbers(payload, MAX_NUMBERS, &mut attribute.ints)?,
            _ => {}
        }
    }
    wire.keep(8 * (attribute.ints.len() + attribute.floats.len()))?;
    Ok(attribute)
}

/// Appends one float, or packed ones of 4 or 8 bytes, as far as they are few.
fn floats(wire: &mut Wire, payload: Payload, width: usize, into: &mut Vec<f64>) -> Result<(), Problems> {
    if into.len() >= MAX_NUMBERS {
        return Ok(());
    }
    let Payload::Range(start, end) = payload else {
        into.push(payload.float());
        return Ok(());
    };
    if end - start <= (MAX_NUMBERS * width) as u64 {
        let bytes = wire.short(start, end)?;
        into.extend(bytes.chunks_exact(width).map(float));
    }
    Ok(())
}

fn float(bytes: &[u8]) -> f64 {
    match *bytes {
        [a, b, c, d] => f64::from(f32::from_le_bytes([a, b, c, d])),
        [a, b, c, d, e, f, g, h] => f64::from_le_bytes([a, b, c, d, e, f, g, h]),
        _ => 0.0,
    }
}

fn tensor(wire: &mut Wire, mut at: u64, end: u64) -> Result<Tensor, Problems> {
    let mut tensor = Tensor::default();
    let mut kind = 0;
    let (mut ints, mut floats_read, mut raw) = (Vec::new(), Vec::new(), None);
    while let Some((number, payload)) = wire.next(&mut at, end)? {
        match (number, payload) {
            (1, _) => wire.numbers(payload, MAX_RANK + 1, &mut tensor.dims)?,
            (2, _) => kind = payload.int(),
            (4, _) => floats(wire, payload, 4, &mut floats_read)?,
            (5 | 7, _) => wire.numbers(payload, MAX_NUMBERS + 1, &mut ints)?,
            (8, _) => tensor.name = wire.text(payload)?,
            (9, Payload::Range(start, end)) if end - start <= 8 * MAX_NUMBERS as u64 => {
                raw = Some(wire.short(start, end)?);
            }
            (10, _) => floats(wire, payload, 8, &mut floats_read)?,
            _ => {}
        }
    }
    if tensor.dims.len() > MAX_RANK {
        return Err(damaged(at, "a tensor of more than 16 dimensions"));
    }
    wire.keep(8 * (ints.len() + tensor.dims.len()))?;
    tensor.data = data(kind, &tensor.dims, ints, floats_read, raw.as_deref());
    Ok(tensor)
}

/// The numbers of a tensor, where they are few and as many as its dimensions say.
fn data(kind: i64, dims: &[i64], ints: Vec<i64>, floats: Vec<f64>, raw: Option<&[u8]>) -> Option<Data> {
    let data = match (kind, raw) {
        (1, Some(raw)) => Data::Floats(raw.chunks_exact(4).map(float).collect()),
        (11, Some(raw)) => Data::Floats(raw.chunks_exact(8).map(float).collect()),
        (6, Some(raw)) => {
            Data::Ints(raw.chunks_exact(4).map(|b| i64::from(i32::from_le_bytes([b[0], b[1], b[2], b[3]]))).collect())
        }
        (7, Some(raw)) => Data::Ints(
            raw.chunks_exact(8).map(|b| i64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]])).collect(),
        ),
        (9, Some(raw)) => Data::Ints(raw.iter().map(|&byte| i64::from(byte)).collect()),
        (_, None) if !ints.is_empty() => Data::Ints(ints),
        (_, None) if !floats.is_empty() => Data::Floats(floats),
        _ => return None,
    };
    let count = dims.iter().try_fold(1_i64, |all, &dim| all.checked_mul(dim))?;
    (count == data.len() as i64).then_some(data)
}

impl Data {
    pub(super) fn len(&self) -> usize {
        match self {
            Data::Ints(all) => all.len(),
            Data::Floats(all) => all.len(),
        }
    }
}

/// Of a sparse tensor, the name of its values and the dimensions of the whole.
fn sparse_tensor(wire: &mut Wire, mut at: u64, end: u64) -> Result<Tensor, Problems> {
    let mut whole = Tensor::default();
    while let Some((number, payload)) = wire.next(&mut at, end)? {
        match (number, payload) {
            (1, Payload::Range(start, end)) => whole.name = tensor(wire, start, end)?.name,
            (3, _) => wire.numbers(payload, MAX_RANK, &mut whole.dims)?,
            _ => {}
        }
    }
    Ok(whole)
}

fn value_info(wire: &mut Wire, mut at: u64, end: u64) -> Result<ValueInfo, Problems> {
    let mut info = ValueInfo::default();
    while let Some((number, payload)) = wire.next(&mut at, end)? {
        match (number, payload) {
            (1, _) => info.name = wire.text(payload)?,
            (2, Payload::Range(start, end)) => tensor_type(wire, start, end, &mut info)?,
            _ => {}
        }
    }
    Ok(info)
}

/// TypeProto: its first field is a tensor's type.
fn tensor_type(wire: &mut Wire, mut at: u64, end: u64, info: &mut ValueInfo) -> Result<(), Problems> {
    while let Some((number, payload)) = wire.next(&mut at, end)? {
        let (1, Payload::Range(mut at, end)) = (number, payload) else { continue };
        while let Some((number, payload)) = wire.next(&mut at, end)? {
            match (number, payload) {
                (1, _) => info.element = payload.int(),
                (2, Payload::Range(start, end)) => info.dims = Some(shape(wire, start, end)?),
                _ => {}
            }
        }
    }
    Ok(())
}

fn shape(wire: &mut Wire, mut at: u64, end: u64) -> Result<Vec<Dim>, Problems> {
    let mut dims = Vec::new();
    while let Some((number, payload)) = wire.next(&mut at, end)? {
        let (1, Payload::Range(mut start, end)) = (number, payload) else { continue };
        let mut dim = Dim::Unknown;
        while let Some((number, payload)) = wire.next(&mut start, end)? {
            dim = match number {
                1 => Dim::Known(payload.int()),
                2 => Dim::Symbol(wire.text(payload)?),
                _ => dim,
            };
        }
        wire.keep(32)?;
        if dims.len() == MAX_RANK {
            return Err(damaged(start, "a tensor of more than 16 dimensions"));
        }
        dims.push(dim);
    }
    Ok(dims)
}

impl Node {
    pub(super) fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }

    pub(super) fn int(&self, name: &str, default: i64) -> i64 {
        self.attribute(name).and_then(|attribute| attribute.int).unwrap_or(default)
    }

    pub(super) fn ints(&self, name: &str) -> Option<&[i64]> {
        self.attribute(name).map(|attribute| attribute.ints.as_slice()).filter(|ints| !ints.is_empty())
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.attribute(name).and_then(|attribute| attribute.text.as_deref())
    }

    /// The node's name, or that of what it makes.
    pub(super) fn title(&self) -> &str {
        match (self.name.as_str(), self.outputs.first()) {
            ("", Some(output)) if !output.is_empty() => output,
            ("", _) => &self.op,
            (name, _) => name,
        }
    }
}
