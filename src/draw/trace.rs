//! The timeline as a Chrome trace, for Perfetto and its like.

use super::export::json_text;
use super::gantt::Beneath;
use super::timeline::{Lane, lanes};
use super::{method_name, path_name, words};
use crate::base::Decimal;
use crate::formats::OperationFile;
use crate::job::{Anatomy, Answer};

/// A time in microseconds with three places: exact.
fn micros(ns: u64) -> Decimal {
    Decimal::of_units(i64::try_from(ns).unwrap_or(i64::MAX), 3).trimmed()
}

/// The trace (JSON object format): a process for the plan and one for the plan beneath, a thread for
/// each lane; operations and waits as complete events in microseconds, exact nanoseconds in `args`.
pub fn chrome(answer: &Answer, anatomy: &Anatomy, beneath: Option<&Beneath>, link: &str) -> String {
    let lanes = lanes(answer);
    let mut events = names(1, &format!("{}: {}", answer.name, method_name(answer.method)), &lanes);
    for op in &answer.operations {
        events.push(operation(1, &lanes, op, &path_name(answer, op.path)));
    }
    for gap in &anatomy.gaps {
        let tid = thread(&lanes, gap.resource.name(), gap.slot);
        let why = words::capital(&words::reason(answer, gap.reason));
        let args = format!(r#""reason":{}"#, json_text(words::reason_id(gap.reason)));
        events.push(complete(1, tid, &why, "wait", (gap.start.0, gap.end.0), &args));
    }
    if let Some(other) = beneath {
        events.extend(names(2, &format!("{}: {}", answer.name, other.name), &lanes));
        for op in other.operations {
            events.push(operation(2, &lanes, op, other.names.get(op.path).map_or("", String::as_str)));
        }
    }
    format!(
        "{{\"traceEvents\":[\n{}\n],\"displayTimeUnit\":\"ms\",\"otherData\":{{\"source\":\"Offcut\",\"link\":{},\"makespan_ns\":{}}}}}\n",
        events.join(",\n"),
        json_text(link),
        answer.makespan_ns
    )
}

fn names(pid: u32, process: &str, lanes: &[Lane]) -> Vec<String> {
    let meta = |name: &str, tid: usize, key: &str, value: &str| {
        format!(r#"{{"ph":"M","pid":{pid},"tid":{tid},"name":"{name}","args":{{"{key}":{value}}}}}"#)
    };
    let mut events = vec![meta("process_name", 0, "name", &json_text(process))];
    for (index, lane) in lanes.iter().enumerate() {
        events.push(meta("thread_name", index + 1, "name", &json_text(&lane.name())));
        events.push(meta("thread_sort_index", index + 1, "sort_index", &(index + 1).to_string()));
    }
    events
}

fn thread(lanes: &[Lane], resource: &str, slot: usize) -> usize {
    1 + lanes.iter().position(|lane| lane.resource == resource && lane.slot == slot).unwrap_or(0)
}

fn operation(pid: u32, lanes: &[Lane], op: &OperationFile, name: &str) -> String {
    let bytes = op.bytes.map_or(String::new(), |bytes| format!(r#","bytes":{bytes}"#));
    let args = format!(r#""path":{}{bytes}"#, op.path);
    let tid = thread(lanes, &op.resource, op.slot);
    complete(pid, tid, name, &op.resource, (op.start_ns, op.end_ns), &args)
}

fn complete(pid: u32, tid: usize, name: &str, category: &str, (start, end): (u64, u64), args: &str) -> String {
    format!(
        r#"{{"ph":"X","pid":{pid},"tid":{tid},"name":{},"cat":{},"ts":{},"dur":{},"args":{{"start_ns":{start},"end_ns":{end},{args}}}}}"#,
        json_text(name),
        json_text(category),
        micros(start),
        micros(end - start)
    )
}
