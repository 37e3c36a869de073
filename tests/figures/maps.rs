//! The fusion diagram.

use super::support::{Element, all, elements};
use offcut::draw::pyramid::{View, caption, redundancy};
use offcut::network::Op;

fn views(shown: &super::support::Shown) -> Vec<View> {
    let whole = View::whole(&shown.answer, &shown.graph, 1064.0);
    let stages = shown.answer.maps.len() - 1;
    vec![
        View { folded: false, inner: true, ..whole.clone() },
        View::part(1..5.min(stages), 600.0),
        View { dense: true, ..whole.clone() },
        View { zoom: 2.5, ..View::part(stages - 1..stages + 9, 600.0) },
        whole,
    ]
}

fn rect(element: &Element) -> [f64; 4] {
    ["x", "y", "width", "height"].map(|name| element.number(name))
}

#[test]
fn tiles_tile_their_maps_to_scale() {
    for shown in all() {
        for view in views(&shown) {
            let drawn = elements(&shown.pyramid(&view));
            let maps: Vec<&Element> = drawn.iter().filter(|e| e.is("map")).collect();
            assert!(maps.len() >= 2, "{}: {view:?}", shown.name);
            let mut scale: Option<f64> = None;
            for map in maps {
                let boundary: usize = map.number("data-boundary");
                let (height, width): (u64, u64) = (map.number("data-height"), map.number("data-width"));
                let part = &shown.answer.maps[boundary];
                assert_eq!((height, width), (part.height.into(), part.width.into()));
                let [x, y, w, h] = rect(map);
                for (side, length) in [(w, width), (h, height)] {
                    if side > 9.0 {
                        let now = side / (length as f64).sqrt();
                        let known = *scale.get_or_insert(now);
                        assert!((now / known - 1.0).abs() < 0.002, "{}: map {boundary} is not to scale", shown.name);
                    }
                }
                let own = |e: &&Element| e.is("tile") && e.get("data-boundary") == map.get("data-boundary");
                let mut covered = vec![0u8; (height * width) as usize];
                let mut area = 0.0;
                for tile in drawn.iter().filter(own) {
                    let (rows, columns) = (tile.pair("data-rows"), tile.pair("data-columns"));
                    for row in rows.0..rows.1 {
                        for column in columns.0..columns.1 {
                            covered[(u64::from(row) * width + u64::from(column)) as usize] += 1;
                        }
                    }
                    let [left, top, tile_w, tile_h] = rect(tile);
                    area += tile_w * tile_h;
                    let share = |at: u32, whole: u64, length: f64| f64::from(at) / whole as f64 * length;
                    assert!((left - x - share(columns.0, width, w)).abs() < 0.02);
                    assert!((top - y - share(rows.0, height, h)).abs() < 0.02);
                }
                assert!(covered.iter().all(|&times| times == 1), "{}: map {boundary} is not tiled", shown.name);
                assert!((area - w * h).abs() < 0.05 * (w + h) * 8.0, "{}: {area} of {}", shown.name, w * h);
            }
        }
    }
}

#[test]
fn halos_are_the_regions_of_the_planner() {
    let (mut halos, mut inner) = (0, 0);
    for shown in all() {
        let view = View { folded: false, ..View::whole(&shown.answer, &shown.graph, 1064.0) };
        let view = View { inner: true, ..view };
        let (path, layers) = shown.pointed();
        let part = &shown.answer.paths[path];
        for need in elements(&shown.pyramid(&view)).iter().filter(|e| e.is("need") || e.is("need-inside")) {
            let (rows, columns) = (need.pair("data-rows"), need.pair("data-columns"));
            let (height, width) = if need.has("data-boundary") {
                let boundary: usize = need.number("data-boundary");
                let region = part.regions[boundary - part.first];
                assert_eq!((rows.0, rows.1), (region.rows.start(), region.rows.end()));
                assert_eq!((columns.0, columns.1), (region.columns.start(), region.columns.end()));
                (shown.answer.maps[boundary].height, shown.answer.maps[boundary].width)
            } else {
                inner += 1;
                let layer: usize = need.number("data-layer");
                let (_, region) = layers.iter().find(|(at, _)| *at == layer).expect("a layer of the path");
                assert_eq!(rows, (region.rows.start(), region.rows.end()));
                let shape = shown.task.network.layers()[layer].output;
                (shape.height, shape.width)
            };
            // The tile's own part, position by position: what of the map lies over its cell.
            let block = &shown.answer.blocks[part.block];
            let own = |bounds: &[u32], tile: u32, length: u32, at: u32| {
                let whole = f64::from(*bounds.last().expect("boundaries"));
                let edge = |bound: u32| (f64::from(bound) * f64::from(length) / whole + 0.5).floor() as u32;
                (edge(bounds[tile as usize])..edge(bounds[tile as usize + 1])).contains(&at)
            };
            let mut outside = 0u64;
            for row in rows.0..rows.1 {
                for column in columns.0..columns.1 {
                    let mine =
                        own(&block.rows, part.tile[0], height, row) && own(&block.columns, part.tile[1], width, column);
                    outside += u64::from(!mine);
                }
            }
            let is_input = need.has("data-boundary") && need.number::<usize>("data-boundary") == part.first;
            if !(is_input && part.first > 0) {
                assert_eq!(need.number::<u64>("data-halo-area"), outside, "{}: {need:?}", shown.name);
                halos += u64::from(outside > 0);
            }
        }
    }
    assert!(halos > 20 && inner > 3, "{halos} {inner}");
}

/// Redundant work against sums over convolutions, by their own formula.
#[test]
fn redundant_work_is_that_of_the_regions() {
    let shown = all().into_iter().next().expect("a plan");
    let network = &shown.task.network;
    let macs = |layer: usize, area: u64| {
        let layer = &network.layers()[layer];
        let input = network.input_shapes(layer);
        match &layer.op {
            Op::Conv(conv) => {
                conv.window.taps() * u64::from(input[0].channels / conv.groups) * u64::from(conv.out_channels) * area
            }
            Op::MaxPool(_) | Op::Activation(_) | Op::BatchNorm => 0,
            other => panic!("{other:?}"),
        }
    };
    let mut sum = 0;
    for path in 0..shown.answer.paths.len() {
        let regions = offcut::job::layer_regions(&shown.task, &shown.plan, path);
        let all: u64 = regions.iter().map(|&(layer, region)| macs(layer, region.area())).sum();
        let work = redundancy(&shown.answer, path).expect("a path");
        assert_eq!(work.tile, all);
        if shown.answer.paths[path].block == 0 {
            sum += all;
            let tiles = work.tiles as f64 / work.block as f64;
            assert!(tiles > 1.1 && work.tile > work.share, "{work:?}");
        }
    }
    assert_eq!(redundancy(&shown.answer, 0).expect("a path").tiles, sum);
    assert!(
        caption(&shown.answer, 0).contains("18.4 % more than the block in one piece"),
        "{}",
        caption(&shown.answer, 0)
    );
}

#[test]
fn what_repeats_is_drawn_once_and_can_be_unfolded() {
    for shown in all() {
        let whole = View::whole(&shown.answer, &shown.graph, 1064.0);
        let folded = elements(&shown.pyramid(&View { folded: true, ..whole.clone() }));
        let unfolded = elements(&shown.pyramid(&View { folded: false, ..whole.clone() }));
        let maps = |drawn: &[Element]| drawn.iter().filter(|e| e.is("map")).count();
        assert_eq!(maps(&unfolded), shown.answer.maps.len());
        let mut hidden = 0;
        for fold in folded.iter().filter(|e| e.is("fold")) {
            let (first, times): (usize, usize) = (fold.number("data-first-stage"), fold.number("data-times"));
            let repeat = shown.graph.repeats.iter().find(|repeat| repeat.first == first).expect("a repeat");
            assert_eq!(repeat.times, times);
            hidden += repeat.period * (times - 1);
        }
        assert_eq!(maps(&folded) + hidden, shown.answer.maps.len(), "{}", shown.name);
        if shown.name == "ResNet-50" {
            assert_eq!(hidden, 8);
        }
        // Where paths cross is always drawn.
        let crossings = |drawn: &[Element]| drawn.iter().filter(|e| e.is("mark")).count();
        assert_eq!(crossings(&folded), crossings(&unfolded), "{}", shown.name);
    }
}
