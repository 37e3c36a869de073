//! What is drawn of a stage's inside: its tensors, or one for several where a chain or a unit is folded.

use crate::job::{End, Inner, Node};
use crate::network::Shape;

/// A tensor drawn, or a chain of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Boxed {
    /// Positions of its inner tensors, in order; none is the stage's output.
    pub nodes: Vec<usize>,
    /// The longest way from the stage's input, at least 1.
    pub depth: usize,
    /// Its column.
    pub column: usize,
    /// Whether branches meet in it, and how.
    pub join: Option<&'static str>,
}

/// Units inside a stage that are drawn once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unit {
    /// Depth of its first and of its last tensor.
    pub depths: (usize, usize),
    /// How many there are.
    pub times: usize,
}

/// The tensors and edges of a stage, the output last; edges are positions of boxes, none for the stage's input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Boxes {
    pub boxes: Vec<Boxed>,
    pub edges: Vec<(Option<usize>, usize)>,
    pub columns: usize,
    pub units: Vec<Unit>,
    /// By inner tensor: the box that stands for it.
    pub of_node: Vec<usize>,
}

/// The most tensors of one stage, folded and unfolded.
const MOST: [usize; 2] = [80, 600];
/// The most edges of one stage.
const MOST_EDGES: usize = 4000;
/// From here on, chains are folded.
const MANY: usize = 40;
/// The longest unit that is looked for, and how often it has to be there.
const LONGEST: usize = 8;
const TIMES: usize = 3;

/// Units that follow each other: first tensor, tensors of one, how many.
type Run = (usize, usize, usize);

impl Boxes {
    /// What is drawn of a stage; none where it is too much.
    pub fn new(inner: &Inner, unfolded: bool) -> Option<Self> {
        if inner.edges.len() > MOST_EDGES {
            return None;
        }
        let runs = if unfolded { Vec::new() } else { runs(inner) };
        let mut kept = of_units(inner, &runs);
        let is_large = kept.len() > if unfolded { MOST[1] } else { MANY };
        let edges = mapped(inner, &kept, &runs);
        if is_large {
            kept = chained(inner, &kept, &edges);
        }
        if kept.len() > MOST[usize::from(unfolded)] {
            return None;
        }
        let edges = mapped(inner, &kept, &runs);
        let (exit, of_node) = (kept.len(), holders(inner, &kept, &runs));
        let join = |nodes: &Vec<usize>| match inner.nodes[nodes[0]].op {
            op @ ("add" | "mul" | "concat") if nodes.len() == 1 => Some(op),
            _ => None,
        };
        let mut boxes: Vec<Boxed> =
            kept.into_iter().map(|nodes| Boxed { join: join(&nodes), nodes, depth: 1, column: 0 }).collect();
        boxes.push(Boxed { nodes: Vec::new(), depth: 1, column: 0, join: inner.join });
        // Boxes come after what they read.
        for to in 0..=exit {
            let before = edges.iter().filter(|edge| edge.1 == to).filter_map(|edge| edge.0);
            boxes[to].depth = 1 + before.map(|from| boxes[from].depth).max().unwrap_or(0);
        }
        boxes[exit].depth = boxes.iter().take(exit).map(|known| known.depth + 1).max().unwrap_or(1);
        let columns = set_columns(inner, &mut boxes, &edges);
        let units = runs.iter().filter_map(|run| unit(run, &boxes)).collect();
        Some(Self { boxes, edges, columns, units, of_node })
    }
}

/// Units of tensors that repeat one after the other, such as the layers of a dense block.
fn runs(inner: &Inner) -> Vec<Run> {
    let reads: Vec<Vec<End>> = (0..inner.nodes.len()).map(|at| reads(inner, at)).collect();
    let alike = |a: usize, b: usize| {
        let (one, other): (&Node, &Node) = (&inner.nodes[a], &inner.nodes[b]);
        let area = |shape: Shape| (shape.height, shape.width);
        let near = |at: usize| {
            let nodes =
                reads[at].iter().filter_map(|end| if let End::Node(from) = end { Some(at - from) } else { None });
            nodes.min()
        };
        let entry = |at: usize| reads[at].contains(&End::Entry);
        let same_count = one.op == "concat" || reads[a].len() == reads[b].len();
        (one.op, one.row, area(one.shape)) == (other.op, other.row, area(other.shape))
            && near(a) == near(b)
            && entry(a) == entry(b)
            && same_count
    };
    let (mut runs, mut first) = (Vec::new(), 0);
    while first < inner.nodes.len() {
        let mut best: Option<Run> = None;
        for period in 2..=LONGEST {
            let same = (first + period..inner.nodes.len()).take_while(|&at| alike(at, at - period)).count();
            let times = 1 + same / period;
            if times >= TIMES && best.is_none_or(|(_, known, count)| period * times > known * count) {
                best = Some((from_join(inner, first, period, period + same - period * times), period, times));
            }
        }
        first = best.map_or(first + 1, |(first, period, times)| first + period * times);
        runs.extend(best);
    }
    runs
}

/// Where units begin: at a join, where one is in them and lies no further behind than there is room for, so that it is
/// `‖ → conv → conv` rather than `conv → ‖ → conv`.
fn from_join(inner: &Inner, first: usize, period: usize, room: usize) -> usize {
    let is_join = |at: &usize| matches!(inner.nodes[*at].op, "concat" | "add" | "mul");
    (first..first + period).find(is_join).filter(|start| start - first <= room).unwrap_or(first)
}

fn reads(inner: &Inner, at: usize) -> Vec<End> {
    inner.edges.iter().filter(|edge| edge.1 == End::Node(at)).map(|edge| edge.0).collect()
}

/// The tensors drawn, those of the first unit for all that are like it.
fn of_units(inner: &Inner, runs: &[Run]) -> Vec<Vec<usize>> {
    let hidden =
        |at: &usize| runs.iter().any(|&(first, period, times)| (first + period..first + period * times).contains(at));
    (0..inner.nodes.len()).filter(|at| !hidden(at)).map(|at| vec![at]).collect()
}

/// Which tensor is drawn for one.
fn shown(runs: &[Run], at: usize) -> usize {
    let run = runs.iter().find(|&&(first, period, times)| (first..first + period * times).contains(&at));
    run.map_or(at, |&(first, period, _)| first + (at - first) % period)
}

/// By tensor: the box that stands for it.
fn holders(inner: &Inner, kept: &[Vec<usize>], runs: &[Run]) -> Vec<usize> {
    let mut boxes = vec![0; inner.nodes.len()];
    for (index, nodes) in kept.iter().enumerate() {
        nodes.iter().for_each(|&at| boxes[at] = index);
    }
    (0..boxes.len()).map(|at| boxes[shown(runs, at)]).collect()
}

/// The edges between what is drawn, each once unless it is there twice; those back from unit to unit are left out.
fn mapped(inner: &Inner, kept: &[Vec<usize>], runs: &[Run]) -> Vec<(Option<usize>, usize)> {
    let boxes = holders(inner, kept, runs);
    let mut edges = Vec::new();
    for &(from, to) in &inner.edges {
        let place = |end: End| match end {
            End::Entry => (None, true),
            End::Node(at) => (Some(boxes[at]), shown(runs, at) == at),
            End::Exit => (Some(kept.len()), true),
        };
        let ((from, is_first), (Some(to), is_itself)) = (place(from), place(to)) else { continue };
        let own = is_first && is_itself;
        if from.is_none_or(|from| from < to) && (own || !edges.contains(&(from, to))) {
            edges.push((from, to));
        }
    }
    edges
}

/// Joins tensors that are only read by one that reads only them.
fn chained(inner: &Inner, kept: &[Vec<usize>], edges: &[(Option<usize>, usize)]) -> Vec<Vec<usize>> {
    let mut into = vec![0; kept.len() + 1];
    let mut out = vec![0; kept.len()];
    for &(from, to) in edges {
        into[to] += 1;
        from.into_iter().for_each(|from| out[from] += 1);
    }
    let row = |index: usize| inner.nodes[kept[index][0]].row;
    let mut chains: Vec<Vec<usize>> = Vec::new();
    for (index, nodes) in kept.iter().enumerate() {
        let follows = index > 0
            && edges.contains(&(Some(index - 1), index))
            && (into[index], out[index - 1]) == (1, 1)
            && row(index) == row(index - 1);
        match chains.last_mut().filter(|_| follows) {
            Some(chain) => chain.extend(nodes),
            None => chains.push(nodes.clone()),
        }
    }
    chains
}

/// Gives every box the column of its branch; branches one after the other share one. How many there are.
fn set_columns(inner: &Inner, boxes: &mut [Boxed], edges: &[(Option<usize>, usize)]) -> usize {
    let rows = inner.rows();
    // By row: from which depth to which it is taken, its readers included.
    let mut spans: Vec<Option<(usize, usize)>> = vec![None; rows];
    for at in 0..boxes.len() {
        let Some(&node) = boxes[at].nodes.first() else { continue };
        let readers = edges.iter().filter(|edge| edge.0 == Some(at)).map(|edge| boxes[edge.1].depth);
        let end = readers.max().unwrap_or(boxes[at].depth + 1);
        let span = &mut spans[inner.nodes[node].row];
        let (from, to) = span.unwrap_or((boxes[at].depth, end));
        *span = Some((from.min(boxes[at].depth), to.max(end)));
    }
    let mut taken: Vec<Vec<(usize, usize)>> = Vec::new();
    let mut column_of = vec![0; rows];
    for (row, span) in spans.iter().enumerate() {
        let Some((from, to)) = *span else { continue };
        let is_free = |column: &Vec<(usize, usize)>| column.iter().all(|&(a, b)| to <= a || b <= from);
        let column = taken.iter().position(is_free).unwrap_or(taken.len());
        if column == taken.len() {
            taken.push(Vec::new());
        }
        taken[column].push((from, to));
        column_of[row] = column;
    }
    for known in boxes.iter_mut() {
        if let Some(&node) = known.nodes.first() {
            known.column = column_of[inner.nodes[node].row];
        }
    }
    taken.len().max(1)
}

fn unit(run: &Run, boxes: &[Boxed]) -> Option<Unit> {
    let &(first, period, times) = run;
    let own = || boxes.iter().filter(|known| known.nodes.iter().any(|at| (first..first + period).contains(at)));
    let depths = (own().map(|known| known.depth).min()?, own().map(|known| known.depth).max()?);
    Some(Unit { depths, times })
}
