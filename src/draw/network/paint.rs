//! Bands, boxes and brackets as SVG text.

use super::bands::{Band, Bands, Bracket, Content, PLAIN};
use super::inside::{BOX, Inside};
use super::words;
use super::{LEFT, MIDDLE, RIGHT};
use crate::draw::pyramid::mark;
use crate::draw::svg::{LETTER, Rect, escaped, px, text};
use crate::job::{End, Graph, stage_label};
use crate::network::{Network, Source};

/// Width of a box that is alone in its band.
const ALONE: f64 = 118.0;
const INSET: f64 = 8.0;

/// What makes a shape a button that is called so, whatever is written on it.
fn button(what: &str) -> String {
    format!(r#" role="button" tabindex="0" aria-label="{what}""#)
}

/// A band with all that is in it.
pub(super) fn band(network: &Network, graph: &Graph, band: &Band) -> String {
    let stage = &network.stages()[band.shown];
    let what = escaped(&words::band(network, band));
    let rect = Rect { x: LEFT, y: band.y, width: RIGHT - LEFT, height: band.height };
    let class = if stage.tileable { "band fused" } else { "band whole" };
    format!(
        r#"<g class="stage" data-stage="{}" data-stages="{},{},{}"><title>{what}</title><rect class="{class}" rx="6" {}{}/>{}{}</g>"#,
        band.shown,
        band.first,
        band.shown + 1,
        band.every,
        rect.attributes(),
        button(&what),
        head(network, band),
        match &band.content {
            Content::Inside(inside) => content(network, graph, band, inside),
            _ => alone(network, graph, band),
        }
    )
}

/// Number and name to the left, the shape to the right, and whether it is tileable.
fn head(network: &Network, band: &Band) -> String {
    let y = band.y + 19.0;
    let number = words::number(band);
    let left = LEFT + 8.0 + 7.4 * number.chars().count() as f64 + 6.0;
    let edge = if matches!(band.content, Content::Inside(_)) { MIDDLE - 6.0 } else { MIDDLE - ALONE / 2.0 - 4.0 };
    let room = ((edge - left) / LETTER).max(1.0) as usize;
    let stage = &network.stages()[band.shown];
    let name = crate::draw::short(&stage_label(network, stage), room);
    let (x, top) = (RIGHT - 19.0, band.y + 9.5);
    let glyph = if stage.tileable { "m5.5 0v11m-5.5 -5.5h11" } else { "m0 11l11 -11" };
    [
        text(LEFT + 8.0, y, "label strong", &number),
        text(left, y, "label ink", &name),
        text(RIGHT - 26.0, y, "label end", &network.boundary(band.shown + 1).to_string()),
        format!(
            r#"<path class="tiling" data-tileable="{}" d="M{} {}h11v11h-11z{glyph}"/>"#,
            stage.tileable,
            px(x),
            px(top)
        ),
    ]
    .concat()
}

/// What stands for one stage, or for several, in a line.
fn alone(network: &Network, graph: &Graph, band: &Band) -> String {
    let rect = Rect { x: MIDDLE - ALONE / 2.0, y: band.y + (PLAIN - BOX) / 2.0, width: ALONE, height: BOX };
    let main = graph.stages[band.shown].exit;
    let first = if band.content == Content::Chain { band.first } else { band.shown };
    let stages = network.stages()[first..=band.shown].iter();
    let layers: Vec<usize> = stages.flat_map(|stage| stage.layers.iter().map(|id| id.index())).collect();
    let edge = format!("M{} {}V{}", px(MIDDLE), px(band.from), px(rect.y));
    let label = match band.content {
        Content::Plain => None,
        _ => Some(words::closed(network, band)),
    };
    let title = label.clone().unwrap_or_else(|| words::title(network, main));
    line(graph, first, (None, main), false, &edge)
        + &node(network, main, &layers, &[], &title, &tensor(network, main, rect, label.as_deref(), words::ALONE))
}

fn content(network: &Network, graph: &Graph, band: &Band, inside: &Inside) -> String {
    let inner = &graph.stages[band.shown];
    let main = |at: usize| inside.boxes[at].nodes.last().map_or(inner.exit, |&node| inner.nodes[node].layer);
    let mut svg = String::from(r#"<g class="edges" aria-hidden="true">"#);
    for &edge in &inside.edges {
        let data = super::routes::route(inside, edge, band.y, band.from);
        let skips = matches!(edge.2, super::inside::Way::Lane(_));
        // Of a chain, the first tensor reads what comes before it.
        let to = inside.boxes[edge.1].nodes.first().map_or(inner.exit, |&node| inner.nodes[node].layer);
        svg += &line(graph, band.shown, (edge.0.map(main), to), skips, &data);
    }
    svg += "</g>";
    let held = held(network, graph, band.shown, inside);
    let fits = |form: &usize| {
        let alone = |at: &usize| inside.boxes[*at].join.is_none() && inside.boxes[*at].nodes.len() < 2;
        let mut drawn = (0..inside.boxes.len()).filter(alone);
        drawn.all(|at| {
            let known = &network.layers()[main(at)];
            words::fits(known, &network.input_shapes(known), room(network, main(at), inside.rects[at].width), *form)
        })
    };
    let form = words::FORMS.into_iter().find(fits).unwrap_or(0);
    for (at, known) in inside.boxes.iter().enumerate() {
        let rect = Rect { y: inside.rects[at].y + band.y, ..inside.rects[at] };
        let layer = main(at);
        let drawn = match known.join {
            Some(join) => mark(rect.x + rect.width / 2.0, rect.y + rect.height / 2.0, join),
            None if known.nodes.len() > 1 => {
                tensor(network, layer, rect, Some(&words::chain(known.nodes.len(), rect.width)), 0)
            }
            None => tensor(network, layer, rect, None, form),
        };
        svg += &node(network, layer, &held[at].0, &held[at].1, &words::title(network, layer), &drawn);
    }
    for unit in &inside.units {
        let (from, to) = inside.rows(unit);
        let x = inside.rects.iter().map(|rect| rect.x).fold(f64::MAX, f64::min) - 10.0;
        let bracket = units(x, (from + band.y, to + band.y), -4.0, unit.times, "");
        let what = "units of the same structure, the first of them drawn; what one makes, the later ones may read";
        svg += &format!(
            r#"<g class="unit" data-times="{times}"><title>{times} {what}</title>{bracket}</g>"#,
            times = unit.times
        );
    }
    svg
}

/// By box: the layers that it stands for, and folded layers of the stage's input that it is the first to read.
fn held(network: &Network, graph: &Graph, stage: usize, inside: &Inside) -> Vec<(Vec<usize>, Vec<usize>)> {
    let known = &network.stages()[stage];
    let ends = graph.stages[stage].stand_ins(network, known);
    let exit = inside.boxes.len() - 1;
    let first = ends.first().map_or(0, |end| end.0);
    let mut of_layer = vec![exit; ends.len()];
    let mut held = vec![(Vec::new(), Vec::new()); exit + 1];
    // Backwards: readers come after what they read.
    for (at, &(layer, end)) in ends.iter().enumerate().rev() {
        let reads = |&later: &usize| {
            let inputs = &network.layers()[first + later].inputs;
            inputs.iter().any(|source| matches!(source, Source::Layer(id) if id.index() == layer))
        };
        of_layer[at] = match end {
            End::Exit => exit,
            End::Node(node) => inside.of_node[node],
            End::Entry => (at + 1..ends.len()).find(reads).map_or(exit, |reader| of_layer[reader]),
        };
        let (own, before) = &mut held[of_layer[at]];
        if end == End::Entry { before } else { own }.insert(0, layer);
    }
    held
}

fn line(graph: &Graph, stage: usize, (from, to): (Option<usize>, usize), skips: bool, data: &str) -> String {
    let before = stage.checked_sub(1).map(|before| graph.stages[before].exit.to_string());
    let from = from.map(|layer| layer.to_string()).or(before).unwrap_or_else(|| "input".to_owned());
    let class = if skips { "edge skip" } else { "edge" };
    format!(r#"<path class="{class}" data-edge="{from},{to}" marker-end="url(#tip)" d="{data}"/>"#)
}

fn node(network: &Network, layer: usize, layers: &[usize], before: &[usize], title: &str, drawn: &str) -> String {
    let list = |layers: &[usize]| layers.iter().map(usize::to_string).collect::<Vec<_>>().join(",");
    let before = match before {
        [] => String::new(),
        _ => format!(r#" data-before="{}""#, list(before)),
    };
    let others: Vec<&str> =
        layers.iter().filter(|&&at| at != layer).map(|&at| network.layers()[at].name.as_str()).collect();
    let title = match others.len() {
        0 => title.to_owned(),
        1..=6 => format!("{title} · with {}", others.join(", ")),
        more => format!("{title} · with {more} more layers"),
    };
    format!(
        r#"<g class="node" data-layer="{layer}" data-layers="{}"{before}><title>{}</title>{drawn}</g>"#,
        list(layers),
        escaped(&title)
    )
}

/// How far a box is narrower above or below: below where its map is smaller than what it reads, above where larger.
fn insets(network: &Network, layer: usize, width: f64) -> (f64, f64) {
    let known = &network.layers()[layer];
    let input = known.inputs.first().map_or(known.output, |&source| network.shape(source));
    let inset = INSET.min(width / 6.0);
    match known.output.area().cmp(&input.area()) {
        std::cmp::Ordering::Less => (0.0, inset),
        std::cmp::Ordering::Equal => (0.0, 0.0),
        std::cmp::Ordering::Greater => (inset, 0.0),
    }
}

/// Letters that a tensor's box has room for.
fn room(network: &Network, layer: usize, width: f64) -> usize {
    let (top, bottom) = insets(network, layer, width);
    ((width - 6.0 - top.max(bottom)) / LETTER).max(0.0) as usize
}

/// A tensor's box, or with a label of its own that of several.
fn tensor(network: &Network, layer: usize, rect: Rect, label: Option<&str>, form: usize) -> String {
    let known = &network.layers()[layer];
    let (top, bottom) = if label.is_some() { (0.0, 0.0) } else { insets(network, layer, rect.width) };
    let Rect { x, y, width, height } = rect;
    let outline = format!(
        "M{} {}h{}L{} {}h{}z",
        px(x + top),
        px(y),
        px(width - 2.0 * top),
        px(x + width - bottom),
        px(y + height),
        px(2.0 * bottom - width)
    );
    let words = match label {
        Some(label) => label.to_owned(),
        None => words::label(known, &network.input_shapes(known), room(network, layer, width), form),
    };
    let class = if label.is_some() { "box several" } else { "box" };
    format!(r#"<path class="{class}" d="{outline}"/>{}"#, text(x + width / 2.0, y + 14.0, "label middle ink", &words))
}

/// The bracket beside units that are drawn once.
pub(super) fn bracket(bands: &Bands, bracket: &Bracket) -> String {
    let (from, to) = (&bands.bands[bracket.bands.0], &bands.bands[bracket.bands.1 - 1]);
    let what = format!("{} units of the same structure, the last of them drawn", bracket.times);
    format!(
        r#"<g class="fold" data-first-stage="{}" data-times="{}"><title>{what}</title>{}</g>"#,
        bracket.first_stage,
        bracket.times,
        units(RIGHT + 7.0, (from.y + 2.0, to.y + to.height - 2.0), 4.0, bracket.times, &button(&what))
    )
}

/// A bracket with more attributes, and how many units it stands for; `out` is which way it points.
fn units(x: f64, (from, to): (f64, f64), out: f64, times: usize, more: &str) -> String {
    let class = match (out < 0.0, times < 100) {
        (true, _) => "label strong end",
        (false, true) => "label strong",
        // Beside the bands, there is room for three letters.
        (false, false) => "tiny ink",
    };
    format!(
        r#"<path class="bracket" d="M{} {}h{}V{}h{}"{more}/>{}"#,
        px(x - out),
        px(from),
        px(out),
        px(to),
        px(-out),
        text(x + out * 0.75, (from + to) / 2.0 + 4.0, class, &format!("×{times}"))
    )
}

/// What follows the last band: the output, or why there is no more.
pub(super) fn foot(bands: &Bands, note: &[String]) -> String {
    let end = bands.end + 12.0;
    if note.is_empty() {
        let edge = format!("M{} {}V{}", px(MIDDLE), px(bands.last), px(end + 2.0));
        let line = format!(r#"<path class="edge" marker-end="url(#tip)" d="{edge}"/>"#);
        return line + &text(MIDDLE, end + 15.0, "label middle ink", "output");
    }
    let mut svg = format!(r#"<path class="edge broken" d="M{} {}V{}"/>"#, px(MIDDLE), px(bands.last), px(end));
    let mut y = end + 14.0;
    for line in note {
        svg += &text(MIDDLE, y, "label middle cut", line);
        y += super::LINE;
    }
    svg
}
