//! The assignment diagram: paths in order × stages; device, crossing, server.

use super::svg::{Rect, escaped, focusable, open, px, text};
use super::{path_name, units};
use crate::job::Answer;

const WIDTH: f64 = 440.0;
const LEFT: f64 = 74.0;
const TOP: f64 = 22.0;

/// The whole diagram.
pub fn svg(answer: &Answer) -> String {
    let stages = answer.maps.len() - 1;
    let rows = answer.order.len().max(1);
    let cell = ((WIDTH - LEFT - 14.0) / stages as f64).min(22.0);
    let row = (210.0 / rows as f64).clamp(9.0, 24.0);
    let height = TOP + row * rows as f64 + 6.0;
    let mut svg = open(WIDTH, height, WIDTH, "Paths in order, by stage");
    svg += super::svg_patterns();
    let every = (18.0 / cell).ceil() as usize;
    for stage in (0..stages).step_by(every.max(1)) {
        svg += &text(LEFT + cell * (stage as f64 + 0.5), 14.0, "label middle", &(stage + 1).to_string());
    }
    for (position, &path) in answer.order.iter().enumerate() {
        let y = TOP + row * position as f64;
        let name = format!("{} {}", position + 1, path_name(answer, path));
        let class = if row < 12.0 { "label tiny ink row-name" } else { "label ink row-name" };
        svg += &format!(
            r#"<text x="2" y="{}" class="{class}" data-path="{path}">{}</text>"#,
            px(y + row / 2.0 + 3.5),
            escaped(&name)
        );
        svg += &cells(answer, path, y, cell, row);
    }
    svg + "</svg>"
}

fn cells(answer: &Answer, index: usize, y: f64, cell: f64, row: f64) -> String {
    let path = &answer.paths[index];
    let stages = answer.maps.len() - 1;
    let inset = if cell > 10.0 { 1.5 } else { 0.6 };
    let last = path.first + path.regions.len() - 1;
    let mut svg = String::new();
    for stage in 0..stages {
        let rect = Rect {
            x: LEFT + cell * stage as f64 + inset,
            y: y + inset,
            width: cell - 2.0 * inset,
            height: row - 2.0 * inset,
        };
        if !(path.first..last).contains(&stage) {
            svg += &format!(r#"<rect class="nothing" rx="2" {}/>"#, rect.attributes());
            continue;
        }
        let side = if stage < path.first + path.cut { "device" } else { "server" };
        let label = format!("{}, {}: {side}", path_name(answer, index), answer.maps[stage + 1].label);
        let focus = if stage == path.first { focusable(&label) } else { String::new() };
        svg += &format!(
            r#"<rect class="cell {side}"{focus} rx="2" data-path="{index}" data-stage="{stage}" data-side="{side}" {}><title>{}</title></rect>"#,
            rect.attributes(),
            escaped(&label)
        );
    }
    svg + &crossing(answer, index, y, cell, row)
}

/// Where a path's data goes up.
fn crossing(answer: &Answer, index: usize, y: f64, cell: f64, row: f64) -> String {
    let path = &answer.paths[index];
    if path.sent == 0 {
        return String::new();
    }
    let x = LEFT + cell * (path.first + path.cut) as f64;
    let (radius, middle) = ((row / 4.0).min(5.0), y + row / 2.0);
    let what = format!("{} sends {}", path_name(answer, index), units::bytes(path.sent));
    format!(
        r#"<g class="crossing" data-path="{index}" data-cut="{}" data-bytes="{}"><title>{}</title><path class="bar-line" d="M{} {}v{}"/><circle cx="{}" cy="{}" r="{}"/><path class="arrow" d="M{} {}l{} {}h{}z"/></g>"#,
        path.cut,
        path.sent,
        escaped(&what),
        px(x),
        px(y + 1.0),
        px(row - 2.0),
        px(x),
        px(middle),
        px(radius),
        px(x),
        px(middle - radius * 0.6),
        px(-radius * 0.5),
        px(radius),
        px(radius),
    )
}
