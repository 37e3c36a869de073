//! Convergence: the swarm's best and mean makespan over the plans it evaluated.

use super::scale::Scale;
use super::svg::{line, open, px, text};
use super::units;
use crate::job::Answer;

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 150.0;
const BOTTOM: f64 = HEIGHT - 24.0;

/// The whole chart.
pub fn svg(answer: &Answer) -> String {
    let mut svg = open(WIDTH, HEIGHT, WIDTH, "The swarm's best and mean over its evaluations");
    let points = &answer.search;
    let last = points.last().map_or(0, |point| point.evaluations);
    if points.len() < 2 {
        svg += &text(WIDTH / 2.0, HEIGHT / 2.0, "label middle", "Nothing to search: the seeds are proven best.");
        return svg + "</svg>";
    }
    let highest = points.iter().map(|p| p.mean_ns.max(p.best_ns) as f64).fold(1.0, f64::max);
    let lowest = points.iter().map(|p| p.best_ns as f64).fold(highest, f64::min);
    let across = Scale { most: last as f64, start: 62.0, end: WIDTH - 24.0 };
    let room = (highest - lowest).max(highest * 1e-3);
    let up = |ns: f64| BOTTOM - 8.0 - (ns - lowest) / room * (BOTTOM - 22.0);
    for (ns, class) in [(highest, "grid"), (lowest, "grid")] {
        svg += &line((across.start, up(ns)), (across.end, up(ns)), class);
        svg += &text(across.start - 6.0, up(ns) + 4.0, "label end", &units::time(ns as u64));
    }
    svg += &line((across.start, BOTTOM), (across.end, BOTTOM), "axis");
    for tick in across.ticks(5) {
        svg += &text(across.px(tick), HEIGHT - 8.0, "label middle", &units::grouped(tick as u64));
    }
    let curve = |kind: &str, value: &dyn Fn(usize) -> f64| {
        let mut data = String::new();
        for (index, point) in points.iter().enumerate() {
            let command = if index == 0 { 'M' } else { 'L' };
            data += &format!("{command}{} {}", px(across.px(point.evaluations as f64)), px(up(value(index))));
        }
        format!(r#"<path class="curve {kind}" data-kind="{kind}" data-points="{}" d="{data}"/>"#, points.len())
    };
    svg += &curve("mean", &|index| points[index].mean_ns as f64);
    svg += &curve("best", &|index| points[index].best_ns as f64);
    svg + "</svg>"
}

/// What the chart shows, in words.
pub fn caption(answer: &Answer) -> String {
    let last = answer.search.last().map_or(0, |point| point.evaluations);
    format!("best (line) and mean (dashed) of the swarm over {} evaluated plans", units::grouped(last))
}
