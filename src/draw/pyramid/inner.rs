//! The inside of a stage: its tensors in branches, and the arcs between them.

use super::super::svg::{Rect, px};
use super::{Column, Layout};
use crate::job::{End, Graph, Inner};

const ROOM: f64 = 10.0;
const LABEL: f64 = 13.0;

/// Where the inner tensors of a stage lie, from a corner of their own.
pub(super) struct Places {
    /// By tensor: its rectangle, `y` from the middle.
    nodes: Vec<Rect>,
    /// Width of all, the room behind included.
    pub width: f64,
    /// Room that they take above the middle, arcs included.
    pub up: f64,
    /// Room that they take below.
    pub down: f64,
}

impl Places {
    pub fn new(inner: &Inner, layout: &Layout) -> Self {
        let size = |at: usize| {
            let shape = inner.nodes[at].shape;
            (layout.side(shape.width), layout.side(shape.height))
        };
        let count = inner.nodes.len();
        let tallest = (0..count).map(|at| size(at).1).fold(0.0, f64::max) + LABEL + 6.0;
        let (mut nodes, mut x) = (vec![Rect::default(); count], ROOM);
        for depth in 1..inner.depth() {
            let here: Vec<usize> = (0..count).filter(|&at| inner.nodes[at].depth == depth).collect();
            let wide = |at: usize| size(at).0.max(5.4 * super::short(&inner.nodes[at].label).chars().count() as f64);
            let width = here.iter().map(|&at| wide(at)).fold(0.0, f64::max);
            for at in here {
                let (w, h) = size(at);
                let row = inner.nodes[at].row as f64 - (inner.rows() as f64 - 1.0) / 2.0;
                nodes[at] = Rect { x: x + (width - w) / 2.0, y: row * tallest - h / 2.0, width: w, height: h };
            }
            x += width + 2.0 * ROOM;
        }
        let half = inner.rows() as f64 * tallest / 2.0;
        let skips = inner.edges.iter().any(|&(from, to)| passes(inner, from, to));
        Self {
            nodes,
            width: x + ROOM,
            up: half - LABEL / 2.0 + if skips { 18.0 } else { 0.0 },
            down: half + LABEL / 2.0,
        }
    }

    pub fn at(&self, x: f64, middle: f64) -> Vec<Rect> {
        self.nodes.iter().map(|rect| Rect { x: rect.x + x, y: rect.y + middle, ..*rect }).collect()
    }
}

/// All edges that lead to a column: inside its stage, or straight from the map before.
pub(super) fn edges(graph: &Graph, layout: &Layout, at: usize) -> String {
    let (before, column) = (&layout.columns[at - 1], &layout.columns[at]);
    let known = column.boundary.checked_sub(1).and_then(|stage| graph.stages.get(stage));
    let Some(inner) = known.filter(|_| !column.nodes.is_empty()) else {
        return plain(before, column, layout, known.filter(|inner| inner.branches()));
    };
    let rect = |end: End| match end {
        End::Entry => before.rect,
        End::Node(node) => column.nodes.get(node).copied().unwrap_or(before.rect),
        End::Exit => column.rect,
    };
    let top = column.nodes.iter().map(|rect| rect.y).fold(f64::MAX, f64::min);
    let mut svg = String::new();
    for &(from, to) in &inner.edges {
        let (a, b) = (rect(from), rect(to));
        let skips = passes(inner, from, to);
        let data = if skips { arc(a, b, top) } else { curve(a, b, to == End::Exit) };
        let class = if skips { "edge skip" } else { "edge" };
        svg += &format!(r#"<path class="{class}" data-stage="{}" d="{data}"/>"#, column.boundary - 1);
    }
    match inner.join {
        Some(join) => svg + &mark(column.rect.x - 7.0, layout.middle, join),
        None => svg,
    }
}

/// From map to map, the inside not drawn: where there are branches, an arc for those beside the first.
fn plain(before: &Column, column: &Column, layout: &Layout, branches: Option<&Inner>) -> String {
    let (x, end, stage) = (before.rect.x + before.rect.width, column.rect.x, column.boundary.saturating_sub(1));
    let middle = px(layout.middle);
    let mut svg = format!(r#"<path class="edge" data-stage="{stage}" d="M{} {middle}H{}"/>"#, px(x), px(end));
    let Some(inner) = branches else { return svg };
    let into = inner.edges.iter().filter(|(_, to)| *to == End::Exit).count();
    let (from, to) = (before.rect.x + before.rect.width / 2.0, column.rect.x + column.rect.width / 2.0);
    let high = before.rect.y.min(column.rect.y) - 12.0;
    let what = match inner.edges.contains(&(End::Entry, End::Exit)) {
        true => "a skip connection",
        false => "a branch",
    };
    svg += &format!(
        r#"<path class="edge skip" data-stage="{stage}" data-branches="{into}" d="M{} {}C{} {} {} {} {} {}"><title>{what}: {into} branches meet</title></path>"#,
        px(from),
        px(before.rect.y - 1.0),
        px(from),
        px(high),
        px(to),
        px(high),
        px(to),
        px(column.rect.y - 2.0)
    );
    svg += &format!(r#"<path class="arrow-head" d="M{} {}l-3 -5h6z"/>"#, px(to), px(column.rect.y));
    svg
}

/// Whether an edge goes past tensors of its own row.
fn passes(inner: &Inner, from: End, to: End) -> bool {
    let (near, far) = (inner.depth_of(from), inner.depth_of(to));
    let row = if let End::Node(at) = from { inner.nodes.get(at).map(|node| node.row) } else { None };
    let target = if let End::Node(at) = to { inner.nodes.get(at).map(|node| node.row) } else { None };
    let between = |node: &&crate::job::Node| near < node.depth && node.depth < far;
    inner.nodes.iter().filter(between).any(|node| row.or(target).is_none_or(|row| node.row == row))
}

fn curve(a: Rect, b: Rect, meets: bool) -> String {
    let (x, y) = (a.x + a.width, a.y + a.height / 2.0);
    let (end, low) = (b.x, b.y + b.height / 2.0);
    if y == low {
        return format!("M{} {}H{}", px(x), px(y), px(end));
    }
    let bend = ((end - x) / 2.0).min(16.0);
    // Branches part right behind their input and meet right before their output.
    let (near, far) = if meets { (end - 2.0 * bend, end) } else { (x, x + 2.0 * bend) };
    let (middle, y, low) = (px((near + far) / 2.0), px(y), px(low));
    format!("M{} {y}H{}C{middle} {y} {middle} {low} {} {low}H{}", px(x), px(near), px(far), px(end))
}

fn arc(a: Rect, b: Rect, top: f64) -> String {
    let (x, end) = (a.x + a.width, b.x - 7.0);
    let (y, low) = (a.y + a.height / 2.0, b.y + b.height / 2.0);
    let high = top - 14.0;
    format!(
        "M{} {}C{} {} {} {} {} {}H{}C{} {} {} {} {} {}",
        px(x),
        px(y),
        px(x + 6.0),
        px(y),
        px(x + 2.0),
        px(high),
        px(x + 12.0),
        px(high),
        px(end - 12.0),
        px(end - 2.0),
        px(high),
        px(end),
        px(low - 14.0),
        px(end),
        px(low - 6.0)
    )
}

/// The mark of a join: `+`, `×`, or `‖` for a concatenation.
pub(in crate::draw) fn mark(x: f64, middle: f64, join: &str) -> String {
    let (sign, what) = match join {
        "add" => (format!("M{} {}h7m-3.5 -3.5v7", px(x - 3.5), px(middle)), "added"),
        "mul" => (format!("M{} {}l5 5m0 -5l-5 5", px(x - 2.5), px(middle - 2.5)), "multiplied"),
        _ => (format!("M{} {}v6m3 0v-6", px(x - 1.5), px(middle - 3.0)), "concatenated"),
    };
    format!(
        r#"<g class="join" data-join="{join}"><title>the branches are {what}</title><circle cx="{}" cy="{}" r="5.5"/><path d="{sign}"/></g>"#,
        px(x),
        px(middle)
    )
}
