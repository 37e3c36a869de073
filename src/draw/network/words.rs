//! What the graph says in words.

use super::View;
use super::bands::{Band, Content};
use super::paint::LETTER;
use crate::draw::layers::{operation, stage_reason, taps};
use crate::job::{End, Graph, stage_label};
use crate::network::{Layer, Network, Op, Shape, Window};

/// The longest text for a tensor's box that fits in so many letters.
pub(super) fn label(layer: &Layer, inputs: &[Shape], room: usize, alone: bool) -> String {
    // Alone in its band, its shape stands beside it.
    let channels = if alone { 0 } else { layer.output.channels };
    let texts = match &layer.op {
        Op::Conv(conv) => {
            let depthwise = conv.groups > 1 && inputs.first().is_some_and(|input| input.channels == conv.groups);
            windowed(conv.window, if depthwise { ["depthwise", "dw"] } else { ["conv", "conv"] }, channels)
        }
        Op::ConvTranspose(conv, _) => windowed(conv.window, ["transposed conv", "conv ↑"], channels),
        Op::MaxPool(pool) => windowed(pool.window, ["max pool", "max"], 0),
        Op::AvgPool(pool) => windowed(pool.window, ["avg pool", "avg"], 0),
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
    };
    texts.into_iter().find(|text| text.chars().count() <= room).unwrap_or_default()
}

fn several(texts: [&str; 3]) -> Vec<String> {
    texts.map(str::to_owned).to_vec()
}

fn windowed(window: Window, [name, short]: [&str; 2], channels: u32) -> Vec<String> {
    let size = taps(window);
    let (rows, columns) = (window.rows.stride, window.columns.stride);
    let stride = match (rows, columns) {
        (1, 1) => String::new(),
        _ if rows == columns => format!(" /{rows}"),
        _ => format!(" /{rows}×{columns}"),
    };
    let deep = if channels > 0 { format!(", {channels}") } else { String::new() };
    vec![
        format!("{size} {name}{deep}{stride}"),
        format!("{size} {name}{stride}"),
        format!("{size} {short}{stride}"),
        format!("{size} {short}"),
        format!("{size}{stride}"),
        size,
    ]
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

/// A text in lines of at most so many letters.
pub(super) fn wrapped(text: &str, letters: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let word: Vec<char> = word.chars().collect();
        for part in word.chunks(letters) {
            let part: String = part.iter().collect();
            let room = |line: &&mut String| line.chars().count() + 1 + part.chars().count() <= letters;
            match lines.last_mut().filter(room) {
                Some(line) => *line += &[" ", &part].concat(),
                None => lines.push(part),
            }
        }
    }
    lines
}
