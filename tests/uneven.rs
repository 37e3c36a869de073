//! Bundles of uneven grids against the best plan of every grid that they hold.
#![cfg(not(target_arch = "wasm32"))]

#[path = "support/generate.rs"]
mod generate;

use generate::situation;
use offcut::base::{Nanos, Region};
use offcut::bounds::{Single, Singles, Spans, Strip, Weights};
use offcut::cost::CostModel;
use offcut::plan::GridRule;
use offcut::search::exact::{Bundle, Ended, Solver, Tables, shops};
use offcut::search::{Context, Ranking, nfl};
use std::collections::BTreeMap;

/// Later than any plan ends.
const NEVER: u64 = 1 << 60;
/// Labels that a shop may take.
const LABELS: u64 = 1 << 11;

/// By first stage and boundaries: the makespan of the best plan of a grid.
type Best = BTreeMap<(usize, Vec<u32>, Vec<u32>), u64>;

/// The best plan of a strategy with one fused block; none where that is not soon known.
fn best_of(context: &Context, singles: &Singles, end: usize, first: usize) -> Option<u64> {
    let mut least = NEVER;
    for shop in shops(context, singles, (end, first), &mut [1.0; 3], Nanos(NEVER))? {
        match Solver::new(&shop, [1.0; 3], NEVER).search(NEVER, usize::MAX, &mut LABELS.clone()) {
            Ended::Proven(Some(sequence)) => least = least.min(sequence.end),
            Ended::Proven(None) => {}
            Ended::Stopped(..) => return None,
        }
    }
    Some(least)
}

/// What a grid's plans take at least at some prices, of all sets of tiles that may start on the server: the block before
/// sends the box of what those read first.
fn naive_bound(model: &CostModel, tables: Tables, single: &Single, first: usize, weights: Weights) -> u64 {
    let Tables { spans, singles, slots } = tables;
    let at =
        |ends: &[u32], places: &[u32]| ends.iter().map(|end| places.binary_search(end).unwrap()).collect::<Vec<_>>();
    let [rows, columns] = [at(single.grid.rows(), &spans.axes()[0]), at(single.grid.columns(), &spans.axes()[1])];
    let tile = |r: &[usize], c: &[usize]| spans.strip(spans.tile([r[0], r[1]], [c[0], c[1]]), first, weights);
    let tiles: Vec<Strip> = rows.windows(2).flat_map(|r| columns.windows(2).map(move |c| tile(r, c))).collect();
    let all = tiles.iter().fold(Strip::NONE, |all, &tile| all.with(tile));
    let price = |set: usize| {
        let is_in = |tile: usize| set >> tile & 1 == 1;
        let prices = tiles.iter().enumerate().map(|(at, tile)| if is_in(at) { tile.sent } else { tile.prices[0] });
        let regions = single.columns.iter().enumerate().filter(|(at, _)| is_in(*at));
        let sent = regions.map(|(_, column)| column.region(single.from, first)).reduce(Region::bounding);
        let time = sent.map_or(0, |sent| model.platform().link.upload(model.wire_bytes(first, sent)).0);
        prices.sum::<u64>() + weights.price(0, time, slots[2] as u64 * time)
    };
    let sent = (1..1 << tiles.len()).map(price).min().unwrap_or(NEVER);
    spans.bound_sent(singles, first, weights, &all, sent)
}

/// Goes through all that a bundle is split into; counts its grids, and gives the least makespan of them.
fn go_through(
    (model, tables, best, weights): (&CostModel, Tables, &Best, &[Weights]),
    mut bundle: Bundle,
    grids: &mut usize,
    boxes: &mut usize,
) -> u64 {
    let bounded = bundle.clone().quickly_bounded(tables, |tile| tables.spans.strip(tile, bundle.first, bundle.weights));
    let quick = bounded.map_or(0, |bounded| bounded.bound);
    let first = bundle.first;
    let least = if bundle.is_grid() {
        *grids += 1;
        let single: Single = bundle.single(tables.spans).expect("a grid");
        for &weights in weights.iter().filter(|_| first > 0) {
            let bound = bundle.bound_by(tables, weights, NEVER);
            assert_eq!(bound, naive_bound(model, tables, &single, first, weights), "{bundle:?}");
        }
        best[&(first, single.grid.rows().to_vec(), single.grid.columns().to_vec())]
    } else {
        let mut parts = Vec::new();
        bundle.split(tables, NEVER, &mut |part| parts.push(part));
        let each = parts.into_iter().map(|part| go_through((model, tables, best, weights), part, grids, boxes));
        each.min().unwrap_or(NEVER)
    };
    // At some prices, and at those that prove most.
    for &weights in weights.iter().skip(*grids % 3).step_by(3) {
        let bound = bundle.bound_by(tables, weights, NEVER);
        assert!(bound <= least || least == NEVER, "{bundle:?} is bounded by {bound}, and has a plan of {least}");
        *boxes += usize::from(first > 0 && bound > quick);
    }
    bundle.steer(tables, weights[0], weights, NEVER);
    assert!(bundle.bound <= least || least == NEVER, "{bundle:?} has a plan of {least}");
    assert!(quick <= least, "{bundle:?} is bounded by {quick}, and has a plan of {least}");
    least
}

#[test]
fn no_bundle_bounds_a_grid_too_high() {
    let (mut grids, mut boxes) = (0, 0);
    for seed in 0..200 {
        let (mut scenario, _) = situation(seed);
        scenario.space.max_fused_blocks = 1;
        scenario.space.rule = GridRule::Uneven { step: None };
        scenario.space.grids = vec![[2, 2], [1, 3], [3, 2]];
        // How large a box is matters where its bytes take long.
        if seed % 2 == 1 {
            scenario.platform.link.latency = Nanos(0);
            scenario.platform.link.uplink_kbps = (scenario.platform.link.uplink_kbps >> (seed / 2 % 8)).max(1);
        }
        if scenario.space.grid_count(&scenario.network) > 400 {
            continue;
        }
        let model = CostModel::new(&scenario.network, &scenario.platform);
        let mut context = Context::new(&model, &scenario.space);
        let known = nfl(&mut context);
        let Ranking { singles, weights, .. } = Ranking::new(&mut context, Nanos(NEVER).max(known.makespan));
        let slots = context.slots();
        for last in
            (0..scenario.network.stages().len()).filter(|&last| scenario.space.may_fuse(&scenario.network, last))
        {
            let Some(spans) = Spans::new(&mut context.traces, &singles, &scenario.space, last) else { continue };
            let tables = Tables { spans: &spans, singles: &singles, slots };
            let ends = || singles.ends.iter().enumerate().filter(|(_, single)| single.last == last);
            for first in spans.start()..=last {
                let mut best = Best::new();
                for (end, single) in ends() {
                    if let Some(makespan) = best_of(&context, &singles, end, first) {
                        best.insert((first, single.grid.rows().to_vec(), single.grid.columns().to_vec()), makespan);
                    }
                }
                if best.len() < ends().count() {
                    continue;
                }
                let mut found = 0;
                for parts in &scenario.space.grids {
                    for bundle in Bundle::all(&spans, [first, last], *parts, weights[0]) {
                        go_through((&model, tables, &best, &weights), bundle, &mut found, &mut boxes);
                    }
                }
                // Even boundaries may lie where no others do.
                let is_at = |places: &[u32], ends: &[u32]| ends.iter().all(|end| places.contains(end));
                let [rows, columns] = spans.axes();
                let meant = best.keys().filter(|key| is_at(rows, &key.1) && is_at(columns, &key.2)).count();
                assert_eq!(found, meant, "seed {seed}: each grid once");
                grids += found;
            }
        }
    }
    assert!(grids > 5000 && boxes > 5000, "{grids} grids; a box proved more of {boxes} bundles");
}
