//! Work, weights, times and bytes, in exact wide integers (planning model §3).

use super::region::{Patch, needed};
use super::stages::{folded, shape_of};
use crate::base::Nanos;
use crate::network::{Conv, Layer, Network, Op, Shape, Window};
use crate::platform::{DataTypes, Link, Platform, Processor};

/// Device and server time of one layer that produces `out`.
pub(super) fn layer_times(network: &Network, platform: &Platform, layer: &Layer, out: Patch) -> [u128; 2] {
    if out.is_empty() {
        return [0, 0];
    }
    let work = flops(network, layer, out);
    let elements = u128::from(layer.output.channels) * out.area();
    let bytes = elements * u128::from(platform.data.element) + weight_bytes(network, layer, platform.data);
    let whole = Patch::all(layer.output).area();
    let on = |processor: &Processor, measured: Option<Nanos>| match measured {
        Some(time) => (u128::from(time.0) * out.area()).div_ceil(whole.max(1)),
        None if folded(&layer.op) => 0,
        None => formula(processor, work, bytes),
    };
    [on(&platform.device, layer.measured.device), on(&platform.server, layer.measured.server)]
}

/// `⌈1000·(FLOPs·B + bytes·F)/(F·B)⌉` and the overhead.
fn formula(processor: &Processor, flops: u128, bytes: u128) -> u128 {
    let (f, b) = (u128::from(processor.milli_gflops), u128::from(processor.milli_gb_per_s));
    (1000 * (flops * b + bytes * f)).div_ceil((f * b).max(1)) + u128::from(processor.overhead.0)
}

fn flops(network: &Network, layer: &Layer, out: Patch) -> u128 {
    let input = layer.inputs.first().map_or(layer.output, |&source| shape_of(network, source));
    let channels = u128::from(layer.output.channels);
    match &layer.op {
        Op::Conv(conv) => 2 * conv_weights(conv, input) * out.area(),
        Op::ConvTranspose(conv, _) => {
            2 * conv_weights(conv, input) * needed(&layer.op, out, input, layer.output).area()
        }
        Op::Linear { out_features, .. } => 2 * elements(input) * u128::from(*out_features),
        Op::MaxPool(pool) | Op::AvgPool(pool) => taps(pool.window) * channels * out.area(),
        Op::GlobalAvgPool | Op::AdaptiveAvgPool { .. } => elements(input),
        Op::Add | Op::Mul | Op::Upsample { .. } | Op::Lrn | Op::Softmax => channels * out.area(),
        Op::Custom { flops, .. } => u128::from(*flops),
        _ => 0,
    }
}

/// Bytes of a layer's weights in memory.
pub(super) fn weight_bytes(network: &Network, layer: &Layer, data: DataTypes) -> u128 {
    let input = layer.inputs.first().map_or(layer.output, |&source| shape_of(network, source));
    let bias = |has: bool, count: u32| if has { u128::from(count) } else { 0 };
    let counted = match &layer.op {
        Op::Conv(conv) | Op::ConvTranspose(conv, _) => conv_weights(conv, input) + bias(conv.bias, conv.out_channels),
        Op::Linear { out_features, bias: has } => {
            elements(input) * u128::from(*out_features) + bias(*has, *out_features)
        }
        Op::BatchNorm => 2 * u128::from(layer.output.channels),
        Op::Custom { weight_bytes, .. } => return u128::from(*weight_bytes),
        _ => 0,
    };
    counted * u128::from(data.element)
}

fn conv_weights(conv: &Conv, input: Shape) -> u128 {
    taps(conv.window) * u128::from(input.channels / conv.groups.max(1)) * u128::from(conv.out_channels)
}

fn taps(window: Window) -> u128 {
    u128::from(window.rows.kernel) * u128::from(window.columns.kernel)
}

fn elements(shape: Shape) -> u128 {
    u128::from(shape.channels) * Patch::all(shape).area()
}

/// Bytes of a patch in memory; the network's input has its own element.
pub(super) fn held_bytes(shape: Shape, patch: Patch, of_input: bool, data: DataTypes) -> u128 {
    let element = if of_input { data.input_element } else { data.element };
    u128::from(shape.channels) * patch.area() * u128::from(element)
}

/// Bytes of a patch on the wire; the network's input has its own element.
pub(super) fn sent_bytes(shape: Shape, patch: Patch, of_input: bool, data: DataTypes) -> u128 {
    let element = if of_input { data.input_element } else { data.wire_element };
    u128::from(shape.channels) * patch.area() * u128::from(element)
}

/// `⌈8·10⁶·bytes/R⌉` and the latency, of more than 0 bytes.
pub(super) fn transfer(link: &Link, kbps: u64, bytes: u128) -> u128 {
    (8_000_000 * bytes).div_ceil(u128::from(kbps.max(1))) + u128::from(link.latency.0)
}
