//! Random plans: of any strategy, and of the strategies of a plan space.

use super::Draw;
use offcut::network::{Network, Shape};
use offcut::plan::{Block, Space, Strategy};
use offcut::schedule::Instance;
use offcut::tiling::Grid;

impl Draw {
    /// Order and cuts of a valid plan.
    pub fn plan(&mut self, instance: &Instance) -> (Vec<usize>, Vec<usize>) {
        (self.order(instance), self.cuts(instance))
    }

    /// A strategy of a plan space: random fused blocks, those that overlap left out.
    pub fn strategy_of(&mut self, network: &Network, space: &Space, choices: &[Block]) -> Strategy {
        let wanted = self.up_to(space.max_fused_blocks as u32) as usize;
        let mut fused: Vec<&Block> = Vec::new();
        for _ in 0..if choices.is_empty() { 0 } else { 6 * wanted } {
            let block = &choices[self.up_to(choices.len() as u32 - 1) as usize];
            if fused.len() < wanted && fused.iter().all(|other| other.last < block.first || block.last < other.first) {
                fused.push(block);
            }
        }
        fused.sort();
        around(network, &fused)
    }

    /// Runs of stages, up to three of them tiled where they can be.
    pub fn strategy(&mut self, network: &Network) -> Strategy {
        let stages = network.stages();
        let (mut blocks, mut next, mut fused) = (Vec::new(), 0, 0);
        while next < stages.len() {
            let run = stages[next..].iter().take_while(|stage| stage.tileable).count();
            let tiled = run > 0 && fused < 3 && self.chance(0.7);
            let most = if tiled { run } else { stages.len() - next };
            let last = next + self.up_to(most as u32 - 1) as usize;
            let shape = network.boundary(last + 1);
            let grid = if tiled { self.grid(shape) } else { Grid::whole(shape.height, shape.width) };
            fused += usize::from(grid.is_split());
            blocks.push(Block { first: next, last, grid });
            next = last + 1;
        }
        Strategy::new(network, blocks).expect("blocks that follow each other")
    }

    fn grid(&mut self, shape: Shape) -> Grid {
        let parts = [shape.height, shape.width].map(|length| self.between(1, length.min(4)));
        if self.chance(0.3) {
            return Grid::even(parts[0], parts[1], shape.height, shape.width).expect("a grid that fits");
        }
        let rows = self.boundaries(parts[0], shape.height);
        let columns = self.boundaries(parts[1], shape.width);
        Grid::new(rows, columns, shape.height, shape.width).expect("rising boundaries")
    }

    fn boundaries(&mut self, parts: u32, length: u32) -> Vec<u32> {
        let mut bounds = vec![0, length];
        while bounds.len() <= parts as usize {
            let bound = self.between(1, length - 1);
            if !bounds.contains(&bound) {
                bounds.push(bound);
            }
        }
        bounds.sort_unstable();
        bounds
    }

    /// Each path behind those that it depends on, otherwise by chance.
    fn order(&mut self, instance: &Instance) -> Vec<usize> {
        let count = instance.paths().len();
        let (mut order, mut done) = (Vec::new(), vec![false; count]);
        while order.len() < count {
            let ready = |path: &usize| !done[*path] && instance.needs(*path).iter().all(|&needs| done[needs]);
            let ready: Vec<usize> = (0..count).filter(ready).collect();
            let path = self.of(&ready);
            done[path] = true;
            order.push(path);
        }
        order
    }

    fn cuts(&mut self, instance: &Instance) -> Vec<usize> {
        let stays = self.of(&[0.2, 0.6, 0.95]);
        let lens: Vec<usize> = instance.paths().iter().map(|path| path.len).collect();
        let mut cuts: Vec<usize> = lens
            .into_iter()
            .map(|len| if self.chance(stays) { len } else { self.up_to(len as u32) as usize })
            .collect();
        instance.repair(&mut cuts);
        cuts
    }
}

/// Fused blocks with every stretch around them as one block that is not split.
fn around(network: &Network, fused: &[&Block]) -> Strategy {
    let (mut blocks, mut next) = (Vec::new(), 0);
    let whole = |first: usize, end: usize| {
        let shape = network.boundary(end);
        Block { first, last: end - 1, grid: Grid::whole(shape.height, shape.width) }
    };
    for &block in fused {
        if block.first > next {
            blocks.push(whole(next, block.first));
        }
        blocks.push(block.clone());
        next = block.last + 1;
    }
    if next < network.stages().len() {
        blocks.push(whole(next, network.stages().len()));
    }
    Strategy::new(network, blocks).expect("blocks that follow each other")
}
