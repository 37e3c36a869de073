//! The graph of a network: every layer, every edge, nothing over another.

use super::elements::{Element, elements};
use super::layers::odd;
use offcut::draw::legend;
use offcut::draw::network::{self, View, WIDTH};
use offcut::job::Graph;
use offcut::network::{Builder, Conv, Network, Op, Shape, Source, Window};
use offcut::zoo::{self, NETWORKS};

fn zoo(id: &str) -> Network {
    zoo::build(id).expect("in the zoo").expect("it can be built")
}

fn conv(stride: u32) -> Op {
    Op::Conv(Conv { out_channels: 8, window: Window::square(3, stride, 1), groups: 1, bias: true })
}

fn new(name: &str) -> Builder {
    Builder::new(name, Shape::new(8, 64, 64)).expect("a network")
}

fn finished(net: Builder) -> Network {
    net.finish().expect("a network")
}

/// Layers one after the other, in as many stages.
fn chain(count: usize) -> Network {
    let (mut net, mut from) = (new("a chain"), Source::Input);
    for at in 0..count {
        from = net.layer(&format!("features.{at}.conv"), conv(1), &[from]).expect("a layer");
    }
    finished(net)
}

/// One stage: layers one after the other, and the input added behind them.
fn skipped(count: usize) -> Network {
    let (mut net, mut from) = (new("one skip"), Source::Input);
    for at in 0..count {
        from = net.layer(&format!("body.{at}"), conv(1), &[from]).expect("a layer");
    }
    net.layer("sum", Op::Add, &[from, Source::Input]).expect("a layer");
    finished(net)
}

/// One stage of branches side by side.
fn wide(count: usize) -> Network {
    let mut net = new("wide");
    let ends: Vec<Source> =
        (0..count).map(|at| net.layer(&format!("b{at}"), conv(1), &[Source::Input]).expect("a layer")).collect();
    net.layer("all", Op::Concat, &ends).expect("a layer");
    finished(net)
}

/// One stage of branches as long as given.
fn branches(lengths: &[usize]) -> Network {
    let mut net = new("branches");
    let mut ends = Vec::new();
    for (branch, &length) in lengths.iter().enumerate() {
        let mut from = Source::Input;
        for at in 0..length {
            from = net.layer(&format!("b{branch}.{at}"), conv(1), &[from]).expect("a layer");
        }
        ends.push(from);
    }
    net.layer("all", Op::Concat, &ends).expect("a layer");
    finished(net)
}

/// Every layer reads all before it: as many edges as there can be.
fn dense(count: usize) -> Network {
    let mut net = new("dense");
    let mut all = vec![Source::Input];
    for at in 0..count {
        let joined = net.layer(&format!("c{at}"), Op::Concat, &all).expect("a layer");
        all.push(net.layer(&format!("d{at}"), conv(1), &[joined]).expect("a layer"));
    }
    net.layer("end", Op::Concat, &all).expect("a layer");
    finished(net)
}

/// Stages that differ from each other, so that nothing repeats: a skip over more and more layers.
fn uneven(stages: usize) -> Network {
    let (mut net, mut from) = (new("uneven"), Source::Input);
    for stage in 0..stages {
        let mut inner = from;
        for at in 0..1 + stage % 7 {
            inner = net.layer(&format!("s{stage}.l{at}"), conv(1), &[inner]).expect("a layer");
        }
        from = net.layer(&format!("s{stage}.add"), Op::Add, &[inner, from]).expect("a layer");
    }
    finished(net)
}

/// A tensor read twice by one layer, slices of an input, and branches that end at other depths.
fn twisted() -> Network {
    let mut net = new("twisted");
    let double = net.layer("double", Op::Add, &[Source::Input, Source::Input]).expect("a layer");
    let a = net.layer("a", Op::Slice { from: 0, to: 4 }, &[double]).expect("a layer");
    let b = net.layer("b", Op::Slice { from: 4, to: 8 }, &[double]).expect("a layer");
    let c = net.layer("c", conv(1), &[b]).expect("a layer");
    let d = net.layer("d", conv(1), &[c]).expect("a layer");
    let e = net.layer("e", Op::Add, &[d, c]).expect("a layer");
    let cat = net.layer("cat", Op::Concat, &[a, e, c]).expect("a layer");
    net.layer("last", conv(2), &[cat]).expect("a layer");
    finished(net)
}

fn made() -> Vec<Network> {
    vec![
        odd(),
        twisted(),
        chain(1),
        chain(2),
        chain(2000),
        skipped(1),
        skipped(30),
        skipped(1999),
        wide(3),
        wide(12),
        wide(500),
    ]
    .into_iter()
    .chain([dense(5), dense(60), dense(300), uneven(40), uneven(400)])
    .collect()
}

fn all() -> Vec<Network> {
    NETWORKS.iter().map(|entry| zoo(entry.id)).chain(made()).collect()
}

fn drawn(network: &Network, unfolded: bool) -> Vec<Element> {
    elements(&network::svg(network, &Graph::of(network), View { unfolded, cut: None }))
}

fn list(element: &Element, name: &str) -> Vec<usize> {
    element.get(name).split(',').filter(|part| !part.is_empty()).map(|part| part.parse().expect("a number")).collect()
}

/// The networks that are drawn whole: all but those that nobody could read.
fn whole() -> Vec<Network> {
    let made = [
        odd(),
        twisted(),
        chain(40),
        skipped(1),
        skipped(30),
        wide(3),
        wide(12),
        dense(5),
        uneven(40),
        branches(&[1, 3, 2]),
        branches(&[0, 4, 1]),
    ];
    NETWORKS.iter().map(|entry| zoo(entry.id)).chain(made).collect()
}

#[test]
fn every_layer_and_every_edge_is_drawn_once() {
    for network in whole() {
        let drawn = drawn(&network, true);
        // By layer: the tensor that stands for what it makes; of folded ones before the first tensor, the stage's input.
        let mut made_by: Vec<Option<String>> = vec![None; network.layers().len()];
        let mut seen = vec![0; network.layers().len()];
        for node in drawn.iter().filter(|e| e.is("node")) {
            let own = list(node, "data-layers");
            assert!(own.contains(&node.number("data-layer")), "{node:?}");
            for layer in own {
                seen[layer] += 1;
                made_by[layer] = Some(node.get("data-layer").to_owned());
            }
            for layer in list(node, "data-before") {
                assert!(network.layers()[layer].op.is_folded(), "{}", network.layers()[layer].name);
                seen[layer] += 1;
            }
        }
        assert!(seen.iter().all(|&times| times == 1), "{}: {seen:?}", network.name());
        let tensor = |source: Source| {
            let mut source = source;
            loop {
                match source {
                    Source::Input => return "input".to_owned(),
                    Source::Layer(id) => match &made_by[id.index()] {
                        Some(tensor) => return tensor.clone(),
                        None => source = network.layer(id).inputs[0],
                    },
                }
            }
        };
        let mut right = Vec::new();
        for (id, layer) in network.numbered() {
            if let Some(to) = &made_by[id.index()] {
                let from = layer.inputs.iter().map(|&source| tensor(source)).filter(|from| from != to);
                right.extend(from.map(|from| format!("{from},{to}")));
            }
        }
        let mut edges: Vec<String> =
            drawn.iter().filter(|e| e.has("data-edge")).map(|e| e.get("data-edge").to_owned()).collect();
        right.sort();
        edges.sort();
        assert_eq!(edges, right, "{}", network.name());
    }
}

#[test]
fn bands_have_their_stage_in_order_and_keep_apart() {
    for network in all() {
        for unfolded in [false, true] {
            let drawn = drawn(&network, unfolded);
            let view: Vec<f64> = drawn[0].get("viewBox").split(' ').map(|n| n.parse().expect("a number")).collect();
            assert_eq!(view[2], WIDTH);
            let (mut end, mut next) = (0.0, vec![false; network.stages().len()]);
            for (at, stage) in drawn.iter().enumerate().filter(|(_, e)| e.is("stage")) {
                let [x, y, width, height] = ["x", "y", "width", "height"].map(|name| drawn[at + 2].number::<f64>(name));
                assert!(drawn[at + 2].is("band"), "its title, then its band");
                assert!(y >= end && x >= 0.0 && x + width <= WIDTH && y + height <= view[3], "{}", network.name());
                end = y + height;
                let shown: usize = stage.number("data-stage");
                let [first, behind, every] = list(stage, "data-stages")[..] else { panic!("{stage:?}") };
                assert_eq!(behind, shown + 1);
                for known in (first..behind).step_by(every) {
                    assert!(!std::mem::replace(&mut next[known], true), "{}: stage {known} twice", network.name());
                }
                assert_eq!(drawn[at + 2].is("whole"), !network.stages()[shown].tileable);
                let label = drawn[at + 2].get("aria-label");
                assert!(label.contains(&network.boundary(behind).to_string()), "{label}");
                assert_eq!(label.contains("not tileable"), !network.stages()[shown].tileable, "{label}");
                assert_eq!((drawn[at + 2].get("tabindex"), drawn[at + 2].get("role")), ("0", "button"));
            }
            assert!(next.iter().all(|&known| known), "{}: every stage is in a band", network.name());
        }
    }
}

/// The corners that path data goes through, roughly: every pair of numbers after M, L, Q and C; H and V alone.
fn corners(data: &str) -> Vec<(f64, f64)> {
    let (mut at, mut corners) = ((0.0, 0.0), Vec::new());
    let mut rest = data;
    while let Some(kind) = rest.chars().next() {
        let end = rest[1..].find(|c: char| c.is_ascii_alphabetic()).map_or(rest.len(), |end| end + 1);
        let numbers: Vec<f64> =
            rest[1..end].split([' ', ',']).filter(|n| !n.is_empty()).map(|n| n.parse().expect("a number")).collect();
        match kind {
            'H' => at.0 = numbers[0],
            'V' => at.1 = numbers[0],
            'h' => at.0 += numbers[0],
            'v' => at.1 += numbers[0],
            'M' | 'L' | 'Q' | 'C' => {
                corners.extend(numbers.chunks(2).map(|pair| (pair[0], pair[1])));
                at = *corners.last().expect("a corner");
            }
            'z' => {}
            other => panic!("{other} in {data}"),
        }
        corners.push(at);
        rest = &rest[end..];
    }
    corners
}

/// Left, right, upper and lower end of an outline.
fn extent(data: &str) -> [f64; 4] {
    let corners = corners(data);
    let (x, y) = (corners.iter().map(|c| c.0), corners.iter().map(|c| c.1));
    let least = |all: &mut dyn Iterator<Item = f64>| all.fold(f64::MAX, f64::min);
    let most = |all: &mut dyn Iterator<Item = f64>| all.fold(f64::MIN, f64::max);
    [least(&mut x.clone()), most(&mut x.clone()), least(&mut y.clone()), most(&mut y.clone())]
}

#[test]
fn tensors_keep_apart_and_edges_lead_down_between_their_tensors() {
    for network in all() {
        for unfolded in [false, true] {
            let drawn = drawn(&network, unfolded);
            let mut boxes: Vec<(f64, f64, f64, f64)> = Vec::new();
            let mut band = (0.0, 0.0);
            for element in &drawn {
                if element.is("band") {
                    let (y, height): (f64, f64) = (element.number("y"), element.number("height"));
                    (band, boxes) = ((y, y + height), Vec::new());
                }
                let rect = if element.is("box") {
                    let [left, right, top, bottom] = extent(element.get("d"));
                    (left, right, top, bottom)
                } else if element.tag == "circle" {
                    let [x, y, r] = ["cx", "cy", "r"].map(|name| element.number::<f64>(name));
                    (x - r, x + r, y - r, y + r)
                } else {
                    continue;
                };
                assert!(
                    rect.0 >= 6.0 && rect.1 <= 386.0 && rect.2 >= band.0 && rect.3 <= band.1,
                    "{}: {rect:?}",
                    network.name()
                );
                for other in &boxes {
                    let over = rect.0 < other.1 && other.0 < rect.1 && rect.2 < other.3 && other.2 < rect.3;
                    assert!(!over, "{}: {rect:?} over {other:?}", network.name());
                }
                boxes.push(rect);
            }
            for edge in drawn.iter().filter(|e| e.has("data-edge")) {
                let corners = corners(edge.get("d"));
                assert!(
                    corners.iter().all(|&(x, _)| (6.0..=386.0).contains(&x)),
                    "{}: {}",
                    network.name(),
                    edge.get("d")
                );
                let (first, last) = (corners[0], corners[corners.len() - 1]);
                assert!(last.1 > first.1, "{}: {}", network.name(), edge.get("d"));
                assert!(
                    corners.windows(2).all(|pair| pair[1].1 >= pair[0].1 - 0.011),
                    "{}: {}",
                    network.name(),
                    edge.get("d")
                );
            }
        }
    }
}

/// Straight pieces of edges lie in no tensor: each ends where one begins.
#[test]
fn edges_go_past_tensors() {
    for network in whole() {
        let drawn = drawn(&network, true);
        let boxes: Vec<[f64; 4]> = drawn.iter().filter(|e| e.is("box")).map(|e| extent(e.get("d"))).collect();
        for edge in drawn.iter().filter(|e| e.has("data-edge")) {
            for piece in corners(edge.get("d")).windows(2).filter(|pair| pair[0].0 == pair[1].0) {
                for [left, right, top, bottom] in &boxes {
                    let inside = (left + 1.0..right - 1.0).contains(&piece[0].0)
                        && piece[0].1 < bottom - 1.0
                        && top + 1.0 < piece[1].1;
                    assert!(!inside, "{}: {} through {left} {top}", network.name(), edge.get("d"));
                }
            }
        }
    }
}

fn letters(text: &str) -> String {
    ["&lt;", "&gt;", "&quot;", "&amp;"].iter().fold(text.to_owned(), |text, entity| text.replace(entity, "?"))
}

#[test]
fn labels_stay_inside_and_keep_apart() {
    for network in all() {
        for unfolded in [false, true] {
            let drawn = drawn(&network, unfolded);
            let height: f64 = drawn[0].get("viewBox").split(' ').nth(3).expect("a height").parse().expect("a number");
            let mut areas: Vec<([f64; 4], &str)> = Vec::new();
            for label in drawn.iter().filter(|e| e.tag == "text" && !e.text.is_empty()) {
                let each = if label.is("strong") {
                    6.6
                } else if label.is("tiny") {
                    4.7
                } else {
                    6.0
                };
                let width = each * letters(&label.text).chars().count() as f64;
                let (x, y): (f64, f64) = (label.number("x"), label.number("y"));
                let left = x - width
                    * if label.is("middle") {
                        0.5
                    } else if label.is("end") {
                        1.0
                    } else {
                        0.0
                    };
                let area = [left, left + width, y - 8.0, y];
                assert!(
                    area[0] >= 0.0 && area[1] <= WIDTH && area[2] >= 0.0 && area[3] <= height,
                    "{}: {label:?}",
                    network.name()
                );
                // Labels come from top to bottom but for brackets: only near ones can meet.
                for (other, text) in &areas {
                    let over = area[0] < other[1] && other[0] < area[1] && area[2] < other[3] && other[2] < area[3];
                    assert!(!over, "{}: {} over {text}", network.name(), label.text);
                }
                areas.push((area, &label.text));
            }
        }
    }
}

#[test]
fn what_repeats_is_drawn_once() {
    let network = zoo("resnet50");
    let folds = |unfolded: bool| {
        let drawn = drawn(&network, unfolded);
        let times: Vec<usize> = drawn.iter().filter(|e| e.is("fold")).map(|e| e.number("data-times")).collect();
        (drawn.iter().filter(|e| e.is("stage")).count(), times)
    };
    assert_eq!(folds(false), (20 - 1 - 2 - 4 - 1, vec![2, 3, 5, 2]));
    assert_eq!(folds(true), (20, vec![]));
    let dense = zoo("densenet121");
    let units: Vec<usize> =
        drawn(&dense, false).iter().filter(|e| e.is("unit")).map(|e| e.number("data-times")).collect();
    assert_eq!(units, [5, 11, 23, 15], "each block's first layer reads no concatenation");
    // What is not drawn has a tensor that stands for it.
    let nodes = drawn(&dense, false);
    let known: usize = nodes
        .iter()
        .filter(|e| e.is("node"))
        .map(|e| list(e, "data-layers").len() + list(e, "data-before").len())
        .sum();
    assert_eq!(known, dense.layers().len());
}

#[test]
fn networks_of_any_size_are_drawn_with_few_elements() {
    for network in made() {
        let (folded, unfolded) = (drawn(&network, false).len(), drawn(&network, true).len());
        assert!(folded <= 4_000, "{}, {} layers: {folded} elements", network.name(), network.layers().len());
        assert!(unfolded <= 16_000, "{}, {} layers: {unfolded} elements", network.name(), network.layers().len());
    }
}

#[test]
fn names_are_text_and_a_cut_is_said() {
    let network = odd();
    let graph = Graph::of(&network);
    let cut = "then: layer `<script>alert(1)</script>` cannot be read, for its kernel is larger than the picture";
    let view = View { unfolded: false, cut: Some(cut) };
    let drawing = network::svg(&network, &graph, view);
    let drawn = elements(&drawing);
    assert!(!drawn.iter().any(|e| matches!(e.tag.as_str(), "img" | "script" | "b")));
    let said: Vec<&str> = drawn.iter().filter(|e| e.is("cut")).map(|e| e.text.as_str()).collect();
    assert_eq!(said.join(" "), cut.replace('<', "&lt;").replace('>', "&gt;"));
    assert!(!drawing.contains(">output<"), "what was cut has no output");
    assert!(drawing.contains("&lt;img src=x onerror=alert(1)&gt;"));
    assert!(network::caption(&network, &graph, view).ends_with(&format!("{cut}.")));
}

/// The key tells of every kind of mark that is drawn, and of no other.
#[test]
fn the_key_is_of_the_marks_that_are_drawn() {
    let key = |network: &Network, cut: Option<&str>| {
        let drawing = network::svg(network, &Graph::of(network), View { unfolded: false, cut });
        legend::network(&drawing)
    };
    let marks = ["added", "multiplied", "concatenated", "skips", "times the same", "several layers", "cannot be read"];
    let told = |key: &str| marks.map(|mark| key.contains(mark));
    let (chained, residual) = (key(&chain(3), None), key(&zoo("resnet50"), None));
    assert_eq!(told(&chained), [false; 7], "{chained}");
    assert!(chained.contains("that can be tiled") && !chained.contains("that cannot"));
    assert_eq!(told(&residual), [true, false, false, true, true, false, false], "{residual}");
    assert!(residual.contains("that can be tiled") && residual.contains("that cannot"));
    assert!(told(&key(&zoo("googlenet"), None))[2], "branches are concatenated");
    assert!(told(&key(&chain(3), Some("conv9 cannot be read")))[6]);
    for network in all() {
        let drawing = network::svg(&network, &Graph::of(&network), View::default());
        let key = elements(&legend::network(&drawing));
        let drawn = elements(&drawing);
        for class in ["tiling", "box", "join", "skip", "bracket", "broken"] {
            let [in_key, in_drawing] = [&key, &drawn].map(|of| of.iter().any(|e| e.is(class)));
            assert_eq!(in_key, in_drawing, "{class} of {}", network.name());
        }
    }
}

/// Edges can be told from what is behind them in both themes: they have the colour of text.
#[test]
fn edges_are_as_strong_as_text() {
    let css = include_str!("../../static/workshop.css");
    assert!(css.contains(".network .edge { stroke: var(--soft); }"));
    assert!(css.contains(".network .edge.skip { stroke: var(--ink);"));
}

#[test]
fn captions_are_sentences() {
    let caption = |id: &str| {
        let network = zoo(id);
        network::caption(&network, &Graph::of(&network), View::default())
    };
    assert_eq!(
        caption("tiny-yolov2"),
        "Tiny-YOLOv2: 31 layers in 15 stages, from 3×416×416 to 125×13×13; all can be tiled."
    );
    assert_eq!(
        caption("resnet50"),
        "ResNet-50: 175 layers in 20 stages, from 3×224×224 to 1000×1×1; 16 stages have branches, in 12 of them a skip connection; 18 can be tiled; what repeats is drawn once."
    );
}
