//! The whole network as a strip, with the part that the diagram shows.

use super::super::is_split;
use super::super::svg::{Rect, escaped, open};
use super::View;
use crate::job::Answer;

const HEIGHT: f64 = 46.0;
const SIDE: f64 = 12.0;

/// A bar a stage, as tall as its map's side (to the root); the part shown stands out.
pub fn overview(answer: &Answer, view: &View) -> String {
    let stages = answer.maps.len().saturating_sub(1).max(1);
    let longest = answer.maps.iter().map(|map| map.height.max(map.width)).max().unwrap_or(1);
    let each = (view.width - 2.0 * SIDE) / stages as f64;
    let mut svg = open(view.width, HEIGHT, view.width, "The whole network; the part shown above stands out");
    for (index, block) in answer.blocks.iter().enumerate() {
        let (first, count) = (block.first_stage as f64, (block.last_stage + 1 - block.first_stage) as f64);
        let band = Rect { x: SIDE + each * first, y: 2.0, width: each * count - 1.0, height: HEIGHT - 4.0 };
        let class = if is_split(answer, index) { "band fused" } else { "band" };
        svg += &format!(r#"<rect class="{class}" rx="4" {}/>"#, band.attributes());
    }
    for stage in 0..stages {
        let Some(map) = answer.maps.get(stage + 1) else { break };
        let height = ((HEIGHT - 18.0) * (f64::from(map.height) / f64::from(longest.max(1))).sqrt()).max(2.0);
        let inset = (each * 0.15).min(3.0);
        let bar = Rect {
            x: SIDE + each * stage as f64 + inset,
            y: HEIGHT / 2.0 - height / 2.0,
            width: each - 2.0 * inset,
            height,
        };
        svg += &format!(
            r#"<rect class="stage-bar" data-overview-stage="{stage}" {}><title>{} · {}</title></rect>"#,
            bar.attributes(),
            stage + 1,
            escaped(&map.label)
        );
    }
    let range = view.range(answer);
    let brush = Rect {
        x: SIDE + each * range.start as f64,
        y: 1.0,
        width: each * (range.end - range.start) as f64,
        height: HEIGHT - 2.0,
    };
    svg += &format!(
        r#"<rect class="brush" rx="4" tabindex="0" role="slider" aria-label="Stages shown" aria-valuemin="1" aria-valuemax="{stages}" aria-valuenow="{}" aria-valuetext="stages {} to {}" data-first-stage="{}" data-end-stage="{}" {}/>"#,
        range.start + 1,
        range.start + 1,
        range.end,
        range.start,
        range.end,
        brush.attributes()
    );
    svg + "</svg>"
}
