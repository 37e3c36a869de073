//! The traces that strategies share, each computed once.
//!
//! Where no layer reads nothing, the rows that a tile needs depend on its rows alone and its columns on
//! its columns: bounding boxes and receptive fields treat each axis by itself. So not the tiles of a
//! grid are followed back through the layers but its *lines*, its rows and its columns, and each tile
//! is put together from two of them. Different lines often need the same of an earlier stage: every
//! region is followed through a stage once. Where some layer reads nothing, each tile is followed by
//! itself, as a line for both axes.

use super::{CostModel, StageTime, TileTrace};
use crate::base::{Region, Span};
use crate::network::Shape;
use crate::platform::{DataTypes, Platform, Processor};
use crate::tiling::{Grid, Tracer};
use std::rc::Rc;

/// Rows and columns of what a layer produces, and of what it needs of its first input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    pub produced: [u32; 2],
    pub needed: [u32; 2],
}

impl Sizes {
    fn new(regions: [Region; 2]) -> Self {
        let [produced, needed] = regions.map(|region| [region.rows.len(), region.columns.len()]);
        Self { produced, needed }
    }
}

/// A region of a stage's output, followed back through the stage.
#[derive(Clone, Debug)]
struct Step {
    out: Region,
    /// What it needs of the stage's input.
    input: Region,
    /// Where that is among the steps of the stage before, once it was followed on.
    before: Option<usize>,
    /// Whether anything reads or makes nothing.
    has_gaps: bool,
}

/// What was followed back through one stage.
#[derive(Clone, Debug, Default)]
struct Steps {
    all: Vec<Step>,
    /// All of them, by what they give.
    sorted: Vec<usize>,
    /// By step, then by layer of the stage that costs something.
    sizes: Vec<Sizes>,
    /// How many those are.
    layers: usize,
}

impl Steps {
    fn sizes(&self, step: usize) -> &[Sizes] {
        &self.sizes[step * self.layers..][..self.layers]
    }
}

/// A line of a grid, followed back to the stage `from`.
#[derive(Clone, Debug)]
struct Line {
    from: usize,
    cell: Region,
    /// By boundary: rows and columns of its region there.
    rows: Rc<[Span]>,
    columns: Rc<[Span]>,
    /// By stage.
    steps: Vec<usize>,
}

/// By last stage: traces of its grids, sorted by them.
type Known = Vec<Vec<(Grid, Rc<Vec<TileTrace>>)>>;

/// Traces that are kept of one last stage; and where all together are more, none are left for the next.
const MOST_KEPT: usize = 4096;

/// What was traced of one network before, for whoever plans it once more on the same processors, as behind another link.
#[derive(Debug, Default)]
pub struct Traced {
    on: Option<([Processor; 2], DataTypes)>,
    known: Known,
}

/// Traces of blocks by last stage and grid: a block that starts later is part of one that starts
/// earlier, so one trace back to the first tileable stage serves them all.
#[derive(Debug)]
pub struct Traces<'a> {
    model: &'a CostModel<'a>,
    tracer: Tracer<'a>,
    known: Known,
    /// By last stage: lines of its grids.
    lines: Vec<Vec<Rc<Line>>>,
    /// By stage: the first of the run of tileable stages it belongs to.
    run_start: Vec<usize>,
    /// By stage: the first of those up to it that treat rows and columns alike.
    symmetric_from: Vec<usize>,
    steps: Vec<Steps>,
}

impl<'a> Traces<'a> {
    /// Nothing traced yet.
    pub fn new(model: &'a CostModel<'a>) -> Self {
        let network = model.network();
        let stages = network.stages();
        let square = |shape: Shape| shape.height == shape.width;
        let mut run_start: Vec<usize> = Vec::with_capacity(stages.len());
        let mut symmetric_from: Vec<usize> = Vec::with_capacity(stages.len());
        for (index, stage) in stages.iter().enumerate() {
            let joins = stage.tileable && index > 0 && stages[index - 1].tileable;
            run_start.push(if joins { run_start[index - 1] } else { index });
            let mut layers = stage.layers.iter().map(|&id| network.layer(id));
            let symmetric =
                square(network.boundary(index)) && layers.all(|layer| layer.op.is_symmetric() && square(layer.output));
            let before = symmetric_from.last().copied().unwrap_or(0);
            symmetric_from.push(if symmetric { before } else { index + 1 });
        }
        let (known, lines) = (vec![Vec::new(); stages.len()], vec![Vec::new(); stages.len()]);
        let steps = |stage: &Vec<_>| Steps { layers: stage.len(), ..Steps::default() };
        let steps = model.stages.iter().map(steps).collect();
        Self { model, tracer: Tracer::new(network), known, lines, run_start, symmetric_from, steps }
    }

    /// With what was traced of the same network before, where that was on the same processors.
    pub fn again(model: &'a CostModel<'a>, traced: &mut Traced) -> Self {
        let mut traces = Self::new(model);
        let Platform { device, server, data, .. } = model.platform();
        let on = Some(([device, server].map(Processor::clone), *data));
        if traced.on != on {
            *traced = Traced { on, known: Known::new() };
        } else if !traced.known.is_empty() {
            traces.known = std::mem::take(&mut traced.known);
        }
        traces
    }

    /// Leaves what was traced for the next one.
    pub fn leave(self, traced: &mut Traced) {
        let is_small = self.known.iter().map(Vec::len).sum::<usize>() <= MOST_KEPT;
        traced.known = if is_small { self.known } else { Known::new() };
    }

    /// The model whose costs these are.
    pub fn model(&self) -> &'a CostModel<'a> {
        self.model
    }

    /// The stage that split blocks ending with `last` are traced back to.
    pub fn run_start(&self, last: usize) -> usize {
        self.run_start[last]
    }

    /// Whether the stages treat rows and columns alike, on square maps only: transposed tiles need
    /// transposed regions.
    pub fn are_symmetric(&self, first: usize, last: usize) -> bool {
        self.symmetric_from[last] <= first
    }

    /// Traces of the tiles of a grid over the output of stage `last`, row by row: back through the
    /// run of tileable stages that it belongs to, or to the network's input where nothing is split.
    pub fn of(&mut self, last: usize, grid: &Grid) -> Rc<Vec<TileTrace>> {
        let place = match self.known[last].binary_search_by(|(known, _)| known.cmp(grid)) {
            Ok(at) => return Rc::clone(&self.known[last][at].1),
            Err(place) => place,
        };
        let traced = Rc::new(self.trace(last, grid));
        if self.known[last].len() < MOST_KEPT {
            self.known[last].insert(place, (grid.clone(), Rc::clone(&traced)));
        }
        traced
    }

    fn trace(&mut self, last: usize, grid: &Grid) -> Vec<TileTrace> {
        let from = if grid.is_split() { self.run_start[last] } else { 0 };
        let shape = self.model.network().boundary(last + 1);
        let square = self.are_symmetric(from, last);
        // Where both axes are alike, so are rows and columns that begin and end alike.
        let row = |rows: Span| Region::new(rows, if square { rows } else { Span::whole(shape.width) });
        let column = |columns: Span| Region::new(if square { columns } else { Span::whole(shape.height) }, columns);
        let span = |ends: &[u32]| Span::new(ends[0], ends[1]);
        let rows = grid.rows().windows(2).map(|ends| row(span(ends)));
        let columns = grid.columns().windows(2).map(|ends| column(span(ends)));
        let across = grid.rows().len() - 1;
        let mut lines = Vec::with_capacity(across + grid.columns().len());
        if rows.chain(columns).all(|cell| self.line(from, last, cell).is_some_and(|line| push(&mut lines, line))) {
            let like = self.alike(from, &lines, across);
            let pair = |[row, column]: [u32; 2], _| [row as usize, across + column as usize];
            let class = |[row, column]: [usize; 2]| {
                let class = [like[row], like[column]];
                if square && class[0] > class[1] { [class[1], class[0]] } else { class }
            };
            return self.tiles(from, grid, &lines, &pair, &class);
        }
        let cells = grid.cells().filter_map(|(_, cell)| self.follow(from, last, cell, true));
        let lines: Vec<Rc<Line>> = cells.map(Rc::new).collect();
        self.tiles(from, grid, &lines, &|_, tile| [tile; 2], &|tile| tile)
    }

    /// The tiles of all these rows with all these columns over the output of a stage, row by row, as if each were part
    /// of a split grid; none where some layer reads nothing. No two count as alike.
    pub fn crossed(&mut self, last: usize, rows: &[Span], columns: &[Span]) -> Option<Vec<TileTrace>> {
        let (from, shape) = (self.run_start[last], self.model.network().boundary(last + 1));
        let [height, width] = [shape.height, shape.width].map(Span::whole);
        let lines = |traces: &mut Self, cells: Vec<Region>| -> Option<Vec<Rc<Line>>> {
            cells.into_iter().map(|cell| traces.line(from, last, cell)).collect()
        };
        let across = lines(self, rows.iter().map(|&rows| Region::new(rows, width)).collect())?;
        let down = lines(self, columns.iter().map(|&columns| Region::new(height, columns)).collect())?;
        let mut made = Vec::with_capacity(across.len() * down.len());
        for (row, rows) in (0..).zip(&across) {
            for (column, columns) in (0..).zip(&down) {
                let sums = self.sums(from, rows, columns);
                let [rows, columns] = [Rc::clone(&rows.rows), Rc::clone(&columns.columns)];
                made.push(TileTrace { tile: [row, column], from, rows, columns, sums, like: made.len() });
            }
        }
        Some(made)
    }

    /// A line, followed back once; none where some layer reads nothing.
    fn line(&mut self, from: usize, last: usize, cell: Region) -> Option<Rc<Line>> {
        let known = self.lines[last].iter().find(|line| line.cell == cell && line.from == from);
        if let Some(line) = known {
            return Some(Rc::clone(line));
        }
        let line = Rc::new(self.follow(from, last, cell, false)?);
        self.lines[last].push(Rc::clone(&line));
        Some(line)
    }

    /// Follows a line back to the stage `from`; none where some layer reads nothing, unless that is
    /// all the same.
    fn follow(&mut self, from: usize, last: usize, cell: Region, with_gaps: bool) -> Option<Line> {
        let count = last + 1 - from;
        let mut steps = vec![0; count];
        let (mut known, mut region) = (None, cell);
        for at in (0..count).rev() {
            let now = known.unwrap_or_else(|| self.step(from + at, region));
            if at + 1 < count {
                self.steps[from + at + 1].all[steps[at + 1]].before = Some(now);
            }
            let step = &self.steps[from + at].all[now];
            if step.has_gaps && !with_gaps {
                return None;
            }
            (region, steps[at], known) = (step.input, now, step.before);
        }
        let region = |at: usize| if at < count { self.steps[from + at].all[steps[at]].input } else { cell };
        let rows: Rc<[Span]> = (0..count + 1).map(|at| region(at).rows).collect();
        let columns = match self.are_symmetric(from, last) && cell.rows == cell.columns {
            true => Rc::clone(&rows),
            false => (0..count + 1).map(|at| region(at).columns).collect(),
        };
        Some(Line { from, cell, rows, columns, steps })
    }

    /// Where a region's step through a stage is.
    fn step(&mut self, stage: usize, out: Region) -> usize {
        let Steps { all, sorted, sizes, .. } = &mut self.steps[stage];
        let place = match sorted.binary_search_by(|&step| all[step].out.cmp(&out)) {
            Ok(at) => return sorted[at],
            Err(place) => place,
        };
        let stages = self.model.network().stages();
        let input = self.tracer.back(&stages[stage], out);
        let of = |id| [self.tracer.produced(id), self.tracer.needed(id)];
        sizes.extend(self.model.stages[stage].iter().map(|layer| Sizes::new(of(layer.id))));
        let has_gaps =
            input.is_empty() || stages[stage].layers.iter().any(|&id| of(id).iter().any(|region| region.is_empty()));
        all.push(Step { out, input, before: None, has_gaps });
        sorted.insert(place, all.len() - 1);
        all.len() - 1
    }

    /// By line: the first one whose sizes are the same everywhere, those of its own part too.
    fn alike(&self, from: usize, lines: &[Rc<Line>], across: usize) -> Vec<usize> {
        let spans = |line: usize| if line < across { &lines[line].rows } else { &lines[line].columns };
        let own = |line: usize, at: usize| {
            let span = spans(line)[at];
            if line == 0 || line == across { span } else { behind(span, spans(line - 1)[at]) }
        };
        let same = |a: usize, b: usize| {
            let same_sizes = |at: usize| {
                let steps = &self.steps[from + at];
                let [step, other] = [a, b].map(|line| lines[line].steps[at]);
                own(a, at).len() == own(b, at).len() && (step == other || steps.sizes(step) == steps.sizes(other))
            };
            (0..lines[a].steps.len()).all(same_sizes)
                && spans(a).iter().zip(&**spans(b)).all(|(a, b)| a.len() == b.len())
        };
        (0..lines.len()).map(|line| (0..line).find(|&other| same(other, line)).unwrap_or(line)).collect()
    }

    /// Tiles, each of the two lines that it lies in; those of one class cost the same.
    fn tiles(
        &self,
        from: usize,
        grid: &Grid,
        lines: &[Rc<Line>],
        pair: &dyn Fn([u32; 2], usize) -> [usize; 2],
        class: &dyn Fn([usize; 2]) -> [usize; 2],
    ) -> Vec<TileTrace> {
        let mut made: Vec<TileTrace> = Vec::with_capacity(grid.tiles());
        let mut classes: Vec<[usize; 2]> = Vec::with_capacity(grid.tiles());
        for (index, (tile, _)) in grid.cells().enumerate() {
            let pair = pair(tile, index);
            let class = class(pair);
            let [rows, columns] = pair.map(|line| &lines[line]);
            let like = classes.iter().position(|known| *known == class).unwrap_or(index);
            let sums = made.get(like).map_or_else(|| self.sums(from, rows, columns), |other| Rc::clone(&other.sums));
            let (rows, columns) = (Rc::clone(&rows.rows), Rc::clone(&columns.columns));
            made.push(TileTrace { tile, from, rows, columns, sums, like });
            classes.push(class);
        }
        made
    }

    /// By boundary: summed times of a tile's stages up to there.
    fn sums(&self, from: usize, rows: &Line, columns: &Line) -> Rc<[StageTime]> {
        let mut sum = StageTime::default();
        let sum_up = |at: usize| {
            if let Some(stage) = at.checked_sub(1) {
                let steps = &self.steps[from + stage];
                let [rows, columns] = [rows, columns].map(|line| steps.sizes(line.steps[stage]));
                let time = self.model.stage_time(from + stage, rows, columns);
                sum.device += time.device;
                sum.server += time.server;
            }
            sum
        };
        (0..rows.steps.len() + 1).map(sum_up).collect()
    }
}

/// Appends an item; always true.
fn push<T>(items: &mut Vec<T>, item: T) -> bool {
    items.push(item);
    true
}

/// The part of a span behind another one.
pub fn behind(span: Span, before: Span) -> Span {
    Span::new(span.start().max(before.end()), span.end())
}
