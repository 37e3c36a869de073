//! FL strategies: a network's stages in blocks, each with a grid.

use crate::network::Network;
use crate::tiling::Grid;

/// A run of stages with a grid over its output; more than one cell makes it a fused block.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Block {
    /// Its first stage.
    pub first: usize,
    /// Its last stage.
    pub last: usize,
    /// The grid over the last stage's output.
    pub grid: Grid,
}

impl Block {
    /// Number of its stages: the length of its paths.
    pub fn len(&self) -> usize {
        self.last + 1 - self.first
    }

    /// A block has at least one stage.
    pub fn is_empty(&self) -> bool {
        false
    }
}

/// A partition of a network's stages, in order, into blocks.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Strategy {
    blocks: Vec<Block>,
}

/// Why blocks are no FL strategy of a network.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StrategyError {
    /// They do not follow each other from the first stage to the last.
    #[error(
        "block {block} covers stages {first} to {last}, but must start at stage {expected} and end before {stages}"
    )]
    Order {
        /// Which block.
        block: usize,
        /// Its first stage.
        first: usize,
        /// Its last stage.
        last: usize,
        /// Where it had to start.
        expected: usize,
        /// Stages of the network.
        stages: usize,
    },
    /// Stages are left over behind the last block.
    #[error("no block covers stage {stage}")]
    Uncovered {
        /// The first stage left over.
        stage: usize,
    },
    /// The grid does not lie over the block's output.
    #[error("the grid of block {block} does not cover its output of {height}×{width}")]
    Grid {
        /// Which block.
        block: usize,
        /// Rows of the output.
        height: u32,
        /// Columns of the output.
        width: u32,
    },
    /// A fused block holds a stage that cannot be tiled.
    #[error("block {block} is tiled but its stage {stage} is not tileable")]
    NotTileable {
        /// Which block.
        block: usize,
        /// The stage.
        stage: usize,
    },
}

impl Strategy {
    /// Takes blocks that partition the network's stages.
    ///
    /// # Errors
    /// The first block that does not fit, and why.
    pub fn new(network: &Network, blocks: Vec<Block>) -> Result<Self, StrategyError> {
        let stages = network.stages().len();
        let mut expected = 0;
        for (index, block) in blocks.iter().enumerate() {
            if block.first != expected || block.last < block.first || block.last >= stages {
                let (first, last) = (block.first, block.last);
                return Err(StrategyError::Order { block: index, first, last, expected, stages });
            }
            let shape = network.boundary(block.last + 1);
            let covers = |bounds: &[u32], length: u32| bounds.last() == Some(&length);
            if !covers(block.grid.rows(), shape.height) || !covers(block.grid.columns(), shape.width) {
                return Err(StrategyError::Grid { block: index, height: shape.height, width: shape.width });
            }
            if block.grid.is_split()
                && let Some(stage) = (block.first..=block.last).find(|&s| !network.stages()[s].tileable)
            {
                return Err(StrategyError::NotTileable { block: index, stage });
            }
            expected = block.last + 1;
        }
        if expected != stages {
            return Err(StrategyError::Uncovered { stage: expected });
        }
        Ok(Self { blocks })
    }

    /// One block that is not split: the network as it is.
    pub fn unsplit(network: &Network) -> Self {
        Self::around(network, &[])
    }

    /// Fused blocks (in order, disjoint, tileable) with every stretch around them as one 1×1 block.
    pub fn around(network: &Network, fused: &[Block]) -> Self {
        let mut blocks = Vec::with_capacity(2 * fused.len() + 1);
        let mut next = 0;
        let whole = |first: usize, last: usize| {
            let shape = network.boundary(last + 1);
            Block { first, last, grid: Grid::whole(shape.height, shape.width) }
        };
        for block in fused {
            if block.first > next {
                blocks.push(whole(next, block.first - 1));
            }
            blocks.push(block.clone());
            next = block.last + 1;
        }
        if next < network.stages().len() {
            blocks.push(whole(next, network.stages().len() - 1));
        }
        Self { blocks }
    }

    /// The blocks, in order.
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// Number of paths: tiles of all blocks.
    pub fn paths(&self) -> usize {
        self.blocks.iter().map(|block| block.grid.tiles()).sum()
    }

    /// The fused blocks alone.
    pub fn fused(&self) -> impl Iterator<Item = &Block> {
        self.blocks.iter().filter(|block| block.grid.is_split())
    }
}
