//! The comparison: every method's makespan as a bar, the bounds as lines.

use super::scale::Scale;
use super::svg::{Rect, escaped, line, open, text};
use super::{method_name, units};
use crate::formats::Method;
use crate::job::{Answer, MethodPart};

const WIDTH: f64 = 440.0;
const LEFT: f64 = 84.0;
const ROW: f64 = 24.0;

/// The whole chart.
pub fn svg(answer: &Answer) -> String {
    let rows = answer.methods.len() as f64;
    let most = answer.methods.iter().map(|part| part.makespan_ns).max().unwrap_or(1).max(1);
    let scale = Scale { most: most as f64, start: LEFT, end: WIDTH - 112.0 };
    let height = ROW * rows + 34.0;
    let mut svg = open(WIDTH, height, WIDTH, "Inference time by method");
    for (index, part) in answer.methods.iter().enumerate() {
        svg += &bar(answer, part, &scale, ROW * index as f64 + 4.0);
    }
    if let Some(fluid) = answer.fluid_ns {
        svg += &bound(&scale, "fluid", fluid, "fluid bound", ROW * rows + 6.0);
    }
    svg + "</svg>"
}

fn bar(answer: &Answer, part: &MethodPart, scale: &Scale, y: f64) -> String {
    let name = method_name(part.method);
    let width = (scale.px(part.makespan_ns as f64) - LEFT).max(2.0);
    let rect = Rect { x: LEFT, y: y + 2.0, width, height: ROW - 8.0 };
    let class = match part.method {
        Method::DeviceOnly | Method::ServerOnly => "bar plain",
        Method::Nfl | Method::Mw => "bar old",
        _ => "bar new",
    };
    let proven = part.makespan_ns == answer.makespan_ns && answer.proven_optimal;
    let note = if proven { " · proven best" } else { "" };
    let time = units::time(part.makespan_ns);
    let what = format!("{name}: {time}, {} plans evaluated", units::grouped(part.evaluations));
    format!(
        r#"<rect class="{class}" rx="2" data-method="{}" data-makespan-ns="{}" {}><title>{}</title></rect>{}{}"#,
        part.method.id(),
        part.makespan_ns,
        rect.attributes(),
        escaped(&what),
        text(2.0, y + 14.0, if part.method == answer.method { "label ink strong" } else { "label ink" }, name),
        text(LEFT + width + 6.0, y + 14.0, "label ink", &format!("{time}{note}")),
    )
}

fn bound(scale: &Scale, kind: &str, ns: u64, name: &str, bottom: f64) -> String {
    let x = scale.px(ns as f64);
    format!(
        r#"<g class="bound" data-bound="{kind}" data-ns="{ns}">{}{}</g>"#,
        line((x, 0.0), (x, bottom), "dashed"),
        text(x, bottom + 14.0, "label middle", &format!("{name} {}", units::time(ns)))
    )
}
