//! Stages from the layers alone: cut points by reachability (planning model §1).

use crate::network::{Network, Op, Shape, Source};
use std::ops::Range;

/// Neighbouring layers that are cut, tiled and placed together; the last one makes the output.
pub(super) struct Stage {
    /// Its layers, by index.
    pub layers: Range<usize>,
    /// Whether all of them are tileable.
    pub tileable: bool,
}

/// Partitions a network's layers into its stages.
pub(super) fn partition(network: &Network) -> Vec<Stage> {
    let count = network.layers().len();
    let mut ranges: Vec<Range<usize>> = Vec::new();
    let mut start = 0;
    for cut in (0..count).filter(|&layer| is_cut_point(network, layer)) {
        if (start..=cut).any(|layer| !folded(&network.layers()[layer].op)) {
            ranges.push(start..cut + 1);
            start = cut + 1;
        }
    }
    if start < count {
        // Only folded layers are left.
        match ranges.last_mut() {
            Some(last) => last.end = count,
            None => ranges.push(start..count),
        }
    }
    let tileable = |range: &Range<usize>| range.clone().all(|layer| tileable(network, layer));
    ranges.into_iter().map(|layers| Stage { tileable: tileable(&layers), layers }).collect()
}

/// Shape of the tensor behind the first `boundary` stages; the network's input at 0.
pub(super) fn tensor(network: &Network, stages: &[Stage], boundary: usize) -> Shape {
    match boundary.checked_sub(1).and_then(|stage| stages.get(stage)) {
        Some(stage) => network.layers()[stage.layers.end - 1].output,
        None => network.input(),
    }
}

/// Shape of what a layer reads.
pub(super) fn shape_of(network: &Network, source: Source) -> Shape {
    match source {
        Source::Input => network.input(),
        Source::Layer(id) => network.layers()[id.index()].output,
    }
}

fn is_cut_point(network: &Network, layer: usize) -> bool {
    if layer + 1 == network.layers().len() {
        return true;
    }
    let id = |source: &Source| matches!(source, Source::Layer(id) if id.index() == layer);
    let mut readers = network.layers().iter().flat_map(|reader| reader.inputs.iter().map(move |i| (reader, i)));
    let mut readers = readers.by_ref().filter(|(_, input)| id(input)).map(|(reader, _)| &reader.op);
    let (first, second) = (readers.next(), readers.next());
    let joined = matches!((first, second), (Some(Op::Activation(_) | Op::BatchNorm | Op::Dropout), None));
    let flattened = matches!(network.layers()[layer].op, Op::Flatten);
    !joined && !flattened && separates(network, layer)
}

/// Whether the output cannot be reached from the input without passing `barrier`.
fn separates(network: &Network, barrier: usize) -> bool {
    let mut reached = vec![false; network.layers().len()];
    for (index, layer) in network.layers().iter().enumerate() {
        reached[index] = index != barrier
            && layer.inputs.iter().any(|input| match input {
                Source::Input => true,
                Source::Layer(id) => reached[id.index()],
            });
    }
    reached.last() == Some(&false)
}

/// Whether a runtime makes the layer part of its neighbour, so that it costs nothing.
pub(super) fn folded(op: &Op) -> bool {
    match op {
        Op::Activation(_) | Op::BatchNorm | Op::Dropout | Op::Concat | Op::Flatten => true,
        Op::ChannelShuffle { .. } | Op::Slice { .. } | Op::SpaceToDepth { .. } => true,
        Op::Conv(_) | Op::ConvTranspose(..) | Op::Linear { .. } | Op::MaxPool(_) | Op::AvgPool(_) => false,
        Op::GlobalAvgPool | Op::AdaptiveAvgPool { .. } | Op::Add | Op::Mul | Op::Lrn | Op::Softmax => false,
        Op::Upsample { .. } | Op::Pad { .. } | Op::Custom { .. } => false,
    }
}

fn tileable(network: &Network, layer: usize) -> bool {
    let layer = &network.layers()[layer];
    match layer.op {
        Op::Linear { .. } | Op::Flatten | Op::Softmax | Op::Custom { .. } => false,
        Op::GlobalAvgPool | Op::AdaptiveAvgPool { .. } => false,
        Op::Add | Op::Mul => layer.inputs.iter().all(|&input| shape_of(network, input) == layer.output),
        _ => true,
    }
}
