//! The timeline that can be looked into: any window of time, every gap with its reason, the critical
//! path, and another plan beneath on the same scale.
//!
//! [`super::timeline`] is what the page shows first; this is what it becomes once somebody touches it.

mod beneath;
mod lanes;
mod sentence;
mod window;

pub use beneath::Beneath;
pub use sentence::sentence;
pub use window::{Tick, Window};

use super::svg::{line, open, px, text};
use super::timeline::{Lane, lanes};
use super::{escaped, units};
use crate::job::{Anatomy, Answer};
use lanes::Lanes;

const LEFT: f64 = 62.0;
const RIGHT: f64 = 26.0;
const TOP: f64 = 26.0;
const LANE: f64 = 24.0;
/// Between the plan and the one beneath.
const BETWEEN: f64 = 58.0;

/// How the timeline is looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    /// The time shown, in the drawing's pixels.
    pub window: Window,
    /// Width of the drawing.
    pub width: f64,
    /// Whether the critical path is drawn.
    pub critical: bool,
}

impl View {
    /// All of time of a plan and of the one beneath.
    pub fn fit(answer: &Answer, beneath: Option<&Beneath>, width: f64) -> Self {
        let end = whole_ns(answer, beneath);
        Self { window: Window::fit(end, LEFT, (width - RIGHT).max(LEFT + 1.0)), width, critical: true }
    }
}

/// When the last operation of both plans ends.
pub fn whole_ns(answer: &Answer, beneath: Option<&Beneath>) -> u64 {
    answer.makespan_ns.max(beneath.map_or(0, Beneath::end_ns)).max(1)
}

/// The whole timeline.
pub fn svg(answer: &Answer, anatomy: &Anatomy, view: &View, beneath: Option<&Beneath>) -> String {
    let lanes = lanes(answer);
    let group = LANE * lanes.len() as f64;
    let second = TOP + group + BETWEEN;
    let height = if beneath.is_some() { second + group + 22.0 } else { TOP + group + 24.0 };
    let window = view.window;
    let mut svg = open(view.width, height, view.width, "Operations and waits over time");
    svg += &patterns(view);
    svg += &axis(view, height);
    svg += &lane_names(&lanes, TOP);
    svg += r#"<g clip-path="url(#time-window)">"#;
    let own = Lanes { answer, view, top: TOP };
    svg += &own.plan(&lanes, anatomy);
    if let Some(other) = beneath {
        svg += &other.bars(view, &lanes, second);
    }
    svg += &own.end(group, answer.makespan_ns, answer.method.id());
    if let Some(other) = beneath {
        svg += &other.saved(answer, view, TOP + group, second, group);
    }
    svg += "</g>";
    if let Some(other) = beneath {
        svg += &lane_names(&lanes, second);
        let room = ((view.width - LEFT) / 6.2) as usize;
        let cut = other.title.chars().count() > room;
        let shown: String = other.title.chars().take(if cut { room.saturating_sub(1) } else { room }).collect();
        svg += &text(LEFT, second - 7.0, "label", &if cut { shown + "…" } else { shown });
    }
    let (from, to) = (window.from_ns, window.to_ns);
    svg + &format!(r#"<g class="playhead" data-from-ns="{from}" data-to-ns="{to}"></g></svg>"#)
}

/// The playhead's line and its handle at a time, for the group of that class; none outside the window.
pub fn playhead(view: &View, ns: u64, height: f64) -> String {
    if ns < view.window.from_ns || ns > view.window.to_ns {
        return String::new();
    }
    let x = view.window.px(ns);
    let handle = format!("M{} 4h10v8l-5 6l-5 -6z", px(x - 5.0));
    let now = line((x, 16.0), (x, height - 4.0), "now");
    format!(r#"{now}<path class="handle" data-ns="{ns}" d="{handle}"><title>{}</title></path>"#, units::time(ns))
}

/// Fills and the clip of the window; bars and waits differ by pattern as well as by colour.
fn patterns(view: &View) -> String {
    let (left, right) = (view.window.left, view.window.right);
    format!(
        r#"{}<clipPath id="time-window"><rect x="{}" y="0" width="{}" height="9999"/></clipPath></defs>"#,
        super::rich_patterns(),
        px(left - 1.0),
        px(right - left + RIGHT)
    )
}

fn axis(view: &View, height: f64) -> String {
    let Window { left, right, .. } = view.window;
    let (ticks, unit) = view.window.ticks((((right - left) / 78.0) as u32).max(2));
    let mut svg = String::from(r#"<g class="axis-labels" aria-hidden="true">"#);
    for Tick { ns, label } in &ticks {
        let x = view.window.px(*ns);
        svg += &line((x, TOP - 6.0), (x, height - 4.0), "grid");
        svg += &text(x, 14.0, "label middle", label);
    }
    // In front of the labels, where no label ever stands.
    svg += &text(2.0, 14.0, "label", &format!("time, {unit}"));
    svg + "</g>"
}

fn lane_names(lanes: &[Lane], top: f64) -> String {
    let mut svg = String::new();
    for (index, lane) in lanes.iter().enumerate() {
        let y = top + LANE * index as f64 + LANE / 2.0 + 4.0;
        svg += &text(2.0, y, "label ink", &escaped(&lane.name()));
    }
    svg
}
