//! Another plan beneath, on the same scale, and the time that lies between the two ends.

use super::super::svg::{Rect, escaped, line, px, text};
use super::super::timeline::Lane;
use super::super::units;
use super::lanes::{Lanes, describe, visible};
use super::{LANE, View};
use crate::base::Decimal;
use crate::formats::OperationFile;
use crate::job::Answer;

/// A plan to compare with: NFL, another method's, or one made by hand.
#[derive(Clone, Debug, PartialEq)]
pub struct Beneath<'a> {
    /// Its id: its bars carry `data-{id}-path`, so that they light nothing of the plan above.
    pub id: &'a str,
    /// What it is called in a sentence: `NFL`.
    pub name: &'a str,
    /// The line above its lanes.
    pub title: String,
    /// Its operations, in order of start.
    pub operations: &'a [OperationFile],
    /// By path: what its bars are called.
    pub names: Vec<String>,
}

impl<'a> Beneath<'a> {
    /// NFL's plan, which comes with every answer.
    pub fn nfl(answer: &'a Answer) -> Self {
        let cut = match answer.nfl_cut {
            0 => "everything on the server".to_owned(),
            all if all + 1 == answer.maps.len() => "everything on the device".to_owned(),
            cut => format!("one cut, after {}", answer.maps[cut].label),
        };
        Self {
            id: "nfl",
            name: "NFL",
            title: format!("NFL, no fused layers: {cut}"),
            operations: &answer.nfl_operations,
            names: vec!["network".to_owned()],
        }
    }

    /// The plan of another answer to the same task.
    pub fn other(answer: &'a Answer, id: &'a str, name: &'a str) -> Self {
        let names = (0..answer.paths.len()).map(|path| super::super::path_name(answer, path)).collect();
        let title = format!("{name}, {} paths", answer.paths.len());
        Self { id, name, title, operations: &answer.operations, names }
    }

    /// When its last operation ends.
    pub fn end_ns(&self) -> u64 {
        self.operations.iter().map(|op| op.end_ns).max().unwrap_or(0)
    }

    pub(super) fn bars(&self, view: &View, lanes: &[Lane], top: f64) -> String {
        let window = view.window;
        let mut svg = format!(r#"<g data-plan="{}">"#, escaped(self.id));
        for (index, lane) in lanes.iter().enumerate() {
            let y = top + LANE * index as f64;
            let mine = |op: &&OperationFile| op.resource == lane.resource && op.slot == lane.slot;
            let ops: Vec<&OperationFile> = self.operations.iter().filter(mine).collect();
            let times: Vec<(u64, u64)> = ops.iter().map(|op| (op.start_ns, op.end_ns)).collect();
            let (start, end) = (window.px(0), window.px(self.end_ns()));
            svg += &line((start, y + LANE / 2.0), (end, y + LANE / 2.0), "rule");
            for run in visible(&times, window.from_ns, window.to_ns, window.ns_per_px()) {
                let x = window.px(run.start_ns);
                let width = (window.px(run.end_ns) - x).max(1.0);
                let rect = Rect { x, y: y + 2.0, width, height: LANE - 4.0 };
                if let Some(op) = ops.get(run.first) {
                    svg += &self.bar(op, run.count, run.end_ns, rect);
                }
            }
        }
        svg + "</g>"
    }

    fn bar(&self, op: &OperationFile, count: usize, end_ns: u64, rect: Rect) -> String {
        let class = if op.resource == "downlink" { "uplink" } else { &op.resource };
        let name = self.names.get(op.path).map_or("", String::as_str);
        let what = match count {
            1 => format!("{}: {}", self.name, describe(name, op, false)),
            _ => format!("{}: {count} operations", self.name),
        };
        format!(
            r#"<rect class="op {class}" rx="2" data-{id}-path="{}" data-resource="{}" data-slot="{}" data-start-ns="{}" data-end-ns="{end_ns}" {}><title>{}</title></rect>"#,
            op.path,
            escaped(&op.resource),
            op.slot,
            op.start_ns,
            rect.attributes(),
            escaped(&what),
            id = escaped(self.id),
        )
    }

    /// The line at its end, and a bracket over the time between the two ends.
    pub(super) fn saved(&self, answer: &Answer, view: &View, above: f64, top: f64, group: f64) -> String {
        let (own, other) = (answer.makespan_ns, self.end_ns());
        let mut svg = Lanes { answer, view, top }.end(group, other, self.id);
        let (left, right) = (view.window.px(own.min(other)), view.window.px(own.max(other)));
        let shown = (left.max(view.window.left), right.min(view.window.right));
        // Nothing to mark, or nothing of it in the window.
        if own == other || shown.1 <= shown.0 {
            return svg;
        }
        let y = above + 20.0;
        let bracket = format!("M{} {}v6H{}v-6", px(left), px(y), px(right));
        let times = Decimal::new(other.max(own) as f64 / own.min(other).max(1) as f64, 2);
        let (word, sign) = if own < other { ("saved", "") } else { ("lost", "-") };
        let note = format!("{} {word} ({times}×)", units::time(own.abs_diff(other)));
        let half = 3.5 * note.chars().count() as f64;
        let middle = ((shown.0 + shown.1) / 2.0).min(view.width - half - 2.0).max(view.window.left + half);
        svg += &format!(
            r#"<g class="saved" data-saved-ns="{sign}{}"><path class="bracket" d="{bracket}"/>{}</g>"#,
            own.abs_diff(other),
            text(middle, y + 17.0, "label middle strong halo-text", &note)
        );
        svg
    }
}
