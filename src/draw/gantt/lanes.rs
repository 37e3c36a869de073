//! The lanes of one plan: its bars, its gaps and its critical path.

use super::super::svg::{LETTER, Rect, escaped, line, px, text};
use super::super::timeline::Lane;
use super::super::{moment, path_name, units, words};
use super::{LANE, View};
use crate::formats::OperationFile;
use crate::job::{Anatomy, Answer};
use crate::schedule::{Gap, Reason, Which};

/// Bars narrower than this, in pixels, are drawn as one with their neighbours.
const FINE: f64 = 1.2;

/// Bars that are drawn as one: neighbours of a lane, too fine to be told apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Run {
    /// Position of the first in its lane.
    pub first: usize,
    /// How many.
    pub count: usize,
    /// Start of the first.
    pub start_ns: u64,
    /// The latest end.
    pub end_ns: u64,
}

/// The bars of a lane, given by start and end in order of start, that a window shows: neighbours too
/// fine to be told apart as one. At most about as many as the window has pixels.
pub fn visible(bars: &[(u64, u64)], from_ns: u64, to_ns: u64, ns_per_px: f64) -> Vec<Run> {
    let fine = FINE * ns_per_px;
    let mut runs: Vec<Run> = Vec::new();
    for (first, &(start_ns, end_ns)) in bars.iter().enumerate() {
        if end_ns < from_ns || start_ns > to_ns {
            continue;
        }
        let is_fine = ((end_ns - start_ns) as f64) < fine;
        match runs.last_mut() {
            Some(last)
                if is_fine
                    && ((last.end_ns - last.start_ns) as f64) < fine
                    && (start_ns.saturating_sub(last.start_ns) as f64) < fine =>
            {
                last.count += 1;
                last.end_ns = last.end_ns.max(end_ns);
            }
            _ => runs.push(Run { first, count: 1, start_ns, end_ns }),
        }
    }
    runs
}

/// One plan's lanes, drawn from `top` on.
pub(super) struct Lanes<'a> {
    pub answer: &'a Answer,
    pub view: &'a View,
    pub top: f64,
}

impl Lanes<'_> {
    pub fn plan(&self, lanes: &[Lane], anatomy: &Anatomy) -> String {
        let mut svg = format!(r#"<g data-plan="{}">"#, self.answer.method.id());
        for (index, lane) in lanes.iter().enumerate() {
            let y = self.top + LANE * index as f64;
            svg += &self.gaps(lane, y, anatomy);
            svg += &self.bars(lane, y, anatomy);
        }
        if self.view.critical {
            svg += &self.chain(lanes, anatomy);
        }
        svg + "</g>"
    }

    fn bars(&self, lane: &Lane, y: f64, anatomy: &Anatomy) -> String {
        let window = self.view.window;
        let mine = |op: &&OperationFile| op.resource == lane.resource && op.slot == lane.slot;
        let ops: Vec<&OperationFile> = self.answer.operations.iter().filter(mine).collect();
        let times: Vec<(u64, u64)> = ops.iter().map(|op| (op.start_ns, op.end_ns)).collect();
        let mut svg = String::new();
        for run in visible(&times, window.from_ns, window.to_ns, window.ns_per_px()) {
            let x = window.px(run.start_ns);
            let width = (window.px(run.end_ns) - x).max(1.0);
            let rect = Rect { x, y: y + 2.0, width, height: LANE - 4.0 };
            svg += &match ops.get(run.first) {
                Some(op) if run.count == 1 => self.bar(op, rect, anatomy),
                _ => many(lane, &run, rect),
            };
        }
        svg
    }

    fn bar(&self, op: &OperationFile, rect: Rect, anatomy: &Anatomy) -> String {
        let name = path_name(self.answer, op.path);
        let path = &self.answer.paths[op.path];
        let end = path.first + path.regions.len() - 1;
        let stages = match op.resource.as_str() {
            "device" => (path.first, path.first + path.cut),
            "server" => (path.first + path.cut, end),
            _ => (path.first + path.cut, path.first + path.cut),
        };
        let critical = anatomy.is_critical(op.path, &op.resource);
        let class = if op.resource == "downlink" { "uplink" } else { &op.resource };
        let bytes = op.bytes.map_or(String::new(), |bytes| format!(r#" data-bytes="{bytes}""#));
        let mut svg = format!(
            r#"<rect class="op {class}{}" tabindex="0" role="button" rx="2" data-path="{}" data-resource="{}" data-slot="{}" data-start-ns="{}" data-end-ns="{}" data-stages="{},{}"{bytes} {} aria-label="{what}"><title>{what}</title></rect>"#,
            if critical { " critical" } else { "" },
            op.path,
            escaped(&op.resource),
            op.slot,
            op.start_ns,
            op.end_ns,
            stages.0,
            stages.1,
            rect.attributes(),
            what = escaped(&describe(&name, op, critical)),
        );
        svg += &self.inner_label(&rect, name.strip_prefix("tile ").unwrap_or(&name), "label middle ink quiet on-bar");
        svg
    }

    /// A label in the visible part of a bar, where it has room.
    fn inner_label(&self, rect: &Rect, label: &str, class: &str) -> String {
        let left = rect.x.max(self.view.window.left);
        let right = (rect.x + rect.width).min(self.view.window.right);
        if right - left < 8.0 + LETTER * label.chars().count() as f64 {
            return String::new();
        }
        text((left + right) / 2.0, rect.y + rect.height / 2.0 + 4.0, class, label)
    }

    fn gaps(&self, lane: &Lane, y: f64, anatomy: &Anatomy) -> String {
        let window = self.view.window;
        let mut svg = String::new();
        for (index, gap) in anatomy.gaps.iter().enumerate() {
            let mine = gap.resource.name() == lane.resource && gap.slot == lane.slot;
            let outside = gap.end.0 < window.from_ns || gap.start.0 > window.to_ns;
            let (x, right) = (window.px(gap.start.0), window.px(gap.end.0));
            if !mine || outside || right - x < FINE {
                continue;
            }
            let rect = Rect { x, y: y + 4.0, width: right - x, height: LANE - 8.0 };
            svg += &self.gap(index, gap, rect);
        }
        svg
    }

    fn gap(&self, index: usize, gap: &Gap, rect: Rect) -> String {
        let answer = self.answer;
        let (slot, id) = (moment::slot_name(answer, gap), words::reason_id(gap.reason));
        let what = words::capital(&format!(
            "the {slot} {}: {} to {}, {} idle",
            words::reason(answer, gap.reason),
            units::time(gap.start.0),
            units::time(gap.end.0),
            units::time(gap.end.0 - gap.start.0)
        ));
        let links = words::waits_for(gap).map_or(String::new(), |Which { path, resource }| {
            format!(r#" data-waits-for="{path}" data-waits-on="{}""#, resource.name())
        });
        let links = match gap.reason {
            Reason::NotYet { next, .. } | Reason::Data { next, .. } => {
                links + &format!(r#" data-next="{}""#, next.path)
            }
            Reason::Order { next, ready, .. } => {
                links + &format!(r#" data-next="{}" data-ready="{}""#, next.path, ready.path)
            }
            Reason::Done | Reason::Unused => links,
        };
        let mut svg = format!(
            r#"<rect class="gap {id}" tabindex="0" role="img" data-gap="{index}" data-reason="{id}" data-resource="{}" data-slot="{}" data-start-ns="{}" data-end-ns="{}"{links} {} aria-label="{what}"><title>{what}</title></rect>"#,
            gap.resource.name(),
            gap.slot,
            gap.start.0,
            gap.end.0,
            rect.attributes(),
            what = escaped(&what),
        );
        svg += &self.inner_label(&rect, &words::short_reason(answer, gap.reason), "label middle quiet on-gap");
        svg
    }

    /// Joins the operations that make the makespan.
    fn chain(&self, lanes: &[Lane], anatomy: &Anatomy) -> String {
        let middle = |which: &Which| {
            let op = self.answer.operations.iter().find(|op| is(op, which))?;
            let lane = lanes.iter().position(|lane| lane.resource == op.resource && lane.slot == op.slot)?;
            Some((op, self.top + LANE * lane as f64 + LANE - 3.0))
        };
        let mut data = String::new();
        for (op, y) in anatomy.critical.iter().filter_map(middle) {
            let (x, right) = (self.view.window.px(op.start_ns), self.view.window.px(op.end_ns));
            let command = if data.is_empty() { 'M' } else { 'L' };
            data += &format!("{command}{} {}H{}", px(x), px(y), px(right));
        }
        format!(r#"<path class="chain" data-critical="{}" d="{data}"/>"#, anatomy.critical.len())
    }

    /// The line at which a plan ends, with its time.
    pub fn end(&self, group: f64, end_ns: u64, id: &str) -> String {
        let x = self.view.window.px(end_ns);
        if end_ns < self.view.window.from_ns || end_ns > self.view.window.to_ns {
            return String::new();
        }
        let mark = line((x, self.top - 4.0), (x, self.top + group + 4.0), "end");
        let right = x > self.view.width - 90.0;
        let (at, class) =
            if right { (x - 5.0, "label end strong halo-text") } else { (x + 5.0, "label strong halo-text") };
        let label = text(at, self.top + group + 14.0, class, &units::time(end_ns));
        format!(r#"<g class="makespan-mark" data-end-of="{id}" data-ns="{end_ns}">{mark}{label}</g>"#)
    }
}

fn is(op: &OperationFile, which: &Which) -> bool {
    op.path == which.path && op.resource == which.resource.name()
}

fn many(lane: &Lane, run: &Run, rect: Rect) -> String {
    let class = if lane.resource == "downlink" { "uplink" } else { lane.resource };
    let what = format!(
        "{} operations on the {}, {} to {}: zoom in to see them",
        run.count,
        lane.name(),
        units::time(run.start_ns),
        units::time(run.end_ns)
    );
    format!(
        r#"<rect class="op many {class}" data-count="{}" data-resource="{}" data-slot="{}" data-start-ns="{}" data-end-ns="{}" {}><title>{}</title></rect>"#,
        run.count,
        lane.resource,
        lane.slot,
        run.start_ns,
        run.end_ns,
        rect.attributes(),
        escaped(&what)
    )
}

/// An operation in words.
pub(super) fn describe(name: &str, op: &OperationFile, critical: bool) -> String {
    let bytes = op.bytes.map_or(String::new(), |bytes| format!(", {}", units::bytes(bytes)));
    format!(
        "{name} on the {}: {} to {}, takes {}{bytes}{}",
        op.resource,
        units::time(op.start_ns),
        units::time(op.end_ns),
        units::time(op.end_ns - op.start_ns),
        if critical { "; on the critical path" } else { "" }
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_of_bars_become_hundreds() {
        let bars: Vec<(u64, u64)> = (0..9000).map(|i| (i * 1000, i * 1000 + 990)).collect();
        let runs = visible(&bars, 0, 9_000_000, 9_000_000.0 / 550.0);
        assert!(runs.len() < 550, "{}", runs.len());
        assert_eq!(runs.iter().map(|run| run.count).sum::<usize>(), bars.len());
        assert!(runs.windows(2).all(|pair| pair[0].end_ns <= pair[1].start_ns));
        let near = visible(&bars, 500_000, 520_000, 20_000.0 / 550.0);
        assert!(near.iter().all(|run| run.count == 1) && (20..=23).contains(&near.len()), "{}", near.len());
    }
}
