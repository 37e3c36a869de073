//! The traces that strategies share, each computed once.

use super::{CostModel, TileTrace};
use crate::tiling::{Grid, Tracer};
use std::rc::Rc;

/// Traces of blocks by last stage and grid: a block that starts later is part of one that starts
/// earlier, so one trace back to the first tileable stage serves them all.
#[derive(Debug)]
pub struct Traces<'a> {
    model: &'a CostModel<'a>,
    tracer: Tracer<'a>,
    /// By last stage: traces of its grids, sorted by them.
    known: Vec<Vec<(Grid, Rc<[TileTrace]>)>>,
    /// By stage: the first of the run of tileable stages it belongs to.
    run_start: Vec<usize>,
}

impl<'a> Traces<'a> {
    /// Nothing traced yet.
    pub fn new(model: &'a CostModel<'a>) -> Self {
        let stages = model.network().stages();
        let mut run_start: Vec<usize> = Vec::with_capacity(stages.len());
        for (index, stage) in stages.iter().enumerate() {
            let joins = stage.tileable && index > 0 && stages[index - 1].tileable;
            run_start.push(if joins { run_start[index - 1] } else { index });
        }
        let known = vec![Vec::new(); stages.len()];
        Self { model, tracer: Tracer::new(model.network()), known, run_start }
    }

    /// The model whose costs these are.
    pub fn model(&self) -> &'a CostModel<'a> {
        self.model
    }

    /// The stage that split blocks ending with `last` are traced back to.
    pub fn run_start(&self, last: usize) -> usize {
        self.run_start[last]
    }

    /// Traces of the tiles of a grid over the output of stage `last`, row by row: back through the
    /// run of tileable stages that it belongs to, or to the network's input where nothing is split.
    pub fn of(&mut self, last: usize, grid: &Grid) -> Rc<[TileTrace]> {
        let place = match self.known[last].binary_search_by(|(known, _)| known.cmp(grid)) {
            Ok(at) => return Rc::clone(&self.known[last][at].1),
            Err(place) => place,
        };
        let from = if grid.is_split() { self.run_start[last] } else { 0 };
        let traced: Rc<[TileTrace]> = self.model.trace(&mut self.tracer, from, last, grid).into();
        self.known[last].insert(place, (grid.clone(), Rc::clone(&traced)));
        traced
    }
}
