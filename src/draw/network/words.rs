//! What the graph says in words.

use super::View;
use super::bands::{Band, Content};
use crate::draw::layers::{is_depthwise, operation, stage_reason, taps};
use crate::draw::svg::LETTER;
use crate::job::{End, Graph, stage_label};
use crate::network::{Layer, Network, Op, Shape, Window};

/// How much of a window's layer is said, from most to least; tensors of one stage say the same.
pub(super) const FORMS: std::ops::Range<usize> = 0..5;
/// Without the channels: for a tensor alone in its band, beside its shape.
pub(super) const ALONE: usize = 2;

/// The longest text for a tensor's box that fits in so many letters; of a layer with a window, the form or less.
pub(super) fn label(layer: &Layer, inputs: &[Shape], room: usize, form: usize) -> String {
    let texts = texts(layer, inputs);
    let skipped = if window(&layer.op).is_some() { form } else { 0 };
    texts.into_iter().skip(skipped).find(|text| text.chars().count() <= room).unwrap_or_default()
}

/// Whether a layer can be said in a form; only windows have forms.
pub(super) fn fits(layer: &Layer, inputs: &[Shape], room: usize, form: usize) -> bool {
    let text = texts(layer, inputs).into_iter().nth(form);
    window(&layer.op).is_none() || text.is_none_or(|text| text.chars().count() <= room)
}

fn window(op: &Op) -> Option<Window> {
    match op {
        Op::Conv(conv) | Op::ConvTranspose(conv, _) => Some(conv.window),
        _ => None,
    }
}

fn texts(layer: &Layer, inputs: &[Shape]) -> Vec<String> {
    let channels = layer.output.channels;
    match &layer.op {
        Op::Conv(conv) => {
            convolution(conv.window, if is_depthwise(conv, inputs) { "depthwise" } else { "conv" }, channels)
        }
        Op::ConvTranspose(conv, _) => convolution(conv.window, "transposed", channels),
        Op::MaxPool(pool) => pooling(pool.window, "max"),
        Op::AvgPool(pool) => pooling(pool.window, "avg"),
        Op::GlobalAvgPool => several(["global avg pool", "global avg", "mean"]),
        Op::AdaptiveAvgPool { out: [h, w] } => {
            vec![format!("avg pool to {h}×{w}"), format!("to {h}×{w}"), "avg".to_owned()]
        }
        Op::Linear { out_features, .. } => vec![format!("linear {out_features}"), "linear".to_owned()],
        Op::Activation(function) => vec![function.clone()],
        Op::SpaceToDepth { .. } => several(["space to depth", "to depth", "s2d"]),
        Op::ChannelShuffle { .. } => several(["channel shuffle", "shuffle", "shuf."]),
        Op::BatchNorm => several(["batch norm", "norm", "bn"]),
        op => vec![op.name().to_owned()],
    }
}

fn several(texts: [&str; 3]) -> Vec<String> {
    texts.map(str::to_owned).to_vec()
}

fn convolution(window: Window, name: &str, channels: u32) -> Vec<String> {
    let (size, stride) = (taps(window), stride(window));
    vec![
        format!("{size} {name}, {channels}{stride}"),
        format!("{size}, {channels}{stride}"),
        format!("{size} {name}{stride}"),
        format!("{size}{stride}"),
        size,
    ]
}

fn pooling(window: Window, name: &str) -> Vec<String> {
    let (size, stride) = (taps(window), stride(window));
    vec![
        format!("{size} {name} pool{stride}"),
        format!("{size} {name}{stride}"),
        format!("{size} {name}"),
        name.to_owned(),
    ]
}

/// ` /2`, as papers write it.
fn stride(window: Window) -> String {
    match (window.rows.stride, window.columns.stride) {
        (1, 1) => String::new(),
        (rows, columns) if rows == columns => format!(" /{rows}"),
        (rows, columns) => format!(" /{rows}×{columns}"),
    }
}

/// Everything of a layer in a line.
pub(super) fn title(network: &Network, layer: usize) -> String {
    let known = &network.layers()[layer];
    format!("{} · {} · {}", known.name, operation(known, &network.input_shapes(known)), known.output)
}

/// How many layers a box stands for.
pub(super) fn chain(count: usize, width: f64) -> String {
    let text = format!("{count} layers");
    if LETTER * text.chars().count() as f64 + 6.0 <= width { text } else { count.to_string() }
}

/// What stands in the box of a band that shows no inside.
pub(super) fn closed(network: &Network, band: &Band) -> String {
    if band.content == Content::Chain {
        return format!("{} stages", band.shown + 1 - band.first);
    }
    format!("{} layers", network.stages()[band.shown].layers.len())
}

/// The stages of a band, counted from 1.
pub(super) fn number(band: &Band) -> String {
    let stands_for_all = band.first < band.shown && band.every == 1;
    if stands_for_all { format!("{}–{}", band.first + 1, band.shown + 1) } else { (band.shown + 1).to_string() }
}

/// A band for those who hear it.
pub(super) fn band(network: &Network, band: &Band) -> String {
    let stage = &network.stages()[band.shown];
    let number = number(band);
    let stages = if number.contains('–') { "Stages" } else { "Stage" };
    let layers = match stage.layers.len() {
        1 => "one layer".to_owned(),
        count => format!("{count} layers"),
    };
    let tileable = match stage_reason(network, stage) {
        None => "tileable".to_owned(),
        Some(reason) => format!("not tileable: {reason}"),
    };
    format!(
        "{stages} {number}, {}: {}, {layers}, {tileable}",
        stage_label(network, stage),
        network.boundary(band.shown + 1)
    )
}

/// The whole graph in a sentence.
pub fn caption(network: &Network, graph: &Graph, view: View) -> String {
    let stages = network.stages();
    let output = network.boundary(stages.len());
    let mut text = format!(
        "{}: {} in {}, from {} to {output}",
        network.name(),
        counted(network.layers().len(), "layer"),
        counted(stages.len(), "stage"),
        network.input(),
    );
    let joins = graph.stages.iter().filter(|inner| inner.branches()).count();
    let skips = |inner: &&crate::job::Inner| inner.join.is_some() && inner.edges.contains(&(End::Entry, End::Exit));
    let skips = graph.stages.iter().filter(skips).count();
    if joins > 0 {
        text += &format!(
            "; {} branches",
            if joins == 1 { "one stage has".to_owned() } else { format!("{joins} stages have") }
        );
        if skips > 0 {
            text += &format!(", in {skips} of them a skip connection");
        }
    }
    let tileable = stages.iter().filter(|stage| stage.tileable).count();
    text += &match tileable {
        0 => "; none can be tiled".to_owned(),
        all if all == stages.len() => "; all can be tiled".to_owned(),
        some => format!("; {some} can be tiled"),
    };
    if !graph.repeats.is_empty() && !view.unfolded {
        text += "; what repeats is drawn once";
    }
    if let Some(cut) = view.cut {
        text += &format!("; {cut}");
    }
    text + "."
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("one {what}") } else { format!("{count} {what}s") }
}
