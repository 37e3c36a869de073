//! The timeline: lanes of device, uplink and server; NFL's beneath on the same scale.

use super::scale::Scale;
use super::svg::{LETTER, Rect, escaped, focusable, line, open, px, text};
use super::{path_name, units};
use crate::formats::OperationFile;
use crate::job::Answer;

const WIDTH: f64 = 640.0;
const LEFT: f64 = 62.0;
const RIGHT: f64 = 26.0;
const LANE: f64 = 24.0;
const TOP: f64 = 24.0;

/// A lane: a resource and one of its slots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lane {
    /// Name of the resource.
    pub resource: &'static str,
    /// Its slot.
    pub slot: usize,
    /// How many slots the resource has.
    pub slots: usize,
}

impl Lane {
    /// What people call it: slots are counted from 1, where there are several.
    pub fn name(&self) -> String {
        if self.slots > 1 { format!("{} {}", self.resource, self.slot + 1) } else { self.resource.to_owned() }
    }
}

/// The lanes of an answer, from top to bottom.
pub fn lanes(answer: &Answer) -> Vec<Lane> {
    let of = |resource: &'static str, slots: usize| (0..slots).map(move |slot| Lane { resource, slot, slots });
    let returns = answer.operations.iter().any(|op| op.resource == "downlink");
    of("device", answer.slots[0])
        .chain(of("uplink", 1))
        .chain(of("server", answer.slots[1]))
        .chain(of("downlink", usize::from(returns)))
        .collect()
}

/// The scale that both plans share.
pub fn time_scale(answer: &Answer) -> Scale {
    let ends = answer.operations.iter().chain(&answer.nfl_operations).map(|op| op.end_ns);
    Scale { most: ends.max().unwrap_or(1).max(1) as f64, start: LEFT, end: WIDTH - RIGHT }
}

/// The whole timeline.
pub fn svg(answer: &Answer) -> String {
    let lanes = lanes(answer);
    let scale = time_scale(answer);
    let group = LANE * lanes.len() as f64;
    let second = TOP + group + 30.0;
    let height = second + group + 8.0;
    let mut svg = open(WIDTH, height, WIDTH, "Operations over time");
    svg += super::svg_patterns();
    let unit = Unit::of(scale.most);
    for tick in (Scale { most: scale.most / unit.ns, ..scale }).ticks(8) {
        let x = scale.px(tick * unit.ns);
        svg += &line((x, TOP - 4.0), (x, height - 4.0), "grid");
        svg += &text(x, 14.0, "label middle", &px(tick).to_string());
    }
    svg += &text(WIDTH - 2.0, 14.0, "label end", unit.name);
    svg += &plan(answer, &scale, &lanes, TOP, answer.method.id(), &answer.operations);
    let cut = match answer.nfl_cut {
        0 => "everything on the server".to_owned(),
        all if all + 1 == answer.maps.len() => "everything on the device".to_owned(),
        cut => format!("one cut, after {}", answer.maps[cut].label),
    };
    svg += &text(LEFT, second - 8.0, "label", &format!("NFL, no fused layers: {cut}"));
    svg += &plan(answer, &scale, &lanes, second, "nfl", &answer.nfl_operations);
    svg + "</svg>"
}

struct Unit {
    ns: f64,
    name: &'static str,
}

impl Unit {
    fn of(most: f64) -> Self {
        match most {
            m if m >= 1e10 => Self { ns: 1e9, name: "s" },
            m if m >= 2e6 => Self { ns: 1e6, name: "ms" },
            _ => Self { ns: 1e3, name: "µs" },
        }
    }
}

fn plan(answer: &Answer, scale: &Scale, lanes: &[Lane], top: f64, name: &str, operations: &[OperationFile]) -> String {
    let end = operations.iter().map(|op| op.end_ns).max().unwrap_or(0);
    let mut svg = format!(r#"<g data-plan="{name}">"#);
    for (index, lane) in lanes.iter().enumerate() {
        let y = top + LANE * index as f64;
        let idle = Rect { x: scale.start, y: y + 3.0, width: scale.px(end as f64) - scale.start, height: LANE - 6.0 };
        svg += &format!(r#"<rect class="idle" {}/>"#, idle.attributes());
        svg += &text(2.0, y + LANE / 2.0 + 4.0, "label ink", &lane.name());
        for op in operations.iter().filter(|op| op.resource == lane.resource && op.slot == lane.slot) {
            svg += &bar(answer, scale, y, op, name == "nfl");
        }
    }
    let x = scale.px(end as f64);
    svg += &line((x, top - 2.0), (x, top + LANE * lanes.len() as f64 + 2.0), "end");
    let (at, class) =
        if x > WIDTH - 90.0 { (x - 5.0, "label end strong halo-text") } else { (x + 5.0, "label strong halo-text") };
    svg += &text(at, top + LANE * lanes.len() as f64 - 7.0, class, &units::time(end));
    svg + "</g>"
}

fn bar(answer: &Answer, scale: &Scale, y: f64, op: &OperationFile, unsplit: bool) -> String {
    let (x, right) = (scale.px(op.start_ns as f64), scale.px(op.end_ns as f64));
    let rect = Rect { x, y: y + 2.0, width: (right - x).max(2.0), height: LANE - 4.0 };
    let tile = |name: String| name.strip_prefix("tile ").map_or(name.clone(), str::to_owned);
    let name = if unsplit { "network".to_owned() } else { path_name(answer, op.path) };
    let bytes = op.bytes.map_or(String::new(), |bytes| format!(", {}", units::bytes(bytes)));
    let what = format!(
        "{name} on the {}: {} to {}, takes {}{bytes}",
        op.resource,
        units::time(op.start_ns),
        units::time(op.end_ns),
        units::time(op.end_ns - op.start_ns)
    );
    let data_bytes = op.bytes.map_or(String::new(), |bytes| format!(r#" data-bytes="{bytes}""#));
    // NFL's one path is not one of the plan's: it lights nothing.
    let (owner, focus) = if unsplit { ("data-nfl-path", String::new()) } else { ("data-path", focusable(&what)) };
    let mut svg = format!(
        r#"<rect class="op {}"{focus} rx="2" {owner}="{}" data-resource="{}" data-slot="{}" data-start-ns="{}" data-end-ns="{}"{data_bytes} {}><title>{}</title></rect>"#,
        if op.resource == "downlink" { "uplink" } else { &op.resource },
        op.path,
        escaped(&op.resource),
        op.slot,
        op.start_ns,
        op.end_ns,
        rect.attributes(),
        escaped(&what)
    );
    let short = tile(name);
    if rect.width > 8.0 + LETTER * short.chars().count() as f64 {
        svg += &format!(
            r#"<text x="{}" y="{}" class="label middle ink quiet">{}</text>"#,
            px(rect.x + rect.width / 2.0),
            px(y + LANE / 2.0 + 4.0),
            escaped(&short)
        );
    }
    svg
}
