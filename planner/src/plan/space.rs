//! Plan spaces: which FL strategies a search may choose from (planning model §5).

use super::{Block, Strategy};
use crate::network::{Network, Shape};
use crate::tiling::{Grid, MAX_TILES};

/// The plan space's grids: all r×c up to 4×4, strips of 5 to 8, without 1×1.
pub fn default_grids() -> Vec<[u32; 2]> {
    let square = (1..=4).flat_map(|r| (1..=4).map(move |c| [r, c]));
    let strips = (5..=8).flat_map(|k| [[1, k], [k, 1]]);
    square.chain(strips).filter(|&grid| grid != [1, 1]).collect()
}

/// More grids than this are not all looked at.
const MOST_STARTING_GRIDS: u64 = 4096;

/// Whether boundaries stay even or may move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GridRule {
    /// Only even grids.
    Even,
    /// Every choice of boundaries at multiples of a step: the given one, or `⌈H/16⌉` and `⌈W/16⌉`.
    Uneven {
        /// The step in rows and columns, if one is given.
        step: Option<u32>,
    },
}

/// A plan space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Space {
    /// Stages that may be fused, by stage; only tileable ones count.
    pub fusible: Vec<bool>,
    /// Grids allowed, as rows × columns of tiles.
    pub grids: Vec<[u32; 2]>,
    /// The most fused blocks of one strategy.
    pub max_fused_blocks: usize,
    /// Whether boundaries may move.
    pub rule: GridRule,
}

impl Space {
    /// The default space of a network: one fused block of any tileable stages, default grids.
    pub fn default_of(network: &Network) -> Self {
        Self {
            fusible: network.stages().iter().map(|stage| stage.tileable).collect(),
            grids: default_grids(),
            max_fused_blocks: 1,
            rule: GridRule::Even,
        }
    }

    /// For each stage that may end a fused block: the grids that searches start from. All of them; where
    /// boundaries may move and that makes too many, the even ones only.
    pub fn starting_grids_at(&self, network: &Network) -> Vec<(usize, Vec<Grid>)> {
        if self.is_small(network) {
            return self.grids_at(network);
        }
        Self { rule: GridRule::Even, ..self.clone() }.grids_at(network)
    }

    /// Whether all grids can be looked at.
    pub fn is_small(&self, network: &Network) -> bool {
        self.grid_count(network) <= MOST_STARTING_GRIDS
    }

    /// No fewer grids than all stages together have.
    pub fn grid_count(&self, network: &Network) -> u64 {
        let GridRule::Uneven { step } = self.rule else { return (self.grids.len() * network.stages().len()) as u64 };
        let choices = |parts: u32, length: u32| {
            let step = step_of(step, length);
            let places = u64::from((length.saturating_sub(1)) / step);
            // Places over inner boundaries; exact at every step, capped far below overflow.
            (0..u64::from(parts - 1)).fold(1u64, |count, i| (count * places.saturating_sub(i) / (i + 1)).min(1 << 30))
        };
        let ends = (0..network.stages().len()).filter(|&stage| self.may_fuse(network, stage));
        let grids = ends.flat_map(|stage| self.grids.iter().map(move |grid| (network.boundary(stage + 1), grid)));
        let counts = grids.map(|(shape, &[rows, columns])| {
            1 + choices(rows.max(1), shape.height) * choices(columns.max(1), shape.width)
        });
        counts.fold(0, u64::saturating_add)
    }

    /// For each stage that may end a fused block: its grids, in the order of the space.
    pub fn grids_at(&self, network: &Network) -> Vec<(usize, Vec<Grid>)> {
        let ends = (0..network.stages().len()).filter(|&stage| self.may_fuse(network, stage));
        ends.map(|stage| (stage, self.grids_over(network, stage))).filter(|(_, grids)| !grids.is_empty()).collect()
    }

    /// Where boundaries of a length may lie, if they may move; with its ends.
    #[cfg(feature = "uneven")]
    pub fn places(&self, length: u32) -> Vec<u32> {
        let step = match self.rule {
            GridRule::Uneven { step } => step_of(step, length),
            GridRule::Even => length.max(1),
        };
        (0..length).step_by(step as usize).chain([length]).collect()
    }

    /// Whether a stage may be part of a fused block.
    pub fn may_fuse(&self, network: &Network, stage: usize) -> bool {
        self.fusible.get(stage).copied().unwrap_or(false) && network.stages()[stage].tileable
    }

    /// The first stage of the run of fusible stages that `last` belongs to.
    pub fn run_start(&self, network: &Network, last: usize) -> usize {
        (0..=last).rev().take_while(|&stage| self.may_fuse(network, stage)).last().unwrap_or(last)
    }

    fn grids_over(&self, network: &Network, stage: usize) -> Vec<Grid> {
        let shape = network.boundary(stage + 1);
        let mut grids = Vec::new();
        for &[rows, columns] in &self.grids {
            let Ok(even) = Grid::even(rows, columns, shape.height, shape.width) else { continue };
            if !even.is_split() {
                continue;
            }
            grids.push(even);
            if let GridRule::Uneven { step } = self.rule {
                uneven(rows, columns, shape.height, shape.width, step, &mut grids);
            }
        }
        grids
    }

    /// Every strategy with exactly one fused block, and the unsplit one, as fused blocks.
    pub fn single_blocks(&self, network: &Network) -> Vec<Block> {
        let mut blocks = Vec::new();
        for (last, grids) in self.grids_at(network) {
            for first in self.run_start(network, last)..=last {
                blocks.extend(grids.iter().map(|grid| Block { first, last, grid: grid.clone() }));
            }
        }
        blocks
    }

    /// Whether a strategy belongs to this space.
    pub fn holds(&self, network: &Network, strategy: &Strategy) -> bool {
        let fused: Vec<&Block> = strategy.fused().collect();
        fused.len() <= self.max_fused_blocks
            && fused.iter().all(|block| {
                (block.first..=block.last).all(|stage| self.may_fuse(network, stage))
                    && self.allows(&block.grid, network.boundary(block.last + 1))
            })
            && *strategy == Strategy::around(network, &fused.into_iter().cloned().collect::<Vec<_>>())
    }
}

impl Space {
    /// Whether a grid over an output of this shape is one of the space's.
    fn allows(&self, grid: &Grid, shape: Shape) -> bool {
        let [rows, columns] = grid.dimensions();
        let even = || Grid::even(rows, columns, shape.height, shape.width).is_ok_and(|even| even == *grid);
        let at_steps = |step: Option<u32>| {
            let multiples = |bounds: &[u32], length: u32| {
                let step = step_of(step, length);
                bounds[..bounds.len() - 1].iter().all(|bound| bound % step == 0)
            };
            multiples(grid.rows(), shape.height) && multiples(grid.columns(), shape.width)
        };
        let moved = || matches!(self.rule, GridRule::Uneven { step } if at_steps(step));
        grid.is_split() && self.grids.contains(&[rows, columns]) && (even() || moved())
    }
}

/// The step between places of boundaries on an axis.
fn step_of(step: Option<u32>, length: u32) -> u32 {
    step.unwrap_or(length.div_ceil(16)).max(1)
}

/// Appends the uneven grids of `rows × columns` cells with boundaries at multiples of the step.
fn uneven(rows: u32, columns: u32, height: u32, width: u32, step: Option<u32>, grids: &mut Vec<Grid>) {
    if rows as usize * columns as usize > MAX_TILES {
        return;
    }
    let choices = |parts: u32, length: u32| boundaries(parts, length, step_of(step, length));
    for y in choices(rows, height) {
        for x in choices(columns, width) {
            if let Ok(grid) = Grid::new(y.clone(), x, height, width)
                && !grids.contains(&grid)
            {
                grids.push(grid);
            }
        }
    }
}

/// All rising boundaries of `parts` parts at multiples of `step`, in lexicographic order.
pub fn boundaries(parts: u32, length: u32, step: u32) -> Vec<Vec<u32>> {
    let mut found = vec![vec![0]];
    for left in (1..parts).rev() {
        found = found
            .iter()
            .flat_map(|chosen| {
                let after = chosen.last().copied().unwrap_or(0);
                let highest = length.saturating_sub(1) / step * step;
                (1..)
                    .map(move |i| (after / step + i) * step)
                    .take_while(move |&y| u64::from(y) + u64::from(left - 1) * u64::from(step) <= u64::from(highest))
                    .map(|y| {
                        let mut next = chosen.clone();
                        next.push(y);
                        next
                    })
                    .collect::<Vec<_>>()
            })
            .collect();
    }
    for chosen in &mut found {
        chosen.push(length);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_space_has_23_grids() {
        assert_eq!(default_grids().len(), 23);
    }

    #[test]
    fn uneven_boundaries_are_all_there() {
        assert_eq!(boundaries(2, 5, 1), [vec![0, 1, 5], vec![0, 2, 5], vec![0, 3, 5], vec![0, 4, 5]]);
        assert_eq!(boundaries(3, 10, 4), [vec![0, 4, 8, 10]]);
        assert_eq!(boundaries(1, 7, 2), [vec![0, 7]]);
        assert_eq!(boundaries(3, 4, 2), Vec::<Vec<u32>>::new());
    }
}
