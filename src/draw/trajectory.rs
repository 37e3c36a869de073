//! The search that can be replayed: best, mean and spread by iteration, each improvement to be selected.
//!
//! [`super::convergence`] is what the page shows first; this is what it becomes once somebody touches it.

use super::scale::Scale;
use super::svg::{line, open, px, text};
use super::units;
use crate::job::{SearchPoint, Searched};

const HEIGHT: f64 = 190.0;
const BOTTOM: f64 = HEIGHT - 30.0;
const LEFT: f64 = 66.0;

/// Where plans and times lie: times on a logarithmic scale, for particles start far from the best.
struct Axes {
    across: Scale,
    lowest: f64,
    highest: f64,
}

impl Axes {
    fn new(searched: &Searched, width: f64) -> Self {
        let points = &searched.points;
        let last = points.last().map_or(1, |point| point.evaluations);
        let first = searched.improvements.iter().map(|improvement| improvement.found.makespan.0 as f64);
        let upper = |point: &SearchPoint| upper(point).max(point.best_ns as f64);
        let highest = points.iter().map(upper).chain(first).fold(1.0, f64::max);
        let lowest = points.iter().map(|point| point.best_ns as f64).fold(highest, f64::min).max(1.0);
        let across = Scale { most: last.max(1) as f64, start: LEFT, end: width - 24.0 };
        Self { across, lowest: lowest * 0.98, highest: highest.max(lowest * 1.1) }
    }

    /// Where a number of plans lies: on a scale of roots, for most improvements come early.
    fn x(&self, evaluations: u64) -> f64 {
        self.across.px((evaluations as f64 * self.across.most).sqrt())
    }

    /// Round numbers of plans, further apart towards the end.
    fn marks(&self) -> Vec<u64> {
        let most = self.across.most as u64;
        let mut marks = vec![0, most];
        let mut power = 1u64;
        while power < most {
            for mark in [power, 2 * power, 5 * power] {
                let room = |other: &u64| (self.x(mark) - self.x(*other)).abs() > 44.0;
                if mark < most && marks.iter().all(room) {
                    marks.push(mark);
                }
            }
            power = power.saturating_mul(10);
        }
        marks
    }

    fn y(&self, ns: f64) -> f64 {
        let share = (ns.max(self.lowest) / self.lowest).ln() / (self.highest / self.lowest).ln();
        BOTTOM - 4.0 - share * (BOTTOM - 18.0)
    }

    /// Times for the axis: 1, 2 or 5 times powers of ten where those are few, else the two ends.
    fn ticks(&self) -> Vec<u64> {
        let mut ticks = Vec::new();
        let mut power = 1u64;
        while power as f64 <= self.highest && ticks.len() < 20 {
            let inside = |ns: &u64| (self.lowest..=self.highest).contains(&(*ns as f64));
            ticks.extend([power, 2 * power, 5 * power].into_iter().filter(inside));
            power = power.saturating_mul(10);
        }
        if ticks.len() < 2 { vec![(self.lowest / 0.98) as u64, self.highest as u64] } else { ticks }
    }
}

/// One standard deviation above the mean, at most the worst particle.
fn upper(point: &SearchPoint) -> f64 {
    point.mean_ns.saturating_add(point.deviation_ns).min(point.worst_ns) as f64
}

/// One standard deviation below the mean, at least the least particle.
fn lower(point: &SearchPoint) -> f64 {
    point.mean_ns.saturating_sub(point.deviation_ns).max(point.least_ns) as f64
}

/// The whole chart; `current` is the improvement shown in the other figures, if one is.
pub fn svg(searched: &Searched, width: f64, current: Option<usize>) -> String {
    let mut svg = open(width, HEIGHT, width, "The swarm's best, mean and spread over the plans it evaluated");
    let points = &searched.points;
    if points.is_empty() {
        svg += &text(width / 2.0, HEIGHT / 2.0, "label middle", "Nothing to search: the first plan is proven best.");
        return svg + "</svg>";
    }
    let axes = Axes::new(searched, width);
    svg += &frame(&axes, searched.lower_bound.0);
    if points.len() > 1 {
        svg += &band(&axes, points);
        svg += &curve(&axes, points, "mean", &|point| point.mean_ns as f64);
    }
    svg += &steps(&axes, searched);
    for (index, improvement) in searched.improvements.iter().enumerate() {
        let (x, y) = (axes.x(improvement.evaluations), axes.y(improvement.found.makespan.0 as f64));
        let is_current = current == Some(index);
        let what = improvement_words(searched, index);
        svg += &format!(
            r#"<circle class="improvement{}" tabindex="0" role="button" aria-pressed="{is_current}" data-improvement="{index}" data-iteration="{}" data-evaluations="{}" data-makespan-ns="{}" cx="{}" cy="{}" r="{}" aria-label="{what}"><title>{what}</title></circle>"#,
            if is_current { " current" } else { "" },
            improvement.iteration,
            improvement.evaluations,
            improvement.found.makespan.0,
            px(x),
            px(y),
            if is_current { "6" } else { "4" }
        );
    }
    svg + "</svg>"
}

/// One improvement in words.
pub fn improvement_words(searched: &Searched, index: usize) -> String {
    let Some(improvement) = searched.improvements.get(index) else { return String::new() };
    let when = match improvement.iteration {
        0 => "while the swarm is seeded".to_owned(),
        iteration => format!("in iteration {iteration}"),
    };
    format!(
        "Improvement {} of {}: {}, {when}, after {} plans",
        index + 1,
        searched.improvements.len(),
        units::time(improvement.found.makespan.0),
        units::grouped(improvement.evaluations)
    )
}

fn frame(axes: &Axes, bound_ns: u64) -> String {
    let (start, end) = (axes.across.start, axes.across.end);
    let mut svg = String::new();
    for ns in axes.ticks() {
        let y = axes.y(ns as f64);
        svg += &line((start, y), (end, y), "grid");
        svg += &text(start - 6.0, y + 4.0, "label end", &units::time(ns));
    }
    if bound_ns as f64 >= axes.lowest {
        let y = axes.y(bound_ns as f64);
        svg += &line((start, y), (end, y), "dashed");
    }
    svg += &line((start, BOTTOM), (end, BOTTOM), "axis");
    for plans in axes.marks() {
        let x = axes.x(plans);
        svg += &line((x, BOTTOM), (x, BOTTOM + 4.0), "axis");
        svg += &text(x, HEIGHT - 15.0, "label middle", &units::grouped(plans));
    }
    svg + &text(end, HEIGHT - 2.0, "label end", "plans evaluated, scale of roots")
}

/// One standard deviation around the mean, within the least and the worst particle.
fn band(axes: &Axes, points: &[SearchPoint]) -> String {
    let mut data = String::new();
    for (index, point) in points.iter().enumerate() {
        let command = if index == 0 { 'M' } else { 'L' };
        data += &format!("{command}{} {}", px(axes.x(point.evaluations)), px(axes.y(upper(point))));
    }
    for point in points.iter().rev() {
        data += &format!("L{} {}", px(axes.x(point.evaluations)), px(axes.y(lower(point))));
    }
    format!(r#"<path class="spread" data-points="{}" d="{data}z"/>"#, points.len())
}

fn curve(axes: &Axes, points: &[SearchPoint], kind: &str, value: &dyn Fn(&SearchPoint) -> f64) -> String {
    let mut data = String::new();
    for (index, point) in points.iter().enumerate() {
        let command = if index == 0 { 'M' } else { 'L' };
        data += &format!("{command}{} {}", px(axes.x(point.evaluations)), px(axes.y(value(point))));
    }
    format!(r#"<path class="curve {kind}" data-kind="{kind}" data-points="{}" d="{data}"/>"#, points.len())
}

/// The best plan over time: it stays until the next improvement.
fn steps(axes: &Axes, searched: &Searched) -> String {
    let mut data = String::new();
    for improvement in &searched.improvements {
        let (x, y) = (axes.x(improvement.evaluations), axes.y(improvement.found.makespan.0 as f64));
        data += &match data.is_empty() {
            true => format!("M{} {}", px(x), px(y)),
            false => format!("H{}V{}", px(x), px(y)),
        };
    }
    data += &format!("H{}", px(axes.across.end));
    let best = searched.improvements.last().map_or(0, |improvement| improvement.found.makespan.0);
    let label = text(axes.across.end, axes.y(best as f64) - 8.0, "label end strong halo-text", &units::time(best));
    let label = if searched.improvements.len() > 1 { label } else { String::new() };
    format!(
        r#"{label}<path class="curve best" data-kind="best" data-points="{}" d="{data}"/>"#,
        searched.improvements.len()
    )
}

/// The search in words.
pub fn sentence(searched: &Searched) -> String {
    let (Some(first), Some(last)) = (searched.improvements.first(), searched.improvements.last()) else {
        return "The search found no plan better than the first.".to_owned();
    };
    let evaluations = units::grouped(searched.points.last().map_or(0, |point| point.evaluations));
    if searched.improvements.len() == 1 {
        let time = units::time(first.found.makespan.0);
        return format!("The first plan, {time}, stayed the best of {evaluations} evaluated.");
    }
    format!(
        "From {} to {} in {}, over {} iterations and {evaluations} plans; the last one after {} plans.",
        units::time(first.found.makespan.0),
        units::time(last.found.makespan.0),
        match searched.improvements.len() - 1 {
            1 => "one improvement".to_owned(),
            count => format!("{count} improvements"),
        },
        searched.points.len().saturating_sub(1),
        units::grouped(last.evaluations)
    )
}
