//! The table of each figure.

use super::fusion::own_part;
use super::table::{Table, Value};
use super::{method_name, moment, path_name, words};
use crate::base::Region;
use crate::formats::OperationFile;
use crate::job::{Anatomy, Answer, Searched};

fn count(number: usize) -> Value {
    Value::Count(number as u64)
}

/// The timeline's operations, in order of start.
pub fn operations(answer: &Answer) -> Table {
    let row = |op: &OperationFile| {
        vec![
            Value::text(path_name(answer, op.path)),
            count(op.path),
            Value::text(op.resource.clone()),
            count(op.slot),
            Value::Nanos(op.start_ns),
            Value::Nanos(op.end_ns),
            Value::Nanos(op.end_ns - op.start_ns),
            op.bytes.map_or(Value::None, Value::Bytes),
        ]
    };
    Table {
        caption: format!("Operations of the plan of {}", method_name(answer.method)),
        columns: vec![
            ("Path", "name"),
            ("Number", "path"),
            ("Resource", "resource"),
            ("Slot", "slot"),
            ("Start", "start_ns"),
            ("End", "end_ns"),
            ("Takes", "duration_ns"),
            ("Bytes", "bytes"),
        ],
        rows: answer.operations.iter().map(row).collect(),
    }
}

/// The timeline's waits, slot by slot.
pub fn waits(answer: &Answer, anatomy: &Anatomy) -> Table {
    let rows = anatomy.gaps.iter().map(|gap| {
        vec![
            Value::text(moment::slot_name(answer, gap)),
            Value::Nanos(gap.start.0),
            Value::Nanos(gap.end.0),
            Value::Nanos(gap.end.0 - gap.start.0),
            Value::text(words::reason_id(gap.reason)),
            words::waits_for(gap).map_or(Value::None, |which| count(which.path)),
            Value::text(words::reason(answer, gap.reason)),
        ]
    });
    Table {
        caption: "Idle times and what they wait for".to_owned(),
        columns: vec![
            ("Slot", "slot"),
            ("Start", "start_ns"),
            ("End", "end_ns"),
            ("Idle", "duration_ns"),
            ("Reason", "reason"),
            ("Waits for path", "waits_for_path"),
            ("In words", "words"),
        ],
        rows: rows.collect(),
    }
}

/// The assignment: paths in order, with their cuts.
pub fn assignment(answer: &Answer) -> Table {
    let row = |&path: &usize| {
        let part = answer.paths.get(path)?;
        let cut = answer.maps.get(part.first + part.cut).map_or("", |map| map.label.as_str());
        Some(vec![
            Value::text(path_name(answer, path)),
            count(path),
            count(part.block),
            count(part.first),
            count(part.regions.len().saturating_sub(1)),
            count(part.cut),
            Value::text(cut),
            Value::Bytes(part.sent),
            Value::Count(part.macs),
        ])
    };
    Table {
        caption: "Paths in order, and where they are cut".to_owned(),
        columns: vec![
            ("Path", "name"),
            ("Number", "path"),
            ("Block", "block"),
            ("First stage", "first_stage"),
            ("Stages", "stages"),
            ("Stages on the device", "cut"),
            ("Cut after", "cut_after"),
            ("Sent", "sent_bytes"),
            ("MACs", "macs"),
        ],
        rows: answer.order.iter().filter_map(row).collect(),
    }
}

/// The fusion diagram: what each path needs of each map of its block.
pub fn regions(answer: &Answer) -> Table {
    let mut rows = Vec::new();
    for (path, part) in answer.paths.iter().enumerate() {
        for (offset, region) in part.regions.iter().enumerate() {
            let boundary = part.first + offset;
            let Some(map) = answer.maps.get(boundary) else { continue };
            let needed = Region::new(region.rows, region.columns);
            let own = own_part(answer, path, boundary);
            let halo = needed.area() - needed.intersect(Region::new(own.rows, own.columns)).area();
            rows.push(vec![
                Value::text(path_name(answer, path)),
                count(path),
                Value::text(map.label.clone()),
                count(boundary),
                Value::text(format!("{}–{}", region.rows.start(), region.rows.end())),
                Value::text(format!("{}–{}", region.columns.start(), region.columns.end())),
                Value::Count(needed.area()),
                Value::Count(halo),
            ]);
        }
    }
    Table {
        caption: "What each path needs of each map, half-open ranges".to_owned(),
        columns: vec![
            ("Path", "name"),
            ("Number", "path"),
            ("Map", "map"),
            ("Boundary", "boundary"),
            ("Rows", "rows"),
            ("Columns", "columns"),
            ("Positions", "positions"),
            ("Of them halo", "halo_positions"),
        ],
        rows,
    }
}

/// The comparison of methods.
pub fn methods(answer: &Answer) -> Table {
    let row = |part: &crate::job::MethodPart| {
        vec![
            Value::text(method_name(part.method)),
            Value::text(part.method.id()),
            Value::Nanos(part.makespan_ns),
            Value::Count(part.evaluations),
        ]
    };
    Table {
        caption: "Inference time by method".to_owned(),
        columns: vec![("Method", "name"), ("Id", "method"), ("Time", "makespan_ns"), ("Plans", "evaluations")],
        rows: answer.methods.iter().map(row).collect(),
    }
}

/// The search, iteration by iteration.
pub fn search(searched: &Searched) -> Table {
    let row = |(iteration, point): (usize, &crate::job::SearchPoint)| {
        vec![
            count(iteration),
            Value::Count(point.evaluations),
            Value::Nanos(point.best_ns),
            Value::Nanos(point.mean_ns),
            Value::Nanos(point.deviation_ns),
            Value::Nanos(point.least_ns),
            Value::Nanos(point.worst_ns),
        ]
    };
    Table {
        caption: "The swarm, iteration by iteration".to_owned(),
        columns: vec![
            ("Iteration", "iteration"),
            ("Plans", "evaluations"),
            ("Best", "best_ns"),
            ("Mean", "mean_ns"),
            ("Deviation", "deviation_ns"),
            ("Least", "least_ns"),
            ("Worst", "worst_ns"),
        ],
        rows: searched.points.iter().enumerate().map(row).collect(),
    }
}

/// The search's improvements.
pub fn improvements(searched: &Searched) -> Table {
    let row = |(index, improvement): (usize, &crate::job::Improvement)| {
        vec![
            count(index + 1),
            Value::Count(u64::from(improvement.iteration)),
            Value::Count(improvement.evaluations),
            Value::Nanos(improvement.found.makespan.0),
            count(improvement.found.strategy.paths()),
        ]
    };
    Table {
        caption: "Plans that were better than all before".to_owned(),
        columns: vec![
            ("Improvement", "improvement"),
            ("Iteration", "iteration"),
            ("Plans", "evaluations"),
            ("Time", "makespan_ns"),
            ("Paths", "paths"),
        ],
        rows: searched.improvements.iter().enumerate().map(row).collect(),
    }
}
