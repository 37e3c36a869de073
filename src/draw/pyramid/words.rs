//! What a tile costs, in numbers and in words.

use super::super::{is_split, path_name, units, words};
use crate::job::Answer;

/// Work of a tile and of its block, in multiply-accumulates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Redundancy {
    /// What the tile computes.
    pub tile: u64,
    /// Its share of the unsplit block, by its cell of the output; to the nearest.
    pub share: u64,
    /// The block unsplit.
    pub block: u64,
    /// The sum over the block's tiles.
    pub tiles: u64,
}

/// Work that a tile and its block do more than once.
pub fn redundancy(answer: &Answer, index: usize) -> Option<Redundancy> {
    let path = answer.paths.get(index)?;
    let (block, tiles) = answer.block_macs(path.block);
    let cell = path.regions.last()?;
    let area = u128::from(cell.rows.len()) * u128::from(cell.columns.len());
    let map = answer.maps.get(path.first + path.regions.len() - 1)?;
    let whole = (u128::from(map.height) * u128::from(map.width)).max(1);
    let share = (u128::from(block) * area + whole / 2) / whole;
    Some(Redundancy { tile: path.macs, share: share as u64, block, tiles })
}

/// What the diagram shows of a path, in words.
pub fn caption(answer: &Answer, index: usize) -> String {
    let Some(path) = answer.paths.get(index) else { return String::new() };
    let name = words::capital(&path_name(answer, index));
    let Some(work) = redundancy(answer, index).filter(|_| is_split(answer, path.block)) else {
        return format!("{name}: {}MAC, not split, so nothing is computed twice.", units::count(path.macs));
    };
    let more = |done: u64, alone: u64| {
        let percent = 100.0 * (done as f64 / alone.max(1) as f64 - 1.0);
        format!("{} % more", units::three(percent.max(0.0)))
    };
    let count = answer.paths.iter().filter(|other| other.block == path.block).count();
    format!(
        "{name} computes {}MAC, {} than its share of the block: the hatched halo is computed by its neighbours too. \
         All {count} tiles together: {}MAC, {} than the block in one piece.",
        units::count(work.tile),
        more(work.tile, work.share),
        units::count(work.tiles),
        more(work.tiles, work.block)
    )
}
