//! The fusion diagram: feature maps to scale, blocks as bands, grids, and the region a tile needs.

use super::svg::{Rect, escaped, focusable, open, px, text};
use super::{is_split, path_name, units};
use crate::base::Span;
use crate::formats::{BlockFile, RegionFile};
use crate::job::{Answer, MapPart, PathPart};

const LARGEST: f64 = 108.0;
const SMALLEST: f64 = 9.0;
const MIDDLE: f64 = 92.0;
const HEIGHT: f64 = 196.0;
const FITS: f64 = 1064.0;

/// Where every map lies.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// By boundary: the map's rectangle.
    pub maps: Vec<Rect>,
    /// By boundary: left and right edge of its column.
    columns: Vec<(f64, f64)>,
    width: f64,
}

/// What of a map a tile owns: its cell at the block's end, its proportional part before.
pub fn own_part(answer: &Answer, path: usize, boundary: usize) -> RegionFile {
    let MapPart { height, width, .. } = &answer.maps[boundary];
    own_of(answer, path, *height, *width)
}

/// The same of a map of any size that lies in the path's block.
pub fn own_of(answer: &Answer, path: usize, height: u32, width: u32) -> RegionFile {
    let PathPart { block, tile, .. } = &answer.paths[path];
    let BlockFile { rows, columns, .. } = &answer.blocks[*block];
    let part = |bounds: &[u32], index: u32, length: u32| {
        let whole = u64::from(bounds.last().copied().unwrap_or(1).max(1));
        let at = |bound: u32| ((2 * u64::from(bound) * u64::from(length) + whole) / (2 * whole)) as u32;
        let index = index as usize;
        Span::new(at(bounds[index]), at(bounds[index + 1]))
    };
    RegionFile { rows: part(rows, tile[0], height), columns: part(columns, tile[1], width) }
}

/// Which resource makes or carries a path's part of a map.
pub fn side(path: &PathPart, boundary: usize) -> &'static str {
    match boundary - path.first {
        0 if path.cut == 0 => "uplink",
        at if at <= path.cut => "device",
        _ => "server",
    }
}

/// Size of a map: `208²×16`, or `208×104×16`.
pub(super) fn size_label(map: &MapPart) -> String {
    if map.height == map.width {
        format!("{}²×{}", map.height, map.channels)
    } else {
        format!("{}×{}×{}", map.height, map.width, map.channels)
    }
}

impl Layout {
    /// Lays the maps of an answer side by side; a side is drawn as the root of its length.
    pub fn new(answer: &Answer) -> Self {
        let longest = answer.maps.iter().map(|map| map.height.max(map.width)).max().unwrap_or(1);
        let side = |length: u32| (LARGEST * (f64::from(length) / f64::from(longest)).sqrt()).max(SMALLEST);
        let label_width = |map: &MapPart| {
            let characters = map.label.chars().count().max(size_label(map).chars().count());
            6.8 * characters as f64
        };
        let widths: Vec<f64> = answer.maps.iter().map(|map| side(map.width).max(label_width(map))).collect();
        let total: f64 = widths.iter().sum();
        let breaks = answer.blocks.len() as f64 - 1.0;
        let gap = ((FITS - 24.0 - 14.0 * breaks - total) / widths.len() as f64).clamp(4.0, 26.0);
        let (mut x, mut maps, mut columns) = (12.0, Vec::new(), Vec::new());
        for (boundary, (map, width)) in answer.maps.iter().zip(widths).enumerate() {
            let starts_block = boundary > 1 && answer.blocks.iter().any(|block| block.first_stage + 1 == boundary);
            if starts_block {
                x += 14.0;
            }
            let (w, h) = (side(map.width), side(map.height));
            maps.push(Rect { x: x + gap / 2.0 + (width - w) / 2.0, y: MIDDLE - h / 2.0, width: w, height: h });
            columns.push((x, x + width + gap));
            x += width + gap;
        }
        Self { maps, columns, width: (x + 12.0).max(FITS) }
    }

    /// A region of a map in the drawing.
    pub fn region(&self, answer: &Answer, boundary: usize, region: RegionFile) -> Rect {
        let (rect, map) = (self.maps[boundary], &answer.maps[boundary]);
        let (x, y) = (rect.width / f64::from(map.width), rect.height / f64::from(map.height));
        Rect {
            x: rect.x + f64::from(region.columns.start()) * x,
            y: rect.y + f64::from(region.rows.start()) * y,
            width: f64::from(region.columns.len()) * x,
            height: f64::from(region.rows.len()) * y,
        }
    }

    fn band(&self, block: &BlockFile) -> Rect {
        let first = if block.first_stage == 0 { 0 } else { block.first_stage + 1 };
        let (left, right) = (self.columns[first].0, self.columns[block.last_stage + 1].1);
        Rect { x: left, y: 2.0, width: right - left, height: HEIGHT - 4.0 }
    }
}

/// A region as attributes.
pub(super) fn spans(region: RegionFile) -> String {
    let RegionFile { rows, columns } = region;
    format!(r#"data-rows="{},{}" data-columns="{},{}""#, rows.start(), rows.end(), columns.start(), columns.end())
}

/// The whole diagram, the region of `path` laid over it.
pub fn svg(answer: &Answer, path: usize) -> String {
    let layout = Layout::new(answer);
    let mut svg = open(layout.width, HEIGHT, FITS, "Feature maps, stage by stage");
    svg += super::svg_patterns();
    for block in &answer.blocks {
        svg += &band(&layout, block);
    }
    let middle = |i: usize| layout.maps[i].x + layout.maps[i].width / 2.0;
    svg += &super::svg::line((middle(0), MIDDLE), (middle(layout.maps.len() - 1), MIDDLE), "rule");
    for (boundary, map) in answer.maps.iter().enumerate() {
        let rect = layout.maps[boundary];
        let MapPart { channels, height, width, .. } = map;
        svg += &format!(
            r#"<rect class="map" data-boundary="{boundary}" data-channels="{channels}" data-height="{height}" data-width="{width}" {}/>"#,
            rect.attributes()
        );
    }
    for index in 0..answer.paths.len() {
        svg += &tiles(answer, &layout, index);
    }
    for (boundary, map) in answer.maps.iter().enumerate() {
        let x = (layout.columns[boundary].0 + layout.columns[boundary].1) / 2.0;
        svg += &text(x, HEIGHT - 30.0, "label middle ink", &map.label);
        svg += &text(x, HEIGHT - 15.0, "label middle", &size_label(map));
    }
    svg += &format!(r#"<g class="needs" aria-hidden="true">{}</g></svg>"#, needs(answer, path));
    svg
}

fn band(layout: &Layout, block: &BlockFile) -> String {
    let rect = layout.band(block);
    let split = block.rows.len() > 2 || block.columns.len() > 2;
    let class = if split { "band fused" } else { "band" };
    let stages = match (block.first_stage + 1, block.last_stage + 1) {
        (first, last) if first == last => format!("stage {first}"),
        (first, last) => format!("stages {first}–{last}"),
    };
    let room = rect.width > 190.0;
    let name = if split {
        let grid = format!("{} × {} tiles", block.rows.len() - 1, block.columns.len() - 1);
        if room { format!("Fused block · {stages} · {grid}") } else { grid }
    } else if room {
        format!("Not split · {stages}")
    } else if rect.width > 54.0 {
        "Not split".to_owned()
    } else {
        String::new()
    };
    let attributes = rect.attributes();
    format!(r#"<rect class="{class}" rx="6" {attributes}/>{}"#, text(rect.x + 10.0, rect.y + 17.0, "label", &name))
}

/// What a path makes of one map, drawn as `rect`; `more` are attributes of the caller's.
pub(super) fn tile(answer: &Answer, index: usize, boundary: usize, rect: Rect, more: &str) -> String {
    let (path, map) = (&answer.paths[index], &answer.maps[boundary]);
    let (side, name) = (side(path, boundary), path_name(answer, index));
    // One stop a tile for the keyboard: its last map.
    let stop = boundary + 1 == path.first + path.regions.len();
    let focus = if stop { focusable(&format!("{name}, {}", map.label)) } else { String::new() };
    format!(
        r#"<rect class="tile {side}"{focus} data-path="{index}" data-block="{}" data-boundary="{boundary}"{more} {} {}><title>{}</title></rect>"#,
        path.block,
        spans(own_part(answer, index, boundary)),
        rect.attributes(),
        escaped(&format!("{name} · {} · {}", map.label, on_side(side))),
    )
}

fn tiles(answer: &Answer, layout: &Layout, index: usize) -> String {
    let path = &answer.paths[index];
    let first = if path.first == 0 { 0 } else { path.first + 1 };
    let name = path_name(answer, index);
    let mut svg = String::new();
    for boundary in first..path.first + path.regions.len() {
        let rect = layout.region(answer, boundary, own_part(answer, index, boundary));
        svg += &tile(answer, index, boundary, rect, "");
    }
    let boundary = path.first + path.cut;
    if path.sent > 0 && path.cut > 0 {
        let rect = layout.region(answer, boundary, own_part(answer, index, boundary));
        let (x, y) = (rect.x + rect.width / 2.0, rect.y + rect.height / 2.0);
        svg += &format!(
            r#"<path class="mark uplink" data-path="{index}" d="M{} {}l-4 6h8z"><title>{}</title></path>"#,
            px(x),
            px(y - 3.0),
            escaped(&format!("{name} crosses here: {}", units::bytes(path.sent)))
        );
    }
    svg
}

/// Where a part of a map is made, or that it is sent.
fn on_side(side: &str) -> &'static str {
    match side {
        "device" => "made on the device",
        "uplink" => "sent to the server",
        _ => "made on the server",
    }
}

/// The region that a path needs of every map back to its block's input, its halo hatched.
pub fn needs(answer: &Answer, index: usize) -> String {
    let Some(path) = answer.paths.get(index) else { return String::new() };
    let layout = Layout::new(answer);
    let mut svg = String::new();
    for (offset, &region) in path.regions.iter().enumerate() {
        let boundary = path.first + offset;
        let rect = layout.region(answer, boundary, region);
        let outline = rect.outline();
        if offset > 0 || path.first == 0 {
            let own = layout.region(answer, boundary, own_part(answer, index, boundary));
            svg += &format!(r#"<path class="halo" fill-rule="evenodd" d="{outline}{}"/>"#, inside(own, rect).outline());
        }
        svg += &format!(
            r#"<rect class="need" data-path="{index}" data-boundary="{boundary}" {} {}/>"#,
            spans(region),
            rect.attributes()
        );
    }
    svg
}

/// The part of a rectangle that lies inside another.
pub(super) fn inside(part: Rect, whole: Rect) -> Rect {
    let (x, y) = (part.x.max(whole.x), part.y.max(whole.y));
    let right = (part.x + part.width).min(whole.x + whole.width);
    let bottom = (part.y + part.height).min(whole.y + whole.height);
    Rect { x, y, width: (right - x).max(0.0), height: (bottom - y).max(0.0) }
}

/// What the diagram shows for a path, in words.
pub fn caption(answer: &Answer, index: usize) -> String {
    let Some(path) = answer.paths.get(index) else { return String::new() };
    if !is_split(answer, path.block) {
        return "No tile to point at: this part of the network is not split.".to_owned();
    }
    let (whole, tiles) = answer.block_macs(path.block);
    let more = 100.0 * (tiles as f64 / whole.max(1) as f64 - 1.0);
    let name = path_name(answer, index);
    let mut name = name.chars();
    let name: String = name.next().map(|c| c.to_ascii_uppercase()).into_iter().chain(name).collect();
    format!(
        "{name} needs the outlined regions; neighbours compute the hatched halo too: {} % more work for the block.",
        units::three(more)
    )
}
