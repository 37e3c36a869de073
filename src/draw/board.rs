//! The assignment diagram that can be changed: cuts to drag, a plan made by hand, what is wrong with it.
//!
//! [`super::assignment`] is what the page shows first; this is what it becomes once somebody touches it.

use super::svg::{Rect, escaped, focusable, open, px, text};
use super::{path_name, units, words};
use crate::job::{Answer, PathPart};
use crate::schedule::Invalid;

const LEFT: f64 = 84.0;
const TOP: f64 = 34.0;

/// How the assignment is looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    /// Width of the drawing.
    pub width: f64,
    /// Height that the rows share; rows are 9 to 24 pixels high, so many paths take more.
    pub height: f64,
    /// Whether cuts have handles to drag.
    pub handles: bool,
}

/// Where cells lie.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cells {
    /// Width of a cell.
    pub cell: f64,
    /// Height of a row.
    pub row: f64,
    /// Left edge of the first stage.
    pub left: f64,
    /// Upper edge of the first row.
    pub top: f64,
}

impl Cells {
    /// The cells of an answer.
    pub fn new(answer: &Answer, view: &View) -> Self {
        let stages = answer.maps.len().saturating_sub(1).max(1);
        let rows = answer.order.len().max(1);
        let cell = ((view.width - LEFT - 12.0) / stages as f64).min(26.0);
        Self { cell, row: ((view.height - TOP) / rows as f64).clamp(9.0, 24.0), left: LEFT, top: TOP }
    }

    /// The boundary nearest to a place: where a dragged cut falls.
    pub fn boundary(&self, x: f64) -> usize {
        ((x - self.left) / self.cell).round().max(0.0) as usize
    }

    /// The place in the order at a height.
    pub fn position(&self, y: f64) -> usize {
        ((y - self.top) / self.row).floor().max(0.0) as usize
    }
}

/// The path that a fault is about.
pub fn path_of(fault: Invalid) -> Option<usize> {
    match fault {
        Invalid::Count { .. } => None,
        Invalid::NotAnOrder { path }
        | Invalid::CutTooLate { path, .. }
        | Invalid::BeforeItsNeeds { path, .. }
        | Invalid::BackFromServer { path, .. } => Some(path),
    }
}

/// A fault in words, with what to do about it.
pub fn fault(answer: &Answer, fault: Invalid) -> String {
    let name = |path: usize| match path < answer.paths.len() {
        true => words::noun(answer, path),
        false => format!("path {}", path + 1),
    };
    let sentence = match fault {
        Invalid::Count { paths, .. } => format!("the plan has {paths} paths: each needs one place and one cut"),
        Invalid::NotAnOrder { path } => format!("{} has to stand in the order exactly once", name(path)),
        Invalid::CutTooLate { path, len, .. } => format!("{} has only {len} stages to cut after", name(path)),
        Invalid::BeforeItsNeeds { path, needs } => {
            format!("{} reads what {} makes: move it behind that one", name(path), name(needs))
        }
        Invalid::BackFromServer { path, needs } => format!(
            "{path} starts on the device, but {needs}, which it reads, ends on the server, and nothing comes back: \
             keep {needs} on the device, or leave all of {path} to the server",
            path = name(path),
            needs = name(needs)
        ),
    };
    words::capital(&sentence) + "."
}

/// The whole diagram.
pub fn svg(answer: &Answer, view: &View) -> String {
    let cells = Cells::new(answer, view);
    let stages = answer.maps.len().saturating_sub(1);
    let rows = answer.order.len();
    let height = TOP + cells.row * rows as f64 + 6.0;
    let mut svg = open(view.width, height, view.width, "Paths in order, by stage: device, crossing, server");
    svg += super::rich_patterns();
    svg += "</defs>";
    svg += &bands(answer, &cells, height);
    svg += &text(2.0, 14.0, "label", "order, path");
    let every = ((24.0 / cells.cell).ceil() as usize).max(1);
    for stage in (0..stages).step_by(every) {
        let x = cells.left + cells.cell * (stage as f64 + 0.5);
        svg += &text(x, TOP - 6.0, "label middle", &(stage + 1).to_string());
    }
    for (position, &path) in answer.order.iter().enumerate() {
        if let Some(part) = answer.paths.get(path) {
            svg += &row(answer, &cells, view, position, path, part);
        }
    }
    svg + "</svg>"
}

/// The stages of each block, behind the cells.
fn bands(answer: &Answer, cells: &Cells, height: f64) -> String {
    let mut svg = String::new();
    for (index, block) in answer.blocks.iter().enumerate() {
        let split = super::is_split(answer, index);
        let x = cells.left + cells.cell * block.first_stage as f64;
        let width = cells.cell * (block.last_stage + 1 - block.first_stage) as f64;
        let band = Rect { x, y: 2.0, width, height: height - 4.0 };
        let class = if split { "band fused" } else { "band" };
        svg += &format!(r#"<rect class="{class}" rx="4" data-block="{index}" {}/>"#, band.attributes());
        let name = if split { "fused" } else { "not split" };
        if width > 6.2 * name.len() as f64 + 8.0 {
            svg += &text(x + 5.0, 14.0, "label tiny", name);
        }
    }
    svg
}

fn row(answer: &Answer, cells: &Cells, view: &View, position: usize, index: usize, path: &PathPart) -> String {
    let y = cells.top + cells.row * position as f64;
    let size = if cells.row < 12.0 { "label tiny" } else { "label" };
    let name = path_name(answer, index);
    let wrong: Vec<Invalid> = answer.faults.iter().copied().filter(|fault| path_of(*fault) == Some(index)).collect();
    let mut svg = format!(
        r#"<text x="2" y="{}" class="{size} ink row-name" data-path="{index}" data-position="{position}">{} {}</text>"#,
        px(y + cells.row / 2.0 + 3.5),
        position + 1,
        escaped(&name)
    );
    for stage in path.first..path.first + path.regions.len().saturating_sub(1) {
        svg += &cell(answer, cells, y, index, stage, &wrong);
    }
    svg += &crossing(answer, cells, y, index);
    if view.handles {
        svg += &handle(answer, cells, y, index);
    }
    for fault in wrong {
        svg += &cross(answer, cells, y, path, fault);
    }
    svg
}

fn cell(answer: &Answer, cells: &Cells, y: f64, index: usize, stage: usize, wrong: &[Invalid]) -> String {
    let path = &answer.paths[index];
    let inset = if cells.cell > 10.0 && cells.row > 12.0 { 1.5 } else { 0.5 };
    let rect = Rect {
        x: cells.left + cells.cell * stage as f64 + inset,
        y: y + inset,
        width: cells.cell - 2.0 * inset,
        height: cells.row - 2.0 * inset,
    };
    let side = if stage < path.first + path.cut { "device" } else { "server" };
    let label = answer.maps.get(stage + 1).map_or("", |map| map.label.as_str());
    let what = format!("{}, stage {}, {label}: {side}", path_name(answer, index), stage + 1);
    let focus = if stage == path.first { focusable(&what) } else { String::new() };
    let bad = wrong.iter().any(|fault| match fault {
        Invalid::BackFromServer { .. } => side == "device",
        _ => true,
    });
    format!(
        r#"<rect class="cell {side}{}"{focus} rx="2" data-path="{index}" data-stage="{stage}" data-side="{side}" {}><title>{}</title></rect>"#,
        if bad { " invalid" } else { "" },
        rect.attributes(),
        escaped(&what)
    )
}

/// Where a path's data goes up: a bar through the row, with an arrow where there is room.
fn crossing(answer: &Answer, cells: &Cells, y: f64, index: usize) -> String {
    let path = &answer.paths[index];
    if path.sent == 0 {
        return String::new();
    }
    let x = cells.left + cells.cell * (path.first + path.cut) as f64;
    let (radius, middle) = ((cells.row / 4.0).min(5.0), y + cells.row / 2.0);
    let what = format!("{} sends {}", path_name(answer, index), units::bytes(path.sent));
    let mut svg = format!(
        r#"<g class="crossing" data-path="{index}" data-cut="{}" data-bytes="{}"><title>{}</title><path class="bar-line" d="M{} {}v{}"/>"#,
        path.cut,
        path.sent,
        escaped(&what),
        px(x),
        px(y + 1.0),
        px(cells.row - 2.0)
    );
    svg += &format!(r#"<circle cx="{}" cy="{}" r="{}"/>"#, px(x), px(middle), px(radius));
    svg += &format!(
        r#"<path class="arrow" d="M{} {}l{} {}h{}z"/></g>"#,
        px(x),
        px(middle - radius * 0.6),
        px(-radius * 0.5),
        px(radius),
        px(radius)
    );
    svg
}

/// What is dragged, or moved by arrow keys, to cut a path elsewhere: a slider over its stages.
fn handle(answer: &Answer, cells: &Cells, y: f64, index: usize) -> String {
    let path = &answer.paths[index];
    let len = path.regions.len().saturating_sub(1);
    let rect =
        Rect { x: cells.left + cells.cell * (path.first + path.cut) as f64 - 6.0, y, width: 12.0, height: cells.row };
    let name = path_name(answer, index);
    let place = match path.cut {
        0 => "all on the server".to_owned(),
        cut if cut == len => "all on the device".to_owned(),
        cut => {
            let map = answer.maps.get(path.first + cut);
            format!("cut after {}", map.map_or("", |map| map.label.as_str()))
        }
    };
    format!(
        r#"<rect class="cut-handle" tabindex="0" role="slider" aria-label="Cut of {}" aria-valuemin="0" aria-valuemax="{len}" aria-valuenow="{}" aria-valuetext="{}" data-path="{index}" data-cut="{}" data-first-stage="{}" data-len="{len}" {}/>"#,
        escaped(&name),
        path.cut,
        escaped(&place),
        path.cut,
        path.first,
        rect.attributes()
    )
}

/// The mark of a fault on the cell it is about: the first of the path, on either side of what is wrong.
fn cross(answer: &Answer, cells: &Cells, y: f64, path: &PathPart, wrong: Invalid) -> String {
    let id = match wrong {
        Invalid::Count { .. } => "count",
        Invalid::NotAnOrder { .. } => "order",
        Invalid::CutTooLate { .. } => "cut",
        Invalid::BeforeItsNeeds { .. } => "before",
        Invalid::BackFromServer { .. } => "back",
    };
    let needs = match wrong {
        Invalid::BeforeItsNeeds { needs, .. } | Invalid::BackFromServer { needs, .. } => {
            format!(r#" data-needs="{needs}""#)
        }
        _ => String::new(),
    };
    let size = (cells.row.min(cells.cell) / 3.5).max(2.0);
    let (x, middle) = (cells.left + cells.cell * (path.first as f64 + 0.5), y + cells.row / 2.0);
    format!(
        r#"<g class="fault" data-fault="{id}" data-path="{}" data-stage="{}"{needs}><title>{}</title><path d="M{} {}l{} {}m0 {}l{} {}"/></g>"#,
        path_of(wrong).unwrap_or(0),
        path.first,
        escaped(&fault(answer, wrong)),
        px(x - size),
        px(middle - size),
        px(2.0 * size),
        px(2.0 * size),
        px(-2.0 * size),
        px(-2.0 * size),
        px(2.0 * size)
    )
}

/// The plan in words: how many paths stay, leave and are cut between, and what is wrong.
pub fn sentence(answer: &Answer) -> String {
    let len = |path: &PathPart| path.regions.len().saturating_sub(1);
    let of = |is: &dyn Fn(&PathPart) -> bool| answer.paths.iter().filter(|path| is(path)).count();
    let (server, device) = (of(&|path| path.cut == 0), of(&|path| path.cut == len(path) && path.cut > 0));
    let cut = answer.paths.len() - server - device;
    let all = answer.paths.len();
    let mut parts = Vec::new();
    for (count, what) in
        [(device, "all on the device"), (cut, "cut between device and server"), (server, "all on the server")]
    {
        if count > 0 {
            parts.push(format!("{count} {what}"));
        }
    }
    let paths = if all == 1 { "path" } else { "paths" };
    let stages = answer.maps.len().saturating_sub(1);
    let mut sentence = format!("{all} {paths} over {stages} stages: {}.", parts.join(", "));
    for &wrong in &answer.faults {
        sentence += " ";
        sentence += &fault(answer, wrong);
    }
    sentence
}
