//! The tiles of every map, and where paths cross to the server.

use super::super::fusion::{own_of, own_part, tile};
use super::super::svg::{Rect, escaped, px, text};
use super::super::{is_split, path_name, units};
use super::{Column, Layout};
use crate::formats::{BlockFile, RegionFile};
use crate::job::{Answer, Graph, Node};

/// Above this, inner tensors show their grid as lines instead of tile by tile.
const MANY: usize = 16;

/// A region of a map of this height and width, drawn as `rect`.
pub(super) fn part(rect: Rect, height: u32, width: u32, region: RegionFile) -> Rect {
    let (x, y) = (rect.width / f64::from(width.max(1)), rect.height / f64::from(height.max(1)));
    Rect {
        x: rect.x + f64::from(region.columns.start()) * x,
        y: rect.y + f64::from(region.rows.start()) * y,
        width: f64::from(region.columns.len()) * x,
        height: f64::from(region.rows.len()) * y,
    }
}

/// The block to which a boundary's map belongs: the one that makes it.
pub(super) fn block_of(answer: &Answer, boundary: usize) -> usize {
    let stage = boundary.saturating_sub(1);
    answer.blocks.iter().position(|block| stage <= block.last_stage).unwrap_or(0)
}

/// One map with its tiles, and the inside of its stage.
pub(super) fn map(answer: &Answer, graph: &Graph, column: &Column) -> String {
    let (boundary, rect) = (column.boundary, column.rect);
    let map = &answer.maps[boundary];
    let stage = boundary.checked_sub(1).map_or(String::new(), |stage| format!(r#" data-stage="{stage}""#));
    let mut svg = format!(
        r#"<rect class="map" data-boundary="{boundary}"{stage} data-channels="{}" data-height="{}" data-width="{}" {}/>"#,
        map.channels,
        map.height,
        map.width,
        rect.attributes()
    );
    let block = block_of(answer, boundary);
    let mine = |path: &usize| answer.paths[*path].block == block;
    for path in (0..answer.paths.len()).filter(mine) {
        let rect = part(column.rect, map.height, map.width, own_part(answer, path, boundary));
        svg += &tile(answer, path, boundary, rect, &stage);
    }
    let inner = boundary.checked_sub(1).and_then(|stage| graph.stages.get(stage));
    for (node, &rect) in inner.iter().flat_map(|inner| &inner.nodes).zip(&column.nodes) {
        svg += &inside(answer, boundary, node, rect);
    }
    svg
}

/// An inner tensor, to the same scale as the maps.
fn inside(answer: &Answer, boundary: usize, node: &Node, rect: Rect) -> String {
    let shape = node.shape;
    let what = format!("{} ({}), {}×{}×{}", node.label, node.op, shape.height, shape.width, shape.channels);
    let mut svg = format!(
        r#"<g class="inner-map" data-layer="{}" data-stage="{}" data-height="{}" data-width="{}"><title>{}</title>"#,
        node.layer,
        boundary - 1,
        shape.height,
        shape.width,
        escaped(&what)
    );
    let block = block_of(answer, boundary);
    let paths: Vec<usize> = (0..answer.paths.len()).filter(|&path| answer.paths[path].block == block).collect();
    if paths.len() <= MANY {
        for &path in &paths {
            let own = part(rect, shape.height, shape.width, own_of(answer, path, shape.height, shape.width));
            let made = if boundary - answer.paths[path].first <= answer.paths[path].cut { "device" } else { "server" };
            svg += &format!(r#"<rect class="tile {made}" data-path="{path}" {}/>"#, own.attributes());
        }
    } else {
        svg += &format!(r#"<rect class="plain-map" {}/>"#, rect.attributes());
        svg += &format!(r#"<path class="grid-lines" d="{}"/>"#, grid_lines(&answer.blocks[block], rect));
    }
    svg +=
        &text(rect.x + rect.width / 2.0, rect.y + rect.height + 10.0, "label tiny middle", &super::short(&node.label));
    svg + "</g>"
}

fn grid_lines(block: &BlockFile, rect: Rect) -> String {
    let mut data = String::new();
    let inner = |bounds: &[u32]| -> Vec<f64> {
        let whole = f64::from(bounds.last().copied().unwrap_or(1).max(1));
        let count = bounds.len().saturating_sub(1);
        bounds.iter().take(count).skip(1).map(|&bound| f64::from(bound) / whole).collect()
    };
    for share in inner(&block.rows) {
        data += &format!("M{} {}h{}", px(rect.x), px(rect.y + share * rect.height), px(rect.width));
    }
    for share in inner(&block.columns) {
        data += &format!("M{} {}v{}", px(rect.x + share * rect.width), px(rect.y), px(rect.height));
    }
    data
}

/// Where a path's data goes up: an arrow on its own part of the map.
pub(super) fn crossing(answer: &Answer, layout: &Layout, index: usize) -> String {
    let path = &answer.paths[index];
    let boundary = path.first + path.cut;
    let Some(column) = layout.column(boundary).filter(|_| path.sent > 0) else { return String::new() };
    // At a block's beginning the map shows the tiles of the block before; only the picture is the path's own.
    if path.cut == 0 && path.first > 0 {
        return String::new();
    }
    let map = &answer.maps[boundary];
    let rect = part(column.rect, map.height, map.width, own_part(answer, index, boundary));
    let (x, y) = (rect.x + rect.width / 2.0, rect.y + rect.height / 2.0);
    let small = rect.width.min(rect.height) < 14.0;
    let size = if small || !is_split(answer, path.block) { 3.0 } else { 5.0 };
    format!(
        r#"<path class="mark uplink" data-path="{index}" data-boundary="{boundary}" data-bytes="{}" d="M{} {}l{} {}h{}z"><title>{}</title></path>"#,
        path.sent,
        px(x),
        px(y - size * 0.8),
        px(-size),
        px(size * 1.6),
        px(2.0 * size),
        escaped(&format!("{} crosses here: {}", path_name(answer, index), units::bytes(path.sent)))
    )
}
