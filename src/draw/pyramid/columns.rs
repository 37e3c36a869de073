//! Where everything of the diagram lies: which maps are shown, how large, and what is folded.

use super::super::fusion::size_label;
use super::super::svg::Rect;
use super::View;
use super::inner::Places;
use crate::job::{Answer, Graph, MapPart, Repeat};
use std::ops::Range;

const LARGEST: f64 = 108.0;
const SMALLEST: f64 = 9.0;
/// Above the maps: names of blocks, brackets of what is folded.
const HEAD: f64 = 50.0;
/// Below them: names and sizes.
const FOOT: f64 = 46.0;
/// Names of a second row lie so much lower.
pub(super) const ROW: f64 = 30.0;
const MARGIN: f64 = 12.0;
/// Between two blocks.
const BREAK: f64 = 14.0;

/// A map, and the inside of the stage that makes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its boundary.
    pub boundary: usize,
    /// The map.
    pub rect: Rect,
    /// Where its column begins, the inside of its stage within.
    pub left: f64,
    /// Where it ends.
    pub right: f64,
    /// By inner tensor of its stage: where it is drawn; none where the inside is not.
    pub nodes: Vec<Rect>,
}

/// A part that repeats, its last unit drawn for all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fold {
    /// The first stage of the first unit.
    pub first_stage: usize,
    /// Boundaries drawn: behind the stages of the last unit.
    pub shown: Range<usize>,
    /// Number of units.
    pub times: usize,
}

/// Where everything lies.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// The maps shown, first to last.
    pub columns: Vec<Column>,
    /// What is folded.
    pub folds: Vec<Fold>,
    /// Width of the drawing.
    pub width: f64,
    /// Its height.
    pub height: f64,
    /// The line on which maps are centred.
    pub middle: f64,
    /// Where the names begin.
    pub foot: f64,
    /// Whether they stand in two rows by turns.
    pub dense: bool,
    /// Pixels of a map's side: this times the root of its length.
    scale: f64,
}

impl Layout {
    /// Lays out what a view shows.
    pub fn new(answer: &Answer, graph: &Graph, view: &View) -> Self {
        let longest = answer.maps.iter().map(|map| map.height.max(map.width)).max().unwrap_or(1);
        let scale = LARGEST * view.zoom / f64::from(longest.max(1)).sqrt();
        let range = view.range(answer);
        let folds = if view.folded { folds(answer, graph, &range) } else { Vec::new() };
        let boundaries = (range.start..=range.end).filter(|&b| !folds.iter().any(|fold| fold.hides(b))).collect();
        let mut layout = Self {
            columns: Vec::new(),
            folds,
            width: 0.0,
            height: 0.0,
            middle: 0.0,
            foot: 0.0,
            dense: view.dense,
            scale,
        };
        layout.place(answer, graph, view, boundaries);
        layout
    }

    /// How long a map's side is drawn; at least 9 pixels, so that 1×1 can be seen.
    pub fn side(&self, length: u32) -> f64 {
        (self.scale * f64::from(length).sqrt()).max(SMALLEST)
    }

    fn place(&mut self, answer: &Answer, graph: &Graph, view: &View, boundaries: Vec<usize>) {
        let first = boundaries.first().copied().unwrap_or(0);
        let insides: Vec<Option<Places>> = boundaries
            .iter()
            .map(|&boundary| {
                let stage = boundary.checked_sub(1).filter(|_| view.inner && boundary > first)?;
                let inner = graph.stages.get(stage).filter(|inner| !inner.nodes.is_empty())?;
                Some(Places::new(inner, self))
            })
            .collect();
        let tall = |boundary: usize| self.side(answer.maps[boundary].height);
        let half = boundaries.iter().map(|&boundary| tall(boundary)).fold(0.0, f64::max) / 2.0;
        let up = insides.iter().flatten().map(|places| places.up).fold(half, f64::max);
        let down = insides.iter().flatten().map(|places| places.down).fold(half, f64::max);
        (self.middle, self.foot, self.height) = (HEAD + up, HEAD + up + down + 6.0, HEAD + up + down + FOOT);
        let widths = self.widths(answer, &boundaries);
        self.height += if self.dense { ROW } else { 0.0 };
        let breaks = |b: usize| b > 1 && answer.blocks.iter().any(|block| block.first_stage + 1 == b);
        let needed: f64 = boundaries
            .iter()
            .zip(&widths)
            .zip(&insides)
            .map(|((&b, width), places)| {
                let inside = places.as_ref().map_or(0.0, |places| places.width);
                width + inside + if breaks(b) { BREAK } else { 0.0 }
            })
            .sum::<f64>()
            + 2.0 * MARGIN;
        let gap = ((view.width - needed) / boundaries.len().max(1) as f64).clamp(5.0, 26.0);
        let mut x = MARGIN;
        for ((boundary, width), places) in boundaries.into_iter().zip(widths).zip(insides) {
            x += if breaks(boundary) && boundary > first { BREAK } else { 0.0 };
            let left = x;
            let nodes = places.map_or(Vec::new(), |places| {
                let nodes = places.at(x + gap / 2.0, self.middle);
                x += places.width;
                nodes
            });
            let map = &answer.maps[boundary];
            let (w, h) = (self.side(map.width), self.side(map.height));
            let rect = Rect { x: x + gap / 2.0 + (width - w) / 2.0, y: self.middle - h / 2.0, width: w, height: h };
            x += width + gap;
            self.columns.push(Column { boundary, rect, left, right: x, nodes });
        }
        self.width = (x + MARGIN).max(view.width);
    }

    /// Widths of the maps' columns, for their maps and their names.
    fn widths(&self, answer: &Answer, boundaries: &[usize]) -> Vec<f64> {
        let names = boundaries.iter().map(|&boundary| name_width(&answer.maps[boundary]));
        let names: Vec<f64> = names.collect();
        let width = |(at, &boundary): (usize, &usize)| {
            let near = names.get(at.saturating_sub(1)..(at + 2).min(names.len())).unwrap_or(&[]);
            // In two rows, a name has room over half of its neighbours on both sides.
            let name = if self.dense { near.iter().copied().fold(0.0, f64::max) * 0.52 } else { names[at] };
            self.side(answer.maps[boundary].width).max(name)
        };
        boundaries.iter().enumerate().map(width).collect()
    }

    /// The column of a boundary, where it is shown.
    pub fn column(&self, boundary: usize) -> Option<&Column> {
        self.columns.iter().find(|column| column.boundary == boundary)
    }
}

impl Fold {
    fn hides(&self, boundary: usize) -> bool {
        (self.first_stage + 1..self.shown.start).contains(&boundary)
    }
}

/// What of the network's repeats may be folded: parts wholly shown, within one block, and at none of
/// whose hidden maps a path is cut.
fn folds(answer: &Answer, graph: &Graph, range: &Range<usize>) -> Vec<Fold> {
    let fold = |repeat: &Repeat| {
        let Repeat { first, period, times } = *repeat;
        let end = first + period * times;
        let shown = end - period + 1..end + 1;
        let block = answer.blocks.iter().find(|block| (block.first_stage..=block.last_stage).contains(&first))?;
        let cut = |path: &crate::job::PathPart| (first + 1..shown.start).contains(&(path.first + path.cut));
        let fits = first >= range.start && end <= range.end && end <= block.last_stage + 1;
        (fits && !answer.paths.iter().any(cut)).then_some(Fold { first_stage: first, shown, times })
    };
    graph.repeats.iter().filter_map(fold).collect()
}

fn name_width(map: &MapPart) -> f64 {
    let letters = super::short(&map.label).chars().count().max(size_label(map).chars().count());
    6.8 * letters as f64
}
