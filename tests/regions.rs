//! Tile regions against measured ones, against published redundancies, and against brute force.
#![cfg(not(target_arch = "wasm32"))]

use offcut::base::{Region, Span};
use offcut::network::{Axis, Builder, Network, NetworkError, Op, Pool, Shape, Source, Window};
use offcut::network::{Conv, LayerId};
use offcut::tiling::{Grid, Tracer, input_region};
use offcut::zoo;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use serde_json::Value;
use std::collections::BTreeSet;

fn network(id: &str) -> Network {
    zoo::build(id).expect("in the zoo").expect("it builds")
}

/// Traces a cell back through stages `first..=last`: the input region and the MACs.
fn traced(network: &Network, first: usize, last: usize, cell: Region) -> (Region, u64) {
    Tracer::new(network).path(first, last, cell)
}

fn region(value: &Value) -> Region {
    let at = |i: usize| value[i].as_u64().expect("a number") as u32;
    Region::new(Span::new(at(0), at(1)), Span::new(at(2), at(3)))
}

/// The stages of a network that a block of the file covers: those with its shapes and its MACs.
fn stages_of(network: &Network, block: &Value) -> Option<(usize, usize)> {
    let shape = |key: &str| [0, 1, 2].map(|i| block[key][i].as_u64().expect("a number") as u32);
    let (input, output) = (shape("in_shape"), shape("out_shape"));
    let full = block["full_macs"].as_u64().expect("a number");
    let out = Region::whole(output[1], output[2]);
    let pairs = (0..network.stages().len()).flat_map(|last| (0..=last).map(move |first| (first, last)));
    let mut found = pairs.filter(|&(first, last)| {
        let shapes = [network.boundary(first), network.boundary(last + 1)].map(<[u32; 3]>::from);
        shapes == [input, output] && traced(network, first, last, out).1 == full
    });
    found.next()
}

/// The distinct regions that the layers of some stages must produce for a cell, and their input.
fn produced(network: &Network, first: usize, last: usize, cell: Region) -> BTreeSet<Region> {
    let mut tracer = Tracer::new(network);
    let (mut region, mut found) = (cell, BTreeSet::from([cell]));
    for stage in network.stages()[first..=last].iter().rev() {
        region = tracer.back(stage, region);
        found.insert(region);
        found.extend(stage.layers.iter().map(|&id| tracer.produced(id)));
    }
    found
}

/// Every block of the file that begins and ends where stages of ours do: inputs, MACs, and the regions
/// of all layers in between (their names differ, so the sets are compared).
#[test]
fn measured_regions_are_met() {
    let text = include_str!("data/tile-regions.json");
    let blocks: Vec<Value> = serde_json::from_str(text).expect("valid JSON");
    let (mut compared, mut left_out) = (0, Vec::new());
    for block in &blocks {
        let network = network(block["model"].as_str().expect("a name"));
        let Some((first, last)) = stages_of(&network, block) else {
            left_out.push(block["out_node"].to_string());
            continue;
        };
        for tile in block["tiles"].as_array().expect("tiles") {
            let cell = region(&tile["out"]);
            let (input, macs) = traced(&network, first, last, cell);
            let what = format!("{} {} {}", block["model"], block["block"], tile["grid"]);
            assert_eq!(input, region(&tile["inp"]), "{what}");
            assert_eq!(macs, tile["macs"].as_u64().expect("a number"), "{what}");
            let measured: BTreeSet<Region> =
                tile["regions"].as_object().expect("regions").values().map(region).collect();
            assert_eq!(produced(&network, first, last, cell), measured, "{what}");
            compared += 1;
        }
    }
    // Blocks that end inside a residual block have no stage of ours to end with.
    assert!(compared >= 100, "only {compared} tiles were compared; left out: {left_out:?}");
}

fn redundancy(id: &str, last: usize, rows: u32, columns: u32) -> f64 {
    let network = network(id);
    let shape = network.boundary(last + 1);
    let grid = Grid::even(rows, columns, shape.height, shape.width).expect("it fits");
    let tiles: u64 = grid.cells().map(|(_, cell)| traced(&network, 0, last, cell).1).sum();
    let (_, whole) = traced(&network, 0, last, Region::whole(shape.height, shape.width));
    tiles as f64 / whole as f64
}

/// The redundancies of the design's table of presets. Its "ResNet-18 conv1..layer1.0" is really
/// conv1..layer1.1, as the measured file says too; Tiny-YOLOv2's 1.1845 is given there as 1.185.
#[test]
fn published_redundancies_are_met() {
    let stage = |id: &str, name: &str| {
        let network = network(id);
        network.layers().iter().find(|layer| layer.name == name).map(|layer| layer.stage).expect("a layer")
    };
    for (id, last, rows, columns, expected) in [
        ("vgg16", "pool2", 2, 1, 1.018),
        ("vgg16", "pool2", 2, 2, 1.037),
        ("vgg16", "pool2", 3, 3, 1.076),
        ("vgg16", "pool3", 2, 2, 1.164),
        ("vgg16", "pool3", 3, 3, 1.345),
        ("vgg16", "pool5", 3, 3, 4.739),
        ("alexnet", "pool5", 2, 2, 1.990),
        ("resnet18", "layer1.1.relu", 2, 2, 1.155),
        ("tiny-yolov2", "pool5", 2, 2, 1.1845),
    ] {
        let found = redundancy(id, stage(id, last), rows, columns);
        assert!((found - expected).abs() < 6e-4, "{id} to {last}, {rows}×{columns}: {found}");
    }
}

/// Positions of a map, channels collapsed.
type Positions = BTreeSet<(u32, u32)>;

/// Naively: which input positions one output position of a layer reads.
fn reads(op: &Op, out: (u32, u32), input: Shape) -> Positions {
    let along = |axis: Axis, at: u32, length: u32| -> Vec<u32> {
        (0..axis.kernel)
            .map(|tap| i64::from(at) * i64::from(axis.stride) + i64::from(tap * axis.dilation) - i64::from(axis.before))
            .filter(|&i| (0..i64::from(length)).contains(&i))
            .map(|i| i as u32)
            .collect()
    };
    let spread = |axis: Axis, at: u32, length: u32| -> Vec<u32> {
        let lands = |i: u32| {
            (0..axis.kernel).any(|tap| {
                i64::from(i) * i64::from(axis.stride) + i64::from(tap * axis.dilation) - i64::from(axis.before)
                    == i64::from(at)
            })
        };
        (0..length).filter(|&i| lands(i)).collect()
    };
    let (rows, columns): (Vec<u32>, Vec<u32>) = match op {
        Op::Conv(Conv { window, .. }) | Op::MaxPool(Pool { window, .. }) | Op::AvgPool(Pool { window, .. }) => {
            (along(window.rows, out.0, input.height), along(window.columns, out.1, input.width))
        }
        Op::ConvTranspose(conv, _) => {
            (spread(conv.window.rows, out.0, input.height), spread(conv.window.columns, out.1, input.width))
        }
        Op::Upsample { factor } => (vec![out.0 / factor[0]], vec![out.1 / factor[1]]),
        Op::Pad { padding } => {
            let inside = |at: u32, before: u32, length: u32| at.checked_sub(before).filter(|i| *i < length);
            (
                inside(out.0, padding[0], input.height).into_iter().collect(),
                inside(out.1, padding[1], input.width).into_iter().collect(),
            )
        }
        Op::SpaceToDepth { block } => {
            let all = |at: u32| (at * block..(at + 1) * block).collect();
            (all(out.0), all(out.1))
        }
        _ => (vec![out.0], vec![out.1]),
    };
    rows.iter().flat_map(|&y| columns.iter().map(move |&x| (y, x))).collect()
}

/// Naively: which positions of the network's input a region of its output reads.
fn all_reads(network: &Network, cell: Region) -> Positions {
    let mut needed: Vec<Positions> = vec![Positions::new(); network.layers().len()];
    let mut input = Positions::new();
    let inside = |r: Region| {
        (r.rows.start()..r.rows.end()).flat_map(move |y| (r.columns.start()..r.columns.end()).map(move |x| (y, x)))
    };
    needed[network.layers().len() - 1].extend(inside(cell));
    for index in (0..network.layers().len()).rev() {
        let layer = &network.layers()[index];
        for &source in &layer.inputs {
            let found: Positions =
                needed[index].iter().flat_map(|&out| reads(&layer.op, out, network.shape(source))).collect();
            match source {
                Source::Input => input.extend(found),
                Source::Layer(id) => needed[LayerId::index(id)].extend(found),
            }
        }
    }
    input
}

fn axis(generator: &mut Pcg64Mcg) -> Axis {
    let kernel = generator.random_range(1..=4u32);
    Axis {
        kernel,
        stride: generator.random_range(1..=3),
        dilation: generator.random_range(1..=2),
        before: generator.random_range(0..=kernel / 2 + 1),
        after: generator.random_range(0..=kernel / 2 + 1),
    }
}

fn tileable_op(generator: &mut Pcg64Mcg, channels: u32) -> Op {
    let window = Window { rows: axis(generator), columns: axis(generator) };
    let conv = Conv { out_channels: channels, window, groups: 1, bias: true };
    match generator.random_range(0..9u32) {
        0..=2 => Op::Conv(conv),
        3 => Op::ConvTranspose(conv, [0, 0]),
        4 => Op::MaxPool(Pool { window, ceil_mode: generator.random_range(0..2u32) == 1 }),
        5 => Op::Upsample { factor: [2, 1] },
        6 => Op::Pad { padding: [1, 0, 2, 1] },
        7 => Op::SpaceToDepth { block: 2 },
        _ => Op::Activation("relu".to_owned()),
    }
}

/// A chain, or two branches that are added; none where the dice made something that cannot be.
fn generated(generator: &mut Pcg64Mcg) -> Result<Network, NetworkError> {
    let mut builder = Builder::new("generated", Shape::new(2, 14, 12))?;
    let mut at = Source::Input;
    for index in 0..generator.random_range(1..=4u32) {
        let op = tileable_op(generator, 2);
        at = builder.layer(&format!("l{index}"), op, &[at])?;
        if generator.random_range(0..3u32) == 0 {
            let channels = builder.shape(at).channels;
            let window = Window::square(3, 1, 1);
            let same = Op::Conv(Conv { out_channels: channels, window, groups: 1, bias: false });
            let branch = builder.layer(&format!("b{index}"), same, &[at])?;
            at = builder.layer(&format!("a{index}"), Op::Add, &[at, branch])?;
        }
    }
    builder.finish()
}

/// Whether a network has only windows without holes: there the bounding box is exactly what is read.
fn without_holes(network: &Network) -> bool {
    network.layers().iter().all(|layer| match layer.op {
        Op::Conv(Conv { window, .. }) | Op::MaxPool(Pool { window, .. }) => {
            [window.rows, window.columns].iter().all(|a| a.dilation == 1 && a.stride <= a.kernel)
        }
        Op::ConvTranspose(..) | Op::Pad { .. } => false,
        _ => true,
    })
}

#[test]
fn regions_hold_all_that_is_read_and_no_more() {
    let mut generator = Pcg64Mcg::seed_from_u64(7);
    let (mut cells, mut exact, mut branched) = (0, 0, 0);
    for _ in 0..1500 {
        let Ok(network) = generated(&mut generator) else { continue };
        let stages = network.stages().len();
        let shape = network.boundary(stages);
        if shape.area() > 600 {
            continue;
        }
        branched += usize::from(network.layers().iter().any(|layer| layer.inputs.len() > 1));
        let Ok(grid) = Grid::even(2.min(shape.height), 3.min(shape.width), shape.height, shape.width) else { continue };
        for (_, cell) in grid.cells() {
            let (region, _) = traced(&network, 0, stages - 1, cell);
            let read = all_reads(&network, cell);
            let bounding = read.iter().fold(Region::EMPTY, |all, &(y, x)| {
                all.bounding(Region::new(Span::new(y, y + 1), Span::new(x, x + 1)))
            });
            assert!(region.contains(bounding), "{region:?} lacks some of {bounding:?} in {network:?}");
            if without_holes(&network) {
                assert_eq!(region, bounding, "{network:?}");
                exact += 1;
            }
            cells += 1;
        }
    }
    assert!(cells > 1500 && exact > 200 && branched > 100, "{cells} cells, {exact} exact, {branched} branched");
}

#[test]
fn cells_cover_the_output_once() {
    for (height, width) in [(13, 13), (7, 5), (224, 224), (1, 1)] {
        for rows in 1..=8.min(height) {
            for columns in 1..=8.min(width) {
                let grid = Grid::even(rows, columns, height, width).expect("it fits");
                let area: u64 = grid.cells().map(|(_, cell)| cell.area()).sum();
                assert_eq!(area, u64::from(height) * u64::from(width));
                assert!(grid.cells().all(|(_, cell)| !cell.is_empty()));
            }
        }
    }
}

#[test]
fn an_empty_region_needs_nothing() {
    let op = Op::Conv(Conv { out_channels: 1, window: Window::square(3, 1, 1), groups: 1, bias: false });
    let shape = Shape::new(1, 8, 8);
    assert_eq!(input_region(&op, Region::EMPTY, shape, shape), Region::EMPTY);
}
