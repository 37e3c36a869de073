//! The layers of a network as a table: shapes, work, weights, and which may be tiled.

use super::table::{Table, Value};
use crate::network::{Conv, Layer, LayerId, Network, Op, Shape, Stage, Window};

/// Bytes of an element where tensors and weights are given in bytes: 32-bit floats.
const BYTES: u64 = 4;

/// A row a layer, in the network's order. MACs are those of convolutions and linear layers; FLOPs are what the plan
/// counts: two a MAC, and the work of all other layers that are not folded.
pub fn layers(network: &Network) -> Table {
    let has_times = network.layers().iter().any(|layer| layer.measured != Default::default());
    let mut columns = vec![
        ("#", "layer"),
        ("Name", "name"),
        ("Operation", "op"),
        ("Inputs", "inputs"),
        ("Output", "output"),
        ("Elements", "elements"),
        ("Size", "bytes"),
        ("MACs", "macs"),
        ("FLOPs", "flops"),
        ("Parameters", "parameters"),
        ("Weights", "weight_bytes"),
    ];
    if has_times {
        columns.extend([("Device", "device_ns"), ("Server", "server_ns")]);
    }
    columns.extend([("Stage", "stage"), ("Tileable", "tileable"), ("Why not", "why_not_tileable")]);
    Table {
        caption: format!("Layers of {}; sizes at {BYTES} bytes an element", network.name()),
        columns,
        rows: network.numbered().map(|(id, layer)| row(network, id, layer, has_times)).collect(),
    }
}

fn row(network: &Network, id: LayerId, layer: &Layer, has_times: bool) -> Vec<Value> {
    let inputs = network.input_shapes(layer);
    let area = inputs.first().map_or(0, |shape| shape.area());
    let elements = layer.output.elements();
    let mut row = vec![
        Value::Position(id.index() as u64),
        Value::text(layer.name.clone()),
        Value::text(operation(layer, &inputs)),
        Value::text(input_names(network, layer)),
        Value::text(layer.output.to_string()),
        Value::Count(elements),
        Value::Bytes(elements * BYTES),
        Value::Count(layer.macs(&inputs)),
        Value::Count(layer.work.flops(layer.output.area(), area).0),
        Value::Count(layer.parameters),
        Value::Bytes(layer.weights(BYTES)),
    ];
    if has_times {
        let times = [layer.measured.device, layer.measured.server];
        row.extend(times.map(|time| time.map_or(Value::None, |ns| Value::Nanos(ns.0))));
    }
    let why = why_not_tileable(network, layer);
    row.extend([
        Value::Position(layer.stage as u64),
        Value::text(if why.is_none() { "yes" } else { "no" }),
        why.map_or(Value::None, Value::Text),
    ]);
    row
}

fn input_names(network: &Network, layer: &Layer) -> String {
    layer.inputs.iter().map(|&source| network.tensor_name(source)).collect::<Vec<_>>().join(", ")
}

/// What a layer does, with what matters of its parameters: `conv 3×3, stride 2, 64 channels`.
pub fn operation(layer: &Layer, inputs: &[Shape]) -> String {
    let name = layer.op.name();
    match &layer.op {
        Op::Conv(conv) | Op::ConvTranspose(conv, _) => convolution(name, conv, is_depthwise(conv, inputs)),
        Op::Linear { out_features, .. } => format!("{name} {out_features}"),
        Op::MaxPool(pool) | Op::AvgPool(pool) => window(name, pool.window),
        Op::AdaptiveAvgPool { out: [height, width] } => format!("{name} to {height}×{width}"),
        Op::Activation(function) => function.clone(),
        Op::Upsample { factor: [rows, columns] } => format!("{name} {rows}×{columns}"),
        Op::Pad { padding: [top, left, bottom, right] } => format!("{name} {top}, {left}, {bottom}, {right}"),
        Op::ChannelShuffle { groups } => format!("{name}, {groups} groups"),
        Op::Slice { from, to } => format!("{name} {from}–{to}"),
        Op::SpaceToDepth { block } => format!("{name} {block}×{block}"),
        _ => name.to_owned(),
    }
}

fn convolution(name: &str, conv: &Conv, depthwise: bool) -> String {
    let mut text = window(name, conv.window) + &format!(", {} channels", conv.out_channels);
    if depthwise {
        text += ", depthwise";
    } else if conv.groups > 1 {
        text += &format!(", {} groups", conv.groups);
    }
    text
}

fn window(name: &str, window: Window) -> String {
    let mut text = format!("{name} {}", taps(window));
    let mut more = |what: &str, rows: u32, columns: u32| {
        if rows == columns && rows != 1 {
            text += &format!(", {what} {rows}");
        } else if rows != columns {
            text += &format!(", {what} {rows}×{columns}");
        }
    };
    more("stride", window.rows.stride, window.columns.stride);
    more("dilation", window.rows.dilation, window.columns.dilation);
    text
}

/// Whether every channel of the input is convolved by itself.
pub(super) fn is_depthwise(conv: &Conv, inputs: &[Shape]) -> bool {
    conv.groups > 1 && inputs.first().is_some_and(|input| input.channels == conv.groups)
}

/// `3×3`.
pub(super) fn taps(window: Window) -> String {
    format!("{}×{}", window.rows.kernel, window.columns.kernel)
}

/// Why a layer cannot be computed tile by tile; none where it can.
pub fn why_not_tileable(network: &Network, layer: &Layer) -> Option<String> {
    if !layer.tileable {
        return Some(own_reason(network, layer).to_owned());
    }
    let stage = network.stages().get(layer.stage).filter(|stage| !stage.tileable)?;
    let other = culprit(network, stage)?;
    Some(format!("is tileable by itself, but {} in its stage is not", other.name))
}

/// The first layer of a stage that is not tileable, and why, in a sentence's end.
pub(super) fn stage_reason(network: &Network, stage: &Stage) -> Option<String> {
    culprit(network, stage).map(|layer| format!("{} {}", layer.name, own_reason(network, layer)))
}

fn culprit<'a>(network: &'a Network, stage: &Stage) -> Option<&'a Layer> {
    stage.layers.iter().map(|&id| network.layer(id)).find(|layer| !layer.tileable)
}

fn own_reason(network: &Network, layer: &Layer) -> &'static str {
    match layer.op {
        Op::Linear { .. } => "needs the whole map for every output",
        Op::Flatten => "flattens the map into one vector",
        Op::GlobalAvgPool => "averages over the whole map",
        Op::AdaptiveAvgPool { .. } => "has windows that follow from the whole map",
        Op::Softmax => "is a softmax, which is never split",
        Op::Custom { .. } => "is custom: what its outputs need of its input is not known",
        Op::Add | Op::Mul if network.input_shapes(layer).iter().any(|shape| *shape != layer.output) => {
            "has an input of another size, made from the whole map"
        }
        _ => "cannot be split",
    }
}
