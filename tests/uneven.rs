//! Bundles of uneven grids against the best plan of every grid that they hold.
#![cfg(not(target_arch = "wasm32"))]

#[path = "support/generate.rs"]
mod generate;

use generate::situation;
use offcut::base::Nanos;
use offcut::bounds::{Single, Singles, Spans, Weights};
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

/// Goes through all that a bundle is split into; counts its grids, and gives the least makespan of them.
fn go_through(
    (tables, best, weights): (Tables, &Best, &[Weights]),
    mut bundle: Bundle,
    grids: &mut usize,
    boxes: &mut usize,
) -> u64 {
    let bounded = bundle.clone().quickly_bounded(tables, |tile| tables.spans.strip(tile, bundle.first, bundle.weights));
    let quick = bounded.map_or(0, |bounded| bounded.bound);
    let places = |rows: &[u32], columns: &[u32]| (bundle.first, rows.to_vec(), columns.to_vec());
    let least = if bundle.is_grid() {
        *grids += 1;
        let single: Single = bundle.single(tables.spans).expect("a grid");
        best[&places(single.grid.rows(), single.grid.columns())]
    } else {
        let mut parts = Vec::new();
        bundle.split(tables, NEVER, &mut |part| parts.push(part));
        let each = parts.into_iter().map(|part| go_through((tables, best, weights), part, grids, boxes));
        each.min().unwrap_or(NEVER)
    };
    for &good in weights.iter().skip(*grids % 3).step_by(3) {
        bundle.bound = 0;
        bundle.steer(tables, good, &[], 1);
        assert!(
            bundle.bound <= least || least == NEVER,
            "{bundle:?} is bounded by {}, and has a plan of {least}",
            bundle.bound
        );
        *boxes += usize::from(bundle.first > 0 && bundle.bound > quick);
    }
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
                        go_through((tables, &best, &weights), bundle, &mut found, &mut boxes);
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
