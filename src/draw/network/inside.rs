//! Where the tensors of a stage lie in its band, and on which way each edge goes.

use super::boxes::{Boxed, Boxes, Unit};
use super::{LEFT, MIDDLE, RIGHT};
use crate::base::order;
use crate::draw::svg::Rect;

/// Height of a tensor's box.
pub(super) const BOX: f64 = 20.0;
/// Room of the band's line of text.
pub(super) const TOP: f64 = 24.0;
const ROOM: f64 = 8.0;
const WIDEST: f64 = 118.0;
const BRACKET: f64 = 30.0;
/// Radius of a join.
const JOIN: f64 = 7.0;
/// The most branches side by side that can still be told apart.
const MOST_COLUMNS: usize = 12;
/// The most edges side by side, and their distance.
const MOST_LANES: usize = 40;
const LANES: f64 = 110.0;

/// How an edge goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// Into the column of its end first.
    Early,
    /// Into the column of its end last.
    Late,
    /// Past the tensors, in a lane beside them.
    Lane(usize),
}

/// The inside of a stage, from the upper edge of its band.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Inside {
    /// Its tensors, the output last.
    pub boxes: Vec<Boxed>,
    /// By tensor: where it lies.
    pub rects: Vec<Rect>,
    /// Who reads whom, and how that is drawn; none is the stage's input.
    pub edges: Vec<(Option<usize>, usize, Way)>,
    /// Units drawn once for several.
    pub units: Vec<Unit>,
    /// By inner tensor: the box that stands for it.
    pub of_node: Vec<usize>,
    /// Room between two rows of tensors.
    pub gap: f64,
    /// Height of the band.
    pub height: f64,
    lanes: f64,
    pitch: f64,
}

impl Inside {
    /// Lays a stage out; none where its branches are too many.
    pub fn new(boxes: Boxes) -> Option<Self> {
        if boxes.columns > MOST_COLUMNS {
            return None;
        }
        let Boxes { boxes, edges, columns, units, of_node } = boxes;
        let (edges, lanes) = ways(&boxes, &edges);
        let pitch = (LANES / lanes.max(1) as f64).clamp(2.5, 7.0);
        let beside = if lanes > 0 { 18.0 + pitch * (lanes - 1) as f64 } else { 0.0 };
        let left = MIDDLE - LEFT - ROOM - if units.is_empty() { 0.0 } else { BRACKET };
        let half = left.min(RIGHT - ROOM - beside - MIDDLE);
        let (count, gap) = (columns as f64, if columns > 1 { 18.0 } else { 14.0 });
        let total = (count * WIDEST + (count - 1.0) * ROOM).min(2.0 * half);
        let width = (total - (count - 1.0) * ROOM) / count;
        let depth = boxes.last().map_or(1, |exit| exit.depth);
        let row = |depth: usize| row(depth, gap);
        let rect = |at: usize| {
            let Boxed { depth, column, join, .. } = boxes[at];
            let is_exit = at + 1 == boxes.len();
            let left = MIDDLE - total / 2.0 + column as f64 * (width + ROOM);
            let x = if is_exit { MIDDLE } else { left + width / 2.0 };
            let (w, h) = match join {
                Some(_) => (2.0 * JOIN, 2.0 * JOIN),
                None if is_exit => (WIDEST, BOX),
                None => (width, BOX),
            };
            Rect { x: x - w / 2.0, y: row(depth) + (BOX - h) / 2.0, width: w, height: h }
        };
        let rects = (0..boxes.len()).map(rect).collect();
        let lanes = MIDDLE + (total / 2.0).max(JOIN) + 10.0;
        Some(Self { rects, edges, units, of_node, gap, height: row(depth) + BOX + ROOM, lanes, pitch, boxes })
    }

    /// Lower edge of the output.
    pub fn exit_end(&self) -> f64 {
        self.rects.last().map_or(self.height, |rect| rect.y + rect.height)
    }

    /// Where a lane lies.
    pub fn lane(&self, lane: usize) -> f64 {
        self.lanes + self.pitch * lane as f64
    }

    /// Upper and lower edge of the rows of a unit.
    pub fn rows(&self, unit: &Unit) -> (f64, f64) {
        (row(unit.depths.0, self.gap) - 3.0, row(unit.depths.1, self.gap) + BOX + 3.0)
    }

    /// Whether nothing lies to the right of a tensor.
    pub fn is_rightmost(&self, at: usize) -> bool {
        let Boxed { depth, column, .. } = self.boxes[at];
        !self.boxes.iter().any(|other| other.depth == depth && other.column > column)
    }
}

/// Upper edge of the tensors of a depth, from 1.
fn row(depth: usize, gap: f64) -> f64 {
    TOP + 16.0 + (depth - 1) as f64 * (BOX + gap)
}

/// A way for every edge, and how many lanes there are.
fn ways(boxes: &[Boxed], edges: &[(Option<usize>, usize)]) -> (Vec<(Option<usize>, usize, Way)>, usize) {
    let mut ways: Vec<(Option<usize>, usize, Way)> = Vec::with_capacity(edges.len());
    for &(from, to) in edges {
        let again = ways.iter().any(|way| (way.0, way.1) == (from, to) && !matches!(way.2, Way::Lane(_)));
        let way = if again { Way::Lane(0) } else { direct(boxes, from, to).unwrap_or(Way::Lane(0)) };
        ways.push((from, to, way));
    }
    let lanes = set_lanes(boxes, &mut ways);
    (ways, lanes)
}

/// The way of an edge that passes no tensor.
fn direct(boxes: &[Boxed], from: Option<usize>, to: usize) -> Option<Way> {
    let exit = boxes.len() - 1;
    let near = from.map_or(0, |from| boxes[from].depth);
    let far = boxes[to].depth;
    let is_free = |column: usize| {
        let between = |other: &&Boxed| near < other.depth && other.depth < far;
        !boxes.iter().take(exit).filter(between).any(|other| other.column == column)
    };
    let (own, target) = (from.map(|from| boxes[from].column), (to != exit).then(|| boxes[to].column));
    match (own, target) {
        (None, None) => (far == 1).then_some(Way::Early),
        _ if own.is_some_and(is_free) => Some(Way::Late),
        _ if target.is_some_and(is_free) => Some(Way::Early),
        _ => None,
    }
}

/// Gives all that goes past from one tensor one lane, short ones inside. How many lanes there are.
fn set_lanes(boxes: &[Boxed], ways: &mut [(Option<usize>, usize, Way)]) -> usize {
    let mut sources: Vec<(Option<usize>, usize, usize)> = Vec::new();
    for (from, to, _) in ways.iter().filter(|way| matches!(way.2, Way::Lane(_))) {
        let (near, far) = (from.map_or(0, |from| boxes[from].depth), boxes[*to].depth);
        match sources.iter_mut().find(|source| source.0 == *from) {
            Some(known) => known.2 = known.2.max(far),
            None => sources.push((*from, near, far)),
        }
    }
    let length = |at: usize| sources[at].2 - sources[at].1;
    let mut lanes: Vec<Vec<(usize, usize)>> = Vec::new();
    for at in order(sources.len(), &|a, b| length(a).cmp(&length(b))) {
        let (from, near, far) = sources[at];
        let is_free = |lane: &Vec<(usize, usize)>| lane.iter().all(|&(a, b)| far <= a || b <= near);
        let lane = lanes.iter().position(is_free).unwrap_or(lanes.len()).min(MOST_LANES - 1);
        if lane == lanes.len() {
            lanes.push(Vec::new());
        }
        lanes[lane].push((near, far));
        for way in ways.iter_mut().filter(|way| way.0 == from && matches!(way.2, Way::Lane(_))) {
            way.2 = Way::Lane(lane);
        }
    }
    lanes.len()
}
