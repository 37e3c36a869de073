//! The fusion diagram that can be looked into: any run of stages at any size, the branches inside them,
//! repeated parts as one, and for a tile what it needs of every map, with what its neighbours need too.
//!
//! [`super::fusion`] is what the page shows first; this is what it becomes once somebody touches it.

mod columns;
mod halo;
mod inner;
mod overview;
mod tiles;
mod words;

pub use columns::{Column, Layout};
pub use halo::needs;
pub(in crate::draw) use inner::mark;
pub use overview::overview;
pub use words::{Redundancy, caption, redundancy};

use super::fusion::size_label;
use super::svg::{LETTER, escaped, line, open, px, text};
use crate::formats::BlockFile;
use crate::job::{Answer, Graph};
use std::ops::Range;

/// How the network is looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// Stages shown.
    pub stages: Range<usize>,
    /// Size of the maps: 1 draws the network's largest map 108 pixels wide.
    pub zoom: f64,
    /// Whether what repeats is drawn once for all.
    pub folded: bool,
    /// Whether the branches inside the stages are drawn.
    pub inner: bool,
    /// Whether names stand in two rows by turns, so that twice as many fit.
    pub dense: bool,
    /// Width that the drawing should have at least; a wider one scrolls.
    pub width: f64,
}

impl View {
    /// The whole network; the insides of its stages where they have room, and what repeats drawn once
    /// where only that fits.
    pub fn whole(answer: &Answer, graph: &Graph, width: f64) -> Self {
        let stages = 0..answer.maps.len().saturating_sub(1);
        let view = |folded: bool, &(inner, dense, zoom): &(bool, bool, f64)| Self {
            stages: stages.clone(),
            zoom,
            folded,
            inner,
            dense,
            width,
        };
        let inside = [(true, false, 1.0), (true, false, 0.85), (true, false, 0.7)];
        let flat = [(false, false, 1.0), (false, false, 0.85)];
        let dense = [(false, true, 0.85), (false, true, 0.7), (false, true, 0.5)];
        let fits = |view: &Self| Layout::new(answer, graph, view).width <= width;
        let all = || inside.iter().chain(&flat).chain(&dense);
        let unfolded = all().map(|shape| view(false, shape));
        let folded = all().map(|shape| view(true, shape));
        unfolded.chain(folded).find(fits).unwrap_or_else(|| view(true, &(false, true, 0.6)))
    }

    /// Some stages with their insides, nothing folded.
    pub fn part(stages: Range<usize>, width: f64) -> Self {
        Self { stages, zoom: 1.0, folded: false, inner: true, dense: false, width }
    }

    /// The same at the largest size that fits its width, between half and three times the whole's.
    pub fn fitted(self, answer: &Answer, graph: &Graph) -> Self {
        let view = |zoom: f64| Self { zoom, ..self.clone() };
        let fits = |view: &Self| Layout::new(answer, graph, view).width <= self.width;
        [3.0, 2.4, 2.0, 1.6, 1.3, 1.0, 0.85, 0.7].into_iter().map(view).find(fits).unwrap_or_else(|| view(0.5))
    }

    /// The stages that there are of those asked for; at least one.
    fn range(&self, answer: &Answer) -> Range<usize> {
        let count = answer.maps.len().saturating_sub(1);
        let first = self.stages.start.min(count.saturating_sub(1));
        first..self.stages.end.min(count).max((first + 1).min(count))
    }
}

/// The whole diagram, what `path` needs laid over it; `layers` is what the path makes of every layer
/// ([`crate::job::layer_regions`]), as far as that is known.
pub fn svg(
    answer: &Answer,
    graph: &Graph,
    view: &View,
    path: usize,
    layers: &[(usize, crate::base::Region)],
) -> String {
    let layout = Layout::new(answer, graph, view);
    let mut svg = open(layout.width, layout.height, view.width, "Feature maps and what lies between them");
    svg += super::rich_patterns();
    svg += "</defs>";
    for (index, block) in answer.blocks.iter().enumerate() {
        svg += &band(answer, &layout, index, block);
    }
    svg += &layout.folds.iter().map(|fold| folded(&layout, fold)).collect::<String>();
    svg += r#"<g class="edges" aria-hidden="true">"#;
    for at in 1..layout.columns.len() {
        svg += &inner::edges(graph, &layout, at);
    }
    svg += "</g>";
    for column in &layout.columns {
        svg += &tiles::map(answer, graph, column);
    }
    for path in 0..answer.paths.len() {
        svg += &tiles::crossing(answer, &layout, path);
    }
    for at in 0..layout.columns.len() {
        svg += &labels(answer, &layout, at);
    }
    svg += r#"<g class="needs" aria-hidden="true">"#;
    svg += &needs(answer, graph, view, path, layers);
    svg + "</g></svg>"
}

/// A block's band, over those of its maps that are shown.
fn band(answer: &Answer, layout: &Layout, index: usize, block: &BlockFile) -> String {
    let first = if block.first_stage == 0 { 0 } else { block.first_stage + 1 };
    let inside = |column: &&Column| (first..=block.last_stage + 1).contains(&column.boundary);
    let mut own = layout.columns.iter().filter(inside);
    let Some(left) = own.next() else { return String::new() };
    let right = own.next_back().unwrap_or(left);
    let split = super::is_split(answer, index);
    let width = right.right - left.left;
    let stages = match (block.first_stage + 1, block.last_stage + 1) {
        (first, last) if first == last => format!("stage {first}"),
        (first, last) => format!("stages {first}–{last}"),
    };
    let grid = format!("{} × {} tiles", block.rows.len() - 1, block.columns.len() - 1);
    let names = match split {
        true => [format!("Fused block · {stages} · {grid}"), grid, String::new()],
        false => [format!("Not split · {stages}"), "Not split".to_owned(), String::new()],
    };
    let fits = |name: &&String| LETTER * name.chars().count() as f64 + 20.0 < width;
    let name = names.iter().find(fits).map_or("", String::as_str);
    format!(
        r#"<rect class="band{}" rx="6" data-block="{index}" data-stages="{},{}" x="{}" y="2" width="{}" height="{}"/>{}"#,
        if split { " fused" } else { "" },
        block.first_stage,
        block.last_stage + 1,
        px(left.left),
        px(width),
        px(layout.height - 4.0),
        text(left.left + 10.0, 19.0, "label", name)
    )
}

/// The bracket over a part that is drawn once for several.
fn folded(layout: &Layout, fold: &columns::Fold) -> String {
    let of = |boundary: usize| layout.columns.iter().find(|column| column.boundary == boundary);
    let (Some(left), Some(right)) = (of(fold.shown.start), of(fold.shown.end - 1)) else { return String::new() };
    let (x, end, y) = (left.left + 3.0, right.right - 3.0, 42.0);
    let what = format!("{} units of the same structure, the last of them drawn", fold.times);
    format!(
        r#"<g class="fold" role="button" tabindex="0" data-first-stage="{}" data-times="{}" aria-label="{what}"><title>{what}</title><path class="bracket" d="M{} {}v-5H{}v5"/>{}</g>"#,
        fold.first_stage,
        fold.times,
        px(x),
        px(y),
        px(end),
        text((x + end) / 2.0, y - 7.0, "label middle strong halo-text", &format!("×{}", fold.times))
    )
}

/// The longest label in full, in letters.
const LONGEST: usize = 13;

fn short(name: &str) -> String {
    super::short(name, LONGEST)
}

fn labels(answer: &Answer, layout: &Layout, at: usize) -> String {
    let column = &layout.columns[at];
    let map = &answer.maps[column.boundary];
    let lower = if layout.dense && at % 2 == 1 { columns::ROW } else { 0.0 };
    let (x, y) = (column.rect.x + column.rect.width / 2.0, layout.foot + 26.0 + lower);
    let full = if map.layers.is_empty() { map.label.clone() } else { map.layers.join(", ") };
    let tick = line((x, layout.foot - 4.0), (x, layout.foot + 1.0 + lower), "rule");
    format!(
        r#"{tick}<g><title>{}</title>{}{}</g>"#,
        escaped(&full),
        text(x, y - 14.0, "label middle ink halo-band", &short(&map.label)),
        text(x, y, "label middle halo-band", &size_label(map))
    )
}
