//! Uneven grids: a plan's tile boundaries, moved step by step as long as that helps.

use super::decode::{Decoder, Johnson};
use super::local::{Draft, improve, order_for};
use super::seeds::construct;
use super::{Context, Found};
use crate::plan::{Block, GridRule};
use crate::tiling::Grid;

/// A plan whose boundaries may still be as far off as this part of its makespan is worth a closer look.
const NEAR: u64 = 50;

/// Moves the boundaries of a plan's fused blocks until no single step helps, or `limit` evaluations of
/// the context are reached. None where boundaries may not move, or nothing better is found.
pub fn move_boundaries(
    context: &mut Context,
    decoder: &mut Decoder,
    start: &Found,
    shares: [f64; 3],
    limit: u64,
) -> Option<Found> {
    let GridRule::Uneven { step } = context.space.rule else { return None };
    let mut best = start.clone();
    for number in 0..start.strategy.fused().count() {
        loop {
            let blocks: Vec<Block> = best.strategy.fused().cloned().collect();
            let before = best.makespan;
            for grid in neighbours(&blocks[number].grid, step) {
                if context.evaluations() >= limit {
                    break;
                }
                let mut moved = blocks.clone();
                moved[number].grid = grid;
                if let Some(found) = planned(context, decoder, &best, &moved, shares, limit) {
                    best = found;
                }
            }
            if best.makespan == before {
                break;
            }
        }
    }
    (best.makespan < start.makespan).then_some(best)
}

/// A better plan with these fused blocks: the cuts of the plan so far, and constructed ones.
fn planned(
    context: &mut Context,
    decoder: &mut Decoder,
    best: &Found,
    fused: &[Block],
    shares: [f64; 3],
    limit: u64,
) -> Option<Found> {
    let (strategy, instance) = context.compile(fused);
    let mut cuts = best.cuts.clone();
    if cuts.len() != instance.paths().len() {
        return None;
    }
    instance.repair(&mut cuts);
    let mut draft: Draft = order_for(context, decoder, &instance, &cuts, &Johnson::ALL, true);
    let block = instance
        .paths()
        .iter()
        .map(|path| path.block)
        .zip(instance.paths().iter().skip(1))
        .find(|(a, b)| *a == b.block);
    if let Some(built) = block.and_then(|(block, _)| construct(context, decoder, &instance, block, shares, limit))
        && built.makespan < draft.makespan
    {
        draft = built;
    }
    if draft.makespan.0 <= best.makespan.0 + best.makespan.0 / NEAR {
        improve(context, decoder, &instance, &mut draft, limit);
    }
    (draft.makespan < best.makespan).then(|| draft.found(strategy))
}

/// Grids that differ from this one by one boundary, one step on; where it does not lie at multiples of
/// the step, the nearest one that does.
fn neighbours(grid: &Grid, step: Option<u32>) -> Vec<Grid> {
    let [height, width] = [grid.rows(), grid.columns()].map(|bounds| bounds.last().copied().unwrap_or(1));
    let steps = [height, width].map(|length| step.unwrap_or(length.div_ceil(16)).max(1));
    let rows = snapped(grid.rows(), steps[0]);
    let columns = snapped(grid.columns(), steps[1]);
    let mut found = Vec::new();
    let mut add = |rows: Vec<u32>, columns: Vec<u32>| {
        if let Ok(moved) = Grid::new(rows, columns, height, width)
            && moved != *grid
        {
            found.push(moved);
        }
    };
    add(rows.clone(), columns.clone());
    for moved in moves(&rows, steps[0]) {
        add(moved, columns.clone());
    }
    for moved in moves(&columns, steps[1]) {
        add(rows.clone(), moved);
    }
    found
}

/// Inner boundaries at the nearest multiples of a step.
fn snapped(bounds: &[u32], step: u32) -> Vec<u32> {
    let inner = bounds.len() - 1;
    let snap =
        |(at, &bound): (usize, &u32)| if at == 0 || at == inner { bound } else { (bound + step / 2) / step * step };
    bounds.iter().enumerate().map(snap).collect()
}

/// All boundaries with one inner one a step lower or higher; those that no longer rise are no grids.
fn moves(bounds: &[u32], step: u32) -> Vec<Vec<u32>> {
    let mut all = Vec::new();
    for at in 1..bounds.len().saturating_sub(1) {
        let moved = [bounds[at].saturating_sub(step), bounds[at] + step];
        all.extend(moved.map(|bound| {
            let mut moved = bounds.to_vec();
            moved[at] = bound;
            moved
        }));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_lie_at_multiples_of_the_step() -> Result<(), crate::tiling::GridError> {
        let even = Grid::even(2, 1, 13, 13)?;
        let rows: Vec<Vec<u32>> = neighbours(&even, Some(4)).iter().map(|grid| grid.rows().to_vec()).collect();
        assert_eq!(rows, [vec![0, 8, 13], vec![0, 4, 13], vec![0, 12, 13]]);
        assert_eq!(neighbours(&Grid::even(1, 2, 4, 4)?, None).len(), 2);
        Ok(())
    }
}
